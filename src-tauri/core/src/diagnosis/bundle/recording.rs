//! A recording for others: its order, its addresses, its statuses.

use std::io::Read;

use serde_json::{Value, json};

use super::Redaction;
use crate::diagnosis::chain::of_har_and;
use crate::diagnosis::har::{self, NotRead, Raw};
use crate::diagnosis::{Diagnosis, Known};
use crate::text::shown;

/// The most requests that a bundle holds.
const MOST: usize = 20_000;

/// The most text of them, in bytes.
const LARGEST: usize = 32 * 1024 * 1024;

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

/// A recording as it may be given away: requests and answers in their order, without bodies and without
/// the values of cookies, parameters, fields and headers. Made while the recording is read, so that nothing
/// else of it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redacted {
    creator: String,
    /// The requests in JSON, parted by commas.
    entries: String,
    kept: usize,
    left_out: usize,
}

impl Redacted {
    /// Names the cause in a recording as [`of_har`](crate::diagnosis::of_har) does, and keeps what may be given
    /// away of it.
    ///
    /// # Errors
    /// [`NotRead`]: the source failed, or it holds no recording.
    pub fn of_har(
        source: impl Read,
        known: &Known<'_>,
        redaction: &Redaction,
    ) -> Result<(Diagnosis, Self), NotRead> {
        let (mut entries, mut kept) = (String::new(), 0);
        let diagnosis = of_har_and(source, known, |raw| {
            if kept == MOST || entries.len() > LARGEST {
                return;
            }
            if kept > 0 {
                entries.push_str(",\n");
            }
            entries.push_str(&entry(raw, redaction).to_string());
            kept += 1;
        })?;
        let redacted = Self {
            creator: redaction.text(&diagnosis.recording.creator),
            entries,
            kept,
            left_out: (diagnosis.recording.requests as usize).saturating_sub(kept),
        };
        Ok((diagnosis, redacted))
    }

    /// The file (HAR 1.2), with people as this choice has them.
    pub(super) fn text(&self, redaction: &Redaction) -> String {
        let log = json!({
            "version": "1.2", "creator": {"name": self.creator, "version": ""}, "comment": "redacted by Latchkey", "pages": [],
        });
        let log = log.to_string();
        // An object that is not empty: its end is one brace.
        let open = log.trim_end_matches('}');
        let text = format!("{{\"log\":{open},\"entries\":[\n{}\n]}}}}\n", self.entries);
        redaction.chosen(text)
    }

    /// What was taken out, in words.
    pub(super) fn removed(&self, redaction: &Redaction) -> Vec<String> {
        let mut removed = redaction.said(&[
            "all cookies",
            "all bodies, and the values of all fields that were posted",
            "the values of parameters, but those that name a protocol's choice or an error",
            "all headers but a few that say nothing of anybody",
        ]);
        if self.left_out > 0 {
            removed.push(format!(
                "{} requests behind the first {}",
                self.left_out, self.kept
            ));
        }
        removed
    }
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
