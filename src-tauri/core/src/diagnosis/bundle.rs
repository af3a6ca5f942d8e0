//! What goes to the service's support: the diagnosis on top, the answers that support asks for, the
//! set-up and the recording, each without what is nobody else's business.
//!
//! A bundle is made whole before anything of it is shown or written: its preview is its bytes. Nothing
//! is let through because it is not known to be secret; of addresses, headers and bodies only what is
//! known to be harmless is kept.

mod named;
mod recording;
mod redaction;
mod zip;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use specta::Type;

pub use recording::Redacted;
pub use redaction::{Personal, Redaction};

use super::chain::Chain;
use super::har::Har;
use super::{Known, of_text};
use crate::check::check;
use crate::fault::Fault;
use crate::finding::{Finding, Told};
use crate::set_up::SetUp;

/// The longest answer to one question, in characters.
pub const LONGEST_ANSWER: usize = 20_000;

/// Whom the failure meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Affected {
    /// Everybody at once.
    All,
    /// Some people.
    Some,
}

/// What support asks for, as it was answered; empty where it was not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default, deny_unknown_fields)]
pub struct Asked {
    /// The exact error message.
    pub error: String,
    /// The address at which it showed.
    pub address: String,
    /// The browser's name and version.
    pub browser: String,
    /// The address of a person whom it meets.
    pub person: String,
    /// When it began.
    pub began: String,
    /// Whether it meets all or some.
    pub affected: Option<Affected>,
    /// What was changed at the provider lately.
    pub changes: String,
}

impl Asked {
    /// Answers from a recording what was left open: the address, the browser, when it began.
    #[must_use]
    pub fn with_recording(mut self, recording: &Har, chain: Option<&Chain>) -> Self {
        let fill = |answer: &mut String, known: String| {
            if answer.trim().is_empty() {
                *answer = known;
            }
        };
        fill(&mut self.browser, recording.agent.clone());
        let Some(chain) = chain else { return self };
        let first = chain.links.iter().find_map(|link| link.at);
        fill(
            &mut self.began,
            first.map_or_else(String::new, |at| at.to_string()),
        );
        let broken = chain.broken().and_then(|step| chain.links.get(step));
        fill(
            &mut self.address,
            broken.map_or_else(String::new, |link| link.place.address()),
        );
        self
    }
}

/// What a bundle is made of.
#[derive(Clone, Copy, Debug)]
pub struct Contents<'a> {
    /// What was diagnosed, the most likely cause first.
    pub findings: &'a [Told],
    /// The sign-in that broke.
    pub chain: Option<&'a Chain>,
    /// The set-up, which holds no secret.
    pub set_up: Option<&'a SetUp>,
    /// The recording, redacted as it was read.
    pub recording: Option<&'a Redacted>,
    /// The answers to support's questions.
    pub asked: &'a Asked,
    /// When the bundle is made.
    pub made: Timestamp,
    /// The version of the program that makes it.
    pub version: &'a str,
}

/// What a bundle says is wrong: what was found already, as in a recording, then what the error shows,
/// then the set-up itself; each once.
pub fn findings(found: &[Told], error: &str, known: &Known<'_>) -> Vec<Told> {
    let mut of_error = of_text(error, known);
    of_error.retain(|finding| !matches!(finding.fault, Fault::NothingRecognised { .. }));
    let mut of_set_up = match known.set_up {
        Some(set_up) => check(set_up, known.catalogue).findings,
        None => Vec::new(),
    };
    of_set_up.retain(Finding::is_error);
    let mut all = found.to_vec();
    for told in of_error.iter().chain(&of_set_up).map(Finding::told) {
        if !all.iter().any(|one| one.code == told.code) {
            all.push(told);
        }
    }
    all
}

/// One file of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct BundleFile {
    /// Its name in the zip.
    pub name: String,
    /// Its content: exactly what will be in the bundle.
    pub text: String,
    /// SHA-256 over it, in small hexadecimal digits.
    pub sha256: String,
    /// What was taken out of it, in words.
    pub removed: Vec<String>,
}

impl BundleFile {
    fn new(name: &str, text: String, removed: Vec<String>) -> Self {
        let digest = Sha256::digest(text.as_bytes());
        Self {
            name: name.to_owned(),
            sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
            removed,
            text,
        }
    }
}

/// A bundle, redacted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    files: Vec<BundleFile>,
    made: Timestamp,
}

impl Bundle {
    /// Makes all of the bundle's files.
    pub fn new(contents: &Contents<'_>, redaction: &Redaction) -> Self {
        let mut files = vec![report(contents, redaction), diagnosis(contents, redaction)];
        files.extend(contents.set_up.map(|it| set_up(it, redaction)));
        files.extend(contents.recording.map(|it| recording(it, redaction)));
        let manifest = manifest(&files, contents.made);
        files.push(manifest);
        Self {
            files,
            made: contents.made,
        }
    }

    /// The files as they will be in the zip, the manifest last.
    pub fn files(&self) -> &[BundleFile] {
        &self.files
    }

    /// The zip.
    pub fn zip(&self) -> Vec<u8> {
        zip::packed(
            self.files
                .iter()
                .map(|file| (file.name.as_str(), file.text.as_bytes())),
            self.made,
        )
    }
}

/// All of it for a reader: the diagnosis on top, then support's list.
fn report(contents: &Contents<'_>, redaction: &Redaction) -> BundleFile {
    let mut text = format!(
        "# Single sign-on failure\n\nMade by Latchkey {} at {}.\n\n## Diagnosis, the most likely cause first\n\n",
        contents.version, contents.made
    );
    if contents.findings.is_empty() {
        text.push_str("Nothing was found.\n");
    }
    for (number, told) in contents.findings.iter().enumerate() {
        let (what, mend) = (redaction.text(&told.what), redaction.text(&told.mend));
        text.push_str(&format!("{}. `{}` {what} {mend}\n", number + 1, told.code));
    }
    text.push_str("\n## What support asks for\n\n");
    let asked = contents.asked;
    let affected = match asked.affected {
        Some(Affected::All) => "all",
        Some(Affected::Some) => "some",
        None => "",
    };
    for (question, answer) in [
        ("Exact error message", asked.error.as_str()),
        ("Address at that moment", &asked.address),
        ("Browser and version", &asked.browser),
        ("Affected person", &asked.person),
        ("Began", &asked.began),
        ("All or some users", affected),
        ("Recent changes at the provider", &asked.changes),
    ] {
        let answer = crate::text::shown(answer.trim(), LONGEST_ANSWER);
        let answer = redaction.text(&answer);
        let answer = if answer.is_empty() {
            "not answered"
        } else {
            &answer
        };
        text.push_str(&format!("- {question}: {answer}\n"));
    }
    if let Some(chain) = contents.chain {
        text.push_str("\n## The sign-in, step by step\n\n");
        let broken = chain.broken();
        for (step, link) in chain.links.iter().enumerate().take(500) {
            let mark = if Some(step) == broken {
                "  <- broke here"
            } else {
                ""
            };
            let at = link.at.map(|at| at.to_string()).unwrap_or_default();
            let address = redaction.text(&link.place.address());
            text.push_str(&format!(
                "- {at} {} {address} {}{mark}\n",
                link.method, link.status
            ));
        }
    }
    BundleFile::new(
        "report.md",
        text,
        redaction.said(&["values that look like keys, codes or tokens"]),
    )
}

fn diagnosis(contents: &Contents<'_>, redaction: &Redaction) -> BundleFile {
    let value = json!({"findings": contents.findings, "chain": contents.chain});
    let text = format!("{:#}\n", redaction.value(value));
    BundleFile::new(
        "diagnosis.json",
        text,
        redaction.said(&["values that look like keys, codes or tokens"]),
    )
}

fn set_up(set_up: &SetUp, redaction: &Redaction) -> BundleFile {
    // Strings, lists and enums only: there is nothing in it that JSON cannot write.
    let value = serde_json::to_value(set_up).unwrap_or(Value::Null);
    let value = redaction.set_up(value);
    BundleFile::new(
        "setup.json",
        format!("{value:#}\n"),
        redaction.said(&["values that look like keys or tokens"]),
    )
}

fn recording(recording: &Redacted, redaction: &Redaction) -> BundleFile {
    let (text, removed) = (recording.text(redaction), recording.removed(redaction));
    BundleFile::new("recording.har", text, removed)
}

/// Name, size, digest of each other file, and what was taken out of it.
fn manifest(files: &[BundleFile], made: Timestamp) -> BundleFile {
    let files = files.iter().map(|file| {
        json!({
            "name": file.name, "size": file.text.len(), "sha256": file.sha256, "removed": file.removed,
        })
    });
    let manifest = json!({
        "format": "latchkey-bundle/1", "made": made, "files": files.collect::<Vec<_>>(),
    });
    BundleFile::new("manifest.json", format!("{manifest:#}\n"), Vec::new())
}
