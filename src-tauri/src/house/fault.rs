//! What the store says, as the finding that the window shows.

use std::path::Path;

use latchkey_core::Fault;
use latchkey_store::{Disk, OpenError, StoreError};

pub(super) fn of_store(error: StoreError) -> Fault {
    match error {
        StoreError::NotFound => Fault::WorkspaceNotFound {},
        StoreError::ChangedElsewhere { .. } => Fault::ChangedElsewhere {},
        StoreError::Closed(why) => *why,
        StoreError::Practice => Fault::PracticeNotEnforced {},
        StoreError::PrivateKey { .. } => Fault::PrivateKeyInsteadOfCertificate {},
        StoreError::AnswerKept { at } => Fault::BroughtAgain { at },
        StoreError::NameTaken { name } => Fault::NameTaken { name },
        StoreError::NoSuchRevision { number } => Fault::RevisionNotFound { number },
        StoreError::Unfit | StoreError::Unproved | StoreError::StaleEvidence { .. } => {
            Fault::ConditionsNotMet {}
        }
        StoreError::NoSuchEvidence { .. } => Fault::EvidenceNotFound {},
        StoreError::NameMissing => Fault::FieldMissing {
            field: "Workspace name".to_owned(),
        },
        StoreError::TooLarge { what, limit } => Fault::TooLargeToKeep {
            what: format!("What is to be kept ({what})"),
            limit,
        },
        StoreError::Disk(Disk::Busy) => Fault::StoreBusy {},
        other @ (StoreError::OtherWorkspace { .. }
        | StoreError::PeopleFile { .. }
        | StoreError::Unreadable { .. }
        | StoreError::Disk(_)) => Fault::StoreFailed {
            reason: other.to_string(),
        },
    }
}

pub(super) fn of_opening(error: OpenError) -> Fault {
    let shown = |path: &Path| path.display().to_string();
    match error {
        OpenError::Newer { found, known } => Fault::DatabaseNewer { found, known },
        OpenError::Damaged { path, .. } => Fault::DatabaseNotCopied { path: shown(&path) },
        OpenError::InUse { path } => Fault::DatabaseInUse { path: shown(&path) },
        OpenError::Foreign { path } => Fault::DatabaseForeign { path: shown(&path) },
        OpenError::NotWritable { dir, why } => Fault::FolderNotWritable {
            folder: shown(&dir),
            reason: why,
        },
        OpenError::Disk(disk) => Fault::DatabaseNotOpened {
            reason: disk.to_string(),
        },
    }
}
