//! How much XML is looked at, and which XML at all.

use std::borrow::Cow;

use crate::fault::Fault;
use crate::text::shown;

/// What a text may hold. Everything behind these limits takes time and memory in proportion to the
/// text's length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Length in bytes. [`Fault::XmlTooLarge`]
    pub bytes: usize,
    /// Elements inside each other. [`Fault::XmlTooDeep`]
    pub depth: usize,
    /// Elements, texts and comments. [`Fault::XmlTooManyNodes`]
    pub nodes: u32,
    /// Attributes of one element, its namespace declarations among them.
    /// [`Fault::XmlTooManyAttributes`]
    pub attributes: usize,
    /// Namespace declarations of an element and all those around it.
    /// [`Fault::XmlTooManyNamespaces`]
    pub namespaces: usize,
    /// Length of one name in bytes. [`Fault::XmlNameTooLong`]
    pub name: usize,
}

impl Limits {
    /// For one message: a response with 5,000 groups has 373 KB and 25,000 nodes, and none is known with
    /// more than ten namespaces. The parser's time grows with the square of `attributes` and of
    /// `namespaces`: within these, no message takes a tenth of a second.
    pub const MESSAGE: Self = Self {
        bytes: 512 * 1024,
        depth: 64,
        nodes: 100_000,
        attributes: 32,
        namespaces: 24,
        name: 1000,
    };
}

/// The bytes as text, without byte order mark, line ends as XML 1.0, section 2.11, has them.
pub(super) fn text<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Cow<'a, str>, Fault> {
    if bytes.len() > limits.bytes {
        return Err(Fault::XmlTooLarge {
            size: bytes.len(),
            limit: limits.bytes,
        });
    }
    // XML 1.0, appendix F.1.
    if matches!(
        bytes,
        [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, b'<', ..] | [b'<', 0, ..]
    ) {
        return Err(other_encoding("UTF-16"));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let Ok(text) = std::str::from_utf8(bytes) else {
        // What an older declaration names is worth more to the reader than the byte that betrays it.
        let named = bytes.split(|byte| *byte == b'>').next();
        let named = String::from_utf8_lossy(named.unwrap_or_default());
        return match declaration(&named) {
            Err(fault @ Fault::XmlNotUtf8 { .. }) => Err(fault),
            _ => Err(other_encoding("?")),
        };
    };
    if bytes.contains(&0) {
        return Err(Fault::XmlHasNul {});
    }
    if !text.trim_start().starts_with('<') {
        return Err(Fault::NotXml {});
    }
    declaration(text)?;
    if !bytes.contains(&b'\r') {
        return Ok(Cow::Borrowed(text));
    }
    Ok(Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")))
}

/// XML 1.0, section 2.8: version 1.0, and no encoding but the one that the text was read in.
fn declaration(text: &str) -> Result<(), Fault> {
    let Some(rest) = text.strip_prefix("<?xml") else {
        return Ok(());
    };
    if !rest.starts_with([' ', '\t', '\r', '\n']) {
        return Ok(());
    }
    let inside = rest.split("?>").next().unwrap_or(rest);
    let mut parts = inside.split(['"', '\'']);
    while let (Some(name), Some(value)) = (parts.next(), parts.next()) {
        match name.trim().trim_end_matches('=').trim_end() {
            "version" if value != "1.0" => {
                return Err(Fault::XmlVersionNotAccepted {
                    version: shown(value, 20),
                });
            }
            "encoding" if !is_utf8(value) => return Err(other_encoding(value)),
            _ => {}
        }
    }
    Ok(())
}

/// US-ASCII is UTF-8 that uses no other letter.
fn is_utf8(encoding: &str) -> bool {
    ["utf-8", "utf8", "us-ascii", "ascii"]
        .iter()
        .any(|known| encoding.eq_ignore_ascii_case(known))
}

fn other_encoding(encoding: &str) -> Fault {
    Fault::XmlNotUtf8 {
        encoding: shown(encoding, 40),
    }
}
