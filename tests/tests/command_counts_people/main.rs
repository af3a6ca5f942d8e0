//! How many people get which role: Latchkey's own count held against a warehouse that nobody here
//! wrote, and its people fetched from servers that nobody here wrote.
#![allow(
    clippy::unwrap_used,
    reason = "the helpers beside the tests are tests as well"
)]

mod bench;
mod live;
mod warehouse;
