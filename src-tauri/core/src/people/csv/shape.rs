//! What kind of CSV file this is: its delimiter, whether it names its columns, its separator.

use std::cmp::Ordering;
use std::collections::HashSet;

use super::columns::{Known, Mapping, Meaning, Sure, is_address, is_email, is_known, meanings};
use super::encoding::{Encoding, windows_1252};
use super::records::{Next, Records};
use crate::rules::dn::Dn;
use crate::text::shown;

/// What may stand between two fields; the first where nothing speaks for another.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// What may stand between two groups of one field, where it is not what the format has.
const SEPARATORS: [char; 3] = ['\n', '|', ','];

/// The most lines above the header: a title, a date, an empty line.
const MOST_TITLES: usize = 5;

/// How many rows are looked at.
const ROWS: usize = 200;

/// The most columns that are told apart.
pub(super) const MOST_COLUMNS: usize = 500;

/// The mapping of a file that begins so, as far as a person does not know better, and how many rows
/// come before the header.
pub(super) fn of(
    sample: &[u8],
    is_all: bool,
    encoding: Encoding,
    known: &Known,
) -> (Mapping, usize) {
    let (announced, skipped) = announced(sample);
    let rest = &sample[skipped..];
    // A delimiter is a byte of its own: no other is found in what may be of any encoding.
    let known_delimiter = known.delimiter.filter(char::is_ascii);
    let (delimiter, rows) = match known_delimiter.map(|it| it as u8).or(announced) {
        Some(delimiter) => (delimiter, rows(rest, is_all, delimiter)),
        None => best(rest, is_all),
    };
    let titles = match known.header {
        Some(false) => 0,
        _ => titles(&rows),
    };
    let rows = &rows[titles..];
    let header = known.header.unwrap_or_else(|| has_header(rows));
    let width = rows
        .iter()
        .map(Vec::len)
        .max()
        .unwrap_or(0)
        .min(MOST_COLUMNS);
    let (names, rows) = match rows.split_first() {
        Some((first, rest)) if header => {
            let mut names: Vec<String> = first.iter().map(|name| name.trim().to_owned()).collect();
            names.truncate(MOST_COLUMNS);
            (names, rest)
        }
        _ => (vec![String::new(); width], rows),
    };
    let columns = meanings(&names, rows);
    let groups: Vec<&str> = rows
        .iter()
        .flat_map(|row| columns.iter().zip(row))
        .filter(|(column, _)| column.meaning == Meaning::Groups)
        .map(|(_, field)| field.as_str())
        .collect();
    // As the format writes it; between fields that `;` parts, groups are parted by another.
    let exact = delimiter == b','
        && columns.len() == 2
        && columns.iter().all(|column| column.sure == Sure::ByName)
        && names.iter().any(|name| name == "groups");
    let mapping = Mapping {
        encoding,
        delimiter: char::from(delimiter),
        header,
        separator: separator(&groups, exact),
        columns,
    };
    (mapping, usize::from(skipped > 0) + titles)
}

/// How many rows are shown of a file, and how much of a field.
const SHOWN: usize = 5;
const WIDEST: usize = 120;

/// The first rows behind those that are skipped, to be looked at.
pub(super) fn first_rows(
    sample: &[u8],
    is_all: bool,
    mapping: &Mapping,
    skipped: usize,
) -> Vec<Vec<String>> {
    // OK because a mapping of ours has ASCII.
    let delimiter = u8::try_from(mapping.delimiter).unwrap_or(b',');
    let rows = rows(sample, is_all, delimiter).into_iter().skip(skipped);
    let seen = |row: Vec<String>| {
        let fields = row.iter().take(mapping.columns.len());
        fields.map(|field| shown(field, WIDEST)).collect()
    };
    rows.take(SHOWN).map(seen).collect()
}

/// The delimiter that the first line announces for Excel (`sep=;`), and the length of that line.
fn announced(sample: &[u8]) -> (Option<u8>, usize) {
    let end = memchr::memchr(b'\n', sample).map_or(sample.len(), |at| at + 1);
    match sample[..end].trim_ascii_end() {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] => (Some(*delimiter), end),
        // A tab is trimmed with the end of the line.
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'='] => (Some(b'\t'), end),
        _ => (None, 0),
    }
}

/// The delimiter with which the beginning makes most sense: columns with known names, then rows
/// with an address of their own, then rows of one width.
fn best(sample: &[u8], is_all: bool) -> (u8, Vec<Vec<String>>) {
    let mut best = (b',', rows(sample, is_all, b','));
    let mut most = sense(&best.1);
    for delimiter in DELIMITERS.into_iter().skip(1) {
        let rows = rows(sample, is_all, delimiter);
        let sense = sense(&rows);
        if sense > most {
            (best, most) = ((delimiter, rows), sense);
        }
    }
    best
}

/// How many of the first rows are titles: one field each, above a row that names an address column.
fn titles(rows: &[Vec<String>]) -> usize {
    let filled = |row: &&Vec<String>| row.iter().filter(|field| !field.trim().is_empty()).count();
    let is_title = |row: &&Vec<String>| filled(row) == 1 && !row.iter().any(|it| is_address(it));
    let titles = rows.iter().take_while(is_title).count();
    match rows.get(titles) {
        Some(row) if titles <= MOST_TITLES && row.iter().any(|name| is_email(name)) => titles,
        _ => 0,
    }
}

fn sense(rows: &[Vec<String>]) -> (bool, usize, usize) {
    let Some(first) = rows.get(titles(rows)) else {
        return (false, 0, 0);
    };
    let of_one_width = rows
        .iter()
        .filter(|row| row.len() == first.len() && row.len() > 1);
    (
        first.iter().any(|name| is_email(name)),
        rows.iter()
            .filter(|row| row.iter().any(|field| is_address(field)))
            .count(),
        of_one_width.count(),
    )
}

/// The first rows, as text; a row that the sample cuts off is none.
fn rows(sample: &[u8], is_all: bool, delimiter: u8) -> Vec<Vec<String>> {
    let whole = match sample
        .iter()
        .rposition(|byte| matches!(byte, b'\n' | b'\r'))
    {
        Some(end) if !is_all => &sample[..=end],
        _ => sample,
    };
    let mut rows = Vec::new();
    // A slice can always be read.
    let Ok(mut records) = Records::new(whole) else {
        return rows;
    };
    records.delimiter = delimiter;
    while rows.len() < ROWS {
        match records.next() {
            Ok(Next::Record) => {
                let row: Vec<String> = records.fields().map(text).collect();
                if row.iter().any(|field| !field.trim().is_empty()) {
                    rows.push(row);
                }
            }
            Ok(Next::Broken) => {}
            Ok(Next::End) | Err(_) => break,
        }
    }
    rows
}

fn text(field: &[u8]) -> String {
    match std::str::from_utf8(field) {
        Ok(text) => text.to_owned(),
        Err(_) => windows_1252(field),
    }
}

/// Whether the first row names the columns: one of them is known, or others have an address where
/// it has none.
fn has_header(rows: &[Vec<String>]) -> bool {
    let Some((first, rest)) = rows.split_first() else {
        return false;
    };
    if first.iter().any(|field| is_address(field)) {
        return false;
    }
    first.iter().any(|name| is_known(name)) || rest.iter().flatten().any(|field| is_address(field))
}

/// The separator of groups. The format has `;`; another one is taken only where no group has it and
/// the parts come back in other fields more often than the fields do; where a file is not `exact`ly
/// of the format, as often is enough if one of them is a field of its own, and for a line break.
fn separator(fields: &[&str], exact: bool) -> char {
    if fields.iter().any(|field| field.contains(';')) {
        return ';';
    }
    let whole: HashSet<&str> = fields
        .iter()
        .copied()
        .filter(|field| !field.is_empty())
        .collect();
    SEPARATORS
        .into_iter()
        .filter(|separator| *separator != ',' || !exact)
        .find(|separator| {
            let is_dn = |field: &&str| field.parse::<Dn>().is_ok_and(|dn| dn.is_entry());
            if *separator == ',' && whole.iter().any(is_dn) {
                return false;
            }
            let joined = || whole.iter().filter(|field| field.contains(*separator));
            let mut of_joined = joined().flat_map(|field| field.split(*separator));
            let parts: HashSet<&str> = whole
                .iter()
                .flat_map(|field| field.split(*separator))
                .collect();
            let is_enough = match parts.len().cmp(&whole.len()) {
                Ordering::Less => true,
                _ if exact => false,
                _ if *separator == '\n' => true,
                Ordering::Equal => of_joined.any(|part| whole.contains(part)),
                Ordering::Greater => false,
            };
            is_enough && joined().next().is_some()
        })
        .unwrap_or(';')
}
