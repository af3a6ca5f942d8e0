//! One test sign-in, from discovery to the verdict.

mod conclusion;

use jiff::Timestamp;
use latchkey_core::connection::Issuer;
use latchkey_core::finding::any_error;
use latchkey_core::oidc::{Ask, Captured, Discovery, Request, ResponseMode};
use latchkey_core::verdict::Track;
use latchkey_core::{Fault, Finding, Flow, OidcConnection, RuleList, Service, Stage, Verdict};
use secrecy::SecretString;
use url::Url;

use crate::http::Http;
use conclusion::Conclusion;

/// Reads the discovery document of an issuer.
///
/// # Errors
/// The fault that kept the document from coming, or that keeps it from being used.
pub async fn discover(http: &Http, issuer: &Issuer) -> Result<Discovery, Fault> {
    Discovery::read(issuer, &http.get(&issuer.discovery_url()).await?)
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
    /// How the answer is asked to come.
    pub response_mode: ResponseMode,
    /// The address to send as `login_hint`, where the connection sends one.
    pub login_hint: Option<String>,
}

/// One test sign-in that waits for the person. Each is for one answer.
pub struct SignIn {
    http: Http,
    connection: OidcConnection,
    secret: Option<SecretString>,
    discovery: Discovery,
    request: Request,
    track: Track,
}

impl SignIn {
    /// Reads the discovery document, holds the connection against it and writes the request.
    /// Without a secret the code is redeemed as a public client does, by PKCE alone.
    ///
    /// # Errors
    /// The verdict that fails at [`Stage::Reached`].
    pub async fn prepare(
        http: Http,
        connection: OidcConnection,
        secret: Option<SecretString>,
        asked: Asked,
    ) -> Result<Self, Box<Verdict>> {
        let mut track = Track::default();
        if let Some(finding) = connection.at_service("issuer", connection.issuer.url()) {
            return Err(Box::new(failed(track, Stage::Reached, finding)));
        }
        let discovery = match discover(&http, &connection.issuer).await {
            Ok(discovery) => discovery,
            Err(fault) => {
                let finding = Finding::error(fault).at("connection.issuer");
                return Err(Box::new(failed(track, Stage::Reached, finding)));
            }
        };
        let misfits = discovery.misfits(&connection);
        if track.report(Stage::Reached, misfits).is_err() {
            return Err(Box::new(Verdict::failed(track)));
        }
        let ask = Ask {
            redirect_uri: &asked.redirect_uri,
            response_mode: asked.response_mode,
            login_hint: asked.login_hint.as_deref(),
        };
        let request = Request::new(&connection, &discovery, &ask);
        Ok(Self {
            http,
            connection,
            secret,
            discovery,
            request,
            track,
        })
    }

    /// Where the person goes to sign in. Holds state and nonce: show its host, log nothing of it.
    pub fn authorize_url(&self) -> &Url {
        self.request.authorize_url()
    }

    /// Where the answer is to go.
    pub fn redirect_uri(&self) -> &Url {
        self.request.redirect_uri()
    }

    /// What the provider says about itself.
    pub fn discovery(&self) -> &Discovery {
        &self.discovery
    }

    /// The verdict if the sign-in ends now, without an answer: at `reached` where the provider's
    /// page did not come, else at `answered`.
    pub fn ended(&self, fault: Fault) -> Verdict {
        let stage = stage_without_answer(&fault);
        failed(self.track.clone(), stage, Finding::error(fault))
    }

    /// Takes the answer through every stage. `now` is asked once the ID token is there.
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
        Conclusion::new(&self)
            .reach(captured, rules, service, now)
            .await
    }

    fn uses_code(&self) -> bool {
        self.request.flow() == Flow::Code
    }
}

/// Says what is prepared, and nothing of what ties the answer to it.
impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn")
            .field("issuer", &self.connection.issuer.as_str())
            .finish_non_exhaustive()
    }
}

/// Where a sign-in stands that ended without an answer.
fn stage_without_answer(fault: &Fault) -> Stage {
    match fault {
        Fault::PageCannotLoad { .. }
        | Fault::PageCrashed {}
        | Fault::EmbeddedWindowRefused { .. }
        | Fault::LoopbackUnavailable { .. }
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
