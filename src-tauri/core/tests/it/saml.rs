//! The provider's answer in SAML 2.0: which are accepted, and why the others are not.

mod accepted;
mod addressed;
mod answered;
mod damage;
mod encrypted;
mod excess;
mod hostile;
pub(crate) mod message;
mod person;
mod products;
mod sealing;
mod timely;
