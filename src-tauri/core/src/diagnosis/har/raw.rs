//! One request as the file has it: what matters of it, and nothing for longer than it is looked at.

use jiff::Timestamp;
use zeroize::{Zeroize, Zeroizing};

/// A text of the file, in the bytes of its JSON string; wiped when it is let go.
#[derive(Default)]
pub(in crate::diagnosis) struct Value {
    pub(super) bytes: Zeroizing<Vec<u8>>,
}

impl Value {
    /// What the string says.
    pub(in crate::diagnosis) fn text(&self) -> Zeroizing<String> {
        super::scan::unescaped(&self.bytes)
    }

    /// The string as it is written, escapes and all.
    pub(in crate::diagnosis) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(in crate::diagnosis) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(super) fn wipe(&mut self) {
        self.bytes.as_mut_slice().zeroize();
        self.bytes.clear();
    }
}

/// One request and its answer.
#[derive(Default)]
pub(in crate::diagnosis) struct Raw {
    pub(in crate::diagnosis) started: Value,
    /// How long it took, in milliseconds.
    pub(in crate::diagnosis) took: f64,
    pub(in crate::diagnosis) method: Value,
    pub(in crate::diagnosis) url: Value,
    pub(in crate::diagnosis) request_headers: Vec<(String, Value)>,
    pub(in crate::diagnosis) post_type: Value,
    pub(in crate::diagnosis) post_text: Value,
    pub(in crate::diagnosis) post_params: Vec<(Value, Value)>,
    pub(in crate::diagnosis) has_post: bool,
    pub(in crate::diagnosis) status: u16,
    /// Whether the file says which status came; 0 is that none did.
    pub(in crate::diagnosis) is_answered: bool,
    pub(in crate::diagnosis) response_headers: Vec<(String, Value)>,
    pub(in crate::diagnosis) redirect: Value,
    pub(in crate::diagnosis) body_type: Value,
    pub(in crate::diagnosis) body: Value,
    pub(in crate::diagnosis) body_base64: bool,
    /// How large the body is said to be, in bytes.
    pub(in crate::diagnosis) body_size: f64,
    /// The browser's own word for a request that failed: `net::ERR_NAME_NOT_RESOLVED`.
    pub(in crate::diagnosis) error: Value,
    /// What it was for, where the browser says so: `document`, `xhr`.
    pub(in crate::diagnosis) resource: Value,
    pub(in crate::diagnosis) from_cache: bool,
}

impl Raw {
    /// Ready for the next request; what it held is wiped.
    pub(super) fn wipe(&mut self) {
        for value in [
            &mut self.started,
            &mut self.method,
            &mut self.url,
            &mut self.post_type,
            &mut self.post_text,
            &mut self.redirect,
            &mut self.body_type,
            &mut self.body,
            &mut self.error,
            &mut self.resource,
        ] {
            value.wipe();
        }
        self.request_headers.clear();
        self.response_headers.clear();
        self.post_params.clear();
        (self.took, self.body_size) = (0.0, 0.0);
        (self.has_post, self.body_base64, self.from_cache) = (false, false, false);
        self.is_answered = false;
        self.status = 0;
    }

    pub(in crate::diagnosis) fn request_header(&self, name: &str) -> Option<Zeroizing<String>> {
        of(&self.request_headers, name)
    }

    pub(in crate::diagnosis) fn response_header(&self, name: &str) -> Option<Zeroizing<String>> {
        of(&self.response_headers, name)
    }

    /// When it began, by the clock of the recording's computer.
    pub(in crate::diagnosis) fn started(&self) -> Option<Timestamp> {
        self.started.text().trim().parse().ok()
    }
}

fn of(headers: &[(String, Value)], name: &str) -> Option<Zeroizing<String>> {
    let found = headers.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.text())
}
