//! `latchkey export`

use std::path::Path;

use jiff::Timestamp;
use latchkey_core::calendar;
use latchkey_core::catalogue::Catalogue;
use latchkey_core::check::Ends;
use latchkey_core::ledger::Ledger;
use latchkey_core::rules::{api, sql};
use latchkey_core::terraform::{self, Side};

use crate::Holds;
use crate::args::Export;
use crate::asked::Asked;
use crate::input::{Unusable, Why};
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
        Export::Curl => {
            let (service, region) = (asked.service(file)?, &asked.set_up.workspace.region);
            let in_region = service.region(region).or(service.regions.first());
            let script = in_region.and_then(|region| {
                api::script(
                    &asked.set_up.rules,
                    service,
                    region,
                    &asked.set_up.workspace.name,
                )
            });
            script.ok_or_else(|| {
                let what = "no interface of the service that takes claim rules is known there; --as checklist writes \
                            them for a person";
                field(file, "workspace.region", what)
            })?
        }
        Export::Ics => {
            let ends = &asked.checked.ends;
            calendar::calendar(&asked.set_up, ends, Timestamp::now()).ok_or_else(|| {
                let (path, what) = match ends {
                    Ends::Secret(_) => (
                        "connection.client_secret_expires",
                        "no day on which the client secret ends is still to come; its last day is expected, \
                         such as 2027-01-31",
                    ),
                    Ends::Certificates(_) => (
                        "connection.certificates",
                        "no end of a certificate is still to come",
                    ),
                };
                field(file, path, what)
            })?
        }
        Export::Sql => sql::query(&asked.set_up.rules, asked.service(file)?),
        Export::Terraform => terraform(&asked, Side::Provider, file)?,
        Export::IdentityPlatform => terraform(&asked, Side::Service, file)?,
    };
    asked.say_errors();
    out.document(&text)?;
    Ok(if asked.checked.holds() {
        Holds::Yes
    } else {
        Holds::No
    })
}

fn terraform(asked: &Asked, side: Side, file: &Path) -> Result<String, Stop> {
    let service = asked.service(file)?;
    let catalogue = Catalogue::built_in();
    Ok(terraform::configuration(
        &asked.set_up,
        service,
        catalogue,
        side,
    ))
}

/// That a field has not what this form needs.
fn field(file: &Path, field: &str, what: &str) -> Unusable {
    let (field, what) = (field.to_owned(), what.to_owned());
    Unusable::new(file, Why::Field { field, what })
}
