//! The set-up while it is being made.

use serde::{Deserialize, Serialize};
use specta::Type;

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
    /// Whether the practice provider stands behind this workspace.
    pub practice: bool,
    /// Names the client secret that is kept in the keychain; changes whenever the secret does.
    pub secret_mark: Option<String>,
}
