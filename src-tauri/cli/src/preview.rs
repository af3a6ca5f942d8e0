//! `latchkey preview`

use std::path::Path;
use std::sync::Arc;

use latchkey_core::Catalogue;
use latchkey_core::finding::{Finding, Told, any_error};
use latchkey_core::people::{self, OnBroken, Preview, Recount};
use serde::Serialize;

use crate::asked::Asked;
use crate::out::{self, Out};
use crate::stop::Stop;
use crate::{Holds, input, words};

/// How many people get which role.
#[derive(Serialize)]
struct Answer {
    #[serde(flatten)]
    recount: Recount,
    /// What is wrong with the people, and what they say about the rules.
    findings: Vec<Told>,
}

pub(crate) fn run(file: &Path, people: &Path, keep_rest: bool, out: Out) -> Result<Holds, Stop> {
    if input::is_stdin(file) && input::is_stdin(people) {
        return Err(Stop::OneInputTwice("the set-up and --people"));
    }
    let asked = Asked::read(file)?;
    let service = asked.service(file)?;
    let on_broken = if keep_rest {
        OnBroken::Keep
    } else {
        OnBroken::Refuse
    };
    let import = input::people(people, on_broken)?;
    asked.say_errors();
    let rules = &asked.set_up.rules;
    let mut about_people = import.findings;
    let held = people::as_held(rules, &import.directory);
    about_people.extend(held.findings);
    for finding in &about_people {
        out::message(&words::aside(&finding.told()));
    }
    let mut preview = Preview::new(Arc::new(import.directory));
    let recount = preview.recount(&held.rules, service);
    let mut findings = people::findings(&mut preview, &recount, &held.rules, service);
    let connection = &asked.set_up.connection;
    let provider = Catalogue::built_in().provider(&connection.provider);
    findings.extend(provider.and_then(|provider| {
        people::group_limit(preview.directory(), &held.rules, connection, provider)
    }));
    // To a reader those about the people are told already; a script reads them here.
    let told = about_people.iter().chain(&findings).map(Finding::told);
    let answer = Answer {
        recount,
        findings: told.collect(),
    };
    out.answer(&answer, || {
        let about_rules = &answer.findings[about_people.len()..];
        words::preview(&answer.recount, about_rules, rules, &service.fallback)
    })?;
    Ok(if any_error(&about_people) {
        Holds::No
    } else {
        Holds::Yes
    })
}
