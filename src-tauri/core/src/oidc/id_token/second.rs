//! The second opinion: openidconnect's own verifier on a token that ours accepted.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use openidconnect::core::{
    CoreGenderClaim, CoreIdTokenVerifier, CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
};
use openidconnect::{AdditionalClaims, ClaimsVerificationError, ClientId, IdToken, Nonce};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::super::keys::Keys;
use super::signature::{Parts, SignedBy, accepted};
use super::{Expected, LEEWAY_SECONDS};
use crate::fault::Fault;
use crate::finding::Finding;

/// The claims that openidconnect's verifier judges.
const JUDGED: [&str; 6] = ["iss", "sub", "aud", "exp", "iat", "nonce"];

/// The most claims of an unusual type that are named.
const NAMED: usize = 20;

/// Whatever else is in the token, so that no claim keeps it from being read.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(transparent)]
struct Rest(BTreeMap<String, Value>);

impl AdditionalClaims for Rest {}

type Token =
    IdToken<Rest, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;

/// What openidconnect says. An error only where it refuses what ours accepted; a warning for each
/// standard claim whose type is its own.
///
/// One such claim keeps openidconnect from reading the token at all. It is then asked about the
/// claims that it judges alone, without the signature, which its keys have verified before.
pub(super) fn opinion(
    parts: &Parts<'_>,
    keys: &Keys,
    by: &SignedBy<'_>,
    expected: &Expected<'_>,
) -> Vec<Finding> {
    let verifier = verifier(keys, by, expected);
    if let Ok(token) = parts.compact.parse::<Token>() {
        return refusal(&token, &verifier, expected).into_iter().collect();
    }
    let Some(token) = with_claims(parts, None) else {
        return vec![disagree("unreadable")];
    };
    let verifier = verifier.insecure_disable_signature_check();
    refusal(&token, &verifier, expected)
        .into_iter()
        .chain(unusual(parts))
        .collect()
}

fn verifier<'a>(
    keys: &Keys,
    by: &SignedBy<'_>,
    expected: &Expected<'a>,
) -> CoreIdTokenVerifier<'a> {
    let now = expected.now.as_second();
    CoreIdTokenVerifier::new_public_client(
        ClientId::new(expected.client_id.to_owned()),
        expected.issuer.for_openidconnect(),
        // The key that verified, so that a token without a key ID finds it among several.
        keys.only(by.key),
    )
    .set_allowed_algs(accepted())
    // Other audiences are ours to judge: they need an authorised party.
    .set_other_audience_verifier_fn(|_| true)
    .set_time_fn(move || at(now))
    .set_issue_time_verifier_fn(move |issued| {
        // Whole seconds, as ours counts them.
        if issued.timestamp() > now + LEEWAY_SECONDS {
            Err("issued in the future".to_owned())
        } else {
            Ok(())
        }
    })
}

fn refusal(
    token: &Token,
    verifier: &CoreIdTokenVerifier<'_>,
    expected: &Expected<'_>,
) -> Option<Finding> {
    let said = match expected.nonce {
        Some(nonce) => token.claims(verifier, &Nonce::new(nonce.to_owned())).err(),
        None => token.claims(verifier, |_: Option<&Nonce>| Ok(())).err(),
    };
    said.map(|error| disagree(kind(&error)))
}

/// The claims that openidconnect cannot read beside those that it judges.
fn unusual(parts: &Parts<'_>) -> impl Iterator<Item = Finding> {
    parts
        .payload
        .0
        .iter()
        .filter(|(name, _)| !JUDGED.contains(&name.as_str()))
        .filter(|one| with_claims(parts, Some(one)).is_none())
        .take(NAMED)
        .map(|(name, _)| {
            Finding::warning(Fault::ClaimOfUnusualType {
                claim: crate::text::shown(name, 200),
            })
        })
}

/// The token with the judged claims and this one alone, if openidconnect can read that. Its
/// signature is not that of these claims.
fn with_claims(parts: &Parts<'_>, one: Option<&(String, Value)>) -> Option<Token> {
    let judged = parts
        .payload
        .0
        .iter()
        .filter(|(name, _)| JUDGED.contains(&name.as_str()));
    let claims: Map<String, Value> = judged.chain(one).cloned().collect();
    let (header, _) = parts.compact.split_once('.')?;
    let (_, signature) = parts.compact.rsplit_once('.')?;
    let payload = URL_SAFE_NO_PAD.encode(Value::Object(claims).to_string());
    format!("{header}.{payload}.{signature}").parse().ok()
}

fn disagree(reason: &str) -> Finding {
    Finding::error(Fault::VerifiersDisagree {
        reason: reason.to_owned(),
    })
}

/// The name of the refusal. The error's own text may quote the token: it goes nowhere.
fn kind(error: &ClaimsVerificationError) -> &'static str {
    match error {
        ClaimsVerificationError::Expired(_) => "expired",
        ClaimsVerificationError::InvalidAudience(_) => "audience",
        ClaimsVerificationError::InvalidIssuer(_) => "issuer",
        ClaimsVerificationError::InvalidNonce(_) => "nonce",
        ClaimsVerificationError::InvalidSubject(_) => "subject",
        ClaimsVerificationError::SignatureVerification(_) => "signature",
        ClaimsVerificationError::Unsupported(_) => "unsupported",
        _ => "other",
    }
}

/// A time that chrono can hold; the ends of its range where it cannot.
fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(second, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
