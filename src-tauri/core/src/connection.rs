//! A connection that has been parsed: protocol, provider and the fields of the set-up form.

use openidconnect::IssuerUrl;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use specta::Type;
use url::Url;

use crate::certificate::Certificate;
use crate::fault::Fault;
use crate::finding::Finding;
use crate::server::same_server;

/// How the provider and the service talk.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, Type, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// OpenID Connect Core 1.0.
    #[default]
    Oidc,
    /// SAML 2.0.
    Saml,
}

impl Protocol {
    /// The standard's own name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Oidc => "OpenID Connect",
            Self::Saml => "SAML 2.0",
        }
    }
}

/// How the ID token comes (OpenID Connect Core 1.0, section 3). One of the two, never both.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, Type, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// A code comes by the browser and is exchanged for tokens (section 3.1).
    #[default]
    Code,
    /// The ID token comes by the browser (section 3.2).
    Implicit,
}

impl Flow {
    /// The `response_type` that asks for it.
    pub fn response_type(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Implicit => "id_token",
        }
    }
}

/// A connection whose every field has been parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Connection {
    /// OpenID Connect.
    Oidc(OidcConnection),
    /// SAML 2.0.
    Saml(SamlConnection),
}

impl Connection {
    /// The provider's id in the catalogue.
    pub fn provider(&self) -> &str {
        match self {
            Self::Oidc(connection) => &connection.provider,
            Self::Saml(connection) => &connection.provider,
        }
    }

    /// Where the service takes the answer. Nothing of a test sign-in may go to its host.
    pub fn login_redirect_url(&self) -> &Url {
        match self {
            Self::Oidc(connection) => &connection.login_redirect_url,
            Self::Saml(connection) => &connection.login_redirect_url,
        }
    }
}

/// How a SAML request travels to the provider (SAML 2.0 Bindings, sections 3.4 and 3.5).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, Type, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum RequestBinding {
    /// HTTP-Redirect: deflated, in the address.
    #[default]
    Redirect,
    /// HTTP-POST: as a form.
    Post,
}

impl RequestBinding {
    /// The standard's own name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Redirect => "HTTP-Redirect",
            Self::Post => "HTTP-POST",
        }
    }
}

/// A SAML 2.0 connection. The workspace's own key pair is not part of it: it lives in the keychain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SamlConnection {
    /// The provider's id in the catalogue.
    pub provider: String,
    /// The provider's entity ID, byte for byte (SAML 2.0 Core, section 8.3.6). Often no address.
    pub issuer: String,
    /// Where the service sends the person to sign in.
    pub sign_on_url: Url,
    /// How the request travels there.
    pub request_binding: RequestBinding,
    /// Whether requests are signed with the workspace's key pair.
    pub sign_requests: bool,
    /// The provider's signing certificates: an answer has to be signed by one of their keys.
    pub certificates: Vec<Certificate>,
    /// The audience that the answer has to be restricted to: the service's entity ID.
    pub audience: String,
    /// The Assertion Consumer Service: where the service takes the answer.
    pub login_redirect_url: Url,
}

/// An OpenID Connect connection. The client secret is not part of it: it lives in the keychain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OidcConnection {
    /// The provider's id in the catalogue.
    pub provider: String,
    /// The issuer, character for character as the provider writes it: a slash at the end counts
    /// (OpenID Connect Discovery 1.0, section 4.3).
    pub issuer: Issuer,
    /// The client ID that the provider assigned.
    pub client_id: String,
    /// Requested scopes, in order; `openid` is one of them.
    pub scopes: Vec<String>,
    /// Code flow or Implicit flow.
    pub flow: Flow,
    /// Whether the person's address is sent along as `login_hint`.
    pub login_hint: bool,
    /// Where the service takes the answer.
    pub login_redirect_url: Url,
}

impl OidcConnection {
    /// What is wrong with this address of the provider, if it is on the Login Redirect URL's host:
    /// nothing of a test sign-in may go there.
    pub fn at_service(&self, endpoint: &str, url: &Url) -> Option<Finding> {
        same_server(&self.login_redirect_url, url).then(|| {
            Finding::error(Fault::ProviderAtService {
                endpoint: endpoint.to_owned(),
                host: url.host_str().unwrap_or_default().to_owned(),
            })
            .at("connection.issuer")
        })
    }
}

impl SamlConnection {
    /// What is wrong with the sign-on address, if it is on the Login Redirect URL's host: nothing
    /// of a test sign-in may go there.
    pub fn at_service(&self) -> Option<Finding> {
        same_server(&self.login_redirect_url, &self.sign_on_url).then(|| {
            Finding::error(Fault::ProviderAtService {
                endpoint: "sign-on".to_owned(),
                host: self.sign_on_url.host_str().unwrap_or_default().to_owned(),
            })
            .at("connection.sign_on_url")
        })
    }
}

impl From<OidcConnection> for Connection {
    fn from(connection: OidcConnection) -> Self {
        Self::Oidc(connection)
    }
}

/// An issuer identifier: an http(s) address without query and fragment, kept as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Issuer(String, Url);

impl Issuer {
    /// Parses an issuer identifier.
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let fits = matches!(url.scheme(), "https" | "http")
            && url.has_host()
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        fits.then(|| Self(text.to_owned(), url))
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As an address.
    pub fn url(&self) -> &Url {
        &self.1
    }

    /// The library's own type, from the same characters.
    pub fn for_openidconnect(&self) -> IssuerUrl {
        // It parses with the same `url` crate, which has accepted these characters already.
        IssuerUrl::new(self.0.clone()).unwrap_or_else(|_| IssuerUrl::from_url(self.1.clone()))
    }

    /// Where the discovery document is (OpenID Connect Discovery 1.0, section 4.1).
    pub fn discovery_url(&self) -> Url {
        let mut url = self.1.clone();
        let path = url.path().trim_end_matches('/');
        url.set_path(&format!("{path}/.well-known/openid-configuration"));
        url
    }
}

impl TryFrom<String> for Issuer {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not an issuer identifier")
    }
}

impl From<Issuer> for String {
    fn from(issuer: Issuer) -> Self {
        issuer.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_discovery_document_stands_below_the_issuers_path() {
        for (issuer, address) in [
            (
                "https://a.example",
                "https://a.example/.well-known/openid-configuration",
            ),
            (
                "https://a.example/",
                "https://a.example/.well-known/openid-configuration",
            ),
            (
                "https://a.example/oauth2/default",
                "https://a.example/oauth2/default/.well-known/openid-configuration",
            ),
            (
                "https://a.example/realms/x/",
                "https://a.example/realms/x/.well-known/openid-configuration",
            ),
        ] {
            assert_eq!(
                Issuer::parse(issuer).unwrap().discovery_url().as_str(),
                address
            );
        }
    }

    #[test]
    fn what_is_no_issuer_is_refused() {
        for text in [
            "",
            "a.example",
            "ftp://a.example",
            "https://",
            "https://a.example/?x=1",
            "https://a.example/#x",
            "https://user@a.example",
            "https://u:p@a.example",
            "mailto:a@b",
        ] {
            assert!(Issuer::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_slash_at_the_end_is_another_issuer() {
        assert_ne!(
            Issuer::parse("https://a.example"),
            Issuer::parse("https://a.example/")
        );
    }
}
