//! The ciphers of XML Encryption 1.1, section 5.2.

use aes::cipher::consts::U12;
use aes::cipher::{BlockCipher, BlockDecryptMut, KeyInit, KeyIvInit, block_padding::NoPadding};
use aes::{Aes128, Aes192, Aes256};
use aes_gcm::AesGcm;
use aes_gcm::aead::AeadInPlace;
use zeroize::Zeroizing;

use super::not_accepted;
use crate::fault::Fault;

const BLOCK: usize = 16;
const NONCE: usize = 12;
const TAG: usize = 16;

/// AES in one of its modes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cipher {
    mode: Mode,
    bits: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// Cipher block chaining: whoever changes the encrypted text changes the plain one, unseen.
    Cbc,
    /// Galois/counter mode: what was changed does not open.
    Gcm,
}

impl Cipher {
    pub(super) fn named(algorithm: &str) -> Result<Self, Fault> {
        let (mode, bits) = match algorithm {
            "http://www.w3.org/2001/04/xmlenc#aes128-cbc" => (Mode::Cbc, 128),
            "http://www.w3.org/2001/04/xmlenc#aes192-cbc" => (Mode::Cbc, 192),
            "http://www.w3.org/2001/04/xmlenc#aes256-cbc" => (Mode::Cbc, 256),
            "http://www.w3.org/2009/xmlenc11#aes128-gcm" => (Mode::Gcm, 128),
            "http://www.w3.org/2009/xmlenc11#aes192-gcm" => (Mode::Gcm, 192),
            "http://www.w3.org/2009/xmlenc11#aes256-gcm" => (Mode::Gcm, 256),
            other => return Err(not_accepted(other)),
        };
        Ok(Self { mode, bits })
    }

    /// Whether nobody can change what is encrypted without the key.
    pub(crate) fn is_authenticated(self) -> bool {
        self.mode == Mode::Gcm
    }

    /// The name that people know it by.
    pub(crate) fn name(self) -> String {
        let mode = match self.mode {
            Mode::Cbc => "CBC",
            Mode::Gcm => "GCM",
        };
        format!("AES-{}-{mode}", self.bits)
    }

    pub(super) fn open(self, key: &[u8], content: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        if key.len() * 8 != self.bits {
            return None;
        }
        match (self.mode, self.bits) {
            (Mode::Cbc, 128) => cbc::<Aes128>(key, content),
            (Mode::Cbc, 192) => cbc::<Aes192>(key, content),
            (Mode::Cbc, _) => cbc::<Aes256>(key, content),
            (Mode::Gcm, 128) => gcm::<AesGcm<Aes128, U12>>(key, content),
            (Mode::Gcm, 192) => gcm::<AesGcm<Aes192, U12>>(key, content),
            (Mode::Gcm, _) => gcm::<AesGcm<Aes256, U12>>(key, content),
        }
    }
}

/// Section 5.2.2: the initialisation vector first; the last byte says how many were added.
fn cbc<C>(key: &[u8], content: &[u8]) -> Option<Zeroizing<Vec<u8>>>
where
    C: BlockCipher + BlockDecryptMut + KeyInit,
    ::cbc::Decryptor<C>: KeyIvInit,
{
    let (vector, content) = content.split_at_checked(BLOCK)?;
    if content.is_empty() {
        return None;
    }
    let mut plain = Zeroizing::new(content.to_vec());
    let cipher = ::cbc::Decryptor::<C>::new_from_slices(key, vector).ok()?;
    cipher.decrypt_padded_mut::<NoPadding>(&mut plain).ok()?;
    let added = usize::from(*plain.last()?);
    if added == 0 || added > BLOCK {
        return None;
    }
    let length = plain.len() - added;
    plain.truncate(length);
    Some(plain)
}

/// Section 5.2.4: a nonce of 96 bits first, the tag of 128 bits last.
fn gcm<C>(key: &[u8], content: &[u8]) -> Option<Zeroizing<Vec<u8>>>
where
    C: KeyInit + AeadInPlace<NonceSize = U12, TagSize = aes::cipher::consts::U16>,
{
    let (nonce, content) = content.split_at_checked(NONCE)?;
    let (content, tag) = content.split_at_checked(content.len().checked_sub(TAG)?)?;
    let nonce: [u8; NONCE] = nonce.try_into().ok()?;
    let tag: [u8; TAG] = tag.try_into().ok()?;
    let mut plain = Zeroizing::new(content.to_vec());
    C::new_from_slice(key)
        .ok()?
        .decrypt_in_place_detached(&nonce.into(), b"", &mut plain, &tag.into())
        .ok()?;
    Some(plain)
}
