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
        (&["diagnose", "--error", "x", "--har", "y"], b"", "--har"),
        (&["diagnose", "--har", &acme], b"", "is not there"),
        (&["diagnose", "--har", "-"], b"", "is empty"),
        (
            &["diagnose", "--har", "-"],
            b"PK\x03\x04bomb",
            "packed file (zip)",
        ),
        (
            &["diagnose", "--har", "-"],
            b"\x1f\x8b\x08bomb",
            "packed file (gzip)",
        ),
        (&["diagnose", "--har", "-"], b"{}", "no recording"),
        (&["diagnose", "--har", "-"], b"what", "stops being JSON"),
        (&["diagnose", "-", "--har", "-"], b"{}", "standard input"),
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

/// A recording in which Entra refuses, with a secret in every place where one may stand.
fn recording() -> String {
    let handler = "https://app.torq.io/__/auth/handler";
    let asked = "https://login.microsoftonline.com/t/oauth2/v2.0/authorize?client_id=c&response_type=code&scope=openid\
                 &redirect_uri=https%3A%2F%2Fapp.torq.io%2F__%2Fauth%2Fhandler&state=STATESECRET";
    let answer = format!(
        "{handler}?error=access_denied&error_description=AADSTS50105%3A+x&state=STATESECRET"
    );
    let entry = |url: &str, status: u16, to: &str| {
        json!({
            "startedDateTime": "2026-11-22T18:00:00.000Z", "time": 5,
            "request": {"method": "GET", "url": url, "headers": [{"name": "Cookie", "value": "COOKIESECRET"}]},
            "response": {"status": status, "headers": [{"name": "Location", "value": to}],
                "content": {"mimeType": "text/html", "text": "<p>x</p>"}},
        })
    };
    let entries = [entry(asked, 302, &answer), entry(&answer, 200, "")];
    json!({"log": {"version": "1.2", "creator": {"name": "Firefox", "version": "145"}, "entries": entries}}).to_string()
}

#[test]
fn a_recording_names_its_cause_and_the_step_that_broke() {
    let ran = latchkey_reading(
        &["diagnose", "--har", "-", "--json"],
        recording().as_bytes(),
    );
    assert_eq!(
        (ran.status, codes(&ran)),
        (1, vec!["person_not_assigned".to_owned()]),
        "{ran:?}"
    );
    let answer = ran.json();
    assert_eq!(answer["chain"]["links"][1]["outcome"], "failed");
    assert_eq!(answer["recorded_by"], "Firefox 145");
    assert!(!ran.out.contains("SECRET"), "{ran:?}");

    let ran = latchkey_reading(&["diagnose", "--har", "-"], recording().as_bytes());
    assert_eq!(ran.status, 1, "{ran:?}");
    for part in [
        "AADSTS50105",
        "OpenID Connect, 2 steps",
        "app.torq.io/__/auth/handler",
        "here: person_not_assigned",
        "2 requests",
    ] {
        assert!(ran.out.contains(part), "{part}: {ran:?}");
    }
    assert!(!ran.out.contains("SECRET"), "{ran:?}");
}

#[test]
fn a_recording_that_breaks_off_is_judged_up_to_there() {
    let whole = recording();
    let ran = latchkey_reading(
        &["diagnose", "--har", "-", "--json"],
        &whole.as_bytes()[..whole.len() - 20],
    );
    assert_eq!(
        (ran.status, codes(&ran)),
        (
            1,
            vec!["person_not_assigned".to_owned(), "recording_cut".to_owned()]
        ),
        "{ran:?}"
    );
}
