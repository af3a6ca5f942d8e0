//! XML 1.0 from outside: limits first, then the parser, and its canonical form.
//!
//! No byte reaches the parser before [`Checked`] has seen all of them, and every function that
//! decides about trust takes a [`Document`], which nothing but [`Checked::parse`] makes from bytes
//! of outside.

pub mod canonical;
pub mod limits;
mod scan;

use std::borrow::Cow;
use std::ops::Deref;

pub use canonical::{Method, canonical};
pub use limits::Limits;
pub use roxmltree::{Attribute, Node, NodeId};

use crate::fault::Fault;
use crate::text::shown;

/// A text that keeps the limits: UTF-8, no document type, no processing instruction, bounded in
/// every direction. Line ends are those of XML 1.0, section 2.11.
#[derive(Clone, PartialEq, Eq)]
pub struct Checked<'a> {
    text: Cow<'a, str>,
    nodes: u32,
}

impl<'a> Checked<'a> {
    /// Holds bytes against the limits, in one pass over them.
    ///
    /// # Errors
    /// A fault for each limit: see [`Limits`].
    pub fn new(bytes: &'a [u8], limits: &Limits) -> Result<Self, Fault> {
        let text = limits::text(bytes, limits)?;
        scan::scan(&text, limits)?;
        Ok(Self {
            text,
            nodes: limits.nodes,
        })
    }

    /// The document.
    ///
    /// # Errors
    /// [`Fault::XmlMalformed`], or [`Fault::XmlTooManyNodes`].
    pub fn parse(&self) -> Result<Document<'_>, Fault> {
        parse(&self.text, self.nodes)
    }

    /// The text itself.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// A document that keeps the limits.
#[derive(Debug)]
pub struct Document<'t>(roxmltree::Document<'t>);

impl<'t> Deref for Document<'t> {
    type Target = roxmltree::Document<'t>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

/// The value of an attribute that is in no namespace, as those of SAML and XML Signature are. The
/// parser's own look-up by a bare name would take `x:ID` for `ID`.
pub fn attribute<'a>(element: Node<'a, '_>, name: &str) -> Option<&'a str> {
    element
        .attributes()
        .find(|attribute| attribute.namespace().is_none() && attribute.name() == name)
        .map(|attribute| attribute.value())
}

/// The document of a canonical form that [`canonical`] wrote: bounded since what it was made of is.
pub(crate) fn reparse(canonical: &str) -> Result<Document<'_>, Fault> {
    parse(canonical, u32::MAX)
}

fn parse(text: &str, nodes: u32) -> Result<Document<'_>, Fault> {
    let options = roxmltree::ParsingOptions {
        allow_dtd: false,
        nodes_limit: nodes,
        entity_resolver: None,
    };
    match roxmltree::Document::parse_with_options(text, options) {
        Ok(document) => Ok(Document(document)),
        Err(roxmltree::Error::NodesLimitReached) => Err(Fault::XmlTooManyNodes {
            limit: nodes as usize,
        }),
        Err(error) => {
            let at = error.pos();
            Err(Fault::XmlMalformed {
                line: at.row as usize,
                column: at.col as usize,
                reason: shown(&error.to_string(), 200),
            })
        }
    }
}
