//! How values are compared when they are not compared byte for byte: to explain, never to decide.

/// Separators with which a provider may join several values, the least doubtful first.
pub(super) const SEPARATORS: [char; 4] = [';', '|', '\n', ','];

/// Characters without width that vanish when text is copied by eye: zero-width spaces and joiners,
/// direction marks, the soft hyphen, the byte order mark.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{180E}') || (crate::text::misleads(c) && !c.is_control())
}

/// In small letters, character by character.
pub(crate) fn lowered(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(lowered_char)
}

/// The small letters of one character. The two small sigmas count as one, since which of them stands
/// for the capital depends on its neighbours.
pub(crate) fn lowered_char(c: char) -> impl Iterator<Item = char> {
    c.to_lowercase().map(|c| if c == 'ς' { 'σ' } else { c })
}

/// Without invisible characters and without white space at the ends, each run of white space inside
/// (no-break spaces and line breaks too) as one space.
pub(crate) fn collapsed(text: &str) -> impl Iterator<Item = char> {
    let mut chars = text.chars().filter(|c| !is_invisible(*c)).peekable();
    let mut begun = false;
    std::iter::from_fn(move || {
        let mut gap = false;
        while chars.next_if(|c| c.is_whitespace()).is_some() {
            gap = true;
        }
        chars.peek()?;
        if gap && begun {
            return Some(' ');
        }
        begun = true;
        chars.next()
    })
}

/// Whether this has the shape of a GUID: 8, 4, 4, 4 and 12 hexadecimal digits, in braces or not.
pub(super) fn is_guid(text: &str) -> bool {
    let inner = text
        .strip_prefix('{')
        .and_then(|text| text.strip_suffix('}'))
        .unwrap_or(text);
    crate::text::is_guid(inner)
}

/// The parts of a joined text, without white space, quotes and list brackets around them.
pub(super) fn parts(text: &str, separator: char) -> impl Iterator<Item = &str> {
    text.split(separator)
        .map(|part| {
            part.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '[' | ']'))
        })
        .filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collapsed_to(text: &str) -> String {
        collapsed(text).collect()
    }

    #[test]
    fn white_space_of_every_kind_collapses_and_invisible_characters_vanish() {
        assert_eq!(collapsed_to("  Sec \t\u{A0} Ops\n"), "Sec Ops");
        assert_eq!(collapsed_to("Sec\u{200B}Ops\u{FEFF}"), "SecOps");
        assert_eq!(collapsed_to("a\u{200B} \u{200D} b"), "a b");
        assert_eq!(collapsed_to(" \u{200B} "), "");
    }

    #[test]
    fn words_that_were_apart_stay_apart() {
        assert_ne!(collapsed_to("Sec Ops"), collapsed_to("SecOps"));
    }

    #[test]
    fn only_the_five_groups_of_hexadecimal_digits_are_a_guid() {
        assert!(is_guid("0f3e1a2b-1111-2222-3333-444455556666"));
        assert!(is_guid("{0F3E1A2B-1111-2222-3333-444455556666}"));
        for text in [
            "",
            "0f3e1a2b111122223333444455556666",
            "0f3e1a2b-1111-2222-3333-44445555666",
            "0f3e1a2-b1111-2222-3333-444455556666",
            "gf3e1a2b-1111-2222-3333-444455556666",
            "é3e1a2b-1111-2222-3333-444455556666",
            "{0f3e1a2b-1111-2222-3333-444455556666",
        ] {
            assert!(!is_guid(text), "{text}");
        }
    }

    #[test]
    fn a_list_written_as_text_loses_its_brackets_and_quotes() {
        assert_eq!(
            parts(r#"["SecOps", "Dev"]"#, ',').collect::<Vec<_>>(),
            ["SecOps", "Dev"]
        );
        assert_eq!(parts(";;a; b ;", ';').collect::<Vec<_>>(), ["a", "b"]);
    }
}
