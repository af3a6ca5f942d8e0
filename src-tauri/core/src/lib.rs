//! What setting up single sign-on *is*: services, providers, connections, claim rules, the
//! verification of a provider's answer and the conditions for saving.
//!
//! Nothing here knows a window, a clock, a socket or a disk. The time is passed in; the bytes of
//! every HTTP answer are passed in. Whatever this crate does can be called in a unit test with
//! plain values.

pub mod brought;
pub mod calendar;
pub mod catalogue;
pub mod certificate;
pub mod changes;
pub mod check;
pub mod claims;
mod conclude;
pub mod connection;
pub mod diagnosis;
pub mod draft;
pub mod ending;
pub mod evidence;
pub mod fault;
pub mod finding;
pub mod fingerprint;
pub mod gate;
pub mod hand_over;
pub mod json;
pub mod ledger;
pub mod oidc;
pub mod paste;
pub mod people;
pub mod practice;
pub mod rules;
pub mod saml;
pub mod server;
pub mod service_file;
pub mod set_up;
pub mod terraform;
pub mod text;
pub mod verdict;
pub mod xml;

pub use catalogue::{Catalogue, Provider, Region, Service};
pub use certificate::Certificate;
pub use claims::Claims;
pub use connection::{Connection, Flow, OidcConnection, Protocol, RequestBinding, SamlConnection};
pub use draft::{Draft, Step};
pub use evidence::{Evidence, Way};
pub use fault::Fault;
pub use finding::{Finding, Severity, Told};
pub use fingerprint::Fingerprint;
pub use rules::{Resolution, Rule, RuleList};
pub use set_up::SetUp;
pub use verdict::{Outcome, Signer, Stage, StageReport, Verdict};
