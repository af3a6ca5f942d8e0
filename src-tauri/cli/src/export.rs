//! `latchkey export`

use std::path::Path;

use jiff::Timestamp;
use latchkey_core::Finding;
use latchkey_core::catalogue::Catalogue;
use latchkey_core::hand_over::Document;
use latchkey_core::terraform::Side;

use crate::Holds;
use crate::args::Export;
use crate::asked::Asked;
use crate::input::{Unusable, Why};
use crate::out::Out;
use crate::stop::Stop;
use crate::words;

/// Writes the set-up as another program reads it.
pub(crate) fn run(file: &Path, form: Export, out: Out) -> Result<Holds, Stop> {
    let asked = Asked::read(file)?;
    asked.holds_no_key(file)?;
    let (catalogue, now) = (Catalogue::built_in(), Timestamp::now());
    let text = Document::from(form)
        .written(&asked.set_up, &asked.checked.ends, catalogue, now)
        .map_err(|finding| unusable(file, &finding))?;
    asked.say_errors();
    out.document(&text)?;
    Ok(if asked.checked.holds() {
        Holds::Yes
    } else {
        Holds::No
    })
}

impl From<Export> for Document {
    fn from(form: Export) -> Self {
        match form {
            Export::Json => Self::SetUp,
            Export::Checklist => Self::Checklist,
            Export::Sql => Self::Sql,
            Export::Curl => Self::Script,
            Export::Ics => Self::Calendar,
            Export::Terraform => Self::Terraform(Side::Provider),
            Export::IdentityPlatform => Self::Terraform(Side::Service),
        }
    }
}

/// That a field has not what this form needs.
fn unusable(file: &Path, finding: &Finding) -> Unusable {
    let told = finding.told();
    let what = words::sentence(&told.what, &told.mend);
    let field = told.path.unwrap_or_default();
    Unusable::new(file, Why::Field { field, what })
}
