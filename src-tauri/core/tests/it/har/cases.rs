//! What a case is, and how it is held against the diagnosis.

use latchkey_core::SetUp;
use serde_json::json;

use super::recording::{Recording, SHAPES, Shape, codes};

pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) recording: Recording,
    pub(crate) set_up: Option<SetUp>,
    /// The first finding; an error but for those that begin with a question mark, and with a tilde,
    /// behind which the error is that no rule matched.
    pub(crate) first: &'static str,
}

impl Case {
    pub(crate) fn new(name: &'static str, first: &'static str, recording: Recording) -> Self {
        Self {
            name,
            recording,
            set_up: None,
            first,
        }
    }

    pub(crate) fn with(self, set_up: SetUp) -> Self {
        Self {
            set_up: Some(set_up),
            ..self
        }
    }
}

/// Holds all cases against what is said of them, in every browser's shape, and lists what is not as
/// expected.
pub(crate) fn hold(cases: &[Case], shapes: &[Shape]) {
    let mut wrong = Vec::new();
    for case in cases {
        for shape in shapes {
            let diagnosis = case.recording.diagnosed(*shape, case.set_up.as_ref());
            let (all, errors) = codes(&diagnosis);
            let expected = case.first.trim_start_matches(['?', '~']);
            let first = all.first().map(String::as_str) == Some(expected);
            let only_it = match case.first.chars().next() {
                Some('?') => errors.is_empty(),
                Some('~') => errors == ["no_rule_matched"],
                _ => errors.first().map(String::as_str) == Some(expected),
            };
            if !(first && only_it) {
                wrong.push(format!(
                    "{} ({shape:?}): expected {}, found {all:?}, errors {errors:?}",
                    case.name, case.first
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        cases.len() * shapes.len(),
        wrong.join("\n")
    );
}

pub(crate) fn all_shapes(cases: &[Case]) {
    hold(cases, &SHAPES);
}

/// A set-up of Torq's, with this connection.
pub(crate) fn set_up(connection: serde_json::Value) -> SetUp {
    serde_json::from_value(json!({
        "format": "latchkey/1",
        "workspace": {"service": "torq", "name": "Acme", "region": "us", "owner_email": "olivia@acme.example"},
        "connection": connection,
        "rules": [
            {"claim": "email", "value": "olivia@acme.example", "role": "Owner"},
            {"claim": "groups", "value": "SecOps", "role": "Contributor"},
        ],
    }))
    .unwrap()
}
