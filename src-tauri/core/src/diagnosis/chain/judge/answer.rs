//! The provider's answer: its own error, or what it brings, held against the request and the set-up as
//! of its time.

mod saml;
mod token;

use url::Url;

use super::super::entry::Entry;
use super::super::gather::{Attempt, Role};
use super::super::message::{Ask, Given};
use super::super::place::Place;
use super::{Around, Judged, Weight, of_text, part_left_out};
use crate::connection::Protocol;
use crate::fault::Fault;
use crate::finding::Finding;

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
        saml::judge(at, saml, to, attempt, around, judged);
        return true;
    }
    judged.add(Weight::Seen, at, other_issuer(given, around));
    judged.add(Weight::Seen, at, other_state(given, attempt, around));
    if let Some(token) = &given.id_token {
        token::judge(
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
                    token::judge(
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
            None if entry.asks_tokens && entry.status == 200 && !entry.text.trim().is_empty() => {
                let address = format!("{} (HTTP {})", entry.place.address(), entry.status);
                let reason = "something that is no JSON object".to_owned();
                let fault = Fault::TokenAnswerUnreadable { address, reason };
                judged.add(Weight::Seen, at, [Finding::error(fault)]);
            }
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
