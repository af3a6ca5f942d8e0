//! Whole sign-ins by the `latchkey` command, at identity providers nobody here wrote.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "the helpers beside the tests are tests as well, and their files are theirs alone"
)]

mod bench;
mod captured;
mod faults;
mod oidc_provider;
mod practice;
mod saml;
mod saml_refused;
mod secrets;
