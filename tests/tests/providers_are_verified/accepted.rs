//! The shapes that hold.

use latchkey_core::saml::response::Covered;
use latchkey_tests::browser::Browser;
use latchkey_tests::provider_saml::{
    Algorithm, ClaimNames, NameId, SamlProvider, SamlpShape, Signed, SimpleSamlShape,
};
use latchkey_tests::service_provider::Answer;
use url::Url;

use crate::bench::{
    BOB, Judge, OLIVIA, answer, answer_at, certificate, rules, samlp, service_redirect,
    simplesamlphp,
};

const OWNER: (&str, u32) = ("Owner", 1);
const CONTRIBUTOR: (&str, u32) = ("Contributor", 2);
const SIGNED: [(Signed, Covered); 3] = [
    (Signed::Assertion, Covered::Assertion),
    (Signed::Response, Covered::Response),
    (Signed::Both, Covered::Both),
];

#[tokio::test]
async fn each_signed_part_of_simplesamlphp_proves_two_people() {
    for (signed, covered) in SIGNED {
        let provider = simplesamlphp(SimpleSamlShape {
            signed,
            ..SimpleSamlShape::default()
        });
        let judge = Judge::of(&provider);
        let role = judge.assert_role(&answer(&provider, OLIVIA).await, OWNER, &[]);
        assert_eq!(role, covered);
        judge.assert_role(&answer(&provider, BOB).await, CONTRIBUTOR, &[]);
    }
}

#[tokio::test]
async fn each_signed_part_of_samlp_proves_two_people() {
    for (signed, covered) in SIGNED {
        let provider = samlp(SamlpShape {
            signed,
            ..SamlpShape::default()
        });
        let judge = Judge::of(&provider);
        let role = judge.assert_role(&answer(&provider, OLIVIA).await, OWNER, &[]);
        assert_eq!(role, covered);
        judge.assert_role(&answer(&provider, BOB).await, CONTRIBUTOR, &[]);
    }
}

#[tokio::test]
async fn stronger_digests_hold_as_well() {
    for algorithm in [Algorithm::RsaSha384, Algorithm::RsaSha512] {
        let provider = simplesamlphp(SimpleSamlShape {
            algorithm,
            ..SimpleSamlShape::default()
        });
        Judge::of(&provider).assert_role(&answer(&provider, OLIVIA).await, OWNER, &[]);
    }
}

#[tokio::test]
async fn an_answer_may_be_for_other_services_too() {
    let provider = simplesamlphp(SimpleSamlShape {
        also_for: vec!["https://another.example".to_owned()],
        ..SimpleSamlShape::default()
    });
    Judge::of(&provider).assert_role(&answer(&provider, OLIVIA).await, OWNER, &[]);
}

#[tokio::test]
async fn an_answer_at_a_loopback_callback_holds_there() {
    let callback: Url = "http://127.0.0.1:9/callback".parse().unwrap();
    let simplesamlphp = simplesamlphp(SimpleSamlShape {
        callback_port: Some(9),
        ..SimpleSamlShape::default()
    });
    let samlp = samlp(SamlpShape {
        callback_port: Some(9),
        ..SamlpShape::default()
    });
    for provider in [simplesamlphp, samlp] {
        let mut judge = Judge::of(&provider);
        judge.connection.login_redirect_url = callback.clone();
        let answer = answer_at(&callback, &provider, OLIVIA).await;
        judge.assert_role(&answer, OWNER, &[]);
    }
}

#[tokio::test]
async fn a_certificate_that_waits_for_its_turn_does_no_harm() {
    let [next, provider] = [(), ()].map(|()| simplesamlphp(SimpleSamlShape::default()));
    let mut judge = Judge::of(&provider);
    judge.connection.certificates.insert(0, certificate(&next));
    judge.assert_role(&answer(&provider, OLIVIA).await, OWNER, &[]);
}

#[tokio::test]
async fn a_name_that_changes_each_time_is_said_and_the_address_counts() {
    let provider = simplesamlphp(SimpleSamlShape {
        name_id: NameId::Transient,
        ..SimpleSamlShape::default()
    });
    let judge = Judge::of(&provider);
    let said = ["saml_name_id_transient"];
    judge.assert_role(&answer(&provider, OLIVIA).await, OWNER, &said);
}

#[tokio::test]
async fn claims_under_addresses_give_roles_by_these_names() {
    let provider = samlp(SamlpShape {
        claim_names: ClaimNames::Addresses,
        ..SamlpShape::default()
    });
    let email = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";
    let mut judge = Judge::of(&provider);
    judge.rules = rules(email, "http://schemas.xmlsoap.org/claims/Group");
    judge.assert_role(&answer(&provider, OLIVIA).await, OWNER, &[]);
    judge.assert_role(&answer(&provider, BOB).await, CONTRIBUTOR, &[]);
}

#[tokio::test]
async fn an_answer_that_nobody_asked_for_holds_where_no_request_is_known() {
    for provider in [
        simplesamlphp(SimpleSamlShape::default()),
        samlp(SamlpShape::default()),
    ] {
        let answer = unasked(&provider).await;
        let mut judge = Judge::of(&provider);
        judge.request_id = None;
        judge.assert_role(&answer, OWNER, &[]);
    }
}

#[tokio::test]
async fn the_xml_itself_is_read_like_its_base64() {
    let provider = simplesamlphp(SimpleSamlShape::default());
    let answer = answer(&provider, OLIVIA).await;
    let verdict = Judge::of(&provider).verdict_on_changed(&answer, "Response", "Response");
    assert_eq!(verdict, Judge::of(&provider).verdict(&answer));
    assert!(verdict.passed());
}

pub(crate) async fn unasked(provider: &SamlProvider) -> Answer {
    let password = &provider.person(OLIVIA).password;
    let landing = Browser::new()
        .sign_in(
            &provider.initiate_url,
            OLIVIA,
            password,
            &service_redirect(),
        )
        .await;
    Answer::of(&landing.unwrap())
}
