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

#[test]
fn the_checklist_names_what_to_copy_and_what_to_send_back() {
    let files = Files::new();
    let file = files.with("acme.json", set_up().to_string());
    let ran = latchkey(&["export", &file, "--as", "checklist"]);
    assert_eq!((ran.status, &*ran.err), (0, ""));
    for line in [
        "- [ ] Sign-in redirect URIs: `https://app.torq.io/__/auth/handler`",
        "- [ ] Initiate login URI: `https://app.torq.io/auth/SSOSignIn?domain=acme.example`",
        "- Client ID: ______",
        "- Client secret: ______",
    ] {
        assert!(ran.out.contains(line), "{line}: {ran:?}");
    }
}

#[test]
fn the_set_up_is_written_as_its_own_file_is_read() {
    let files = Files::new();
    let file = files.with("acme.json", set_up().to_string());
    let ran = latchkey(&["export", &file, "--as", "json"]);
    let again = files.with("again.json", &ran.out);
    assert_eq!(latchkey(&["export", &again, "--as", "json"]).out, ran.out);
    assert_eq!(ran.json(), set_up());
}

#[test]
fn a_service_that_is_not_known_has_no_checklist() {
    let files = Files::new();
    let text = set_up_with("/workspace/service", json!("tork")).to_string();
    let file = files.with("acme.json", text);
    let ran = latchkey(&["export", &file, "--as", "checklist"]);
    assert!(ran.refusal().contains("workspace.service"), "{ran:?}");
}
