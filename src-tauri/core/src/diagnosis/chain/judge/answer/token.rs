//! An ID token, verified with the keys that the recording has, else as it reads.

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::super::super::entry::Entry;
use super::super::super::gather::Attempt;
use super::super::super::message::{Ask, OidcAsk, same};
use super::super::super::want::Want;
use super::super::super::{Answer, Content};
use super::super::{Around, Judged, Weight, moment};
use crate::catalogue::Service;
use crate::claims::Claims;
use crate::conclude;
use crate::connection::{Issuer, Protocol};
use crate::fault::Fault;
use crate::finding::{Finding, any_error};
use crate::oidc::{self, Keys, id_token};
use crate::verdict::{Stage, Track};

pub(super) fn judge(
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
            let findings = oidc::findings(track, &token, &want.set_up.rules, service);
            judged.add(Weight::Seen, at, findings);
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
                None => judged.add(Weight::Beside, at, without_keys(&expected, around)),
            }
            if let Some((want, service)) = service.filter(|_| holds) {
                judged.add(Weight::Seen, at, mapped(&said.claims, want, service));
            }
        }
    }
}

/// That the recording has no keys that fit; and where it has the provider's own key set, that this is empty.
fn without_keys(expected: &id_token::Expected<'_>, around: &Around<'_>) -> Vec<Finding> {
    let host = expected.issuer.url().host_str();
    let holds_none = |entry: &&Entry| {
        let keys = entry.keys.as_ref();
        entry.at.host_str() == host && keys.is_some_and(|keys| Keys::parse(keys).is_none())
    };
    let empty = around.entries.iter().find(holds_none).map(|entry| {
        let address = entry.place.address();
        Finding::error(Fault::KeysEmpty { address }).at("connection.issuer")
    });
    let note = Finding::note(Fault::RecordingWithoutKeys {});
    empty.into_iter().chain([note]).collect()
}

/// Why the token is not signed by a key that the recording itself has from the issuer's host.
fn unsigned(
    token: &str,
    keys: &[(&Entry, Keys)],
    expected: &id_token::Expected<'_>,
) -> Option<Finding> {
    let host = expected.issuer.url().host_str();
    let of_issuer = keys.iter().find(|(entry, _)| entry.at.host_str() == host);
    let mut track = Track::default();
    let _ = track.report(Stage::Reached, Vec::new());
    id_token::verify(token, &of_issuer?.1, expected, &mut track).err()?;
    if track.failed() != Some(Stage::Signed) {
        return None;
    }
    track.into_findings().into_iter().find(Finding::is_error)
}

/// The role that the rules give to claims that nobody vouches for.
fn mapped(claims: &Claims, want: &Want<'_>, service: &Service) -> Vec<Finding> {
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
    let claims = id_token::unverified_claims(token)?;
    let published = around.entries.iter().find_map(|entry| entry.issuer.clone());
    let issuer = want.and_then(|want| want.issuer.clone());
    let issuer = issuer
        .or_else(|| Issuer::parse(claims.text("iss").unwrap_or_default()))
        .or_else(|| Issuer::parse(&published?))?;
    let configured = want
        .map(|want| want.set_up.connection.client_id.clone())
        .filter(|id| !id.is_empty());
    let asked = ask
        .map(|ask| ask.client_id.clone())
        .filter(|id| !id.is_empty());
    let first = claims.find("aud").and_then(|audience| match audience {
        Value::String(one) => Some(one.clone()),
        Value::Array(many) => many.first().and_then(Value::as_str).map(str::to_owned),
        _ => None,
    });
    Some((issuer, configured.or(asked).or(first).unwrap_or_default()))
}
