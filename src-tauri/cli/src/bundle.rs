//! `latchkey diagnose --bundle`: a zip for the service's support.

use latchkey_core::diagnosis::Known;
use latchkey_core::diagnosis::bundle::{
    Asked, Bundle, Contents, Personal, Redacted, Redaction, findings,
};
use latchkey_core::diagnosis::chain::Chain;
use latchkey_core::finding::Told;
use serde::Serialize;

use crate::args::{Diagnose, People};
use crate::input;
use crate::new_file::NewFile;
use crate::stop::Stop;

/// A bundle that is to be written, its file made already.
pub(crate) struct BundleAsk {
    file: NewFile,
    path: String,
    pub(crate) redaction: Redaction,
    pub(crate) asked: Asked,
}

/// A bundle that was written.
#[derive(Serialize)]
pub(crate) struct Written {
    pub(crate) path: String,
    pub(crate) files: Vec<WrittenFile>,
}

/// One file of it.
#[derive(Serialize)]
pub(crate) struct WrittenFile {
    pub(crate) name: String,
    /// In bytes, unpacked.
    pub(crate) size: usize,
    sha256: String,
    /// What was taken out of it, in words.
    removed: Vec<String>,
}

impl BundleAsk {
    /// Reads the answers and makes the file; none where no bundle is asked for.
    pub(crate) fn begin(asked: &Diagnose) -> Result<Option<Self>, Stop> {
        let Some(path) = &asked.bundle else {
            return Ok(None);
        };
        let answers = asked.answers.as_deref().map(input::answers).transpose()?;
        Ok(Some(Self {
            file: NewFile::begin(path)?,
            path: path.display().to_string(),
            redaction: Redaction::new(match asked.people {
                People::Hash => Personal::Hash,
                People::Mask => Personal::Mask,
            }),
            asked: answers.unwrap_or_default(),
        }))
    }

    /// Writes it.
    pub(crate) fn end(
        self,
        found: &[Told],
        chain: Option<&Chain>,
        known: &Known<'_>,
        recording: Option<&Redacted>,
    ) -> Result<Written, Stop> {
        let findings = findings(found, &self.asked.error, known);
        let contents = Contents {
            findings: &findings,
            chain,
            set_up: known.set_up,
            recording,
            asked: &self.asked,
            made: known.now,
            version: env!("CARGO_PKG_VERSION"),
        };
        let bundle = Bundle::new(&contents, &self.redaction);
        self.file.end(&bundle.zip())?;
        let files = bundle.files().iter().map(|file| WrittenFile {
            size: file.text.len(),
            name: file.name.clone(),
            sha256: file.sha256.clone(),
            removed: file.removed.clone(),
        });
        Ok(Written {
            path: self.path,
            files: files.collect(),
        })
    }
}
