//! Opening the database, or saying why not without having touched it.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::damaged::{LOG, LOG_INDEX, beside, copy_aside};
use crate::error::{Disk, OpenError, StoreError};
use crate::salvage::{Damaged, log_is_broken};
use crate::schema::{self, Found, KNOWN};
use crate::seal::seal_rows;

/// The database's name in its directory.
pub const FILE: &str = "latchkey.db";

/// How long one process waits for another's transaction.
const PATIENCE: Duration = Duration::from_secs(10);

/// The database.
#[derive(Debug)]
pub struct Store {
    db: Mutex<Connection>,
    dir: PathBuf,
    /// Says that the database is open for as long as this is: nothing else is put in its place then.
    _user: File,
}

/// Where the database is unless another directory is named; none on a machine without a home.
pub fn default_dir() -> Option<PathBuf> {
    directories::ProjectDirs::from("io", "", "latchkey")
        .map(|dirs| dirs.data_local_dir().to_owned())
}

impl Store {
    /// Opens the database in `dir`; makes both if they are not there, for this user only.
    ///
    /// # Errors
    /// [`OpenError`]. A database that cannot be used is left as it is, byte for byte.
    pub fn open(dir: &Path) -> Result<Self, OpenError> {
        let _alone = alone_in(dir)?;
        Self::open_alone(dir)
    }

    /// Opens the database in `dir`. What is whole in a damaged one is put into a fresh one first,
    /// which takes its place; [`Self::salvage`] says what. The damaged one is then only its copy.
    ///
    /// # Errors
    /// [`OpenError`]; `Damaged` if it could not be copied, `InUse` if another process has it open. It
    /// is left as it is then.
    pub fn open_or_salvage(dir: &Path, now: Timestamp) -> Result<Self, OpenError> {
        let _alone = alone_in(dir)?;
        match Self::open_alone(dir) {
            Err(OpenError::Damaged {
                path,
                copy: Some(copy),
            }) => {
                let users = users(dir).map_err(|error| not_writable(dir, &error))?;
                if let Err(TryLockError::WouldBlock) = users.try_lock() {
                    return Err(OpenError::InUse { path });
                }
                let fresh = Fresh::in_dir(dir);
                salvaged(&fresh, &path, &copy, now)?;
                fresh
                    .takes_its_place(&path)
                    .map_err(|error| not_writable(dir, &error))?;
                drop(users);
                Self::open_alone(dir)
            }
            opened => opened,
        }
    }

    /// Stays the same until another process, or another [`Store`] of this one, has changed
    /// something. What this store changes itself does not count.
    ///
    /// # Errors
    /// [`StoreError::Disk`].
    pub fn data_version(&self) -> Result<u32, StoreError> {
        let db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(db.pragma_query_value(None, "data_version", |row| row.get(0))?)
    }

    /// Where the database is, and what is kept beside it.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Several reads that see one state.
    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&Transaction) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.within(TransactionBehavior::Deferred, read)
    }

    /// All of it or nothing; durable when it returns.
    pub(crate) fn write<T>(
        &self,
        write: impl FnOnce(&Transaction) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.within(TransactionBehavior::Immediate, |db| {
            let done = write(db)?;
            seal_rows(db)?;
            Ok(done)
        })
    }

    /// Empties the log: what was deleted is then nowhere in the files. Another process that reads
    /// at this moment prevents it; then the next one to close the database does it.
    pub(crate) fn empty_log(&self) {
        let db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        // The deletion itself has been committed: there is nothing to report.
        let _ = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    }

    fn within<T>(
        &self,
        behaviour: TransactionBehavior,
        work: impl FnOnce(&Transaction) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        // A panic has rolled its transaction back: the connection is as good as before.
        let mut db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = db.transaction_with_behavior(behaviour)?;
        let done = work(&transaction)?;
        transaction.commit()?;
        Ok(done)
    }

    fn open_alone(dir: &Path) -> Result<Self, OpenError> {
        let path = dir.join(FILE);
        let written = |done: io::Result<()>| done.map_err(|error| not_writable(dir, &error));
        // A salvage that was killed at its last step is ended first.
        written(Fresh::in_dir(dir).takes_its_place(&path))?;
        written(make_file(&path))?;
        let db = connect(&path);
        let found = match &db {
            // SQLite writes the first page before it ever fills a log, and would now discard it.
            _ if size(&path) == 0 && size(&beside(&path, LOG)) > 0 => Ok(Found::Damaged),
            _ if log_is_broken(&path) => Ok(Found::Damaged),
            Ok(db) => schema::examine(db),
            Err(error) => Err(error.clone()),
        };
        let usable = match found {
            Ok(Found::Usable) => db,
            Ok(Found::Newer(found)) => {
                return Err(OpenError::Newer {
                    found,
                    known: KNOWN,
                });
            }
            Ok(Found::Foreign) => return Err(OpenError::Foreign { path }),
            Ok(Found::Damaged) => {
                drop(db);
                let copy = copy_aside(&path).ok();
                return Err(OpenError::Damaged { path, copy });
            }
            Err(error) => Err(error),
        };
        let db = usable.and_then(prepare).map_err(|error| match error {
            Disk::NotWritable => OpenError::NotWritable {
                dir: dir.to_owned(),
                why: error.to_string(),
            },
            other => OpenError::Disk(other),
        })?;
        let user = users(dir).map_err(|error| not_writable(dir, &error))?;
        // Where a file system knows no locks, a salvage cannot see that this one is open.
        let _ = user.lock_shared();
        Ok(Self {
            db: Mutex::new(db),
            // Shown to a person: where it is, wherever the program was started.
            dir: std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned()),
            _user: user,
        })
    }
}

/// The database that is to take the place of a damaged one. It has its name only once it is whole.
struct Fresh {
    dir: PathBuf,
    whole: PathBuf,
}

impl Fresh {
    fn in_dir(dir: &Path) -> Self {
        Self {
            // SQLite names its own files after a database: this one gets a directory for them.
            dir: dir.join("latchkey-fresh"),
            whole: dir.join("latchkey-fresh.db"),
        }
    }

    /// Puts it in the place of the damaged one, if it is there. Whoever is killed on the way has
    /// this done by the next one to open.
    fn takes_its_place(&self, path: &Path) -> io::Result<()> {
        if !self.whole.exists() {
            return Ok(());
        }
        // A log that is not its own would be read into it.
        for file in [beside(path, LOG), beside(path, LOG_INDEX)] {
            match fs::remove_file(file) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        fs::rename(&self.whole, path)?;
        #[cfg(unix)]
        File::open(path.parent().unwrap_or(path))?.sync_all()?;
        Ok(())
    }
}

/// Makes a database of all that is whole in the damaged one.
fn salvaged(fresh: &Fresh, damaged: &Path, copy: &Path, now: Timestamp) -> Result<(), OpenError> {
    let failed = |error: io::Error| not_writable(&fresh.dir, &error);
    let rows = Damaged::read(damaged).map_err(failed)?;
    match fs::remove_dir_all(&fresh.dir) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    make_dir(&fresh.dir).map_err(failed)?;
    let store = Store::open_alone(&fresh.dir)?;
    store
        .take_from(&rows, copy, now)
        .map_err(|error| match error {
            StoreError::Disk(disk) => OpenError::Disk(disk),
            other => OpenError::Disk(Disk::Other(other.to_string())),
        })?;
    // All of it is in the file then, and on the disk.
    store.empty_log();
    drop(store);
    fs::rename(fresh.dir.join(FILE), &fresh.whole).map_err(failed)?;
    fs::remove_dir_all(&fresh.dir).map_err(failed)
}

/// The directory, made if need be, and the right to open the database in it while others wait.
fn alone_in(dir: &Path) -> Result<File, OpenError> {
    make_dir(dir)
        .and_then(|()| lock(dir))
        .map_err(|error| not_writable(dir, &error))
}

fn not_writable(dir: &Path, error: &io::Error) -> OpenError {
    OpenError::NotWritable {
        dir: dir.to_owned(),
        why: error.to_string(),
    }
}

/// A connection that has not changed anything, and will not when it is closed.
fn connect(path: &Path) -> Result<Connection, Disk> {
    let db = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    db.busy_timeout(PATIENCE)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    if db.is_readonly("main")? {
        return Err(Disk::NotWritable);
    }
    Ok(db)
}

/// Makes the connection one to work with.
fn prepare(mut db: Connection) -> Result<Connection, Disk> {
    let mode: String = db.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode != "wal" {
        return Err(Disk::Other(format!("its journal is in mode {mode}")));
    }
    // A commit is on the disk when it returns, on macOS too.
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "fullfsync", true)?;
    db.pragma_update(None, "checkpoint_fullfsync", true)?;
    db.pragma_update(None, "foreign_keys", true)?;
    // Evidence is personal data: what is deleted is overwritten.
    db.pragma_update(None, "secure_delete", true)?;
    // The file may come from anywhere.
    db.pragma_update(None, "trusted_schema", false)?;
    db.pragma_update(None, "cell_size_check", true)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    schema::migrate(&mut db)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(db)
}

fn make_dir(dir: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// Makes the file for this user only; SQLite gives its log the same mode. A file that is there is
/// not opened: on Unix, closing it would drop the locks of another connection of this process.
fn make_file(path: &Path) -> io::Result<()> {
    match private().create_new(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made.map(drop),
    }
}

/// One opens at a time: SQLite does not wait for another that switches a new file to its log.
fn lock(dir: &Path) -> io::Result<File> {
    let file = private()
        .create(true)
        .truncate(false)
        .open(dir.join("latchkey.lock"))?;
    match file.lock() {
        Err(error) if error.kind() != io::ErrorKind::Unsupported => Err(error),
        _ => Ok(file),
    }
}

/// Locked, shared, by everyone who has the database open.
fn users(dir: &Path) -> io::Result<File> {
    private()
        .create(true)
        .truncate(false)
        .open(dir.join("latchkey.users"))
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |file| file.len())
}
