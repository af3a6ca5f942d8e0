use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey};
use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::claims::{self, Place};
use crate::CLIENT_ID;
use crate::fault::Fault;
use crate::keys::KeyError;
use crate::provider::{Provider, Scopes, Session, TOKEN_LIFETIME};

const ANOTHER_CLIENT: &str = "another-client";
/// Further than any leeway for clocks, and within the token's hour.
const HALF_AN_HOUR: u64 = 30 * 60;

/// What an ID token is made from (OpenID Connect Core, 2, 3.1.3.6, 3.2.2.10, 3.3.2.11).
pub(super) struct IdToken<'a> {
    pub(super) session: &'a Session,
    pub(super) scopes: Scopes,
    pub(super) nonce: Option<&'a str>,
    pub(super) access_token: Option<&'a str>,
    pub(super) code: Option<&'a str>,
    /// Whether it goes through the browser, and not straight to the client.
    pub(super) by_browser: bool,
}

impl IdToken<'_> {
    /// The signed token; `None` when the fault is that there is none.
    pub(super) async fn issue(
        &self,
        provider: &Provider,
        fault: Option<Fault>,
        now: u64,
    ) -> Result<Option<String>, KeyError> {
        match fault {
            Some(Fault::IdTokenMissing) => Ok(None),
            Some(Fault::TokenMalformed) => Ok(Some("this-is-not-a-token".to_owned())),
            _ => {
                let mut claims = self.claims(provider, fault, now);
                if let Some(fault) = fault {
                    spoil(&mut claims, fault, now);
                }
                Ok(Some(sign(provider, &claims, fault).await?))
            }
        }
    }

    fn claims(&self, provider: &Provider, fault: Option<Fault>, now: u64) -> Map<String, Value> {
        let place = if self.by_browser {
            Place::Browser
        } else {
            Place::TokenEndpoint
        };
        let person = &self.session.person;
        let mut claims = claims::about(provider, person, self.scopes, place, fault);
        claims.insert("iss".into(), provider.own_name(fault).into());
        claims.insert("aud".into(), CLIENT_ID.into());
        claims.insert("iat".into(), now.into());
        claims.insert(
            "exp".into(),
            now.saturating_add(TOKEN_LIFETIME.as_secs()).into(),
        );
        claims.insert("auth_time".into(), self.session.auth_time.into());
        if let Some(nonce) = self.nonce {
            claims.insert("nonce".into(), nonce.into());
        }
        if let Some(token) = self.access_token {
            claims.insert("at_hash".into(), half_hash(token).into());
        }
        if let Some(code) = self.code {
            claims.insert("c_hash".into(), half_hash(code).into());
        }
        claims
    }
}

/// Makes the one claim wrong that the fault is about.
fn spoil(claims: &mut Map<String, Value>, fault: Fault, now: u64) {
    let (name, value) = match fault {
        Fault::WrongAudience => ("aud", json!(ANOTHER_CLIENT)),
        Fault::AudienceList => ("aud", json!([CLIENT_ID])),
        Fault::AudienceListWithoutAzp => ("aud", json!([CLIENT_ID, ANOTHER_CLIENT])),
        Fault::WrongIssuer => ("iss", json!("https://login.another-provider.example")),
        Fault::Expired => ("exp", json!(now.saturating_sub(TOKEN_LIFETIME.as_secs()))),
        Fault::IssuedInFuture => ("iat", json!(now.saturating_add(HALF_AN_HOUR))),
        Fault::NotYetValid => ("nbf", json!(now.saturating_add(HALF_AN_HOUR))),
        Fault::NonceWrong => ("nonce", json!("the-nonce-of-another-request")),
        Fault::WrongAzp => ("azp", json!(ANOTHER_CLIENT)),
        Fault::AtHashWrong if claims.contains_key("at_hash") => {
            ("at_hash", json!(half_hash("another access token")))
        }
        Fault::CHashWrong if claims.contains_key("c_hash") => {
            ("c_hash", json!(half_hash("another code")))
        }
        Fault::AudienceMissing => return drop(claims.remove("aud")),
        Fault::NonceMissing => return drop(claims.remove("nonce")),
        _ => return,
    };
    claims.insert(name.to_owned(), value);
}

async fn sign(
    provider: &Provider,
    claims: &Map<String, Value>,
    fault: Option<Fault>,
) -> Result<String, KeyError> {
    let key = match fault {
        Some(Fault::SignsEs256) => provider.keys.es256().await?,
        _ => provider.keys.rsa().await?,
    };
    let mut header = json!({ "typ": "JWT", "alg": key.algorithm, "kid": key.kid });
    match fault {
        Some(Fault::AlgNone) => header["alg"] = json!("none"),
        Some(Fault::AlgHs256) => header["alg"] = json!("HS256"),
        Some(Fault::UnknownKid) => header["kid"] = json!("a-key-that-was-retired"),
        Some(Fault::KidMissing) => header = json!({ "typ": "JWT", "alg": key.algorithm }),
        _ => {}
    }
    let message = format!("{}.{}", part(&header)?, part(claims)?);
    let signature = match fault {
        Some(Fault::AlgNone) => String::new(),
        Some(Fault::AlgHs256) => {
            let secret = provider.client_secret.expose_secret().as_bytes();
            let secret = EncodingKey::from_secret(secret);
            jsonwebtoken::crypto::sign(message.as_bytes(), &secret, Algorithm::HS256)?
        }
        Some(Fault::SignedByOtherKey) => provider
            .keys
            .unpublished()
            .await?
            .sign(message.as_bytes())?,
        Some(Fault::SignatureWrong) => with_a_bit_flipped(&key.sign(message.as_bytes())?),
        _ => key.sign(message.as_bytes())?,
    };
    Ok(format!("{message}.{signature}"))
}

fn part(json: &impl serde::Serialize) -> Result<String, KeyError> {
    Ok(URL_SAFE_NO_PAD.encode(serde_json::to_vec(json)?))
}

fn with_a_bit_flipped(signature: &str) -> String {
    // Ours, so it decodes; if it did not, an empty signature would be as wrong.
    let mut bytes = URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
    if let Some(byte) = bytes.get_mut(10) {
        *byte ^= 1;
    }
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The left half of the SHA-256, as `at_hash` and `c_hash` have it under RS256 and ES256.
fn half_hash(value: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(value.as_bytes())[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_hash_agrees_with_the_standards_own_examples() {
        // OpenID Connect Core, A.3 and A.4.
        let token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
        assert_eq!(half_hash(token), "77QmUPtjPfzWtF2AnpK9RQ");
        let code = "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk";
        assert_eq!(half_hash(code), "LDktKdoQak3Pk0cnXxCltA");
    }
}
