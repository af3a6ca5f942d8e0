//! What arrived, to be asked for values.

use std::collections::HashSet;

use foldhash::fast::RandomState;
use indexmap::IndexMap;

use crate::claims::Claims;

/// The values that arrived, by claim, in the order of arrival.
#[derive(Clone, Debug, Default)]
pub struct Seen<'a>(IndexMap<&'a str, HashSet<&'a str, RandomState>>);

impl<'a> Seen<'a> {
    /// What arrived in these sign-ins.
    pub fn of(all: impl IntoIterator<Item = &'a Claims>) -> Self {
        let mut seen = Self::default();
        for (claim, values) in all.into_iter().flat_map(Claims::iter) {
            let known = seen.0.entry(claim).or_default();
            known.extend(values.iter().map(String::as_str));
        }
        seen
    }

    /// Whether this claim came at all.
    pub fn came(&self, claim: &str) -> bool {
        self.0.contains_key(claim)
    }

    /// Whether this value came in this claim.
    pub fn has(&self, claim: &str, value: &str) -> bool {
        self.0
            .get(claim)
            .is_some_and(|values| values.contains(value))
    }

    /// The names of all claims that came.
    pub(super) fn claims(&self) -> impl Iterator<Item = &'a str> {
        self.0.keys().copied()
    }

    /// The value of this claim that fits, if it is the only one.
    pub(super) fn only(&self, claim: &str, fits: impl Fn(&str) -> bool) -> Option<&'a str> {
        let values = self.0.get(claim)?.iter().copied();
        only(values.filter(|value| fits(value)))
    }
}

/// The only one of these, if there is one alone.
pub(super) fn only<'a>(mut all: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let one = all.next()?;
    all.next().is_none().then_some(one)
}
