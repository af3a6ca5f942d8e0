//! What an address or a form carries, by name.

use serde_json::Value;
use url::Url;
use zeroize::Zeroizing;

use super::super::message::{Given, Pairs};
use crate::diagnosis::har::Raw;
use crate::text::shown;

/// The parameters of an address: its query and its fragment.
pub(super) fn pairs_of(url: &Url) -> Pairs {
    let mut pairs = Pairs::parse(url.query().unwrap_or_default());
    // A page of one script routes by its fragment: `#/path?x=y`.
    let fragment = url.fragment().unwrap_or_default();
    let fragment = fragment
        .rsplit_once('?')
        .map_or(fragment, |(_, query)| query);
    pairs.0.extend(Pairs::parse(fragment).0);
    pairs
}

pub(super) fn names(query: &Pairs) -> Vec<String> {
    let plain = |pair: &&(String, Zeroizing<String>)| pair.0.len() <= 40 && !pair.1.is_empty();
    let mut names: Vec<String> = query
        .0
        .iter()
        .filter(plain)
        .map(|(name, _)| shown(name, 40))
        .collect();
    names.truncate(20);
    names
}

pub(super) fn posted(raw: &Raw) -> Pairs {
    let text = raw.post_text.text();
    let mut pairs = if text.trim_start().starts_with('{') {
        of_json(&text)
    } else if text.contains("name=\"") && text.starts_with("--") {
        of_parts(&text)
    } else {
        Pairs::parse(&text)
    };
    // Some browsers write the fields instead, decoded or not.
    for (name, value) in &raw.post_params {
        let (name, value) = (name.text(), value.text());
        if !pairs.has(&name) {
            let encoded = value.contains('%') && !value.contains(' ');
            let plain = match encoded.then(|| Pairs::parse(&format!("x={}", value.as_str()))) {
                Some(mut decoded) if decoded.0.len() == 1 => decoded.0.remove(0).1,
                _ => value,
            };
            pairs.0.push((name.to_string(), plain));
        }
    }
    pairs
}

/// A script's request that hands over what a form carried: by member, or a whole form in one.
fn of_json(text: &str) -> Pairs {
    let mut pairs = Pairs::default();
    let Ok(Value::Object(members)) = serde_json::from_str::<Value>(text) else {
        return pairs;
    };
    for (name, value) in members.into_iter().take(100) {
        let Value::String(value) = value else {
            continue;
        };
        let value = Zeroizing::new(value);
        if name == "postBody" {
            pairs.0.extend(Pairs::parse(&value).0);
        } else {
            pairs.0.push((name, value));
        }
    }
    pairs
}

/// `multipart/form-data` (RFC 7578).
fn of_parts(text: &str) -> Pairs {
    let parts = text.split("name=\"").skip(1).filter_map(|part| {
        let (name, rest) = part.split_once('"')?;
        let (_, value) = rest
            .split_once("\r\n\r\n")
            .or_else(|| rest.split_once("\n\n"))?;
        let value = value.split("\r\n--").next()?.split("\n--").next()?;
        Some((name.to_owned(), Zeroizing::new(value.trim().to_owned())))
    });
    Pairs(parts.take(200).collect())
}

/// A form was posted, and what was posted is not in the recording.
pub(super) fn left_out(raw: &Raw) -> Option<Given> {
    let is_form = raw.post_type.text().contains("x-www-form-urlencoded")
        || raw
            .request_header("content-type")
            .is_some_and(|kind| kind.contains("x-www-form-urlencoded"));
    let nothing = raw.post_text.is_empty() && raw.post_params.is_empty();
    let is_post = raw.method.bytes().eq_ignore_ascii_case(b"POST");
    (is_post && nothing && (is_form || raw.post_type.is_empty())).then(|| Given {
        left_out: true,
        ..Given::default()
    })
}
