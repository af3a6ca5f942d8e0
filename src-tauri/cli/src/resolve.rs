//! `latchkey resolve`

use std::path::Path;

use crate::asked::Asked;
use crate::out::Out;
use crate::stop::Stop;
use crate::{Holds, input, words};

pub(crate) fn run(file: &Path, claims: &Path, out: Out) -> Result<Holds, Stop> {
    if input::is_stdin(file) && input::is_stdin(claims) {
        return Err(Stop::OneInputTwice("the set-up and --claims"));
    }
    let asked = Asked::read(file)?;
    let service = asked.service(file)?;
    let claims = input::claims(claims)?;
    asked.say_errors();
    let explained = asked.set_up.rules.explain(&claims, service);
    out.answer(&explained, || {
        words::explained(&explained, &asked.set_up.rules)
    })?;
    Ok(match explained.resolution.rule {
        Some(_) => Holds::Yes,
        None => Holds::No,
    })
}
