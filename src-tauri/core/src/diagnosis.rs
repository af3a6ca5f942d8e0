//! What a failed sign-in left behind, and what it says about the cause.
//!
//! Causes are data (`diagnosis/causes.json`): what to look for, which finding it is, whose it is and
//! where it is mended. Nothing that was given is repeated but the codes and the references by which
//! a provider finds its own log entry.

pub mod bundle;
mod cause;
pub mod chain;
pub mod clock;
pub mod har;
pub mod page;
mod pasted;
mod phrases;
mod seen;
pub mod symptom;
mod text;
mod told;

pub use bundle::Bundle;
pub use chain::{Diagnosis, of_har};
pub use har::NotRead;

use jiff::Timestamp;

use crate::catalogue::Catalogue;
use crate::fault::Fault;
use crate::finding::Finding;
use crate::set_up::SetUp;

/// The largest text that is looked through, in bytes.
pub const LARGEST: usize = 1024 * 1024;

/// What is known about a failed sign-in beside the text itself.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The set-up that people signed in with.
    pub set_up: Option<&'a SetUp>,
    /// Services and providers.
    pub catalogue: &'a Catalogue,
    /// The time, for what does not say when it was made.
    pub now: Timestamp,
}

/// Parameters of an answer or an address that say why a sign-in failed (RFC 6749, section 4.1.2.1, and
/// what providers add to it); all others may be secret.
pub const ERROR_PARAMETERS: [&str; 7] = [
    "error",
    "error_subcode",
    "error_description",
    "error_uri",
    "errorcode",
    "authError",
    "code_description",
];

/// Names what an error text, an address, a SAML response or an ID token shows, the most likely cause
/// first: in any language, with anything around it. Reads at most [`LARGEST`] bytes.
///
/// An error is what the text proves, a warning what is likely, a note what is possible.
pub fn of_text(given: &str, known: &Known<'_>) -> Vec<Finding> {
    let given = bounded(given);
    if let Some(findings) = pasted::findings(given, known) {
        return findings;
    }
    let seen = seen::Seen::read(given);
    let findings = cause::findings(&seen, known);
    if !findings.is_empty() {
        return findings;
    }
    if let Some(finding) = cause::unknown(&seen, known) {
        return vec![finding];
    }
    if let Some(findings) = pasted::unheld(given, known) {
        return findings;
    }
    if seen.is_answer() {
        let evidence = "code or token in an answer".to_owned();
        return vec![Finding::note(Fault::AnswerWithoutError {
            error: String::new(),
            evidence,
        })];
    }
    if let Some(finding) = cause::mentioned(&seen, known) {
        return vec![finding];
    }
    let told = told::findings(&seen, known);
    let of_picture = cause::findings(&seen.blurred(), known);
    if !of_picture.is_empty() {
        return of_picture;
    }
    if !told.is_empty() {
        return told;
    }
    vec![Finding::note(Fault::NothingRecognised {
        looked_for: LOOKED_FOR.to_owned(),
    })]
}

const LOOKED_FOR: &str = "codes of Microsoft Entra ID (AADSTS...), error codes of OpenID Connect and OAuth 2.0, \
                          messages of Okta, Auth0, Google, OneLogin, JumpCloud and Keycloak, SAML status codes, \
                          failures of name look-up and TLS, messages of the service, SAML responses and ID tokens";

/// The beginning that is read, at a character's end.
fn bounded(given: &str) -> &str {
    &given[..given.floor_char_boundary(LARGEST)]
}

#[cfg(test)]
mod tests;
