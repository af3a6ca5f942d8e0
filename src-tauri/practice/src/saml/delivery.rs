//! How an answer reaches the application: by a form (SAML 2.0 Bindings, 3.5), or otherwise on request.

use std::io::Write;
use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use url::Url;

use super::request::SamlRequest;
use super::xml::Element;
use crate::fault::Fault;
use crate::pages;
use crate::params::Params;
use crate::provider::Provider;

/// Takes the answer to the application.
pub(super) fn deliver(
    provider: &Provider,
    request: &SamlRequest,
    response: &Element,
    fault: Option<Fault>,
) -> Response {
    if fault == Some(Fault::SamlErrorPage) {
        return pages::stray(StatusCode::OK);
    }
    let relay_state = match fault {
        Some(Fault::SamlRelayStateDropped) => None,
        _ => request.relay_state.clone(),
    };
    let xml = spoilt(response.document(), fault);
    if fault == Some(Fault::SamlAnswerByRedirect) {
        return redirect(&request.acs, &xml, relay_state.as_deref());
    }
    let message = match fault {
        Some(Fault::SamlNotBase64) => format!("*{}", STANDARD.encode(xml)),
        _ => STANDARD.encode(xml),
    };
    let mut fields = vec![("SAMLResponse", message)];
    fields.extend(relay_state.map(|state| ("RelayState", state)));
    match fault {
        Some(Fault::SamlSandboxedFrame) => pages::sandboxed_post(&request.acs, &fields),
        Some(Fault::SamlAnswerRedirected307) => match through_here(provider, &request.acs) {
            Some(here) => pages::form_post(&here, &fields),
            None => pages::stray(StatusCode::INTERNAL_SERVER_ERROR),
        },
        _ => pages::form_post(&request.acs, &fields),
    }
}

/// Sends a posted answer on to where it is for, by 307: the browser posts it again.
pub(super) async fn redirected(
    State(provider): State<Arc<Provider>>,
    RawQuery(query): RawQuery,
) -> Response {
    let params = Params::of_query(query.as_deref()).unwrap_or_default();
    let acs = params.value("acs").and_then(|acs| provider.admitted(acs));
    match acs.filter(|_| provider.fault() == Some(Fault::SamlAnswerRedirected307)) {
        Some(acs) => {
            let location = [(header::LOCATION, acs.as_str())];
            (StatusCode::TEMPORARY_REDIRECT, location).into_response()
        }
        None => pages::not_found().await,
    }
}

fn through_here(provider: &Provider, acs: &Url) -> Option<Url> {
    let mut here = Url::parse(&format!("{}/saml/answer", provider.issuer)).ok()?;
    here.query_pairs_mut().append_pair("acs", acs.as_str());
    Some(here)
}

fn spoilt(mut xml: String, fault: Option<Fault>) -> String {
    match fault {
        Some(Fault::SamlDoctype) => xml.insert_str(0, "<!DOCTYPE Response>"),
        Some(Fault::SamlTruncated) => {
            // All that is written is ASCII but for people's names; a half of a letter goes too.
            let half = xml.floor_char_boundary(xml.len() / 2);
            xml.truncate(half);
        }
        _ => {}
    }
    xml
}

/// SAML 2.0 Bindings, 3.4.4.1.
fn redirect(acs: &Url, xml: &str, relay_state: Option<&str>) -> Response {
    let mut deflater = DeflateEncoder::new(Vec::new(), Compression::default());
    let deflated = deflater
        .write_all(xml.as_bytes())
        .and_then(|()| deflater.finish());
    let Ok(deflated) = deflated else {
        return pages::stray(StatusCode::INTERNAL_SERVER_ERROR);
    };
    let mut to = acs.clone();
    to.query_pairs_mut()
        .append_pair("SAMLResponse", &STANDARD.encode(deflated))
        .extend_pairs(relay_state.map(|state| ("RelayState", state)));
    Redirect::to(to.as_str()).into_response()
}
