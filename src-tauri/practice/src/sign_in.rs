//! Who is signed in, and the form that both halves sign people in by.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use url::Url;

use crate::fault::Fault;
use crate::pages::{self, SignInPage};
use crate::params::Params;
use crate::people::{self, Person};
use crate::provider::{Provider, Session, now};
use crate::{oidc, saml};

/// What the sign-in page was shown for.
enum Asked {
    Oidc(Box<oidc::Asked>),
    Saml(Box<saml::Asked>),
}

/// The sign-in form carries the request with it, so nothing is kept for those who go away.
pub(crate) async fn submitted(
    State(provider): State<Arc<Provider>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let fault = provider.fault();
    let Some(form) = Params::of_form(&headers, &body) else {
        return pages::not_a_form();
    };
    let params = Params::parse(form.value("request").unwrap_or_default().as_bytes());
    let asked = match Asked::read(&params, &provider, fault) {
        Ok(asked) => asked,
        Err(page) => return *page,
    };
    let Some(person) = who(&provider.people, &form) else {
        return pages::sign_in(&SignInPage {
            people: &provider.people,
            application: asked.application(),
            request: &params.encode(),
            email: form.value("email").unwrap_or_default(),
            refused: true,
        });
    };

    if let Some(former) = session_ticket(&provider, &headers) {
        provider.sessions.drop_ticket(former);
    }
    let session = Session {
        person: person.clone(),
        auth_time: now(),
    };
    let ticket = provider.sessions.put(session.clone(), session.auth_time);
    let mut response = asked.answer(&provider, &session, fault).await;
    let cookie = format!(
        "{}={ticket}; Path=/; HttpOnly; SameSite=Lax",
        provider.cookie
    );
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The session of this browser, if there is one.
pub(crate) fn session(provider: &Provider, headers: &HeaderMap, now: u64) -> Option<Session> {
    session_ticket(provider, headers).and_then(|ticket| provider.sessions.look(ticket, now))
}

/// The session's ticket in the browser's cookies.
pub(crate) fn session_ticket<'a>(provider: &Provider, headers: &'a HeaderMap) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|cookies| cookies.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find_map(|(name, value)| (name == provider.cookie).then_some(value))
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

impl Asked {
    fn read(
        params: &Params,
        provider: &Provider,
        fault: Option<Fault>,
    ) -> Result<Self, Box<Response>> {
        if saml::asks(params) {
            let asked = saml::Asked::read(params, provider)?;
            return Ok(Asked::Saml(Box::new(asked)));
        }
        let asked = oidc::Asked::read(params, provider, fault)?;
        Ok(Asked::Oidc(Box::new(asked)))
    }

    fn application(&self) -> &Url {
        match self {
            Asked::Oidc(asked) => asked.application(),
            Asked::Saml(asked) => asked.application(),
        }
    }

    async fn answer(
        &self,
        provider: &Provider,
        session: &Session,
        fault: Option<Fault>,
    ) -> Response {
        match self {
            Asked::Oidc(asked) => asked.answer(provider, session, fault).await,
            Asked::Saml(asked) => asked.answer(provider, session, fault).await,
        }
    }
}
