//! A whole workspace in one file, for a colleague: set-up, revisions with their reasons, what test
//! sign-ins proved, the journal. No secret and no raw answer is in it.
//!
//! A file can be made by anybody: what comes from one is shown, and proves nothing here.

mod read;

use jiff::Timestamp;
use latchkey_core::changes::{Change, between};
use latchkey_core::{Draft, Evidence, SetUp};
use rusqlite::{Transaction, params};
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::error::StoreError;
use crate::import::{mark_for, without_private_key};
use crate::journal::{Entry, What, note};
use crate::open::Store;
use crate::revision::{Origin, Revision, RevisionHead, append_now, is_saved, numbered};
use crate::workspace::{WorkspaceId, find, insert, kept, put};
use crate::{evidence, journal, json};

pub use read::{LARGEST_WHOLE, WholeUnusable};

/// What stands in the file's `format`.
const FORMAT: &str = "latchkey-workspace/1";

/// A whole workspace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Whole {
    format: String,
    /// When it was written.
    pub exported_at: Timestamp,
    /// The set-up as the draft has it.
    pub draft: SetUp,
    /// The account that gets in without single sign-on; a workspace that is here keeps its own.
    pub backup_account: String,
    /// All revisions, the oldest first.
    pub revisions: Vec<WholeRevision>,
    /// What test sign-ins have proved: personal data.
    pub evidence: Vec<Evidence>,
    /// What happened, with the written reasons.
    pub journal: Vec<Entry>,
}

/// A revision of a whole workspace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WholeRevision {
    /// Number, time, author, reason, origin.
    #[serde(flatten)]
    pub head: RevisionHead,
    /// The set-up.
    pub set_up: SetUp,
    /// What proved it where it comes from, by the evidence's ids.
    pub evidence: Vec<String>,
}

/// What the import of a whole workspace changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Planned {
    /// The workspace that it goes to.
    pub workspace: String,
    /// Whether that is made for it.
    pub is_new: bool,
    /// When the file was written.
    pub exported_at: Timestamp,
    /// How many revisions come.
    pub revisions: u32,
    /// How many of the file's revisions are here already.
    pub known: u32,
    /// Whose test sign-ins come, by address.
    pub people: Vec<String>,
    /// What the draft has otherwise then.
    pub changes: Vec<Change>,
    /// Whether the draft becomes the file's. It does not where it has unsaved changes.
    pub draft_follows: bool,
}

/// Where the parts of a whole workspace go.
struct Goal {
    name: String,
    id: Option<WorkspaceId>,
    revisions: Vec<WholeRevision>,
    evidence: Vec<Evidence>,
    draft_follows: bool,
    before: SetUp,
}

impl Store {
    /// A whole workspace, as it is now.
    ///
    /// # Errors
    /// [`StoreError`]: `NotFound`, the disk.
    pub fn export_whole(&self, id: &WorkspaceId, now: Timestamp) -> Result<Whole, StoreError> {
        self.read(|db| {
            let draft = kept(db, id)?.draft;
            Ok(Whole {
                format: FORMAT.to_owned(),
                exported_at: now,
                draft: draft.set_up,
                backup_account: draft.backup_account,
                revisions: all(db, id)?,
                evidence: evidence::all(db, id)?,
                journal: journal::entries(db, id)?,
            })
        })
    }

    /// What importing this would change, without changing anything.
    ///
    /// # Errors
    /// [`StoreError`]: `NameMissing`, `PrivateKey`, `OtherWorkspace`, `NotFound`, the disk.
    pub fn plan_whole(&self, whole: &Whole, into: Option<&str>) -> Result<Planned, StoreError> {
        self.read(|db| Ok(planned(whole, &goal(db, whole, into)?)))
    }

    /// Imports a whole workspace: what is not here yet is added behind what is. Evidence is kept as
    /// imported, and proves nothing. Durable when it returns.
    ///
    /// # Errors
    /// [`StoreError`]: `NameMissing`, `PrivateKey`, `OtherWorkspace`, `TooLarge`, the disk. Nothing is changed then.
    pub fn import_whole(
        &self,
        whole: &Whole,
        into: Option<&str>,
        now: Timestamp,
    ) -> Result<(WorkspaceId, Planned), StoreError> {
        self.write(|db| {
            let goal = goal(db, whole, into)?;
            let planned = planned(whole, &goal);
            let id = match goal.id {
                Some(id) => id,
                None => {
                    let draft = Draft {
                        backup_account: whole.backup_account.clone(),
                        ..Draft::brought(whole.draft.clone())
                    };
                    insert(db, &draft, now)?
                }
            };
            let draft = kept(db, &id)?.draft;
            for revision in goal.revisions {
                append_now(db, &id, come(revision, &draft), now)?;
            }
            for one in goal.evidence {
                add(db, &id, one, now)?;
            }
            if goal.draft_follows && draft.set_up != whole.draft {
                let mark = mark_for(&draft, &whole.draft);
                put(db, &id, &draft.with(whole.draft.clone(), mark), now)?;
            }
            Ok((id, planned))
        })
    }
}

/// All revisions, the oldest first.
fn all(db: &Transaction, id: &WorkspaceId) -> Result<Vec<WholeRevision>, StoreError> {
    let mut numbers =
        db.prepare("SELECT number FROM revision WHERE workspace = ? ORDER BY number")?;
    let found: Vec<u32> = numbers
        .query_map([id], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    found
        .into_iter()
        .map(|number| {
            let revision = numbered(db, id, number)?;
            Ok(WholeRevision {
                head: revision.head,
                set_up: revision.set_up,
                evidence: revision.evidence,
            })
        })
        .collect()
}

fn goal(db: &Transaction, whole: &Whole, into: Option<&str>) -> Result<Goal, StoreError> {
    let name = whole.draft.workspace.name.trim();
    if name.is_empty() {
        return Err(StoreError::NameMissing);
    }
    let revisions = whole.revisions.iter().map(|revision| &revision.set_up);
    std::iter::once(&whole.draft)
        .chain(revisions)
        .try_for_each(without_private_key)?;
    let id = find(db, into.unwrap_or(name))?;
    if let Some(into) = into {
        if id.is_none() {
            return Err(StoreError::NotFound);
        }
        if into.trim() != name {
            return Err(StoreError::OtherWorkspace {
                name: latchkey_core::text::shown(name, 100),
                wanted: latchkey_core::text::shown(into.trim(), 100),
            });
        }
    }
    let Some(id) = id else {
        return Ok(Goal {
            name: name.to_owned(),
            id: None,
            revisions: whole.revisions.clone(),
            evidence: whole.evidence.clone(),
            draft_follows: true,
            before: SetUp::default(),
        });
    };
    let here = all(db, &id)?;
    let same = |one: &&WholeRevision| !here.iter().any(|known| is_same(known, one));
    let known = evidence::all(db, &id)?;
    let draft = kept(db, &id)?.draft;
    Ok(Goal {
        name: name.to_owned(),
        revisions: whole.revisions.iter().filter(same).cloned().collect(),
        evidence: whole
            .evidence
            .iter()
            .filter(|one| !known.iter().any(|known| known.id == one.id))
            .cloned()
            .collect(),
        draft_follows: is_saved(db, &id, &draft)? || draft.set_up == whole.draft,
        before: draft.set_up,
        id: Some(id),
    })
}

/// Whether two revisions are one, whichever number they have.
fn is_same(one: &WholeRevision, other: &WholeRevision) -> bool {
    one.head.at == other.head.at
        && one.head.author == other.head.author
        && one.set_up == other.set_up
}

fn planned(whole: &Whole, goal: &Goal) -> Planned {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let mut people: Vec<String> = goal.evidence.iter().map(person).collect();
    people.sort();
    people.dedup();
    Planned {
        workspace: goal.name.clone(),
        is_new: goal.id.is_none(),
        exported_at: whole.exported_at,
        revisions: count(goal.revisions.len()),
        known: count(whole.revisions.len() - goal.revisions.len()),
        people,
        changes: if goal.id.is_some() && goal.draft_follows {
            between(&goal.before, &whole.draft)
        } else {
            Vec::new()
        },
        draft_follows: goal.draft_follows,
    }
}

fn person(evidence: &Evidence) -> String {
    let named = [&evidence.email, &evidence.subject];
    let name = named.into_iter().find(|name| !name.is_empty());
    latchkey_core::text::shown(name.map_or("", String::as_str), 200)
}

/// A revision as it is here: its proof stays where it was made.
fn come(revision: WholeRevision, draft: &Draft) -> Revision {
    Revision {
        // The file holds no secret.
        secret_mark: mark_for(draft, &revision.set_up),
        head: RevisionHead {
            origin: Origin::Imported,
            ..revision.head
        },
        set_up: revision.set_up,
        fingerprint: None,
        evidence: Vec::new(),
    }
}

fn add(
    db: &Transaction,
    id: &WorkspaceId,
    mut one: Evidence,
    now: Timestamp,
) -> Result<(), StoreError> {
    const WHAT: &str = "the evidence";
    json::bounded(&one.id, 200, "the evidence's id")?;
    one.imported = true;
    db.execute(
        "INSERT INTO evidence (workspace, id, body) VALUES (?, ?, ?)",
        params![id, one.id, json::written(&one, WHAT)?],
    )?;
    note(db, id, What::Imported, None, now)
}
