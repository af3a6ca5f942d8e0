//! Recordings of failed sign-ins, each with the cause that must be named first, as every browser
//! writes them.

pub(crate) mod cases;
mod limits;
mod masks;
mod oidc;
mod recording;
mod said;
pub(crate) mod saml;
mod shapes;
