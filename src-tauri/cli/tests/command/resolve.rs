//! `latchkey resolve`

use serde_json::{Value, json};

use crate::bench::{Files, Ran, latchkey_reading, set_up, set_up_with};

fn resolve(set_up: &Value, claims: &Value) -> Ran {
    let files = Files::new();
    let file = files.with("acme.json", set_up.to_string());
    let args = ["resolve", &file, "--claims", "-", "--json"];
    latchkey_reading(&args, claims.to_string().as_bytes())
}

#[test]
fn the_first_matching_rule_decides_and_the_others_are_named() {
    let ran = resolve(
        &set_up(),
        &json!({ "email": "olivia@acme.example", "groups": ["Everyone", "SecOps"] }),
    );
    assert_eq!(ran.status, 0);
    let answer = ran.json();
    assert_eq!(answer["role"], "Owner");
    assert_eq!(answer["rule"], 1);
    assert_eq!(answer["also"], json!([2]));
    assert_eq!(answer["near_misses"], json!([]));
}

#[test]
fn the_fallback_is_no_rule_and_status_1() {
    let ran = resolve(&set_up(), &json!({ "email": "eve@acme.example" }));
    assert_eq!(ran.status, 1);
    assert_eq!(ran.json()["role"], "Interact Only");
    assert_eq!(ran.json()["rule"], Value::Null);
}

#[test]
fn a_near_miss_decides_nothing_and_is_named() {
    for (claims, code) in [
        (json!({ "groups": ["secops"] }), "case_differs"),
        (json!({ "groups": [" SecOps"] }), "space_differs"),
        (
            json!({ "groups": "CN=SecOps,OU=Groups,DC=acme,DC=example" }),
            "dn_for_name",
        ),
        (json!({ "roles": ["SecOps"] }), "claim_name_differs"),
        (json!({ "groups": "Everyone;SecOps" }), "joined_values"),
        (
            json!({ "groups": ["0b7f3e0e-4f6c-4e58-9a73-8f7a5b3d2c1e"] }),
            "guid_for_name",
        ),
    ] {
        let ran = resolve(&set_up(), &claims);
        assert_eq!(ran.status, 1, "{claims}");
        let misses = ran.json()["near_misses"].as_array().unwrap().clone();
        let expected = misses
            .iter()
            .any(|miss| miss["rule"] == 2 && miss["code"] == code);
        assert!(expected, "{claims}: {misses:?}");
    }
}

#[test]
fn rules_with_errors_resolve_as_far_as_they_go() {
    let wrong = set_up_with("/rules/0/role", json!(""));
    let ran = resolve(&wrong, &json!({ "groups": ["SecOps"] }));
    assert_eq!(ran.status, 0);
    assert_eq!(ran.json()["rule"], 2);
    assert!(ran.err.contains("error: rules[0].role"), "{ran:?}");
}

#[test]
fn a_saml_set_up_resolves_by_the_same_rules() {
    let mut saml = set_up();
    saml["connection"] =
        json!({ "protocol": "saml", "provider": "jumpcloud", "issuer": "JumpCloud" });
    assert_eq!(
        resolve(&saml, &json!({ "groups": ["SecOps"] })).json()["rule"],
        2
    );
}

#[test]
fn without_a_known_service_nobody_can_say_what_the_fallback_is() {
    let ran = resolve(
        &set_up_with("/workspace/service", json!("torqq")),
        &json!({}),
    );
    let sentence = ran.refusal();
    assert!(sentence.contains("workspace.service"), "{sentence}");
    assert!(sentence.contains("torq"), "{sentence}");
}

#[test]
fn text_names_the_role_and_the_rule() {
    let files = Files::new();
    let file = files.with("acme.json", set_up().to_string());
    let claims = br#"{"groups":["SecOps"]}"#;
    let ran = latchkey_reading(&["resolve", &file, "--claims", "-"], claims);
    assert_eq!(
        ran.out,
        "Role     Contributor (by rule 2)\n  rule 1 does not match: email = olivia@acme.example -> Owner: \
         No claim called email arrived. These did: groups.\n"
    );
}

#[test]
fn every_rule_says_why_it_decides_or_does_not() {
    let ran = resolve(
        &set_up(),
        &json!({ "email": "eve@acme.example", "groups": "secops" }),
    );
    let why = ran.json()["why"].clone();
    let codes: Vec<_> = why
        .as_array()
        .unwrap()
        .iter()
        .map(|why| &why["code"])
        .collect();
    assert_eq!(codes, ["value_not_among", "case_differs"]);
    assert!(
        why[0]["what"]
            .as_str()
            .unwrap()
            .contains("eve@acme.example"),
        "{why}"
    );
}
