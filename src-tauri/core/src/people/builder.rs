//! Putting a directory together, one person and one value at a time, in whatever order they come.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::directory::{Claim, Directory};
use super::memberships::Numbers;
use super::names::{Full, Names};
use crate::fault::Fault;

/// The most people that are taken in.
pub const MOST_PEOPLE: usize = 10_000_000;

/// The most memberships, one for each value that a person has.
pub const MOST_MEMBERSHIPS: usize = 400_000_000;

/// The most bytes that all names and values may have together.
pub const MOST_BYTES: usize = 1 << 30;

/// A directory that is being read.
pub(super) struct Builder {
    people: Names,
    without_address: Vec<u32>,
    email: Claim,
    claims: Vec<Claim>,
    /// The claim that each value belongs to, and its number there.
    values: Vec<(u16, u32)>,
    /// The values of each person, person after person.
    numbers: Numbers,
    /// Where each person's values begin.
    starts: Vec<u32>,
    /// What came for a person after another person had begun: person, value.
    later: Vec<(u32, u32)>,
    /// For each value the last person (counted from 1) for whom it came.
    seen: Vec<u32>,
    bytes: usize,
    limit: usize,
    /// The names of groups by their identifiers.
    ids: HashMap<String, String, RandomState>,
}

impl Builder {
    pub(super) fn new() -> Self {
        Self::with_limit(MOST_PEOPLE)
    }

    pub(super) fn with_limit(people: usize) -> Self {
        Self {
            people: Names::default(),
            without_address: Vec::new(),
            email: Claim::called("email"),
            claims: Vec::new(),
            values: Vec::new(),
            numbers: Numbers::default(),
            starts: Vec::new(),
            later: Vec::new(),
            seen: Vec::new(),
            bytes: 0,
            limit: people,
            ids: HashMap::default(),
        }
    }

    /// The claim that is known by these names, the first of which is its own.
    pub(super) fn claim(&mut self, names: &[&str]) -> usize {
        let known = self
            .claims
            .iter()
            .position(|claim| claim.is_called(names[0]));
        let index = known.unwrap_or_else(|| {
            self.claims.push(Claim::default());
            self.claims.len() - 1
        });
        for name in names {
            self.claims[index].also_called(name);
        }
        index
    }

    /// One more claim, known by these names, whatever others are called.
    pub(super) fn next_claim(&mut self, names: Vec<String>) {
        self.claims.push(Claim {
            names,
            ..Claim::default()
        });
    }

    /// The address stands under this name too.
    pub(super) fn address_called(&mut self, name: &str) {
        self.email.also_called(name);
    }

    /// The person who is known by this address, and whether this is the first that is heard of them.
    pub(super) fn person(&mut self, address: &str) -> Result<(u32, bool), Fault> {
        let (person, is_new) = self.people.number(address).map_err(too_many_bytes)?;
        if is_new {
            self.bytes += address.len();
            self.starts.push(self.numbers.len() as u32);
            if self.people.len() > self.limit {
                return Err(too_large("people", self.limit));
            }
            if self.bytes > MOST_BYTES {
                return Err(too_many_bytes(Full));
            }
        }
        Ok((person, is_new))
    }

    /// The group that is called so has this identifier.
    pub(super) fn group_id(&mut self, id: &str, name: &str) -> Result<(), Fault> {
        if id != name && !self.ids.contains_key(id) {
            self.bytes += id.len() + name.len();
            if self.bytes > MOST_BYTES {
                return Err(too_many_bytes(Full));
            }
            self.ids.insert(id.to_owned(), name.to_owned());
        }
        Ok(())
    }

    /// A person who has a name and no address: no rule on addresses matches.
    pub(super) fn without_address(&mut self, person: u32) {
        self.without_address.push(person);
    }

    /// This person has this value in this claim.
    pub(super) fn has(&mut self, person: u32, claim: usize, value: &str) -> Result<(), Fault> {
        let value = self.value(claim, value)?;
        self.has_value(person, value)
    }

    /// The number of this value of this claim.
    pub(super) fn value(&mut self, claim: usize, value: &str) -> Result<u32, Fault> {
        let of = &mut self.claims[claim];
        let (at, is_new) = of.values.number(value).map_err(too_many_bytes)?;
        if is_new {
            // OK because values have a byte each, and there are at most MOST_BYTES of them.
            of.numbers.push(self.values.len() as u32);
            self.values.push((claim as u16, at));
            self.seen.push(0);
            self.bytes += value.len();
            if self.bytes > MOST_BYTES {
                return Err(too_many_bytes(Full));
            }
        }
        Ok(self.claims[claim].numbers[at as usize])
    }

    /// This person has the value of this number.
    pub(super) fn has_value(&mut self, person: u32, value: u32) -> Result<(), Fault> {
        if self.numbers.len() + self.later.len() >= MOST_MEMBERSHIPS {
            return Err(too_large("memberships", MOST_MEMBERSHIPS));
        }
        if person as usize + 1 < self.starts.len() {
            self.later.push((person, value));
            return Ok(());
        }
        let seen = &mut self.seen[value as usize];
        if *seen != person + 1 {
            *seen = person + 1;
            self.numbers.push(value);
        }
        Ok(())
    }

    /// How many people there are by now.
    pub(super) fn people(&self) -> usize {
        self.people.len()
    }

    /// The value of this number.
    pub(super) fn text(&self, value: u32) -> &str {
        let Some((claim, at)) = self.values.get(value as usize) else {
            return "";
        };
        self.claims[usize::from(*claim)].values.text(*at)
    }

    /// The directory.
    pub(super) fn finish(mut self) -> Directory {
        self.starts.push(self.numbers.len() as u32);
        if !self.later.is_empty() {
            self.sort_in();
        }
        self.numbers.settle();
        self.starts.shrink_to_fit();
        self.people.settle();
        for claim in &mut self.claims {
            claim.values.settle();
        }
        self.without_address.sort_unstable();
        self.without_address.dedup();
        let mut holders = vec![0; self.values.len()];
        self.numbers.each(0..self.numbers.len(), |value| {
            holders[value as usize] += 1;
        });
        Directory {
            people: self.people,
            without_address: self.without_address,
            email: self.email,
            claims: self.claims,
            values: self.values,
            numbers: self.numbers,
            starts: self.starts,
            holders,
            ids: self.ids,
        }
    }

    /// Puts what came later with what came first, each value of a person once.
    fn sort_in(&mut self) {
        let later = std::mem::take(&mut self.later);
        let people = self.starts.len() - 1;
        // Where the later values of each person begin among all later ones, by counting.
        let mut begins = vec![0_u32; people + 1];
        for (person, _) in &later {
            begins[*person as usize + 1] += 1;
        }
        for person in 0..people {
            begins[person + 1] += begins[person];
        }
        let mut sorted = Numbers::zeros(later.len(), self.values.len());
        let mut next = begins.clone();
        for (person, value) in later {
            let place = &mut next[person as usize];
            sorted.set(*place as usize, value);
            *place += 1;
        }
        self.seen.fill(0);
        let first = std::mem::take(&mut self.numbers);
        let starts = std::mem::take(&mut self.starts);
        let mut all = Numbers::default();
        let mut new_starts = Vec::with_capacity(starts.len());
        for person in 0..people {
            new_starts.push(all.len() as u32);
            let mut take = |value: u32| {
                let seen = &mut self.seen[value as usize];
                if *seen != person as u32 + 1 {
                    *seen = person as u32 + 1;
                    all.push(value);
                }
            };
            first.each(
                starts[person] as usize..starts[person + 1] as usize,
                &mut take,
            );
            sorted.each(
                begins[person] as usize..begins[person + 1] as usize,
                &mut take,
            );
        }
        new_starts.push(all.len() as u32);
        self.numbers = all;
        self.starts = new_starts;
    }
}

fn too_many_bytes(_: Full) -> Fault {
    too_large("bytes of names", MOST_BYTES)
}

fn too_large(what: &str, limit: usize) -> Fault {
    Fault::DirectoryTooLarge {
        what: what.to_owned(),
        limit,
    }
}
