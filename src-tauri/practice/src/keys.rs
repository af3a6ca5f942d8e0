use jsonwebtoken::jwk::{Jwk, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, EncodingKey};
use p256::pkcs8::EncodePrivateKey;
use rand::rngs::OsRng;
use rsa::RsaPrivateKey;
use rsa::pkcs1::EncodeRsaPrivateKey;
use thiserror::Error;
use tokio::sync::OnceCell;

/// The provider's signing keys. Each is made when it is first needed, off the async threads,
/// because an RSA key takes a good part of a second.
#[derive(Default)]
pub(crate) struct Keys {
    private: OnceCell<RsaPrivateKey>,
    unpublished_private: OnceCell<RsaPrivateKey>,
    rsa: OnceCell<SigningKey>,
    es256: OnceCell<SigningKey>,
    unpublished: OnceCell<SigningKey>,
}

/// One private key with its public half as it is published.
pub(crate) struct SigningKey {
    pub(crate) algorithm: Algorithm,
    pub(crate) private: EncodingKey,
    pub(crate) public: Jwk,
    pub(crate) kid: String,
}

/// A key could not be made or used.
#[derive(Debug, Error)]
pub(crate) enum KeyError {
    #[error("no RSA key could be made")]
    Rsa(#[from] rsa::Error),
    #[error("the RSA key could not be written")]
    RsaForm(#[from] rsa::pkcs1::Error),
    #[error("the P-256 key could not be written")]
    EcForm(#[from] p256::pkcs8::Error),
    #[error("the RSA key could not be written")]
    RsaPublicForm(#[from] rsa::pkcs8::spki::Error),
    #[error("nothing could be encrypted")]
    Encryption,
    #[error("the certificate could not be made")]
    Certificate(#[from] rcgen::Error),
    #[error("the token could not be signed")]
    Signing(#[from] jsonwebtoken::errors::Error),
    #[error("the token could not be written as JSON")]
    Json(#[from] serde_json::Error),
    #[error("making a key was broken off")]
    BrokenOff(#[from] tokio::task::JoinError),
}

impl Keys {
    /// The RS256 key, 2048 bits, that signs ID tokens.
    pub(crate) async fn rsa(&self) -> Result<&SigningKey, KeyError> {
        let private = self.private().await?;
        self.rsa
            .get_or_try_init(|| async { SigningKey::rsa(private) })
            .await
    }

    /// The ES256 key, on P-256.
    pub(crate) async fn es256(&self) -> Result<&SigningKey, KeyError> {
        made(&self.es256, SigningKey::es256).await
    }

    /// A second RS256 key that is never published.
    pub(crate) async fn unpublished(&self) -> Result<&SigningKey, KeyError> {
        let private = self.unpublished_private().await?;
        self.unpublished
            .get_or_try_init(|| async { SigningKey::rsa(private) })
            .await
    }

    /// The one RSA key, 2048 bits, that both halves sign with.
    pub(crate) async fn private(&self) -> Result<&RsaPrivateKey, KeyError> {
        made(&self.private, || new_rsa(2048)).await
    }

    /// The RSA key that is never published.
    pub(crate) async fn unpublished_private(&self) -> Result<&RsaPrivateKey, KeyError> {
        made(&self.unpublished_private, || new_rsa(2048)).await
    }
}

/// Makes an RSA key, which takes a good part of a second.
pub(crate) fn new_rsa(bits: usize) -> Result<RsaPrivateKey, KeyError> {
    Ok(RsaPrivateKey::new(&mut OsRng, bits)?)
}

/// What the cell holds, made off the async threads when it is first asked for.
pub(crate) async fn made<T: Send + Sync + 'static>(
    cell: &OnceCell<T>,
    make: fn() -> Result<T, KeyError>,
) -> Result<&T, KeyError> {
    cell.get_or_try_init(|| async { tokio::task::spawn_blocking(make).await? })
        .await
}

impl SigningKey {
    fn rsa(key: &RsaPrivateKey) -> Result<Self, KeyError> {
        let private = EncodingKey::from_rsa_der(key.to_pkcs1_der()?.as_bytes());
        Self::publish(private, Algorithm::RS256)
    }

    fn es256() -> Result<Self, KeyError> {
        let key = p256::SecretKey::random(&mut OsRng);
        let private = EncodingKey::from_ec_der(key.to_pkcs8_der()?.as_bytes());
        Self::publish(private, Algorithm::ES256)
    }

    /// Names the key by its thumbprint (RFC 7638).
    fn publish(private: EncodingKey, algorithm: Algorithm) -> Result<Self, KeyError> {
        let mut public = Jwk::from_encoding_key(&private, algorithm)?;
        let kid = public.thumbprint(ThumbprintHash::SHA256)?;
        public.common.key_id = Some(kid.clone());
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        Ok(SigningKey {
            algorithm,
            private,
            public,
            kid,
        })
    }

    /// Signs, and gives the signature as base64url.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<String, KeyError> {
        Ok(jsonwebtoken::crypto::sign(
            message,
            &self.private,
            self.algorithm,
        )?)
    }
}
