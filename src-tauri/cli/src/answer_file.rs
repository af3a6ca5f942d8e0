//! The file in which the answer of a sign-in goes to somebody else's Latchkey.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use crate::out;
use crate::stop::Stop;
use crate::words::shown;

/// A file that was made and is still empty; gone again if no answer comes.
pub(crate) struct AnswerFile {
    path: PathBuf,
    file: File,
    ended: bool,
}

impl AnswerFile {
    /// Makes the file before the sign-in, so that nobody signs in for nothing. For this user only.
    pub(crate) fn begin(path: &Path) -> Result<Self, Stop> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options
            .open(path)
            .map_err(|error| unwritten(path, &error))?;
        Ok(Self {
            path: path.to_owned(),
            file,
            ended: false,
        })
    }

    /// Writes the answer, and says what the file is.
    pub(crate) fn end(mut self, answer: &SecretString) -> Result<(), Stop> {
        let text = answer.expose_secret().as_bytes();
        self.file
            .write_all(text)
            .and_then(|()| self.file.sync_all())
            .map_err(|error| unwritten(&self.path, &error))?;
        self.ended = true;
        out::message(&format!(
            "{} holds the signed answer: send it only to whoever asked for it, and delete it then",
            shown(&self.path.display().to_string())
        ));
        Ok(())
    }
}

impl Drop for AnswerFile {
    fn drop(&mut self) {
        if !self.ended {
            // An empty file says nothing of anybody: there is nothing to report.
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn unwritten(path: &Path, error: &std::io::Error) -> Stop {
    Stop::AnswerFile {
        path: shown(&path.display().to_string()),
        reason: error.kind().to_string(),
    }
}
