//! What a sign-in's steps say about why it failed. The causes are the engine's; here it is decided
//! which of them a recording carries, at which step, and in which order they count.

mod answer;
mod network;
mod reply;
mod request;

use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use super::Answer;
use super::clock::Clocks;
use super::entry::{Entry, Purpose};
use super::gather::{Attempt, Role};
use super::message::Ask;
use super::place::Place;
use super::want::{Want, provider_at};

use crate::diagnosis::{Known, cause, seen::Seen};
use crate::fault::Fault;
use crate::finding::{Finding, Severity};
pub(super) use network::circle;

/// Everything around the sign-in that is judged.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    pub(super) entries: &'a [Entry],
    pub(super) known: &'a Known<'a>,
    pub(super) want: Option<&'a Want<'a>>,
    pub(super) clocks: &'a Clocks,
    /// Where the answer was asked to.
    pub(super) asked: Option<&'a str>,
}

/// Which kind of evidence a finding rests on; the first says most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// The provider or the service names the cause itself.
    Said,
    /// The request or the answer does not hold.
    Seen,
    /// Something refused, and nobody said why.
    Refused,
    /// What stands around it.
    Beside,
}

/// What was found, each with the entry that shows it.
#[derive(Default)]
pub(super) struct Judged {
    pub(super) found: Vec<(Weight, Option<usize>, Finding)>,
    pub(super) answers: Vec<Answer>,
    /// Whether the service was brought an answer and nothing says that it refused.
    pub(super) worked: bool,
}

impl Judged {
    fn add(&mut self, weight: Weight, at: usize, findings: impl IntoIterator<Item = Finding>) {
        for finding in findings {
            let code = finding.fault.code();
            let known = self.found.iter().any(|(_, _, known)| {
                known.fault.code() == code && known.severity <= finding.severity
            });
            if !known {
                self.found.push((weight, Some(at), finding));
            }
        }
    }

    pub(super) fn any_error(&self) -> bool {
        self.found.iter().any(|(_, _, finding)| finding.is_error())
    }
}

/// Judges one sign-in.
pub(super) fn judge(attempt: &Attempt, around: &Around<'_>) -> Judged {
    let mut judged = Judged::default();
    let ask = attempt.ask.and_then(|ask| around.entries[ask].ask.as_ref());
    let around = &Around {
        asked: ask.and_then(Ask::redirect),
        ..*around
    };
    let is_other = request::is_of_other_service(attempt, around);
    if let Some(finding) = is_other {
        judged.found.push((Weight::Beside, attempt.ask, finding));
        let alone = Around {
            want: None,
            ..*around
        };
        parts(attempt, &alone, &mut judged);
    } else {
        parts(attempt, around, &mut judged);
    }
    judged
}

fn parts(attempt: &Attempt, around: &Around<'_>, judged: &mut Judged) {
    let brought = answer::judge(attempt, around, judged);
    request::judge(attempt, around, judged);
    network::judge(attempt, around, judged);
    if attempt.answer.is_none() && !judged.any_error() {
        provider_pages(attempt, around, judged);
    }
    if attempt.answer.is_some() {
        reply::judge(attempt, around, judged);
    }
    let refused = judged
        .found
        .iter()
        .any(|(weight, _, _)| *weight == Weight::Refused);
    judged.worked = brought && !refused && !judged.any_error();
}

/// The last pages of a provider that did not answer.
fn provider_pages(attempt: &Attempt, around: &Around<'_>, judged: &mut Judged) {
    let steps = attempt.steps.iter().rev();
    let steps = steps.filter(|(_, role)| matches!(role, Role::Provider | Role::Request));
    let mut last_page = None;
    for (at, _) in steps.clone().take(40) {
        let entry = &around.entries[*at];
        let mut told = causes(entry, around);
        if let Some(given) = entry.given.as_ref().filter(|given| !given.error.is_empty()) {
            // A provider behind the provider refused.
            told.extend(answer::told_error(&given.error, &entry.at, around));
        }
        told.retain(Finding::is_error);
        if entry.ask.is_some() {
            told = told.into_iter().map(without_credentials).collect();
        }
        if !told.is_empty() {
            judged.add(Weight::Said, *at, told);
            return;
        }
        if entry.purpose == Purpose::Page && last_page.is_none() {
            last_page = Some((*at, entry));
        }
    }
    let Some((at, entry)) = last_page.or_else(|| {
        let (at, _) = steps.clone().next()?;
        Some((*at, &around.entries[*at]))
    }) else {
        return;
    };
    let address = entry.place.address();
    if entry.status >= 400 {
        let status = entry.status;
        judged.add(
            Weight::Refused,
            at,
            [Finding::error(Fault::ProviderPageFailed {
                address,
                status,
            })],
        );
        return;
    }
    let host = entry.place.host.clone();
    judged.add(
        Weight::Beside,
        at,
        [Finding::warning(Fault::SignInNotAnswered { host })],
    );
}

/// Whoever asks for a sign-in shows no credentials yet (RFC 6749, section 4.1.1): there a refused client is one
/// that is not known.
fn without_credentials(finding: Finding) -> Finding {
    match finding.fault {
        Fault::ClientCredentialsRefused {
            error,
            provider,
            evidence,
            place,
        } => Finding {
            fault: Fault::ApplicationUnknown {
                error,
                provider,
                evidence,
                place,
            },
            ..finding
        },
        _ => finding,
    }
}

/// A part that would decide and is not in the recording. The setting that keeps it is the browser's.
fn part_left_out(part: String) -> Finding {
    Finding::warning(Fault::RecordingPartLeftOut {
        part,
        setting: String::new(),
    })
}

/// What the engine recognises in an entry's text, in the provider's own name.
pub(super) fn causes(entry: &Entry, around: &Around<'_>) -> Vec<Finding> {
    of_text(&entry.text, &entry.at, around)
}

/// The same for any text of a server at this address.
pub(super) fn of_text(text: &str, at: &Url, around: &Around<'_>) -> Vec<Finding> {
    if text.trim().is_empty() {
        return Vec::new();
    }
    let seen = Seen::read(text).said_by(at.host_str().unwrap_or_default());
    let findings = cause::findings(&seen, around.known);
    findings
        .into_iter()
        .filter(can_be_seen)
        .map(|finding| named(finding, at, around))
        .collect()
}

/// Symptoms that people describe are no evidence where a page happens to have the words.
fn can_be_seen(finding: &Finding) -> bool {
    const DESCRIBED: [&str; 3] = [
        "blank_page_possible_causes",
        "no_rule_may_match",
        "authenticator_refused",
    ];
    !DESCRIBED.contains(&finding.fault.code().as_str())
}

/// The finding with the provider's name, where the cause knows none.
fn named(finding: Finding, at: &Url, around: &Around<'_>) -> Finding {
    let Ok(Value::Object(mut fault)) = serde_json::to_value(&finding.fault) else {
        return finding;
    };
    let host = at.host_str().unwrap_or_default();
    let name = provider_at(at, around.known.catalogue).unwrap_or(host);
    if fault.get("provider").and_then(Value::as_str) == Some(cause::Around::PROVIDER) {
        fault.insert("provider".to_owned(), Value::from(name));
    }
    // What has to be registered is what was asked for, unless the set-up says otherwise.
    if let (Some(asked), Some(redirect), None) =
        (around.asked, fault.get_mut("redirect"), around.want)
    {
        *redirect = Value::from(asked);
    }
    match serde_json::from_value(Value::Object(fault)) {
        Ok(fault) => Finding { fault, ..finding },
        Err(_) => finding,
    }
}

/// Where no request asks for a sign-in and none carries an answer: the last page or refusal that names
/// a cause, since the log may have been emptied on the way.
pub(super) fn loose(around: &Around<'_>) -> Option<Attempt> {
    let entries = around.entries.iter().enumerate().rev();
    let spoke = entries
        .filter(|(_, entry)| !entry.text.is_empty())
        .take(200);
    let mut spoke = spoke.filter(|(_, entry)| causes(entry, around).iter().any(Finding::is_error));
    let spoke = spoke.next().map(|(at, _)| at);
    let at = spoke.or_else(|| refused_at_sign_on(around))?;
    let mut attempt = Attempt::default();
    attempt.steps.push((at, Role::Provider));
    Some(attempt)
}

/// The last time that the set-up's own sign-on URL refused: a provider forgets the request on the way there.
fn refused_at_sign_on(around: &Around<'_>) -> Option<usize> {
    let sign_on = Url::parse(&around.want?.set_up.connection.sign_on_url).ok()?;
    let place = Place::of(&sign_on);
    let is_there = |entry: &Entry| entry.status >= 400 && entry.place.is_at(&place);
    around.entries.iter().rposition(is_there)
}

/// When an entry's answer came, by the servers' clock.
pub(super) fn moment(entry: &Entry, around: &Around<'_>) -> Timestamp {
    let ended = entry
        .started
        .and_then(|started| started.checked_add(entry.took).ok());
    let corrected = ended.map(|ended| around.clocks.corrected(ended));
    corrected.or(entry.date).unwrap_or(around.known.now)
}

/// The finding with another weight.
pub(super) fn as_warning(mut finding: Finding) -> Finding {
    if finding.severity == Severity::Error {
        finding.severity = Severity::Warning;
    }
    finding
}
