//! Where the parts of a response stand, before anything is believed of them.
//!
//! Every element is looked at, by its local name, so that nothing can hide in a place or a namespace
//! that the rest of the program does not look at (XML signature wrapping).

use std::collections::HashSet;

use super::signature::{self, SIGNATURE};
use super::{ASSERTION, PROTOCOL};
use crate::fault::Fault;
use crate::text::shown;
use crate::xml::{Document, Node};

/// A response with at most one assertion, and signatures only where they can cover it.
#[derive(Clone, Copy, Debug)]
pub struct Shape<'a, 'i> {
    /// `samlp:Response`, the root.
    pub response: Node<'a, 'i>,
    /// Its assertion; none in a response that tells of a failure.
    pub content: Option<Content<'a, 'i>>,
    /// The signature of the response.
    pub response_signature: Option<Node<'a, 'i>>,
    /// The signature of the assertion.
    pub assertion_signature: Option<Node<'a, 'i>>,
}

/// The assertion, as it came.
#[derive(Clone, Copy, Debug)]
pub enum Content<'a, 'i> {
    /// `saml:Assertion`.
    Assertion(Node<'a, 'i>),
    /// `saml:EncryptedAssertion`.
    Encrypted(Node<'a, 'i>),
}

impl<'a, 'i> Shape<'a, 'i> {
    /// Looks at every element of a response.
    ///
    /// # Errors
    /// One fault for each thing that stands where it must not, the first one found.
    pub fn read(document: &'a Document<'i>) -> Result<Self, Fault> {
        let response = document.root_element();
        if !response.has_tag_name((PROTOCOL, "Response")) {
            return Err(Fault::ResponseRootDiffers {
                received: shown(&described(response), 200),
            });
        }
        let found = Found::below(response)?;
        let content = content(response, &found.assertions)?;
        let assertion = match content {
            Some(Content::Assertion(assertion)) => Some(assertion),
            _ => None,
        };
        let mut shape = Self {
            response,
            content,
            response_signature: None,
            assertion_signature: None,
        };
        for signature in found.signatures {
            let parent = signature.parent_element();
            let place = if parent == Some(response) {
                &mut shape.response_signature
            } else if parent.is_some() && parent == assertion {
                &mut shape.assertion_signature
            } else {
                return Err(Fault::SignatureMisplaced {
                    parent: parent.map_or_else(String::new, named),
                });
            };
            if place.replace(signature).is_some() {
                return Err(Fault::SignatureTwice {
                    element: parent.map_or_else(String::new, named),
                });
            }
        }
        Ok(shape)
    }
}

/// Everything that matters for trust, wherever it stands.
struct Found<'a, 'i> {
    assertions: Vec<Node<'a, 'i>>,
    signatures: Vec<Node<'a, 'i>>,
}

impl<'a, 'i> Found<'a, 'i> {
    fn below(root: Node<'a, 'i>) -> Result<Self, Fault> {
        let mut found = Self {
            assertions: Vec::new(),
            signatures: Vec::new(),
        };
        let mut ids = HashSet::with_hasher(foldhash::fast::RandomState::default());
        for element in root.descendants().filter(Node::is_element) {
            let name = element.tag_name();
            match name.name() {
                "Assertion" | "EncryptedAssertion" => found.assertions.push(element),
                "Signature" => found.signatures.push(element),
                "Object" if name.namespace() == Some(SIGNATURE) => {
                    return Err(Fault::SignatureHasObject {});
                }
                _ => {}
            }
            for id in element.attributes().filter(signature::is_id) {
                if !ids.insert(id.value()) {
                    return Err(Fault::IdTwice {
                        id: shown(id.value(), 100),
                    });
                }
            }
        }
        Ok(found)
    }
}

fn content<'a, 'i>(
    response: Node<'a, 'i>,
    assertions: &[Node<'a, 'i>],
) -> Result<Option<Content<'a, 'i>>, Fault> {
    for element in assertions {
        if element.tag_name().namespace() != Some(ASSERTION) {
            return Err(Fault::AssertionOfOtherNamespace {
                element: named(*element),
                namespace: shown(element.tag_name().namespace().unwrap_or("none"), 200),
            });
        }
        if element.parent_element() != Some(response) {
            return Err(Fault::AssertionMisplaced {
                element: named(*element),
                parent: element.parent_element().map_or_else(String::new, named),
            });
        }
    }
    match assertions {
        [] => Ok(None),
        [one] if one.tag_name().name() == "Assertion" => Ok(Some(Content::Assertion(*one))),
        [one] => Ok(Some(Content::Encrypted(*one))),
        _ => Err(Fault::AssertionTwice {
            count: assertions.len(),
        }),
    }
}

fn named(element: Node<'_, '_>) -> String {
    shown(element.tag_name().name(), 60)
}

fn described(element: Node<'_, '_>) -> String {
    match element.tag_name().namespace() {
        Some(namespace) => format!("{} of {namespace}", element.tag_name().name()),
        None => element.tag_name().name().to_owned(),
    }
}
