//! `latchkey export`

use std::path::Path;

use latchkey_core::rules::sql;

use crate::Holds;
use crate::args::Export;
use crate::asked::Asked;
use crate::out::Out;
use crate::stop::Stop;

/// Writes the set-up as another program reads it.
pub(crate) fn run(file: &Path, form: Export, out: Out) -> Result<Holds, Stop> {
    let asked = Asked::read(file)?;
    let text = match form {
        Export::Sql => sql::query(&asked.set_up.rules, asked.service(file)?),
    };
    asked.say_errors();
    out.document(&text)?;
    Ok(if asked.checked.holds() {
        Holds::Yes
    } else {
        Holds::No
    })
}
