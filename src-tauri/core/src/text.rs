//! Showing text that came from outside.

/// `text` with control and direction-changing characters made visible, cut after `limit` characters.
pub fn shown(text: &str, limit: usize) -> String {
    let mut out: String = text
        .chars()
        .take(limit)
        .map(|c| if misleads(c) { '\u{FFFD}' } else { c })
        .collect();
    if text.chars().nth(limit).is_some() {
        out.push('…');
    }
    out
}

/// Characters that would change how the text around them is read: C0 and C1 controls, bidirectional
/// overrides and isolates, zero-width characters, the byte order mark.
pub fn misleads(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// Whether this is a GUID in its usual form, without braces (RFC 9562, section 4).
pub fn is_guid(text: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    text.len() == 36
        && text.split('-').count() == lengths.len()
        && text.split('-').zip(lengths).all(|(part, length)| {
            part.len() == length && part.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn direction_overrides_and_line_breaks_become_visible() {
        assert_eq!(shown("a\u{202E}b\nc", 10), "a\u{FFFD}b\u{FFFD}c");
    }

    #[test]
    fn long_text_is_cut_with_a_mark_and_short_text_is_not() {
        assert_eq!(shown("abcdef", 3), "abc…");
        assert_eq!(shown("abc", 3), "abc");
    }
}
