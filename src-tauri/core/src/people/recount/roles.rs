//! What one list of rules changes against another, for everybody at once.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use indexmap::IndexSet;

use super::set::Claimed;
use super::{Preview, RoleChange};
use crate::catalogue::Service;
use crate::rules::RuleList;

/// How many people are compared in one step where nothing changes for them.
const STRIDE: usize = 512;

/// Everybody's role under one list of rules, kept for the lists that are weighed against it.
#[derive(Debug)]
pub(super) struct Roles {
    rules: RuleList,
    fallback: String,
    of: Vec<u16>,
}

/// The roles that are named, each once; the fallback is 0.
type Known<'a> = IndexSet<&'a str, RandomState>;

impl Preview {
    /// How many people change their role between two lists of rules, those that most people make
    /// first. While `before` stays the same, as it does while a rule is in the hand, only `after` is
    /// evaluated.
    pub fn difference(
        &mut self,
        before: &RuleList,
        after: &RuleList,
        service: &Service,
    ) -> Vec<RoleChange> {
        if before == after {
            return Vec::new();
        }
        let mut known = Known::default();
        known.insert(&service.fallback);
        // The list before is numbered first: its numbers are the same whatever it is compared with.
        let of_before = numbers(before, &mut known);
        let of_after = numbers(after, &mut known);
        let kept = self.before.take().filter(|kept| {
            kept.rules == *before
                && kept.fallback == service.fallback
                && kept.of.len() == self.directory.len()
        });
        let then = kept.unwrap_or_else(|| Roles {
            rules: before.clone(),
            fallback: service.fallback.clone(),
            of: self.roles(before, &of_before, Vec::new()),
        });
        let room = std::mem::take(&mut self.after);
        let now = self.roles(after, &of_after, room);
        let mut moved: Vec<_> = moved(&then.of, &now).into_iter().collect();
        self.before = Some(then);
        self.after = now;
        moved.sort_unstable_by_key(|(which, people)| (std::cmp::Reverse(*people), *which));
        // OK because every number was given by `known`.
        let name = |role: u16| known.get_index(role.into()).map_or("", |name| *name);
        moved
            .into_iter()
            .map(|((from, to), people)| RoleChange {
                from: name(from).to_owned(),
                to: name(to).to_owned(),
                people,
            })
            .collect()
    }

    /// The number of everybody's role, where `of_rule` has that of each rule.
    fn roles(&mut self, rules: &RuleList, of_rule: &[u16], mut of: Vec<u16>) -> Vec<u16> {
        of.clear();
        of.resize(self.directory.len(), 0);
        let mut claimed = Claimed::none_of(of.len());
        for (set, role) in self.sets(rules).iter().zip(of_rule) {
            claimed.take_each(set, |person| of[person as usize] = *role);
        }
        of
    }
}

fn numbers<'a>(rules: &'a RuleList, known: &mut Known<'a>) -> Vec<u16> {
    let mut number = |role: &'a str| {
        let (number, _) = known.insert_full(role);
        // OK because a set-up file has no room for as many roles; beyond that they count as one.
        u16::try_from(number).unwrap_or(u16::MAX)
    };
    rules.0.iter().map(|rule| number(&rule.role)).collect()
}

/// From which role to which, and for how many.
fn moved(then: &[u16], now: &[u16]) -> HashMap<(u16, u16), u32, RandomState> {
    let mut moved: HashMap<(u16, u16), u32, RandomState> = HashMap::default();
    let mut put = |which: (u16, u16), people: u32| {
        if people > 0 {
            *moved.entry(which).or_default() += people;
        }
    };
    // Neighbours often change alike: they are put together.
    let (mut last, mut run) = ((0, 0), 0);
    for (then, now) in then.chunks(STRIDE).zip(now.chunks(STRIDE)) {
        if then == now {
            continue;
        }
        for (from, to) in then.iter().zip(now) {
            if from == to {
                continue;
            }
            if last != (*from, *to) {
                put(last, run);
                (last, run) = ((*from, *to), 0);
            }
            run += 1;
        }
    }
    put(last, run);
    moved
}
