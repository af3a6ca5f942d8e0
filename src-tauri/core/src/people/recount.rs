//! How many people get which role, for any order of the rules.
//!
//! A second way to the same answer: [`RuleList::decide`] asks one person about all rules, this asks
//! all people about one rule after the other. That both agree on every directory is held by a test.

mod forecast;
mod lesser;
mod roles;
mod set;

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::directory::Directory;
use crate::catalogue::Service;
use crate::rules::{Rule, RuleList};
pub use forecast::Forecast;
pub use lesser::Lesser;
use roles::Roles;
use set::{Claimed, Set};

/// Who gets what, in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct Recount {
    /// How many people there are.
    pub people: u32,
    /// How many people rules give each role, the roles in the service's order; those that nobody
    /// gets are left out.
    pub roles: IndexMap<String, u32>,
    /// How many people no rule matches.
    pub fallback: u32,
    /// Each rule, in order.
    pub rules: Vec<Counts>,
}

/// What one rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
pub struct Counts {
    /// The rule, counted from 1.
    pub rule: u32,
    /// How many people it matches.
    pub matches: u32,
    /// For how many it is the first that matches.
    pub decides: u32,
}

/// People who get another role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct RoleChange {
    /// The role they get now.
    pub from: String,
    /// The role they would get.
    pub to: String,
    /// How many.
    pub people: u32,
}

/// Some of the people whom a number stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct Part {
    /// How many there are in all.
    pub total: u32,
    /// Those asked for, in the order of the directory.
    pub people: Vec<Person>,
}

/// One person and what decides for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct Person {
    /// The address, or the name of one who has none.
    pub name: String,
    /// The rule that decides, counted from 1; none at the fallback.
    pub rule: Option<u32>,
    /// The role.
    pub role: String,
}

/// Whose list is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// Everybody's.
    All,
    /// Of those for whom this rule decides, counted from 1.
    Rule(u32),
    /// Of those whom this rule matches, whichever decides, counted from 1.
    Matching(u32),
    /// Of those whom rules give this role.
    Role(String),
    /// Of those whom no rule matches.
    Fallback,
}

/// A directory, and for each rule that was counted the people whom it matches: what makes the next
/// count cheap, however the rules are moved.
#[derive(Debug)]
pub struct Preview {
    directory: Arc<Directory>,
    matching: HashMap<(String, String), Arc<Set>, RandomState>,
    /// What was weighed against last.
    before: Option<Roles>,
    /// Room for everybody's role, so that weighing again and again asks for no memory.
    after: Vec<u16>,
}

/// How many sets are kept for rules that are gone, so that undoing costs nothing.
const KEPT: usize = 512;

impl Preview {
    /// Nothing is counted yet.
    pub fn new(directory: Arc<Directory>) -> Self {
        Self {
            directory,
            matching: HashMap::default(),
            before: None,
            after: Vec::new(),
        }
    }

    /// The people.
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// Counts. The first time a claim and value are asked for costs one look at all memberships,
    /// for any number of rules at once; a rule that was moved costs nothing but the count.
    pub fn recount(&mut self, rules: &RuleList, service: &Service) -> Recount {
        let sets = self.sets(rules);
        let mut claimed = Claimed::none_of(self.directory.len());
        let counts: Vec<Counts> = (1..)
            .zip(&sets)
            .map(|(rule, set)| Counts {
                rule,
                matches: set.len(),
                decides: claimed.take(set),
            })
            .collect();
        let people = self.directory.len() as u32;
        Recount {
            people,
            roles: roles(rules, &counts, service),
            fallback: people - counts.iter().map(|count| count.decides).sum::<u32>(),
            rules: counts,
        }
    }

    /// Some of the people whom a number stands for: those whose name holds `search`, capitals or
    /// not, `limit` of them after the first `offset`.
    pub fn list(
        &mut self,
        whose: &Whose,
        search: &str,
        (offset, limit): (usize, usize),
        rules: &RuleList,
        service: &Service,
    ) -> Part {
        let decided = self.decided(rules);
        let matching = match whose {
            Whose::Matching(rule) => rules.0.get((*rule as usize).wrapping_sub(1)),
            _ => None,
        };
        let matching = matching.map(|rule| self.set(rule).members(self.directory.len()));
        let rule_of = |number: u32| rules.0.get((number as usize).wrapping_sub(1));
        let is_asked_for = |person: u32| {
            let number = decided[person as usize];
            match whose {
                Whose::All => true,
                Whose::Rule(rule) => number == *rule && number != 0,
                Whose::Matching(_) => matching.as_ref().is_some_and(|set| set[person as usize]),
                Whose::Role(role) => rule_of(number).is_some_and(|rule| rule.role == *role),
                Whose::Fallback => number == 0,
            }
        };
        let mut part = Part {
            total: 0,
            people: Vec::new(),
        };
        for person in 0..self.directory.len() as u32 {
            let name = self.directory.name(person);
            if !is_asked_for(person) || !holds(name, search) {
                continue;
            }
            if part.total as usize >= offset && part.people.len() < limit {
                let number = decided[person as usize];
                let rule = rule_of(number);
                part.people.push(Person {
                    name: name.to_owned(),
                    rule: rule.map(|_| number),
                    role: rule.map_or(&service.fallback, |rule| &rule.role).clone(),
                });
            }
            part.total += 1;
        }
        part
    }

    /// For each person the rule that decides, counted from 1; 0 at the fallback.
    pub fn decided(&mut self, rules: &RuleList) -> Vec<u32> {
        let sets = self.sets(rules);
        let mut decided = vec![0; self.directory.len()];
        let mut claimed = Claimed::none_of(self.directory.len());
        for (rule, set) in (1..).zip(&sets) {
            claimed.take_each(set, |person| decided[person as usize] = rule);
        }
        decided
    }

    /// Whom each rule matches, in the order of the rules.
    fn sets(&mut self, rules: &RuleList) -> Vec<Arc<Set>> {
        if self.matching.len() > rules.0.len() + KEPT {
            let asked: std::collections::HashSet<(&str, &str)> = rules
                .0
                .iter()
                .map(|rule| (&*rule.claim, &*rule.value))
                .collect();
            self.matching
                .retain(|(claim, value), _| asked.contains(&(claim.as_str(), value.as_str())));
        }
        let missing: Vec<&Rule> = rules
            .0
            .iter()
            .filter(|rule| !self.matching.contains_key(&key(rule)))
            .collect();
        for (rule, set) in missing.iter().zip(self.directory.matching(&missing)) {
            self.matching.insert(key(rule), Arc::new(set));
        }
        rules.0.iter().map(|rule| self.set(rule)).collect()
    }

    /// Whom a rule matches that was asked for before.
    fn set(&self, rule: &Rule) -> Arc<Set> {
        self.matching.get(&key(rule)).cloned().unwrap_or_default()
    }
}

impl Directory {
    /// Counts once. Whoever counts again and again keeps a [`Preview`].
    pub fn recount(self: &Arc<Self>, rules: &RuleList, service: &Service) -> Recount {
        Preview::new(self.clone()).recount(rules, service)
    }

    /// Whom each of these rules matches.
    fn matching(&self, rules: &[&Rule]) -> Vec<Set> {
        if rules.is_empty() {
            return Vec::new();
        }
        // For each value the list, counted from 1, that whoever has it belongs in.
        let mut wanted = vec![0_u32; self.values.len()];
        let mut lists: Vec<Vec<u32>> = Vec::new();
        let mut list_of: Vec<usize> = Vec::with_capacity(rules.len());
        for rule in rules {
            let list = match self.number(&rule.claim, &rule.value) {
                None => 0,
                Some(number) => {
                    let slot = &mut wanted[number as usize];
                    if *slot == 0 {
                        let holders = self.holders[number as usize] as usize;
                        lists.push(Vec::with_capacity(holders));
                        *slot = lists.len() as u32;
                    }
                    *slot as usize
                }
            };
            list_of.push(list);
        }
        if !lists.is_empty() {
            self.collect(&wanted, &mut lists);
        }
        let people = self.len();
        let mut uses = vec![0_usize; lists.len() + 1];
        list_of.iter().for_each(|list| uses[*list] += 1);
        rules
            .iter()
            .zip(list_of)
            .map(|(rule, list)| {
                uses[list] -= 1;
                let mut of: Vec<u32> = match list {
                    0 => Vec::new(),
                    // Twins among the rules share a list; the last one takes it.
                    list if uses[list] > 0 => lists[list - 1].clone(),
                    list => std::mem::take(&mut lists[list - 1]),
                };
                if let Some(person) = self.addressed(&rule.claim, &rule.value)
                    && let Err(place) = of.binary_search(&person)
                {
                    of.insert(place, person);
                }
                Set::of(of, people)
            })
            .collect()
    }

    /// One look at all memberships.
    fn collect(&self, wanted: &[u32], lists: &mut [Vec<u32>]) {
        for person in 0..self.len() as u32 {
            self.numbers.each(self.range(person), |number| {
                let list = wanted[number as usize];
                if list != 0 {
                    lists[list as usize - 1].push(person);
                }
            });
        }
    }
}

fn key(rule: &Rule) -> (String, String) {
    (rule.claim.clone(), rule.value.clone())
}

fn roles(rules: &RuleList, counts: &[Counts], service: &Service) -> IndexMap<String, u32> {
    let mut roles: IndexMap<&str, u32> = IndexMap::new();
    for role in &service.roles {
        roles.insert(&role.name, 0);
    }
    for (rule, count) in rules.0.iter().zip(counts) {
        *roles.entry(&rule.role).or_default() += count.decides;
    }
    roles
        .into_iter()
        .filter(|(_, people)| *people > 0)
        .map(|(role, people)| (role.to_owned(), people))
        .collect()
}

/// Whether `name` holds `search`, the capitals of ASCII counting as small letters.
fn holds(name: &str, search: &str) -> bool {
    search.is_empty()
        || name
            .as_bytes()
            .windows(search.len())
            .any(|part| part.eq_ignore_ascii_case(search.as_bytes()))
}

#[cfg(test)]
mod tests;
