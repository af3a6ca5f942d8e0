//! Verifying an ID token (OpenID Connect Core 1.0, sections 3.1.3.7, 3.2.2.11 and 3.3.2.11).
//!
//! The signature is checked by openidconnect's keys. The claims are read here, from the bytes that
//! the signature covers, so that everything that is wrong is named at once and with its values.
//! At the end openidconnect's own verifier is asked too: a token is accepted only by both.

mod claims;
mod second;
mod signature;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;

use super::keys::Keys;
use crate::claims::Claims;
use crate::connection::Issuer;
use crate::fault::Fault;
use crate::finding::{Finding, any_error};
use crate::json::{self, Members};
use crate::verdict::{Stage, Stopped, Track};

/// The largest ID token that is read, in bytes.
pub const LARGEST: usize = 256 * 1024;

/// How far the provider's clock may be ahead of this one, in seconds.
pub const LEEWAY_SECONDS: i64 = 60;

/// What the ID token of this sign-in must say.
#[derive(Clone, Copy)]
pub struct Expected<'a> {
    /// The issuer of the set-up.
    pub issuer: &'a Issuer,
    /// The client ID of the set-up.
    pub client_id: &'a str,
    /// The nonce that was sent; none where a captured token is verified without its request.
    pub nonce: Option<&'a str>,
    /// The access token that came along, for `at_hash`.
    pub access_token: Option<&'a str>,
    /// The code that came along, for `c_hash`.
    pub code: Option<&'a str>,
    /// The time of verification.
    pub now: Timestamp,
}

/// An ID token whose signature, addressee and times hold. Only [`verify`] makes one.
#[derive(Clone, Debug)]
pub struct VerifiedIdToken {
    subject: String,
    claims: Claims,
    key_id: String,
    payload: String,
}

impl VerifiedIdToken {
    /// The provider's name for the person.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// All claims of the token.
    pub fn claims(&self) -> &Claims {
        &self.claims
    }

    /// The signed payload in base64url, which no other token of the provider has.
    pub(super) fn payload(&self) -> &str {
        &self.payload
    }

    /// The key that signed; empty where the token names none.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }
}

/// Whether the token has the form of a signed token: what [`verify`] asks first, without any key.
///
/// # Errors
/// The fault of the stage `answered`.
pub fn form(token: &str) -> Result<(), Fault> {
    signature::Parts::read(token.trim()).map(drop)
}

/// A token as it reads. Nobody vouches for it.
#[derive(Clone, Debug)]
pub struct Said {
    /// All claims.
    pub claims: Claims,
    /// What is wrong with it apart from its signature, the stages `addressed` to `identified`.
    pub findings: Vec<Finding>,
}

/// Judges a token in everything that needs no key: for a recording, which need not have them.
///
/// # Errors
/// The fault of the stage `answered`.
pub fn unsigned(token: &str, expected: &Expected<'_>) -> Result<Said, Fault> {
    let parts = signature::Parts::read(token.trim())?;
    // What no key could mend.
    let mut findings: Vec<Finding> = parts.unsignable().map(Finding::error).into_iter().collect();
    let payload = parts.payload;
    findings.extend(claims::addressed(&payload, expected));
    findings.extend(claims::in_time(&payload, expected.now));
    findings.extend(claims::subject(&payload));
    Ok(Said {
        claims: Claims::from(&payload),
        findings,
    })
}

/// When the token says that it was issued, and the nonce that it repeats, before anything is
/// verified. None where it cannot be read, which [`verify`] says.
pub fn said(token: &str) -> Option<(Timestamp, Option<String>)> {
    let parts = signature::Parts::read(token.trim()).ok()?;
    let issued = claims::issued(&parts.payload)?;
    Some((issued, parts.payload.text("nonce").map(str::to_owned)))
}

/// What a signed token of any kind says (RFC 7519). Nobody vouches for it. None where it has not the
/// form of one: three parts, a header that names an algorithm, claims in an object.
pub fn unverified_claims(token: &str) -> Option<Members> {
    let mut parts = token.trim().splitn(4, '.');
    let (header, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
    let object = |part: &str| json::members(&URL_SAFE_NO_PAD.decode(part).ok()?).ok();
    object(header)?.text("alg")?;
    object(payload).filter(|_| parts.next().is_none())
}

/// Verifies an ID token and reports each stage from `answered` (its form) to `in_time`.
///
/// # Errors
/// [`Stopped`] at the stage that failed; every finding of that stage is on the track.
pub fn verify(
    token: &str,
    keys: &Keys,
    expected: &Expected<'_>,
    track: &mut Track,
) -> Result<VerifiedIdToken, Stopped> {
    let parts = match signature::Parts::read(token.trim()) {
        Ok(parts) => parts,
        Err(fault) => return Err(stopped(track, Stage::Answered, vec![Finding::error(fault)])),
    };
    track.report(Stage::Answered, Vec::new())?;

    let key = match signature::verified_by(&parts, keys) {
        Ok(key) => key,
        Err(fault) => return Err(stopped(track, Stage::Signed, vec![Finding::error(fault)])),
    };
    // From here on the payload is what the provider signed.
    let payload = &parts.payload;
    track.report(Stage::Signed, claims::hashes(payload, &key, expected))?;
    track.report(Stage::Addressed, claims::addressed(payload, expected))?;
    track.report(Stage::InTime, claims::in_time(payload, expected.now))?;

    let identified = claims::subject(payload);
    if any_error(&identified) {
        return Err(stopped(track, Stage::Identified, identified));
    }
    let second = second::opinion(&parts, keys, &key, expected);
    if any_error(&second) {
        return Err(stopped(track, Stage::Signed, second));
    }
    Ok(VerifiedIdToken {
        subject: payload.text("sub").unwrap_or_default().to_owned(),
        claims: Claims::from(payload),
        key_id: parts.key_id.clone().unwrap_or_default(),
        payload: token
            .trim()
            .split('.')
            .nth(1)
            .unwrap_or_default()
            .to_owned(),
    })
    .inspect(|_| {
        // Warnings of the second opinion (a claim of an unusual type) belong to the person.
        let _ = track.report(Stage::Identified, second);
    })
}

fn stopped(track: &mut Track, stage: Stage, findings: Vec<Finding>) -> Stopped {
    track
        .report(stage, findings)
        .err()
        .unwrap_or(Stopped(stage))
}
