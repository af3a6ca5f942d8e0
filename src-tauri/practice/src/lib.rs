//! The practice provider: an OpenID and SAML provider on this computer's loopback address, for
//! trying Latchkey out and for its tests.
//!
//! It keeps to OpenID Connect Core 1.0, Discovery 1.0, RFC 6749, RFC 7636 (S256), RP-Initiated
//! Logout 1.0 and SAML 2.0 (Web Browser SSO Profile), so any client can sign in at it. On request it
//! does one thing otherwise: see [`Fault`]. Its pages say what it is and that its people are made up. All it
//! knows is in memory, bounded, and gone when it stops.
//!
//! For whoever drives its pages: the sign-in page has `#email`, `#password` and `#sign-in`, and
//! one button `name="as" value="<e-mail>"` for each person; the page that posts an answer has `#answer`
//! and, where scripts are off, `#continue`.

mod fault;
mod keys;
mod oidc;
mod pages;
mod params;
mod people;
mod provider;
mod router;
mod saml;
mod shelf;
mod sign_in;

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use url::Url;

pub use fault::{Fault, Protocol, UnknownFault};
use keys::KeyError;
pub use people::Person;
use provider::Provider;

/// The client ID that every run of the practice provider knows.
pub const CLIENT_ID: &str = "latchkey-practice";

/// How long [`Practice::stop`] waits for answers that are on their way.
const LAST_ANSWERS: Duration = Duration::from_secs(2);

/// How to run the practice provider.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The port on 127.0.0.1; any free one when `None`.
    pub port: Option<u16>,
    /// What to do otherwise from the start.
    pub fault: Option<Fault>,
    /// Redirect URIs (OpenID Connect) and addresses of the Assertion Consumer Service (SAML) to admit,
    /// beside `http://<loopback>:<any port>/callback`, which always is.
    pub admitted_redirects: Vec<Url>,
    /// Entity IDs of SAML applications to admit, which are the audience of the answers; any when empty.
    pub admitted_audiences: Vec<String>,
    /// The SAML application's certificate in DER, with an RSA key. Requests that are signed have to be
    /// signed by it (RSA-SHA256), and what is encrypted is encrypted to it. Without it signatures of
    /// requests are passed over.
    pub service_certificate: Option<Vec<u8>>,
    /// The client secret to go on with, as an earlier run had it; a new one when `None`.
    pub client_secret: Option<SecretString>,
}

/// The practice provider did not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The port is taken, or may not be used.
    #[error("the practice provider cannot listen on 127.0.0.1:{port}")]
    Listen {
        /// The port asked for; 0 when any would have done.
        port: u16,
        /// What the operating system said.
        source: io::Error,
    },
}

/// The key that signs could not be made.
#[derive(Debug, Error)]
#[error(transparent)]
pub struct KeyNotMade(KeyError);

/// A running practice provider. It ends with [`Practice::stop`], or when it is dropped.
pub struct Practice {
    provider: Arc<Provider>,
    closing: watch::Sender<()>,
    serving: JoinHandle<()>,
}

/// Starts the practice provider on 127.0.0.1, over plain HTTP.
///
/// It answers as soon as this returns. The signing key is made meanwhile; a request that needs
/// it waits.
///
/// # Errors
/// [`StartError::Listen`] when the port cannot be had.
pub async fn start(options: Options) -> Result<Practice, StartError> {
    let port = options.port.unwrap_or(0);
    let refused = |source| StartError::Listen { port, source };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(refused)?;
    let port = listener.local_addr().map_err(refused)?.port();

    let (closing, closed) = watch::channel(());
    let provider = Arc::new(Provider::new(port, options, closed.clone()));
    let serving = tokio::spawn(serve(listener, provider.clone(), closed));

    let early = provider.clone();
    tokio::spawn(async move {
        // A failure shows in the first answer that needs the key, which tries again.
        let _ = early.keys.private().await;
    });
    Ok(Practice {
        provider,
        closing,
        serving,
    })
}

async fn serve(listener: TcpListener, provider: Arc<Provider>, mut closed: watch::Receiver<()>) {
    let until_closed = async move {
        // The sender never sends; this ends with an error once it is dropped.
        let _ = closed.changed().await;
    };
    // Documented never to end with an error.
    let _ = axum::serve(listener, router::router(provider))
        .with_graceful_shutdown(until_closed)
        .await;
}

impl Practice {
    /// The issuer, without a slash at its end: exactly the `issuer` of the discovery document.
    /// A text, because a [`Url`] would add the slash.
    pub fn issuer(&self) -> &str {
        &self.provider.issuer
    }

    /// The client ID to set up.
    pub fn client_id(&self) -> &str {
        CLIENT_ID
    }

    /// The client secret to set up: another in every run that was given none.
    pub fn client_secret(&self) -> &SecretString {
        &self.provider.client_secret
    }

    /// Where the SAML metadata is.
    pub fn saml_metadata(&self) -> String {
        saml::metadata_url(&self.provider)
    }

    /// The SAML entity ID, which is the Issuer of the answers.
    pub fn saml_entity_id(&self) -> String {
        saml::entity_id(&self.provider)
    }

    /// Where SAML requests go, by HTTP-Redirect or HTTP-POST.
    pub fn saml_sign_on_url(&self) -> String {
        saml::sign_on_url(&self.provider)
    }

    /// Where a SAML sign-in begins on the provider's own side. It takes `acs`, `audience` and
    /// `RelayState`; without them the first admitted address and audience are meant.
    pub fn saml_start_url(&self) -> String {
        saml::start_url(&self.provider)
    }

    /// The certificate that the SAML metadata shows at present, in PEM. Every run has its own; waits
    /// while it is being made.
    ///
    /// # Errors
    /// [`KeyNotMade`] when the key or its certificate cannot be made.
    pub async fn saml_certificate(&self) -> Result<String, KeyNotMade> {
        saml::certificate(&self.provider).await.map_err(KeyNotMade)
    }

    /// Who can sign in.
    pub fn people(&self) -> &[Person] {
        &self.provider.people
    }

    /// What it does otherwise at present.
    pub fn fault(&self) -> Option<Fault> {
        self.provider.fault()
    }

    /// Does this otherwise from the next request on, or keeps to the standard again.
    pub fn set_fault(&self, fault: Option<Fault>) {
        self.provider.set_fault(fault);
    }

    /// Stops listening and ends every connection, at the latest after two seconds.
    pub async fn stop(self) {
        let Practice {
            closing,
            mut serving,
            ..
        } = self;
        drop(closing);
        if tokio::time::timeout(LAST_ANSWERS, &mut serving)
            .await
            .is_err()
        {
            serving.abort();
        }
    }
}
