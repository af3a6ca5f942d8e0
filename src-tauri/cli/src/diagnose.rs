//! `latchkey diagnose`

use std::ffi::OsStr;
use std::path::Path;

use jiff::Timestamp;
use latchkey_core::catalogue::Catalogue;
use latchkey_core::diagnosis::{Known, chain::Chain, of_text};
use latchkey_core::finding::{Finding, Told, any_error};
use latchkey_core::{Fault, SetUp};
use serde::Serialize;

use crate::args::Diagnose;
use crate::bundle::{BundleAsk, Written};
use crate::out::Out;
use crate::stop::Stop;
use crate::{Holds, input, words};

#[derive(Serialize)]
struct Answer {
    findings: Vec<Told>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bundle: Option<Written>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) bundle: Option<Written>,
}

pub(crate) fn run(asked: &Diagnose, out: Out) -> Result<Holds, Stop> {
    one_from_stdin(asked)?;
    let set_up = asked.set_up.as_deref().map(input::set_up).transpose()?;
    let ask = BundleAsk::begin(asked)?;
    match (&asked.har, &asked.error) {
        (Some(file), _) => of_recording(file, set_up.as_ref(), ask, out),
        // The command line has one of the two.
        (None, error) => {
            let error = error.as_deref().unwrap_or_default();
            of_error(error, set_up.as_ref(), ask, out)
        }
    }
}

/// Standard input is read once.
fn one_from_stdin(asked: &Diagnose) -> Result<(), Stop> {
    let paths = [&asked.set_up, &asked.answers, &asked.har];
    let from_paths = paths
        .into_iter()
        .filter(|path| path.as_deref().is_some_and(input::is_stdin));
    let from_error = asked.error.as_deref() == Some(OsStr::new("-"));
    if from_paths.count() + usize::from(from_error) > 1 {
        return Err(Stop::OneInputTwice(
            "two of the set-up, --error, --har and --answers",
        ));
    }
    Ok(())
}

fn of_error(
    error: &OsStr,
    set_up: Option<&SetUp>,
    ask: Option<BundleAsk>,
    out: Out,
) -> Result<Holds, Stop> {
    let text = input::error_text(error)?;
    let known = known(set_up);
    let findings = of_text(&text, &known);
    let told: Vec<Told> = findings.iter().map(Finding::told).collect();
    let bundle = ask.map(|mut ask| {
        if ask.asked.error.is_empty() {
            ask.asked.error.push_str(&text);
        }
        let named = findings
            .iter()
            .filter(|finding| !matches!(finding.fault, Fault::NothingRecognised { .. }));
        let named: Vec<Told> = named.map(Finding::told).collect();
        ask.end(&named, None, &known, None)
    });
    let answer = Answer {
        bundle: bundle.transpose()?,
        findings: told,
    };
    out.answer(&answer, || {
        let mut text = words::diagnosis(&answer.findings);
        text.extend(answer.bundle.as_ref().map(words::bundle));
        text
    })?;
    Ok(held(&findings))
}

fn of_recording(
    file: &Path,
    set_up: Option<&SetUp>,
    ask: Option<BundleAsk>,
    out: Out,
) -> Result<Holds, Stop> {
    let known = known(set_up);
    let (mut diagnosis, bundle) = match ask {
        None => (input::recording(file, &known)?, None),
        Some(mut ask) => {
            let (diagnosis, recording) = input::recording_to_give(file, &known, &ask.redaction)?;
            let chain = diagnosis.chain();
            let findings: Vec<Told> = diagnosis.findings.iter().map(Finding::told).collect();
            ask.asked = ask.asked.with_recording(&diagnosis.recording, chain);
            let written = ask.end(&findings, chain, &known, Some(&recording))?;
            (diagnosis, Some(written))
        }
    };
    let answer = OfRecording {
        findings: diagnosis.findings.iter().map(Finding::told).collect(),
        sign_ins: diagnosis.chains.len(),
        chain: diagnosis
            .judged
            .map(|index| diagnosis.chains.swap_remove(index)),
        requests: diagnosis.recording.requests,
        recorded_by: diagnosis.recording.creator.clone(),
        bundle,
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
