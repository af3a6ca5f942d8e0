//! Something noticed: a stable code, a severity, where, and the data that the wording needs.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::fault::Fault;
use crate::rules::repair::Repair;

/// How much a finding weighs.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type,
)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// What was asked for does not hold.
    Error,
    /// It holds, and somebody should look.
    Warning,
    /// Worth knowing.
    Note,
}

/// One thing noticed. Its wording is data (`words/`), never written here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// How much it weighs.
    pub severity: Severity,
    /// The field that it is about, as in the set-up file: `connection.issuer`, `rules[0].value`.
    pub path: Option<String>,
    /// What was noticed, with its data.
    pub fault: Fault,
}

impl Finding {
    /// A finding that stops what was asked for.
    pub fn error(fault: Fault) -> Self {
        Self::new(Severity::Error, fault)
    }

    /// A finding that somebody should look at.
    pub fn warning(fault: Fault) -> Self {
        Self::new(Severity::Warning, fault)
    }

    /// A finding that is worth knowing.
    pub fn note(fault: Fault) -> Self {
        Self::new(Severity::Note, fault)
    }

    /// The same finding, about this field.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Whether this finding stops what was asked for.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The finding in words, for the window, the command and the support bundle alike.
    pub fn told(&self) -> Told {
        let words = self.fault.words();
        Told {
            code: self.fault.code(),
            severity: self.severity,
            path: self.path.clone(),
            what: words.what,
            mend: words.mend,
            data: self.fault.data(),
            repair: None,
        }
    }

    fn new(severity: Severity, fault: Fault) -> Self {
        Self {
            severity,
            path: None,
            fault,
        }
    }
}

/// A finding as it is shown: what happened, and what to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct Told {
    /// Stable code. Nothing matches on the sentences.
    pub code: String,
    /// How much it weighs.
    pub severity: Severity,
    /// The field that it is about, as in the set-up file.
    pub path: Option<String>,
    /// What happened, in one or two sentences.
    pub what: String,
    /// What to do next.
    #[serde(rename = "do")]
    pub mend: String,
    /// The values behind the sentences, by name (`expected`, `received`, ...). Never a secret.
    pub data: serde_json::Map<String, serde_json::Value>,
    /// What would mend it, where that is certain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repair: Option<Repair>,
}

/// Whether any of these findings stops what was asked for.
pub fn any_error(findings: &[Finding]) -> bool {
    findings.iter().any(Finding::is_error)
}
