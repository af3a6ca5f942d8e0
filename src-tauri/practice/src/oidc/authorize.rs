use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use url::Url;

use super::answer::Fields;
use super::id_token::IdToken;
use super::request::{AuthRequest, Error, Prompt, Refused, Stop};
use crate::CLIENT_ID;
use crate::fault::Fault;
use crate::keys::KeyError;
use crate::pages::{self, SignInPage};
use crate::params::Params;
use crate::provider::{Access, Code, Grant, Provider, Session, TOKEN_LIFETIME, now};
use crate::sign_in;

pub(super) async fn by_query(
    State(provider): State<Arc<Provider>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    match Params::of_query(query.as_deref()) {
        Some(params) => authorize(&provider, &headers, &params).await,
        None => stop(&provider, &Stop::TooLong),
    }
}

pub(super) async fn by_form(
    State(provider): State<Arc<Provider>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match Params::of_form(&headers, &body) {
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
    let session = sign_in::session(provider, headers, now).filter(|session| {
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
            _ => sign_in_page(provider, &request, params),
        },
    }
}

/// A request that waits for somebody to sign in.
pub(crate) struct Asked(AuthRequest);

impl Asked {
    /// Reads it again from what the sign-in page carried; else the page that ends it.
    pub(crate) fn read(
        params: &Params,
        provider: &Provider,
        fault: Option<Fault>,
    ) -> Result<Self, Box<Response>> {
        AuthRequest::read(params, provider, fault)
            .map(Asked)
            .map_err(|refused| Box::new(refuse(provider, &refused, fault)))
    }

    /// Where the answer will go.
    pub(crate) fn application(&self) -> &Url {
        &self.0.reply_to.redirect
    }

    /// The answer, now that somebody has signed in.
    pub(crate) async fn answer(
        &self,
        provider: &Provider,
        session: &Session,
        fault: Option<Fault>,
    ) -> Response {
        grant(provider, &self.0, session, fault).await
    }
}

fn sign_in_page(provider: &Provider, request: &AuthRequest, params: &Params) -> Response {
    pages::sign_in(&SignInPage {
        people: &provider.people,
        application: &request.reply_to.redirect,
        request: &params.encode(),
        email: request.login_hint.as_deref().unwrap_or_default(),
        refused: false,
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
        Stop::RedirectNotRegistered(uri) => pages::stop(
            "redirect_uri_mismatch",
            "This redirect URI is not registered for the application.",
            Some(&given(uri)),
            &provider.registered(),
        ),
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
        Stop::NotAForm => pages::not_a_form(),
    }
}
