//! OpenID Connect: discovery, the request, the answer, tokens and their verification.
//!
//! Everything here works on bytes and addresses that were fetched elsewhere.

pub mod answer;
pub mod discovery;
pub mod http;
pub mod id_token;
pub mod initiation;
pub mod keys;
pub mod request;
pub mod tokens;
pub mod user_info;

pub use answer::{Captured, Received};
pub use discovery::Discovery;
pub use http::HttpAnswer;
pub use id_token::{Expected, VerifiedIdToken};
pub use initiation::Initiation;
pub use keys::Keys;
pub use request::{Ask, Request, ResponseMode};
pub use tokens::Tokens;

pub mod conclude;

pub use conclude::conclude;
pub(crate) use conclude::findings;
