//! An answer as a good provider sends it, what is changed in it, and the verdict.

use jiff::Timestamp;
use latchkey_core::connection::{RequestBinding, SamlConnection};
use latchkey_core::saml::response::{Covered, Expected, VerifiedAssertion, conclude, verify};
use latchkey_core::verdict::Track;
use latchkey_core::{
    Catalogue, Outcome, Rule, RuleList, Service, Severity, Stage, StageReport, Verdict,
};
use url::Url;

use crate::signed::{RSA, Signing};

pub(crate) const ACS: &str = "https://app.torq.io/__/auth/handler";
pub(crate) const ISSUER: &str = "https://idp.acme.example/saml";
pub(crate) const OWNER: &str = "olivia@acme.example";
pub(crate) const NOW: &str = "2026-11-22T18:00:00Z";
pub(crate) const REQUEST: &str = "_request1";

/// Not signed yet. The Response has the ID `r`, the assertion `a`.
pub(crate) const ANSWER: &str = r#"<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="r" Version="2.0" IssueInstant="2026-11-22T17:59:58Z" Destination="https://app.torq.io/__/auth/handler" InResponseTo="_request1">
  <saml:Issuer>https://idp.acme.example/saml</saml:Issuer>
  <samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
  <saml:Assertion ID="a" Version="2.0" IssueInstant="2026-11-22T17:59:58Z">
    <saml:Issuer>https://idp.acme.example/saml</saml:Issuer>
    <saml:Subject>
      <saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">olivia@acme.example</saml:NameID>
      <saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
        <saml:SubjectConfirmationData InResponseTo="_request1" NotOnOrAfter="2026-11-22T18:05:00Z" Recipient="https://app.torq.io/__/auth/handler"/>
      </saml:SubjectConfirmation>
    </saml:Subject>
    <saml:Conditions NotBefore="2026-11-22T17:59:00Z" NotOnOrAfter="2026-11-22T18:04:00Z">
      <saml:AudienceRestriction><saml:Audience>torq.io</saml:Audience></saml:AudienceRestriction>
    </saml:Conditions>
    <saml:AuthnStatement AuthnInstant="2026-11-22T17:59:50Z" SessionIndex="s1" SessionNotOnOrAfter="2026-11-23T02:00:00Z">
      <saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext>
    </saml:AuthnStatement>
    <saml:AttributeStatement>
      <saml:Attribute Name="email" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:basic"><saml:AttributeValue>olivia@acme.example</saml:AttributeValue></saml:Attribute>
      <saml:Attribute Name="groups"><saml:AttributeValue>Everyone</saml:AttributeValue><saml:AttributeValue>SecOps</saml:AttributeValue></saml:Attribute>
    </saml:AttributeStatement>
  </saml:Assertion>
</samlp:Response>"#;

/// The answer with this in the place of that.
#[track_caller]
pub(crate) fn changed(from: &str, to: &str) -> String {
    swapped(ANSWER, from, to)
}

/// This message with one thing in the place of another, which must be there.
#[track_caller]
pub(crate) fn swapped(message: &str, from: &str, to: &str) -> String {
    assert!(message.contains(from), "{from} is not in the message");
    message.replace(from, to)
}

/// The assertion signed by the provider.
pub(crate) fn signed(message: &str) -> String {
    Signing::default().sign(message, "a")
}

/// The Response signed by the provider.
pub(crate) fn response_signed(message: &str) -> String {
    Signing::default().sign(message, "r")
}

/// First the assertion, then the Response.
pub(crate) fn both_signed(message: &str) -> String {
    response_signed(&signed(message))
}

pub(crate) fn connection() -> SamlConnection {
    SamlConnection {
        provider: "other".to_owned(),
        issuer: ISSUER.to_owned(),
        sign_on_url: "https://idp.acme.example/sso".parse().unwrap(),
        request_binding: RequestBinding::Redirect,
        sign_requests: false,
        certificates: vec![RSA.certificate()],
        audience: "torq.io".to_owned(),
        login_redirect_url: acs(),
    }
}

pub(crate) fn acs() -> Url {
    ACS.parse().unwrap()
}

pub(crate) fn expected<'a>(connection: &'a SamlConnection) -> Expected<'a> {
    Expected {
        connection,
        acs: &connection.login_redirect_url,
        request_id: Some(REQUEST),
        unsolicited_allowed: false,
        key: None,
        now: now(),
    }
}

pub(crate) fn now() -> Timestamp {
    NOW.parse().unwrap()
}

pub(crate) fn rules() -> RuleList {
    RuleList(vec![
        rule("email", OWNER, "Owner"),
        rule("groups", "SecOps", "Contributor"),
    ])
}

pub(crate) fn rule(claim: &str, value: &str, role: &str) -> Rule {
    Rule {
        claim: claim.to_owned(),
        value: value.to_owned(),
        role: role.to_owned(),
    }
}

pub(crate) fn torq() -> &'static Service {
    Catalogue::built_in().service("torq").unwrap()
}

/// The verdict on a message, by the set-up of these tests.
pub(crate) fn judged(message: &str) -> Verdict {
    let connection = connection();
    judged_by(message.as_bytes(), &expected(&connection), &rules()).1
}

pub(crate) fn judged_by(
    message: &[u8],
    expected: &Expected<'_>,
    rules: &RuleList,
) -> (Option<VerifiedAssertion>, Verdict) {
    let mut track = Track::default();
    track.report(Stage::Reached, vec![]).unwrap();
    match verify(message, expected, &mut track) {
        Ok(assertion) => {
            let verdict = conclude(track, &assertion, rules, torq());
            (Some(assertion), verdict)
        }
        Err(_) => (None, Verdict::failed(track)),
    }
}

/// The answer is accepted for the Owner; its remarks.
#[track_caller]
pub(crate) fn accepted(message: &str) -> Vec<String> {
    let verdict = judged(message);
    assert!(verdict.passed(), "{:#?}", verdict.stages);
    assert_eq!(verdict.subject.as_deref(), Some(OWNER));
    assert_eq!(verdict.role.as_deref(), Some("Owner"));
    remarks(&verdict)
}

/// What was signed of an answer that is accepted.
#[track_caller]
pub(crate) fn covered(message: &str) -> Covered {
    let connection = connection();
    let (assertion, verdict) = judged_by(message.as_bytes(), &expected(&connection), &rules());
    assert!(verdict.passed(), "{:#?}", verdict.stages);
    assertion.unwrap().covered()
}

/// The answer is refused at this stage, for this and no other reason, and nothing of it is shown.
#[track_caller]
pub(crate) fn refused(message: impl AsRef<[u8]>, stage: Stage, code: &str) {
    let connection = connection();
    refused_by(message, &expected(&connection), stage, code);
}

#[track_caller]
pub(crate) fn refused_by(
    message: impl AsRef<[u8]>,
    expected: &Expected<'_>,
    stage: Stage,
    code: &str,
) {
    let (assertion, verdict) = judged_by(message.as_ref(), expected, &rules());
    assert!(assertion.is_none(), "it is accepted: {verdict:#?}");
    let failed = verdict.failed_at().expect("a stage failed");
    assert_eq!(
        (failed.stage, codes(failed, Severity::Error)),
        (stage, vec![code.to_owned()]),
        "{:#?}",
        failed.findings
    );
    for report in &verdict.stages {
        let outcome = match report.stage.cmp(&stage) {
            std::cmp::Ordering::Less => Outcome::Passed,
            std::cmp::Ordering::Equal => Outcome::Failed,
            std::cmp::Ordering::Greater => Outcome::NotReached,
        };
        assert_eq!(report.outcome, outcome, "{:?}", report.stage);
    }
    assert!(!verdict.verified && verdict.subject.is_none() && verdict.claims.is_empty());
}

/// The codes of all warnings and notes, in the order of the stages.
pub(crate) fn remarks(verdict: &Verdict) -> Vec<String> {
    verdict
        .stages
        .iter()
        .flat_map(|report| {
            let mut found = codes(report, Severity::Warning);
            found.extend(codes(report, Severity::Note));
            found
        })
        .collect()
}

fn codes(report: &StageReport, severity: Severity) -> Vec<String> {
    report
        .findings
        .iter()
        .filter(|finding| finding.severity == severity)
        .map(|finding| finding.code.clone())
        .collect()
}

/// The data of the one finding with this code.
#[track_caller]
pub(crate) fn data(verdict: &Verdict, code: &str) -> serde_json::Value {
    let found = verdict
        .stages
        .iter()
        .flat_map(|report| &report.findings)
        .find(|finding| finding.code == code);
    serde_json::Value::Object(found.expect(code).data.clone())
}
