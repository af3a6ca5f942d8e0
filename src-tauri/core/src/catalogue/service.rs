//! The service that people sign in to, as data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::connection::Protocol;
use crate::set_up::DescribedService;

/// The application that users will sign in to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Stable id; empty for a service that is described in the set-up.
    pub id: String,
    /// The service's own name.
    pub name: String,
    /// The day on which the values were last compared with the sources.
    pub checked_on: String,
    /// Pages that the values come from.
    pub sources: Vec<String>,
    /// Regional deployments; a service without regions has one whose id is empty.
    pub regions: Vec<Region>,
    /// The audience that the service expects (SAML).
    pub audience: String,
    /// Built-in roles, the highest first.
    pub roles: Vec<Role>,
    /// Whether roles beside the built-in ones exist, by name.
    pub custom_roles: bool,
    /// Names that custom roles often have, as examples.
    #[serde(default)]
    pub custom_role_examples: Vec<String>,
    /// What a user gets whom no rule matches.
    pub fallback: String,
    /// Whether the provider may start a sign-in (OpenID Connect).
    pub provider_initiated_oidc: bool,
    /// Whether the provider may start a sign-in (SAML).
    pub provider_initiated_saml: bool,
    /// Notes that the form shows beside the Login Redirect URL.
    pub redirect_notes: Vec<RedirectNote>,
    /// The protocol that the service itself recommends where a provider speaks both.
    #[serde(default)]
    pub recommended: Option<Recommended>,
    /// Whether the service takes the domain of the Owner's address as that of everybody.
    #[serde(default)]
    pub one_domain: bool,
    /// The service's own label for each field of its form, by the field's path in the set-up file.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// How the values are entered at the service, in its own words and order.
    #[serde(default)]
    pub steps: Vec<String>,
    /// What the service's administrators should know before they begin.
    #[serde(default)]
    pub cautions: Vec<String>,
}

/// A note about the Login Redirect URL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct RedirectNote {
    /// The note.
    pub says: String,
    /// The only region that it concerns, by its id.
    #[serde(default)]
    pub region: Option<String>,
}

/// A protocol that a service recommends, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct Recommended {
    /// The protocol.
    pub protocol: Protocol,
    /// The reason, in one sentence.
    pub reason: String,
}

/// One regional deployment of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// Stable id, as in the set-up file.
    pub id: String,
    /// The region's name.
    pub name: String,
    /// Where the service takes the provider's answer.
    pub login_redirect_url: String,
    /// Where users start.
    pub sign_in_url: String,
    /// Where a sign-in that the provider starts begins; `{domain}` stands for the Owner's domain.
    /// Empty where the service has none.
    #[serde(default)]
    pub start_url: String,
    /// Where the service begins a sign-in of whoever opens it, without naming a domain.
    #[serde(default)]
    pub login_url: String,
    /// The base of the service's own interface for programs, which takes claim rules; none where none
    /// is known.
    #[serde(default)]
    pub api_url: Option<String>,
    /// Whether the redirect address is inferred from the others and not printed by the service.
    pub inferred: bool,
}

/// A role of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// The role's name at the service.
    pub name: String,
    /// What it may do, in one sentence.
    pub may: String,
}

impl Service {
    /// A region by its id.
    pub fn region(&self, id: &str) -> Option<&Region> {
        self.regions.iter().find(|region| region.id == id)
    }

    /// The role that may do most.
    pub fn highest_role(&self) -> Option<&str> {
        self.roles.first().map(|role| role.name.as_str())
    }

    /// Whether the service has this role: a built-in one, or any name where custom roles exist.
    pub fn has_role(&self, name: &str) -> bool {
        self.roles.iter().any(|role| role.name == name) || (self.custom_roles && !name.is_empty())
    }

    /// Whether the provider may start a sign-in with this protocol.
    pub fn provider_initiated(&self, protocol: Protocol) -> bool {
        match protocol {
            Protocol::Oidc => self.provider_initiated_oidc,
            Protocol::Saml => self.provider_initiated_saml,
        }
    }

    /// The service that a set-up describes.
    pub(super) fn described(described: &DescribedService) -> Self {
        Self {
            id: String::new(),
            name: described.name.clone(),
            checked_on: String::new(),
            sources: Vec::new(),
            regions: vec![Region {
                id: String::new(),
                name: String::new(),
                login_redirect_url: described.login_redirect_url.clone(),
                sign_in_url: String::new(),
                start_url: String::new(),
                login_url: String::new(),
                api_url: None,
                inferred: false,
            }],
            audience: described.audience.clone(),
            roles: described
                .roles
                .iter()
                // What is wrong with a name is said where it stands, and held against nothing else.
                .map(|name| name.trim())
                .filter(|name| !name.is_empty())
                .map(|name| Role {
                    name: name.to_owned(),
                    may: String::new(),
                })
                .collect(),
            custom_roles: false,
            custom_role_examples: Vec::new(),
            fallback: described.fallback.clone(),
            provider_initiated_oidc: false,
            provider_initiated_saml: false,
            redirect_notes: Vec::new(),
            recommended: None,
            one_domain: false,
            labels: BTreeMap::new(),
            steps: Vec::new(),
            cautions: Vec::new(),
        }
    }
}
