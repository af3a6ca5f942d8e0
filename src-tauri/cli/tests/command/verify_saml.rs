//! `latchkey verify-saml`, on answers that libxmlsec1 signed and encrypted.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::bench::{Files, Ran, latchkey, latchkey_reading, set_up};

const ANSWER: &str = include_str!("verify_saml/answer.xml");
const ENCRYPTED: &str = include_str!("verify_saml/encrypted.xml");
const CERTIFICATE: &str = include_str!("verify_saml/certificate.pem");
const WORKSPACE: &str = include_str!("verify_saml/workspace.pem");
const AT: [&str; 2] = ["--at", "2026-11-22T18:00:00Z"];
const REQUEST: [&str; 2] = ["--request-id", "_request1"];

fn saml() -> Value {
    let mut set_up = set_up();
    set_up["connection"] = json!({
        "protocol": "saml", "provider": "other", "issuer": "https://idp.acme.example/saml",
        "sign_on_url": "https://idp.acme.example/sso", "certificates": [CERTIFICATE]
    });
    set_up
}

fn saml_with(field: &str, value: Value) -> Value {
    let mut set_up = saml();
    set_up["connection"][field] = value;
    set_up
}

fn verify(set_up: &Value, response: &str, more: &[&str]) -> Ran {
    let files = Files::new();
    let set_up = files.with("acme.json", set_up.to_string());
    let response = files.with("response.txt", response);
    let args = ["verify-saml", &set_up, "--response", &response, "--json"];
    latchkey(&[&args[..], more].concat())
}

/// The codes of the stage that failed, errors first.
#[track_caller]
fn failed(ran: &Ran) -> (String, String) {
    assert_eq!(ran.status, 1, "{ran:?}");
    let verdict = ran.json();
    assert_eq!(verdict["verified"], false);
    assert_eq!(verdict["claims"], json!({}));
    assert_eq!(
        (&verdict["subject"], &verdict["role"]),
        (&Value::Null, &Value::Null)
    );
    let stages = verdict["stages"].as_array().unwrap();
    let failed = stages
        .iter()
        .find(|one| one["outcome"] == "failed")
        .unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&failed["stage"]), text(&failed["findings"][0]["code"]))
}

fn refusal(stage: &str, code: &str) -> (String, String) {
    (stage.to_owned(), code.to_owned())
}

#[test]
fn an_answer_that_holds_gives_the_person_and_the_role() {
    for response in [
        ANSWER.to_owned(),
        STANDARD.encode(ANSWER),
        format!(
            "SAMLResponse={}&RelayState=x",
            STANDARD.encode(ANSWER).replace('+', "%2B")
        ),
    ] {
        let ran = verify(&saml(), &response, &[AT, REQUEST].concat());
        assert_eq!(ran.status, 0, "{ran:?}");
        let verdict = ran.json();
        assert_eq!(verdict["verified"], true);
        assert_eq!(verdict["subject"], "olivia@acme.example");
        assert_eq!(verdict["claims"]["groups"], json!(["Everyone", "SecOps"]));
        assert_eq!(
            (&verdict["role"], &verdict["rule"]),
            (&json!("Owner"), &json!(1))
        );
        assert_eq!(verdict["stages"].as_array().unwrap().len(), 7);
    }
}

#[test]
fn without_the_request_its_id_is_not_checked() {
    assert_eq!(verify(&saml(), ANSWER, &AT).status, 0);
    let ran = verify(&saml(), ANSWER, &["--at", AT[1], "--request-id", "_other"]);
    assert_eq!(
        failed(&ran),
        refusal("answered", "saml_answers_other_request")
    );
}

#[test]
fn an_answer_that_does_not_hold_fails_at_its_stage() {
    let other = saml_with("issuer", json!("https://other.example"));
    let audience = saml_with("audience", json!("https://other.example"));
    let address = saml_with("login_redirect_url", json!("https://other.example/acs"));
    let set_up = saml();
    let late = ["--at", "2026-11-22T19:00:00Z"];
    for (set_up, response, more, stage, code) in [
        (
            &set_up,
            "nonsense",
            AT,
            "answered",
            "saml_answer_unreadable",
        ),
        (
            &set_up,
            "<html></html>",
            AT,
            "answered",
            "saml_answer_is_page",
        ),
        (
            &set_up,
            &ANSWER.replace("SecOps", "Owners"),
            AT,
            "signed",
            "signed_content_changed",
        ),
        (&set_up, ENCRYPTED, AT, "signed", "encrypted_without_key"),
        (&other, ANSWER, AT, "addressed", "saml_issuer_differs"),
        (&audience, ANSWER, AT, "addressed", "saml_audience_differs"),
        (
            &address,
            ANSWER,
            AT,
            "addressed",
            "saml_answer_for_other_region",
        ),
        (&set_up, ANSWER, late, "in_time", "saml_expired"),
    ] {
        assert_eq!(
            failed(&verify(set_up, response, &more)),
            refusal(stage, code)
        );
    }
}

#[test]
fn the_address_may_be_given_and_the_key_opens_what_is_encrypted() {
    let wrong = saml_with("login_redirect_url", json!("https://other.example/acs"));
    let acs = ["--acs", "https://app.torq.io/__/auth/handler"];
    assert_eq!(verify(&wrong, ANSWER, &[AT, acs].concat()).status, 0);
    let files = Files::new();
    let key = files.with("workspace.pem", WORKSPACE);
    let ran = verify(&saml(), ENCRYPTED, &[&AT[..], &["--key", &key]].concat());
    assert_eq!(ran.status, 0, "{ran:?}");
    assert_eq!(ran.json()["role"], "Owner");
}

#[test]
fn fields_that_the_answer_is_not_held_against_may_be_wrong() {
    let mut set_up = saml_with("sign_on_url", json!(""));
    set_up["workspace"]["owner_email"] = json!("nobody");
    let ran = verify(&set_up, ANSWER, &AT);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.err.contains("connection.sign_on_url"), "{ran:?}");
}

#[test]
fn what_cannot_be_used_ends_with_the_field_or_the_file() {
    let files = Files::new();
    let key = files.with("key.pem", "no key");
    let oidc = set_up();
    for (set_up, response, more, says) in [
        (
            &saml_with("issuer", json!("")),
            ANSWER,
            &[][..],
            "connection.issuer",
        ),
        (
            &saml_with("audience", json!("")),
            ANSWER,
            &[],
            "connection.audience",
        ),
        (
            &saml_with("certificates", json!([])),
            ANSWER,
            &[],
            "connection.certificates",
        ),
        (
            &saml_with("certificates", json!(["no"])),
            ANSWER,
            &[],
            "connection.certificates",
        ),
        (
            &saml_with("login_redirect_url", json!("no")),
            ANSWER,
            &[],
            "connection.login_redirect_url",
        ),
        (&oidc, ANSWER, &[], "\"saml\" is expected"),
        (&saml(), " \n", &[], "response.txt is empty"),
        (
            &saml(),
            &"x".repeat(3_000_000),
            &[],
            "response.txt is larger",
        ),
        (
            &saml(),
            ANSWER,
            &["--key", &key],
            "key.pem does not hold what is expected: a private key and its certificate",
        ),
        (&saml(), ANSWER, &["--acs", "no"], "--acs"),
        (&saml(), ANSWER, &["--at", "no"], "--at"),
    ] {
        let ran = verify(set_up, response, more);
        assert!(ran.refusal().contains(says), "{says}: {ran:?}");
    }
    let acme = files.with("acme.json", saml().to_string());
    let ran = latchkey(&["verify-saml", &acme, "--response", "-", "--key", "-"]);
    assert!(ran.refusal().contains("standard input"), "{ran:?}");
}

#[test]
fn the_answer_may_come_by_standard_input_and_is_never_repeated() {
    let files = Files::new();
    let acme = files.with("acme.json", saml_with("audience", json!("x")).to_string());
    let encoded = STANDARD.encode(ANSWER);
    for json in [&["--json"][..], &[]] {
        let args = ["verify-saml", &acme, "--response", "-", AT[0], AT[1]];
        let ran = latchkey_reading(&[&args, json].concat(), encoded.as_bytes());
        assert_eq!(ran.status, 1, "{ran:?}");
        for part in [&encoded[..60], "SignatureValue", "olivia@acme.example</"] {
            assert!(
                !ran.out.contains(part) && !ran.err.contains(part),
                "{ran:?}"
            );
        }
    }
}
