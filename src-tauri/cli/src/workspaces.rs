//! `latchkey workspaces`

use std::env;
use std::path::PathBuf;

use jiff::Timestamp;
use latchkey_store::{RevisionHead, Store, StoreError, Summary, Unsaved, WorkspaceId, default_dir};
use serde::Serialize;

use crate::args::Workspaces;
use crate::asked::Asked;
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
    revisions: Vec<RevisionHead>,
}

/// A revision that was made.
#[derive(Serialize)]
pub(crate) struct Made {
    pub(crate) workspace: String,
    pub(crate) revision: u32,
    /// Whether the draft is this revision now; it is not where it had unsaved changes.
    pub(crate) draft_follows: bool,
}

pub(crate) fn run(dir: Option<PathBuf>, action: Workspaces, out: Out) -> Result<Holds, Stop> {
    match action {
        Workspaces::List => list(&open(dir)?, out)?,
        Workspaces::Import { set_up } => {
            // Before the database is made: a file that cannot be used leaves nothing behind.
            let asked = Asked::read(&set_up)?;
            asked.say_errors();
            let store = open(dir)?;
            let imported = store.import(&asked.set_up, &author(), Timestamp::now())?;
            let made = Made {
                workspace: asked.set_up.workspace.name.trim().to_owned(),
                revision: imported.revision,
                draft_follows: imported.draft_follows,
            };
            out.answer(&made, || words::made(&made))?;
        }
        Workspaces::Export { name } => {
            let store = open(dir)?;
            let id = named(&store, &name)?;
            out.document(&store.export(&id)?.written())?;
        }
        Workspaces::History { name } => {
            let store = open(dir)?;
            let revisions = store.revisions(&named(&store, &name)?)?;
            let history = History {
                workspace: name,
                revisions,
            };
            out.answer(&history, || words::revisions(&history.revisions))?;
        }
        Workspaces::Restore {
            name,
            revision,
            replace_draft,
        } => {
            let unsaved = if replace_draft {
                Unsaved::Replace
            } else {
                Unsaved::Keep
            };
            let made = restore(&open(dir)?, name, revision, unsaved)?;
            out.answer(&made, || words::made(&made))?;
        }
    }
    Ok(Holds::Yes)
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
        }),
        Err(StoreError::NoSuchRevision { number }) => Err(Stop::NoRevision {
            name: words::shown(&name),
            number,
            known: words::known_revisions(&store.revisions(&id)?),
        }),
        Err(error) => Err(error.into()),
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

/// Who stands in the history: the user of this computer.
fn author() -> String {
    env::var("USER")
        .or_else(|_| env::var("USERNAME"))
        .map(|name| words::shown(&name))
        .unwrap_or_else(|_| "latchkey".to_owned())
}
