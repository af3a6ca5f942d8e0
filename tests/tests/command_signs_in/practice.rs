//! `latchkey sign-in` and `latchkey verify-token` at `latchkey practice`: the command alone, as a
//! newcomer would try it.

use std::io::{BufRead, BufReader};
use std::process::Child;

use latchkey_tests::browser::Browser;
use latchkey_tests::command::{findings, latchkey};
use serde_json::{Value, json};
use url::Url;

use crate::bench::{BOB, OLIVIA, SignIn, callback, free_port, plain_http, set_up};
use crate::captured::verify;

pub(crate) struct Practice {
    child: Child,
    reach: Value,
}

impl Practice {
    pub(crate) fn start(more: &[&str]) -> Self {
        let mut child = latchkey(&[&["practice", "--json"], more].concat())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        lines.read_line(&mut line).unwrap();
        Self {
            child,
            reach: serde_json::from_str(&line).unwrap(),
        }
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        self.reach[name].as_str().unwrap()
    }

    pub(crate) fn password(&self, email: &str) -> &str {
        let people = self.reach["people"].as_array().unwrap();
        let person = people
            .iter()
            .find(|person| person["email"] == email)
            .unwrap();
        person["password"].as_str().unwrap()
    }

    pub(crate) fn set_up(&self, flow: &str) -> Value {
        set_up(self.text("issuer"), self.text("client_id"), flow)
    }
}

impl Drop for Practice {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn two_people_sign_in_in_both_flows() {
    let practice = Practice::start(&[]);
    for (email, role, rule) in [(OLIVIA, "Owner", 1), (BOB, "Contributor", 2)] {
        for (flow, secret) in [
            ("code", Some(practice.text("client_secret"))),
            ("implicit", None),
        ] {
            SignIn::start(&practice.set_up(flow), secret, free_port(), &[])
                .by_person(email, practice.password(email))
                .await
                .assert_role(email, role, rule);
        }
    }
}

const NONCE: &str = "nonce-of-this-sign-in";

/// The ID token as the implicit flow gives it to the browser, and the key set.
async fn captured(practice: &Practice) -> (String, String) {
    let http = plain_http();
    let fetched = async |address: &str| {
        let answer = http.get(address).send().await.unwrap();
        answer.json::<Value>().await.unwrap()
    };
    let issuer = practice.text("issuer");
    let discovery = fetched(&format!("{issuer}/.well-known/openid-configuration")).await;
    let mut address: Url = discovery["authorization_endpoint"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    // Nobody listens there: the browser stops before it.
    let callback = callback(9);
    address.query_pairs_mut().extend_pairs([
        ("response_type", "id_token"),
        ("client_id", practice.text("client_id")),
        ("redirect_uri", callback.as_str()),
        ("scope", "openid email profile groups"),
        ("state", "state-of-this-sign-in"),
        ("nonce", NONCE),
    ]);
    let landing = Browser::new()
        .sign_in(&address, BOB, practice.password(BOB), &callback)
        .await
        .unwrap();
    let keys = fetched(discovery["jwks_uri"].as_str().unwrap()).await;
    (landing.value("id_token").unwrap(), keys.to_string())
}

#[tokio::test]
async fn a_token_that_was_captured_verifies() {
    let practice = Practice::start(&[]);
    let (token, keys) = captured(&practice).await;
    let set_up = practice.set_up("implicit");
    let (status, verdict) = verify(&set_up, &token, &keys, &["--nonce", NONCE]);
    assert_eq!(status, 0, "{verdict:#}");
    assert_eq!(verdict["role"], "Contributor");
    assert_eq!(verdict["claims"]["email"], json!([BOB]));

    let (status, verdict) = verify(&set_up, &token, &keys, &["--nonce", "another"]);
    assert_eq!((status, &verdict["role"]), (1, &Value::Null));
}

#[tokio::test]
async fn each_fault_of_a_captured_token_is_named() {
    for (fault, stage, code) in [
        ("token-malformed", "answered", "token_malformed"),
        ("alg-none", "signed", "token_unsigned"),
        ("alg-hs256", "signed", "token_signed_by_secret"),
        ("signature-wrong", "signed", "signature_wrong"),
        ("signed-by-other-key", "signed", "signature_wrong"),
        ("unknown-kid", "signed", "key_unknown"),
        ("jwks-empty", "signed", "keys_empty"),
        ("wrong-audience", "addressed", "audience_differs"),
        ("audience-missing", "addressed", "audience_missing"),
        (
            "audience-list-without-azp",
            "addressed",
            "authorized_party_missing",
        ),
        ("wrong-issuer", "addressed", "token_issuer_differs"),
        ("wrong-azp", "addressed", "authorized_party_differs"),
        ("nonce-wrong", "addressed", "nonce_differs"),
        ("nonce-missing", "addressed", "nonce_missing"),
        ("expired", "in_time", "token_expired"),
        ("not-yet-valid", "in_time", "token_not_yet_valid"),
        ("issued-in-future", "in_time", "token_issued_in_future"),
        ("email-missing", "identified", "email_missing"),
        ("groups-joined", "mapped", "near_miss"),
    ] {
        let practice = Practice::start(&["--fault", fault]);
        let (token, keys) = captured(&practice).await;
        let set_up = practice.set_up("implicit");
        let (status, verdict) = verify(&set_up, &token, &keys, &["--nonce", NONCE]);
        assert_eq!(status, 1, "{fault}: {verdict:#}");
        let found = findings(&verdict);
        let named = found.iter().any(|(at, _, is)| at == stage && is == code);
        assert!(named, "{fault}: {found:?}");
    }
}
