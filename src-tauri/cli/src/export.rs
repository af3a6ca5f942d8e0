//! `latchkey export`

use std::path::Path;

use latchkey_core::catalogue::Catalogue;
use latchkey_core::ledger::Ledger;
use latchkey_core::rules::sql;

use crate::Holds;
use crate::args::Export;
use crate::asked::Asked;
use crate::out::Out;
use crate::stop::Stop;

/// Writes the set-up as another program reads it.
pub(crate) fn run(file: &Path, form: Export, out: Out) -> Result<Holds, Stop> {
    let asked = Asked::read(file)?;
    asked.holds_no_key(file)?;
    let text = match form {
        Export::Json => asked.set_up.written(),
        Export::Checklist => {
            // Without a known service there is nothing to copy: said with its field.
            asked.service(file)?;
            let ledger = Ledger::of(&asked.set_up, Catalogue::built_in());
            ledger.map_or_else(|_| String::new(), |ledger| ledger.checklist())
        }
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
