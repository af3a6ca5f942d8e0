//! A test sign-in by SAML 2.0 (Profiles, section 4.1): the browser carries everything.

use std::sync::Arc;

use jiff::Timestamp;
use latchkey_core::oidc::Captured;
use latchkey_core::saml::key_pair::KeyPair;
use latchkey_core::saml::request::{AuthnRequest, RelayState};
use latchkey_core::saml::response::conclude;
use latchkey_core::saml::response::{self, Expected, VerifiedAssertion};
use latchkey_core::verdict::{Stopped, Track};
use latchkey_core::{
    Fault, Finding, RequestBinding, RuleList, SamlConnection, Service, Stage, Verdict,
};
use secrecy::{ExposeSecret, SecretString};
use url::Url;
use zeroize::Zeroize;

use super::{Asked, Kept, failed, stopped};
use crate::redaction::Secrets;
use crate::start::Start;

pub(super) struct SignIn {
    connection: SamlConnection,
    key_pair: Option<Arc<KeyPair>>,
    acs: Url,
    request_id: String,
    relay_state: RelayState,
    start: Start,
}

impl SignIn {
    pub(super) fn prepare(
        connection: SamlConnection,
        key_pair: Option<Arc<KeyPair>>,
        asked: Asked,
        now: Timestamp,
    ) -> Result<Self, Box<Verdict>> {
        if let Some(finding) = connection.at_service() {
            return Err(Box::new(failed(Track::default(), Stage::Reached, finding)));
        }
        let signing = key_pair.as_deref().filter(|_| connection.sign_requests);
        if connection.sign_requests && signing.is_none() {
            let finding = Finding::error(Fault::KeyPairMissing {}).at("connection.sign_requests");
            return Err(Box::new(failed(Track::default(), Stage::Reached, finding)));
        }
        // A test sign-in asks the person anew: a second one has to be somebody else.
        let id = AuthnRequest::new_id();
        let request = AuthnRequest::new(&connection, &asked.redirect_uri, id, now, true);
        let relay_state = RelayState::random();
        let state = Some(&relay_state);
        let start = match connection.request_binding {
            RequestBinding::Redirect => Start::Address(request.redirect_url(state, signing)),
            RequestBinding::Post => Start::Form(request.post_form(state, signing)),
        };
        Ok(Self {
            request_id: request.id().to_owned(),
            acs: asked.redirect_uri,
            relay_state,
            connection,
            key_pair,
            start,
        })
    }

    pub(super) fn start(&self) -> &Start {
        &self.start
    }

    pub(super) fn redirect_uri(&self) -> &Url {
        &self.acs
    }

    pub(super) fn conclude(
        self,
        captured: Captured,
        rules: &RuleList,
        service: &Service,
        now: Timestamp,
    ) -> (Verdict, Option<Kept>) {
        let mut kept = None;
        let mut secrets = Secrets::default();
        secrets.know(self.relay_state.as_str());
        let mut track = Track::default();
        let mut verdict =
            match self.verified(captured, service, now, &mut track, &mut secrets, &mut kept) {
                Ok(assertion) => conclude(track, &assertion, rules, service),
                Err(Stopped(_)) => Verdict::failed(track),
            };
        secrets.scrub(&mut verdict);
        let request = self.request_id;
        (verdict, kept.map(|answer| Kept { request, answer }))
    }

    fn verified(
        &self,
        captured: Captured,
        service: &Service,
        now: Timestamp,
        track: &mut Track,
        secrets: &mut Secrets,
        kept: &mut Option<SecretString>,
    ) -> Result<VerifiedAssertion, Stopped> {
        // An answer came, so the provider was there.
        track.report(Stage::Reached, Vec::new())?;
        let answer = posted(captured).map_err(|fault| stop(track, fault))?;
        secrets.know(answer.response.expose_secret());
        *kept = Some(answer.response.clone());
        track.report(Stage::Answered, self.relay_state_findings(&answer))?;
        let expected = Expected {
            connection: &self.connection,
            acs: &self.acs,
            request_id: Some(&self.request_id),
            unsolicited_allowed: service.provider_initiated_saml,
            key: self.key_pair.as_deref(),
            now,
        };
        response::verify(answer.response.expose_secret().as_bytes(), &expected, track)
    }

    /// RelayState comes back unchanged (SAML 2.0 Bindings, section 3.5.3). What ties the answer to
    /// the request is the request's ID, so this is only said.
    fn relay_state_findings(&self, answer: &Posted) -> Vec<Finding> {
        let fault = match &answer.relay_state {
            None => Fault::RelayStateMissing {},
            Some(state) if state != self.relay_state.as_str() => Fault::RelayStateDiffers {},
            Some(_) => return Vec::new(),
        };
        vec![Finding::warning(fault)]
    }
}

/// Says what is prepared, and nothing of what ties the answer to it.
impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn")
            .field("issuer", &self.connection.issuer)
            .finish_non_exhaustive()
    }
}

/// The form of an answer (SAML 2.0 Bindings, section 3.5.4).
struct Posted {
    response: SecretString,
    relay_state: Option<String>,
}

fn posted(captured: Captured) -> Result<Posted, Fault> {
    let fields = match captured {
        Captured::Form(fields) => fields,
        // The profile forbids it (Profiles, section 4.1.2): answers do not fit into an address.
        Captured::Address(url) if url.query_pairs().any(|(name, _)| name == RESPONSE) => {
            return Err(Fault::AnswerByOtherWay {
                expected: "a form POST".to_owned(),
                received: "the address".to_owned(),
            });
        }
        Captured::Address(_) => return Err(Fault::AnswerEmpty {}),
    };
    let (mut response, mut relay_state) = (None, None);
    for (name, mut value) in fields {
        let place: &mut Option<SecretString> = match name.as_str() {
            RESPONSE => &mut response,
            RELAY_STATE => &mut relay_state,
            _ => {
                value.zeroize();
                continue;
            }
        };
        if place.is_some() {
            return Err(Fault::AnswerAmbiguous { parameter: name });
        }
        *place = Some(SecretString::from(value));
    }
    Ok(Posted {
        response: response.ok_or(Fault::AnswerEmpty {})?,
        relay_state: relay_state.map(|state| state.expose_secret().to_owned()),
    })
}

const RESPONSE: &str = "SAMLResponse";
const RELAY_STATE: &str = "RelayState";

fn stop(track: &mut Track, fault: Fault) -> Stopped {
    stopped(track, Stage::Answered, vec![Finding::error(fault)])
}
