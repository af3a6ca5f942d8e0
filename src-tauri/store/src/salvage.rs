//! What is still whole in a damaged database goes into a fresh one, under its own names and numbers,
//! and what is known to be lost is named. The damaged one stays beside it, as it was.

mod carve;
mod pages;

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use latchkey_core::{Draft, SetUp, Step};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Transaction, params, params_from_iter};
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::error::StoreError;
use crate::journal::{What, note};
use crate::json;
use crate::open::Store;
use crate::seal::{EVIDENCE, EVIDENCE_NAME, JOURNAL, JOURNAL_REASON, REVISION, Table, WORKSPACE};
use crate::workspace::{WorkspaceId, find, kept, put};
use carve::Row;
use pages::Pages;

pub(crate) use pages::log_is_broken;

const WHAT: &str = "the report on a damaged database";

/// What came out of a damaged database, and what is known to be lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Salvage {
    /// When.
    pub at: Timestamp,
    /// The damaged database, as it was.
    pub damaged: PathBuf,
    /// What came back of each workspace.
    pub workspaces: Vec<Salvaged>,
    /// Workspaces of which only the journal speaks.
    pub lost_workspaces: u32,
    /// Lines that are missing in the journal. What they told of is named nowhere.
    pub lost_lines: u32,
}

/// What came back of one workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Salvaged {
    /// Its name.
    pub name: String,
    /// The numbers of its revisions.
    pub revisions: Vec<u32>,
    /// The numbers of those that are lost.
    pub lost: Vec<u32>,
    /// The revision that the draft was made from, where the draft itself is lost.
    pub draft_from: Option<u32>,
    /// How many test sign-ins came back.
    pub tests: u32,
    /// How many are lost.
    pub lost_tests: u32,
    /// Whether the revision that was enforced is lost, so that nothing is enforced any more.
    pub no_longer_enforced: bool,
}

impl Salvage {
    /// Whether nothing is known to be lost.
    pub fn is_whole(&self) -> bool {
        let whole =
            |one: &Salvaged| one.lost.is_empty() && one.draft_from.is_none() && one.lost_tests == 0;
        self.lost_workspaces == 0 && self.lost_lines == 0 && self.workspaces.iter().all(whole)
    }
}

impl Store {
    /// What came out of a damaged database, until [`Self::put_salvage_away`].
    ///
    /// # Errors
    /// [`StoreError::Disk`].
    pub fn salvage(&self) -> Result<Option<Salvage>, StoreError> {
        self.read(|db| {
            let sql = "SELECT report FROM salvage ORDER BY seq DESC LIMIT 1";
            let report: Option<String> = db.query_row(sql, [], |row| row.get(0)).optional()?;
            report.map(|report| json::read(&report, WHAT)).transpose()
        })
    }

    /// Puts the report away: somebody has read it.
    ///
    /// # Errors
    /// [`StoreError::Disk`].
    pub fn put_salvage_away(&self) -> Result<(), StoreError> {
        self.write(|db| Ok(db.execute("DELETE FROM salvage", []).map(drop)?))
    }

    /// Fills this empty store with every row of the damaged database that is whole.
    pub(crate) fn take_from(
        &self,
        damaged: &Damaged,
        copy: &Path,
        now: Timestamp,
    ) -> Result<Salvage, StoreError> {
        self.write(|db| {
            // A workspace whose own row is lost is made again behind what refers to it.
            db.pragma_update(None, "defer_foreign_keys", true)?;
            for row in &damaged.0 {
                put_row(db, row)?;
            }
            let workspaces = damaged
                .workspaces()
                .iter()
                .filter_map(|id| WorkspaceId::parse(id))
                .map(|id| complete(db, damaged, &id, now))
                .collect::<Result<Vec<_>, _>>()?;
            let salvage = Salvage {
                at: now,
                damaged: copy.to_owned(),
                workspaces,
                lost_workspaces: damaged.lost_workspaces(),
                lost_lines: damaged.lost_lines(),
            };
            db.execute(
                "INSERT INTO salvage (report) VALUES (?)",
                [json::written(&salvage, WHAT)?],
            )?;
            Ok(salvage)
        })
    }
}

/// The rows that are whole and belong together.
pub(crate) struct Damaged(Vec<Row>);

impl Damaged {
    pub(crate) fn read(database: &Path) -> io::Result<Self> {
        Ok(Self::of(carve::rows(&Pages::read(database)?)))
    }

    fn of(mut rows: Vec<Row>) -> Self {
        // An older page may stand beside a newer one: the newest draft first, then each row once.
        rows.sort_by_key(|row| Reverse(row.number("version")));
        let mut seen = BTreeSet::new();
        rows.retain(|row| seen.insert((row.table.name, key(row))));
        let all = Self(rows);
        let back = all.workspaces();
        let tests: BTreeSet<(String, String)> = all
            .of_table(&EVIDENCE)
            .map(|row| (row.workspace().to_owned(), row.text("id").to_owned()))
            .collect();
        let lines: BTreeSet<Option<u32>> = all
            .of_table(&JOURNAL)
            .map(|line| line.number("seq"))
            .collect();
        let belongs = |row: &Row| {
            let named = || (row.workspace().to_owned(), row.text("evidence").to_owned());
            row.table == &JOURNAL
                || back.contains(row.workspace())
                    && (row.table != &EVIDENCE_NAME || tests.contains(&named()))
                    && (row.table != &JOURNAL_REASON || lines.contains(&row.number("line")))
        };
        Self(all.0.into_iter().filter(belongs).collect())
    }

    fn of_table(&self, table: &'static Table) -> impl Iterator<Item = &Row> {
        self.0.iter().filter(move |row| row.table == table)
    }

    fn of_workspace(&self, table: &'static Table, id: &str) -> impl Iterator<Item = &Row> {
        self.of_table(table)
            .filter(move |row| row.workspace() == id)
    }

    /// The workspaces that come back: those with a draft or a revision, and not deleted.
    fn workspaces(&self) -> BTreeSet<String> {
        let gone = self.deleted();
        self.of_table(&WORKSPACE)
            .chain(self.of_table(&REVISION))
            .map(Row::workspace)
            .filter(|id| WorkspaceId::parse(id).is_some() && !gone.contains(id))
            .map(str::to_owned)
            .collect()
    }

    fn deleted(&self) -> BTreeSet<&str> {
        let lines = self.of_table(&JOURNAL);
        let deleted = lines.filter(|line| is(line, What::Deleted));
        deleted.map(Row::workspace).collect()
    }

    /// Workspaces that the journal tells of, and that neither come back nor were deleted.
    fn lost_workspaces(&self) -> u32 {
        let (back, gone) = (self.workspaces(), self.deleted());
        let told: BTreeSet<&str> = self.of_table(&JOURNAL).map(Row::workspace).collect();
        let lost = told
            .into_iter()
            .filter(|id| !back.contains(*id) && !gone.contains(id));
        count(lost.count())
    }

    /// Lines are numbered without gaps, and none is ever deleted.
    fn lost_lines(&self) -> u32 {
        let last = self
            .of_table(&JOURNAL)
            .filter_map(|line| line.number("seq"));
        let there = count(self.of_table(&JOURNAL).count());
        last.max().unwrap_or_default().saturating_sub(there)
    }

    fn numbers(&self, table: &'static Table, id: &str, column: &str) -> BTreeSet<u32> {
        self.of_workspace(table, id)
            .filter_map(|row| row.number(column))
            .collect()
    }

    /// How many test sign-ins the journal tells of that came back in no row.
    fn lost_tests(&self, id: &str) -> u32 {
        let lines = |meant: &dyn Fn(&Row) -> bool| {
            count(
                self.of_workspace(&JOURNAL, id)
                    .filter(|line| meant(line))
                    .count(),
            )
        };
        let came = lines(&|line| {
            is(line, What::Proved) || is(line, What::Imported) && line.number("revision").is_none()
        });
        let forgotten = lines(&|line| is(line, What::Forgotten));
        let there = count(self.of_workspace(&EVIDENCE, id).count());
        came.saturating_sub(forgotten).saturating_sub(there)
    }

    /// The draft of a workspace as its newest revision has it, and that revision's number.
    fn draft_from_revision(&self, id: &str) -> Result<Option<(Draft, u32)>, StoreError> {
        let newest = self
            .of_workspace(&REVISION, id)
            .max_by_key(|row| row.number("number"));
        let Some(newest) = newest else {
            return Ok(None);
        };
        let set_up: SetUp = json::read(newest.text("set_up"), WHAT)?;
        let mark = Some(newest.text("secret_mark").to_owned()).filter(|mark| !mark.is_empty());
        let draft = Draft {
            step: Step::Save,
            reached: Step::Save,
            ..Draft::brought(set_up.clone())
        };
        let number = newest.number("number").unwrap_or_default();
        Ok(Some((draft.with(set_up, mark), number)))
    }
}

/// Completes one workspace whose rows are in the database again, and says what is lost of it.
fn complete(
    db: &Transaction,
    damaged: &Damaged,
    id: &WorkspaceId,
    now: Timestamp,
) -> Result<Salvaged, StoreError> {
    let text = id.as_str();
    let revisions = damaged.numbers(&REVISION, text, "number");
    let has_draft = damaged.of_workspace(&WORKSPACE, text).next().is_some();
    let made = match has_draft {
        true => None,
        false => damaged.draft_from_revision(text)?,
    };
    let draft_from = made.as_ref().map(|(_, number)| *number);
    if let Some((draft, _)) = made {
        make_again(db, id, draft, now)?;
    }
    let mut draft = kept(db, id)?.draft;
    let enforced = draft.enforced.as_ref().map(|enforced| enforced.revision);
    let no_longer_enforced = enforced.is_some_and(|number| !revisions.contains(&number));
    if no_longer_enforced {
        draft.enforced = None;
        put(db, id, &draft, now)?;
    }
    let told = damaged.numbers(&JOURNAL, text, "revision");
    let last = revisions.iter().chain(&told).copied().chain(enforced).max();
    note(db, id, What::Salvaged, None, now)?;
    Ok(Salvaged {
        name: draft.set_up.workspace.name.trim().to_owned(),
        lost: (1..=last.unwrap_or_default())
            .filter(|number| !revisions.contains(number))
            .collect(),
        revisions: revisions.into_iter().collect(),
        draft_from,
        tests: count(damaged.of_workspace(&EVIDENCE, text).count()),
        lost_tests: damaged.lost_tests(text),
        no_longer_enforced,
    })
}

/// Makes the row of a workspace whose draft is lost. Another may have its name by now.
fn make_again(
    db: &Transaction,
    id: &WorkspaceId,
    mut draft: Draft,
    now: Timestamp,
) -> Result<(), StoreError> {
    let plain = draft.set_up.workspace.name.trim().to_owned();
    let (mut name, mut number) = (plain.clone(), 2);
    while find(db, &name)?.is_some() {
        name = format!("{plain} {number}");
        number += 1;
    }
    if name != plain {
        draft.set_up.workspace.name.clone_from(&name);
    }
    db.execute(
        "INSERT INTO workspace (id, name, draft, version, made_at, changed_at) VALUES (?1, ?2, ?3, 1, ?4, ?4)",
        params![id, name, json::written(&draft, WHAT)?, now.to_string()],
    )?;
    Ok(())
}

/// Puts one row in, as it was.
fn put_row(db: &Transaction, row: &Row) -> Result<(), StoreError> {
    let columns = row.table.list();
    let marks = "?, ".repeat(row.values.len());
    let sql = format!(
        "INSERT INTO {} ({columns}, seal) VALUES ({marks}?)",
        row.table.name
    );
    let seal = Value::Text(row.seal.clone());
    db.execute(&sql, params_from_iter(row.values.iter().chain([&seal])))?;
    Ok(())
}

/// What tells a row from all others of its table.
fn key(row: &Row) -> String {
    match row.table.name {
        "workspace" => row.workspace().to_owned(),
        "revision" => format!("{} {:?}", row.workspace(), row.number("number")),
        "evidence" => format!("{} {}", row.workspace(), row.text("id")),
        "evidence_name" => format!("{} {}", row.workspace(), row.text("evidence")),
        "journal" => format!("{:?}", row.number("seq")),
        _ => format!("{:?}", row.number("line")),
    }
}

fn is(line: &Row, what: What) -> bool {
    json::read(line.text("what"), WHAT) == Ok(what)
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
