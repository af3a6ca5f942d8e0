//! `latchkey verify-token` on tokens of providers nobody here wrote.

use latchkey_tests::browser::Browser;
use latchkey_tests::command::{failure, latchkey};
use latchkey_tests::provider::{Flow, OidcConfig, OidcProvider, SERVICE_REDIRECT};
use serde_json::Value;
use url::Url;

use crate::bench::{OLIVIA, plain_http, set_up};

/// The exit status and the verdict.
pub(crate) fn verify(set_up: &Value, token: &str, keys: &str, more: &[&str]) -> (i32, Value) {
    let files = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &str| {
        let path = files.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let set_up = file("acme.json", &set_up.to_string());
    let (token, keys) = (file("token.txt", token), file("keys.json", keys));
    let args = [
        "verify-token",
        &set_up,
        "--token",
        &token,
        "--jwks",
        &keys,
        "--json",
    ];
    let output = latchkey(&[&args, more].concat()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let verdict =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {said}"));
    (output.status.code().unwrap(), verdict)
}

#[tokio::test]
async fn a_token_of_a_certified_provider_verifies_now_and_not_for_ever() {
    let provider = OidcProvider::start(&OidcConfig {
        flow: Flow::Implicit,
        ..OidcConfig::default()
    })
    .unwrap();
    let mut address: Url = format!("{}/auth", provider.issuer).parse().unwrap();
    address.query_pairs_mut().extend_pairs([
        ("response_type", "id_token"),
        ("client_id", &provider.client_id),
        ("redirect_uri", SERVICE_REDIRECT),
        ("scope", "openid email profile groups"),
        ("state", "state-of-this-sign-in"),
        ("nonce", "nonce-of-this-sign-in"),
    ]);
    let landing = Browser::new()
        .sign_in(
            &address,
            OLIVIA,
            &provider.person(OLIVIA).password,
            &SERVICE_REDIRECT.parse().unwrap(),
        )
        .await
        .unwrap_or_else(|error| panic!("{error}\n{}", provider.log()));
    let token = landing.value("id_token").unwrap();
    let http = plain_http();
    let keys = http
        .get(format!("{}/jwks", provider.issuer))
        .send()
        .await
        .unwrap();
    let keys = keys.text().await.unwrap();

    let set_up = set_up(&provider.issuer, &provider.client_id, "implicit");
    let (status, verdict) = verify(
        &set_up,
        &token,
        &keys,
        &["--nonce", "nonce-of-this-sign-in"],
    );
    assert_eq!(status, 0, "{verdict:#}");
    assert_eq!(
        (&verdict["role"], &verdict["rule"]),
        (&"Owner".into(), &1.into())
    );

    let later = ["--at", "2099-01-01T00:00:00Z"];
    let (status, verdict) = verify(&set_up, &token, &keys, &later);
    assert_eq!(status, 1);
    let expected = ("in_time".to_owned(), "token_expired".to_owned());
    assert_eq!(failure(&verdict), Some(expected));
}
