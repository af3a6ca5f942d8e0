//! Judging an answer that was brought: like one that came here, as of its own time, and once.

use jiff::Timestamp;
use secrecy::ExposeSecret;
use url::Url;

use super::file::unreadable;
use super::{Brought, Content};
use crate::catalogue::Service;
use crate::connection::{Connection, OidcConnection, Protocol, SamlConnection};
use crate::evidence::{Evidence, Way};
use crate::fault::Fault;
use crate::finding::Finding;
use crate::fingerprint::Fingerprint;
use crate::oidc::id_token::{self, LEEWAY_SECONDS};
use crate::oidc::{self, Keys};
use crate::rules::RuleList;
use crate::saml::key_pair::KeyPair;
use crate::saml::response;
use crate::server::is_this_computer;
use crate::verdict::{Outcome, Stage, Stopped, Track, Verdict};

/// How old an answer may be when it is brought, in days.
pub const MOST_DAYS: i64 = 14;

const SECONDS_A_DAY: i64 = 24 * 60 * 60;

/// What an answer that was brought is held against.
#[derive(Clone, Copy)]
pub struct Judged<'a> {
    /// The connection of the set-up.
    pub connection: &'a Connection,
    /// The workspace's key pair, for what is encrypted (SAML).
    pub key: Option<&'a KeyPair>,
    /// The provider's keys (OpenID Connect).
    pub keys: Option<&'a Keys>,
    /// The claim rules.
    pub rules: &'a RuleList,
    /// The service.
    pub service: &'a Service,
    /// The Owner's address.
    pub owner: &'a str,
    /// Everything that test sign-ins have proved here, and what came with a whole workspace.
    pub evidence: &'a [Evidence],
    /// What the settings are now.
    pub fingerprint: &'a Fingerprint,
    /// When it is brought.
    pub now: Timestamp,
}

/// The verdict on an answer that was brought, and the time that it was verified at: its own.
pub fn judge(brought: &Brought, by: &Judged<'_>) -> (Verdict, Timestamp) {
    let mut track = Track::default();
    // It was captured, so the provider was there.
    let _ = track.report(Stage::Reached, Vec::new());
    let _ = track.report(
        Stage::Answered,
        vec![Finding::note(Fault::BroughtByFile {})],
    );
    let (verdict, at) = match (&brought.content, by.connection) {
        (Content::Saml(answer), Connection::Saml(connection)) => {
            saml(brought, answer.expose_secret(), connection, by, track)
        }
        (Content::IdToken(token), Connection::Oidc(connection)) => {
            oidc(brought, token.expose_secret(), connection, by, track)
        }
        (Content::Saml(answer), Connection::Oidc(_))
            if response::said(answer.expose_secret().as_bytes()).is_err() =>
        {
            let neither = unreadable("it is neither an ID token nor a SAML response");
            (refused(track, Stage::Answered, neither), by.now)
        }
        _ => {
            let other = Fault::BroughtOtherProtocol {
                expected: protocol_of(by.connection).name().to_owned(),
                received: brought.protocol().name().to_owned(),
            };
            (refused(track, Stage::Answered, other), by.now)
        }
    };
    (admitted(verdict, at, by), at)
}

fn saml(
    brought: &Brought,
    answer: &str,
    connection: &SamlConnection,
    by: &Judged<'_>,
    mut track: Track,
) -> (Verdict, Timestamp) {
    let said = response::said(answer.as_bytes()).unwrap_or_default();
    let at = said.issued.map_or(by.now, |issued| issued.min(by.now));
    if let (Some(asked), Some(answers)) = (&brought.request, &said.request_id)
        && asked != answers
    {
        return (
            refused(track, Stage::Answered, Fault::BroughtForOtherRequest {}),
            at,
        );
    }
    // A test elsewhere has its answer sent to the computer it runs on; all else is the service's.
    let named = said
        .destination
        .as_deref()
        .and_then(|to| Url::parse(to).ok());
    let loopback = brought.sent_to.clone().or(named).filter(is_this_computer);
    if loopback.is_none() || brought.reached_service {
        let host = host(&connection.login_redirect_url);
        let finding = Finding::warning(Fault::BroughtFromService { host });
        let _ = track.report(Stage::Answered, vec![finding]);
    }
    let expected = response::Expected {
        connection,
        acs: loopback.as_ref().unwrap_or(&connection.login_redirect_url),
        request_id: brought.request.as_deref(),
        unsolicited_allowed: by.service.provider_initiated_saml,
        key: by.key,
        now: at,
    };
    match response::verify(answer.as_bytes(), &expected, &mut track) {
        Ok(assertion) => {
            // The time around it need not be signed; its own is.
            let at = assertion.issued().min(at);
            let verdict = response::conclude(track, &assertion, by.rules, by.service);
            (verdict, at)
        }
        Err(Stopped(_)) => (Verdict::failed(track), at),
    }
}

fn oidc(
    brought: &Brought,
    token: &str,
    connection: &OidcConnection,
    by: &Judged<'_>,
    mut track: Track,
) -> (Verdict, Timestamp) {
    let said = id_token::said(token);
    let at = said
        .as_ref()
        .map_or(by.now, |(issued, _)| (*issued).min(by.now));
    let nonce = said.and_then(|(_, nonce)| nonce);
    if brought.request.is_some() && brought.request != nonce {
        return (
            refused(track, Stage::Answered, Fault::BroughtForOtherRequest {}),
            at,
        );
    }
    if brought.reached_service {
        let host = host(&connection.login_redirect_url);
        let finding = Finding::warning(Fault::BroughtFromService { host });
        let _ = track.report(Stage::Answered, vec![finding]);
    }
    let Some(keys) = by.keys else {
        let address = connection.issuer.as_str().to_owned();
        return (
            refused(track, Stage::Signed, Fault::KeysEmpty { address }),
            at,
        );
    };
    let expected = id_token::Expected {
        issuer: &connection.issuer,
        client_id: &connection.client_id,
        nonce: brought.request.as_deref(),
        access_token: None,
        code: None,
        now: at,
    };
    let verdict = match id_token::verify(token, keys, &expected, &mut track) {
        // UserInfo is not asked: a token that was brought says what it says.
        Ok(token) => oidc::conclude(track, &token, None, by.rules, by.service),
        Err(Stopped(_)) => Verdict::failed(track),
    };
    (verdict, at)
}

/// What keeps a verified answer from counting although everything in it holds.
fn admitted(verdict: Verdict, at: Timestamp, by: &Judged<'_>) -> Verdict {
    if !verdict.verified {
        return verdict;
    }
    // As the evidence of it would be.
    let fingerprint = by.fingerprint.clone();
    let Some(one) = Evidence::of(&verdict, String::new(), at, Way::File, fingerprint) else {
        return verdict;
    };
    // What anybody could have written into a file keeps nothing from counting.
    let own = || by.evidence.iter().filter(|known| !known.imported);
    let age = by.now.as_second() - at.as_second();
    let known = own().find(|known| known.is_of_answer(&one));
    let later = own()
        .filter(|known| known.is_same_person(&one))
        .find(|known| known.at > at);
    // The last sign-in here before it tells with which settings it was made: an answer does not.
    let before = own()
        .filter(|known| known.way != Way::File && !ahead(known.at, at))
        .max_by_key(|known| known.at);
    let of_owner = |known: &Evidence| known.is_of(by.owner) && known.subject == one.subject;
    if age > MOST_DAYS * SECONDS_A_DAY {
        let fault = Fault::BroughtTooOld {
            at,
            days: age / SECONDS_A_DAY,
            limit: MOST_DAYS,
        };
        return taken_back(verdict, Stage::InTime, fault);
    }
    if let Some(known) = known {
        return taken_back(
            verdict,
            Stage::Answered,
            Fault::BroughtAgain { at: known.at },
        );
    }
    if one.is_of(by.owner) || by.evidence.iter().any(of_owner) {
        let email = one.email;
        return taken_back(verdict, Stage::Identified, Fault::BroughtOwner { email });
    }
    if let Some(later) = later {
        let at = later.at;
        return taken_back(verdict, Stage::InTime, Fault::BroughtOvertaken { at });
    }
    if !before.is_some_and(|known| known.proves(by.fingerprint)) {
        return taken_back(verdict, Stage::InTime, Fault::BroughtBeforeSettings { at });
    }
    verdict
}

/// Whether the first moment, by this computer's clock, is after the second, by the provider's.
fn ahead(here: Timestamp, there: Timestamp) -> bool {
    here.as_second() - there.as_second() > LEEWAY_SECONDS
}

/// The verdict without what it showed: the stage fails, and those behind it were not reached.
fn taken_back(verdict: Verdict, stage: Stage, fault: Fault) -> Verdict {
    let mut stages = verdict.stages;
    for report in &mut stages {
        if report.stage == stage {
            report.outcome = Outcome::Failed;
            report
                .findings
                .insert(0, Finding::error(fault.clone()).told());
        } else if report.stage > stage {
            report.outcome = Outcome::NotReached;
            report.findings.clear();
        }
    }
    Verdict {
        stages,
        ..Verdict::failed(Track::default())
    }
}

fn refused(mut track: Track, stage: Stage, fault: Fault) -> Verdict {
    // That it stops is what is said with it.
    let _ = track.report(stage, vec![Finding::error(fault)]);
    Verdict::failed(track)
}

fn protocol_of(connection: &Connection) -> Protocol {
    match connection {
        Connection::Oidc(_) => Protocol::Oidc,
        Connection::Saml(_) => Protocol::Saml,
    }
}

fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}
