//! A certificate as people see it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha1::{Digest, Sha1};
use specta::Type;

use super::{Certificate, hexadecimal};
use crate::ending::{Due, Ending};

/// Everything that tells one certificate from another, at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct CertificateShown {
    /// SHA-256 over its bytes, in small hexadecimal digits.
    pub sha256: String,
    /// SHA-1 over its bytes: many providers' consoles show no other.
    pub sha1: String,
    /// Whom it was made for.
    pub subject: String,
    /// Who made it.
    pub issuer: String,
    /// Its serial number, in hexadecimal digits with colons.
    pub serial: String,
    /// The first moment of its validity.
    pub not_before: Timestamp,
    /// The last moment of its validity.
    pub not_after: Timestamp,
    /// Whole days until then; negative once it is past.
    pub days_left: i32,
    /// What that calls for.
    pub due: Due,
    /// `RSA, 2048 bit`.
    pub key: String,
    /// The algorithm that the certificate itself is signed with.
    pub signature_algorithm: String,
    /// Whether it names itself as its maker.
    pub self_signed: bool,
    /// The certificate as text.
    pub pem: String,
}

impl Certificate {
    /// The certificate as it is shown at this moment.
    pub fn shown(&self, now: Timestamp) -> CertificateShown {
        let ending = Ending::of(self.not_after, now);
        CertificateShown {
            sha256: self.sha256.clone(),
            sha1: hexadecimal(&Sha1::digest(&self.der)),
            subject: self.subject.clone(),
            issuer: self.issuer.clone(),
            serial: self.serial.clone(),
            not_before: self.not_before,
            not_after: self.not_after,
            days_left: ending.days,
            due: ending.due,
            key: self.key.to_string(),
            signature_algorithm: self.signature_algorithm.clone(),
            self_signed: self.self_signed,
            pem: self.pem(),
        }
    }

    /// Whole days until the end of its validity; negative once it is past.
    pub fn days_left(&self, now: Timestamp) -> i32 {
        Ending::of(self.not_after, now).days
    }
}
