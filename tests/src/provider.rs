//! Identity providers nobody here wrote, run as child processes on loopback.
//!
//! [`OidcProvider`] is the certified `oidc-provider` with a sign-in page; [`FaultyProvider`] is `oauth2-mock-server`
//! doing one thing wrong. Both end when they are dropped, and by themselves when the test is killed.
//! Their secrets live for one test and guard nothing, so they are plain strings.

use serde::{Deserialize, Serialize, Serializer};
use url::Url;

pub use crate::provider_process::StartError;
use crate::provider_process::{Process, start};

/// The Login Redirect URL of the service; every [`OidcProvider`] has it registered.
pub const SERVICE_REDIRECT: &str = "https://app.torq.io/__/auth/handler";

/// Somebody who can sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// What the provider calls this person; the `sub` claim.
    pub sub: String,
    /// The `email` claim, typed at the sign-in page.
    pub email: String,
    /// Typed at the sign-in page.
    pub password: String,
    /// The `name` claim.
    pub name: String,
    /// The `groups` claim.
    pub groups: Vec<String>,
}

/// How the one client of an [`OidcProvider`] proves itself at the token endpoint (OpenID Connect Core 1.0, section 9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum ClientAuth {
    /// The secret in an `Authorization: Basic` header.
    #[default]
    #[serde(rename = "client_secret_basic")]
    Basic,
    /// The secret in the body.
    #[serde(rename = "client_secret_post")]
    Post,
    /// A public client: no secret, PKCE required.
    #[serde(rename = "none")]
    Public,
}

/// Which response types the client may ask for. `response_mode=form_post` is open to all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flow {
    /// `code`.
    #[default]
    Code,
    /// `id_token` and `id_token token`.
    Implicit,
    /// `code id_token`.
    Hybrid,
}

/// What signs the ID token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Signing {
    /// RSA, 2048 bits.
    #[default]
    #[serde(rename = "RS256")]
    Rs256,
    /// ECDSA on P-256.
    #[serde(rename = "ES256")]
    Es256,
}

/// Where the claims of the asked scopes are found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimsIn {
    /// In the ID token, and at the userinfo endpoint too.
    #[default]
    IdToken,
    /// Only at the userinfo endpoint, except for `response_type=id_token`, which has no access token to ask with.
    Userinfo,
}

/// The one client of an [`OidcProvider`].
#[derive(Clone, Debug, Default, Serialize)]
pub struct OidcConfig {
    /// Advertised in discovery as the only way.
    pub client_auth: ClientAuth,
    /// Advertised in discovery as the only response types.
    #[serde(rename = "response_types")]
    pub flow: Flow,
    /// Discovery advertises both, and both keys are published.
    #[serde(rename = "id_token_alg")]
    pub signing: Signing,
    /// Where the claims are found.
    pub claims_in: ClaimsIn,
    /// Refuse an authorization request without a code challenge although the client has a secret.
    pub require_pkce: bool,
    /// Also register `http://127.0.0.1:PORT/callback`.
    pub callback_port: Option<u16>,
    /// The service's Initiate login URI, to which the tile at `/dashboard` leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tile: Option<String>,
    /// Instead of a random one; printable ASCII.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
    /// Instead of Olivia and Bob.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub people: Option<Vec<Person>>,
}

/// A running `oidc-provider`. Scopes: `openid email profile groups`; PKCE S256; consent is never asked.
#[derive(Debug)]
pub struct OidcProvider {
    /// Exactly as it stands in tokens; no slash at the end.
    pub issuer: String,
    /// The only client.
    pub client_id: String,
    /// None for a public client.
    pub client_secret: Option<String>,
    /// All that are registered; any other is answered with a page, not with a redirect.
    pub redirect_uris: Vec<Url>,
    /// Everybody who can sign in.
    pub people: Vec<Person>,
    process: Process,
}

impl OidcProvider {
    /// Starts the provider on a free port and waits until it listens.
    pub fn start(config: &OidcConfig) -> Result<Self, StartError> {
        let (process, ready) =
            start::<OidcReady>(Some("oidc-provider"), "oidc-provider.mjs", config)?;
        Ok(Self {
            issuer: ready.issuer,
            client_id: ready.client_id,
            client_secret: ready.client_secret,
            redirect_uris: ready.redirect_uris,
            people: ready.people,
            process,
        })
    }

    /// The person with this address. Panics when nobody has it: the test is wrong then.
    pub fn person(&self, email: &str) -> &Person {
        let found = self.people.iter().find(|person| person.email == email);
        found.unwrap_or_else(|| panic!("nobody at the provider has the address {email}"))
    }

    /// What the provider wrote to its standard error so far, for the message of a failing test.
    pub fn log(&self) -> String {
        self.process.log()
    }
}

/// The one thing that a [`FaultyProvider`] does wrong.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::Display, strum::VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Fault {
    /// Nothing is wrong: the control.
    None,
    /// `aud` is another client.
    WrongAud,
    /// `iss` is another issuer; discovery is right.
    WrongIss,
    /// Issued, valid and expired an hour or more ago.
    Expired,
    /// `nonce` is not the one that was sent.
    WrongNonce,
    /// `nonce` is missing.
    NoNonce,
    /// Neither in the ID token nor in userinfo.
    NoEmail,
    /// `email_verified` is false.
    UnverifiedEmail,
    /// One string, the names joined by commas.
    GroupsAsText,
    /// `iat` is a day ahead.
    IssuedInFuture,
    /// `azp` is another client; `aud` is right.
    WrongAzp,
    /// `aud` is missing.
    NoAud,
    /// Signed by the published key, but named otherwise.
    UnknownKid,
    /// One bit of the signature is turned.
    BadSignature,
    /// The header says `none` and the signature is empty.
    AlgNone,
    /// The token response has an access token only.
    NoIdToken,
    /// The token endpoint answers 400 `invalid_grant`.
    InvalidGrant,
    /// The token endpoint answers 200 with a page.
    HtmlInsteadOfJson,
    /// The redirect carries another `state`.
    WrongState,
    /// The redirect carries `error=access_denied` and no code.
    AccessDenied,
}

/// A running `oauth2-mock-server`: code flow, RS256, any client and secret, any redirect URI, no sign-in page.
#[derive(Debug)]
pub struct FaultyProvider {
    /// As discovery says it; no slash at the end.
    pub issuer: String,
    /// Any other would do as well.
    pub client_id: String,
    /// Any other would do as well.
    pub client_secret: String,
    /// What it does wrong.
    pub fault: Fault,
    /// Who is signed in without being asked.
    pub person: Person,
    process: Process,
}

impl FaultyProvider {
    /// Starts the provider with Olivia signed in.
    pub fn start(fault: Fault) -> Result<Self, StartError> {
        Self::start_with(&FaultyConfig {
            fault,
            person: None,
        })
    }

    /// Starts the provider with `person` signed in.
    pub fn start_as(fault: Fault, person: Person) -> Result<Self, StartError> {
        let person = Some(person);
        Self::start_with(&FaultyConfig { fault, person })
    }

    fn start_with(config: &FaultyConfig) -> Result<Self, StartError> {
        let (process, ready) =
            start::<FaultyReady>(Some("oauth2-mock-server"), "faults.mjs", config)?;
        Ok(Self {
            issuer: ready.issuer,
            client_id: ready.client_id,
            client_secret: ready.client_secret,
            fault: ready.fault,
            person: ready.person,
            process,
        })
    }

    /// What the provider wrote to its standard error so far, for the message of a failing test.
    pub fn log(&self) -> String {
        self.process.log()
    }
}

#[derive(Serialize)]
struct FaultyConfig {
    fault: Fault,
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<Person>,
}

#[derive(Deserialize)]
struct OidcReady {
    issuer: String,
    client_id: String,
    client_secret: Option<String>,
    redirect_uris: Vec<Url>,
    people: Vec<Person>,
}

#[derive(Deserialize)]
struct FaultyReady {
    issuer: String,
    client_id: String,
    client_secret: String,
    fault: Fault,
    person: Person,
}

impl Serialize for Flow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let response_types: &[&str] = match self {
            Flow::Code => &["code"],
            Flow::Implicit => &["id_token", "id_token token"],
            Flow::Hybrid => &["code id_token"],
        };
        response_types.serialize(serializer)
    }
}
