//! The provider's answer: its own error, or what it brings, held against the request and the set-up as
//! of its time.

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

use super::super::entry::Entry;
use super::super::gather::{Attempt, Role};
use super::super::message::{Ask, Given, OidcAsk, SamlAsk, same};
use super::super::place::Place;
use super::super::want::region_at;
use super::super::{Answer, Content};
use super::{Around, Judged, Weight, as_warning, moment, of_text, part_left_out};
use crate::claims::Claims;
use crate::conclude;
use crate::connection::{Issuer, Protocol, RequestBinding, SamlConnection};
use crate::fault::Fault;
use crate::finding::{Finding, Told, any_error};
use crate::oidc::{self, Keys, id_token};
use crate::saml::response;
use crate::verdict::{Stage, Track, Verdict};

/// Judges the answer of a sign-in, and says whether one was brought to the service that names no
/// error.
pub(super) fn judge(attempt: &Attempt, around: &Around<'_>, judged: &mut Judged) -> bool {
    let mut brought = false;
    let delivered = attempt.answer.map(|at| (at, &around.entries[at]));
    // What was sent says as much as what arrived, where the recording lacks that.
    let sent = attempt.sent.and_then(|at| {
        let entry = &around.entries[at];
        entry
            .sends
            .as_ref()
            .map(|sends| (at, &sends.given, &sends.to))
    });
    let arrived = delivered.and_then(|(at, entry)| {
        let given = entry.given.as_ref()?;
        (!given.left_out).then_some((at, given, &entry.at))
    });
    let answer = arrived
        .or_else(|| sent.map(|(at, given, to)| (delivered.map_or(at, |(at, _)| at), given, to)));
    match answer {
        Some((at, given, to)) => {
            brought = answered(at, given, to, attempt, around, judged) && delivered.is_some();
            if delivered.is_none() && given.brings() {
                let to = Place::of(to).address();
                judged.add(
                    Weight::Beside,
                    at,
                    [Finding::warning(Fault::AnswerNotDelivered { address: to })],
                );
            }
        }
        None => {
            if let Some((at, entry)) = delivered
                .filter(|(_, entry)| entry.given.as_ref().is_some_and(|given| given.left_out))
            {
                left_out(at, entry, judged);
                brought = true;
            }
        }
    }
    brought | tokens(attempt, around, judged)
}

fn left_out(at: usize, entry: &Entry, judged: &mut Judged) {
    let part = format!("the form that was posted to {}", entry.place.address());
    judged.add(Weight::Beside, at, [part_left_out(part)]);
}

/// Whether it brings something and names no error.
fn answered(
    at: usize,
    given: &Given,
    to: &Url,
    attempt: &Attempt,
    around: &Around<'_>,
    judged: &mut Judged,
) -> bool {
    if !given.error.is_empty() {
        let provider = provider_address(attempt, around).unwrap_or(to);
        judged.add(Weight::Said, at, told_error(&given.error, provider, around));
        return false;
    }
    if let Some(saml) = &given.saml {
        judge_saml(at, saml, to, attempt, around, judged);
        return true;
    }
    judged.add(Weight::Seen, at, other_issuer(given, around));
    judged.add(Weight::Seen, at, other_state(given, attempt, around));
    if let Some(token) = &given.id_token {
        judge_token(
            at,
            token,
            given.access_token.as_ref(),
            attempt,
            around,
            judged,
        );
    }
    given.brings()
}

/// What the parameters of an error mean.
pub(super) fn told_error(error: &str, provider: &Url, around: &Around<'_>) -> Vec<Finding> {
    let told = of_text(error, provider, around);
    if !told.is_empty() {
        return told;
    }
    let code = error.split(" & ").next().unwrap_or_default();
    let description = error
        .split_once("error_description=")
        .map_or("", |(_, rest)| rest);
    vec![Finding::error(Fault::ProviderError {
        error: super::super::place::masked(code.trim_start_matches("error="), 100),
        description: super::super::place::masked(description, 300),
    })]
}

fn provider_address<'a>(attempt: &Attempt, around: &Around<'a>) -> Option<&'a Url> {
    attempt.ask.map(|ask| &around.entries[ask].at)
}

/// RFC 6749, section 10.12: a service refuses an answer that is not to its own request.
fn other_state(given: &Given, attempt: &Attempt, around: &Around<'_>) -> Option<Finding> {
    let ask = around.entries[attempt.ask?].ask.as_ref()?;
    let sent = ask.state().filter(|_| matches!(ask, Ask::Oidc(_)))?;
    if !given.brings() || given.state == Some(sent) {
        return None;
    }
    let received = given.state.map_or("no state", |_| "another state");
    Some(Finding::error(Fault::RecordingStateDiffers {
        received: received.to_owned(),
    }))
}

/// RFC 9207.
fn other_issuer(given: &Given, around: &Around<'_>) -> Option<Finding> {
    let (want, received) = (around.want?, given.issuer.as_ref()?);
    let expected = want
        .issuer
        .as_ref()
        .filter(|_| want.protocol() == Protocol::Oidc)?
        .as_str();
    let same = expected.trim_end_matches('/') == received.trim_end_matches('/');
    (!same).then(|| {
        let fault = Fault::AnswerIssuerDiffers {
            expected: expected.to_owned(),
            received: received.clone(),
        };
        Finding::error(fault).at("connection.issuer")
    })
}

/// Tokens that a browser fetched itself, and what it was told instead.
fn tokens(attempt: &Attempt, around: &Around<'_>, judged: &mut Judged) -> bool {
    let mut brought = false;
    let steps: Vec<usize> = attempt
        .steps
        .iter()
        .filter(|(_, role)| *role == Role::Tokens)
        .map(|(at, _)| *at)
        .collect();
    let fetched = steps.iter().any(|at| {
        let reply = around.entries[*at].tokens.as_ref();
        reply.is_some_and(|reply| reply.error.is_empty())
    });
    for at in steps {
        let entry = &around.entries[at];
        match &entry.tokens {
            Some(reply) if reply.error.is_empty() => {
                brought = true;
                if let Some(token) = &reply.id_token {
                    judge_token(
                        at,
                        token,
                        reply.access_token.as_ref(),
                        attempt,
                        around,
                        judged,
                    );
                }
            }
            // One that was refused and then given is no cause.
            _ if fetched => {}
            Some(reply) => judged.add(
                Weight::Said,
                at,
                told_error(&reply.error, &entry.at, around),
            ),
            None if entry.status >= 400 => {
                let address = entry.place.address();
                let status = entry.status;
                judged.add(
                    Weight::Refused,
                    at,
                    [Finding::error(Fault::ProviderPageFailed {
                        address,
                        status,
                    })],
                );
            }
            None => {}
        }
    }
    brought
}

fn judge_saml(
    at: usize,
    saml: &SecretString,
    to: &Url,
    attempt: &Attempt,
    around: &Around<'_>,
    judged: &mut Judged,
) {
    let entry = &around.entries[at];
    let now = moment(entry, around);
    let ask = attempt.ask.and_then(|ask| around.entries[ask].ask.as_ref());
    let ask = match ask {
        Some(Ask::Saml(ask)) if ask.readable => Some(ask),
        _ => None,
    };
    let request_id = ask.map(|ask| ask.id.as_str()).filter(|id| !id.is_empty());
    judged.answers.push(Answer {
        at: now,
        sent_to: to.clone(),
        content: Content::Saml(saml.clone()),
        request_id: request_id.map(str::to_owned),
        nonce: None,
        keys: None,
        reached_service: attempt.answer.is_some() && !crate::server::is_this_computer(to),
    });
    let message = saml.expose_secret().as_bytes();
    let unsolicited_allowed = ask.is_none();
    let want = around.want.filter(|want| want.protocol() == Protocol::Saml);
    let Some((want, connection)) = want.and_then(|want| Some((want, want.saml.as_ref()?))) else {
        let connection = of_request(message, ask, to);
        let expected = response::Expected {
            connection: &connection,
            acs: to,
            request_id,
            unsolicited_allowed,
            key: None,
            now,
        };
        judged.add(Weight::Seen, at, response::unsigned(message, &expected));
        return;
    };
    // An answer that went to another region of the service is none for this workspace.
    let elsewhere = want.is_of_service(&Place::of(to))
        && region_at(&Place::of(to), around.known.catalogue).is_some()
        && to.host_str() != connection.login_redirect_url.host_str();
    let expected = response::Expected {
        connection,
        acs: if elsewhere {
            &connection.login_redirect_url
        } else {
            to
        },
        request_id,
        unsolicited_allowed,
        key: None,
        now,
    };
    let mut track = Track::default();
    let _ = track.report(Stage::Reached, Vec::new());
    match (
        response::verify(message, &expected, &mut track),
        &want.service,
    ) {
        (Ok(assertion), Some(service)) => {
            let verdict = response::conclude(track, &assertion, &want.set_up.rules, service);
            judged.add(Weight::Seen, at, findings_of(&verdict));
        }
        (Ok(_), None) => judged.add(Weight::Seen, at, track.into_findings()),
        (Err(_), _) => {
            let findings = track.into_findings();
            judged.add(Weight::Seen, at, findings);
            let more = response::unsigned(message, &expected);
            judged.add(Weight::Beside, at, more.into_iter().map(as_warning));
        }
    }
}

/// Without a set-up: the request is what the answer has to fit.
fn of_request(message: &[u8], ask: Option<&SamlAsk>, to: &Url) -> SamlConnection {
    let said = response::said(message).unwrap_or_default();
    let audience = ask
        .map(|ask| ask.issuer.clone())
        .filter(|issuer| !issuer.is_empty());
    SamlConnection {
        provider: String::new(),
        issuer: said.issuer.unwrap_or_default(),
        sign_on_url: to.clone(),
        request_binding: RequestBinding::default(),
        sign_requests: false,
        certificates: Vec::new(),
        audience: audience
            .or(said.audiences.into_iter().next())
            .unwrap_or_default(),
        login_redirect_url: to.clone(),
    }
}

fn judge_token(
    at: usize,
    token: &SecretString,
    access_token: Option<&SecretString>,
    attempt: &Attempt,
    around: &Around<'_>,
    judged: &mut Judged,
) {
    let known = judged.answers.iter().any(|answer| match &answer.content {
        Content::IdToken { token: known, .. } => same(known, token),
        Content::Saml(_) => false,
    });
    if known {
        return;
    }
    let entry = &around.entries[at];
    let ask = match attempt.ask.and_then(|ask| around.entries[ask].ask.as_ref()) {
        Some(Ask::Oidc(ask)) => Some(ask),
        _ => None,
    };
    let now = moment(entry, around);
    let keys: Vec<(&Entry, Keys)> = around
        .entries
        .iter()
        .filter_map(|entry| Some((entry, Keys::parse(entry.keys.as_ref()?)?)))
        .collect();
    judged.answers.push(Answer {
        at: now,
        sent_to: entry.at.clone(),
        content: Content::IdToken {
            token: token.clone(),
            access_token: access_token.cloned(),
        },
        request_id: None,
        nonce: ask.and_then(|ask| ask.nonce.clone()),
        keys: keys.first().and_then(|(entry, _)| entry.keys.clone()),
        reached_service: attempt
            .answer
            .is_some_and(|at| !crate::server::is_this_computer(&around.entries[at].at)),
    });
    let token = token.expose_secret();
    let Some((issuer, client_id)) = expected_of(token, ask, around) else {
        if let Err(fault) = id_token::form(token) {
            judged.add(Weight::Seen, at, [Finding::error(fault)]);
        }
        return;
    };
    let expected = id_token::Expected {
        issuer: &issuer,
        client_id: &client_id,
        nonce: ask.and_then(|ask| ask.nonce.as_deref()),
        access_token: access_token.map(ExposeSecret::expose_secret),
        code: None,
        now,
    };
    let verified = keys.iter().find_map(|(entry, keys)| {
        let mut track = Track::default();
        let _ = track.report(Stage::Reached, Vec::new());
        let token = id_token::verify(token, keys, &expected, &mut track).ok()?;
        Some((entry, track, token))
    });
    let want = around.want.filter(|want| want.protocol() == Protocol::Oidc);
    let service = want.and_then(|want| Some((want, want.service.as_ref()?)));
    if let Some((entry, track, token)) = verified {
        let host = entry.place.host.clone();
        judged.add(
            Weight::Beside,
            at,
            [Finding::note(Fault::RecordingKeys { host })],
        );
        if let Some((want, service)) = service {
            let verdict = oidc::conclude(track, &token, None, &want.set_up.rules, service);
            judged.add(Weight::Seen, at, findings_of(&verdict));
        } else {
            judged.add(Weight::Seen, at, track.into_findings());
        }
        return;
    }
    match id_token::unsigned(token, &expected) {
        Err(fault) => judged.add(Weight::Seen, at, [Finding::error(fault)]),
        Ok(said) => {
            let unsigned = unsigned(token, &keys, &expected);
            let holds = unsigned.is_none() && !any_error(&said.findings);
            judged.add(Weight::Seen, at, said.findings);
            match unsigned {
                Some(finding) => judged.add(Weight::Seen, at, [finding]),
                None => judged.add(
                    Weight::Beside,
                    at,
                    [Finding::note(Fault::RecordingWithoutKeys {})],
                ),
            }
            if let Some((want, service)) = service.filter(|_| holds) {
                judged.add(Weight::Seen, at, mapped(&said.claims, want, service));
            }
        }
    }
}

/// Why the token is not signed by a key that the recording itself has from the issuer's host, or as the
/// only ones.
fn unsigned(
    token: &str,
    keys: &[(&Entry, Keys)],
    expected: &id_token::Expected<'_>,
) -> Option<Finding> {
    let host = expected.issuer.url().host_str();
    let of_issuer = keys
        .iter()
        .find(|(entry, _)| entry.at.host_str() == host)
        .or_else(|| keys.first().filter(|_| keys.len() == 1));
    let mut track = Track::default();
    let _ = track.report(Stage::Reached, Vec::new());
    id_token::verify(token, &of_issuer?.1, expected, &mut track).err()?;
    if track.failed() != Some(Stage::Signed) {
        return None;
    }
    track.into_findings().into_iter().find(Finding::is_error)
}

/// The role that the rules give to claims that nobody vouches for.
fn mapped(
    claims: &Claims,
    want: &super::super::want::Want<'_>,
    service: &crate::catalogue::Service,
) -> Vec<Finding> {
    let resolution = want.set_up.rules.resolve(claims, service);
    conclude::decided(&resolution, &want.set_up.rules, claims)
}

/// Issuer and client ID that the token must name: the set-up's, else the request's; where neither
/// says, the token's own.
fn expected_of(
    token: &str,
    ask: Option<&OidcAsk>,
    around: &Around<'_>,
) -> Option<(Issuer, String)> {
    let want = around.want.filter(|want| want.protocol() == Protocol::Oidc);
    let claims = claims_of(token)?;
    let own = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    let published = around.entries.iter().find_map(|entry| entry.issuer.clone());
    let issuer = want.and_then(|want| want.issuer.clone());
    let issuer = issuer
        .or_else(|| Issuer::parse(own("iss")))
        .or_else(|| Issuer::parse(&published?))?;
    let configured = want
        .map(|want| want.set_up.connection.client_id.clone())
        .filter(|id| !id.is_empty());
    let asked = ask
        .map(|ask| ask.client_id.clone())
        .filter(|id| !id.is_empty());
    let first = claims.get("aud").and_then(|audience| match audience {
        Value::String(one) => Some(one.clone()),
        Value::Array(many) => many.first().and_then(Value::as_str).map(str::to_owned),
        _ => None,
    });
    Some((issuer, configured.or(asked).or(first).unwrap_or_default()))
}

fn claims_of(token: &str) -> Option<Value> {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&payload).ok()
}

/// The findings of a verdict, from how they were told.
fn findings_of(verdict: &Verdict) -> Vec<Finding> {
    verdict
        .stages
        .iter()
        .flat_map(|stage| &stage.findings)
        .filter_map(finding)
        .collect()
}

fn finding(told: &Told) -> Option<Finding> {
    let mut fault = told.data.clone();
    fault.insert("code".to_owned(), Value::from(told.code.clone()));
    Some(Finding {
        severity: told.severity,
        path: told.path.clone(),
        fault: serde_json::from_value(Value::Object(fault)).ok()?,
    })
}
