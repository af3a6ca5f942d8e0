//! What a provider says about itself, and what came where that was asked for.

use latchkey_core::connection::{Flow, Issuer};
use latchkey_core::oidc::discovery::SecretWay;
use latchkey_core::oidc::{Discovery, HttpAnswer, Keys, http};
use latchkey_core::{Fault, Severity};
use serde_json::{Value, json};

use super::fingerprint::connection;
use super::token::{ISSUER, issuer, jwk, key};

fn document() -> Value {
    json!({
        "issuer": ISSUER,
        "authorization_endpoint": "https://acme.idp.example/authorize",
        "token_endpoint": "https://acme.idp.example/token",
        "userinfo_endpoint": "https://acme.idp.example/userinfo",
        "jwks_uri": "https://acme.idp.example/keys",
        "response_types_supported": ["code", "id_token"],
        "scopes_supported": ["openid", "email", "profile", "groups"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut document = document();
    document[name] = value;
    document
}

fn without(name: &str) -> Value {
    let mut document = document();
    document.as_object_mut().unwrap().remove(name);
    document
}

fn answer(body: impl Into<Vec<u8>>) -> HttpAnswer {
    HttpAnswer {
        asked: issuer().discovery_url(),
        status: 200,
        content_type: Some("application/json".into()),
        location: None,
        body: body.into(),
    }
}

fn read(document: &Value) -> Result<Discovery, Fault> {
    Discovery::read(&issuer(), &answer(document.to_string()))
}

#[test]
fn a_document_is_read() {
    let read = read(&document()).unwrap();
    assert_eq!(read.issuer, ISSUER);
    assert_eq!(read.token_endpoint.unwrap().path(), "/token");
    assert!(!read.names_issuer_in_answers);
}

#[test]
fn the_issuer_of_the_document_is_the_one_that_was_asked() {
    for (issuer, code) in [
        (
            json!("https://acme.idp.example/"),
            "issuer_differs_by_slash",
        ),
        (
            json!("https://acme.idp.example//"),
            "issuer_differs_by_slash",
        ),
        (json!("https://ACME.idp.example"), "issuer_differs"),
        (json!("http://acme.idp.example"), "issuer_differs"),
        (json!("https://acme.idp.example "), "issuer_differs"),
        (json!("https://evil.example"), "issuer_differs"),
        (
            json!("https://login.example/{tenantid}/v2.0"),
            "issuer_differs",
        ),
        (json!(""), "issuer_differs"),
        (json!(5), "discovery_incomplete"),
        (json!([ISSUER]), "discovery_incomplete"),
        (Value::Null, "discovery_incomplete"),
    ] {
        let fault = read(&with("issuer", issuer.clone())).unwrap_err();
        assert_eq!(fault.code(), code, "{issuer}");
    }
    let long = read(&with("issuer", json!("\u{202e}x".repeat(100_000)))).unwrap_err();
    let told = serde_json::to_string(&long.data()).unwrap();
    assert!(told.len() < 4_000 && !told.contains('\u{202e}'));
}

#[test]
fn an_endpoint_is_an_address_of_the_web() {
    for endpoint in [
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
    ] {
        for value in [
            json!("javascript:alert(1)"),
            json!("file:///etc/passwd"),
            json!("data:application/json,{}"),
            json!("tauri://localhost"),
            json!("ftp://acme.idp.example/x"),
            json!("//acme.idp.example/x"),
            json!("/authorize"),
            json!("acme.idp.example/x"),
            json!("https://"),
            json!("https:///"),
            json!("blob:https://acme.idp.example/1"),
            json!("view-source:https://acme.idp.example"),
            json!(""),
            json!(5),
            json!({}),
            json!(["https://acme.idp.example/x"]),
        ] {
            let fault = read(&with(endpoint, value.clone())).unwrap_err();
            assert_eq!(fault.code(), "discovery_incomplete", "{endpoint}: {value}");
            assert_eq!(fault.data()["field"], endpoint, "{value}");
        }
    }
    for needed in ["authorization_endpoint", "jwks_uri", "issuer"] {
        let fault = read(&without(needed)).unwrap_err();
        assert_eq!(fault.data()["field"], needed);
    }
    assert_eq!(
        read(&without("userinfo_endpoint"))
            .unwrap()
            .userinfo_endpoint,
        None
    );
    assert_eq!(
        read(&with("token_endpoint", Value::Null))
            .unwrap()
            .token_endpoint,
        None
    );
}

#[test]
fn each_other_answer_is_named_by_what_it_is() {
    let page = "<!doctype html><title>Sign in</title>";
    type Change = fn(&mut HttpAnswer);
    let cases: [(&str, Change); 15] = [
        ("discovery_not_found", |a| a.status = 404),
        ("discovery_not_found", |a| a.status = 401),
        ("http_status", |a| a.status = 500),
        ("http_status", |a| a.status = 503),
        ("redirects_elsewhere", |a| a.status = 302),
        ("redirects_elsewhere", |a| a.status = 304),
        ("http_status", |a| a.status = 100),
        ("not_json", |a| a.body = vec![]),
        ("not_json", |a| a.body = b"not found".to_vec()),
        ("not_json", |a| a.body = b"[]".to_vec()),
        ("not_json", |a| a.body = b"\xff\xfe{}".to_vec()),
        ("not_json", |a| a.body.truncate(40)),
        ("not_json", |a| a.body = vec![b'['; 500_000]),
        ("html_instead_of_json", |a| a.content_type = None),
        ("html_instead_of_json", |a| {
            a.content_type = Some("TEXT/HTML; charset=utf-8".into())
        }),
    ];
    for (code, change) in cases {
        let mut changed = answer(document().to_string());
        if code == "html_instead_of_json" {
            changed.body = page.into();
        }
        change(&mut changed);
        let fault = Discovery::read(&issuer(), &changed).unwrap_err();
        assert_eq!(fault.code(), code, "{changed:?}");
    }
    // Says it is a page, and is not.
    let mut mislabelled = answer(document().to_string());
    mislabelled.content_type = Some("text/html".into());
    assert!(Discovery::read(&issuer(), &mislabelled).is_ok());
}

#[test]
fn a_document_of_ten_megabytes_is_refused_by_its_size() {
    let large = with("pad", json!("x".repeat(10 << 20)));
    assert_eq!(read(&large).unwrap_err().code(), "answer_too_large");
    let at_most = with("pad", json!("x".repeat(http::LARGEST - 2_000)));
    assert!(read(&at_most).is_ok());
}

#[test]
fn a_member_that_stands_twice_makes_it_unreadable() {
    let text = document().to_string();
    for more in [
        r#""issuer":"https://evil.example""#,
        r#""jwks_uri":"https://evil.example/keys""#,
        r#""jwks_ur\u0069":"https://evil.example/keys""#,
        r#""mtls_endpoint_aliases":{"token_endpoint":"a","token_endpoint":"b"}"#,
    ] {
        let doubled = format!("{},{more}}}", &text[..text.len() - 1]);
        let fault = Discovery::read(&issuer(), &answer(doubled)).unwrap_err();
        assert_eq!(fault.code(), "not_json", "{more}");
    }
}

#[test]
fn a_list_of_another_type_is_as_good_as_none() {
    for value in [
        json!("code"),
        json!(5),
        json!({}),
        Value::Null,
        json!([5, null, ["code"]]),
    ] {
        let mut document = document();
        for list in [
            "response_types_supported",
            "scopes_supported",
            "token_endpoint_auth_methods_supported",
        ] {
            document[list] = value.clone();
        }
        let read = read(&document).unwrap();
        assert!(
            read.response_types.is_empty() && read.scopes.is_empty(),
            "{value}"
        );
        assert!(
            read.offers(Flow::Code) && read.offers(Flow::Implicit),
            "{value}"
        );
        assert_eq!(read.secret_way(), Some(SecretWay::Basic), "{value}");
    }
}

#[test]
fn response_types_are_sets_of_words() {
    let offers = |types: Value| {
        let read = read(&with("response_types_supported", types)).unwrap();
        (read.offers(Flow::Code), read.offers(Flow::Implicit))
    };
    assert_eq!(offers(json!(["code"])), (true, false));
    assert_eq!(offers(json!(["id_token"])), (false, true));
    assert_eq!(offers(json!([" id_token ", "token"])), (false, true));
    assert_eq!(
        offers(json!(["id_token code", "token id_token"])),
        (false, false)
    );
    assert_eq!(offers(json!(["CODE", "code,id_token"])), (false, false));
    assert_eq!(offers(json!([])), (true, true));
}

#[test]
fn the_secret_is_presented_as_the_document_says() {
    for (ways, way, error) in [
        (
            json!(["client_secret_basic"]),
            Some(SecretWay::Basic),
            false,
        ),
        (
            json!(["client_secret_post", "client_secret_basic"]),
            Some(SecretWay::Basic),
            false,
        ),
        (json!(["client_secret_post"]), Some(SecretWay::Post), false),
        (json!([]), Some(SecretWay::Basic), false),
        (json!(["none"]), None, false),
        (json!(["private_key_jwt", "tls_client_auth"]), None, true),
        (json!(["CLIENT_SECRET_BASIC"]), None, true),
    ] {
        let read = read(&with("token_endpoint_auth_methods_supported", ways.clone())).unwrap();
        assert_eq!(read.secret_way(), way, "{ways}");
        let named = read
            .misfits(&connection())
            .iter()
            .any(|finding| finding.fault.code() == "secret_way_not_offered");
        assert_eq!(named, error, "{ways}");
    }
}

#[test]
fn what_does_not_fit_the_connection_is_named_at_its_field() {
    let misfits = |document: &Value| -> Vec<(String, String, Severity)> {
        read(document)
            .unwrap()
            .misfits(&connection())
            .into_iter()
            .map(|f| (f.fault.code(), f.path.unwrap_or_default(), f.severity))
            .collect()
    };
    assert_eq!(misfits(&document()), []);
    for (document, code, path, severity) in [
        (
            with("response_types_supported", json!(["id_token"])),
            "flow_not_offered",
            "connection.flow",
            Severity::Error,
        ),
        (
            without("token_endpoint"),
            "discovery_incomplete",
            "connection.issuer",
            Severity::Error,
        ),
        (
            with("scopes_supported", json!(["openid", "email", "profile"])),
            "scope_not_offered",
            "connection.scopes[3]",
            Severity::Warning,
        ),
    ] {
        assert_eq!(
            misfits(&document),
            [(code.to_owned(), path.to_owned(), severity)]
        );
    }
    for endpoint in [
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
    ] {
        let plain = with(endpoint, json!("http://acme.idp.example/x"));
        let found = read(&plain).unwrap().misfits(&connection());
        assert_eq!(found.len(), 1, "{endpoint}");
        assert!(found[0].is_error());
        assert_eq!(found[0].fault.code(), "endpoint_not_https");
        assert_eq!(found[0].fault.data()["endpoint"], endpoint);
    }
}

#[test]
fn below_a_plain_issuer_on_this_computer_only_endpoints_on_this_computer_may_be_plain() {
    let mut practice = connection();
    practice.issuer = Issuer::parse("http://127.0.0.1:4711").unwrap();
    let plain = |token_endpoint: &str| {
        let mut document = document();
        for name in [
            "authorization_endpoint",
            "token_endpoint",
            "userinfo_endpoint",
            "jwks_uri",
        ] {
            document[name] = json!("http://127.0.0.1:4711/x");
        }
        document["token_endpoint"] = json!(token_endpoint);
        read(&document).unwrap().misfits(&practice)
    };
    assert_eq!(plain("http://127.0.0.1:4711/token"), []);
    let found = plain("http://acme.idp.example/token");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].fault.code(), "endpoint_not_https");
}

#[test]
fn an_endpoint_on_the_host_that_must_not_see_the_answer_is_an_error() {
    for endpoint in [
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
    ] {
        for address in [
            "https://app.torq.io/x",
            "https://app.torq.io:8443/x",
            "https://APP.torq.io./x",
        ] {
            let astray = with(endpoint, json!(address));
            let found = read(&astray).unwrap().misfits(&connection());
            assert_eq!(found.len(), 1, "{endpoint} {address}");
            assert!(found[0].is_error());
            assert_eq!(found[0].fault.code(), "provider_at_service");
            assert_eq!(found[0].fault.data()["endpoint"], endpoint);
        }
    }
}

#[test]
fn a_key_set_without_a_key_that_can_sign_is_named() {
    let good = jwk(&key(1), "k1");
    let mut encrypting = good.clone();
    encrypting["use"] = json!("enc");
    let read = |body: Vec<u8>| Keys::read(&answer(body)).map_err(|fault| fault.code());
    let set = |keys: Value| json!({ "keys": keys }).to_string().into_bytes();
    for (body, code) in [
        (set(json!([])), "keys_empty"),
        (set(json!([encrypting])), "keys_empty"),
        (
            set(json!([{ "kty": "quantum", "kid": "k1" }, 5, null])),
            "keys_empty",
        ),
        (set(json!("x")), "keys_empty"),
        (b"{}".to_vec(), "keys_empty"),
        (b"[]".to_vec(), "not_json"),
        (b"<html>".to_vec(), "html_instead_of_json"),
        (br#"{"keys":[],"keys":[]}"#.to_vec(), "not_json"),
        (set(json!("x".repeat(2 << 20))), "answer_too_large"),
    ] {
        assert_eq!(read(body).unwrap_err(), code);
    }
    let mut missing = answer(set(json!([good])));
    missing.status = 404;
    assert_eq!(Keys::read(&missing).unwrap_err().code(), "keys_unreachable");

    let mixed = set(json!([{ "kty": "quantum" }, encrypting, good]));
    assert_eq!(read(mixed).unwrap().ids(), ["k1"]);
    let many: Vec<_> = (0..1_000)
        .map(|n| {
            let mut k = good.clone();
            k["kid"] = json!(n.to_string());
            k
        })
        .collect();
    assert_eq!(read(set(json!(many))).unwrap().ids().len(), Keys::MOST);
}
