use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::claims::{self, Place};
use crate::fault::Fault;
use crate::pages;
use crate::provider::{Provider, now};

/// Tells about the person whose access token is shown (OpenID Connect Core, 5.3; RFC 6750, 2.1).
pub(super) async fn answer(State(provider): State<Arc<Provider>>, headers: HeaderMap) -> Response {
    let fault = provider.fault();
    if fault == Some(Fault::UserinfoUnreachable) {
        return pages::stray(StatusCode::INTERNAL_SERVER_ERROR);
    }
    let Some(token) = bearer(&headers) else {
        return unauthorized("Bearer realm=\"practice provider\"");
    };
    let Some(access) = provider.access.look(token, now()) else {
        return unauthorized("Bearer realm=\"practice provider\", error=\"invalid_token\"");
    };
    let mut claims = claims::about(
        &provider,
        &access.person,
        access.scopes,
        Place::Userinfo,
        fault,
    );
    if fault == Some(Fault::UserinfoSubjectDiffers) {
        claims.insert("sub".into(), "practice-somebody-else".into());
    }
    Json(claims).into_response()
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn unauthorized(challenge: &'static str) -> Response {
    (
        StatusCode::UNAUTHORIZED,
        [(header::WWW_AUTHENTICATE, challenge)],
    )
        .into_response()
}
