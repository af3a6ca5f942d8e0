//! One public key tried on one signature.

use ring::signature::{
    self as algorithms, RsaParameters, UnparsedPublicKey, VerificationAlgorithm,
};
use x509_parser::oid_registry::{
    OID_EC_P256, OID_KEY_TYPE_EC_PUBLIC_KEY, OID_NIST_EC_P384, OID_PKCS1_RSAENCRYPTION,
    OID_PKCS1_RSASSAPSS,
};
use x509_parser::prelude::FromDer;
use x509_parser::public_key::RSAPublicKey;
use x509_parser::x509::SubjectPublicKeyInfo;

use super::algorithm::{Hash, Scheme, SignatureAlgorithm};
use super::ecdsa;

/// NIST SP 800-131A, revision 2: shorter keys may verify what is old, and sign nothing new.
const SHORTEST_RSA: usize = 2048;

/// What came of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Attempt {
    /// The signature is by this key; `short` is the length in bits of an RSA key that is too short.
    Verified { short: Option<usize> },
    /// The signature is by this key, but its value is not written as XML Signature has it.
    VerifiedAsDer,
    /// A key of the right kind, and not by it.
    Wrong,
    /// An RSA key of a length that no verifier tries.
    TooShort { bits: usize },
    /// A key for another kind of algorithm, or none that is known here.
    OtherKind,
}

enum Key {
    /// An `RSAPublicKey` in DER, and the length of its modulus in bits.
    Rsa {
        der: Vec<u8>,
        bits: usize,
    },
    Ec {
        curve: Curve,
        point: Vec<u8>,
    },
    Other,
}

#[derive(Clone, Copy)]
enum Curve {
    P256,
    P384,
}

pub(super) fn attempt(
    algorithm: SignatureAlgorithm,
    public_key: &[u8],
    message: &[u8],
    value: &[u8],
) -> Attempt {
    match (algorithm.scheme, read(public_key)) {
        (Scheme::RsaPkcs1 | Scheme::RsaPss, Key::Rsa { der, bits }) => {
            let Some(parameters) = rsa(algorithm, bits) else {
                return Attempt::TooShort { bits };
            };
            match UnparsedPublicKey::new(parameters, &der).verify(message, value) {
                Ok(()) => Attempt::Verified {
                    short: (bits < SHORTEST_RSA).then_some(bits),
                },
                Err(_) => Attempt::Wrong,
            }
        }
        (Scheme::Ecdsa, Key::Ec { curve, point }) => {
            let Some((parameters, width)) = ec(curve, algorithm.hash) else {
                return Attempt::OtherKind;
            };
            let key = UnparsedPublicKey::new(parameters, &point);
            match ecdsa::as_der(value, width) {
                Some(der) if key.verify(message, &der).is_ok() => Attempt::Verified { short: None },
                None if key.verify(message, value).is_ok() => Attempt::VerifiedAsDer,
                _ => Attempt::Wrong,
            }
        }
        _ => Attempt::OtherKind,
    }
}

/// A key in words, for a finding.
pub(super) fn described(public_key: &[u8]) -> String {
    match read(public_key) {
        Key::Rsa { bits, .. } => format!("RSA of {bits} bits"),
        Key::Ec { curve, .. } => match curve {
            Curve::P256 => "EC P-256".to_owned(),
            Curve::P384 => "EC P-384".to_owned(),
        },
        Key::Other => "another key".to_owned(),
    }
}

/// Reads a SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7).
fn read(public_key: &[u8]) -> Key {
    let Ok((_, info)) = SubjectPublicKeyInfo::from_der(public_key) else {
        return Key::Other;
    };
    let kind = &info.algorithm.algorithm;
    let bytes = info.subject_public_key.data.to_vec();
    // RFC 4055, section 1.2: a key that is for PSS alone is written the same way.
    if *kind == OID_PKCS1_RSAENCRYPTION || *kind == OID_PKCS1_RSASSAPSS {
        return match RSAPublicKey::from_der(&bytes) {
            Ok((_, key)) => Key::Rsa {
                bits: bits(key.modulus),
                der: bytes,
            },
            Err(_) => Key::Other,
        };
    }
    let curve = info
        .algorithm
        .parameters
        .as_ref()
        .and_then(|p| p.as_oid().ok());
    if *kind != OID_KEY_TYPE_EC_PUBLIC_KEY {
        return Key::Other;
    }
    match curve {
        Some(curve) if curve == OID_EC_P256 => Key::Ec {
            curve: Curve::P256,
            point: bytes,
        },
        Some(curve) if curve == OID_NIST_EC_P384 => Key::Ec {
            curve: Curve::P384,
            point: bytes,
        },
        _ => Key::Other,
    }
}

fn bits(number: &[u8]) -> usize {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    match number.get(zeros) {
        Some(first) => (number.len() - zeros) * 8 - first.leading_zeros() as usize,
        None => 0,
    }
}

/// ring's verifier for a key of this length; none where it has none.
fn rsa(algorithm: SignatureAlgorithm, bits: usize) -> Option<&'static RsaParameters> {
    let short = bits < SHORTEST_RSA;
    Some(match (algorithm.scheme, algorithm.hash) {
        _ if bits < 1024 => return None,
        (Scheme::RsaPkcs1, Hash::Sha1) => &algorithms::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
        (Scheme::RsaPkcs1, Hash::Sha256) if short => {
            &algorithms::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY
        }
        (Scheme::RsaPkcs1, Hash::Sha512) if short => {
            &algorithms::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY
        }
        _ if short => return None,
        (Scheme::RsaPkcs1, Hash::Sha256) => &algorithms::RSA_PKCS1_2048_8192_SHA256,
        (Scheme::RsaPkcs1, Hash::Sha384) => &algorithms::RSA_PKCS1_2048_8192_SHA384,
        (Scheme::RsaPkcs1, Hash::Sha512) => &algorithms::RSA_PKCS1_2048_8192_SHA512,
        (Scheme::RsaPss, Hash::Sha256) => &algorithms::RSA_PSS_2048_8192_SHA256,
        (Scheme::RsaPss, Hash::Sha384) => &algorithms::RSA_PSS_2048_8192_SHA384,
        (Scheme::RsaPss, Hash::Sha512) => &algorithms::RSA_PSS_2048_8192_SHA512,
        _ => return None,
    })
}

/// ring's verifier for a curve and a hash, and the length of one number in bytes.
fn ec(curve: Curve, hash: Hash) -> Option<(&'static dyn VerificationAlgorithm, usize)> {
    Some(match (curve, hash) {
        (Curve::P256, Hash::Sha256) => (&algorithms::ECDSA_P256_SHA256_ASN1, 32),
        (Curve::P256, Hash::Sha384) => (&algorithms::ECDSA_P256_SHA384_ASN1, 32),
        (Curve::P384, Hash::Sha256) => (&algorithms::ECDSA_P384_SHA256_ASN1, 48),
        (Curve::P384, Hash::Sha384) => (&algorithms::ECDSA_P384_SHA384_ASN1, 48),
        _ => return None,
    })
}
