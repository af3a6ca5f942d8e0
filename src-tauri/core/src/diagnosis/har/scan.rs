//! A reader of JSON that skips: one buffer, no document.

use std::io::{self, Read};

use memchr::memchr;
use zeroize::Zeroizing;

use super::quote;

/// How much is read at once, in bytes.
const BUFFER: usize = 256 * 1024;

/// Why reading ended before the value did.
#[derive(Debug)]
pub(super) enum Stop {
    /// The source failed.
    Read(io::Error),
    /// The source is at its end.
    End,
    /// This is not JSON.
    NotJson,
}

pub(super) struct Scanner<R> {
    source: R,
    buffer: Zeroizing<Vec<u8>>,
    at: usize,
    end: usize,
    /// How many bytes were read before those in the buffer.
    before: u64,
}

impl<R: Read> Scanner<R> {
    pub(super) fn new(source: R) -> Self {
        Self {
            source,
            buffer: Zeroizing::new(vec![0; BUFFER]),
            at: 0,
            end: 0,
            before: 0,
        }
    }

    /// Where the next byte stands in the file.
    pub(super) fn position(&self) -> u64 {
        self.before + self.at as u64
    }

    /// The beginning of the file, before anything of it is taken.
    pub(super) fn beginning(&mut self) -> Result<&[u8], Stop> {
        while self.end < 512 {
            match self.more_at(self.end)? {
                0 => break,
                read => self.end += read,
            }
        }
        Ok(&self.buffer[..self.end])
    }

    pub(super) fn skip(&mut self, bytes: usize) {
        self.at = (self.at + bytes).min(self.end);
    }

    /// The next byte that is no white space; it is not taken.
    pub(super) fn token(&mut self) -> Result<u8, Stop> {
        loop {
            let rest = &self.buffer[self.at..self.end];
            match rest.iter().position(|byte| !byte.is_ascii_whitespace()) {
                Some(index) => {
                    self.at += index;
                    return Ok(self.buffer[self.at]);
                }
                None => self.fill()?,
            }
        }
    }

    /// Calls `each` for every member of the object that comes, which takes the value. What is no
    /// object is skipped.
    pub(super) fn object(
        &mut self,
        mut each: impl FnMut(&mut Self, &[u8]) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        if self.token()? != b'{' {
            return self.skip_value();
        }
        self.at += 1;
        let mut name = Vec::new();
        loop {
            match self.token()? {
                b'}' => {
                    self.at += 1;
                    return Ok(());
                }
                b',' => self.at += 1,
                b'"' => {
                    self.at += 1;
                    name.clear();
                    self.rest_of_string(Some((&mut name, 100)))?;
                    if self.token()? != b':' {
                        return Err(Stop::NotJson);
                    }
                    self.at += 1;
                    each(self, &name)?;
                }
                _ => return Err(Stop::NotJson),
            }
        }
    }

    /// Calls `each` for every element of the list that comes, which takes it. What is no list is
    /// skipped.
    pub(super) fn list(
        &mut self,
        mut each: impl FnMut(&mut Self) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        if self.token()? != b'[' {
            return self.skip_value();
        }
        self.at += 1;
        loop {
            match self.token()? {
                b']' => {
                    self.at += 1;
                    return Ok(());
                }
                b',' => self.at += 1,
                b'}' => return Err(Stop::NotJson),
                _ => each(self)?,
            }
        }
    }

    /// Takes up to `limit` bytes of the string that comes, as it is written. What is no string is
    /// skipped.
    pub(super) fn string(&mut self, into: &mut Vec<u8>, limit: usize) -> Result<(), Stop> {
        into.clear();
        if self.token()? != b'"' {
            return self.skip_value();
        }
        self.at += 1;
        self.rest_of_string(Some((into, limit)))
    }

    /// The number that comes, bare or as a string; 0 for what is none.
    pub(super) fn number(&mut self) -> Result<f64, Stop> {
        let mut digits = Vec::new();
        match self.token()? {
            b'"' => self.string(&mut digits, 32)?,
            b'{' | b'[' => self.skip_value()?,
            _ => self.scalar(&mut digits)?,
        }
        let text = std::str::from_utf8(&digits).ok();
        let number = text.and_then(|text| text.trim().parse().ok());
        Ok(number.unwrap_or(0.0))
    }

    /// Skips the value that comes, however deep it is.
    pub(super) fn skip_value(&mut self) -> Result<(), Stop> {
        match self.token()? {
            b'"' => {
                self.at += 1;
                self.rest_of_string(None)
            }
            b'{' | b'[' => self.skip_nested(),
            b'}' | b']' | b',' | b':' => Err(Stop::NotJson),
            _ => self.scalar(&mut Vec::new()),
        }
    }

    fn skip_nested(&mut self) -> Result<(), Stop> {
        let mut depth = 0_u64;
        loop {
            let Some(byte) = self.buffer[self.at..self.end].first().copied() else {
                self.fill()?;
                continue;
            };
            self.at += 1;
            match byte {
                b'"' => self.rest_of_string(None)?,
                b'{' | b'[' => depth += 1,
                b'}' | b']' => {
                    depth -= 1;
                    if depth == 0 {
                        return Ok(());
                    }
                }
                _ => {}
            }
        }
    }

    /// `true`, `null` or a number, up to what ends it.
    fn scalar(&mut self, into: &mut Vec<u8>) -> Result<(), Stop> {
        loop {
            let rest = &self.buffer[self.at..self.end];
            let ends = |byte: &u8| {
                matches!(byte, b',' | b'}' | b']' | b'"' | b':') || byte.is_ascii_whitespace()
            };
            let end = rest.iter().position(ends);
            let taken = &rest[..end.unwrap_or(rest.len())];
            into.extend_from_slice(&taken[..taken.len().min(64_usize.saturating_sub(into.len()))]);
            self.at += taken.len();
            if end.is_some() {
                return match into.is_empty() {
                    true => Err(Stop::NotJson),
                    false => Ok(()),
                };
            }
            self.fill()?;
        }
    }

    /// Behind the opening quote, up to behind the closing one.
    fn rest_of_string(&mut self, mut into: Option<(&mut Vec<u8>, usize)>) -> Result<(), Stop> {
        let mut escaped = false;
        loop {
            let rest = &self.buffer[self.at..self.end];
            let end = quote::closing(rest, &mut escaped);
            if let Some((into, limit)) = &mut into {
                let taken = &rest[..end.unwrap_or(rest.len())];
                let room = limit.saturating_sub(into.len());
                into.extend_from_slice(&taken[..taken.len().min(room)]);
            }
            match end {
                Some(end) => {
                    self.at += end + 1;
                    return Ok(());
                }
                None => self.fill()?,
            }
        }
    }

    fn fill(&mut self) -> Result<(), Stop> {
        self.before += self.end as u64;
        (self.at, self.end) = (0, 0);
        match self.more_at(0)? {
            0 => Err(Stop::End),
            read => {
                self.end = read;
                Ok(())
            }
        }
    }

    fn more_at(&mut self, from: usize) -> Result<usize, Stop> {
        loop {
            match self.source.read(&mut self.buffer[from..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => return read.map_err(Stop::Read),
            }
        }
    }
}

/// What a JSON string says (RFC 8259, section 7). What is no escape stays as it is; what is no text
/// becomes U+FFFD.
pub(super) fn unescaped(written: &[u8]) -> Zeroizing<String> {
    let mut out = Zeroizing::new(Vec::with_capacity(written.len()));
    let mut rest = written;
    while let Some(index) = memchr(b'\\', rest) {
        out.extend_from_slice(&rest[..index]);
        rest = &rest[index..];
        let (character, length) = escape(rest);
        match character {
            Some(character) => out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
            None => out.extend_from_slice(&rest[..length]),
        }
        rest = &rest[length..];
    }
    out.extend_from_slice(rest);
    match std::str::from_utf8(&out) {
        Ok(text) => Zeroizing::new(text.to_owned()),
        Err(_) => Zeroizing::new(String::from_utf8_lossy(&out).into_owned()),
    }
}

/// The character that an escape at the beginning stands for, and the escape's length.
fn escape(bytes: &[u8]) -> (Option<char>, usize) {
    let simple = match bytes.get(1) {
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{C}',
        Some(b'u') => return unicode(bytes),
        Some(byte @ (b'"' | b'\\' | b'/')) => char::from(*byte),
        _ => return (None, 1),
    };
    (Some(simple), 2)
}

fn unicode(bytes: &[u8]) -> (Option<char>, usize) {
    let unit = |from: usize| {
        let digits = std::str::from_utf8(bytes.get(from..from + 4)?).ok()?;
        u32::from_str_radix(digits, 16).ok()
    };
    let Some(first) = unit(2) else {
        return (None, 1);
    };
    if let Some(character) = char::from_u32(first) {
        return (Some(character), 6);
    }
    let second = (bytes.get(6..8) == Some(b"\\u")).then(|| unit(8)).flatten();
    match second.filter(|second| (0xDC00..0xE000).contains(second) && first < 0xDC00) {
        Some(second) => {
            let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
            (char::from_u32(code), 12)
        }
        None => (Some('\u{FFFD}'), 6),
    }
}
