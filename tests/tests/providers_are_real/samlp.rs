//! `samlp`, the second engine: what it shares with SimpleSAMLphp, and what only it can do.

use jiff::{SignedDuration, Timestamp};
use latchkey_tests::browser::{Browser, BrowserError, Stop};
use latchkey_tests::provider_saml::{
    Algorithm, ClaimNames, Encryption, SERVICE_REDIRECT, SamlpShape, Signed,
};
use latchkey_tests::service_provider::{Answer, AuthnRequest};
use strum::VariantArray;

use crate::bench::{BOB, OLIVIA, service_redirect};
use crate::saml_bench::{
    algorithms, answer, answer_to, assert_signed, attribute, claim, samlp, text,
};
use crate::xmlsec::{self, KeyPair};

#[tokio::test]
async fn what_is_signed_is_what_the_shape_says() {
    for &signed in Signed::VARIANTS {
        let provider = samlp(SamlpShape {
            signed,
            ..SamlpShape::default()
        });
        let xml = answer(&provider, OLIVIA).await.xml;
        assert_signed(&xml, signed, &provider);
    }
}

#[tokio::test]
async fn the_algorithm_is_what_the_shape_says() {
    for (algorithm, digest) in [
        (Algorithm::RsaSha256, "#sha256"),
        (Algorithm::RsaSha1, "#sha1"),
    ] {
        let provider = samlp(SamlpShape {
            signed: Signed::Both,
            algorithm,
            ..SamlpShape::default()
        });
        let xml = answer(&provider, OLIVIA).await.xml;
        assert_signed(&xml, Signed::Both, &provider);
        let methods = algorithms(&xml, "SignatureMethod");
        let is_meant = |method: &String| method.ends_with(<&str>::from(algorithm));
        assert!(methods.iter().all(is_meant), "{methods:?}");
        let methods = algorithms(&xml, "DigestMethod");
        assert!(
            methods.iter().all(|method| method.ends_with(digest)),
            "{methods:?}"
        );
    }
}

#[tokio::test]
async fn an_assertion_is_encrypted_by_each_algorithm() {
    let service = KeyPair::new();
    let names = [
        "#aes256-gcm",
        "#aes128-gcm",
        "#aes256-cbc",
        "#aes128-cbc",
        "#tripledes-cbc",
    ];
    for (&encryption, name) in Encryption::VARIANTS.iter().zip(names) {
        let provider = samlp(SamlpShape {
            encrypted_to: Some(service.certificate.clone()),
            encryption,
            ..SamlpShape::default()
        });
        let xml = answer(&provider, OLIVIA).await.xml;
        assert!(!xml.contains(OLIVIA), "{xml}");
        let methods = algorithms(&xml, "EncryptionMethod");
        assert!(methods[0].ends_with(name), "{methods:?}");
        assert!(methods[1].ends_with("#rsa-oaep-mgf1p"), "{methods:?}");

        let clear = xmlsec::decrypted(&xml, &service.key);
        assert!(
            xmlsec::holds(&clear, "Assertion", &provider.certificate),
            "{clear}"
        );
        assert_eq!(text(&clear, "NameID"), OLIVIA);
    }
}

#[tokio::test]
async fn an_answer_names_the_request_the_service_and_the_person() {
    let provider = samlp(SamlpShape::default());
    let request = AuthnRequest::to(&service_redirect());
    let answer = answer_to(&request, &provider, BOB).await;
    let xml = &answer.xml;
    assert_eq!(
        answer.relay_state.as_deref(),
        Some(AuthnRequest::RELAY_STATE)
    );
    assert_eq!(
        attribute(xml, "Response", "InResponseTo"),
        Some(request.id.clone())
    );
    assert_eq!(
        attribute(xml, "Response", "Destination").as_deref(),
        Some(SERVICE_REDIRECT)
    );
    assert_eq!(
        attribute(xml, "SubjectConfirmationData", "InResponseTo"),
        Some(request.id)
    );
    assert_eq!(
        attribute(xml, "SubjectConfirmationData", "Recipient").as_deref(),
        Some(SERVICE_REDIRECT)
    );
    assert_eq!(text(xml, "Audience"), "torq.io");
    assert_eq!(claim(xml, "email"), [BOB]);
    assert_eq!(claim(xml, "groups"), ["Everyone", "SecOps"]);
}

#[tokio::test]
async fn one_thing_at_a_time_is_wrong() {
    let elsewhere = || Some("https://another.example".to_owned());
    let provider = samlp(SamlpShape {
        audience: elsewhere(),
        ..SamlpShape::default()
    });
    let xml = answer(&provider, OLIVIA).await.xml;
    assert_signed(&xml, Signed::Assertion, &provider);
    assert_eq!(text(&xml, "Audience"), "https://another.example");
    assert_eq!(
        attribute(&xml, "Response", "Destination").as_deref(),
        Some(SERVICE_REDIRECT)
    );

    let provider = samlp(SamlpShape {
        recipient: elsewhere(),
        ..SamlpShape::default()
    });
    let xml = answer(&provider, OLIVIA).await.xml;
    assert_eq!(
        attribute(&xml, "SubjectConfirmationData", "Recipient"),
        elsewhere()
    );
    assert_eq!(
        attribute(&xml, "Response", "Destination").as_deref(),
        Some(SERVICE_REDIRECT)
    );

    let provider = samlp(SamlpShape {
        destination: elsewhere(),
        ..SamlpShape::default()
    });
    let xml = answer(&provider, OLIVIA).await.xml;
    assert_eq!(attribute(&xml, "Response", "Destination"), elsewhere());
    assert_eq!(text(&xml, "Audience"), "torq.io");

    let provider = samlp(SamlpShape {
        in_response_to: Some("_another-request".to_owned()),
        ..SamlpShape::default()
    });
    let xml = answer(&provider, OLIVIA).await.xml;
    assert_eq!(
        attribute(&xml, "Response", "InResponseTo").as_deref(),
        Some("_another-request")
    );
}

#[tokio::test]
async fn an_assertion_may_live_for_one_second() {
    let provider = samlp(SamlpShape {
        lifetime: Some(1),
        ..SamlpShape::default()
    });
    let xml = answer(&provider, OLIVIA).await.xml;
    let time = |name| -> Timestamp {
        attribute(&xml, "Conditions", name)
            .unwrap()
            .parse()
            .unwrap()
    };
    let lived = time("NotOnOrAfter").duration_since(time("NotBefore"));
    assert_eq!(lived, SignedDuration::from_secs(1));
}

#[tokio::test]
async fn claims_may_have_the_names_of_ws_federation() {
    let provider = samlp(SamlpShape {
        claim_names: ClaimNames::Addresses,
        ..SamlpShape::default()
    });
    let xml = answer(&provider, OLIVIA).await.xml;
    let email = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";
    assert_eq!(claim(&xml, email), [OLIVIA]);
    assert_eq!(
        claim(&xml, "http://schemas.xmlsoap.org/claims/Group"),
        ["Everyone", "Security Leads"]
    );
    assert_eq!(claim(&xml, "email"), [""; 0]);
}

#[tokio::test]
async fn the_provider_may_begin_and_then_answers_nobody() {
    let provider = samlp(SamlpShape::default());
    let password = &provider.person(OLIVIA).password;
    let landing = Browser::new()
        .sign_in(
            &provider.initiate_url,
            OLIVIA,
            password,
            &service_redirect(),
        )
        .await;
    let answer = Answer::of(&landing.unwrap());
    assert_signed(&answer.xml, Signed::Assertion, &provider);
    assert!(!answer.xml.contains("InResponseTo"), "{}", answer.xml);
    assert_eq!(answer.relay_state.as_deref(), Some("from the provider"));
}

#[tokio::test]
async fn a_request_may_come_by_form() {
    let provider = samlp(SamlpShape::default());
    let request = AuthnRequest::to(&service_redirect());
    let password = &provider.person(OLIVIA).password;
    let landing = Browser::new()
        .sign_in_by_form(&request.form(&provider), OLIVIA, password, &request.acs)
        .await;
    let answer = Answer::of(&landing.unwrap());
    assert_eq!(
        attribute(&answer.xml, "Response", "InResponseTo"),
        Some(request.id)
    );
    assert_eq!(
        answer.relay_state.as_deref(),
        Some(AuthnRequest::RELAY_STATE)
    );
}

#[tokio::test]
async fn cancelling_on_the_sign_in_page_is_a_status_and_no_assertion() {
    let provider = samlp(SamlpShape {
        signed: Signed::Both,
        ..SamlpShape::default()
    });
    let request = AuthnRequest::to(&service_redirect());
    let (browser, acs) = (Browser::new(), service_redirect());
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
    let xml = Answer::of(&landing).xml;
    assert!(!xml.contains("Assertion>"), "{xml}");
    assert!(xml.contains("status:Responder"), "{xml}");
    assert!(
        xmlsec::holds(&xml, "Response", &provider.certificate),
        "{xml}"
    );
    assert_eq!(
        attribute(&xml, "Response", "InResponseTo"),
        Some(request.id)
    );
}

#[tokio::test]
async fn a_wrong_password_is_refused() {
    let provider = samlp(SamlpShape::default());
    let request = AuthnRequest::to(&service_redirect());
    let refused = Browser::new()
        .sign_in(&request.address(&provider), OLIVIA, "guess", &request.acs)
        .await;
    assert!(
        matches!(&refused, Err(BrowserError::Refused(text)) if text.contains("is not right")),
        "{refused:?}"
    );
}
