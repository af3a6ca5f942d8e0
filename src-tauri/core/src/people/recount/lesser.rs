//! People who get less than another rule would give them.

use super::Preview;
use crate::catalogue::Service;
use crate::rules::RuleList;

/// A rule that would give more to people for whom rules above it decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesser {
    /// The rule that would give more, counted from 1.
    pub rule: u32,
    /// How many people match it and get less.
    pub people: u32,
    /// The rule above that decides for most of them, counted from 1.
    pub above: u32,
}

impl Preview {
    /// The rules that would give people a higher role than they get. Only the service's own roles
    /// have a rank, and a rule for one person's address is taken as meant.
    pub fn lesser_first(&mut self, rules: &RuleList, service: &Service) -> Vec<Lesser> {
        let rank = |role: &str| service.roles.iter().position(|known| known.name == role);
        let ranks: Vec<Option<usize>> = rules.0.iter().map(|rule| rank(&rule.role)).collect();
        let names_one = |index: usize| self.directory.email.is_called(&rules.0[index].claim);
        let ranked: Vec<Option<usize>> = (0..ranks.len())
            .map(|index| ranks[index].filter(|_| !names_one(index)))
            .collect();
        let decided = self.decided(rules);
        let sets = self.sets(rules);
        let mut found = Vec::new();
        let mut takers = vec![0_u32; rules.0.len()];
        for (index, set) in sets.iter().enumerate() {
            let Some(rank) = ranked[index] else { continue };
            takers[..index].fill(0);
            set.each(|person| {
                let by = decided[person as usize] as usize;
                // Whoever is in the set has a rule that decides: this one or one above it.
                if by <= index && ranked[by - 1].is_some_and(|got| got > rank) {
                    takers[by - 1] += 1;
                }
            });
            let people: u32 = takers[..index].iter().sum();
            let most = (1..).zip(&takers[..index]).max_by_key(|(_, count)| **count);
            if let Some((above, _)) = most.filter(|_| people > 0) {
                found.push(Lesser {
                    rule: index as u32 + 1,
                    people,
                    above,
                });
            }
        }
        found
    }
}
