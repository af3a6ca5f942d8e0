//! The sign-ins in a recording: which requests belong together, which step broke, and why.
//!
//! Codes, cookies, passwords and secrets are gone before a request is kept; tokens and assertions are
//! kept in [`secrecy`] types alone, for verification. What is shown of a step is method, host, path and
//! the names of its parameters.

mod clock;
mod entry;
mod gather;
mod judge;
mod message;
mod page;
mod place;
mod shape;
mod want;

use std::io::Read;

pub use place::Place;
pub(super) use place::looks_secret;
pub use shape::{Answer, Chain, Content, Link, Step};

use super::Known;
use super::har::{self, Har, NotRead};
use crate::connection::Protocol;
use crate::fault::Fault;
use crate::finding::{Finding, Severity};
use crate::verdict::Outcome;
use clock::Clocks;
use entry::Entry;
use gather::{Attempt, Role, gather};
use judge::{Around, Judged, Weight, judge};
use message::Ask;
use want::Want;

/// What a recording shows.
#[derive(Debug)]
pub struct Diagnosis {
    /// What the recording says about itself.
    pub recording: Har,
    /// What is said about the failed sign-in, the most likely cause first.
    pub findings: Vec<Finding>,
    /// The sign-ins in it, in the order of time.
    pub chains: Vec<Chain>,
    /// Which of them the findings are about.
    pub judged: Option<usize>,
    answers: Vec<Answer>,
}

impl Diagnosis {
    /// The answers that the recording holds, in the order of time: SAML responses and ID tokens as
    /// they were caught, for verification.
    pub fn answers(&self) -> &[Answer] {
        &self.answers
    }

    /// The sign-in that the findings are about.
    pub fn chain(&self) -> Option<&Chain> {
        self.chains.get(self.judged?)
    }
}

/// The most requests that are kept of a recording; what comes behind is counted.
const MOST_KEPT: usize = 100_000;

/// The most text of pages that is kept, in bytes; the oldest goes first.
const MOST_TEXT: usize = 24 * 1024 * 1024;

/// The most keys and tokens that are kept, in bytes.
const MOST_HELD: usize = 48 * 1024 * 1024;

/// The most sign-ins that are told of one recording.
const MOST_CHAINS: usize = 200;

/// Reads a recording and names the cause of the sign-in in it that failed.
///
/// The source is read once. It may be of any size; a source that fails ends the reading, which is how
/// it is cancelled.
///
/// # Errors
/// [`NotRead`]: the source failed, or it holds no recording.
pub fn of_har(source: impl Read, known: &Known<'_>) -> Result<Diagnosis, NotRead> {
    of_har_and(source, known, |_| {})
}

/// The same, with each request shown to somebody else too.
pub(super) fn of_har_and(
    source: impl Read,
    known: &Known<'_>,
    mut also: impl FnMut(&har::Raw),
) -> Result<Diagnosis, NotRead> {
    let mut kept = Kept::default();
    let recording = har::read(source, |raw| {
        kept.take(raw);
        also(raw);
    })?;
    let mut entries = kept.entries;
    // A recording is in the order of its pages, a sign-in in that of time.
    if entries.iter().all(|entry| entry.started.is_some()) {
        entries.sort_by_key(|entry| entry.started);
    }
    Ok(judged(recording, &entries, &kept.hosts, known))
}

/// What is kept while a recording is read.
#[derive(Default)]
struct Kept {
    entries: Vec<Entry>,
    number: u32,
    text: usize,
    /// The first entry whose text is still kept.
    texts_from: usize,
    held: usize,
    hosts: Vec<String>,
}

impl Kept {
    fn take(&mut self, raw: &mut har::Raw) {
        self.number += 1;
        if self.entries.len() == MOST_KEPT {
            return;
        }
        let Some(mut entry) = entry::entry(self.number, raw) else {
            return;
        };
        if self.hosts.len() < 8 && !self.hosts.contains(&entry.place.host) {
            self.hosts.push(entry.place.host.clone());
        }
        self.held += entry.held();
        if self.held > MOST_HELD {
            entry.let_go();
        }
        self.text += entry.text.len();
        self.entries.push(entry);
        while self.text > MOST_TEXT {
            let oldest = &mut self.entries[self.texts_from];
            self.text -= oldest.text.len();
            oldest.text = zeroize::Zeroizing::default();
            self.texts_from += 1;
        }
    }
}

fn judged(recording: Har, entries: &[Entry], hosts: &[String], known: &Known<'_>) -> Diagnosis {
    let clocks = Clocks::of(entries);
    let want = Want::of(known);
    let around = Around {
        entries,
        known,
        want: want.as_ref(),
        clocks: &clocks,
        asked: None,
    };
    let mut attempts = gather(entries);
    if attempts.is_empty() {
        attempts.extend(judge::loose(&around));
    }
    let from = attempts.len().saturating_sub(MOST_CHAINS);
    let attempts = &attempts[from..];
    let mut verdicts: Vec<Judged> = attempts
        .iter()
        .map(|attempt| judge(attempt, &around))
        .collect();
    let chosen = chosen(attempts, &verdicts, &around);
    if let Some(index) = chosen {
        let before: Vec<&Attempt> = attempts[..=index].iter().collect();
        if let Some(circle) = judge::circle(&before, &around) {
            verdicts[index]
                .found
                .insert(0, (Weight::Said, attempts[index].ask, circle));
            verdicts[index].worked = false;
        }
    }
    let findings = match chosen {
        Some(index) => told(&attempts[index], &verdicts[index], &around, &recording),
        None => vec![Finding::warning(Fault::RecordingWithoutSignIn {
            requests: recording.requests,
            hosts: if hosts.is_empty() {
                "none".to_owned()
            } else {
                hosts.join(", ")
            },
        })],
    };
    let chains = attempts.iter().zip(&verdicts);
    Diagnosis {
        findings: with_limits(findings, &recording),
        chains: chains
            .map(|(attempt, verdict)| chain(attempt, verdict, entries))
            .collect(),
        judged: chosen,
        answers: verdicts
            .into_iter()
            .flat_map(|verdict| verdict.answers)
            .collect(),
        recording,
    }
}

/// The sign-in that is meant: to the set-up's service rather than another, with pages rather than
/// silent, and of those the last.
fn chosen(attempts: &[Attempt], verdicts: &[Judged], around: &Around<'_>) -> Option<usize> {
    let score = |index: usize| {
        let ask = attempts[index]
            .ask
            .and_then(|ask| around.entries[ask].ask.as_ref());
        let other = verdicts[index].found.iter().any(|(_, _, finding)| {
            matches!(
                finding.fault,
                Fault::RecordingOfOtherService { .. } | Fault::RecordingOfOtherProtocol { .. }
            )
        });
        let silent = ask.is_some_and(Ask::is_silent);
        (!other, !silent, index)
    };
    (0..attempts.len()).max_by_key(|index| score(*index))
}

/// The findings of the sign-in that is meant, in the order in which they count.
fn told(attempt: &Attempt, verdict: &Judged, around: &Around<'_>, recording: &Har) -> Vec<Finding> {
    let mut found: Vec<&(Weight, Option<usize>, Finding)> = verdict.found.iter().collect();
    let unmatched = found
        .iter()
        .any(|(_, _, finding)| matches!(finding.fault, Fault::NoRuleMatched { .. }));
    found.sort_by_key(|(weight, _, finding)| match why_unmatched(&finding.fault) {
        Some(order) if unmatched => (Severity::Error, Weight::Seen, order),
        _ => (finding.severity, *weight, 0),
    });
    let mut findings: Vec<Finding> = found
        .into_iter()
        .map(|(_, _, finding)| finding.clone())
        .collect();
    // That an answer is too early or too late is what a wrong clock makes of it.
    let explains = |finding: &Finding| {
        finding.is_error() && !matches!(finding.fault, Fault::ServiceSaysTime { .. })
    };
    let explained = verdict
        .found
        .iter()
        .any(|(weight, _, finding)| explains(finding) && *weight < Weight::Refused);
    let refused = verdict.any_error();
    for clock in &around.clocks.findings {
        let is_computer = matches!(clock.fault, Fault::ComputerClockOff { .. });
        let mut clock = clock.clone();
        if is_computer && refused && !explained {
            clock.severity = Severity::Error;
            findings.insert(0, clock);
        } else {
            let warnings = findings.iter().position(|finding| !finding.is_error());
            findings.insert(warnings.unwrap_or(findings.len()), clock);
        }
    }
    for finding in &mut findings {
        if let Fault::RecordingPartLeftOut { setting, .. } = &mut finding.fault {
            *setting = recording.browser.setting().to_owned();
        }
    }
    if verdict.worked {
        let at = attempt
            .answer
            .map(|at| around.entries[at].place.host.clone())
            .unwrap_or_default();
        findings.push(Finding::note(Fault::SignInWorked { host: at }));
    }
    findings
}

/// That no rule matched is what follows; why it did not comes first. The lowest number says most.
fn why_unmatched(fault: &Fault) -> Option<u8> {
    match fault {
        Fault::GroupsLeftOut { .. } => Some(1),
        Fault::SamlEmailUnderOtherName { .. } => Some(2),
        Fault::NearMiss { .. } => Some(3),
        Fault::SamlAttributesMissing { .. } => Some(4),
        Fault::SamlEmailMissing { .. } | Fault::EmailMissing { .. } => Some(5),
        Fault::RuleClaimAbsent { .. } => Some(6),
        Fault::NoRuleMatched { .. } => Some(7),
        _ => None,
    }
}

/// What the recording itself lacks.
fn with_limits(mut findings: Vec<Finding>, recording: &Har) -> Vec<Finding> {
    if let Some(position) = recording.cut {
        findings.push(Finding::warning(Fault::RecordingCut {
            position,
            requests: recording.requests,
        }));
    }
    findings
}

fn chain(attempt: &Attempt, verdict: &Judged, entries: &[Entry]) -> Chain {
    let errors = verdict
        .found
        .iter()
        .filter(|(_, _, finding)| finding.is_error());
    let broken = errors
        .min_by_key(|(weight, _, _)| *weight)
        .and_then(|(_, at, _)| *at);
    let ask = attempt.ask.and_then(|ask| entries[ask].ask.as_ref());
    let broken_step = attempt.steps.iter().position(|(at, _)| Some(*at) == broken);
    let links = attempt.steps.iter().enumerate().map(|(step, (at, role))| {
        let entry = &entries[*at];
        let findings = verdict
            .found
            .iter()
            .filter(|(_, known, _)| *known == Some(*at));
        Link {
            number: entry.number,
            at: entry.started,
            method: entry.method.clone(),
            place: entry.place.clone(),
            parameters: entry.names.clone(),
            step: step_of(*role),
            status: entry.status,
            error: entry.failed.clone(),
            outcome: match broken_step {
                Some(broken) if broken == step => Outcome::Failed,
                Some(broken) if step > broken => Outcome::NotReached,
                _ => Outcome::Passed,
            },
            findings: findings.map(|(_, _, finding)| finding.told()).collect(),
        }
    });
    let answer = attempt.answer.and_then(|at| entries[at].given.as_ref());
    Chain {
        protocol: match ask {
            Some(Ask::Saml(_)) => Some(Protocol::Saml),
            Some(Ask::Oidc(_)) => Some(Protocol::Oidc),
            Some(Ask::Other(_)) => None,
            None => answer.map(|given| {
                if given.saml.is_some() {
                    Protocol::Saml
                } else {
                    Protocol::Oidc
                }
            }),
        },
        links: links.collect(),
        worked: verdict.worked,
        silent: ask.is_some_and(Ask::is_silent),
    }
}

fn step_of(role: Role) -> Step {
    match role {
        Role::Start => Step::Start,
        Role::Request => Step::Request,
        Role::Provider => Step::Provider,
        Role::Answer => Step::Answer,
        Role::Tokens => Step::Tokens,
        Role::Reply => Step::Reply,
    }
}
