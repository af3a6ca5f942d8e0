//! SAML 2.0: the request, the answer, its verification, and the metadata of both sides.
//!
//! Everything here works on bytes that were fetched elsewhere. Claims are read from nothing but
//! the canonical bytes that a signature covers.

pub mod key_pair;
mod markup;
pub mod request;
