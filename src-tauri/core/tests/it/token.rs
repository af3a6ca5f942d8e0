//! ID tokens made by hand, byte for byte, and the verdict on them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use latchkey_core::connection::Issuer;
use latchkey_core::oidc::{Expected, Keys, conclude, id_token};
use latchkey_core::verdict::Track;
use latchkey_core::{Catalogue, Outcome, Rule, RuleList, Service, Severity, Stage, Verdict};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};

pub(crate) const ISSUER: &str = "https://acme.idp.example";
pub(crate) const CLIENT: &str = "0oa1Client";
pub(crate) const NONCE: &str = "n-0S6_WzA2Mj";
pub(crate) const OWNER: &str = "olivia@acme.example";
pub(crate) const NOW: i64 = 1_800_000_000;

/// A key pair, another one for each number.
pub(crate) fn key(number: u8) -> SigningKey {
    SigningKey::from_slice(&[number; 32]).unwrap()
}

/// The key that the provider of these tests publishes as `k1`.
pub(crate) fn own() -> SigningKey {
    key(1)
}

pub(crate) fn jwk(key: &SigningKey, id: &str) -> Value {
    let point = key.verifying_key().to_encoded_point(false);
    json!({
        "kty": "EC", "crv": "P-256", "use": "sig", "kid": id,
        "x": encoded(point.x().unwrap()), "y": encoded(point.y().unwrap()),
    })
}

pub(crate) fn published(keys: &[Value]) -> Keys {
    Keys::parse(json!({ "keys": keys }).to_string().as_bytes()).unwrap()
}

pub(crate) fn encoded(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn header() -> Value {
    json!({ "alg": "ES256", "kid": "k1", "typ": "JWT" })
}

pub(crate) fn claims() -> Value {
    json!({
        "iss": ISSUER, "sub": "00u1", "aud": CLIENT, "nonce": NONCE,
        "iat": NOW - 5, "exp": NOW + 300,
        "email": OWNER, "email_verified": true, "groups": ["SecOps"],
    })
}

/// These claims with one of them set.
pub(crate) fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

/// These claims without one of them.
pub(crate) fn without(name: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

/// The header with one member set.
pub(crate) fn headed(name: &str, value: Value) -> Value {
    let mut header = header();
    header[name] = value;
    header
}

/// A token of these two texts, signed by the provider.
pub(crate) fn signed_parts(header: &str, payload: &str) -> String {
    signed_by(&own(), header, payload)
}

pub(crate) fn signed_by(key: &SigningKey, header: &str, payload: &str) -> String {
    let signature: Signature = key.sign(format!("{header}.{payload}").as_bytes());
    format!("{header}.{payload}.{}", encoded(signature.to_bytes()))
}

/// A token of these bytes, signed by the provider.
pub(crate) fn signed_bytes(header: impl AsRef<[u8]>, payload: impl AsRef<[u8]>) -> String {
    signed_parts(&encoded(header), &encoded(payload))
}

/// A token with this header and these claims, signed by the provider.
pub(crate) fn signed(header: &Value, claims: &Value) -> String {
    signed_bytes(header.to_string(), claims.to_string())
}

/// A token with these claims.
pub(crate) fn saying(claims: &Value) -> String {
    signed(&header(), claims)
}

pub(crate) fn issuer() -> Issuer {
    Issuer::parse(ISSUER).unwrap()
}

pub(crate) fn expected(issuer: &Issuer) -> Expected<'_> {
    Expected {
        issuer,
        client_id: CLIENT,
        nonce: Some(NONCE),
        access_token: None,
        code: None,
        now: Timestamp::from_second(NOW).unwrap(),
    }
}

pub(crate) fn torq() -> &'static Service {
    Catalogue::built_in().service("torq").unwrap()
}

pub(crate) fn rule(claim: &str, value: &str, role: &str) -> Rule {
    Rule {
        claim: claim.into(),
        value: value.into(),
        role: role.into(),
    }
}

pub(crate) fn rules() -> RuleList {
    RuleList(vec![rule("email", OWNER, "Owner")])
}

/// The verdict on a token, as a sign-in comes to it.
pub(crate) fn verdict_of(token: &str, keys: &Keys, expected: &Expected<'_>) -> Verdict {
    let mut track = Track::default();
    track.report(Stage::Reached, Vec::new()).unwrap();
    match id_token::verify(token, keys, expected, &mut track) {
        Ok(token) => {
            assert_eq!(
                track.failed(),
                None,
                "a verified token behind a failed stage"
            );
            conclude(track, &token, None, &rules(), torq())
        }
        Err(_) => Verdict::failed(track),
    }
}

/// The verdict where the provider publishes its own key alone.
pub(crate) fn verdict(token: &str) -> Verdict {
    let issuer = issuer();
    verdict_of(token, &published(&[jwk(&own(), "k1")]), &expected(&issuer))
}

/// The codes of one severity at one stage.
pub(crate) fn codes(verdict: &Verdict, stage: Stage, severity: Severity) -> Vec<String> {
    verdict
        .stages
        .iter()
        .filter(|report| report.stage == stage)
        .flat_map(|report| &report.findings)
        .filter(|finding| finding.severity == severity)
        .map(|finding| finding.code.clone())
        .collect()
}

/// All codes that are no errors.
pub(crate) fn remarks(verdict: &Verdict) -> Vec<String> {
    verdict
        .stages
        .iter()
        .flat_map(|report| &report.findings)
        .filter(|finding| finding.severity != Severity::Error)
        .map(|finding| finding.code.clone())
        .collect()
}

pub(crate) fn assert_accepted(name: &str, verdict: &Verdict) {
    assert!(verdict.passed(), "{name}: {:?}", verdict.failed_at());
    assert!(verdict.verified, "{name}");
    assert_eq!(verdict.role.as_deref(), Some("Owner"), "{name}");
}

/// The sign-in ended at this stage, for this reason alone, and told nothing that is not proved.
pub(crate) fn assert_refused(name: &str, verdict: &Verdict, stage: Stage, code: &str) {
    assert_ended(name, verdict, stage);
    assert_eq!(codes(verdict, stage, Severity::Error), [code], "{name}");
}

/// The sign-in ended at this stage and told nothing that is not proved.
pub(crate) fn assert_ended(name: &str, verdict: &Verdict, stage: Stage) {
    for report in &verdict.stages {
        let outcome = match report.stage.cmp(&stage) {
            std::cmp::Ordering::Less => Outcome::Passed,
            std::cmp::Ordering::Equal => Outcome::Failed,
            std::cmp::Ordering::Greater => Outcome::NotReached,
        };
        assert_eq!(report.outcome, outcome, "{name}: {report:?}");
        assert!(
            outcome != Outcome::NotReached || report.findings.is_empty(),
            "{name}: {report:?}"
        );
    }
    assert!(!verdict.verified, "{name}");
    assert!(verdict.claims.is_empty(), "{name}: {:?}", verdict.claims);
    assert_eq!(verdict.subject, None, "{name}");
    assert_eq!(verdict.role, None, "{name}");
    assert_eq!(verdict.rule, None, "{name}");
    assert_eq!(verdict.resolution, None, "{name}");
}
