//! The workspace's own key pair: it signs requests, and opens what a provider encrypts for the
//! service. It lives in the keychain, as one secret text.

use jiff::{Timestamp, ToSpan, tz::TimeZone};
use rand::{RngCore, rngs::OsRng};
use rcgen::{
    CertificateParams, DnType, KeyUsagePurpose, PKCS_RSA_SHA256, PublicKeyData, SerialNumber,
    SignatureAlgorithm, SigningKey, date_time_ymd,
};
use rsa::pkcs1::EncodeRsaPublicKey;
use rsa::pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey, LineEnding};
use rsa::traits::PublicKeyParts;
use rsa::{Oaep, Pkcs1v15Sign, RsaPrivateKey};
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use crate::certificate::Certificate;
use crate::fault::Fault;

/// The length of a new key, and the shortest that is used: what NIST SP 800-131A asks for.
const BITS: usize = 2048;

/// How long the certificate of a new key pair is valid. Nobody checks it but the people at the
/// provider, who have to put the next one in by hand.
const YEARS: i64 = 5;

/// The longest common name (RFC 5280, appendix A.1, `ub-common-name`), in characters.
const LONGEST_NAME: usize = 64;

/// The longest text that is read as a key pair, in bytes: RSA with 16,384 bit needs less.
const LONGEST_PEM: usize = 64 * 1024;

const BEGIN_CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----";

/// An RSA key with its certificate. What is secret in it is wiped when it goes.
pub struct KeyPair {
    key: RsaPrivateKey,
    certificate: Certificate,
}

/// The hash functions of RSA-OAEP (XML Encryption 1.1, section 5.5.2): of the label, and in the
/// mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OaepHash {
    /// SHA-1: the only mask of XML Encryption 1.0. Not weak in this place.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl KeyPair {
    /// Makes a new key of 2048 bit from the operating system's randomness, and a certificate for
    /// it that is valid for five years. `name` is what people see in it: the workspace's.
    ///
    /// # Errors
    /// [`Fault::KeyPairNotMade`], where no certificate can be made for this time.
    pub fn make(name: &str, now: Timestamp) -> Result<Self, Fault> {
        let not_made = |_| Fault::KeyPairNotMade {};
        let key = RsaPrivateKey::new(&mut OsRng, BITS).map_err(not_made)?;
        let der = self_signed(&key, name, now).ok_or(Fault::KeyPairNotMade {})?;
        Self::of(key, &der).map_err(|_| Fault::KeyPairNotMade {})
    }

    /// Reads what [`KeyPair::to_pem`] wrote: a private key (PKCS#8) and its certificate.
    ///
    /// # Errors
    /// [`Fault::KeyPairUnreadable`], [`Fault::KeyPairTooShort`], or [`Fault::KeyPairDiffers`] where
    /// the certificate is another key's.
    pub fn from_pem(pem: &SecretString) -> Result<Self, Fault> {
        let unreadable = || Fault::KeyPairUnreadable {};
        let pem = pem.expose_secret();
        if pem.len() > LONGEST_PEM {
            return Err(unreadable());
        }
        let (key, certificate) = pem
            .find(BEGIN_CERTIFICATE)
            .map(|at| pem.split_at(at))
            .ok_or_else(unreadable)?;
        let key = RsaPrivateKey::from_pkcs8_pem(key).map_err(|_| unreadable())?;
        let (_, certificate) =
            x509_parser::pem::parse_x509_pem(certificate.as_bytes()).map_err(|_| unreadable())?;
        Self::of(key, &certificate.contents)
    }

    /// The whole pair as one text, for the keychain and nowhere else.
    pub fn to_pem(&self) -> SecretString {
        let key = self
            .key
            .to_pkcs8_pem(LineEnding::LF)
            .expect("a key of two primes, as they are made and read here, has this form");
        let certificate = self.certificate.pem();
        // Made large enough at once: a text that grows leaves its beginnings behind, unwiped.
        let mut pem = String::with_capacity(key.len() + certificate.len());
        pem.push_str(&key);
        pem.push_str(&certificate);
        SecretString::from(pem)
    }

    /// The certificate, which the provider is given.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Signs with RSA (PKCS#1 v1.5) and SHA-256: `http://www.w3.org/2001/04/xmldsig-more#rsa-sha256`.
    pub fn sign_rsa_sha256(&self, message: &[u8]) -> Vec<u8> {
        self.key
            .sign_with_rng(
                &mut OsRng,
                Pkcs1v15Sign::new::<Sha256>(),
                &Sha256::digest(message),
            )
            .expect("a key of 2048 bit and more, validated when it was read, has room for SHA-256")
    }

    /// Opens what was encrypted for this key with RSA-OAEP (RFC 8017, section 7.1.2), without
    /// label; nothing where that fails, whatever the reason: the reason would help to guess.
    pub fn decrypt_oaep(
        &self,
        encrypted: &[u8],
        digest: OaepHash,
        mask: OaepHash,
    ) -> Option<Zeroizing<Vec<u8>>> {
        let padding = match digest {
            OaepHash::Sha1 => with_mask::<Sha1>(mask),
            OaepHash::Sha256 => with_mask::<Sha256>(mask),
            OaepHash::Sha384 => with_mask::<Sha384>(mask),
            OaepHash::Sha512 => with_mask::<Sha512>(mask),
        };
        self.key
            .decrypt_blinded(&mut OsRng, padding, encrypted)
            .ok()
            .map(Zeroizing::new)
    }

    fn of(key: RsaPrivateKey, certificate: &[u8]) -> Result<Self, Fault> {
        let bits = key.n().bits();
        if bits < BITS {
            return Err(Fault::KeyPairTooShort { bits, limit: BITS });
        }
        let certificate = Certificate::from_der(certificate).ok_or(Fault::KeyPairUnreadable {})?;
        let public = key
            .to_public_key()
            .to_public_key_der()
            .map_err(|_| Fault::KeyPairUnreadable {})?;
        if public.as_bytes() != certificate.public_key() {
            return Err(Fault::KeyPairDiffers {});
        }
        Ok(Self { key, certificate })
    }
}

/// Says which key pair it is, nothing of the key.
impl std::fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyPair")
            .field("certificate", &self.certificate)
            .finish_non_exhaustive()
    }
}

fn with_mask<D>(mask: OaepHash) -> Oaep
where
    D: 'static + Digest + sha2::digest::DynDigest + Send + Sync,
{
    match mask {
        OaepHash::Sha1 => Oaep::new_with_mgf_hash::<D, Sha1>(),
        OaepHash::Sha256 => Oaep::new_with_mgf_hash::<D, Sha256>(),
        OaepHash::Sha384 => Oaep::new_with_mgf_hash::<D, Sha384>(),
        OaepHash::Sha512 => Oaep::new_with_mgf_hash::<D, Sha512>(),
    }
}

/// A certificate for this key, signed by itself, as DER.
fn self_signed(key: &RsaPrivateKey, name: &str, now: Timestamp) -> Option<Vec<u8>> {
    let today = now.to_zoned(TimeZone::UTC).date();
    // From yesterday on, for clocks that are behind.
    let from = today.checked_sub(1.day()).ok()?;
    let to = today.checked_add(YEARS.years()).ok()?;
    // What the times of a certificate can say (RFC 5280, section 4.1.2.5); the library panics beyond.
    if from.year() < 1950 || to.year() > 9999 {
        return None;
    }
    let at = |date: jiff::civil::Date| {
        // A calendar's month and day are small and positive.
        date_time_ymd(
            date.year().into(),
            date.month().unsigned_abs(),
            date.day().unsigned_abs(),
        )
    };
    let mut serial = [0; 16];
    OsRng.fill_bytes(&mut serial);
    // Positive and not zero (RFC 5280, section 4.1.2.2).
    serial[0] = serial[0] & 0x7F | 0x40;
    let mut parameters = CertificateParams::default();
    parameters.not_before = at(from);
    parameters.not_after = at(to);
    parameters.serial_number = Some(SerialNumber::from(serial.to_vec()));
    parameters.distinguished_name = rcgen::DistinguishedName::new();
    parameters
        .distinguished_name
        .push(DnType::CommonName, common_name(name));
    parameters.key_usages = vec![
        KeyUsagePurpose::DigitalSignature,
        KeyUsagePurpose::KeyEncipherment,
    ];
    let public = key.to_public_key().to_pkcs1_der().ok()?;
    let signer = Signer {
        key,
        public: public.as_bytes(),
    };
    Some(parameters.self_signed(&signer).ok()?.der().to_vec())
}

fn common_name(name: &str) -> String {
    let name: String = name
        .trim()
        .chars()
        .filter(|c| !crate::text::misleads(*c))
        .take(LONGEST_NAME)
        .collect();
    if name.is_empty() {
        "Latchkey".to_owned()
    } else {
        name
    }
}

/// The key, as the library that writes certificates wants it: its own key pair would keep a copy
/// that nobody wipes.
struct Signer<'a> {
    key: &'a RsaPrivateKey,
    public: &'a [u8],
}

impl PublicKeyData for Signer<'_> {
    fn der_bytes(&self) -> &[u8] {
        self.public
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_RSA_SHA256
    }
}

impl SigningKey for Signer<'_> {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        self.key
            .sign_with_rng(
                &mut OsRng,
                Pkcs1v15Sign::new::<Sha256>(),
                &Sha256::digest(message),
            )
            .map_err(|_| rcgen::Error::RemoteKeyError)
    }
}

#[cfg(test)]
mod tests;
