//! One ID token from its bytes to a role: parse, verify the signature and every claim, resolve the
//! rules. Signed by RS256 with 2048 bits, as most providers do, and by ES256.
#![allow(missing_docs, reason = "criterion's macros make public functions")]

use std::hint::black_box;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use criterion::{Criterion, criterion_group, criterion_main};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use latchkey_core::connection::Issuer;
use latchkey_core::oidc::{Expected, Keys, conclude, id_token};
use latchkey_core::verdict::Track;
use latchkey_core::{Catalogue, Rule, RuleList, Verdict};
use rsa::pkcs1::{EncodeRsaPrivateKey, LineEnding};
use rsa::traits::PublicKeyParts;
use serde_json::json;

const ISSUER: &str = "https://acme.okta.example";
const CLIENT: &str = "0oa1b2c3d4e5f6g7h8i9";
const NONCE: &str = "n-0S6_WzA2Mj";
const NOW: i64 = 1_800_000_000;

/// A token and the key set that verifies it, as a provider publishes it.
struct Signed {
    token: String,
    key_set: Vec<u8>,
}

fn by_rs256() -> Signed {
    let key = rsa::RsaPrivateKey::new(&mut rand::thread_rng(), 2048).expect("an RSA key");
    let pem = key.to_pkcs1_pem(LineEnding::LF).expect("its PEM");
    let part = |number: &rsa::BigUint| URL_SAFE_NO_PAD.encode(number.to_bytes_be());
    let public =
        json!({ "kty": "RSA", "kid": "k", "use": "sig", "n": part(key.n()), "e": part(key.e()) });
    let key = EncodingKey::from_rsa_pem(pem.as_bytes()).expect("the same key");
    signed(Algorithm::RS256, &key, &public)
}

/// The key pair of RFC 7517, appendices A.1 and A.2.
fn by_es256() -> Signed {
    let part = |text: &str| URL_SAFE_NO_PAD.decode(text).expect("base64url");
    let (x, y) = (
        "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    );
    let secret = part("870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE");
    // RFC 5915 in RFC 5208: version, the curve's name, the number, the point.
    let head = "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420";
    let mut der = hex(head);
    der.extend(secret);
    der.extend(hex("a14403420004"));
    der.extend(part(x).into_iter().chain(part(y)));
    let public = json!({ "kty": "EC", "crv": "P-256", "kid": "k", "use": "sig", "x": x, "y": y });
    signed(Algorithm::ES256, &EncodingKey::from_ec_der(&der), &public)
}

fn hex(text: &str) -> Vec<u8> {
    let digit = |byte: u8| (byte as char).to_digit(16).expect("a hexadecimal digit") as u8;
    let pairs = text.as_bytes().chunks_exact(2);
    pairs
        .map(|pair| digit(pair[0]) << 4 | digit(pair[1]))
        .collect()
}

fn signed(algorithm: Algorithm, key: &EncodingKey, public: &serde_json::Value) -> Signed {
    let mut header = Header::new(algorithm);
    header.kid = Some("k".to_owned());
    let groups: Vec<_> = (0..20).map(|n| format!("acme-team-{n:03}")).collect();
    let claims = json!({
        "iss": ISSUER, "aud": CLIENT, "sub": "00u1a2b3c4d5e6f7g8h9", "nonce": NONCE,
        "iat": NOW - 1, "exp": NOW + 3600, "auth_time": NOW - 5,
        "email": "olivia@acme.example", "email_verified": true, "name": "Olivia Park",
        "preferred_username": "olivia@acme.example", "groups": groups,
    });
    Signed {
        token: jsonwebtoken::encode(&header, &claims, key).expect("a token"),
        key_set: json!({ "keys": [public] }).to_string().into_bytes(),
    }
}

fn verdict(signed: &Signed, issuer: &Issuer, rules: &RuleList) -> Verdict {
    let service = Catalogue::built_in()
        .service("torq")
        .expect("Torq is built in");
    let expected = Expected {
        issuer,
        client_id: CLIENT,
        nonce: Some(NONCE),
        access_token: None,
        code: None,
        now: Timestamp::from_second(NOW).expect("a time"),
    };
    let keys = Keys::parse(&signed.key_set).expect("a key");
    let mut track = Track::default();
    match id_token::verify(&signed.token, &keys, &expected, &mut track) {
        Ok(token) => conclude(track, &token, None, rules, service),
        Err(_) => Verdict::failed(track),
    }
}

fn verify(c: &mut Criterion) {
    let issuer = Issuer::parse(ISSUER).expect("an issuer");
    let rule = |claim: &str, value: String, role: &str| Rule {
        claim: claim.to_owned(),
        value,
        role: role.to_owned(),
    };
    let mut rules = vec![rule("email", "olivia@acme.example".to_owned(), "Owner")];
    rules.extend((0..20).map(|n| rule("groups", format!("acme-squad-{n:03}"), "Viewer")));
    let rules = RuleList(rules);
    for (name, signed) in [("rs256", by_rs256()), ("es256", by_es256())] {
        let first = verdict(&signed, &issuer, &rules);
        // A bench of a refusal would be a fast one.
        assert_eq!(first.rule, Some(1), "{name}: {first:#?}");
        c.bench_function(&format!("token_to_role/{name}"), |b| {
            b.iter(|| verdict(black_box(&signed), &issuer, &rules));
        });
    }
}

criterion_group!(benches, verify);
criterion_main!(benches);
