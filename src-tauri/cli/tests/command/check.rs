//! `latchkey check`

use serde_json::{Value, json};

use crate::bench::{Files, Ran, latchkey, latchkey_reading, set_up, set_up_with};

fn check(set_up: &Value) -> Ran {
    latchkey_reading(&["check", "-", "--json"], set_up.to_string().as_bytes())
}

fn codes(ran: &Ran, severity: &str) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    ran.json()["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["severity"] == severity)
        .map(|finding| (text(&finding["code"]), text(&finding["path"])))
        .collect()
}

#[test]
fn a_set_up_that_holds_has_no_finding_and_status_0() {
    let ran = check(&set_up());
    assert_eq!((ran.status, ran.json()), (0, json!({ "findings": [] })));
}

#[test]
fn every_finding_has_its_code_its_field_and_two_sentences() {
    let ran = check(&set_up_with("/connection/issuer", json!("acme")));
    assert_eq!(ran.status, 1);
    let findings = ran.json()["findings"].as_array().unwrap().clone();
    assert!(!findings.is_empty());
    for finding in &findings {
        for key in ["code", "severity", "path", "what", "do"] {
            let text = finding[key].as_str().unwrap_or_default();
            assert!(!text.is_empty(), "{key} in {finding}");
        }
    }
}

#[test]
fn each_error_is_found_at_its_field() {
    for (pointer, value, path, code) in [
        (
            "/workspace/service",
            json!("torqq"),
            "workspace.service",
            "unknown_service",
        ),
        (
            "/workspace/region",
            json!("mars"),
            "workspace.region",
            "unknown_region",
        ),
        (
            "/workspace/name",
            json!(" "),
            "workspace.name",
            "field_missing",
        ),
        (
            "/workspace/owner_email",
            json!("olivia"),
            "workspace.owner_email",
            "not_an_email",
        ),
        (
            "/connection/provider",
            json!("octa"),
            "connection.provider",
            "unknown_provider",
        ),
        (
            "/connection/issuer",
            json!(""),
            "connection.issuer",
            "field_missing",
        ),
        (
            "/connection/issuer",
            json!("http://acme.okta.com"),
            "connection.issuer",
            "address_not_https",
        ),
        (
            "/connection/client_id",
            json!(""),
            "connection.client_id",
            "field_missing",
        ),
        (
            "/connection/scopes",
            json!(["email"]),
            "connection.scopes",
            "scope_openid_missing",
        ),
        ("/rules", json!([]), "rules", "rules_missing"),
    ] {
        let ran = check(&set_up_with(pointer, value.clone()));
        assert_eq!(ran.status, 1, "{pointer} {value}");
        let errors = codes(&ran, "error");
        let expected = (code.to_owned(), path.to_owned());
        assert!(errors.contains(&expected), "{pointer} {value}: {errors:?}");
    }
}

#[test]
fn a_warning_alone_is_status_0() {
    let ran = check(&set_up_with(
        "/connection/issuer",
        json!("https://idp.local"),
    ));
    assert_eq!(codes(&ran, "error"), []);
    assert!(!codes(&ran, "warning").is_empty());
    assert_eq!(ran.status, 0);
}

#[test]
fn a_saml_set_up_is_checked_too() {
    let mut saml = set_up();
    saml["connection"] = json!({
        "protocol": "saml", "provider": "jumpcloud", "issuer": "JumpCloud",
        "sign_on_url": "nowhere", "certificates": []
    });
    let ran = check(&saml);
    assert_eq!(ran.status, 1);
    let errors = codes(&ran, "error");
    for path in ["connection.sign_on_url", "connection.certificates"] {
        assert!(
            errors.iter().any(|(_, at)| at == path),
            "{path}: {errors:?}"
        );
    }
}

#[test]
fn a_service_of_ones_own_is_checked_by_its_own_roles() {
    let service = json!({
        "name": "Ledger", "login_redirect_url": "https://ledger.acme.example/callback",
        "roles": ["Owner", "Contributor"], "fallback": "None"
    });
    assert_eq!(
        check(&set_up_with("/workspace/service", service.clone())).status,
        0
    );
    let mut unknown = set_up_with("/workspace/service", service);
    unknown["rules"][1]["role"] = json!("Emperor");
    let ran = check(&unknown);
    let expected = ("unknown_role".to_owned(), "rules[1].role".to_owned());
    assert!(codes(&ran, "error").contains(&expected), "{ran:?}");
}

#[test]
fn text_says_the_same_without_colour() {
    let files = Files::new();
    let file = files.with(
        "acme.json",
        set_up_with("/connection/issuer", json!("")).to_string(),
    );
    let ran = latchkey(&["check", &file]);
    assert_eq!(ran.status, 1);
    assert!(
        ran.out.contains("field_missing  connection.issuer"),
        "{ran:?}"
    );
    assert!(!ran.out.contains('\u{1b}'), "{ran:?}");
}

#[test]
fn what_stands_in_the_file_cannot_steer_the_terminal() {
    let ran = latchkey_reading(
        &["check", "-"],
        set_up_with("/connection/provider", json!("okta\u{1b}[2J\u{202e}"))
            .to_string()
            .as_bytes(),
    );
    assert_eq!(ran.status, 1);
    assert!(!ran.out.contains(['\u{1b}', '\u{202e}']), "{ran:?}");
}
