//! Signature wrapping: the signed assertion is moved where nobody reads it, and a forged one stands in
//! its place. Whatever the arrangement, it is refused, or what is given back is what was signed.

use latchkey_core::saml::{Shape, signature};
use latchkey_core::xml::{Checked, Limits};
use latchkey_core::{Fault, saml};

use super::signed::*;

const NAMESPACES: &str = "xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
    xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"";

fn assertion(id: &str, name: &str) -> String {
    format!(
        "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{id}\"><saml:Issuer>https://idp.example</saml:Issuer>\
         <saml:Subject><saml:NameID>{name}</saml:NameID></saml:Subject></saml:Assertion>"
    )
}

fn response(id: &str, content: &str) -> String {
    format!(
        "<samlp:Response {NAMESPACES} ID=\"{id}\"><saml:Issuer>https://idp.example</saml:Issuer>{content}</samlp:Response>"
    )
}

/// The assertion as the provider signed it, cut out.
fn signed_assertion() -> String {
    let whole = Signing::default().sign(&response("r", &assertion("a", "olivia")), "a");
    cut(&whole, "saml:Assertion").to_owned()
}

fn cut<'a>(text: &'a str, name: &str) -> &'a str {
    let end = format!("</{name}>");
    &text[text.find(&format!("<{name} ")).unwrap()..text.rfind(&end).unwrap() + end.len()]
}

/// The name that is read from signed bytes, or the code of the refusal.
fn read(message: &str) -> Result<String, String> {
    let judge = || -> Result<String, Fault> {
        let checked = Checked::new(message.as_bytes(), &Limits::MESSAGE)?;
        let document = checked.parse()?;
        let shape = Shape::read(&document)?;
        let Some(signature) = shape.assertion_signature.or(shape.response_signature) else {
            return Ok("nobody".to_owned());
        };
        let signed = signature::verify(&document, signature, &[RSA.certificate()])
            .map_err(|findings| findings[0].fault.clone())?;
        let inside = signed.parse()?;
        let name = inside
            .descendants()
            .find(|node| node.has_tag_name((saml::ASSERTION, "NameID")))
            .and_then(|node| node.text());
        Ok(name.unwrap_or("nobody").to_owned())
    };
    judge().map_err(|fault| fault.code())
}

#[track_caller]
fn refused(message: &str, code: &str) {
    assert_eq!(read(message), Err(code.to_owned()), "{message}");
}

#[test]
fn what_the_provider_sent_is_read() {
    assert_eq!(read(&response("r", &signed_assertion())).unwrap(), "olivia");
    let by_response = Signing::default().sign(&response("r", &assertion("a", "olivia")), "r");
    assert_eq!(read(&by_response).unwrap(), "olivia");
    let both = Signing::default().sign(&response("r", &signed_assertion()), "r");
    assert_eq!(read(&both).unwrap(), "olivia");
}

#[test]
fn a_second_assertion_is_refused_wherever_it_stands() {
    let (signed, forged) = (signed_assertion(), assertion("evil", "mallory"));
    for content in [format!("{signed}{forged}"), format!("{forged}{signed}")] {
        refused(&response("r", &content), "assertion_twice");
    }
    for place in [
        "samlp:Extensions",
        "samlp:Status",
        "samlp:StatusDetail",
        "saml:Issuer",
        "Object",
        "x",
    ] {
        for (outer, inner) in [(&forged, &signed), (&signed, &forged)] {
            let hidden = format!("<{place}>{inner}</{place}>");
            refused(
                &response("r", &format!("{hidden}{outer}")),
                "assertion_misplaced",
            );
        }
    }
    for place in ["saml:Subject>", "saml:NameID>"] {
        let nested = forged.replacen(&format!("<{place}"), &format!("<{place}{signed}"), 1);
        assert_ne!(nested, forged);
        refused(&response("r", &nested), "assertion_misplaced");
    }
}

#[test]
fn an_assertion_around_the_signed_one_or_inside_its_signature_is_refused() {
    let signed = signed_assertion();
    let signature = cut(&signed, "ds:Signature");
    let original = signed.replace(signature, "");
    // The signature goes along with the forged assertion, the original into it.
    for hidden in [
        signature.replace(
            "</ds:Signature>",
            &format!("<ds:Object>{original}</ds:Object></ds:Signature>"),
        ),
        signature.replace(
            "</ds:Signature>",
            &format!("<ds:KeyInfo>{original}</ds:KeyInfo></ds:Signature>"),
        ),
        signature.replace(
            "</ds:Signature>",
            &format!("<Object>{original}</Object></ds:Signature>"),
        ),
        format!("{signature}{original}"),
    ] {
        let forged = assertion("evil", "mallory")
            .replace("<saml:Subject>", &format!("{hidden}<saml:Subject>"));
        let code = read(&response("r", &forged)).expect_err("it is accepted");
        assert!(
            ["assertion_misplaced", "signature_has_object"].contains(&code.as_str()),
            "{code}"
        );
    }
}

#[test]
fn a_response_inside_the_response_is_refused() {
    let signed = Signing::default().sign(&response("r", &assertion("a", "olivia")), "r");
    let signature = cut(&signed, "ds:Signature");
    let original = signed.replace(signature, "");
    let forged = |hidden: &str| response("evil", &format!("{hidden}{}", assertion("b", "mallory")));
    refused(&forged(&signed), "assertion_misplaced");
    refused(
        &forged(&format!("{signature}{original}")),
        "assertion_misplaced",
    );
    let inside = signature.replace(
        "</ds:Signature>",
        &format!("<ds:Object>{original}</ds:Object></ds:Signature>"),
    );
    refused(&forged(&inside), "signature_has_object");
    // Alone, the signature covers an element that is not there, or another than its own.
    refused(&forged(signature), "reference_elsewhere");
    refused(
        &response("r", &format!("{signature}{}", assertion("b", "mallory"))),
        "signed_content_changed",
    );
}

#[test]
fn one_id_for_two_elements_is_refused_however_it_is_written() {
    let signed = signed_assertion();
    for twin in [
        "<x ID=\"a\"/>",
        "<x Id=\"a\"/>",
        "<x id=\"a\"/>",
        "<x AssertionID=\"a\"/>",
        "<x xml:id=\"a\"/>",
        "<x samlp:ID=\"a\"/>",
    ] {
        refused(
            &response("r", &format!("<samlp:Status>{twin}</samlp:Status>{signed}")),
            "id_twice",
        );
        refused(&response("r", &format!("{signed}{twin}")), "id_twice");
    }
    refused(&response("a", &signed), "id_twice");
}

#[test]
fn an_id_that_only_looks_like_one_is_not_covered() {
    let signed = signed_assertion().replacen("ID=\"a\"", "saml:ID=\"a\"", 1);
    refused(&response("r", &signed), "reference_elsewhere");
    let both = signed_assertion().replacen("ID=\"a\"", "saml:ID=\"a\" ID=\"evil\"", 1);
    refused(&response("r", &both), "reference_elsewhere");
}

#[test]
fn a_signature_belongs_directly_into_what_it_signs_and_there_once() {
    let signed = signed_assertion();
    let signature = cut(&signed, "ds:Signature");
    let without = signed.replace(signature, "");
    for place in ["saml:Subject>", "saml:Issuer>"] {
        let moved = without.replacen(&format!("<{place}"), &format!("<{place}{signature}"), 1);
        refused(&response("r", &moved), "signature_misplaced");
    }
    refused(
        &response(
            "r",
            &format!("<samlp:Status>{signature}</samlp:Status>{without}"),
        ),
        "signature_misplaced",
    );
    refused(
        &response("r", &signed.replace(signature, &signature.repeat(2))),
        "signature_twice",
    );
    refused(
        &response("r", &format!("{signature}{without}")),
        "reference_elsewhere",
    );
    // The signature of something that is not the assertion, such as the status alone.
    let status = Signing::default().sign(
        &response(
            "r",
            &format!(
                "<samlp:Status ID=\"s\">x</samlp:Status>{}",
                assertion("a", "mallory")
            ),
        ),
        "s",
    );
    refused(&status, "signature_misplaced");
}

#[test]
fn another_root_and_another_namespace_are_named() {
    let signed = signed_assertion();
    refused(&signed, "response_root_differs");
    refused("<html/>", "response_root_differs");
    refused(
        &response("r", "").replace("2.0:protocol", "1.0:protocol"),
        "response_root_differs",
    );
    for name in [
        "<Assertion/>",
        "<x:Assertion xmlns:x=\"urn:oasis:names:tc:SAML:1.0:assertion\"/>",
        "<samlp:EncryptedAssertion/>",
    ] {
        refused(&response("r", name), "assertion_of_other_namespace");
    }
}

#[test]
fn thousands_of_signatures_are_refused_before_any_is_verified() {
    let signed = signed_assertion();
    let signature = cut(&signed, "ds:Signature");
    refused(
        &response("r", &signed.replace(signature, &signature.repeat(400))),
        "signature_twice",
    );
}
