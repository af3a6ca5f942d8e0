//! Encrypts as a provider does (XML Encryption 1.1).

use std::sync::LazyLock;

use aes::cipher::block_padding::NoPadding;
use aes::cipher::consts::U12;
use aes::cipher::{BlockEncryptMut, KeyInit, KeyIvInit};
use aes::{Aes128, Aes192, Aes256};
use aes_gcm::AesGcm;
use aes_gcm::aead::AeadInPlace;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use latchkey_core::saml::key_pair::KeyPair;
use rand::rngs::OsRng;
use rsa::pkcs8::DecodePublicKey;
use rsa::{Oaep, RsaPublicKey};
use secrecy::SecretString;
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};

use super::message::now;

/// The key pair of these tests' workspace; nothing else in the world uses it.
pub(crate) const WORKSPACE: &str = include_str!("../../cases/encrypted/workspace.pem");

const IV: [u8; 16] = [7; 16];
const NONCE: [u8; 12] = [7; 12];

static PAIR: LazyLock<KeyPair> =
    LazyLock::new(|| KeyPair::from_pem(&SecretString::from(WORKSPACE)).unwrap());
static OTHER: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::make("Other", now()).unwrap());

pub(crate) fn workspace() -> &'static KeyPair {
    &PAIR
}

pub(crate) fn other_workspace() -> &'static KeyPair {
    &OTHER
}

/// How to encrypt.
#[derive(Clone, Copy)]
pub(crate) struct Sealing {
    pub(crate) bits: usize,
    pub(crate) mode: &'static str,
    pub(crate) digest: Option<&'static str>,
    /// With it the newer name of RSA-OAEP is used.
    pub(crate) mask: Option<&'static str>,
    /// The key beside the data, as SAML allows, not in its `KeyInfo`.
    pub(crate) beside: bool,
    /// For somebody else first.
    pub(crate) also_for_other: bool,
}

impl Default for Sealing {
    fn default() -> Self {
        Self {
            bits: 256,
            mode: "gcm",
            digest: None,
            mask: None,
            beside: false,
            also_for_other: false,
        }
    }
}

impl Sealing {
    /// `saml:EncryptedAssertion` or its like, with this text in it.
    pub(crate) fn element(&self, name: &str, plain: &str) -> String {
        let key: Vec<u8> = (0..self.bits / 8).map(|byte| byte as u8).collect();
        let namespace = match self.mode {
            "gcm" => "http://www.w3.org/2009/xmlenc11#",
            _ => "http://www.w3.org/2001/04/xmlenc#",
        };
        let content = match (self.mode, self.bits) {
            ("gcm", 128) => gcm::<AesGcm<Aes128, U12>>(&key, plain),
            ("gcm", 192) => gcm::<AesGcm<Aes192, U12>>(&key, plain),
            ("gcm", _) => gcm::<AesGcm<Aes256, U12>>(&key, plain),
            (_, 128) => cbc(
                cbc::Encryptor::<Aes128>::new_from_slices(&key, &IV).unwrap(),
                plain,
            ),
            (_, 192) => cbc(
                cbc::Encryptor::<Aes192>::new_from_slices(&key, &IV).unwrap(),
                plain,
            ),
            (_, _) => cbc(
                cbc::Encryptor::<Aes256>::new_from_slices(&key, &IV).unwrap(),
                plain,
            ),
        };
        let mut keys = String::new();
        if self.also_for_other {
            keys += &self.wrapped(&key, other_workspace());
        }
        keys += &self.wrapped(&key, workspace());
        let (inside, beside) = if self.beside {
            (String::new(), keys)
        } else {
            let info = "ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"";
            (format!("<{info}>{keys}</ds:KeyInfo>"), String::new())
        };
        format!(
            "<saml:{name}><xenc:EncryptedData xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\" Type=\"http://www.w3.org/2001/04/xmlenc#Element\">\
             <xenc:EncryptionMethod Algorithm=\"{namespace}aes{}-{}\"/>{inside}\
             <xenc:CipherData><xenc:CipherValue>{}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>{beside}</saml:{name}>",
            self.bits,
            self.mode,
            STANDARD.encode(content),
        )
    }

    fn wrapped(&self, key: &[u8], pair: &KeyPair) -> String {
        let public = RsaPublicKey::from_public_key_der(pair.certificate().public_key()).unwrap();
        let value = public.encrypt(&mut OsRng, self.padding(), key).unwrap();
        let transport = match self.mask {
            Some(_) => "http://www.w3.org/2009/xmlenc11#rsa-oaep",
            None => "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p",
        };
        let digest = self.digest.map(|digest| {
            format!("<ds:DigestMethod xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" Algorithm=\"{digest}\"/>")
        });
        let mask = self.mask.map(|mask| {
            let namespace = "http://www.w3.org/2009/xmlenc11#";
            format!("<x11:MGF xmlns:x11=\"{namespace}\" Algorithm=\"{namespace}{mask}\"/>")
        });
        format!(
            "<xenc:EncryptedKey xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\"><xenc:EncryptionMethod Algorithm=\"{transport}\">{}{}</xenc:EncryptionMethod>\
             <xenc:CipherData><xenc:CipherValue>{}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey>",
            digest.unwrap_or_default(),
            mask.unwrap_or_default(),
            STANDARD.encode(value),
        )
    }

    fn padding(&self) -> Oaep {
        let mut padding = match self.digest.and_then(|uri| uri.split_once("#sha")) {
            Some((_, "256")) => Oaep::new_with_mgf_hash::<Sha256, Sha1>(),
            Some((_, "384")) => Oaep::new_with_mgf_hash::<Sha384, Sha1>(),
            Some((_, "512")) => Oaep::new_with_mgf_hash::<Sha512, Sha1>(),
            _ => Oaep::new::<Sha1>(),
        };
        match self.mask {
            Some("mgf1sha256") => padding.mgf_digest = Box::new(Sha256::default()),
            Some("mgf1sha384") => padding.mgf_digest = Box::new(Sha384::default()),
            Some("mgf1sha512") => padding.mgf_digest = Box::new(Sha512::default()),
            _ => {}
        }
        padding
    }
}

fn gcm<C: KeyInit + AeadInPlace<NonceSize = U12>>(key: &[u8], plain: &str) -> Vec<u8> {
    let mut content = plain.as_bytes().to_vec();
    let cipher = C::new_from_slice(key).unwrap();
    let tag = cipher
        .encrypt_in_place_detached(&NONCE.into(), b"", &mut content)
        .unwrap();
    [&NONCE[..], &content, &tag].concat()
}

fn cbc<C: BlockEncryptMut>(cipher: C, plain: &str) -> Vec<u8> {
    let mut content = plain.as_bytes().to_vec();
    // The last byte counts; the others may be anything (XML Encryption 1.1, section 5.2.2).
    let added = 16 - content.len() % 16;
    content.resize(content.len() + added - 1, 0xA5);
    content.push(added as u8);
    let length = content.len();
    cipher
        .encrypt_padded_mut::<NoPadding>(&mut content, length)
        .unwrap();
    [&IV[..], &content].concat()
}
