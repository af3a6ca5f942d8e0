//! The checks on the claims of a token whose signature holds.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use openidconnect::JsonWebKey;
use serde_json::Value;

use super::super::discovery::same_issuer;
use super::signature::SignedBy;
use super::{Expected, LEEWAY_SECONDS};
use crate::fault::Fault;
use crate::finding::Finding;
use crate::json::Members;
use crate::text::shown;

/// The longest subject (OpenID Connect Core 1.0, section 2), in ASCII characters.
const LONGEST_SUBJECT: usize = 255;

/// `at_hash` and `c_hash`, where they are there (sections 3.1.3.6 and 3.3.2.11).
pub(super) fn hashes(
    payload: &Members,
    by: &SignedBy<'_>,
    expected: &Expected<'_>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !binds(payload, "at_hash", expected.access_token, by) {
        findings.push(Finding::error(Fault::AccessTokenHashDiffers {}));
    }
    if !binds(payload, "c_hash", expected.code, by) {
        findings.push(Finding::error(Fault::CodeHashDiffers {}));
    }
    findings
}

/// Whether the hash is absent, cannot be checked for want of the value, or fits the value.
fn binds(payload: &Members, name: &str, value: Option<&str>, by: &SignedBy<'_>) -> bool {
    let (Some(hash), Some(value)) = (payload.find(name), value) else {
        return true;
    };
    let Ok(digest) = by.key.hash_bytes(value.as_bytes(), &by.algorithm) else {
        return false;
    };
    hash.as_str() == Some(URL_SAFE_NO_PAD.encode(&digest[..digest.len() / 2]).as_str())
}

/// Issuer, audience, authorised party and nonce.
pub(super) fn addressed(payload: &Members, expected: &Expected<'_>) -> Vec<Finding> {
    let mut findings = issuer(payload, expected);
    findings.extend(audience(payload, expected.client_id));
    if let Some(nonce) = expected.nonce {
        match payload.text("nonce") {
            None => findings.push(Finding::error(Fault::NonceMissing {})),
            Some(received) if received != nonce => {
                findings.push(Finding::error(Fault::NonceDiffers {}))
            }
            Some(_) => {}
        }
    }
    findings
}

fn issuer(payload: &Members, expected: &Expected<'_>) -> Vec<Finding> {
    let Some(received) = payload.text("iss") else {
        return vec![Finding::error(Fault::TokenIssuerMissing {})];
    };
    match same_issuer(expected.issuer.as_str(), received) {
        Ok(()) => Vec::new(),
        Err(_) => vec![
            Finding::error(Fault::TokenIssuerDiffers {
                expected: expected.issuer.as_str().to_owned(),
                received: shown(received, 500),
            })
            .at("connection.issuer"),
        ],
    }
}

/// Section 3.1.3.7, items 3 to 5.
fn audience(payload: &Members, client_id: &str) -> Vec<Finding> {
    let audiences: Vec<&str> = match payload.find("aud") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let listed = payload.find("aud").and_then(Value::as_array);
    if listed.is_some_and(|many| many.len() != audiences.len()) {
        // A list that is read in part might name somebody else in the part that is not read.
        return vec![Finding::error(Fault::ClaimOfUnusualType {
            claim: "aud".to_owned(),
        })];
    }
    let named = || shown(&audiences.join(", "), 500);
    if audiences.is_empty() {
        return vec![Finding::error(Fault::AudienceMissing {})];
    }
    if !audiences.contains(&client_id) {
        return vec![
            Finding::error(Fault::AudienceDiffers {
                expected: client_id.to_owned(),
                received: named(),
            })
            .at("connection.client_id"),
        ];
    }
    let mut findings = Vec::new();
    match payload.find("azp") {
        None if audiences.len() > 1 => {
            findings.push(Finding::error(Fault::AuthorizedPartyMissing {
                audiences: named(),
            }));
        }
        None => {}
        Some(party) if party.as_str() == Some(client_id) => {}
        Some(party) => findings.push(Finding::error(Fault::AuthorizedPartyDiffers {
            expected: client_id.to_owned(),
            received: shown(party.as_str().unwrap_or_default(), 500),
        })),
    }
    if audiences.len() > 1 {
        findings.push(Finding::warning(Fault::AudienceHasOthers {
            audiences: named(),
        }));
    }
    findings
}

/// Expiry, not-before and time of issue. No leeway on expiry: a token that the service may refuse
/// is not shown as good.
pub(super) fn in_time(payload: &Members, now: Timestamp) -> Vec<Finding> {
    let mut findings = Vec::new();
    match time(payload, "exp") {
        Err(fault) => findings.push(Finding::error(fault)),
        Ok(None) => findings.push(Finding::error(Fault::ExpiryMissing {})),
        Ok(Some(expired)) if expired <= now => findings.push(Finding::error(Fault::TokenExpired {
            expired,
            now,
            seconds: seconds(expired, now),
        })),
        Ok(Some(_)) => {}
    }
    match time(payload, "nbf") {
        Err(fault) => findings.push(Finding::error(fault)),
        Ok(Some(from)) if seconds(now, from) > LEEWAY_SECONDS => {
            findings.push(Finding::error(Fault::TokenNotYetValid {
                from,
                now,
                seconds: seconds(now, from),
            }));
        }
        Ok(_) => {}
    }
    match time(payload, "iat") {
        Err(fault) => findings.push(Finding::error(fault)),
        Ok(None) => findings.push(Finding::error(Fault::IssueTimeMissing {})),
        Ok(Some(issued)) => {
            let ahead = seconds(now, issued);
            let fault = Fault::TokenIssuedInFuture {
                issued,
                now,
                seconds: ahead,
            };
            if ahead > LEEWAY_SECONDS {
                findings.push(Finding::error(fault));
            } else if ahead > 1 {
                findings.push(Finding::warning(fault));
            }
        }
    }
    findings
}

/// When it was issued, where that is said (section 2).
pub(super) fn issued(payload: &Members) -> Option<Timestamp> {
    time(payload, "iat").ok().flatten()
}

/// The subject (section 2).
pub(super) fn subject(payload: &Members) -> Vec<Finding> {
    match payload.text("sub") {
        None | Some("") => vec![Finding::error(Fault::SubjectMissing {})],
        Some(subject) if subject.len() > LONGEST_SUBJECT => {
            vec![Finding::error(Fault::SubjectTooLong {
                length: subject.len(),
            })]
        }
        Some(_) => Vec::new(),
    }
}

/// A NumericDate (RFC 7519, section 2); fractions of a second are legal.
fn time(payload: &Members, name: &str) -> Result<Option<Timestamp>, Fault> {
    let unreadable = || Fault::TimeUnreadable {
        claim: name.to_owned(),
    };
    let Some(value) = payload.find(name).filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let number = value
        .as_f64()
        .filter(|number| number.is_finite())
        .ok_or_else(unreadable)?;
    // Saturates at the ends of i64, which no timestamp reaches.
    Timestamp::from_second(number.floor() as i64)
        .map(Some)
        .map_err(|_| unreadable())
}

/// Seconds from one time to another; negative if it lies before.
fn seconds(from: Timestamp, to: Timestamp) -> i64 {
    to.as_second() - from.as_second()
}
