//! The priority list: top-down, case-sensitive, the first match wins.
//!
//! The rule that decides is found by [`RuleList::decide`] and explained by [`RuleList::resolve`],
//! which share one look-up, and nowhere else: the test sign-in, the replay of evidence, the people
//! preview and the command all call them.

pub mod api;
pub(crate) mod compare;
pub mod dn;
mod explain;
pub mod lint;
mod looks;
mod near;
pub mod paste;
pub mod repair;
pub mod sql;
pub mod try_it;

use std::collections::HashSet;

use foldhash::fast::RandomState;
use indexmap::IndexSet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::catalogue::Service;
use crate::claims::Claims;

pub use explain::{Explained, Why};
pub use near::{NearMiss, Nearness};

/// Whoever has this value in this claim gets this role.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, Type, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The claim's name, compared byte for byte.
    pub claim: String,
    /// The value, compared byte for byte with each value of the claim.
    pub value: String,
    /// The role by its name at the service.
    pub role: String,
}

impl Rule {
    /// Whether one of the claim's values is this rule's, byte for byte.
    pub fn matches(&self, claims: &Claims) -> bool {
        claims.values(&self.claim).contains(&self.value)
    }
}

/// Rules in their order of priority.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type, JsonSchema)]
#[serde(transparent)]
pub struct RuleList(pub Vec<Rule>);

/// Who gets which role, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct Resolution {
    /// The role. The service's fallback when no rule matched.
    pub role: String,
    /// The rule that decided, counted from 1; none at the fallback.
    pub rule: Option<u32>,
    /// Rules below it that would have matched too, counted from 1.
    pub also: Vec<u32>,
    /// Rules that would match but for one difference.
    pub near_misses: Vec<NearMiss>,
}

impl RuleList {
    /// The rule that decides for these claims, counted from 1; none at the fallback.
    ///
    /// For whoever asks about many people and needs no explanation; [`Self::resolve`] explains.
    pub fn decide(&self, claims: &Claims) -> Option<u32> {
        let held = Held::of(claims);
        numbered(&self.0)
            .find(|(_, rule)| held.matches(rule))
            .map(|(number, _)| number)
    }

    /// The role of the person with these claims, and why.
    pub fn resolve(&self, claims: &Claims, service: &Service) -> Resolution {
        let held = Held::of(claims);
        let (matching, unmatched): (Vec<_>, Vec<_>) =
            numbered(&self.0).partition(|(_, rule)| held.matches(rule));
        let mut matching = matching.into_iter();
        let winner = matching.next();
        Resolution {
            role: winner.map_or_else(|| service.fallback.clone(), |(_, rule)| rule.role.clone()),
            rule: winner.map(|(number, _)| number),
            also: matching.map(|(number, _)| number).collect(),
            near_misses: near::misses(&unmatched, claims),
        }
    }

    /// The names of all claims that a rule asks for, each once, in the order of the rules.
    pub fn claim_names(&self) -> Vec<&str> {
        let names: IndexSet<&str> = self.0.iter().map(|rule| rule.claim.as_str()).collect();
        names.into_iter().collect()
    }
}

/// Every pair of claim and value that came, so that a rule costs one look-up however many came.
struct Held<'a>(HashSet<(&'a str, &'a str), RandomState>);

impl<'a> Held<'a> {
    fn of(claims: &'a Claims) -> Self {
        let pairs = claims
            .iter()
            .flat_map(|(name, values)| values.iter().map(move |value| (name, value.as_str())));
        let mut held = HashSet::with_capacity_and_hasher(
            claims.iter().map(|(_, values)| values.len()).sum(),
            RandomState::default(),
        );
        held.extend(pairs);
        Self(held)
    }

    /// [`Rule::matches`], by look-up.
    fn matches(&self, rule: &Rule) -> bool {
        self.0.contains(&(rule.claim.as_str(), rule.value.as_str()))
    }
}

fn numbered(rules: &[Rule]) -> impl Iterator<Item = (u32, &Rule)> {
    (1..).zip(rules)
}

#[cfg(test)]
mod tests;
