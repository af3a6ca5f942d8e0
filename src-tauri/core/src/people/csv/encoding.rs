//! From the bytes of a file to bytes whose ASCII is ASCII: UTF-16 becomes UTF-8, all else stays.

use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, UTF_16BE, UTF_16LE, WINDOWS_1252};
use serde::{Deserialize, Serialize};
use specta::Type;
use strum::Display;

/// How a file writes its characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// UTF-8, which ASCII is as well.
    #[strum(to_string = "UTF-8")]
    Utf8,
    /// UTF-16, the lower byte first: what Windows calls Unicode.
    #[strum(to_string = "UTF-16")]
    Utf16Le,
    /// UTF-16, the higher byte first.
    #[strum(to_string = "UTF-16, big-endian")]
    Utf16Be,
    /// Windows-1252: what Excel writes where it does not say UTF-8.
    #[strum(to_string = "Windows-1252")]
    Windows1252,
}

/// How much is looked at before anything is said about a file, in bytes.
pub(crate) const SAMPLE: usize = 64 * 1024;

/// A source that gives UTF-8, or text of eight bits a character where it is no UTF-8.
pub(crate) struct Decoded<R> {
    source: R,
    encoding: Encoding,
    /// What was read and not yet given.
    raw: Vec<u8>,
    at: usize,
    decoder: Option<Decoder>,
    text: Vec<u8>,
    text_at: usize,
    ended: bool,
}

impl<R: Read> Decoded<R> {
    /// Reads as much as it takes to know the encoding, or to find the mark of the one that is known.
    pub(crate) fn with(mut source: R, known: Option<Encoding>) -> io::Result<Self> {
        let mut raw = Vec::new();
        source.by_ref().take(SAMPLE as u64).read_to_end(&mut raw)?;
        let found = found_out(&raw);
        let encoding = known.unwrap_or(found);
        let mark = mark_of(encoding);
        let mark = if raw.starts_with(mark) { mark.len() } else { 0 };
        let decoder = match encoding {
            Encoding::Utf16Le => Some(UTF_16LE.new_decoder_without_bom_handling()),
            Encoding::Utf16Be => Some(UTF_16BE.new_decoder_without_bom_handling()),
            // Where the sample itself says so, each field is looked at instead, and told.
            Encoding::Windows1252 if found != Encoding::Windows1252 => {
                Some(WINDOWS_1252.new_decoder_without_bom_handling())
            }
            Encoding::Utf8 | Encoding::Windows1252 => None,
        };
        Ok(Self {
            source,
            encoding,
            raw,
            at: mark,
            decoder,
            text: Vec::new(),
            text_at: 0,
            ended: false,
        })
    }

    pub(crate) fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Whether the first character opens an object or a list.
    pub(crate) fn begins_as_json(&self) -> bool {
        let blank = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0;
        let first = self.raw[self.at..].iter().find(|byte| !blank(byte));
        matches!(first, Some(b'{' | b'['))
    }

    fn decode(&mut self) -> io::Result<()> {
        let Some(decoder) = &mut self.decoder else {
            return Ok(());
        };
        self.text.clear();
        self.text_at = 0;
        while self.text.is_empty() && !self.ended {
            if self.at == self.raw.len() {
                self.raw.resize(SAMPLE, 0);
                self.at = 0;
                let read = read_some(&mut self.source, &mut self.raw)?;
                self.raw.truncate(read);
            }
            let last = self.raw.is_empty();
            // OK because three bytes are the most that two of UTF-16 become, and a few may be pending.
            self.text.resize(3 * self.raw.len() + 16, 0);
            let (result, read, written, _) =
                decoder.decode_to_utf8(&self.raw[self.at..], &mut self.text, last);
            self.at += read;
            self.text.truncate(written);
            self.ended = last && result == CoderResult::InputEmpty;
        }
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.decoder.is_none() {
            if self.at == self.raw.len() {
                return self.source.read(into);
            }
            let given = copy(&self.raw[self.at..], into);
            self.at += given;
            return Ok(given);
        }
        if self.text_at == self.text.len() && !self.ended {
            self.decode()?;
        }
        let given = copy(&self.text[self.text_at..], into);
        self.text_at += given;
        Ok(given)
    }
}

/// Text of Windows-1252, in which every byte is a character.
pub(super) fn windows_1252(bytes: &[u8]) -> String {
    WINDOWS_1252
        .decode_without_bom_handling(bytes)
        .0
        .into_owned()
}

/// What a file of this encoding may begin with.
fn mark_of(encoding: Encoding) -> &'static [u8] {
    match encoding {
        Encoding::Utf8 => &[0xEF, 0xBB, 0xBF],
        Encoding::Utf16Le => &[0xFF, 0xFE],
        Encoding::Utf16Be => &[0xFE, 0xFF],
        Encoding::Windows1252 => &[],
    }
}

fn found_out(sample: &[u8]) -> Encoding {
    let marked = [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be];
    if let Some(encoding) = marked
        .into_iter()
        .find(|it| sample.starts_with(mark_of(*it)))
    {
        return encoding;
    }
    // Without a mark: the ASCII in a list of addresses is a zero beside each character.
    let zeros = |odd: usize| {
        let every_other = sample.iter().skip(odd).step_by(2);
        every_other.filter(|byte| **byte == 0).count()
    };
    let most = sample.len() / 4;
    if sample.len() >= 2 && zeros(1) > most && zeros(0) == 0 {
        return Encoding::Utf16Le;
    }
    if sample.len() >= 2 && zeros(0) > most && zeros(1) == 0 {
        return Encoding::Utf16Be;
    }
    match std::str::from_utf8(sample) {
        // The sample may end in the middle of a character.
        Err(error) if error.error_len().is_some() => Encoding::Windows1252,
        _ => Encoding::Utf8,
    }
}

fn read_some(source: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    loop {
        match source.read(into) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

fn copy(from: &[u8], into: &mut [u8]) -> usize {
    let length = from.len().min(into.len());
    into[..length].copy_from_slice(&from[..length]);
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> (Encoding, String) {
        // A few bytes at a time: a character may come in parts.
        let (small, large) = (
            decoded_by(bytes, 1.max(bytes.len() / 500)),
            decoded_by(bytes, 65_537),
        );
        assert_eq!(small, large);
        small
    }

    fn decoded_by(bytes: &[u8], part: usize) -> (Encoding, String) {
        struct Slow<'a>(&'a [u8], usize);
        impl Read for Slow<'_> {
            fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
                let most = into.len().min(self.1);
                self.0.read(&mut into[..most])
            }
        }
        let mut source = Decoded::with(Slow(bytes, part), None).unwrap();
        let mut out = Vec::new();
        source.read_to_end(&mut out).unwrap();
        let text = String::from_utf8(out.clone()).unwrap_or_else(|_| windows_1252(&out));
        (source.encoding(), text)
    }

    fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn every_encoding_is_found_out_with_its_mark_and_without() {
        let text = "email,groups\nzoë@acme.example,Sécurité 🔑\n";
        let marked = format!("\u{FEFF}{text}");
        for (bytes, encoding) in [
            (text.as_bytes().to_vec(), Encoding::Utf8),
            (marked.as_bytes().to_vec(), Encoding::Utf8),
            (utf_16(text, u16::to_le_bytes), Encoding::Utf16Le),
            (utf_16(&marked, u16::to_le_bytes), Encoding::Utf16Le),
            (utf_16(text, u16::to_be_bytes), Encoding::Utf16Be),
            (utf_16(&marked, u16::to_be_bytes), Encoding::Utf16Be),
        ] {
            assert_eq!(decoded(&bytes), (encoding, text.to_owned()), "{bytes:?}");
        }
        assert_eq!(
            decoded(b"email\nzo\xEB@acme.example \x80"),
            (
                Encoding::Windows1252,
                "email\nzoë@acme.example €".to_owned()
            )
        );
        assert_eq!(decoded(b""), (Encoding::Utf8, String::new()));
    }

    #[test]
    fn text_longer_than_the_sample_comes_whole() {
        let text = "zoë@acme.example;🔑\n".repeat(10_000) + "x";
        assert_eq!(decoded(&utf_16(&text, u16::to_le_bytes)).1, text);
        assert_eq!(decoded(text.as_bytes()).1, text);
    }

    #[test]
    fn half_a_character_at_the_end_is_shown_as_one_that_is_missing() {
        let mut bytes = utf_16("\u{FEFF}ab", u16::to_le_bytes);
        bytes.push(0x61);
        assert_eq!(decoded(&bytes).1, "ab\u{FFFD}");
    }
}
