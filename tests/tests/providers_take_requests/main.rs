//! Latchkey's own SAML requests and metadata, taken or refused by providers nobody here wrote.
#![allow(
    clippy::unwrap_used,
    reason = "the helpers beside the tests are tests as well"
)]

mod bench;
mod own_metadata;
mod requests;
