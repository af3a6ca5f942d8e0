//! What the store promises, seen from outside.
#![expect(clippy::unwrap_used, reason = "all of this is test code")]

mod deleting;
mod drafts;
mod full;
mod history;
mod kills;
mod names;
mod opening;
mod people;
mod place;
mod revisions;
mod salvage;
mod secrets;
mod states;
mod two_at_once;
mod whole;
