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
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::provider::Provider;

pub(crate) use authorize::Asked;

pub(crate) fn routes() -> Router<Arc<Provider>> {
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
        .route(
            "/authorize",
            get(authorize::by_query).post(authorize::by_form),
        )
        .route("/logout", get(logout::by_query).post(logout::by_form))
        .merge(open)
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
