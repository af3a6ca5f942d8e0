//! Requests that are signed, where the application's certificate is registered.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use latchkey_core::saml::key_pair::KeyPair;
use latchkey_core::saml::request::RelayState;
use latchkey_practice::Practice;

use crate::browser::{Browser, Shown};
use crate::judged::{connection, key, knowing_the_key, request};
use crate::service::practice;

#[tokio::test]
async fn a_request_by_redirect_has_to_be_signed_by_the_registered_key_where_it_is_signed() {
    let practice = knowing_the_key().await;
    let connection = connection(&practice).await;
    let other = KeyPair::make("another", Timestamp::now()).unwrap();
    for (key, state, admitted) in [
        (Some(key()), "state", true),
        (Some(key()), "a+b %20&=ä", true),
        (None, "state", true),
        (Some(&other), "state", false),
    ] {
        let url = request(&connection).redirect_url(RelayState::parse(state).as_ref(), key);
        let shown = Browser::new().open(url).await;
        assert_eq!(shown.hidden("request").is_some(), admitted, "{state}");
        assert_eq!(shown.body.contains("saml_signature_mismatch"), !admitted);
    }
    let url = request(&connection).redirect_url(RelayState::parse("state").as_ref(), Some(key()));
    for (from, to) in [
        ("RelayState=state", "RelayState=other"),
        ("&RelayState=state", ""),
        ("rsa-sha256", "rsa-sha512"),
        ("Signature=", "Signature=AA"),
    ] {
        let altered = url.as_str().replace(from, to);
        assert_ne!(altered, url.as_str());
        let shown = Browser::new().open(altered.parse().unwrap()).await;
        assert!(shown.body.contains("saml_signature_mismatch"), "{from}");
    }
}

#[tokio::test]
async fn a_posted_request_has_to_be_signed_by_the_registered_key_where_it_is_signed() {
    let practice = knowing_the_key().await;
    let request = request(&connection(&practice).await);
    let other = KeyPair::make("another", Timestamp::now()).unwrap();
    for (key, admitted) in [(Some(key()), true), (None, true), (Some(&other), false)] {
        let shown = posted(&practice, &request.xml(key)).await;
        assert_eq!(shown.hidden("request").is_some(), admitted);
        assert_eq!(shown.body.contains("saml_signature_mismatch"), !admitted);
    }
    let signed = request.xml(Some(key()));
    for (from, to) in [
        ("ForceAuthn=\"true\"", "ForceAuthn=\"1\""),
        ("format:unspecified", "format:emailAddress"),
        ("URI=\"#", "URI=\"#x"),
        ("#rsa-sha256", "#rsa-sha512"),
        ("xmlenc#sha256", "xmlenc#sha512"),
        ("<ds:DigestValue>", "<ds:DigestValue>AAAA"),
        ("<ds:SignatureValue>", "<ds:SignatureValue>AAAA"),
        (
            "xml-exc-c14n#\"></ds:Transform>",
            "xml-c14n11\"></ds:Transform>",
        ),
    ] {
        let altered = signed.replacen(from, to, 1);
        assert_ne!(altered, signed, "{from}");
        let shown = posted(&practice, &altered).await;
        assert!(shown.body.contains("saml_signature_mismatch"), "{from}");
    }
}

#[tokio::test]
async fn a_posted_request_may_be_written_in_any_way_that_means_the_same() {
    let practice = knowing_the_key().await;
    let signed = request(&connection(&practice).await).xml(Some(key()));
    for (from, to) in [
        (
            "<samlp:AuthnRequest ",
            "<?xml version=\"1.0\"?>\n<samlp:AuthnRequest\n  ",
        ),
        ("ForceAuthn=\"true\"", "ForceAuthn='&#116;rue'"),
        ("</saml:Issuer>", "<!-- a comment --></saml:Issuer>"),
        (
            "<samlp:AuthnRequest ",
            "<samlp:AuthnRequest xmlns:unused=\"urn:unused\" ",
        ),
        ("></samlp:NameIDPolicy>", "/>"),
    ] {
        let rewritten = signed.replacen(from, to, 1);
        assert_ne!(rewritten, signed, "{from}");
        let shown = posted(&practice, &rewritten).await;
        assert!(shown.hidden("request").is_some(), "{to}: {}", shown.body);
    }
}

#[tokio::test]
async fn signatures_are_passed_over_where_no_certificate_is_registered() {
    let practice = practice().await;
    let connection = connection(&practice).await;
    let signed = request(&connection).xml(Some(key()));
    let altered = signed.replacen("<ds:SignatureValue>", "<ds:SignatureValue>AAAA", 1);
    assert!(
        posted(&practice, &altered)
            .await
            .hidden("request")
            .is_some()
    );
    let url = request(&connection).redirect_url(None, Some(key()));
    let altered = url.as_str().replace("Signature=", "Signature=AA");
    let shown = Browser::new().open(altered.parse().unwrap()).await;
    assert!(shown.hidden("request").is_some());
}

async fn posted(practice: &Practice, xml: &str) -> Shown {
    let to = practice.saml_sign_on_url().parse().unwrap();
    let fields = [("SAMLRequest", &*STANDARD.encode(xml))];
    Browser::new().submit(to, &fields).await
}
