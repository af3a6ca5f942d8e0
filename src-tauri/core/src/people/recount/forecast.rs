//! What moving one rule would give, to whatever place, found by one look at those whom it matches.

use serde::Serialize;
use specta::Type;

use super::set::Claimed;
use super::{Preview, Recount};
use crate::catalogue::Service;
use crate::rules::RuleList;

/// What moving one rule does. At any place it decides for those whom it matches and no rule above it
/// does, so that passing another rule turns over the same people whichever way it comes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct Forecast {
    /// The numbers where the rule stands.
    pub recount: Recount,
    /// For each other rule, in order, how many people passing it turns over: those whom both match,
    /// and no other rule above it.
    pub passing: Vec<u32>,
}

impl Preview {
    /// What moving the rule at `index`, counted from 0, would give; nobody is turned over by a rule
    /// that is not there.
    pub fn forecast(&mut self, rules: &RuleList, index: usize, service: &Service) -> Forecast {
        let recount = self.recount(rules, service);
        let sets = self.sets(rules);
        let Some(moving) = sets.get(index) else {
            let passing = Vec::new();
            return Forecast { recount, passing };
        };
        let mut claimed = Claimed::all_but(moving, self.directory.len());
        let others = sets.iter().enumerate().filter(|(at, _)| *at != index);
        Forecast {
            passing: others.map(|(_, set)| claimed.take(set)).collect(),
            recount,
        }
    }
}
