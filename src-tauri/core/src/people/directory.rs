//! The people of a company and what a provider would say about each: in memory, and small.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::GROUPS;
use super::memberships::Numbers;
use super::names::Names;
use crate::catalogue::Service;
use crate::claims::Claims;
use crate::rules::{Resolution, RuleList};

/// People, each with an address and the values of their claims.
///
/// A million people in 20 of 5,000 groups take about 85 MB.
#[derive(Clone)]
pub struct Directory {
    pub(super) people: Names,
    /// Those who are known by another name than an address, in order.
    pub(super) without_address: Vec<u32>,
    /// The claim that holds the address: its names alone, its values are `people`.
    pub(super) email: Claim,
    pub(super) claims: Vec<Claim>,
    pub(super) values: Vec<(u16, u32)>,
    pub(super) numbers: Numbers,
    pub(super) starts: Vec<u32>,
    /// How many people have each value.
    pub(super) holders: Vec<u32>,
    /// The names of groups by their identifiers, where both came.
    pub(super) ids: HashMap<String, String, RandomState>,
}

/// One claim: the names by which rules may ask for it, and its values.
#[derive(Clone, Default)]
pub(super) struct Claim {
    pub(super) names: Vec<String>,
    pub(super) values: Names,
    /// The number of each value among those of all claims.
    pub(super) numbers: Vec<u32>,
}

impl Claim {
    pub(super) fn called(name: &str) -> Self {
        Self {
            names: vec![name.to_owned()],
            ..Self::default()
        }
    }

    pub(super) fn is_called(&self, name: &str) -> bool {
        self.names.iter().any(|known| known == name)
    }

    pub(super) fn also_called(&mut self, name: &str) {
        if !self.is_called(name) {
            self.names.push(name.to_owned());
        }
    }
}

/// A value that people have, and how many.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, specta::Type)]
pub struct Held {
    /// The value, as it came.
    pub value: String,
    /// How many people have it.
    pub people: u32,
}

impl Directory {
    /// How many people there are.
    pub fn len(&self) -> usize {
        self.people.len()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many values all people have together, addresses not counted.
    pub fn memberships(&self) -> usize {
        self.numbers.len()
    }

    /// The address of a person, or the name by which one without an address is known.
    pub fn name(&self, person: u32) -> &str {
        self.people.text(person)
    }

    /// The person with this address or name.
    pub fn find(&self, name: &str) -> Option<u32> {
        self.people.find(name)
    }

    /// The names by which rules may ask for what is here, the address first.
    pub fn claim_names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.email)
            .chain(&self.claims)
            .flat_map(|claim| claim.names.iter().map(String::as_str))
    }

    /// Each claim by its first name, and how many different values it has; the address first.
    pub fn claims_held(&self) -> impl Iterator<Item = (&str, usize)> {
        let addresses = self.len() - self.without_address.len();
        std::iter::once((&self.email, addresses))
            .chain(self.claims.iter().map(|claim| (claim, claim.values.len())))
            .filter_map(|(claim, values)| Some((claim.names.first()?.as_str(), values)))
    }

    /// Whether rules may ask for a claim of this name.
    pub fn has_claim(&self, name: &str) -> bool {
        self.claim_names().any(|known| known == name)
    }

    /// Whether rules that ask for a claim of this name ask for groups.
    pub fn is_groups(&self, name: &str) -> bool {
        let is_it = |claim: &Claim| claim.is_called(GROUPS) && claim.is_called(name);
        self.claims.iter().any(is_it)
    }

    /// The name of the group with this identifier, where both came and no group bears the
    /// identifier as its name.
    pub fn group_called(&self, claim: &str, id: &str) -> Option<&str> {
        let name = self.ids.get(id)?;
        (self.is_groups(claim) && self.number(claim, id).is_none()).then_some(name)
    }

    /// What a provider would say about this person.
    pub fn claims(&self, person: u32) -> Claims {
        let mut claims = Claims::default();
        if !self.is_without_address(person) {
            for name in &self.email.names {
                claims.push(name, self.name(person));
            }
        }
        self.numbers.each(self.range(person), |number| {
            let (claim, at) = self.values[number as usize];
            let claim = &self.claims[usize::from(claim)];
            for name in &claim.names {
                claims.push(name, claim.values.text(at));
            }
        });
        claims
    }

    /// The role of one person, explained.
    pub fn resolve(&self, person: u32, rules: &RuleList, service: &Service) -> Resolution {
        rules.resolve(&self.claims(person), service)
    }

    /// The values of a claim that begin with `prefix`, capitals or not, those that most people have
    /// first; at most `limit`.
    pub fn values(&self, claim: &str, prefix: &str, limit: usize) -> Vec<Held> {
        let begins = |text: &str| {
            let head = text.as_bytes().get(..prefix.len());
            head.is_some_and(|head| head.eq_ignore_ascii_case(prefix.as_bytes()))
        };
        if self.email.is_called(claim) {
            return (0..self.len() as u32)
                .filter(|person| !self.is_without_address(*person) && begins(self.name(*person)))
                .take(limit)
                .map(|person| Held {
                    value: self.name(person).to_owned(),
                    people: 1,
                })
                .collect();
        }
        let Some(claim) = self.claims.iter().find(|known| known.is_called(claim)) else {
            return Vec::new();
        };
        let mut found: Vec<(u32, &str)> = (0..)
            .zip(&claim.numbers)
            .map(|(at, number)| (self.holders[*number as usize], claim.values.text(at)))
            .filter(|(_, text)| begins(text))
            .collect();
        found.sort_unstable_by(|(a, one), (b, other)| b.cmp(a).then_with(|| one.cmp(other)));
        found
            .into_iter()
            .take(limit)
            .map(|(people, value)| Held {
                value: value.to_owned(),
                people,
            })
            .collect()
    }

    /// Calls `take` for each value of a claim, with how many people have it.
    pub(super) fn each_value<'a>(&'a self, claim: &str, mut take: impl FnMut(&'a str, u32)) {
        if self.email.is_called(claim) {
            (0..self.len() as u32)
                .filter(|person| !self.is_without_address(*person))
                .for_each(|person| take(self.name(person), 1));
        } else if let Some(claim) = self.claims.iter().find(|known| known.is_called(claim)) {
            for (at, number) in (0..).zip(&claim.numbers) {
                take(claim.values.text(at), self.holders[*number as usize]);
            }
        }
    }

    /// How many people have more than `limit` values in this claim, and the most that one has.
    pub fn above(&self, claim: &str, limit: usize) -> (u32, u32) {
        let Some(claim) = self.claims.iter().position(|known| known.is_called(claim)) else {
            return (0, 0);
        };
        let (mut people, mut most) = (0, 0);
        for person in 0..self.len() as u32 {
            let mut count = 0;
            self.numbers.each(self.range(person), |number| {
                count += u32::from(usize::from(self.values[number as usize].0) == claim);
            });
            people += u32::from(count as usize > limit);
            most = most.max(count);
        }
        (people, most)
    }

    pub(super) fn is_without_address(&self, person: u32) -> bool {
        self.without_address.binary_search(&person).is_ok()
    }

    /// Where this person's values stand.
    pub(super) fn range(&self, person: u32) -> std::ops::Range<usize> {
        let at = person as usize;
        self.starts[at] as usize..self.starts[at + 1] as usize
    }

    /// The number of a value of a claim that is no address.
    pub(super) fn number(&self, claim: &str, value: &str) -> Option<u32> {
        let claim = self.claims.iter().find(|known| known.is_called(claim))?;
        let at = claim.values.find(value)?;
        claim.numbers.get(at as usize).copied()
    }

    /// The person whose address this is, where rules ask for addresses by this name.
    pub(super) fn addressed(&self, claim: &str, value: &str) -> Option<u32> {
        let person = self.email.is_called(claim).then(|| self.find(value))??;
        (!self.is_without_address(person)).then_some(person)
    }
}

/// Nobody is named where a program prints what it holds.
impl std::fmt::Debug for Directory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Directory")
            .field("people", &self.len())
            .field("memberships", &self.memberships())
            .finish_non_exhaustive()
    }
}
