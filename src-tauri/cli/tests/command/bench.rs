//! Running the program, and files for it.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// What one run did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

pub(crate) fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_latchkey"));
    command
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

pub(crate) fn latchkey(args: &[&str]) -> Ran {
    latchkey_reading(args, b"")
}

pub(crate) fn latchkey_reading(args: &[&str], input: &[u8]) -> Ran {
    let mut child = command(args).spawn().unwrap();
    // A program that refuses an input does not read all of it.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    Ran {
        status: output.status.code().expect("it ends by itself"),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Ran {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The one sentence of an input that could not be used.
    pub(crate) fn refusal(&self) -> &str {
        assert_eq!(self.status, 2, "{self:?}");
        assert_eq!(self.out, "", "{self:?}");
        let sentence = self.err.strip_suffix('\n').unwrap();
        assert!(!sentence.contains('\n'), "one sentence: {self:?}");
        assert!(sentence.chars().count() < 1500, "{self:?}");
        sentence.strip_prefix("latchkey: ").unwrap()
    }
}

/// Files that are gone with the test.
pub(crate) struct Files(TempDir);

impl Files {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    pub(crate) fn with(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        path
    }
}

/// A set-up without any finding.
pub(crate) fn set_up() -> Value {
    json!({
        "format": "latchkey/1",
        "workspace": {
            "service": "torq", "name": "Acme", "region": "us", "owner_email": "olivia@acme.example"
        },
        "connection": {
            "protocol": "oidc", "provider": "okta", "issuer": "https://acme.okta.com",
            "client_id": "0oa1b2c3d4E5f6G7h8i9",
            "scopes": ["openid", "email", "profile", "groups"], "flow": "code", "login_hint": true
        },
        "rules": [
            { "claim": "email", "value": "olivia@acme.example", "role": "Owner" },
            { "claim": "groups", "value": "SecOps", "role": "Contributor" }
        ]
    })
}

/// The set-up with one value changed, by its JSON pointer.
pub(crate) fn set_up_with(pointer: &str, value: Value) -> Value {
    let mut changed = set_up();
    *changed.pointer_mut(pointer).unwrap() = value;
    changed
}

/// A run that goes on while the test looks at it; ended with the test.
pub(crate) struct Running {
    pub(crate) child: Child,
    lines: BufReader<ChildStdout>,
}

impl Running {
    pub(crate) fn start(args: &[&str]) -> Self {
        let mut child = command(args).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self { child, lines }
    }

    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line
    }

    pub(crate) fn json_line(&mut self) -> Value {
        let line = self.line();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"))
    }

    /// Asks it to end, as a terminal or a service's keeper does.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id();
        let asked = Command::new("sh")
            .args(["-c", &format!("kill -{name} {id}")])
            .status();
        assert!(asked.unwrap().success());
    }

    /// Its exit status, and what else it wrote to standard output.
    pub(crate) fn ended(&mut self) -> (i32, String) {
        let mut rest = String::new();
        self.lines.read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap().code().unwrap(), rest)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
