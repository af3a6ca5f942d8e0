//! Where people are read from on this computer.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use latchkey_core::people::csv::Known;
use latchkey_core::people::{self, Import, OnBroken, Refused};
use latchkey_core::{Fault, Finding, Told};
use tokio::sync::watch;

use super::{PeopleAsk, PeopleLook, PeopleProgress, PeopleRead, Tell};
use crate::dialogs::named;
use crate::house::{Answer, told};

/// The most that is held of a drop or a paste, in bytes. A file that is chosen is read as a stream.
const MOST_GIVEN: usize = 64 * 1024 * 1024;

/// How often is said how far it is.
const EVERY: Duration = Duration::from_millis(50);

/// What is read, and can be read again in another way.
#[derive(Clone)]
pub(super) enum Source {
    File(PathBuf),
    Given { name: String, bytes: Arc<Vec<u8>> },
}

/// What may be read from.
type Stream = Box<dyn Read>;

impl Source {
    pub(super) fn given(name: &str) -> Self {
        Self::Given {
            name: latchkey_core::text::shown(name, 200),
            bytes: Arc::default(),
        }
    }

    pub(super) fn name(&self) -> String {
        match self {
            Self::File(path) => named(path),
            Self::Given { name, .. } => name.clone(),
        }
    }

    /// Takes in one more part of what is dropped or pasted.
    pub(super) fn push(&mut self, part: &[u8]) -> Result<(), Fault> {
        if let Self::Given { bytes, .. } = self {
            if bytes.len() + part.len() > MOST_GIVEN {
                return Err(Fault::DirectoryTooLargeToHold { limit: MOST_GIVEN });
            }
            Arc::make_mut(bytes).extend_from_slice(part);
        }
        Ok(())
    }

    /// What it looks like where a person knows this much of it; none where it is JSON.
    pub(super) fn look(&self, known: &Known) -> Answer<Option<PeopleLook>> {
        let (stream, _) = self.open().map_err(|error| self.unread(&error))?;
        match people::look(stream, known) {
            Ok(look) => Ok(look.map(|look| PeopleLook {
                mapping: look.mapping,
                rows: look.rows,
            })),
            Err(Refused::Read(error)) => Err(self.unread(&error)),
            Err(Refused::Content(fault)) => Err(told(fault)),
        }
    }

    /// Reads it to its end, or to the moment in which that is cancelled.
    pub(super) fn read(
        self,
        ask: PeopleAsk,
        tell: &Tell,
        cancelled: &watch::Receiver<bool>,
    ) -> Answer<(PeopleRead, Option<Import>)> {
        let known = ask.mapping.as_ref().map(Known::of);
        let look = self.look(&known.unwrap_or_default())?;
        let (stream, of) = self.open().map_err(|error| self.unread(&error))?;
        let watched = Watched {
            stream,
            done: 0,
            of,
            told: Instant::now(),
            tell,
            cancelled,
        };
        let on_broken = match ask.keep_rest {
            true => OnBroken::Keep,
            false => OnBroken::Refuse,
        };
        let import = people::read_as(watched, ask.mapping.clone(), on_broken);
        let (looked, rows) = look.map(|look| (look.mapping, look.rows)).unzip();
        let mut read = PeopleRead {
            name: self.name(),
            mapping: ask.mapping.or(looked),
            rows: rows.unwrap_or_default(),
            refused: None,
            held: None,
        };
        match import {
            Ok(mut import) => {
                read.mapping = import.mapping.take();
                let wrong = import.findings.iter().find(|finding| finding.is_error());
                read.refused = wrong.map(Finding::told);
                let import = read.refused.is_none().then_some(import);
                Ok((read, import))
            }
            Err(_) if *cancelled.borrow() => Ok((read, None)),
            Err(Refused::Read(error)) => Err(self.unread(&error)),
            Err(Refused::Content(fault)) => {
                let told: Told = Finding::error(fault).told();
                read.refused = Some(told);
                Ok((read, None))
            }
        }
    }

    fn unread(&self, error: &io::Error) -> Box<Told> {
        told(Fault::FileUnusable {
            file: self.name(),
            reason: format!("could not be read ({})", error.kind()),
        })
    }

    fn open(&self) -> io::Result<(Stream, u64)> {
        match self {
            Self::File(path) => {
                let file = File::open(path)?;
                let length = file.metadata()?.len();
                Ok((Box::new(file), length))
            }
            Self::Given { bytes, .. } => {
                let length = bytes.len() as u64;
                Ok((Box::new(Cursor::new(Shared(bytes.clone()))), length))
            }
        }
    }
}

struct Shared(Arc<Vec<u8>>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// A stream that says how far it is, and ends when it is cancelled.
struct Watched<'a> {
    stream: Stream,
    done: u64,
    of: u64,
    told: Instant,
    tell: &'a Tell,
    cancelled: &'a watch::Receiver<bool>,
}

impl Read for Watched<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if *self.cancelled.borrow() {
            // No interruption, which readers try again.
            return Err(io::Error::other("cancelled"));
        }
        let read = self.stream.read(into)?;
        self.done += read as u64;
        if self.told.elapsed() >= EVERY {
            self.told = Instant::now();
            (self.tell)(PeopleProgress::Reading {
                done: self.done,
                of: self.of,
            });
        }
        Ok(read)
    }
}
