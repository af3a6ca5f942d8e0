//! From the captured answer to the verdict.

use std::borrow::Cow;

use jiff::Timestamp;
use latchkey_core::oidc::{
    Captured, Discovery, Expected, Keys, Received, Tokens, VerifiedIdToken, answer, conclude,
    id_token, user_info,
};
use latchkey_core::verdict::{Stopped, Track};
use latchkey_core::{Claims, Fault, Finding, RuleList, Service, Stage, Verdict};
use secrecy::{ExposeSecret, SecretString};
use url::Url;
use zeroize::Zeroize;

use super::super::stopped;
use super::SignIn;
use crate::redaction::Secrets;
use crate::token_request;

/// One answer on its way through the stages.
pub(super) struct Conclusion<'a> {
    sign_in: &'a SignIn,
    track: Track,
    secrets: Secrets,
    /// The ID token, once it is there.
    token: Option<SecretString>,
}

/// An ID token that holds, and the access token that came with it.
struct Held {
    id_token: VerifiedIdToken,
    access_token: Option<SecretString>,
}

impl<'a> Conclusion<'a> {
    pub(super) fn new(sign_in: &'a SignIn) -> Self {
        let mut secrets = Secrets::default();
        for (name, value) in sign_in.request.authorize_url().query_pairs() {
            if matches!(&*name, "state" | "nonce") {
                secrets.know(&value);
            }
        }
        if let Some(verifier) = sign_in.request.verifier() {
            secrets.know(verifier.expose_secret());
        }
        if let Some(secret) = &sign_in.secret {
            secrets.know_client(&sign_in.connection.client_id, secret.expose_secret());
        }
        let track = sign_in.track.clone();
        Self {
            sign_in,
            track,
            secrets,
            token: None,
        }
    }

    pub(super) async fn reach(
        mut self,
        captured: Captured,
        rules: &RuleList,
        service: &Service,
        now: impl Fn() -> Timestamp,
    ) -> (Verdict, Option<SecretString>) {
        let mut verdict = match self.claims(captured, rules, now).await {
            Ok((token, more)) => conclude(self.track, &token, more, rules, service),
            Err(Stopped(_)) => Verdict::failed(self.track),
        };
        self.secrets.scrub(&mut verdict);
        (verdict, self.token)
    }

    async fn claims(
        &mut self,
        captured: Captured,
        rules: &RuleList,
        now: impl Fn() -> Timestamp,
    ) -> Result<(VerifiedIdToken, Option<Claims>), Stopped> {
        let received = self.receive(captured)?;
        let held = self.hold(received, now).await?;
        let more = self.more_claims(&held, rules).await?;
        Ok((held.id_token, more))
    }

    fn receive(&mut self, captured: Captured) -> Result<Received, Stopped> {
        for (name, value) in parameters(&captured) {
            if matches!(
                &*name,
                "code" | "id_token" | "access_token" | "refresh_token"
            ) {
                self.secrets.know(&value);
            }
        }
        let issuer = self.sign_in.connection.issuer.as_str();
        let received = answer::receive(&self.sign_in.request, issuer, &captured);
        wipe(captured);
        let mut received =
            received.map_err(|findings| stopped(&mut self.track, Stage::Answered, findings))?;
        let findings = std::mem::take(&mut received.findings);
        self.track.report(Stage::Answered, findings)?;
        Ok(received)
    }

    /// From an answer of this sign-in to an ID token that holds.
    async fn hold(
        &mut self,
        received: Received,
        now: impl Fn() -> Timestamp,
    ) -> Result<Held, Stopped> {
        let code = received.code.as_ref();
        let (tokens, keys) = match (received.id_token, code) {
            // The core has seen to it that an ID token is there in the flow that has it here.
            (Some(id_token), _) if !self.sign_in.uses_code() => {
                let access_token = received.access_token;
                let tokens = Tokens {
                    id_token,
                    access_token,
                };
                (tokens, self.keys().await)
            }
            (_, Some(code)) => {
                // The keys are asked for meanwhile, but only the exchange can end this early: what
                // comes first in the stages is told first.
                let both = tokio::try_join!(self.exchange(code), async { Ok(self.keys().await) });
                both.map_err(|fault| self.stop(Stage::Answered, fault))?
            }
            _ => return Err(self.stop(Stage::Answered, Fault::AnswerEmpty {})),
        };
        let access_token = tokens.access_token.as_ref();
        for token in [Some(&tokens.id_token), access_token].into_iter().flatten() {
            self.secrets.know(token.expose_secret());
        }
        self.token = Some(tokens.id_token.clone());
        let keys = keys.map_err(|fault| self.stop(Stage::Signed, fault))?;
        let expected = Expected {
            issuer: &self.sign_in.connection.issuer,
            client_id: &self.sign_in.connection.client_id,
            nonce: Some(self.sign_in.request.nonce()),
            access_token: access_token.map(ExposeSecret::expose_secret),
            code: code.map(ExposeSecret::expose_secret),
            now: now(),
        };
        let compact = tokens.id_token.expose_secret();
        let id_token = id_token::verify(compact, &keys, &expected, &mut self.track)?;
        Ok(Held {
            id_token,
            access_token: tokens.access_token,
        })
    }

    async fn exchange(&self, code: &SecretString) -> Result<Tokens, Fault> {
        let SignIn {
            http,
            connection,
            secret,
            discovery,
            request,
            ..
        } = self.sign_in;
        let endpoint = token_endpoint(discovery)?;
        let secret = secret.as_ref().zip(discovery.secret_way());
        let form = token_request::written(connection, endpoint, secret, request, code).ok_or_else(
            || Fault::TokenAnswerUnreadable {
                address: endpoint.to_string(),
                reason: "nothing: the request could not be written".to_owned(),
            },
        )?;
        let mut answer = http.post_form(endpoint, form).await?;
        let tokens = Tokens::read(&answer);
        answer.body.zeroize();
        tokens
    }

    async fn keys(&self) -> Result<Keys, Fault> {
        let SignIn {
            http, discovery, ..
        } = self.sign_in;
        Keys::read(&http.get(&discovery.jwks_uri).await?)
    }

    /// UserInfo's claims, asked for only where one is wanted and there is a way to ask. That it
    /// fails is an error only where nothing else says who the person is; that it speaks of somebody
    /// else always is.
    async fn more_claims(
        &mut self,
        held: &Held,
        rules: &RuleList,
    ) -> Result<Option<Claims>, Stopped> {
        let wanted = user_info::wanted(&held.id_token, rules);
        let endpoint = self.sign_in.discovery.userinfo_endpoint.as_ref();
        let (Some(endpoint), Some(access_token)) = (endpoint, &held.access_token) else {
            return Ok(None);
        };
        if wanted.is_empty() {
            return Ok(None);
        }
        let read = match self.sign_in.http.get_with(endpoint, access_token).await {
            Ok(answer) => user_info::read(&answer, &held.id_token),
            Err(fault) => Err(Fault::UserInfoUnreachable {
                address: endpoint.to_string(),
                reason: fault.code(),
            }),
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
        self.track.report(Stage::Identified, vec![finding])?;
        Ok(None)
    }

    fn stop(&mut self, stage: Stage, fault: Fault) -> Stopped {
        stopped(&mut self.track, stage, vec![Finding::error(fault)])
    }
}

/// The misfits have stopped a code flow without a token endpoint already.
fn token_endpoint(discovery: &Discovery) -> Result<&Url, Fault> {
    discovery
        .token_endpoint
        .as_ref()
        .ok_or_else(|| Fault::DiscoveryIncomplete {
            address: discovery.issuer.clone(),
            field: "token_endpoint".to_owned(),
        })
}

fn parameters(captured: &Captured) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
    match captured {
        Captured::Form(fields) => fields
            .iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect(),
        Captured::Address(url) => {
            let fragment = url.fragment().unwrap_or_default().as_bytes();
            let fragment = url::form_urlencoded::parse(fragment);
            url.query_pairs().chain(fragment).collect()
        }
    }
}

/// An address cannot be wiped: its characters are the `url` crate's own.
fn wipe(captured: Captured) {
    if let Captured::Form(fields) = captured {
        for (_, mut value) in fields {
            value.zeroize();
        }
    }
}
