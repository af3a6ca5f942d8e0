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

#[test]
fn the_last_day_of_the_secret_becomes_a_reminder_and_without_one_the_field_is_named() {
    let files = Files::new();
    let mut with_day = set_up();
    with_day["connection"]["client_secret_expires"] = json!("9997-05-31");
    let file = files.with("acme.json", with_day.to_string());
    let ran = latchkey(&["export", &file, "--as", "ics"]);
    assert_eq!((ran.status, &*ran.err), (0, ""));
    assert!(
        ran.out.contains("DTSTART;VALUE=DATE:99970531\r\n"),
        "{ran:?}"
    );

    let file = files.with("without.json", set_up().to_string());
    let ran = latchkey(&["export", &file, "--as", "ics"]);
    let refusal = ran.refusal();
    assert!(
        refusal.contains("connection.client_secret_expires"),
        "{refusal}"
    );
}

#[test]
fn terraform_gets_the_application_at_the_provider_and_on_request_the_services_side() {
    let files = Files::new();
    let file = files.with("acme.json", set_up().to_string());
    for (form, resource) in [
        ("terraform", "resource \"okta_app_oauth\" \"service\" {"),
        (
            "identity-platform",
            "resource \"google_identity_platform_oauth_idp_config\" \"provider\" {",
        ),
    ] {
        let ran = latchkey(&["export", &file, "--as", form]);
        assert_eq!((ran.status, &*ran.err), (0, ""));
        assert!(ran.out.contains(resource), "{ran:?}");
        assert!(ran.out.contains("value = \"SecOps\""), "{ran:?}");
    }
    let unknown = set_up_with("/workspace/service", json!("tork")).to_string();
    let file = files.with("unknown.json", unknown);
    let ran = latchkey(&["export", &file, "--as", "terraform"]);
    assert!(ran.refusal().contains("workspace.service"), "{ran:?}");
}

#[test]
fn the_interface_of_a_region_that_is_not_known_is_not_guessed() {
    let files = Files::new();
    for region in ["jp", "", "xx"] {
        let there = set_up_with("/workspace/region", json!(region)).to_string();
        let file = files.with("acme.json", there);
        let ran = latchkey(&["export", &file, "--as", "curl"]);
        assert!(ran.refusal().contains("workspace.region"), "{ran:?}");
    }
}

/// The script in a real shell. In curl's place stands a program that says what it was given.
#[cfg(unix)]
#[test]
fn a_shell_sends_each_value_as_it_is_and_nothing_before_it_is_told_to() {
    use std::os::unix::fs::PermissionsExt;
    use std::process::{Command, Output};

    let hostile = [
        "it's",
        "'; touch here; '",
        "$(touch here) `touch here` ${HOME}",
        "a\nb\\\"c}",
        "--data @/etc/passwd",
        "Ä 😀",
    ];
    let rules: Vec<_> = hostile
        .iter()
        .map(|value| json!({ "claim": "groups", "value": value, "role": value }))
        .collect();
    let files = Files::new();
    let file = files.with("acme.json", set_up_with("/rules", json!(rules)).to_string());
    let ran = latchkey(&["export", &file, "--as", "curl"]);
    let script = files.with("rules.sh", &ran.out);
    let curl = files.with(
        "curl",
        "#!/bin/sh\nread -r line; printf 'token: %s\\n' \"$line\"\nfor one; do printf '[%s]\\n' \"$one\"; done\n",
    );
    std::fs::set_permissions(curl, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:/usr/bin:/bin", files.path(""));
    let run = |args: &[&str], roles: usize| -> Output {
        let mut shell = Command::new("sh");
        shell.arg(&script).args(args).env_clear().env("PATH", &path);
        shell.env("TOKEN", "a-token").current_dir(files.path(""));
        for number in 1..=roles {
            shell.env(format!("ROLE_{number}"), format!("id-{number}"));
        }
        shell.output().unwrap()
    };

    let listed = run(&[], 0);
    let said = String::from_utf8(listed.stdout).unwrap();
    assert!(listed.status.success() && !said.contains("POST"), "{said}");
    let missing = run(&["--append"], hostile.len() - 1);
    assert!(!missing.status.success());
    assert_eq!(
        missing.stdout, b"",
        "nothing is sent while a role is unknown"
    );

    let sent = run(&["--append"], hostile.len());
    assert!(sent.status.success(), "{sent:?}");
    let said = String::from_utf8(sent.stdout).unwrap();
    let bodies: Vec<serde_json::Value> = said
        .lines()
        .filter_map(|line| line.strip_prefix("[{").and_then(|it| it.strip_suffix("}]")))
        .map(|body| serde_json::from_str(&format!("{{{body}}}")).unwrap())
        .collect();
    let expected: Vec<_> = (1..)
        .zip(hostile)
        .map(|(number, value)| {
            json!({ "claim_name": "groups", "claim_value": value, "role_id": format!("id-{number}") })
        })
        .collect();
    assert_eq!(bodies, expected);
    for line in said.lines().filter(|line| line.contains("a-token")) {
        assert_eq!(line, "token: header = \"Authorization: Bearer a-token\"");
    }
    assert!(!std::path::Path::new(&files.path("here")).exists());
}
