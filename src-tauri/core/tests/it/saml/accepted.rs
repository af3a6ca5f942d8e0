//! The shapes in which good providers answer.

use latchkey_core::saml::response::Covered;
use latchkey_core::xml::Method;

use super::message::*;
use crate::signed::*;

#[test]
fn a_signed_assertion_a_signed_response_and_both_are_accepted_without_a_remark() {
    for (message, what) in [
        (signed(ANSWER), Covered::Assertion),
        (response_signed(ANSWER), Covered::Response),
        (both_signed(ANSWER), Covered::Both),
    ] {
        assert!(accepted(&message).is_empty(), "{what:?}");
        assert_eq!(covered(&message), what);
    }
}

#[test]
fn the_verdict_holds_what_the_assertion_says() {
    let verdict = judged(&signed(ANSWER));
    assert_eq!(verdict.claims.values("email"), [OWNER]);
    assert_eq!(verdict.claims.values("groups"), ["Everyone", "SecOps"]);
    assert_eq!(verdict.rule, Some(1));
    assert_eq!(verdict.resolution.unwrap().also, [2]);
}

#[test]
fn the_certificate_that_signed_is_told_of_several() {
    let connection = latchkey_core::SamlConnection {
        certificates: vec![OTHER.certificate(), P256.certificate(), RSA.certificate()],
        ..connection()
    };
    for (key, algorithm) in [(RSA, RSA_SHA256), (OTHER, RSA_SHA512), (P256, ECDSA_SHA256)] {
        let message = Signing::by(key, algorithm).sign(ANSWER, "a");
        let (assertion, _) = judged_by(message.as_bytes(), &expected(&connection), &rules());
        assert_eq!(*assertion.unwrap().signed_by(), key.certificate());
    }
}

#[test]
fn prefixes_default_namespaces_and_canonical_forms_are_the_providers_own() {
    let python = ANSWER
        .replace("xmlns:samlp", "xmlns:ns0")
        .replace("samlp:", "ns0:")
        .replace("xmlns:saml=", "xmlns:ns1=")
        .replace("<saml:", "<ns1:")
        .replace("</saml:", "</ns1:");
    let java = ANSWER
        .replace("xmlns:samlp", "xmlns:saml2p")
        .replace("samlp:", "saml2p:")
        .replace("xmlns:saml=", "xmlns:saml2=")
        .replace("<saml:", "<saml2:")
        .replace("</saml:", "</saml2:");
    let plain = ANSWER
        .replace(" xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"", "")
        .replace(
            "<saml:Issuer>",
            "<Issuer xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">",
        )
        .replace("</saml:", "</")
        .replace(
            "<saml:Assertion",
            "<Assertion xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\"",
        )
        .replace("<saml:", "<");
    let minified: String = ANSWER.lines().map(str::trim_start).collect();
    for message in [python, java, plain, minified] {
        for transform in [
            Method::Exclusive(vec![]),
            Method::Exclusive(vec!["saml".into(), "xs".into(), String::new()]),
            Method::Inclusive,
            Method::Inclusive11,
        ] {
            let signing = Signing {
                transform: transform.clone(),
                canonicalization: transform,
                ..Signing::default()
            };
            assert!(accepted(&signing.sign(&message, "a")).is_empty());
            let whole = signing.sign(&message, "r");
            assert!(accepted(&whole).is_empty());
            // Line ends on the way are no change (XML 1.0, section 2.11).
            assert!(accepted(&whole.replace('\n', "\r\n")).is_empty());
            assert!(accepted(&signing.sign(&signing.sign(&message, "a"), "r")).is_empty());
        }
    }
}

#[test]
fn what_the_standard_allows_beside_is_tolerated() {
    let xs = r#"xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance""#;
    for (from, to) in [
        (
            "<saml:AttributeValue>",
            format!(r#"<saml:AttributeValue {xs} xsi:type="xs:string">"#),
        ),
        (
            "<samlp:Status>",
            "<samlp:Extensions><x:y xmlns:x=\"urn:x\">z</x:y></samlp:Extensions><samlp:Status>".into(),
        ),
        (
            "</saml:Conditions>",
            "<saml:OneTimeUse/><saml:ProxyRestriction Count=\"0\"/></saml:Conditions><saml:Advice><saml:AssertionIDRef>q</saml:AssertionIDRef></saml:Advice>".into(),
        ),
        (
            "</saml:AttributeStatement>",
            "</saml:AttributeStatement><saml:AttributeStatement><saml:Attribute Name=\"x\"/></saml:AttributeStatement>".into(),
        ),
        (
            "<saml:Audience>",
            "<saml:Audience>https://other.example</saml:Audience><saml:Audience>".into(),
        ),
        ("<saml:Audience>torq.io<", "<saml:Audience>\n  torq.io\n <".into()),
        (
            "<saml:Audience>torq.io</saml:Audience></saml:AudienceRestriction>",
            "<saml:Audience>torq.io</saml:Audience></saml:AudienceRestriction><saml:AudienceRestriction><saml:Audience>torq.io</saml:Audience></saml:AudienceRestriction>".into(),
        ),
        (
            "<saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\">",
            "<saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:sender-vouches\"/><saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\">".into(),
        ),
        (" SessionNotOnOrAfter=\"2026-11-23T02:00:00Z\"", String::new()),
        (" NotOnOrAfter=\"2026-11-22T18:04:00Z\"", String::new()),
        ("<saml:Conditions NotBefore=\"2026-11-22T17:59:00Z\"", "<saml:Conditions".into()),
        ("Destination=\"https://app.torq.io/", "Destination=\"https://app.torq.io:443/".into()),
        ("17:59:58Z", "17:59:58.123456789Z".into()),
        ("2026-11-22T18:05:00Z", "2026-11-22T19:05:00.000+01:00".into()),
        (" Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\"", String::new()),
        ("<saml:NameID ", "<saml:NameID NameQualifier=\"x\" SPNameQualifier=\"torq.io\" ".into()),
        (
            "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/>",
            "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/><samlp:StatusMessage>fine</samlp:StatusMessage>".into(),
        ),
        ("olivia@acme.example</saml:NameID>", "olivia<!-- -->@acme.example</saml:NameID>".into()),
    ] {
        let message = changed(from, &to);
        assert!(accepted(&signed(&message)).is_empty(), "{to}");
        assert!(accepted(&response_signed(&message)).is_empty(), "{to}");
    }
}

#[test]
fn without_a_response_signature_the_frame_may_be_bare() {
    let bare = ANSWER
        .replacen(
            "  <saml:Issuer>https://idp.acme.example/saml</saml:Issuer>\n",
            "",
            1,
        )
        .replace(" Destination=\"https://app.torq.io/__/auth/handler\"", "");
    assert!(accepted(&signed(&bare)).is_empty());
}

#[test]
fn base64_is_what_a_browser_carries() {
    use base64::Engine;
    let encoded = base64::engine::general_purpose::STANDARD.encode(signed(ANSWER));
    assert!(accepted(&encoded).is_empty());
    assert!(
        accepted(&format!(
            "SAMLResponse={}&RelayState=1",
            encoded.replace('+', "%2B")
        ))
        .is_empty()
    );
}
