//! What Latchkey's verifier says of the answers of SAML providers nobody here wrote, shape by shape.
#![allow(
    clippy::unwrap_used,
    reason = "the helpers beside the tests are tests as well"
)]

mod accepted;
mod bench;
mod encrypted;
mod refused;
