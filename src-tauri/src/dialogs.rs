//! The desktop's own file choosers.

use std::fmt::Display;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use atomic_write_file::AtomicWriteFile;
use latchkey_core::hand_over::Document;
use latchkey_core::set_up::LARGEST;
use latchkey_core::{Fault, Told};
use rfd::AsyncFileDialog;
use tauri::{AppHandle, Manager};

use crate::house::{Answer, away, told};

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
    /// A set-up file.
    SetUp,
    /// A provider's metadata, or the service's.
    Metadata,
    /// Certificates, in whatever wrapping.
    Certificates,
    /// What another person or program takes.
    Written(Document),
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

impl Chosen {
    /// That it cannot be used, and why: `error` goes on after the file's name.
    pub(crate) fn unusable(&self, error: impl Display) -> Box<Told> {
        unusable(self.name.clone(), error)
    }
}

impl Kind {
    fn title(self) -> &'static str {
        match self {
            Self::SetUp => "Set-up file",
            Self::Metadata => "Metadata",
            Self::Certificates => "Certificate",
            Self::Written(form) => match form {
                Document::SetUp => "Set-up file",
                Document::Checklist => "Checklist",
                Document::Sql => "SQL query",
                Document::Script => "Shell script",
                Document::Calendar => "Calendar",
                Document::Terraform(_) => "Terraform configuration",
            },
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
            Self::Written(form) => match form {
                Document::SetUp => &["json"],
                Document::Checklist => &["md", "txt"],
                Document::Sql => &["sql"],
                Document::Script => &["sh"],
                Document::Calendar => &["ics"],
                Document::Terraform(_) => &["tf"],
            },
            Self::SetUp | Self::Service | Self::Whole => &["json"],
            Self::Bundle => &["zip"],
            Self::Answer => &["json", "har", "xml", "txt", "b64", "jwt"],
        }
    }

    fn limit(self) -> usize {
        match self {
            Self::Metadata => latchkey_core::saml::metadata::LARGEST,
            Self::Certificates => latchkey_core::certificate::LARGEST,
            Self::SetUp | Self::Written(_) | Self::Service | Self::Bundle => LARGEST,
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

fn over_main(app: &AppHandle, dialog: AsyncFileDialog) -> AsyncFileDialog {
    match app.get_webview_window(crate::MAIN) {
        Some(window) => dialog.set_parent(&window),
        None => dialog,
    }
}

/// The file's bytes; one that is larger than `limit` is refused.
fn bytes(path: &Path, limit: usize) -> Answer<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)
        // One byte more than is allowed, so that a file that is too large is seen to be.
        .and_then(|file| file.take(limit as u64 + 1).read_to_end(&mut bytes))
        .map_err(|error| unusable(named(path), format!("could not be read ({})", error.kind())))?;
    if bytes.len() > limit {
        let reason = format!("is larger than {limit} bytes");
        return Err(unusable(named(path), reason));
    }
    Ok(bytes)
}

fn unusable(file: String, error: impl Display) -> Box<Told> {
    let reason = error.to_string();
    told(Fault::FileUnusable { file, reason })
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
