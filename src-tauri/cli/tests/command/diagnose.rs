//! `latchkey diagnose`

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::bench::{Files, Ran, latchkey, latchkey_reading, set_up};

fn codes(ran: &Ran) -> Vec<String> {
    let answer = ran.json();
    let findings = answer["findings"].as_array().unwrap();
    let code = |one: &Value| one["code"].as_str().unwrap().to_owned();
    findings.iter().map(code).collect()
}

#[test]
fn a_proved_cause_is_status_1_with_the_whole_finding() {
    let text = "AADSTS7000215: Ungültiger geheimer Clientschlüssel";
    let ran = latchkey(&["diagnose", "--error", text, "--json"]);
    assert_eq!(
        (ran.status, codes(&ran)),
        (1, vec!["client_secret_wrong".to_owned()]),
        "{ran:?}"
    );
    let first = &ran.json()["findings"][0];
    assert_eq!(first["severity"], "error");
    assert_eq!(first["data"]["error"], "AADSTS7000215");
    assert!(
        first["do"]
            .as_str()
            .unwrap()
            .contains("Certificates & secrets")
    );
}

#[test]
fn what_is_possible_or_unknown_is_status_0() {
    for text in ["Incorrect email or password", "hello", "-x"] {
        assert_eq!(
            latchkey(&["diagnose", "--error", text, "--json"]).status,
            0,
            "{text}"
        );
    }
}

#[test]
fn the_set_up_says_which_address_to_register() {
    let files = Files::new();
    let file = files.with("acme.json", set_up().to_string());
    let ran = latchkey_reading(&["diagnose", &file, "--error", "-"], b"AADSTS50011");
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(
        ran.out.contains("https://app.torq.io/__/auth/handler"),
        "{ran:?}"
    );
}

#[test]
fn what_cannot_be_used_is_refused_in_one_sentence() {
    let files = Files::new();
    let acme = files.path("none.json");
    for (args, input, says) in [
        (&["diagnose", "--error", " "][..], &b""[..], "is empty"),
        (&["diagnose", "--error", "-"], b"\n", "is empty"),
        (&["diagnose", "--error", "-"], b"\xff\xfe", "not UTF-8"),
        (&["diagnose", "-", "--error", "-"], b"{}", "standard input"),
        (&["diagnose", &acme, "--error", "x"], b"", "is not there"),
        (&["diagnose"], b"", "--error"),
    ] {
        let ran = latchkey_reading(args, input);
        assert!(ran.refusal().contains(says), "{says}: {ran:?}");
    }
}

const ANSWER: &str = include_str!("verify_saml/answer.xml");

/// What a pasted response shows against a SAML set-up with this audience.
fn pasted(text: &str, audience: &str) -> Ran {
    let mut saml = set_up();
    saml["connection"] = json!({
        "protocol": "saml", "provider": "other", "issuer": "https://idp.acme.example/saml",
        "sign_on_url": "https://idp.acme.example/sso", "audience": audience,
        "certificates": [include_str!("verify_saml/certificate.pem")]
    });
    let files = Files::new();
    let file = files.with("acme.json", saml.to_string());
    let args = ["diagnose", &file, "--error", "-", "--json"];
    latchkey_reading(&args, text.as_bytes())
}

#[test]
fn a_pasted_response_is_verified_as_of_its_own_time() {
    let encoded = STANDARD.encode(ANSWER);
    let form = format!("SAMLResponse={}&RelayState=x", encoded.replace('+', "%2B"));
    let told = format!("I got this:\n{ANSWER}\nwhy?");
    for text in [ANSWER, &encoded, &form, &told] {
        let ran = pasted(text, "torq.io");
        assert_eq!(ran.status, 0, "{ran:?}");
        assert_eq!(codes(&ran).last().unwrap(), "answer_holds", "{ran:?}");
        let ran = pasted(text, "other.example");
        assert_eq!(ran.status, 1, "{ran:?}");
        assert_eq!(codes(&ran)[0], "saml_audience_differs", "{ran:?}");
        assert!(!ran.out.contains("SignatureValue"), "{ran:?}");
        assert!(!ran.out.contains(&encoded[..60]), "{ran:?}");
    }
}

#[test]
fn a_sentence_about_a_response_is_not_taken_for_one() {
    let text = "Error: samlp:Response was not understood, AADSTS75011";
    let ran = pasted(text, "torq.io");
    assert_eq!(codes(&ran), ["authentication_method_differs"], "{ran:?}");
}
