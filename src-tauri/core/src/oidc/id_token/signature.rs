//! The compact form of a signed token and its signature (RFC 7515, sections 3.1 and 5.2).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::JsonWebKey;
use openidconnect::core::{
    CoreJsonWebKey, CoreJsonWebKeyType as KeyType, CoreJwsSigningAlgorithm as Algorithm,
};

use super::super::keys::Keys;
use super::LARGEST;
use crate::fault::Fault;
use crate::json::{self, Members, Unreadable};
use crate::text::shown;

/// Asymmetric algorithms alone: the service knows the provider's public keys and nothing else.
const ACCEPTED: [(&str, Algorithm); 9] = [
    ("RS256", Algorithm::RsaSsaPkcs1V15Sha256),
    ("RS384", Algorithm::RsaSsaPkcs1V15Sha384),
    ("RS512", Algorithm::RsaSsaPkcs1V15Sha512),
    ("PS256", Algorithm::RsaSsaPssSha256),
    ("PS384", Algorithm::RsaSsaPssSha384),
    ("PS512", Algorithm::RsaSsaPssSha512),
    ("ES256", Algorithm::EcdsaP256Sha256),
    ("ES384", Algorithm::EcdsaP384Sha384),
    ("EdDSA", Algorithm::EdDsa),
];

/// The shortest RSA signature, in bytes: it is as long as its key, and RFC 7518, sections 3.3 and
/// 3.5, asks for 2048 bits.
const SHORTEST_RSA: usize = 2048 / 8;

/// Longest text of a header or a key that a finding names, in characters.
const NAMED: usize = 200;

/// A token in its three parts. The payload is not verified by being read.
pub(super) struct Parts<'a> {
    pub(super) compact: &'a str,
    pub(super) key_id: Option<String>,
    pub(super) payload: Members,
    signed: &'a str,
    signature: Vec<u8>,
    header: Members,
}

/// The key and the algorithm that a signature was verified with.
pub(super) struct SignedBy<'a> {
    pub(super) key: &'a CoreJsonWebKey,
    pub(super) algorithm: Algorithm,
}

impl<'a> Parts<'a> {
    pub(super) fn read(compact: &'a str) -> Result<Self, Fault> {
        if compact.len() > LARGEST {
            return Err(malformed("length"));
        }
        let parts: Vec<&str> = compact.splitn(6, '.').collect();
        let [header, payload, signature] = parts[..] else {
            // Five parts are an encrypted token (RFC 7516, section 3.1).
            return Err(if parts.len() == 5 {
                Fault::TokenEncrypted {}
            } else {
                malformed("parts")
            });
        };
        let header = object(header, "header")?;
        // RFC 7515, sections 4.1.1 to 4.1.10: a key ID that is no text is none, not an absent one.
        for name in ["alg", "kid", "typ", "cty"] {
            if header.find(name).is_some_and(|value| !value.is_string()) {
                return Err(malformed("header"));
            }
        }
        // RFC 7519, section 5.2: what is inside is another token, and not claims.
        if header
            .text("cty")
            .is_some_and(|kind| kind.eq_ignore_ascii_case("JWT"))
        {
            return Err(Fault::TokenSaysNested {});
        }
        Ok(Self {
            compact,
            key_id: header.text("kid").map(str::to_owned),
            payload: object(payload, "payload")?,
            signed: &compact[..compact.len() - signature.len() - 1],
            signature: decoded(signature, "signature")?,
            header,
        })
    }

    /// Why no key can verify it, whatever the provider publishes.
    pub(super) fn unsignable(&self) -> Option<Fault> {
        algorithm(&self.header).err()
    }

    /// The key ID for a finding; empty where the token names none.
    fn named_key(&self) -> String {
        shown(self.key_id.as_deref().unwrap_or_default(), NAMED)
    }
}

/// The key of the set that verifies the signature.
pub(super) fn verified_by<'k>(parts: &Parts<'_>, keys: &'k Keys) -> Result<SignedBy<'k>, Fault> {
    let algorithm = algorithm(&parts.header)?;
    if let Some(critical) = parts.header.find("crit") {
        return Err(Fault::CriticalHeader {
            names: shown(&critical.to_string(), NAMED),
        });
    }
    let candidates: Vec<&CoreJsonWebKey> = match &parts.key_id {
        Some(id) => keys
            .all()
            .iter()
            .filter(|key| key.key_id().is_some_and(|k| k.as_str() == id))
            .collect(),
        None => keys.all().iter().collect(),
    };
    if candidates.is_empty() {
        return Err(Fault::KeyUnknown {
            key_id: parts.named_key(),
            published: shown(&keys.ids().join(", "), NAMED),
        });
    }
    let name = name_of(&algorithm);
    let mut fits = false;
    for key in candidates {
        match key.verify_signature(&algorithm, parts.signed.as_bytes(), &parts.signature) {
            Ok(()) if *key.key_type() == KeyType::RSA && parts.signature.len() < SHORTEST_RSA => {
                return Err(Fault::SigningKeyWeak {
                    bits: parts.signature.len() * 8,
                });
            }
            Ok(()) => return Ok(SignedBy { key, algorithm }),
            // A key of another type or for another use: not the one, and no accusation.
            Err(openidconnect::SignatureVerificationError::InvalidKey(_)) => {}
            Err(_) => fits = true,
        }
    }
    if fits {
        Err(Fault::SignatureWrong {
            key_id: parts.named_key(),
            algorithm: name,
        })
    } else {
        Err(Fault::KeyNotFound { algorithm: name })
    }
}

fn algorithm(header: &Members) -> Result<Algorithm, Fault> {
    let name = header.text("alg").unwrap_or_default();
    if let Some((_, algorithm)) = ACCEPTED.iter().find(|(accepted, _)| *accepted == name) {
        return Ok(algorithm.clone());
    }
    if name.eq_ignore_ascii_case("none") {
        return Err(Fault::TokenUnsigned {});
    }
    if name.starts_with("HS") {
        return Err(Fault::TokenSignedBySecret {
            algorithm: shown(name, 50),
        });
    }
    Err(Fault::AlgorithmNotAccepted {
        algorithm: shown(name, 50),
        accepted: ACCEPTED.map(|(name, _)| name).join(", "),
    })
}

/// The names that openidconnect's verifier is allowed to accept: the same as ours.
pub(super) fn accepted() -> impl Iterator<Item = Algorithm> {
    ACCEPTED.into_iter().map(|(_, algorithm)| algorithm)
}

fn name_of(algorithm: &Algorithm) -> String {
    ACCEPTED
        .iter()
        .find(|(_, accepted)| accepted == algorithm)
        .map_or_else(String::new, |(name, _)| (*name).to_owned())
}

fn object(part: &str, name: &'static str) -> Result<Members, Fault> {
    json::members(&decoded(part, name)?).map_err(|error| match error {
        Unreadable::Twice(claim) => Fault::ClaimTwice {
            claim: shown(&claim, NAMED),
        },
        Unreadable::NotAnObject => malformed(name),
    })
}

fn decoded(part: &str, name: &'static str) -> Result<Vec<u8>, Fault> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| malformed(name))
}

fn malformed(part: &str) -> Fault {
    Fault::TokenMalformed {
        part: part.to_owned(),
    }
}
