//! One form for everything that may be given: a page, an address, JSON, a transcription.

/// `given` in small letters, with percent-encoding, character references and JSON escapes undone,
/// straight quotes, and each run of white space as one space.
pub(super) fn plain(given: &str) -> String {
    let decoded = percent_decoded(given);
    let mut text = String::with_capacity(decoded.len());
    for c in unescaped(&decoded).chars().flat_map(char::to_lowercase) {
        match c {
            '\u{2018}' | '\u{2019}' | '\u{201A}' | '`' => text.push('\''),
            '\u{201C}' | '\u{201D}' | '\u{201E}' => text.push('"'),
            '\u{2010}'..='\u{2015}' => text.push('-'),
            c if crate::text::misleads(c) && !c.is_control() => {}
            c if c.is_whitespace() || c.is_control() => {
                if !text.ends_with(' ') {
                    text.push(' ');
                }
            }
            c => text.push(c),
        }
    }
    text
}

/// Where `needle` stands in `text` as a word of its own, from `from` on.
pub(super) fn word(text: &str, needle: &str, from: usize) -> Option<usize> {
    find(text, needle, from, true)
}

/// Where a word of `text` begins with `needle`, from `from` on.
pub(super) fn begins(text: &str, needle: &str, from: usize) -> Option<usize> {
    find(text, needle, from, false)
}

fn find(text: &str, needle: &str, from: usize, to_its_end: bool) -> Option<usize> {
    let mut start = from;
    while let Some(found) = text.get(start..)?.find(needle) {
        let at = start + found;
        let before = text[..at].chars().next_back();
        let after = text[at + needle.len()..].chars().next();
        let joins = |c: Option<char>, edge: Option<char>| {
            c.is_some_and(continues) && edge.is_some_and(continues)
        };
        let runs_on = to_its_end && joins(after, needle.chars().next_back());
        if !joins(before, needle.chars().next()) && !runs_on {
            return Some(at);
        }
        start = at + needle.len();
    }
    None
}

/// Letters of scripts that write without spaces end no word.
fn continues(c: char) -> bool {
    c == '_' || c.is_ascii_alphanumeric()
}

fn percent_decoded(given: &str) -> String {
    let bytes = given.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    // In an address `+` is a space; elsewhere it is no part of any pattern.
    while let Some(byte) = bytes.get(at) {
        let pair = given.get(at + 1..at + 3);
        match (
            byte,
            pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()),
        ) {
            (b'%', Some(decoded)) => {
                out.push(decoded);
                at += 3;
                continue;
            }
            (b'+', _) => out.push(b' '),
            (byte, _) => out.push(*byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn unescaped(text: &str) -> String {
    const WRITTEN: [(&str, &str); 13] = [
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#x27;", "'"),
        ("&#39;", "'"),
        ("&#039;", "'"),
        ("&apos;", "'"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
        ("\\u0027", "'"),
        ("\\u0026", "&"),
        ("\\\"", "\""),
        ("\\r", " "),
        ("\\n", " "),
    ];
    WRITTEN.iter().fold(text.to_owned(), |text, (from, to)| {
        match text.contains(from) {
            true => text.replace(from, to),
            false => text,
        }
    })
}
