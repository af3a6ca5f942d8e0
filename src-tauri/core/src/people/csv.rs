//! Reading people from a CSV file: any column order, delimiter and encoding.

mod columns;
pub(crate) mod encoding;
mod records;
mod rows;
mod shape;

use std::io::Read;

use super::builder::Builder;
use super::{Import, Refused};
use crate::fault::Fault;
use encoding::Decoded;
use records::{Next, Records};
use rows::Rows;

pub(crate) use columns::is_address;
pub use columns::{Column, Known, Mapping, Meaning, Sure};
pub use encoding::Encoding;

/// What to do about a record that is not as RFC 4180 has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnBroken {
    /// Refuse the whole file, and say which line it is.
    #[default]
    Refuse,
    /// Leave the record out, say which line it was, and read the rest.
    Keep,
}

/// How a file is read: found out by looking at its beginning.
///
/// # Errors
/// [`Refused::Read`], when the source cannot be read.
pub fn look(source: impl Read) -> Result<Mapping, Refused> {
    let known = Known::default();
    Ok(look_at(Decoded::with(source, None)?, &known)?.mapping)
}

/// What the beginning of a file looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// How it is read.
    pub mapping: Mapping,
    /// Its first rows, without the one that names the columns.
    pub rows: Vec<Vec<String>>,
}

pub(super) fn look_at<R: Read>(source: Decoded<R>, known: &Known) -> Result<Look, Refused> {
    let encoding = source.encoding();
    let records = Records::new(source)?;
    let (sample, is_all) = records.sample();
    let (mapping, above) = shape::of(sample, is_all, encoding, known);
    let skipped = above + usize::from(mapping.header);
    let rows = shape::first_rows(sample, is_all, &mapping, skipped);
    Ok(Look { mapping, rows })
}

/// Reads the people of a CSV file, as `mapping` says where it is given and as the file looks where
/// it is not. Memory is bounded by how many people there are, not by the size of the file.
///
/// # Errors
/// [`Refused`], when the source cannot be read, has no column with addresses, is larger than what is
/// taken in, or has a broken record and the whole was to be refused for it.
pub fn read(
    source: impl Read,
    mapping: Option<Mapping>,
    on_broken: OnBroken,
) -> Result<Import, Refused> {
    let encoding = mapping.as_ref().map(|known| known.encoding);
    read_from(Decoded::with(source, encoding)?, mapping, on_broken)
}

pub(super) fn read_from<R: Read>(
    source: Decoded<R>,
    mapping: Option<Mapping>,
    on_broken: OnBroken,
) -> Result<Import, Refused> {
    let encoding = source.encoding();
    let mut records = Records::new(source)?;
    let (sample, is_all) = records.sample();
    let known = mapping.as_ref().map(Known::of).unwrap_or_default();
    let (looked, above) = shape::of(sample, is_all, encoding, &known);
    let mapping = mapping.unwrap_or(looked);
    // OK because a mapping of ours has ASCII; any other delimiter is found nowhere.
    records.delimiter = u8::try_from(mapping.delimiter).unwrap_or(b',');
    if !mapping
        .columns
        .iter()
        .any(|column| column.meaning == Meaning::Email)
    {
        return Err(no_address(&mapping).into());
    }
    let mut rows = Rows::new(Builder::new(), &mapping, on_broken);
    let mut before = above + usize::from(mapping.header);
    loop {
        match records.next()? {
            Next::End => return Ok(rows.finish(mapping)),
            Next::Record if before > 0 => {
                let is_blank = records.fields().all(|field| field.trim_ascii().is_empty());
                before -= usize::from(!is_blank);
            }
            Next::Record => rows.row(&records)?,
            Next::Broken => rows.broken(records.line())?,
        }
    }
}

fn no_address(mapping: &Mapping) -> Fault {
    let columns = mapping.columns.iter().enumerate().take(20);
    let names: Vec<String> = columns.map(|(at, column)| column.called(at)).collect();
    if mapping.columns.is_empty() {
        return Fault::DirectoryEmpty {};
    }
    Fault::DirectoryWithoutAddress {
        columns: names.join(", "),
    }
}

#[cfg(test)]
mod tests;
