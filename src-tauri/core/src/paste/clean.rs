//! Takes away what came along with a value: characters that cannot be seen, quotation marks, what
//! chat and mail programs put around an address.

/// A value without what came along.
pub(super) struct Cleaned {
    /// What is left.
    pub(super) text: String,
    /// What was taken away that the eye would miss.
    pub(super) removed: Vec<&'static str>,
}

/// Cleans a paste. Line breaks inside stay: they part labels and the lines of a certificate.
pub(super) fn clean(text: &str) -> Cleaned {
    let mut removed = Vec::new();
    let mut visible: String = text
        .chars()
        .filter(|c| matches!(c, '\n' | '\r' | '\t') || !is_invisible(*c))
        .map(|c| if is_odd_space(c) { ' ' } else { c })
        .collect();
    if text.chars().any(is_invisible) {
        removed.push("characters that cannot be seen");
    }
    if visible.contains("&amp;") {
        visible = visible.replace("&amp;", "&");
        removed.push("HTML escapes");
    }
    let mut rest = visible.trim();
    loop {
        let before = rest;
        if let Some(inside) = quoted(rest) {
            rest = inside;
            removed.push("quotation marks");
        } else if let Some(inside) = linked(rest) {
            rest = inside;
            removed.push("the marks of a link");
        } else if let Some(inside) = bracketed(rest) {
            rest = inside;
            removed.push("brackets");
        } else if is_one_word(rest) && rest.ends_with([',', ';']) {
            rest = &rest[..rest.len() - 1];
            removed.push("punctuation");
        } else if let Some(before) = sentence(rest) {
            rest = before;
            removed.push("punctuation");
        }
        rest = rest.trim();
        if rest == before {
            break;
        }
    }
    removed.dedup();
    Cleaned {
        text: rest.to_owned(),
        removed,
    }
}

/// One word, also where its address was wrapped.
pub(super) fn is_one_word(text: &str) -> bool {
    !text.is_empty() && !text.contains(char::is_whitespace)
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{180E}')
        || (crate::text::misleads(c) && !matches!(c, '\n' | '\r' | '\t'))
}

/// Spaces of other widths, as web pages and word processors set them.
fn is_odd_space(c: char) -> bool {
    c != ' ' && !matches!(c, '\n' | '\r' | '\t') && c.is_whitespace()
}

/// What stands between quotation marks, where they are around all of it.
pub(crate) fn quoted(text: &str) -> Option<&str> {
    const PAIRS: [(char, char); 8] = [
        ('"', '"'),
        ('\'', '\''),
        ('`', '`'),
        ('\u{201C}', '\u{201D}'),
        ('\u{201E}', '\u{201C}'),
        ('\u{2018}', '\u{2019}'),
        ('\u{AB}', '\u{BB}'),
        ('\u{201C}', '\u{201C}'),
    ];
    PAIRS.iter().find_map(|(open, close)| {
        let inside = text.strip_prefix(*open)?.strip_suffix(*close)?;
        // Two quoted words are not one.
        (!inside.contains([*open, *close])).then_some(inside)
    })
}

/// `<https://…>` and `[text](https://…)`.
fn linked(text: &str) -> Option<&str> {
    if let Some(inside) = text
        .strip_prefix('<')
        .and_then(|text| text.strip_suffix('>'))
    {
        return Some(inside).filter(|inside| is_address(inside));
    }
    let (_, inside) = text.strip_prefix('[')?.split_once("](")?;
    inside.strip_suffix(')').filter(|inside| is_address(inside))
}

/// An address in brackets, and a GUID in braces as some consoles write it.
fn bracketed(text: &str) -> Option<&str> {
    let between = |open, close| text.strip_prefix(open)?.strip_suffix(close);
    between('(', ')')
        .filter(|inside| is_address(inside))
        .or_else(|| between('{', '}').filter(|inside| crate::text::is_guid(inside)))
}

/// An address at the end of a sentence. `/.` and `/..` are parts of a path.
fn sentence(text: &str) -> Option<&str> {
    let before = text.strip_suffix('.')?;
    (is_address(text) && !before.ends_with(['/', '.'])).then_some(before)
}

fn is_address(text: &str) -> bool {
    is_one_word(text) && (text.starts_with("https://") || text.starts_with("http://"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_along_is_taken_away_and_nothing_else() {
        for (pasted, left) in [
            ("  abc \n", "abc"),
            ("\u{FEFF}abc\u{200B}", "abc"),
            ("a\u{AD}bc", "abc"),
            ("\u{201C}abc\u{201D}", "abc"),
            ("\"abc\",", "abc"),
            ("`abc`", "abc"),
            ("<https://a.example>", "https://a.example"),
            ("[here](https://a.example/x)", "https://a.example/x"),
            (
                "https://a.example/?a=1&amp;b=2",
                "https://a.example/?a=1&b=2",
            ),
            ("<abc>", "<abc>"),
            ("abc.", "abc."),
            ("https://a.example.", "https://a.example"),
            ("https://a.example/..", "https://a.example/.."),
            ("(https://a.example)", "https://a.example"),
            ("(abc)", "(abc)"),
            (
                "{3c2f8a51-7d7e-4b0f-9c15-1a2b3c4d5e6f}",
                "3c2f8a51-7d7e-4b0f-9c15-1a2b3c4d5e6f",
            ),
            ("{abc}", "{abc}"),
            ("a\u{A0}b", "a b"),
            ("\"a\" \"b\"", "\"a\" \"b\""),
            ("", ""),
            ("\"", "\""),
        ] {
            assert_eq!(clean(pasted).text, left, "{pasted:?}");
        }
    }
}
