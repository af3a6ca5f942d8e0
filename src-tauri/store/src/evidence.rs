//! What test sign-ins have proved. Personal data: it can be forgotten, and goes with its workspace.

use jiff::Timestamp;
use latchkey_core::Evidence;
use latchkey_core::evidence::LONGEST_NAME;
use rusqlite::{Transaction, params};

use crate::error::StoreError;
use crate::journal::{What, note};
use crate::json;
use crate::open::Store;
use crate::workspace::{WorkspaceId, must_exist};

const WHAT: &str = "the evidence";

impl Store {
    /// Keeps what a test sign-in has proved. One answer is kept once, whoever brings it at the same
    /// moment.
    ///
    /// # Errors
    /// [`StoreError`]: `NotFound`, `AnswerKept`, `TooLarge`, the disk.
    pub fn add_evidence(&self, id: &WorkspaceId, evidence: &Evidence) -> Result<(), StoreError> {
        let body = json::written(evidence, WHAT)?;
        self.write(|db| {
            must_exist(db, id)?;
            if let Some(kept) = all(db, id)?.iter().find(|kept| kept.is_of_answer(evidence)) {
                return Err(StoreError::AnswerKept { at: kept.at });
            }
            db.execute(
                "INSERT INTO evidence (workspace, id, body) VALUES (?, ?, ?)",
                params![id, evidence.id, body],
            )?;
            note(db, id, What::Proved, None, evidence.at)
        })
    }

    /// Names the person of one piece of evidence, as they are called here; an empty name is none.
    ///
    /// # Errors
    /// [`StoreError`]: `NoSuchEvidence`, `TooLarge`, the disk.
    pub fn name_evidence(
        &self,
        id: &WorkspaceId,
        evidence: &str,
        name: &str,
    ) -> Result<(), StoreError> {
        let name = name.trim();
        json::bounded(name, 4 * LONGEST_NAME, "the name")?;
        self.write(|db| {
            if !all(db, id)?.iter().any(|one| one.id == evidence) {
                return Err(StoreError::NoSuchEvidence {
                    id: evidence.to_owned(),
                });
            }
            // An empty one too: it stands before the name that was given at the sign-in.
            db.execute(
                "INSERT OR REPLACE INTO evidence_name (workspace, evidence, name) VALUES (?, ?, ?)",
                params![id, evidence, name],
            )?;
            Ok(())
        })?;
        // The former name is then nowhere in the files.
        self.empty_log();
        Ok(())
    }

    /// All evidence of a workspace, in the order in which it came.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn evidence(&self, id: &WorkspaceId) -> Result<Vec<Evidence>, StoreError> {
        self.read(|db| {
            must_exist(db, id)?;
            all(db, id)
        })
    }

    /// Deletes one piece of evidence. Revisions that it proved stay, without their proof.
    ///
    /// # Errors
    /// [`StoreError`]: `NoSuchEvidence`, the disk.
    pub fn forget_evidence(
        &self,
        id: &WorkspaceId,
        evidence: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|db| {
            let gone = db.execute(
                "DELETE FROM evidence WHERE workspace = ? AND id = ?",
                params![id, evidence],
            )?;
            if gone == 0 {
                return Err(StoreError::NoSuchEvidence {
                    id: evidence.to_owned(),
                });
            }
            note(db, id, What::Forgotten, None, now)
        })?;
        self.empty_log();
        Ok(())
    }
}

pub(crate) fn all(db: &Transaction, id: &WorkspaceId) -> Result<Vec<Evidence>, StoreError> {
    let mut bodies = db.prepare_cached(
        "SELECT body, name FROM evidence LEFT JOIN evidence_name \
         ON evidence_name.workspace = evidence.workspace AND evidence_name.evidence = evidence.id \
         WHERE evidence.workspace = ? ORDER BY seq",
    )?;
    let mut rows = bodies.query([id])?;
    let mut evidence = Vec::new();
    while let Some(row) = rows.next()? {
        let one: Evidence = json::read(row.get_ref(0)?.as_str().unwrap_or_default(), WHAT)?;
        evidence.push(match row.get::<_, Option<String>>(1)? {
            Some(name) => one.called(Some(name)),
            None => one,
        });
    }
    Ok(evidence)
}
