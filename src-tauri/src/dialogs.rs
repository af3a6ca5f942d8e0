//! The desktop's own file choosers.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use atomic_write_file::AtomicWriteFile;
use latchkey_core::set_up::LARGEST;
use latchkey_core::{Fault, SetUp, Told};
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
    let name = set_up.file_name();
    let chosen = dialog(app)
        .set_title("Export set-up file")
        .set_file_name(name)
        .save_file()
        .await;
    let Some(file) = chosen else {
        return Ok(None);
    };
    let (path, text) = (file.path().to_owned(), set_up.written());
    away(move || write(&path, text.as_bytes())).await?.map(Some)
}

/// Lets the person choose a file of people, however large; its path.
pub(crate) async fn choose_people(app: &AppHandle) -> Option<PathBuf> {
    let dialog = over_main(app, AsyncFileDialog::new())
        .add_filter("CSV or SCIM", &["csv", "tsv", "txt", "json"])
        .add_filter("All files", &["*"])
        .set_title("People and their groups");
    let file = dialog.pick_file().await?;
    Some(file.path().to_owned())
}

/// Lets the person choose a browser's recording; none if they changed their mind. It is not read here:
/// it may be larger than memory.
pub(crate) async fn choose_har(app: &AppHandle) -> Option<PathBuf> {
    let dialog = over_main(app, AsyncFileDialog::new())
        .add_filter("Recording", &["har", "json"])
        .add_filter("All files", &["*"])
        .set_title("Open HAR file");
    Some(dialog.pick_file().await?.path().to_owned())
}

/// A kind of file that is chosen.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// A provider's metadata, or the service's.
    Metadata,
    /// Certificates, in whatever wrapping.
    Certificates,
    /// The two-sided list for whoever runs the provider.
    Checklist,
    /// A described service.
    Service,
    /// The answer of a sign-in that took place elsewhere.
    Answer,
    /// A whole workspace.
    Whole,
    /// A bundle for the service's support.
    Bundle,
}

/// A file that was chosen and read.
pub(crate) struct Chosen {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

impl Kind {
    fn title(self) -> &'static str {
        match self {
            Self::Metadata => "Metadata",
            Self::Certificates => "Certificate",
            Self::Checklist => "Checklist",
            Self::Service => "Service",
            Self::Answer => "Answer of a sign-in",
            Self::Whole => "Whole workspace",
            Self::Bundle => "Support bundle",
        }
    }

    fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Metadata => &["xml"],
            Self::Certificates => &["pem", "crt", "cer", "cert", "der", "p7b", "p7c", "txt"],
            Self::Checklist => &["md", "txt"],
            Self::Service => &["json"],
            Self::Whole => &["json"],
            Self::Bundle => &["zip"],
            Self::Answer => &["json", "har", "xml", "txt", "b64", "jwt"],
        }
    }

    fn limit(self) -> usize {
        match self {
            Self::Metadata => latchkey_core::saml::metadata::LARGEST,
            Self::Certificates => latchkey_core::certificate::LARGEST,
            Self::Checklist | Self::Service | Self::Bundle => LARGEST,
            Self::Answer => latchkey_core::brought::LARGEST,
            Self::Whole => latchkey_store::LARGEST_WHOLE,
        }
    }
}

/// Lets the person choose a file and reads it; none if they changed their mind.
pub(crate) async fn open(app: &AppHandle, kind: Kind) -> Answer<Option<Chosen>> {
    let dialog = over_main(app, AsyncFileDialog::new())
        .add_filter(kind.title(), kind.endings())
        .add_filter("All files", &["*"])
        .set_title(kind.title());
    let Some(file) = dialog.pick_file().await else {
        return Ok(None);
    };
    let path = file.path().to_owned();
    away(move || {
        let bytes = bytes(&path, kind.limit())?;
        let name = named(&path);
        Ok(Some(Chosen { name, bytes }))
    })
    .await?
}

/// Lets the person choose where to write this; its path.
pub(crate) async fn save(
    app: &AppHandle,
    kind: Kind,
    name: &str,
    content: impl Into<Vec<u8>>,
) -> Answer<Option<String>> {
    let dialog = over_main(app, AsyncFileDialog::new())
        .add_filter(kind.title(), kind.endings())
        .set_title(kind.title())
        .set_file_name(name);
    let Some(file) = dialog.save_file().await else {
        return Ok(None);
    };
    let (path, content) = (file.path().to_owned(), content.into());
    away(move || write(&path, &content)).await?.map(Some)
}

fn dialog(app: &AppHandle) -> AsyncFileDialog {
    over_main(app, AsyncFileDialog::new()).add_filter("Set-up file", &["json"])
}

fn over_main(app: &AppHandle, dialog: AsyncFileDialog) -> AsyncFileDialog {
    match app.get_webview_window(crate::MAIN) {
        Some(window) => dialog.set_parent(&window),
        None => dialog,
    }
}

fn read(path: &Path) -> Answer<SetUp> {
    SetUp::read(&bytes(path, LARGEST)?).map_err(|error| unusable(path, error.to_string()))
}

/// The file's bytes; one that is larger than `limit` is refused.
fn bytes(path: &Path, limit: usize) -> Answer<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)
        // One byte more than is allowed, so that a file that is too large is seen to be.
        .and_then(|file| file.take(limit as u64 + 1).read_to_end(&mut bytes))
        .map_err(|error| unusable(path, format!("could not be read ({})", error.kind())))?;
    if bytes.len() > limit {
        let reason = format!("is larger than {limit} bytes");
        return Err(unusable(path, reason));
    }
    Ok(bytes)
}

fn unusable(path: &Path, reason: String) -> Box<Told> {
    told(Fault::FileUnusable {
        file: named(path),
        reason,
    })
}

fn write(path: &Path, content: &[u8]) -> Answer<String> {
    let failed = |error: std::io::Error| {
        told(Fault::FileNotWritten {
            file: named(path),
            reason: error.kind().to_string(),
        })
    };
    let mut file = AtomicWriteFile::open(path).map_err(failed)?;
    file.write_all(content).map_err(failed)?;
    file.commit().map_err(failed)?;
    Ok(path.display().to_string())
}

pub(crate) fn named(path: &Path) -> String {
    path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}
