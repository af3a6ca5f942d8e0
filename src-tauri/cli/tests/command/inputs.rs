//! Every kind of input that cannot be used ends in one sentence and status 2, and never in a panic.

use serde_json::json;

use crate::bench::{Files, latchkey, latchkey_reading, set_up, set_up_with};

/// What is wrong with any kind of file, and what the sentence must name.
fn unusable() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    vec![
        ("empty", Vec::new(), "is empty"),
        ("blank", b" \r\n\t".to_vec(), "is empty"),
        (
            "two megabytes",
            vec![b' '; 2 * 1024 * 1024],
            "is larger than",
        ),
        ("not text", b"{\n\xff}".to_vec(), "not UTF-8 text at line 2"),
        (
            "sixteen bits a character",
            b"\xff\xfe{\0}\0".to_vec(),
            "not UTF-8 text at line 1",
        ),
    ]
}

/// The same for JSON files.
fn unusable_json() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let mut all = unusable();
    all.extend([
        (
            "deep",
            "[".repeat(100_000).into_bytes(),
            "deeper than 64 levels at line 1",
        ),
        (
            "deep below",
            format!("{{\n\"a\":{}", "{\"a\":".repeat(100_000)).into_bytes(),
            "at line 2",
        ),
        ("broken off", b"{\"format\":\n\"latch".to_vec(), "line 2"),
        (
            "a null character",
            b"{\"format\0\": 1}".to_vec(),
            "line 1, column ",
        ),
        ("trailing", b"{} {}".to_vec(), ""),
        ("a list", b"[]".to_vec(), ""),
        ("a text", b"\"secret-looking\"".to_vec(), ""),
        ("nothing", b"null".to_vec(), ""),
        (
            "a web page",
            b"<!doctype html>".to_vec(),
            "line 1, column 1",
        ),
    ]);
    all
}

#[test]
fn a_set_up_that_cannot_be_used_is_refused_by_name_and_place() {
    let files = Files::new();
    for (name, content, says) in unusable_json() {
        let file = files.with("bad.json", content);
        let ran = latchkey(&["check", &file, "--json"]);
        let sentence = ran.refusal();
        assert!(sentence.contains("bad.json"), "{name}: {sentence}");
        assert!(sentence.contains(says), "{name}: {sentence}");
        assert!(!sentence.contains('?'), "{name}: {sentence}");
    }
}

#[test]
fn claims_that_cannot_be_used_are_refused_by_name_and_place() {
    let files = Files::new();
    let set_up = files.with("acme.json", set_up().to_string());
    let twice = (
        "twice",
        br#"{"email":"a","email":"b"}"#.to_vec(),
        "\"email\" twice",
    );
    for (name, content, says) in unusable_json().into_iter().chain([twice]) {
        let file = files.with("bad.json", content);
        let ran = latchkey(&["resolve", &set_up, "--claims", &file, "--json"]);
        let sentence = ran.refusal();
        assert!(sentence.contains("bad.json"), "{name}: {sentence}");
        assert!(sentence.contains(says), "{name}: {sentence}");
        assert!(!sentence.contains("secret-looking"), "{name}: {sentence}");
    }
}

#[test]
fn a_key_set_that_cannot_be_used_is_refused_by_name_and_place() {
    let files = Files::new();
    let set_up = files.with("acme.json", set_up().to_string());
    let token = files.with("token.txt", "a.b.c");
    let other = [
        ("an object without keys", b"{}".to_vec(), "\"keys\""),
        (
            "keys that are no list",
            br#"{"keys":{}}"#.to_vec(),
            "\"keys\"",
        ),
    ];
    for (name, content, says) in unusable_json().into_iter().chain(other) {
        let file = files.with("bad.json", content);
        let ran = latchkey(&["verify-token", &set_up, "--token", &token, "--jwks", &file]);
        let sentence = ran.refusal();
        assert!(sentence.contains("bad.json"), "{name}: {sentence}");
        assert!(sentence.contains(says), "{name}: {sentence}");
        assert!(!sentence.contains("secret-looking"), "{name}: {sentence}");
    }
}

#[test]
fn a_token_file_that_cannot_be_used_is_refused_by_name() {
    let files = Files::new();
    let set_up = files.with("acme.json", set_up().to_string());
    let keys = files.with("keys.json", r#"{"keys":[]}"#);
    let other = [
        (
            "an answer without an ID token",
            br#"{"access_token":"hidden"}"#.to_vec(),
            "an ID token",
        ),
        ("an object broken off", b"{".to_vec(), "line 1"),
    ];
    for (name, content, says) in unusable().into_iter().chain(other) {
        let file = files.with("bad.txt", content);
        let ran = latchkey(&["verify-token", &set_up, "--token", &file, "--jwks", &keys]);
        let sentence = ran.refusal();
        assert!(sentence.contains("bad.txt"), "{name}: {sentence}");
        assert!(sentence.contains(says), "{name}: {sentence}");
        assert!(!sentence.contains("hidden"), "{name}: {sentence}");
    }
}

#[test]
fn a_secret_file_that_cannot_be_used_is_refused_and_not_quoted() {
    let files = Files::new();
    let set_up = files.with("acme.json", set_up().to_string());
    for (name, content) in [
        ("empty", Vec::new()),
        ("only a line break", b"\r\n".to_vec()),
        ("too large", vec![b'x'; 5000]),
        ("two lines", b"hunter2\nhunter3\n".to_vec()),
        ("not text", b"hunter2\xff".to_vec()),
    ] {
        let file = files.with("secret.txt", content);
        let ran = latchkey(&[
            "sign-in",
            &set_up,
            "--loopback",
            "0",
            "--secret-file",
            &file,
        ]);
        let sentence = ran.refusal();
        assert!(sentence.contains("secret.txt"), "{name}: {sentence}");
        assert!(!sentence.contains("hunter"), "{name}: {sentence}");
    }
}

#[test]
fn the_field_that_does_not_fit_is_named_with_what_is_expected() {
    let mut unknown = set_up();
    unknown["workspace"]["regoin"] = json!("us");
    let mut secret = set_up();
    secret["connection"]["client_secret"] = json!("hunter2");
    let mut missing = set_up();
    missing["connection"]
        .as_object_mut()
        .unwrap()
        .remove("protocol");
    let nested = json!(["[".repeat(10), [[[]]]]);
    for (set_up, says) in [
        (
            unknown,
            &["workspace.regoin", "no key `regoin`", "`region`"][..],
        ),
        (secret, &["connection.client_secret", "no key"]),
        (missing, &["connection", "the key `protocol` is missing"]),
        (
            set_up_with("/format", json!("latchkey/2")),
            &["format", "`latchkey/1` is expected"],
        ),
        (
            set_up_with("/workspace/name", json!(5)),
            &[
                "workspace.name",
                "text in double quotation marks is expected",
            ],
        ),
        (
            set_up_with("/connection/flow", json!("hybrid")),
            &["connection.flow", "`implicit`"],
        ),
        (
            set_up_with("/connection/scopes", json!("openid")),
            &["connection.scopes", "a list in [ ] is expected"],
        ),
        (
            set_up_with("/connection/scopes/1", json!(1)),
            &[
                "connection.scopes[1]",
                "text in double quotation marks is expected",
            ],
        ),
        (
            set_up_with("/connection/issuer", nested),
            &[
                "connection.issuer",
                "text in double quotation marks is expected",
            ],
        ),
        (
            set_up_with("/rules", json!({})),
            &["rules", "a list in [ ] is expected"],
        ),
        (
            set_up_with("/rules/1/role", json!(null)),
            &[
                "rules[1].role",
                "text in double quotation marks is expected",
            ],
        ),
        (
            set_up_with("/workspace/service", json!(7)),
            &["workspace.service", "built-in service"],
        ),
    ] {
        let text = serde_json::to_string_pretty(&set_up).unwrap();
        let ran = latchkey_reading(&["check", "-"], text.as_bytes());
        let sentence = ran.refusal();
        for part in says {
            assert!(sentence.contains(part), "{part}: {sentence}");
        }
        assert!(sentence.contains("line "), "{sentence}");
        assert!(!sentence.contains("hunter2"), "{sentence}");
    }
}

#[test]
fn a_byte_order_mark_and_windows_line_breaks_are_read() {
    let text = serde_json::to_string_pretty(&set_up()).unwrap();
    let text = format!("\u{feff}{}\r\n", text.replace('\n', "\r\n"));
    assert_eq!(latchkey_reading(&["check", "-"], text.as_bytes()).status, 0);
    let files = Files::new();
    let set_up = files.with("acme.json", text);
    let claims = "\u{feff}{\r\n\"groups\": [\"SecOps\"]\r\n}\r\n";
    let ran = latchkey_reading(&["resolve", &set_up, "--claims", "-"], claims.as_bytes());
    assert_eq!(ran.status, 0, "{ran:?}");
}

#[test]
fn a_file_that_is_not_there_and_a_directory_are_told_apart() {
    let files = Files::new();
    let set_up = files.with("acme.json", set_up().to_string());
    let (missing, directory) = (files.path("missing"), files.path("."));
    for (path, says) in [(&missing, "is not there"), (&directory, "is a directory")] {
        for args in [
            &["check", path][..],
            &["resolve", path, "--claims", "-"],
            &["resolve", &set_up, "--claims", path],
            &["verify-token", &set_up, "--token", path, "--jwks", path],
            &["sign-in", &set_up, "--loopback", "0", "--secret-file", path],
            &["workspaces", "import", path],
        ] {
            let ran = latchkey(args);
            assert!(ran.refusal().contains(says), "{args:?}: {ran:?}");
        }
    }
}

#[test]
fn a_command_line_that_is_wrong_is_one_sentence_too() {
    for (args, says) in [
        (&["chekc"][..], "chekc"),
        (&["check"], "<SETUP>"),
        (&["check", "a", "b"], "'b'"),
        (&["check", "a", "--yaml"], "--yaml"),
        (&["resolve", "a"], "--claims"),
        (&["sign-in", "a", "--loopback", "70000"], "70000"),
        (
            &["sign-in", "a", "--loopback", "0", "--timeout", "0"],
            "--timeout",
        ),
        (
            &[
                "verify-token",
                "a",
                "--token",
                "b",
                "--jwks",
                "c",
                "--at",
                "noon",
            ],
            "RFC 3339",
        ),
        (
            &[
                "verify-token",
                "a",
                "--token",
                "b",
                "--jwks",
                "c",
                "--at",
                "2026-11-22",
            ],
            "RFC 3339",
        ),
        (&["practice", "--fault", "gremlins"], "wrong-audience"),
        (&["practice", "--port", "70000"], "--port"),
        (&["workspaces", "restore", "Acme", "two"], "two"),
        (&["workspaces", "restore", "Acme", "-1"], "-1"),
    ] {
        let ran = latchkey(args);
        assert!(ran.refusal().contains(says), "{args:?}: {ran:?}");
    }
}

#[test]
fn one_standard_input_is_not_read_for_two_files() {
    let files = Files::new();
    let set_up = files.with("acme.json", set_up().to_string());
    for args in [
        &["resolve", "-", "--claims", "-"][..],
        &["verify-token", &set_up, "--token", "-", "--jwks", "-"],
        &["verify-token", "-", "--token", "-", "--jwks", &set_up],
    ] {
        assert!(
            latchkey(args).refusal().contains("standard input"),
            "{args:?}"
        );
    }
}
