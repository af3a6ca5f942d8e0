//! What ends the command before there is an answer.

use std::io;

use latchkey_store::{OpenError, StoreError};

use crate::input::Unusable;

/// Each says in one sentence what could not be used, and ends with exit status 2.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Stop {
    #[error(transparent)]
    Input(#[from] Unusable),
    #[error("{0} are both to be read from standard input; a file is expected for one of them")]
    OneInputTwice(&'static str),
    #[error("--metadata is the address of one provider; one set-up is expected with it, not {0}")]
    OneSetUp(usize),
    #[error("{path} cannot be written ({reason}); a file that does not exist yet is expected")]
    NewFile { path: String, reason: String },
    #[error("standard output could not be written: {0}")]
    Output(#[source] io::Error),
    #[error("no workspace is called \"{name}\"; {known}")]
    NoWorkspace { name: String, known: String },
    #[error("the workspace \"{name}\" has no revision {number}; {known}")]
    NoRevision {
        name: String,
        number: u32,
        known: String,
    },
    #[error(
        "this user has no home directory; name the directory of the workspaces with --data-dir"
    )]
    NoHome,
    #[error("{0}; latchkey workspaces salvage restores what is whole")]
    Damaged(#[source] OpenError),
    #[error(transparent)]
    Open(OpenError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(
        "the practice provider could not start: port {port} of 127.0.0.1 cannot be had ({reason})"
    )]
    Practice { port: u16, reason: String },
    #[error("the practice provider has no key to sign with: {0}")]
    PracticeKey(#[from] latchkey_practice::KeyNotMade),
    #[error("the program could not start its own parts: {0}")]
    Start(#[source] io::Error),
    #[error("the HTTP client could not be made: {0}")]
    Http(#[from] latchkey_signin::StartError),
}

impl From<OpenError> for Stop {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Damaged { copy: Some(_), .. } => Self::Damaged(error),
            other => Self::Open(other),
        }
    }
}
