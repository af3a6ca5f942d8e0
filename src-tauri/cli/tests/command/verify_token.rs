//! `latchkey verify-token`

mod refused;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::bench::{Files, Ran, latchkey, latchkey_reading, set_up};
use crate::signed::{Signer, key_set};

const AT: &str = "2026-11-22T18:00:00Z";
const NONCE: &str = "nonce-of-this-sign-in";
const STAGES: [&str; 7] = [
    "reached",
    "answered",
    "signed",
    "addressed",
    "in_time",
    "identified",
    "mapped",
];

fn now() -> i64 {
    AT.parse::<Timestamp>().unwrap().as_second()
}

fn payload() -> Value {
    json!({
        "iss": "https://acme.okta.com", "aud": "0oa1b2c3d4E5f6G7h8i9", "sub": "00u1",
        "iat": now() - 10, "exp": now() + 300, "nonce": NONCE,
        "email": "olivia@acme.example", "email_verified": true, "groups": ["Everyone", "SecOps"]
    })
}

fn payload_with(name: &str, value: Value) -> Value {
    let mut changed = payload();
    changed[name] = value;
    changed
}

fn payload_without(name: &str) -> Value {
    let mut changed = payload();
    changed.as_object_mut().unwrap().remove(name);
    changed
}

fn verify(token: &str, keys: &Value) -> Ran {
    verify_with(token, keys, &["--nonce", NONCE, "--at", AT])
}

fn verify_with(token: &str, keys: &Value, more: &[&str]) -> Ran {
    let files = Files::new();
    let set_up = files.with("acme.json", set_up().to_string());
    let token = files.with("token.txt", token);
    let keys = files.with("keys.json", keys.to_string());
    let args = [
        "verify-token",
        &set_up,
        "--token",
        &token,
        "--jwks",
        &keys,
        "--json",
    ];
    latchkey(&[&args, more].concat())
}

/// The stage that failed with the codes of its errors; all before it passed, none behind it was
/// reached, and nothing of the token is shown.
fn failed(ran: &Ran) -> (String, Vec<String>) {
    assert_eq!(ran.status, 1, "{ran:?}");
    let verdict = ran.json();
    let stages = verdict["stages"].as_array().unwrap();
    let names: Vec<&str> = stages
        .iter()
        .map(|one| one["stage"].as_str().unwrap())
        .collect();
    assert_eq!(names, STAGES);
    let outcomes: Vec<&str> = stages
        .iter()
        .map(|one| one["outcome"].as_str().unwrap())
        .collect();
    let at = outcomes
        .iter()
        .position(|outcome| *outcome == "failed")
        .unwrap();
    assert!(
        outcomes[..at].iter().all(|outcome| *outcome == "passed"),
        "{outcomes:?}"
    );
    assert!(
        outcomes[at + 1..]
            .iter()
            .all(|outcome| *outcome == "not_reached"),
        "{outcomes:?}"
    );
    if names[at] != "mapped" {
        assert_eq!(verdict["verified"], false);
        assert_eq!(verdict["claims"], json!({}));
        assert_eq!(verdict["subject"], Value::Null);
        assert_eq!(verdict["role"], Value::Null);
    }
    let findings = stages[at]["findings"].as_array().unwrap();
    let errors = findings
        .iter()
        .filter(|finding| finding["severity"] == "error");
    let codes = errors.map(|finding| finding["code"].as_str().unwrap().to_owned());
    (names[at].to_owned(), codes.collect())
}

#[test]
fn a_token_that_holds_gives_the_person_and_the_role() {
    for signer in [Signer::rsa("key-1"), Signer::elliptic("key-1")] {
        let keys = key_set(&[&signer]);
        let ran = verify(&signer.token(&payload()), &keys);
        assert_eq!(ran.status, 0, "{ran:?}");
        let verdict = ran.json();
        assert_eq!(verdict["verified"], true);
        assert_eq!(verdict["subject"], "00u1");
        assert_eq!(verdict["claims"]["email"], json!(["olivia@acme.example"]));
        assert_eq!(verdict["claims"]["groups"], json!(["Everyone", "SecOps"]));
        assert_eq!(
            (&verdict["role"], &verdict["rule"]),
            (&json!("Owner"), &json!(1))
        );
        for stage in verdict["stages"].as_array().unwrap() {
            assert_eq!(stage["outcome"], "passed", "{stage}");
        }
    }
}

#[test]
fn what_providers_may_do_otherwise_holds_too() {
    let signer = Signer::rsa("key-1");
    let other = Signer::elliptic("key-2");
    let keys = key_set(&[&other, &signer]);
    let client = "0oa1b2c3d4E5f6G7h8i9";
    let mut both = payload_with("aud", json!([client, "another"]));
    both["azp"] = json!(client);
    let without_kid = signer.token_of(r#"{"alg":"RS256"}"#, &payload().to_string());
    for (name, token) in [
        (
            "audience in a list",
            signer.token(&payload_with("aud", json!([client]))),
        ),
        ("two audiences with azp", signer.token(&both)),
        (
            "azp alone",
            signer.token(&payload_with("azp", json!(client))),
        ),
        (
            "fractions of a second",
            signer.token(&payload_with("iat", json!(now() as f64 + 0.5))),
        ),
        (
            "a clock a little ahead",
            signer.token(&payload_with("iat", json!(now() + 30))),
        ),
        ("nbf now", signer.token(&payload_with("nbf", json!(now())))),
        ("no kid", without_kid),
        ("the other key", other.token(&payload())),
        (
            "white space around",
            format!("\n  {}\r\n", signer.token(&payload())),
        ),
        (
            "the whole answer",
            json!({ "id_token": signer.token(&payload()), "expires_in": 3600 }).to_string(),
        ),
    ] {
        let ran = verify(&token, &keys);
        assert_eq!(ran.status, 0, "{name}: {ran:?}");
    }
}

#[test]
fn nobody_whom_a_rule_matches_is_a_failed_stage_although_it_is_verified() {
    let signer = Signer::rsa("key-1");
    let mut nobody = payload_with("email", json!("eve@acme.example"));
    nobody["groups"] = json!(["secops"]);
    let ran = verify(&signer.token(&nobody), &key_set(&[&signer]));
    assert_eq!(
        failed(&ran),
        ("mapped".to_owned(), vec!["no_rule_matched".to_owned()])
    );
    let verdict = ran.json();
    assert_eq!(verdict["verified"], true);
    assert_eq!(verdict["role"], "Interact Only");
    assert_eq!(verdict["rule"], Value::Null);
    assert_eq!(verdict["claims"]["email"], json!(["eve@acme.example"]));
}

#[test]
fn without_a_nonce_or_a_time_of_ones_own_the_rest_is_verified() {
    let signer = Signer::rsa("key-1");
    let keys = key_set(&[&signer]);
    let mut old = payload_without("nonce");
    old["exp"] = json!(now() + 1);
    let token = signer.token(&old);
    assert_eq!(verify_with(&token, &keys, &["--at", AT]).status, 0);
    // The same moment as another time zone writes it.
    let zoned = "2026-11-22T19:00:00+01:00";
    assert_eq!(verify_with(&token, &keys, &["--at", zoned]).status, 0);
    let mut lasting = payload();
    lasting["iat"] = json!(1);
    lasting["exp"] = json!(4_000_000_000_u32);
    assert_eq!(verify_with(&signer.token(&lasting), &keys, &[]).status, 0);
}

#[test]
fn the_token_may_come_by_standard_input_and_is_never_repeated() {
    let signer = Signer::rsa("key-1");
    let files = Files::new();
    let set_up = files.with("acme.json", set_up().to_string());
    let keys = files.with("keys.json", key_set(&[&signer]).to_string());
    let token = signer.token(&payload_with("aud", json!("another")));
    for json in [&["--json"][..], &[]] {
        let args = [
            "verify-token",
            &set_up,
            "--token",
            "-",
            "--jwks",
            &keys,
            "--at",
            AT,
        ];
        let ran = latchkey_reading(&[&args, json].concat(), token.as_bytes());
        assert_eq!(ran.status, 1, "{ran:?}");
        for part in token.split('.') {
            assert!(
                !ran.out.contains(part) && !ran.err.contains(part),
                "{ran:?}"
            );
        }
    }
}
