//! The algorithms of XML Signature 1.1, section 6, and RFC 9231 that are known here. What is not on
//! these lists does not exist.

use std::fmt;

use ring::digest;

use crate::fault::Fault;
use crate::text::shown;

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// Broken for signatures; known so that it can be named.
    Sha1,
    /// FIPS 180-4.
    Sha256,
    /// FIPS 180-4.
    Sha384,
    /// FIPS 180-4.
    Sha512,
}

/// A kind of signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// RSASSA-PKCS1-v1_5 (RFC 8017).
    RsaPkcs1,
    /// RSASSA-PSS (RFC 8017), the salt as long as the digest (RFC 9231, section 2.3.10).
    RsaPss,
    /// ECDSA on P-256 or P-384 (FIPS 186).
    Ecdsa,
}

/// How `SignedInfo` is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignatureAlgorithm {
    /// The kind.
    pub scheme: Scheme,
    /// Its hash function.
    pub hash: Hash,
}

/// How what is covered is digested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DigestAlgorithm {
    /// The hash function.
    pub hash: Hash,
}

const SIGNATURES: [(&str, Scheme, Hash); 9] = [
    (
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        Scheme::RsaPkcs1,
        Hash::Sha256,
    ),
    (
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
        Scheme::RsaPkcs1,
        Hash::Sha384,
    ),
    (
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
        Scheme::RsaPkcs1,
        Hash::Sha512,
    ),
    (
        "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
        Scheme::RsaPss,
        Hash::Sha256,
    ),
    (
        "http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1",
        Scheme::RsaPss,
        Hash::Sha384,
    ),
    (
        "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1",
        Scheme::RsaPss,
        Hash::Sha512,
    ),
    (
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
        Scheme::Ecdsa,
        Hash::Sha256,
    ),
    (
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
        Scheme::Ecdsa,
        Hash::Sha384,
    ),
    (
        "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
        Scheme::RsaPkcs1,
        Hash::Sha1,
    ),
];

const DIGESTS: [(&str, Hash); 4] = [
    ("http://www.w3.org/2001/04/xmlenc#sha256", Hash::Sha256),
    (
        "http://www.w3.org/2001/04/xmldsig-more#sha384",
        Hash::Sha384,
    ),
    ("http://www.w3.org/2001/04/xmlenc#sha512", Hash::Sha512),
    ("http://www.w3.org/2000/09/xmldsig#sha1", Hash::Sha1),
];

impl SignatureAlgorithm {
    pub(super) fn of_uri(uri: &str) -> Result<Self, Fault> {
        if let Some((_, scheme, hash)) = SIGNATURES.iter().find(|(known, ..)| *known == uri) {
            return Ok(Self {
                scheme: *scheme,
                hash: *hash,
            });
        }
        let algorithm = shown(uri, 100);
        // RFC 9231, sections 2.2.1 to 2.2.3, and XML Signature 1.1, section 6.3.
        if uri
            .rsplit('#')
            .next()
            .is_some_and(|name| name.starts_with("hmac-"))
        {
            return Err(Fault::SignedBySharedSecret { algorithm });
        }
        Err(Fault::SignatureAlgorithmNotAccepted {
            algorithm,
            accepted:
                "rsa-sha256, rsa-sha384, rsa-sha512, RSA-PSS (sha256-rsa-MGF1 to sha512-rsa-MGF1), \
                       ecdsa-sha256, ecdsa-sha384"
                    .to_owned(),
        })
    }
}

impl fmt::Display for SignatureAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.scheme {
            Scheme::RsaPkcs1 => "RSA",
            Scheme::RsaPss => "RSA-PSS",
            Scheme::Ecdsa => "ECDSA",
        };
        write!(f, "{scheme} with {}", self.hash)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sha1 => "SHA-1",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        })
    }
}

impl DigestAlgorithm {
    pub(super) fn of_uri(uri: &str) -> Result<Self, Fault> {
        match DIGESTS.iter().find(|(known, _)| *known == uri) {
            Some((_, hash)) => Ok(Self { hash: *hash }),
            None => Err(Fault::DigestNotAccepted {
                digest: shown(uri, 100),
                accepted: "SHA-256, SHA-384, SHA-512".to_owned(),
            }),
        }
    }

    pub(super) fn of(self) -> &'static digest::Algorithm {
        match self.hash {
            Hash::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Hash::Sha256 => &digest::SHA256,
            Hash::Sha384 => &digest::SHA384,
            Hash::Sha512 => &digest::SHA512,
        }
    }
}
