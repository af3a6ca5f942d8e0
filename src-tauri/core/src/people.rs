//! The people of a company: read from a file or a server, kept in memory, and counted for any order
//! of the rules.
//!
//! Nothing here reads a disk or a network: bytes come in, numbers come out.

mod builder;
pub mod csv;
mod directory;
mod memberships;
mod names;
mod notes;
pub mod okta;
mod recount;
pub mod scim;

use std::io::{self, Read};

use crate::fault::Fault;
use crate::finding::Finding;

pub use builder::{MOST_BYTES, MOST_MEMBERSHIPS, MOST_PEOPLE};
use csv::encoding::Decoded;

pub use csv::OnBroken;
pub use directory::{Directory, Held};
pub use notes::{notes, take_as_asked};
pub use recount::{Change, Counts, Part, Person, Preview, Recount, Whose};
pub use scim::{Gathered, Page};

/// The claim in which groups are kept, unless the source calls it otherwise.
pub const GROUPS: &str = "groups";

/// A directory that was read.
#[derive(Debug)]
pub struct Import {
    /// The people.
    pub directory: Directory,
    /// How a CSV file was read.
    pub mapping: Option<csv::Mapping>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// Reads a file of either kind, which it looks: SCIM 2.0 begins with a bracket, CSV does not.
///
/// # Errors
/// [`Refused`], as [`csv::read`] and [`scim::read`] have it.
pub fn read(source: impl Read, on_broken: OnBroken) -> Result<Import, Refused> {
    let source = Decoded::new(source)?;
    if source.begins_as_json() {
        return scim::read(source);
    }
    csv::read_from(source, None, on_broken)
}

/// Why a directory was not read.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The source could not be read.
    #[error("the people could not be read: {0}")]
    Read(#[from] io::Error),
    /// What came is no directory, or too large.
    #[error("the people could not be read: {}", .0.code())]
    Content(Fault),
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self::Content(fault)
    }
}
