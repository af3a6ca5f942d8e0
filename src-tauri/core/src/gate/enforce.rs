//! The second half of the lockout proof: what must hold before single sign-on is the only way in.

use jiff::Timestamp;

use super::{Condition, Gate, Met, current, is_owners, keeps_highest, plain, proved};
use crate::catalogue::Service;
use crate::ending::Ending;
use crate::evidence::Evidence;
use crate::fault::Fault;
use crate::finding::Finding;
use crate::fingerprint::Fingerprint;
use crate::set_up::SetUp;

/// What is judged before enforcing.
#[derive(Clone, Copy, Debug)]
pub struct Enforcing<'a> {
    /// The set-up, as the draft has it.
    pub set_up: &'a SetUp,
    /// Its service, where it is known.
    pub service: Option<&'a Service>,
    /// Whether the newest revision is exactly this draft.
    pub saved: bool,
    /// What the settings are now.
    pub fingerprint: Option<&'a Fingerprint>,
    /// Everything that test sign-ins have proved.
    pub evidence: &'a [Evidence],
    /// When the first certificate or secret ends, where that is known.
    pub next_expiry: Option<Timestamp>,
    /// Whether something surely ends of which nobody has said when.
    pub end_owed: bool,
    /// The account that gets in without single sign-on.
    pub backup_account: &'a str,
    /// When this is asked.
    pub now: Timestamp,
}

impl Gate {
    /// The gate for enforce.
    pub fn for_enforce(asked: &Enforcing<'_>) -> Self {
        let set_up = asked.set_up;
        let owner = set_up.workspace.owner_email.trim();
        let latest = asked.latest_of_each();
        let of_owner = latest.iter().copied().find(|one| is_owners(one, owner));
        let owner_keeps = of_owner.filter(|one| {
            let highest = |service| keeps_highest(one, set_up, service);
            asked.service.is_some_and(highest)
        });
        let second = latest.iter().copied().find(|one| {
            let another = of_owner.is_none_or(|owner| owner.subject != one.subject);
            !one.is_of(owner) && another && asked.as_expected(one)
        });
        let changed = match (asked.fingerprint, asked.evidence.last()) {
            (Some(now), Some(last)) => last.fingerprint.changed_in_form(now, asked.service),
            _ => Vec::new(),
        };
        Self {
            conditions: vec![
                plain(Condition::Saved, asked.saved),
                proved(
                    Condition::OwnerKeepsHighestRole,
                    owner_keeps,
                    changed.clone(),
                ),
                proved(Condition::SecondPerson, second, changed),
                asked.owner_rule_in_place(),
                plain(Condition::CredentialsLast, asked.credentials_last()),
                plain(Condition::BackupAccount, asked.backup_stands()),
            ],
        }
    }
}

impl Enforcing<'_> {
    /// What is noticed about what is named for enforcing alone.
    pub fn findings(&self) -> Vec<Finding> {
        let tested = self
            .evidence
            .iter()
            .any(|one| one.is_of(self.backup_account));
        let finding = Finding::warning(Fault::BackupUsesSignOn {}).at("backup_account");
        tested.then_some(finding).into_iter().collect()
    }

    /// The latest sign-in of each person with exactly the settings of now: an earlier one may show
    /// groups that are gone.
    fn latest_of_each(&self) -> Vec<&Evidence> {
        let mut latest: Vec<&Evidence> = Vec::new();
        for one in self.evidence.iter().rev() {
            let seen = latest.iter().any(|later| later.is_same_person(one));
            if !seen && current(one, self.fingerprint) {
                latest.push(one);
            }
        }
        latest
    }

    /// Whether today's rules give this person the role that was expected before the test. A role
    /// that nobody expected proves nothing: it could be the wrong one.
    fn as_expected(&self, one: &Evidence) -> bool {
        let Some((service, expected)) = self.service.zip(one.expected_role.as_deref()) else {
            return false;
        };
        let resolution = one.replayed(&self.set_up.rules, service);
        resolution.rule.is_some() && resolution.role == expected
    }

    /// Whether the rule for the Owner's address gives the highest role.
    fn owner_rule_in_place(&self) -> Met {
        let set_up = self.set_up;
        let highest = self.service.and_then(Service::highest_role);
        let by_address = set_up.rules.of_address(set_up.workspace.owner_email.trim());
        let rule = by_address
            .filter(|(_, rule)| highest.is_some_and(|highest| rule.role == highest))
            .and_then(|(index, _)| u32::try_from(index + 1).ok());
        Met {
            rule,
            ..plain(Condition::OwnerRuleInPlace, rule.is_some())
        }
    }

    /// Whether nothing that the sign-in rests on ends soon, as far as anybody can know.
    fn credentials_last(&self) -> bool {
        match self.next_expiry {
            Some(at) => Ending::of(at, self.now).is_distant(),
            None => !self.end_owed,
        }
    }

    /// Whether an account is named that is not one of those that were tested.
    fn backup_stands(&self) -> bool {
        !self.backup_account.trim().is_empty() && self.findings().is_empty()
    }
}
