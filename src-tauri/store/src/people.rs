//! The people of a workspace, in a file of their own beside the database, if they are kept at all.
//! They go with the workspace, and no export has them.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::damaged::private;
use crate::error::StoreError;
use crate::open::Store;
use crate::workspace::{WorkspaceId, must_exist};

impl Store {
    /// Where the people of a workspace are kept, if they are.
    pub fn people_file(&self, id: &WorkspaceId) -> PathBuf {
        self.dir().join(format!("latchkey-people-{id}.bin"))
    }

    /// Keeps what `write` writes, in place of what was kept; for this user only. It is there whole,
    /// and durable, when this returns, or not at all.
    ///
    /// # Errors
    /// [`StoreError`]: `NotFound`, `PeopleFile`, the disk.
    pub fn keep_people(
        &self,
        id: &WorkspaceId,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), StoreError> {
        self.read(|db| must_exist(db, id))?;
        let mut file = private()
            .open(self.people_file(id))
            .map_err(|error| of_file(&error))?;
        write(&mut file)
            .and_then(|()| file.sync_all())
            .map_err(|error| of_file(&error))?;
        // Whoever deletes the workspace meanwhile deletes this too, or comes first.
        self.write(|db| {
            must_exist(db, id)?;
            file.commit().map_err(|error| of_file(&error))
        })
    }

    /// The file of the people who are kept; none if none are.
    ///
    /// # Errors
    /// As the system says it.
    pub fn kept_people(&self, id: &WorkspaceId) -> io::Result<Option<File>> {
        match File::open(self.people_file(id)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            opened => opened.map(Some),
        }
    }

    /// Sets a file aside that cannot be read, in place of one that was set aside before; where it is.
    ///
    /// # Errors
    /// [`StoreError::PeopleFile`].
    pub fn set_people_aside(&self, id: &WorkspaceId) -> Result<PathBuf, StoreError> {
        let aside = self.dir().join(format!("latchkey-people-{id}-damaged.bin"));
        fs::rename(self.people_file(id), &aside).map_err(|error| of_file(&error))?;
        Ok(aside)
    }

    /// Deletes the people who are kept, what was set aside of them, and what a kill left of a file
    /// that was being written.
    ///
    /// # Errors
    /// [`StoreError::PeopleFile`].
    pub fn forget_people(&self, id: &WorkspaceId) -> Result<(), StoreError> {
        forget(self.dir(), id).map_err(|error| of_file(&error))
    }
}

fn forget(dir: &Path, id: &WorkspaceId) -> io::Result<()> {
    let ours = format!("latchkey-people-{id}");
    let is_ours = |name: OsString| {
        let name = name.to_string_lossy();
        name.strip_prefix('.').unwrap_or(&name).starts_with(&ours)
    };
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if !is_ours(entry.file_name()) {
            continue;
        }
        match fs::remove_file(entry.path()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

fn of_file(error: &io::Error) -> StoreError {
    StoreError::PeopleFile {
        reason: error.kind().to_string(),
    }
}
