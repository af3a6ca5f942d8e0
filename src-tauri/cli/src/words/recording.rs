//! A recording's sign-in, step by step.

use latchkey_core::diagnosis::chain::{Link, Step};
use latchkey_core::{Outcome, Protocol, Severity};

use super::{bundle, diagnosis, line, shown};
use crate::diagnose::OfRecording;

pub(crate) fn recording(answer: &OfRecording) -> String {
    let mut text = diagnosis(&answer.findings);
    if let Some(chain) = &answer.chain {
        let protocol = chain.protocol.map_or("Sign-in", Protocol::name);
        line(&mut text, "");
        line(
            &mut text,
            &format!("{protocol}, {} steps:", chain.links.len()),
        );
        for part in parts(&chain.links) {
            match part {
                Part::Link(step) => link(&mut text, step),
                Part::LeftOut(count) => {
                    line(&mut text, &format!("    ... {count} more, all answered"))
                }
            }
        }
    }
    let by = match answer.recorded_by.as_str() {
        "" => String::new(),
        creator => format!(", recorded by {}", shown(creator)),
    };
    line(&mut text, "");
    line(
        &mut text,
        &format!(
            "{} requests, {} sign-ins{by}",
            answer.requests, answer.sign_ins
        ),
    );
    text.extend(answer.bundle.as_ref().map(bundle));
    text
}

/// A long sequence is shown by its ends, and by what was noticed between.
enum Part<'a> {
    Link(&'a Link),
    LeftOut(usize),
}

fn parts(links: &[Link]) -> Vec<Part<'_>> {
    const ENDS: usize = 12;
    let mut parts: Vec<Part<'_>> = Vec::new();
    for (index, link) in links.iter().enumerate() {
        let at_end = index < ENDS || index + ENDS >= links.len();
        let told = link.outcome == Outcome::Failed || !link.findings.is_empty();
        let kept = at_end || told || !matches!(link.step, Step::Provider | Step::Reply);
        match parts.last_mut() {
            _ if kept => parts.push(Part::Link(link)),
            Some(Part::LeftOut(count)) => *count += 1,
            _ => parts.push(Part::LeftOut(1)),
        }
    }
    parts
}

fn link(text: &mut String, link: &Link) {
    let mark = match link.outcome {
        Outcome::Passed => "✓",
        Outcome::Failed => "✗",
        Outcome::NotReached => "·",
    };
    let step = match link.step {
        Step::Start => "start",
        Step::Request => "request",
        Step::Provider => "provider",
        Step::Answer => "answer",
        Step::Tokens => "tokens",
        Step::Reply => "reply",
    };
    let at = link
        .at
        .map(|at| at.strftime("%H:%M:%S").to_string())
        .unwrap_or_default();
    let answer = match (link.status, link.error.as_str()) {
        (0, "") => "no answer".to_owned(),
        (0, error) => shown(error),
        (status, _) => status.to_string(),
    };
    let address = shown(&format!("{}{}", link.place.host, link.place.path));
    line(
        text,
        &format!(
            "{mark} {at:<8} {step:<8} {:<4} {address}  {answer}",
            shown(&link.method)
        ),
    );
    for told in link
        .findings
        .iter()
        .filter(|told| told.severity == Severity::Error)
    {
        line(text, &format!("             here: {}", told.code));
    }
}
