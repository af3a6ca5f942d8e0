//! What is secret is told nowhere, not even when the provider repeats it.

use std::sync::{Arc, Mutex};

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use jiff::Timestamp;
use latchkey_core::connection::Issuer;
use latchkey_core::oidc::Captured;
use latchkey_core::{Flow, Verdict};
use secrecy::SecretString;
use serde_json::json;
use tokio::net::TcpListener;

use crate::browser;
use crate::stage::{OLIVIA, Scene, assert_coherent, findings, service};

const SECRET: &str = "planted-client-secret";
const CODE: &str = "planted-code";

/// A provider whose token endpoint repeats in its error all that it was sent.
async fn parrot(way: &str) -> (String, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let document = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/jwks"),
        "token_endpoint_auth_methods_supported": [way],
    });
    let heard = Arc::new(Mutex::new(String::new()));
    let repeat =
        async |State(heard): State<Arc<Mutex<String>>>, headers: HeaderMap, body: Bytes| {
            let sent = format!("{headers:?} {}", String::from_utf8_lossy(&body));
            heard.lock().unwrap().clone_from(&sent);
            (
                StatusCode::BAD_REQUEST,
                Json(json!({ "error": CODE, "error_description": sent })),
            )
        };
    let pages = Router::new()
        .route(
            "/.well-known/openid-configuration",
            get(async move || Json(document.clone())),
        )
        .route("/token", post(repeat))
        .with_state(heard.clone());
    tokio::spawn(async move { axum::serve(listener, pages).await });
    (issuer, heard)
}

fn told(verdict: &Verdict) -> String {
    format!("{} {verdict:?}", serde_json::to_string(verdict).unwrap())
}

fn parameter(url: &url::Url, wanted: &str) -> String {
    let mut pairs = url.query_pairs();
    pairs
        .find_map(|(name, value)| (name == wanted).then(|| value.into_owned()))
        .unwrap()
}

#[tokio::test]
async fn a_provider_that_repeats_what_it_was_sent_brings_no_secret_into_the_verdict() {
    let (issuer, heard) = parrot("client_secret_post").await;
    let mut scene = Scene::new(Flow::Code).await;
    scene.connection.issuer = Issuer::parse(&issuer).unwrap();
    scene.secret = Some(SecretString::from(SECRET));
    let sign_in = scene.prepared().await.unwrap();
    let state = parameter(sign_in.start().url(), "state");
    let nonce = parameter(sign_in.start().url(), "nonce");
    let mut answer = sign_in.redirect_uri().clone();
    answer
        .query_pairs_mut()
        .append_pair("code", CODE)
        .append_pair("state", &state);
    assert!(!format!("{sign_in:?}").contains(&state));

    let captured = Captured::Address(answer);
    assert!(!format!("{captured:?}").contains(CODE));
    let verdict = sign_in
        .conclude(captured, &scene.rules, service(), Timestamp::now)
        .await;
    assert_coherent(&verdict);
    assert_eq!(findings(&verdict), ["answered error token_refused"]);

    let sent = heard.lock().unwrap().clone();
    let verifier = sent
        .split("code_verifier=")
        .nth(1)
        .unwrap()
        .split('&')
        .next()
        .unwrap();
    // The control: the provider did get them, and its description did repeat them.
    assert!(sent.contains(SECRET) && sent.contains(CODE), "{sent}");
    let told = told(&verdict);
    assert!(told.contains("[removed]"), "{told}");
    for secret in [SECRET, CODE, verifier, &state, &nonce] {
        assert!(!told.contains(secret), "{secret} in {told}");
    }
}

#[tokio::test]
async fn nor_does_one_that_repeats_the_header_with_the_secret() {
    let (issuer, heard) = parrot("client_secret_basic").await;
    let mut scene = Scene::new(Flow::Code).await;
    scene.connection.issuer = Issuer::parse(&issuer).unwrap();
    scene.secret = Some(SecretString::from(SECRET));
    let sign_in = scene.prepared().await.unwrap();
    let mut answer = sign_in.redirect_uri().clone();
    let state = parameter(sign_in.start().url(), "state");
    answer
        .query_pairs_mut()
        .append_pair("code", CODE)
        .append_pair("state", &state);
    let verdict = sign_in
        .conclude(
            Captured::Address(answer),
            &scene.rules,
            service(),
            Timestamp::now,
        )
        .await;
    let sent = heard.lock().unwrap().clone();
    let (_, header) = sent.split_once("Basic ").unwrap();
    let header = header.split('"').next().unwrap();
    let told = told(&verdict);
    // The control: the description did repeat it.
    assert!(told.contains("Basic [removed]"), "{told}");
    assert!(!told.contains(header), "{told}");
}

#[tokio::test]
async fn a_good_sign_ins_verdict_holds_the_claims_and_no_token() {
    let scene = Scene::new(Flow::Implicit).await;
    let sign_in = scene.prepared().await.unwrap();
    let state = parameter(sign_in.start().url(), "state");
    let captured = browser::sign_in(sign_in.start().url(), OLIVIA)
        .await
        .unwrap();
    let Captured::Address(answer) = &captured else {
        panic!("by fragment")
    };
    let fragment = answer.fragment().unwrap().to_owned();
    let (_, token) = fragment.split_once("id_token=").unwrap();
    let token = token.split('&').next().unwrap().to_owned();
    let verdict = sign_in
        .conclude(captured, &scene.rules, service(), Timestamp::now)
        .await;
    assert!(verdict.passed());
    let told = told(&verdict);
    assert!(told.contains(OLIVIA));
    assert!(!told.contains(&state) && !told.contains(&token));
    for part in token.split('.') {
        assert!(part.len() > 20 && !told.contains(part));
    }
}

#[tokio::test]
async fn the_client_prints_none_of_its_inside() {
    let scene = Scene::new(Flow::Code).await;
    assert_eq!(format!("{:?}", scene.http), "Http { seconds: 15, .. }");
}
