//! The people of a company: read from a file or a server, kept in memory, and counted for any order
//! of the rules.
//!
//! Nothing here reads a disk or a network: bytes come in, numbers come out.

mod asked;
mod builder;
pub mod csv;
mod directory;
#[cfg(test)]
mod fixtures;
pub mod kept;
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

pub use asked::{AsHeld, Named, as_held};
pub use csv::OnBroken;
pub use directory::{Directory, Held};
pub use notes::{findings, group_limit, notes};
pub use recount::{Counts, Forecast, Lesser, Part, Person, Preview, Recount, RoleChange, Whose};
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
    read_as(source, None, on_broken)
}

/// Reads a file of either kind; a CSV file as `mapping` says, where it is given.
///
/// # Errors
/// [`Refused`], as [`csv::read`] and [`scim::read`] have it.
pub fn read_as(
    source: impl Read,
    mapping: Option<csv::Mapping>,
    on_broken: OnBroken,
) -> Result<Import, Refused> {
    let source = Decoded::with(source, mapping.as_ref().map(|known| known.encoding))?;
    if source.begins_as_json() {
        return scim::read(source);
    }
    csv::read_from(source, mapping, on_broken)
}

/// What a file of either kind looks like, where a person knows this much of it; none where it is
/// JSON.
///
/// # Errors
/// [`Refused::Read`], when the source cannot be read.
pub fn look(source: impl Read, known: &csv::Known) -> Result<Option<csv::Look>, Refused> {
    let source = Decoded::with(source, known.encoding)?;
    if source.begins_as_json() {
        return Ok(None);
    }
    csv::look_at(source, known).map(Some)
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
