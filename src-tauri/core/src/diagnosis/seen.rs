//! What stands in a text: codes in the places where codes stand, and references to a log.

use super::text::{plain, word};
use crate::text::is_guid;

/// A text as it was seen.
pub(super) struct Seen {
    /// In its plain form.
    pub(super) text: String,
    /// Numbers of Entra's codes, in the order of the text, each once.
    pub(super) entra: Vec<u32>,
    /// Values where OAuth 2.0 has its error codes: `error=` and `"error":`, or the whole text.
    pub(super) oauth: Vec<String>,
    /// References by which the provider finds its log entry.
    pub(super) references: String,
}

impl Seen {
    pub(super) fn read(given: &str) -> Self {
        let text = plain(given);
        Self {
            entra: entra(&text),
            oauth: oauth(&text),
            references: references(&text),
            text,
        }
    }

    /// Whether this is a provider's answer by OpenID Connect.
    pub(super) fn is_answer(&self) -> bool {
        ["code=", "id_token=", "access_token="].iter().any(|name| {
            ["?", "&", "#"]
                .iter()
                .any(|c| self.text.contains(&format!("{c}{name}")))
        })
    }
}

/// `AADSTS50011`, also as people copy it by hand, and the page that explains one code.
fn entra(text: &str) -> Vec<u32> {
    let mut found: Vec<(usize, u32)> = Vec::new();
    for mark in [
        "aadsts",
        "microsoftonline.com/error?code=",
        "\"error_codes\":[",
    ] {
        for (at, _) in text.match_indices(mark) {
            let rest = text[at + mark.len()..].trim_start_matches([' ', ':', '-', '#']);
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            if (5..=9).contains(&digits)
                && let Ok(code) = rest[..digits].parse()
                && !found.iter().any(|(_, known)| *known == code)
            {
                found.push((at, code));
            }
        }
    }
    found.sort_unstable_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, code)| code).collect()
}

fn oauth(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut from = 0;
    while let Some(at) = word(text, "error", from) {
        from = at + "error".len();
        let rest = text[from..].trim_start_matches(['"', '\'', ' ']);
        let Some(rest) = rest.strip_prefix(['=', ':']) else {
            continue;
        };
        found.extend(code(rest.trim_start_matches(['"', '\'', ' '])));
    }
    let whole = text.trim();
    if let Some(code) = code(whole)
        && code.contains('_')
        && matches!(
            whole[code.len()..].trim_start().chars().next(),
            None | Some(':' | '.')
        )
    {
        found.push(code);
    }
    found
}

/// An error code of RFC 6749 at the beginning of a text.
fn code(text: &str) -> Option<String> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let code = &text[..end.unwrap_or(text.len())];
    (!code.is_empty() && code.len() <= 64).then(|| code.to_owned())
}

fn references(text: &str) -> String {
    const NAMES: [(&str, [&str; 2]); 3] = [
        ("trace ID", ["trace id", "trace_id"]),
        ("correlation ID", ["correlation id", "correlation_id"]),
        ("request ID", ["request id", "request_id"]),
    ];
    const BETWEEN: [char; 5] = [' ', ':', '"', '\'', '='];
    let behind = |name: &str| {
        let (_, rest) = text.split_once(name)?;
        Some(rest.trim_start_matches(BETWEEN))
    };
    let mut found: Vec<String> = Vec::new();
    for (name, written) in NAMES {
        let mut ids = written.iter().filter_map(|name| behind(name)?.get(..36));
        if let Some(id) = ids.find(|id| is_guid(id)) {
            found.push(format!("{name} {id}"));
        }
    }
    if let Some(rest) = behind("timestamp") {
        let in_time =
            |c: char| c.is_ascii_digit() || matches!(c, '-' | ':' | '.' | 't' | 'z' | ' ');
        let end = rest
            .find(|c: char| !in_time(c))
            .unwrap_or(rest.len())
            .min(28);
        let time = rest[..end].trim();
        if time.len() >= 10 && time.starts_with("20") {
            found.push(time.to_uppercase());
        }
    }
    found.join(", ")
}
