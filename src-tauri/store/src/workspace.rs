//! Workspaces and their drafts. A draft is written only over the version that its writer has seen.

use std::fmt;

use jiff::Timestamp;
use latchkey_core::check::next_expiry;
use latchkey_core::{Catalogue, Draft, Protocol};
use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OptionalExtension, Transaction, params};
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::error::StoreError;
use crate::journal::{What, note};
use crate::open::Store;
use crate::state::State;
use crate::{evidence, json, revision};

const WHAT: &str = "the draft";

/// Names a workspace for as long as it exists, whatever it is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(transparent)]
pub struct WorkspaceId(String);

/// A draft as it was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct Kept {
    /// The draft.
    pub draft: Draft,
    /// Its version: whoever writes the draft names the version that they have seen.
    pub version: u32,
}

/// One line of the list of workspaces.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct Summary {
    /// Which workspace.
    pub id: WorkspaceId,
    /// Its name; empty until it has one.
    pub name: String,
    /// The service's name, if the service is known.
    pub service_name: Option<String>,
    /// The provider by its id in the catalogue.
    pub provider: String,
    /// OpenID Connect or SAML 2.0.
    pub protocol: Protocol,
    /// Its state.
    pub state: State,
    /// The newest revision.
    pub revision: Option<u32>,
    /// Whether the draft differs from the newest revision.
    pub unsaved: bool,
    /// When the draft was last written.
    pub changed_at: Timestamp,
    /// Whether the practice provider stands behind it.
    pub practice: bool,
    /// When the first of its certificates and secrets ends, where that is known.
    pub next_expiry: Option<Timestamp>,
}

impl WorkspaceId {
    /// As it stands in addresses and in the names of secrets: 32 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads an id that was written with [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        let fits = text.len() == 32
            && text
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        fits.then(|| Self(text.to_owned()))
    }

    pub(crate) fn random() -> Self {
        Self(format!("{:032x}", rand::random::<u128>()))
    }
}

impl Store {
    /// All workspaces, the one that was changed last first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn workspaces(&self) -> Result<Vec<Summary>, StoreError> {
        self.read(|db| {
            let mut drafts =
                db.prepare("SELECT id, draft, changed_at FROM workspace ORDER BY julianday(changed_at) DESC, rowid DESC")?;
            let mut rows = drafts.query([])?;
            let mut summaries = Vec::new();
            while let Some(row) = rows.next()? {
                let draft: Draft = json::read(row.get_ref(1)?.as_str().unwrap_or_default(), WHAT)?;
                summaries.push(summary(db, row.get(0)?, &draft, json::time(row.get_ref(2)?, WHAT)?)?);
            }
            Ok(summaries)
        })
    }

    /// Makes a workspace.
    ///
    /// # Errors
    /// [`StoreError`]: `NameTaken`, `TooLarge`, the disk.
    pub fn create(&self, draft: &Draft, now: Timestamp) -> Result<WorkspaceId, StoreError> {
        self.write(|db| insert(db, draft, now))
    }

    /// The draft of a workspace, with the version that [`Self::keep`] and [`Self::save`] ask for.
    ///
    /// # Errors
    /// [`StoreError`]: `NotFound`, the disk.
    pub fn kept(&self, id: &WorkspaceId) -> Result<Kept, StoreError> {
        self.read(|db| kept(db, id))
    }

    /// Keeps a draft in place of the version that was seen; the new version.
    ///
    /// # Errors
    /// [`StoreError`]: `ChangedElsewhere`, `NotFound`, `NameTaken`, `TooLarge`, the disk. Nothing
    /// is written then.
    pub fn keep(
        &self,
        id: &WorkspaceId,
        draft: &Draft,
        seen: u32,
        now: Timestamp,
    ) -> Result<u32, StoreError> {
        self.write(|db| {
            must_be_at(db, id, seen)?;
            put(db, id, draft, now)
        })
    }

    /// The workspace with this name, compared byte for byte, spaces around it left out.
    ///
    /// # Errors
    /// [`StoreError::Disk`].
    pub fn by_name(&self, name: &str) -> Result<Option<WorkspaceId>, StoreError> {
        self.read(|db| find(db, name))
    }

    /// Deletes a workspace: draft, revisions, evidence, people. The journal stays. Its secrets are with
    /// [`Secrets`](crate::Secrets), which forgets them with `remove_all`.
    ///
    /// # Errors
    /// [`StoreError`]: `NotFound`, the disk.
    pub fn delete(&self, id: &WorkspaceId, now: Timestamp) -> Result<(), StoreError> {
        self.write(|db| {
            must_exist(db, id)?;
            // Before the row: what a refusal leaves behind can still be found.
            self.forget_people(id)?;
            db.execute("DELETE FROM workspace WHERE id = ?", [id])?;
            note(db, id, What::Deleted, None, now)
        })?;
        self.empty_log();
        Ok(())
    }

    /// The workspace that was open last, if one was and it still exists.
    ///
    /// # Errors
    /// [`StoreError::Disk`].
    pub fn opened_last(&self) -> Result<Option<WorkspaceId>, StoreError> {
        self.read(|db| {
            Ok(db
                .query_row("SELECT workspace FROM opened_last", [], |row| row.get(0))
                .optional()?)
        })
    }

    /// Notes which workspace is open; none when the list is shown.
    ///
    /// # Errors
    /// [`StoreError`]: `NotFound`, the disk.
    pub fn set_opened_last(&self, id: Option<&WorkspaceId>) -> Result<(), StoreError> {
        self.write(|db| {
            match id {
                None => db.execute("DELETE FROM opened_last", [])?,
                Some(id) => {
                    must_exist(db, id)?;
                    db.execute(
                        "INSERT OR REPLACE INTO opened_last (only_row, workspace) VALUES (1, ?)",
                        [id],
                    )?
                }
            };
            Ok(())
        })
    }
}

/// A new row with its first version.
pub(crate) fn insert(
    db: &Transaction,
    draft: &Draft,
    now: Timestamp,
) -> Result<WorkspaceId, StoreError> {
    let id = WorkspaceId::random();
    db.execute(
        "INSERT INTO workspace (id, name, draft, version, made_at, changed_at) VALUES (?1, ?2, ?3, 1, ?4, ?4)",
        params![id, name_of(draft), json::written(draft, WHAT)?, now.to_string()],
    )
    .map_err(|error| taken(error, draft))?;
    note(db, &id, What::Made, None, now)?;
    Ok(id)
}

/// Writes the draft over whatever version is there; the new version.
pub(crate) fn put(
    db: &Transaction,
    id: &WorkspaceId,
    draft: &Draft,
    now: Timestamp,
) -> Result<u32, StoreError> {
    db.query_row(
        "UPDATE workspace SET name = ?, draft = ?, version = version + 1, changed_at = ?, seal = NULL WHERE id = ? RETURNING version",
        params![name_of(draft), json::written(draft, WHAT)?, now.to_string(), id],
        |row| row.get(0),
    )
    .map_err(|error| taken(error, draft))
}

pub(crate) fn kept(db: &Connection, id: &WorkspaceId) -> Result<Kept, StoreError> {
    let (draft, version): (String, u32) = db
        .query_row(
            "SELECT draft, version FROM workspace WHERE id = ?",
            [id],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?
        .ok_or(StoreError::NotFound)?;
    Ok(Kept {
        draft: json::read(&draft, WHAT)?,
        version,
    })
}

pub(crate) fn find(db: &Connection, name: &str) -> Result<Option<WorkspaceId>, StoreError> {
    let name = name.trim();
    if name.is_empty() {
        return Ok(None);
    }
    Ok(db
        .query_row("SELECT id FROM workspace WHERE name = ?", [name], |row| {
            row.get(0)
        })
        .optional()?)
}

pub(crate) fn must_exist(db: &Connection, id: &WorkspaceId) -> Result<(), StoreError> {
    let there: bool = db.query_row(
        "SELECT EXISTS (SELECT 1 FROM workspace WHERE id = ?)",
        [id],
        |row| row.get(0),
    )?;
    if there {
        Ok(())
    } else {
        Err(StoreError::NotFound)
    }
}

/// Whether the draft is still the one that the writer has seen.
pub(crate) fn must_be_at(db: &Connection, id: &WorkspaceId, seen: u32) -> Result<(), StoreError> {
    let (version, at) = db
        .query_row(
            "SELECT version, changed_at FROM workspace WHERE id = ?",
            [id],
            |row| Ok((row.get(0)?, json::time(row.get_ref(1)?, WHAT))),
        )
        .optional()?
        .ok_or(StoreError::NotFound)?;
    if version == seen {
        Ok(())
    } else {
        Err(StoreError::ChangedElsewhere { version, at: at? })
    }
}

fn summary(
    db: &Transaction,
    id: WorkspaceId,
    draft: &Draft,
    changed_at: Timestamp,
) -> Result<Summary, StoreError> {
    let newest = revision::newest(db, &id)?;
    let evidence = evidence::all(db, &id)?;
    let workspace = &draft.set_up.workspace;
    let connection = &draft.set_up.connection;
    Ok(Summary {
        next_expiry: next_expiry(&draft.set_up),
        name: workspace.name.trim().to_owned(),
        service_name: Catalogue::built_in()
            .service_of(&draft.set_up)
            .map(|service| service.name),
        provider: connection.provider.clone(),
        protocol: connection.protocol,
        state: State::of(
            draft,
            revision::fingerprint(draft).as_ref(),
            newest.as_ref(),
            &evidence,
        ),
        revision: newest.as_ref().map(|newest| newest.head.number),
        unsaved: !newest.is_some_and(|newest| newest.holds(draft)),
        changed_at,
        practice: draft.is_practice(),
        id,
    })
}

fn name_of(draft: &Draft) -> &str {
    draft.set_up.workspace.name.trim()
}

/// Of all that is written together with a name, only the name can be there already.
fn taken(error: rusqlite::Error, draft: &Draft) -> StoreError {
    if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) {
        return StoreError::NameTaken {
            name: latchkey_core::text::shown(name_of(draft), 100),
        };
    }
    error.into()
}

impl fmt::Display for WorkspaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ToSql for WorkspaceId {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl FromSql for WorkspaceId {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        String::column_result(value).map(Self)
    }
}
