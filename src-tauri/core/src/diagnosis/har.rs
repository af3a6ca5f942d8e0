//! A recording of a browser's requests (HAR 1.2), read once from beginning to end.
//!
//! The file is never held: strings that say nothing about a sign-in are skipped where they stand, and
//! of each request only what [`Raw`] has is copied out, handed over, and wiped before the next. A
//! file that breaks off is read up to where it does.

mod browser;
mod quote;
mod raw;
mod reader;
mod scan;

use std::io::{self, Read};

use serde::{Deserialize, Serialize};
use specta::Type;

pub use browser::Browser;
pub(in crate::diagnosis) use raw::{Raw, Value};

use crate::fault::Fault;

/// The most of a posted body that is looked at, in bytes: an answer at its largest.
pub const LARGEST_POST: usize = crate::saml::response::LARGEST_CAPTURED;

/// The most of an answered body that is looked at, in bytes: a page that posts an answer itself.
pub const LARGEST_BODY: usize = 2 * 1024 * 1024;

/// The most of an address or of a header's value that is looked at, in bytes.
pub const LARGEST_LINE: usize = 1024 * 1024;

/// The most requests that are read.
pub const MOST_REQUESTS: usize = 2_000_000;

/// What a recording says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Har {
    /// Who wrote it.
    pub browser: Browser,
    /// The writer's own name and version, as it gives them.
    pub creator: String,
    /// The browser and its version, as it names itself to servers; empty where the recording has not that.
    pub agent: String,
    /// How many requests were read.
    pub requests: u32,
    /// Where it stops being a recording, in bytes from the beginning; none where it is whole.
    #[specta(type = Option<f64>)]
    pub cut: Option<u64>,
}

/// Why a file is no recording.
#[derive(Debug, thiserror::Error)]
pub enum NotRead {
    /// The source could not be read, or whoever gave it wants to stop.
    #[error("the recording could not be read: {0}")]
    Read(#[source] io::Error),
    /// It is something else.
    #[error("not a recording: {}", .0.code())]
    Content(Box<Fault>),
}

impl NotRead {
    fn content(fault: Fault) -> Self {
        Self::Content(Box::new(fault))
    }
}

/// Reads a recording and hands over one request after the other, in the order of the file. Nothing
/// of it is kept here. A source that fails with an error ends the reading: so does whoever cancels.
///
/// # Errors
/// [`NotRead`]: the source failed, or what it gives is no recording.
pub(in crate::diagnosis) fn read(
    source: impl Read,
    take: impl FnMut(&mut Raw),
) -> Result<Har, NotRead> {
    reader::read(source, take)
}
