//! The shapes that do not hold, each for its own reason.

use jiff::{SignedDuration, Timestamp};
use latchkey_core::{Stage, Verdict};
use latchkey_tests::browser::{Browser, Stop};
use latchkey_tests::provider_saml::{Algorithm, SamlpShape, Signed, SimpleSamlShape};
use latchkey_tests::service_provider::{Answer, AuthnRequest};

use crate::accepted::unasked;
use crate::bench::{
    Judge, OLIVIA, answer, answer_at, assert_refused, certificate, samlp, service_redirect,
    simplesamlphp,
};

const SIGNED: [Signed; 3] = [Signed::Assertion, Signed::Response, Signed::Both];

#[tokio::test]
async fn an_answer_that_nobody_signed() {
    let signed = Signed::Nothing;
    let simplesamlphp = simplesamlphp(SimpleSamlShape {
        signed,
        ..SimpleSamlShape::default()
    });
    let samlp = samlp(SamlpShape {
        signed,
        ..SamlpShape::default()
    });
    for provider in [simplesamlphp, samlp] {
        let verdict = Judge::of(&provider).verdict(&answer(&provider, OLIVIA).await);
        assert_refused(&verdict, Stage::Signed, "saml_unsigned");
    }
}

#[tokio::test]
async fn sha_1_is_right_and_too_weak() {
    let algorithm = Algorithm::RsaSha1;
    for signed in SIGNED {
        let simplesamlphp = simplesamlphp(SimpleSamlShape {
            signed,
            algorithm,
            ..SimpleSamlShape::default()
        });
        let samlp = samlp(SamlpShape {
            signed,
            algorithm,
            ..SamlpShape::default()
        });
        for provider in [simplesamlphp, samlp] {
            let verdict = Judge::of(&provider).verdict(&answer(&provider, OLIVIA).await);
            assert_refused(&verdict, Stage::Signed, "signed_with_sha1");
        }
    }
}

#[tokio::test]
async fn a_key_of_1024_bits_is_right_and_too_short() {
    let key_bits = Some(1024);
    let simplesamlphp = simplesamlphp(SimpleSamlShape {
        key_bits,
        ..SimpleSamlShape::default()
    });
    let samlp = samlp(SamlpShape {
        key_bits,
        ..SamlpShape::default()
    });
    for provider in [simplesamlphp, samlp] {
        let verdict = Judge::of(&provider).verdict(&answer(&provider, OLIVIA).await);
        assert_refused(&verdict, Stage::Signed, "signed_with_short_key");
    }
}

#[tokio::test]
async fn a_signature_by_a_certificate_that_the_set_up_does_not_have() {
    let [other, provider] = [(), ()].map(|()| simplesamlphp(SimpleSamlShape::default()));
    let answer = answer(&provider, OLIVIA).await;
    let mut judge = Judge::of(&provider);
    judge.connection.certificates = vec![certificate(&other)];
    assert_refused(
        &judge.verdict(&answer),
        Stage::Signed,
        "signed_by_other_certificate",
    );
}

#[tokio::test]
async fn what_was_changed_after_it_was_signed() {
    for signed in SIGNED {
        let simplesamlphp = simplesamlphp(SimpleSamlShape {
            signed,
            ..SimpleSamlShape::default()
        });
        let samlp = samlp(SamlpShape {
            signed,
            ..SamlpShape::default()
        });
        for provider in [simplesamlphp, samlp] {
            let (judge, answer) = (Judge::of(&provider), answer(&provider, OLIVIA).await);
            let verdict = judge.verdict_on_changed(&answer, OLIVIA, "eve@acme.example");
            assert_refused(&verdict, Stage::Signed, "signed_content_changed");
            // The same value for whoever compares without its white space.
            let padded = format!("{OLIVIA} ");
            let verdict = judge.verdict_on_changed(&answer, OLIVIA, &padded);
            assert_refused(&verdict, Stage::Signed, "signed_content_changed");
            let verdict = judge.verdict_on_changed(&answer, "SignatureValue>", "SignatureValue>A");
            assert_eq!(
                verdict.failed_at().map(|report| report.stage),
                Some(Stage::Signed)
            );
        }
    }
}

#[tokio::test]
async fn an_answer_of_another_provider() {
    let provider = simplesamlphp(SimpleSamlShape::default());
    let answer = answer(&provider, OLIVIA).await;
    let refused_for = |issuer: &str, code| {
        let mut judge = Judge::of(&provider);
        judge.connection.issuer = issuer.to_owned();
        assert_refused(&judge.verdict(&answer), Stage::Addressed, code);
    };
    let own = &provider.entity_id;
    refused_for("https://another.example", "saml_issuer_differs");
    refused_for(&format!("{own}/"), "saml_issuer_differs_by_slash");
    refused_for(&own.to_uppercase(), "saml_issuer_differs_by_case");
    refused_for(&format!("{own} "), "saml_issuer_differs_by_space");
}

#[tokio::test]
async fn an_answer_for_another_service() {
    let provider = samlp(SamlpShape {
        audience: Some("https://another.example".to_owned()),
        ..SamlpShape::default()
    });
    let verdict = Judge::of(&provider).verdict(&answer(&provider, OLIVIA).await);
    assert_refused(&verdict, Stage::Addressed, "saml_audience_differs");
}

#[tokio::test]
async fn an_answer_that_was_sent_elsewhere() {
    let elsewhere = || Some("https://another.example/acs".to_owned());
    let provider = samlp(SamlpShape {
        destination: elsewhere(),
        ..SamlpShape::default()
    });
    let verdict = Judge::of(&provider).verdict(&answer(&provider, OLIVIA).await);
    assert_refused(&verdict, Stage::Addressed, "saml_destination_differs");

    let provider = samlp(SamlpShape {
        recipient: elsewhere(),
        ..SamlpShape::default()
    });
    let verdict = Judge::of(&provider).verdict(&answer(&provider, OLIVIA).await);
    assert_refused(&verdict, Stage::Addressed, "saml_recipient_differs");
}

#[tokio::test]
async fn an_answer_for_another_region_of_the_service() {
    let provider = simplesamlphp(SimpleSamlShape::default());
    let answer = answer_at(&provider.acs[1], &provider, OLIVIA).await;
    let verdict = Judge::of(&provider).verdict(&answer);
    assert_refused(&verdict, Stage::Addressed, "saml_answer_for_other_region");
}

#[tokio::test]
async fn an_answer_to_another_request() {
    let provider = samlp(SamlpShape {
        in_response_to: Some("_another-request".to_owned()),
        ..SamlpShape::default()
    });
    let verdict = Judge::of(&provider).verdict(&answer(&provider, OLIVIA).await);
    assert_refused(&verdict, Stage::Answered, "saml_answers_other_request");
}

#[tokio::test]
async fn an_answer_that_nobody_asked_for() {
    for provider in [
        simplesamlphp(SimpleSamlShape::default()),
        samlp(SamlpShape::default()),
    ] {
        let verdict = Judge::of(&provider).verdict(&unasked(&provider).await);
        assert_refused(&verdict, Stage::Answered, "saml_unsolicited");
    }
}

#[tokio::test]
async fn an_answer_too_late_and_one_too_early() {
    let simplesamlphp = simplesamlphp(SimpleSamlShape::default());
    let samlp = samlp(SamlpShape {
        lifetime: Some(1),
        ..SamlpShape::default()
    });
    for provider in [simplesamlphp, samlp] {
        let answer = answer(&provider, OLIVIA).await;
        let issued = time(&answer, "Assertion", "IssueInstant");
        let until = time(&answer, "Conditions", "NotOnOrAfter");
        let mut judge = Judge::of(&provider);
        let second = SignedDuration::from_secs(1);
        assert!(judge.verdict_at(until - second, &answer).passed());
        for late in [until, until + second] {
            let verdict = judge.verdict_at(late, &answer);
            assert_refused(&verdict, Stage::InTime, "saml_expired");
        }
        // The clocks of two good computers differ by less than a minute.
        let stage = |verdict: Verdict| verdict.failed_at().map(|failed| failed.stage);
        let early = judge.verdict_at(issued - second * 59, &answer);
        assert_eq!(stage(early), None);
        let early = judge.verdict_at(issued - second * 62, &answer);
        assert_eq!(stage(early), Some(Stage::InTime));
    }
}

#[tokio::test]
async fn a_person_who_cancels_at_the_provider() {
    for signed in SIGNED {
        let provider = samlp(SamlpShape {
            signed,
            ..SamlpShape::default()
        });
        let acs = service_redirect();
        let (browser, request) = (Browser::new(), AuthnRequest::to(&acs));
        let Stop::Page(page) = browser
            .open(&request.address(&provider), &acs)
            .await
            .unwrap()
        else {
            panic!("nobody was asked to sign in");
        };
        let mut form = page.form().unwrap();
        form.press("cancel", "yes");
        let Stop::Landing(landing) = browser.submit(&form, &acs).await.unwrap() else {
            panic!("a page came instead of the answer");
        };
        let verdict = Judge::of(&provider).verdict(&Answer::of(&landing));
        assert_refused(&verdict, Stage::Answered, "saml_provider_failed");
    }
}

/// A time that the answer says.
fn time(answer: &Answer, element: &str, attribute: &str) -> Timestamp {
    let document = roxmltree::Document::parse(&answer.xml).unwrap();
    let mut nodes = document.descendants();
    let said = nodes.find(|node| node.tag_name().name() == element);
    said.unwrap().attribute(attribute).unwrap().parse().unwrap()
}
