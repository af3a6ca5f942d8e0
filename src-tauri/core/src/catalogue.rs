//! Services and providers as data. A new one is one file in `services/` or `providers/`.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::connection::{Flow, Protocol};
use crate::set_up::{ServiceChoice, SetUp};

/// All that is built in.
#[derive(Clone, Debug, PartialEq, Serialize, Type)]
pub struct Catalogue {
    /// Services, the first is the default.
    pub services: Vec<Service>,
    /// Providers, in the order in which they are offered.
    pub providers: Vec<Provider>,
}

/// The application that users will sign in to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
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
    /// What a user gets whom no rule matches.
    pub fallback: String,
    /// Whether the provider may start a sign-in (OpenID Connect).
    pub provider_initiated_oidc: bool,
    /// Whether the provider may start a sign-in (SAML).
    pub provider_initiated_saml: bool,
    /// Notes that the form shows beside the Login Redirect URL.
    pub redirect_notes: Vec<String>,
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

/// The identity provider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Stable id, as in the set-up file.
    pub id: String,
    /// The provider's own name.
    pub name: String,
    /// The day on which the values were last compared with the sources.
    pub checked_on: String,
    /// Pages that the values come from.
    pub sources: Vec<String>,
    /// What the provider speaks, the recommended one first.
    pub protocols: Vec<Protocol>,
    /// Scopes with which the provider refuses the whole sign-in.
    #[serde(default)]
    pub refused_scopes: Vec<String>,
    /// Issuers that stand for many tenants: no token ever names them.
    #[serde(default)]
    pub shared_issuers: Option<SharedIssuers>,
    /// Whether a client secret of the provider never has the shape of a GUID, while the ID beside
    /// it has.
    #[serde(default)]
    pub secret_id_is_guid: bool,
    /// OpenID Connect, where the wizard can lead through it; without it the provider is known by
    /// name and its set-up is entered as `Other`.
    pub oidc: Option<OidcGuide>,
}

/// Issuers that stand for many tenants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct SharedIssuers {
    /// The provider's hosts.
    pub hosts: Vec<String>,
    /// The parts of the path that stand for many tenants.
    pub parts: Vec<String>,
}

/// How an OpenID Connect application is made at a provider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct OidcGuide {
    /// About how long it takes, in minutes.
    pub minutes: u32,
    /// What must be at hand before starting.
    pub needs: Vec<String>,
    /// What the provider calls its console.
    pub console: String,
    /// The steps in the console, in its own words and order.
    pub steps: Vec<GuideStep>,
    /// The provider's own label for each field of ours.
    pub labels: Labels,
    /// An issuer of the usual shape, as a hint.
    pub issuer_example: String,
    /// A client ID of the usual shape, as a hint.
    pub client_id_example: String,
    /// Scopes that are usually asked for.
    pub scopes: Vec<String>,
    /// The flow that is recommended.
    pub flow: Flow,
    /// Why that flow.
    pub flow_reason: String,
    /// The claim that usually carries the groups.
    pub groups_claim: String,
    /// Known traps, one sentence each.
    pub traps: Vec<String>,
}

/// One step in a provider's console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct GuideStep {
    /// What to do.
    pub text: String,
    /// The field of ours that this step is about (`login_redirect_url`, `issuer`, ...).
    pub field: Option<String>,
    /// Code to paste, if any; `{client_id}` and `{login_redirect_url}` are filled in.
    pub code: Option<String>,
}

/// The provider's own label for each value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct Labels {
    /// Where the Login Redirect URL is pasted.
    pub login_redirect_url: String,
    /// Where the issuer stands.
    pub issuer: String,
    /// Where the client ID stands.
    pub client_id: String,
    /// Where the client secret stands.
    pub client_secret: String,
}

impl Catalogue {
    /// All that is built in.
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// A service by its id.
    pub fn service(&self, id: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.id == id)
    }

    /// A provider by its id.
    pub fn provider(&self, id: &str) -> Option<&Provider> {
        self.providers.iter().find(|provider| provider.id == id)
    }

    /// The service of a set-up: one of the catalogue, or the one that it describes.
    pub fn service_of(&self, set_up: &SetUp) -> Option<Service> {
        match &set_up.workspace.service {
            ServiceChoice::BuiltIn(id) => self.service(id).cloned(),
            ServiceChoice::Described(described) => Some(Service {
                id: String::new(),
                name: described.name.clone(),
                checked_on: String::new(),
                sources: Vec::new(),
                regions: vec![Region {
                    id: String::new(),
                    name: String::new(),
                    login_redirect_url: described.login_redirect_url.clone(),
                    sign_in_url: String::new(),
                    inferred: false,
                }],
                audience: described.audience.clone(),
                roles: described
                    .roles
                    .iter()
                    .map(|name| Role {
                        name: name.clone(),
                        may: String::new(),
                    })
                    .collect(),
                custom_roles: false,
                fallback: described.fallback.clone(),
                provider_initiated_oidc: false,
                provider_initiated_saml: false,
                redirect_notes: Vec::new(),
            }),
        }
    }

    /// Every Login Redirect URL of every built-in service.
    pub fn login_redirect_urls(&self) -> impl Iterator<Item = &str> {
        self.services
            .iter()
            .flat_map(|service| &service.regions)
            .map(|region| region.login_redirect_url.as_str())
    }
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
}

static BUILT_IN: LazyLock<Catalogue> = LazyLock::new(|| {
    fn read<T: for<'de> Deserialize<'de>>(text: &str) -> T {
        serde_json::from_str(text).expect("the catalogue is part of the program; a test reads it")
    }
    Catalogue {
        services: vec![read(include_str!("../services/torq.json"))],
        providers: [
            include_str!("../providers/okta.json"),
            include_str!("../providers/auth0.json"),
            include_str!("../providers/entra.json"),
            include_str!("../providers/onelogin.json"),
            include_str!("../providers/jumpcloud.json"),
            include_str!("../providers/google.json"),
            include_str!("../providers/ping.json"),
            include_str!("../providers/keycloak.json"),
            include_str!("../providers/other.json"),
        ]
        .map(read)
        .into(),
    }
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_reads_and_every_id_is_unique() {
        let catalogue = Catalogue::built_in();
        let mut ids: Vec<_> = catalogue.providers.iter().map(|p| &p.id).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), catalogue.providers.len());
    }

    #[test]
    fn every_guide_asks_for_openid_and_names_its_sources() {
        for provider in &Catalogue::built_in().providers {
            assert!(!provider.checked_on.is_empty(), "{}", provider.id);
            let Some(guide) = &provider.oidc else {
                continue;
            };
            assert!(
                guide.scopes.iter().any(|scope| scope == "openid"),
                "{}",
                provider.id
            );
            assert!(
                !guide.steps.is_empty() && guide.minutes > 0,
                "{}",
                provider.id
            );
        }
    }

    #[test]
    fn torq_has_its_three_regions_and_only_japan_is_inferred() {
        let torq = Catalogue::built_in().service("torq").unwrap();
        let regions: Vec<_> = torq
            .regions
            .iter()
            .map(|r| (r.id.as_str(), r.login_redirect_url.as_str(), r.inferred))
            .collect();
        assert_eq!(
            regions,
            [
                ("us", "https://app.torq.io/__/auth/handler", false),
                ("eu", "https://app.eu.torq.io/__/auth/handler", false),
                ("jp", "https://app.jp.torq.io/__/auth/handler", true),
            ]
        );
        assert_eq!(torq.highest_role(), Some("Owner"));
        assert_eq!(torq.fallback, "Interact Only");
    }
}
