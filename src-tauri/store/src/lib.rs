//! Drafts, revisions and evidence on disk; secrets in the keychain.
//!
//! One SQLite database in one directory. Every change is one transaction, and durable when the
//! call returns. A window and the command may work on it at once: a draft is written only over
//! the version that its writer has seen. No secret is in the database; it holds the *mark* of a
//! secret, the name under which [`Secrets`] keeps it.
//!
//! Every call blocks: an asynchronous caller uses `spawn_blocking`. The time is passed in.

mod author;
mod damaged;
mod enforce;
mod error;
mod evidence;
mod history;
mod import;
mod journal;
mod json;
mod open;
mod people;
mod restore;
mod revision;
mod salvage;
mod schema;
mod seal;
mod secrets;
mod standing;
mod state;
mod whole;
mod workspace;

pub use author::author;
pub use error::{Disk, OpenError, StoreError};
pub use history::{History, LastWorked, Proof, Recorded};
pub use import::Imported;
pub use journal::{Entry, What};
pub use open::{FILE, Store, default_dir};
pub use restore::{Restored, Unsaved};
pub use revision::{NewRevision, Origin, Revision, RevisionHead};
pub use salvage::{Salvage, Salvaged};
pub use secrets::{KeychainError, LONGEST_SECRET, NoKeychain, SecretHome, Secrets, new_mark};
pub use standing::Standing;
pub use state::State;
pub use whole::{LARGEST_WHOLE, Planned, Whole, WholeRevision, WholeUnusable};
pub use workspace::{Kept, Summary, WorkspaceId};
