//! XML Signature 1.1: one enveloped signature, exclusive canonicalisation.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use p256::ecdsa;
use p256::ecdsa::signature::Signer;
use rand::rngs::OsRng;
use rsa::{Pkcs1v15Sign, Pss};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use super::credential::{Credential, Key};
use super::xml::Element;
use crate::fault::Fault;
use crate::keys::KeyError;

pub(super) const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
pub(super) const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
pub(super) const SHA1: &str = "http://www.w3.org/2000/09/xmldsig#sha1";
pub(super) const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";

pub(super) const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    RsaSha256,
    RsaSha512,
    RsaSha1,
    /// RSASSA-PSS with MGF1, both over SHA-256 (RFC 6931, section 2.3.10).
    RsaPss,
    /// The two numbers side by side, as XML Signature writes them (section 6.4.3).
    EcdsaSha256,
    /// The two numbers in DER, as X.509 writes them.
    EcdsaSha256Der,
}

impl Algorithm {
    fn chosen(key: &Key, fault: Option<Fault>) -> Self {
        match (key, fault) {
            (Key::P256(_), Some(Fault::SamlEcdsaDer)) => Algorithm::EcdsaSha256Der,
            (Key::P256(_), _) => Algorithm::EcdsaSha256,
            (_, Some(Fault::SamlSha1Signature)) => Algorithm::RsaSha1,
            (_, Some(Fault::SamlRsaSha512)) => Algorithm::RsaSha512,
            (_, Some(Fault::SamlRsaPss)) => Algorithm::RsaPss,
            _ => Algorithm::RsaSha256,
        }
    }

    fn uri(self) -> &'static str {
        match self {
            Algorithm::RsaSha256 => RSA_SHA256,
            Algorithm::RsaSha512 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
            Algorithm::RsaSha1 => "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
            Algorithm::RsaPss => "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
            Algorithm::EcdsaSha256 | Algorithm::EcdsaSha256Der => {
                "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
            }
        }
    }
}

/// Signs the element, whose first child is its Issuer and which has an `ID`.
pub(super) fn envelop(
    element: &mut Element,
    credential: &Credential,
    fault: Option<Fault>,
) -> Result<(), KeyError> {
    let digested = element.canonical();
    let digested = match fault {
        Some(Fault::SamlDigestAltered) => "another text",
        _ => digested.as_str(),
    };
    let (digest_uri, digest) = match fault {
        Some(Fault::SamlSha1Digest) => (SHA1, Sha1::digest(digested).to_vec()),
        _ => (SHA256, Sha256::digest(digested).to_vec()),
    };
    let algorithm = Algorithm::chosen(&credential.key, fault);
    let transforms = [ENVELOPED, EXCLUSIVE].map(|uri| named("ds:Transform", uri));
    let reference = Element::new("ds:Reference")
        .with(
            "URI",
            format!("#{}", element.attribute("ID").unwrap_or_default()),
        )
        .child(Element::new("ds:Transforms").children(transforms))
        .child(named("ds:DigestMethod", digest_uri))
        .child(Element::new("ds:DigestValue").text(STANDARD.encode(digest)));
    let signed_info = Element::new("ds:SignedInfo")
        .child(named("ds:CanonicalizationMethod", EXCLUSIVE))
        .child(named("ds:SignatureMethod", algorithm.uri()))
        .child(reference);
    let mut value = sign(
        &credential.key,
        algorithm,
        signed_info.canonical().as_bytes(),
    )?;
    if fault == Some(Fault::SamlSignatureAltered)
        && let Some(last) = value.last_mut()
    {
        *last ^= 1;
    }
    let signature = Element::new("ds:Signature")
        .child(signed_info)
        .child(Element::new("ds:SignatureValue").text(STANDARD.encode(value)))
        .child(key_info(&credential.certificate));
    element.insert_second(signature);
    Ok(())
}

/// The certificate as a signature and the metadata show it.
pub(super) fn key_info(certificate: &[u8]) -> Element {
    let certificate = Element::new("ds:X509Certificate").text(STANDARD.encode(certificate));
    Element::new("ds:KeyInfo").child(Element::new("ds:X509Data").child(certificate))
}

/// An element that names an algorithm and says no more.
pub(super) fn named(name: &'static str, algorithm: &str) -> Element {
    Element::new(name).with("Algorithm", algorithm)
}

pub(super) fn sign(key: &Key, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>, KeyError> {
    let key = match key {
        Key::P256(key) => {
            let signature: ecdsa::Signature = key.sign(message);
            return Ok(match algorithm {
                Algorithm::EcdsaSha256Der => signature.to_der().as_bytes().to_vec(),
                _ => signature.to_bytes().to_vec(),
            });
        }
        Key::Rsa(key) => key,
    };
    Ok(match algorithm {
        Algorithm::RsaSha1 => key.sign(Pkcs1v15Sign::new::<Sha1>(), &Sha1::digest(message))?,
        Algorithm::RsaSha512 => {
            key.sign(Pkcs1v15Sign::new::<Sha512>(), &Sha512::digest(message))?
        }
        Algorithm::RsaPss => {
            key.sign_with_rng(&mut OsRng, Pss::new::<Sha256>(), &Sha256::digest(message))?
        }
        _ => key.sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(message))?,
    })
}
