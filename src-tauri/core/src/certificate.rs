//! X.509 certificates (RFC 5280) that providers sign with: read, described, held against what a
//! sign-in needs.

mod der;
mod findings;
mod foreign;
mod key;
pub(crate) mod pem;
mod read;
mod shown;

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use x509_parser::error::X509Error;
use x509_parser::extensions::ParsedExtension;
use x509_parser::prelude::{FromDer, X509Certificate};

pub use self::key::Key;
pub use self::read::{LARGEST, MOST, Read, read};
pub use self::shown::CertificateShown;

/// A certificate that could be read. Whether it is fit for signing is another question.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    sha256: String,
    subject: String,
    issuer: String,
    serial: String,
    not_before: Timestamp,
    not_after: Timestamp,
    public_key: Vec<u8>,
    key: Key,
    signature_algorithm: String,
    self_signed: bool,
    is_altered: bool,
    is_ca: bool,
    may_sign: bool,
}

impl Certificate {
    /// Reads one certificate in DER; none if it is not one, or bytes follow it.
    pub fn from_der(der: &[u8]) -> Option<Self> {
        let (certificate, rest) = Self::first_of(der)?;
        rest.is_empty().then_some(certificate)
    }

    /// Reads the certificate that these bytes start with, and what follows it.
    fn first_of(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (rest, certificate) = X509Certificate::from_der(bytes).ok()?;
        let der = &bytes[..bytes.len() - rest.len()];
        let validity = certificate.validity();
        let key = Key::of(certificate.public_key());
        let usage = certificate.key_usage().ok().flatten();
        let read = Self {
            der: der.to_owned(),
            sha256: hexadecimal(&Sha256::digest(der)),
            subject: crate::text::shown(&certificate.subject().to_string(), 300),
            issuer: crate::text::shown(&certificate.issuer().to_string(), 300),
            serial: crate::text::shown(&certificate.raw_serial_as_string(), 100),
            not_before: time(validity.not_before.timestamp()),
            not_after: time(validity.not_after.timestamp()),
            public_key: certificate.public_key().raw.to_owned(),
            signature_algorithm: key::signature_algorithm(
                &certificate.signature_algorithm.algorithm.to_id_string(),
            ),
            self_signed: certificate.subject().as_raw() == certificate.issuer().as_raw(),
            is_altered: is_altered(&certificate, &key),
            key,
            is_ca: certificate.is_ca(),
            // Without the extension every use is allowed (RFC 5280, section 4.2.1.3).
            may_sign: usage.is_none_or(|usage| {
                usage.value.digital_signature() || usage.value.non_repudiation()
            }),
        };
        Some((read, rest))
    }

    /// The certificate's bytes.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The certificate as text (RFC 7468).
    pub fn pem(&self) -> String {
        pem::encode("CERTIFICATE", &self.der)
    }

    /// SHA-256 over its bytes, in small hexadecimal digits.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Whom it was made for.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Who made it.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Its serial number, in hexadecimal digits with colons.
    pub fn serial(&self) -> &str {
        &self.serial
    }

    /// The first moment of its validity.
    pub fn not_before(&self) -> Timestamp {
        self.not_before
    }

    /// The last moment of its validity.
    pub fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// Whether it is valid at this moment.
    pub fn is_current(&self, now: Timestamp) -> bool {
        self.not_before <= now && now <= self.not_after
    }

    /// Its public key: a SubjectPublicKeyInfo in DER (RFC 5280, section 4.1.2.7).
    pub fn public_key(&self) -> &[u8] {
        &self.public_key
    }

    /// What kind of key that is.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// The algorithm that the certificate itself is signed with. Nothing hangs on it where a
    /// certificate is trusted because it was pasted.
    pub fn signature_algorithm(&self) -> &str {
        &self.signature_algorithm
    }

    /// Whether it names itself as its maker. The signature is not looked at.
    pub fn is_self_signed(&self) -> bool {
        self.self_signed
    }

    /// Whether it may vouch for other certificates.
    pub fn is_ca(&self) -> bool {
        self.is_ca
    }
}

/// Whether it was signed with its own key, and its bytes are not those that were signed.
fn is_altered(certificate: &X509Certificate<'_>, key: &Key) -> bool {
    // RSA of other lengths and other algorithms are refused without being looked at.
    let is_judged = match key {
        Key::Rsa { bits } => (2048..=8192).contains(bits),
        other => other.is_supported(),
    };
    const JUDGED: [&str; 6] = [
        "1.2.840.113549.1.1.11",
        "1.2.840.113549.1.1.12",
        "1.2.840.113549.1.1.13",
        "1.2.840.10045.4.3.2",
        "1.2.840.10045.4.3.3",
        "1.2.840.10045.4.3.4",
    ];
    let algorithm = certificate.signature_algorithm.algorithm.to_id_string();
    is_judged
        && certificate.subject().as_raw() == certificate.issuer().as_raw()
        && !names_another_key(certificate)
        && JUDGED.contains(&algorithm.as_str())
        && certificate.verify_signature(None) == Err(X509Error::SignatureVerificationError)
}

/// Whether it says itself that another key than its own has signed it, whatever that one's name
/// (RFC 5280, sections 4.2.1.1 and 4.2.1.2).
fn names_another_key(certificate: &X509Certificate<'_>) -> bool {
    let (mut own, mut signers) = (None, None);
    for extension in certificate.extensions() {
        match extension.parsed_extension() {
            ParsedExtension::SubjectKeyIdentifier(id) => own = Some(id.0),
            ParsedExtension::AuthorityKeyIdentifier(id) => {
                signers = id.key_identifier.as_ref().map(|id| id.0);
            }
            _ => {}
        }
    }
    matches!((own, signers), (Some(own), Some(signers)) if own != signers)
}

/// Says which certificate it is, not its bytes.
impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Certificate")
            .field("subject", &self.subject)
            .field("sha256", &self.sha256)
            .finish_non_exhaustive()
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The nearest time that can be told: `99991231235959Z`, for certificates without an end (RFC
/// 5280, section 4.1.2.5), is hours beyond the last one.
fn time(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(if seconds < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}

#[cfg(test)]
mod tests;
