//! Sets of people: a list while they are few, a bit for everybody where they are many.

/// Some of the people.
#[derive(Debug)]
pub(super) enum Set {
    /// Their numbers, in order, each once.
    Few(Vec<u32>),
    /// A bit for each person, and how many are set.
    Many(Vec<u64>, u32),
}

impl Default for Set {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

impl Set {
    /// These of so many people. The numbers are in order, each once.
    pub(super) fn of(members: Vec<u32>, people: usize) -> Self {
        // A number takes as much room as the bits of 32 people.
        if members.len() <= people / 32 {
            return Self::Few(members);
        }
        let mut bits = vec![0; people.div_ceil(64)];
        for member in &members {
            bits[word(*member)] |= bit(*member);
        }
        Self::Many(bits, members.len() as u32)
    }

    pub(super) fn len(&self) -> u32 {
        match self {
            Self::Few(members) => members.len() as u32,
            Self::Many(_, count) => *count,
        }
    }

    /// Calls `member` for each.
    pub(super) fn each(&self, mut member: impl FnMut(u32)) {
        match self {
            Self::Few(members) => members.iter().copied().for_each(member),
            Self::Many(bits, _) => {
                for (at, bits) in (0..).zip(bits) {
                    let mut rest = *bits;
                    while rest != 0 {
                        member(at * 64 + rest.trailing_zeros());
                        rest &= rest - 1;
                    }
                }
            }
        }
    }

    /// For each of so many people whether they are in it.
    pub(super) fn members(&self, people: usize) -> Vec<bool> {
        let mut members = vec![false; people];
        self.each(|person| members[person as usize] = true);
        members
    }
}

/// For whom a rule has decided already.
pub(super) struct Claimed(Vec<u64>);

impl Claimed {
    pub(super) fn none_of(people: usize) -> Self {
        Self(vec![0; people.div_ceil(64)])
    }

    /// Everybody else is claimed already.
    pub(super) fn all_but(set: &Set, people: usize) -> Self {
        let mut claimed = vec![!0; people.div_ceil(64)];
        set.each(|member| claimed[word(member)] &= !bit(member));
        Self(claimed)
    }

    /// How many of the set are new; from now on they are claimed.
    pub(super) fn take(&mut self, set: &Set) -> u32 {
        match set {
            Set::Few(members) => {
                let mut new = 0;
                for member in members {
                    let word = &mut self.0[word(*member)];
                    new += u32::from(*word & bit(*member) == 0);
                    *word |= bit(*member);
                }
                new
            }
            Set::Many(bits, _) => {
                let mut new = 0;
                for (claimed, set) in self.0.iter_mut().zip(bits) {
                    new += (set & !*claimed).count_ones();
                    *claimed |= set;
                }
                new
            }
        }
    }

    /// The same, and calls `new` for each.
    pub(super) fn take_each(&mut self, set: &Set, mut new: impl FnMut(u32)) {
        match set {
            Set::Few(members) => {
                for member in members {
                    let word = &mut self.0[word(*member)];
                    if *word & bit(*member) == 0 {
                        *word |= bit(*member);
                        new(*member);
                    }
                }
            }
            Set::Many(bits, _) => {
                for (at, (claimed, set)) in (0..).zip(self.0.iter_mut().zip(bits)) {
                    let mut rest = set & !*claimed;
                    *claimed |= set;
                    while rest != 0 {
                        new(at * 64 + rest.trailing_zeros());
                        rest &= rest - 1;
                    }
                }
            }
        }
    }
}

fn word(person: u32) -> usize {
    person as usize / 64
}

fn bit(person: u32) -> u64 {
    1 << (person % 64)
}
