//! `latchkey diagnose`

use std::ffi::OsStr;
use std::path::Path;

use jiff::Timestamp;
use latchkey_core::SetUp;
use latchkey_core::catalogue::Catalogue;
use latchkey_core::diagnosis::{Known, chain::Chain, of_text};
use latchkey_core::finding::{Finding, Told, any_error};
use serde::Serialize;

use crate::args::Diagnose;
use crate::out::Out;
use crate::stop::Stop;
use crate::{Holds, input, words};

#[derive(Serialize)]
struct Answer {
    findings: Vec<Told>,
}

#[derive(Serialize)]
pub(crate) struct OfRecording {
    pub(crate) findings: Vec<Told>,
    /// The sign-in that the findings are about, step by step.
    pub(crate) chain: Option<Chain>,
    /// How many sign-ins the recording has.
    pub(crate) sign_ins: usize,
    pub(crate) requests: u32,
    /// Who wrote the recording.
    pub(crate) recorded_by: String,
}

pub(crate) fn run(asked: &Diagnose, out: Out) -> Result<Holds, Stop> {
    let from_stdin = asked.set_up.as_deref().is_some_and(input::is_stdin);
    if from_stdin && asked.error.as_deref() == Some(OsStr::new("-")) {
        return Err(Stop::OneInputTwice("the set-up and --error"));
    }
    if from_stdin && asked.har.as_deref().is_some_and(input::is_stdin) {
        return Err(Stop::OneInputTwice("the set-up and --har"));
    }
    let set_up = asked.set_up.as_deref().map(input::set_up).transpose()?;
    match (&asked.har, &asked.error) {
        (Some(file), _) => of_recording(file, set_up.as_ref(), out),
        // The command line has one of the two.
        (None, error) => of_error(error.as_deref().unwrap_or_default(), set_up.as_ref(), out),
    }
}

fn of_error(error: &OsStr, set_up: Option<&SetUp>, out: Out) -> Result<Holds, Stop> {
    let text = input::error_text(error)?;
    let findings = of_text(&text, &known(set_up));
    let answer = Answer {
        findings: findings.iter().map(Finding::told).collect(),
    };
    out.answer(&answer, || words::diagnosis(&answer.findings))?;
    Ok(held(&findings))
}

fn of_recording(file: &Path, set_up: Option<&SetUp>, out: Out) -> Result<Holds, Stop> {
    let mut diagnosis = input::recording(file, &known(set_up))?;
    let answer = OfRecording {
        findings: diagnosis.findings.iter().map(Finding::told).collect(),
        sign_ins: diagnosis.chains.len(),
        chain: diagnosis
            .judged
            .map(|index| diagnosis.chains.swap_remove(index)),
        requests: diagnosis.recording.requests,
        recorded_by: diagnosis.recording.creator.clone(),
    };
    out.answer(&answer, || words::recording(&answer))?;
    Ok(held(&diagnosis.findings))
}

fn known(set_up: Option<&SetUp>) -> Known<'_> {
    Known {
        set_up,
        catalogue: Catalogue::built_in(),
        now: Timestamp::now(),
    }
}

fn held(findings: &[Finding]) -> Holds {
    if any_error(findings) {
        Holds::No
    } else {
        Holds::Yes
    }
}
