//! SAML 2.0: the request, the answer, its verification, and the metadata of both sides.
//!
//! Everything here works on bytes that were fetched elsewhere. Claims are read from nothing but
//! the canonical bytes that a signature covers.

mod decrypt;
pub mod key_pair;
mod markup;
pub mod metadata;
pub mod request;
pub mod response;
pub mod shape;
pub mod signature;

pub use shape::Shape;
pub use signature::Signed;

/// The namespace of assertions: SAML 2.0 Core, section 1.1.
pub const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";

/// The namespace of requests and responses: SAML 2.0 Core, section 1.1.
pub const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
