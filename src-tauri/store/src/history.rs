//! The history of a workspace: its revisions with what proved them, what differs between any two,
//! and what changed since it last worked.

use jiff::Timestamp;
use latchkey_core::changes::{Change, between_marked};
use latchkey_core::check::check;
use latchkey_core::{Catalogue, Draft, Evidence, Fingerprint, SetUp, Way};
use rusqlite::Transaction;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::error::StoreError;
use crate::evidence;
use crate::open::Store;
use crate::revision::{Revision, RevisionHead, numbered};
use crate::workspace::{WorkspaceId, kept};

/// A revision as the history tells of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Recorded {
    /// Number, time, author, reason, origin.
    #[serde(flatten)]
    pub head: RevisionHead,
    /// What proved it, before it was saved or since, and is still there.
    pub proofs: Vec<Proof>,
    /// How much evidence proved it and has been forgotten since.
    pub forgotten: u32,
    /// Whether the draft is exactly this.
    pub is_draft: bool,
    /// Names its secret in the keychain.
    #[serde(skip)]
    pub secret_mark: Option<String>,
}

/// A test sign-in that proved a revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Proof {
    /// The evidence's id.
    pub evidence: String,
    /// Who signed in: the address, or the provider's name for the person.
    pub who: String,
    /// When.
    pub at: Timestamp,
    /// Where.
    pub way: Way,
}

/// The newest revision that a test sign-in proved, beside the draft of now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct LastWorked {
    /// The revision's number.
    pub revision: u32,
    /// When it was saved.
    pub at: Timestamp,
    /// What the draft has otherwise.
    pub changes: Vec<Change>,
}

/// The history of a workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct History {
    /// Its revisions, the newest first.
    pub revisions: Vec<Recorded>,
    /// What changed since it last worked; none while no revision was proved.
    pub last_worked: Option<LastWorked>,
}

impl Store {
    /// The history of a workspace.
    ///
    /// # Errors
    /// [`StoreError`]: `NotFound`, the disk.
    pub fn history(&self, id: &WorkspaceId) -> Result<History, StoreError> {
        self.read(|db| {
            let draft = kept(db, id)?.draft;
            let evidence = evidence::all(db, id)?;
            let mut history = History::default();
            for number in numbers(db, id)? {
                let revision = numbered(db, id, number)?;
                let proofs = proofs(&revision, &evidence);
                let worked = !proofs.is_empty() || !revision.evidence.is_empty();
                if history.last_worked.is_none() && worked {
                    history.last_worked = Some(LastWorked {
                        revision: number,
                        at: revision.head.at,
                        changes: between_marked(of(&revision), of_draft(&draft)),
                    });
                }
                history.revisions.push(recorded(revision, &draft, proofs));
            }
            Ok(history)
        })
    }

    /// What differs between two revisions; none stands for the draft.
    ///
    /// # Errors
    /// [`StoreError`]: `NotFound`, `NoSuchRevision`, the disk.
    pub fn compare(
        &self,
        id: &WorkspaceId,
        before: Option<u32>,
        after: Option<u32>,
    ) -> Result<Vec<Change>, StoreError> {
        self.read(|db| {
            let side = |number: Option<u32>| match number {
                Some(number) => {
                    numbered(db, id, number).map(|found| (found.set_up, found.secret_mark))
                }
                None => kept(db, id).map(|kept| {
                    let mark = kept.draft.mark().map(str::to_owned);
                    (kept.draft.set_up, mark)
                }),
            };
            let (before, after) = (side(before)?, side(after)?);
            Ok(between_marked(
                (&before.0, before.1.as_deref()),
                (&after.0, after.1.as_deref()),
            ))
        })
    }
}

/// The numbers of all revisions, the newest first.
fn numbers(db: &Transaction, id: &WorkspaceId) -> Result<Vec<u32>, StoreError> {
    let mut numbers =
        db.prepare_cached("SELECT number FROM revision WHERE workspace = ? ORDER BY number DESC")?;
    let found = numbers.query_map([id], |row| row.get(0))?;
    Ok(found.collect::<Result<_, _>>()?)
}

fn recorded(revision: Revision, draft: &Draft, proofs: Vec<&Evidence>) -> Recorded {
    let gone = |id: &&String| !proofs.iter().any(|one| one.id == **id);
    let forgotten = revision.evidence.iter().filter(gone).count();
    Recorded {
        forgotten: u32::try_from(forgotten).unwrap_or(u32::MAX),
        is_draft: revision.holds(draft),
        proofs: proofs.into_iter().map(proof).collect(),
        secret_mark: revision.secret_mark,
        head: revision.head,
    }
}

/// The evidence with which it was saved, and all that has proved the same settings since: one saved
/// for a written reason is often tested later.
pub(crate) fn proofs<'a>(revision: &Revision, evidence: &'a [Evidence]) -> Vec<&'a Evidence> {
    let checked = check(&revision.set_up, Catalogue::built_in());
    let mark = revision.secret_mark.as_deref();
    let settings = checked
        .connection
        .map(|connection| Fingerprint::of(&connection, mark));
    let proved_since = |one: &Evidence| {
        one.at >= revision.head.at
            && settings.as_ref().is_some_and(|now| one.proves(now))
            && checked
                .service
                .as_ref()
                .is_some_and(|service| one.is_mapped(&revision.set_up.rules, service))
    };
    evidence
        .iter()
        .filter(|one| revision.evidence.contains(&one.id) || proved_since(one))
        .collect()
}

fn proof(evidence: &Evidence) -> Proof {
    let who = if evidence.email.is_empty() {
        &evidence.subject
    } else {
        &evidence.email
    };
    Proof {
        evidence: evidence.id.clone(),
        who: who.clone(),
        at: evidence.at,
        way: evidence.way,
    }
}

fn of(revision: &Revision) -> (&SetUp, Option<&str>) {
    (&revision.set_up, revision.secret_mark.as_deref())
}

fn of_draft(draft: &Draft) -> (&SetUp, Option<&str>) {
    (&draft.set_up, draft.mark())
}
