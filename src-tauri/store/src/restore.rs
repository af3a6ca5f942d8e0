//! Making a new revision from an older one.

use jiff::Timestamp;
use latchkey_core::{Draft, Evidence};
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::error::StoreError;
use crate::evidence::all;
use crate::history::proofs;
use crate::open::Store;
use crate::revision::{Origin, Revision, append, fingerprint, head, is_saved, numbered};
use crate::workspace::{WorkspaceId, kept, must_be_at, put};

/// What became of a restored revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Restored {
    /// The new revision.
    pub revision: u32,
    /// Whether the draft is the restored set-up now.
    pub draft_follows: bool,
    /// Whether evidence that is still there proves exactly these settings. Where none does, they
    /// are to be tested again.
    pub proved: bool,
}

/// What happens to a draft with unsaved changes when an older revision is restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsaved {
    /// The draft stays as it is.
    Keep,
    /// The draft becomes the restored revision.
    Replace {
        /// The draft's version that was seen, where somebody has seen one: nothing that came after
        /// it is replaced.
        seen: Option<u32>,
    },
}

impl Store {
    /// Makes a new revision from an older one, with its secret's mark and with what is left of its
    /// proof. Durable when it returns.
    ///
    /// # Errors
    /// [`StoreError`]: `NotFound`, `NoSuchRevision`, `ChangedElsewhere`, `NameTaken`, the disk.
    pub fn restore(
        &self,
        id: &WorkspaceId,
        number: u32,
        unsaved: Unsaved,
        author: &str,
        now: Timestamp,
    ) -> Result<Restored, StoreError> {
        self.write(|db| {
            if let Unsaved::Replace { seen: Some(seen) } = unsaved {
                must_be_at(db, id, seen)?;
            }
            let old = numbered(db, id, number)?;
            let draft = kept(db, id)?.draft;
            let draft_follows =
                matches!(unsaved, Unsaved::Replace { .. }) || is_saved(db, id, &draft)?;
            let restored = draft.with(old.set_up.clone(), old.secret_mark.clone());
            let evidence = still_proving(&old, &restored, &all(db, id)?);
            let proved = !evidence.is_empty();
            let new = Revision {
                head: head(Origin::Restored { from: number }, author, None, now),
                evidence,
                ..old
            };
            if draft_follows {
                put(db, id, &restored, now)?;
            }
            Ok(Restored {
                revision: append(db, id, new)?,
                draft_follows,
                proved,
            })
        })
    }
}

/// What proved the older revision, is still there, and proves its settings as they are read today.
fn still_proving(old: &Revision, restored: &Draft, evidence: &[Evidence]) -> Vec<String> {
    let Some(now) = fingerprint(restored) else {
        return Vec::new();
    };
    proofs(old, evidence)
        .into_iter()
        .filter(|one| one.proves(&now))
        .map(|one| one.id.clone())
        .collect()
}
