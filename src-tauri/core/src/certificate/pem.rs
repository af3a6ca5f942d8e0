//! The textual encoding of certificates and keys (RFC 7468): written strictly, and read as it
//! arrives by way of consoles, mails, spreadsheets and word processors.

use base64::Engine;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// `der` as one block with this label, lines of 64 characters, ending in a line break.
pub(crate) fn encode(label: &str, der: &[u8]) -> String {
    let base64 = STANDARD.encode(der);
    let mut out = format!("-----BEGIN {label}-----\n");
    let mut rest = base64.as_str();
    while !rest.is_empty() {
        // Base64 is ASCII, so every index is the end of a character.
        let (line, after) = rest.split_at(rest.len().min(64));
        out.push_str(line);
        out.push('\n');
        rest = after;
    }
    out.push_str(&format!("-----END {label}-----\n"));
    out
}

/// Whether a text is nothing but whole blocks with this label (RFC 7468, section 3).
pub(crate) fn is_whole(text: &str, label: &str) -> bool {
    let (begin, end) = (
        format!("-----BEGIN {label}-----"),
        format!("-----END {label}-----"),
    );
    let base64 = |line: &str| {
        line.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte))
    };
    let mut inside = false;
    for line in text.split(['\r', '\n']).map(str::trim) {
        match (inside, line) {
            (false, line) if line == begin => inside = true,
            (true, line) if line == end => inside = false,
            (_, "") => {}
            (true, line) if base64(line) => {}
            _ => return false,
        }
    }
    !inside
}

/// What stands behind one BEGIN line.
pub(super) struct Block<'a> {
    /// In capital letters.
    pub(super) label: String,
    /// Up to the next BEGIN or END, or to the end of the text.
    pub(super) body: &'a str,
}

/// Every block of the text, in order.
pub(super) fn blocks(text: &str) -> Vec<Block<'_>> {
    /// Longer than any label.
    const LONGEST: usize = 60;
    let upper = text.to_ascii_uppercase();
    let mut marks: Vec<(usize, bool)> = [("BEGIN ", true), ("END ", false)]
        .into_iter()
        .flat_map(|(word, begins)| upper.match_indices(word).map(move |(at, _)| (at, begins)))
        .filter(|(at, _)| text[..*at].trim_end_matches(' ').ends_with('-'))
        .collect();
    marks.sort_unstable();
    let ends = marks.iter().map(|(at, _)| *at).skip(1).chain([text.len()]);
    marks
        .iter()
        .zip(ends)
        .filter(|((_, begins), _)| *begins)
        .filter_map(|((at, _), end)| {
            let start = at + "BEGIN ".len();
            let label = upper[start..end]
                .split(['-', '\r', '\n'])
                .next()
                .filter(|label| label.len() <= LONGEST)?;
            let body = text[start + label.len()..end]
                .trim_start_matches('-')
                .trim_end_matches([' ', '-']);
            Some(Block {
                label: label.trim().to_owned(),
                body,
            })
        })
        .collect()
}

/// Up to `most` characters of base64, in the standard alphabet, without what stands between them:
/// white space, marks of quotation, markup. Ends at whatever else comes.
pub(super) fn characters(text: &str, most: usize) -> String {
    walk(text, most).0
}

/// How many bytes of the text [`characters`] took for this many.
pub(super) fn length_of(text: &str, characters: usize) -> usize {
    walk(text, characters).1
}

fn walk(text: &str, most: usize) -> (String, usize) {
    /// Longer than any tag between two lines of base64.
    const LONGEST_TAG: usize = 40;
    let mut out = String::new();
    let mut tag = None;
    for (at, c) in text.char_indices() {
        if out.len() == most {
            return (out, at);
        }
        match c {
            '>' => tag = None,
            _ if tag.is_some_and(|start| at - start > LONGEST_TAG) => return (out, at),
            _ if tag.is_some() => {}
            '<' => tag = Some(at),
            '-' => out.push('+'),
            '_' => out.push('/'),
            c if is_base64(c) => out.push(c),
            '"' | '\'' | ',' | '\\' | '|' => {}
            c if c.is_whitespace() || crate::text::misleads(c) => {}
            _ => return (out, at),
        }
    }
    (out, text.len())
}

/// The bytes of characters that [`characters`] found; none where they are no base64.
pub(super) fn decoded(characters: &str) -> Vec<u8> {
    // One character beyond a group of four holds less than a byte.
    let whole = if characters.len() % 4 == 1 {
        &characters[..characters.len() - 1]
    } else {
        characters
    };
    LENIENT.decode(whole).unwrap_or_default()
}

/// Whether the character is of base64 in either alphabet (RFC 4648, sections 4 and 5).
pub(super) fn is_base64(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_')
}

/// A file or a paste as text: decoded, without byte order mark, and with line breaks, dashes and
/// characters as they were before something escaped or beautified them.
pub(super) fn plain(input: &[u8]) -> String {
    let text = match input {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => String::from_utf8_lossy(input).into_owned(),
    };
    let text = if text.contains('&') {
        without_entities(&text)
    } else {
        text
    };
    text.replace("\\r", "\n")
        .replace("\\n", "\n")
        .replace("\\/", "/")
        .replace(['\u{2010}', '\u{2011}', '\u{2012}', '\u{2212}'], "-")
        .replace(['\u{2013}', '\u{2014}'], "--")
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units)
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

/// What HTML and XML write for characters that occur here.
fn without_entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        // The longest of them has ten characters.
        let entity = rest
            .bytes()
            .take(10)
            .position(|byte| byte == b';')
            .and_then(|end| Some((entity(&rest[1..end])?, end)));
        match entity {
            Some((c, end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
            None => number.parse(),
        };
        return char::from_u32(code.ok()?);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "plus" => '+',
        "equals" => '=',
        "sol" => '/',
        "NewLine" => '\n',
        _ => return None,
    })
}
