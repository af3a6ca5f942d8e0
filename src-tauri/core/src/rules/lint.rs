//! What can be said about a rule list before anybody signs in.
//!
//! A rule never decides exactly when an earlier rule has the same claim and value: each rule asks
//! for one value of one claim, so any other person who has its value reaches it.

pub(crate) mod letters;
mod order;
mod owner;
mod role;
mod value;

pub use owner::EMAIL_CLAIMS;
pub(crate) use role::is_misspelling;
pub(super) use role::names as role_names;

use super::{Rule, RuleList};
use crate::catalogue::Service;
use crate::check::field;
use crate::fault::Fault;
use crate::finding::Finding;
use crate::paste::clean::quoted;

/// Everything worth saying about these rules, in their order; what concerns the whole list first.
///
/// Paths are those of the set-up file: `rules`, `rules[0].claim`. Rules are named in the data as
/// they are numbered on screen, from 1.
pub fn lint(rules: &RuleList, service: &Service, owner_email: &str) -> Vec<Finding> {
    if rules.0.is_empty() {
        return vec![Finding::error(Fault::RulesMissing {}).at("rules")];
    }
    let mut findings = owner::rule(rules, service, owner_email);
    let mut earlier = order::Earlier::default();
    for (index, rule) in rules.0.iter().enumerate() {
        fields(index, rule, &mut findings);
        findings.extend(value::shape(index, rule, service));
        findings.extend(role::known(index, rule, service));
        findings.extend(earlier.against(index, rule, service));
    }
    findings.extend(order::broad_above(rules));
    findings
}

/// Where a field of a rule stands in the set-up file.
fn path(index: usize, field: &str) -> String {
    format!("rules[{index}].{field}")
}

fn fields(index: usize, rule: &Rule, findings: &mut Vec<Finding>) {
    for (name, text) in [
        ("claim", &rule.claim),
        ("value", &rule.value),
        ("role", &rule.role),
    ] {
        let path = path(index, name);
        if name == "role" && text.trim().is_empty() {
            findings.push(field::not_chosen(&path));
            continue;
        }
        // Invisible characters are part of some scripts: said, but no error.
        let visible: String = text
            .chars()
            .filter(|c| !super::compare::is_invisible(*c))
            .collect();
        if !field::text(&visible, &path, findings) {
            continue;
        }
        if text != text.trim() {
            let fault = Fault::FieldHasSpaceAround {
                field: path.clone(),
            };
            findings.push(Finding::warning(fault).at(&*path));
        }
        if name != "role" {
            findings.extend(placeholder(text, &path));
            if let Some(inside) = quoted(text.trim()).filter(|inside| !inside.is_empty()) {
                let mend = crate::text::shown(inside, 500);
                findings.push(Finding::warning(Fault::FieldIsQuoted { mend }).at(&*path));
            }
        }
        findings.extend(letters::doubtful(text, &path));
    }
}

fn placeholder(text: &str, path: &str) -> Option<Finding> {
    if super::compare::is_guid(text) {
        return None;
    }
    let placeholder = field::placeholder(text)?;
    let fault = Fault::PlaceholderLeftIn {
        field: path.to_owned(),
        placeholder,
    };
    // A group may be called so; the first sign-in will tell.
    Some(Finding::warning(fault).at(path))
}

#[cfg(test)]
mod tests;
