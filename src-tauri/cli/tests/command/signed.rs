//! Tokens that are signed here, by another library than the one that verifies them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey};
use p256::pkcs8::EncodePrivateKey;
use rand::rngs::OsRng;
use rsa::pkcs1::EncodeRsaPrivateKey;
use serde_json::{Value, json};

pub(crate) struct Signer {
    key: EncodingKey,
    algorithm: Algorithm,
    pub(crate) kid: &'static str,
}

impl Signer {
    pub(crate) fn rsa(kid: &'static str) -> Self {
        let key = rsa::RsaPrivateKey::new(&mut OsRng, 2048).unwrap();
        let key = EncodingKey::from_rsa_der(key.to_pkcs1_der().unwrap().as_bytes());
        Self {
            key,
            algorithm: Algorithm::RS256,
            kid,
        }
    }

    pub(crate) fn elliptic(kid: &'static str) -> Self {
        let key = p256::SecretKey::random(&mut OsRng).to_pkcs8_der().unwrap();
        let key = EncodingKey::from_ec_der(key.as_bytes());
        Self {
            key,
            algorithm: Algorithm::ES256,
            kid,
        }
    }

    /// Signs with the characters of a public key, as in the confusion of algorithms.
    pub(crate) fn shared_secret(kid: &'static str, secret: &[u8]) -> Self {
        Self {
            key: EncodingKey::from_secret(secret),
            algorithm: Algorithm::HS256,
            kid,
        }
    }

    pub(crate) fn public(&self) -> Value {
        let jwk = Jwk::from_encoding_key(&self.key, self.algorithm).unwrap();
        let mut jwk = serde_json::to_value(jwk).unwrap();
        jwk["kid"] = json!(self.kid);
        jwk["use"] = json!("sig");
        jwk
    }

    pub(crate) fn header(&self) -> Value {
        json!({ "alg": format!("{:?}", self.algorithm), "typ": "JWT", "kid": self.kid })
    }

    pub(crate) fn token(&self, payload: &Value) -> String {
        self.token_of(&self.header().to_string(), &payload.to_string())
    }

    /// Of any text, so that the JSON in it may be ambiguous or none.
    pub(crate) fn token_of(&self, header: &str, payload: &str) -> String {
        let message = format!("{}.{}", encoded(header), encoded(payload));
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &self.key, self.algorithm);
        format!("{message}.{}", signature.unwrap())
    }
}

pub(crate) fn key_set(signers: &[&Signer]) -> Value {
    let keys: Vec<Value> = signers.iter().map(|signer| signer.public()).collect();
    json!({ "keys": keys })
}

pub(crate) fn encoded(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}
