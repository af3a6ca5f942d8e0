//! `latchkey watch`

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::bench::{Files, Ran, Running, latchkey, set_up};

/// A provider on this computer, and what it says of itself.
fn provider() -> (Running, Value) {
    let mut practice = Running::start(&["practice", "--json"]);
    let reach = practice.json_line();
    (practice, reach)
}

fn with(connection: Value) -> Value {
    let mut set_up = set_up();
    set_up["connection"] = connection;
    set_up
}

fn oidc(issuer: &str) -> Value {
    with(json!({
        "protocol": "oidc", "provider": "other", "issuer": issuer, "client_id": "latchkey-practice",
        "scopes": ["openid", "email", "profile", "groups"], "flow": "code"
    }))
}

fn at(reach: &Value, name: &str) -> String {
    reach[name].as_str().unwrap().to_owned()
}

/// What the provider publishes, fetched without Latchkey.
fn metadata(reach: &Value) -> String {
    let address = at(reach, "saml_metadata");
    let (host, path) = address
        .strip_prefix("http://")
        .unwrap()
        .split_once('/')
        .unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(
        stream,
        "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn saml(reach: &Value, certificate: &str) -> Value {
    let entity_id = at(reach, "saml_metadata");
    with(json!({
        "protocol": "saml", "provider": "other", "issuer": entity_id,
        "sign_on_url": entity_id.replace("/metadata", "/sso"), "certificates": [certificate]
    }))
}

fn found(ran: &Ran) -> Vec<(String, String)> {
    let text = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
    let answer = ran.json();
    let findings = answer["findings"].as_array().unwrap().iter();
    findings
        .map(|one| (text(one, "severity"), text(one, "code")))
        .collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected
        .iter()
        .map(|(one, other)| ((*one).to_owned(), (*other).to_owned()))
        .collect()
}

#[test]
fn a_provider_that_says_what_the_set_up_says_is_no_news() {
    let (_practice, reach) = provider();
    let published = metadata(&reach);
    let (_, rest) = published.split_once("X509Certificate>").unwrap();
    let (certificate, _) = rest.split_once('<').unwrap();
    let files = Files::new();
    let one = files.with("one.json", oidc(&at(&reach, "issuer")).to_string());
    let other = files.with("other.json", saml(&reach, certificate).to_string());
    let ran = latchkey(&["watch", &one, &other, "--json"]);
    assert_eq!((ran.status, found(&ran)), (0, vec![]), "{ran:?}");
    let ends = ran.json()["set_ups"].clone();
    assert_eq!(ends[0]["next_expiry"], Value::Null);
    assert!(ends[1]["next_expiry"].is_string(), "{ran:?}");
    assert_eq!(ran.json()["next_expiry"], ends[1]["next_expiry"]);
}

#[test]
fn a_certificate_that_the_provider_publishes_no_more_is_an_error_and_its_next_one_is_told() {
    let (_practice, reach) = provider();
    let files = Files::new();
    let former = include_str!("verify_saml/certificate.pem");
    let file = files.with("acme.json", saml(&reach, former).to_string());
    let ran = latchkey(&["watch", &file, "--json"]);
    assert_eq!(ran.status, 1);
    assert_eq!(
        found(&ran),
        pairs(&[
            ("warning", "metadata_certificate_added"),
            ("error", "metadata_certificate_removed")
        ])
    );
}

#[test]
fn a_provider_that_does_not_answer_is_an_error() {
    let (mut practice, reach) = provider();
    practice.child.kill().unwrap();
    practice.child.wait().unwrap();
    let files = Files::new();
    let file = files.with("acme.json", oidc(&at(&reach, "issuer")).to_string());
    let ran = latchkey(&["watch", &file, "--json"]);
    assert_eq!(ran.status, 1);
    assert_eq!(found(&ran), pairs(&[("error", "connection_refused")]));
}

#[test]
fn an_issuer_that_names_itself_otherwise_is_an_error() {
    let (_practice, reach) = provider();
    let issuer = at(&reach, "issuer").replace("127.0.0.1", "localhost");
    let files = Files::new();
    let file = files.with("acme.json", oidc(&issuer).to_string());
    let ran = latchkey(&["watch", &file, "--json"]);
    assert_eq!(ran.status, 1);
    assert_eq!(found(&ran), pairs(&[("error", "issuer_differs")]));
}

#[test]
fn metadata_that_nobody_named_is_said_not_to_have_been_looked_at() {
    let (mut practice, reach) = provider();
    let files = Files::new();
    let former = include_str!("verify_saml/certificate.pem");
    let mut set_up = saml(&reach, former);
    set_up["connection"]["issuer"] = json!("JumpCloud");
    let file = files.with("acme.json", set_up.to_string());
    let ran = latchkey(&["watch", &file, "--json"]);
    assert_eq!(
        (ran.status, found(&ran)),
        (0, pairs(&[("note", "provider_not_looked_at")])),
        "{ran:?}"
    );

    let named = at(&reach, "saml_metadata");
    let ran = latchkey(&["watch", &file, "--metadata", &named, "--json"]);
    let codes = found(&ran);
    assert!(
        codes.contains(&("error".to_owned(), "metadata_entity_changed".to_owned())),
        "{codes:?}"
    );

    practice.child.kill().unwrap();
    practice.child.wait().unwrap();
    let ran = latchkey(&["watch", &file, "--metadata", &named, "--json"]);
    assert_eq!(found(&ran), pairs(&[("error", "connection_refused")]));
}

#[test]
fn the_first_end_of_all_is_told_and_an_end_that_is_past_does_not_hold() {
    let (_practice, reach) = provider();
    let files = Files::new();
    let ending = |last: &str| {
        let mut set_up = oidc(&at(&reach, "issuer"));
        set_up["connection"]["client_secret_expires"] = json!(last);
        files.with(&format!("{last}.json"), set_up.to_string())
    };
    let (late, early) = (ending("9998-01-31"), ending("9997-05-31"));
    let ran = latchkey(&["watch", &late, &early, "--json"]);
    assert_eq!((ran.status, found(&ran)), (0, vec![]));
    assert_eq!(ran.json()["next_expiry"], "9997-05-31T23:59:59Z");

    let past = ending("2024-02-29");
    let ran = latchkey(&["watch", &late, &past, "--json"]);
    assert_eq!(ran.status, 1);
    assert_eq!(found(&ran), pairs(&[("error", "secret_ended")]));
    let named = ran.json()["findings"][0]["set_up"].clone();
    assert_eq!(named, json!(past));
    let text = latchkey(&["watch", &past]).out;
    assert!(text.contains("the first end was on 2024-02-29"), "{text}");
}

#[test]
fn a_set_up_that_cannot_be_watched_says_what_is_wrong_with_it() {
    let files = Files::new();
    let mut set_up = set_up();
    set_up["connection"]["issuer"] = json!("");
    let file = files.with("acme.json", set_up.to_string());
    let ran = latchkey(&["watch", &file, "--json"]);
    assert_eq!(ran.status, 1);
    assert_eq!(ran.json()["findings"][0]["path"], "connection.issuer");
}

#[test]
fn the_service_itself_is_never_asked() {
    let files = Files::new();
    let file = files.with("acme.json", oidc("https://app.torq.io").to_string());
    let ran = latchkey(&["watch", &file, "--json"]);
    assert_eq!(ran.status, 1);
    let paths: Vec<_> = ran.json()["findings"].as_array().unwrap().clone();
    assert!(!paths.is_empty());
    for finding in paths {
        // Asked, it would be said not to be found: there is no network here.
        assert_ne!(finding["code"], "host_not_found");
        assert_eq!(finding["path"], "connection.issuer", "{finding}");
    }
}

#[test]
fn what_cannot_be_watched_is_refused_before_anybody_is_asked() {
    let files = Files::new();
    let good = files.with("good.json", set_up().to_string());
    let broken = files.with("broken.json", "{");
    let ran = latchkey(&["watch", &good, &broken, "--json"]);
    assert!(ran.refusal().contains("broken.json"), "{ran:?}");

    let address = "https://sso.acme.example/metadata";
    let ran = latchkey(&["watch", &good, &good, "--metadata", address]);
    assert!(ran.refusal().contains("one set-up"), "{ran:?}");
    let ran = latchkey(&["watch", &good, "--metadata", address]);
    assert!(ran.refusal().contains("connection.protocol"), "{ran:?}");
    let ran = latchkey(&["watch", "-", "-"]);
    assert!(ran.refusal().contains("standard input"), "{ran:?}");
    assert_eq!(latchkey(&["watch"]).status, 2);
}
