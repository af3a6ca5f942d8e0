//! SimpleSAMLphp in every shape of answer.

use latchkey_tests::browser::{Browser, BrowserError, Stop};
use latchkey_tests::provider_saml::{
    Algorithm, Encrypted, NameId, Person, SERVICE, SERVICE_REDIRECT, Signed, SimpleSamlShape,
};
use latchkey_tests::service_provider::{Answer, AuthnRequest};
use strum::VariantArray;
use url::Url;

use crate::bench::{BOB, OLIVIA, service_redirect};
use crate::saml_bench::{
    algorithms, answer, answer_to, assert_signed, attribute, claim, simplesamlphp, text,
};
use crate::xmlsec::{self, KeyPair};

const EMAIL: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
const TRANSIENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";

#[tokio::test]
async fn what_is_signed_is_what_the_shape_says() {
    for &signed in Signed::VARIANTS {
        let provider = simplesamlphp(SimpleSamlShape {
            signed,
            ..SimpleSamlShape::default()
        });
        let answer = answer(&provider, OLIVIA).await;
        assert_signed(&answer.xml, signed, &provider);
    }
}

#[tokio::test]
async fn the_algorithm_is_what_the_shape_says() {
    let digests = [
        "xmlenc#sha256",
        "xmldsig#sha1",
        "xmldsig-more#sha384",
        "xmlenc#sha512",
    ];
    for (&algorithm, digest) in Algorithm::VARIANTS.iter().zip(digests) {
        let provider = simplesamlphp(SimpleSamlShape {
            algorithm,
            ..SimpleSamlShape::default()
        });
        let xml = answer(&provider, OLIVIA).await.xml;
        assert_signed(&xml, Signed::Assertion, &provider);
        let [method] = &algorithms(&xml, "SignatureMethod")[..] else {
            panic!("{xml}");
        };
        assert!(method.ends_with(<&str>::from(algorithm)), "{method}");
        let [method] = &algorithms(&xml, "DigestMethod")[..] else {
            panic!("{xml}");
        };
        assert!(method.ends_with(digest), "{method}");
    }
}

#[tokio::test]
async fn a_short_key_signs_all_the_same() {
    let provider = simplesamlphp(SimpleSamlShape {
        key_bits: Some(1024),
        ..SimpleSamlShape::default()
    });
    let xml = answer(&provider, OLIVIA).await.xml;
    assert_signed(&xml, Signed::Assertion, &provider);
}

#[tokio::test]
async fn the_key_of_another_start_signed_nothing_here() {
    let [one, other] = [(), ()].map(|()| simplesamlphp(SimpleSamlShape::default()));
    let xml = answer(&one, OLIVIA).await.xml;
    assert!(xmlsec::holds(&xml, "Assertion", &one.certificate));
    assert!(!xmlsec::holds(&xml, "Assertion", &other.certificate));
    let changed = xml.replace(OLIVIA, "eve@acme.example");
    assert!(!xmlsec::holds(&changed, "Assertion", &one.certificate));
}

#[tokio::test]
async fn an_assertion_is_encrypted_and_signed_within() {
    let service = KeyPair::new();
    for signed in [Signed::Assertion, Signed::Both] {
        let provider = simplesamlphp(SimpleSamlShape {
            signed,
            encrypted_to: Some(service.certificate.clone()),
            ..SimpleSamlShape::default()
        });
        let xml = answer(&provider, OLIVIA).await.xml;
        assert!(
            !xml.contains(OLIVIA) && !xml.contains("<saml:Assertion"),
            "{xml}"
        );
        let [data, key] = &algorithms(&xml, "EncryptionMethod")[..] else {
            panic!("{xml}");
        };
        assert!(
            data.ends_with("#aes128-cbc") && key.ends_with("#rsa-oaep-mgf1p"),
            "{data} {key}"
        );
        let is_signed = signed == Signed::Both;
        assert_eq!(
            xmlsec::holds(&xml, "Response", &provider.certificate),
            is_signed
        );

        let clear = xmlsec::decrypted(&xml, &service.key);
        assert!(
            xmlsec::holds(&clear, "Assertion", &provider.certificate),
            "{clear}"
        );
        assert_eq!(text(&clear, "NameID"), OLIVIA);
    }
}

#[tokio::test]
async fn a_name_id_is_encrypted_in_a_signed_assertion() {
    let service = KeyPair::new();
    let provider = simplesamlphp(SimpleSamlShape {
        encrypted_to: Some(service.certificate.clone()),
        encrypted: Encrypted::NameId,
        ..SimpleSamlShape::default()
    });
    let xml = answer(&provider, OLIVIA).await.xml;
    assert_signed(&xml, Signed::Assertion, &provider);
    assert!(xml.contains("<saml:EncryptedID"), "{xml}");
    assert_eq!(claim(&xml, "email"), [OLIVIA]);
    assert_eq!(
        text(&xmlsec::decrypted(&xml, &service.key), "NameID"),
        OLIVIA
    );
}

#[tokio::test]
async fn an_answer_names_the_request_the_service_and_the_person() {
    let provider = simplesamlphp(SimpleSamlShape {
        also_for: vec!["https://another.example".to_owned()],
        ..SimpleSamlShape::default()
    });
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
    assert!(xml.contains(&format!("<saml:Audience>{SERVICE}</saml:Audience><saml:Audience>https://another.example</saml:Audience>")), "{xml}");
    assert_eq!(claim(xml, "email"), [BOB]);
    assert_eq!(claim(xml, "groups"), ["Everyone", "SecOps"]);
}

#[tokio::test]
async fn one_group_is_one_value() {
    let groups = vec!["SecOps".to_owned()];
    let person = Person {
        sub: "person-3".to_owned(),
        email: "carol@acme.example".to_owned(),
        password: "carol-signs-in".to_owned(),
        name: "Carol Single".to_owned(),
        groups,
    };
    let provider = simplesamlphp(SimpleSamlShape {
        people: Some(vec![person]),
        ..SimpleSamlShape::default()
    });
    let xml = answer(&provider, "carol@acme.example").await.xml;
    assert_eq!(claim(&xml, "groups"), ["SecOps"]);
}

#[tokio::test]
async fn a_name_id_is_the_address_or_another_one_each_time() {
    let provider = simplesamlphp(SimpleSamlShape::default());
    let xml = answer(&provider, OLIVIA).await.xml;
    assert_eq!(attribute(&xml, "NameID", "Format").as_deref(), Some(EMAIL));
    assert_eq!(text(&xml, "NameID"), OLIVIA);

    let provider = simplesamlphp(SimpleSamlShape {
        name_id: NameId::Transient,
        ..SimpleSamlShape::default()
    });
    let first = answer(&provider, OLIVIA).await.xml;
    let second = answer(&provider, OLIVIA).await.xml;
    assert_eq!(
        attribute(&first, "NameID", "Format").as_deref(),
        Some(TRANSIENT)
    );
    assert_ne!(text(&first, "NameID"), text(&second, "NameID"));
    assert_eq!(claim(&first, "email"), [OLIVIA]);
}

#[tokio::test]
async fn the_provider_may_begin_and_then_answers_nobody() {
    let provider = simplesamlphp(SimpleSamlShape::default());
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
    let provider = simplesamlphp(SimpleSamlShape::default());
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
async fn a_browser_signs_in_unasked_until_a_sign_in_is_forced() {
    let provider = simplesamlphp(SimpleSamlShape::default());
    let (browser, acs) = (Browser::new(), service_redirect());
    let mut request = AuthnRequest::to(&acs);
    request
        .signed_in(&provider, &browser, OLIVIA)
        .await
        .unwrap();
    let unasked = browser.open(&request.address(&provider), &acs).await;
    assert!(matches!(unasked, Ok(Stop::Landing(_))), "{unasked:?}");

    request.force_authn = true;
    let asked = browser.open(&request.address(&provider), &acs).await;
    assert!(matches!(asked, Ok(Stop::Page(_))), "{asked:?}");
    let landing = request.signed_in(&provider, &browser, BOB).await.unwrap();
    assert_eq!(claim(&Answer::of(&landing).xml, "email"), [BOB]);
}

#[tokio::test]
async fn a_wrong_password_is_refused() {
    let provider = simplesamlphp(SimpleSamlShape::default());
    let request = AuthnRequest::to(&service_redirect());
    let refused = Browser::new()
        .sign_in(&request.address(&provider), OLIVIA, "guess", &request.acs)
        .await;
    assert!(
        matches!(&refused, Err(BrowserError::Refused(text)) if text.contains("Incorrect username or password")),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_loopback_callback_is_answered_and_an_unknown_one_gives_the_service_its_answer() {
    let provider = simplesamlphp(SimpleSamlShape {
        callback_port: Some(9),
        ..SimpleSamlShape::default()
    });
    let callback: Url = "http://127.0.0.1:9/callback".parse().unwrap();
    let xml = answer_to(&AuthnRequest::to(&callback), &provider, OLIVIA)
        .await
        .xml;
    assert_eq!(
        attribute(&xml, "Response", "Destination").as_deref(),
        Some(callback.as_str())
    );

    let mut request = AuthnRequest::to(&service_redirect());
    request.acs = "http://127.0.0.1:10/callback".parse().unwrap();
    let password = &provider.person(OLIVIA).password;
    let landing = Browser::new()
        .sign_in(
            &request.address(&provider),
            OLIVIA,
            password,
            &service_redirect(),
        )
        .await;
    let xml = Answer::of(&landing.unwrap()).xml;
    assert_eq!(
        attribute(&xml, "Response", "Destination").as_deref(),
        Some(SERVICE_REDIRECT)
    );
}

#[tokio::test]
async fn a_service_that_it_does_not_know_gets_a_page_and_no_answer() {
    let provider = simplesamlphp(SimpleSamlShape::default());
    let mut request = AuthnRequest::to(&service_redirect());
    request.issuer = "another.example".to_owned();
    let refused = request.signed_in(&provider, &Browser::new(), OLIVIA).await;
    assert!(
        matches!(&refused, Err(BrowserError::NoForm { text, .. }) if text.contains("Metadata not found")),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_dropped_provider_answers_no_more() {
    let provider = simplesamlphp(SimpleSamlShape::default());
    let address = provider.metadata_url.clone();
    drop(provider);
    let refused = Browser::new().open(&address, &service_redirect()).await;
    assert!(matches!(refused, Err(BrowserError::Http(error)) if error.is_connect()));
}
