//! One test sign-in, from the first question to the verdict.

mod oidc;
mod saml;

use std::sync::Arc;

use jiff::Timestamp;
use latchkey_core::brought::AnswerFile;
use latchkey_core::connection::Issuer;
use latchkey_core::finding::any_error;
use latchkey_core::oidc::{Captured, Discovery, Keys, ResponseMode};
use latchkey_core::saml::key_pair::KeyPair;
use latchkey_core::verdict::{Stopped, Track};
use latchkey_core::{
    Connection, Fault, Finding, OidcConnection, Protocol, RuleList, Service, Stage, Verdict,
};
use secrecy::SecretString;
use url::Url;

use crate::http::Http;
use crate::start::Start;

/// Reads the discovery document of an issuer.
///
/// # Errors
/// The fault that kept the document from coming, or that keeps it from being used.
pub async fn discover(http: &Http, issuer: &Issuer) -> Result<Discovery, Fault> {
    Discovery::read(issuer, &http.get(&issuer.discovery_url()).await?)
}

/// Reads the keys that a provider signs with, by its discovery document, held against the connection
/// as it is for a sign-in: before anything it names is asked.
///
/// # Errors
/// The fault that kept either from coming, or from being used.
pub async fn keys(http: &Http, connection: &OidcConnection) -> Result<Keys, Fault> {
    let issuer = &connection.issuer;
    if let Some(stop) = connection.at_service("issuer", issuer.url()) {
        return Err(stop.fault);
    }
    let discovery = discover(http, issuer).await?;
    if let Some(stop) = discovery
        .misfits(connection)
        .into_iter()
        .find(Finding::is_error)
    {
        return Err(stop.fault);
    }
    Keys::read(&http.get(&discovery.jwks_uri).await?)
}

/// The verdict of a test sign-in that could not begin: it fails at [`Stage::Reached`].
pub fn never_began(fault: Fault) -> Verdict {
    failed(Track::default(), Stage::Reached, Finding::error(fault))
}

/// What a test sign-in asks for beside the connection itself.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Where the answer is to go: the Login Redirect URL, or a loopback address.
    pub redirect_uri: Url,
    /// How the answer is asked to come (OpenID Connect; a SAML answer is always posted).
    pub response_mode: ResponseMode,
    /// The address to send as `login_hint`, where the connection sends one.
    pub login_hint: Option<String>,
}

/// The secrets of a connection, which are not part of it.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// OpenID Connect: without it the code is redeemed as a public client does, by PKCE alone.
    pub client_secret: Option<SecretString>,
    /// SAML: signs requests, and decrypts what was encrypted for the service.
    pub key_pair: Option<Arc<KeyPair>>,
}

/// One test sign-in that waits for the person. Each is for one answer.
#[derive(Debug)]
pub struct SignIn(Inner);

#[derive(Debug)]
enum Inner {
    Oidc(Box<oidc::SignIn>),
    Saml(Box<saml::SignIn>),
}

impl SignIn {
    /// Writes the request. For OpenID Connect the discovery document is read first, and the
    /// connection held against it.
    ///
    /// # Errors
    /// The verdict that fails at [`Stage::Reached`].
    pub async fn prepare(
        http: Http,
        connection: Connection,
        held: Held,
        asked: Asked,
    ) -> Result<Self, Box<Verdict>> {
        match connection {
            Connection::Oidc(connection) => {
                oidc::SignIn::prepare(http, connection, held.client_secret, asked)
                    .await
                    .map(|sign_in| Self(Inner::Oidc(Box::new(sign_in))))
            }
            Connection::Saml(connection) => {
                saml::SignIn::prepare(connection, held.key_pair, asked, Timestamp::now())
                    .map(|sign_in| Self(Inner::Saml(Box::new(sign_in))))
            }
        }
    }

    /// How the person gets to the provider. Holds what ties the answer to this sign-in: show its
    /// host, log nothing of it.
    pub fn start(&self) -> &Start {
        match &self.0 {
            Inner::Oidc(sign_in) => sign_in.start(),
            Inner::Saml(sign_in) => sign_in.start(),
        }
    }

    /// Goes on as the service would after what the provider has sent to its Initiate login URI
    /// (OpenID Connect Core 1.0, section 4): where to go next. `service` are the addresses at which
    /// the service takes answers.
    ///
    /// # Errors
    /// The verdict that fails at [`Stage::Reached`], where it was another provider's doing.
    pub fn started(&mut self, captured: &Captured, service: &[Url]) -> Result<Url, Box<Verdict>> {
        match &mut self.0 {
            Inner::Oidc(sign_in) => sign_in.started(captured, service),
            // No SAML provider is told where a sign-in may be started.
            Inner::Saml(_) => Err(Box::new(never_began(Fault::AnsweredUnasked {}))),
        }
    }

    /// Where the answer is to go.
    pub fn redirect_uri(&self) -> &Url {
        match &self.0 {
            Inner::Oidc(sign_in) => sign_in.redirect_uri(),
            Inner::Saml(sign_in) => sign_in.redirect_uri(),
        }
    }

    /// What the provider says about itself (OpenID Connect).
    pub fn discovery(&self) -> Option<&Discovery> {
        match &self.0 {
            Inner::Oidc(sign_in) => Some(sign_in.discovery()),
            Inner::Saml(_) => None,
        }
    }

    /// The verdict if the sign-in ends now, without an answer: at `reached` where the provider's
    /// page did not come, else at `answered`.
    pub fn ended(&self, fault: Fault) -> Verdict {
        self.ended_on(Vec::new(), fault)
    }

    /// The same, where a page of the provider said why no answer came. What the page proves is the
    /// cause, and how the sign-in ended is only noted beside it.
    pub fn ended_on(&self, page: Vec<Finding>, fault: Fault) -> Verdict {
        let mut track = match &self.0 {
            Inner::Oidc(sign_in) => sign_in.track(),
            Inner::Saml(_) => Track::default(),
        };
        let (stage, mut findings) = (stage_without_answer(&fault), page);
        let stage = if any_error(&findings) {
            findings.push(Finding::note(fault));
            Stage::Answered
        } else {
            findings.insert(0, Finding::error(fault));
            stage
        };
        // Whoever was waited for was there.
        let there = match stage {
            Stage::Reached => Ok(()),
            _ => track.report(Stage::Reached, Vec::new()),
        };
        // That it stops is what is said with it.
        let _ = there.and_then(|()| track.report(stage, findings));
        Verdict::failed(track)
    }

    /// The same as [`Self::conclude`], and the answer itself, as a file for another Latchkey; none
    /// where none came.
    pub async fn conclude_keeping(
        self,
        captured: Captured,
        rules: &RuleList,
        service: &Service,
        now: impl Fn() -> Timestamp,
    ) -> (Verdict, Option<SecretString>) {
        let sent_to = self.redirect_uri().clone();
        let (verdict, kept, protocol) = match self.0 {
            Inner::Oidc(sign_in) => {
                let (verdict, kept) = sign_in.conclude(captured, rules, service, now).await;
                (verdict, kept, Protocol::Oidc)
            }
            Inner::Saml(sign_in) => {
                let (verdict, kept) = sign_in.conclude(captured, rules, service, now());
                (verdict, kept, Protocol::Saml)
            }
        };
        let file = kept.map(|Kept { request, answer }| {
            let file = AnswerFile {
                protocol,
                request: &request,
                sent_to: &sent_to,
                answer: &answer,
            };
            file.written()
        });
        (verdict, file)
    }

    /// Takes the answer through every stage. `now` is asked once the answer is there.
    ///
    /// To give up in the meantime, drop the future; the verdict for that is [`SignIn::ended`],
    /// taken before.
    pub async fn conclude(
        self,
        captured: Captured,
        rules: &RuleList,
        service: &Service,
        now: impl Fn() -> Timestamp,
    ) -> Verdict {
        match self.0 {
            Inner::Oidc(sign_in) => sign_in.conclude(captured, rules, service, now).await.0,
            Inner::Saml(sign_in) => sign_in.conclude(captured, rules, service, now()).0,
        }
    }
}

/// An answer that came, and the request that it is for: the request's ID (SAML) or the nonce.
struct Kept {
    request: String,
    answer: SecretString,
}

/// Where a sign-in stands that ended without an answer.
fn stage_without_answer(fault: &Fault) -> Stage {
    match fault {
        Fault::PageCannotLoad { .. }
        | Fault::PageCrashed {}
        | Fault::EmbeddedWindowRefused { .. }
        | Fault::LoopbackUnavailable { .. }
        | Fault::BrowserNotOpened { .. }
        | Fault::HostNotFound { .. }
        | Fault::ConnectionRefused { .. }
        | Fault::ConnectionFailed { .. }
        | Fault::NoAnswerInTime { .. }
        | Fault::TlsNotTrusted { .. }
        | Fault::HttpStatus { .. } => Stage::Reached,
        _ => Stage::Answered,
    }
}

fn failed(mut track: Track, stage: Stage, finding: Finding) -> Verdict {
    let findings = vec![finding];
    debug_assert!(any_error(&findings), "only an error ends a sign-in");
    // That it stops is what is said with it.
    let _ = track.report(stage, findings);
    Verdict::failed(track)
}

fn stopped(track: &mut Track, stage: Stage, findings: Vec<Finding>) -> Stopped {
    let report = track.report(stage, findings);
    report.err().unwrap_or(Stopped(stage))
}
