//! The built `latchkey` command, and what its verdicts say.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use serde_json::Value;

const HOW: &str = "run `cargo build -p latchkey-cli`";

/// The command beside the folder of the tests, which cargo builds for no other package's tests.
/// Panics when it has not been built, or when one of its sources is newer: a test of yesterday's
/// program says nothing.
pub fn latchkey(args: &[&str]) -> Command {
    let test = std::env::current_exe().expect("a running test has a file");
    let profile = test
        .ancestors()
        .nth(2)
        .expect("cargo builds tests two folders below the command");
    let program = profile.join(format!("latchkey{}", std::env::consts::EXE_SUFFIX));
    let built =
        changed(&program).unwrap_or_else(|| panic!("{} is not built: {HOW}", program.display()));
    for source in sources(&profile.join("latchkey.d")) {
        let stale = changed(&source).is_none_or(|changed| changed > built);
        assert!(
            !stale,
            "the command is older than {}: {HOW}",
            source.display()
        );
    }
    let mut command = Command::new(program);
    command
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// What `latchkey workspaces` answers about the store in this folder.
///
/// # Panics
/// When it does not answer in JSON.
pub fn workspaces(data: &Path, words: &[&str]) -> Value {
    let data = data.to_str().expect("a plain path");
    let more = ["--data-dir", data, "--json"];
    let output = latchkey(&[&["workspaces"], words, &more].concat()).output();
    let output = output.expect("the command runs");
    let said = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {said}"))
}

fn changed(file: &Path) -> Option<SystemTime> {
    std::fs::metadata(file)
        .and_then(|file| file.modified())
        .ok()
}

/// What cargo wrote down when it built the program: `program: source source ...`, as for make.
fn sources(dependencies: &Path) -> Vec<PathBuf> {
    let text = std::fs::read_to_string(dependencies).expect("cargo writes it beside the program");
    let (_, sources) = text.split_once(": ").expect("it is a rule of make");
    sources
        .replace("\\ ", "\0")
        .split_whitespace()
        .map(|source| PathBuf::from(source.replace('\0', " ")))
        .collect()
}

/// Every finding of a verdict as (stage, severity, code), in order.
pub fn findings(verdict: &Value) -> Vec<(String, String, String)> {
    let mut all = Vec::new();
    for report in list(&verdict["stages"]) {
        for finding in list(&report["findings"]) {
            all.push((
                text(&report["stage"]),
                text(&finding["severity"]),
                text(&finding["code"]),
            ));
        }
    }
    all
}

/// The stage of a verdict that failed, with its first finding's code.
pub fn failure(verdict: &Value) -> Option<(String, String)> {
    let failed = list(&verdict["stages"])
        .iter()
        .find(|stage| stage["outcome"] == "failed")?;
    Some((text(&failed["stage"]), text(&failed["findings"][0]["code"])))
}

/// What is not there fails the test that asks for it.
fn list(value: &Value) -> &[Value] {
    value
        .as_array()
        .unwrap_or_else(|| panic!("no list: {value}"))
}

fn text(value: &Value) -> String {
    let text = value.as_str();
    text.unwrap_or_else(|| panic!("no text: {value}"))
        .to_owned()
}
