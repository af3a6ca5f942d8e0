//! Requests that did not get through, and why the browser says so.

use super::super::entry::{Entry, Purpose};
use super::super::gather::{Attempt, Role};
use super::{Around, Judged, Weight, of_text};
use crate::fault::Fault;
use crate::finding::Finding;

/// What a browser writes for a request that it gave up since the page went on.
const GIVEN_UP: [&str; 5] = [
    "err_aborted",
    "ns_binding_aborted",
    "ns_error_abort",
    "cancelled",
    "canceled",
];

/// The longest line of cookies that servers take, in bytes.
const MOST_COOKIES: usize = 8 * 1024;

/// How often a browser is sent around before it is a circle.
const ROUNDS: usize = 4;

pub(super) fn judge(attempt: &Attempt, around: &Around<'_>, judged: &mut Judged) {
    let last = attempt.steps.len().saturating_sub(1);
    for (step, (at, role)) in attempt.steps.iter().enumerate() {
        let entry = &around.entries[*at];
        // Where the same was asked again and answered, the first failure is no cause.
        let again = attempt.steps[step + 1..].iter().any(|(later, _)| {
            let later = &around.entries[*later];
            later.status > 0 && later.status < 400 && later.place == entry.place
        });
        if again {
            continue;
        }
        if let Some(finding) = of_entry(entry, *role, step == last, around) {
            judged.add(Weight::Said, *at, [finding]);
        }
    }
}

fn of_entry(entry: &Entry, role: Role, is_last: bool, around: &Around<'_>) -> Option<Finding> {
    if let Some(finding) = framed(entry) {
        return Some(finding);
    }
    if matches!(entry.status, 400 | 413 | 431 | 494)
        && (entry.status == 431 || entry.status == 494 || entry.cookies > MOST_COOKIES)
    {
        return Some(Finding::error(Fault::CookiesTooLarge {
            host: entry.place.host.clone(),
            status: entry.status,
        }));
    }
    if !entry.is_silent && entry.failed.is_empty() {
        return None;
    }
    let error = entry.failed.to_lowercase();
    if GIVEN_UP.iter().any(|word| error.contains(word)) {
        return None;
    }
    let address = entry.place.address();
    if error.contains("blocked_by_client") || error.contains("blocked:other") {
        let weighs = entry.purpose == Purpose::Page || role != Role::Reply;
        let fault = Fault::BlockedInBrowser {
            address,
            error: entry.failed.clone(),
        };
        return Some(if weighs {
            Finding::error(fault)
        } else {
            Finding::warning(fault)
        });
    }
    if entry.refused_to_script || error.contains("cors") {
        let fault = Fault::BlockedForScript { address };
        let weighs = matches!(role, Role::Tokens | Role::Answer);
        return Some(if weighs {
            Finding::error(fault)
        } else {
            Finding::warning(fault)
        });
    }
    if entry.purpose != Purpose::Page && !matches!(role, Role::Tokens | Role::Answer) {
        return None;
    }
    if error.contains("too_many_redirects") || error.contains("redirect_loop") {
        return Some(looped(&entry.place.host, &entry.failed));
    }
    if let Some(told) = of_text(&entry.failed, &entry.at, around)
        .into_iter()
        .find(Finding::is_error)
    {
        return Some(told);
    }
    if entry.failed.is_empty() && !is_last {
        // Firefox and proxies write 0 where the next request began before this one's end.
        return None;
    }
    Some(Finding::error(Fault::ServerSilent {
        host: entry.place.host.clone(),
        error: if entry.failed.is_empty() {
            "status 0".to_owned()
        } else {
            entry.failed.clone()
        },
    }))
}

/// A page that may not stand where it was asked for.
fn framed(entry: &Entry) -> Option<Finding> {
    let blocked = entry.failed.to_lowercase().contains("blocked_by_response");
    let policy = entry.frame_policy.as_ref()?;
    let is_refusal = policy.contains("DENY")
        || policy.contains("SAMEORIGIN")
        || policy.contains("'none'")
        || blocked;
    (is_refusal && (entry.in_frame || blocked)).then(|| {
        let fault = Fault::FrameRefused {
            host: entry.place.host.clone(),
            policy: policy.clone(),
        };
        Finding::error(fault)
    })
}

/// Several sign-ins in a row, each answered and none enough.
pub(super) fn looped(host: &str, evidence: &str) -> Finding {
    Finding::error(Fault::RedirectLoop {
        error: evidence.to_owned(),
        provider: host.to_owned(),
        evidence: evidence.to_owned(),
    })
}

/// Whether these sign-ins, the last ones of a recording, go around in a circle.
pub(in super::super) fn circle(attempts: &[&Attempt], around: &Around<'_>) -> Option<Finding> {
    let answered = attempts
        .iter()
        .rev()
        .take_while(|attempt| attempt.answer.is_some())
        .count();
    let (first, last) = (
        attempts.get(attempts.len().checked_sub(ROUNDS)?)?,
        attempts.last()?,
    );
    let host = |attempt: &Attempt| Some(&around.entries[attempt.ask?].place.host);
    let started = |attempt: &Attempt| around.entries[attempt.ask?].started;
    let quick = match (started(first), started(last)) {
        (Some(first), Some(last)) => last.duration_since(first).as_secs() <= 60,
        _ => false,
    };
    let same = attempts[attempts.len() - ROUNDS..]
        .iter()
        .all(|attempt| host(attempt) == host(last));
    let rounds = attempts.len();
    (answered >= ROUNDS - 1 && quick && same).then(|| {
        let provider = host(last).cloned().unwrap_or_default();
        looped(&provider, &format!("{rounds} sign-ins in a row"))
    })
}
