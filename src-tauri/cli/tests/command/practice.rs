//! `latchkey practice`

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use serde_json::Value;

use crate::bench::{Running, latchkey};

/// The body of a plain GET; enough of HTTP for a provider of our own.
fn fetched(issuer: &str, path: &str) -> String {
    let host = issuer.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "GET {path} HTTP/1.0\r\nhost: {host}\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}

#[test]
fn the_line_says_how_to_reach_a_provider_that_answers() {
    let mut practice = Running::start(&["practice", "--json"]);
    let reach = practice.json_line();
    let issuer = reach["issuer"].as_str().unwrap();
    let discovery = fetched(issuer, "/.well-known/openid-configuration");
    let discovery: Value = serde_json::from_str(&discovery).unwrap();
    assert_eq!(discovery["issuer"], issuer);
    for key in ["client_id", "client_secret"] {
        assert!(!reach[key].as_str().unwrap().is_empty(), "{key}");
    }
    let people = reach["people"].as_array().unwrap();
    assert!(people.len() >= 2);
    for person in people {
        assert!(person["email"].is_string() && person["password"].is_string());
        assert!(!person["groups"].as_array().unwrap().is_empty());
    }
}

#[test]
fn the_line_says_how_to_reach_it_by_saml() {
    let mut practice = Running::start(&["practice", "--json"]);
    let reach = practice.json_line();
    let text = |key: &str| reach[key].as_str().unwrap();
    let issuer = text("issuer");
    let path = text("saml_metadata").strip_prefix(issuer).unwrap();
    let metadata = fetched(issuer, path);
    for key in ["saml_entity_id", "saml_sign_on_url"] {
        assert!(metadata.contains(&format!("\"{}\"", text(key))), "{key}");
    }
    let certificate: String = text("saml_certificate")
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .collect();
    assert!(metadata.contains(&format!(">{certificate}<")));
}

#[test]
fn it_serves_until_it_is_asked_to_end_and_ends_well() {
    for signal in ["TERM", "INT"] {
        let mut practice = Running::start(&["practice", "--json"]);
        practice.json_line();
        practice.signal(signal);
        assert_eq!(practice.ended(), (0, String::new()), "{signal}");
    }
}

#[test]
fn it_does_what_the_fault_says() {
    let mut practice = Running::start(&["practice", "--json", "--fault", "jwks-empty"]);
    let reach = practice.json_line();
    let issuer = reach["issuer"].as_str().unwrap();
    let discovery = fetched(issuer, "/.well-known/openid-configuration");
    let discovery: Value = serde_json::from_str(&discovery).unwrap();
    let keys = discovery["jwks_uri"]
        .as_str()
        .unwrap()
        .strip_prefix(issuer)
        .unwrap();
    let keys: Value = serde_json::from_str(&fetched(issuer, keys)).unwrap();
    assert_eq!(keys["keys"].as_array().unwrap().len(), 0);
}

#[test]
fn a_fault_of_the_saml_half_shows_in_what_it_answers() {
    let mut practice = Running::start(&["practice", "--json", "--fault", "saml-http-500"]);
    let reach = practice.json_line();
    let issuer = reach["issuer"].as_str().unwrap();
    assert!(fetched(issuer, "/saml/sso").contains("Not what was due here"));
}

#[test]
fn the_help_lists_every_fault_with_what_it_does() {
    let ran = latchkey(&["practice", "--help"]);
    for fault in latchkey_practice::Fault::ALL {
        let line = ran.out.lines().find(|line| {
            let mut words = line.split_ascii_whitespace();
            words.next() == Some(fault.name())
        });
        assert!(line.unwrap().ends_with(fault.describes()), "{fault}");
    }
}

#[test]
fn an_unknown_fault_is_answered_by_those_that_share_a_word() {
    let ran = latchkey(&["practice", "--fault", "audience_wrong"]);
    let refusal = ran.refusal();
    for near in ["wrong-audience", "saml-wrong-audience", "--help"] {
        assert!(refusal.contains(near), "{refusal}");
    }
    assert!(!refusal.contains("jwks-empty"), "{refusal}");
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let ran = latchkey(&["practice", "--port", &port]);
    assert!(ran.refusal().contains(&port), "{ran:?}");
}

#[test]
fn text_says_the_same_for_reading() {
    let mut practice = Running::start(&["practice"]);
    let line = practice.line();
    assert!(
        line.starts_with("Practice provider at http://127.0.0.1:"),
        "{line}"
    );
    assert!(
        practice
            .line()
            .starts_with("SAML metadata at http://127.0.0.1:")
    );
    assert!(practice.line().contains("@acme.example"));
}
