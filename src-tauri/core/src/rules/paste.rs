//! Many rules pasted at once: a table (CSV, or what a spreadsheet copies), or JSON.
//!
//! Nothing is taken that is not shown first: every row comes with what there is to say about it, as
//! if it stood behind the rules that are there.

mod entries;
mod table;

use serde::{Deserialize, Serialize};
use specta::Type;

use super::lint::lint;
use super::{Rule, RuleList};
use crate::catalogue::Service;
use crate::fault::Fault;
use crate::finding::{Finding, Severity, Told};
use crate::paste::LARGEST;

/// The most rules that are read at once.
pub const MOST: usize = 2_000;

/// The claim that rows without one are about, where no rule says otherwise.
const USUAL_CLAIM: &str = "groups";

/// What was pasted.
#[derive(Clone, Debug, PartialEq, Serialize, Type)]
pub struct PastedRules {
    /// How it was written.
    pub format: PastedFormat,
    /// The rules, in their order, with those that cannot be read.
    pub rows: Vec<PastedRule>,
    /// What there is to say about all of it.
    pub findings: Vec<Told>,
}

/// How rules were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum PastedFormat {
    /// Fields between commas or semicolons (RFC 4180).
    Csv,
    /// Fields between tabs, as a spreadsheet copies them.
    Spreadsheet,
    /// A JSON list of objects, or a set-up file.
    Json,
}

/// One pasted rule.
#[derive(Clone, Debug, PartialEq, Serialize, Type)]
pub struct PastedRule {
    /// The line on which it begins, counted from 1; of JSON, the place in the list.
    pub line: usize,
    /// The rule, as far as it could be read.
    pub rule: Rule,
    /// What there is to say about it.
    pub findings: Vec<Told>,
    /// Whether it would do something, and nothing stands against it.
    pub sound: bool,
}

/// A row before it is held against anything.
struct Raw {
    line: usize,
    rule: Rule,
    findings: Vec<Finding>,
}

/// What a reader got out of a text.
struct Rows {
    format: PastedFormat,
    rows: Vec<Raw>,
    findings: Vec<Finding>,
}

/// Reads pasted rules. `present` are those that they would stand behind.
pub fn read(text: &str, present: &RuleList, service: &Service, owner_email: &str) -> PastedRules {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut rows = if text.len() > LARGEST {
        nothing(PastedFormat::Csv, Fault::PastedTooLong { limit: LARGEST })
    } else if text.trim_start().starts_with(['[', '{']) {
        entries::read(text)
    } else {
        table::read(text, usual_claim(present))
    };
    if rows.rows.len() > MOST {
        rows.rows.truncate(MOST);
        let fault = Fault::PastedRulesTooMany { limit: MOST };
        rows.findings.push(Finding::warning(fault));
    }
    if rows.rows.is_empty() && rows.findings.is_empty() {
        rows.findings
            .push(Finding::error(Fault::PastedRulesNone {}));
    }
    judge(&mut rows.rows, present, service, owner_email);
    PastedRules {
        format: rows.format,
        rows: rows.rows.into_iter().map(PastedRule::from).collect(),
        findings: rows.findings.iter().map(Finding::told).collect(),
    }
}

/// Says of every row that could be read what would be said of it in the list.
fn judge(rows: &mut [Raw], present: &RuleList, service: &Service, owner_email: &str) {
    let mut readable: Vec<&mut Raw> = rows
        .iter_mut()
        .filter(|row| !row.findings.iter().any(Finding::is_error))
        .collect();
    let mut whole = present.clone();
    whole.0.extend(readable.iter().map(|row| row.rule.clone()));
    for finding in lint(&whole, service, owner_email) {
        let row = finding
            .path
            .as_deref()
            .and_then(|path| path.strip_prefix("rules[")?.split_once(']')?.0.parse().ok())
            .and_then(|place: usize| readable.get_mut(place.checked_sub(present.0.len())?));
        // Where the Owner's rule stands is for the list to say, not for a row.
        match (row, &finding.fault) {
            (None, _) | (_, Fault::OwnerRuleNotFirst { .. }) => {}
            (Some(row), _) => row.findings.push(finding),
        }
    }
}

impl From<Raw> for PastedRule {
    fn from(raw: Raw) -> Self {
        let stands = |finding: &Finding| {
            finding.severity != Severity::Error
                && !matches!(
                    finding.fault,
                    Fault::RuleTwice { .. } | Fault::RuleContradicts { .. }
                )
        };
        Self {
            line: raw.line,
            sound: raw.findings.iter().all(stands),
            findings: raw.findings.iter().map(Finding::told).collect(),
            rule: raw.rule,
        }
    }
}

/// The claim of the last rule that is not about an address.
fn usual_claim(present: &RuleList) -> &str {
    let last = present.0.iter().rev().map(|rule| rule.claim.as_str());
    last.into_iter()
        .find(|claim| !claim.is_empty() && !super::lint::EMAIL_CLAIMS.contains(claim))
        .unwrap_or(USUAL_CLAIM)
}

fn nothing(format: PastedFormat, fault: Fault) -> Rows {
    Rows {
        format,
        rows: Vec::new(),
        findings: vec![Finding::error(fault)],
    }
}

#[cfg(test)]
mod tests;
