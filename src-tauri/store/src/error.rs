//! What can go wrong on disk, one variant for each thing that a person would do about it.

use std::path::PathBuf;

use jiff::Timestamp;
use latchkey_core::Fault;
use rusqlite::ErrorCode;

/// Why the database could not be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Written by a newer version of Latchkey. It was not touched.
    #[error(
        "the database was written by a newer version of Latchkey (format {found}, this one knows {known}); it was not touched"
    )]
    Newer {
        /// The format of the database.
        found: u32,
        /// The newest format that this version knows.
        known: u32,
    },
    /// The database is damaged. It was not touched.
    #[error("the database {} is damaged; it was not touched{}", path.display(), copied(copy.as_ref()))]
    Damaged {
        /// The database.
        path: PathBuf,
        /// Where a copy of it is now; none if it could not be copied.
        copy: Option<PathBuf>,
    },
    /// The database is damaged, and another window or command has it open. It was not touched.
    #[error(
        "the database {} is damaged, and another window or command of Latchkey has it open: close that first",
        path.display()
    )]
    InUse {
        /// The database.
        path: PathBuf,
    },
    /// A file is in the database's place that Latchkey did not write. It was not touched.
    #[error("{} is a database that Latchkey did not write; it was not touched", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The directory or the database cannot be written.
    #[error("nothing can be written to {}: {why}", dir.display())]
    NotWritable {
        /// The directory.
        dir: PathBuf,
        /// As the system says it.
        why: String,
    },
    /// Whatever else the disk said.
    #[error(transparent)]
    Disk(#[from] Disk),
}

/// Why something could not be kept or read.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum StoreError {
    /// There is no such workspace (any more).
    #[error("there is no such workspace")]
    NotFound,
    /// The workspace has no such revision.
    #[error("there is no revision {number}")]
    NoSuchRevision {
        /// The number that was asked for.
        number: u32,
    },
    /// The draft was changed elsewhere since it was read. Nothing was written.
    #[error("the draft was changed elsewhere at {at}; nothing was overwritten")]
    ChangedElsewhere {
        /// The draft's version now.
        version: u32,
        /// When it was changed.
        at: Timestamp,
    },
    /// Another workspace has this name.
    #[error("another workspace is called “{name}”")]
    NameTaken {
        /// The name.
        name: String,
    },
    /// A workspace is found by its name, and the set-up has none.
    #[error("the set-up's workspace has no name")]
    NameMissing,
    /// A field of the draft's connection does not hold, so that nothing can have proved it.
    #[error("a field of the connection does not hold")]
    Unfit,
    /// A gate is closed, by the word of whoever judged it. Nothing was written.
    #[error("{}", .0.words().what)]
    Closed(Box<Fault>),
    /// Neither evidence nor a written reason stands behind the revision.
    #[error("a revision needs evidence or a written reason")]
    Unproved,
    /// There is no such evidence in this workspace (any more).
    #[error("there is no evidence {id}")]
    NoSuchEvidence {
        /// The evidence's id.
        id: String,
    },
    /// The answer that proved this has proved something before.
    #[error("this very answer is the evidence of {at} already")]
    AnswerKept {
        /// When that was verified.
        at: Timestamp,
    },
    /// A private key stands in the set-up. Nothing was kept.
    #[error("a private key stands in {field}; nothing was kept")]
    PrivateKey {
        /// Where.
        field: String,
    },
    /// The evidence proved other settings than these.
    #[error("evidence {id} proved other settings")]
    StaleEvidence {
        /// The evidence's id.
        id: String,
    },
    /// The file is of another workspace than the one that it is to go to.
    #[error("the file is of another workspace: “{name}”, not “{wanted}”")]
    OtherWorkspace {
        /// The file's.
        name: String,
        /// The one that it is to go to.
        wanted: String,
    },
    /// A practice workspace is not enforced: there is nobody to lock out.
    #[error("a practice workspace is not enforced")]
    Practice,
    /// Larger than anything a person would keep.
    #[error("{what} is larger than {limit} bytes")]
    TooLarge {
        /// What it is.
        what: &'static str,
        /// The limit in bytes.
        limit: usize,
    },
    /// The file of people beside the database cannot be written, moved or deleted.
    #[error("the file of people cannot be changed: {reason}")]
    PeopleFile {
        /// As the system says it.
        reason: String,
    },
    /// What is stored cannot be read any more.
    #[error("{what} cannot be read from the database any more")]
    Unreadable {
        /// What it is.
        what: &'static str,
    },
    /// The disk.
    #[error(transparent)]
    Disk(#[from] Disk),
}

/// What the disk said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Disk {
    /// No space is left.
    #[error("the disk is full")]
    Full,
    /// Not writable (any more).
    #[error("the database cannot be written")]
    NotWritable,
    /// Another program has kept the database locked for longer than we wait.
    #[error("another program keeps the database locked")]
    Busy,
    /// Damaged since it was opened.
    #[error("the database is damaged")]
    Damaged,
    /// Anything else.
    #[error("the database cannot be used: {0}")]
    Other(String),
}

impl From<rusqlite::Error> for Disk {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                Self::NotWritable
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged,
            // SQLite's own sentence names tables and columns, never a value.
            _ => Self::Other(error.to_string()),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Disk(error.into())
    }
}

fn copied(copy: Option<&PathBuf>) -> String {
    match copy {
        Some(copy) => format!("; a copy of it is {}", copy.display()),
        None => "; it could not be copied".to_owned(),
    }
}
