//! Whole sign-ins at SimpleSAMLphp and at `samlp`, with two people.

use jiff::Timestamp;
use latchkey_core::saml::key_pair::KeyPair;
use latchkey_tests::browser::Browser;
use latchkey_tests::provider_saml::{SamlProvider, SamlpShape, Signed, SimpleSamlShape};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::bench::{BOB, Ended, OLIVIA, SignIn, free_port};

pub(crate) const SIGNED: [Signed; 3] = [Signed::Assertion, Signed::Response, Signed::Both];
const PEOPLE: [(&str, &str, u32); 2] = [(OLIVIA, "Owner", 1), (BOB, "Contributor", 2)];

pub(crate) fn set_up(provider: &SamlProvider) -> Value {
    json!({
        "format": "latchkey/1",
        "workspace": { "service": "torq", "name": "Acme", "region": "us", "owner_email": OLIVIA },
        "connection": {
            "protocol": "saml", "provider": "other", "issuer": provider.entity_id,
            "sign_on_url": provider.sign_on_url, "certificates": [provider.certificate]
        },
        "rules": [
            { "claim": "email", "value": OLIVIA, "role": "Owner" },
            { "claim": "groups", "value": "SecOps", "role": "Contributor" }
        ]
    })
}

/// Both providers in a shape that they share.
pub(crate) fn providers(signed: Signed, asked_by: Option<String>) -> (u16, [SamlProvider; 2]) {
    let port = free_port();
    let simplesamlphp = SimpleSamlShape {
        signed,
        asked_by: asked_by.clone(),
        callback_port: Some(port),
        ..SimpleSamlShape::default()
    };
    let samlp = SamlpShape {
        signed,
        asked_by,
        callback_port: Some(port),
        ..SamlpShape::default()
    };
    let providers = [
        SamlProvider::simplesamlphp(&simplesamlphp).unwrap(),
        SamlProvider::samlp(&samlp).unwrap(),
    ];
    (port, providers)
}

pub(crate) async fn signed_in(
    provider: &SamlProvider,
    set_up: &Value,
    port: u16,
    email: &str,
    more: &[&str],
) -> Ended {
    let password = &provider.person(email).password;
    SignIn::start(set_up, None, port, more)
        .by_person(email, password)
        .await
}

/// The workspace's key pair, as a file for the command.
pub(crate) struct Key {
    files: TempDir,
    pub(crate) certificate: String,
}

impl Key {
    pub(crate) fn new() -> Self {
        let pair = KeyPair::make("Acme", Timestamp::now()).unwrap();
        let files = tempfile::tempdir().unwrap();
        std::fs::write(files.path().join("key.pem"), pair.to_pem().expose_secret()).unwrap();
        Self {
            files,
            certificate: pair.certificate().pem(),
        }
    }

    pub(crate) fn path(&self) -> String {
        let path = self.files.path().join("key.pem");
        path.to_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn two_people_are_proved_by_each_signed_part() {
    for signed in SIGNED {
        let (port, providers) = providers(signed, None);
        for provider in &providers {
            for (email, role, rule) in PEOPLE {
                let ended = signed_in(provider, &set_up(provider), port, email, &[]).await;
                ended.assert_role(email, role, rule);
            }
        }
    }
}

#[tokio::test]
async fn a_second_person_is_asked_in_the_first_ones_browser() {
    let (port, [provider, _]) = providers(Signed::Assertion, None);
    let browser = Browser::new();
    for (email, role, rule) in PEOPLE {
        let password = &provider.person(email).password;
        let ended = SignIn::start(&set_up(&provider), None, port, &[])
            .by_person_in(&browser, email, password)
            .await;
        ended.assert_role(email, role, rule);
    }
}

#[tokio::test]
async fn the_request_may_travel_by_form() {
    let (port, providers) = providers(Signed::Assertion, None);
    for provider in &providers {
        let mut set_up = set_up(provider);
        set_up["connection"]["request_binding"] = json!("post");
        let ended = signed_in(provider, &set_up, port, OLIVIA, &[]).await;
        ended.assert_role(OLIVIA, "Owner", 1);
    }
}

#[tokio::test]
async fn a_provider_that_wants_signed_requests_gets_them_in_both_bindings() {
    let key = Key::new();
    let (port, providers) = providers(Signed::Both, Some(key.certificate.clone()));
    for provider in &providers {
        for binding in ["redirect", "post"] {
            let mut set_up = set_up(provider);
            set_up["connection"]["request_binding"] = json!(binding);
            set_up["connection"]["sign_requests"] = json!(true);
            let ended = signed_in(provider, &set_up, port, OLIVIA, &["--key", &key.path()]).await;
            ended.assert_role(OLIVIA, "Owner", 1);
        }
    }
}

#[tokio::test]
async fn an_encrypted_assertion_is_opened_by_the_key() {
    let (key, port) = (Key::new(), free_port());
    let encrypted_to = Some(key.certificate.clone());
    let simplesamlphp = SimpleSamlShape {
        signed: Signed::Both,
        encrypted_to: encrypted_to.clone(),
        callback_port: Some(port),
        ..SimpleSamlShape::default()
    };
    let samlp = SamlpShape {
        encrypted_to,
        callback_port: Some(port),
        ..SamlpShape::default()
    };
    for provider in [
        SamlProvider::simplesamlphp(&simplesamlphp).unwrap(),
        SamlProvider::samlp(&samlp).unwrap(),
    ] {
        let set_up = set_up(&provider);
        let ended = signed_in(&provider, &set_up, port, OLIVIA, &["--key", &key.path()]).await;
        ended.assert_role(OLIVIA, "Owner", 1);

        let ended = signed_in(&provider, &set_up, port, OLIVIA, &[]).await;
        ended.assert_refused("signed", "encrypted_without_key");
    }
}
