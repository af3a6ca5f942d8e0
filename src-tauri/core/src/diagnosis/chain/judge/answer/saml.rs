//! A SAML response, held against the set-up, or against the request where there is none.

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::super::super::gather::Attempt;
use super::super::super::message::{Ask, SamlAsk};
use super::super::super::place::Place;
use super::super::super::want::region_at;
use super::super::super::{Answer, Content};
use super::super::{Around, Judged, Weight, as_warning, moment, of_text};
use crate::connection::{Protocol, RequestBinding, SamlConnection};
use crate::fault::Fault;
use crate::finding::Finding;
use crate::saml::response;
use crate::verdict::{Stage, Track};

pub(super) fn judge(
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
        let findings = response::unsigned(message, &expected);
        add_with_cause(findings, judged, at, attempt, around);
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
            let rules = &want.set_up.rules;
            let findings = response::findings(track, &assertion, rules, service);
            judged.add(Weight::Seen, at, findings);
        }
        (Ok(_), None) => judged.add(Weight::Seen, at, track.into_findings()),
        (Err(_), _) => {
            add_with_cause(track.into_findings(), judged, at, attempt, around);
            let more = response::unsigned(message, &expected);
            judged.add(Weight::Beside, at, more.into_iter().map(as_warning));
        }
    }
}

/// What an answer showed; where a cause is written beside its status, that in the status's place.
fn add_with_cause(
    mut findings: Vec<Finding>,
    judged: &mut Judged,
    at: usize,
    attempt: &Attempt,
    around: &Around<'_>,
) {
    let said: Vec<Finding> = findings
        .iter()
        .flat_map(|finding| by_status(&finding.fault, attempt, around))
        .collect();
    if !said.is_empty() {
        findings.retain(|finding| status(&finding.fault).is_none());
    }
    judged.add(Weight::Said, at, said);
    judged.add(Weight::Seen, at, findings);
}

/// The status of an answer that is no success and names no cause by itself, and what is said beside it.
fn status(fault: &Fault) -> Option<(&str, &str)> {
    match fault {
        Fault::SamlRequestRefused { status, message }
        | Fault::SamlProviderFailed { status, message }
        | Fault::SamlNotSuccess { status, message } => Some((status, message)),
        _ => None,
    }
}

/// The cause that a provider writes beside its status, where it is one that is known.
fn by_status(fault: &Fault, attempt: &Attempt, around: &Around<'_>) -> Vec<Finding> {
    let Some((status, message)) = status(fault) else {
        return Vec::new();
    };
    let by = attempt.ask.or(attempt.answer).unwrap_or_default();
    let at = &around.entries[by].at;
    let second = status.rsplit(", ").next().filter(|last| *last != status);
    let second = second.map(|code| format!("urn:oasis:names:tc:SAML:2.0:status:{code}"));
    let words = [message, second.as_deref().unwrap_or_default()];
    let mut told = words.iter().map(|words| {
        let told = of_text(words, at, around).into_iter();
        told.filter(Finding::is_error).collect::<Vec<_>>()
    });
    told.find(|told| !told.is_empty() && !told.iter().any(|one| self::status(&one.fault).is_some()))
        .unwrap_or_default()
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
