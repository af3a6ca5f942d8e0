//! Secrets that are planted before a journey and looked for after it, in whatever way they are written.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use serde_json::json;
use url::form_urlencoded::byte_serialize;

/// Shorter than this, a text could stand somewhere by chance.
const SHORTEST: usize = 8;

/// What was planted.
#[derive(Clone, Debug, Default)]
pub struct Planted {
    secrets: Vec<(&'static str, String)>,
}

impl Planted {
    /// Plants one; `what` says what it is.
    ///
    /// # Panics
    /// When it is too short to be looked for.
    pub fn plant(&mut self, what: &'static str, secret: &str) {
        assert!(
            secret.len() > SHORTEST,
            "{what} is too short to be looked for"
        );
        self.secrets.push((what, secret.to_owned()));
    }

    /// All of them: what each is, and the secret.
    pub fn all(&self) -> &[(&'static str, String)] {
        &self.secrets
    }

    /// Where one of them stands: in these texts, each with its name.
    pub fn found_in(&self, texts: &[(String, Vec<u8>)]) -> Vec<String> {
        let mut found = Vec::new();
        for (what, secret) in &self.secrets {
            for written in ways_to_write(secret) {
                let holds = |text: &[u8]| text.windows(written.len()).any(|one| one == written);
                let places = texts.iter().filter(|(_, text)| holds(text));
                found.extend(places.map(|(place, _)| format!("{what} in {place}")));
            }
        }
        found
    }
}

/// Every file below this folder with its content, a zip with what is packed in it.
///
/// # Panics
/// When one cannot be read.
pub fn content_below(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let read = |path: PathBuf| {
        let content = if path.extension().is_some_and(|ending| ending == "zip") {
            unpacked(&path)
        } else {
            fs::read(&path).expect("it can be read")
        };
        (path.display().to_string(), content)
    };
    files_below(dir).into_iter().map(read).collect()
}

/// All files below this folder.
///
/// # Panics
/// When it cannot be read.
pub fn files_below(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).expect("it is there") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else if path.is_file() {
            files.push(path);
        }
    }
    files
}

fn unpacked(zip: &Path) -> Vec<u8> {
    let output = Command::new("unzip").arg("-p").arg(zip).output();
    output
        .expect("unzip is missing: apt-get install unzip")
        .stdout
}

/// The secret itself, in base64 at each of its three offsets, in an address, in JSON, in hexadecimal; and the
/// parts of a token, and what a SAML response decodes to.
pub fn ways_to_write(secret: &str) -> Vec<Vec<u8>> {
    let mut texts = vec![secret.to_owned()];
    if let [_, payload, signature] = secret.split('.').collect::<Vec<_>>()[..] {
        texts.extend([payload.to_owned(), signature.to_owned()]);
    }
    if let Ok(decoded) = STANDARD.decode(secret)
        && let Ok(xml) = String::from_utf8(decoded)
    {
        let value = |from: &str| Some(xml.split_once(from)?.1.split_once('<')?.0.to_owned());
        texts.extend(value("SignatureValue>"));
        texts.push(xml);
    }
    texts.iter().flat_map(|text| written(text)).collect()
}

fn written(text: &str) -> Vec<Vec<u8>> {
    let mut ways = vec![text.as_bytes().to_vec()];
    for engine in [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD] {
        ways.push(engine.encode(text).into_bytes());
    }
    // Within other bytes only the middle stays the same.
    for offset in 1..3 {
        let shifted = STANDARD_NO_PAD.encode(format!("{}{text}", "x".repeat(offset)));
        let middle = shifted.get(4..shifted.len() - 4).unwrap_or_default();
        if middle.len() > 8 {
            ways.push(middle.as_bytes().to_vec());
        }
    }
    ways.push(
        byte_serialize(text.as_bytes())
            .collect::<String>()
            .into_bytes(),
    );
    let quoted = json!(text).to_string();
    ways.push(quoted.trim_matches('"').as_bytes().to_vec());
    let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    ways.push(hex.into_bytes());
    ways
}
