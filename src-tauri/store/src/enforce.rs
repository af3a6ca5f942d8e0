//! Declaring the newest revision the only way in.

use jiff::Timestamp;
use latchkey_core::draft::Enforced;

use crate::error::StoreError;
use crate::journal::{What, note, note_with_reason};
use crate::json::{LONGEST_AUTHOR, LONGEST_REASON, bounded};
use crate::open::Store;
use crate::revision::newest;
use crate::workspace::{Kept, WorkspaceId, kept, must_be_at, put};

impl Store {
    /// Declares the newest revision enforced, if the draft is still at the version that was seen
    /// and exactly that revision. Durable when it returns.
    ///
    /// # Errors
    /// [`StoreError`]: `Practice`, `Unproved` where there is no revision or the draft differs from it,
    /// `ChangedElsewhere`, `NotFound`, `TooLarge`, the disk.
    pub fn enforce(
        &self,
        id: &WorkspaceId,
        seen: u32,
        author: &str,
        reason: Option<String>,
        now: Timestamp,
    ) -> Result<u32, StoreError> {
        bounded(author, LONGEST_AUTHOR, "the author's name")?;
        bounded(
            reason.as_deref().unwrap_or_default(),
            LONGEST_REASON,
            "the reason",
        )?;
        self.write(|db| {
            must_be_at(db, id, seen)?;
            let Kept { mut draft, .. } = kept(db, id)?;
            if draft.practice {
                return Err(StoreError::Practice);
            }
            let revision = newest(db, id)?
                .filter(|newest| newest.holds(&draft))
                .ok_or(StoreError::Unproved)?
                .head
                .number;
            draft.enforced = Some(Enforced {
                revision,
                at: now,
                author: author.to_owned(),
                reason: reason.clone(),
            });
            put(db, id, &draft, now)?;
            let why = reason.as_deref();
            note_with_reason(db, id, What::Enforced, Some(revision), why, now)?;
            Ok(revision)
        })
    }

    /// Takes it back: other ways in are allowed again.
    ///
    /// # Errors
    /// [`StoreError`]: `ChangedElsewhere`, `NotFound`, the disk.
    pub fn relax(&self, id: &WorkspaceId, seen: u32, now: Timestamp) -> Result<(), StoreError> {
        self.write(|db| {
            must_be_at(db, id, seen)?;
            let Kept { mut draft, .. } = kept(db, id)?;
            let Some(enforced) = draft.enforced.take() else {
                return Ok(());
            };
            put(db, id, &draft, now)?;
            note(db, id, What::Relaxed, Some(enforced.revision), now)
        })
    }
}
