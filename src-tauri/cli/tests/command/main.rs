//! The command as others call it: the real program, its standard output, its exit status.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "the helpers beside the tests are tests as well, and their files are theirs alone"
)]

mod bench;
mod bundle;
mod check;
mod diagnose;
mod export;
mod inputs;
mod kills;
mod output;
mod practice;
mod preview;
mod resolve;
mod sign_in;
mod signed;
mod verify_saml;
mod verify_token;
mod watch;
mod workspaces;
