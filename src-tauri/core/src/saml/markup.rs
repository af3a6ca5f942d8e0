//! Writing XML that is canonical already (Exclusive XML Canonicalization 1.0), so that what is
//! signed and what is sent are the same bytes.

use std::borrow::Cow;

/// `text` as the content of an element.
pub(super) fn text(text: &str) -> Cow<'_, str> {
    escaped(text, |c| match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '\r' => Some("&#xD;"),
        c if !is_xml(c) => Some("\u{FFFD}"),
        _ => None,
    })
}

/// `value` as the value of an attribute, between quotation marks.
pub(super) fn attribute(value: &str) -> Cow<'_, str> {
    escaped(value, |c| match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '"' => Some("&quot;"),
        '\t' => Some("&#x9;"),
        '\n' => Some("&#xA;"),
        '\r' => Some("&#xD;"),
        c if !is_xml(c) => Some("\u{FFFD}"),
        _ => None,
    })
}

fn escaped(text: &str, escape: impl Fn(char) -> Option<&'static str>) -> Cow<'_, str> {
    if !text.chars().any(|c| escape(c).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match escape(c) {
            Some(written) => out.push_str(written),
            None => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Whether XML 1.0 has this character at all (production 2).
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_what_is_read() {
        for value in [
            "plain",
            "a & b < c > d \"e\" 'f'",
            "]]>",
            "tab\tline\nreturn\r",
            "é 日本 🙂",
            "&amp;",
        ] {
            let xml = format!("<a b=\"{}\">{}</a>", attribute(value), text(value));
            let read = roxmltree::Document::parse(&xml).unwrap();
            let root = read.root_element();
            assert_eq!(root.attribute("b"), Some(value), "{xml}");
            assert_eq!(root.text(), Some(value), "{xml}");
        }
    }

    #[test]
    fn what_xml_does_not_have_is_replaced() {
        assert_eq!(text("a\0b\u{1B}c\u{FFFE}"), "a\u{FFFD}b\u{FFFD}c\u{FFFD}");
        assert_eq!(attribute("a\0b"), "a\u{FFFD}b");
    }
}
