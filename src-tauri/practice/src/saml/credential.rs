//! The keys that SAML answers are signed with, each with its certificate.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use p256::ecdsa;
use rand::rngs::OsRng;
use rcgen::{CertificateParams, DistinguishedName, DnType, PublicKeyData, SignatureAlgorithm};
use rsa::RsaPrivateKey;
use rsa::pkcs1::EncodeRsaPublicKey;
use tokio::sync::OnceCell;

use super::signature::{Algorithm, sign};
use crate::fault::Fault;
use crate::keys::{KeyError, Keys, made, new_rsa};

/// All of them, each made when it is first needed.
#[derive(Default)]
pub(crate) struct Credentials {
    usual: OnceCell<Credential>,
    expired: OnceCell<Credential>,
    rotated: OnceCell<Credential>,
    weak: OnceCell<Credential>,
    curve: OnceCell<Credential>,
    /// What is encrypted to where the application has shown no certificate.
    nobody: OnceCell<RsaPrivateKey>,
}

/// A private key and the certificate of its public half.
#[derive(Clone)]
pub(super) struct Credential {
    pub(super) key: Key,
    /// In DER.
    pub(super) certificate: Vec<u8>,
}

#[derive(Clone)]
pub(super) enum Key {
    Rsa(Box<RsaPrivateKey>),
    P256(ecdsa::SigningKey),
}

/// What a certificate's validity is beside the present.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Validity {
    Now,
    Over,
}

impl Credentials {
    /// Whose certificate the metadata shows.
    pub(super) async fn published(
        &self,
        keys: &Keys,
        fault: Option<Fault>,
    ) -> Result<&Credential, KeyError> {
        let usual = async || Credential::rsa(keys.private().await?, Validity::Now);
        let expired = async || Credential::rsa(keys.private().await?, Validity::Over);
        match fault {
            Some(Fault::SamlRsa1024) => {
                let weak = || Credential::rsa(&new_rsa(1024)?, Validity::Now);
                made(&self.weak, weak).await
            }
            Some(Fault::SamlEcdsa | Fault::SamlEcdsaDer) => {
                made(&self.curve, Credential::p256).await
            }
            Some(Fault::SamlCertificateExpired) => self.expired.get_or_try_init(expired).await,
            _ => self.usual.get_or_try_init(usual).await,
        }
    }

    /// Whose key signs, and the certificate that the signature shows.
    pub(super) async fn signing(
        &self,
        keys: &Keys,
        fault: Option<Fault>,
    ) -> Result<Credential, KeyError> {
        let published = self.published(keys, fault).await?;
        let other = async || Credential::rsa(keys.unpublished_private().await?, Validity::Now);
        Ok(match fault {
            Some(Fault::SamlCertificateRotated) => {
                self.rotated.get_or_try_init(other).await?.clone()
            }
            Some(Fault::SamlWrongKey) => Credential {
                key: self.rotated.get_or_try_init(other).await?.key.clone(),
                certificate: published.certificate.clone(),
            },
            _ => published.clone(),
        })
    }

    /// A key that nobody has.
    pub(super) async fn nobody(&self) -> Result<&RsaPrivateKey, KeyError> {
        made(&self.nobody, || new_rsa(2048)).await
    }
}

impl Credential {
    fn rsa(key: &RsaPrivateKey, validity: Validity) -> Result<Self, KeyError> {
        let public = key.to_public_key().to_pkcs1_der()?.into_vec();
        let key = Key::Rsa(Box::new(key.clone()));
        Self::certified(key, public, &rcgen::PKCS_RSA_SHA256, validity)
    }

    fn p256() -> Result<Self, KeyError> {
        let key = ecdsa::SigningKey::random(&mut OsRng);
        let public = key.verifying_key().to_encoded_point(false);
        let algorithm = &rcgen::PKCS_ECDSA_P256_SHA256;
        Self::certified(
            Key::P256(key),
            public.as_bytes().to_vec(),
            algorithm,
            Validity::Now,
        )
    }

    /// Makes the self-signed certificate that providers' own consoles make.
    fn certified(
        key: Key,
        public: Vec<u8>,
        algorithm: &'static SignatureAlgorithm,
        validity: Validity,
    ) -> Result<Self, KeyError> {
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params
            .distinguished_name
            .push(DnType::CommonName, "Latchkey practice provider");
        let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
        let (from, to) = match validity {
            Validity::Now => (1.day(), 730.days()),
            Validity::Over => (760.days(), -30.days()),
        };
        let part = |part: i8| u8::try_from(part).unwrap_or(1);
        let midnight = |date: Date| {
            rcgen::date_time_ymd(date.year().into(), part(date.month()), part(date.day()))
        };
        params.not_before = midnight(today.saturating_sub(from));
        params.not_after = midnight(today.saturating_add(to));
        let certifying = Certifying {
            key: &key,
            public,
            algorithm,
        };
        let certificate = params.self_signed(&certifying)?.der().to_vec();
        Ok(Credential { key, certificate })
    }
}

/// The key as rcgen signs with it: its own RSA refuses 1024 bits.
struct Certifying<'a> {
    key: &'a Key,
    public: Vec<u8>,
    algorithm: &'static SignatureAlgorithm,
}

impl PublicKeyData for Certifying<'_> {
    fn der_bytes(&self) -> &[u8] {
        &self.public
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        self.algorithm
    }
}

impl rcgen::SigningKey for Certifying<'_> {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        let algorithm = match self.key {
            Key::Rsa(_) => Algorithm::RsaSha256,
            Key::P256(_) => Algorithm::EcdsaSha256Der,
        };
        sign(self.key, algorithm, message).map_err(|_| rcgen::Error::RemoteKeyError)
    }
}

/// A certificate in PEM (RFC 7468, section 5).
pub(super) fn pem(der: &[u8]) -> String {
    let encoded = STANDARD.encode(der);
    let mut text = String::from("-----BEGIN CERTIFICATE-----\n");
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        text.push_str(line);
        text.push('\n');
        rest = after;
    }
    text.push_str("-----END CERTIFICATE-----\n");
    text
}
