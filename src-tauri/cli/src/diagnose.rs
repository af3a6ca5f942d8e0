//! `latchkey diagnose`

use std::ffi::OsStr;
use std::path::Path;

use jiff::Timestamp;
use latchkey_core::catalogue::Catalogue;
use latchkey_core::diagnosis::{Known, of_text};
use latchkey_core::finding::{Finding, Told, any_error};
use serde::Serialize;

use crate::out::Out;
use crate::stop::Stop;
use crate::{Holds, input, words};

#[derive(Serialize)]
struct Answer {
    findings: Vec<Told>,
}

pub(crate) fn run(set_up: Option<&Path>, error: &OsStr, out: Out) -> Result<Holds, Stop> {
    if error == "-" && set_up.is_some_and(input::is_stdin) {
        return Err(Stop::OneInputTwice("the set-up and --error"));
    }
    let set_up = set_up.map(input::set_up).transpose()?;
    let text = input::error_text(error)?;
    let known = Known {
        set_up: set_up.as_ref(),
        catalogue: Catalogue::built_in(),
        now: Timestamp::now(),
    };
    let findings = of_text(&text, &known);
    let answer = Answer {
        findings: findings.iter().map(Finding::told).collect(),
    };
    out.answer(&answer, || words::diagnosis(&answer.findings))?;
    Ok(if any_error(&findings) {
        Holds::No
    } else {
        Holds::Yes
    })
}
