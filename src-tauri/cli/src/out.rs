//! Standard output and standard error.

use std::fmt::Display;
use std::io::{self, Write};

use serde::Serialize;

use crate::stop::Stop;

/// How the answer is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Out {
    /// JSON instead of text.
    pub(crate) json: bool,
}

impl Out {
    /// The answer: one line of JSON, or the text.
    pub(crate) fn answer(
        self,
        value: &impl Serialize,
        text: impl FnOnce() -> String,
    ) -> Result<(), Stop> {
        if self.json {
            line(value)
        } else {
            written(&text())
        }
    }

    /// A document that is the same for both.
    pub(crate) fn document(self, text: &str) -> Result<(), Stop> {
        written(text)
    }
}

/// One line of JSON, there for the reader when this returns.
pub(crate) fn line(value: &impl Serialize) -> Result<(), Stop> {
    // Strings, numbers and lists only: there is nothing in an answer that JSON cannot write.
    let mut text = serde_json::to_string(value).map_err(|error| Stop::Output(error.into()))?;
    text.push('\n');
    written(&text)
}

/// A message on standard error. Where nobody reads it there is nobody to tell.
pub(crate) fn message(sentence: &impl Display) {
    let _ = writeln!(io::stderr().lock(), "latchkey: {sentence}");
}

fn written(text: &str) -> Result<(), Stop> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        // The reader has seen enough; what was asked for holds or not all the same.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(Stop::Output),
    }
}
