use std::sync::{PoisonError, RwLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rsa::RsaPublicKey;
use secrecy::SecretString;
use tokio::sync::watch;
use url::{Host, Url};

use crate::Options;
use crate::fault::Fault;
use crate::keys::Keys;
use crate::people::{self, Person};
use crate::saml::{self, Credentials};
use crate::shelf::{self, Shelf};

/// How long an authorization code can be redeemed.
pub(crate) const CODE_LIFETIME: Duration = Duration::from_secs(60);
/// How long an access token and an ID token hold.
pub(crate) const TOKEN_LIFETIME: Duration = Duration::from_secs(60 * 60);
const SESSION_LIFETIME: Duration = Duration::from_secs(8 * 60 * 60);

/// All that the running provider knows.
pub(crate) struct Provider {
    pub(crate) issuer: String,
    pub(crate) cookie: String,
    pub(crate) client_secret: SecretString,
    pub(crate) people: Vec<Person>,
    pub(crate) keys: Keys,
    pub(crate) saml: Credentials,
    /// The RSA key of the certificate that is registered for the SAML application.
    pub(crate) service_key: Option<RsaPublicKey>,
    pub(crate) sessions: Shelf<Session>,
    pub(crate) codes: Shelf<Code>,
    pub(crate) access: Shelf<Access>,
    admitted_redirects: Vec<Url>,
    admitted_audiences: Vec<String>,
    fault: RwLock<Option<Fault>>,
    closed: watch::Receiver<()>,
}

/// A person signed in in a browser.
#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) person: Person,
    /// When, in seconds since 1970.
    pub(crate) auth_time: u64,
}

/// What a code stands for. A spent one is kept as long as it would have lasted, so that its
/// second use ends what the first one gave (RFC 6749, 4.1.2).
#[derive(Clone)]
pub(crate) enum Code {
    Fresh(Grant),
    Spent { access_token: Option<String> },
}

/// What was asked for and who agreed to it, until the token endpoint is asked.
#[derive(Clone)]
pub(crate) struct Grant {
    pub(crate) session: Session,
    pub(crate) scopes: Scopes,
    pub(crate) redirect_uri: String,
    pub(crate) nonce: Option<String>,
    pub(crate) challenge: Option<String>,
}

/// What an access token opens at userinfo.
#[derive(Clone)]
pub(crate) struct Access {
    pub(crate) person: Person,
    pub(crate) scopes: Scopes,
}

/// The scopes granted; `openid` always is, and unknown ones are passed over
/// (OpenID Connect Core, 3.1.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scopes {
    pub(crate) email: bool,
    pub(crate) profile: bool,
    pub(crate) groups: bool,
}

impl Scopes {
    pub(crate) const NAMES: [&'static str; 4] = ["openid", "email", "profile", "groups"];

    pub(crate) fn granted(self) -> String {
        let granted = [true, self.email, self.profile, self.groups];
        let names = Self::NAMES
            .iter()
            .zip(granted)
            .filter(|(_, granted)| *granted);
        names.map(|(name, _)| *name).collect::<Vec<_>>().join(" ")
    }
}

impl Provider {
    /// What the options say, but for their port: `port` is the one had.
    pub(crate) fn new(port: u16, options: Options, closed: watch::Receiver<()>) -> Self {
        Provider {
            issuer: format!("http://127.0.0.1:{port}"),
            // Browsers share cookies among the ports of a host: each provider names its own.
            cookie: format!("latchkey_practice_{port}"),
            client_secret: options
                .client_secret
                .unwrap_or_else(|| shelf::ticket().into()),
            people: people::made_up(),
            keys: Keys::default(),
            saml: Credentials::default(),
            service_key: options
                .service_certificate
                .as_deref()
                .and_then(saml::rsa_key),
            sessions: Shelf::new(256, SESSION_LIFETIME),
            codes: Shelf::new(256, CODE_LIFETIME),
            access: Shelf::new(1024, TOKEN_LIFETIME),
            admitted_redirects: options.admitted_redirects,
            admitted_audiences: options.admitted_audiences,
            fault: RwLock::new(options.fault),
            closed,
        }
    }

    pub(crate) fn fault(&self) -> Option<Fault> {
        *self.fault.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_fault(&self, fault: Option<Fault>) {
        *self.fault.write().unwrap_or_else(PoisonError::into_inner) = fault;
    }

    /// The name that the provider gives itself in discovery and in `iss`.
    pub(crate) fn own_name(&self, fault: Option<Fault>) -> String {
        match fault {
            Some(Fault::IssuerTrailingSlash) => format!("{}/", self.issuer),
            _ => self.issuer.clone(),
        }
    }

    /// The redirect URI, if it is registered: one of the admitted, character by character, or
    /// `http://<loopback>:<any port>/callback` (RFC 8252, 7.3).
    pub(crate) fn admitted(&self, redirect_uri: &str) -> Option<Url> {
        let url = Url::parse(redirect_uri).ok()?;
        let listed = self
            .admitted_redirects
            .iter()
            .any(|known| known.as_str() == redirect_uri);
        (listed || is_loopback_callback(&url)).then_some(url)
    }

    pub(crate) fn admitted_redirects(&self) -> &[Url] {
        &self.admitted_redirects
    }

    /// The sentence that says which redirect URIs are registered.
    pub(crate) fn registered(&self) -> String {
        let mut known: Vec<_> = self.admitted_redirects.iter().map(Url::as_str).collect();
        known.push("http://127.0.0.1:PORT/callback");
        format!("Registered are: {}.", known.join(", "))
    }

    /// Whether this entity ID is a registered application's; any is where none was named.
    pub(crate) fn admits_audience(&self, audience: &str) -> bool {
        let named = &self.admitted_audiences;
        !audience.is_empty() && (named.is_empty() || named.iter().any(|known| known == audience))
    }

    pub(crate) fn admitted_audiences(&self) -> &[String] {
        &self.admitted_audiences
    }

    /// Leaves the connection open and silent until the provider stops or the client gives up.
    pub(crate) async fn keep_silent(&self) -> Response {
        let _ = self.closed.clone().changed().await;
        StatusCode::SERVICE_UNAVAILABLE.into_response()
    }
}

fn is_loopback_callback(url: &Url) -> bool {
    let loopback = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    loopback
        && url.scheme() == "http"
        && url.path() == "/callback"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
}

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(redirect_uri: &str) -> bool {
        let listed = ["https://app.torq.io/__/auth/handler".parse().unwrap()];
        let options = Options {
            admitted_redirects: listed.into(),
            ..Options::default()
        };
        Provider::new(1, options, watch::channel(()).1)
            .admitted(redirect_uri)
            .is_some()
    }

    #[test]
    fn a_listed_redirect_is_admitted_character_by_character() {
        assert!(admits("https://app.torq.io/__/auth/handler"));
        for other in [
            "https://app.torq.io/__/auth/handler/",
            "https://app.torq.io/__/auth/Handler",
            "https://app.torq.io:443/__/auth/handler",
            "https://app.torq.io/__/auth/handler?x=1",
            "https://app.torq.io/__/auth/handler#x",
            "https://app.torq.io/x/../__/auth/handler",
            "http://app.torq.io/__/auth/handler",
            "https://app.eu.torq.io/__/auth/handler",
            "https://app.torq.io.evil.example/__/auth/handler",
        ] {
            assert!(!admits(other), "{other}");
        }
    }

    #[test]
    fn any_port_of_a_loopback_callback_is_admitted_and_nothing_else_on_it() {
        for callback in [
            "http://127.0.0.1:1/callback",
            "http://127.0.0.1:65535/callback",
            "http://127.0.0.1/callback",
            "http://[::1]:8080/callback",
            "http://localhost:8080/callback",
        ] {
            assert!(admits(callback), "{callback}");
        }
        for other in [
            "",
            "callback",
            "https://127.0.0.1:1/callback",
            "http://127.0.0.1:1/callback/",
            "http://127.0.0.1:1/callback?next=x",
            "http://127.0.0.1:1/callback#x",
            "http://user@127.0.0.1:1/callback",
            "http://192.0.2.1:1/callback",
            "http://localhost.evil.example/callback",
            "http://127.0.0.1.evil.example/callback",
            "http://127.0.0.1:1@evil.example/callback",
            "javascript:alert(1)//callback",
        ] {
            assert!(!admits(other), "{other}");
        }
    }
}
