//! The one pass over a text that comes before the parser.
//!
//! It refuses what would take the parser more than its share of time, what Latchkey never reads
//! (document types, processing instructions), and the few texts that the parser takes although
//! XML 1.0 or Namespaces in XML 1.0 does not: wherever two readers of one text could disagree, no
//! signature means anything.

use memchr::{memchr2, memchr3};

use super::limits::Limits;
use crate::fault::Fault;
use crate::text::shown;

pub(super) fn scan(text: &str, limits: &Limits) -> Result<(), Fault> {
    let mut scan = Scan {
        text,
        at: 0,
        limits,
        nodes: 0,
        open: Vec::new(),
        in_scope: 0,
    };
    scan.declaration()?;
    while scan.at < text.len() {
        scan.characters()?;
        if scan.at < text.len() {
            scan.markup()?;
        }
    }
    Ok(())
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
    limits: &'a Limits,
    nodes: usize,
    /// For each open element, how many namespaces it declares.
    open: Vec<usize>,
    in_scope: usize,
}

impl<'a> Scan<'a> {
    fn declaration(&mut self) -> Result<(), Fault> {
        let Some(rest) = self.text.strip_prefix("<?xml") else {
            return Ok(());
        };
        if rest.starts_with(is_space) {
            self.behind("?>")?;
        }
        Ok(())
    }

    /// Up to the next `<`.
    fn characters(&mut self) -> Result<(), Fault> {
        let start = self.at;
        loop {
            match self.skip(|rest| memchr2(b'<', b'&', rest)) {
                Some(b'&') => self.reference()?,
                Some(_) => break,
                None => break,
            }
        }
        if self.at > start { self.node() } else { Ok(()) }
    }

    fn markup(&mut self) -> Result<(), Fault> {
        let rest = self.rest();
        if rest.starts_with("</") {
            return self.end_tag();
        }
        self.node()?;
        if rest.starts_with("<!--") {
            self.at += "<!--".len();
            return self.behind("-->");
        }
        if rest.starts_with("<![CDATA[") {
            self.at += "<![CDATA[".len();
            return self.behind("]]>");
        }
        if rest.starts_with("<!DOCTYPE") {
            return Err(Fault::XmlHasDoctype {});
        }
        if let Some(target) = rest.strip_prefix("<?") {
            let end = target.find(|c| is_space(c) || c == '?');
            return Err(Fault::XmlHasInstruction {
                target: shown(&target[..end.unwrap_or(target.len())], 40),
            });
        }
        self.start_tag()
    }

    fn end_tag(&mut self) -> Result<(), Fault> {
        self.at += "</".len();
        self.name()?;
        self.spaces();
        self.expect(b'>')?;
        let Some(declared) = self.open.pop() else {
            return Err(self.malformed("an element ends that never began"));
        };
        self.in_scope -= declared;
        Ok(())
    }

    fn start_tag(&mut self) -> Result<(), Fault> {
        self.at += "<".len();
        let element = self.name()?;
        let (mut attributes, mut declared, mut has_default) = (0, 0, false);
        let closed = loop {
            let spaces = self.spaces();
            match self.byte() {
                Some(b'>') => {
                    self.at += 1;
                    break false;
                }
                Some(b'/') => {
                    self.at += 1;
                    self.expect(b'>')?;
                    break true;
                }
                Some(_) if spaces => {}
                _ => return Err(self.malformed("a tag is cut off")),
            }
            let name = self.name()?;
            let value = self.value()?;
            attributes += 1;
            if attributes > self.limits.attributes {
                return Err(Fault::XmlTooManyAttributes {
                    element: shown(element, 60),
                    limit: self.limits.attributes,
                });
            }
            if name == "xmlns" && std::mem::replace(&mut has_default, true) {
                return Err(self.malformed("the default namespace is declared twice"));
            }
            declared += usize::from(self.declares(name, value)?);
        };
        if self.in_scope + declared > self.limits.namespaces {
            return Err(Fault::XmlTooManyNamespaces {
                element: shown(element, 60),
                limit: self.limits.namespaces,
            });
        }
        if self.open.len() == self.limits.depth {
            return Err(Fault::XmlTooDeep {
                limit: self.limits.depth,
            });
        }
        if !closed {
            self.in_scope += declared;
            self.open.push(declared);
        }
        Ok(())
    }

    /// Whether the attribute declares a namespace, in a way that every reader understands alike.
    fn declares(&self, name: &str, value: &str) -> Result<bool, Fault> {
        let prefix = match name.split_once(':') {
            None if name == "xmlns" => "",
            Some(("xmlns", prefix)) => prefix,
            // The parser takes `p:xmlns` for `xmlns`.
            Some((_, "xmlns")) => return Err(self.malformed("an attribute is named xmlns")),
            _ => return Ok(false),
        };
        // Namespaces in XML 1.0, section 3 and 2.2.
        if prefix == "xmlns" || (value.is_empty() && !prefix.is_empty()) {
            return Err(self.malformed("a namespace prefix is declared that cannot be"));
        }
        if !value.is_empty() && !is_absolute(value) {
            return Err(Fault::XmlNamespaceNotAbsolute {
                namespace: shown(value, 100),
            });
        }
        Ok(true)
    }

    /// The value of an attribute, as it is written.
    fn value(&mut self) -> Result<&'a str, Fault> {
        self.spaces();
        self.expect(b'=')?;
        self.spaces();
        let quote = match self.byte() {
            Some(quote @ (b'"' | b'\'')) => quote,
            _ => return Err(self.malformed("an attribute has no value in quotes")),
        };
        self.at += 1;
        let start = self.at;
        loop {
            match self.skip(|rest| memchr3(quote, b'&', b'<', rest)) {
                Some(b'&') => self.reference()?,
                Some(b'<') | None => {
                    return Err(self.malformed("the value of an attribute does not end"));
                }
                Some(_) => break,
            }
        }
        self.at += 1;
        Ok(&self.text[start..self.at - 1])
    }

    /// A name, as far as its end decides what follows; its characters are the parser's to check.
    fn name(&mut self) -> Result<&'a str, Fault> {
        let start = self.at;
        let ends = |byte| {
            matches!(
                byte,
                b' ' | b'\t' | b'\n' | b'=' | b'>' | b'/' | b'<' | b'"' | b'\'' | b'&'
            )
        };
        self.find(ends);
        let name = &self.text[start..self.at];
        // The parser takes `:a` for `a`.
        if name.is_empty() || name.starts_with(':') {
            return Err(self.malformed("a name is missing"));
        }
        if name.len() > self.limits.name {
            return Err(Fault::XmlNameTooLong {
                limit: self.limits.name,
            });
        }
        Ok(name)
    }

    /// `&` and what follows. The parser puts U+FFFD in the place of a number that is no character.
    fn reference(&mut self) -> Result<(), Fault> {
        self.at += "&".len();
        let Some(number) = self.rest().strip_prefix('#') else {
            return Ok(());
        };
        let number = number.split(';').next().unwrap_or_default();
        let code = match number.strip_prefix('x') {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => number.parse(),
        };
        match code.ok().and_then(char::from_u32) {
            Some(_) => Ok(()),
            None => Err(self.malformed("a character reference names no character")),
        }
    }

    fn node(&mut self) -> Result<(), Fault> {
        self.nodes += 1;
        if self.nodes > self.limits.nodes as usize {
            return Err(Fault::XmlTooManyNodes {
                limit: self.limits.nodes as usize,
            });
        }
        Ok(())
    }

    /// Goes behind the next `end`.
    fn behind(&mut self, end: &str) -> Result<(), Fault> {
        match self.rest().find(end) {
            Some(offset) => {
                self.at += offset + end.len();
                Ok(())
            }
            None => {
                Err(self.malformed("a comment, a CDATA section or the declaration does not end"))
            }
        }
    }

    /// The same as [`Self::find`], for what is mostly long.
    fn skip(&mut self, search: impl Fn(&[u8]) -> Option<usize>) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.at..];
        let found = search(rest);
        self.at += found.unwrap_or(rest.len());
        self.byte()
    }

    /// Goes to the next byte that `wanted` wants, or to the end.
    fn find(&mut self, wanted: impl Fn(u8) -> bool) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            if wanted(*byte) {
                return Some(*byte);
            }
            self.at += 1;
        }
        None
    }

    fn spaces(&mut self) -> bool {
        let start = self.at;
        self.find(|byte| !is_space(char::from(byte)));
        self.at > start
    }

    fn expect(&mut self, byte: u8) -> Result<(), Fault> {
        if self.byte() != Some(byte) {
            return Err(self.malformed(&format!("{:?} is missing", char::from(byte))));
        }
        self.at += 1;
        Ok(())
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn malformed(&self, reason: &str) -> Fault {
        let before = &self.text.as_bytes()[..self.at.min(self.text.len())];
        let line_start = before.iter().rposition(|byte| *byte == b'\n');
        Fault::XmlMalformed {
            line: 1 + before.iter().filter(|byte| **byte == b'\n').count(),
            column: before.len() - line_start.map_or(0, |at| at + 1) + 1,
            reason: reason.to_owned(),
        }
    }
}

/// Line ends have been made one character before (XML 1.0, section 2.11).
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n')
}

/// A URI with a scheme (RFC 3986, section 3). A relative one is never canonical: Canonical XML 1.0,
/// section 1.3.
fn is_absolute(uri: &str) -> bool {
    let Some((scheme, _)) = uri.split_once(':') else {
        return false;
    };
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        && uri
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !b"<>\"{}|\\^`".contains(&byte))
}

#[cfg(test)]
mod tests;
