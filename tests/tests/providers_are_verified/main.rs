//! What Latchkey says of the answers and the metadata of SAML providers nobody here wrote, shape by shape.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "the helpers beside the tests are tests as well, and their files are theirs alone"
)]

mod accepted;
mod bench;
mod encrypted;
mod metadata;
mod refused;
