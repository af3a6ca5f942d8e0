use std::time::Duration;

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{DecodingKey, Validation, decode, decode_header};
use latchkey_practice::{Fault, Options, Practice, start};
use reqwest::{Response, StatusCode};
use secrecy::ExposeSecret;
use serde_json::Value;
use url::Url;

use crate::browser::http;

pub(crate) const CALLBACK: &str = "http://127.0.0.1:39999/callback";
pub(crate) const TORQ: &str = "https://app.torq.io/__/auth/handler";
pub(crate) const STATE: &str = "the state";
pub(crate) const NONCE: &str = "the-nonce";
// RFC 7636, appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub(crate) async fn practice() -> Practice {
    practice_with(None).await
}

pub(crate) async fn practice_with(fault: Option<Fault>) -> Practice {
    let admitted_redirects = vec![TORQ.parse().unwrap()];
    start(Options {
        fault,
        admitted_redirects,
        ..Options::default()
    })
    .await
    .unwrap()
}

pub(crate) fn address(practice: &Practice, path: &str) -> Url {
    format!("{}{path}", practice.issuer()).parse().unwrap()
}

/// An authentication request for everything, changed by what follows; an empty value leaves out.
pub(crate) fn authorize(practice: &Practice, changes: Changes<'_>) -> Url {
    let mut params = vec![
        ("client_id", practice.client_id()),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("scope", "openid email profile groups"),
        ("state", STATE),
        ("nonce", NONCE),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    for change in changes {
        params.retain(|(name, _)| *name != change.0);
        params.push(*change);
    }
    params.retain(|(_, value)| !value.is_empty());
    let mut url = address(practice, "/authorize");
    url.query_pairs_mut().extend_pairs(params);
    url
}

/// Parameters that are otherwise than usual.
pub(crate) type Changes<'a> = &'a [(&'a str, &'a str)];

/// How the client shows its secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    Basic,
    Post,
}

/// Asks the token endpoint, with the usual parameters changed by what follows.
pub(crate) async fn ask_for_tokens(
    practice: &Practice,
    by: By,
    code: &str,
    changes: Changes<'_>,
    patience: Duration,
) -> reqwest::Result<Response> {
    let secret = practice.client_secret().expose_secret();
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    if by == By::Post {
        form.extend([
            ("client_id", practice.client_id()),
            ("client_secret", secret),
        ]);
    }
    for change in changes {
        form.retain(|(name, _)| *name != change.0);
        form.push(*change);
    }
    form.retain(|(_, value)| !value.is_empty());
    let request = http(patience).post(address(practice, "/token")).form(&form);
    let request = match by {
        By::Basic => request.basic_auth(practice.client_id(), Some(secret)),
        By::Post => request,
    };
    request.send().await
}

/// The token endpoint's status and JSON.
pub(crate) async fn redeem(
    practice: &Practice,
    by: By,
    code: &str,
    changes: Changes<'_>,
) -> (StatusCode, Value) {
    let patience = Duration::from_secs(30);
    let response = ask_for_tokens(practice, by, code, changes, patience)
        .await
        .unwrap();
    (response.status(), response.json().await.unwrap())
}

pub(crate) async fn json(url: Url) -> Value {
    http(Duration::from_secs(30))
        .get(url)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap()
}

pub(crate) async fn userinfo(practice: &Practice, token: &str) -> Response {
    let http = http(Duration::from_secs(30));
    http.get(address(practice, "/userinfo"))
        .bearer_auth(token)
        .send()
        .await
        .unwrap()
}

pub(crate) async fn key_set(practice: &Practice) -> JwkSet {
    serde_json::from_value(json(address(practice, "/jwks")).await).unwrap()
}

/// Verifies the ID token as a client does: key by kid, algorithm, issuer, audience, times.
pub(crate) async fn verified(practice: &Practice, id_token: &str) -> Value {
    let header = decode_header(id_token).unwrap();
    let keys = key_set(practice).await;
    let key = DecodingKey::from_jwk(keys.find(&header.kid.unwrap()).unwrap()).unwrap();
    let offered = json(address(practice, "/.well-known/openid-configuration")).await;
    let offered: Vec<jsonwebtoken::Algorithm> =
        serde_json::from_value(offered["id_token_signing_alg_values_supported"].clone()).unwrap();
    let mut validation = Validation::new(header.alg);
    validation.algorithms = offered;
    validation.validate_nbf = true;
    validation.set_issuer(&[practice.issuer()]);
    validation.set_audience(&[practice.client_id()]);
    decode(id_token, &key, &validation).unwrap().claims
}
