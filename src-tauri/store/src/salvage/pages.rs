//! The pages of a damaged database, with what its log says newer of them. SQLite itself opens neither
//! where their first bytes are damaged.
//!
//! Formats: "Database File Format" of SQLite, sections 1.2 (pages) and 4.1 (the write-ahead log).

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::Path;

use crate::damaged::{LOG, beside};

/// The size of a page: SQLite's own default, which no database of ours leaves.
pub(crate) const PAGE: usize = 4096;

/// The largest database that is read into memory, in bytes.
const LARGEST: u64 = 2 * 1024 * 1024 * 1024;

const LOG_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
const FRAME: usize = FRAME_HEADER + PAGE;

/// The pages as they would be read, were they whole.
pub(crate) struct Pages {
    database: Vec<u8>,
    log: Vec<u8>,
    /// Where in the log the newest state of a page is.
    newer: HashMap<u32, usize>,
}

impl Pages {
    pub(crate) fn read(database: &Path) -> io::Result<Self> {
        let log_path = beside(database, LOG);
        let log = match bounded(&log_path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            read => read?,
        };
        let newer = Log(&log).committed();
        Ok(Self {
            database: bounded(database)?,
            log,
            newer,
        })
    }

    /// The number of the last page.
    pub(crate) fn last(&self) -> u32 {
        let whole = u32::try_from(self.database.len() / PAGE).unwrap_or(u32::MAX);
        whole.max(self.newer.keys().copied().max().unwrap_or_default())
    }

    /// A page, counted from 1.
    pub(crate) fn page(&self, number: u32) -> Option<&[u8]> {
        if let Some(&start) = self.newer.get(&number) {
            return self.log.get(start..start + PAGE);
        }
        let start = usize::try_from(number.checked_sub(1)?).ok()? * PAGE;
        self.database.get(start..start + PAGE)
    }
}

/// Whether a log has lost something that was committed: SQLite takes its end to be at the first frame
/// that does not fit, and says nothing of those behind it.
pub(crate) fn log_is_broken(database: &Path) -> bool {
    let path = beside(database, LOG);
    let broken = || {
        let log = bounded(&path).ok()?;
        let header = log.get(..LOG_HEADER)?.to_vec();
        Log(&log).is_broken().then_some(header)
    };
    // Twice: another process may have begun the log anew while it was read.
    match (broken(), broken()) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}

/// The write-ahead log.
struct Log<'a>(&'a [u8]);

/// A frame whose checksum holds.
struct Frame {
    at: usize,
    page: u32,
    commits: bool,
}

impl Log<'_> {
    /// Where the newest committed state of each page is.
    fn committed(&self) -> HashMap<u32, usize> {
        let frames = self.frames();
        let last = frames.iter().rposition(|frame| frame.commits);
        let committed = last.map_or(&frames[..0], |last| &frames[..=last]);
        committed
            .iter()
            .map(|frame| (frame.page, LOG_HEADER + frame.at * FRAME + FRAME_HEADER))
            .collect()
    }

    fn is_broken(&self) -> bool {
        let frames = self.frames();
        let Some(last) = frames.iter().rposition(|frame| frame.commits) else {
            return false;
        };
        !self.header_holds()
            || frames
                .iter()
                .take(last + 1)
                .enumerate()
                .any(|(n, f)| f.at != n)
    }

    /// The frames that hold. Each sum continues from the one before it, as that is written there: so
    /// a frame behind a damaged one is still known.
    fn frames(&self) -> Vec<Frame> {
        let Some(salts) = self.salts() else {
            return Vec::new();
        };
        let big = self.is_big_endian();
        let mut before = self.words(24);
        let mut frames = Vec::new();
        for (at, frame) in self.behind_header().chunks_exact(FRAME).enumerate() {
            let start = LOG_HEADER + at * FRAME;
            let written = self.words(start + 16);
            let summed = before.map(|before| {
                let begun = sum(before, &frame[..8], big);
                sum(begun, &frame[FRAME_HEADER..], big)
            });
            if frame[8..16] == salts && summed.is_some() && summed == written {
                let [page, size] = self.words(start).unwrap_or_default();
                frames.push(Frame {
                    at,
                    page,
                    commits: size > 0,
                });
            }
            before = written;
        }
        frames
    }

    fn behind_header(&self) -> &[u8] {
        self.0.get(LOG_HEADER..).unwrap_or_default()
    }

    /// What tells this log's frames from those of a log before it.
    fn salts(&self) -> Option<[u8; 8]> {
        let header = if self.header_holds() {
            self.0.get(16..24)
        } else {
            self.behind_header().get(8..16)
        };
        header?.try_into().ok()
    }

    fn header_holds(&self) -> bool {
        let Some(header) = self.0.get(..24) else {
            return false;
        };
        let summed = sum([0, 0], header, self.is_big_endian());
        self.words(24) == Some(summed)
    }

    fn is_big_endian(&self) -> bool {
        match self.0.get(..4) {
            Some(&[0x37, 0x7F, 0x06, 0x82]) => false,
            Some(&[0x37, 0x7F, 0x06, 0x83]) => true,
            _ => cfg!(target_endian = "big"),
        }
    }

    fn words(&self, at: usize) -> Option<[u32; 2]> {
        let word = |at: usize| {
            let bytes = self.0.get(at..at + 4)?;
            Some(u32::from_be_bytes(bytes.try_into().ok()?))
        };
        Some([word(at)?, word(at + 4)?])
    }
}

/// The checksum of the log (section 4.2), continued.
fn sum(before: [u32; 2], bytes: &[u8], big_endian: bool) -> [u32; 2] {
    let [mut one, mut two] = before;
    let (pairs, _) = bytes.as_chunks::<8>();
    for &[a, b, c, d, e, f, g, h] in pairs {
        let word = if big_endian {
            u32::from_be_bytes
        } else {
            u32::from_le_bytes
        };
        one = one.wrapping_add(word([a, b, c, d])).wrapping_add(two);
        two = two.wrapping_add(word([e, f, g, h])).wrapping_add(one);
    }
    [one, two]
}

fn bounded(path: &Path) -> io::Result<Vec<u8>> {
    if fs::metadata(path)?.len() > LARGEST {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    fs::read(path)
}
