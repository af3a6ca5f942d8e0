use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use super::answer::see_other;
use crate::CLIENT_ID;
use crate::pages;
use crate::params::Params;
use crate::provider::Provider;
use crate::sign_in;

pub(super) async fn by_query(
    State(provider): State<Arc<Provider>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    sign_out(
        &provider,
        &headers,
        &Params::of_query(query.as_deref()).unwrap_or_default(),
    )
}

pub(super) async fn by_form(
    State(provider): State<Arc<Provider>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    sign_out(
        &provider,
        &headers,
        &Params::of_form(&headers, &body).unwrap_or_default(),
    )
}

/// Ends the browser's session (OpenID Connect RP-Initiated Logout, 2). The browser goes back
/// only to an address that sign-ins may go to as well, for an application that says who it is.
fn sign_out(provider: &Provider, headers: &HeaderMap, params: &Params) -> Response {
    if let Some(ticket) = sign_in::session_ticket(provider, headers) {
        provider.sessions.drop_ticket(ticket);
    }
    let known = params.value("client_id").map_or_else(
        || params.value("id_token_hint").is_some(),
        |client| client == CLIENT_ID,
    );
    let back = params
        .value("post_logout_redirect_uri")
        .filter(|_| known && !params.repeats())
        .and_then(|uri| provider.admitted(uri));
    let mut response = match back {
        Some(mut to) => {
            if let Some(state) = params.value("state") {
                to.query_pairs_mut().append_pair("state", state);
            }
            see_other(&to)
        }
        None => pages::signed_out(),
    };
    let ended = format!(
        "{}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax",
        provider.cookie
    );
    if let Ok(ended) = HeaderValue::try_from(ended) {
        response.headers_mut().append(header::SET_COOKIE, ended);
    }
    response
}
