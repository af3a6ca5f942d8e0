//! Why an input could not be used, in one sentence that names it and what is expected.

use std::path::Path;

use latchkey_core::{set_up, text};
use latchkey_store::WholeUnusable;

/// An input that could not be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file} {why}")]
pub(crate) struct Unusable {
    file: String,
    why: Why,
}

/// What is wrong with it. Nothing of its content is quoted but names: it may hold a token.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Why {
    #[error("is not there; {expected} is expected")]
    Missing { expected: &'static str },
    #[error("is a directory; {expected} is expected")]
    Directory { expected: &'static str },
    #[error("may not be read by this user")]
    NotAllowed,
    #[error("could not be read: {reason}")]
    Unread { reason: String },
    #[error("is larger than {limit} bytes, which is the limit for {expected}")]
    TooLarge {
        limit: usize,
        expected: &'static str,
    },
    #[error("is empty; {expected} is expected")]
    Empty { expected: &'static str },
    #[error("is not UTF-8 text at line {line}; {expected} is expected")]
    NotText { line: usize, expected: &'static str },
    #[error("is nested deeper than {limit} levels at line {line}, which is the limit")]
    TooDeep { limit: usize, line: usize },
    #[error("is not JSON at line {line}, column {column}; {expected} is expected")]
    NotJson {
        line: usize,
        column: usize,
        expected: &'static str,
    },
    #[error("names \"{name}\" twice; each name is expected once")]
    Twice { name: String },
    #[error("does not hold what is expected: {expected}")]
    Misfit { expected: &'static str },
    #[error("cannot be used: {what}")]
    NotUsed { what: String },
    #[error("{0}")]
    SetUp(set_up::Unusable),
    #[error("{0}")]
    Whole(WholeUnusable),
    #[error("is no whole workspace, which --into expects: export one with --whole")]
    NotWhole,
    #[error("cannot be used: {what}")]
    People { what: String },
    #[error("cannot be used because of {field}: {what}")]
    Field { field: String, what: String },
}

impl Unusable {
    pub(crate) fn new(path: &Path, why: Why) -> Self {
        let file = if super::is_stdin(path) {
            "standard input".to_owned()
        } else {
            text::shown(&path.to_string_lossy(), 500)
        };
        Self { file, why }
    }
}
