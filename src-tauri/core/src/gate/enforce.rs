//! The second half of the lockout proof: what must hold before single sign-on is the only way in.

use jiff::{Span, Timestamp};

use super::{Condition, Gate, current, is_owners, keeps_highest, plain, proved};
use crate::catalogue::Service;
use crate::evidence::Evidence;
use crate::fingerprint::Fingerprint;
use crate::set_up::SetUp;

/// How long the first of the credentials has to last, in days.
pub const DAYS_TO_LAST: i64 = 30;

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
            (Some(now), Some(last)) => last.fingerprint.changed_in(now),
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
                plain(Condition::OwnerRuleInPlace, asked.owner_rule_stands()),
                plain(Condition::CredentialsLast, asked.credentials_last()),
                plain(Condition::BackupAccount, asked.backup_stands()),
            ],
        }
    }
}

impl Enforcing<'_> {
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

    /// Whether a rule gives the Owner's address the highest role.
    fn owner_rule_stands(&self) -> bool {
        let owner = self.set_up.workspace.owner_email.trim();
        self.service
            .and_then(Service::highest_role)
            .is_some_and(|highest| self.set_up.rules.gives_by_address(owner, highest))
    }

    /// Whether nothing that the sign-in rests on ends within [`DAYS_TO_LAST`] days.
    fn credentials_last(&self) -> bool {
        let limit = self.now.checked_add(Span::new().hours(DAYS_TO_LAST * 24));
        match (self.next_expiry, limit) {
            (Some(expiry), Ok(limit)) => expiry > limit,
            (Some(_), Err(_)) => false,
            (None, _) => true,
        }
    }

    /// Whether an account is named that is not one of those that were tested.
    fn backup_stands(&self) -> bool {
        let named = self.backup_account.trim();
        !named.is_empty() && !self.evidence.iter().any(|one| one.is_of(named))
    }
}
