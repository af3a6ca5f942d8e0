//! Reading the file of a whole workspace: bounded, and strict to the last key.

use std::collections::HashSet;

use latchkey_core::json::Misfit;
use latchkey_core::set_up::{MOST_RULES, SetUp};
use latchkey_core::text::shown;
use serde_json::Value;

use super::{FORMAT, Whole, WholeRevision};

/// The largest file of a whole workspace that is read, in bytes.
pub const LARGEST_WHOLE: usize = 64 * 1024 * 1024;

/// The most revisions and the most evidence that one file may hold, each.
const MOST: usize = 10_000;

/// Every version of the format begins with this.
const FAMILY: &str = "latchkey-workspace/";

/// Why the file of a whole workspace could not be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WholeUnusable {
    /// Too large.
    #[error("is larger than {limit} bytes, which no workspace needs")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// Too many of something.
    #[error("has {count} {what}; the limit is {limit}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// The limit.
        limit: usize,
    },
    /// Not JSON, or not of a workspace's shape.
    #[error("does not fit at line {line}, column {column}: {reason}")]
    Shape {
        /// Line, counted from 1; 0 where it is not known.
        line: usize,
        /// Column, counted from 1.
        column: usize,
        /// What is expected there.
        reason: String,
    },
    /// No whole workspace at all.
    #[error(
        "is no whole workspace: its format is “{format}”, and “latchkey-workspace/1” is expected"
    )]
    Foreign {
        /// What stands there.
        format: String,
    },
    /// Written by a newer version.
    #[error(
        "was written by a newer version of Latchkey (format “{format}”, this one knows “latchkey-workspace/1”)"
    )]
    Newer {
        /// What stands there.
        format: String,
    },
    /// A key that nothing here knows.
    #[error("has the unknown key {path}")]
    UnknownKey {
        /// Where it stands.
        path: String,
    },
    /// A list where an object belongs.
    #[error("has a list at {path}, where an object is expected")]
    ListForObject {
        /// Where it stands.
        path: String,
    },
    /// Two pieces of evidence, or two revisions, under one name.
    #[error("names {what} twice: {name}")]
    Twice {
        /// What.
        what: &'static str,
        /// The name.
        name: String,
    },
}

impl Whole {
    /// Whether these bytes say that they are a whole workspace, of whatever version.
    pub fn is_meant(bytes: &[u8]) -> bool {
        let start = bytes.get(..bytes.len().min(4_096)).unwrap_or_default();
        String::from_utf8_lossy(start).contains(FAMILY)
    }

    /// Reads the file of a whole workspace.
    ///
    /// # Errors
    /// [`WholeUnusable`].
    pub fn read(bytes: &[u8]) -> Result<Self, WholeUnusable> {
        if bytes.len() > LARGEST_WHOLE {
            let limit = LARGEST_WHOLE;
            return Err(WholeUnusable::TooLarge { limit });
        }
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let given: Value = serde_json::from_slice(bytes).map_err(|error| shape(&error))?;
        let format = given.get("format").and_then(Value::as_str);
        match format.unwrap_or_default() {
            FORMAT => {}
            newer if newer.starts_with(FAMILY) => {
                let format = shown(newer, 100);
                return Err(WholeUnusable::Newer { format });
            }
            other => {
                let format = shown(other, 100);
                return Err(WholeUnusable::Foreign { format });
            }
        }
        // From the bytes again, so that a misfit has its line.
        let whole: Self = serde_json::from_slice(bytes).map_err(|error| shape(&error))?;
        // What is written back has every key that is known.
        let known = serde_json::to_value(&whole).map_err(|error| shape(&error))?;
        if let Some(unusable) = differs(&given, &known, "") {
            return Err(unusable);
        }
        whole.within_limits()?;
        Ok(whole)
    }

    /// The file's text.
    pub fn written(&self) -> String {
        // Strings, numbers and lists only: there is nothing in it that JSON cannot write.
        let mut text = serde_json::to_string_pretty(self).expect("a workspace is plain data");
        text.push('\n');
        text
    }

    fn within_limits(&self) -> Result<(), WholeUnusable> {
        for (what, count) in [
            ("revisions", self.revisions.len()),
            ("pieces of evidence", self.evidence.len()),
        ] {
            if count > MOST {
                let limit = MOST;
                return Err(WholeUnusable::TooMany { what, count, limit });
            }
        }
        let set_ups = self.revisions.iter().map(|one| &one.set_up);
        for SetUp { rules, .. } in set_ups.chain([&self.draft]) {
            let (count, limit) = (rules.0.len(), MOST_RULES);
            if count > limit {
                let what = "rules in one set-up";
                return Err(WholeUnusable::TooMany { what, count, limit });
            }
        }
        let mut numbers = HashSet::new();
        let again = |one: &&WholeRevision| !numbers.insert(one.head.number);
        if let Some(one) = self.revisions.iter().find(again) {
            return Err(WholeUnusable::Twice {
                what: "revision",
                name: one.head.number.to_string(),
            });
        }
        let mut ids = HashSet::new();
        match self.evidence.iter().find(|one| !ids.insert(&one.id)) {
            Some(one) => Err(WholeUnusable::Twice {
                what: "evidence",
                name: shown(&one.id, 100),
            }),
            None => Ok(()),
        }
    }
}

/// The first key of what was given that nothing reads, or the first list in place of an object. An
/// empty value says nothing: it may be left out when it is written back.
fn differs(given: &Value, known: &Value, path: &str) -> Option<WholeUnusable> {
    match (given, known) {
        (Value::Object(given), Value::Object(known)) => given.iter().find_map(|(key, value)| {
            let here = format!("{path}{}{key}", if path.is_empty() { "" } else { "." });
            match known.get(key) {
                Some(known) => differs(value, known, &here),
                None if is_empty(value) => None,
                None => {
                    let path = shown(&here, 200);
                    Some(WholeUnusable::UnknownKey { path })
                }
            }
        }),
        (Value::Array(given), Value::Array(known)) => given
            .iter()
            .zip(known)
            .enumerate()
            .find_map(|(at, (given, known))| differs(given, known, &format!("{path}[{at}]"))),
        // serde reads the list of its values as a struct too.
        (Value::Array(_), Value::Object(_)) => {
            let path = shown(path, 200);
            Some(WholeUnusable::ListForObject { path })
        }
        _ => None,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

fn shape(error: &serde_json::Error) -> WholeUnusable {
    let Misfit {
        line,
        column,
        reason,
        ..
    } = Misfit::of(error);
    WholeUnusable::Shape {
        line,
        column,
        reason,
    }
}
