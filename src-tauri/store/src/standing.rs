//! A workspace as it stands at one moment: what its gates are judged by.

use latchkey_core::Evidence;
use rusqlite::Transaction;

use crate::error::StoreError;
use crate::evidence;
use crate::open::Store;
use crate::revision::{Revision, newest};
use crate::workspace::{Kept, WorkspaceId, kept};

/// A workspace as it stands at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// The draft.
    pub kept: Kept,
    /// All evidence, in the order in which it came.
    pub evidence: Vec<Evidence>,
    /// The newest revision, if there is one.
    pub newest: Option<Revision>,
}

impl Standing {
    /// Whether the newest revision is exactly the draft.
    pub fn is_saved(&self) -> bool {
        let newest = self.newest.as_ref();
        newest.is_some_and(|newest| newest.holds(&self.kept.draft))
    }
}

impl Store {
    /// A workspace as it stands now.
    ///
    /// # Errors
    /// [`StoreError`]: `NotFound`, the disk.
    pub fn standing(&self, id: &WorkspaceId) -> Result<Standing, StoreError> {
        self.read(|db| standing(db, id))
    }
}

pub(crate) fn standing(db: &Transaction, id: &WorkspaceId) -> Result<Standing, StoreError> {
    Ok(Standing {
        kept: kept(db, id)?,
        evidence: evidence::all(db, id)?,
        newest: newest(db, id)?,
    })
}
