//! `latchkey workspaces import`: a set-up file, or a whole workspace.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use latchkey_core::changes::{Change, between};
use latchkey_store::{Planned, Store, StoreError, Whole, author};
use serde::Serialize;

use super::{Made, named, open};
use crate::asked::Asked;
use crate::input::{self, Importable, Unusable, Why};
use crate::out::Out;
use crate::stop::Stop;
use crate::words;

/// What the import of a whole workspace changed, or would change.
#[derive(Serialize)]
struct Taken {
    #[serde(flatten)]
    planned: Planned,
    /// The newest revision then; none where nothing was imported.
    revision: Option<u32>,
}

/// What the import of a set-up file would change.
#[derive(Serialize)]
struct Would {
    workspace: String,
    is_new: bool,
    changes: Vec<Change>,
}

pub(super) fn import(
    dir: Option<PathBuf>,
    file: &Path,
    into: Option<&str>,
    dry_run: bool,
    out: Out,
) -> Result<(), Stop> {
    match input::importable(file)? {
        Importable::Whole(whole) => import_whole(dir, &whole, into, dry_run, out),
        Importable::SetUp(_) if into.is_some() => Err(Unusable::new(file, Why::NotWhole).into()),
        Importable::SetUp(set_up) => {
            let asked = Asked::of(*set_up);
            asked.holds_no_key(file)?;
            if asked.set_up.workspace.name.trim().is_empty() {
                return Err(asked.unusable(file, "workspace.name").into());
            }
            import_set_up(dir, &asked, dry_run, out)
        }
    }
}

fn import_set_up(dir: Option<PathBuf>, asked: &Asked, dry_run: bool, out: Out) -> Result<(), Stop> {
    asked.say_errors();
    let name = asked.set_up.workspace.name.trim().to_owned();
    let store = open(dir)?;
    if dry_run {
        let here = store.by_name(&name)?;
        let before = here.as_ref().map(|id| store.export(id)).transpose()?;
        let would = Would {
            is_new: before.is_none(),
            changes: before.map_or_else(Vec::new, |before| between(&before, &asked.set_up)),
            workspace: name,
        };
        return out.answer(&would, || {
            words::would_import(&would.workspace, would.is_new, &would.changes)
        });
    }
    let imported = store.import(&asked.set_up, &author(), Timestamp::now())?;
    let made = Made {
        workspace: name,
        revision: imported.revision,
        draft_follows: imported.draft_follows,
        proved: false,
    };
    out.answer(&made, || words::made(&made))
}

fn import_whole(
    dir: Option<PathBuf>,
    whole: &Whole,
    into: Option<&str>,
    dry_run: bool,
    out: Out,
) -> Result<(), Stop> {
    let store = open(dir)?;
    if let Some(into) = into {
        named(&store, into)?;
    }
    let (planned, revision) = if dry_run {
        (store.plan_whole(whole, into)?, None)
    } else {
        let (id, planned) = store.import_whole(whole, into, Timestamp::now())?;
        (planned, newest(&store, &id)?)
    };
    let answer = Taken { planned, revision };
    out.answer(&answer, || words::whole(&answer.planned, dry_run))
}

fn newest(store: &Store, id: &latchkey_store::WorkspaceId) -> Result<Option<u32>, StoreError> {
    Ok(store.revisions(id)?.last().map(|head| head.number))
}
