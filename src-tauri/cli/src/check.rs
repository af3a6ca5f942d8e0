//! `latchkey check`

use std::path::Path;

use jiff::Timestamp;
use latchkey_core::finding::{Finding, Told};
use serde::Serialize;

use crate::asked::Asked;
use crate::out::Out;
use crate::stop::Stop;
use crate::{Holds, words};

#[derive(Serialize)]
struct Answer {
    findings: Vec<Told>,
}

pub(crate) fn run(file: &Path, out: Out) -> Result<Holds, Stop> {
    let mut asked = Asked::read(file)?;
    let ends = asked.checked.ends.findings(Timestamp::now());
    asked.checked.findings.extend(ends);
    let findings = asked.checked.findings.iter().map(Finding::told).collect();
    let answer = Answer { findings };
    out.answer(&answer, || words::check(&answer.findings))?;
    Ok(if asked.checked.holds() {
        Holds::Yes
    } else {
        Holds::No
    })
}
