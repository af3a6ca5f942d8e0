//! What several subcommands ask of a set-up.

use std::path::Path;

use latchkey_core::catalogue::Catalogue;
use latchkey_core::check::{self, Checked};
use latchkey_core::finding::Finding;
use latchkey_core::{Fault, Protocol, Service, SetUp};

use crate::input::{self, Unusable, Why};
use crate::{out, words};

/// A set-up file as it was read and checked.
pub(crate) struct Asked {
    pub(crate) set_up: SetUp,
    pub(crate) checked: Checked,
}

impl Asked {
    /// Reads the file and checks it.
    pub(crate) fn read(file: &Path) -> Result<Self, Unusable> {
        Ok(Self::of(input::set_up(file)?))
    }

    /// Checks a set-up that was read.
    pub(crate) fn of(set_up: SetUp) -> Self {
        let checked = check::check(&set_up, Catalogue::built_in());
        Self { set_up, checked }
    }

    /// That nothing stands in it which is neither kept nor handed on.
    pub(crate) fn holds_no_key(&self, file: &Path) -> Result<(), Unusable> {
        let Some(field) = self.set_up.private_key() else {
            return Ok(());
        };
        let told = Fault::PrivateKeyInsteadOfCertificate {}.words();
        let what = words::sentence(&told.what, &told.mend);
        Err(Unusable::new(file, Why::Field { field, what }))
    }

    /// The service, which decides what the fallback is.
    pub(crate) fn service(&self, file: &Path) -> Result<&Service, Unusable> {
        let missing = || self.unusable(file, "workspace.service");
        self.checked.service.as_ref().ok_or_else(missing)
    }

    /// That the connection is one that this subcommand can use.
    pub(crate) fn is_oidc(&self, file: &Path) -> Result<(), Unusable> {
        self.speaks(Protocol::Oidc, file)
    }

    /// The same for what is about SAML alone.
    pub(crate) fn is_saml(&self, file: &Path) -> Result<(), Unusable> {
        self.speaks(Protocol::Saml, file)
    }

    fn speaks(&self, expected: Protocol, file: &Path) -> Result<(), Unusable> {
        let name = |protocol| match protocol {
            Protocol::Oidc => "oidc",
            Protocol::Saml => "saml",
        };
        let spoken = self.set_up.connection.protocol;
        if spoken == expected {
            return Ok(());
        }
        let why = Why::Field {
            field: "connection.protocol".to_owned(),
            what: format!(
                "it is \"{}\", and \"{}\" is expected here",
                name(spoken),
                name(expected)
            ),
        };
        Err(Unusable::new(file, why))
    }

    /// The sentence for a set-up that cannot be used because of this field, or of what lies below it.
    pub(crate) fn unusable(&self, file: &Path, field: &str) -> Unusable {
        let about = |finding: &&Finding| {
            let path = finding.path.as_deref();
            path.is_some_and(|path| path.starts_with(field))
        };
        let mut errors = self.checked.findings.iter().filter(|one| one.is_error());
        // A field may be missing because another one has no value that it follows from.
        let error = errors.clone().find(about).or_else(|| errors.next());
        let why = match error {
            Some(finding) => {
                let told = finding.told();
                Why::Field {
                    field: told.path.unwrap_or_else(|| field.to_owned()),
                    what: words::sentence(&told.what, &told.mend),
                }
            }
            None => Why::Field {
                field: field.to_owned(),
                what: "its value cannot be read".to_owned(),
            },
        };
        Unusable::new(file, why)
    }

    /// Says on standard error what is wrong with the set-up although it can be used.
    pub(crate) fn say_errors(&self) {
        for finding in self.checked.findings.iter().filter(|one| one.is_error()) {
            out::message(&words::aside(&finding.told()));
        }
    }
}
