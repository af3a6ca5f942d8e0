//! Runs one test sign-in: asks the provider, takes its answer, and hands every byte to
//! `latchkey-core`, which reads and judges it.
//!
//! This crate knows the network and the clock's use, and no window and no disk. What can go wrong
//! comes back as a [`Fault`](latchkey_core::Fault) or, with the stages around it, as a
//! [`Verdict`](latchkey_core::Verdict). Neither ever holds a secret, a code or a token.

pub mod directory;
pub mod http;
mod look;
pub mod loopback;
mod redaction;
pub mod sign_in;
pub mod start;
mod token_request;

pub use directory::{Fetch, Pace, Progress};
pub use http::{Http, Settings, StartError};
pub use look::{look, provider_address};
pub use loopback::Loopback;
pub use sign_in::{Asked, Held, SignIn, discover, keys, never_began};
pub use start::Start;
