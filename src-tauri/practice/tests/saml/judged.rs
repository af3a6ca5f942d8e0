//! Every fault ends in its own finding at its own stage when latchkey-core judges the answer, and
//! nothing else is blamed.

use std::collections::HashSet;
use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{Timestamp, ToSpan};
use latchkey_core::saml::key_pair::KeyPair;
use latchkey_core::saml::request::{AuthnRequest, RelayState};
use latchkey_core::saml::response::{Expected, conclude, verify};
use latchkey_core::verdict::Track;
use latchkey_core::{
    Catalogue, Certificate, RequestBinding, Rule, RuleList, SamlConnection, Verdict,
};
use latchkey_practice::{Fault, Options, Practice, Protocol, start};
use serde::Serialize;
use url::Url;

use crate::browser::{Browser, Landing};
use crate::service::{AUDIENCE, BOB, CALLBACK, TORQ, practice};

/// A fault, the rule that is to decide, and all that the verdict says.
struct Row(Fault, By, &'static [&'static str]);

#[derive(Clone, Copy)]
enum By {
    Email,
    Group,
    /// By e-mail, and the workspace has a key of its own that the provider knows.
    EmailWithKey,
}
use By::{Email, EmailWithKey, Group};

/// The faults whose answer does not arrive, or arrives by a way that is not the answer's own.
const NOT_JUDGED: [Fault; 3] = [
    Fault::SamlErrorPage,
    Fault::SamlHttp500,
    // The state is held against the request's by whoever waits for the answer.
    Fault::SamlRelayStateDropped,
];

#[rustfmt::skip]
const TABLE: &[Row] = &[
    // Answered.
    Row(Fault::SamlNotBase64, Email, &["answered error saml_answer_unreadable"]),
    Row(Fault::SamlTruncated, Email, &["answered error xml_malformed"]),
    Row(Fault::SamlDoctype, Email, &["answered error xml_has_doctype"]),
    Row(Fault::SamlStatusRequester, Email, &["answered error saml_request_refused"]),
    Row(Fault::SamlStatusResponder, Email, &["answered error saml_provider_failed"]),
    Row(Fault::SamlStatusAuthnFailed, Email, &["answered error saml_not_authenticated"]),
    Row(Fault::SamlStatusRequestDenied, Email, &["answered error saml_request_denied"]),
    Row(Fault::SamlStatusInvalidNameIdPolicy, Email, &["answered error saml_name_id_policy_refused"]),
    Row(Fault::SamlInResponseToWrong, Email, &["answered error saml_answers_other_request"]),
    Row(Fault::SamlUnsolicited, Email, &["answered error saml_unsolicited"]),
    Row(Fault::SamlTwoAssertions, Email, &["answered error assertion_twice"]),
    Row(Fault::SamlAnswerByRedirect, Email, &[]),
    Row(Fault::SamlAnswerRedirected307, Email, &[]),
    Row(Fault::SamlSandboxedFrame, Email, &[]),
    // Signed.
    Row(Fault::SamlResponseSignedOnly, Email, &[]),
    Row(Fault::SamlBothSigned, Email, &[]),
    Row(Fault::SamlUnsigned, Email, &["signed error saml_unsigned"]),
    Row(Fault::SamlWrongKey, Email, &["signed error saml_signature_wrong"]),
    Row(Fault::SamlCertificateRotated, Email, &["signed error signed_by_other_certificate"]),
    // An expired certificate is a finding of the set-up's fields.
    Row(Fault::SamlCertificateExpired, Email, &[]),
    Row(Fault::SamlSignatureAltered, Email, &["signed error saml_signature_wrong"]),
    Row(Fault::SamlDigestAltered, Email, &["signed error signed_content_changed"]),
    Row(Fault::SamlSha1Signature, Email, &["signed error signed_with_sha1"]),
    Row(Fault::SamlSha1Digest, Email, &["signed error signed_with_sha1"]),
    Row(Fault::SamlRsa1024, Email, &["signed error signed_with_short_key"]),
    Row(Fault::SamlEcdsa, Email, &[]),
    Row(Fault::SamlEcdsaDer, Email, &["signed error ecdsa_value_is_der"]),
    Row(Fault::SamlRsaPss, Email, &[]),
    Row(Fault::SamlRsaSha512, Email, &[]),
    Row(Fault::SamlWrappedAssertion, Email, &["signed error assertion_misplaced"]),
    Row(Fault::SamlEncryptedAssertion, Email, &["signed error encrypted_without_key"]),
    Row(Fault::SamlEncryptedAssertion, EmailWithKey, &[]),
    Row(Fault::SamlEncryptedAssertionCbc, Email, &["signed error encrypted_without_key"]),
    Row(Fault::SamlEncryptedAssertionCbc, EmailWithKey, &["signed warning encryption_unprotected"]),
    Row(Fault::SamlEncryptedNameId, Email, &["signed error encrypted_without_key"]),
    Row(Fault::SamlEncryptedNameId, EmailWithKey, &[]),
    // Addressed.
    Row(Fault::SamlWrongAudience, Email, &["addressed error saml_audience_differs"]),
    Row(Fault::SamlNoAudience, Email, &["addressed error saml_audience_missing"]),
    Row(Fault::SamlAudienceSpn, Email, &["addressed error saml_audience_is_application_id"]),
    Row(Fault::SamlWrongIssuer, Email, &["addressed error saml_issuer_differs"]),
    Row(Fault::SamlWrongDestination, Email, &["addressed error saml_destination_differs"]),
    Row(Fault::SamlWrongRecipient, Email, &["addressed error saml_recipient_differs"]),
    // In time.
    Row(Fault::SamlExpired, Email, &["in_time error saml_expired", "in_time error saml_expired"]),
    Row(Fault::SamlNotYetValid, Email, &["in_time error saml_not_yet_valid"]),
    Row(Fault::SamlIssuedInFuture, Email, &["in_time error saml_issued_in_future"]),
    Row(Fault::SamlOneSecondLifetime, Email, &["in_time error saml_expired", "in_time error saml_expired"]),
    // Identified.
    Row(Fault::SamlNoNameId, Email, &["identified error saml_name_id_missing"]),
    Row(Fault::SamlTransientNameId, Email, &["identified warning saml_name_id_transient"]),
    Row(Fault::SamlNameIdNotEmail, Email, &[]),
    Row(Fault::SamlCommentInNameId, Email, &[]),
    Row(Fault::SamlNoAuthnStatement, Email, &["identified error saml_authn_statement_missing"]),
    Row(Fault::SamlNoSessionIndex, Email, &["identified note saml_session_index_missing"]),
    Row(Fault::SamlNoAttributes, Email, &[
        "identified warning saml_attributes_missing",
        "mapped error no_rule_matched",
        "mapped warning rule_claim_absent",
    ]),
    Row(Fault::SamlEmailMissing, Email, &["mapped error no_rule_matched", "mapped warning rule_claim_absent"]),
    Row(Fault::SamlEmailAsUrl, Email, &[
        "identified warning saml_email_under_other_name",
        "mapped error no_rule_matched",
        "mapped warning near_miss",
        "mapped warning rule_claim_absent",
    ]),
    // Mapped.
    Row(Fault::SamlGroupsMissing, Group, &["mapped error no_rule_matched", "mapped warning rule_claim_absent"]),
    Row(Fault::SamlGroupsJoined, Group, &["mapped error no_rule_matched", "mapped warning near_miss"]),
    Row(Fault::SamlGroupsAsDn, Group, &["mapped error no_rule_matched", "mapped warning near_miss"]),
    Row(Fault::SamlGroupsAsGuid, Group, &["mapped error no_rule_matched", "mapped warning near_miss"]),
    Row(Fault::SamlGroupsAsOid, Group, &["mapped note saml_friendly_name_matched"]),
];

#[tokio::test]
async fn every_fault_ends_in_its_own_finding_at_its_own_stage() {
    let (bare, keyed) = (practice().await, knowing_the_key().await);
    for by in [Email, Group, EmailWithKey] {
        let practice = if matches!(by, EmailWithKey) {
            &keyed
        } else {
            &bare
        };
        assert_eq!(
            findings(&judged(practice, by).await),
            [""; 0],
            "without a fault"
        );
    }
    let mut wrong = Vec::new();
    for Row(fault, by, expected) in TABLE {
        let practice = if matches!(by, EmailWithKey) {
            &keyed
        } else {
            &bare
        };
        practice.set_fault(Some(*fault));
        let verdict = judged(practice, *by).await;
        let found = findings(&verdict);
        if found != *expected {
            wrong.push(format!("{fault}: expected {expected:?}, found {found:?}"));
        }
        let fails = expected.iter().any(|finding| finding.contains(" error "));
        if verdict.passed() == fails || fault.is_legal() && fails {
            wrong.push(format!("{fault}: passed {}", verdict.passed()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_fault_is_missing_from_the_table() {
    let rows: HashSet<_> = TABLE.iter().map(|Row(fault, ..)| *fault).collect();
    let missing: Vec<_> = Fault::ALL
        .iter()
        .filter(|fault| fault.protocol() == Protocol::Saml)
        .filter(|fault| !rows.contains(fault) && !NOT_JUDGED.contains(fault))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[tokio::test]
async fn a_comment_in_the_name_id_hides_nothing_of_it() {
    let practice = practice().await;
    practice.set_fault(Some(Fault::SamlCommentInNameId));
    assert_eq!(judged(&practice, Email).await.subject.as_deref(), Some(BOB));
}

#[tokio::test]
async fn what_is_encrypted_for_nobody_is_said_to_be_for_another() {
    let practice = practice().await;
    practice.set_fault(Some(Fault::SamlEncryptedAssertion));
    let connection = connection(&practice).await;
    let (landing, id) = signed_in(&practice, &connection, None).await;
    let verdict = judge(
        &connection,
        &landing,
        &id,
        Some(key()),
        &rules(Email),
        Timestamp::now(),
    );
    assert_eq!(findings(&verdict), ["signed error encrypted_for_other"]);
}

/// A practice provider at which the workspace's certificate is registered.
pub(crate) async fn knowing_the_key() -> Practice {
    let options = Options {
        admitted_redirects: vec![TORQ.parse().unwrap()],
        admitted_audiences: vec![AUDIENCE.to_owned()],
        service_certificate: Some(key().certificate().der().to_owned()),
        ..Options::default()
    };
    start(options).await.unwrap()
}

/// The workspace's own key pair.
pub(crate) fn key() -> &'static KeyPair {
    static KEY: OnceLock<KeyPair> = OnceLock::new();
    KEY.get_or_init(|| KeyPair::make("Acme", Timestamp::now()).unwrap())
}

/// A set-up made from what the provider says of itself at present.
pub(crate) async fn connection(practice: &Practice) -> SamlConnection {
    let pem = practice.saml_certificate().await.unwrap();
    let encoded: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = STANDARD.decode(encoded).unwrap();
    SamlConnection {
        provider: "other".to_owned(),
        issuer: practice.saml_entity_id(),
        sign_on_url: practice.saml_sign_on_url().parse().unwrap(),
        request_binding: RequestBinding::Redirect,
        sign_requests: false,
        certificates: vec![Certificate::from_der(&der).unwrap()],
        audience: AUDIENCE.to_owned(),
        login_redirect_url: TORQ.parse().unwrap(),
    }
}

fn acs() -> Url {
    CALLBACK.parse().unwrap()
}

pub(crate) fn request(connection: &SamlConnection) -> AuthnRequest {
    let id = AuthnRequest::new_id();
    AuthnRequest::new(connection, &acs(), id, Timestamp::now(), true)
}

/// Signs Bob in with a request of latchkey-core's; gives the answer and the request's ID.
async fn signed_in(
    practice: &Practice,
    connection: &SamlConnection,
    key: Option<&KeyPair>,
) -> (Landing, String) {
    let request = request(connection);
    let state = RelayState::random();
    let url = request.redirect_url(Some(&state), key);
    let mut browser = Browser::new();
    let page = browser.open(url.clone()).await;
    let shown = browser.choose(&page, &url, BOB).await;
    let landing = crate::observed::arrived(practice, &mut browser, shown).await;
    (landing.unwrap(), request.id().to_owned())
}

async fn judged(practice: &Practice, by: By) -> Verdict {
    let connection = connection(practice).await;
    let key = matches!(by, EmailWithKey).then(key);
    let (landing, id) = signed_in(practice, &connection, key).await;
    // Somebody who takes two seconds to be looked at.
    let now = Timestamp::now() + 2.seconds();
    judge(&connection, &landing, &id, key, &rules(by), now)
}

fn judge(
    connection: &SamlConnection,
    landing: &Landing,
    id: &str,
    key: Option<&KeyPair>,
    rules: &RuleList,
    now: Timestamp,
) -> Verdict {
    let acs = acs();
    let expected = Expected {
        connection,
        acs: &acs,
        request_id: Some(id),
        unsolicited_allowed: false,
        key,
        now,
    };
    let message = landing.field("SAMLResponse").unwrap();
    let mut track = Track::default();
    track
        .report(latchkey_core::Stage::Reached, Vec::new())
        .unwrap();
    match verify(message.as_bytes(), &expected, &mut track) {
        Ok(assertion) => {
            let torq = Catalogue::built_in().service("torq").unwrap();
            conclude(track, &assertion, rules, torq)
        }
        Err(_) => Verdict::failed(track),
    }
}

fn rules(by: By) -> RuleList {
    let (claim, value) = match by {
        Group => ("groups", "SecOps"),
        Email | EmailWithKey => ("email", BOB),
    };
    RuleList(vec![Rule {
        claim: claim.to_owned(),
        value: value.to_owned(),
        role: "Owner".to_owned(),
    }])
}

/// All findings, in the order of the stages: `stage severity code`.
fn findings(verdict: &Verdict) -> Vec<String> {
    let reports = verdict.stages.iter();
    reports
        .flat_map(|report| {
            report.findings.iter().map(move |one| {
                format!(
                    "{} {} {}",
                    word(&report.stage),
                    word(&one.severity),
                    one.code
                )
            })
        })
        .collect()
}

/// A stage's or a severity's name in JSON.
fn word(value: &impl Serialize) -> String {
    let value = serde_json::to_value(value).unwrap();
    value.as_str().unwrap().to_owned()
}
