//! The state of a workspace, computed here and nowhere else.

use latchkey_core::{Catalogue, Draft, Evidence, Fingerprint};
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::revision::Revision;

/// The state of a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The draft is neither saved nor tested as it is.
    Draft,
    /// A test sign-in has proved exactly the draft's settings, for somebody to whom its rules give
    /// a role; it is not saved.
    Tested,
    /// The draft is saved, and a test sign-in has proved exactly these settings.
    Saved,
    /// The same, and declared the only way in.
    Enforced,
    /// The draft is saved, and nothing that is still there proves it.
    NeedsAttention,
}

impl State {
    /// The state of a workspace with this draft, whose settings have the fingerprint `now` (none
    /// while a field does not hold), this newest revision and this evidence.
    pub fn of(
        draft: &Draft,
        now: Option<&Fingerprint>,
        newest: Option<&Revision>,
        evidence: &[Evidence],
    ) -> Self {
        let service = Catalogue::built_in().service_of(&draft.set_up);
        let mapped = |one: &Evidence| {
            let rules = &draft.set_up.rules;
            service
                .as_ref()
                .is_some_and(|service| one.is_mapped(rules, service))
        };
        let proved =
            now.is_some_and(|now| evidence.iter().any(|one| one.proves(now) && mapped(one)));
        let enforced = draft.enforced.as_ref().is_some_and(|enforced| {
            newest.is_some_and(|newest| newest.head.number == enforced.revision)
        });
        match (newest.is_some_and(|newest| newest.holds(draft)), proved) {
            (true, true) if enforced => Self::Enforced,
            (true, true) => Self::Saved,
            (true, false) => Self::NeedsAttention,
            (false, true) => Self::Tested,
            (false, false) => Self::Draft,
        }
    }
}
