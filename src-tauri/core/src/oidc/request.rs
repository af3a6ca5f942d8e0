//! The authentication request (OpenID Connect Core 1.0, section 3.1.2.1; RFC 7636).

use openidconnect::core::{CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreJsonWebKeySet};
use openidconnect::{
    AuthUrl, AuthenticationFlow, ClientId, CsrfToken, LoginHint, Nonce, PkceCodeChallenge,
    RedirectUrl, Scope,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use specta::Type;
use url::Url;

use super::discovery::Discovery;
use super::initiation::Initiation;
use crate::connection::{Flow, OidcConnection};

/// How the answer is asked to come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// As the flow has it: query for the code flow, fragment for the implicit flow.
    #[default]
    Usual,
    /// As a form POST (OAuth 2.0 Form Post Response Mode).
    FormPost,
}

/// What a test sign-in asks for beside the connection itself.
#[derive(Clone, Debug)]
pub struct Ask<'a> {
    /// Where the answer is to go: the Login Redirect URL, or a loopback address.
    pub redirect_uri: &'a Url,
    /// How the answer is asked to come.
    pub response_mode: ResponseMode,
    /// The address to send as `login_hint`, where the connection sends one.
    pub login_hint: Option<&'a str>,
}

/// One authentication request with the secrets that tie an answer to it.
pub struct Request {
    authorize_url: Url,
    redirect_uri: Url,
    flow: Flow,
    mode: ResponseMode,
    state: SecretString,
    nonce: SecretString,
    verifier: Option<SecretString>,
    answer_names_issuer: bool,
}

impl Request {
    /// Makes the request. State, nonce and PKCE verifier are new random values; the provider is
    /// asked to sign the person in again (`prompt=login`), so that a second person is really asked.
    pub fn new(connection: &OidcConnection, discovery: &Discovery, ask: &Ask<'_>) -> Self {
        Self::made(connection, discovery, ask, None)
    }

    /// Makes the request of a sign-in that the provider has started: as [`Request::new`], with the
    /// hint that came along, and for whoever is signed in there.
    pub fn started(
        connection: &OidcConnection,
        discovery: &Discovery,
        ask: &Ask<'_>,
        by: &Initiation,
    ) -> Self {
        Self::made(connection, discovery, ask, Some(by))
    }

    fn made(
        connection: &OidcConnection,
        discovery: &Discovery,
        ask: &Ask<'_>,
        by: Option<&Initiation>,
    ) -> Self {
        let client = CoreClient::new(
            ClientId::new(connection.client_id.clone()),
            connection.issuer.for_openidconnect(),
            CoreJsonWebKeySet::new(Vec::new()),
        )
        .set_auth_uri(AuthUrl::from_url(discovery.authorization_endpoint.clone()))
        .set_redirect_uri(RedirectUrl::from_url(ask.redirect_uri.clone()));
        let flow: CoreAuthenticationFlow = match connection.flow {
            Flow::Code => AuthenticationFlow::AuthorizationCode,
            Flow::Implicit => AuthenticationFlow::Implicit(false),
        };
        let mut building = client.authorize_url(flow, CsrfToken::new_random, Nonce::new_random);
        if by.is_none() {
            building = building.add_prompt(CoreAuthPrompt::Login);
        }
        // openidconnect adds `openid` by itself; the others go in the order of the form.
        for scope in connection.scopes.iter().filter(|scope| *scope != "openid") {
            building = building.add_scope(Scope::new(scope.clone()));
        }
        let chosen = ask.login_hint.filter(|_| connection.login_hint);
        if let Some(hint) = by.and_then(Initiation::login_hint).or(chosen) {
            building = building.set_login_hint(LoginHint::new(hint.to_owned()));
        }
        if ask.response_mode == ResponseMode::FormPost {
            building = building.add_extra_param("response_mode", "form_post");
        }
        let mut verifier = None;
        if connection.flow == Flow::Code {
            let (challenge, secret) = PkceCodeChallenge::new_random_sha256();
            building = building.set_pkce_challenge(challenge);
            verifier = Some(SecretString::from(secret.into_secret()));
        }
        let (authorize_url, state, nonce) = building.url();
        Self {
            authorize_url,
            redirect_uri: ask.redirect_uri.clone(),
            flow: connection.flow,
            mode: ask.response_mode,
            state: SecretString::from(state.into_secret()),
            nonce: SecretString::from(nonce.secret().clone()),
            verifier,
            answer_names_issuer: discovery.names_issuer_in_answers,
        }
    }

    /// Where the person goes to sign in.
    pub fn authorize_url(&self) -> &Url {
        &self.authorize_url
    }

    /// Where the answer is to go.
    pub fn redirect_uri(&self) -> &Url {
        &self.redirect_uri
    }

    /// The flow that was asked for.
    pub fn flow(&self) -> Flow {
        self.flow
    }

    /// The nonce that the ID token must repeat.
    pub fn nonce(&self) -> &str {
        self.nonce.expose_secret()
    }

    /// The PKCE verifier that goes with the code.
    pub fn verifier(&self) -> Option<&SecretString> {
        self.verifier.as_ref()
    }

    pub(super) fn state(&self) -> &str {
        self.state.expose_secret()
    }

    /// Whether the provider says that each of its answers names it (RFC 9207, section 3).
    pub(super) fn answer_names_issuer(&self) -> bool {
        self.answer_names_issuer
    }

    pub(super) fn mode(&self) -> ResponseMode {
        self.mode
    }
}
