//! A file that is made for somebody else: the answer of a sign-in, or a bundle for support.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use crate::out;
use crate::stop::Stop;
use crate::words::shown;

/// A file that was made and is still empty; gone again if nothing comes that goes into it.
pub(crate) struct NewFile {
    path: PathBuf,
    file: File,
    ended: bool,
}

impl NewFile {
    /// Makes the file before the work, so that nobody signs in for nothing. For this user only.
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

    /// Writes the answer of a sign-in, and says what the file is.
    pub(crate) fn answered(self, answer: &SecretString) -> Result<(), Stop> {
        let path = shown(&self.path.display().to_string());
        self.end(answer.expose_secret().as_bytes())?;
        out::message(&format!(
            "{path} holds the signed answer: send it only to whoever asked for it, and delete it then"
        ));
        Ok(())
    }

    /// Writes the content, all of it.
    pub(crate) fn end(mut self, content: &[u8]) -> Result<(), Stop> {
        self.file
            .write_all(content)
            .and_then(|()| self.file.sync_all())
            .map_err(|error| unwritten(&self.path, &error))?;
        self.ended = true;
        Ok(())
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.ended {
            // An empty file says nothing of anybody: there is nothing to report.
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn unwritten(path: &Path, error: &std::io::Error) -> Stop {
    Stop::NewFile {
        path: shown(&path.display().to_string()),
        reason: error.kind().to_string(),
    }
}
