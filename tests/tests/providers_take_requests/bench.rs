//! What the tests share: both providers, Latchkey's side of a connection to them, and a way in.

use jiff::Timestamp;
use latchkey_core::saml::key_pair::KeyPair;
use latchkey_core::saml::request::{AuthnRequest, RelayState};
use latchkey_core::{RequestBinding, SamlConnection};
use latchkey_tests::browser::{Browser, BrowserError, Field, FieldKind, Form, Landing};
use latchkey_tests::provider_saml::{
    SERVICE, SERVICE_REDIRECT, SamlProvider, SamlpShape, SimpleSamlShape,
};
use latchkey_tests::service_provider::Answer;
use reqwest::Method;
use url::Url;

pub(crate) const OLIVIA: &str = "olivia@acme.example";
pub(crate) const BOB: &str = "bob@acme.example";

/// How a request travels.
pub(crate) const BINDINGS: [RequestBinding; 2] = [RequestBinding::Redirect, RequestBinding::Post];

/// Both providers; with a key pair, they take only requests that it signed.
pub(crate) fn providers(asked_by: Option<&KeyPair>) -> [SamlProvider; 2] {
    let asked_by = asked_by.map(|pair| pair.certificate().pem());
    let simplesamlphp = SimpleSamlShape {
        asked_by: asked_by.clone(),
        ..SimpleSamlShape::default()
    };
    let samlp = SamlpShape {
        asked_by,
        ..SamlpShape::default()
    };
    [
        SamlProvider::simplesamlphp(&simplesamlphp).unwrap(),
        SamlProvider::samlp(&samlp).unwrap(),
    ]
}

pub(crate) fn key_pair() -> KeyPair {
    KeyPair::make("Acme", Timestamp::now()).unwrap()
}

pub(crate) fn service_redirect() -> Url {
    SERVICE_REDIRECT.parse().unwrap()
}

pub(crate) fn connection(provider: &SamlProvider) -> SamlConnection {
    SamlConnection {
        provider: "other".to_owned(),
        issuer: provider.entity_id.clone(),
        sign_on_url: provider.sign_on_url.clone(),
        request_binding: RequestBinding::Redirect,
        sign_requests: false,
        certificates: Vec::new(),
        audience: SERVICE.to_owned(),
        login_redirect_url: service_redirect(),
    }
}

pub(crate) fn request(connection: &SamlConnection, force_authn: bool) -> AuthnRequest {
    let acs = &connection.login_redirect_url;
    AuthnRequest::new(
        connection,
        acs,
        AuthnRequest::new_id(),
        Timestamp::now(),
        force_authn,
    )
}

/// Sends the request and signs in as Olivia, in a browser that has never been anywhere.
pub(crate) async fn olivia_signs_in(
    provider: &SamlProvider,
    request: &AuthnRequest,
    binding: RequestBinding,
    state: &RelayState,
    key: Option<&KeyPair>,
) -> Result<Answer, BrowserError> {
    let landing = sign_in(
        &Browser::new(),
        provider,
        request,
        binding,
        state,
        key,
        OLIVIA,
    )
    .await;
    landing.map(|landing| Answer::of(&landing))
}

pub(crate) async fn sign_in(
    browser: &Browser,
    provider: &SamlProvider,
    request: &AuthnRequest,
    binding: RequestBinding,
    state: &RelayState,
    key: Option<&KeyPair>,
    email: &str,
) -> Result<Landing, BrowserError> {
    let (password, acs) = (&provider.person(email).password, service_redirect());
    match binding {
        RequestBinding::Redirect => {
            let address = request.redirect_url(Some(state), key);
            browser.sign_in(&address, email, password, &acs).await
        }
        RequestBinding::Post => {
            let form = browser_form(request.post_form(Some(state), key));
            browser.sign_in_by_form(&form, email, password, &acs).await
        }
    }
}

/// On a page of the service.
fn browser_form(form: latchkey_core::saml::request::Form) -> Form {
    let field = |(name, value)| Field {
        name,
        value,
        kind: FieldKind::Fixed,
    };
    Form {
        page: service_redirect(),
        action: form.action,
        method: Method::POST,
        fields: form.fields.into_iter().map(field).collect(),
    }
}
