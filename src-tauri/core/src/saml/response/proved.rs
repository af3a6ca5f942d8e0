//! What signatures cover of an answer, decrypted where it came encrypted.

use roxmltree::Node;
use zeroize::Zeroizing;

use super::addressed::Around;
use super::read::part;
use super::{Covered, Expected};
use crate::certificate::Certificate;
use crate::fault::Fault;
use crate::finding::Finding;
use crate::saml::decrypt::{Cipher, Sealed, opened};
use crate::saml::shape::{Content, Shape};
use crate::saml::signature::{self, Signed};
use crate::saml::{ASSERTION, PROTOCOL};
use crate::xml::{self, Checked, Document, Limits};

/// Encrypted names and attributes that are opened in one assertion.
const MOST_ENCRYPTED: usize = 16;

/// The encrypted elements inside of an assertion, with what may come out of them.
const INSIDE: [(&str, &[(&str, &str)]); 2] = [
    ("EncryptedID", &[(ASSERTION, "NameID")]),
    ("EncryptedAttribute", &[(ASSERTION, "Attribute")]),
];

/// The canonical bytes that a signature covers, with the decrypted text in its place.
pub(super) struct Proved {
    text: Zeroizing<String>,
    pub(super) covered: Covered,
    pub(super) signed_by: Certificate,
    /// What should be looked at although it holds.
    pub(super) findings: Vec<Finding>,
}

impl Proved {
    pub(super) fn parse(&self) -> Result<Document<'_>, Fault> {
        xml::reparse(&self.text)
    }

    /// The assertion, which is the root or stands directly in it.
    pub(super) fn assertion<'a, 'i>(&self, signed: &'a Document<'i>) -> Option<Node<'a, 'i>> {
        let root = signed.root_element();
        if root.has_tag_name((ASSERTION, "Assertion")) {
            return Some(root);
        }
        root.has_tag_name((PROTOCOL, "Response"))
            .then(|| part(root, "Assertion"))
            .flatten()
    }

    /// The Response: what was signed of it, else what came.
    pub(super) fn around<'a, 'i>(
        &self,
        signed: &'a Document<'i>,
        came: Node<'a, 'i>,
    ) -> Around<'a, 'i> {
        match self.covered {
            Covered::Response | Covered::Both => Around {
                response: signed.root_element(),
                signed: true,
            },
            Covered::Assertion => Around {
                response: came,
                signed: false,
            },
        }
    }
}

/// Verifies every signature of the answer; each has to hold.
///
/// # Errors
/// What is wrong with the signatures, or keeps the text from being decrypted.
pub(super) fn proved(
    document: &Document<'_>,
    shape: &Shape<'_, '_>,
    content: Content<'_, '_>,
    expected: &Expected<'_>,
) -> Result<Proved, Vec<Finding>> {
    let certificates = &expected.connection.certificates;
    let verified = |document: &Document<'_>, signature: Option<Node<'_, '_>>| {
        signature
            .map(|signature| signature::verify(document, signature, certificates))
            .transpose()
    };
    let response = verified(document, shape.response_signature)?;
    let mut findings = Vec::new();
    let (text, assertion) = match content {
        Content::Assertion(_) => {
            let assertion = verified(document, shape.assertion_signature)?;
            let text = text(response.as_ref().or(assertion.as_ref()));
            (text, assertion)
        }
        Content::Encrypted(sealed) => {
            let decrypted = Decrypted::of(sealed, response.as_ref(), expected).map_err(one)?;
            let checked = Checked::new(decrypted.came.as_bytes(), &Limits::MESSAGE).map_err(one)?;
            let document = checked.parse().map_err(one)?;
            let shape = Shape::read(&document).map_err(one)?;
            let assertion = verified(&document, shape.assertion_signature)?;
            if response.is_none() && !decrypted.cipher.is_authenticated() {
                findings.push(Finding::warning(Fault::EncryptionUnprotected {
                    algorithm: decrypted.cipher.name(),
                }));
            }
            let text = decrypted.signed.or_else(|| text(assertion.as_ref()));
            (text, assertion)
        }
    };
    let covered = match (&response, &assertion) {
        (Some(_), Some(_)) => Covered::Both,
        (Some(_), None) => Covered::Response,
        (None, _) => Covered::Assertion,
    };
    let (Some(text), Some(signed)) = (text, response.or(assertion)) else {
        return Err(one(Fault::SamlUnsigned {}));
    };
    let signed_by = certificates
        .get(signed.certificate())
        .cloned()
        .ok_or_else(|| one(Fault::SamlUnsigned {}))?;
    Ok(Proved {
        text: inside(text, expected).map_err(one)?,
        covered,
        signed_by,
        findings,
    })
}

/// An encrypted assertion in the clear, in both places where it is needed.
struct Decrypted {
    /// The whole answer as it came: the assertion's own signature is verified in it.
    came: Zeroizing<String>,
    /// The Response as it was signed, if it was: everything is read from it.
    signed: Option<Zeroizing<String>>,
    cipher: Cipher,
}

impl Decrypted {
    fn of(
        came: Node<'_, '_>,
        response: Option<&Signed>,
        expected: &Expected<'_>,
    ) -> Result<Self, Fault> {
        let names = &[(ASSERTION, "Assertion")];
        let Some(response) = response else {
            let (plain, cipher) = decrypted(came, expected)?;
            return Ok(Self {
                came: opened(came, came, &plain, names)?,
                signed: None,
                cipher,
            });
        };
        // Only what was signed is decrypted.
        let document = response.parse()?;
        let signed = part(document.root_element(), "EncryptedAssertion")
            .ok_or(Fault::SamlAssertionMissing {})?;
        let (plain, cipher) = decrypted(signed, expected)?;
        Ok(Self {
            came: opened(came, came, &plain, names)?,
            signed: Some(opened(signed, came, &plain, names)?),
            cipher,
        })
    }
}

/// Opens encrypted names and attributes. A signature covers them as they were encrypted.
fn inside(
    mut text: Zeroizing<String>,
    expected: &Expected<'_>,
) -> Result<Zeroizing<String>, Fault> {
    for _ in 0..=MOST_ENCRYPTED {
        if !INSIDE.iter().any(|(sealed, _)| text.contains(sealed)) {
            return Ok(text);
        }
        let document = xml::reparse(&text)?;
        let found = document.descendants().find_map(|node| {
            let (_, names) = INSIDE
                .iter()
                .find(|(sealed, _)| node.has_tag_name((ASSERTION, *sealed)))?;
            Some((node, *names))
        });
        let Some((sealed, names)) = found else {
            drop(document);
            return Ok(text);
        };
        let (plain, _) = decrypted(sealed, expected)?;
        let open = opened(sealed, sealed, &plain, names)?;
        drop(document);
        text = open;
    }
    Err(Fault::EncryptedTooMuch {
        limit: MOST_ENCRYPTED,
    })
}

fn decrypted(
    sealed: Node<'_, '_>,
    expected: &Expected<'_>,
) -> Result<(Zeroizing<String>, Cipher), Fault> {
    let key = expected.key.ok_or(Fault::EncryptedWithoutKey {})?;
    let sealed = Sealed::read(sealed)?;
    Ok((sealed.open(key)?, sealed.cipher))
}

fn text(signed: Option<&Signed>) -> Option<Zeroizing<String>> {
    let text = std::str::from_utf8(signed?.bytes()).ok()?;
    Some(Zeroizing::new(text.to_owned()))
}

fn one(fault: Fault) -> Vec<Finding> {
    vec![Finding::error(fault)]
}
