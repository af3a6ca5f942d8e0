use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};

use crate::provider::Provider;
use crate::{oidc, pages, saml, sign_in};

/// Room for a sign-in form around the longest request.
const BODY_LIMIT: usize = 64 * 1024;

/// Both halves and what they share.
pub(crate) fn router(provider: Arc<Provider>) -> Router {
    Router::new()
        .route("/", get(front))
        .route("/sign-in", post(sign_in::submitted))
        .merge(oidc::routes())
        .merge(saml::routes())
        .fallback(pages::not_found)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn(keep_nothing))
        .with_state(provider)
}

async fn front(State(provider): State<Arc<Provider>>) -> Response {
    let metadata = saml::metadata_url(&provider);
    pages::front(&provider.issuer, &metadata, &provider.people)
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
