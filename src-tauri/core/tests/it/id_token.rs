//! The claims of a token whose signature holds: for whom, from whom, when, and who.

use latchkey_core::Stage::{Addressed, Answered, Identified, InTime, Signed};
use latchkey_core::oidc::Expected;
use latchkey_core::{Severity, Stage, Verdict};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::token::*;

/// One claim with a value (none: left out), and where that ends (none: it holds).
type Case = (&'static str, Option<Value>, Option<(Stage, &'static str)>);

fn check(cases: Vec<Case>) {
    for (name, value, end) in cases {
        let label = format!("{name}: {value:?}");
        let claims = match value {
            Some(value) => with(name, value),
            None => without(name),
        };
        judge(&label, &verdict(&saying(&claims)), end);
    }
}

fn judge(name: &str, verdict: &Verdict, end: Option<(Stage, &str)>) {
    match end {
        None => assert_accepted(name, verdict),
        Some((stage, code)) => assert_refused(name, verdict, stage, code),
    }
}

#[test]
fn the_issuer_is_compared_character_for_character() {
    const DIFFERS: Option<(Stage, &str)> = Some((Addressed, "token_issuer_differs"));
    const MISSING: Option<(Stage, &str)> = Some((Addressed, "token_issuer_missing"));
    check(vec![
        ("iss", Some(json!(ISSUER)), None),
        ("iss", Some(json!("https://acme.idp.example/")), DIFFERS),
        ("iss", Some(json!("https://ACME.idp.example")), DIFFERS),
        ("iss", Some(json!("HTTPS://acme.idp.example")), DIFFERS),
        ("iss", Some(json!("http://acme.idp.example")), DIFFERS),
        ("iss", Some(json!("https://acme.idp.example:443")), DIFFERS),
        ("iss", Some(json!("https://acme.idp.example ")), DIFFERS),
        ("iss", Some(json!(" https://acme.idp.example")), DIFFERS),
        ("iss", Some(json!("https://acme.idp.example\u{0}")), DIFFERS),
        (
            "iss",
            Some(json!("https://acme.idp.example.evil.example")),
            DIFFERS,
        ),
        (
            "iss",
            Some(json!("https://acme.idp.example/oauth2")),
            DIFFERS,
        ),
        (
            "iss",
            Some(json!("https://acm\u{435}.idp.example")),
            DIFFERS,
        ),
        ("iss", Some(json!("acme.idp.example")), DIFFERS),
        ("iss", Some(json!("")), DIFFERS),
        ("iss", Some(json!([ISSUER])), MISSING),
        ("iss", Some(json!({ "iss": ISSUER })), MISSING),
        ("iss", Some(json!(5)), MISSING),
        ("iss", Some(Value::Null), MISSING),
        ("iss", None, MISSING),
    ]);
}

#[test]
fn the_audience_is_this_client_and_whoever_else_is_named_needs_an_authorised_party() {
    const DIFFERS: Option<(Stage, &str)> = Some((Addressed, "audience_differs"));
    const MISSING: Option<(Stage, &str)> = Some((Addressed, "audience_missing"));
    const UNUSUAL: Option<(Stage, &str)> = Some((Addressed, "claim_of_unusual_type"));
    const PARTY: Option<(Stage, &str)> = Some((Addressed, "authorized_party_missing"));
    check(vec![
        ("aud", Some(json!([CLIENT])), None),
        ("aud", Some(json!("other")), DIFFERS),
        ("aud", Some(json!("")), DIFFERS),
        ("aud", Some(json!("0oa1client")), DIFFERS),
        ("aud", Some(json!("0oa1Client ")), DIFFERS),
        ("aud", Some(json!("0oa1Client other")), DIFFERS),
        ("aud", Some(json!("0oa1Client,other")), DIFFERS),
        ("aud", Some(json!("0oa1")), DIFFERS),
        ("aud", Some(json!(["other"])), DIFFERS),
        ("aud", Some(json!(["other", "another"])), DIFFERS),
        ("aud", Some(json!([[CLIENT]])), UNUSUAL),
        ("aud", Some(json!([CLIENT, 5])), UNUSUAL),
        ("aud", Some(json!([CLIENT, null])), UNUSUAL),
        ("aud", Some(json!([CLIENT, ["other"]])), UNUSUAL),
        ("aud", Some(json!([CLIENT, { "aud": "other" }])), UNUSUAL),
        ("aud", Some(json!([])), MISSING),
        ("aud", Some(json!({ "aud": CLIENT })), MISSING),
        ("aud", Some(json!(5)), MISSING),
        ("aud", Some(json!(true)), MISSING),
        ("aud", Some(Value::Null), MISSING),
        ("aud", None, MISSING),
        ("aud", Some(json!([CLIENT, "other"])), PARTY),
        ("aud", Some(json!(["other", CLIENT])), PARTY),
        ("aud", Some(json!([CLIENT, CLIENT])), PARTY),
    ]);
}

#[test]
fn the_authorised_party_is_this_client_wherever_one_is_named() {
    const DIFFERS: Option<(Stage, &str)> = Some((Addressed, "authorized_party_differs"));
    let odd = || {
        [
            json!("other"),
            json!(""),
            json!("0oa1client"),
            json!([CLIENT]),
            json!(5),
            json!({}),
            Value::Null,
        ]
    };
    check(vec![("azp", Some(json!(CLIENT)), None)]);
    check(odd().map(|azp| ("azp", Some(azp), DIFFERS)).into());
    for azp in odd() {
        let mut claims = with("aud", json!([CLIENT, "other"]));
        claims["azp"] = azp;
        judge("with others", &verdict(&saying(&claims)), DIFFERS);
    }
    let mut claims = with("aud", json!([CLIENT, "other"]));
    claims["azp"] = json!(CLIENT);
    let verdict = verdict(&saying(&claims));
    assert_accepted("with others", &verdict);
    assert_eq!(remarks(&verdict), ["audience_has_others"]);
}

#[test]
fn the_nonce_is_the_one_that_was_sent() {
    const DIFFERS: Option<(Stage, &str)> = Some((Addressed, "nonce_differs"));
    const MISSING: Option<(Stage, &str)> = Some((Addressed, "nonce_missing"));
    check(vec![
        ("nonce", Some(json!("n-0S6_WzA2Mk")), DIFFERS),
        ("nonce", Some(json!("N-0S6_WZA2MJ")), DIFFERS),
        ("nonce", Some(json!("n-0S6_WzA2Mj ")), DIFFERS),
        ("nonce", Some(json!("n-0S6_WzA2")), DIFFERS),
        ("nonce", Some(json!("")), DIFFERS),
        ("nonce", Some(json!([NONCE])), MISSING),
        ("nonce", Some(json!(5)), MISSING),
        ("nonce", Some(Value::Null), MISSING),
        ("nonce", None, MISSING),
    ]);
}

#[test]
fn a_captured_token_without_its_request_is_judged_without_its_nonce() {
    let issuer = issuer();
    let keys = published(&[jwk(&own(), "k1")]);
    let expected = Expected {
        nonce: None,
        ..expected(&issuer)
    };
    for claims in [claims(), without("nonce"), with("nonce", json!("other"))] {
        assert_accepted("captured", &verdict_of(&saying(&claims), &keys, &expected));
    }
    let other = saying(&with("aud", json!("other")));
    let verdict = verdict_of(&other, &keys, &expected);
    assert_refused("audience", &verdict, Addressed, "audience_differs");
}

/// Not a second of leeway: what the service may refuse is not shown as good.
#[test]
fn the_expiry_is_a_time_to_come() {
    const EXPIRED: Option<(Stage, &str)> = Some((InTime, "token_expired"));
    const UNREADABLE: Option<(Stage, &str)> = Some((InTime, "time_unreadable"));
    const MISSING: Option<(Stage, &str)> = Some((InTime, "expiry_missing"));
    check(vec![
        ("exp", Some(json!(NOW + 1)), None),
        ("exp", Some(json!(NOW as f64 + 1.5)), None),
        ("exp", Some(json!(253_370_000_000_i64)), None),
        ("exp", Some(json!(NOW)), EXPIRED),
        ("exp", Some(json!(NOW as f64 + 0.9)), EXPIRED),
        ("exp", Some(json!(NOW - 1)), EXPIRED),
        ("exp", Some(json!(0)), EXPIRED),
        ("exp", Some(json!(-1)), EXPIRED),
        ("exp", Some(json!(-0.5)), EXPIRED),
        // Milliseconds: no token holds for fifty thousand years.
        ("exp", Some(json!((NOW + 300) * 1000)), UNREADABLE),
        ("exp", Some(json!(i64::MAX)), UNREADABLE),
        ("exp", Some(json!(i64::MIN)), UNREADABLE),
        ("exp", Some(json!(u64::MAX)), UNREADABLE),
        ("exp", Some(json!(1e308)), UNREADABLE),
        ("exp", Some(json!(-1e308)), UNREADABLE),
        ("exp", Some(json!("1800000300")), UNREADABLE),
        ("exp", Some(json!("2027-01-15T08:05:00Z")), UNREADABLE),
        ("exp", Some(json!("never")), UNREADABLE),
        ("exp", Some(json!(true)), UNREADABLE),
        ("exp", Some(json!([NOW + 300])), UNREADABLE),
        ("exp", Some(json!({})), UNREADABLE),
        ("exp", Some(Value::Null), MISSING),
        ("exp", None, MISSING),
    ]);
}

#[test]
fn the_providers_clock_may_be_a_minute_ahead_and_no_more() {
    const FUTURE: Option<(Stage, &str)> = Some((InTime, "token_issued_in_future"));
    const EARLY: Option<(Stage, &str)> = Some((InTime, "token_not_yet_valid"));
    const UNREADABLE: Option<(Stage, &str)> = Some((InTime, "time_unreadable"));
    const MISSING: Option<(Stage, &str)> = Some((InTime, "issue_time_missing"));
    check(vec![
        ("iat", Some(json!(NOW)), None),
        ("iat", Some(json!(NOW + 59)), None),
        ("iat", Some(json!(NOW + 60)), None),
        ("iat", Some(json!(NOW as f64 + 60.9)), None),
        ("iat", Some(json!(NOW + 61)), FUTURE),
        ("iat", Some(json!(NOW + 86_400)), FUTURE),
        ("iat", Some(json!(1e308)), UNREADABLE),
        ("iat", Some(json!(NOW * 1000)), UNREADABLE),
        ("iat", Some(json!("1800000000")), UNREADABLE),
        ("iat", Some(json!(false)), UNREADABLE),
        ("iat", Some(json!([])), UNREADABLE),
        ("iat", Some(Value::Null), MISSING),
        ("iat", None, MISSING),
        ("nbf", Some(json!(NOW - 1)), None),
        ("nbf", Some(json!(NOW + 60)), None),
        ("nbf", Some(Value::Null), None),
        ("nbf", Some(json!(NOW + 61)), EARLY),
        ("nbf", Some(json!("1800000000")), UNREADABLE),
        ("nbf", Some(json!(1e308)), UNREADABLE),
        ("nbf", Some(json!({})), UNREADABLE),
    ]);
    let ahead = |seconds: i64| remarks(&verdict(&saying(&with("iat", json!(NOW + seconds)))));
    assert_eq!(ahead(60), ["token_issued_in_future"]);
    assert_eq!(ahead(2), ["token_issued_in_future"]);
    assert_eq!(ahead(1), Vec::<String>::new());
}

#[test]
fn the_subject_is_a_text_of_1_to_255_bytes() {
    const MISSING: Option<(Stage, &str)> = Some((Identified, "subject_missing"));
    const LONG: Option<(Stage, &str)> = Some((Identified, "subject_too_long"));
    check(vec![
        ("sub", Some(json!("x".repeat(255))), None),
        ("sub", Some(json!("x".repeat(256))), LONG),
        ("sub", Some(json!("\u{e9}".repeat(128))), LONG),
        ("sub", Some(json!("")), MISSING),
        ("sub", Some(json!(5)), MISSING),
        ("sub", Some(json!(["00u1"])), MISSING),
        ("sub", Some(json!({})), MISSING),
        ("sub", Some(Value::Null), MISSING),
        ("sub", None, MISSING),
    ]);
}

#[test]
fn everything_wrong_at_one_stage_is_named_at_once_and_nothing_of_the_next() {
    let mut claims = claims();
    claims["iss"] = json!("https://evil.example");
    claims["aud"] = json!("other");
    claims["nonce"] = json!("other");
    claims["exp"] = json!(0);
    claims["sub"] = json!("");
    let verdict = verdict(&saying(&claims));
    assert_ended("all", &verdict, Addressed);
    assert_eq!(
        codes(&verdict, Addressed, Severity::Error),
        ["token_issuer_differs", "audience_differs", "nonce_differs"]
    );
}

fn half_hash(text: &str) -> String {
    encoded(&Sha256::digest(text)[..16])
}

#[test]
fn the_access_token_and_the_code_belong_to_the_id_token_that_names_them() {
    let issuer = issuer();
    let keys = published(&[jwk(&own(), "k1")]);
    let expected = Expected {
        access_token: Some("access"),
        code: Some("code"),
        ..expected(&issuer)
    };
    let whole = encoded(Sha256::digest("access"));
    let padded = format!("{}==", half_hash("access"));
    let hex: String = Sha256::digest("access")[..16]
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    let wrong = |right: &str| {
        vec![
            json!(half_hash("other")),
            json!(""),
            json!(whole),
            json!(padded),
            json!(hex),
            json!(half_hash(right).to_lowercase()),
            json!(&half_hash(right)[..21]),
            json!([half_hash(right)]),
            json!(5),
            Value::Null,
        ]
    };
    for (name, value, code) in [
        ("at_hash", "access", "access_token_hash_differs"),
        ("c_hash", "code", "code_hash_differs"),
    ] {
        let right = saying(&with(name, json!(half_hash(value))));
        assert_accepted(name, &verdict_of(&right, &keys, &expected));
        for hash in wrong(value) {
            let verdict = verdict_of(&saying(&with(name, hash.clone())), &keys, &expected);
            assert_refused(&format!("{name}: {hash}"), &verdict, Signed, code);
        }
    }
    assert_accepted("neither", &verdict_of(&saying(&claims()), &keys, &expected));
    // Without the value there is nothing to compare.
    assert_accepted(
        "no value",
        &verdict(&saying(&with("at_hash", json!(half_hash("other"))))),
    );
}

/// What openidconnect cannot read is no reason to refuse a person, and is said.
#[test]
fn a_claim_of_an_unusual_type_is_named_and_the_rest_is_verified_all_the_same() {
    for (name, value) in [
        ("email_verified", json!(1)),
        ("email_verified", json!("yes")),
        ("phone_number", json!(5)),
        ("address", json!("x")),
        ("name", json!({})),
        ("locale", json!(5)),
        ("zoneinfo", json!(["x"])),
        ("updated_at", json!("yesterday")),
        ("amr", json!("pwd")),
        ("auth_time", json!(true)),
        ("picture", json!(false)),
    ] {
        let verdict = verdict(&saying(&with(name, value.clone())));
        assert_accepted(name, &verdict);
        let told: Vec<_> = verdict
            .stages
            .iter()
            .flat_map(|report| &report.findings)
            .filter(|finding| finding.code == "claim_of_unusual_type")
            .collect();
        assert_eq!(told.len(), 1, "{name}: {value}");
        assert_eq!(told[0].data["claim"], name, "{value}");

        let mut wrong = with(name, value);
        wrong["nonce"] = json!("other");
        assert_ended(name, &self::verdict(&saying(&wrong)), Addressed);
    }
}

#[test]
fn a_claim_that_only_looks_odd_is_kept_as_it_came() {
    for (name, value, kept) in [
        ("email_verified", json!("true"), vec!["true"]),
        (
            "locale",
            json!("xx-weird_\u{1f512}"),
            vec!["xx-weird_\u{1f512}"],
        ),
        ("groups", json!({}), vec!["{}"]),
        (
            "groups",
            json!([1, true, null, "a"]),
            vec!["1", "true", "a"],
        ),
        (
            "https://torq.io/groups",
            json!(["a\u{0}b"]),
            vec!["a\u{0}b"],
        ),
        (
            "n",
            json!(18_446_744_073_709_551_615_u64),
            vec!["18446744073709551615"],
        ),
        (
            "team",
            json!({ "z": 1, "a": [2], "m": { "y": 0, "b": 0 } }),
            vec![r#"{"z":1,"a":[2],"m":{"y":0,"b":0}}"#],
        ),
        ("", json!("nameless"), vec!["nameless"]),
    ] {
        let verdict = verdict(&saying(&with(name, value)));
        assert_accepted(name, &verdict);
        assert_eq!(verdict.claims.values(name), kept, "{name}");
        assert_eq!(remarks(&verdict), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn the_form_alone_is_asked_without_a_key() {
    use latchkey_core::oidc::id_token::form;
    assert!(form(&saying(&claims())).is_ok());
    assert!(form("a.b").is_err());
    let verdict = verdict("a.b");
    assert_refused("form", &verdict, Answered, "token_malformed");
}
