//! Tokens that do not hold: each fails at its own stage, with its own finding.

use serde_json::{Value, json};

use super::{failed, now, payload, payload_with, payload_without, verify};
use crate::signed::{Signer, encoded, key_set};

#[test]
fn each_wrong_claim_fails_at_its_own_stage() {
    let signer = Signer::rsa("key-1");
    let keys = key_set(&[&signer]);
    let client = "0oa1b2c3d4E5f6G7h8i9";
    let mut wrong_party = payload_with("aud", json!([client, "another"]));
    wrong_party["azp"] = json!("another");
    for (name, payload, stage, code) in [
        (
            "iss",
            payload_with("iss", json!("https://evil.okta.com")),
            "addressed",
            "token_issuer_differs",
        ),
        (
            "iss with a slash",
            payload_with("iss", json!("https://acme.okta.com/")),
            "addressed",
            "token_issuer_differs",
        ),
        (
            "no iss",
            payload_without("iss"),
            "addressed",
            "token_issuer_missing",
        ),
        (
            "aud",
            payload_with("aud", json!("another")),
            "addressed",
            "audience_differs",
        ),
        (
            "aud in another case",
            payload_with("aud", json!(client.to_lowercase())),
            "addressed",
            "audience_differs",
        ),
        (
            "no aud",
            payload_without("aud"),
            "addressed",
            "audience_missing",
        ),
        (
            "aud empty",
            payload_with("aud", json!([])),
            "addressed",
            "audience_missing",
        ),
        (
            "aud of two, no azp",
            payload_with("aud", json!([client, "another"])),
            "addressed",
            "authorized_party_missing",
        ),
        (
            "azp of two",
            wrong_party,
            "addressed",
            "authorized_party_differs",
        ),
        (
            "azp",
            payload_with("azp", json!("another")),
            "addressed",
            "authorized_party_differs",
        ),
        (
            "azp a number",
            payload_with("azp", json!(1)),
            "addressed",
            "authorized_party_differs",
        ),
        (
            "nonce",
            payload_with("nonce", json!("another")),
            "addressed",
            "nonce_differs",
        ),
        (
            "no nonce",
            payload_without("nonce"),
            "addressed",
            "nonce_missing",
        ),
        (
            "exp now",
            payload_with("exp", json!(now())),
            "in_time",
            "token_expired",
        ),
        (
            "exp long ago",
            payload_with("exp", json!(1)),
            "in_time",
            "token_expired",
        ),
        (
            "no exp",
            payload_without("exp"),
            "in_time",
            "expiry_missing",
        ),
        (
            "exp a text",
            payload_with("exp", json!("tomorrow")),
            "in_time",
            "time_unreadable",
        ),
        (
            "exp beyond time",
            payload_with("exp", json!(1e300)),
            "in_time",
            "time_unreadable",
        ),
        (
            "nbf",
            payload_with("nbf", json!(now() + 120)),
            "in_time",
            "token_not_yet_valid",
        ),
        (
            "iat",
            payload_with("iat", json!(now() + 120)),
            "in_time",
            "token_issued_in_future",
        ),
        (
            "no iat",
            payload_without("iat"),
            "in_time",
            "issue_time_missing",
        ),
        (
            "no sub",
            payload_without("sub"),
            "identified",
            "subject_missing",
        ),
        (
            "sub empty",
            payload_with("sub", json!("")),
            "identified",
            "subject_missing",
        ),
        (
            "sub too long",
            payload_with("sub", json!("x".repeat(256))),
            "identified",
            "subject_too_long",
        ),
        (
            "no email",
            payload_without("email"),
            "identified",
            "email_missing",
        ),
    ] {
        let ran = verify(&signer.token(&payload), &keys);
        assert_eq!(
            failed(&ran),
            (stage.to_owned(), vec![code.to_owned()]),
            "{name}"
        );
    }
}

#[test]
fn a_token_that_nobody_trustworthy_signed_shows_nothing() {
    let signer = Signer::rsa("key-1");
    let stranger = Signer::rsa("key-1");
    let keys = key_set(&[&signer]);
    let good = signer.token(&payload());
    let [header, body, signature] = good.split('.').collect::<Vec<_>>()[..] else {
        unreachable!()
    };
    let tampered = encoded(&payload_with("email", json!("eve@acme.example")).to_string());
    let none = |alg: &str| encoded(&json!({ "alg": alg, "kid": "key-1" }).to_string());
    let confused =
        Signer::shared_secret("key-1", signer.public()["n"].as_str().unwrap().as_bytes());
    let headed = |header: Value| signer.token_of(&header.to_string(), &payload().to_string());
    let unknown = Signer::rsa("key-2");
    let crit = json!({ "alg": "RS256", "kid": "key-1", "crit": ["exp"] });
    let own_key = json!({ "alg": "RS256", "kid": "key-1", "jwk": stranger.public() });
    for (name, token, code) in [
        (
            "none",
            format!("{}.{body}.", none("none")),
            "token_unsigned",
        ),
        (
            "None",
            format!("{}.{body}.", none("None")),
            "token_unsigned",
        ),
        (
            "none with a signature",
            format!("{}.{body}.{signature}", none("none")),
            "token_unsigned",
        ),
        (
            "HS256 by the public key",
            confused.token(&payload()),
            "token_signed_by_secret",
        ),
        (
            "no algorithm",
            headed(json!({ "kid": "key-1" })),
            "algorithm_not_accepted",
        ),
        (
            "ES256 by an RSA key",
            headed(json!({ "alg": "ES256", "kid": "key-1" })),
            "key_not_found",
        ),
        (
            "another key under this name",
            stranger.token(&payload()),
            "signature_wrong",
        ),
        (
            "a key that is not published",
            unknown.token(&payload()),
            "key_unknown",
        ),
        (
            "the stranger's key in the header",
            stranger.token_of(&own_key.to_string(), &payload().to_string()),
            "signature_wrong",
        ),
        (
            "tampered payload",
            format!("{header}.{tampered}.{signature}"),
            "signature_wrong",
        ),
        (
            "no signature",
            format!("{header}.{body}."),
            "signature_wrong",
        ),
        ("a critical extension", headed(crit), "critical_header"),
    ] {
        let ran = verify(&token, &keys);
        assert_eq!(
            failed(&ran),
            ("signed".to_owned(), vec![code.to_owned()]),
            "{name}"
        );
    }
}

#[test]
fn a_text_that_is_no_token_ends_at_answered() {
    let signer = Signer::rsa("key-1");
    let keys = key_set(&[&signer]);
    let good = signer.token(&payload());
    let twice = payload()
        .to_string()
        .replacen('{', r#"{"email":"eve@acme.example","#, 1);
    let header = signer.header().to_string();
    for (name, token, code) in [
        ("words", "not a token".to_owned(), "token_malformed"),
        (
            "two parts",
            good.rsplit_once('.').unwrap().0.to_owned(),
            "token_malformed",
        ),
        ("five parts", format!("{good}.a.b"), "token_encrypted"),
        ("padded", format!("{good}=="), "token_malformed"),
        (
            "a space inside",
            good.replacen('.', " .", 1),
            "token_malformed",
        ),
        (
            "a list as payload",
            signer.token_of(&header, "[]"),
            "token_malformed",
        ),
        (
            "a claim twice",
            signer.token_of(&header, &twice),
            "claim_twice",
        ),
        (
            "a header field twice",
            signer.token_of(r#"{"alg":"none","alg":"RS256"}"#, &payload().to_string()),
            "claim_twice",
        ),
    ] {
        for keys in [&keys, &json!({ "keys": [] })] {
            let ran = verify(&token, keys);
            assert_eq!(
                failed(&ran),
                ("answered".to_owned(), vec![code.to_owned()]),
                "{name}"
            );
        }
    }
}

#[test]
fn a_key_set_without_a_key_that_can_verify_is_a_finding() {
    let signer = Signer::rsa("key-1");
    let token = signer.token(&payload());
    let mut for_encryption = signer.public();
    for_encryption["use"] = json!("enc");
    for keys in [
        json!({ "keys": [] }),
        json!({ "keys": [{ "kty": "unheard-of" }] }),
        json!({ "keys": [for_encryption] }),
    ] {
        let ran = verify(&token, &keys);
        assert_eq!(
            failed(&ran),
            ("signed".to_owned(), vec!["keys_empty".to_owned()]),
            "{keys}"
        );
    }
}

#[test]
fn the_hash_of_the_access_token_is_held_against_the_one_that_came_along() {
    let signer = Signer::rsa("key-1");
    let keys = key_set(&[&signer]);
    let token = signer.token(&payload_with("at_hash", json!("77QmUPtjPfzWtF2AnpK9RQ")));
    let answer = json!({ "id_token": token, "access_token": "another" }).to_string();
    let ran = verify(&answer, &keys);
    assert_eq!(
        failed(&ran),
        (
            "signed".to_owned(),
            vec!["access_token_hash_differs".to_owned()]
        )
    );
    assert_eq!(verify(&token, &keys).status, 0);
}
