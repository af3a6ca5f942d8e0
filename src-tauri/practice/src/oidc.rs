//! The OpenID half: one file for each endpoint, one for each thing they share.

mod answer;
mod authorize;
mod claims;
mod client_auth;
mod discovery;
mod id_token;
mod logout;
mod request;
mod token;
mod userinfo;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::pages;
use crate::params::Params;
use crate::provider::Provider;

/// Room for a sign-in form around the longest request.
const BODY_LIMIT: usize = 64 * 1024;
/// The longest query that is read, in bytes.
const QUERY_LIMIT: usize = 16 * 1024;

pub(crate) fn router(provider: Arc<Provider>) -> Router {
    // What a client in a browser asks by script, from another origin.
    let open = Router::new()
        .route(
            "/.well-known/openid-configuration",
            get(discovery::document),
        )
        .route("/jwks", get(discovery::key_set))
        .route("/token", post(token::redeem))
        .route("/userinfo", get(userinfo::answer).post(userinfo::answer))
        .route_layer(middleware::from_fn(admit_other_origins));
    Router::new()
        .route("/", get(front))
        .route(
            "/authorize",
            get(authorize::by_query).post(authorize::by_form),
        )
        .route("/sign-in", post(authorize::sign_in))
        .route("/logout", get(logout::by_query).post(logout::by_form))
        .merge(open)
        .fallback(pages::not_found)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn(keep_nothing))
        .with_state(provider)
}

async fn front(State(provider): State<Arc<Provider>>) -> Response {
    pages::front(&provider.issuer, &provider.people)
}

/// No answer of this provider is worth keeping: faults come and go between two requests.
async fn keep_nothing(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    response
}

/// Cross-origin requests without cookies, and their preflight (Fetch, 3.3).
async fn admit_other_origins(request: Request, next: Next) -> Response {
    let preflight = request.method() == Method::OPTIONS;
    let mut response = match preflight {
        true => StatusCode::NO_CONTENT.into_response(),
        false => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
    if preflight {
        let allowed = HeaderValue::from_static("authorization, content-type");
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, allowed);
        let methods = HeaderValue::from_static("GET, POST");
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
    }
    response
}

/// The parameters of a query; `None` when it is longer than is read.
fn query_params(query: Option<String>) -> Option<Params> {
    let query = query.unwrap_or_default();
    (query.len() <= QUERY_LIMIT).then(|| Params::parse(query.as_bytes()))
}

/// The parameters of a form body; `None` when the content type is another.
fn form_params(headers: &HeaderMap, body: &[u8]) -> Option<Params> {
    let content_type = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence
        .eq_ignore_ascii_case("application/x-www-form-urlencoded")
        .then(|| Params::parse(body))
}
