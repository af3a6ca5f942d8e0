//! All text that is made for reading. Findings bring their own sentences from the core.
//!
//! Whatever came from outside is shown without control characters: a terminal obeys them.

mod history;
mod recording;

use std::fmt::Write;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use latchkey_core::finding::Told;
use latchkey_core::people::Recount;
use latchkey_core::rules::{Explained, NearMiss};
use latchkey_core::verdict::StageReport;
use latchkey_core::{Claims, Outcome, RuleList, Severity, Stage, Verdict, text};
use latchkey_store::{RevisionHead, State, Summary};

use crate::bundle::Written;
use crate::practice::Reach;
use crate::watch::Watched;

pub(crate) use history::{changes, history, made, salvage, whole, would_import};
pub(crate) use recording::recording;

/// The longest single value that is shown, in characters.
const LONGEST: usize = 200;

/// The most names that one sentence lists.
const LISTED: usize = 20;

/// Text from outside, on one line.
pub(crate) fn shown(value: &str) -> String {
    text::shown(value, LONGEST)
}

/// What a command line got wrong: clap's first paragraph on one line.
pub(crate) fn misuse(error: &str) -> String {
    let paragraph = error.split("\n\n").next().unwrap_or_default();
    let words: Vec<&str> = paragraph.split_whitespace().collect();
    let sentence = words.join(" ");
    let sentence = sentence
        .strip_prefix("error: ")
        .unwrap_or(&sentence)
        // What Rust says of text that is no number.
        .replace(
            "invalid digit found in string",
            "a whole number is expected",
        );
    format!("{} (--help says more)", text::shown(&sentence, 1_000))
}

/// What happened and what to do, on one line.
pub(crate) fn sentence(what: &str, mend: &str) -> String {
    let joined = format!("{what} {mend}");
    text::shown(joined.trim(), 2000)
}

/// A finding beside the answer.
pub(crate) fn aside(told: &Told) -> String {
    let path = told.path.as_deref().map(|path| format!("{path}: "));
    format!(
        "{}: {}{}",
        severity(told.severity),
        path.unwrap_or_default(),
        sentence(&told.what, &told.mend)
    )
}

pub(crate) fn waiting(seconds: u32) -> String {
    format!("waiting up to {seconds} seconds for the sign-in in the browser; Ctrl+C ends it")
}

pub(crate) fn check(findings: &[Told]) -> String {
    let errors = findings
        .iter()
        .filter(|told| told.severity == Severity::Error)
        .count();
    let mut text = String::new();
    for told in findings {
        finding(&mut text, "", told);
    }
    line(
        &mut text,
        &match (errors, findings.len()) {
            (0, 0) => "✓ Every field and every rule holds.".to_owned(),
            (0, _) => "✓ No errors.".to_owned(),
            (1, _) => "✗ 1 error.".to_owned(),
            _ => format!("✗ {errors} errors."),
        },
    );
    text
}

/// Each set-up with what is noticed about it, and when the first of what it rests on ends.
pub(crate) fn watched(set_ups: &[Watched]) -> String {
    let mut text = String::new();
    for one in set_ups {
        let (file, workspace) = (shown(&one.set_up), shown(&one.workspace));
        let ends = one.ends.map_or_else(
            || "no end is known".to_owned(),
            |end| match end.days {
                ..=-1 => format!("the first end was on {}", day(end.at)),
                0 => format!("the first end is on {}, within a day", day(end.at)),
                1 => format!("the first end is on {}, in 1 day", day(end.at)),
                days => format!("the first end is on {}, in {days} days", day(end.at)),
            },
        );
        line(&mut text, &format!("{file} ({workspace}): {ends}"));
        for told in &one.told {
            finding(&mut text, "  ", told);
        }
    }
    text
}

/// The day in UTC.
fn day(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).date().to_string()
}

/// The most likely cause first.
pub(crate) fn diagnosis(findings: &[Told]) -> String {
    let mut text = String::new();
    for told in findings {
        finding(&mut text, "", told);
    }
    text
}

/// Where the bundle is, and what is in it.
pub(crate) fn bundle(written: &Written) -> String {
    let mut text = String::new();
    line(&mut text, "");
    let path = shown(&written.path);
    line(
        &mut text,
        &format!(
            "{path} is for support; secrets are taken out. Look through it before it is sent:"
        ),
    );
    for file in &written.files {
        line(
            &mut text,
            &format!("  {:<16} {} bytes", file.name, file.size),
        );
    }
    text
}

/// The role, and of every rule why it decides or does not.
pub(crate) fn explained(explained: &Explained, rules: &RuleList) -> String {
    let resolution = &explained.resolution;
    let mut text = String::new();
    line(&mut text, &role(&resolution.role, resolution.rule));
    for number in &resolution.also {
        line(
            &mut text,
            &format!("  rule {number} would match too: {}", rule(rules, *number)),
        );
    }
    for miss in &resolution.near_misses {
        near_miss(&mut text, miss, rules);
    }
    let told = |number| {
        resolution.rule == Some(number)
            || resolution.also.contains(&number)
            || resolution
                .near_misses
                .iter()
                .any(|miss| miss.rule == number)
    };
    let mut rest = explained.why.iter().filter(|why| !told(why.rule));
    for why in rest.by_ref().take(LISTED) {
        let what = shown(&why.what);
        line(
            &mut text,
            &format!(
                "  rule {} does not match: {}: {what}",
                why.rule,
                rule(rules, why.rule)
            ),
        );
    }
    let more = rest.count();
    if more > 0 {
        line(
            &mut text,
            &format!("  {more} more rules do not match; --json tells of each"),
        );
    }
    text
}

pub(crate) fn preview(
    recount: &Recount,
    findings: &[Told],
    rules: &RuleList,
    fallback: &str,
) -> String {
    let mut text = String::new();
    let people = recount.people;
    line(&mut text, &format!("People   {people}"));
    for (role, count) in &recount.roles {
        line(&mut text, &format!("  {count:>9}  {}", shown(role)));
    }
    let fall_through = recount.fallback;
    line(
        &mut text,
        &format!("  {fall_through:>9}  no rule matches: {}", shown(fallback)),
    );
    line(&mut text, "Rules       matches    decides");
    for counts in &recount.rules {
        line(
            &mut text,
            &format!(
                "  {:>5}  {:>9}  {:>9}  {}",
                counts.rule,
                counts.matches,
                counts.decides,
                rule(rules, counts.rule)
            ),
        );
    }
    for told in findings {
        finding(&mut text, "", told);
    }
    text
}

pub(crate) fn verdict(verdict: &Verdict) -> String {
    let mut text = String::new();
    for report in &verdict.stages {
        stage(&mut text, report);
    }
    if let Some(subject) = &verdict.subject {
        line(&mut text, &format!("\nSubject  {}", shown(subject)));
        line(&mut text, "Claims");
        claims(&mut text, &verdict.claims);
    }
    if let Some(name) = &verdict.role {
        line(&mut text, &role(name, verdict.rule));
    }
    text
}

/// The first line says how to reach it, the others who can sign in.
pub(crate) fn practice(reach: &Reach<'_>) -> String {
    let mut text = format!(
        "Practice provider at {}, client ID {}, client secret {}\n",
        reach.issuer, reach.client_id, reach.client_secret
    );
    line(
        &mut text,
        &format!("SAML metadata at {}", reach.saml_metadata),
    );
    for person in reach.people {
        let groups = person.groups.join(", ");
        line(
            &mut text,
            &format!("  {}  {}  {groups}", person.email, person.password),
        );
    }
    text
}

pub(crate) fn workspaces(summaries: &[Summary]) -> String {
    if summaries.is_empty() {
        return "No workspaces yet.\n".to_owned();
    }
    let mut text = String::new();
    for summary in summaries {
        let name = if summary.name.is_empty() {
            "(no name)".to_owned()
        } else {
            shown(&summary.name)
        };
        let revision = match summary.revision {
            Some(number) => format!("revision {number}"),
            None => "no revision".to_owned(),
        };
        let unsaved = if summary.unsaved {
            ", unsaved changes"
        } else {
            ""
        };
        line(
            &mut text,
            &format!(
                "{name}  {}  {}, {}  {revision}{unsaved}",
                state(summary.state),
                shown(&summary.provider),
                summary.protocol.name()
            ),
        );
    }
    text
}

pub(crate) fn known_workspaces(summaries: &[Summary]) -> String {
    let names = summaries.iter().map(|summary| shown(&summary.name));
    listed(names, "there is none yet", "there are")
}

pub(crate) fn known_revisions(heads: &[RevisionHead]) -> String {
    let numbers = heads.iter().map(|head| head.number.to_string());
    listed(numbers, "it has none yet", "it has")
}

fn listed(names: impl ExactSizeIterator<Item = String>, none: &str, some: &str) -> String {
    if names.len() == 0 {
        return none.to_owned();
    }
    let more = if names.len() > LISTED {
        " and others"
    } else {
        ""
    };
    let names: Vec<String> = names.take(LISTED).collect();
    format!("{some}: {}{more}", names.join(", "))
}

fn finding(text: &mut String, indent: &str, told: &Told) {
    let path = told.path.as_deref().unwrap_or_default();
    let head = format!(
        "{indent}{} {}  {}",
        severity_mark(told.severity),
        told.code,
        shown(path)
    );
    line(text, &head);
    for sentence in [&told.what, &told.mend] {
        if !sentence.is_empty() {
            line(text, &format!("{indent}  {}", text::shown(sentence, 2000)));
        }
    }
}

fn stage(text: &mut String, report: &StageReport) {
    let (mark, outcome) = match report.outcome {
        Outcome::Passed => ("✓", "passed"),
        Outcome::Failed => ("✗", "failed"),
        Outcome::NotReached => ("·", "not reached"),
    };
    let name = stage_name(report.stage);
    line(text, &format!("{mark} {name:<11} {outcome}"));
    for told in &report.findings {
        finding(text, "    ", told);
    }
}

fn claims(text: &mut String, claims: &Claims) {
    for (name, values) in claims.iter() {
        let values: Vec<String> = values.iter().take(LISTED).map(|one| shown(one)).collect();
        line(text, &format!("  {}: {}", shown(name), values.join(", ")));
    }
}

fn near_miss(text: &mut String, miss: &NearMiss, rules: &RuleList) {
    let received = shown(&format!("{} = {}", miss.claim, miss.received));
    line(
        text,
        &format!(
            "  rule {} nearly matches ({}): {}; what came is {received}",
            miss.rule,
            miss.code.code(),
            rule(rules, miss.rule)
        ),
    );
}

fn role(role: &str, rule: Option<u32>) -> String {
    let by = match rule {
        Some(number) => format!("by rule {number}"),
        None => "the fallback: no rule matched".to_owned(),
    };
    format!("Role     {} ({by})", shown(role))
}

/// A rule by its number, counted from 1.
fn rule(rules: &RuleList, number: u32) -> String {
    let rule = rules.0.get((number as usize).wrapping_sub(1));
    rule.map_or_else(String::new, |rule| {
        shown(&format!("{} = {} -> {}", rule.claim, rule.value, rule.role))
    })
}

fn stage_name(stage: Stage) -> &'static str {
    match stage {
        Stage::Reached => "Reached",
        Stage::Answered => "Answered",
        Stage::Signed => "Signed",
        Stage::Addressed => "Addressed",
        Stage::InTime => "In time",
        Stage::Identified => "Identified",
        Stage::Mapped => "Mapped",
    }
}

fn state(state: State) -> &'static str {
    match state {
        State::Draft => "Draft",
        State::Tested => "Tested",
        State::Saved => "Saved",
        State::Enforced => "Enforced",
        State::NeedsAttention => "Needs attention",
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn severity_mark(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "✗ error  ",
        Severity::Warning => "! warning",
        Severity::Note => "i note   ",
    }
}

fn line(text: &mut String, line: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{}", line.trim_end());
}
