//! X.509 certificates (RFC 5280) that providers sign with: read, described, held against what a
//! sign-in needs.

pub(crate) mod pem;

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use x509_parser::prelude::{FromDer, X509Certificate};

/// A certificate that could be read. Whether it is fit for signing is another question.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    sha256: String,
    subject: String,
    issuer: String,
    not_before: Timestamp,
    not_after: Timestamp,
    public_key: Vec<u8>,
}

impl Certificate {
    /// Reads one certificate in DER; none if it is not one, or bytes follow it.
    pub fn from_der(der: &[u8]) -> Option<Self> {
        let (rest, certificate) = X509Certificate::from_der(der).ok()?;
        if !rest.is_empty() {
            return None;
        }
        let validity = certificate.validity();
        Some(Self {
            der: der.to_owned(),
            sha256: hexadecimal(&Sha256::digest(der)),
            subject: crate::text::shown(&certificate.subject().to_string(), 300),
            issuer: crate::text::shown(&certificate.issuer().to_string(), 300),
            not_before: Timestamp::from_second(validity.not_before.timestamp()).ok()?,
            not_after: Timestamp::from_second(validity.not_after.timestamp()).ok()?,
            public_key: certificate.public_key().raw.to_owned(),
        })
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

    /// The first moment of its validity.
    pub fn not_before(&self) -> Timestamp {
        self.not_before
    }

    /// The last moment of its validity.
    pub fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// Its public key: a SubjectPublicKeyInfo in DER (RFC 5280, section 4.1.2.7).
    pub fn public_key(&self) -> &[u8] {
        &self.public_key
    }
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
