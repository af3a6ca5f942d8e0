//! `latchkey sign-in`, as far as nobody has to sign in. Whole sign-ins are in the workspace's own
//! tests, at providers that nobody here wrote.

use std::net::TcpListener;

use serde_json::{Value, json};

use crate::bench::{Files, Running, latchkey, set_up, set_up_with};

fn failed(verdict: &Value) -> (String, Vec<String>) {
    assert_eq!(verdict["verified"], false);
    for empty in ["subject", "role", "rule"] {
        assert_eq!(verdict[empty], Value::Null, "{empty}");
    }
    assert_eq!(verdict["claims"], json!({}));
    let stages = verdict["stages"].as_array().unwrap();
    assert_eq!(stages.len(), 7);
    let stage = stages
        .iter()
        .find(|stage| stage["outcome"] == "failed")
        .unwrap();
    let codes = stage["findings"].as_array().unwrap().iter();
    (
        stage["stage"].as_str().unwrap().to_owned(),
        codes
            .map(|one| one["code"].as_str().unwrap().to_owned())
            .collect(),
    )
}

/// A set-up whose issuer is on this computer.
fn set_up_at(issuer: &str) -> Value {
    let mut set_up = set_up_with("/connection/issuer", json!(issuer));
    set_up["connection"]["provider"] = json!("other");
    set_up["connection"]["client_id"] = json!("latchkey-practice");
    set_up
}

/// A practice provider, and a sign-in there that waits for its person.
fn waiting(files: &Files, more: &[&str]) -> (Running, Running, Value) {
    let mut practice = Running::start(&["practice", "--json"]);
    let reach = practice.json_line();
    let set_up = set_up_at(reach["issuer"].as_str().unwrap());
    let file = files.with("acme.json", set_up.to_string());
    let secret = files.with(
        "secret.txt",
        format!("{}\n", reach["client_secret"].as_str().unwrap()),
    );
    let args = [
        "sign-in",
        &file,
        "--loopback",
        "0",
        "--secret-file",
        &secret,
        "--json",
    ];
    let mut sign_in = Running::start(&[&args, more].concat());
    let first = sign_in.json_line();
    (practice, sign_in, first)
}

#[test]
fn the_first_line_is_the_address_to_open_and_holds_no_secret() {
    let files = Files::new();
    let (_practice, _sign_in, first) = waiting(&files, &[]);
    let open = first["open"].as_str().unwrap();
    assert!(open.contains("client_id=latchkey-practice"), "{open}");
    assert!(open.contains("code_challenge="), "{open}");
    assert!(open.contains("callback"), "{open}");
    let secret = std::fs::read_to_string(files.path("secret.txt")).unwrap();
    assert!(!open.contains(secret.trim()), "{open}");
}

#[test]
fn no_answer_in_time_is_said_so() {
    let files = Files::new();
    let (_practice, mut sign_in, _) = waiting(&files, &["--timeout", "1"]);
    let verdict = sign_in.json_line();
    assert_eq!(
        failed(&verdict),
        ("answered".to_owned(), vec!["sign_in_timed_out".to_owned()])
    );
    assert_eq!(sign_in.ended(), (1, String::new()));
}

#[test]
fn asked_to_end_it_prints_the_verdict_all_the_same() {
    let files = Files::new();
    for signal in ["INT", "TERM"] {
        let (_practice, mut sign_in, _) = waiting(&files, &[]);
        sign_in.signal(signal);
        let verdict = sign_in.json_line();
        assert_eq!(
            failed(&verdict),
            (
                "answered".to_owned(),
                vec!["cancelled_by_person".to_owned()]
            )
        );
        assert_eq!(sign_in.ended(), (1, String::new()), "{signal}");
    }
}

#[test]
fn a_provider_that_is_not_there_ends_it_before_anything_is_to_be_opened() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let issuer = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let files = Files::new();
    let file = files.with("acme.json", set_up_at(&issuer).to_string());
    let ran = latchkey(&["sign-in", &file, "--loopback", "0", "--json"]);
    assert_eq!(ran.status, 1);
    assert_eq!(
        failed(&ran.json()),
        ("reached".to_owned(), vec!["connection_refused".to_owned()])
    );
}

#[test]
fn a_loopback_port_that_is_taken_is_a_finding() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let files = Files::new();
    let file = files.with("acme.json", set_up().to_string());
    let ran = latchkey(&["sign-in", &file, "--loopback", &port, "--json"]);
    assert_eq!(ran.status, 1);
    assert_eq!(
        failed(&ran.json()),
        (
            "reached".to_owned(),
            vec!["loopback_unavailable".to_owned()]
        )
    );
}

#[test]
fn a_connection_with_an_error_is_refused_with_the_field() {
    let files = Files::new();
    let mut saml = set_up();
    saml["connection"] = json!({ "protocol": "saml", "provider": "okta" });
    for (set_up, field) in [
        (
            set_up_with("/connection/issuer", json!("acme")),
            "connection.issuer",
        ),
        (
            set_up_with("/connection/client_id", json!("")),
            "connection.client_id",
        ),
        (
            set_up_with("/workspace/region", json!("")),
            "workspace.region",
        ),
        (saml, "connection.sign_on_url"),
    ] {
        let file = files.with("acme.json", set_up.to_string());
        let ran = latchkey(&["sign-in", &file, "--loopback", "0"]);
        let sentence = ran.refusal();
        assert!(sentence.contains("acme.json"), "{sentence}");
        assert!(sentence.contains(field), "{sentence}");
    }
}

#[test]
fn text_ends_with_the_stages_and_what_to_do() {
    let files = Files::new();
    let mut practice = Running::start(&["practice", "--json"]);
    let reach = practice.json_line();
    let set_up = set_up_at(reach["issuer"].as_str().unwrap());
    let file = files.with("acme.json", set_up.to_string());
    let mut sign_in = Running::start(&["sign-in", &file, "--loopback", "0", "--timeout", "1"]);
    assert!(sign_in.json_line()["open"].is_string());
    let (status, text) = sign_in.ended();
    assert_eq!(status, 1);
    for part in [
        "✓ Reached",
        "✗ Answered",
        "No answer came within 1 second",
        "· Mapped",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn an_answer_file_that_is_there_already_is_refused_before_anybody_signs_in() {
    let files = crate::bench::Files::new();
    let set_up = files.with("set-up.json", crate::bench::set_up().to_string());
    let there = files.with("answer.json", "mine");
    let args = [
        "sign-in",
        &set_up,
        "--loopback",
        "0",
        "--answer-file",
        &there,
    ];
    let ran = crate::bench::latchkey(&args);
    assert!(
        ran.refusal().contains("answer.json cannot be written"),
        "{ran:?}"
    );
    assert_eq!(std::fs::read(&there).unwrap(), b"mine");
}
