//! RSA: the algorithms that most providers sign with, and keys that are too short.

use latchkey_core::Stage::Signed;
use rsa::RsaPrivateKey;

use rsa::traits::PublicKeyParts;
use rsa::{Pkcs1v15Sign, Pss};
use serde_json::{Value, json};
use sha2::{Digest, Sha256, Sha512};

use super::token::*;

fn public(key: &RsaPrivateKey) -> Value {
    let part = |number: &rsa::BigUint| encoded(number.to_bytes_be());
    json!({ "kty": "RSA", "use": "sig", "kid": "k1", "n": part(key.n()), "e": part(key.e()) })
}

fn signed_as(algorithm: &str, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let header = encoded(headed("alg", json!(algorithm)).to_string());
    let message = format!("{header}.{}", encoded(claims().to_string()));
    let signature = sign(message.as_bytes());
    format!("{message}.{}", encoded(signature))
}

#[test]
fn rs256_rs512_and_ps256_hold_and_are_not_taken_for_each_other() {
    let key = RsaPrivateKey::new(&mut rand::thread_rng(), 2048).unwrap();
    let keys = published(&[public(&key)]);
    let issuer = issuer();
    let verdict = |token: &str| verdict_of(token, &keys, &expected(&issuer));

    let pkcs1 = |message: &[u8]| {
        key.sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(message))
            .unwrap()
    };
    let pkcs1_512 = |message: &[u8]| {
        key.sign(Pkcs1v15Sign::new::<Sha512>(), &Sha512::digest(message))
            .unwrap()
    };
    let pss = |message: &[u8]| {
        key.sign_with_rng(
            &mut rand::thread_rng(),
            Pss::new::<Sha256>(),
            &Sha256::digest(message),
        )
        .unwrap()
    };
    assert_accepted("RS256", &verdict(&signed_as("RS256", pkcs1)));
    assert_accepted("RS512", &verdict(&signed_as("RS512", pkcs1_512)));
    assert_accepted("PS256", &verdict(&signed_as("PS256", pss)));

    let wrong = [
        ("RS256 said, PS256 signed", signed_as("RS256", pss)),
        ("PS256 said, RS256 signed", signed_as("PS256", pkcs1)),
        ("RS256 said, RS512 signed", signed_as("RS256", pkcs1_512)),
        ("RS512 said, RS256 signed", signed_as("RS512", pkcs1)),
        (
            "a byte short",
            signed_as("RS256", |m| pkcs1(m)[..255].into()),
        ),
        (
            "a zero before",
            signed_as("RS256", |m| [&[0], &pkcs1(m)[..]].concat()),
        ),
        ("zeros", signed_as("RS256", |_| vec![0; 256])),
        ("empty", signed_as("RS256", |_| vec![])),
        (
            "a digest without a key",
            signed_as("RS256", |m| Sha256::digest(m).to_vec()),
        ),
    ];
    for (name, token) in wrong {
        assert_refused(name, &verdict(&token), Signed, "signature_wrong");
    }
    for (name, algorithm) in [("an EC algorithm", "ES256"), ("EdDSA", "EdDSA")] {
        let token = signed_as(algorithm, pkcs1);
        assert_refused(name, &verdict(&token), Signed, "key_not_found");
    }
    // The modulus as a secret: what a verifier that lets the token choose would accept.
    let secret = encoded(key.n().to_bytes_be());
    for secret in [secret.into_bytes(), key.n().to_bytes_be()] {
        let header = jsonwebtoken::Header {
            kid: Some("k1".into()),
            ..jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256)
        };
        let by = jsonwebtoken::EncodingKey::from_secret(&secret);
        let token = jsonwebtoken::encode(&header, &claims(), &by).unwrap();
        assert_refused("HS256", &verdict(&token), Signed, "token_signed_by_secret");
    }
}

#[test]
fn an_rsa_key_of_less_than_2048_bits_is_named_and_not_accepted() {
    for bits in [512, 1024] {
        let key = RsaPrivateKey::new(&mut rand::thread_rng(), bits).unwrap();
        let sign = |message: &[u8]| {
            key.sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(message))
                .unwrap()
        };
        let issuer = issuer();
        let token = signed_as("RS256", sign);
        let verdict = verdict_of(&token, &published(&[public(&key)]), &expected(&issuer));
        assert_refused(&bits.to_string(), &verdict, Signed, "signing_key_weak");
        let failed = verdict.failed_at().unwrap();
        assert_eq!(failed.findings[0].data["bits"], bits);
    }
}
