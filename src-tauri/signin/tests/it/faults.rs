//! Every fault of the practice provider ends in its own finding at its own stage, and nothing else
//! is blamed.

use std::collections::HashSet;
use std::time::Duration;

use latchkey_core::Flow::{self, Code, Implicit};
use latchkey_core::oidc::ResponseMode;
use latchkey_practice::{Fault, Protocol};

use crate::stage::{OLIVIA, Scene, assert_coherent, findings, patient_for, rules};

/// A fault, how the sign-in asks, and all that the verdict says.
struct Row(Fault, Asks, &'static [&'static str]);

#[derive(Clone, Copy)]
enum Asks {
    /// A rule for the e-mail address decides.
    By(Flow),
    /// A rule for the group decides.
    Group(Flow),
    /// The e-mail rule decides, and another rule wants a claim that only UserInfo could have.
    More,
    /// The answer is asked for as a form POST.
    Form,
}
use Asks::{By, Form, Group, More};

#[rustfmt::skip]
const TABLE: &[Row] = &[
    // Reached.
    Row(Fault::Discovery404, By(Code), &["reached error discovery_not_found"]),
    Row(Fault::DiscoveryHtml, By(Code), &["reached error html_instead_of_json"]),
    Row(Fault::DiscoveryNotJson, By(Code), &["reached error not_json"]),
    Row(Fault::DiscoveryHuge, By(Code), &["reached error answer_too_large"]),
    Row(Fault::DiscoveryRedirectLoop, By(Code), &["reached error redirects_elsewhere"]),
    Row(Fault::DiscoverySlow, By(Code), &["reached error no_answer_in_time"]),
    Row(Fault::IssuerTrailingSlash, By(Code), &["reached error issuer_differs_by_slash"]),
    Row(Fault::CodeFlowOnly, By(Code), &[]),
    Row(Fault::CodeFlowOnly, By(Implicit), &["reached error flow_not_offered"]),
    Row(Fault::ImplicitOnly, By(Implicit), &[]),
    Row(Fault::ImplicitOnly, By(Code), &["reached error flow_not_offered"]),
    // Answered: the provider's page, which sends nothing back.
    Row(Fault::RedirectRefused, By(Code), &["answered error redirect_not_registered", "answered note sign_in_timed_out"]),
    Row(Fault::LoginPage500, By(Code), &["answered error provider_page_shows_error", "answered note sign_in_timed_out"]),
    Row(Fault::LoginPageBlank, By(Code), &["answered error provider_page_blank", "answered note sign_in_timed_out"]),
    // Answered: the answer itself.
    Row(Fault::StateWrong, By(Code), &["answered error state_differs"]),
    Row(Fault::StateWrong, By(Implicit), &["answered error state_differs"]),
    Row(Fault::StateWrong, Form, &["answered error state_differs"]),
    Row(Fault::StateMissing, By(Code), &["answered error state_missing"]),
    Row(Fault::StateMissing, By(Implicit), &["answered error state_missing"]),
    Row(Fault::AccessDenied, By(Code), &["answered error access_denied"]),
    Row(Fault::AccessDenied, By(Implicit), &["answered error access_denied"]),
    Row(Fault::ServerErrorAnswer, By(Code), &["answered error provider_failed"]),
    Row(Fault::UnsupportedResponseType, By(Implicit), &["answered error response_type_unsupported"]),
    Row(Fault::InvalidScope, By(Code), &["answered error scope_invalid"]),
    Row(Fault::LoginRequired, By(Code), &["answered error provider_error"]),
    Row(Fault::IgnoresFormPost, Form, &["answered warning answer_by_other_way"]),
    // Answered: the exchange of the code.
    Row(Fault::InvalidClient, By(Code), &["answered error client_refused"]),
    Row(Fault::InvalidGrant, By(Code), &["answered error grant_refused"]),
    Row(Fault::TokenEndpointHtml, By(Code), &["answered error token_answer_unreadable"]),
    Row(Fault::TokenEndpointSlow, By(Code), &["answered error no_answer_in_time"]),
    Row(Fault::BasicAuthOnly, By(Code), &[]),
    Row(Fault::PostAuthOnly, By(Code), &[]),
    Row(Fault::RequiresPkce, By(Code), &[]),
    Row(Fault::IdTokenMissing, By(Code), &["answered error id_token_missing"]),
    Row(Fault::IdTokenMissing, By(Implicit), &["answered error answer_empty"]),
    Row(Fault::TokenMalformed, By(Code), &["answered error token_malformed"]),
    Row(Fault::TokenMalformed, By(Implicit), &["answered error token_malformed"]),
    // Signed.
    Row(Fault::JwksMissing, By(Code), &["signed error keys_unreachable"]),
    Row(Fault::JwksMissing, By(Implicit), &["signed error keys_unreachable"]),
    Row(Fault::JwksEmpty, By(Code), &["signed error keys_empty"]),
    Row(Fault::AlgNone, By(Code), &["signed error token_unsigned"]),
    Row(Fault::AlgNone, By(Implicit), &["signed error token_unsigned"]),
    Row(Fault::AlgHs256, By(Code), &["signed error token_signed_by_secret"]),
    Row(Fault::UnknownKid, By(Code), &["signed error key_unknown"]),
    Row(Fault::SignatureWrong, By(Code), &["signed error signature_wrong"]),
    Row(Fault::SignatureWrong, By(Implicit), &["signed error signature_wrong"]),
    Row(Fault::SignedByOtherKey, By(Code), &["signed error signature_wrong"]),
    Row(Fault::AtHashWrong, By(Code), &["signed error access_token_hash_differs"]),
    // A code and an ID token never come by the browser together in the flows that are asked for.
    Row(Fault::CHashWrong, By(Code), &[]),
    Row(Fault::KidMissing, By(Code), &[]),
    Row(Fault::SignsEs256, By(Code), &[]),
    // Addressed.
    Row(Fault::WrongAudience, By(Code), &["addressed error audience_differs"]),
    Row(Fault::WrongAudience, By(Implicit), &["addressed error audience_differs"]),
    Row(Fault::AudienceMissing, By(Code), &["addressed error audience_missing"]),
    Row(Fault::AudienceList, By(Code), &[]),
    Row(Fault::AudienceListWithoutAzp, By(Code), &[
        "addressed error authorized_party_missing",
        "addressed warning audience_has_others",
    ]),
    Row(Fault::WrongAzp, By(Code), &["addressed error authorized_party_differs"]),
    Row(Fault::WrongIssuer, By(Code), &["addressed error token_issuer_differs"]),
    Row(Fault::NonceWrong, By(Code), &["addressed error nonce_differs"]),
    Row(Fault::NonceWrong, By(Implicit), &["addressed error nonce_differs"]),
    Row(Fault::NonceMissing, By(Code), &["addressed error nonce_missing"]),
    Row(Fault::NonceMissing, By(Implicit), &["addressed error nonce_missing"]),
    // In time.
    Row(Fault::Expired, By(Code), &["in_time error token_expired"]),
    Row(Fault::IssuedInFuture, By(Code), &["in_time error token_issued_in_future"]),
    Row(Fault::NotYetValid, By(Code), &["in_time error token_not_yet_valid"]),
    // Identified.
    Row(Fault::EmailMissing, By(Code), &["identified error email_missing"]),
    Row(Fault::EmailUnverified, By(Code), &["identified warning email_unverified"]),
    Row(Fault::EmailVerifiedAsText, By(Code), &[]),
    Row(Fault::EmailInUserinfoOnly, By(Code), &["identified note claim_from_user_info"]),
    Row(Fault::EmailInUserinfoOnly, By(Implicit), &["identified error email_missing"]),
    Row(Fault::GroupsInUserinfoOnly, Group(Code), &["identified note claim_from_user_info"]),
    Row(Fault::GroupsInUserinfoOnly, By(Code), &[]),
    Row(Fault::UserinfoSubjectDiffers, More, &["identified error user_info_subject_differs"]),
    Row(Fault::UserinfoSubjectDiffers, By(Code), &[]),
    Row(Fault::UserinfoUnreachable, More, &["identified warning user_info_unreachable"]),
    Row(Fault::UserinfoUnreachable, By(Code), &[]),
    // Mapped.
    Row(Fault::GroupsAsText, Group(Code), &[]),
    Row(Fault::GroupsMissing, Group(Code), &[
        "mapped error no_rule_matched",
        "mapped warning rule_claim_absent",
    ]),
    Row(Fault::GroupsJoined, Group(Code), &[
        "mapped error no_rule_matched",
        "mapped warning near_miss",
    ]),
    Row(Fault::GroupsAsDn, Group(Code), &[
        "mapped error no_rule_matched",
        "mapped warning near_miss",
    ]),
    Row(Fault::GroupsAsGuid, Group(Code), &[
        "mapped error no_rule_matched",
        "mapped warning near_miss",
    ]),
    Row(Fault::GroupsOverage, Group(Code), &[
        "identified warning groups_left_out",
        "mapped error no_rule_matched",
        "mapped warning rule_claim_absent",
    ]),
    Row(Fault::GroupsOverage, Group(Implicit), &[
        "identified warning groups_left_out",
        "mapped error no_rule_matched",
        "mapped warning rule_claim_absent",
    ]),
];

#[tokio::test]
async fn every_fault_ends_in_its_own_finding_at_its_own_stage() {
    let mut scene = Scene::new(Code).await;
    // The keys are made once; the time limits below are not for that.
    assert_eq!(findings(&scene.verdict().await), [""; 0]);
    let (patient, hasty) = (scene.http.clone(), patient_for(Duration::from_secs(1)));
    let mut wrong = Vec::new();
    for Row(fault, asks, expected) in TABLE {
        scene.practice.set_fault(Some(*fault));
        let slow = matches!(fault, Fault::DiscoverySlow | Fault::TokenEndpointSlow);
        scene.http = if slow { hasty.clone() } else { patient.clone() };
        scene.mode = ResponseMode::Usual;
        scene.connection.flow = Code;
        scene.rules = rules(&[("email", OLIVIA)]);
        match asks {
            By(flow) => scene.connection.flow = *flow,
            Group(flow) => {
                scene.connection.flow = *flow;
                scene.rules = rules(&[("groups", "Security Admins")]);
            }
            More => scene.rules = rules(&[("email", OLIVIA), ("department", "Security")]),
            Form => scene.mode = ResponseMode::FormPost,
        }
        let verdict = scene.verdict().await;
        assert_coherent(&verdict);
        let found = findings(&verdict);
        if found != *expected {
            wrong.push(format!("{fault}: expected {expected:?}, found {found:?}"));
        }
        let fails = expected.iter().any(|finding| finding.contains(" error "));
        assert_eq!(verdict.passed(), !fails, "{fault}");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_fault_is_missing_from_the_table() {
    let rows: HashSet<_> = TABLE.iter().map(|Row(fault, ..)| *fault).collect();
    let missing: Vec<_> = Fault::ALL
        .iter()
        .filter(|fault| fault.protocol() == Protocol::Oidc && !rows.contains(fault))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
