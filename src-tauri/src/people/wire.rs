//! What passes between the window and the program about people: numbers, and never the people
//! themselves unless a page of a list is asked for.

use jiff::Timestamp;
use latchkey_core::Told;
use latchkey_core::people::csv::Mapping;
use latchkey_core::people::{Named, Recount, RoleChange};
use serde::{Deserialize, Serialize};
use specta::Type;

/// What there is of people when a workspace is opened.
#[derive(Clone, Debug, Serialize, Type)]
pub struct PeopleThere {
    /// The people who are held, if any are.
    pub held: Option<PeopleHeld>,
    /// The file in which they are kept where that is asked for.
    pub file: String,
    /// Why those who were kept did not come back.
    pub lost: Option<Told>,
}

/// The people who are held.
#[derive(Clone, Debug, Serialize, Type)]
pub struct PeopleHeld {
    /// The name of the file or of the server.
    pub source: String,
    /// What kind of source that is.
    pub from: PeopleFrom,
    /// When they were brought in.
    pub at: Timestamp,
    /// How many people.
    pub people: u32,
    /// How many values all of them have together, addresses not counted.
    pub memberships: u32,
    /// The claims that rules can ask for, the address first.
    pub claims: Vec<ClaimHeld>,
    /// What was noticed while reading.
    pub findings: Vec<Told>,
    /// Whether they stay on this computer when the window is closed.
    pub kept: bool,
    /// How a CSV file was read, as long as it can be read again.
    pub mapping: Option<Mapping>,
    /// The first rows of a CSV file.
    pub rows: Vec<Vec<String>>,
}

/// Where people come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum PeopleFrom {
    /// A file, a drop or the clipboard.
    File,
    /// A live directory.
    Server,
}

/// One claim of the people.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ClaimHeld {
    /// Its name.
    pub name: String,
    /// How many different values it has.
    pub values: u32,
}

/// How a file is to be read.
#[derive(Clone, Debug, Default, Deserialize, Type)]
pub struct PeopleAsk {
    /// How a CSV file is read, where it is not as it looks.
    pub mapping: Option<Mapping>,
    /// Whether records that are not as RFC 4180 has it are left out, instead of the whole refused.
    pub keep_rest: bool,
}

/// A file that was read, or not.
#[derive(Clone, Debug, Serialize, Type)]
pub struct PeopleRead {
    /// Its name.
    pub name: String,
    /// How a CSV file is read.
    pub mapping: Option<Mapping>,
    /// Its first rows.
    pub rows: Vec<Vec<String>>,
    /// Why it was not read; none if it was, or if that was cancelled.
    pub refused: Option<Told>,
    /// The people, if they were read.
    pub held: Option<PeopleHeld>,
}

/// What the beginning of a CSV file looks like, as far as a person does not know better.
#[derive(Clone, Debug, Serialize, Type)]
pub struct PeopleLook {
    /// How it would be read.
    pub mapping: Mapping,
    /// Its first rows.
    pub rows: Vec<Vec<String>>,
}

/// Which kind of live directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum LiveDirectory {
    /// A SCIM 2.0 server.
    Scim,
    /// Okta's management API.
    Okta,
}

/// How reading a server ended.
#[derive(Clone, Debug, Serialize, Type)]
pub struct PeopleFetched {
    /// How many pages came.
    pub pages: u32,
    /// How many people came.
    pub people: u32,
    /// Why the next page did not come. What came can be kept, and reading can go on.
    pub stopped: Option<Told>,
    /// Whether the person ended it.
    pub cancelled: bool,
    /// The people, if all came.
    pub held: Option<PeopleHeld>,
}

/// How far it is.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(tag = "now", rename_all = "snake_case")]
pub enum PeopleProgress {
    /// A file is being read.
    Reading {
        /// Bytes that were read.
        done: u64,
        /// Bytes that there are.
        of: u64,
    },
    /// A server is being read.
    Fetching {
        /// Pages that came.
        pages: u32,
        /// People that came.
        people: u32,
        /// How many people there are, where the server says so.
        of: Option<u64>,
        /// How many seconds the server has us wait for the next page.
        waiting: Option<u32>,
    },
    /// All have come and are being put in order.
    Counting,
}

impl From<latchkey_signin::Progress> for PeopleProgress {
    fn from(progress: latchkey_signin::Progress) -> Self {
        Self::Fetching {
            pages: progress.pages,
            people: progress.people as u32,
            of: progress.of,
            // A moment is said as a second: nobody waits for none.
            waiting: progress.waiting.map(|wait| wait.as_secs().max(1) as u32),
        }
    }
}

/// Who gets what under a list of rules.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Counted {
    /// The numbers.
    pub recount: Recount,
    /// Who would get another role than under the rules before.
    pub changes: Vec<RoleChange>,
    /// Rules whose value is the identifier of a group.
    pub named: Vec<Named>,
}

/// What moving one rule would give, to whatever place.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Foreseen {
    /// Who gets what where the rule stands.
    pub counted: Counted,
    /// For each other rule, in order, how many people change over to the one that moves above it, and
    /// back to it from the one that moves below.
    pub passing: Vec<u32>,
}
