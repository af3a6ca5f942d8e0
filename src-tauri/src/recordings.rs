//! A browser's recording that is read, and the bundle for support that is made of it: in memory, until
//! another one comes or the window closes.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use latchkey_core::diagnosis::bundle::{Bundle, Redacted, Redaction};
use latchkey_core::diagnosis::chain::Chain;
use latchkey_core::diagnosis::har::Har;
use latchkey_core::{Fault, Told};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::dialogs::named;
use crate::house::{Answer, held, told};
use crate::wire::HarProgress;

/// After how many bytes the window is told how far it is.
const STEP: u64 = 4 * 1024 * 1024;

/// How many parts of a dropped file may wait to be read.
const WAITING: usize = 4;

/// What the window has of recordings.
#[derive(Default)]
pub(crate) struct Recordings {
    /// The reading that runs, if one does.
    turn: Mutex<Turn>,
    /// A dropped file whose reading has not begun.
    dropped: Mutex<Option<Source>>,
    read: Mutex<Option<Arc<Kept>>>,
    bundle: Mutex<Option<Arc<Bundle>>>,
}

/// One reading.
#[derive(Default)]
struct Turn {
    /// Whether it is not wanted any more.
    stopped: Arc<AtomicBool>,
    /// Where the parts of a dropped file go.
    parts: Option<Sender<Vec<u8>>>,
}

impl Turn {
    fn stop(&mut self) {
        self.stopped.store(true, Ordering::Release);
        // Whoever waits for a part waits no longer.
        self.parts = None;
    }
}

/// What is kept of a recording once it was read.
pub(crate) struct Kept {
    /// The workspace against which it was held.
    pub(crate) about: Option<String>,
    pub(crate) file: String,
    pub(crate) recording: Har,
    pub(crate) findings: Vec<Told>,
    pub(crate) chain: Option<Chain>,
    pub(crate) redacted: Redacted,
    pub(crate) redaction: Redaction,
}

impl Recordings {
    /// Begins with a file that was chosen, in the place of one that may be read already.
    pub(crate) fn open(&self, path: &Path) -> Answer<Source> {
        let unread = |error: io::Error| unread(&named(path), &error);
        let file = File::open(path).map_err(unread)?;
        let size = file.metadata().map_or(0, |data| data.len());
        let stopped = self.begin(None);
        Ok(Source {
            name: named(path),
            size,
            stopped,
            stream: Box::new(file),
        })
    }

    /// Begins with a file that was dropped, whose parts come one by one.
    pub(crate) fn expect(&self, name: &str, size: u64) {
        let (parts, waiting) = channel(WAITING);
        let stopped = self.begin(Some(parts));
        *held(&self.dropped) = Some(Source {
            name: latchkey_core::text::shown(name, 200),
            size,
            stopped,
            stream: Box::new(Parts {
                waiting,
                part: Vec::new(),
                at: 0,
            }),
        });
    }

    /// The file that was dropped last, to be read.
    pub(crate) fn dropped(&self) -> Option<Source> {
        held(&self.dropped).take()
    }

    /// Hands over the next part of a dropped file, an empty one at its end; waits while there are
    /// enough. Whether more is wanted.
    pub(crate) async fn give(&self, part: Vec<u8>) -> bool {
        let parts = held(&self.turn).parts.clone();
        match parts {
            Some(parts) if !part.is_empty() => parts.send(part).await.is_ok(),
            _ => {
                held(&self.turn).parts = None;
                false
            }
        }
    }

    /// Ends the reading, if one runs.
    pub(crate) fn stop(&self) {
        held(&self.turn).stop();
    }

    /// Keeps what was read for a bundle.
    pub(crate) fn keep(&self, kept: Kept) {
        *held(&self.read) = Some(Arc::new(kept));
    }

    /// What was read last, where it was held against this workspace.
    pub(crate) fn kept(&self, about: Option<&str>) -> Option<Arc<Kept>> {
        let read = held(&self.read).clone();
        read.filter(|kept| kept.about.as_deref() == about)
    }

    /// Keeps the bundle that is shown, to be written as it is.
    pub(crate) fn keep_bundle(&self, bundle: Bundle) -> Arc<Bundle> {
        held(&self.bundle).insert(Arc::new(bundle)).clone()
    }

    /// The bundle that was shown last.
    pub(crate) fn bundle(&self) -> Option<Arc<Bundle>> {
        held(&self.bundle).clone()
    }

    fn begin(&self, parts: Option<Sender<Vec<u8>>>) -> Arc<AtomicBool> {
        let mut turn = held(&self.turn);
        turn.stop();
        *turn = Turn {
            stopped: Arc::default(),
            parts,
        };
        turn.stopped.clone()
    }
}

/// A recording that can be read.
pub(crate) struct Source {
    pub(crate) name: String,
    size: u64,
    stopped: Arc<AtomicBool>,
    stream: Box<dyn Read + Send>,
}

impl Source {
    /// Its bytes. They end with an error once they are not wanted any more.
    pub(crate) fn watched<T: FnMut(HarProgress)>(self, tell: T) -> Watched<T> {
        Watched {
            source: self,
            read: 0,
            told: 0,
            tell,
        }
    }
}

/// Why a recording was not read to its end.
pub(crate) fn unread(file: &str, error: &io::Error) -> Box<Told> {
    if error.kind() == io::ErrorKind::ConnectionAborted {
        return told(Fault::CancelledByPerson {});
    }
    let reason = format!("could not be read ({})", error.kind());
    told(Fault::FileUnusable {
        file: file.to_owned(),
        reason,
    })
}

/// A recording that tells how far it has been read.
pub(crate) struct Watched<T> {
    source: Source,
    read: u64,
    told: u64,
    tell: T,
}

impl<T: FnMut(HarProgress)> Read for Watched<T> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.stream.read(buffer)?;
        if self.source.stopped.load(Ordering::Acquire) {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        self.read += count as u64;
        if self.read - self.told >= STEP || (count == 0 && self.told != self.read) {
            self.told = self.read;
            // Exact up to 9 PB, and a picture of the way even beyond.
            #[expect(clippy::cast_precision_loss, reason = "shown as a bar")]
            (self.tell)(HarProgress {
                read: self.read as f64,
                size: self.source.size as f64,
            });
        }
        Ok(count)
    }
}

/// A dropped file, part by part.
struct Parts {
    waiting: Receiver<Vec<u8>>,
    part: Vec<u8>,
    at: usize,
}

impl Read for Parts {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.part.len() {
            match self.waiting.blocking_recv() {
                Some(part) => (self.part, self.at) = (part, 0),
                None => return Ok(0),
            }
        }
        let mut rest = &self.part[self.at..];
        let count = rest.read(buffer)?;
        self.at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(source: Source) -> io::Result<String> {
        let mut text = String::new();
        source.watched(|_| {}).read_to_string(&mut text)?;
        Ok(text)
    }

    #[tokio::test]
    async fn a_dropped_file_is_read_in_its_order_to_its_end() {
        let recordings = Arc::new(Recordings::default());
        recordings.expect("a.har", 300);
        let source = recordings.dropped().unwrap();
        let reading = tokio::task::spawn_blocking(|| all(source));
        for number in 0..100 {
            assert!(recordings.give(format!("{number:03}").into_bytes()).await);
        }
        assert!(!recordings.give(Vec::new()).await);
        let text = reading.await.unwrap().unwrap();
        assert_eq!(text.len(), 300);
        assert!(
            text.starts_with("000001") && text.ends_with("099"),
            "{text}"
        );
    }

    #[tokio::test]
    async fn a_reading_that_is_stopped_ends_while_it_waits_and_takes_no_more() {
        let recordings = Arc::new(Recordings::default());
        recordings.expect("a.har", 300);
        let source = recordings.dropped().unwrap();
        let reading = tokio::task::spawn_blocking(|| all(source));
        assert!(recordings.give(b"half".to_vec()).await);
        recordings.stop();
        let error = reading.await.unwrap().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionAborted);
        assert!(!recordings.give(b"more".to_vec()).await);
    }

    #[tokio::test]
    async fn a_second_file_ends_the_reading_of_the_first() {
        let recordings = Arc::new(Recordings::default());
        recordings.expect("a.har", 4);
        let first = recordings.dropped().unwrap();
        let reading = tokio::task::spawn_blocking(|| all(first));
        recordings.expect("b.har", 4);
        assert!(reading.await.unwrap().is_err());
        let second = recordings.dropped().unwrap();
        let reading = tokio::task::spawn_blocking(|| all(second));
        assert!(recordings.give(b"text".to_vec()).await);
        recordings.give(Vec::new()).await;
        assert_eq!(reading.await.unwrap().unwrap(), "text");
    }

    #[tokio::test]
    async fn nothing_is_taken_where_nobody_reads() {
        assert!(!Recordings::default().give(b"x".to_vec()).await);
    }
}
