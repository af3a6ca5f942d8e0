//! Every page that the provider shows. No page loads anything, and none needs a script.

use std::fmt::{self, Write};
use std::sync::LazyLock;

use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use url::Url;

use crate::people::Person;

const STYLE: &str = include_str!("pages/style.css");
const SUBMIT: &str = "document.getElementById('answer').submit()";

/// The policy of ordinary pages: the one style sheet, forms to anywhere on the web (the answer
/// to a form is a redirect to the application, which `form-action` covers too), no frames.
static POLICY: LazyLock<String> =
    LazyLock::new(|| format!("{}; frame-ancestors 'none'", base_policy()));

/// The policy of the page that posts the answer: its one script, and frames, which clients use to renew
/// a sign-in out of sight.
static POSTING_POLICY: LazyLock<String> =
    LazyLock::new(|| format!("{}; script-src {}", base_policy(), hash_source(SUBMIT)));

fn base_policy() -> String {
    let style = hash_source(STYLE);
    format!("default-src 'none'; style-src {style}; form-action http: https:; base-uri 'none'")
}

/// Content Security Policy 3, 2.3.1: a hash of the inline text.
fn hash_source(inline: &str) -> String {
    format!(
        "'sha256-{}'",
        STANDARD.encode(Sha256::digest(inline.as_bytes()))
    )
}

/// What the sign-in page shows.
pub(crate) struct SignInPage<'a> {
    pub(crate) people: &'a [Person],
    /// Where the answer will go.
    pub(crate) application: &'a Url,
    /// The authentication request, form-encoded, which the form sends back.
    pub(crate) request: &'a str,
    pub(crate) email: &'a str,
    /// Whether an attempt has just been refused.
    pub(crate) refused: bool,
}

pub(crate) fn sign_in(page: &SignInPage<'_>) -> Response {
    let host = page.application.origin().ascii_serialization();
    let problem = match page.refused {
        true => {
            r#"<p id="problem" role="alert">This e-mail address and password do not belong together. Both are listed below for each person.</p>"#
        }
        false => "",
    };
    let described = if page.refused {
        r#" aria-describedby="problem""#
    } else {
        ""
    };
    let (on_email, on_password) = match page.email {
        "" => (" autofocus", ""),
        _ => ("", " autofocus"),
    };
    let body = format!(
        r#"<h1>Sign in</h1>
<p class="lead">to the application at <code>{host}</code></p>
{problem}
<form method="post" action="/sign-in" id="form">
<input type="hidden" name="request" value="{request}">
<label for="email">E-mail address</label>
<input id="email" name="email" inputmode="email" autocomplete="username" autocapitalize="none" spellcheck="false" value="{email}"{described}{on_email}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password"{described}{on_password}>
<button id="sign-in">Sign in</button>
</form>
<h2>Or choose one of the made-up people</h2>
<form method="post" action="/sign-in" id="people">
<input type="hidden" name="request" value="{request}">
<ul>{people}</ul>
</form>"#,
        host = Text(&host),
        request = Text(page.request),
        email = Text(page.email),
        people = people(page.people, page.email),
    );
    shown(StatusCode::OK, "Sign in", &body)
}

fn people(people: &[Person], hinted: &str) -> String {
    let mut list = String::new();
    for person in people {
        let suggested = match person.email.eq_ignore_ascii_case(hinted.trim()) {
            true => r#" <span class="hint">suggested by the application</span>"#,
            false => "",
        };
        // Writing to a String cannot fail.
        let _ = write!(
            list,
            r#"<li><button name="as" value="{email}">Sign in as {name}</button>{suggested}<dl><dt>E-mail</dt><dd><code>{email}</code></dd><dt>Password</dt><dd><code>{password}</code></dd><dt>Groups</dt><dd>{groups}</dd></dl></li>"#,
            email = Text(&person.email),
            name = Text(&person.name),
            password = Text(&person.password),
            groups = Text(&person.groups.join(", ")),
        );
    }
    list
}

/// The page that hands the answer to the application by a form.
pub(crate) fn form_post(to: &Url, fields: &[(&str, String)]) -> Response {
    let body = format!(
        r#"<h1>Back to the application</h1>
<p class="lead">The answer goes to <code>{host}</code>.</p>
{form}
<script>{SUBMIT}</script>"#,
        host = Text(&to.origin().ascii_serialization()),
        form = posting_form(to, fields, ""),
    );
    let page = document("Back to the application", &body);
    (
        [(header::CONTENT_SECURITY_POLICY, POSTING_POLICY.as_str())],
        Html(page),
    )
        .into_response()
}

/// The same in a frame that runs no script: only pressing the button sends the answer.
pub(crate) fn sandboxed_post(to: &Url, fields: &[(&str, String)]) -> Response {
    let form = posting_form(to, fields, r#" target="_top""#);
    let body = format!(
        r#"<h1>Back to the application</h1>
<p class="lead">The answer goes to <code>{host}</code>.</p>
<iframe title="Continue" sandbox="allow-forms allow-top-navigation" srcdoc="{inner}"></iframe>"#,
        host = Text(&to.origin().ascii_serialization()),
        inner = Text(&framed(&form)),
    );
    let page = document("Back to the application", &body);
    let policy = [(header::CONTENT_SECURITY_POLICY, POSTING_POLICY.as_str())];
    (policy, Html(page)).into_response()
}

/// A document for inside of a page's frame.
fn framed(body: &str) -> String {
    format!(
        r#"<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Continue</title><style>{STYLE}</style></head><body class="framed">{body}</body></html>"#
    )
}

/// The form that carries an answer, with a button for where no script runs.
fn posting_form(to: &Url, fields: &[(&str, String)], target: &str) -> String {
    let mut inputs = String::new();
    for (name, value) in fields {
        let (name, value) = (Text(name), Text(value));
        // Writing to a String cannot fail.
        let _ = write!(
            inputs,
            r#"<input type="hidden" name="{name}" value="{value}">"#
        );
    }
    let to = Text(to.as_str());
    format!(
        r#"<form method="post" action="{to}"{target} id="answer">{inputs}<button id="continue">Continue</button></form>"#
    )
}

/// The end of a request that may not go back to the application: what, the value in question, what to do.
pub(crate) fn stop(code: &str, what: &str, value: Option<&str>, instead: &str) -> Response {
    let value = match value {
        Some("") => "<p>The request does not name one.</p>".to_owned(),
        Some(value) => format!(r#"<p><code class="value">{}</code></p>"#, Text(value)),
        None => String::new(),
    };
    let body = format!(
        r#"<h1>This request ends here</h1>
<p class="lead">{what}</p>
{value}
<p>{instead}</p>
<p class="hint">Error 400: <code>{code}</code>. Nothing was sent to the application.</p>"#,
        what = Text(what),
        instead = Text(instead),
        code = Text(code),
    );
    shown(StatusCode::BAD_REQUEST, "This request ends here", &body)
}

/// The end of a request whose body cannot be read.
pub(crate) fn not_a_form() -> Response {
    stop(
        "invalid_request",
        "The body of the request is not a form.",
        None,
        "Send it as application/x-www-form-urlencoded.",
    )
}

pub(crate) fn front(issuer: &str, saml_metadata: &str, everyone: &[Person]) -> Response {
    let mut list = String::new();
    for person in everyone {
        // Writing to a String cannot fail.
        let _ = write!(
            list,
            "<li><strong>{}</strong><dl><dt>E-mail</dt><dd><code>{}</code></dd><dt>Groups</dt><dd>{}</dd></dl></li>",
            Text(&person.name),
            Text(&person.email),
            Text(&person.groups.join(", ")),
        );
    }
    let body = format!(
        r#"<h1>Practice provider</h1>
<p class="lead">An OpenID Connect and SAML provider to try a set-up with.</p>
<p>Issuer URL (OpenID Connect): <code class="value">{}</code></p>
<p>Metadata (SAML): <code class="value">{}</code></p>
<h2>Its people</h2>
<ul>{list}</ul>"#,
        Text(issuer),
        Text(saml_metadata),
    );
    shown(StatusCode::OK, "Practice provider", &body)
}

pub(crate) fn signed_out() -> Response {
    let body = r#"<h1>Signed out</h1><p class="lead">The next sign-in starts with nothing of this one.</p>"#;
    shown(StatusCode::OK, "Signed out", body)
}

pub(crate) async fn not_found() -> Response {
    let body = r#"<h1>Nothing is here</h1><p class="lead">The practice provider has no page at this address.</p>"#;
    shown(StatusCode::NOT_FOUND, "Nothing is here", body)
}

/// A page where something else was due.
pub(crate) fn stray(status: StatusCode) -> Response {
    let body = r#"<h1>Not what was due here</h1><p class="lead">The practice provider was asked to do something wrong, or has failed.</p>"#;
    shown(status, "Not what was due here", body)
}

pub(crate) fn blank() -> Response {
    Html("<!doctype html><html lang=\"en\"><title></title></html>").into_response()
}

fn shown(status: StatusCode, title: &str, body: &str) -> Response {
    let policy = [(header::CONTENT_SECURITY_POLICY, POLICY.as_str())];
    (status, policy, Html(document(title, body))).into_response()
}

fn document(title: &str, body: &str) -> String {
    format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} - Latchkey practice provider</title>
<style>{STYLE}</style>
</head>
<body>
<main>
<p class="who">Latchkey practice provider</p>
{body}
</main>
<footer>This is Latchkey's practice provider, running on this computer. It is no real identity provider, and the people are made up.</footer>
</body>
</html>
"#,
        title = Text(title),
    )
}

/// Text as HTML shows it, in an element or in a quoted attribute.
struct Text<'a>(&'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_leave_its_element_or_attribute() {
        let hostile = r#"'"><script>&amp;"#;
        assert_eq!(
            Text(hostile).to_string(),
            "&#39;&quot;&gt;&lt;script&gt;&amp;amp;"
        );
    }
}
