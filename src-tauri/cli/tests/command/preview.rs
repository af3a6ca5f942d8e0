//! `latchkey preview`

use serde_json::{Value, json};

use crate::bench::{Files, Ran, latchkey, latchkey_reading, set_up};

const PEOPLE: &str = "email,groups\n\
    olivia@acme.example,SecOps;Everyone\n\
    bob@acme.example,\"SecOps;Sales, EMEA\"\n\
    eve@acme.example,secops\n";

fn preview(people: impl AsRef<[u8]>, args: &[&str]) -> Ran {
    let files = Files::new();
    let file = files.with("acme.json", set_up().to_string());
    let mut all = vec!["preview", &file, "--people", "-", "--json"];
    all.extend(args);
    latchkey_reading(&all, people.as_ref())
}

#[test]
fn everybody_is_counted_where_the_first_rule_matches() {
    let ran = preview(PEOPLE, &[]);
    assert_eq!((ran.status, &*ran.err), (0, ""));
    let mut answer = ran.json();
    let findings = answer.as_object_mut().unwrap().remove("findings");
    assert_eq!(findings, Some(json!([])));
    assert_eq!(
        answer,
        json!({
            "people": 3,
            "roles": { "Owner": 1, "Contributor": 1 },
            "fallback": 1,
            "rules": [
                { "rule": 1, "matches": 1, "decides": 1 },
                { "rule": 2, "matches": 2, "decides": 1 }
            ]
        })
    );
}

#[test]
fn a_scim_list_and_another_encoding_give_the_same() {
    let user = |mail: &str, groups: &[&str]| -> Value {
        let groups: Vec<Value> = groups
            .iter()
            .map(|name| json!({ "display": name }))
            .collect();
        json!({ "userName": mail, "emails": [{ "value": mail, "primary": true }], "groups": groups })
    };
    let list = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": 3,
        "Resources": [
            user("olivia@acme.example", &["SecOps", "Everyone"]),
            user("bob@acme.example", &["SecOps", "Sales, EMEA"]),
            user("eve@acme.example", &["secops"])
        ]
    });
    let expected = preview(PEOPLE, &[]).json();
    assert_eq!(preview(list.to_string(), &[]).json(), expected);
    let sixteen: Vec<u8> = format!("\u{FEFF}{PEOPLE}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(preview(sixteen, &[]).json(), expected);
}

#[test]
fn a_broken_quote_is_refused_by_its_line_or_left_out_and_said() {
    let broken = PEOPLE.replace("bob@acme.example,\"SecOps", "bob@acme.example,\"Sec\"Ops");
    let ran = preview(&broken, &[]);
    assert!(ran.refusal().contains("On line 3 "), "{ran:?}");
    let kept = preview(&broken, &["--keep-rest"]);
    assert_eq!(kept.status, 0);
    assert_eq!(kept.json()["people"], 2);
    assert!(kept.err.contains("on line 3"), "{kept:?}");
}

#[test]
fn whatever_is_no_directory_is_refused_in_one_sentence() {
    for (people, says) in [
        (&b""[..], "is empty"),
        (b"\n \n", "is empty"),
        (b"name,team\nAna,SecOps\n", "name, team"),
        (b"{\"Resources\": [\n{]}", "line 2"),
        (b"{\"keys\": []}", "SCIM 2.0"),
        (b"\x00\x01\x02", "column 1"),
    ] {
        let ran = preview(people, &[]);
        assert!(ran.refusal().contains(says), "{says}: {ran:?}");
    }
    let files = Files::new();
    let file = files.with("acme.json", set_up().to_string());
    let ran = latchkey(&["preview", &file, "--people", &files.path("missing.csv")]);
    assert!(ran.refusal().contains("is not there"), "{ran:?}");
    let ran = latchkey(&["preview", &file, "--people", &files.path(".")]);
    assert!(ran.refusal().contains("is a directory"), "{ran:?}");
    assert!(
        latchkey(&["preview", "-", "--people", "-"])
            .refusal()
            .contains("standard input")
    );
}

#[test]
fn a_list_of_nobody_does_not_hold() {
    let ran = preview("email,groups\n", &[]);
    assert_eq!((ran.status, &ran.json()["people"]), (1, &json!(0)));
    assert!(ran.err.contains("Nobody is in it"), "{ran:?}");
}

#[test]
fn text_names_roles_rules_and_who_falls_through() {
    let files = Files::new();
    let file = files.with("acme.json", set_up().to_string());
    let people = files.with("people.csv", PEOPLE);
    let ran = latchkey(&["preview", &file, "--people", &people]);
    assert_eq!(
        ran.out,
        "People   3\n\
         \x20         1  Owner\n\
         \x20         1  Contributor\n\
         \x20         1  no rule matches: Interact Only\n\
         Rules       matches    decides\n\
         \x20     1          1          1  email = olivia@acme.example -> Owner\n\
         \x20     2          2          1  groups = SecOps -> Contributor\n"
    );
}
