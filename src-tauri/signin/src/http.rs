//! The HTTP client: bounded in time and size, no redirect followed, no cookie kept, and whatever
//! keeps an answer from coming named as its own fault.

mod failure;
mod names;
mod page;
mod trust;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use latchkey_core::Fault;
use latchkey_core::diagnosis::clock::Clock;
use latchkey_core::oidc::HttpAnswer;
use latchkey_core::oidc::http::LARGEST;
use latchkey_core::saml::metadata;
use latchkey_core::server::is_this_computer;
use openidconnect::http::{HeaderValue, Request, header};
use reqwest::dns::Resolve;
use reqwest::{Client, Response};
use secrecy::{ExposeSecret, SecretString};
use url::Url;
use zeroize::Zeroizing;

use names::PublicNames;
pub(crate) use page::PageAnswer;
use trust::Trust;

/// What differs between one client and another.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How long a connection may take to be made.
    pub connect: Duration,
    /// How long a whole request may take, its answer's last byte included.
    pub whole: Duration,
    /// Certificates in PEM of authorities to trust beside those that this computer trusts.
    pub more_authorities: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            whole: Duration::from_secs(15),
            more_authorities: None,
        }
    }
}

/// The client could not be made.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The extra authorities are not certificates.
    #[error("the extra authorities are not certificates in PEM")]
    Authorities,
    /// The TLS library refused its own parts.
    #[error("TLS could not be set up")]
    Tls(#[source] rustls::Error),
    /// The HTTP library refused its own parts.
    #[error("the HTTP client could not be set up")]
    Client(#[source] reqwest::Error),
}

/// How long a connection is kept for the next request. One sign-in asks in bursts; between them
/// the person signs in, and by then a server has often closed what it still seems to hold open.
const KEPT: Duration = Duration::from_secs(4);

/// What is asked for, and how much of it is read.
#[derive(Clone, Copy)]
struct Wanted {
    accept: &'static str,
    limit: usize,
}

const JSON: Wanted = Wanted {
    accept: "application/json",
    limit: LARGEST,
};

const METADATA: Wanted = Wanted {
    accept: "application/samlmetadata+xml, application/xml, text/xml",
    limit: metadata::LARGEST,
};

/// The HTTP client. Cheap to clone; a clone shares its connections.
#[derive(Clone)]
pub struct Http {
    by_proxy: Client,
    direct: Client,
    /// For addresses that came from anybody: no name may lead into this network. Where a proxy is
    /// asked, it is the proxy that looks names up.
    guarded: Client,
    trust: Arc<Trust>,
    seconds: u32,
    /// This computer's clock, held against the last server that told the time.
    clock: Arc<Mutex<Option<Clock>>>,
}

impl Http {
    /// A client that trusts what this computer trusts and goes by its proxy.
    ///
    /// # Errors
    /// [`StartError`], when TLS or the HTTP library cannot be set up.
    pub fn new() -> Result<Self, StartError> {
        Self::with(&Settings::default())
    }

    /// A client that also trusts the authorities in `pem`: a company's own, or a test's.
    ///
    /// # Errors
    /// As [`Http::new`], and [`StartError::Authorities`].
    pub fn trusting(pem: &str) -> Result<Self, StartError> {
        Self::with(&Settings {
            more_authorities: Some(pem.to_owned()),
            ..Settings::default()
        })
    }

    /// A client with these settings.
    ///
    /// # Errors
    /// As [`Http::new`], and [`StartError::Authorities`].
    pub fn with(settings: &Settings) -> Result<Self, StartError> {
        Self::by_names(settings, names::Names)
    }

    fn by_names(
        settings: &Settings,
        names: impl Resolve + Clone + 'static,
    ) -> Result<Self, StartError> {
        let trust = Arc::new(Trust::new(settings.more_authorities.as_deref())?);
        let tls = trust::client_config(trust.clone())?;
        let builder = || {
            Client::builder()
                .tls_backend_preconfigured(tls.clone())
                .user_agent(concat!("Latchkey/", env!("CARGO_PKG_VERSION")))
                .redirect(reqwest::redirect::Policy::none())
                .referer(false)
                .connect_timeout(settings.connect)
                .timeout(settings.whole)
                .pool_idle_timeout(KEPT)
        };
        let by_proxy = builder().dns_resolver(names.clone());
        let direct = builder().dns_resolver(names.clone()).no_proxy();
        let guarded = builder().dns_resolver(PublicNames(names));
        Ok(Self {
            by_proxy: by_proxy.build().map_err(StartError::Client)?,
            direct: direct.build().map_err(StartError::Client)?,
            guarded: guarded.build().map_err(StartError::Client)?,
            trust,
            seconds: u32::try_from(settings.whole.as_secs()).unwrap_or(u32::MAX),
            clock: Arc::default(),
        })
    }

    /// This computer's clock, held against the `Date` of the latest answer; none before one came.
    pub fn clock(&self) -> Option<Clock> {
        // Replaced whole, so that a panic elsewhere leaves nothing half done.
        let clock = self.clock.lock().unwrap_or_else(PoisonError::into_inner);
        clock.clone()
    }

    /// Asks for a JSON document.
    ///
    /// # Errors
    /// The fault that kept the answer from coming. An answer with an error status is an answer.
    pub async fn get(&self, url: &Url) -> Result<HttpAnswer, Fault> {
        self.ask(url, self.client(url).get(url.clone()), JSON).await
    }

    /// Asks for the metadata of a SAML provider (SAML 2.0 Metadata, appendix A). Whole federations
    /// publish theirs in one document, so more is read than of other answers.
    ///
    /// # Errors
    /// As [`Http::get`]; and [`Fault::NameLeadsInside`], before anything is asked.
    pub async fn get_metadata(&self, url: &Url) -> Result<HttpAnswer, Fault> {
        let client = if is_this_computer(url) {
            &self.direct
        } else {
            &self.guarded
        };
        self.ask(url, client.get(url.clone()), METADATA).await
    }

    /// Asks for a JSON document with an access token (RFC 6750, section 2.1).
    ///
    /// # Errors
    /// As [`Http::get`].
    pub async fn get_with(
        &self,
        url: &Url,
        access_token: &SecretString,
    ) -> Result<HttpAnswer, Fault> {
        let value = Zeroizing::new(format!("Bearer {}", access_token.expose_secret()));
        let Ok(mut value) = HeaderValue::from_str(&value) else {
            return Err(failure::failed(
                url,
                "the access token has characters that no header can carry",
            ));
        };
        value.set_sensitive(true);
        self.ask(
            url,
            self.client(url)
                .get(url.clone())
                .header(header::AUTHORIZATION, value),
            JSON,
        )
        .await
    }

    /// Posts a form that another part has written: the request for tokens.
    ///
    /// # Errors
    /// As [`Http::get`].
    pub async fn post_form(
        &self,
        url: &Url,
        request: Request<Vec<u8>>,
    ) -> Result<HttpAnswer, Fault> {
        let (head, form) = request.into_parts();
        let mut headers = head.headers;
        if let Some(value) = headers.get_mut(header::AUTHORIZATION) {
            value.set_sensitive(true);
        }
        self.ask(
            url,
            self.client(url)
                .post(url.clone())
                .headers(headers)
                .body(form),
            JSON,
        )
        .await
    }

    async fn ask(
        &self,
        url: &Url,
        request: reqwest::RequestBuilder,
        wanted: Wanted,
    ) -> Result<HttpAnswer, Fault> {
        if !matches!(url.scheme(), "https" | "http") {
            return Err(failure::failed(
                url,
                "only http and https addresses are asked",
            ));
        }
        let request = request.header(header::ACCEPT, wanted.accept);
        let named = |error: reqwest::Error| failure::fault(url, &error, &self.trust, self.seconds);
        let asked = Timestamp::now();
        let response = request.send().await.map_err(named)?;
        self.measure(url, &response, asked);
        let (status, text) = (response.status().as_u16(), |name| text_of(&response, name));
        let (content_type, location) = (text(header::CONTENT_TYPE), text(header::LOCATION));
        let body = bounded(url, response, wanted.limit).await?.map_err(named)?;
        Ok(HttpAnswer {
            asked: url.clone(),
            status,
            content_type,
            location,
            body,
        })
    }

    /// Holds this computer's clock against the answer's date.
    fn measure(&self, url: &Url, response: &Response, asked: Timestamp) {
        let (date, age) = (
            text_of(response, header::DATE),
            text_of(response, header::AGE),
        );
        let Some(date) = date else { return };
        let host = url.host_str().unwrap_or_default();
        let read = Clock::read(host, &date, age.as_deref(), asked, Timestamp::now());
        if let Some(read) = read {
            *self.clock.lock().unwrap_or_else(PoisonError::into_inner) = Some(read);
        }
    }

    /// This computer's own addresses are never asked through a proxy, which has its own.
    fn client(&self, url: &Url) -> &Client {
        if is_this_computer(url) {
            &self.direct
        } else {
            &self.by_proxy
        }
    }
}

impl std::fmt::Debug for Http {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Http")
            .field("seconds", &self.seconds)
            .finish_non_exhaustive()
    }
}

/// The body while it is within the limit; the rest is not read.
async fn bounded(
    url: &Url,
    mut response: Response,
    limit: usize,
) -> Result<Result<Vec<u8>, reqwest::Error>, Fault> {
    let too_large = || Fault::AnswerTooLarge {
        address: failure::address(url),
        limit,
    };
    if response
        .content_length()
        .is_some_and(|length| length > limit as u64)
    {
        return Err(too_large());
    }
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > limit => return Err(too_large()),
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(Ok(body)),
            Err(error) => return Ok(Err(error)),
        }
    }
}

fn text_of(response: &Response, name: header::HeaderName) -> Option<String> {
    response
        .headers()
        .get(name)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned)
}

/// The fault of a certificate that the sign-in window refused for `reason`.
pub fn not_trusted(host: &str, reason: &str, certificate_pem: Option<&str>) -> Fault {
    let pem = certificate_pem.and_then(|pem| x509_parser::pem::parse_x509_pem(pem.as_bytes()).ok());
    let leaf = pem.as_ref().and_then(|(_, pem)| pem.parse_x509().ok());
    trust::not_trusted(host, reason, leaf.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_computers_own_addresses_go_past_the_proxy() {
        let http = Http::new().unwrap();
        let direct = |address: &str| {
            let client = http.client(&address.parse().unwrap());
            std::ptr::eq(client, &raw const http.direct)
        };
        for own in [
            "http://0.0.0.0:9000/",
            "http://[::ffff:127.0.0.1]/",
            "http://127.0.0.1:1/",
            "http://127.9.9.9/",
            "http://[::1]/",
            "http://localhost/",
            "http://a.localhost/",
        ] {
            assert!(direct(own), "{own}");
        }
        for other in [
            "http://10.0.0.1/",
            "http://localhost.example/",
            "http://notlocalhost/",
            "http://[::2]/",
        ] {
            assert!(!direct(other), "{other}");
        }
    }

    /// Every name has this address.
    #[derive(Clone, Copy)]
    struct Leads(std::net::IpAddr);

    impl Resolve for Leads {
        fn resolve(&self, _: reqwest::dns::Name) -> reqwest::dns::Resolving {
            let found = vec![std::net::SocketAddr::new(self.0, 0)];
            Box::pin(async { Ok(Box::new(found.into_iter()) as reqwest::dns::Addrs) })
        }
    }

    #[tokio::test]
    async fn metadata_is_not_asked_for_where_a_public_name_leads_inside() {
        let server = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = server.local_addr().unwrap().port();
        let loopback = "127.0.0.1".parse().unwrap();
        let http = Http::by_names(&Settings::default(), Leads(loopback)).unwrap();
        let url = format!("http://metadata.acme.example:{port}/");
        let refused = http.get_metadata(&url.parse().unwrap()).await.unwrap_err();
        let expected = Fault::NameLeadsInside {
            host: "metadata.acme.example".to_owned(),
            address: "127.0.0.1".to_owned(),
        };
        assert_eq!(refused, expected);
        // Nobody has knocked: the next one who does is this one.
        let (one, other) = tokio::join!(
            server.accept(),
            tokio::net::TcpStream::connect(("127.0.0.1", port))
        );
        assert_eq!(one.unwrap().1, other.unwrap().local_addr().unwrap());
    }

    #[tokio::test]
    async fn a_name_of_the_own_network_is_asked_for_metadata_as_any_other() {
        let server = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = server.local_addr().unwrap().port();
        let loopback = "127.0.0.1".parse().unwrap();
        let http = Http::by_names(&Settings::default(), Leads(loopback)).unwrap();
        for name in ["idp.acme.test", "localhost", "127.0.0.1"] {
            let url = format!("http://{name}:{port}/").parse().unwrap();
            let (knocked, answer) = tokio::join!(
                async { drop(server.accept().await.unwrap()) },
                http.get_metadata(&url)
            );
            assert_eq!(knocked, (), "{name}");
            assert!(
                !matches!(answer, Err(Fault::NameLeadsInside { .. })),
                "{name}"
            );
        }
    }
}
