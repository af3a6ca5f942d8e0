//! XML Encryption 1.1: AES-256 by GCM or CBC, its key by RSA-OAEP.

use aes::Aes256;
use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockEncryptMut, KeyIvInit};
use rand::RngCore;
use rand::rngs::OsRng;
use rsa::{Oaep, RsaPublicKey};
use sha1::Sha1;

use super::answer::Context;
use super::signature::{SHA1, named};
use super::xml::Element;
use crate::fault::Fault;
use crate::keys::KeyError;

const GCM: &str = "http://www.w3.org/2009/xmlenc11#aes256-gcm";
const CBC: &str = "http://www.w3.org/2001/04/xmlenc#aes256-cbc";
const OAEP: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
const ELEMENT: &str = "http://www.w3.org/2001/04/xmlenc#Element";

/// The `EncryptedData` that stands for the element, with its key inside (SAML 2.0 Core, 6.2).
pub(super) async fn encrypted(
    context: &Context<'_>,
    element: &Element,
) -> Result<Element, KeyError> {
    let known = context.provider.service_key.as_ref();
    let reader = match known.or(context.request.service_key.as_ref()) {
        Some(known) => known.clone(),
        None => context.provider.saml.nobody().await?.to_public_key(),
    };
    let mut key = [0; 32];
    OsRng.fill_bytes(&mut key);
    let plain = element.document();
    let (uri, cipher) = match context.fault {
        Some(Fault::SamlEncryptedAssertionCbc) => (CBC, by_cbc(&key, plain.as_bytes())),
        _ => (GCM, by_gcm(&key, plain.as_bytes())?),
    };
    Ok(Element::new("xenc:EncryptedData")
        .with("Type", ELEMENT)
        .child(named("xenc:EncryptionMethod", uri))
        .child(Element::new("ds:KeyInfo").child(encrypted_key(&reader, &key)?))
        .child(cipher_data(&cipher)))
}

fn encrypted_key(reader: &RsaPublicKey, key: &[u8]) -> Result<Element, KeyError> {
    let cipher = reader.encrypt(&mut OsRng, Oaep::new::<Sha1>(), key)?;
    let method = named("xenc:EncryptionMethod", OAEP).child(named("ds:DigestMethod", SHA1));
    Ok(Element::new("xenc:EncryptedKey")
        .child(method)
        .child(cipher_data(&cipher)))
}

fn cipher_data(cipher: &[u8]) -> Element {
    let value = Element::new("xenc:CipherValue").text(STANDARD.encode(cipher));
    Element::new("xenc:CipherData").child(value)
}

/// XML Encryption 1.1, 5.2.4: the nonce, the cipher text, the tag.
fn by_gcm(key: &[u8; 32], plain: &[u8]) -> Result<Vec<u8>, KeyError> {
    let mut nonce = [0; 12];
    OsRng.fill_bytes(&mut nonce);
    let cipher = Aes256Gcm::new(key.into())
        .encrypt(&Nonce::from(nonce), plain)
        .map_err(|_| KeyError::Encryption)?;
    Ok([&nonce[..], &cipher].concat())
}

/// XML Encryption 1.1, 5.2.1 and 5.2.2: the initialisation vector, the cipher text; the padding of
/// PKCS #7 is one of those allowed.
fn by_cbc(key: &[u8; 32], plain: &[u8]) -> Vec<u8> {
    let mut vector = [0; 16];
    OsRng.fill_bytes(&mut vector);
    let cipher = cbc::Encryptor::<Aes256>::new(key.into(), &vector.into())
        .encrypt_padded_vec_mut::<Pkcs7>(plain);
    [&vector[..], &cipher].concat()
}
