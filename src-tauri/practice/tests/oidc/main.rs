//! Drives the practice provider over its real socket, as a browser and a client do that share no
//! code with it but the token library.

#![expect(
    clippy::unwrap_used,
    reason = "what a test's own steps cannot do is the test's failure"
)]

mod browser;
mod client;
mod code_flow;
mod faults;
mod front_channel;
mod observed;
mod pages;
mod refusals;
mod sessions;
