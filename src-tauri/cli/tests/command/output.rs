//! Standard output that nobody reads, help, and the schema.

use std::fs::File;
use std::process::Stdio;

use serde_json::Value;

use crate::bench::{command, latchkey};

#[test]
fn a_reader_that_has_gone_is_no_failure_and_no_panic() {
    for args in [
        &["schema"][..],
        &["--help"],
        &["check", "--help"],
        &["--version"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = command(args).stdout(Stdio::from(writer)).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}");
        assert_eq!(output.stderr, b"", "{args:?}");
    }
}

#[test]
fn messages_that_nobody_reads_change_nothing() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = command(&["check", "missing.json"])
        .stderr(Stdio::from(writer))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_could_not_be_written_is_told() {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let output = command(&["schema"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("standard output could not be written"),
        "{said}"
    );
}

#[test]
fn help_has_no_colour_even_where_the_environment_asks_for_it() {
    for args in [&["--help"][..], &["check", "--help"], &[]] {
        let forced = command(args).env("CLICOLOR_FORCE", "1").output().unwrap();
        let said = [forced.stdout, forced.stderr].concat();
        assert!(!said.contains(&0x1B), "{args:?}");
    }
}

#[test]
fn what_is_missing_on_the_command_line_is_named_with_every_choice() {
    for (args, says) in [
        (&["diagnose"][..], "--har <FILE>"),
        (&["diagnose"], "--error <TEXT>"),
        (
            &["workspaces", "restore", "Acme", "two"],
            "a whole number is expected",
        ),
    ] {
        let output = command(args).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(says), "{said}");
    }
}

#[test]
fn every_subcommand_takes_json_and_has_help_with_an_example() {
    for words in [
        &["check"][..],
        &["resolve"],
        &["verify-saml"],
        &["verify-token"],
        &["sign-in"],
        &["practice"],
        &["workspaces"],
        &["workspaces", "list"],
        &["workspaces", "import"],
        &["workspaces", "export"],
        &["workspaces", "history"],
        &["workspaces", "restore"],
        &["schema"],
    ] {
        let ran = latchkey(&[words, &["--help"]].concat());
        assert_eq!(ran.status, 0, "{words:?}");
        assert!(ran.out.contains("--json"), "{words:?}");
        assert!(ran.out.contains("Example: "), "{words:?}");
        assert!(!ran.out.contains('\u{1b}'), "{words:?}");
    }
}

#[test]
fn nothing_asked_for_is_status_2_with_the_help() {
    let ran = latchkey(&[]);
    assert_eq!((ran.status, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("verify-token"), "{ran:?}");
}

#[test]
fn the_schema_is_json_and_refuses_unknown_keys() {
    for args in [&["schema"][..], &["schema", "--json"]] {
        let schema: Value = latchkey(args).json();
        assert_eq!(schema["additionalProperties"], false);
        for key in ["format", "workspace", "connection", "rules"] {
            assert!(schema["properties"][key].is_object(), "{key}");
        }
    }
}
