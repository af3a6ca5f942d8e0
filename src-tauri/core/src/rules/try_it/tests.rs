use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::*;

const HEADER: &str = r#"{"alg":"RS256","typ":"JWT"}"#;

fn token(payload: &str) -> String {
    let encoded = |text: &str| URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.c2ln", encoded(HEADER), encoded(payload))
}

fn response(assertion: &str) -> String {
    format!(
        r#"<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="r" Version="2.0">{assertion}</samlp:Response>"#
    )
}

fn code(text: &str) -> String {
    read(text).unwrap_err().code()
}

#[test]
fn claims_come_from_json_a_token_the_token_endpoints_answer_and_a_response() {
    let json = r#"{"email":"bob@acme.example","groups":["SecOps"]}"#;
    let token = token(json);
    let answer = format!(r#"{{"access_token":"x","id_token":"{token}"}}"#);
    let xml = response(
        r#"<saml:Assertion ID="a" Version="2.0"><saml:AttributeStatement><saml:Attribute Name="email"><saml:AttributeValue>bob@acme.example</saml:AttributeValue></saml:Attribute><saml:Attribute Name="groups"><saml:AttributeValue>SecOps</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion>"#,
    );
    let base64 = base64::engine::general_purpose::STANDARD.encode(&xml);
    for (text, source) in [
        (json, TrySource::Claims),
        (&format!("\u{FEFF}\n {json} "), TrySource::Claims),
        (&token, TrySource::Token),
        (&format!("Bearer {token}"), TrySource::Token),
        (&answer, TrySource::Token),
        (&xml, TrySource::Response),
        (&base64, TrySource::Response),
    ] {
        let (found, claims) = read(text).unwrap_or_else(|fault| panic!("{text}: {fault:?}"));
        assert_eq!(found, source, "{text}");
        assert_eq!(claims.first("email"), Some("bob@acme.example"), "{text}");
        assert_eq!(claims.values("groups"), ["SecOps"], "{text}");
    }
}

#[test]
fn what_holds_no_claims_says_why() {
    for (text, expected) in [
        ("", "pasted_no_claims"),
        ("SecOps", "pasted_no_claims"),
        ("a.b.c", "pasted_no_claims"),
        (r#"{"email": "bob"#, "pasted_not_json"),
        (r#"{"email":"a","email":"b"}"#, "pasted_member_twice"),
        (&response(""), "saml_assertion_missing"),
    ] {
        assert_eq!(code(text), expected, "{text}");
    }
    let encrypted = response("<saml:EncryptedAssertion/>");
    assert_eq!(code(&encrypted), "pasted_claims_encrypted");
    assert_eq!(code(&"x".repeat(LARGEST + 1)), "pasted_too_long");
}

#[test]
fn nesting_without_end_is_refused_and_not_followed() {
    assert_eq!(
        code(&format!("{{\"a\":{}", "[".repeat(200_000))),
        "pasted_not_json"
    );
}
