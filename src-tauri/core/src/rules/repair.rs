//! What would mend a finding about the rules, as data: what to do, and to which rule.
//!
//! Only where it is certain. What a value should be is taken from what arrived, never guessed.

mod seen;

use serde::{Deserialize, Serialize};
use specta::Type;

use super::compare::{is_invisible, parts};
use super::dn::Dn;
use super::lint::{is_misspelling, role_names};
use super::looks;
use super::{NearMiss, Nearness, Rule, RuleList};
use crate::catalogue::Service;
use crate::fault::Fault;
use crate::finding::{Finding, Told};

pub use seen::Seen;

/// Acts that mend a finding, one after the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Repair {
    /// What to do, in this order. Rules are counted from 0, as they stand once the acts before are done.
    pub acts: Vec<RepairAct>,
}

/// One act on the list of rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum RepairAct {
    /// Write this into a rule.
    Set {
        /// Which rule.
        rule: usize,
        /// Which part of it.
        field: RulePart,
        /// What it says then.
        text: String,
    },
    /// Take a rule away.
    Remove {
        /// Which rule.
        rule: usize,
    },
    /// Put a rule elsewhere.
    Move {
        /// Which rule.
        rule: usize,
        /// Where it stands then.
        to: usize,
    },
    /// Put a new rule in.
    Insert {
        /// Where it stands then.
        at: usize,
        /// The rule.
        with: Rule,
    },
}

/// A part of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum RulePart {
    /// The claim's name.
    Claim,
    /// The value.
    Value,
    /// The role.
    Role,
}

/// What the repair of a finding has to know.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The rules.
    pub rules: &'a RuleList,
    /// The service that has the roles.
    pub service: &'a Service,
    /// The Owner's address.
    pub owner_email: &'a str,
    /// What arrived in test sign-ins.
    pub seen: &'a Seen<'a>,
}

impl Repair {
    fn of(act: RepairAct) -> Self {
        Self { acts: vec![act] }
    }

    fn set(rule: usize, field: RulePart, text: impl Into<String>) -> Self {
        let text = text.into();
        Self::of(RepairAct::Set { rule, field, text })
    }
}

impl RulePart {
    fn of(self, rule: &Rule) -> &str {
        match self {
            Self::Claim => &rule.claim,
            Self::Value => &rule.value,
            Self::Role => &rule.role,
        }
    }
}

/// A finding in words, with what would mend it.
pub fn told(finding: &Finding, about: About<'_>) -> Told {
    Told {
        repair: repair(finding, about),
        ..finding.told()
    }
}

impl NearMiss {
    /// What would make the rule match what arrived. None where no single value does: of several
    /// object IDs nobody can say which one is meant, and joined values have to be taken apart at the
    /// provider.
    pub(super) fn with_repair(mut self) -> Self {
        let part = match self.code {
            Nearness::GuidForName | Nearness::JoinedValues => return self,
            Nearness::ClaimNameDiffers => RulePart::Claim,
            _ => RulePart::Value,
        };
        let text = match part {
            RulePart::Claim => &self.claim,
            _ => &self.received,
        };
        // Counted from 1 there, from 0 in acts.
        let rule = (self.rule as usize).saturating_sub(1);
        self.repair = Some(Repair::set(rule, part, text));
        self
    }
}

/// What would mend this finding, where that is certain.
pub fn repair(finding: &Finding, about: About<'_>) -> Option<Repair> {
    let path = finding.path.as_deref().unwrap_or_default();
    match &finding.fault {
        Fault::RulesMissing {}
        | Fault::OwnerRuleMissing { .. }
        | Fault::OwnerRuleOfAnother { .. } => owner_rule(about),
        _ => of_rule(&finding.fault, place(path)?, about),
    }
}

fn of_rule(
    fault: &Fault,
    (index, part): (usize, Option<RulePart>),
    about: About<'_>,
) -> Option<Repair> {
    let rule = about.rules.0.get(index)?;
    match fault {
        Fault::OwnerRuleNotHighest { highest, .. } => {
            Some(Repair::set(index, RulePart::Role, highest))
        }
        Fault::OwnerRuleCaseDiffers { .. } => value_that_arrived(index, rule, about, |value| {
            value.to_lowercase() == rule.value.to_lowercase()
        }),
        Fault::OwnerRuleNotFirst { .. } => Some(Repair::of(RepairAct::Move { rule: index, to: 0 })),
        Fault::RuleTwice { .. } | Fault::RuleContradicts { .. } => {
            Some(Repair::of(RepairAct::Remove { rule: index }))
        }
        Fault::RuleCaseTwin { first } => twin(index, first.checked_sub(1)?, about),
        Fault::RuleClaimCaseTwin { first, .. } => claim_twin(index, first.checked_sub(1)?, about),
        Fault::RuleLesserRoleFirst { first, .. } => Some(Repair::of(RepairAct::Move {
            rule: index,
            to: first.checked_sub(1)?,
        })),
        Fault::RuleBroadAbove { .. } => Some(Repair::of(RepairAct::Move {
            rule: index,
            to: about.rules.0.len().checked_sub(1)?,
        })),
        Fault::RoleSpelling { near, .. } => Some(Repair::set(index, RulePart::Role, near)),
        Fault::UnknownRole { .. } => {
            let near = role_names(about.service).find(|name| is_misspelling(&rule.role, name))?;
            Some(Repair::set(index, RulePart::Role, near))
        }
        Fault::RuleValueIsDn { .. } => {
            let dn: Dn = rule.value.trim().parse().ok()?;
            value_that_arrived(index, rule, about, |value| {
                dn.short_names().any(|name| name == value)
            })
        }
        Fault::RuleValueIsJoined { separator, .. } => split(index, rule, separator, about.seen),
        Fault::FieldHasSpaceAround { .. } => {
            rewritten(index, part?, about, |text| text.trim().to_owned())
        }
        Fault::RuleHasInvisibleCharacter { .. } => {
            let bare =
                |text: &str| -> String { text.chars().filter(|c| !is_invisible(*c)).collect() };
            alike(index, part?, about).or_else(|| {
                let text = bare(part?.of(rule));
                // In scripts that join their letters such a character may be spelling.
                text.is_ascii()
                    .then(|| rewritten(index, part?, about, bare))?
            })
        }
        Fault::RuleNotNormalized {} => {
            alike(index, part?, about).or_else(|| rewritten(index, part?, about, looks::composed))
        }
        Fault::RuleLooksAlike { .. } => alike(index, part?, about),
        _ => None,
    }
}

/// The rule that keeps the Owner in: under the name, and as the address, that arrived.
fn owner_rule(about: About<'_>) -> Option<Repair> {
    let mut with = Rule::for_owner(about.service, about.owner_email)?;
    let arrived = super::lint::EMAIL_CLAIMS.into_iter().find_map(|claim| {
        let is_owner = |value: &str| value.eq_ignore_ascii_case(&with.value);
        Some((claim, about.seen.only(claim, is_owner)?))
    });
    if let Some((claim, value)) = arrived {
        (with.claim, with.value) = (claim.to_owned(), value.to_owned());
    }
    Some(Repair::of(RepairAct::Insert { at: 0, with }))
}

/// The one value that arrived in the rule's claim and fits, unless the rule's own arrived.
fn value_that_arrived(
    index: usize,
    rule: &Rule,
    about: About<'_>,
    fits: impl Fn(&str) -> bool,
) -> Option<Repair> {
    if about.seen.has(&rule.claim, &rule.value) {
        return None;
    }
    let value = about.seen.only(&rule.claim, fits)?;
    Some(Repair::set(index, RulePart::Value, value))
}

/// The one text that arrived, or that the service has, and that the eye cannot tell from this one.
fn alike(index: usize, part: RulePart, about: About<'_>) -> Option<Repair> {
    let rule = about.rules.0.get(index)?;
    let text = part.of(rule);
    let looks = looks::skeleton(text);
    let same = |other: &str| looks::skeleton(other) == looks;
    let found = match part {
        RulePart::Value if about.seen.has(&rule.claim, text) => None,
        RulePart::Value => about.seen.only(&rule.claim, same),
        RulePart::Claim if about.seen.came(text) => None,
        RulePart::Claim => seen::only(about.seen.claims().filter(|name| same(name))),
        RulePart::Role => seen::only(role_names(about.service).filter(|name| same(name))),
    };
    Some(Repair::set(
        index,
        part,
        found.filter(|found| *found != text)?,
    ))
}

/// The same text otherwise written, unless it arrived just as it stands.
fn rewritten(
    index: usize,
    part: RulePart,
    about: About<'_>,
    write: impl Fn(&str) -> String,
) -> Option<Repair> {
    let rule = about.rules.0.get(index)?;
    let text = part.of(rule);
    let arrived = match part {
        RulePart::Value => about.seen.has(&rule.claim, text),
        RulePart::Claim => about.seen.came(text),
        RulePart::Role => false,
    };
    let written = write(text);
    let changes = !arrived && !written.is_empty() && written != text;
    changes.then(|| Repair::set(index, part, written))
}

/// Of two rules that differ by case and give the same, the one whose value never arrived goes.
fn twin(index: usize, first: usize, about: About<'_>) -> Option<Repair> {
    let (one, other) = (about.rules.0.get(index)?, about.rules.0.get(first)?);
    let came = |rule: &Rule| about.seen.has(&rule.claim, &rule.value);
    let rule = match (came(one), came(other)) {
        _ if one.role != other.role => return None,
        (true, false) => first,
        (false, true) => index,
        _ => return None,
    };
    Some(Repair::of(RepairAct::Remove { rule }))
}

fn claim_twin(index: usize, first: usize, about: About<'_>) -> Option<Repair> {
    let (one, other) = (about.rules.0.get(index)?, about.rules.0.get(first)?);
    let (rule, from) = match (about.seen.came(&one.claim), about.seen.came(&other.claim)) {
        (true, false) => (first, one),
        (false, true) => (index, other),
        _ => return None,
    };
    Some(Repair::set(rule, RulePart::Claim, &from.claim))
}

/// One rule for each of the joined values, where one of them arrived alone and all together did not.
fn split(index: usize, rule: &Rule, separator: &str, seen: &Seen<'_>) -> Option<Repair> {
    let values: Vec<&str> = parts(&rule.value, separator.chars().next()?).collect();
    let alone = values.iter().any(|value| seen.has(&rule.claim, value));
    if !alone || seen.has(&rule.claim, &rule.value) {
        return None;
    }
    let (first, more) = values.split_first()?;
    let mut repair = Repair::set(index, RulePart::Value, *first);
    for (place, value) in (index + 1..).zip(more) {
        let value = (*value).to_owned();
        let with = Rule {
            value,
            ..rule.clone()
        };
        repair.acts.push(RepairAct::Insert { at: place, with });
    }
    Some(repair)
}

/// The rule, and the part of it, that a path names: `rules[3].value`.
fn place(path: &str) -> Option<(usize, Option<RulePart>)> {
    let (index, rest) = path.strip_prefix("rules[")?.split_once(']')?;
    let part = match rest {
        ".claim" => Some(RulePart::Claim),
        ".value" => Some(RulePart::Value),
        ".role" => Some(RulePart::Role),
        _ => None,
    };
    Some((index.parse().ok()?, part))
}

#[cfg(test)]
mod tests;
