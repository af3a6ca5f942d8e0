//! What rules say to each other: twins, contradictions, less privilege above more.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::path;
use super::role::rank;
use super::value::{is_pattern, stands_for_everyone};
use crate::catalogue::Service;
use crate::fault::Fault;
use crate::finding::Finding;
use crate::rules::compare::lowered;
use crate::rules::{Rule, RuleList};

/// The rules above the one that is looked at.
#[derive(Default)]
pub(super) struct Earlier<'a> {
    first: HashMap<(&'a str, &'a str), (usize, &'a str)>,
    first_lowered: HashMap<(&'a str, String), usize>,
    /// Claim names in small letters, with the first rule that has it.
    claims: HashMap<String, (usize, &'a str)>,
    /// Of the rules on groups, the one that gives least: its place, its role's rank, its role.
    least: Option<(usize, usize, &'a str)>,
}

impl<'a> Earlier<'a> {
    /// What stands between this rule and those above; then it is one of them.
    pub(super) fn against(
        &mut self,
        index: usize,
        rule: &'a Rule,
        service: &Service,
    ) -> Option<Finding> {
        if rule.claim.is_empty() || rule.value.is_empty() {
            return None;
        }
        match self.first.entry((&rule.claim, &rule.value)) {
            Entry::Occupied(first) => {
                let (first, role) = *first.get();
                return Some(
                    Finding::warning(never_decides(first, role, rule))
                        .at(format!("rules[{index}]")),
                );
            }
            Entry::Vacant(free) => free.insert((index, &rule.role)),
        };
        let claim = self.claim_twin(index, rule);
        let twin = self.case_twin(index, rule);
        let lesser = self.lesser_first(index, rule, service);
        claim.or(twin).or(lesser)
    }

    /// Said once for each way to write a claim's name.
    fn claim_twin(&mut self, index: usize, rule: &'a Rule) -> Option<Finding> {
        match self.claims.entry(lowered(&rule.claim).collect()) {
            Entry::Occupied(mut known) => {
                let (first, claim) = *known.get();
                if claim == rule.claim {
                    return None;
                }
                known.insert((index, &rule.claim));
                let fault = Fault::RuleClaimCaseTwin {
                    first: first + 1,
                    claim: crate::text::shown(claim, 100),
                };
                Some(Finding::warning(fault).at(path(index, "claim")))
            }
            Entry::Vacant(free) => {
                free.insert((index, &rule.claim));
                None
            }
        }
    }

    fn case_twin(&mut self, index: usize, rule: &'a Rule) -> Option<Finding> {
        match self
            .first_lowered
            .entry((&rule.claim, lowered(&rule.value).collect()))
        {
            Entry::Occupied(first) => {
                let fault = Fault::RuleCaseTwin {
                    first: first.get() + 1,
                };
                Some(Finding::note(fault).at(path(index, "value")))
            }
            Entry::Vacant(free) => {
                free.insert(index);
                None
            }
        }
    }

    fn lesser_first(&mut self, index: usize, rule: &'a Rule, service: &Service) -> Option<Finding> {
        // Nobody has two addresses in one claim: only rules on groups can meet in one person.
        if names_one_person(&rule.claim) {
            return None;
        }
        let rank = rank(&rule.role, service)?;
        let above = self.least;
        if above.is_none_or(|(_, least, _)| rank > least) {
            self.least = Some((index, rank, &rule.role));
        }
        let (first, _, lesser) = above.filter(|(_, least, _)| *least > rank)?;
        let fault = Fault::RuleLesserRoleFirst {
            first: first + 1,
            lesser: lesser.to_owned(),
            role: rule.role.clone(),
        };
        Some(Finding::note(fault).at(format!("rules[{index}]")))
    }
}

/// Rules on a group that holds everybody with other rules on groups below.
pub(super) fn broad_above(rules: &RuleList) -> Vec<Finding> {
    let mut below = 0;
    let mut findings = Vec::new();
    for (index, rule) in rules.0.iter().enumerate().rev() {
        if names_one_person(&rule.claim) || rule.value.is_empty() {
            continue;
        }
        if !stands_for_everyone(rule.value.trim()) {
            below += 1;
        } else if below > 0 && !is_pattern(&rule.value) {
            let value = crate::text::shown(&rule.value, 100);
            let fault = Fault::RuleBroadAbove { value, below };
            findings.push(Finding::warning(fault).at(format!("rules[{index}]")));
        }
    }
    findings.reverse();
    findings
}

fn never_decides(first: usize, role: &str, rule: &Rule) -> Fault {
    if role == rule.role {
        return Fault::RuleTwice { first: first + 1 };
    }
    Fault::RuleContradicts {
        first: first + 1,
        role: crate::text::shown(role, 100),
    }
}

/// Whether a claim of this name has one value, which belongs to one person.
fn names_one_person(claim: &str) -> bool {
    let last = claim
        .rsplit(['/', '#', ':'])
        .next()
        .unwrap_or(claim)
        .to_ascii_lowercase();
    const OF_ONE: [&str; 12] = [
        "email",
        "emailaddress",
        "mail",
        "sub",
        "oid",
        "upn",
        "preferred_username",
        "username",
        "nameid",
        "nameidentifier",
        "name",
        "login",
    ];
    OF_ONE.contains(&last.as_str())
}
