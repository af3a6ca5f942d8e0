//! Whether a signed answer holds now.
//!
//! No leeway on what has ended: an answer that the service may refuse is not shown as good.

use jiff::Timestamp;
use roxmltree::Node;

use super::read::{attribute, parts};
use super::time::moment;
use crate::fault::Fault;
use crate::finding::Finding;
use crate::oidc::id_token::LEEWAY_SECONDS;
use crate::text::shown;

/// All that is wrong with the times. `bearers` are the confirmations that fit but for their times,
/// the one that holds first.
pub(super) fn in_time(
    assertion: Node<'_, '_>,
    bearers: &[Node<'_, '_>],
    now: Timestamp,
) -> Vec<Finding> {
    let mut findings = issued(assertion, now);
    for conditions in parts(assertion, "Conditions") {
        findings.extend(begun(conditions, "Conditions", now));
        findings.extend(not_over(conditions, "NotOnOrAfter", "Conditions", now));
    }
    if let Some(bearer) = bearers.first() {
        findings.extend(bearer_times(*bearer, now));
    }
    for statement in parts(assertion, "AuthnStatement") {
        findings.extend(session(statement, now));
    }
    findings
}

/// Profiles, section 4.1.4.2: a bearer's confirmation has to end.
pub(super) fn bearer_times(data: Node<'_, '_>, now: Timestamp) -> Vec<Finding> {
    const PART: &str = "SubjectConfirmationData";
    if attribute(data, "NotOnOrAfter").is_none() {
        return vec![Finding::error(Fault::SamlTimeMissing {
            part: format!("NotOnOrAfter of {PART}"),
        })];
    }
    not_over(data, "NotOnOrAfter", PART, now)
        .into_iter()
        .collect()
}

/// Core, section 2.3.3.
fn issued(assertion: Node<'_, '_>, now: Timestamp) -> Vec<Finding> {
    let issued = match time(assertion, "IssueInstant", "Assertion") {
        Err(fault) => return vec![Finding::error(fault)],
        Ok(None) => {
            return vec![Finding::error(Fault::SamlTimeMissing {
                part: "IssueInstant of Assertion".to_owned(),
            })];
        }
        Ok(Some(issued)) => issued,
    };
    let seconds = ahead(issued, now);
    let fault = Fault::SamlIssuedInFuture {
        issued,
        now,
        seconds,
    };
    if seconds > LEEWAY_SECONDS {
        vec![Finding::error(fault)]
    } else if seconds > 1 {
        vec![Finding::warning(fault)]
    } else {
        Vec::new()
    }
}

fn begun(node: Node<'_, '_>, part: &str, now: Timestamp) -> Option<Finding> {
    match time(node, "NotBefore", part) {
        Err(fault) => Some(Finding::error(fault)),
        Ok(Some(from)) if ahead(from, now) > LEEWAY_SECONDS => {
            Some(Finding::error(Fault::SamlNotYetValid {
                part: format!("NotBefore of {part}"),
                from,
                now,
                seconds: ahead(from, now),
            }))
        }
        Ok(_) => None,
    }
}

fn not_over(node: Node<'_, '_>, name: &str, part: &str, now: Timestamp) -> Option<Finding> {
    match time(node, name, part) {
        Err(fault) => Some(Finding::error(fault)),
        Ok(Some(until)) if until <= now => Some(Finding::error(Fault::SamlExpired {
            part: format!("{name} of {part}"),
            until,
            now,
            seconds: ahead(now, until),
        })),
        Ok(_) => None,
    }
}

/// The session at the provider (Core, section 2.7.2): over before it was used.
fn session(statement: Node<'_, '_>, now: Timestamp) -> Option<Finding> {
    match time(statement, "SessionNotOnOrAfter", "AuthnStatement") {
        Err(fault) => Some(Finding::error(fault)),
        Ok(Some(until)) if until <= now => Some(Finding::error(Fault::SamlSessionOver {
            until,
            now,
            seconds: ahead(now, until),
        })),
        Ok(_) => None,
    }
}

fn time(node: Node<'_, '_>, name: &str, part: &str) -> Result<Option<Timestamp>, Fault> {
    let Some(text) = attribute(node, name) else {
        return Ok(None);
    };
    moment(text)
        .map(Some)
        .ok_or_else(|| Fault::SamlTimeUnreadable {
            part: format!("{name} of {part}"),
            received: shown(text, 100),
        })
}

/// Seconds by which one time is ahead of another; negative if it lies before.
fn ahead(time: Timestamp, of: Timestamp) -> i64 {
    time.as_second() - of.as_second()
}
