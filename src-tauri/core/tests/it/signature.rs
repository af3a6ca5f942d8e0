//! What a token must be before a word of it is believed: its form, and a signature by a published key.

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use latchkey_core::Stage::{Answered, Signed};
use latchkey_core::Verdict;
use latchkey_core::oidc::Keys;
use p256::ecdsa::Signature;
use p256::ecdsa::signature::Signer;
use p256::pkcs8::{EncodePublicKey, LineEnding};
use serde_json::{Value, json};

use super::token::*;

fn refused(name: &str, token: &str, stage: latchkey_core::Stage, code: &str) {
    assert_refused(name, &verdict(token), stage, code);
}

fn with_keys(token: &str, keys: &[Value]) -> Verdict {
    let issuer = issuer();
    verdict_of(token, &published(keys), &expected(&issuer))
}

/// The three parts of the token that holds.
fn parts() -> [String; 3] {
    let token = saying(&claims());
    let parts: Vec<_> = token.split('.').map(str::to_owned).collect();
    parts.try_into().unwrap()
}

#[test]
fn a_token_by_a_published_key_is_accepted() {
    let verdict = verdict(&saying(&claims()));
    assert_accepted("plain", &verdict);
    assert_eq!(verdict.subject.as_deref(), Some("00u1"));
    assert_eq!(verdict.claims.values("groups"), ["SecOps"]);
    assert_eq!(remarks(&verdict), Vec::<String>::new());
}

#[test]
fn white_space_around_a_captured_token_is_none_of_it() {
    assert_accepted("spaces", &verdict(&format!(" \n{}\r\n", saying(&claims()))));
}

#[test]
fn an_unsigned_token_is_refused_however_it_spells_none() {
    let [_, payload, signature] = parts();
    for none in ["none", "None", "NONE", "nOnE", "noNe"] {
        let header = encoded(headed("alg", json!(none)).to_string());
        for signature in ["", signature.as_str()] {
            let token = format!("{header}.{payload}.{signature}");
            refused(none, &token, Signed, "token_unsigned");
        }
        // Signed after all: the header still says that nobody has to look.
        refused(
            none,
            &signed_parts(&header, &payload),
            Signed,
            "token_unsigned",
        );
    }
}

#[test]
fn an_algorithm_that_is_not_accepted_is_refused_by_its_name() {
    for name in [
        "",
        " ",
        "none ",
        " none",
        "non\u{435}",
        "ES256 ",
        "es256",
        "RS1",
        "ES512",
        "ES256K",
        "RSA-OAEP",
        "dir",
        "A128GCM",
        "rs256",
        "ES256\0",
        "RS256,ES256",
    ] {
        let token = signed(&headed("alg", json!(name)), &claims());
        refused(name, &token, Signed, "algorithm_not_accepted");
    }
    let token = signed(&json!({ "kid": "k1" }), &claims());
    refused("no alg", &token, Signed, "algorithm_not_accepted");
}

#[test]
fn a_token_signed_with_something_that_everybody_knows_is_refused() {
    let public = own();
    let public = public.verifying_key();
    let pem = public.to_public_key_pem(LineEnding::LF).unwrap();
    let secrets: [(&str, Vec<u8>); 8] = [
        ("the public key as PEM", pem.clone().into_bytes()),
        ("without its last line break", pem.trim_end().into()),
        (
            "with DOS line breaks",
            pem.replace('\n', "\r\n").into_bytes(),
        ),
        ("as DER", public.to_public_key_der().unwrap().into_vec()),
        ("as a point", public.to_sec1_bytes().into_vec()),
        ("as a JWK", jwk(&own(), "k1").to_string().into_bytes()),
        ("the client secret", b"s3cret-of-the-client".to_vec()),
        ("nothing", Vec::new()),
    ];
    for (name, secret) in secrets {
        for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
            let header = Header {
                kid: Some("k1".into()),
                ..Header::new(algorithm)
            };
            let key = EncodingKey::from_secret(&secret);
            let token = jsonwebtoken::encode(&header, &claims(), &key).unwrap();
            refused(name, &token, Signed, "token_signed_by_secret");
        }
    }
}

#[test]
fn the_key_set_of_an_attacker_in_the_header_is_not_looked_at() {
    let attacker = key(66);
    let forged = |header: &Value| {
        let payload = with("email", json!("mallory@evil.example"));
        signed_by(
            &attacker,
            &encoded(header.to_string()),
            &encoded(payload.to_string()),
        )
    };
    for (name, value) in [
        ("jwk", jwk(&attacker, "k1")),
        ("jku", json!("https://evil.example/keys")),
        ("x5u", json!("https://evil.example/cert.pem")),
        ("x5c", json!(["MIIB"])),
        ("x5t", json!("AAAA")),
    ] {
        let header = headed(name, value);
        refused(name, &forged(&header), Signed, "signature_wrong");
        // Beside a signature that holds it is no harm.
        assert_accepted(name, &verdict(&signed(&header, &claims())));
    }
    let mut header = headed("jwk", jwk(&attacker, "evil"));
    header["kid"] = json!("evil");
    refused("its own key ID", &forged(&header), Signed, "key_unknown");
    header.as_object_mut().unwrap().remove("kid");
    refused("no key ID", &forged(&header), Signed, "signature_wrong");
}

#[test]
fn a_key_id_finds_its_key_and_no_other() {
    let (first, second) = (jwk(&own(), "k1"), jwk(&key(2), "k2"));
    let both = [first.clone(), second.clone()];
    let by = |key: u8, id: &str| {
        let header = encoded(headed("kid", json!(id)).to_string());
        signed_by(&self::key(key), &header, &encoded(claims().to_string()))
    };
    assert_accepted("k2", &with_keys(&by(2, "k2"), &both));
    for (name, token, code) in [
        ("unknown", by(1, "k3"), "key_unknown"),
        ("empty", by(1, ""), "key_unknown"),
        ("another case", by(1, "K1"), "key_unknown"),
        ("a space behind", by(1, "k1 "), "key_unknown"),
        ("the other key's", by(1, "k2"), "signature_wrong"),
        ("nobody's key", by(9, "k1"), "signature_wrong"),
    ] {
        assert_refused(name, &with_keys(&token, &both), Signed, code);
    }
    let mut nameless = first.clone();
    nameless.as_object_mut().unwrap().remove("kid");
    let published_without = with_keys(&by(1, "k1"), &[nameless]);
    assert_refused(
        "no ID is published",
        &published_without,
        Signed,
        "key_unknown",
    );
}

#[test]
fn without_a_key_id_every_published_key_is_tried() {
    let header = encoded(json!({ "alg": "ES256" }).to_string());
    let by = |key: u8| signed_by(&self::key(key), &header, &encoded(claims().to_string()));
    let both = [jwk(&own(), "k1"), jwk(&key(2), "k2")];
    assert_accepted("one key", &with_keys(&by(1), &both[..1]));
    assert_accepted("the second of two", &with_keys(&by(2), &both));
    assert_refused(
        "neither",
        &with_keys(&by(3), &both),
        Signed,
        "signature_wrong",
    );
}

#[test]
fn two_keys_of_one_id_are_both_tried() {
    let keys = [jwk(&key(2), "k1"), jwk(&own(), "k1")];
    assert_accepted("the second", &with_keys(&saying(&claims()), &keys));
    let others = [jwk(&key(2), "k1"), jwk(&key(3), "k1")];
    let verdict = with_keys(&saying(&claims()), &others);
    assert_refused("neither", &verdict, Signed, "signature_wrong");
}

#[test]
fn a_key_for_another_use_verifies_nothing() {
    let mut encrypting = jwk(&own(), "k1");
    encrypting["use"] = json!("enc");
    let keys = [encrypting.clone(), jwk(&key(2), "k2")];
    assert_refused(
        "enc",
        &with_keys(&saying(&claims()), &keys),
        Signed,
        "key_unknown",
    );
    assert!(Keys::parse(json!({ "keys": [encrypting] }).to_string().as_bytes()).is_none());

    for algorithm in ["ES384", "RS256", "ECDH-ES"] {
        let mut other = jwk(&own(), "k1");
        other["alg"] = json!(algorithm);
        let keys = [other, jwk(&key(2), "k2")];
        let verdict = with_keys(&saying(&claims()), &keys);
        // ECDH-ES is no signing algorithm of the library: such a key is left out of the set.
        let code = codes(&verdict, Signed, latchkey_core::Severity::Error);
        assert!(
            ["key_not_found", "key_unknown"].contains(&code[0].as_str()),
            "{algorithm}: {code:?}"
        );
        assert_ended(algorithm, &verdict, Signed);
    }
}

#[test]
fn an_algorithm_of_another_kind_of_key_finds_none() {
    for algorithm in [
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES384", "EdDSA",
    ] {
        let token = signed(&headed("alg", json!(algorithm)), &claims());
        refused(algorithm, &token, Signed, "key_not_found");
    }
}

#[test]
fn whatever_was_changed_after_signing_breaks_the_signature() {
    let [header, payload, signature] = parts();
    let other = encoded(with("email", json!("mallory@evil.example")).to_string());
    let spaced = encoded(claims().to_string().replacen(':', ": ", 1));
    let reordered = encoded(r#"{"kid":"k1","typ":"JWT","alg":"ES256"}"#);
    let mut flipped = own_signature(&format!("{header}.{payload}"));
    flipped[40] ^= 1;
    for (name, token) in [
        ("another claim", format!("{header}.{other}.{signature}")),
        ("a space between", format!("{header}.{spaced}.{signature}")),
        (
            "the header's order",
            format!("{reordered}.{payload}.{signature}"),
        ),
        (
            "a bit of the signature",
            format!("{header}.{payload}.{}", encoded(flipped)),
        ),
        (
            "header and payload swapped in",
            signed_by(&key(2), &header, &payload),
        ),
    ] {
        refused(name, &token, Signed, "signature_wrong");
    }
}

fn own_signature(message: &str) -> Vec<u8> {
    let signature: Signature = own().sign(message.as_bytes());
    signature.to_vec()
}

#[test]
fn a_signature_of_another_shape_is_no_signature() {
    let [header, payload, _] = parts();
    let message = format!("{header}.{payload}");
    let whole = own_signature(&message);
    let der: Signature = own().sign(message.as_bytes());
    let shapes: [(&str, Vec<u8>); 9] = [
        ("empty", vec![]),
        ("one byte short", whole[..63].into()),
        ("half", whole[..32].into()),
        ("one byte more", [&whole[..], &[0]].concat()),
        ("twice", [&whole[..], &whole[..]].concat()),
        ("as DER", der.to_der().as_bytes().into()),
        ("zeros", vec![0; 64]),
        ("all ones", vec![0xff; 64]),
        ("s before r", [&whole[32..], &whole[..32]].concat()),
    ];
    for (name, signature) in shapes {
        let token = format!("{message}.{}", encoded(signature));
        refused(name, &token, Signed, "signature_wrong");
    }
}

/// base64url without padding and without bits that mean nothing: one text for one list of bytes.
#[test]
fn another_spelling_of_the_same_bytes_is_refused_even_where_it_is_what_was_signed() {
    let [header, payload, signature] = parts();
    // The last of 86 characters carries two bits; the other four must be zero.
    let last = signature.chars().last().unwrap();
    let next = |c: char| {
        const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        ALPHABET.chars().nth(ALPHABET.find(c).unwrap() ^ 1).unwrap()
    };
    let loose = format!("{}{}", &signature[..signature.len() - 1], next(last));
    let standard = encoded(r#"{"alg":"ES256","kid":"k1","x":"???>>>~~~"}"#).replace('_', "/");
    assert!(standard.contains('/'));
    let padded = base64::Engine::encode(
        &base64::engine::general_purpose::URL_SAFE,
        with("pad", json!("x")).to_string(),
    );
    let payload_padded = if padded.ends_with('=') {
        padded
    } else {
        format!("{padded}====")
    };
    for (name, token) in [
        (
            "bits that mean nothing",
            format!("{header}.{payload}.{loose}"),
        ),
        (
            "padding of the signature",
            format!("{header}.{payload}.{signature}=="),
        ),
        (
            "padding of the payload",
            signed_parts(&header, &payload_padded),
        ),
        ("the standard alphabet", signed_parts(&standard, &payload)),
        (
            "a space inside",
            signed_parts(&header, &payload.replacen('e', " e", 1)),
        ),
        (
            "a line break inside",
            signed_parts(&header, &format!("{payload}\n")),
        ),
        (
            "a percent sign",
            signed_parts(&header, &format!("{payload}%3D")),
        ),
        (
            "another script",
            signed_parts(&header, "\u{435}\u{435}\u{435}\u{435}"),
        ),
        ("a NUL", signed_parts(&header, &format!("{payload}\0"))),
        (
            "one character over",
            signed_parts(&header, &format!("{}A", encoded("{} "))),
        ),
    ] {
        refused(name, &token, Answered, "token_malformed");
    }
}

#[test]
fn anything_but_three_parts_is_refused_without_a_look_inside() {
    let [header, payload, signature] = parts();
    for (name, token, code) in [
        ("nothing", String::new(), "token_malformed"),
        ("one", header.clone(), "token_malformed"),
        ("two", format!("{header}.{payload}"), "token_malformed"),
        (
            "four",
            format!("{header}.{payload}.{signature}."),
            "token_malformed",
        ),
        (
            "five",
            format!("{header}.{payload}.{signature}.a.b"),
            "token_encrypted",
        ),
        ("five empty", "....".to_owned(), "token_encrypted"),
        ("three empty", "..".to_owned(), "token_malformed"),
        ("six", ".....".to_owned(), "token_malformed"),
        ("a thousand", ".".repeat(999), "token_malformed"),
        (
            "no header",
            format!(".{payload}.{signature}"),
            "token_malformed",
        ),
        (
            "no payload",
            format!("{header}..{signature}"),
            "token_malformed",
        ),
        ("JSON instead", claims().to_string(), "token_malformed"),
        (
            "a JSON string",
            format!("\"{header}.{payload}.{signature}\""),
            "token_malformed",
        ),
    ] {
        refused(name, &token, Answered, code);
    }
}

#[test]
fn a_token_larger_than_the_limit_is_refused_and_one_just_below_is_read() {
    let padded = |bytes: usize| saying(&with("pad", json!("x".repeat(bytes))));
    assert_accepted("191 KB before encoding", &verdict(&padded(191 * 1024)));
    refused("257 KB", &padded(193 * 1024), Answered, "token_malformed");
    refused("10 MB", &"x".repeat(10 << 20), Answered, "token_malformed");
}

#[test]
fn a_header_of_another_type_than_the_standards_is_refused() {
    for (name, header) in [
        ("a number as key ID", headed("kid", json!(5))),
        ("null as key ID", headed("kid", Value::Null)),
        ("a list as key ID", headed("kid", json!(["k1"]))),
        ("a list as algorithm", headed("alg", json!(["ES256"]))),
        ("null as algorithm", headed("alg", Value::Null)),
        ("a number as type", headed("typ", json!(5))),
        ("an object as content type", headed("cty", json!({}))),
        ("a list", json!(["ES256"])),
        ("a text", json!("ES256")),
    ] {
        refused(
            name,
            &signed(&header, &claims()),
            Answered,
            "token_malformed",
        );
    }
}

#[test]
fn an_extension_that_must_be_understood_is_not() {
    for value in [
        json!(["exp"]),
        json!([]),
        Value::Null,
        json!("b64"),
        json!(["b64"]),
    ] {
        let token = signed(&headed("crit", value.clone()), &claims());
        refused(&value.to_string(), &token, Signed, "critical_header");
    }
}

/// A signature of the provider is not enough: it signs other things too.
#[test]
fn a_token_that_says_it_is_something_else_is_refused() {
    for typ in [
        "JWE",
        "at+jwt",
        "application/at+jwt",
        "logout+jwt",
        "secevent+jwt",
        "",
        "JWT/x",
    ] {
        let header = headed("typ", json!(typ));
        refused(
            typ,
            &signed(&header, &claims()),
            Signed,
            "verifiers_disagree",
        );
        // A claim that keeps openidconnect from reading the token does not keep it from saying so.
        let odd = with("phone_number", json!(5));
        assert_ended(typ, &verdict(&signed(&header, &odd)), Signed);
    }
    let plain = signed(&headed("cty", json!("text/plain")), &claims());
    refused("text/plain", &plain, Signed, "verifiers_disagree");
    for cty in ["JWT", "jwt"] {
        let token = signed(&headed("cty", json!(cty)), &claims());
        refused(cty, &token, Answered, "token_says_nested");
    }
    for typ in ["JWT", "jwt", "application/jwt", "JOSE"] {
        assert_accepted(
            typ,
            &verdict(&signed(&headed("typ", json!(typ)), &claims())),
        );
    }
}

#[test]
fn a_member_that_stands_twice_is_refused_wherever_it_stands() {
    let head = header().to_string();
    let body = claims().to_string();
    let more = |more: &str| format!("{},{more}}}", &body[..body.len() - 1]);
    for (name, payload) in [
        ("twice", more(r#""email":"mallory@evil.example""#)),
        ("the same value", more(&format!(r#""email":"{OWNER}""#))),
        (
            "spelt with an escape",
            more(r#""\u0065mail":"mallory@evil.example""#),
        ),
        (
            "further in",
            more(r#""address":{"country":"a","country":"b"}"#),
        ),
        ("in a list", more(r#""teams":[{"id":1,"id":2}]"#)),
        ("the subject", more(r#""sub":"00u2""#)),
    ] {
        refused(name, &signed_bytes(&head, payload), Answered, "claim_twice");
    }
    for twice in [
        r#"{"alg":"ES256","alg":"none","kid":"k1"}"#,
        r#"{"alg":"none","alg":"ES256","kid":"k1"}"#,
        r#"{"alg":"ES256","kid":"k1","\u006bid":"k2"}"#,
        r#"{"alg":"ES256","kid":"k1","jwk":{"kty":"EC","kty":"oct"}}"#,
    ] {
        refused(twice, &signed_bytes(twice, &body), Answered, "claim_twice");
    }
}

#[test]
fn bytes_that_are_no_json_object_are_refused() {
    let head = header().to_string();
    let body = claims().to_string();
    let deep = |depth: usize| {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        format!("{},\"a\":{open}{close}}}", &body[..body.len() - 1])
    };
    let mut invalid = body.clone().into_bytes();
    invalid.splice(9..9, [0xff, 0xfe]);
    let cases: [(&str, Vec<u8>); 15] = [
        ("nothing", vec![]),
        ("a list", b"[]".to_vec()),
        ("a text", b"\"x\"".to_vec()),
        ("null", b"null".to_vec()),
        ("cut off", body[..body.len() - 1].into()),
        ("something behind", format!("{body}x").into()),
        ("a second object", format!("{body}{body}").into()),
        ("a NUL behind", format!("{body}\0").into()),
        ("a byte order mark", format!("\u{feff}{body}").into()),
        ("invalid UTF-8", invalid),
        (
            "UTF-16",
            body.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        ),
        (
            "half a surrogate pair",
            body.replace("00u1", "\\ud800").into(),
        ),
        (
            "a number beyond all",
            body.replace("1800000300", "1e400").into(),
        ),
        ("not a number", body.replace("1800000300", "NaN").into()),
        ("nested without end", deep(50_000).into()),
    ];
    for (name, payload) in cases {
        refused(
            name,
            &signed_bytes(&head, payload),
            Answered,
            "token_malformed",
        );
    }
    assert_accepted("nested somewhat", &verdict(&signed_bytes(&head, deep(50))));
}

#[test]
fn a_finding_does_not_repeat_what_an_attacker_wrote_without_end() {
    let long = "\u{202e}".repeat(50_000);
    let mut keys = vec![jwk(&own(), "k1")];
    keys.push(jwk(&key(2), &long));
    for header in [
        headed("kid", json!(long)),
        headed("alg", json!(long)),
        headed("crit", json!([long])),
    ] {
        let mut header = header;
        if header["kid"] == json!(long) {
            header["kid"] = json!(format!("{long}."));
        }
        let verdict = with_keys(&signed(&header, &claims()), &keys);
        assert_ended("long", &verdict, Signed);
        let told = serde_json::to_string(&verdict).unwrap();
        assert!(told.len() < 10_000, "{} bytes", told.len());
        assert!(!told.contains('\u{202e}'));
    }
}
