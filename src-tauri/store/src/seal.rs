//! The seal of a row: SHA-256 (FIPS 180-4) over its other columns. SQLite notices a page that makes
//! no sense; a letter that is another one only the seal does.

use rusqlite::types::Value;
use rusqlite::{Connection, Error, Row, Transaction};
use sha2::{Digest, Sha256};

/// A table whose rows are sealed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    /// Its columns in their order, but for the seal, which is the last.
    pub(crate) columns: &'static [&'static str],
    /// Whether the first column is the row's own number, which SQLite keeps beside the row.
    pub(crate) numbered: bool,
}

pub(crate) const WORKSPACE: Table = Table {
    name: "workspace",
    columns: &["id", "name", "draft", "version", "made_at", "changed_at"],
    numbered: false,
};
pub(crate) const REVISION: Table = Table {
    name: "revision",
    columns: &[
        "seq",
        "workspace",
        "number",
        "at",
        "author",
        "reason",
        "origin",
        "set_up",
        "secret_mark",
        "fingerprint",
        "evidence",
    ],
    numbered: true,
};
pub(crate) const EVIDENCE: Table = Table {
    name: "evidence",
    columns: &["seq", "workspace", "id", "body"],
    numbered: true,
};
pub(crate) const EVIDENCE_NAME: Table = Table {
    name: "evidence_name",
    columns: &["workspace", "evidence", "name"],
    numbered: false,
};
pub(crate) const JOURNAL: Table = Table {
    name: "journal",
    columns: &["seq", "at", "workspace", "what", "revision"],
    numbered: true,
};
pub(crate) const JOURNAL_REASON: Table = Table {
    name: "journal_reason",
    columns: &["line", "workspace", "reason"],
    numbered: true,
};

/// All tables whose rows are sealed; one stands behind those that it refers to.
pub(crate) const SEALED: [&Table; 6] = [
    &WORKSPACE,
    &REVISION,
    &EVIDENCE,
    &EVIDENCE_NAME,
    &JOURNAL,
    &JOURNAL_REASON,
];

impl Table {
    /// Its columns as they stand in a statement, but for the seal.
    pub(crate) fn list(&self) -> String {
        self.columns.join(", ")
    }

    /// The seal of a row with these values.
    pub(crate) fn seal(&self, values: &[Value]) -> String {
        let mut hash = Sha256::new();
        feed(&mut hash, b't', self.name.as_bytes());
        for value in values {
            match value {
                Value::Null => feed(&mut hash, b'n', &[]),
                Value::Integer(number) => feed(&mut hash, b'i', &number.to_be_bytes()),
                Value::Real(number) => feed(&mut hash, b'r', &number.to_be_bytes()),
                Value::Text(text) => feed(&mut hash, b's', text.as_bytes()),
                Value::Blob(bytes) => feed(&mut hash, b'b', bytes),
            }
        }
        let digest = hash.finalize();
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn values(&self, row: &Row) -> rusqlite::Result<Vec<Value>> {
        (0..self.columns.len()).map(|at| row.get(at)).collect()
    }
}

/// Seals what this transaction has written.
pub(crate) fn seal_rows(db: &Transaction) -> rusqlite::Result<()> {
    for table in SEALED {
        let (name, columns) = (table.name, table.list());
        let sql = format!("SELECT {columns}, rowid FROM {name} WHERE seal IS NULL");
        let mut unsealed = db.prepare_cached(&sql)?;
        let found: Vec<(i64, String)> = unsealed
            .query_map([], |row| {
                Ok((
                    row.get(table.columns.len())?,
                    table.seal(&table.values(row)?),
                ))
            })?
            .collect::<Result<_, _>>()?;
        let mut set = db.prepare_cached(&format!("UPDATE {name} SET seal = ? WHERE rowid = ?"))?;
        for (rowid, seal) in found {
            set.execute((seal, rowid))?;
        }
    }
    Ok(())
}

/// Whether every seal holds.
pub(crate) fn all_hold(db: &Connection) -> rusqlite::Result<bool> {
    match compared(db) {
        // A text that is none any more, or a column of another kind.
        Err(
            Error::FromSqlConversionFailure(..)
            | Error::InvalidColumnType(..)
            | Error::Utf8Error(..),
        ) => Ok(false),
        compared => compared,
    }
}

fn compared(db: &Connection) -> rusqlite::Result<bool> {
    for table in SEALED {
        let (name, columns) = (table.name, table.list());
        let sql = format!("SELECT {columns}, seal FROM {name} WHERE seal IS NOT NULL");
        let mut sealed = db.prepare(&sql)?;
        let mut rows = sealed.query([])?;
        while let Some(row) = rows.next()? {
            let seal: String = row.get(table.columns.len())?;
            if seal != table.seal(&table.values(row)?) {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// The length first, so that no two rows run together into the same bytes.
fn feed(hash: &mut Sha256, kind: u8, bytes: &[u8]) {
    hash.update([kind]);
    hash.update((bytes.len() as u64).to_be_bytes());
    hash.update(bytes);
}
