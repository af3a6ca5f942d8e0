//! Services and providers as data. A new one is one file in `services/` or `providers/`.

mod copy;
mod provider;
mod service;
pub mod shape;

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use specta::Type;
use url::Url;

use crate::fault::Fault;
use crate::set_up::{ServiceChoice, SetUp};

pub use copy::CopyValue;
pub(crate) use copy::Give;
pub use provider::{
    Blank, GroupLimits, GuideStep, Labels, MetadataOffer, OidcGuide, Provider, SamlAttribute,
    SamlGuide, SamlLabels, Setting, SharedIssuers, Template,
};
pub use service::{Recommended, RedirectNote, Region, Role, Service};

/// All that is built in.
#[derive(Clone, Debug, PartialEq, Serialize, Type)]
pub struct Catalogue {
    /// Services, the first is the default.
    pub services: Vec<Service>,
    /// Providers, in the order in which they are offered.
    pub providers: Vec<Provider>,
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
        self.service_or_fault(set_up).ok()
    }

    /// The same, or the finding that names the services that are known.
    ///
    /// # Errors
    /// `UnknownService`.
    pub fn service_or_fault(&self, set_up: &SetUp) -> Result<Service, Fault> {
        match &set_up.workspace.service {
            ServiceChoice::Described(described) => Ok(Service::described(described)),
            ServiceChoice::BuiltIn(id) => {
                self.service(id)
                    .cloned()
                    .ok_or_else(|| Fault::UnknownService {
                        service: crate::text::shown(id, 100),
                        known: listed(self.services.iter().map(|service| &*service.id)),
                    })
            }
        }
    }

    /// What is said of a provider that is not known: those that are.
    pub(crate) fn unknown_provider(&self, id: &str) -> Fault {
        Fault::UnknownProvider {
            provider: crate::text::shown(id, 100),
            known: listed(self.providers.iter().map(|provider| &*provider.id)),
        }
    }

    /// Every Login Redirect URL of every built-in service.
    pub fn login_redirect_urls(&self) -> impl Iterator<Item = &str> {
        self.services
            .iter()
            .flat_map(|service| &service.regions)
            .map(|region| region.login_redirect_url.as_str())
    }

    /// Every address at which a service takes answers: of the built-in ones, and of the set-up's own
    /// as it is described or overridden. Nothing is asked of their servers.
    pub fn taking_answers(&self, set_up: &SetUp) -> Vec<Url> {
        let described = match &set_up.workspace.service {
            ServiceChoice::BuiltIn(_) => None,
            ServiceChoice::Described(described) => Some(described.login_redirect_url.as_str()),
        };
        self.login_redirect_urls()
            .chain(described)
            .chain(set_up.connection.login_redirect_url.as_deref())
            .filter_map(|address| Url::parse(address.trim()).ok())
            .filter(Url::has_host)
            .collect()
    }

    /// The Audience Restriction of every built-in service.
    pub fn audiences(&self) -> impl Iterator<Item = &str> {
        self.services
            .iter()
            .map(|service| service.audience.as_str())
    }
}

pub(crate) fn listed<'a>(ids: impl Iterator<Item = &'a str>) -> String {
    ids.collect::<Vec<_>>().join(", ")
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
mod tests;
