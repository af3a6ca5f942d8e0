//! What comes before the signature: the form, the status, the request that is answered.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use latchkey_core::Stage::{Addressed, Answered, Signed};

use super::message::*;
use crate::signed::*;

#[test]
fn what_is_no_response_is_named() {
    let message = |root: &str, namespace: &str| format!("<x:{root} xmlns:x=\"{namespace}\"/>");
    let protocol = "urn:oasis:names:tc:SAML:2.0:protocol";
    for (captured, code) in [
        (String::new(), "saml_answer_empty"),
        ("hello".into(), "saml_answer_unreadable"),
        (
            "<!DOCTYPE html><title>Sign in</title>".into(),
            "saml_answer_is_page",
        ),
        ("eyJhbGciOiJub25lIn0.e30.".into(), "saml_answer_is_token"),
        ("SAMLart=AAQAAM".into(), "saml_answer_is_artifact"),
        (message("AuthnRequest", protocol), "saml_answer_is_request"),
        (message("LogoutRequest", protocol), "saml_answer_is_request"),
        (message("LogoutResponse", protocol), "saml_answer_is_logout"),
        (
            message("ArtifactResponse", protocol),
            "saml_answer_is_other",
        ),
        (message("Response", "urn:x"), "saml_answer_is_other"),
        ("<Response/>".into(), "saml_answer_is_other"),
        (
            message("EntityDescriptor", "urn:oasis:names:tc:SAML:2.0:metadata"),
            "saml_answer_is_metadata",
        ),
        (
            message("Assertion", "urn:oasis:names:tc:SAML:2.0:assertion"),
            "saml_answer_is_assertion",
        ),
        (
            message("Response", "urn:oasis:names:tc:SAML:1.0:protocol"),
            "saml_answer_is_older",
        ),
        (
            message(
                "RequestSecurityTokenResponse",
                "http://schemas.xmlsoap.org/ws/2005/02/trust",
            ),
            "saml_answer_is_older",
        ),
        (
            message("html", "http://www.w3.org/1999/xhtml"),
            "saml_answer_is_page",
        ),
        (" ".repeat(3_000_000), "saml_answer_too_large"),
    ] {
        refused(&captured, Answered, code);
    }
}

#[test]
fn another_version_is_refused() {
    refused(
        changed("ID=\"r\" Version=\"2.0\"", "ID=\"r\" Version=\"1.1\""),
        Answered,
        "saml_version_differs",
    );
    refused(
        changed("ID=\"r\" Version=\"2.0\"", "ID=\"r\""),
        Answered,
        "saml_version_differs",
    );
    refused(
        signed(&changed(
            "ID=\"a\" Version=\"2.0\"",
            "ID=\"a\" Version=\"1.1\"",
        )),
        Signed,
        "saml_version_differs",
    );
}

#[test]
fn a_status_other_than_success_says_what_the_provider_said() {
    let status = |first: &str, second: &str, message: &str| {
        let second = if second.is_empty() {
            String::new()
        } else {
            format!("<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:{second}\"/>")
        };
        changed(
            "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/>",
            &format!(
                "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:{first}\">{second}</samlp:StatusCode><samlp:StatusMessage>{message}</samlp:StatusMessage>"
            ),
        )
    };
    for (first, second, code) in [
        ("Requester", "", "saml_request_refused"),
        ("Requester", "UnsupportedBinding", "saml_request_refused"),
        ("Responder", "", "saml_provider_failed"),
        ("Responder", "AuthnFailed", "saml_not_authenticated"),
        ("Requester", "RequestDenied", "saml_request_denied"),
        ("Responder", "RequestDenied", "saml_request_denied"),
        (
            "Requester",
            "InvalidNameIDPolicy",
            "saml_name_id_policy_refused",
        ),
        ("Responder", "NoPassive", "saml_no_passive"),
        ("Responder", "NoAuthnContext", "saml_context_refused"),
        ("VersionMismatch", "", "saml_not_success"),
        ("success", "", "saml_not_success"),
    ] {
        // Even where a good assertion stands below it.
        let message = status(first, second, "User \u{202E}is not allowed");
        for message in [message.clone(), signed(&message), response_signed(&message)] {
            refused(&message, Answered, code);
            let data = data(&judged(&message), code);
            assert!(data["status"].as_str().unwrap().starts_with(first));
            assert!(
                data["status"]
                    .as_str()
                    .unwrap()
                    .ends_with(if second.is_empty() { first } else { second })
            );
            assert_eq!(data["message"], "User \u{FFFD}is not allowed");
        }
    }
    refused(
        signed(&changed(
            "<samlp:Status>",
            "<samlp:Status xmlns:samlp=\"urn:x\">",
        )),
        Answered,
        "saml_status_missing",
    );
    refused(
        signed(&changed("samlp:StatusCode ", "samlp:Status2 ")),
        Answered,
        "saml_status_missing",
    );
}

#[test]
fn the_answer_of_another_sign_in_is_refused() {
    let frame = |to: &str| ANSWER.replacen("InResponseTo=\"_request1\"", to, 1);
    let other = frame("InResponseTo=\"_other\"");
    for message in [signed(&other), response_signed(&other)] {
        refused(message, Answered, "saml_answers_other_request");
    }
    // Nothing between the quotation marks is no request, as nothing at all is.
    for none in ["", "InResponseTo=\"\"", "xml:InResponseTo=\"_request1\""] {
        refused(signed(&frame(none)), Answered, "saml_unsolicited");
    }
    let inner = "InResponseTo=\"_request1\" NotOnOrAfter";
    refused(
        signed(&changed(inner, "InResponseTo=\"_other\" NotOnOrAfter")),
        Addressed,
        "saml_confirms_other_request",
    );
    for none in ["NotOnOrAfter", "InResponseTo=\"\" NotOnOrAfter"] {
        refused(
            signed(&changed(inner, none)),
            Addressed,
            "saml_confirmation_unsolicited",
        );
    }
}

#[test]
fn an_answer_that_nobody_asked_for_is_accepted_only_where_that_is_allowed() {
    let connection = connection();
    let unsolicited = signed(&ANSWER.replace(" InResponseTo=\"_request1\"", ""));
    let mut expected = expected(&connection);
    expected.request_id = None;
    refused_by(&unsolicited, &expected, Answered, "saml_unsolicited");
    expected.unsolicited_allowed = true;
    let (_, verdict) = judged_by(unsolicited.as_bytes(), &expected, &rules());
    assert!(verdict.passed());
    assert_eq!(remarks(&verdict), ["saml_unsolicited"]);
    let empty = signed(&changed("InResponseTo=\"_request1\"", "InResponseTo=\"\""));
    let (_, verdict) = judged_by(empty.as_bytes(), &expected, &rules());
    assert!(verdict.passed());
    assert_eq!(remarks(&verdict), ["saml_unsolicited"]);
    // Without the request it cannot be told which one is answered.
    let (_, verdict) = judged_by(signed(ANSWER).as_bytes(), &expected, &rules());
    assert!(verdict.passed() && remarks(&verdict).is_empty());
    // Even so, both parts have to speak of the same one.
    let other = signed(&ANSWER.replacen("\"_request1\"", "\"_other\"", 1));
    refused_by(&other, &expected, Addressed, "saml_confirms_other_request");
    // With the request, another one's answer is refused all the same.
    expected.request_id = Some("_other");
    refused_by(
        signed(ANSWER),
        &expected,
        Answered,
        "saml_answers_other_request",
    );
}

#[test]
fn success_without_an_assertion_is_none() {
    let (before, rest) = ANSWER.split_once("<saml:Assertion").unwrap();
    let (_, after) = rest.split_once("</saml:Assertion>").unwrap();
    let empty = format!("{before}{after}");
    refused(&empty, Answered, "saml_assertion_missing");
    refused(response_signed(&empty), Answered, "saml_assertion_missing");
}

#[test]
fn what_nobody_signed_is_refused() {
    refused(ANSWER, Signed, "saml_unsigned");
    refused(STANDARD.encode(ANSWER), Signed, "saml_unsigned");
    refused(
        Signing::by(OTHER, RSA_SHA256).sign(ANSWER, "a"),
        Signed,
        "saml_signature_unknown",
    );
}

#[test]
fn both_signatures_have_to_hold() {
    let other = Signing::by(OTHER, RSA_SHA256);
    refused(
        response_signed(&other.sign(ANSWER, "a")),
        Signed,
        "saml_signature_unknown",
    );
    refused(
        other.sign(&signed(ANSWER), "r"),
        Signed,
        "saml_signature_unknown",
    );
    // Changed between the two signatures.
    let changed = signed(ANSWER).replace("SecOps", "Owners");
    refused(response_signed(&changed), Signed, "signed_content_changed");
}
