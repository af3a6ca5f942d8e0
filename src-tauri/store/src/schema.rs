//! The numbered migrations, and whether a database is one of ours.

use rusqlite::{Connection, ErrorCode, TransactionBehavior};

use crate::error::Disk;
use crate::seal;

/// Stands in every database of ours (`PRAGMA application_id`): "LKey".
const APPLICATION: i32 = 0x4C4B_6579;

/// Migration n leads from format n - 1 to format n. One that was released is never edited.
const MIGRATIONS: [&str; 3] = [
    include_str!("../migrations/1.sql"),
    include_str!("../migrations/2.sql"),
    include_str!("../migrations/3.sql"),
];

/// The first format whose rows are sealed.
const SEALED_FROM: u32 = 3;

/// A format that no version will reach: the number itself is damaged.
const NEVER: u32 = 10_000;

/// The format that this version writes.
pub(crate) const KNOWN: u32 = MIGRATIONS.len() as u32;

/// How many of the tables are there that no other program has side by side.
const OUR_TABLES: &str = "SELECT count(*) FROM sqlite_schema \
     WHERE type = 'table' AND name IN ('workspace', 'revision', 'evidence', 'journal')";

/// What a file in the database's place is.
pub(crate) enum Found {
    /// Empty, or one of ours in a format that is known.
    Usable,
    Newer(u32),
    Foreign,
    Damaged,
}

/// Looks without changing anything.
pub(crate) fn examine(db: &Connection) -> Result<Found, Disk> {
    match look(db) {
        Ok(found) => Ok(found),
        Err(error) if is_of_the_content(&error) => Ok(Found::Damaged),
        Err(error) => Err(error.into()),
    }
}

/// Whether it is the file's content that cannot be read, and not the disk that refuses: our own questions
/// are sound.
fn is_of_the_content(error: &rusqlite::Error) -> bool {
    match error.sqlite_error_code() {
        // A value of another kind, or out of its range.
        None => true,
        // A plain `SQLITE_ERROR`, as for a schema in a format that does not exist.
        Some(code) => matches!(
            code,
            ErrorCode::Unknown | ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase
        ),
    }
}

/// Brings a database of ours to the format that this version writes.
pub(crate) fn migrate(db: &mut Connection) -> Result<(), Disk> {
    if format(db)? == KNOWN {
        return Ok(());
    }
    let work = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Read again: another process may have been quicker.
    let from = format(&work)?;
    for migration in MIGRATIONS.iter().skip(from as usize) {
        work.execute_batch(migration)?;
    }
    seal::seal_rows(&work)?;
    work.pragma_update(None, "application_id", APPLICATION)?;
    work.pragma_update(None, "user_version", KNOWN)?;
    work.commit()?;
    // Into the file itself, so that an older version sees the format without reading the log.
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}

fn look(db: &Connection) -> rusqlite::Result<Found> {
    let format = format(db)?;
    let application: i32 = db.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: u32 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if format == 0 && application == 0 && tables == 0 {
        return Ok(Found::Usable);
    }
    if application != APPLICATION {
        let ours: u32 = db.query_row(OUR_TABLES, [], |row| row.get(0))?;
        return Ok(if ours == 4 {
            Found::Damaged
        } else {
            Found::Foreign
        });
    }
    if format == 0 || format > NEVER {
        return Ok(Found::Damaged);
    }
    if format > KNOWN {
        return Ok(Found::Newer(format));
    }
    // With the indexes: what is found by a damaged one fails later, or is not found.
    let verdict: String = db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    let sound = verdict == "ok" && (format < SEALED_FROM || seal::all_hold(db)?);
    Ok(if sound { Found::Usable } else { Found::Damaged })
}

fn format(db: &Connection) -> rusqlite::Result<u32> {
    db.pragma_query_value(None, "user_version", |row| row.get(0))
}
