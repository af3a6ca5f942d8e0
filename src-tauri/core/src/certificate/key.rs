//! Keys and algorithms by the names that people know.

use x509_parser::prelude::FromDer;
use x509_parser::public_key::RSAPublicKey;
use x509_parser::x509::SubjectPublicKeyInfo;

/// The shortest RSA key that an answer may be signed with (NIST SP 800-131A).
pub(super) const SHORTEST_RSA: usize = 2048;

/// The longest RSA key that is verified with.
const LONGEST_RSA: usize = 8192;

/// What kind of public key a certificate holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// RSA (RFC 8017).
    Rsa {
        /// The length of the modulus.
        bits: usize,
    },
    /// A point on an elliptic curve (RFC 5480).
    Ec {
        /// The curve's usual name, `P-256`; its object identifier where it has none here.
        curve: String,
    },
    /// Any other.
    Other {
        /// The algorithm's usual name; its object identifier where it has none here.
        name: String,
    },
}

impl Key {
    pub(super) fn of(info: &SubjectPublicKeyInfo<'_>) -> Self {
        let algorithm = info.algorithm.algorithm.to_id_string();
        let rsa = || {
            let (_, key) = RSAPublicKey::from_der(&info.subject_public_key.data).ok()?;
            Some(bits(key.modulus))
        };
        match (algorithm.as_str(), rsa()) {
            // A key that is for PSS alone is written the same way (RFC 4055, section 1.2).
            ("1.2.840.113549.1.1.1" | "1.2.840.113549.1.1.10", Some(bits)) => Self::Rsa { bits },
            ("1.2.840.10045.2.1", _) => Self::Ec {
                curve: info
                    .algorithm
                    .parameters
                    .as_ref()
                    .and_then(|parameters| parameters.as_oid().ok())
                    .map_or_else(String::new, |oid| named(&CURVES, &oid.to_id_string())),
            },
            (other, _) => Self::Other {
                name: named(&KEYS, other),
            },
        }
    }

    /// Whether a signature by this kind of key can be verified here.
    pub fn is_supported(&self) -> bool {
        match self {
            Self::Rsa { bits } => *bits <= LONGEST_RSA,
            Self::Ec { curve } => matches!(curve.as_str(), "P-256" | "P-384"),
            Self::Other { .. } => false,
        }
    }
}

/// As people know it: `RSA, 2048 bit`.
impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Rsa { bits } => write!(f, "RSA, {bits} bit"),
            Self::Ec { curve } if curve.is_empty() => f.write_str("elliptic curve, not named"),
            Self::Ec { curve } => write!(f, "elliptic curve, {curve}"),
            Self::Other { name } => f.write_str(name),
        }
    }
}

/// The usual name of the algorithm that a certificate is signed with.
pub(super) fn signature_algorithm(oid: &str) -> String {
    named(&SIGNATURES, oid)
}

/// Whether forged certificates are within reach of this algorithm's digest.
pub(super) fn is_weak(signature_algorithm: &str) -> bool {
    ["MD2", "MD5", "SHA-1"]
        .iter()
        .any(|digest| signature_algorithm.ends_with(digest))
}

fn named(names: &[(&str, &str)], oid: &str) -> String {
    names
        .iter()
        .find(|(known, _)| *known == oid)
        .map_or_else(|| crate::text::shown(oid, 100), |(_, name)| (*name).into())
}

/// The length of an unsigned number without its leading zeros.
fn bits(number: &[u8]) -> usize {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    match &number[zeros..] {
        [] => 0,
        // At most 8 of a byte are zeros.
        [first, rest @ ..] => 8 - first.leading_zeros() as usize + 8 * rest.len(),
    }
}

const KEYS: [(&str, &str); 6] = [
    ("1.2.840.113549.1.1.1", "RSA, not readable"),
    ("1.2.840.113549.1.1.10", "RSA for PSS, not readable"),
    ("1.2.840.10040.4.1", "DSA"),
    ("1.3.101.110", "X25519"),
    ("1.3.101.112", "Ed25519"),
    ("1.3.101.113", "Ed448"),
];

const CURVES: [(&str, &str); 7] = [
    ("1.2.840.10045.3.1.7", "P-256"),
    ("1.3.132.0.34", "P-384"),
    ("1.3.132.0.35", "P-521"),
    ("1.3.132.0.10", "secp256k1"),
    ("1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1"),
    ("1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1"),
    ("1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1"),
];

/// The digest stands last, which [`is_weak`] looks at.
const SIGNATURES: [(&str, &str); 16] = [
    ("1.2.840.113549.1.1.2", "RSA with MD2"),
    ("1.2.840.113549.1.1.4", "RSA with MD5"),
    ("1.2.840.113549.1.1.5", "RSA with SHA-1"),
    ("1.3.14.3.2.29", "RSA with SHA-1"),
    ("1.2.840.113549.1.1.11", "RSA with SHA-256"),
    ("1.2.840.113549.1.1.12", "RSA with SHA-384"),
    ("1.2.840.113549.1.1.13", "RSA with SHA-512"),
    ("1.2.840.113549.1.1.10", "RSA-PSS"),
    ("1.2.840.10045.4.1", "ECDSA with SHA-1"),
    ("1.2.840.10045.4.3.2", "ECDSA with SHA-256"),
    ("1.2.840.10045.4.3.3", "ECDSA with SHA-384"),
    ("1.2.840.10045.4.3.4", "ECDSA with SHA-512"),
    ("1.2.840.10040.4.3", "DSA with SHA-1"),
    ("2.16.840.1.101.3.4.3.2", "DSA with SHA-256"),
    ("1.3.101.112", "Ed25519"),
    ("1.3.101.113", "Ed448"),
];
