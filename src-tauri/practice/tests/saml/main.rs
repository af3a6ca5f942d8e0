//! Drives the SAML half of the practice provider over its real socket, and holds its answers against
//! Debian's xmlsec1, which shares no code with it.

#![expect(
    clippy::unwrap_used,
    reason = "what a test's own steps cannot do is the test's failure"
)]

#[path = "../oidc/browser.rs"]
#[allow(dead_code, reason = "the other half's tests use all of it")]
mod browser;
mod encrypted;
mod faults;
mod good;
mod judged;
mod observed;
mod requests;
mod service;
mod set_up;
mod signed_requests;
mod xmlsec;
