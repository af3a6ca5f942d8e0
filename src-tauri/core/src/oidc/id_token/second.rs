//! The second opinion: openidconnect's own verifier on a token that ours accepted.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use openidconnect::core::{
    CoreGenderClaim, CoreIdTokenVerifier, CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
};
use openidconnect::{AdditionalClaims, ClaimsVerificationError, ClientId, IdToken, Nonce};
use serde::{Deserialize, Serialize};

use super::super::keys::Keys;
use super::signature::{SignedBy, accepted};
use super::{Expected, LEEWAY_SECONDS};
use crate::fault::Fault;
use crate::finding::Finding;

/// Whatever else is in the token, so that no claim keeps it from being read.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(transparent)]
struct Rest(BTreeMap<String, serde_json::Value>);

impl AdditionalClaims for Rest {}

type Token =
    IdToken<Rest, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;

/// What openidconnect says. An error only where it refuses what ours accepted; a warning where it
/// cannot read the token because a standard claim has a type of its own.
pub(super) fn opinion(
    compact: &str,
    keys: &Keys,
    by: &SignedBy<'_>,
    expected: &Expected<'_>,
) -> Vec<Finding> {
    let Ok(token) = compact.parse::<Token>() else {
        return vec![Finding::warning(Fault::ClaimOfUnusualType {
            claim: String::new(),
        })];
    };
    let now = expected.now.as_second();
    let verifier = CoreIdTokenVerifier::new_public_client(
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
        if issued > at(now + LEEWAY_SECONDS) {
            Err("issued in the future".to_owned())
        } else {
            Ok(())
        }
    });
    let said = match expected.nonce {
        Some(nonce) => token.claims(&verifier, &Nonce::new(nonce.to_owned())).err(),
        None => token.claims(&verifier, |_: Option<&Nonce>| Ok(())).err(),
    };
    said.map(|error| {
        Finding::error(Fault::VerifiersDisagree {
            reason: kind(&error).to_owned(),
        })
    })
    .into_iter()
    .collect()
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
