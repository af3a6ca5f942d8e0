use std::sync::Arc;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::{Value, json};

use crate::fault::Fault;
use crate::keys::KeyError;
use crate::pages;
use crate::provider::{Provider, Scopes};

const PATH: &str = "/.well-known/openid-configuration";
const JSON: [(header::HeaderName, &str); 1] = [(header::CONTENT_TYPE, "application/json")];

/// OpenID Connect Discovery 1.0, section 4.
pub(super) async fn document(State(provider): State<Arc<Provider>>) -> Response {
    let fault = provider.fault();
    let document = metadata(&provider, fault);
    match fault {
        Some(Fault::Discovery404) => pages::not_found().await,
        Some(Fault::DiscoveryHtml) => pages::stray(StatusCode::OK),
        Some(Fault::DiscoveryNotJson) => {
            let mut half = document.to_string().into_bytes();
            half.truncate(half.len() / 2);
            (JSON, half).into_response()
        }
        Some(Fault::DiscoveryHuge) => (JSON, padded(&document)).into_response(),
        Some(Fault::DiscoveryRedirectLoop) => {
            (StatusCode::FOUND, [(header::LOCATION, PATH)]).into_response()
        }
        Some(Fault::DiscoverySlow) => provider.keep_silent().await,
        _ => Json(document).into_response(),
    }
}

/// RFC 7517, section 5.
pub(super) async fn key_set(State(provider): State<Arc<Provider>>) -> Response {
    let keys = match provider.fault() {
        Some(Fault::JwksMissing) => return pages::not_found().await,
        Some(Fault::JwksEmpty) => Ok(Vec::new()),
        fault => published(&provider, fault).await,
    };
    match keys {
        Ok(keys) => Json(json!({ "keys": keys })).into_response(),
        Err(_) => pages::stray(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

async fn published(provider: &Provider, fault: Option<Fault>) -> Result<Vec<Value>, KeyError> {
    let mut keys = vec![serde_json::to_value(&provider.keys.rsa().await?.public)?];
    // Without a kid, one key only may be there (OpenID Connect Core, 10.1).
    if fault != Some(Fault::KidMissing) {
        keys.push(serde_json::to_value(&provider.keys.es256().await?.public)?);
    }
    Ok(keys)
}

fn metadata(provider: &Provider, fault: Option<Fault>) -> Value {
    let base = &provider.issuer;
    let (response_types, grant_types) = flows(fault);
    json!({
        "issuer": provider.own_name(fault),
        "authorization_endpoint": format!("{base}/authorize"),
        "token_endpoint": format!("{base}/token"),
        "userinfo_endpoint": format!("{base}/userinfo"),
        "end_session_endpoint": format!("{base}/logout"),
        "jwks_uri": format!("{base}/jwks"),
        "response_types_supported": response_types,
        "response_modes_supported": ["query", "fragment", "form_post"],
        "grant_types_supported": grant_types,
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": match fault {
            Some(Fault::SignsEs256) => ["ES256"].as_slice(),
            _ => &["RS256"],
        },
        "token_endpoint_auth_methods_supported": match fault {
            Some(Fault::BasicAuthOnly) => ["client_secret_basic"].as_slice(),
            Some(Fault::PostAuthOnly) => &["client_secret_post"],
            _ => &["client_secret_basic", "client_secret_post"],
        },
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": Scopes::NAMES,
        "claims_supported": [
            "iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "c_hash",
            "email", "email_verified", "name", "preferred_username", "groups",
        ],
        "prompt_values_supported": ["none", "login", "select_account", "consent"],
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
    })
}

/// The response types and grant types on offer.
fn flows(fault: Option<Fault>) -> (&'static [&'static str], &'static [&'static str]) {
    match fault {
        Some(Fault::CodeFlowOnly) => (&["code"], &["authorization_code"]),
        Some(Fault::ImplicitOnly) => (&["id_token", "id_token token"], &["implicit"]),
        _ => (
            &["code", "id_token", "id_token token", "code id_token"],
            &["authorization_code", "implicit"],
        ),
    }
}

/// The document followed by 10 MB of spaces, which JSON allows, sent piece by piece.
fn padded(document: &Value) -> Body {
    const PIECE: usize = 64 * 1024;
    let spaces = Bytes::from(vec![b' '; PIECE]);
    let mut pieces = vec![Bytes::from(document.to_string())];
    pieces.resize(1 + 10 * 1024 * 1024 / PIECE, spaces);
    Body::from_stream(stream::iter(
        pieces.into_iter().map(Ok::<_, std::convert::Infallible>),
    ))
}
