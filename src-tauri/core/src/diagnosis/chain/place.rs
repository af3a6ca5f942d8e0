//! Where a request went, without anything that an address may carry along.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use specta::Type;
use url::Url;

/// A value that is compared and never shown: `state`, RelayState, a code.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Mark([u8; 16]);

impl Mark {
    pub(super) fn of(value: &str) -> Option<Self> {
        if value.is_empty() {
            return None;
        }
        let digest = Sha256::digest(value.as_bytes());
        let mut mark = [0; 16];
        mark.copy_from_slice(&digest[..16]);
        Some(Self(mark))
    }
}

/// An address without user, query and fragment, and without those parts of its path that look like
/// keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Place {
    /// `https`, `http`.
    pub scheme: String,
    /// The host, with its port where that is not the usual one.
    pub host: String,
    /// The path; what looks like a key in it is `•••`.
    pub path: String,
}

impl Place {
    /// Whether the path has to do with signing in.
    pub(super) fn speaks_of_sign_in(&self) -> bool {
        const WORDS: [&str; 9] = [
            "login", "signin", "sign-in", "sso", "auth", "session", "saml", "callback", "error",
        ];
        let path = self.path.to_ascii_lowercase();
        WORDS.iter().any(|word| path.contains(word))
    }

    pub(in crate::diagnosis) fn of(url: &Url) -> Self {
        let host = url.host_str().unwrap_or_default();
        Self {
            scheme: crate::text::shown(url.scheme(), 20),
            host: match url.port() {
                Some(port) => format!("{}:{port}", crate::text::shown(host, 255)),
                None => crate::text::shown(host, 255),
            },
            path: url
                .path()
                .split('/')
                .map(path_part)
                .collect::<Vec<_>>()
                .join("/"),
        }
    }

    /// The place as it is written.
    pub fn address(&self) -> String {
        format!("{}://{}{}", self.scheme, self.host, self.path)
    }

    /// The host without its port.
    pub fn host_name(&self) -> &str {
        match self.host.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => &self.host,
        }
    }

    /// Whether both are one address but for a slash at the end.
    pub(super) fn is_at(&self, other: &Self) -> bool {
        self.host == other.host
            && self.path.trim_end_matches('/') == other.path.trim_end_matches('/')
    }
}

/// Longer parts of a path are keys, or say nothing.
const LONGEST_PART: usize = 48;

fn path_part(part: &str) -> String {
    let after = part
        .split_once([';', '='])
        .map_or(part, |(before, _)| before);
    if looks_secret(after) || after.len() < part.len() {
        return "•••".to_owned();
    }
    crate::text::shown(part, LONGEST_PART)
}

/// Whether a word may be a key: long, or an encoded token.
pub(in crate::diagnosis) fn looks_secret(word: &str) -> bool {
    let mixed = word.bytes().any(|byte| byte.is_ascii_digit())
        && word.bytes().any(|byte| byte.is_ascii_alphabetic());
    word.len() > LONGEST_PART
        || word.starts_with("eyJ")
        || (word.len() >= 32 && mixed && !crate::text::is_guid(word))
}

/// A text of a server's in one line, without what may be a key or an address of a person.
pub(super) fn masked(text: &str, limit: usize) -> String {
    let words = text.split_whitespace().map(|word| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let may_be_secret = bare.len() >= 20 && bare.bytes().any(|byte| byte.is_ascii_digit());
        if bare.contains('@') || looks_secret(bare) || may_be_secret {
            "•••"
        } else {
            word
        }
    });
    crate::text::shown(&words.collect::<Vec<_>>().join(" "), limit)
}
