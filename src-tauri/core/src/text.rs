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

/// The longest e-mail address (RFC 5321, section 4.5.3.1.3, less the brackets), in bytes.
const LONGEST_EMAIL: usize = 254;

/// Whether this has the form of an e-mail address: as much of RFC 5321 as every provider keeps to.
pub fn is_email(text: &str) -> bool {
    text.len() <= LONGEST_EMAIL
        && !text.contains(|c: char| c.is_whitespace() || misleads(c))
        && text.split_once('@').is_some_and(|(local, domain)| {
            let labels: Vec<&str> = domain.split('.').collect();
            !local.is_empty()
                && !local.starts_with('.')
                && !local.ends_with('.')
                && !local.contains("..")
                && !local.contains(['*', '<', '>', '(', ')', ',', ';', ':', '"', '[', ']', '\\'])
                && labels.len() > 1
                && labels.iter().all(|label| {
                    !label.is_empty()
                        && !label.starts_with('-')
                        && !label.ends_with('-')
                        && label.chars().all(|c| c.is_alphanumeric() || c == '-')
                })
        })
}

/// A file name that every file system takes, with this ending.
pub fn file_name(of: &str, ending: &str) -> String {
    let plain: String = of
        .chars()
        .map(|c| {
            if c.is_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .take(60)
        .collect();
    match plain.trim_matches('-') {
        "" => format!("workspace.{ending}"),
        name => format!("{name}.{ending}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn direction_overrides_and_line_breaks_become_visible() {
        assert_eq!(shown("a\u{202E}b\nc", 10), "a\u{FFFD}b\u{FFFD}c");
    }

    #[test]
    fn a_file_name_holds_letters_digits_and_hyphens_and_has_an_end() {
        for (name, file) in [
            ("Acme", "acme.json"),
            ("Acme Research (EU)", "acme-research--eu.json"),
            ("../../etc/passwd", "etc-passwd.json"),
            (" . ", "workspace.json"),
            ("東京", "東京.json"),
        ] {
            assert_eq!(file_name(name, "json"), file, "{name}");
        }
        assert_eq!(file_name(&"a".repeat(500), "json").len(), 65);
    }

    #[test]
    fn an_address_has_a_name_and_a_domain_of_parts() {
        for address in ["a@b.example", "o'neil+x@sub.b.example", "ü@ü.example"] {
            assert!(is_email(address), "{address}");
        }
        for text in [
            "",
            "a",
            "a@b",
            "@b.example",
            "a@b.example ",
            "a b@c.example",
            "a@b@c.example",
            "a@.example",
            "a@-b.example",
            "<a@b.example>",
            "a@b.example\u{200B}",
            ".a@b.example",
            "a.@b.example",
            "a..b@c.example",
            "*@b.example",
        ] {
            assert!(!is_email(text), "{text:?}");
        }
    }

    #[test]
    fn long_text_is_cut_with_a_mark_and_short_text_is_not() {
        assert_eq!(shown("abcdef", 3), "abc…");
        assert_eq!(shown("abc", 3), "abc");
    }
}
