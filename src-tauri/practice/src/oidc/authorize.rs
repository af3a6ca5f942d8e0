use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;

use super::answer::Fields;
use super::id_token::IdToken;
use super::request::{AuthRequest, Error, Prompt, Refused, Stop};
use super::{form_params, query_params};
use crate::CLIENT_ID;
use crate::fault::Fault;
use crate::keys::KeyError;
use crate::pages::{self, SignInPage};
use crate::params::Params;
use crate::people::{self, Person};
use crate::provider::{Access, Code, Grant, Provider, Session, TOKEN_LIFETIME, now};

pub(super) async fn by_query(
    State(provider): State<Arc<Provider>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    match query_params(query) {
        Some(params) => authorize(&provider, &headers, &params).await,
        None => stop(&provider, &Stop::TooLong),
    }
}

pub(super) async fn by_form(
    State(provider): State<Arc<Provider>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match form_params(&headers, &body) {
        Some(params) => authorize(&provider, &headers, &params).await,
        None => stop(&provider, &Stop::NotAForm),
    }
}

async fn authorize(provider: &Provider, headers: &HeaderMap, params: &Params) -> Response {
    let fault = provider.fault();
    let request = match AuthRequest::read(params, provider, fault) {
        Ok(request) => request,
        Err(refused) => return refuse(provider, &refused, fault),
    };
    if let Some(error) = refused_at_once(fault) {
        return request.reply_to.refuse(&error, fault);
    }
    let now = now();
    let session = session_ticket(provider, headers)
        .and_then(|ticket| provider.sessions.look(ticket, now))
        .filter(|session| {
            let age = now.saturating_sub(session.auth_time);
            // A max_age of 0 asks for a new sign-in (OpenID Connect Core, 3.1.2.1).
            request.max_age.is_none_or(|most| most > 0 && age <= most)
        });
    match (session, request.prompt) {
        (Some(session), Prompt::AsNeeded | Prompt::Never) => {
            grant(provider, &request, &session, fault).await
        }
        (None, Prompt::Never) => {
            let error = Error::new("login_required", "Nobody is signed in here.");
            request.reply_to.refuse(&error, fault)
        }
        _ => match fault {
            Some(Fault::LoginPage500) => pages::stray(StatusCode::INTERNAL_SERVER_ERROR),
            Some(Fault::LoginPageBlank) => pages::blank(),
            _ => sign_in_page(provider, &request, params, None),
        },
    }
}

/// The sign-in form carries the request with it, so nothing is kept for those who go away.
pub(super) async fn sign_in(
    State(provider): State<Arc<Provider>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let fault = provider.fault();
    let Some(form) = form_params(&headers, &body) else {
        return stop(&provider, &Stop::NotAForm);
    };
    let params = Params::parse(form.value("request").unwrap_or_default().as_bytes());
    let request = match AuthRequest::read(&params, &provider, fault) {
        Ok(request) => request,
        Err(refused) => return refuse(&provider, &refused, fault),
    };
    let Some(person) = who(&provider.people, &form) else {
        let typed = form.value("email").unwrap_or_default();
        return sign_in_page(&provider, &request, &params, Some(typed));
    };

    if let Some(former) = session_ticket(&provider, &headers) {
        provider.sessions.drop_ticket(former);
    }
    let session = Session {
        person: person.clone(),
        auth_time: now(),
    };
    let ticket = provider.sessions.put(session.clone(), session.auth_time);
    let mut response = grant(&provider, &request, &session, fault).await;
    let cookie = format!(
        "{}={ticket}; Path=/; HttpOnly; SameSite=Lax",
        provider.cookie
    );
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Either the button of a person, whose password the page shows anyway, or both fields.
fn who<'a>(people: &'a [Person], form: &Params) -> Option<&'a Person> {
    if let Some(email) = form.value("as") {
        return people::find(people, email);
    }
    let person = people::find(people, form.value("email")?)?;
    person
        .has_password(form.value("password")?)
        .then_some(person)
}

fn sign_in_page(
    provider: &Provider,
    request: &AuthRequest,
    params: &Params,
    refused: Option<&str>,
) -> Response {
    pages::sign_in(&SignInPage {
        people: &provider.people,
        application: &request.reply_to.redirect,
        request: &params.encode(),
        email: refused
            .or(request.login_hint.as_deref())
            .unwrap_or_default(),
        refused: refused.is_some(),
    })
}

/// The answer to a request whose person is known.
async fn grant(
    provider: &Provider,
    request: &AuthRequest,
    session: &Session,
    fault: Option<Fault>,
) -> Response {
    if fault == Some(Fault::AccessDenied) {
        let description = "This person is not assigned to the application.";
        return request
            .reply_to
            .refuse(&Error::new("access_denied", description), fault);
    }
    match granted(provider, request, session, fault).await {
        Ok(fields) => request.reply_to.answer(fields, fault),
        Err(_) => {
            let error = Error::new("server_error", "The ID token could not be signed.");
            request.reply_to.refuse(&error, fault)
        }
    }
}

async fn granted(
    provider: &Provider,
    request: &AuthRequest,
    session: &Session,
    fault: Option<Fault>,
) -> Result<Fields, KeyError> {
    let now = now();
    let scopes = request.scopes;
    let code = request.response.code.then(|| {
        let grant = Grant {
            session: session.clone(),
            scopes,
            redirect_uri: request.redirect_uri.clone(),
            nonce: request.nonce.clone(),
            challenge: request.challenge.clone(),
        };
        provider.codes.put(Code::Fresh(grant), now)
    });
    let access_token = request.response.token.then(|| {
        provider.access.put(
            Access {
                person: session.person.clone(),
                scopes,
            },
            now,
        )
    });
    let mut fields = Fields::new();
    if request.response.id_token {
        let id_token = IdToken {
            session,
            scopes,
            nonce: request.nonce.as_deref(),
            access_token: access_token.as_deref(),
            code: code.as_deref(),
            by_browser: true,
        };
        let id_token = id_token.issue(provider, fault, now).await?;
        fields.extend(id_token.map(|token| ("id_token", token)));
    }
    fields.extend(code.map(|code| ("code", code)));
    if let Some(access_token) = access_token {
        fields.extend([
            ("access_token", access_token),
            ("token_type", "Bearer".to_owned()),
            ("expires_in", TOKEN_LIFETIME.as_secs().to_string()),
            ("scope", scopes.granted()),
        ]);
    }
    Ok(fields)
}

fn refused_at_once(fault: Option<Fault>) -> Option<Error> {
    match fault? {
        Fault::ServerErrorAnswer => Some(Error::new(
            "server_error",
            "The practice provider was asked to fail.",
        )),
        Fault::UnsupportedResponseType => Some(Error::new(
            "unsupported_response_type",
            "This response_type is not enabled for the application.",
        )),
        Fault::InvalidScope => Some(Error::new(
            "invalid_scope",
            "One of the scopes asked for is not known here.",
        )),
        Fault::LoginRequired => Some(Error::new("login_required", "Nobody is signed in here.")),
        _ => None,
    }
}

fn refuse(provider: &Provider, refused: &Refused, fault: Option<Fault>) -> Response {
    match refused {
        Refused::Page(reason) => stop(provider, reason),
        Refused::Answer(reply_to, error) => reply_to.refuse(error, fault),
    }
}

/// The page that ends here what may not go back to the application.
fn stop(provider: &Provider, reason: &Stop) -> Response {
    let given = |value: &Option<String>| value.clone().unwrap_or_default();
    match reason {
        Stop::UnknownClient(id) => pages::stop(
            "invalid_client",
            "No application is registered here under this client ID.",
            Some(&given(id)),
            &format!("The client ID of the practice provider is {CLIENT_ID}."),
        ),
        Stop::RedirectNotRegistered(uri) => {
            let mut known: Vec<_> = provider
                .admitted_redirects()
                .iter()
                .map(|url| url.as_str())
                .collect();
            known.push("http://127.0.0.1:PORT/callback");
            pages::stop(
                "redirect_uri_mismatch",
                "This redirect URI is not registered for the application.",
                Some(&given(uri)),
                &format!("Registered are: {}.", known.join(", ")),
            )
        }
        Stop::Repeated(name) => pages::stop(
            "invalid_request",
            "One parameter of the request is there twice.",
            Some(name),
            "Send each parameter once.",
        ),
        Stop::TooLong => pages::stop(
            "invalid_request",
            "The request is longer than is read here.",
            None,
            "Keep the query under 16 kB and 64 parameters.",
        ),
        Stop::NotAForm => pages::stop(
            "invalid_request",
            "The body of the request is not a form.",
            None,
            "Send it as application/x-www-form-urlencoded.",
        ),
    }
}

/// The session's ticket in the browser's cookies.
pub(super) fn session_ticket<'a>(provider: &Provider, headers: &'a HeaderMap) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|cookies| cookies.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find_map(|(name, value)| (name == provider.cookie).then_some(value))
}
