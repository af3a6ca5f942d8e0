//! A directory with a store in it, and what is kept in it.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use jiff::{SignedDuration, Timestamp};
use latchkey_core::check::check;
use latchkey_core::{Catalogue, Claims, Draft, Evidence, Fingerprint, Rule, RuleList, SetUp, Way};
use latchkey_store::{FILE, NewRevision, Store, WorkspaceId};
use tempfile::TempDir;

pub(crate) struct Place {
    dir: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn store(&self) -> Store {
        Store::open(self.dir()).unwrap()
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.dir().join(FILE)
    }

    /// The database as another program sees it.
    pub(crate) fn raw(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.file()).unwrap()
    }

    /// The files in which these bytes stand.
    pub(crate) fn files_with(&self, wanted: &str) -> Vec<PathBuf> {
        files_below(self.dir())
            .into_iter()
            .filter(|file| {
                let bytes = fs::read(file).unwrap();
                bytes
                    .windows(wanted.len())
                    .any(|window| window == wanted.as_bytes())
            })
            .collect()
    }
}

pub(crate) fn files_below(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else if path.is_file() {
            files.push(path);
        }
    }
    files
}

/// The nth second of the test.
pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_800_000_000 + second)
}

/// A set-up whose every field holds.
pub(crate) fn set_up(name: &str) -> SetUp {
    let mut set_up = SetUp::default();
    set_up.workspace.name = name.to_owned();
    set_up.workspace.region = "us".to_owned();
    set_up.workspace.owner_email = "olivia@acme.example".to_owned();
    set_up.connection.provider = "okta".to_owned();
    set_up.connection.issuer = "https://acme.okta.com".to_owned();
    set_up.connection.client_id = "0oa1b2c3d4e5f6g7h8i9".to_owned();
    set_up.rules = RuleList(vec![set_up.recommended_rule("Owner")]);
    set_up
}

pub(crate) fn draft(name: &str) -> Draft {
    Draft {
        set_up: set_up(name),
        secret_mark: Some("0123456789abcdef".to_owned()),
        ..Draft::default()
    }
}

pub(crate) fn with_another_rule(draft: &Draft) -> Draft {
    let mut draft = draft.clone();
    draft.set_up.rules.0.push(Rule {
        claim: "groups".to_owned(),
        value: format!("Group {}", draft.set_up.rules.0.len()),
        role: "Viewer".to_owned(),
    });
    draft
}

/// As the window computes it.
pub(crate) fn fingerprint(draft: &Draft) -> Fingerprint {
    let Some(connection) = check(&draft.set_up, Catalogue::built_in()).connection else {
        panic!(
            "the set-up of a test holds: {:?}",
            check(&draft.set_up, Catalogue::built_in()).findings
        );
    };
    Fingerprint::of(&connection, draft.secret_mark.as_deref())
}

pub(crate) fn evidence(id: &str, draft: &Draft) -> Evidence {
    let mut claims = Claims::default();
    claims.push("email", "olivia@acme.example");
    Evidence {
        id: id.to_owned(),
        at: at(0),
        way: Way::Window,
        subject: "00u1".to_owned(),
        email: "olivia@acme.example".to_owned(),
        fingerprint: fingerprint(draft),
        stages: Vec::new(),
        claims,
        expected_role: None,
        name: None,
        answer: None,
        imported: false,
        signed_by: None,
    }
}

pub(crate) fn proved_by(evidence: &str) -> NewRevision {
    NewRevision {
        evidence: vec![evidence.to_owned()],
        reason: None,
        author: "olivia".to_owned(),
    }
}

/// Saves the draft of a workspace with evidence of its own; the number.
pub(crate) fn save(store: &Store, id: &WorkspaceId) -> u32 {
    let kept = store.kept(id).unwrap();
    let evidence = evidence(&latchkey_store::new_mark(), &kept.draft);
    store.add_evidence(id, &evidence).unwrap();
    store
        .save(id, kept.version, |_| Ok(proved_by(&evidence.id)), at(1))
        .unwrap()
}

/// This very program, to run one ignored test as a process of its own.
pub(crate) fn child(test: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([
        test,
        "--exact",
        "--ignored",
        "--nocapture",
        "--test-threads=1",
    ]);
    command
}

pub(crate) fn put(path: &Path, bytes: &[u8]) {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .unwrap()
        .write_all(bytes)
        .unwrap();
}
