//! Who wrote a recording, since each leaves something else out.

use serde::{Deserialize, Serialize};
use specta::Type;

/// The program that wrote a recording.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Browser {
    /// Chrome, Edge and what else is built on Chromium: their developer tools sign as WebInspector.
    Chromium,
    /// Firefox.
    Firefox,
    /// Safari: WebKit's Web Inspector.
    Safari,
    /// Charles, a proxy.
    Charles,
    /// Something else.
    #[default]
    Other,
}

impl Browser {
    /// Told from the recording's `creator` and `browser`.
    pub(super) fn of(creator: &str, browser: &str) -> Self {
        let both = format!("{creator} {browser}").to_lowercase();
        let named = |names: &[&str]| names.iter().any(|name| both.contains(name));
        // WebKit's own first: it signs as "WebKit Web Inspector".
        if named(&["webkit", "safari"]) {
            Self::Safari
        } else if named(&["webinspector", "chrom", "edge", "brave", "opera"]) {
            Self::Chromium
        } else if named(&["firefox"]) {
            Self::Firefox
        } else if named(&["charles"]) {
            Self::Charles
        } else {
            Self::Other
        }
    }

    /// Its name in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "Chrome or Edge",
            Self::Firefox => "Firefox",
            Self::Safari => "Safari",
            Self::Charles => "Charles",
            Self::Other => "the browser",
        }
    }

    /// The setting that keeps what is usually left out.
    pub fn setting(self) -> &'static str {
        match self {
            Self::Chromium => {
                "in the Network panel tick Preserve log before signing in; under Settings > Preferences > Network \
                 allow HAR with sensitive data, then export that one"
            }
            Self::Firefox => {
                "in the Network panel's settings choose Persist Logs before signing in; bodies above \
                 devtools.netmonitor.responseBodyLimit (about:config) are left out"
            }
            Self::Safari => {
                "in the Network tab choose Preserve Log before signing in; Safari leaves out what a form posts, so \
                 record with Chrome or Firefox where it matters"
            }
            Self::Charles => {
                "record with SSL Proxying on for both hosts, and export as HTTP Archive (.har)"
            }
            Self::Other => {
                "record with the browser's developer tools, the log preserved across pages and bodies included"
            }
        }
    }
}

/// Browser and version out of a `User-Agent` (RFC 9110, section 10.1.5); empty for one that is not known.
pub(super) fn version(agent: &str) -> String {
    // Each names those before it too: Edge and Opera are Chrome, and all are Safari.
    const NAMES: [(&str, &str); 6] = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("CriOS/", "Chrome"),
        ("Version/", "Safari"),
    ];
    let found = NAMES.iter().find_map(|(mark, name)| {
        let (_, rest) = agent.split_once(mark)?;
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.');
        let version = &rest[..digits.unwrap_or(rest.len()).min(20)];
        Some(format!("{name} {version}").trim_end().to_owned())
    });
    found.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_told_by_the_name_that_only_it_has() {
        let like = "Mozilla/5.0 (X11; Linux x86_64)";
        for (agent, says) in [
            ("Firefox/148.0", "Firefox 148.0"),
            (
                "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
                "Chrome 142.0.0.0",
            ),
            (
                "AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36 Edg/142.0.3595.53",
                "Edge 142.0.3595.53",
            ),
            (
                "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
                "Safari 26.0",
            ),
            ("Something/1.0", ""),
            ("Chrome/secret", "Chrome"),
        ] {
            assert_eq!(version(&format!("{like} {agent}")), says);
        }
    }
}
