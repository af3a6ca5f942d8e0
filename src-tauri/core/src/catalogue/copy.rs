//! The values that go into the provider's console, each under the provider's own label.

use serde::{Deserialize, Serialize};
use specta::Type;
use url::Url;

use super::{Catalogue, OidcGuide, Region, SamlGuide, Service};
use crate::check::region_of;
use crate::connection::Protocol;
use crate::set_up::SetUp;

/// The provider that stands for every one without a guide of its own.
const FALLBACK: &str = "other";

/// A value to copy into the provider's console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct CopyValue {
    /// What it is, by our own name: `login_redirect_url`, `audience`, `relay_state`, `login_url`,
    /// `start_url`, `issuer`.
    pub field: String,
    /// The provider's own label.
    pub label: String,
    /// The value.
    pub value: String,
}

impl Catalogue {
    /// The guide that leads through this provider's console, or the one for any provider.
    pub fn oidc_guide(&self, provider: &str) -> Option<&OidcGuide> {
        let of = |id: &str| self.provider(id).and_then(|one| one.oidc.as_ref());
        of(provider).or_else(|| of(FALLBACK))
    }

    /// The same for SAML.
    pub fn saml_guide(&self, provider: &str) -> Option<&SamlGuide> {
        let of = |id: &str| self.provider(id).and_then(|one| one.saml.as_ref());
        of(provider).or_else(|| of(FALLBACK))
    }

    /// What goes into the provider's console, in the order of the form. A value that is not known
    /// yet, such as the Login Redirect URL before a region is chosen, is left out.
    pub fn values_to_copy(&self, set_up: &SetUp) -> Vec<CopyValue> {
        let Some(service) = self.service_of(set_up) else {
            return Vec::new();
        };
        let give = Give::new(set_up, &service);
        let provider = &set_up.connection.provider;
        let mut values = match set_up.connection.protocol {
            Protocol::Oidc => self.oidc_guide(provider).map(|guide| give.oidc(guide)),
            Protocol::Saml => self.saml_guide(provider).map(|guide| give.saml(guide)),
        }
        .unwrap_or_default();
        values.retain(|value| !value.value.is_empty());
        values
    }

    /// Where a sign-in begins that the provider starts, the address with the domain first. None where
    /// the service takes no such sign-in.
    pub fn starts_at(&self, set_up: &SetUp) -> Vec<Url> {
        let Some(service) = self.service_of(set_up) else {
            return Vec::new();
        };
        if !service.provider_initiated(set_up.connection.protocol) {
            return Vec::new();
        }
        let give = Give::new(set_up, &service);
        [give.start(), give.login()]
            .iter()
            .filter_map(|address| Url::parse(address).ok())
            .collect()
    }

    /// Where people find the service's tile, as far as it can be told; empty where it cannot. None
    /// where the service takes no sign-in that starts there.
    pub fn dashboard(&self, set_up: &SetUp) -> Option<String> {
        if self.starts_at(set_up).is_empty() {
            return None;
        }
        let issuer = set_up.connection.issuer.trim();
        let guide = self.oidc_guide(&set_up.connection.provider);
        let address = guide.and_then(|guide| guide.dashboard.clone());
        let origin = Url::parse(issuer).ok().filter(Url::has_host);
        let origin = origin.map(|url| url.origin().ascii_serialization());
        Some(match (address, origin) {
            (Some(address), Some(origin)) => address
                .replace("{issuer}", issuer.trim_end_matches('/'))
                .replace("{origin}", &origin),
            (Some(address), None) if !address.contains('{') => address,
            _ => String::new(),
        })
    }
}

/// What the service gives to the provider, as this set-up has it; empty where it is not known yet.
pub(crate) struct Give<'a> {
    set_up: &'a SetUp,
    service: &'a Service,
    region: Option<&'a Region>,
}

impl<'a> Give<'a> {
    pub(crate) fn new(set_up: &'a SetUp, service: &'a Service) -> Self {
        Self {
            set_up,
            service,
            region: region_of(set_up, service),
        }
    }

    fn oidc(&self, guide: &OidcGuide) -> Vec<CopyValue> {
        let labels = &guide.labels;
        let mut values = vec![value(
            "login_redirect_url",
            &labels.login_redirect_url,
            self.redirect(),
        )];
        if let Some(label) = &labels.login_url {
            values.push(value("login_url", label, self.login()));
        }
        if let Some(label) = &labels.start_url {
            values.push(value("start_url", label, self.start()));
        }
        values
    }

    fn saml(&self, guide: &SamlGuide) -> Vec<CopyValue> {
        let labels = &guide.labels;
        let mut values: Vec<CopyValue> = labels
            .login_redirect_url
            .iter()
            .map(|label| value("login_redirect_url", label, self.redirect()))
            .collect();
        values.push(value("audience", &labels.audience, self.audience()));
        if let Some(chosen) = &guide.issuer_chosen {
            values.push(value("issuer", &labels.issuer, chosen.clone()));
        }
        if let Some(label) = &labels.relay_state {
            values.push(value("relay_state", label, self.redirect()));
        }
        if let Some(label) = &labels.login_url {
            values.push(value("login_url", label, self.login()));
        }
        values
    }

    /// Where the service takes the answer.
    pub(crate) fn redirect(&self) -> String {
        let given = self.set_up.connection.login_redirect_url.as_deref();
        given
            .or(self.region.map(|region| region.login_redirect_url.as_str()))
            .unwrap_or_default()
            .trim()
            .to_owned()
    }

    /// The audience that the service expects.
    pub(crate) fn audience(&self) -> String {
        let given = self.set_up.connection.audience.as_deref();
        given.unwrap_or(&self.service.audience).trim().to_owned()
    }

    fn login(&self) -> String {
        self.region
            .map(|region| region.login_url.clone())
            .unwrap_or_default()
    }

    /// The address at which a sign-in begins that the provider starts, for the Owner's domain.
    pub(crate) fn start(&self) -> String {
        let email = self.set_up.workspace.owner_email.trim();
        let domain = email.rsplit_once('@').map(|(_, domain)| domain);
        match (self.region, domain) {
            (Some(region), Some(domain)) if !domain.is_empty() => {
                let encoded: String =
                    url::form_urlencoded::byte_serialize(domain.as_bytes()).collect();
                region.start_url.replace("{domain}", &encoded)
            }
            _ => String::new(),
        }
    }
}

fn value(field: &str, label: &str, value: String) -> CopyValue {
    CopyValue {
        field: field.to_owned(),
        label: label.to_owned(),
        value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(protocol: Protocol, provider: &str, region: &str) -> Vec<(String, String, String)> {
        let mut set_up = SetUp::default();
        set_up.workspace.region = region.to_owned();
        set_up.workspace.owner_email = "olivia@acme.example".to_owned();
        set_up.connection.protocol = protocol;
        set_up.connection.provider = provider.to_owned();
        let values = Catalogue::built_in().values_to_copy(&set_up);
        values
            .into_iter()
            .map(|value| (value.field, value.label, value.value))
            .collect()
    }

    fn triple(field: &str, label: &str, value: &str) -> (String, String, String) {
        (field.to_owned(), label.to_owned(), value.to_owned())
    }

    #[test]
    fn each_value_stands_under_the_providers_own_label() {
        let eu = "https://app.eu.torq.io/__/auth/handler";
        assert_eq!(
            values(Protocol::Saml, "jumpcloud", "eu"),
            [
                triple("login_redirect_url", "ACS URLs", eu),
                triple("audience", "SP Entity ID", "torq.io"),
                triple("issuer", "IdP Entity ID", "JumpCloud"),
                triple("relay_state", "Default RelayState", eu),
                triple(
                    "login_url",
                    "Login URL",
                    "https://app.eu.torq.io/auth/SSOSignIn"
                ),
            ]
        );
    }

    #[test]
    fn where_the_provider_may_start_the_address_names_the_owners_domain() {
        assert_eq!(
            values(Protocol::Oidc, "okta", "us")[1],
            triple(
                "start_url",
                "Initiate login URI",
                "https://app.torq.io/auth/SSOSignIn?domain=acme.example"
            )
        );
    }

    #[test]
    fn the_tile_is_looked_for_where_the_provider_has_it_and_the_service_allows_it() {
        let mut set_up = SetUp::default();
        let dashboard = |set_up: &SetUp| Catalogue::built_in().dashboard(set_up);
        set_up.connection.provider = "okta".to_owned();
        set_up.connection.issuer = "https://acme.okta.com/oauth2/default".to_owned();
        assert_eq!(dashboard(&set_up), None, "no region is chosen");
        set_up.workspace.region = "us".to_owned();
        set_up.workspace.owner_email = "olivia@acme.example".to_owned();
        let at = "https://acme.okta.com/app/UserHome";
        assert_eq!(dashboard(&set_up).as_deref(), Some(at));
        let starts = Catalogue::built_in().starts_at(&set_up);
        let starts: Vec<&str> = starts.iter().map(Url::as_str).collect();
        assert_eq!(
            starts,
            [
                "https://app.torq.io/auth/SSOSignIn?domain=acme.example",
                "https://app.torq.io/auth/SSOSignIn",
            ]
        );
        set_up.connection.issuer = String::new();
        assert_eq!(dashboard(&set_up).as_deref(), Some(""));
        set_up.connection.provider = "entra".to_owned();
        let at = "https://myapplications.microsoft.com/";
        assert_eq!(dashboard(&set_up).as_deref(), Some(at));
        set_up.connection.provider = "other".to_owned();
        assert_eq!(dashboard(&set_up).as_deref(), Some(""));
        set_up.connection.protocol = Protocol::Saml;
        assert_eq!(dashboard(&set_up), None);
        assert_eq!(Catalogue::built_in().starts_at(&set_up), []);
    }

    #[test]
    fn nothing_is_offered_that_is_not_known_yet() {
        assert_eq!(values(Protocol::Oidc, "okta", ""), []);
    }

    #[test]
    fn an_unknown_provider_gets_the_values_for_any() {
        let fields: Vec<String> = values(Protocol::Saml, "", "us")
            .into_iter()
            .map(|(field, ..)| field)
            .collect();
        assert_eq!(fields, ["login_redirect_url", "audience"]);
    }
}
