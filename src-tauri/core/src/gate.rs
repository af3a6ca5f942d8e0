//! The lockout proof: the conditions that must hold before a set-up is saved, and before it is
//! enforced, each with its evidence.

mod enforce;

pub use enforce::Enforcing;

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::catalogue::Service;
use crate::evidence::{Evidence, Way};
use crate::fault::Fault;
use crate::finding::{Finding, any_error};
use crate::fingerprint::Fingerprint;
use crate::set_up::SetUp;

/// The shortest reason, in characters: less is no sentence.
const SHORTEST_REASON: usize = 12;

/// One condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Every field of the connection holds.
    FieldsHold,
    /// Every rule holds.
    RulesHold,
    /// A test sign-in with exactly these settings has passed, and today's rules give that person
    /// a role.
    Tested,
    /// That sign-in gives the Owner the highest role under today's rules.
    OwnerKeepsHighestRole,
    /// The newest revision is exactly this draft.
    Saved,
    /// Somebody else than the Owner has signed in with exactly these settings, and today's rules
    /// give that person the role that was expected.
    SecondPerson,
    /// A rule gives the Owner's address the highest role.
    OwnerRuleInPlace,
    /// No certificate and no secret ends within the next days.
    CredentialsLast,
    /// An account is named that gets in without single sign-on.
    BackupAccount,
}

impl Condition {
    /// Whether no written reason stands in for it: what is wrong in itself (a field, a rule, nothing
    /// saved) has to be mended.
    fn is_firm(self) -> bool {
        matches!(self, Self::FieldsHold | Self::RulesHold | Self::Saved)
    }

    /// Whether only a sign-in can meet it.
    fn is_proof(self) -> bool {
        matches!(
            self,
            Self::Tested | Self::OwnerKeepsHighestRole | Self::SecondPerson
        )
    }
}

/// A condition, whether it is met, and by what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Met {
    /// Which one.
    pub condition: Condition,
    /// Whether it is met.
    pub met: bool,
    /// Whether no written reason stands in for it.
    pub firm: bool,
    /// Whether only a sign-in can meet it.
    pub proof: bool,
    /// The evidence that meets it.
    pub evidence: Option<String>,
    /// The rule that meets it, counted from 1.
    pub rule: Option<u32>,
    /// Fields that changed since the latest test, when that is why it is not met.
    pub changed: Vec<String>,
}

/// The conditions for saving, all of them, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Gate {
    /// The conditions.
    pub conditions: Vec<Met>,
}

impl Gate {
    /// The gate for save: the first half of the lockout proof.
    pub fn for_save(
        set_up: &SetUp,
        service: Option<&Service>,
        findings: &[Finding],
        now: Option<&Fingerprint>,
        evidence: &[Evidence],
    ) -> Self {
        let (rules, fields): (Vec<_>, Vec<_>) = findings.iter().cloned().partition(|finding| {
            finding
                .path
                .as_deref()
                .is_some_and(|path| path.starts_with("rules"))
        });
        let current = |one: &&Evidence| current(one, now);
        let tested = evidence
            .iter()
            .rev()
            .filter(current)
            .find(|one| service.is_some_and(|service| one.is_mapped(&set_up.rules, service)));
        // The Owner's latest sign-in decides: an earlier one may show groups that are gone.
        let owner = evidence
            .iter()
            .rev()
            .filter(current)
            .find(|one| is_owners(one, &set_up.workspace.owner_email))
            .filter(|one| service.is_some_and(|service| keeps_highest(one, set_up, service)));
        let changed = match (tested, evidence.last(), now) {
            (None, Some(last), Some(now)) => last.fingerprint.changed_in_form(now, service),
            _ => Vec::new(),
        };
        Self {
            conditions: vec![
                plain(Condition::FieldsHold, !any_error(&fields)),
                plain(Condition::RulesHold, !any_error(&rules)),
                proved(Condition::Tested, tested, changed.clone()),
                proved(Condition::OwnerKeepsHighestRole, owner, changed),
            ],
        }
    }

    /// Whether every condition is met.
    pub fn is_open(&self) -> bool {
        self.conditions.iter().all(|condition| condition.met)
    }

    /// The reason to keep with what is done: none is needed where every condition is met.
    ///
    /// # Errors
    /// `ConditionsNotMet` where no reason was written, or none stands in for what is missing;
    /// `ReasonTooShort` where less than a sentence was.
    pub fn let_through(&self, reason: Option<&str>) -> Result<Option<String>, Fault> {
        if self.is_open() {
            return Ok(None);
        }
        let firm = self.conditions.iter().any(|met| met.firm && !met.met);
        let Some(reason) = reason.filter(|_| !firm) else {
            return Err(Fault::ConditionsNotMet {});
        };
        match reason.trim() {
            short if short.chars().count() < SHORTEST_REASON => Err(Fault::ReasonTooShort {}),
            reason => Ok(Some(reason.to_owned())),
        }
    }
}

/// Whether this proved exactly the settings of now.
fn current(one: &Evidence, now: Option<&Fingerprint>) -> bool {
    now.is_some_and(|now| one.proves(now))
}

/// Whether this is the Owner's own sign-in, here: an answer that was brought is a second person's.
fn is_owners(one: &Evidence, owner: &str) -> bool {
    one.way != Way::File && one.is_of(owner)
}

/// Whether today's rules give this person the service's highest role.
fn keeps_highest(one: &Evidence, set_up: &SetUp, service: &Service) -> bool {
    let resolution = one.replayed(&set_up.rules, service);
    resolution.rule.is_some() && service.highest_role() == Some(resolution.role.as_str())
}

fn plain(condition: Condition, met: bool) -> Met {
    Met {
        condition,
        met,
        firm: condition.is_firm(),
        proof: condition.is_proof(),
        evidence: None,
        rule: None,
        changed: Vec::new(),
    }
}

fn proved(condition: Condition, by: Option<&Evidence>, changed: Vec<String>) -> Met {
    Met {
        evidence: by.map(|one| one.id.clone()),
        changed: if by.is_some() { Vec::new() } else { changed },
        ..plain(condition, by.is_some())
    }
}
