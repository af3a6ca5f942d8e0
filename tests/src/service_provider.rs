//! A SAML service provider of a few lines that shares nothing with Latchkey: asks a provider, and takes what comes.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use jiff::Timestamp;
use reqwest::Method;
use url::Url;

use crate::browser::{Browser, BrowserError, Field, FieldKind, Form, Landing};
use crate::provider_saml::{SERVICE, SamlProvider};

/// What is asked. Its default is what most services ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthnRequest {
    /// Answers say it in `InResponseTo`.
    pub id: String,
    /// The entity ID of the service.
    pub issuer: String,
    /// Where the answer is wanted.
    pub acs: Url,
    /// Ask for the password although somebody is signed in.
    pub force_authn: bool,
}

/// A provider's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Base64, as the form had it.
    pub encoded: String,
    /// What it says.
    pub xml: String,
    /// As it came back; none when the form has none or an empty one.
    pub relay_state: Option<String>,
}

impl AuthnRequest {
    /// Sent with every request.
    pub const RELAY_STATE: &str = "relay state of this sign-in";

    /// A request of the service for an answer at `acs`.
    pub fn to(acs: &Url) -> Self {
        Self {
            id: "_request-of-this-sign-in".to_owned(),
            issuer: SERVICE.to_owned(),
            acs: acs.clone(),
            force_authn: false,
        }
    }

    /// By HTTP-Redirect (SAML Bindings 2.0, section 3.4).
    pub fn address(&self, provider: &SamlProvider) -> Url {
        let mut deflated = DeflateEncoder::new(Vec::new(), Compression::default());
        deflated
            .write_all(self.xml(&provider.sign_on_url).as_bytes())
            .expect("a vector takes all");
        let deflated = deflated.finish().expect("a vector takes all");
        let mut address = provider.sign_on_url.clone();
        address
            .query_pairs_mut()
            .append_pair("SAMLRequest", &STANDARD.encode(deflated))
            .append_pair("RelayState", Self::RELAY_STATE);
        address
    }

    /// By HTTP-POST (SAML Bindings 2.0, section 3.5), on a page of the service.
    pub fn form(&self, provider: &SamlProvider) -> Form {
        let field = |name: &str, value: &str| Field {
            name: name.to_owned(),
            value: value.to_owned(),
            kind: FieldKind::Fixed,
        };
        let encoded = STANDARD.encode(self.xml(&provider.sign_on_url));
        Form {
            page: self.acs.clone(),
            action: provider.sign_on_url.clone(),
            method: Method::POST,
            fields: vec![
                field("SAMLRequest", &encoded),
                field("RelayState", Self::RELAY_STATE),
            ],
        }
    }

    /// Signs in by HTTP-Redirect as the person with this address, in a browser that may have been here before.
    pub async fn signed_in(
        &self,
        provider: &SamlProvider,
        browser: &Browser,
        email: &str,
    ) -> Result<Landing, BrowserError> {
        let password = &provider.person(email).password;
        let address = self.address(provider);
        browser.sign_in(&address, email, password, &self.acs).await
    }

    fn xml(&self, destination: &Url) -> String {
        let Self {
            id,
            issuer,
            acs,
            force_authn,
        } = self;
        let now = Timestamp::now();
        format!(
            r#"<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{id}" Version="2.0" IssueInstant="{now:.0}" Destination="{destination}" ForceAuthn="{force_authn}" AssertionConsumerServiceURL="{acs}" ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"><saml:Issuer>{issuer}</saml:Issuer></samlp:AuthnRequest>"#
        )
    }
}

impl Answer {
    /// What was about to be sent to the service. Panics when it is no SAML answer: the test is wrong then.
    pub fn of(landing: &Landing) -> Self {
        let Some(encoded) = landing.value("SAMLResponse") else {
            panic!("no SAMLResponse in {landing:?}");
        };
        let xml = STANDARD.decode(&encoded).expect("SAMLResponse is Base64");
        Self {
            encoded,
            xml: String::from_utf8(xml).expect("the answer is UTF-8"),
            relay_state: landing
                .value("RelayState")
                .filter(|state| !state.is_empty()),
        }
    }
}
