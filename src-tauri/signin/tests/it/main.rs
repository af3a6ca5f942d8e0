//! One test sign-in over real sockets, every one of them on this computer.

#![expect(
    clippy::unwrap_used,
    reason = "what fails here fails the test, in helpers too"
)]

mod browser;
mod directory;
mod faults;
mod loopback;
mod saml;
mod secrets;
mod sign_in;
mod stage;
mod tls;
mod transport;
