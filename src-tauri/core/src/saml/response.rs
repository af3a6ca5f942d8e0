//! The provider's answer, from the bytes that were captured to a person that a signature vouches for
//! (SAML 2.0 Profiles, section 4.1.4).
//!
//! What is not signed can refuse an answer and never accept one. Everything that is shown of the
//! person is read from the canonical bytes that a signature of the set-up's certificates covers, after
//! these have been parsed again.

mod addressed;
mod answered;
mod conclude;
mod decode;
mod in_time;
mod person;
mod proved;
mod read;
mod said;
pub(super) mod time;
mod unverified;

use std::collections::HashSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;
use url::Url;

pub use conclude::conclude;
pub(crate) use conclude::findings;
pub use said::{Said, SaidRequest, said, said_request, unsigned};
pub use unverified::unverified_claims;

use super::key_pair::KeyPair;
use super::shape::Shape;
use crate::certificate::Certificate;
use crate::claims::Claims;
use crate::connection::SamlConnection;
use crate::fault::Fault;
use crate::finding::Finding;
use crate::verdict::{Stage, Stopped, Track};
use crate::xml::{self, Limits};

/// The largest answer that is read, in bytes of XML.
pub const LARGEST: usize = Limits::MESSAGE.bytes;

/// The largest input in which an answer is looked for, in bytes: base64 takes four characters for
/// three bytes, and each may be percent-encoded.
pub const LARGEST_CAPTURED: usize = LARGEST * 4;

/// What the answer to this sign-in must say.
#[derive(Clone, Copy)]
pub struct Expected<'a> {
    /// The set-up: its issuer, audience and certificates.
    pub connection: &'a SamlConnection,
    /// Where the answer was asked to: the Login Redirect URL, or the loopback address.
    pub acs: &'a Url,
    /// The ID of the request. Not checked where it is not known.
    pub request_id: Option<&'a str>,
    /// Whether an answer may come that names no request.
    pub unsolicited_allowed: bool,
    /// The workspace's own key pair, for what is encrypted.
    pub key: Option<&'a KeyPair>,
    /// The time of verification.
    pub now: Timestamp,
}

/// Which parts of an answer were signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Covered {
    /// The whole Response.
    Response,
    /// The assertion in it.
    Assertion,
    /// Both, each by a signature of its own.
    Both,
}

/// An assertion whose signature, addressee and times hold. Only [`verify`] makes one.
#[derive(Clone, Debug)]
pub struct VerifiedAssertion {
    id: String,
    issued: Timestamp,
    subject: String,
    format: Option<String>,
    claims: Claims,
    friendly: HashSet<String>,
    covered: Covered,
    signed_by: Certificate,
}

impl VerifiedAssertion {
    /// The assertion's own name, which no other assertion of the provider has (Core, section 2.3.3).
    pub fn id(&self) -> &str {
        &self.id
    }

    /// When the provider says that it wrote this (Core, section 2.3.3).
    pub fn issued(&self) -> Timestamp {
        self.issued
    }

    /// The provider's name for the person: the NameID.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The format of the NameID (SAML 2.0 Core, section 8.3), where it is said.
    pub fn name_id_format(&self) -> Option<&str> {
        self.format.as_deref()
    }

    /// All attributes: by Name, and by FriendlyName where no attribute has that Name.
    pub fn claims(&self) -> &Claims {
        &self.claims
    }

    /// Whether a claim of this name came, and only as FriendlyName.
    pub fn is_friendly_name(&self, claim: &str) -> bool {
        self.friendly.contains(claim)
    }

    /// What was signed.
    pub fn covered(&self) -> Covered {
        self.covered
    }

    /// The certificate of the set-up whose key signed; the Response's where both were signed.
    pub fn signed_by(&self) -> &Certificate {
        &self.signed_by
    }
}

/// Verifies an answer, as XML or as base64 of it, and reports each stage from `answered` to what of
/// `identified` does not depend on the rules.
///
/// # Errors
/// [`Stopped`] at the stage that failed; every finding of that stage is on the track.
pub fn verify(
    message: &[u8],
    expected: &Expected<'_>,
    track: &mut Track,
) -> Result<VerifiedAssertion, Stopped> {
    let text = match decode::xml(message) {
        Ok(text) => text,
        Err(fault) => return Err(stopped(track, Stage::Answered, fault)),
    };
    let checked = match xml::Checked::new(&text, &Limits::MESSAGE) {
        Ok(checked) => checked,
        Err(fault) => return Err(stopped(track, Stage::Answered, fault)),
    };
    let document = match checked.parse() {
        Ok(document) => document,
        Err(fault) => return Err(stopped(track, Stage::Answered, fault)),
    };
    track.report(Stage::Answered, answered::answered(&document, expected))?;
    let shape = match Shape::read(&document) {
        Ok(shape) => shape,
        Err(fault) => return Err(stopped(track, stage_of(&fault), fault)),
    };
    let Some(content) = shape.content else {
        return Err(stopped(
            track,
            Stage::Answered,
            Fault::SamlAssertionMissing {},
        ));
    };
    let proved = match proved::proved(&document, &shape, content, expected) {
        Ok(proved) => proved,
        Err(findings) => return Err(all(track, Stage::Signed, findings)),
    };
    // From here on everything is read from what was signed.
    let signed = match proved.parse() {
        Ok(signed) => signed,
        Err(fault) => return Err(stopped(track, Stage::Signed, fault)),
    };
    let Some(assertion) = proved.assertion(&signed) else {
        return Err(stopped(
            track,
            Stage::Signed,
            Fault::SamlAssertionMissing {},
        ));
    };
    let mut findings = proved.findings.clone();
    findings.extend(person::once(assertion));
    track.report(Stage::Signed, findings)?;

    let around = proved.around(&signed, shape.response);
    track.report(
        Stage::Addressed,
        addressed::addressed(around, assertion, expected),
    )?;
    let bearers = addressed::bearers(around.response, assertion, expected).unwrap_or_default();
    track.report(
        Stage::InTime,
        in_time::in_time(assertion, &bearers, expected.now),
    )?;
    let person = match person::person(assertion) {
        Ok(person) => person,
        Err(fault) => return Err(stopped(track, Stage::Identified, fault)),
    };
    track.report(Stage::Identified, person::remarks(&person, assertion))?;
    let attributes = person::attributes(assertion);
    // In time, so it is there and reads as a time.
    let issued = read::attribute(assertion, "IssueInstant").and_then(time::moment);
    Ok(VerifiedAssertion {
        issued: issued.unwrap_or(expected.now),
        id: read::attribute(assertion, "ID")
            .unwrap_or_default()
            .to_owned(),
        subject: person.name_id,
        format: person.format,
        claims: attributes.claims,
        friendly: attributes.friendly,
        covered: proved.covered,
        signed_by: proved.signed_by,
    })
}

/// Several assertions are no answer; everything else that is out of place is about the signature.
fn stage_of(fault: &Fault) -> Stage {
    match fault {
        Fault::AssertionTwice { .. } => Stage::Answered,
        _ => Stage::Signed,
    }
}

fn stopped(track: &mut Track, stage: Stage, fault: Fault) -> Stopped {
    all(track, stage, vec![Finding::error(fault)])
}

fn all(track: &mut Track, stage: Stage, findings: Vec<Finding>) -> Stopped {
    track
        .report(stage, findings)
        .err()
        .unwrap_or(Stopped(stage))
}
