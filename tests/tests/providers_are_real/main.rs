//! The bench itself: providers nobody here wrote answer as the standard says, and a faulty one is wrong in one way only.
//!
//! What checks them is independent of Latchkey: plain HTTP, jsonwebtoken, Debian's xmlsec1, and the rules of OpenID Connect
//! Core written out.
#![allow(
    clippy::unwrap_used,
    reason = "the helpers beside the tests are tests as well"
)]

mod bench;
mod faults;
mod oidc_provider;
mod refusals;
mod relying_party;
mod saml_bench;
mod samlp;
mod simplesamlphp;
mod xmlsec;
