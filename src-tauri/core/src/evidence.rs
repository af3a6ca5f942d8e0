//! The verified claims of one test sign-in, bound to the connection that it proved.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::catalogue::Service;
use crate::claims::Claims;
use crate::fingerprint::Fingerprint;
use crate::rules::{Resolution, RuleList};
use crate::text::{is_email, shown};
use crate::verdict::{Signer, StageReport, Verdict};

/// The longest name that a tested person is called by, in characters.
pub const LONGEST_NAME: usize = 200;

/// Where a test sign-in took place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// In Latchkey's own sign-in window.
    Window,
    /// In the system browser, with a loopback address.
    Browser,
    /// Elsewhere: the answer was brought in a file.
    File,
}

/// What one test sign-in proved. Holds no token, code, secret or assertion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct Evidence {
    /// Random, unique.
    pub id: String,
    /// When it was verified.
    pub at: Timestamp,
    /// Where it took place.
    pub way: Way,
    /// The provider's name for the person.
    pub subject: String,
    /// The person's address.
    pub email: String,
    /// The connection that it proved.
    pub fingerprint: Fingerprint,
    /// All stages with their findings.
    pub stages: Vec<StageReport>,
    /// The verified claims.
    pub claims: Claims,
    /// Whose key signed.
    #[serde(default)]
    pub signed_by: Option<Signer>,
    /// The role that was expected of this person before the sign-in.
    #[serde(default)]
    pub expected_role: Option<String>,
    /// What the person is called here, beside the address.
    #[serde(default)]
    pub name: Option<String>,
    /// Names the answer that proved it (see [`Verdict::answer`]): it counts once.
    #[serde(default)]
    pub answer: Option<String>,
    /// Whether it came with a whole workspace from elsewhere: it is shown, and proves nothing here.
    #[serde(default)]
    pub imported: bool,
}

impl Evidence {
    /// The evidence of a verdict; none unless its claims were verified.
    pub fn of(
        verdict: &Verdict,
        id: String,
        at: Timestamp,
        way: Way,
        fingerprint: Fingerprint,
    ) -> Option<Self> {
        let subject = verdict.subject.clone().filter(|_| verdict.verified)?;
        Some(Self {
            id,
            at,
            way,
            subject,
            email: address(verdict).to_owned(),
            fingerprint,
            stages: verdict.stages.clone(),
            claims: verdict.claims.clone(),
            signed_by: verdict.signed_by.clone(),
            expected_role: None,
            name: None,
            answer: verdict.answer.clone(),
            imported: false,
        })
    }

    /// The same evidence, with the role that was expected before the sign-in.
    #[must_use]
    pub fn expecting(self, role: Option<String>) -> Self {
        Self {
            expected_role: role.filter(|role| !role.is_empty()),
            ..self
        }
    }

    /// The same evidence, of a person who is called this here.
    #[must_use]
    pub fn called(self, name: Option<String>) -> Self {
        let name = name
            .map(|name| shown(name.trim(), LONGEST_NAME))
            .filter(|name| !name.is_empty());
        Self { name, ..self }
    }

    /// Whether this was verified here and proved exactly these settings.
    pub fn proves(&self, settings: &Fingerprint) -> bool {
        !self.imported && self.fingerprint.changed_in(settings).is_empty()
    }

    /// Today's rules on these claims, without a new sign-in.
    pub fn replayed(&self, rules: &RuleList, service: &Service) -> Resolution {
        rules.resolve(&self.claims, service)
    }

    /// Whether today's rules give this person a role.
    pub fn is_mapped(&self, rules: &RuleList, service: &Service) -> bool {
        self.replayed(rules, service).rule.is_some()
    }

    /// Whether this was proved here by the very answer that proves the other.
    pub fn is_of_answer(&self, other: &Self) -> bool {
        !self.imported && self.answer.is_some() && self.answer == other.answer
    }

    /// Whether both are of one person: one account at the provider, or one address. Some providers
    /// name a person anew at each sign-in, and some send no address.
    pub fn is_same_person(&self, other: &Self) -> bool {
        self.subject == other.subject || self.is_of(&other.email)
    }

    /// Whether this is the person with that address. Addresses are compared as mail systems in
    /// practice do, without regard to ASCII case; who gets which role is not decided by this.
    pub fn is_of(&self, email: &str) -> bool {
        !self.email.is_empty() && self.email.eq_ignore_ascii_case(email.trim())
    }
}

/// The person's address: the claim, else a name for the person that is one (SAML's NameID).
fn address(verdict: &Verdict) -> &str {
    let subject = verdict.subject.as_deref().filter(|name| is_email(name));
    let claim = verdict
        .claims
        .first("email")
        .filter(|email| !email.is_empty());
    claim.or(subject).unwrap_or_default()
}
