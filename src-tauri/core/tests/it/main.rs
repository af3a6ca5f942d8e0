//! What crosses the modules of the core: from what a provider sent to a verdict, and from a set-up
//! with its evidence to the conditions for saving.
//!
//! One program for all of them, because linking takes longer than they do.

#![expect(
    clippy::unwrap_used,
    reason = "a test ends where what it takes for granted does not hold"
)]

mod answer;
mod brought;
mod bundle;
mod conclude;
mod differential;
mod discovery;
mod enforce;
mod fault_catalogue;
mod fingerprint;
mod gate;
mod har;
mod id_token;
mod keys;
mod saml;
mod saml_fuzz;
mod saml_shape;
mod saml_signature;
mod set_up;
mod settings;
mod signature;
mod signed;
mod token;
