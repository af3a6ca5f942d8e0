//! The desktop's own file choosers.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use atomic_write_file::AtomicWriteFile;
use latchkey_core::set_up::LARGEST;
use latchkey_core::{Fault, SetUp};
use rfd::AsyncFileDialog;
use tauri::{AppHandle, Manager};

use crate::house::{Answer, away, told};

/// Lets the person choose a set-up file and reads it; none if they changed their mind.
pub(crate) async fn open_set_up(app: &AppHandle) -> Answer<Option<SetUp>> {
    let Some(file) = dialog(app).set_title("Open set-up file").pick_file().await else {
        return Ok(None);
    };
    let path = file.path().to_owned();
    away(move || read(&path)).await?.map(Some)
}

/// Lets the person choose where to write the set-up file; its path.
pub(crate) async fn write_set_up(app: &AppHandle, set_up: &SetUp) -> Answer<Option<String>> {
    let name = file_name(&set_up.workspace.name);
    let chosen = dialog(app)
        .set_title("Export set-up file")
        .set_file_name(name)
        .save_file()
        .await;
    let Some(file) = chosen else {
        return Ok(None);
    };
    let (path, text) = (file.path().to_owned(), set_up.written());
    away(move || write(&path, &text)).await?.map(Some)
}

fn dialog(app: &AppHandle) -> AsyncFileDialog {
    let dialog = AsyncFileDialog::new().add_filter("Set-up file", &["json"]);
    match app.get_webview_window(crate::MAIN) {
        Some(window) => dialog.set_parent(&window),
        None => dialog,
    }
}

fn read(path: &Path) -> Answer<SetUp> {
    let unusable = |reason: String| {
        told(Fault::FileUnusable {
            file: named(path),
            reason,
        })
    };
    let mut bytes = Vec::new();
    File::open(path)
        // One byte more than is allowed, so that a file that is too large is seen to be.
        .and_then(|file| file.take(LARGEST as u64 + 1).read_to_end(&mut bytes))
        .map_err(|error| unusable(format!("could not be read ({})", error.kind())))?;
    SetUp::read(&bytes).map_err(|error| unusable(error.to_string()))
}

fn write(path: &Path, text: &str) -> Answer<String> {
    let failed = |error: std::io::Error| {
        told(Fault::FileNotWritten {
            file: named(path),
            reason: error.kind().to_string(),
        })
    };
    let mut file = AtomicWriteFile::open(path).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.commit().map_err(failed)?;
    Ok(path.display().to_string())
}

fn named(path: &Path) -> String {
    path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}

/// A file name that every file system takes.
fn file_name(workspace: &str) -> String {
    let plain: String = workspace
        .chars()
        .map(|c| {
            if c.is_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .take(60)
        .collect();
    match plain.trim_matches('-') {
        "" => "workspace.latchkey.json".to_owned(),
        name => format!("{name}.latchkey.json"),
    }
}
