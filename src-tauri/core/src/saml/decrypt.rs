//! Opening what a provider encrypted for the service (XML Encryption 1.1; SAML 2.0 Core, sections
//! 2.2.4, 2.3.4 and 2.7.3.2).
//!
//! AES in the modes CBC and GCM, its key wrapped with RSA-OAEP. Everything older is refused by name.
//! Encryption proves nothing about who wrote the text: what comes out is as untrusted as what went in.

mod cipher;
mod splice;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use roxmltree::Node;
use zeroize::Zeroizing;

pub(crate) use cipher::Cipher;
pub(crate) use splice::opened;

use super::key_pair::{KeyPair, OaepHash};
use crate::fault::Fault;
use crate::text::shown;
use crate::xml::attribute;

const ENCRYPTION: &str = "http://www.w3.org/2001/04/xmlenc#";
const ENCRYPTION_11: &str = "http://www.w3.org/2009/xmlenc11#";
const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";

/// Keys that are tried for one element: an answer is encrypted for one service, or a few.
const MOST_KEYS: usize = 8;

/// What is needed to open one EncryptedAssertion, EncryptedID or EncryptedAttribute.
pub(crate) struct Sealed {
    /// How the content is encrypted.
    pub(crate) cipher: Cipher,
    content: Vec<u8>,
    keys: Vec<WrappedKey>,
}

struct WrappedKey {
    encrypted: Vec<u8>,
    digest: OaepHash,
    mask: OaepHash,
}

impl Sealed {
    /// Reads the encrypted element.
    ///
    /// # Errors
    /// [`Fault::EncryptionNotAccepted`] for an algorithm that is not, [`Fault::EncryptionMalformed`].
    pub(crate) fn read(sealed: Node<'_, '_>) -> Result<Self, Fault> {
        let data =
            child(sealed, ENCRYPTION, "EncryptedData").ok_or_else(|| malformed("EncryptedData"))?;
        let cipher = Cipher::named(method(data).unwrap_or_default())?;
        let content = cipher_value(data)?;
        let inside = child(data, SIGNATURE, "KeyInfo");
        // SAML lets the keys stand inside of the data or beside it.
        let mut found = inside
            .into_iter()
            .chain([sealed])
            .flat_map(|parent| parent.children())
            .filter(|key| key.has_tag_name((ENCRYPTION, "EncryptedKey")))
            .take(MOST_KEYS)
            .peekable();
        if found.peek().is_none() {
            return Err(malformed("EncryptedKey"));
        }
        let mut keys = Vec::new();
        let mut refused = None;
        for key in found {
            match WrappedKey::read(key) {
                Ok(key) => keys.push(key),
                Err(fault) => refused = Some(fault),
            }
        }
        match refused {
            Some(fault) if keys.is_empty() => Err(fault),
            _ => Ok(Self {
                cipher,
                content,
                keys,
            }),
        }
    }

    /// The text that was encrypted; wiped when it goes.
    ///
    /// # Errors
    /// [`Fault::EncryptedForOther`], where no wrapped key opens or the content does not: which of
    /// the two would help to guess.
    pub(crate) fn open(&self, key: &KeyPair) -> Result<Zeroizing<String>, Fault> {
        let other = || Fault::EncryptedForOther {
            certificate: key.certificate().sha256().to_owned(),
        };
        let plain = self
            .keys
            .iter()
            .filter_map(|wrapped| {
                let content_key =
                    key.decrypt_oaep(&wrapped.encrypted, wrapped.digest, wrapped.mask)?;
                self.cipher.open(&content_key, &self.content)
            })
            .next()
            .ok_or_else(other)?;
        let text = std::str::from_utf8(&plain).map_err(|_| other())?;
        Ok(Zeroizing::new(text.to_owned()))
    }
}

impl WrappedKey {
    fn read(key: Node<'_, '_>) -> Result<Self, Fault> {
        let name = method(key).unwrap_or_default();
        let settings = child(key, ENCRYPTION, "EncryptionMethod");
        let newer = match name {
            "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p" => false,
            "http://www.w3.org/2009/xmlenc11#rsa-oaep" => true,
            other => return Err(not_accepted(other)),
        };
        let setting = |namespace: &'static str, name: &'static str| {
            settings
                .and_then(|settings| child(settings, namespace, name))
                .map(|setting| attribute(setting, "Algorithm").unwrap_or_default())
        };
        if settings.is_some_and(|one| {
            child(one, ENCRYPTION, "OAEPparams").is_some_and(|label| !text(label).trim().is_empty())
        }) {
            return Err(not_accepted("OAEPparams"));
        }
        let digest = match setting(SIGNATURE, "DigestMethod") {
            None => OaepHash::Sha1,
            Some(name) => digest(name)?,
        };
        // XML Encryption 1.1, section 5.5.2: the older name means SHA-1 in the mask.
        let mask = match setting(ENCRYPTION_11, "MGF").filter(|_| newer) {
            None => OaepHash::Sha1,
            Some(name) => mask(name)?,
        };
        Ok(Self {
            encrypted: cipher_value(key)?,
            digest,
            mask,
        })
    }
}

fn digest(name: &str) -> Result<OaepHash, Fault> {
    match name {
        "http://www.w3.org/2000/09/xmldsig#sha1" => Ok(OaepHash::Sha1),
        "http://www.w3.org/2001/04/xmlenc#sha256" => Ok(OaepHash::Sha256),
        "http://www.w3.org/2001/04/xmldsig-more#sha384"
        | "http://www.w3.org/2001/04/xmlenc#sha384" => Ok(OaepHash::Sha384),
        "http://www.w3.org/2001/04/xmlenc#sha512" => Ok(OaepHash::Sha512),
        other => Err(not_accepted(other)),
    }
}

fn mask(name: &str) -> Result<OaepHash, Fault> {
    match name.strip_prefix(ENCRYPTION_11) {
        Some("mgf1sha1") => Ok(OaepHash::Sha1),
        Some("mgf1sha256") => Ok(OaepHash::Sha256),
        Some("mgf1sha384") => Ok(OaepHash::Sha384),
        Some("mgf1sha512") => Ok(OaepHash::Sha512),
        _ => Err(not_accepted(name)),
    }
}

fn method<'a, 'i: 'a>(node: Node<'a, 'i>) -> Option<&'a str> {
    attribute(child(node, ENCRYPTION, "EncryptionMethod")?, "Algorithm")
}

fn cipher_value(node: Node<'_, '_>) -> Result<Vec<u8>, Fault> {
    let value = child(node, ENCRYPTION, "CipherData")
        .and_then(|data| child(data, ENCRYPTION, "CipherValue"))
        .ok_or_else(|| malformed("CipherValue"))?;
    let plain: String = text(value)
        .chars()
        .filter(|c| !c.is_ascii_whitespace())
        .collect();
    STANDARD.decode(plain).map_err(|_| malformed("CipherValue"))
}

fn child<'a, 'i: 'a>(
    parent: Node<'a, 'i>,
    namespace: &'static str,
    name: &'static str,
) -> Option<Node<'a, 'i>> {
    parent
        .children()
        .find(|child| child.has_tag_name((namespace, name)))
}

fn text(node: Node<'_, '_>) -> String {
    node.descendants()
        .filter_map(|node| if node.is_text() { node.text() } else { None })
        .collect()
}

fn malformed(part: &str) -> Fault {
    Fault::EncryptionMalformed {
        part: part.to_owned(),
    }
}

fn not_accepted(algorithm: &str) -> Fault {
    Fault::EncryptionNotAccepted {
        algorithm: shown(algorithm, 200),
    }
}
