//! Reads rows out of the pages of a damaged database, one by one: whatever leads to them may be gone.
//! A row counts only if its seal holds, so that nothing half and nothing wrong is taken for one.
//!
//! Formats: "Database File Format" of SQLite, sections 1.6 (B-tree pages) and 2.1 (records).

use rusqlite::types::Value;

use super::pages::{PAGE, Pages};
use crate::json::LARGEST;
use crate::seal::{SEALED, Table, WORKSPACE};

/// The first byte of a page with rows.
const LEAF: u8 = 0x0D;
/// The first bytes of all other pages of a tree.
const OTHER_PAGES: [u8; 3] = [0x02, 0x05, 0x0A];

/// The largest row that is looked at, in bytes: no column is larger than what is written to one.
const LARGEST_ROW: usize = 2 * LARGEST;

/// A row whose seal holds.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) table: &'static Table,
    /// The values of all columns but the seal.
    pub(crate) values: Vec<Value>,
    pub(crate) seal: String,
}

impl Row {
    pub(crate) fn text(&self, column: &str) -> &str {
        match self.value(column) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    /// The id of the workspace that it is, or belongs to.
    pub(crate) fn workspace(&self) -> &str {
        let own = self.table == &WORKSPACE;
        self.text(if own { "id" } else { "workspace" })
    }

    pub(crate) fn number(&self, column: &str) -> Option<u32> {
        match self.value(column) {
            Some(Value::Integer(number)) => u32::try_from(*number).ok(),
            _ => None,
        }
    }

    fn value(&self, column: &str) -> Option<&Value> {
        let at = self.table.columns.iter().position(|one| *one == column)?;
        self.values.get(at)
    }
}

/// Every row whose seal holds, in the order of the pages.
pub(crate) fn rows(pages: &Pages) -> Vec<Row> {
    (1..=pages.last())
        .filter_map(|number| Some((number, pages.page(number)?)))
        .flat_map(|(number, page)| on_page(pages, number, page))
        .collect()
}

fn on_page(pages: &Pages, number: u32, page: &[u8]) -> Vec<Row> {
    // The first page begins with the header of the file.
    let start = if number == 1 { 100 } else { 0 };
    let kind = page.get(start).copied().unwrap_or_default();
    // A kind that does not exist is a damaged one: it may have been a page with rows.
    if kind != LEAF && OTHER_PAGES.contains(&kind) {
        return Vec::new();
    }
    let cells = page.get(start + 8..).unwrap_or_default();
    let (pointers, _) = cells.as_chunks::<2>();
    let count = page.get(start + 3..start + 5).map_or(0, |bytes| {
        usize::from(u16::from_be_bytes([bytes[0], bytes[1]]))
    });
    pointers
        .iter()
        .take(count)
        .filter_map(|pointer| cell(pages, page, u16::from_be_bytes(*pointer).into()))
        .collect()
}

fn cell(pages: &Pages, page: &[u8], at: usize) -> Option<Row> {
    let mut rest = page.get(at..)?;
    let length = usize::try_from(varint(&mut rest)?).ok()?;
    let number = varint(&mut rest)?;
    if length > LARGEST_ROW {
        return None;
    }
    record(&payload(pages, rest, length)?, number)
}

/// The row's bytes: those on the page, and those on the pages that they flow over to.
fn payload(pages: &Pages, rest: &[u8], length: usize) -> Option<Vec<u8>> {
    const MOST: usize = PAGE - 35;
    const LEAST: usize = (PAGE - 12) * 32 / 255 - 23;
    if length <= MOST {
        return rest.get(..length).map(<[u8]>::to_vec);
    }
    let wanted = LEAST + (length - LEAST) % (PAGE - 4);
    let local = if wanted <= MOST { wanted } else { LEAST };
    let mut bytes = rest.get(..local)?.to_vec();
    let mut next = page_number(rest.get(local..)?)?;
    while bytes.len() < length {
        let page = pages.page(next)?;
        let more = (length - bytes.len()).min(PAGE - 4);
        bytes.extend_from_slice(page.get(4..4 + more)?);
        next = page_number(page)?;
    }
    Some(bytes)
}

fn page_number(bytes: &[u8]) -> Option<u32> {
    bytes.first_chunk().copied().map(u32::from_be_bytes)
}

/// The record as a row of the table whose seal it bears.
fn record(bytes: &[u8], number: i64) -> Option<Row> {
    let mut header = bytes;
    let length = usize::try_from(varint(&mut header)?).ok()?;
    let mut header = bytes.get(bytes.len() - header.len()..length)?;
    let mut body = bytes.get(length..)?;
    let mut values = Vec::new();
    while !header.is_empty() {
        let kind = varint(&mut header)?;
        values.push(value(kind, &mut body)?);
    }
    let Some(Value::Text(seal)) = values.pop() else {
        return None;
    };
    for table in SEALED {
        if table.columns.len() != values.len() {
            continue;
        }
        let unnumbered = values[0].clone();
        if table.numbered {
            values[0] = Value::Integer(number);
        }
        if table.seal(&values) == seal {
            return Some(Row {
                table,
                values,
                seal,
            });
        }
        values[0] = unnumbered;
    }
    None
}

fn value(kind: i64, body: &mut &[u8]) -> Option<Value> {
    let mut take = |length: usize| {
        let (taken, rest) = body.split_at_checked(length)?;
        *body = rest;
        Some(taken)
    };
    Some(match kind {
        0 => Value::Null,
        1..=6 => {
            let bytes = take([1, 2, 3, 4, 6, 8][usize::try_from(kind - 1).ok()?])?;
            let negative = bytes.first().is_some_and(|first| *first >= 0x80);
            let begun = if negative { -1 } else { 0 };
            let shifted = |number: i64, byte: &u8| (number << 8) | i64::from(*byte);
            Value::Integer(bytes.iter().fold(begun, shifted))
        }
        8 => Value::Integer(0),
        9 => Value::Integer(1),
        // No column of ours holds anything but text beside these.
        _ if kind >= 13 && kind % 2 == 1 => {
            let text = take(usize::try_from((kind - 13) / 2).ok()?)?;
            Value::Text(String::from_utf8(text.to_vec()).ok()?)
        }
        _ => return None,
    })
}

/// A number of one to nine bytes, seven bits each; all eight of the ninth.
fn varint(rest: &mut &[u8]) -> Option<i64> {
    let mut number: i64 = 0;
    for at in 0..9 {
        let (&byte, behind) = rest.split_first()?;
        *rest = behind;
        if at == 8 {
            return Some((number << 8) | i64::from(byte));
        }
        number = (number << 7) | i64::from(byte & 0x7F);
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}
