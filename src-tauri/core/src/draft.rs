//! The set-up while it is being made.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::connection::Protocol;
use crate::practice;
use crate::rules::Rule;
use crate::set_up::SetUp;

/// The six steps of the wizard.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type,
)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// 1. Choose a provider.
    #[default]
    Provider,
    /// 2. Set up the connection.
    Connection,
    /// 3. Map claims.
    Claims,
    /// 4. Test the sign-in.
    Test,
    /// 5. Check and save.
    Save,
    /// 6. Roll out.
    RollOut,
}

/// The set-up being made, with everything that must be there again after a kill.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Type)]
pub struct Draft {
    /// The set-up, in whatever state its fields are.
    pub set_up: SetUp,
    /// The step that is open.
    pub step: Step,
    /// The furthest step that was reached: those before it are links.
    pub reached: Step,
    /// A rule that is being written and not added yet.
    pub proposed: Option<Rule>,
    /// Whether the recommended first rule was offered already: it is offered once.
    pub offered: bool,
    /// Whether it was made with the practice provider. See [`Self::is_practice`].
    pub practice: bool,
    /// Names the client secret that is kept in the keychain; changes whenever the secret does.
    pub secret_mark: Option<String>,
    /// Names the key pair that is kept in the keychain (SAML); changes whenever the pair does.
    #[serde(default)]
    pub key_mark: Option<String>,
    /// The account that gets in without single sign-on, named before enforcing.
    #[serde(default)]
    pub backup_account: String,
    /// The revision that was declared the only way in, if one was.
    #[serde(default)]
    pub enforced: Option<Enforced>,
}

/// The declaration that a revision is the only way in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Enforced {
    /// Its number.
    pub revision: u32,
    /// When it was declared.
    pub at: Timestamp,
    /// Who declared it.
    pub author: String,
    /// Why, although something was missing.
    pub reason: Option<String>,
}

impl Draft {
    /// Names what is kept in the keychain for the connection's protocol.
    pub fn mark(&self) -> Option<&str> {
        match self.set_up.connection.protocol {
            Protocol::Oidc => self.secret_mark.as_deref(),
            Protocol::Saml => self.key_mark.as_deref(),
        }
    }

    /// Whether the practice provider stands behind this workspace: it was made with it, and nobody
    /// has put another provider in its place.
    pub fn is_practice(&self) -> bool {
        self.practice && !practice::is_elsewhere(&self.set_up.connection)
    }

    /// A draft of a set-up that came from outside, complete as far as it goes. One that was made with
    /// the practice provider stays marked.
    pub fn brought(set_up: SetUp) -> Self {
        Self {
            practice: practice::is_practice(&set_up.connection),
            set_up,
            offered: true,
            ..Self::default()
        }
    }

    /// This draft with another set-up, and with what is kept for its connection.
    pub fn with(self, set_up: SetUp, mark: Option<String>) -> Self {
        let (secret_mark, key_mark) = match set_up.connection.protocol {
            Protocol::Oidc => (mark, self.key_mark),
            Protocol::Saml => (self.secret_mark, mark),
        };
        Self {
            practice: self.practice || practice::is_practice(&set_up.connection),
            set_up,
            secret_mark,
            key_mark,
            ..self
        }
    }
}
