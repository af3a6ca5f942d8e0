//! Rules in a table: fields between commas, semicolons or tabs, quoted as RFC 4180 has it.

use super::{MOST, PastedFormat, Raw, Rows};
use crate::fault::Fault;
use crate::finding::Finding;
use crate::rules::Rule;
use crate::text::shown;

/// What headers call the parts of a rule, without case, spaces and signs.
const CLAIM: [&str; 8] = [
    "claim",
    "claimname",
    "claimtype",
    "attribute",
    "attributename",
    "claims",
    "name",
    "key",
];
const VALUE: [&str; 8] = [
    "value",
    "claimvalue",
    "attributevalue",
    "group",
    "groupname",
    "groupid",
    "values",
    "equals",
];
const ROLE: [&str; 5] = ["role", "rolename", "torqrole", "roles", "gives"];

/// A record with the line on which it begins.
struct Record {
    line: usize,
    fields: Vec<String>,
}

/// Which field is which part of a rule.
struct Columns {
    claim: Option<usize>,
    value: Option<usize>,
    role: Option<usize>,
}

/// Reads a table. `usual` is the claim of rows that name none.
pub(super) fn read(text: &str, usual: &str) -> Rows {
    let delimiter = delimiter(text);
    let mut findings = Vec::new();
    let mut records = records(text, delimiter, &mut findings)
        .into_iter()
        .peekable();
    let columns = match records.peek() {
        Some(first) => match header(&first.fields) {
            Some(columns) => {
                told_of_header(&columns, &first.fields, &mut findings);
                records.next();
                columns
            }
            None => Columns::in_order(first.fields.len()),
        },
        None => Columns::in_order(3),
    };
    let assumed = columns.claim.is_none();
    let rows: Vec<Raw> = records
        .map(|record| row(&record, &columns, usual))
        .collect();
    if assumed && !rows.is_empty() {
        let claim = shown(usual, 100);
        findings.push(Finding::note(Fault::PastedClaimAssumed { claim }));
    }
    Rows {
        format: match delimiter {
            '\t' => PastedFormat::Spreadsheet,
            _ => PastedFormat::Csv,
        },
        rows,
        findings,
    }
}

fn row(record: &Record, columns: &Columns, usual: &str) -> Raw {
    let field = |place: Option<usize>| {
        let field = place.and_then(|place| record.fields.get(place));
        field.cloned().unwrap_or_default()
    };
    let rule = Rule {
        claim: match columns.claim {
            Some(_) => field(columns.claim),
            None => usual.to_owned(),
        },
        value: field(columns.value),
        role: field(columns.role),
    };
    let needed = [columns.claim, columns.value, columns.role];
    let fields = record.fields.len();
    let short = needed.into_iter().flatten().any(|place| place >= fields);
    let findings = match short {
        true => vec![Finding::error(Fault::PastedRowShort { fields })],
        false => Vec::new(),
    };
    Raw {
        line: record.line,
        rule,
        findings,
    }
}

impl Columns {
    /// Without a header: claim, value, role; of two, value and role.
    fn in_order(fields: usize) -> Self {
        let claim = (fields != 2).then_some(0);
        let value = claim.map_or(0, |claim| claim + 1);
        Self {
            claim,
            value: Some(value),
            role: Some(value + 1),
        }
    }
}

/// The columns by their names, where the first record names two of them.
fn header(fields: &[String]) -> Option<Columns> {
    let names: Vec<String> = fields.iter().map(|field| bare(field)).collect();
    let find = |known: &[&str]| {
        known
            .iter()
            .find_map(|known| names.iter().position(|name| name == known))
    };
    let columns = Columns {
        claim: find(&CLAIM),
        value: find(&VALUE),
        role: find(&ROLE),
    };
    let known = [columns.claim, columns.value, columns.role];
    (known.into_iter().flatten().count() > 1).then_some(columns)
}

fn told_of_header(columns: &Columns, fields: &[String], findings: &mut Vec<Finding>) {
    for (column, place) in [("value", columns.value), ("role", columns.role)] {
        if place.is_none() {
            findings.push(Finding::error(Fault::PastedColumnMissing {
                column: column.to_owned(),
                columns: shown(&fields.join(", "), 300),
            }));
        }
    }
    let used = [columns.claim, columns.value, columns.role];
    for (place, field) in fields.iter().enumerate() {
        if !used.contains(&Some(place)) && !field.trim().is_empty() {
            let column = shown(field, 100);
            findings.push(Finding::note(Fault::PastedColumnIgnored { column }));
        }
    }
}

fn bare(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// A tab wherever the first line has one; else the one of comma and semicolon that it has more of.
fn delimiter(text: &str) -> char {
    let line = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let count = |c| outside_quotes(line).filter(|other| *other == c).count();
    if line.contains('\t') {
        '\t'
    } else if count(';') > count(',') {
        ';'
    } else {
        ','
    }
}

fn outside_quotes(line: &str) -> impl Iterator<Item = char> {
    let mut inside = false;
    line.chars().filter(move |c| {
        inside ^= *c == '"';
        !inside
    })
}

/// The records that have anything in them, one more than are read at most.
fn records(text: &str, delimiter: char, findings: &mut Vec<Finding>) -> Vec<Record> {
    let mut found = Vec::new();
    let mut rest = text;
    let mut line = 1;
    while !rest.is_empty() && found.len() <= MOST + 1 {
        let begins = line;
        let mut fields = Vec::new();
        let closed = loop {
            let Some(field) = field(rest, delimiter) else {
                break false;
            };
            line += breaks(&rest[..field.length]);
            fields.push(field.text);
            rest = &rest[field.length..];
            match rest.strip_prefix(delimiter) {
                Some(after) => rest = after,
                None => break true,
            }
        };
        if !closed {
            let fault = Fault::PastedQuoteOpen { line };
            findings.push(Finding::error(fault));
            break;
        }
        if let Some(after) = rest
            .strip_prefix("\r\n")
            .or(rest.strip_prefix(['\n', '\r']))
        {
            rest = after;
            line += 1;
        }
        if fields.iter().any(|field| !field.trim().is_empty()) {
            found.push(Record {
                line: begins,
                fields,
            });
        }
    }
    found
}

fn breaks(text: &str) -> usize {
    text.matches('\n').count() + text.replace("\r\n", "").matches('\r').count()
}

struct Field {
    text: String,
    /// How much of the rest it takes, in bytes, with its quotes.
    length: usize,
}

/// The field at the beginning; none where its quote is not closed.
fn field(rest: &str, delimiter: char) -> Option<Field> {
    let ends = |c: char| c == delimiter || c == '\n' || c == '\r';
    let blank = |c: char| c == ' ' && delimiter != '\t';
    let indent = rest.len() - rest.trim_start_matches(blank).len();
    if !rest[indent..].starts_with('"') {
        let length = rest.find(ends).unwrap_or(rest.len());
        // A space beside a comma is how the row is written; one in a cell is in the cell.
        let text = rest[..length].trim_matches(blank).to_owned();
        return Some(Field { text, length });
    }
    let mut text = String::new();
    let mut at = indent + 1;
    loop {
        let end = at + rest[at..].find('"')?;
        text.push_str(&rest[at..end]);
        at = end + 1;
        if !rest[at..].starts_with('"') {
            break;
        }
        text.push('"');
        at += 1;
    }
    // What stands behind the closing quote belongs to the field, as spreadsheets read it.
    let tail = rest[at..].find(ends).unwrap_or(rest.len() - at);
    text.push_str(rest[at..at + tail].trim_end_matches(blank));
    Some(Field {
        text,
        length: at + tail,
    })
}
