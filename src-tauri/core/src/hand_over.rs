//! The set-up as other people and other programs take it. No secret is in any form of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::calendar;
use crate::catalogue::{Catalogue, Service};
use crate::check::{Ends, region_of};
use crate::fault::Fault;
use crate::finding::Finding;
use crate::ledger::Ledger;
use crate::rules::{api, sql};
use crate::set_up::SetUp;
use crate::terraform::{self, Side};
use crate::text::file_name;

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Document {
    /// The set-up itself, as its file is read.
    SetUp,
    /// What to do at the provider, for whoever runs it.
    Checklist,
    /// The rules as one query.
    Sql,
    /// The rules as a script for the service's interface.
    Script,
    /// Reminders of what ends.
    Calendar,
    /// The application at the provider, or the service's own side, for Terraform.
    Terraform(Side),
}

impl Document {
    /// A name for the file, from the workspace's.
    pub fn file_name(self, set_up: &SetUp) -> String {
        let ending = match self {
            Self::SetUp => return set_up.file_name(),
            Self::Checklist => "checklist.md",
            Self::Sql => "sql",
            Self::Script => "sh",
            Self::Calendar => "ics",
            Self::Terraform(_) => "tf",
        };
        file_name(&set_up.workspace.name, ending)
    }

    /// The set-up in this form.
    ///
    /// # Errors
    /// A finding at the field for want of which it cannot be written: `UnknownService`,
    /// `NoInterfaceKnown`, `SecretEndUnknown`, `CertificateEndUnknown`.
    pub fn written(
        self,
        set_up: &SetUp,
        ends: &Ends,
        catalogue: &Catalogue,
        now: Timestamp,
    ) -> Result<String, Box<Finding>> {
        let service = || {
            let service = catalogue.service_or_fault(set_up);
            service.map_err(|fault| lacking(fault, "workspace.service"))
        };
        match self {
            Self::SetUp => Ok(set_up.written()),
            Self::Checklist => {
                service()?;
                let ledger = Ledger::of(set_up, catalogue);
                let ledger = ledger.map_err(|fault| lacking(fault, "connection.provider"))?;
                Ok(ledger.checklist())
            }
            Self::Sql => Ok(sql::query(&set_up.rules, &service()?)),
            Self::Script => script(set_up, &service()?),
            Self::Calendar => calendar::calendar(set_up, ends, now).ok_or_else(|| no_end(ends)),
            Self::Terraform(side) => Ok(terraform::configuration(
                set_up,
                &service()?,
                catalogue,
                side,
            )),
        }
    }
}

fn script(set_up: &SetUp, service: &Service) -> Result<String, Box<Finding>> {
    let workspace = &set_up.workspace.name;
    region_of(set_up, service)
        .and_then(|region| api::script(&set_up.rules, service, region, workspace))
        .ok_or_else(|| {
            let service = crate::text::shown(&service.name, 100);
            lacking(Fault::NoInterfaceKnown { service }, "workspace.region")
        })
}

fn no_end(ends: &Ends) -> Box<Finding> {
    match ends {
        Ends::Secret(_) => lacking(
            Fault::SecretEndUnknown {},
            "connection.client_secret_expires",
        ),
        Ends::Certificates(_) => {
            lacking(Fault::CertificateEndUnknown {}, "connection.certificates")
        }
    }
}

fn lacking(fault: Fault, field: &str) -> Box<Finding> {
    Box::new(Finding::error(fault).at(field))
}
