//! Reading what the command is given: bounded, as text, and with one sentence for what does not
//! fit.

mod nesting;
mod unusable;

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use latchkey_core::diagnosis::bundle::{Asked, Redacted, Redaction};
use latchkey_core::diagnosis::{self, Diagnosis, Known, NotRead};
use latchkey_core::json::{self, Members, Unreadable};
use latchkey_core::oidc::{Keys, id_token};
use latchkey_core::people::{self, Import, OnBroken, Refused};
use latchkey_core::saml::key_pair::KeyPair;
use latchkey_core::saml::response;
use latchkey_core::{Claims, Fault, Finding, SetUp, set_up};
use latchkey_store::{LARGEST_WHOLE, LONGEST_SECRET, Whole};
use secrecy::SecretString;
use serde::de::IgnoredAny;
use zeroize::Zeroizing;

use crate::words;

pub(crate) use unusable::{Unusable, Why};

/// One kind of input: what is expected, and how large it may be in bytes.
struct Kind {
    expected: &'static str,
    limit: usize,
}

const SET_UP: Kind = Kind {
    expected: "a set-up in JSON, format \"latchkey/1\"",
    limit: set_up::LARGEST,
};
const CLAIMS: Kind = Kind {
    expected: "a JSON object of claim names and their values",
    limit: 1024 * 1024,
};
const TOKEN: Kind = Kind {
    expected: "an ID token in its compact form, or the token endpoint's answer",
    limit: id_token::LARGEST,
};
const KEYS: Kind = Kind {
    expected: "a JSON Web Key Set (RFC 7517), an object with \"keys\"",
    limit: 1024 * 1024,
};
/// Bounded by how many people it holds, not by its size.
const PEOPLE: Kind = Kind {
    expected: "a CSV file with the columns email and groups, or a SCIM 2.0 list in JSON",
    limit: usize::MAX,
};
const RESPONSE: Kind = Kind {
    expected: "a SAML response as XML or base64",
    limit: response::LARGEST_CAPTURED,
};
const ERROR_TEXT: Kind = Kind {
    expected: "what a failed sign-in showed, as text",
    limit: diagnosis::LARGEST,
};
/// Bounded by what is kept of it, not by its size.
const RECORDING: Kind = Kind {
    expected: "a recording of a browser (HAR)",
    limit: usize::MAX,
};
const ANSWERS: Kind = Kind {
    expected: "a JSON object with error, address, browser, person, began, affected (\"all\" or \"some\") or changes",
    limit: 1024 * 1024,
};
const KEY_PAIR: Kind = Kind {
    expected: "a private key and its certificate in PEM",
    limit: 64 * 1024,
};
const SECRET: Kind = Kind {
    expected: "the client secret on one line",
    limit: LONGEST_SECRET,
};

/// An ID token as it was captured, and the access token if that came along.
pub(crate) struct CapturedToken {
    pub(crate) id_token: SecretString,
    pub(crate) access_token: Option<SecretString>,
}

/// Whether this names standard input.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Reads a set-up file.
pub(crate) fn set_up(path: &Path) -> Result<SetUp, Unusable> {
    set_up_of(path, &text(path, &SET_UP)?)
}

fn set_up_of(path: &Path, text: &str) -> Result<SetUp, Unusable> {
    nesting::bounded(text).map_err(|why| Unusable::new(path, why))?;
    SetUp::read(text.as_bytes()).map_err(|error| Unusable::new(path, Why::SetUp(error)))
}

/// What a workspace is made of, or goes on with.
pub(crate) enum Importable {
    SetUp(Box<SetUp>),
    Whole(Box<Whole>),
}

/// Reads a set-up, or a whole workspace where the file says that it is one. It is read once: it may
/// be a pipe.
pub(crate) fn importable(path: &Path) -> Result<Importable, Unusable> {
    const EITHER: Kind = Kind {
        expected: "a set-up, or a whole workspace",
        limit: LARGEST_WHOLE,
    };
    let text = text(path, &EITHER)?;
    if Whole::is_meant(text.as_bytes()) {
        let whole = Whole::read(text.as_bytes());
        let whole = whole.map_err(|error| Unusable::new(path, Why::Whole(error)))?;
        return Ok(Importable::Whole(Box::new(whole)));
    }
    if text.len() > SET_UP.limit {
        return Err(Unusable::new(
            path,
            Why::TooLarge {
                limit: SET_UP.limit,
                expected: SET_UP.expected,
            },
        ));
    }
    Ok(Importable::SetUp(Box::new(set_up_of(path, &text)?)))
}

/// Reads the claims of one person.
pub(crate) fn claims(path: &Path) -> Result<Claims, Unusable> {
    let text = text(path, &CLAIMS)?;
    Ok(Claims::from(&object(path, &CLAIMS, &text)?))
}

/// Reads a key set; none if it holds no key that can verify a signature.
pub(crate) fn keys(path: &Path) -> Result<Option<Keys>, Unusable> {
    let text = text(path, &KEYS)?;
    let members = object(path, &KEYS, &text)?;
    if !members
        .find("keys")
        .is_some_and(serde_json::Value::is_array)
    {
        return Err(misfit(path, &KEYS));
    }
    Ok(Keys::parse(text.as_bytes()))
}

/// Reads a captured ID token: alone, or in the JSON that the token endpoint answered with.
pub(crate) fn token(path: &Path) -> Result<CapturedToken, Unusable> {
    let text = text(path, &TOKEN)?;
    if !text.trim_start().starts_with('{') {
        return Ok(CapturedToken {
            id_token: SecretString::from(text.trim_start().to_owned()),
            access_token: None,
        });
    }
    let members = object(path, &TOKEN, &text)?;
    let member = |name: &str| {
        members
            .text(name)
            .map(|text| SecretString::from(text.to_owned()))
    };
    Ok(CapturedToken {
        id_token: member("id_token").ok_or_else(|| misfit(path, &TOKEN))?,
        access_token: member("access_token"),
    })
}

/// Reads the people of a company. However large the file is, only its people are kept.
pub(crate) fn people(path: &Path, on_broken: OnBroken) -> Result<Import, Unusable> {
    let read = if is_stdin(path) {
        people::read(io::stdin().lock(), on_broken)
    } else {
        let file = File::open(path).map_err(|error| unread(&error, &PEOPLE));
        let file = file.map_err(|why| Unusable::new(path, why))?;
        people::read(file, on_broken)
    };
    read.map_err(|refused| match refused {
        Refused::Read(error) => Unusable::new(path, unread(&error, &PEOPLE)),
        Refused::Content(Fault::DirectoryEmpty {}) => empty(path, &PEOPLE),
        Refused::Content(fault) => {
            let told = Finding::error(fault).told();
            let what = words::sentence(&told.what, &told.mend);
            Unusable::new(path, Why::People { what })
        }
    })
}

/// Reads a recording and what it shows. However large the file is, only its sign-ins are kept.
pub(crate) fn recording(path: &Path, known: &Known<'_>) -> Result<Diagnosis, Unusable> {
    recording_with(path, |source| diagnosis::of_har(source, known))
}

/// Reads a recording, what it shows, and what may be given away of it.
pub(crate) fn recording_to_give(
    path: &Path,
    known: &Known<'_>,
    redaction: &Redaction,
) -> Result<(Diagnosis, Redacted), Unusable> {
    recording_with(path, |source| Redacted::of_har(source, known, redaction))
}

fn recording_with<T>(
    path: &Path,
    read: impl FnOnce(&mut dyn Read) -> Result<T, NotRead>,
) -> Result<T, Unusable> {
    let read = if is_stdin(path) {
        read(&mut io::stdin().lock())
    } else {
        let file = File::open(path).map_err(|error| unread(&error, &RECORDING));
        read(&mut file.map_err(|why| Unusable::new(path, why))?)
    };
    read.map_err(|refused| match refused {
        NotRead::Read(error) => Unusable::new(path, unread(&error, &RECORDING)),
        NotRead::Content(fault) => match *fault {
            Fault::RecordingEmpty {} => empty(path, &RECORDING),
            fault => {
                let told = Finding::error(fault).told();
                let what = words::sentence(&told.what, &told.mend);
                Unusable::new(path, Why::NotUsed { what })
            }
        },
    })
}

/// Reads the answers to what support asks for.
pub(crate) fn answers(path: &Path) -> Result<Asked, Unusable> {
    let text = text(path, &ANSWERS)?;
    object(path, &ANSWERS, &text)?;
    serde_json::from_str(&text).map_err(|_| misfit(path, &ANSWERS))
}

/// Reads a captured SAML response. Whether it is one is for the verdict to say.
pub(crate) fn response(path: &Path) -> Result<Zeroizing<Vec<u8>>, Unusable> {
    let bytes = bytes(path, &RESPONSE)?;
    if bytes.trim_ascii().is_empty() {
        return Err(empty(path, &RESPONSE));
    }
    Ok(bytes)
}

/// Takes what a failed sign-in showed: the text itself, or standard input for `-`.
pub(crate) fn error_text(given: &OsStr) -> Result<Zeroizing<String>, Unusable> {
    if given == "-" {
        return text(Path::new("-"), &ERROR_TEXT);
    }
    // A character that is none in a text from a terminal takes nothing away from the rest.
    let given = Zeroizing::new(given.to_string_lossy().into_owned());
    if given.trim().is_empty() {
        return Err(empty(Path::new("--error"), &ERROR_TEXT));
    }
    Ok(given)
}

/// Reads the workspace's key pair.
pub(crate) fn key_pair(path: &Path) -> Result<KeyPair, Unusable> {
    let text = text(path, &KEY_PAIR)?;
    // The fault's own words speak of the keychain.
    KeyPair::from_pem(&SecretString::from(text.as_str())).map_err(|_| {
        let expected = KEY_PAIR.expected;
        Unusable::new(path, Why::Misfit { expected })
    })
}

/// Reads a client secret. Line breaks behind it are the editor's, all else is its own.
pub(crate) fn secret(path: &Path) -> Result<SecretString, Unusable> {
    let bytes = bytes(path, &SECRET)?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|error| Unusable::new(path, not_text(&bytes, &error, &SECRET)))?;
    let text = text
        .trim_start_matches('\u{FEFF}')
        .trim_end_matches(['\r', '\n']);
    if text.is_empty() {
        return Err(empty(path, &SECRET));
    }
    if text.contains(char::is_control) {
        return Err(misfit(path, &SECRET));
    }
    Ok(SecretString::from(text.to_owned()))
}

/// Text without a byte order mark and without white space around it.
fn text(path: &Path, kind: &Kind) -> Result<Zeroizing<String>, Unusable> {
    let bytes = bytes(path, kind)?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|error| Unusable::new(path, not_text(&bytes, &error, kind)))?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(empty(path, kind));
    }
    // White space before it stays: line numbers count from the file's first line.
    Ok(Zeroizing::new(text.trim_end().to_owned()))
}

fn bytes(path: &Path, kind: &Kind) -> Result<Zeroizing<Vec<u8>>, Unusable> {
    // All the room at once: a buffer that grows leaves copies of a secret behind. What may be larger
    // than this holds none.
    const ROOM: usize = 8 * 1024 * 1024;
    let mut bytes = Zeroizing::new(Vec::with_capacity((kind.limit + 1).min(ROOM)));
    let limit = kind.limit as u64 + 1;
    let read = if is_stdin(path) {
        io::stdin().lock().take(limit).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes))
    };
    read.map_err(|error| Unusable::new(path, unread(&error, kind)))?;
    if bytes.len() > kind.limit {
        let limit = kind.limit;
        return Err(Unusable::new(
            path,
            Why::TooLarge {
                limit,
                expected: kind.expected,
            },
        ));
    }
    Ok(bytes)
}

fn object(path: &Path, kind: &Kind, text: &str) -> Result<Members, Unusable> {
    nesting::bounded(text).map_err(|why| Unusable::new(path, why))?;
    // For the line and the column; the reader of members has none.
    if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
        let why = Why::NotJson {
            line: error.line(),
            column: error.column(),
            expected: kind.expected,
        };
        return Err(Unusable::new(path, why));
    }
    json::members(text.as_bytes()).map_err(|error| match error {
        Unreadable::Twice(name) => Unusable::new(
            path,
            Why::Twice {
                name: latchkey_core::text::shown(&name, 100),
            },
        ),
        Unreadable::NotAnObject => misfit(path, kind),
    })
}

fn unread(error: &io::Error, kind: &Kind) -> Why {
    let expected = kind.expected;
    match error.kind() {
        io::ErrorKind::NotFound => Why::Missing { expected },
        io::ErrorKind::IsADirectory => Why::Directory { expected },
        io::ErrorKind::PermissionDenied => Why::NotAllowed,
        kind => Why::Unread {
            reason: kind.to_string(),
        },
    }
}

fn not_text(bytes: &[u8], error: &std::str::Utf8Error, kind: &Kind) -> Why {
    let before = &bytes[..error.valid_up_to()];
    Why::NotText {
        line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
        expected: kind.expected,
    }
}

fn empty(path: &Path, kind: &Kind) -> Unusable {
    let expected = kind.expected;
    Unusable::new(path, Why::Empty { expected })
}

fn misfit(path: &Path, kind: &Kind) -> Unusable {
    let expected = kind.expected;
    Unusable::new(path, Why::Misfit { expected })
}
