//! The signature of a request: beside it in the query (SAML 2.0 Bindings, 3.4.4.1), or enveloped in
//! it (SAML 2.0 Core, 5). A request that is not signed at all holds: the metadata asks for nothing.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use roxmltree::Node;
use rsa::{Pkcs1v15Sign, RsaPublicKey};
use sha2::{Digest, Sha256};

use super::canonical::canonical;
use super::signature::{ENVELOPED, EXCLUSIVE, RSA_SHA256, SHA256};
use crate::params::Params;

const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";

/// Whether the query is signed by this key, by RSA-SHA256.
pub(super) fn query_holds(query: &str, params: &Params, key: &RsaPublicKey) -> bool {
    let Some(signature) = params.value("Signature") else {
        return true;
    };
    // What is signed is the text as it was sent, in this order, wherever each stood.
    let signed: Vec<_> = ["SAMLRequest=", "RelayState=", "SigAlg="]
        .iter()
        .filter_map(|name| query.split('&').find(|sent| sent.starts_with(name)))
        .collect();
    params.value("SigAlg") == Some(RSA_SHA256) && signed_by(key, &signed.join("&"), signature)
}

/// Whether the message is signed by this key, by RSA-SHA256 over SHA-256, exclusive
/// canonicalisation without prefixes.
pub(super) fn message_holds(root: Node<'_, '_>, key: &RsaPublicKey) -> bool {
    let named = |node: &Node<'_, '_>| node.has_tag_name((SIGNATURE, "Signature"));
    let mut signatures = root.descendants().filter(named);
    match (signatures.next(), signatures.next()) {
        (None, _) => true,
        (Some(signature), None) => envelops(root, signature, key).unwrap_or(false),
        _ => false,
    }
}

/// `None` where the signature lacks a part, or has one that is not understood here.
fn envelops(root: Node<'_, '_>, signature: Node<'_, '_>, key: &RsaPublicKey) -> Option<bool> {
    let [signed_info, value] = first(signature, ["SignedInfo", "SignatureValue"])?;
    let [method, algorithm, reference] = parts(
        signed_info,
        ["CanonicalizationMethod", "SignatureMethod", "Reference"],
    )?;
    let [transforms, digest, digest_value] =
        parts(reference, ["Transforms", "DigestMethod", "DigestValue"])?;
    let [first_transform, second] = parts(transforms, ["Transform", "Transform"])?;
    let says = |node: Node<'_, '_>, algorithm| {
        node.attribute("Algorithm") == Some(algorithm) && !node.has_children()
    };
    let understood = signature.parent() == Some(root)
        && says(method, EXCLUSIVE)
        && says(algorithm, RSA_SHA256)
        && says(first_transform, ENVELOPED)
        && says(second, EXCLUSIVE)
        && says(digest, SHA256)
        && reference.attribute("URI")?.strip_prefix('#')? == root.attribute("ID")?;
    let digested = Sha256::digest(canonical(root, Some(signature)));
    Some(
        understood
            && STANDARD.decode(compact(digest_value)).ok()? == digested[..]
            && signed_by(key, &canonical(signed_info, None), &compact(value)),
    )
}

fn signed_by(key: &RsaPublicKey, signed: &str, signature: &str) -> bool {
    let digest = Sha256::digest(signed);
    STANDARD.decode(signature).is_ok_and(|signature| {
        key.verify(Pkcs1v15Sign::new::<Sha256>(), &digest, &signature)
            .is_ok()
    })
}

/// The child elements, if they are these and no more, in this order.
fn parts<'a, 'i, const N: usize>(
    parent: Node<'a, 'i>,
    names: [&str; N],
) -> Option<[Node<'a, 'i>; N]> {
    let count = parent.children().filter(Node::is_element).count();
    (count == N).then(|| first(parent, names)).flatten()
}

/// The first child elements, if they are these.
fn first<'a, 'i, const N: usize>(
    parent: Node<'a, 'i>,
    names: [&str; N],
) -> Option<[Node<'a, 'i>; N]> {
    let elements: Vec<_> = parent
        .children()
        .filter(Node::is_element)
        .zip(names)
        .filter(|(child, name)| child.has_tag_name((SIGNATURE, *name)))
        .map(|(child, _)| child)
        .collect();
    elements.try_into().ok()
}

fn compact(node: Node<'_, '_>) -> String {
    let text = node.text().unwrap_or_default();
    text.split_ascii_whitespace().collect()
}
