//! Python programs beside the tests, and people who are made up.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use latchkey_core::{Rule, RuleList};
use serde_json::Value;

/// Runs a program of `tests/people` on this input; what it answered.
pub(crate) fn python(program: &str, input: &Value) -> Value {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut child = Command::new(here.join("../target/tools/python/bin/python"))
        .arg(here.join("people").join(program))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("`tests/install.sh python` installs what counts people beside Latchkey");
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.to_string().as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{program} failed: see above");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A server beside the tests, which ends when its standard input closes.
pub(crate) struct Server {
    child: Child,
    pub(crate) ready: Value,
}

impl Server {
    pub(crate) fn python(program: &str, args: &[&str]) -> Self {
        let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let mut command = Command::new(here.join("../target/tools/python/bin/python"));
        command.arg(here.join("people").join(program)).args(args);
        Self::start(command)
    }

    pub(crate) fn node(program: &str, config: &Value) -> Self {
        let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let mut command = Command::new("node");
        command
            .arg(program)
            .arg(config.to_string())
            .current_dir(here.join("providers"));
        Self::start(command)
    }

    fn start(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("`make need-test` and `npm ci --prefix tests/providers` install the servers");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let ready = serde_json::from_str(&line).expect("it says why it did not start");
        Self { child, ready }
    }

    pub(crate) fn address(&self) -> &str {
        self.ready["address"].as_str().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only for a child that has ended already, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The same numbers on every run (Numerical Recipes' generator; the upper bits are the good ones).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    pub(crate) fn one_of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }
}

/// Names as companies have them, and names that a query could stumble over.
pub(crate) const GROUPS: [&str; 30] = [
    "SecOps",
    "secops",
    "SecOps ",
    " SecOps",
    "Sec Ops",
    "Everyone",
    "O'Brien's team",
    "''",
    "'",
    r"CN=Sec\, Ops,OU=Groups",
    r"\",
    r"\n",
    r"\'",
    "a\nb",
    "tab\there",
    "${user}",
    "{{ x }}",
    ":name",
    "?",
    "%s",
    "--",
    "/* */",
    "Sécurité",
    "Se\u{301}curite\u{301}",
    "🔑",
    "=cmd|' /C calc'!A0",
    "NULL",
    "0",
    "\"quoted\"",
    "x'; DROP TABLE claims; --",
];

pub(crate) fn rules(dice: &mut Dice, count: usize) -> RuleList {
    let rule = |_| {
        let claim = dice.one_of(&[
            "groups",
            "groups",
            "groups",
            "email",
            "department",
            "Groups",
        ]);
        let value = match claim {
            "email" => format!("p{}@acme.example", dice.below(3_000)),
            _ => dice.one_of(&GROUPS).to_owned(),
        };
        Rule {
            claim: claim.to_owned(),
            value,
            role: dice
                .one_of(&[
                    "Owner",
                    "Contributor",
                    "Viewer",
                    "It's \\ mine",
                    "Interact Only",
                ])
                .to_owned(),
        }
    };
    RuleList((0..count).map(rule).collect())
}
