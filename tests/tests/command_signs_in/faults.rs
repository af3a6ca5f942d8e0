//! Each fault of `oauth2-mock-server` ends in its own finding at its own stage.

use std::collections::HashSet;

use latchkey_tests::browser::{Browser, Stop};
use latchkey_tests::provider::{Fault, FaultyProvider, Person};
use serde_json::{Value, json};
use strum::VariantArray;

use crate::bench::{BOB, Ended, SignIn, free_port, set_up};

/// Stage, severity and code of the finding that names the fault.
fn expected(fault: Fault) -> Option<(&'static str, &'static str, &'static str)> {
    Some(match fault {
        Fault::None => return None,
        Fault::WrongState => ("answered", "error", "state_differs"),
        Fault::AccessDenied => ("answered", "error", "access_denied"),
        Fault::InvalidGrant => ("answered", "error", "grant_refused"),
        Fault::HtmlInsteadOfJson => ("answered", "error", "token_answer_unreadable"),
        Fault::NoIdToken => ("answered", "error", "id_token_missing"),
        Fault::UnknownKid => ("signed", "error", "key_unknown"),
        Fault::BadSignature => ("signed", "error", "signature_wrong"),
        Fault::AlgNone => ("signed", "error", "token_unsigned"),
        Fault::WrongIss => ("addressed", "error", "token_issuer_differs"),
        Fault::WrongAud => ("addressed", "error", "audience_differs"),
        Fault::NoAud => ("addressed", "error", "audience_missing"),
        Fault::WrongAzp => ("addressed", "error", "authorized_party_differs"),
        Fault::WrongNonce => ("addressed", "error", "nonce_differs"),
        Fault::NoNonce => ("addressed", "error", "nonce_missing"),
        Fault::Expired => ("in_time", "error", "token_expired"),
        Fault::IssuedInFuture => ("in_time", "error", "token_issued_in_future"),
        Fault::NoEmail => ("identified", "error", "email_missing"),
        Fault::UnverifiedEmail => ("identified", "warning", "email_unverified"),
        // The rule asks for one group, and both came in one text.
        Fault::GroupsAsText => ("mapped", "warning", "near_miss"),
    })
}

async fn signed_in(fault: Fault) -> Ended {
    let provider = FaultyProvider::start_as(fault, bob()).unwrap();
    let set_up = set_up(&provider.issuer, &provider.client_id, "code");
    let sign_in = SignIn::start(&set_up, Some(&provider.client_secret), free_port(), &[]);
    let browser = Browser::new();
    // Nobody is asked to sign in there.
    let landing = match browser
        .open(&sign_in.open, &sign_in.callback)
        .await
        .unwrap()
    {
        Stop::Landing(landing) => landing,
        Stop::Page(page) => panic!("{fault}: a page came: {}", page.text()),
    };
    sign_in.answered_by(&browser, landing).await
}

fn bob() -> Person {
    Person {
        sub: "person-2".to_owned(),
        email: BOB.to_owned(),
        password: String::new(),
        name: "Bob Builder".to_owned(),
        groups: ["Everyone", "SecOps"].map(str::to_owned).into(),
    }
}

#[tokio::test]
async fn without_a_fault_the_sign_in_holds() {
    let ended = signed_in(Fault::None).await;
    ended.assert_role(BOB, "Contributor", 2);
    assert_eq!(ended.findings(), [], "{ended:#?}");
}

#[tokio::test]
async fn each_fault_of_the_answer_is_named_at_its_stage() {
    each_fault_of(&["answered"]).await;
}

#[tokio::test]
async fn each_fault_of_the_signature_is_named_at_its_stage() {
    each_fault_of(&["signed"]).await;
}

#[tokio::test]
async fn each_fault_of_the_addressee_is_named_at_its_stage() {
    each_fault_of(&["addressed"]).await;
}

#[tokio::test]
async fn each_fault_of_the_time_and_of_the_person_is_named_at_its_stage() {
    each_fault_of(&["in_time", "identified", "mapped"]).await;
}

#[test]
fn no_two_faults_share_a_finding() {
    let codes: Vec<_> = Fault::VARIANTS
        .iter()
        .filter_map(|fault| expected(*fault))
        .collect();
    let different: HashSet<_> = codes.iter().map(|(_, _, code)| code).collect();
    assert_eq!(different.len(), codes.len());
}

#[test]
fn every_finding_stands_at_a_stage_that_is_tested() {
    let tested = [
        "answered",
        "signed",
        "addressed",
        "in_time",
        "identified",
        "mapped",
    ];
    for fault in Fault::VARIANTS {
        let stage = expected(*fault).map(|(stage, ..)| stage);
        assert!(stage.is_none_or(|stage| tested.contains(&stage)), "{fault}");
    }
}

async fn each_fault_of(stages: &[&str]) {
    for &fault in Fault::VARIANTS {
        let Some((stage, severity, code)) =
            expected(fault).filter(|(stage, ..)| stages.contains(stage))
        else {
            continue;
        };
        let ended = signed_in(fault).await;
        let finding = (stage.to_owned(), severity.to_owned(), code.to_owned());
        assert!(ended.findings().contains(&finding), "{fault}: {ended:#?}");
        let holds = fault == Fault::UnverifiedEmail;
        assert_eq!(ended.status, i32::from(!holds), "{fault}: {ended:#?}");
        if holds {
            ended.assert_role(BOB, "Contributor", 2);
            continue;
        }
        let errors = ended
            .findings()
            .into_iter()
            .filter(|(_, severity, _)| severity == "error");
        assert_eq!(errors.count(), 1, "{fault}: {ended:#?}");
        assert_eq!(ended.failure().unwrap().0, stage, "{fault}");
        if stage != "mapped" {
            assert_eq!(ended.verdict["verified"], false, "{fault}");
            assert_eq!(ended.verdict["claims"], json!({}), "{fault}");
            assert_eq!(ended.verdict["subject"], Value::Null, "{fault}");
            assert_eq!(ended.verdict["role"], Value::Null, "{fault}");
        }
    }
}
