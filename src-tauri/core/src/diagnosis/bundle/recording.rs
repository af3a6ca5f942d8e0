//! A recording for others: its order, its addresses, its statuses.

use std::io::Read;

use serde_json::{Value, json};

use super::Redaction;
use crate::diagnosis::har::{self, NotRead, Raw};
use crate::text::shown;

/// The most requests that a bundle holds.
const MOST: usize = 20_000;

/// Headers whose values say nothing of anybody.
const HARMLESS: [&str; 7] = [
    "access-control-allow-origin",
    "content-type",
    "date",
    "sec-fetch-dest",
    "sec-fetch-mode",
    "sec-fetch-site",
    "x-frame-options",
];

/// The recording as it may be given away, and what was taken out.
pub(super) fn redacted(
    source: impl Read,
    redaction: &Redaction,
) -> Result<(String, Vec<String>), NotRead> {
    let mut entries: Vec<Value> = Vec::new();
    let recording = har::read(source, |raw| {
        if entries.len() < MOST {
            entries.push(entry(raw, redaction));
        }
    })?;
    let left_out = (recording.requests as usize).saturating_sub(entries.len());
    let log = json!({"log": {
        "version": "1.2",
        "creator": {"name": redaction.text(&recording.creator), "version": ""},
        "comment": "redacted by Latchkey",
        "pages": [], "entries": entries,
    }});
    let mut removed = redaction.said(&[
        "all cookies",
        "all bodies, and the values of all fields that were posted",
        "the values of parameters, but those that name a protocol's choice or an error",
        "all headers but a few that say nothing of anybody",
    ]);
    if left_out > 0 {
        removed.push(format!("{left_out} requests behind the first {MOST}"));
    }
    Ok((format!("{log}\n"), removed))
}

fn entry(raw: &Raw, redaction: &Redaction) -> Value {
    let line = |text: &str, limit: usize| shown(&redaction.text(text), limit);
    let mut fields: Vec<Value> = raw
        .post_params
        .iter()
        .map(|(name, _)| json!({"name": line(&name.text(), 60), "value": "•••"}))
        .collect();
    fields.truncate(50);
    let target = raw.response_header("location").filter(|to| !to.is_empty());
    let target = target.unwrap_or_else(|| raw.redirect.text());
    json!({
        "startedDateTime": raw.started().map(|at| at.to_string()).unwrap_or_default(),
        "time": raw.took,
        "request": {
            "method": line(&raw.method.text(), 20),
            "url": redaction.address(raw.url.text().trim()),
            "httpVersion": "", "cookies": [], "queryString": [], "headersSize": -1, "bodySize": -1,
            "headers": headers(&raw.request_headers, redaction),
            "postData": {"mimeType": line(&raw.post_type.text(), 80), "params": fields},
        },
        "response": {
            "status": raw.status, "statusText": "", "httpVersion": "", "cookies": [],
            "headers": headers(&raw.response_headers, redaction),
            "content": {"size": raw.body_size, "mimeType": line(&raw.body_type.text(), 80)},
            "redirectURL": address(target.trim(), redaction), "headersSize": -1, "bodySize": -1,
            "_error": line(&raw.error.text(), 100),
        },
        "cache": {}, "timings": {"send": 0, "wait": 0, "receive": 0},
        "_resourceType": line(&raw.resource.text(), 40),
    })
}

/// An address in a header may be a path alone.
fn address(target: &str, redaction: &Redaction) -> String {
    match target {
        "" => String::new(),
        target if target.contains("://") => redaction.address(target),
        _ => "•••".to_owned(),
    }
}

fn headers(headers: &[(String, har::Value)], redaction: &Redaction) -> Vec<Value> {
    let kept = headers
        .iter()
        .filter(|(name, _)| HARMLESS.contains(&name.as_str()));
    kept.map(|(name, value)| json!({"name": name, "value": shown(&plain(name, &value.text(), redaction), 100)})).collect()
}

fn plain(name: &str, value: &str, redaction: &Redaction) -> String {
    // A date is of words that would not stand a look for keys.
    if name == "date" {
        value
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || " ,:".contains(*c))
            .take(40)
            .collect()
    } else {
        redaction.text(value)
    }
}
