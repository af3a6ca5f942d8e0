//! `latchkey export`

use serde_json::json;

use crate::bench::{Files, latchkey, set_up, set_up_with};

#[test]
fn the_rules_are_one_query_that_names_each_of_them_once() {
    let files = Files::new();
    let file = files.with("acme.json", set_up().to_string());
    let ran = latchkey(&["export", &file, "--as", "sql"]);
    assert_eq!((ran.status, &*ran.err), (0, ""));
    assert!(
        ran.out.contains("(2, 'groups', 'SecOps', 'Contributor')"),
        "{ran:?}"
    );
    assert!(
        ran.out.contains("COALESCE(rules.role, 'Interact Only')"),
        "{ran:?}"
    );
    assert!(!ran.out.contains(';'), "one statement: {ran:?}");
}

#[test]
fn a_set_up_with_errors_is_written_and_does_not_hold() {
    let files = Files::new();
    let file = files.with("acme.json", set_up_with("/rules", json!([])).to_string());
    let ran = latchkey(&["export", &file, "--as", "sql"]);
    assert_eq!(ran.status, 1);
    assert!(ran.out.contains("SELECT DISTINCT"), "{ran:?}");
    assert!(ran.err.contains("error: rules"), "{ran:?}");
}

#[test]
fn a_form_that_does_not_exist_is_refused_with_those_that_do() {
    let ran = latchkey(&["export", "acme.json", "--as", "yaml"]);
    assert!(ran.refusal().contains("sql"), "{ran:?}");
}
