//! Making a new revision from an older one.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::error::StoreError;
use crate::open::Store;
use crate::revision::{Origin, Revision, append, head, is_saved, numbered};
use crate::workspace::{WorkspaceId, kept, put};

/// What became of a restored revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Restored {
    /// The new revision.
    pub revision: u32,
    /// Whether the draft is the restored set-up now.
    pub draft_follows: bool,
}

/// What happens to a draft with unsaved changes when an older revision is restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsaved {
    /// The draft stays as it is.
    Keep,
    /// The draft becomes the restored revision.
    Replace,
}

impl Store {
    /// Makes a new revision from an older one, with its secret's mark and its evidence.
    /// Durable when it returns.
    ///
    /// # Errors
    /// [`StoreError`]: `NotFound`, `NoSuchRevision`, `NameTaken`, the disk.
    pub fn restore(
        &self,
        id: &WorkspaceId,
        number: u32,
        unsaved: Unsaved,
        author: &str,
        now: Timestamp,
    ) -> Result<Restored, StoreError> {
        self.write(|db| {
            let old = numbered(db, id, number)?;
            let draft = kept(db, id)?.draft;
            let draft_follows = unsaved == Unsaved::Replace || is_saved(db, id, &draft)?;
            let new = Revision {
                head: head(Origin::Restored { from: number }, author, None, now),
                ..old
            };
            if draft_follows {
                let draft = draft.with(new.set_up.clone(), new.secret_mark.clone());
                put(db, id, &draft, now)?;
            }
            Ok(Restored {
                revision: append(db, id, new)?,
                draft_follows,
            })
        })
    }
}
