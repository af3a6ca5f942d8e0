//! The records of a CSV file (RFC 4180), one at a time, and where one is broken its line.
//!
//! A quote that is not closed swallows a whole file elsewhere. Here the record is told by its line,
//! and reading goes on at the next one.

use std::io::{self, Read};
use std::ops::Range;

use memchr::{memchr, memchr_iter};

use super::encoding::SAMPLE;

/// The longest record, in bytes: a person in 5,000 groups whose names are distinguished names.
pub(super) const LONGEST: usize = 4 * 1024 * 1024;

/// How much is read at once, in bytes.
const CHUNK: usize = 256 * 1024;

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// A record, whose fields can be asked for.
    Record,
    /// A record that is not as RFC 4180 has it, or too long. It is left out.
    Broken,
    /// Nothing.
    End,
}

/// What is found of the current line.
enum Line {
    /// Where it ends.
    Ends(usize),
    /// It is longer than any record, and left behind.
    TooLong,
    /// There is none.
    None,
}

/// The records of a source.
pub(super) struct Records<R> {
    source: R,
    pub(super) delimiter: u8,
    /// What ends a line: a line feed, before which a carriage return is no content; or, in files
    /// that have none, the carriage return.
    line_end: u8,
    buffer: Vec<u8>,
    start: usize,
    filled: usize,
    ended: bool,
    fields: Vec<Range<usize>>,
    /// The line on which the current record begins, from 1.
    line: u64,
    next_line: u64,
    quote_inside: bool,
}

impl<R: Read> Records<R> {
    /// Reads as much as it takes to see what kind of file this is.
    pub(super) fn new(source: R) -> io::Result<Self> {
        let mut records = Self {
            source,
            delimiter: b',',
            line_end: b'\n',
            buffer: Vec::new(),
            start: 0,
            filled: 0,
            ended: false,
            fields: Vec::new(),
            line: 0,
            next_line: 1,
            quote_inside: false,
        };
        while records.filled < SAMPLE && !records.ended {
            records.fill()?;
        }
        let (sample, _) = records.sample();
        if memchr(b'\n', sample).is_none() && memchr(b'\r', sample).is_some() {
            records.line_end = b'\r';
        }
        Ok(records)
    }

    /// The beginning of the file, and whether it is all of it.
    pub(super) fn sample(&self) -> (&[u8], bool) {
        let ahead = &self.buffer[self.start..self.filled];
        let is_all = self.ended && ahead.len() <= SAMPLE;
        (&ahead[..ahead.len().min(SAMPLE)], is_all)
    }

    /// The line on which the current record begins, from 1.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// The fields of the current record, without their quotes.
    pub(super) fn fields(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.fields.iter().map(|range| &self.buffer[range.clone()])
    }

    /// A field of the current record; empty where there is none.
    pub(super) fn field(&self, index: usize) -> &[u8] {
        let range = self.fields.get(index).cloned().unwrap_or_default();
        &self.buffer[range]
    }

    /// Whether a field without quotes around it has a quote inside, which is kept.
    pub(super) fn has_quote_inside(&self) -> bool {
        self.quote_inside
    }

    /// Goes to the next record.
    pub(super) fn next(&mut self) -> io::Result<Next> {
        self.fields.clear();
        self.line = self.next_line;
        self.quote_inside = false;
        let end = match self.end_of_line()? {
            Line::Ends(end) => end,
            Line::TooLong => return Ok(Next::Broken),
            Line::None => return Ok(Next::End),
        };
        let line = self.start..self.without_return(end);
        if memchr(b'"', &self.buffer[line.clone()]).is_none() {
            let mut from = line.start;
            for at in memchr_iter(self.delimiter, &self.buffer[line.clone()]) {
                self.fields.push(from..line.start + at);
                from = line.start + at + 1;
            }
            self.fields.push(from..line.end);
            self.leave(end);
            return Ok(Next::Record);
        }
        self.quoted()
    }

    /// Where the current line ends. One that is too long is let go of.
    fn end_of_line(&mut self) -> io::Result<Line> {
        let mut looked_at = 0;
        let mut too_long = false;
        loop {
            let from = self.start + looked_at;
            let found = memchr(self.line_end, &self.buffer[from..self.filled]);
            if let Some(at) = found.filter(|_| too_long) {
                self.leave(from + at);
                return Ok(Line::TooLong);
            }
            if let Some(at) = found {
                return Ok(Line::Ends(from + at));
            }
            looked_at = self.filled - self.start;
            if self.ended {
                return Ok(match (too_long, looked_at) {
                    (true, _) => Line::TooLong,
                    (false, 0) => Line::None,
                    _ => Line::Ends(self.filled),
                });
            }
            if looked_at > LONGEST || too_long {
                too_long = true;
                self.start = self.filled;
                looked_at = 0;
            }
            self.fill()?;
        }
    }

    /// The record from here on, of which the first line has a quote.
    fn quoted(&mut self) -> io::Result<Next> {
        loop {
            let ahead = &self.buffer[self.start..self.filled];
            let scan = Scan {
                delimiter: self.delimiter,
                line_end: self.line_end,
                ended: self.ended,
            };
            self.fields.clear();
            match scan.record(ahead, &mut self.fields) {
                Scanned::Record { end, quote_inside } => {
                    self.quote_inside = quote_inside;
                    for field in &mut self.fields {
                        field.start += self.start;
                        field.end += self.start;
                        unescape(&mut self.buffer, field);
                    }
                    self.leave(self.start + end);
                    return Ok(Next::Record);
                }
                Scanned::Unfinished if !self.ended && ahead.len() <= LONGEST => self.fill()?,
                Scanned::Unfinished | Scanned::Broken => break,
            }
        }
        self.fields.clear();
        let ahead = &self.buffer[self.start..self.filled];
        let end = memchr(self.line_end, ahead).unwrap_or(ahead.len());
        self.leave(self.start + end);
        Ok(Next::Broken)
    }

    /// Goes on behind this end of a line.
    fn leave(&mut self, end: usize) {
        let left = &self.buffer[self.start..end.min(self.filled)];
        self.next_line += 1 + memchr_iter(self.line_end, left).count() as u64;
        self.start = (end + 1).min(self.filled);
    }

    fn without_return(&self, end: usize) -> usize {
        let has_return = end > self.start && self.buffer[end - 1] == b'\r';
        end - usize::from(has_return && self.line_end == b'\n')
    }

    /// Reads on. What is done with makes room first.
    fn fill(&mut self) -> io::Result<()> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.filled, 0);
            self.filled -= self.start;
            self.start = 0;
        }
        if self.buffer.len() < self.filled + CHUNK {
            self.buffer.resize(self.filled + CHUNK, 0);
        }
        loop {
            match self.source.read(&mut self.buffer[self.filled..]) {
                Ok(read) => {
                    self.filled += read;
                    self.ended = read == 0;
                    return Ok(());
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// Takes the doubled quotes out of a field, where it stands.
fn unescape(buffer: &mut [u8], field: &mut Range<usize>) {
    let Some(first) = memchr(b'"', &buffer[field.clone()]).filter(|_| is_quoted(buffer, field))
    else {
        return;
    };
    let (mut to, mut from) = (field.start + first, field.start + first);
    while from < field.end {
        buffer[to] = buffer[from];
        from += if buffer[from] == b'"' { 2 } else { 1 };
        to += 1;
    }
    field.end = to;
}

/// Whether the field stands between quotes.
fn is_quoted(buffer: &[u8], field: &Range<usize>) -> bool {
    buffer.get(field.end) == Some(&b'"')
        && field.start.checked_sub(1).and_then(|at| buffer.get(at)) == Some(&b'"')
}

/// Finds the fields of a record that has quotes.
struct Scan {
    delimiter: u8,
    line_end: u8,
    ended: bool,
}

enum Scanned {
    Record { end: usize, quote_inside: bool },
    Unfinished,
    Broken,
}

impl Scan {
    fn record(&self, ahead: &[u8], fields: &mut Vec<Range<usize>>) -> Scanned {
        let mut at = 0;
        let mut quote_inside = false;
        loop {
            let (field, after) = if ahead.get(at) == Some(&b'"') {
                match self.quoted(ahead, at + 1) {
                    Ok(end) => (at + 1..end, end + 1),
                    Err(scanned) => return scanned,
                }
            } else {
                let end = self.plain(ahead, at);
                quote_inside |= memchr(b'"', &ahead[at..end]).is_some();
                let has_return = ahead.get(end) != Some(&self.delimiter)
                    && self.line_end == b'\n'
                    && ahead[at..end].ends_with(b"\r");
                (at..end - usize::from(has_return), end)
            };
            fields.push(field);
            at = match self.ends(ahead, after) {
                Some(true) => after + 1,
                Some(false) => {
                    let end = after
                        + usize::from(ahead.get(after) == Some(&b'\r') && self.line_end == b'\n');
                    return Scanned::Record { end, quote_inside };
                }
                None if after >= ahead.len() && !self.ended => return Scanned::Unfinished,
                None => return Scanned::Broken,
            };
        }
    }

    /// Where the field that begins at `at`, behind its quote, is closed.
    fn quoted(&self, ahead: &[u8], mut at: usize) -> Result<usize, Scanned> {
        loop {
            let Some(found) = memchr(b'"', &ahead[at..]) else {
                return Err(Scanned::Unfinished);
            };
            let quote = at + found;
            match ahead.get(quote + 1) {
                Some(b'"') => at = quote + 2,
                None if !self.ended => return Err(Scanned::Unfinished),
                _ => return Ok(quote),
            }
        }
    }

    /// Where the field that begins at `at` without a quote ends.
    fn plain(&self, ahead: &[u8], at: usize) -> usize {
        memchr::memchr2(self.delimiter, self.line_end, &ahead[at..])
            .map_or(ahead.len(), |found| at + found)
    }

    /// Whether a field that ends here is followed by another (true) or was the last (false).
    fn ends(&self, ahead: &[u8], at: usize) -> Option<bool> {
        match ahead.get(at) {
            Some(byte) if *byte == self.delimiter => Some(true),
            Some(byte) if *byte == self.line_end => Some(false),
            Some(b'\r') if self.line_end == b'\n' => match ahead.get(at + 1) {
                Some(b'\n') => Some(false),
                None if self.ended => Some(false),
                _ => None,
            },
            None if self.ended => Some(false),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
