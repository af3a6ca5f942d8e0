//! Declaring the newest revision the only way in.

use jiff::Timestamp;
use latchkey_core::draft::Enforced;

use crate::error::StoreError;
use crate::journal::{What, note, note_with_reason};
use crate::json::{LONGEST_AUTHOR, LONGEST_REASON, bounded};
use crate::open::Store;
use crate::standing::{Standing, standing};
use crate::workspace::{Kept, WorkspaceId, kept, must_be_at, put};

impl Store {
    /// Declares the newest revision enforced, if the draft is still at the version that was seen
    /// and exactly that revision. `judge` decides by what stands at this moment: nobody else
    /// changes anything between its word and the declaration. It gives the written reason, where
    /// one stands in for what is missing. Durable when it returns.
    ///
    /// # Errors
    /// [`StoreError`]: what `judge` says; `Practice`, `Unproved` where there is no revision or the
    /// draft differs from it, `ChangedElsewhere`, `NotFound`, `TooLarge`, the disk.
    pub fn enforce(
        &self,
        id: &WorkspaceId,
        seen: u32,
        author: &str,
        judge: impl FnOnce(&Standing) -> Result<Option<String>, StoreError>,
        now: Timestamp,
    ) -> Result<u32, StoreError> {
        bounded(author, LONGEST_AUTHOR, "the author's name")?;
        self.write(|db| {
            must_be_at(db, id, seen)?;
            let standing = standing(db, id)?;
            if standing.kept.draft.is_practice() {
                return Err(StoreError::Practice);
            }
            let reason = judge(&standing)?;
            let why = reason.as_deref();
            bounded(why.unwrap_or_default(), LONGEST_REASON, "the reason")?;
            let mut draft = standing.kept.draft;
            let revision = standing
                .newest
                .filter(|newest| newest.holds(&draft))
                .ok_or(StoreError::Unproved)?
                .head
                .number;
            note_with_reason(db, id, What::Enforced, Some(revision), why, now)?;
            draft.enforced = Some(Enforced {
                revision,
                at: now,
                author: author.to_owned(),
                reason,
            });
            put(db, id, &draft, now)?;
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
