//! Signs XML as a provider does, and as one does who wants to deceive: every part of a signature can
//! be said differently.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use latchkey_core::Certificate;
use latchkey_core::xml::{Checked, Limits, Method, Node, canonical};
use ring::digest;
use ring::rand::SystemRandom;
use ring::signature::{
    self, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
    RsaKeyPair,
};
use rsa::pkcs8::DecodePrivateKey;

pub(crate) const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
pub(crate) const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
pub(crate) const INCLUSIVE: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
pub(crate) const INCLUSIVE_11: &str = "http://www.w3.org/2006/12/xml-c14n11";
pub(crate) const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
pub(crate) const RSA_SHA1: &str = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
pub(crate) const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
pub(crate) const RSA_SHA384: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384";
pub(crate) const RSA_SHA512: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512";
pub(crate) const PSS_SHA256: &str = "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1";
pub(crate) const PSS_SHA384: &str = "http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1";
pub(crate) const PSS_SHA512: &str = "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1";
pub(crate) const ECDSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";
pub(crate) const ECDSA_SHA384: &str = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384";
pub(crate) const SHA1: &str = "http://www.w3.org/2000/09/xmldsig#sha1";
pub(crate) const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
pub(crate) const SHA384: &str = "http://www.w3.org/2001/04/xmldsig-more#sha384";
pub(crate) const SHA512: &str = "http://www.w3.org/2001/04/xmlenc#sha512";

/// A key of these tests; nothing else in the world uses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    key: &'static str,
    certificate: &'static str,
}

macro_rules! key {
    ($name:literal) => {
        Key {
            key: include_str!(concat!("../keys/", $name, ".key.pem")),
            certificate: include_str!(concat!("../keys/", $name, ".crt.pem")),
        }
    };
}

/// The provider's key: RSA, 2048 bits.
pub(crate) const RSA: Key = key!("rsa");
/// Somebody else's key of the same kind.
pub(crate) const OTHER: Key = key!("other");
/// RSA, 1024 bits.
pub(crate) const SHORT: Key = key!("short");
/// EC, P-256.
pub(crate) const P256: Key = key!("p256");
/// EC, P-384.
pub(crate) const P384: Key = key!("p384");

impl Key {
    pub(crate) fn certificate(self) -> Certificate {
        Certificate::from_der(&der(self.certificate)).unwrap()
    }

    /// The certificate as `KeyInfo` holds it.
    pub(crate) fn certificate_base64(self) -> String {
        STANDARD.encode(der(self.certificate))
    }
}

/// How to sign. The default is what SAML 2.0 asks for.
#[derive(Clone, Debug)]
pub(crate) struct Signing {
    pub(crate) key: Key,
    pub(crate) algorithm: String,
    pub(crate) digest: String,
    /// The canonical form of what is covered, and what the transforms say.
    pub(crate) transform: Method,
    /// The canonical form of `SignedInfo`.
    pub(crate) canonicalization: Method,
    /// What the reference says instead of the element's ID.
    pub(crate) reference: Option<String>,
    /// What stands inside `Transforms` instead.
    pub(crate) transforms: Option<String>,
    /// What stands behind `SignatureValue`.
    pub(crate) behind: String,
}

impl Default for Signing {
    fn default() -> Self {
        Self {
            key: RSA,
            algorithm: RSA_SHA256.to_owned(),
            digest: SHA256.to_owned(),
            transform: Method::Exclusive(Vec::new()),
            canonicalization: Method::Exclusive(Vec::new()),
            reference: None,
            transforms: None,
            behind: String::new(),
        }
    }
}

impl Signing {
    /// By another key and its algorithm.
    pub(crate) fn by(key: Key, algorithm: &str) -> Self {
        Self {
            key,
            algorithm: algorithm.to_owned(),
            ..Self::default()
        }
    }

    /// With a certificate in `KeyInfo`.
    pub(crate) fn naming(mut self, key: Key) -> Self {
        self.behind = format!(
            "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>",
            key.certificate_base64()
        );
        self
    }

    /// Signs the element of this ID. The signature comes behind its `Issuer`, or first.
    pub(crate) fn sign(&self, xml: &str, id: &str) -> String {
        let digest = STANDARD.encode(self.digest_of(xml, id));
        self.sign_info(xml, id, &self.signed_info(id, &digest))
    }

    /// Signs this `SignedInfo`, inside the element of this ID, whatever it says.
    pub(crate) fn sign_info(&self, xml: &str, id: &str, signed_info: &str) -> String {
        const VALUE: &str = "@VALUE@";
        let signature = format!(
            "<ds:Signature xmlns:ds=\"{DS}\">{signed_info}<ds:SignatureValue>{VALUE}</ds:SignatureValue>{}</ds:Signature>",
            self.behind
        );
        let at = place(xml, id);
        let with = format!("{}{signature}{}", &xml[..at], &xml[at..]);
        let checked = Checked::new(with.as_bytes(), &Limits::MESSAGE).unwrap();
        let document = checked.parse().unwrap();
        let info = document
            .descendants()
            .filter(|node| node.has_tag_name((DS, "SignedInfo")))
            .find(|info| {
                info.next_sibling_element()
                    .is_some_and(|value| value.text() == Some(VALUE))
            })
            .unwrap();
        let message = canonical(info, None, &self.canonicalization, usize::MAX).unwrap();
        let value = self.value(message.as_bytes());
        with.replace(VALUE, &STANDARD.encode(value))
    }

    /// The digest of the element of this ID.
    pub(crate) fn digest_of(&self, xml: &str, id: &str) -> Vec<u8> {
        let checked = Checked::new(xml.as_bytes(), &Limits::MESSAGE).unwrap();
        let document = checked.parse().unwrap();
        let element = with_id(document.root_element(), id);
        let bytes = canonical(element, None, &self.transform, usize::MAX).unwrap();
        digest_by(&self.digest, bytes.as_bytes())
    }

    /// `SignedInfo` as it is written.
    pub(crate) fn signed_info(&self, id: &str, digest: &str) -> String {
        let uri = self.reference.clone().unwrap_or_else(|| format!("#{id}"));
        let transforms = self.transforms.clone().unwrap_or_else(|| {
            format!(
                "<ds:Transform Algorithm=\"{ENVELOPED}\"/>{}",
                method("Transform", &self.transform)
            )
        });
        format!(
            "<ds:SignedInfo>{}<ds:SignatureMethod Algorithm=\"{}\"/><ds:Reference URI=\"{uri}\">\
             <ds:Transforms>{transforms}</ds:Transforms><ds:DigestMethod Algorithm=\"{}\"/>\
             <ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>",
            method("CanonicalizationMethod", &self.canonicalization),
            self.algorithm,
            self.digest,
        )
    }

    fn value(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        let key = der(self.key.key);
        let ecdsa = |algorithm| {
            let key = EcdsaKeyPair::from_pkcs8(algorithm, &key, &random).unwrap();
            key.sign(&random, message).unwrap().as_ref().to_vec()
        };
        let padding: &'static dyn signature::RsaEncoding = match self.algorithm.as_str() {
            ECDSA_SHA256 => return ecdsa(&ECDSA_P256_SHA256_FIXED_SIGNING),
            ECDSA_SHA384 => return ecdsa(&ECDSA_P384_SHA384_FIXED_SIGNING),
            RSA_SHA384 => &signature::RSA_PKCS1_SHA384,
            RSA_SHA512 => &signature::RSA_PKCS1_SHA512,
            PSS_SHA256 => &signature::RSA_PSS_SHA256,
            PSS_SHA384 => &signature::RSA_PSS_SHA384,
            PSS_SHA512 => &signature::RSA_PSS_SHA512,
            RSA_SHA1 => return self.old_value(message, SHA1, "3021300906052b0e03021a05000414"),
            _ if self.key == SHORT => {
                let info = "3031300d060960864801650304020105000420";
                return self.old_value(message, SHA256, info);
            }
            _ => &signature::RSA_PKCS1_SHA256,
        };
        let key = RsaKeyPair::from_pkcs8(&key).unwrap();
        let mut value = vec![0; key.public().modulus_len()];
        key.sign(padding, &random, message, &mut value).unwrap();
        value
    }

    /// What ring does not sign with any more. `info` is the DigestInfo of RFC 8017, section 9.2.
    fn old_value(&self, message: &[u8], digest: &str, info: &str) -> Vec<u8> {
        let key = rsa::RsaPrivateKey::from_pkcs8_der(&der(self.key.key)).unwrap();
        let digest = digest_by(digest, message);
        let prefix = (0..info.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&info[at..at + 2], 16).unwrap())
            .collect();
        let padding = rsa::Pkcs1v15Sign {
            hash_len: Some(digest.len()),
            prefix,
        };
        key.sign(padding, &digest).unwrap()
    }
}

/// `SignatureMethod`'s siblings: an element that names a canonical form.
pub(crate) fn method(element: &str, method: &Method) -> String {
    let uri = match method {
        Method::Exclusive(prefixes) if !prefixes.is_empty() => {
            let prefixes: Vec<_> = prefixes
                .iter()
                .map(|prefix| {
                    if prefix.is_empty() {
                        "#default"
                    } else {
                        prefix
                    }
                })
                .collect();
            return format!(
                "<ds:{element} Algorithm=\"{EXCLUSIVE}\"><ec:InclusiveNamespaces xmlns:ec=\"{EXCLUSIVE}\" PrefixList=\"{}\"/></ds:{element}>",
                prefixes.join(" ")
            );
        }
        Method::Exclusive(_) => EXCLUSIVE,
        Method::Inclusive => INCLUSIVE,
        Method::Inclusive11 => INCLUSIVE_11,
    };
    format!("<ds:{element} Algorithm=\"{uri}\"/>")
}

fn digest_by(uri: &str, bytes: &[u8]) -> Vec<u8> {
    let algorithm = match uri {
        SHA1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
        SHA384 => &digest::SHA384,
        SHA512 => &digest::SHA512,
        _ => &digest::SHA256,
    };
    digest::digest(algorithm, bytes).as_ref().to_vec()
}

fn with_id<'a, 'i>(root: Node<'a, 'i>, id: &str) -> Node<'a, 'i> {
    root.descendants()
        .find(|node| node.attribute("ID") == Some(id))
        .unwrap_or(root)
}

/// Where SAML's schema has the signature: behind the issuer, or first.
fn place(xml: &str, id: &str) -> usize {
    let checked = Checked::new(xml.as_bytes(), &Limits::MESSAGE).unwrap();
    let document = checked.parse().unwrap();
    let element = with_id(document.root_element(), id);
    let issuer = element
        .children()
        .find(|child| child.tag_name().name() == "Issuer");
    match (issuer, element.first_child()) {
        (Some(issuer), _) => issuer.range().end,
        (None, Some(first)) => first.range().start,
        (None, None) => panic!("{id} has no room for a signature"),
    }
}

fn der(pem: &str) -> Vec<u8> {
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    STANDARD.decode(base64).unwrap()
}
