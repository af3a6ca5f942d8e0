use std::io::Read;

use flate2::read::DeflateDecoder;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use rsa::pkcs1::EncodeRsaPublicKey;
use rsa::pkcs8::DecodePublicKey;

use super::*;
use crate::connection::RequestBinding;

const ACS: &str = "https://app.torq.io/__/auth/handler";
const NOW: &str = "2026-11-22T12:00:00.75Z";

fn connection(sign_on_url: &str) -> SamlConnection {
    SamlConnection {
        provider: "jumpcloud".into(),
        issuer: "JumpCloud".into(),
        sign_on_url: sign_on_url.parse().unwrap(),
        request_binding: RequestBinding::Redirect,
        sign_requests: false,
        certificates: Vec::new(),
        audience: "torq.io".into(),
        login_redirect_url: ACS.parse().unwrap(),
    }
}

fn request(sign_on_url: &str) -> AuthnRequest {
    AuthnRequest::new(
        &connection(sign_on_url),
        &ACS.parse().unwrap(),
        "_1".into(),
        NOW.parse().unwrap(),
        true,
    )
}

fn pair() -> KeyPair {
    KeyPair::make("Acme", NOW.parse().unwrap()).unwrap()
}

fn verifies(key: &KeyPair, message: &str, signature: &str) -> bool {
    let public = rsa::RsaPublicKey::from_public_key_der(key.certificate().public_key()).unwrap();
    let public = public.to_pkcs1_der().unwrap();
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public.as_bytes())
        .verify(message.as_bytes(), &STANDARD.decode(signature).unwrap())
        .is_ok()
}

fn inflated(message: &str) -> String {
    let bytes = STANDARD.decode(message).unwrap();
    let mut xml = String::new();
    DeflateDecoder::new(&*bytes)
        .read_to_string(&mut xml)
        .unwrap();
    xml
}

/// The text between two marks.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let text = &text[text.find(start).unwrap() + start.len()..];
    &text[..text.find(end).unwrap()]
}

#[test]
fn the_message_says_what_the_connection_says() {
    let xml = request("https://sso.jumpcloud.com/saml2/acme").xml(None);
    let document = roxmltree::Document::parse(&xml).unwrap();
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), "AuthnRequest");
    for (name, value) in [
        ("ID", "_1"),
        ("Version", "2.0"),
        ("IssueInstant", "2026-11-22T12:00:00Z"),
        ("Destination", "https://sso.jumpcloud.com/saml2/acme"),
        ("AssertionConsumerServiceURL", ACS),
        (
            "ProtocolBinding",
            "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST",
        ),
        ("ForceAuthn", "true"),
    ] {
        assert_eq!(root.attribute(name), Some(value));
    }
    let children: Vec<_> = root.children().map(|c| c.tag_name().name()).collect();
    assert_eq!(children, ["Issuer", "NameIDPolicy"]);
    assert_eq!(root.first_child().unwrap().text(), Some("torq.io"));
    let policy = root.last_child().unwrap();
    assert_eq!(policy.attribute("AllowCreate"), Some("true"));
    assert_eq!(
        policy.attribute("Format"),
        Some(NameIdFormat::Unspecified.urn())
    );
}

#[test]
fn a_person_is_asked_again_and_a_format_is_asked_for_only_when_wanted() {
    let request = AuthnRequest::new(
        &connection("https://idp.example/sso"),
        &ACS.parse().unwrap(),
        "_1".into(),
        NOW.parse().unwrap(),
        false,
    )
    .name_id_format(NameIdFormat::EmailAddress);
    let xml = request.xml(None);
    assert!(!xml.contains("ForceAuthn"), "{xml}");
    assert!(!xml.contains("RequestedAuthnContext"), "{xml}");
    assert!(xml.contains(NameIdFormat::EmailAddress.urn()), "{xml}");
}

#[test]
fn values_that_mean_something_in_xml_stay_values() {
    let mut connection = connection("https://idp.example/sso?a=1&b=%22%3Cx%3E");
    connection.audience = "a&b<c>\"d\"]]>".into();
    let request = AuthnRequest::new(
        &connection,
        &ACS.parse().unwrap(),
        "_\"&<".into(),
        NOW.parse().unwrap(),
        true,
    );
    let xml = request.xml(None);
    let document = roxmltree::Document::parse(&xml).unwrap();
    let root = document.root_element();
    assert_eq!(root.attribute("ID"), Some("_\"&<"));
    assert_eq!(
        root.attribute("Destination"),
        Some("https://idp.example/sso?a=1&b=%22%3Cx%3E")
    );
    assert_eq!(root.first_child().unwrap().text(), Some("a&b<c>\"d\"]]>"));
}

#[test]
fn by_redirect_the_message_is_deflated_and_the_signature_covers_the_query() {
    let key = pair();
    let state = RelayState::parse("a b&c=d/é").unwrap();
    let url = request("https://idp.example/sso").redirect_url(Some(&state), Some(&key));
    let query = url.query().unwrap();
    let (signed, signature) = query.split_once("&Signature=").unwrap();
    let names: Vec<_> = signed
        .split('&')
        .map(|part| part.split('=').next().unwrap())
        .collect();
    assert_eq!(names, ["SAMLRequest", "RelayState", "SigAlg"]);
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    assert_eq!(
        inflated(&pairs[0].1),
        request("https://idp.example/sso").xml(None)
    );
    assert_eq!(pairs[1].1, "a b&c=d/é");
    assert_eq!(pairs[2].1, RSA_SHA256);
    assert!(verifies(&key, signed, &pairs[3].1), "{signature}");
    assert!(!verifies(&key, &signed[1..], &pairs[3].1));
}

#[test]
fn without_a_key_and_a_state_the_message_is_alone() {
    let url = request("https://idp.example/sso").redirect_url(None, None);
    let names: Vec<String> = url.query_pairs().map(|(name, _)| name.into()).collect();
    assert_eq!(names, ["SAMLRequest"]);
}

#[test]
fn a_query_of_the_sign_on_address_is_kept_as_it_is() {
    for (query, kept) in [
        ("?idp=1&x=%2f+%20", "idp=1&x=%2f+%20&"),
        ("?flag", "flag&"),
        ("?", ""),
        ("#part", ""),
        ("?a=1#part", "a=1&"),
        ("?a=1&&b=2", "a=1&b=2&"),
        // What would stand twice, and be read by one side and signed for the other.
        ("?RelayState=old&a=1&SAMLRequest=x&SigAlg=y", "a=1&"),
    ] {
        let url = request(&format!("https://idp.example/sso{query}"))
            .redirect_url(Some(&RelayState::random()), None);
        let got = url.query().unwrap();
        assert!(got.starts_with(&format!("{kept}SAMLRequest=")), "{got}");
        assert_eq!(url.fragment(), None);
        assert_eq!(got.matches("RelayState=").count(), 1, "{got}");
    }
}

#[test]
fn by_form_the_message_holds_its_signature_behind_the_issuer() {
    let key = pair();
    let request = request("https://idp.example/sso?tenant=1");
    let form = request.post_form(Some(&RelayState::parse("s").unwrap()), Some(&key));
    assert_eq!(form.action.as_str(), "https://idp.example/sso?tenant=1");
    assert_eq!(form.fields[1], ("RelayState".to_owned(), "s".to_owned()));
    assert_eq!(form.fields[0].0, "SAMLRequest");
    let xml = String::from_utf8(STANDARD.decode(&form.fields[0].1).unwrap()).unwrap();
    let document = roxmltree::Document::parse(&xml).unwrap();
    let children: Vec<_> = document
        .root_element()
        .children()
        .map(|c| c.tag_name().name())
        .collect();
    assert_eq!(children, ["Issuer", "Signature", "NameIDPolicy"]);

    let digest = between(&xml, "<ds:DigestValue>", "</ds:DigestValue>");
    assert_eq!(digest, STANDARD.encode(Sha256::digest(request.xml(None))));
    // The canonical form of SignedInfo declares the namespace that Signature declares around it.
    let signed = format!(
        "<ds:SignedInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">{}</ds:SignedInfo>",
        between(&xml, "<ds:SignedInfo>", "</ds:SignedInfo>")
    );
    let value = between(&xml, "<ds:SignatureValue>", "</ds:SignatureValue>");
    assert!(verifies(&key, &signed, value));
    assert!(xml.contains("<ds:Reference URI=\"#_1\">"), "{xml}");
    let certificate = between(&xml, "<ds:X509Certificate>", "</ds:X509Certificate>");
    assert_eq!(certificate, STANDARD.encode(key.certificate().der()));
}

#[test]
fn ids_and_states_are_new_each_time_and_may_start_an_xml_id() {
    let (one, other) = (AuthnRequest::new_id(), AuthnRequest::new_id());
    assert_ne!(one, other);
    assert!(one.starts_with('_') && one.len() == 33, "{one}");
    assert_ne!(RelayState::random(), RelayState::random());
}

#[test]
fn a_state_is_at_most_eighty_bytes() {
    assert!(RelayState::parse(&"x".repeat(80)).is_some());
    assert!(RelayState::parse(&"x".repeat(81)).is_none());
    assert!(RelayState::parse(&"é".repeat(41)).is_none());
}

#[test]
fn the_services_metadata_says_where_and_with_which_keys() {
    let key = pair();
    let acs: Url = ACS.parse().unwrap();
    let own = OwnMetadata {
        entity_id: "torq.io/\"&<",
        acs: &acs,
        key_pair: Some(&key),
        requests_signed: true,
        want_assertions_signed: true,
    };
    let xml = service_metadata(&own);
    let document = roxmltree::Document::parse(&xml).unwrap();
    let root = document.root_element();
    assert_eq!(root.attribute("entityID"), Some("torq.io/\"&<"));
    let role = root.first_element_child().unwrap();
    assert_eq!(role.attribute("AuthnRequestsSigned"), Some("true"));
    assert_eq!(role.attribute("WantAssertionsSigned"), Some("true"));
    let children: Vec<_> = role
        .children()
        .filter(roxmltree::Node::is_element)
        .map(|c| (c.tag_name().name(), c.attribute("use")))
        .collect();
    assert_eq!(
        children,
        [
            ("KeyDescriptor", Some("signing")),
            ("KeyDescriptor", Some("encryption")),
            ("NameIDFormat", None),
            ("NameIDFormat", None),
            ("AssertionConsumerService", None),
        ]
    );
    let endpoint = role.last_element_child().unwrap();
    assert_eq!(endpoint.attribute("Location"), Some(ACS));
    assert_eq!(endpoint.attribute("index"), Some("0"));
}

#[test]
fn without_a_key_pair_no_request_is_called_signed() {
    let acs: Url = ACS.parse().unwrap();
    let xml = service_metadata(&OwnMetadata {
        entity_id: "torq.io",
        acs: &acs,
        key_pair: None,
        requests_signed: true,
        want_assertions_signed: false,
    });
    assert!(xml.contains("AuthnRequestsSigned=\"false\""), "{xml}");
    assert!(!xml.contains("KeyDescriptor"), "{xml}");
}

#[test]
fn latchkeys_own_verifier_finds_the_signature_right_and_a_changed_message_wrong() {
    let key = pair();
    let verified = |xml: &str| {
        let checked = crate::xml::Checked::new(xml.as_bytes(), &crate::xml::Limits::MESSAGE);
        let checked = checked.unwrap();
        let document = checked.parse().unwrap();
        let signature = document
            .descendants()
            .find(|it| it.tag_name().name() == "Signature")
            .unwrap();
        crate::saml::signature::verify(&document, signature, &[key.certificate().clone()])
    };
    let request = request("https://idp.example/sso?a=1&b=2");
    let xml = request.xml(Some(&key));
    let signed = verified(&xml).unwrap();
    assert_eq!(
        signed.bytes(),
        request.xml(None).as_bytes(),
        "what is sent unsigned is its own canonical form"
    );
    for (from, to) in [
        ("torq.io", "torq.iq"),
        ("ForceAuthn=\"true\"", "ForceAuthn=\"false\""),
        ("a=1", "a=2"),
    ] {
        assert!(verified(&xml.replace(from, to)).is_err(), "{to}");
    }
}
