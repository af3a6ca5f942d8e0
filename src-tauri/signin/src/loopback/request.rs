//! One request of the browser: the answer, the page that hands a fragment on, or neither.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::FromRequest;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use latchkey_core::oidc::Captured;
use url::form_urlencoded;

use super::{Inbox, PATH, START, pages};

/// The content type under which the page's script hands the fragment on. It is none of a form's,
/// so that no other site can send it without asking first (Fetch, "CORS-safelisted").
pub(super) const FRAGMENT: &str = "application/x-latchkey-fragment";

/// Parameters that make a request an answer; whatever has none of them is a stray visit.
const ANSWERS: [&str; 5] = ["code", "id_token", "error", "state", "SAMLResponse"];

/// The most fields that are read; the core refuses an answer with so many.
const MOST_FIELDS: usize = 201;

const FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const PURPOSE: HeaderName = HeaderName::from_static("sec-purpose");

/// Answers every request to the listener.
pub(super) async fn take(State(inbox): State<Arc<Inbox>>, request: Request) -> Response {
    if !names_us(&inbox, request.headers(), request.uri()) {
        return StatusCode::MISDIRECTED_REQUEST.into_response();
    }
    if let (START, Some(page)) = (request.uri().path(), &inbox.start) {
        return pages::response(page);
    }
    if request.uri().path() != PATH {
        return StatusCode::NOT_FOUND.into_response();
    }
    // What the browser fetches ahead of the person is no answer yet.
    if request.headers().contains_key(PURPOSE) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    match *request.method() {
        Method::GET => by_address(&inbox, &request),
        Method::POST => by_body(&inbox, request).await,
        _ => (
            StatusCode::METHOD_NOT_ALLOWED,
            [(header::ALLOW, "GET, POST")],
        )
            .into_response(),
    }
}

fn by_address(inbox: &Inbox, request: &Request) -> Response {
    let query = request.uri().query().unwrap_or_default();
    if !is_answer(query.as_bytes()) {
        return pages::fragment();
    }
    if !navigates(request.headers()) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let mut address = inbox.redirect_uri.clone();
    address.set_query(Some(query));
    inbox.keep(Captured::Address(address));
    pages::answered()
}

async fn by_body(inbox: &Inbox, request: Request) -> Response {
    let headers = request.headers();
    let kind = content_type(headers);
    let is_fragment = kind.eq_ignore_ascii_case(FRAGMENT);
    let admitted = if is_fragment {
        is_own(headers)
    } else {
        navigates(headers)
    };
    if !admitted {
        return StatusCode::FORBIDDEN.into_response();
    }
    if !is_fragment && !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    let body = match Bytes::from_request(request, &()).await {
        Ok(body) => body,
        Err(refused) => return refused.into_response(),
    };
    if !is_answer(&body) {
        return StatusCode::BAD_REQUEST.into_response();
    }
    if !is_fragment {
        let fields = form_urlencoded::parse(&body)
            .into_owned()
            .take(MOST_FIELDS)
            .collect();
        inbox.keep(Captured::Form(fields));
        return pages::answered();
    }
    let Ok(text) = str::from_utf8(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let mut address = inbox.redirect_uri.clone();
    address.set_fragment(Some(text));
    inbox.keep(Captured::Address(address));
    StatusCode::NO_CONTENT.into_response()
}

fn names_us(inbox: &Inbox, headers: &HeaderMap, uri: &Uri) -> bool {
    let known = |name: &str| {
        inbox
            .hosts
            .iter()
            .any(|host| host.eq_ignore_ascii_case(name))
    };
    let mut named = headers.get_all(header::HOST).iter();
    let (first, second) = (named.next(), named.next());
    first.and_then(|host| host.to_str().ok()).is_some_and(known)
        && second.is_none()
        // A request may name its host in its first line too (RFC 9112, section 3.2.2).
        && uri.authority().is_none_or(|authority| known(authority.as_str()))
}

/// Whether the browser was sent here, and did not fetch this as a part of another page.
fn navigates(headers: &HeaderMap) -> bool {
    headers
        .get(FETCH_MODE)
        .is_none_or(|mode| mode == "navigate")
}

/// Whether our own page asks.
fn is_own(headers: &HeaderMap) -> bool {
    headers
        .get(FETCH_SITE)
        .is_none_or(|site| site == "same-origin")
}

fn content_type(headers: &HeaderMap) -> &str {
    let value = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim()
}

fn is_answer(parameters: &[u8]) -> bool {
    form_urlencoded::parse(parameters)
        .take(MOST_FIELDS)
        .any(|(name, _)| ANSWERS.contains(&&*name))
}
