//! The form of a signature: exact lists of children, all in the namespace of XML Signature, and the
//! few algorithms that are known.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use super::{SIGNATURE, named};
use crate::certificate::Certificate;
use crate::fault::Fault;
use crate::text::shown;
use crate::xml::{Method, Node, attribute};

const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const INCLUSIVE: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
const INCLUSIVE_11: &str = "http://www.w3.org/2006/12/xml-c14n11";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";

/// Prefixes of one `PrefixList`.
const PREFIXES: usize = 32;

/// Bytes of a value: an RSA signature of 8192 bits has 1024.
const VALUE: usize = 1024;

/// What a signature says about itself.
pub(super) struct Form<'a, 'i> {
    pub(super) signed_info: Node<'a, 'i>,
    pub(super) canonicalization: Method,
    pub(super) algorithm: SignatureAlgorithm,
    pub(super) reference: &'a str,
    pub(super) transform: Method,
    pub(super) digest: DigestAlgorithm,
    pub(super) digest_value: Vec<u8>,
    pub(super) value: Vec<u8>,
    pub(super) key_info: Option<Node<'a, 'i>>,
}

impl<'a, 'i> Form<'a, 'i> {
    /// # Errors
    /// The first thing that is not as it must be.
    pub(super) fn read(signature: Node<'a, 'i>) -> Result<Self, Fault> {
        if !signature.has_tag_name((SIGNATURE, "Signature")) {
            return Err(wrong_form(
                signature,
                "a Signature of XML Signature",
                signature.tag_name().namespace().unwrap_or("no namespace"),
            ));
        }
        if signature
            .children()
            .any(|child| child.has_tag_name((SIGNATURE, "Object")))
        {
            return Err(Fault::SignatureHasObject {});
        }
        let parts = children(signature)?;
        let (signed_info, value, key_info) = match parts.as_slice() {
            [info, value] if named_so(&[(info, "SignedInfo"), (value, "SignatureValue")]) => {
                (*info, *value, None)
            }
            [info, value, key]
                if named_so(&[
                    (info, "SignedInfo"),
                    (value, "SignatureValue"),
                    (key, "KeyInfo"),
                ]) =>
            {
                (*info, *value, Some(*key))
            }
            _ => {
                return Err(wrong_children(
                    signature,
                    &parts,
                    "SignedInfo, SignatureValue, KeyInfo",
                ));
            }
        };
        let (canonicalization, method, reference) = signed_info_parts(signed_info)?;
        let (transforms, digest, digest_value) = reference_parts(reference)?;
        // In the order in which a reader would name the reasons.
        let canonicalization = canonicalization_of(canonicalization)?;
        let algorithm = SignatureAlgorithm::of_uri(algorithm_of(method)?)?;
        childless(method)?;
        let transform = transform_of(transforms)?;
        let digest_algorithm = DigestAlgorithm::of_uri(algorithm_of(digest)?)?;
        childless(digest)?;
        Ok(Self {
            signed_info,
            canonicalization,
            algorithm,
            reference: uri_of(reference)?,
            transform,
            digest: digest_algorithm,
            digest_value: plain_value(digest_value)?,
            value: plain_value(value)?,
            key_info,
        })
    }
}

/// The certificate that `KeyInfo` names first: a hint, never a key.
pub(super) fn named_certificate(key_info: Node<'_, '_>) -> Option<Certificate> {
    let element = key_info
        .descendants()
        .find(|element| element.has_tag_name((SIGNATURE, "X509Certificate")))?;
    Certificate::from_der(&decoded(element.text()?)?)
}

fn signed_info_parts<'a, 'i>(
    signed_info: Node<'a, 'i>,
) -> Result<(Node<'a, 'i>, Node<'a, 'i>, Node<'a, 'i>), Fault> {
    let parts = children(signed_info)?;
    let references = parts
        .iter()
        .filter(|part| part.has_tag_name((SIGNATURE, "Reference")))
        .count();
    if references > 1 {
        return Err(Fault::ReferenceTwice { count: references });
    }
    match parts.as_slice() {
        [canonicalization, method, reference]
            if named_so(&[
                (canonicalization, "CanonicalizationMethod"),
                (method, "SignatureMethod"),
                (reference, "Reference"),
            ]) =>
        {
            Ok((*canonicalization, *method, *reference))
        }
        _ => Err(wrong_children(
            signed_info,
            &parts,
            "CanonicalizationMethod, SignatureMethod, Reference",
        )),
    }
}

fn reference_parts<'a, 'i>(
    reference: Node<'a, 'i>,
) -> Result<(Node<'a, 'i>, Node<'a, 'i>, Node<'a, 'i>), Fault> {
    let parts = children(reference)?;
    match parts.as_slice() {
        [transforms, digest, value]
            if named_so(&[
                (transforms, "Transforms"),
                (digest, "DigestMethod"),
                (value, "DigestValue"),
            ]) =>
        {
            Ok((*transforms, *digest, *value))
        }
        _ => Err(wrong_children(
            reference,
            &parts,
            "Transforms, DigestMethod, DigestValue",
        )),
    }
}

/// `enveloped-signature`, then at most one canonicalization. Without one, it is inclusive: XML
/// Signature 1.1, section 4.4.3.2.
fn transform_of(transforms: Node<'_, '_>) -> Result<Method, Fault> {
    let parts = children(transforms)?;
    if let Some(other) = parts
        .iter()
        .find(|part| !part.has_tag_name((SIGNATURE, "Transform")))
    {
        return Err(wrong_form(transforms, "Transform", &full_name(*other)));
    }
    let uris = parts
        .iter()
        .map(|part| algorithm_of(*part))
        .collect::<Result<Vec<_>, _>>()?;
    if let Some(other) = uris
        .iter()
        .find(|uri| **uri != ENVELOPED && !is_canonicalization(uri))
    {
        return Err(Fault::TransformNotAccepted {
            transform: shown(other, 100),
        });
    }
    match (parts.as_slice(), uris.as_slice()) {
        ([enveloped], [ENVELOPED]) => {
            childless(*enveloped)?;
            Ok(Method::Inclusive)
        }
        ([enveloped, canonicalization], [ENVELOPED, uri]) if *uri != ENVELOPED => {
            childless(*enveloped)?;
            canonicalization_of(*canonicalization)
        }
        _ => Err(Fault::TransformsDiffer {
            received: shown(&uris.join(", "), 200),
        }),
    }
}

/// Whether it is one at all; those with comments have names that go on.
fn is_canonicalization(uri: &str) -> bool {
    let bare = uri.trim_end_matches("WithComments");
    [EXCLUSIVE, INCLUSIVE, INCLUSIVE_11].contains(&bare)
        || [INCLUSIVE, INCLUSIVE_11].contains(&bare.trim_end_matches('#'))
}

fn canonicalization_of(element: Node<'_, '_>) -> Result<Method, Fault> {
    match algorithm_of(element)? {
        EXCLUSIVE => Ok(Method::Exclusive(prefixes_of(element)?)),
        INCLUSIVE => childless(element).map(|()| Method::Inclusive),
        INCLUSIVE_11 => childless(element).map(|()| Method::Inclusive11),
        other => Err(Fault::CanonicalizationNotAccepted {
            method: shown(other, 100),
        }),
    }
}

/// `ec:InclusiveNamespaces`: Exclusive XML Canonicalization 1.0, section 3.
fn prefixes_of(element: Node<'_, '_>) -> Result<Vec<String>, Fault> {
    let mut parts = element.children().filter(|child| !is_blank(child));
    let Some(list) = parts.next() else {
        return Ok(Vec::new());
    };
    if !list.has_tag_name((EXCLUSIVE, "InclusiveNamespaces")) || parts.next().is_some() {
        return Err(wrong_form(element, "InclusiveNamespaces", &full_name(list)));
    }
    childless(list)?;
    let prefixes: Vec<_> = attribute(list, "PrefixList")
        .unwrap_or_default()
        .split_ascii_whitespace()
        .map(|prefix| {
            if prefix == "#default" {
                String::new()
            } else {
                prefix.to_owned()
            }
        })
        .collect();
    if prefixes.len() > PREFIXES {
        let received = format!("{} prefixes", prefixes.len());
        return Err(wrong_form(
            list,
            &format!("at most {PREFIXES} prefixes"),
            &received,
        ));
    }
    Ok(prefixes)
}

fn uri_of<'a>(reference: Node<'a, '_>) -> Result<&'a str, Fault> {
    attribute(reference, "URI").ok_or_else(|| wrong_form(reference, "the attribute URI", "none"))
}

fn algorithm_of<'a>(element: Node<'a, '_>) -> Result<&'a str, Fault> {
    attribute(element, "Algorithm")
        .ok_or_else(|| wrong_form(element, "the attribute Algorithm", "none"))
}

/// The bytes of an element that holds base64 and nothing else, not even a comment.
fn plain_value(element: Node<'_, '_>) -> Result<Vec<u8>, Fault> {
    let unreadable = || Fault::SignatureValueUnreadable {
        element: named(element),
    };
    // Two tags, and nothing else that begins with `<`: no element, comment or CDATA section.
    let source = &element.document().input_text()[element.range()];
    if source.bytes().filter(|byte| *byte == b'<').count() > 2 {
        return Err(unreadable());
    }
    let text = element.text().unwrap_or_default();
    if text.trim_matches(is_space).is_empty() {
        return Err(Fault::SignatureValueEmpty {
            element: named(element),
        });
    }
    let value = decoded(text).ok_or_else(unreadable)?;
    if value.len() > VALUE {
        return Err(unreadable());
    }
    Ok(value)
}

/// XML Schema, part 2, section 3.2.16: base64, white space anywhere. Bits behind the last byte are
/// let be, as other verifiers do.
fn decoded(text: &str) -> Option<Vec<u8>> {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &alphabet::STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_allow_trailing_bits(true)
            .with_decode_padding_mode(DecodePaddingMode::RequireCanonical),
    );
    let text: Vec<u8> = text
        .bytes()
        .filter(|byte| !is_space(char::from(*byte)))
        .collect();
    LENIENT.decode(text).ok()
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// The child elements, all in the namespace of XML Signature; between them nothing but space.
fn children<'a, 'i>(element: Node<'a, 'i>) -> Result<Vec<Node<'a, 'i>>, Fault> {
    let mut children = Vec::new();
    for child in element.children().filter(|child| !is_blank(child)) {
        if !child.is_element() {
            return Err(wrong_form(element, "elements alone", "text or a comment"));
        }
        if child.tag_name().namespace() != Some(SIGNATURE) {
            return Err(wrong_form(
                element,
                "elements of XML Signature",
                &full_name(child),
            ));
        }
        // What a fault names is short, whatever came.
        if children.len() < 10 || child.has_tag_name((SIGNATURE, "Reference")) {
            children.push(child);
        }
    }
    Ok(children)
}

fn childless(element: Node<'_, '_>) -> Result<(), Fault> {
    match element.children().find(|child| !is_blank(child)) {
        None => Ok(()),
        Some(child) if child.is_element() => Err(wrong_form(element, "nothing", &full_name(child))),
        Some(_) => Err(wrong_form(element, "nothing", "text or a comment")),
    }
}

fn is_blank(node: &Node<'_, '_>) -> bool {
    node.is_text()
        && node
            .text()
            .is_none_or(|text| text.trim_matches(is_space).is_empty())
}

fn named_so(parts: &[(&Node<'_, '_>, &str)]) -> bool {
    parts
        .iter()
        .all(|(part, name)| part.has_tag_name((SIGNATURE, *name)))
}

fn wrong_children(element: Node<'_, '_>, received: &[Node<'_, '_>], expected: &str) -> Fault {
    let names: Vec<_> = received.iter().take(10).map(|part| named(*part)).collect();
    let received = if names.is_empty() {
        "nothing".to_owned()
    } else {
        names.join(", ")
    };
    wrong_form(element, expected, &received)
}

fn wrong_form(element: Node<'_, '_>, expected: &str, received: &str) -> Fault {
    Fault::SignatureForm {
        element: named(element),
        expected: expected.to_owned(),
        received: shown(received, 200),
    }
}

fn full_name(element: Node<'_, '_>) -> String {
    match element.tag_name().namespace() {
        Some(SIGNATURE) => named(element),
        Some(namespace) => format!("{} of {namespace}", element.tag_name().name()),
        None if element.is_element() => element.tag_name().name().to_owned(),
        None => "text or a comment".to_owned(),
    }
}
