//! What the service did with the answer.

use super::super::entry::{Entry, Purpose};
use super::super::gather::{Attempt, Role};
use super::super::place::masked;
use super::{Around, Judged, Weight, as_warning, causes, of_text, part_left_out};
use crate::fault::Fault;
use crate::finding::Finding;

pub(super) fn judge(attempt: &Attempt, around: &Around<'_>, judged: &mut Judged) {
    let replies = attempt
        .steps
        .iter()
        .filter(|(_, role)| matches!(role, Role::Answer | Role::Reply));
    let replies: Vec<usize> = replies.map(|(at, _)| *at).collect();
    for (order, at) in replies.iter().enumerate() {
        let entry = &around.entries[*at];
        let later = || {
            replies[order + 1..]
                .iter()
                .map(|later| &around.entries[*later])
        };
        // Asked again and answered: the first refusal was none.
        if later().any(|later| later.place == entry.place && (200..400).contains(&later.status)) {
            continue;
        }
        let is_answer = Some(*at) == attempt.answer || entry.given.is_some();
        let (said, refused) = of_entry(entry, is_answer, around);
        judged.add(Weight::Said, *at, said);
        if refused.is_some() && entry.body_left_out {
            let part = format!("what {} answered", entry.place.address());
            judged.add(Weight::Beside, *at, [part_left_out(part)]);
        }
        judged.add(Weight::Refused, *at, refused);
    }
}

/// What the service names as the cause, and that it refused.
fn of_entry(
    entry: &Entry,
    is_answer: bool,
    around: &Around<'_>,
) -> (Vec<Finding>, Option<Finding>) {
    let mut said = causes(entry, around);
    // A service that says why in the address of the page it sends to.
    if let Some(sends) = entry
        .sends
        .as_ref()
        .filter(|sends| !sends.given.error.is_empty())
    {
        said.extend(of_text(&sends.given.error, &entry.at, around));
    }
    let status = entry.status;
    let address = entry.place.address();
    let of_sign_in = entry.place.speaks_of_sign_in();
    let counts = is_answer || entry.purpose == Purpose::Page;
    if !counts {
        // A script's request that was refused may be one that always is, but none that brings something
        // to sign in with and is told what is wrong with it.
        let brings = of_sign_in && entry.method == "POST" && (400..500).contains(&status);
        let said = said.into_iter();
        let said = match brings {
            true => said.collect(),
            false => said.map(as_warning).collect(),
        };
        let refused = (of_sign_in && matches!(status, 401 | 403 | 500..)).then(|| {
            Finding::warning(Fault::ServiceRefused {
                address,
                status,
                said: said_by(entry),
            })
        });
        return (said, refused);
    }
    if !is_answer && !of_sign_in && status < 400 {
        // A page of the service itself may speak of errors without being one.
        said.retain(|finding| !finding.is_error());
    }
    if !is_answer && status < 400 && said.iter().filter(|one| one.is_error()).count() > 1 {
        // A page that tells of several causes is a manual.
        said.clear();
    }
    let refused = match status {
        500.. => Some(Finding::error(Fault::ServiceFailed { address, status })),
        400.. if !is_answer && entry.place.path.contains("favicon") => None,
        400.. => Some(Finding::error(Fault::ServiceRefused {
            address,
            status,
            said: said_by(entry),
        })),
        _ => None,
    };
    (said, refused)
}

/// The service's own words, as far as they can be shown.
fn said_by(entry: &Entry) -> String {
    let text = entry.text.trim();
    let message = serde_json::from_str::<serde_json::Value>(text)
        .ok()
        .and_then(|body| {
            let error = body.get("error").unwrap_or(&body);
            let names = [
                "message",
                "error_description",
                "description",
                "detail",
                "title",
                "error",
            ];
            let found = names.iter().find_map(|name| error.get(name)?.as_str());
            found.or_else(|| error.as_str()).map(str::to_owned)
        });
    let words = masked(message.as_deref().unwrap_or(text), 200);
    if words.is_empty() {
        "no reason given".to_owned()
    } else {
        words
    }
}
