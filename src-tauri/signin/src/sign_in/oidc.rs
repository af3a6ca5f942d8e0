//! A test sign-in by OpenID Connect.

mod conclusion;

use jiff::Timestamp;
use latchkey_core::diagnosis::clock::Clock;
use latchkey_core::oidc::{Ask, Captured, Discovery, Initiation, Request};
use latchkey_core::verdict::Track;
use latchkey_core::{Finding, Flow, OidcConnection, RuleList, Service, Stage, Verdict};
use secrecy::SecretString;
use url::Url;

use super::{Asked, Kept, discover, failed};
use crate::http::Http;
use crate::start::Start;
use conclusion::Conclusion;

pub(super) struct SignIn {
    http: Http,
    connection: OidcConnection,
    secret: Option<SecretString>,
    discovery: Discovery,
    asked: Asked,
    request: Request,
    start: Start,
    track: Track,
}

impl SignIn {
    pub(super) async fn prepare(
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
        let mut misfits = discovery.misfits(&connection);
        let clock = http.clock().filter(Clock::is_off);
        misfits.extend(clock.map(|clock| Finding::warning(clock.fault())));
        if track.report(Stage::Reached, misfits).is_err() {
            return Err(Box::new(Verdict::failed(track)));
        }
        let request = Request::new(&connection, &discovery, &ask_of(&asked));
        Ok(Self {
            http,
            connection,
            secret,
            discovery,
            start: Start::Address(request.authorize_url().clone()),
            asked,
            request,
            track,
        })
    }

    /// A request of its own takes the place of the one that was prepared.
    pub(super) fn started(
        &mut self,
        captured: &Captured,
        service: &[Url],
    ) -> Result<Url, Box<Verdict>> {
        let by = Initiation::read(captured);
        let found = by.findings(&self.connection, service);
        if self.track.report(Stage::Reached, found).is_err() {
            return Err(Box::new(Verdict::failed(self.track.clone())));
        }
        let ask = ask_of(&self.asked);
        self.request = Request::started(&self.connection, &self.discovery, &ask, &by);
        Ok(self.request.authorize_url().clone())
    }

    pub(super) fn start(&self) -> &Start {
        &self.start
    }

    pub(super) fn redirect_uri(&self) -> &Url {
        self.request.redirect_uri()
    }

    pub(super) fn discovery(&self) -> &Discovery {
        &self.discovery
    }

    pub(super) fn track(&self) -> Track {
        self.track.clone()
    }

    pub(super) async fn conclude(
        self,
        captured: Captured,
        rules: &RuleList,
        service: &Service,
        now: impl Fn() -> Timestamp,
    ) -> (Verdict, Option<Kept>) {
        let (verdict, token) = Conclusion::new(&self)
            .reach(captured, rules, service, now)
            .await;
        let request = self.request.nonce().to_owned();
        (verdict, token.map(|answer| Kept { request, answer }))
    }

    fn uses_code(&self) -> bool {
        self.request.flow() == Flow::Code
    }
}

fn ask_of(asked: &Asked) -> Ask<'_> {
    Ask {
        redirect_uri: &asked.redirect_uri,
        response_mode: asked.response_mode,
        login_hint: asked.login_hint.as_deref(),
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
