//! What the window asks about a browser's recording.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use latchkey_core::diagnosis::{Known, NotRead, of_har};
use latchkey_core::{Catalogue, Fault, Finding, SetUp};
use tauri::ipc::Channel;
use tauri::{AppHandle, State};

use crate::desk::workspace_id;
use crate::dialogs;
use crate::house::{Answer, House, away, told};
use crate::wire::{HarProgress, HarRead};

/// After how many bytes the window is told how far it is.
const STEP: u64 = 4 * 1024 * 1024;

/// Lets the person choose a recording and names the cause of the sign-in in it that failed; none if
/// they changed their mind. A workspace's set-up is held against it. The file is read as it is
/// streamed and never kept.
#[tauri::command]
#[specta::specta]
pub async fn read_har(
    app: AppHandle,
    house: State<'_, House>,
    id: Option<String>,
    on_progress: Channel<HarProgress>,
) -> Answer<Option<HarRead>> {
    let set_up = match id {
        Some(id) => {
            let id = workspace_id(&id)?;
            Some(
                house
                    .store(move |store| store.kept(&id))
                    .await?
                    .draft
                    .set_up,
            )
        }
        None => None,
    };
    let Some(path) = dialogs::choose_har(&app).await else {
        return Ok(None);
    };
    let stopped = house.begin_reading();
    // A window that is gone hears nothing; the reading goes on to its end.
    let tell = move |progress| drop(on_progress.send(progress));
    away(move || diagnosed(&path, set_up.as_ref(), tell, stopped))
        .await?
        .map(Some)
}

/// Ends the reading of a recording.
#[tauri::command]
#[specta::specta]
pub async fn cancel_har(house: State<'_, House>) -> Answer<()> {
    house.stop_reading();
    Ok(())
}

fn diagnosed(
    path: &Path,
    set_up: Option<&SetUp>,
    tell: impl FnMut(HarProgress),
    stopped: Arc<AtomicBool>,
) -> Answer<HarRead> {
    let unread = |error: &io::Error| {
        let reason = format!("could not be read ({})", error.kind());
        told(Fault::FileUnusable {
            file: dialogs::named(path),
            reason,
        })
    };
    let file = File::open(path).map_err(|error| unread(&error))?;
    let size = file.metadata().map_or(0, |data| data.len());
    let source = Watched {
        file,
        read: 0,
        told: 0,
        size,
        tell,
        stopped,
    };
    let known = Known {
        set_up,
        catalogue: Catalogue::built_in(),
        now: Timestamp::now(),
    };
    let read = of_har(source, &known).map_err(|error| match error {
        NotRead::Read(error) if error.kind() == io::ErrorKind::ConnectionAborted => {
            told(Fault::CancelledByPerson {})
        }
        NotRead::Read(error) => unread(&error),
        NotRead::Content(fault) => told(*fault),
    })?;
    Ok(HarRead {
        file: dialogs::named(path),
        recording: read.recording,
        findings: read.findings.iter().map(Finding::told).collect(),
        judged: read.judged.and_then(|at| u32::try_from(at).ok()),
        chains: read.chains,
    })
}

/// A file that tells how far it has been read, and ends with an error once that is not wanted any
/// more.
struct Watched<T> {
    file: File,
    read: u64,
    told: u64,
    size: u64,
    tell: T,
    stopped: Arc<AtomicBool>,
}

impl<T: FnMut(HarProgress)> Read for Watched<T> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.stopped.load(Ordering::Acquire) {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        let count = self.file.read(buffer)?;
        self.read += count as u64;
        if self.read - self.told >= STEP || (count == 0 && self.told != self.read) {
            self.told = self.read;
            // Exact up to 9 PB, and a picture of the way even beyond.
            #[expect(clippy::cast_precision_loss, reason = "shown as a bar")]
            (self.tell)(HarProgress {
                read: self.read as f64,
                size: self.size as f64,
            });
        }
        Ok(count)
    }
}
