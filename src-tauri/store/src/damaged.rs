//! A damaged database is copied aside once and stays where it is.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use atomic_write_file::AtomicWriteFile;
use sha2::{Digest, Sha256};

/// What SQLite adds to the database's name for its log and the log's index.
pub(crate) const LOG: &str = "-wal";
pub(crate) const LOG_INDEX: &str = "-shm";

/// Copies the database and its log beside it; the copy's name follows from the content, so that
/// the same damage is copied once.
///
/// No connection of this process may be open on it: on Unix, closing the file that is read here
/// would drop the connection's locks.
pub(crate) fn copy_aside(database: &Path) -> io::Result<PathBuf> {
    let log = beside(database, LOG);
    let has_log = log.metadata().is_ok_and(|log| log.len() > 0);
    let mut hash = Sha256::new();
    feed(&mut hash, database)?;
    if has_log {
        feed(&mut hash, &log)?;
    }
    let name: String = hash
        .finalize()
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let copy = database.with_file_name(format!("latchkey-damaged-{name}.db"));
    if copy.exists() {
        return Ok(copy);
    }
    // The log first: the copy's name stands for both.
    if has_log {
        copy_file(&log, &beside(&copy, LOG))?;
    }
    copy_file(database, &copy)?;
    Ok(copy)
}

/// The path of the file whose name is the database's with `suffix`.
pub(crate) fn beside(database: &Path, suffix: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// A file for this user only, there whole or not at all.
pub(crate) fn private() -> atomic_write_file::OpenOptions {
    #[cfg_attr(
        not(unix),
        expect(unused_mut, reason = "a file's mode is a thing of Unix")
    )]
    let mut options = AtomicWriteFile::options();
    #[cfg(unix)]
    {
        use atomic_write_file::unix::OpenOptionsExt as _;
        use std::os::unix::fs::OpenOptionsExt as _;
        options.preserve_mode(false).mode(0o600);
    }
    options
}

fn feed(hash: &mut Sha256, path: &Path) -> io::Result<()> {
    let mut file = File::open(path)?;
    let mut block = vec![0; 64 * 1024];
    loop {
        match file.read(&mut block)? {
            0 => return Ok(()),
            read => hash.update(block.get(..read).unwrap_or_default()),
        }
    }
}

fn copy_file(from: &Path, to: &Path) -> io::Result<()> {
    let mut copy = private().open(to)?;
    io::copy(&mut File::open(from)?, &mut copy)?;
    copy.commit()
}
