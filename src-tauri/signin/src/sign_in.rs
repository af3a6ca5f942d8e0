//! One test sign-in, from discovery to the verdict.

use jiff::Timestamp;
use latchkey_core::connection::Issuer;
use latchkey_core::finding::any_error;
use latchkey_core::oidc::{
    Ask, Captured, Discovery, Expected, HttpAnswer, Keys, Received, Request, ResponseMode, Tokens,
    VerifiedIdToken, answer, conclude, id_token, user_info,
};
use latchkey_core::verdict::{Stopped, Track};
use latchkey_core::{
    Claims, Fault, Finding, Flow, OidcConnection, RuleList, Service, Stage, Verdict,
};
use secrecy::{ExposeSecret, SecretString};
use url::Url;
use zeroize::Zeroize;

use crate::http::Http;
use crate::token_request;

/// Reads the discovery document of an issuer.
///
/// # Errors
/// The fault that kept the document from coming, or that keeps it from being used.
pub async fn discover(http: &Http, issuer: &Issuer) -> Result<Discovery, Fault> {
    Discovery::read(issuer, &http.get(&issuer.discovery_url()).await?)
}

/// The verdict of a test sign-in that could not begin: it fails at [`Stage::Reached`].
pub fn never_began(fault: Fault) -> Verdict {
    failed(
        Track::default(),
        Stage::Reached,
        vec![Finding::error(fault)],
    )
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

/// An ID token that holds, and the access token that came with it.
struct Held {
    id_token: VerifiedIdToken,
    access_token: Option<SecretString>,
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
        let discovery = match discover(&http, &connection.issuer).await {
            Ok(discovery) => discovery,
            Err(fault) => {
                let finding = Finding::error(fault).at("connection.issuer");
                return Err(Box::new(failed(
                    Track::default(),
                    Stage::Reached,
                    vec![finding],
                )));
            }
        };
        let mut track = Track::default();
        if track
            .report(Stage::Reached, discovery.misfits(&connection))
            .is_err()
        {
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
        failed(self.track.clone(), stage, vec![Finding::error(fault)])
    }

    /// Takes the answer through every stage. `now` is asked once the ID token is there.
    pub async fn conclude(
        self,
        captured: Captured,
        rules: &RuleList,
        service: &Service,
        now: impl Fn() -> Timestamp,
    ) -> Verdict {
        let mut track = self.track.clone();
        let Ok(held) = self.hold(captured, &mut track, now).await else {
            return Verdict::failed(track);
        };
        let Ok(more) = self.more_claims(&held, rules, &mut track).await else {
            return Verdict::failed(track);
        };
        conclude(track, &held.id_token, more, rules, service)
    }

    /// From the answer to an ID token that holds.
    async fn hold(
        &self,
        captured: Captured,
        track: &mut Track,
        now: impl Fn() -> Timestamp,
    ) -> Result<Held, Stopped> {
        let received = answer::receive(&self.request, self.connection.issuer.as_str(), &captured);
        wipe(captured);
        let Received {
            code,
            id_token,
            access_token,
            findings,
        } = match received {
            Ok(received) => received,
            Err(findings) => return Err(stopped(track, Stage::Answered, findings)),
        };
        track.report(Stage::Answered, findings)?;

        let (tokens, keys) = match (self.request.flow(), &code, id_token) {
            (Flow::Code, Some(code), _) => {
                // The keys are asked for meanwhile, but only the exchange can end it early: what
                // fails first is told first.
                let both = tokio::try_join!(self.exchange(code), async { Ok(self.keys().await) });
                both.map_err(|fault| stopped(track, Stage::Answered, vec![Finding::error(fault)]))?
            }
            (_, _, Some(id_token)) => (
                Tokens {
                    id_token,
                    access_token,
                },
                self.keys().await,
            ),
            _ => {
                return Err(stopped(
                    track,
                    Stage::Answered,
                    vec![Finding::error(Fault::AnswerEmpty {})],
                ));
            }
        };
        let keys =
            keys.map_err(|fault| stopped(track, Stage::Signed, vec![Finding::error(fault)]))?;
        let expected = Expected {
            issuer: &self.connection.issuer,
            client_id: &self.connection.client_id,
            nonce: Some(self.request.nonce()),
            access_token: tokens
                .access_token
                .as_ref()
                .map(ExposeSecret::expose_secret),
            code: code.as_ref().map(ExposeSecret::expose_secret),
            now: now(),
        };
        let id_token = id_token::verify(tokens.id_token.expose_secret(), &keys, &expected, track)?;
        Ok(Held {
            id_token,
            access_token: tokens.access_token,
        })
    }

    async fn exchange(&self, code: &SecretString) -> Result<Tokens, Fault> {
        // The misfits have stopped a code flow without a token endpoint already.
        let Some(endpoint) = &self.discovery.token_endpoint else {
            return Err(Fault::DiscoveryIncomplete {
                address: self.connection.issuer.discovery_url().to_string(),
                field: "token_endpoint".to_owned(),
            });
        };
        let secret = self.secret.as_ref().zip(self.discovery.secret_way());
        let request =
            token_request::written(&self.connection, endpoint, secret, &self.request, code)
                .ok_or_else(|| Fault::TokenAnswerUnreadable {
                    address: endpoint.to_string(),
                    reason: "nothing: the request could not be written".to_owned(),
                })?;
        let mut answer = self.http.post_form(endpoint, request).await?;
        let tokens = Tokens::read(&answer);
        answer.body.zeroize();
        tokens
    }

    async fn keys(&self) -> Result<Keys, Fault> {
        Keys::read(&self.http.get(&self.discovery.jwks_uri).await?)
    }

    /// UserInfo's claims, asked for only where one is wanted and there is a way to ask. That it
    /// fails is an error only when nothing else says who the person is.
    async fn more_claims(
        &self,
        held: &Held,
        rules: &RuleList,
        track: &mut Track,
    ) -> Result<Option<Claims>, Stopped> {
        let wanted = user_info::wanted(&held.id_token, rules);
        let (Some(endpoint), Some(access_token)) =
            (&self.discovery.userinfo_endpoint, &held.access_token)
        else {
            return Ok(None);
        };
        if wanted.is_empty() {
            return Ok(None);
        }
        let unreachable = |fault: Fault| Fault::UserInfoUnreachable {
            address: address_of(endpoint),
            reason: fault.code(),
        };
        let read = match self.http.get_with(endpoint, access_token).await {
            Ok(answer) => user_info::read(&answer, &held.id_token),
            Err(fault) => Err(unreachable(fault)),
        };
        let fault = match read {
            Ok(claims) => return Ok(Some(claims)),
            Err(fault) => fault,
        };
        let decides = matches!(fault, Fault::UserInfoSubjectDiffers {})
            || wanted.iter().any(|name| name == "email");
        let finding = if decides {
            Finding::error(fault)
        } else {
            Finding::warning(fault)
        };
        track.report(Stage::Identified, vec![finding])?;
        Ok(None)
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

fn failed(mut track: Track, stage: Stage, findings: Vec<Finding>) -> Verdict {
    debug_assert!(any_error(&findings), "only an error ends a sign-in");
    let _ = track.report(stage, findings);
    Verdict::failed(track)
}

fn stopped(track: &mut Track, stage: Stage, findings: Vec<Finding>) -> Stopped {
    track
        .report(stage, findings)
        .err()
        .unwrap_or(Stopped(stage))
}

fn address_of(url: &Url) -> String {
    HttpAnswer {
        asked: url.clone(),
        status: 0,
        content_type: None,
        location: None,
        body: Vec::new(),
    }
    .address()
}

/// An address cannot be wiped: its characters are the `url` crate's own.
fn wipe(captured: Captured) {
    if let Captured::Form(fields) = captured {
        fields
            .into_iter()
            .for_each(|(_, mut value)| value.zeroize());
    }
}
