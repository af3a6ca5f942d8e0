//! Rules in JSON: a list of objects, or an object with that list under `rules`, such as a set-up file.

use serde::de::IgnoredAny;
use serde_json::Value;

use super::{PastedFormat, Raw, Rows, nothing};
use crate::fault::Fault;
use crate::finding::Finding;
use crate::json::{self, Unreadable};
use crate::rules::Rule;
use crate::text::shown;

/// Reads rules in JSON.
pub(super) fn read(text: &str) -> Rows {
    // The reader that refuses a member that stands twice wants an object around all.
    let whole = match text.trim_start().starts_with('[') {
        true => format!("{{\"rules\":{text}}}"),
        false => text.to_owned(),
    };
    let members = match json::members(whole.as_bytes()) {
        Ok(members) => members,
        Err(unreadable) => return nothing(PastedFormat::Json, why(text, unreadable)),
    };
    let Some(Value::Array(entries)) = members.find("rules") else {
        return nothing(PastedFormat::Json, Fault::PastedRulesNone {});
    };
    Rows {
        format: PastedFormat::Json,
        rows: (1..)
            .zip(entries)
            .map(|(place, entry)| row(place, entry))
            .collect(),
        findings: Vec::new(),
    }
}

fn row(line: usize, entry: &Value) -> Raw {
    let mut rule = Rule::default();
    let mut findings = Vec::new();
    let Value::Object(members) = entry else {
        let fault = Fault::PastedEntryNoRule {};
        return Raw {
            line,
            rule,
            findings: vec![Finding::error(fault)],
        };
    };
    for (name, value) in members {
        let part = match name.as_str() {
            "claim" => &mut rule.claim,
            "value" => &mut rule.value,
            "role" => &mut rule.role,
            _ => {
                let name = shown(name, 100);
                findings.push(Finding::note(Fault::PastedMemberUnknown { name }));
                continue;
            }
        };
        match value {
            Value::String(text) => part.clone_from(text),
            // As a claim that is a number or a boolean is compared.
            Value::Number(_) | Value::Bool(_) => *part = value.to_string(),
            _ => {
                let name = shown(name, 100);
                findings.push(Finding::error(Fault::PastedMemberNoText { name }));
            }
        }
    }
    Raw {
        line,
        rule,
        findings,
    }
}

fn why(text: &str, unreadable: Unreadable) -> Fault {
    let expected = "a list of objects with claim, value and role".to_owned();
    match (unreadable, serde_json::from_str::<IgnoredAny>(text)) {
        (Unreadable::Twice(name), _) => Fault::PastedMemberTwice {
            name: shown(&name, 100),
        },
        (Unreadable::NotAnObject, Err(error)) => Fault::PastedNotJson {
            line: error.line(),
            column: error.column(),
            expected,
        },
        (Unreadable::NotAnObject, Ok(_)) => Fault::PastedRulesNone {},
    }
}
