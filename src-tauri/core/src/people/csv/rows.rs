//! From rows to people, and what was noticed on the way.

use std::borrow::Cow;
use std::io::Read;

use super::OnBroken;
use super::columns::{Mapping, Meaning, Sure, bare};
use super::encoding::windows_1252;
use super::records::Records;
use crate::fault::Fault;
use crate::finding::Finding;
use crate::people::builder::Builder;
use crate::people::{GROUPS, Import};
use crate::text::shown;

/// The people of the rows so far.
pub(super) struct Rows {
    builder: Builder,
    email: usize,
    /// What the header calls the address: a second header is nobody.
    named: Option<String>,
    /// Column, claim, separator of several values.
    columns: Vec<(usize, usize, Option<u8>)>,
    /// The column of the groups' identifiers, that of their names, and the separator of both.
    ids: Option<((usize, usize), u8)>,
    width: usize,
    on_broken: OnBroken,
    /// Whether a row had more than one value: a row for each membership has not.
    several: bool,
    noticed: Noticed,
}

/// How often something was noticed, and on which line first.
#[derive(Clone, Copy, Default)]
struct Count {
    rows: u64,
    line: u64,
}

impl Count {
    fn at(&mut self, line: u64) {
        if self.rows == 0 {
            self.line = line;
        }
        self.rows += 1;
    }
}

#[derive(Default)]
struct Noticed {
    broken: Vec<u64>,
    broken_count: u64,
    again: Count,
    nameless: Count,
    wider: Count,
    quote_inside: Count,
    no_utf8: Count,
    space_around: Option<(String, u64)>,
    spaces: u64,
}

/// The most lines that one sentence names.
const LINES: usize = 20;

impl Rows {
    pub(super) fn new(mut builder: Builder, mapping: &Mapping, on_broken: OnBroken) -> Self {
        // OK because every separator that is offered is ASCII.
        let separator = Some(u8::try_from(mapping.separator).unwrap_or(b';'));
        let (mut email, mut named, mut columns, mut ids) = (0, None, Vec::new(), None);
        let of_groups = |meaning: &Meaning| *meaning == Meaning::Groups;
        let groups = mapping
            .columns
            .iter()
            .position(|column| of_groups(&column.meaning));
        let only_one = mapping
            .columns
            .iter()
            .filter(|column| of_groups(&column.meaning))
            .count()
            == 1;
        for (index, column) in mapping.columns.iter().enumerate() {
            let (claim, separator) = match &column.meaning {
                Meaning::Email => {
                    if !column.name.is_empty() {
                        builder.address_called(&column.name);
                        named = mapping.header.then(|| column.name.clone());
                    }
                    email = index;
                    continue;
                }
                Meaning::GroupIds => {
                    ids = Some(index);
                    continue;
                }
                Meaning::Nothing => continue,
                Meaning::Groups if only_one && !column.name.is_empty() => {
                    (builder.claim(&[GROUPS, &column.name]), separator)
                }
                Meaning::Groups => (builder.claim(&[GROUPS]), separator),
                Meaning::Values(name) => (builder.claim(&[name]), separator),
                Meaning::Value(name) => (builder.claim(&[name]), None),
            };
            columns.push((index, claim, separator));
        }
        Self {
            builder,
            email,
            named,
            columns,
            ids: ids.zip(groups.filter(|_| only_one)).zip(separator),
            width: mapping.columns.len(),
            on_broken,
            several: false,
            noticed: Noticed::default(),
        }
    }

    /// A record that is left out, or for which the whole file is refused.
    pub(super) fn broken(&mut self, line: u64) -> Result<(), Fault> {
        if self.on_broken == OnBroken::Refuse {
            return Err(Fault::DirectoryRecordBroken { line });
        }
        self.noticed.broken_count += 1;
        if self.noticed.broken.len() < LINES {
            self.noticed.broken.push(line);
        }
        Ok(())
    }

    pub(super) fn row<R: Read>(&mut self, records: &Records<R>) -> Result<(), Fault> {
        let line = records.line();
        let address = self.text(records.field(self.email), line);
        let address = bare(&address);
        if address.is_empty() || self.named.as_deref() == Some(address) {
            if records.fields().any(|field| !field.trim_ascii().is_empty()) {
                self.noticed.nameless.at(line);
            }
            return Ok(());
        }
        if records.has_quote_inside() {
            self.noticed.quote_inside.at(line);
        }
        let fields = records.fields();
        if fields.len() > self.width && fields.skip(self.width).any(|field| !field.is_empty()) {
            self.noticed.wider.at(line);
        }
        let (person, is_new) = self.builder.person(address)?;
        if !is_new {
            self.noticed.again.at(line);
        }
        let mut values = 0;
        for at in 0..self.columns.len() {
            let (column, claim, separator) = self.columns[at];
            let field = records.field(column);
            if field.is_empty() {
                continue;
            }
            let field = self.text(field, line);
            values += 1;
            match separator {
                None => self.value(person, claim, &field, line)?,
                Some(separator) => {
                    let mut from = 0;
                    for to in memchr::memchr_iter(separator, field.as_bytes()) {
                        let value = &field[from..to];
                        // A line ends as Windows has it, too.
                        let value = match separator {
                            b'\n' => value.strip_suffix('\r').unwrap_or(value),
                            _ => value,
                        };
                        self.value(person, claim, value, line)?;
                        from = to + 1;
                        values += 1;
                    }
                    self.value(person, claim, &field[from..], line)?;
                }
            }
        }
        self.several |= values > 1;
        self.group_ids(records)
    }

    /// Which identifier is which group's, where a row has as many of both.
    fn group_ids<R: Read>(&mut self, records: &Records<R>) -> Result<(), Fault> {
        let Some(((ids, names), separator)) = self.ids else {
            return Ok(());
        };
        let parts = |column| records.field(column).split(|byte| *byte == separator);
        if parts(ids).count() != parts(names).count() {
            return Ok(());
        }
        for (id, name) in parts(ids).zip(parts(names)) {
            let text = |bytes| {
                std::str::from_utf8(bytes)
                    .ok()
                    .filter(|text| !text.is_empty())
            };
            if let (Some(id), Some(name)) = (text(id), text(name)) {
                self.builder.group_id(id, name)?;
            }
        }
        Ok(())
    }

    fn value(&mut self, person: u32, claim: usize, value: &str, line: u64) -> Result<(), Fault> {
        let bytes = value.as_bytes();
        let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else {
            return Ok(());
        };
        if first.is_ascii_whitespace() || last.is_ascii_whitespace() {
            self.noticed.spaces += 1;
            if self.noticed.space_around.is_none() {
                self.noticed.space_around = Some((shown(value, 100), line));
            }
        }
        let value = self.builder.value(claim, value)?;
        self.builder.has_value(person, value)
    }

    /// A field as text: UTF-8, or Windows-1252 where it cannot be that.
    fn text<'a>(&mut self, field: &'a [u8], line: u64) -> Cow<'a, str> {
        match std::str::from_utf8(field) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => {
                self.noticed.no_utf8.at(line);
                Cow::Owned(windows_1252(field))
            }
        }
    }

    /// The directory, and everything worth saying about the file.
    pub(super) fn finish(self, mapping: Mapping) -> Import {
        let mut findings = self.noticed.findings(self.several);
        findings.extend(of_mapping(&mapping));
        let directory = self.builder.finish();
        if directory.is_empty() {
            findings.push(Finding::error(Fault::DirectoryEmpty {}));
        } else if directory.memberships() == 0 {
            findings.push(Finding::warning(Fault::DirectoryWithoutGroups {}));
        }
        Import {
            directory,
            mapping: Some(mapping),
            findings,
        }
    }
}

impl Noticed {
    fn findings(&self, several: bool) -> Vec<Finding> {
        let mut findings = Vec::new();
        if self.broken_count > 0 {
            let lines: Vec<String> = self.broken.iter().map(ToString::to_string).collect();
            findings.push(Finding::warning(Fault::DirectoryRecordsLeftOut {
                count: self.broken_count,
                lines: lines.join(", "),
            }));
        }
        let Count { rows: count, line } = self.nameless;
        if count > 0 {
            let fault = Fault::DirectoryRowsWithoutAddress { rows: count, line };
            findings.push(Finding::warning(fault));
        }
        let Count { rows: count, line } = self.wider;
        if count > 0 {
            let fault = Fault::DirectoryRowsTooWide { rows: count, line };
            findings.push(Finding::warning(fault));
        }
        let Count { rows: count, line } = self.quote_inside;
        if count > 0 {
            let fault = Fault::DirectoryQuoteInside { rows: count, line };
            findings.push(Finding::warning(fault));
        }
        let Count { rows: count, line } = self.no_utf8;
        if count > 0 {
            let fault = Fault::DirectoryReadAsWindows1252 {
                fields: count,
                line,
            };
            findings.push(Finding::note(fault));
        }
        if let Some((value, line)) = &self.space_around {
            findings.push(Finding::warning(Fault::DirectorySpaceAround {
                value: value.clone(),
                line: *line,
                count: self.spaces,
            }));
        }
        // A row for each membership names everybody often: that is nothing to tell.
        let Count { rows: count, line } = self.again;
        if count > 0 && several {
            let fault = Fault::DirectoryPeopleMerged { rows: count, line };
            findings.push(Finding::note(fault));
        }
        findings
    }
}

fn of_mapping(mapping: &Mapping) -> Vec<Finding> {
    let mut findings = Vec::new();
    let doubtful: Vec<String> = mapping
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| column.sure != Sure::ByName)
        .filter_map(|(index, column)| {
            let what = match column.meaning {
                Meaning::Email => "addresses",
                Meaning::Groups => "groups",
                _ => return None,
            };
            Some(format!("{} as {what}", column.called(index)))
        })
        .take(LINES)
        .collect();
    if !doubtful.is_empty() {
        let columns = doubtful.join(", ");
        findings.push(Finding::note(Fault::DirectoryColumnsGuessed { columns }));
    }
    if mapping.separator != ';' {
        let separator = match mapping.separator {
            '\n' => "line break".to_owned(),
            separator => separator.to_string(),
        };
        findings.push(Finding::note(Fault::DirectorySeparatorGuessed {
            separator,
        }));
    }
    findings
}
