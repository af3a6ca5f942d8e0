//! What was asked of the provider, held against the set-up.

use url::Url;

use super::super::gather::Attempt;
use super::super::message::{Ask, OidcAsk, SamlAsk};
use super::super::place::Place;
use super::super::want::{Want, region_at};
use super::{Around, Judged, Weight};
use crate::connection::Protocol;
use crate::fault::Fault;
use crate::finding::Finding;
use crate::text::shown;

/// A sign-in to another service than the set-up's says nothing about the set-up.
pub(super) fn is_of_other_service(attempt: &Attempt, around: &Around<'_>) -> Option<Finding> {
    let want = around.want?;
    let at = answered_at(attempt, around)?;
    let expected = want.redirect_place()?;
    if want.is_of_service(&at) || is_local(&at) || same_application(attempt, around, want) {
        return None;
    }
    Some(Finding::warning(Fault::RecordingOfOtherService {
        expected: expected.host,
        received: at.host,
    }))
}

fn answered_at(attempt: &Attempt, around: &Around<'_>) -> Option<Place> {
    let asked = attempt.ask.and_then(|ask| around.entries[ask].ask.as_ref());
    let asked = asked.and_then(Ask::answer_at);
    asked.or_else(|| Some(around.entries[attempt.answer?].place.clone()))
}

/// A recording of a test sign-in, whose answer came to this computer.
fn is_local(place: &Place) -> bool {
    Url::parse(&place.address()).is_ok_and(|url| crate::server::is_this_computer(&url))
}

/// Whether the set-up's own application was asked for, wherever the answer was sent.
fn same_application(attempt: &Attempt, around: &Around<'_>, want: &Want<'_>) -> bool {
    match attempt.ask.and_then(|ask| around.entries[ask].ask.as_ref()) {
        Some(Ask::Oidc(ask)) => ask.client_id == want.set_up.connection.client_id,
        Some(Ask::Saml(ask)) => ask.issuer == want.audience && !ask.issuer.is_empty(),
        _ => false,
    }
}

pub(super) fn judge(attempt: &Attempt, around: &Around<'_>, judged: &mut Judged) {
    let Some(at) = attempt.ask else { return };
    let entry = &around.entries[at];
    let Some(ask) = &entry.ask else { return };
    if let Ask::Other(protocol) = ask {
        let protocol = (*protocol).to_owned();
        judged.add(
            Weight::Beside,
            at,
            [Finding::warning(Fault::RecordingOfOtherProtocol {
                protocol,
            })],
        );
        return;
    }
    let findings = match (around.want, ask) {
        (Some(want), Ask::Oidc(ask)) => oidc(ask, want, around),
        (Some(want), Ask::Saml(ask)) => saml(ask, &entry.place, want, around),
        _ => Vec::new(),
    };
    judged.add(Weight::Seen, at, findings);
    if around.want.is_none() {
        judged.add(Weight::Seen, at, regions(attempt, ask, around));
    }
    if let Ask::Saml(ask) = ask
        && let Some(destination) = ask
            .destination
            .as_deref()
            .and_then(|to| Url::parse(to).ok())
        && around.want.is_none()
        && !Place::of(&destination).is_at(&entry.place)
    {
        // The provider may stand behind another name; only its own refusal would decide.
        judged.add(
            Weight::Beside,
            at,
            [Finding::note(Fault::RequestSentElsewhere {
                expected: Place::of(&destination).address(),
                received: entry.place.address(),
            })],
        );
    }
}

fn oidc(ask: &OidcAsk, want: &Want<'_>, around: &Around<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if want.protocol() != Protocol::Oidc {
        findings.push(other_protocol(want, Protocol::Oidc));
        return findings;
    }
    findings.extend(redirect(&ask.redirect_uri, want, around));
    let expected = &want.set_up.connection.client_id;
    if !expected.is_empty() && ask.client_id != *expected {
        let fault = Fault::RequestClientDiffers {
            expected: expected.clone(),
            received: ask.client_id.clone(),
        };
        findings.push(Finding::error(fault).at("connection.client_id"));
    }
    let scopes: Vec<&str> = ask.scope.split_whitespace().collect();
    if !scopes.is_empty() && !scopes.contains(&"openid") {
        findings.push(Finding::error(Fault::RequestWithoutOpenid {
            scopes: scopes.join(" "),
        }));
    }
    findings
}

fn saml(ask: &SamlAsk, place: &Place, want: &Want<'_>, around: &Around<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if want.protocol() != Protocol::Saml {
        findings.push(other_protocol(want, Protocol::Saml));
        return findings;
    }
    if !ask.readable {
        return findings;
    }
    findings.extend(redirect(
        ask.acs.as_deref().unwrap_or_default(),
        want,
        around,
    ));
    if !want.audience.is_empty() && !ask.issuer.is_empty() && ask.issuer != want.audience {
        let fault = Fault::RequestAudienceDiffers {
            expected: want.audience.clone(),
            received: ask.issuer.clone(),
        };
        findings.push(Finding::error(fault).at("connection.audience"));
    }
    let sign_on = Url::parse(&want.set_up.connection.sign_on_url).ok();
    if let Some(sign_on) = sign_on.filter(|sign_on| !Place::of(sign_on).is_at(place)) {
        let fault = Fault::RequestSentElsewhere {
            expected: Place::of(&sign_on).address(),
            received: place.address(),
        };
        findings.push(Finding::warning(fault).at("connection.sign_on_url"));
    }
    findings
}

fn other_protocol(want: &Want<'_>, spoken: Protocol) -> Finding {
    Finding::error(Fault::RequestOfOtherProtocol {
        expected: want.protocol().name().to_owned(),
        received: spoken.name().to_owned(),
    })
    .at("connection.protocol")
}

/// Where the answer was asked to, held against the Login Redirect URL.
fn redirect(asked: &str, want: &Want<'_>, around: &Around<'_>) -> Option<Finding> {
    let expected = want.redirect.as_ref()?;
    let received = Url::parse(asked).ok()?;
    if received == *expected || is_local(&Place::of(&received)) {
        return None;
    }
    let (expected, shown_received) = (expected.to_string(), shown(received.as_str(), 500));
    let fault = match region_at(&Place::of(&received), around.known.catalogue) {
        Some((_, region)) if want.is_of_service(&Place::of(&received)) => {
            if received.host_str() == want.redirect.as_ref().and_then(|url| url.host_str()) {
                Fault::RequestRedirectDiffers {
                    expected,
                    received: shown_received,
                }
            } else {
                Fault::RequestOfOtherRegion {
                    expected,
                    received: shown_received,
                    region: region.to_owned(),
                }
            }
        }
        _ => Fault::RequestRedirectDiffers {
            expected,
            received: shown_received,
        },
    };
    Some(Finding::error(fault).at("connection.login_redirect_url"))
}

/// Without a set-up: a sign-in begun in one region of a service, whose answer is asked to another.
fn regions(attempt: &Attempt, ask: &Ask, around: &Around<'_>) -> Option<Finding> {
    let asked = ask.answer_at()?;
    let (service, region) = region_at(&asked, around.known.catalogue)?;
    let first = around.entries[..attempt.ask?].iter().rev().take(50);
    let mut begun = first.filter_map(|entry| region_at(&entry.place, around.known.catalogue));
    let (_, from) = begun.find(|(known, _)| *known == service)?;
    (from != region).then(|| {
        Finding::error(Fault::RegionsMixed {
            service: service.to_owned(),
            one: from.to_owned(),
            other: region.to_owned(),
        })
    })
}
