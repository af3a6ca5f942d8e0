//! Set-up files: becoming a workspace or its next revision, and coming back out.

use jiff::Timestamp;
use latchkey_core::{Draft, Protocol, SetUp};
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::error::StoreError;
use crate::open::Store;
use crate::revision::{Origin, Revision, append, head, is_saved, newest};
use crate::workspace::{Kept, WorkspaceId, find, insert, kept, put};

/// What became of an imported set-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Imported {
    /// The workspace.
    pub id: WorkspaceId,
    /// The new revision.
    pub revision: u32,
    /// Whether the draft is the imported set-up now. It is not where it had unsaved changes.
    pub draft_follows: bool,
}

impl Store {
    /// Makes a revision from a set-up file, in the workspace of that name, which is made if it is
    /// not there. A draft with unsaved changes stays as it is. Durable when it returns.
    ///
    /// # Errors
    /// [`StoreError`]: `NameMissing`, `PrivateKey`, `TooLarge`, the disk.
    pub fn import(
        &self,
        set_up: &SetUp,
        author: &str,
        now: Timestamp,
    ) -> Result<Imported, StoreError> {
        let name = set_up.workspace.name.trim();
        if name.is_empty() {
            return Err(StoreError::NameMissing);
        }
        without_private_key(set_up)?;
        self.write(|db| {
            let (id, draft) = match find(db, name)? {
                Some(id) => {
                    let Kept { draft, .. } = kept(db, &id)?;
                    (id, draft)
                }
                None => {
                    let draft = Draft::brought(set_up.clone());
                    (insert(db, &draft, now)?, draft)
                }
            };
            let draft_follows = draft.set_up == *set_up || is_saved(db, &id, &draft)?;
            let new = Revision {
                head: head(Origin::Imported, author, None, now),
                // The file holds no secret.
                secret_mark: mark_for(&draft, set_up),
                set_up: set_up.clone(),
                fingerprint: None,
                evidence: Vec::new(),
            };
            if draft_follows && !new.holds(&draft) {
                let draft = draft.with(set_up.clone(), new.secret_mark.clone());
                put(db, &id, &draft, now)?;
            }
            Ok(Imported {
                revision: append(db, &id, new)?,
                id,
                draft_follows,
            })
        })
    }

    /// The set-up of a workspace for a file: the newest revision, or the draft while there is none.
    ///
    /// # Errors
    /// [`StoreError`]: `NotFound`, the disk.
    pub fn export(&self, id: &WorkspaceId) -> Result<SetUp, StoreError> {
        self.read(|db| match newest(db, id)? {
            Some(newest) => Ok(newest.set_up),
            None => Ok(kept(db, id)?.draft.set_up),
        })
    }
}

/// That nothing comes in which belongs into the keychain, or nowhere.
pub(crate) fn without_private_key(set_up: &SetUp) -> Result<(), StoreError> {
    match set_up.private_key() {
        Some(field) => Err(StoreError::PrivateKey { field }),
        None => Ok(()),
    }
}

/// What is kept for this draft and fits a set-up that came from outside: the client secret as long
/// as the client is the same, so that it goes to nobody else's provider; the key pair, which is the
/// workspace's own, for SAML alone.
pub(crate) fn mark_for(draft: &Draft, set_up: &SetUp) -> Option<String> {
    match set_up.connection.protocol {
        Protocol::Oidc => draft
            .secret_mark
            .clone()
            .filter(|_| same_client(&draft.set_up, set_up)),
        Protocol::Saml => draft.key_mark.clone(),
    }
}

fn same_client(one: &SetUp, other: &SetUp) -> bool {
    let client = |set_up: &SetUp| {
        (
            set_up.connection.protocol,
            set_up.connection.issuer.clone(),
            set_up.connection.client_id.clone(),
        )
    };
    client(one) == client(other)
}
