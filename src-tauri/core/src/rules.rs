//! The priority list: top-down, case-sensitive, the first match wins.
//!
//! The role of a person is computed in [`RuleList::resolve`] and nowhere else: the test sign-in,
//! the replay of evidence, the people preview and the command all call it.

mod near;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::catalogue::Service;
use crate::claims::Claims;

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
        claims
            .values(&self.claim)
            .iter()
            .any(|value| *value == self.value)
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
    /// The role of the person with these claims.
    pub fn resolve(&self, claims: &Claims, service: &Service) -> Resolution {
        let mut matching = numbered(&self.0).filter(|(_, rule)| rule.matches(claims));
        let winner = matching.next();
        let also = matching.map(|(number, _)| number).collect();
        let near_misses = numbered(&self.0)
            .filter(|(_, rule)| !rule.matches(claims))
            .flat_map(|(number, rule)| near::misses(number, rule, claims))
            .collect();
        Resolution {
            role: winner.map_or_else(|| service.fallback.clone(), |(_, rule)| rule.role.clone()),
            rule: winner.map(|(number, _)| number),
            also,
            near_misses,
        }
    }

    /// The names of all claims that a rule asks for, each once, in the order of the rules.
    pub fn claim_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for rule in &self.0 {
            if !names.contains(&rule.claim.as_str()) {
                names.push(&rule.claim);
            }
        }
        names
    }
}

fn numbered(rules: &[Rule]) -> impl Iterator<Item = (u32, &Rule)> {
    (1..).zip(rules)
}
