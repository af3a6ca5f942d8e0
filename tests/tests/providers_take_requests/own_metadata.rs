//! The service's metadata, as SimpleSAMLphp understands it.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use latchkey_core::saml::request::{OwnMetadata, service_metadata};
use latchkey_tests::provider_saml::{SERVICE, SERVICE_REDIRECT};
use serde_json::{Value, json};

use crate::bench::{key_pair, service_redirect};

#[test]
fn a_service_without_a_key_is_understood() {
    let acs = service_redirect();
    let understood = read(&service_metadata(&OwnMetadata {
        entity_id: SERVICE,
        acs: &acs,
        key_pair: None,
        requests_signed: false,
        want_assertions_signed: true,
    }));
    assert_eq!(understood["entityid"], SERVICE);
    assert_eq!(understood["saml20.sign.assertion"], true);
    assert_eq!(understood["validate.authnrequest"], false);
    assert_eq!(understood.get("keys"), None);
    let endpoint = json!({
        "Binding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST",
        "Location": SERVICE_REDIRECT, "index": 0, "isDefault": true,
    });
    assert_eq!(understood["AssertionConsumerService"], json!([endpoint]));
}

#[test]
fn a_key_is_understood_in_both_its_uses() {
    let (acs, pair) = (service_redirect(), key_pair());
    let understood = read(&service_metadata(&OwnMetadata {
        entity_id: "https://acme.example/?a=1&b=<2>",
        acs: &acs,
        key_pair: Some(&pair),
        requests_signed: true,
        want_assertions_signed: false,
    }));
    assert_eq!(understood["entityid"], "https://acme.example/?a=1&b=<2>");
    assert_eq!(understood["validate.authnrequest"], true);
    let certificate = STANDARD.encode(pair.certificate().der());
    let keys = understood["keys"].as_array().unwrap();
    let uses: Vec<_> = keys
        .iter()
        .map(|key| (&key["signing"], &key["encryption"]))
        .collect();
    let (yes, no) = (&json!(true), &json!(false));
    assert_eq!(uses, [(yes, no), (no, yes)]);
    assert!(
        keys.iter()
            .all(|key| key["X509Certificate"] == certificate.as_str()),
        "{keys:?}"
    );
}

fn read(metadata: &str) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("providers/simplesamlphp");
    let state = tempfile::tempdir().unwrap();
    let mut reader = Command::new("php")
        .arg(folder.join("read-metadata.php"))
        .env("SIMPLESAMLPHP_CONFIG_DIR", folder)
        .env("LATCHKEY_STATE", state.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("PHP is needed: run `tests/install.sh tests`: {error}"));
    let mut stdin = reader.stdin.take().unwrap();
    stdin.write_all(metadata.as_bytes()).unwrap();
    drop(stdin);
    let read = reader.wait_with_output().unwrap();
    serde_json::from_slice(&read.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&read.stderr)))
}
