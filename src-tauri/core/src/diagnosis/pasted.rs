//! A SAML response or an ID token in what was given, held against the set-up as of its own time.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::seen::Seen;
use super::{Known, cause};
use crate::check::check;
use crate::connection::{Connection, Protocol, SamlConnection};
use crate::fault::Fault;
use crate::finding::{Finding, Severity};
use crate::json::Members;
use crate::oidc::id_token::unverified_claims;
use crate::saml::response::{self, Expected};
use crate::set_up::SetUp;
use crate::text::shown;
use crate::verdict::{Stage, Track};

/// What an answer in the text shows against the set-up; none where there is no set-up or no answer.
pub(super) fn findings(given: &str, known: &Known<'_>) -> Option<Vec<Finding>> {
    let checked = check(known.set_up?, known.catalogue);
    match checked.connection? {
        Connection::Saml(connection) => saml(given, &connection, known),
        Connection::Oidc(connection) => {
            let token = token(given)?;
            let client = &connection.client_id;
            Some(claims(
                &token,
                connection.issuer.as_str(),
                client,
                known.set_up?,
            ))
        }
    }
}

/// What can be said of an answer without a set-up for its protocol; none where there is no answer.
pub(super) fn unheld(given: &str, known: &Known<'_>) -> Option<Vec<Finding>> {
    if let Some(xml) = written(given).or_else(|| encoded(given)) {
        let text = String::from_utf8_lossy(&xml);
        if !text.contains("urn:oasis:names:tc:SAML:") {
            return None;
        }
        // A status that is no success needs nothing else.
        let told = cause::findings(&Seen::read(&text), known);
        if !told.is_empty() {
            return Some(told);
        }
        let issuer = element(&text, "Issuer").unwrap_or("an issuer that it does not name");
        return Some(vec![only_named(
            "a SAML response",
            issuer,
            Protocol::Saml,
            known,
        )]);
    }
    if let Some(token) = token(given) {
        let issuer = token.text("iss").unwrap_or_default();
        return Some(vec![only_named(
            "an ID token",
            issuer,
            Protocol::Oidc,
            known,
        )]);
    }
    let request = given.contains("SAMLRequest=") || given.contains("AuthnRequest ");
    request.then(|| vec![Finding::note(Fault::SamlAnswerIsRequest {})])
}

fn only_named(thing: &str, issuer: &str, protocol: Protocol, known: &Known<'_>) -> Finding {
    let (thing, issuer) = (thing.to_owned(), shown(issuer.trim(), 200));
    let of_set_up = known.set_up.map(|set_up| set_up.connection.protocol);
    match of_set_up.filter(|own| *own != protocol) {
        Some(own) => Finding::warning(Fault::AnswerOfOtherProtocol {
            thing,
            issuer,
            protocol: own.name().to_owned(),
        })
        .at("connection.protocol"),
        None => Finding::note(Fault::AnswerNotHeld { thing, issuer }),
    }
}

/// The text of the first element of this name, whatever its prefix. For showing alone.
fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (at, _) = xml.match_indices(name).find(|(at, _)| {
        let before = xml[..*at].chars().next_back();
        before.is_some_and(|c| matches!(c, '<' | ':'))
    })?;
    let (_, rest) = xml[at..].split_once('>')?;
    rest.split('<').next()
}

fn saml(given: &str, connection: &SamlConnection, known: &Known<'_>) -> Option<Vec<Finding>> {
    let xml = written(given).or_else(|| encoded(given))?;
    let expected = Expected {
        connection,
        acs: &connection.login_redirect_url,
        // Who pastes an answer knows no request.
        request_id: None,
        unsolicited_allowed: true,
        key: None,
        // When it says that it was made: what does not hold at that moment never held.
        now: response::said(&xml)
            .ok()
            .and_then(|said| said.issued)
            .unwrap_or(known.now),
    };
    let mut track = Track::default();
    let _ = track.report(Stage::Reached, Vec::new());
    // What it holds is not shown here; the track keeps why it does not hold.
    let held = response::verify(&xml, &expected, &mut track).is_ok();
    let mut told: Vec<Finding> = track.into_findings();
    told.sort_by_key(|finding| finding.severity);
    if held {
        told.push(Finding::note(Fault::AnswerHolds {
            evidence: "the SAML response holds against the set-up".to_owned(),
        }));
    }
    Some(told)
}

/// The XML of a response, cut out of what stands around it.
fn written(given: &str) -> Option<Vec<u8>> {
    let begins = |(at, _): &(usize, &str)| {
        let tag = &given[at + 1..];
        let end = tag.find([' ', '>', '\n', '\r', '\t']).unwrap_or(tag.len());
        let name = &tag[..end];
        name == "Response" || (name.ends_with(":Response") && !name.starts_with('/'))
    };
    let (from, _) = given.match_indices('<').find(begins)?;
    let to = given.rfind('>')?;
    Some(given.get(from..=to)?.as_bytes().to_vec())
}

/// The XML of a response in base64, alone or as a form's field.
fn encoded(given: &str) -> Option<Vec<u8>> {
    let value = match given.split_once("SAMLResponse") {
        Some((_, rest)) => rest.trim_start_matches(['=', ':', '"', '\'', ' ', '\n', '\r']),
        None => given.trim(),
    };
    let end = value
        .find(['&', '"', '\'', ',', '<', '}'])
        .unwrap_or(value.len());
    let value = value[..end].replace("%2B", "+").replace("%2b", "+");
    let value = value.replace("%2F", "/").replace("%2f", "/");
    let value = value.replace("%3D", "=").replace("%3d", "=");
    let value: String = value.split_whitespace().collect();
    let bytes = STANDARD.decode(value).ok()?;
    let text = std::str::from_utf8(&bytes).ok()?;
    text.contains("Response").then(|| bytes.clone())
}

/// The claims of the first ID token in the text. Nobody vouches for them here.
fn token(given: &str) -> Option<Members> {
    let in_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    given
        .split(|c: char| !in_token(c))
        .filter(|word| word.starts_with("eyJ"))
        .filter_map(unverified_claims)
        .find(|members| members.find("iss").is_some() && members.find("aud").is_some())
}

fn claims(token: &Members, issuer: &str, client: &str, set_up: &SetUp) -> Vec<Finding> {
    let mut findings = Vec::new();
    let received = token.text("iss").unwrap_or_default();
    if received != issuer {
        let fault = Fault::TokenIssuerDiffers {
            expected: issuer.to_owned(),
            received: shown(received, 500),
        };
        findings.push(of(Severity::Error, fault).at("connection.issuer"));
    }
    let audience = token.find("aud");
    let is_ours = |value: &serde_json::Value| value.as_str() == Some(client);
    let ours = audience.is_some_and(|audience| {
        is_ours(audience)
            || audience
                .as_array()
                .is_some_and(|all| all.iter().any(is_ours))
    });
    if !ours {
        let received = audience.map(ToString::to_string).unwrap_or_default();
        let fault = Fault::AudienceDiffers {
            expected: client.to_owned(),
            received: shown(received.trim_matches('"'), 500),
        };
        findings.push(of(Severity::Error, fault).at("connection.client_id"));
    }
    let names: Vec<&str> = token.0.iter().map(|(name, _)| name.as_str()).collect();
    let present = shown(&names.join(", "), 500);
    for (index, rule) in set_up.rules.0.iter().enumerate() {
        if token.find(&rule.claim).is_none() {
            let fault = Fault::RuleClaimAbsent {
                claim: rule.claim.clone(),
                present: present.clone(),
            };
            findings.push(of(Severity::Warning, fault).at(format!("rules[{index}].claim")));
        }
    }
    if findings.is_empty() {
        let evidence = "issuer, audience and claim names of the ID token fit the set-up; its \
                        signature was not verified"
            .to_owned();
        findings.push(Finding::note(Fault::AnswerHolds { evidence }));
    }
    findings
}

fn of(severity: Severity, fault: Fault) -> Finding {
    match severity {
        Severity::Error => Finding::error(fault),
        Severity::Warning => Finding::warning(fault),
        Severity::Note => Finding::note(fault),
    }
}
