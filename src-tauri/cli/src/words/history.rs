//! Revisions and what differs between them, made for reading.

use latchkey_core::changes::Change;
use latchkey_core::{Rule, Way};
use latchkey_store::{LastWorked, Origin, Planned, Proof, Recorded, Salvage, Salvaged};

use super::{line, shown};
use crate::workspaces::Made;

pub(crate) fn history(revisions: &[Recorded], last_worked: Option<&LastWorked>) -> String {
    if revisions.is_empty() {
        return "No revisions yet.\n".to_owned();
    }
    let mut text = String::new();
    for revision in revisions {
        recorded(&mut text, revision);
    }
    line(&mut text, "");
    let Some(last) = last_worked else {
        line(&mut text, "No test sign-in has proved any of them.");
        return text;
    };
    let number = last.revision;
    if last.changes.is_empty() {
        line(
            &mut text,
            &format!("Nothing has changed since revision {number}, which a test sign-in proved."),
        );
    } else {
        line(
            &mut text,
            &format!("Changed since revision {number}, the last that a test sign-in proved:"),
        );
        text.push_str(&changes(&last.changes));
    }
    text
}

pub(crate) fn changes(changes: &[Change]) -> String {
    if changes.is_empty() {
        return "No difference.\n".to_owned();
    }
    let mut text = String::new();
    for one in changes {
        line(&mut text, &format!("  {}", change(one)));
    }
    text
}

pub(crate) fn made(made: &Made) -> String {
    let mut text = format!("Revision {} of {}\n", made.revision, shown(&made.workspace));
    if !made.draft_follows {
        line(
            &mut text,
            "The draft has unsaved changes and was left as it is.",
        );
    }
    if !made.proved {
        line(
            &mut text,
            "No test sign-in that is still there proves these settings: test them before they go live.",
        );
    }
    text
}

/// What the import of a set-up file would change.
pub(crate) fn would_import(workspace: &str, is_new: bool, changes: &[Change]) -> String {
    let name = shown(workspace);
    if is_new {
        return format!("A new workspace, {name}, would be made.\n");
    }
    let mut text = format!("A new revision of {name} would be made. It would differ in:\n");
    text.push_str(&self::changes(changes));
    text
}

/// What the import of a whole workspace changes, or would change.
pub(crate) fn whole(planned: &Planned, dry_run: bool) -> String {
    let mut text = String::new();
    let name = shown(&planned.workspace);
    let place = if planned.is_new {
        "new"
    } else {
        "there already"
    };
    line(&mut text, &format!("Workspace  {name} ({place})"));
    let known = match planned.known {
        0 => String::new(),
        known => format!(", {known} are there already"),
    };
    line(
        &mut text,
        &format!("Revisions  {}{known}", planned.revisions),
    );
    let people: Vec<String> = planned.people.iter().map(|one| shown(one)).collect();
    if !people.is_empty() {
        line(
            &mut text,
            &format!("Tested     {} (proves nothing here)", people.join(", ")),
        );
    }
    if !planned.draft_follows {
        line(
            &mut text,
            "The draft has unsaved changes and is left as it is.",
        );
    } else if !planned.changes.is_empty() {
        line(&mut text, "The draft changes in:");
        text.push_str(&changes(&planned.changes));
    }
    let nothing_new =
        planned.revisions == 0 && planned.people.is_empty() && planned.changes.is_empty();
    let end = if dry_run {
        "Nothing was changed."
    } else if nothing_new && !planned.is_new {
        "Nothing was changed: all of it is there already."
    } else {
        "Imported. No secret comes with it: enter it, and test the sign-in here."
    };
    line(&mut text, end);
    text
}

/// What came out of a damaged database.
pub(crate) fn salvage(salvage: Option<&Salvage>) -> String {
    let Some(salvage) = salvage else {
        return "The database is not damaged. Nothing was changed.\n".to_owned();
    };
    let mut text = String::new();
    for one in &salvage.workspaces {
        salvaged(&mut text, one);
    }
    for (count, what) in [
        (salvage.lost_workspaces, "workspaces are lost"),
        (
            salvage.lost_lines,
            "lines of the journal are lost: what they told of is named nowhere",
        ),
    ] {
        if count > 0 {
            line(&mut text, &format!("Lost       {count} {what}"));
        }
    }
    if salvage.workspaces.is_empty() {
        line(&mut text, "No workspace could be restored.");
    } else if salvage.is_whole() {
        line(&mut text, "Nothing is known to be lost.");
    }
    let damaged = shown(&salvage.damaged.display().to_string());
    line(
        &mut text,
        &format!("The damaged database is kept as {damaged}"),
    );
    text
}

fn salvaged(text: &mut String, one: &Salvaged) {
    line(text, &format!("Workspace  {}", shown(&one.name)));
    line(text, &format!("  Restored   {}", revisions(&one.revisions)));
    if !one.lost.is_empty() {
        line(text, &format!("  Lost       {}", revisions(&one.lost)));
    }
    if let Some(number) = one.draft_from {
        line(
            text,
            &format!("  Draft      lost, made again from revision {number}"),
        );
    }
    if one.tests + one.lost_tests > 0 {
        let (back, lost) = (one.tests, one.lost_tests);
        line(text, &format!("  Tests      {back} restored, {lost} lost"));
    }
    if one.no_longer_enforced {
        line(
            text,
            "  Enforced   no longer: the revision that was enforced is lost",
        );
    }
}

fn revisions(numbers: &[u32]) -> String {
    let all: Vec<String> = numbers.iter().map(u32::to_string).collect();
    match numbers {
        [] => "no revision".to_owned(),
        [one] => format!("revision {one}"),
        _ => format!("revisions {}", all.join(", ")),
    }
}

fn recorded(text: &mut String, revision: &Recorded) {
    let head = &revision.head;
    let origin = match head.origin {
        Origin::Saved => "saved".to_owned(),
        Origin::Imported => "imported".to_owned(),
        Origin::Restored { from } => format!("restored from {from}"),
    };
    let reason = head.reason.as_deref().map(shown).unwrap_or_default();
    line(
        text,
        &format!(
            "{:>4}  {:.0}  {}  {origin}  {reason}",
            head.number,
            head.at,
            shown(&head.author)
        ),
    );
    for proof in &revision.proofs {
        line(text, &format!("      {}", proved_by(proof)));
    }
    if revision.forgotten > 0 {
        let forgotten = revision.forgotten;
        line(text, &format!("      {forgotten} of its proofs forgotten"));
    }
}

fn proved_by(proof: &Proof) -> String {
    let how = match proof.way {
        Way::Window => "in the sign-in window",
        Way::Browser => "in the system browser",
        Way::File => "brought in a file",
    };
    format!("proved by {} at {:.0}, {how}", shown(&proof.who), proof.at)
}

fn change(change: &Change) -> String {
    match change {
        Change::Field {
            path,
            before,
            after,
        } => format!("{path}: {} -> {}", value(before), value(after)),
        Change::Secret { path } => format!("{path}: changed"),
        Change::RuleAdded { at, rule } => format!("+ rule {at}: {}", rule_text(rule)),
        Change::RuleRemoved { at, rule } => format!("- rule {at}: {}", rule_text(rule)),
        Change::RuleMoved { from, to, rule } => {
            format!("  rule {from} -> {to}: {}", rule_text(rule))
        }
    }
}

fn value(text: &str) -> String {
    if text.is_empty() {
        "(empty)".to_owned()
    } else {
        shown(text)
    }
}

fn rule_text(rule: &Rule) -> String {
    shown(&format!("{} = {} -> {}", rule.claim, rule.value, rule.role))
}
