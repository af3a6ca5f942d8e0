//! Ours against two verifiers that nobody here wrote: what ours accepts, both accept.

use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use latchkey_core::Verdict;
use openidconnect::core::{
    CoreIdToken, CoreIdTokenVerifier, CoreJsonWebKeySet, CoreJwsSigningAlgorithm,
};
use openidconnect::{ClientId, IssuerUrl, Nonce};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::token::*;

/// `jsonwebtoken` checks signature, issuer and audience; it reads the computer's clock, so the
/// times are compared here.
fn jsonwebtoken_accepts(token: &str) -> bool {
    let key: Jwk = serde_json::from_value(jwk(&own(), "k1")).unwrap();
    let mut validation = Validation::new(Algorithm::ES256);
    validation.validate_exp = false;
    validation.set_audience(&[CLIENT]);
    validation.set_issuer(&[ISSUER]);
    validation.set_required_spec_claims(&["iss", "aud", "sub"]);
    let key = DecodingKey::from_jwk(&key).unwrap();
    let Ok(read) = jsonwebtoken::decode::<Value>(token.trim(), &key, &validation) else {
        return false;
    };
    read.claims["exp"]
        .as_f64()
        .is_some_and(|exp| exp > NOW as f64)
        && read.claims["nonce"] == NONCE
}

/// `openidconnect` as its documentation has it: none where it cannot read the token at all.
fn openidconnect_accepts(token: &str) -> Option<bool> {
    let keys = json!({ "keys": [jwk(&own(), "k1")] });
    let keys: CoreJsonWebKeySet = serde_json::from_value(keys).unwrap();
    let token: CoreIdToken = token.trim().parse().ok()?;
    let verifier = CoreIdTokenVerifier::new_public_client(
        ClientId::new(CLIENT.to_owned()),
        IssuerUrl::new(ISSUER.to_owned()).unwrap(),
        keys,
    )
    .set_allowed_algs([CoreJwsSigningAlgorithm::EcdsaP256Sha256])
    .set_other_audience_verifier_fn(|_| true)
    .set_time_fn(|| DateTime::<Utc>::from_timestamp(NOW, 0).unwrap());
    Some(
        token
            .claims(&verifier, &Nonce::new(NONCE.to_owned()))
            .is_ok(),
    )
}

/// What must hold of every verdict, whatever the token.
fn agree(token: &str, verdict: &Verdict) -> Result<(), TestCaseError> {
    if !verdict.verified {
        prop_assert!(
            verdict.claims.is_empty() && verdict.subject.is_none() && verdict.role.is_none()
        );
        return Ok(());
    }
    prop_assert!(jsonwebtoken_accepts(token), "jsonwebtoken refuses {token}");
    match openidconnect_accepts(token) {
        Some(accepts) => prop_assert!(accepts, "openidconnect refuses {token}"),
        // Documented: a standard claim of a type of its own is a warning.
        None => prop_assert!(
            remarks(verdict).contains(&"claim_of_unusual_type".to_owned()),
            "{token}"
        ),
    }
    Ok(())
}

fn payload_of(token: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(token.trim().split('.').nth(1)?).ok()
}

fn odd_values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-120_i64..400).prop_map(|seconds| json!(NOW + seconds)),
        (-120.0..400.0_f64).prop_map(|seconds| json!(NOW as f64 + seconds)),
        any::<f64>().prop_map(|number| json!(number)),
        prop_oneof![
            Just(CLIENT),
            Just(ISSUER),
            Just(NONCE),
            Just("other"),
            Just("true"),
            Just("")
        ]
        .prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::hash_map("[a-z]{1,3}", inner, 0..3)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn claim_names() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "iss",
            "sub",
            "aud",
            "exp",
            "iat",
            "nbf",
            "nonce",
            "azp",
            "at_hash",
            "c_hash",
            "acr",
            "amr",
            "auth_time",
            "email",
            "email_verified",
            "name",
            "name#de",
            "locale",
            "zoneinfo",
            "birthdate",
            "address",
            "phone_number",
            "phone_number_verified",
            "updated_at",
            "picture",
            "gender",
            "groups",
        ])
        .prop_map(str::to_owned),
        "[a-z_#]{0,8}",
    ]
}

fn edits() -> impl Strategy<Value = Vec<(String, Value)>> {
    prop::collection::vec((claim_names(), odd_values()), 1..4)
}

fn edited(edits: &[(String, Value)]) -> Value {
    let mut claims = claims();
    for (name, value) in edits {
        claims[name] = value.clone();
    }
    claims
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn a_token_with_flipped_bits_is_accepted_by_nobody_unless_it_says_the_same(
        flips in prop::collection::vec((any::<prop::sample::Index>(), 0..7_u32), 1..3)
    ) {
        let token = saying(&claims());
        let mut bytes = token.clone().into_bytes();
        for (at, bit) in flips {
            bytes[at.index(token.len())] ^= 1 << bit;
        }
        let flipped = String::from_utf8(bytes).unwrap();
        let verdict = verdict(&flipped);
        agree(&flipped, &verdict)?;
        if verdict.verified {
            prop_assert_eq!(payload_of(&flipped), payload_of(&token));
        }
    }

    #[test]
    fn claims_that_the_provider_signed_are_accepted_by_all_or_refused(edits in edits()) {
        let token = saying(&edited(&edits));
        agree(&token, &verdict(&token))?;
    }

    #[test]
    fn claims_that_the_provider_did_not_sign_are_refused(edits in edits()) {
        let claims = edited(&edits);
        prop_assume!(claims != super::token::claims());
        let token = saying(&super::token::claims());
        let [header, _, signature] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
        let payload = encoded(claims.to_string());
        let token = format!("{header}.{payload}.{signature}");
        let verdict = verdict(&token);
        prop_assert!(!verdict.verified);
        prop_assert_eq!(&verdict.failed_at().unwrap().findings[0].code, "signature_wrong");
    }

    #[test]
    fn a_header_of_any_kind_is_accepted_by_all_or_refused(
        name in prop::sample::select(vec!["alg", "kid", "typ", "cty", "crit", "b64", "jwk", "x5c", "zip", "enc"]),
        value in prop_oneof![
            odd_values(),
            prop::sample::select(vec!["none", "HS256", "RS256", "ES256", "EdDSA", "k1", "k2", "JWT", "at+jwt"])
                .prop_map(Value::from),
        ],
    ) {
        let token = signed(&headed(name, value), &claims());
        let verdict = verdict(&token);
        if verdict.verified {
            // jsonwebtoken reads members of the header that we leave alone, and minds their type.
            let minds = ["jwk", "x5c", "zip", "enc", "b64"].contains(&name);
            prop_assert!(minds || jsonwebtoken_accepts(&token), "{token}");
            prop_assert_eq!(openidconnect_accepts(&token), Some(true));
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,200}", parts in prop::collection::vec(any::<Vec<u8>>(), 0..6)) {
        let joined: Vec<_> = parts.iter().map(encoded).collect();
        for token in [text, joined.join(".")] {
            prop_assert!(!verdict(&token).verified);
        }
    }
}

/// The oracles would be worth nothing if they refused everything.
#[test]
fn the_other_verifiers_accept_what_holds_and_refuse_what_does_not() {
    let token = saying(&claims());
    assert!(jsonwebtoken_accepts(&token) && openidconnect_accepts(&token) == Some(true));
    let names: HashSet<_> = ["iss", "aud", "nonce"].into();
    for name in names {
        let token = saying(&with(name, json!("other")));
        assert!(!jsonwebtoken_accepts(&token), "{name}");
        assert_ne!(openidconnect_accepts(&token), Some(true), "{name}");
    }
    let forged = signed_by(
        &key(2),
        &encoded(header().to_string()),
        &encoded(claims().to_string()),
    );
    assert!(!jsonwebtoken_accepts(&forged));
    assert_eq!(openidconnect_accepts(&forged), Some(false));
}
