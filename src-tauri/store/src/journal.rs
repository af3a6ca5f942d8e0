//! What happened to a workspace, in order. Only ever appended to, and free of personal data: it
//! stays when the workspace is deleted.

use jiff::Timestamp;
use rusqlite::{Transaction, params};
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::error::StoreError;
use crate::open::Store;
use crate::workspace::WorkspaceId;

/// One line of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: What,
    /// The revision that was made, if one was.
    pub revision: Option<u32>,
    /// The written reason, where one stands in for a condition that was not met. Gone with the
    /// workspace.
    pub reason: Option<String>,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The workspace was made.
    Made,
    /// A revision was saved.
    Saved,
    /// A revision came from a set-up file, or evidence with a whole workspace.
    Imported,
    /// A revision came from an older one.
    Restored,
    /// A test sign-in left evidence.
    Proved,
    /// Evidence was forgotten.
    Forgotten,
    /// A revision was declared the only way in.
    Enforced,
    /// That was taken back.
    Relaxed,
    /// The workspace was deleted.
    Deleted,
    /// The workspace came out of a damaged database.
    Salvaged,
}

impl Store {
    /// What happened to a workspace, oldest first; of a deleted one too.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn journal(&self, id: &WorkspaceId) -> Result<Vec<Entry>, StoreError> {
        self.read(|db| entries(db, id))
    }
}

/// The lines of a workspace, oldest first.
pub(crate) fn entries(db: &Transaction, id: &WorkspaceId) -> Result<Vec<Entry>, StoreError> {
    const WHAT: &str = "a line of the journal";
    let mut lines = db.prepare(
        "SELECT at, what, revision, reason FROM journal LEFT JOIN journal_reason ON line = seq \
         WHERE journal.workspace = ? ORDER BY seq",
    )?;
    let mut rows = lines.query([id])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        entries.push(Entry {
            at: crate::json::time(row.get_ref(0)?, WHAT)?,
            what: crate::json::read(&row.get::<_, String>(1)?, WHAT)?,
            revision: row.get(2)?,
            reason: row.get(3)?,
        });
    }
    Ok(entries)
}

/// Appends a line with its written reason, if there is one.
pub(crate) fn note_with_reason(
    db: &Transaction,
    id: &WorkspaceId,
    what: What,
    revision: Option<u32>,
    reason: Option<&str>,
    now: Timestamp,
) -> Result<(), StoreError> {
    note(db, id, what, revision, now)?;
    if let Some(reason) = reason {
        db.execute(
            "INSERT INTO journal_reason (line, workspace, reason) VALUES (?, ?, ?)",
            params![db.last_insert_rowid(), id, reason],
        )?;
    }
    Ok(())
}

/// Appends a line, in the transaction of what it tells of.
pub(crate) fn note(
    db: &Transaction,
    id: &WorkspaceId,
    what: What,
    revision: Option<u32>,
    now: Timestamp,
) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO journal (at, workspace, what, revision) VALUES (?, ?, ?, ?)",
        params![
            now.to_string(),
            id,
            crate::json::written(&what, "a line of the journal")?,
            revision
        ],
    )?;
    Ok(())
}
