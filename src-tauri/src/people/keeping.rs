//! People who stay on this computer, because somebody said so: in a file beside the database.

use std::path::Path;

use jiff::Timestamp;
use latchkey_core::people::{Directory, kept};
use latchkey_core::{Fault, Finding, Told};
use latchkey_store::{Store, StoreError, WorkspaceId};
use serde::{Deserialize, Serialize};

use super::PeopleFrom;
use crate::house::told;

/// Whether the people of a workspace are kept.
#[derive(Default)]
pub(super) struct Keeping {
    /// Whether the disk was asked.
    pub(super) looked: bool,
    /// Whether those who are held, and whoever is brought in next, stay on the disk.
    pub(super) on: bool,
    /// Why those who were kept did not come back.
    pub(super) lost: Option<Told>,
}

impl Keeping {
    pub(super) fn not() -> Self {
        Self {
            looked: true,
            ..Self::default()
        }
    }
}

/// What is noted beside people who are kept.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Noted {
    pub(super) source: String,
    pub(super) from: PeopleFrom,
    pub(super) at: Timestamp,
    pub(super) findings: Vec<Finding>,
}

/// The people who are kept; none if none are.
pub(super) fn load(store: &Store, id: &WorkspaceId) -> Result<Option<(Directory, Noted)>, Fault> {
    let file = store.people_file(id);
    let not_read = |reason| Fault::KeptPeopleNotRead {
        file: shown(&file),
        reason,
    };
    let Some(source) = store
        .kept_people(id)
        .map_err(|error| not_read(error.kind().to_string()))?
    else {
        return Ok(None);
    };
    let damaged = match kept::read(source) {
        Ok((directory, note)) => match serde_json::from_slice(&note) {
            Ok(noted) => return Ok(Some((directory, noted))),
            Err(_) => store.set_people_aside(id),
        },
        Err(kept::NotBack::Read(error)) => return Err(not_read(error.kind().to_string())),
        // That version finds it where it was.
        Err(kept::NotBack::OtherFormat) => {
            return Err(not_read("another version of Latchkey wrote it".to_owned()));
        }
        Err(kept::NotBack::Damaged) => store.set_people_aside(id),
    };
    Err(match damaged {
        Ok(aside) => Fault::KeptPeopleSetAside {
            file: shown(&aside),
        },
        Err(error) => not_read(error.to_string()),
    })
}

/// Keeps these people in place of those before.
pub(super) fn keep(
    store: &Store,
    id: &WorkspaceId,
    directory: &Directory,
    noted: &Noted,
) -> Result<(), Fault> {
    let kept = serde_json::to_vec(noted)
        .map_err(|error| error.to_string())
        .and_then(|note| {
            store
                .keep_people(id, |file| kept::write(directory, &note, file))
                .map_err(reason)
        });
    kept.map_err(|reason| Fault::PeopleNotKept {
        file: shown(&store.people_file(id)),
        reason,
    })
}

/// A path as a person reads it.
pub(super) fn shown(path: &Path) -> String {
    latchkey_core::text::shown(&path.display().to_string(), 1_000)
}

fn reason(error: StoreError) -> String {
    match error {
        StoreError::PeopleFile { reason } => reason,
        other => other.to_string(),
    }
}

/// What went wrong on the disk, as the window shows it.
pub(super) fn not_forgotten(error: StoreError) -> Box<Told> {
    told(Fault::StoreFailed {
        reason: error.to_string(),
    })
}
