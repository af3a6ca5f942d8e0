//! The sign-on address (SAML 2.0 Profiles, 4.1), and the start from the provider's own side.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use url::Url;

use super::answer::{Context, response};
use super::delivery::deliver;
use super::request::{SamlRequest, Stop, WAY, Way};
use super::{request_signature, sign_on_url};
use crate::fault::Fault;
use crate::pages::{self, SignInPage};
use crate::params::Params;
use crate::provider::{Provider, Session, now};
use crate::sign_in;

pub(super) async fn by_query(
    State(provider): State<Arc<Provider>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let Some(params) = Params::of_query(query.as_deref()) else {
        return stop(&provider, &Stop::TooLong);
    };
    let query = query.unwrap_or_default();
    let key = provider.service_key.as_ref();
    match key.is_none_or(|key| request_signature::query_holds(&query, &params, key)) {
        true => sign_on(&provider, &headers, params, Way::Redirect).await,
        false => stop(&provider, &Stop::SignatureWrong),
    }
}

pub(super) async fn by_form(
    State(provider): State<Arc<Provider>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match Params::of_form(&headers, &body) {
        Some(params) => sign_on(&provider, &headers, params, Way::Post).await,
        None => pages::not_a_form(),
    }
}

pub(super) async fn start(
    State(provider): State<Arc<Provider>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    match Params::of_query(query.as_deref()) {
        Some(params) => sign_on(&provider, &headers, params, Way::Start).await,
        None => stop(&provider, &Stop::TooLong),
    }
}

async fn sign_on(
    provider: &Provider,
    headers: &HeaderMap,
    mut params: Params,
    way: Way,
) -> Response {
    let fault = provider.fault();
    if fault == Some(Fault::SamlHttp500) {
        return pages::stray(StatusCode::INTERNAL_SERVER_ERROR);
    }
    params.set(WAY, way.name());
    let request = match SamlRequest::read(&params, provider) {
        Ok(request) => request,
        Err(reason) => return stop(provider, &reason),
    };
    let session = sign_in::session(provider, headers, now()).filter(|_| !request.force);
    match session {
        Some(session) => answer(provider, &request, Some(&session), fault).await,
        None if request.passive => answer(provider, &request, None, fault).await,
        None => pages::sign_in(&SignInPage {
            people: &provider.people,
            application: &request.acs,
            request: &params.encode(),
            email: "",
            refused: false,
        }),
    }
}

/// Whether what the sign-in page carried is a SAML request.
pub(crate) fn asks(params: &Params) -> bool {
    params.value(WAY).is_some()
}

/// A request that waits for somebody to sign in.
pub(crate) struct Asked(SamlRequest);

impl Asked {
    /// Reads it again from what the sign-in page carried; else the page that ends it.
    pub(crate) fn read(params: &Params, provider: &Provider) -> Result<Self, Box<Response>> {
        SamlRequest::read(params, provider)
            .map(Asked)
            .map_err(|reason| Box::new(stop(provider, &reason)))
    }

    /// Where the answer will go.
    pub(crate) fn application(&self) -> &Url {
        &self.0.acs
    }

    /// The answer, now that somebody has signed in.
    pub(crate) async fn answer(
        &self,
        provider: &Provider,
        session: &Session,
        fault: Option<Fault>,
    ) -> Response {
        answer(provider, &self.0, Some(session), fault).await
    }
}

async fn answer(
    provider: &Provider,
    request: &SamlRequest,
    session: Option<&Session>,
    fault: Option<Fault>,
) -> Response {
    let context = Context {
        provider,
        request,
        fault,
        now: i64::try_from(now()).unwrap_or(i64::MAX),
    };
    match response(&context, session).await {
        Ok(response) => deliver(provider, request, &response, fault),
        Err(_) => pages::stray(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// The page that ends here what may not go back to the application.
fn stop(provider: &Provider, reason: &Stop) -> Response {
    match reason {
        Stop::NoRequest => pages::stop(
            "saml_request_missing",
            "No SAMLRequest has arrived here.",
            None,
            "Applications send people to this address with one; do not open it by hand.",
        ),
        Stop::Repeated(name) => pages::stop(
            "saml_request_refused",
            "One parameter of the request is there twice.",
            Some(name),
            "Send each parameter once.",
        ),
        Stop::TooLong => pages::stop(
            "saml_request_refused",
            "The request is longer than is read here.",
            None,
            "Keep the SAMLRequest under 16 kB of XML.",
        ),
        Stop::Unreadable(what) => pages::stop(
            "saml_request_unreadable",
            "The SAMLRequest cannot be read.",
            None,
            what,
        ),
        Stop::AnotherMessage(name) => pages::stop(
            "saml_request_unreadable",
            "The SAMLRequest is another message than an AuthnRequest.",
            Some(name),
            "Send an AuthnRequest of SAML 2.0 here.",
        ),
        Stop::Incomplete(part) => pages::stop(
            "saml_request_unreadable",
            "The AuthnRequest lacks something that it needs, or has another version.",
            Some(part),
            "Send an AuthnRequest of SAML 2.0 with Version, ID and Issuer.",
        ),
        Stop::AnotherDestination(address) => pages::stop(
            "saml_destination_mismatch",
            "The request was made for another address than this one.",
            Some(address),
            &format!("The sign-on address is {}.", sign_on_url(provider)),
        ),
        Stop::AudienceUnknown(audience) => pages::stop(
            "saml_audience_unknown",
            "No application is registered here under this entity ID.",
            Some(audience),
            &format!(
                "Registered are: {}.",
                provider.admitted_audiences().join(", ")
            ),
        ),
        Stop::AcsUnknown(acs) => pages::stop(
            "saml_acs_mismatch",
            "This address is not registered as Assertion Consumer Service of the application.",
            Some(acs),
            &provider.registered(),
        ),
        Stop::BindingUnsupported(binding) => pages::stop(
            "saml_binding_unsupported",
            "Answers go by HTTP-POST only.",
            Some(binding),
            "Ask for the HTTP-POST binding, or for none.",
        ),
        Stop::SignatureWrong => pages::stop(
            "saml_signature_mismatch",
            "The request's signature is not by the certificate that is registered for the application.",
            None,
            "Register the certificate that the application signs with now.",
        ),
    }
}
