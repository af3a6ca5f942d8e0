//! `latchkey workspaces`

mod whole;

use std::path::PathBuf;

use jiff::Timestamp;
use latchkey_core::changes::Change;
use latchkey_store::{
    LastWorked, OpenError, Recorded, Salvage, Store, StoreError, Summary, Unsaved, WorkspaceId,
    author, default_dir,
};
use serde::Serialize;

use crate::args::Workspaces;
use crate::out::Out;
use crate::stop::Stop;
use crate::{Holds, words};

#[derive(Serialize)]
struct List {
    workspaces: Vec<Summary>,
}

#[derive(Serialize)]
struct History {
    workspace: String,
    /// The oldest first.
    revisions: Vec<Recorded>,
    /// What changed since a test sign-in last proved a revision.
    last_worked: Option<LastWorked>,
}

#[derive(Serialize)]
struct Compared {
    workspace: String,
    changes: Vec<Change>,
}

#[derive(Serialize)]
struct SalvageTold<'a> {
    /// None where nothing was damaged.
    salvage: Option<&'a Salvage>,
}

/// A revision that was made.
#[derive(Serialize)]
pub(crate) struct Made {
    pub(crate) workspace: String,
    pub(crate) revision: u32,
    /// Whether the draft is this revision now; it is not where it had unsaved changes.
    pub(crate) draft_follows: bool,
    /// Whether a test sign-in that is still there has proved exactly these settings.
    pub(crate) proved: bool,
}

pub(crate) fn run(dir: Option<PathBuf>, action: Workspaces, out: Out) -> Result<Holds, Stop> {
    match action {
        Workspaces::List => list(&open(dir)?, out)?,
        Workspaces::Import {
            set_up,
            into,
            dry_run,
        } => whole::import(dir, &set_up, into.as_deref(), dry_run, out)?,
        Workspaces::Export { name, whole } => {
            let store = open(dir)?;
            let id = named(&store, &name)?;
            out.document(&if whole {
                store.export_whole(&id, Timestamp::now())?.written()
            } else {
                store.export(&id)?.written()
            })?;
        }
        Workspaces::History { name } => {
            let store = open(dir)?;
            let mut told = store.history(&named(&store, &name)?)?;
            told.revisions.reverse();
            let history = History {
                workspace: name,
                revisions: told.revisions,
                last_worked: told.last_worked,
            };
            out.answer(&history, || {
                words::history(&history.revisions, history.last_worked.as_ref())
            })?;
        }
        Workspaces::Compare {
            name,
            before,
            after,
        } => {
            let store = open(dir)?;
            let id = named(&store, &name)?;
            let changes = store
                .compare(&id, Some(before), after)
                .map_err(|error| no_revision(&store, &id, &name, error))?;
            let compared = Compared {
                workspace: name,
                changes,
            };
            out.answer(&compared, || words::changes(&compared.changes))?;
        }
        Workspaces::Salvage => return salvage(dir, out),
        Workspaces::Restore {
            name,
            revision,
            replace_draft,
        } => {
            let unsaved = if replace_draft {
                Unsaved::Replace { seen: None }
            } else {
                Unsaved::Keep
            };
            let made = restore(&open(dir)?, name, revision, unsaved)?;
            out.answer(&made, || words::made(&made))?;
        }
    }
    Ok(Holds::Yes)
}

/// It holds where nothing is known to be lost.
fn salvage(dir: Option<PathBuf>, out: Out) -> Result<Holds, Stop> {
    let dir = dir.or_else(default_dir).ok_or(Stop::NoHome)?;
    let salvage = match Store::open(&dir) {
        Err(OpenError::Damaged { copy: Some(_), .. }) => {
            Store::open_or_salvage(&dir, Timestamp::now())?.salvage()?
        }
        opened => opened.map(|_| None)?,
    };
    let whole = salvage.as_ref().is_none_or(Salvage::is_whole);
    out.answer(
        &SalvageTold {
            salvage: salvage.as_ref(),
        },
        || words::salvage(salvage.as_ref()),
    )?;
    Ok(if whole { Holds::Yes } else { Holds::No })
}

fn list(store: &Store, out: Out) -> Result<(), Stop> {
    let list = List {
        workspaces: store.workspaces()?,
    };
    out.answer(&list, || words::workspaces(&list.workspaces))
}

fn restore(store: &Store, name: String, number: u32, unsaved: Unsaved) -> Result<Made, Stop> {
    let id = named(store, &name)?;
    match store.restore(&id, number, unsaved, &author(), Timestamp::now()) {
        Ok(restored) => Ok(Made {
            workspace: name,
            revision: restored.revision,
            draft_follows: restored.draft_follows,
            proved: restored.proved,
        }),
        Err(error) => Err(no_revision(store, &id, &name, error)),
    }
}

/// A number that is not there is told with those that are.
fn no_revision(store: &Store, id: &WorkspaceId, name: &str, error: StoreError) -> Stop {
    let StoreError::NoSuchRevision { number } = error else {
        return error.into();
    };
    match store.revisions(id) {
        Ok(heads) => Stop::NoRevision {
            name: words::shown(name),
            number,
            known: words::known_revisions(&heads),
        },
        Err(error) => error.into(),
    }
}

fn open(dir: Option<PathBuf>) -> Result<Store, Stop> {
    let dir = dir.or_else(default_dir).ok_or(Stop::NoHome)?;
    Ok(Store::open(&dir)?)
}

fn named(store: &Store, name: &str) -> Result<WorkspaceId, Stop> {
    if let Some(id) = store.by_name(name)? {
        return Ok(id);
    }
    Err(Stop::NoWorkspace {
        name: words::shown(name),
        known: words::known_workspaces(&store.workspaces()?),
    })
}
