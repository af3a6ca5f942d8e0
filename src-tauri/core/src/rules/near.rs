//! Rules that would match but for one difference, named.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::Rule;
use crate::claims::Claims;

/// What keeps a rule from matching.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Nearness {
    /// Capital and small letters.
    CaseDiffers,
    /// White space around or inside.
    SpaceDiffers,
    /// A distinguished name came where the rule has the short name.
    DnForName,
    /// A short name came where the rule has a distinguished name.
    NameForDn,
    /// Object IDs came where the rule has a name.
    GuidForName,
    /// The value came under another claim name.
    ClaimNameDiffers,
    /// Several values came joined in one text.
    JoinedValues,
}

impl Nearness {
    /// The stable code, as every JSON of ours writes it.
    pub fn code(self) -> &'static str {
        match self {
            Self::CaseDiffers => "case_differs",
            Self::SpaceDiffers => "space_differs",
            Self::DnForName => "dn_for_name",
            Self::NameForDn => "name_for_dn",
            Self::GuidForName => "guid_for_name",
            Self::ClaimNameDiffers => "claim_name_differs",
            Self::JoinedValues => "joined_values",
        }
    }
}

/// A rule that would match but for one difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct NearMiss {
    /// The rule, counted from 1.
    pub rule: u32,
    /// What keeps it from matching.
    pub code: Nearness,
    /// The claim that came.
    pub claim: String,
    /// The value that came.
    pub received: String,
}

pub(super) fn misses(_number: u32, _rule: &Rule, _claims: &Claims) -> Vec<NearMiss> {
    Vec::new()
}
