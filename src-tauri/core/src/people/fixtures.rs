//! What the tests of several files begin with.

use super::{Directory, OnBroken, csv};
use crate::rules::{Rule, RuleList};

/// Rules for these claims and values, all with one role.
pub(super) fn rules(rules: &[(&str, &str)]) -> RuleList {
    let rule = |(claim, value): &(&str, &str)| Rule {
        claim: (*claim).into(),
        value: (*value).into(),
        role: "Viewer".into(),
    };
    RuleList(rules.iter().map(rule).collect())
}

/// The people of a CSV file.
pub(super) fn directory(text: &str) -> Directory {
    csv::read(text.as_bytes(), None, OnBroken::Refuse)
        .unwrap()
        .directory
}

/// Two colleagues.
pub(super) fn colleagues() -> Directory {
    directory("email,groups\nana@acme.example,SecOps;Dev\nbob@acme.example,Dev\n")
}
