//! Numbered, immutable states of a workspace's set-up.

use jiff::Timestamp;
use latchkey_core::check::check;
use latchkey_core::{Catalogue, Draft, Evidence, Fingerprint, SetUp};
use rusqlite::{OptionalExtension, Row, Transaction, params};
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::error::StoreError;
use crate::journal::{What, note_with_reason};
use crate::json::{self, LONGEST_AUTHOR, LONGEST_REASON, bounded};
use crate::open::Store;
use crate::standing::{Standing, standing};
use crate::workspace::{self, WorkspaceId, must_be_at, must_exist};

const WHAT: &str = "the revision";
const COLUMNS: &str =
    "number, at, author, reason, origin, set_up, secret_mark, fingerprint, evidence";

/// What is needed to save the draft as a revision. Set-up, mark of the secret and fingerprint are
/// the draft's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRevision {
    /// The evidence that proves them, by its ids.
    pub evidence: Vec<String>,
    /// Why it is saved although something is missing.
    pub reason: Option<String>,
    /// Who saves it.
    pub author: String,
}

/// A revision without its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct RevisionHead {
    /// Counted from 1, without gaps.
    pub number: u32,
    /// When it was made.
    pub at: Timestamp,
    /// Who made it.
    pub author: String,
    /// The written reason, if one was given.
    pub reason: Option<String>,
    /// Where it came from.
    pub origin: Origin,
}

/// Where a revision came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Saved from the draft.
    Saved,
    /// Read from a set-up file: nothing proved it.
    Imported,
    /// Made again from an older one.
    Restored {
        /// The older one's number.
        from: u32,
    },
}

/// A revision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct Revision {
    /// Number, time, author, reason, origin.
    pub head: RevisionHead,
    /// The set-up.
    pub set_up: SetUp,
    /// Names its client secret in the keychain.
    pub secret_mark: Option<String>,
    /// What was proved; none for a set-up that came from a file.
    pub fingerprint: Option<Fingerprint>,
    /// The evidence that proved it, by its ids. It may have been forgotten since.
    pub evidence: Vec<String>,
}

impl Revision {
    /// Whether this is exactly what the draft holds, with the same secret.
    pub fn holds(&self, draft: &Draft) -> bool {
        self.set_up == draft.set_up && self.secret_mark.as_deref() == draft.mark()
    }
}

impl Store {
    /// Saves the draft, if it is still at the version that was seen, as a revision; its number.
    /// `judge` decides by what stands at this moment: nobody else changes anything between its
    /// word and the revision. Durable when it returns.
    ///
    /// # Errors
    /// [`StoreError`]: what `judge` says; `Unproved` without evidence and without a reason, `NoSuchEvidence`,
    /// `StaleEvidence`, `Unfit`, `ChangedElsewhere`, `NotFound`, `NameMissing`, `TooLarge`, the disk.
    pub fn save(
        &self,
        id: &WorkspaceId,
        seen: u32,
        judge: impl FnOnce(&Standing) -> Result<NewRevision, StoreError>,
        now: Timestamp,
    ) -> Result<u32, StoreError> {
        self.write(|db| {
            must_be_at(db, id, seen)?;
            let standing = standing(db, id)?;
            let new = judge(&standing)?;
            let draft = standing.kept.draft;
            if draft.set_up.workspace.name.trim().is_empty() {
                return Err(StoreError::NameMissing);
            }
            let fingerprint = fingerprint(&draft).ok_or(StoreError::Unfit)?;
            must_be_proved(&new, &fingerprint, &standing.evidence)?;
            let revision = Revision {
                head: head(Origin::Saved, &new.author, new.reason, now),
                secret_mark: draft.mark().map(str::to_owned),
                set_up: draft.set_up,
                fingerprint: Some(fingerprint),
                evidence: new.evidence,
            };
            append(db, id, revision)
        })
    }

    /// The revisions of a workspace, oldest first.
    ///
    /// # Errors
    /// [`StoreError`]: `NotFound`, the disk.
    pub fn revisions(&self, id: &WorkspaceId) -> Result<Vec<RevisionHead>, StoreError> {
        self.read(|db| {
            must_exist(db, id)?;
            let mut heads = db.prepare(
                "SELECT number, at, author, reason, origin FROM revision WHERE workspace = ? ORDER BY number",
            )?;
            let mut rows = heads.query([id])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push(head_from(row)?);
            }
            Ok(found)
        })
    }

    /// One revision.
    ///
    /// # Errors
    /// [`StoreError`]: `NotFound`, `NoSuchRevision`, the disk.
    pub fn revision(&self, id: &WorkspaceId, number: u32) -> Result<Revision, StoreError> {
        self.read(|db| numbered(db, id, number))
    }

    /// The marks of all secrets that the draft and the revisions of a workspace need, each once.
    ///
    /// # Errors
    /// [`StoreError`]: `NotFound`, the disk.
    pub fn marks(&self, id: &WorkspaceId) -> Result<Vec<String>, StoreError> {
        self.read(|db| {
            let draft = workspace::kept(db, id)?.draft;
            let mut marks: Vec<String> = draft.secret_mark.into_iter().chain(draft.key_mark).collect();
            let mut saved =
                db.prepare("SELECT DISTINCT secret_mark FROM revision WHERE workspace = ? AND secret_mark IS NOT NULL")?;
            for mark in saved.query_map([id], |row| row.get(0))? {
                marks.push(mark?);
            }
            marks.sort();
            marks.dedup();
            Ok(marks)
        })
    }
}

/// The newest revision, if there is one.
pub(crate) fn newest(db: &Transaction, id: &WorkspaceId) -> Result<Option<Revision>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM revision WHERE workspace = ? ORDER BY number DESC LIMIT 1");
    let mut found = db.prepare_cached(&sql)?;
    let mut rows = found.query([id])?;
    rows.next()?.map(revision_from).transpose()
}

/// What the draft's settings are, as far as a test sign-in can prove them; none while a field does
/// not hold.
pub(crate) fn fingerprint(draft: &Draft) -> Option<Fingerprint> {
    let connection = check(&draft.set_up, Catalogue::built_in()).connection?;
    Some(Fingerprint::of(&connection, draft.mark()))
}

pub(crate) fn numbered(
    db: &Transaction,
    id: &WorkspaceId,
    number: u32,
) -> Result<Revision, StoreError> {
    must_exist(db, id)?;
    let sql = format!("SELECT {COLUMNS} FROM revision WHERE workspace = ? AND number = ?");
    let mut found = db.prepare_cached(&sql)?;
    let mut rows = found.query(params![id, number])?;
    rows.next()?
        .map(revision_from)
        .transpose()?
        .ok_or(StoreError::NoSuchRevision { number })
}

/// Appends a revision under the next number, with its line in the journal.
pub(crate) fn append(
    db: &Transaction,
    id: &WorkspaceId,
    revision: Revision,
) -> Result<u32, StoreError> {
    let now = revision.head.at;
    append_now(db, id, revision, now)
}

/// The same for a revision that was made at another time than now.
pub(crate) fn append_now(
    db: &Transaction,
    id: &WorkspaceId,
    revision: Revision,
    now: Timestamp,
) -> Result<u32, StoreError> {
    let Revision {
        head,
        set_up,
        secret_mark,
        fingerprint,
        evidence,
    } = revision;
    bounded(&head.author, LONGEST_AUTHOR, "the author's name")?;
    bounded(
        head.reason.as_deref().unwrap_or_default(),
        LONGEST_REASON,
        "the reason",
    )?;
    let last: Option<u32> = db
        .query_row(
            // A number is never given twice, although a revision may be lost with a damaged page.
            "SELECT max(number) FROM (SELECT max(number) AS number FROM revision WHERE workspace = ?1 \
             UNION ALL SELECT max(revision) FROM journal WHERE workspace = ?1)",
            [id],
            |row| row.get(0),
        )
        .optional()?
        .flatten();
    let number = last.unwrap_or_default() + 1;
    db.execute(
        &format!(
            "INSERT INTO revision (workspace, {COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        ),
        params![
            id,
            number,
            head.at.to_string(),
            head.author,
            head.reason,
            json::written(&head.origin, WHAT)?,
            json::written(&set_up, WHAT)?,
            secret_mark,
            fingerprint
                .map(|fingerprint| json::written(&fingerprint, WHAT))
                .transpose()?,
            json::written(&evidence, WHAT)?,
        ],
    )?;
    let what = match head.origin {
        Origin::Saved => What::Saved,
        Origin::Imported => What::Imported,
        Origin::Restored { .. } => What::Restored,
    };
    note_with_reason(db, id, what, Some(number), head.reason.as_deref(), now)?;
    Ok(number)
}

/// A head whose number is not given yet.
pub(crate) fn head(
    origin: Origin,
    author: &str,
    reason: Option<String>,
    now: Timestamp,
) -> RevisionHead {
    RevisionHead {
        number: 0,
        at: now,
        author: author.to_owned(),
        reason,
        origin,
    }
}

fn must_be_proved(
    new: &NewRevision,
    fingerprint: &Fingerprint,
    evidence: &[Evidence],
) -> Result<(), StoreError> {
    let has_reason = new
        .reason
        .as_deref()
        .is_some_and(|reason| !reason.trim().is_empty());
    if new.evidence.is_empty() && !has_reason {
        return Err(StoreError::Unproved);
    }
    for id in &new.evidence {
        let Some(found) = evidence.iter().find(|one| one.id == *id) else {
            return Err(StoreError::NoSuchEvidence { id: id.clone() });
        };
        if !found.proves(fingerprint) {
            return Err(StoreError::StaleEvidence { id: id.clone() });
        }
    }
    Ok(())
}

/// Whether the draft has no unsaved changes.
pub(crate) fn is_saved(
    db: &Transaction,
    id: &WorkspaceId,
    draft: &Draft,
) -> Result<bool, StoreError> {
    Ok(newest(db, id)?.is_some_and(|newest| newest.holds(draft)))
}

fn head_from(row: &Row) -> Result<RevisionHead, StoreError> {
    Ok(RevisionHead {
        number: row.get(0)?,
        at: json::time(row.get_ref(1)?, WHAT)?,
        author: row.get(2)?,
        reason: row.get(3)?,
        origin: json::read(&row.get::<_, String>(4)?, WHAT)?,
    })
}

fn revision_from(row: &Row) -> Result<Revision, StoreError> {
    let fingerprint: Option<String> = row.get(7)?;
    Ok(Revision {
        head: head_from(row)?,
        set_up: json::read(&row.get::<_, String>(5)?, WHAT)?,
        secret_mark: row.get(6)?,
        fingerprint: fingerprint
            .map(|json| json::read(&json, WHAT))
            .transpose()?,
        evidence: json::read(&row.get::<_, String>(8)?, WHAT)?,
    })
}
