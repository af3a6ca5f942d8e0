//! What the window asks about a browser's recording.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use latchkey_core::diagnosis::bundle::{Personal, Redacted, Redaction};
use latchkey_core::diagnosis::{Known, NotRead};
use latchkey_core::{Catalogue, Fault, Finding, SetUp};
use tauri::ipc::Channel;
use tauri::{AppHandle, State};

use super::trouble::set_up_of;
use crate::dialogs;
use crate::house::{Answer, House, away, told};
use crate::recordings::{Kept, Source, unread};
use crate::wire::{HarProgress, HarRead};

/// Lets the person choose a recording and names the cause of the sign-in in it that failed; none if
/// they changed their mind. A workspace's set-up is held against it. The file is read as it is
/// streamed; what may be given away of it is kept for a bundle.
#[tauri::command]
#[specta::specta]
pub async fn read_har(
    app: AppHandle,
    house: State<'_, House>,
    id: Option<String>,
    on_progress: Channel<HarProgress>,
) -> Answer<Option<HarRead>> {
    let set_up = set_up_of(&house, id.clone()).await?;
    let Some(path) = dialogs::choose_har(&app).await else {
        return Ok(None);
    };
    let source = house.recordings.open(&path)?;
    read(&house, source, (id, set_up), on_progress)
        .await
        .map(Some)
}

/// Says that a recording was dropped, whose parts come next. `size` is in bytes.
#[tauri::command]
#[specta::specta]
pub async fn expect_har(house: State<'_, House>, name: String, size: f64) -> Answer<()> {
    // Saturates: what is no size is none.
    house.recordings.expect(&name, size as u64);
    Ok(())
}

/// Takes the next part of a dropped recording, in base64; an empty one is the end. Whether more is
/// wanted.
#[tauri::command]
#[specta::specta]
pub async fn give_har(house: State<'_, House>, part: String) -> Answer<bool> {
    let part = STANDARD.decode(part).map_err(|_| {
        let reason = "did not arrive whole".to_owned();
        let file = "The file that was dropped".to_owned();
        told(Fault::FileUnusable { file, reason })
    })?;
    Ok(house.recordings.give(part).await)
}

/// Reads the recording that was dropped, while its parts come.
#[tauri::command]
#[specta::specta]
pub async fn read_dropped_har(
    house: State<'_, House>,
    id: Option<String>,
    on_progress: Channel<HarProgress>,
) -> Answer<HarRead> {
    let source = house.recordings.dropped();
    let source = source.ok_or_else(|| told(Fault::CancelledByPerson {}))?;
    let set_up = set_up_of(&house, id.clone()).await?;
    read(&house, source, (id, set_up), on_progress).await
}

/// Ends the reading of a recording.
#[tauri::command]
#[specta::specta]
pub async fn cancel_har(house: State<'_, House>) -> Answer<()> {
    house.recordings.stop();
    Ok(())
}

async fn read(
    house: &House,
    source: Source,
    (about, set_up): (Option<String>, Option<SetUp>),
    on_progress: Channel<HarProgress>,
) -> Answer<HarRead> {
    // A window that is gone hears nothing; the reading goes on to its end.
    let tell = move |progress| drop(on_progress.send(progress));
    let (read, mut kept) = away(move || diagnosed(source, set_up.as_ref(), tell)).await??;
    kept.about = about;
    house.recordings.keep(kept);
    Ok(read)
}

fn diagnosed(
    source: Source,
    set_up: Option<&SetUp>,
    tell: impl FnMut(HarProgress),
) -> Answer<(HarRead, Kept)> {
    let known = Known {
        set_up,
        catalogue: Catalogue::built_in(),
        now: Timestamp::now(),
    };
    let file = source.name.clone();
    let redaction = Redaction::new(Personal::Hash);
    let read = Redacted::of_har(source.watched(tell), &known, &redaction);
    let (diagnosis, redacted) = read.map_err(|error| match error {
        NotRead::Read(error) => unread(&file, &error),
        NotRead::Content(fault) => told(*fault),
    })?;
    let kept = Kept {
        about: None,
        file: file.clone(),
        recording: diagnosis.recording.clone(),
        findings: diagnosis.findings.iter().map(Finding::told).collect(),
        chain: diagnosis.chain().cloned(),
        redacted,
        redaction,
    };
    let read = HarRead {
        file,
        recording: diagnosis.recording,
        findings: kept.findings.clone(),
        judged: diagnosis.judged.and_then(|at| u32::try_from(at).ok()),
        chains: diagnosis.chains,
    };
    Ok((read, kept))
}
