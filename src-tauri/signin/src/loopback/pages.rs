//! What the browser is shown. Neither page claims that the sign-in holds: the verdict is
//! Latchkey's, and stands there.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use latchkey_core::saml::request::Form;

use super::request::FRAGMENT;
use crate::start::{SEND, form_html};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("fragment.js");

/// A page with the policy that it is sent under.
pub(super) struct Page {
    html: String,
    policy: String,
}

/// Says how long it is, not what the form in it holds.
impl std::fmt::Debug for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Page({} bytes)", self.html.len())
    }
}

static ANSWERED: LazyLock<Page> = LazyLock::new(|| {
    page(
        "Answer received",
        include_str!("answered.html"),
        None,
        NOWHERE,
    )
});
static HANDS_ON: LazyLock<Page> = LazyLock::new(|| {
    let script = SCRIPT.replace("{FRAGMENT}", FRAGMENT);
    page(
        "Handing the answer on",
        include_str!("fragment.html"),
        Some(&script),
        NOWHERE,
    )
});

/// Where a page may send forms: nowhere, or to the provider and wherever it passes them on.
const NOWHERE: &str = "'none'";
const PROVIDER: &str = "http: https:";

/// The last page.
pub(super) fn answered() -> Response {
    response(&ANSWERED)
}

/// The page whose script hands the address' fragment on, which a browser sends to nobody.
pub(super) fn fragment() -> Response {
    response(&HANDS_ON)
}

/// The first page, which posts the request to the provider.
pub(super) fn start(form: &Form) -> Page {
    let body = format!("<main>\n{}</main>\n", form_html(form));
    page("Going on to the provider", &body, Some(SEND), PROVIDER)
}

pub(super) fn response(page: &Page) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, page.policy.as_str()),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, page.html.clone()).into_response()
}

/// A page and the policy that lets its own style and script through by their digests, and no other.
fn page(title: &str, body: &str, script: Option<&str>, forms: &str) -> Page {
    let (script, may) = match script {
        Some(script) => (
            format!("<script>{script}</script>"),
            format!(" script-src {}; connect-src 'self';", source_of(script)),
        ),
        None => Default::default(),
    };
    Page {
        html: format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n\
             <title>{title} · Latchkey</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}{script}</body>\n</html>\n"
        ),
        policy: format!(
            "default-src 'none'; style-src {};{may} img-src data:; base-uri 'none'; form-action {forms}; \
             frame-ancestors 'none'",
            source_of(STYLE)
        ),
    }
}

fn source_of(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}
