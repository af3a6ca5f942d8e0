use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use url::form_urlencoded;

use crate::CLIENT_ID;
use crate::fault::Fault;
use crate::params::Params;
use crate::provider::Provider;

/// Why the client is not taken for the one registered here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotTheClient {
    Refused,
    /// Two ways at once, which RFC 6749, 2.3 forbids.
    TwoWays,
}

struct Credentials {
    id: String,
    secret: SecretString,
}

/// Knows the client by `client_secret_basic` or by `client_secret_post` (RFC 6749, 2.3.1).
pub(super) fn authenticate(
    provider: &Provider,
    headers: &HeaderMap,
    form: &Params,
    fault: Option<Fault>,
) -> Result<(), NotTheClient> {
    let by_header = headers.contains_key(header::AUTHORIZATION);
    let by_body = form.value("client_secret").is_some();
    let credentials = match (by_header, by_body) {
        (true, true) => return Err(NotTheClient::TwoWays),
        (true, false) if fault != Some(Fault::PostAuthOnly) => basic(headers),
        (false, true) if fault != Some(Fault::BasicAuthOnly) => post(form),
        _ => None,
    };
    let Credentials { id, secret } = credentials.ok_or(NotTheClient::Refused)?;
    let right = provider.client_secret.expose_secret().as_bytes();
    let secret_holds = bool::from(secret.expose_secret().as_bytes().ct_eq(right));
    let body_agrees = form.value("client_id").is_none_or(|named| named == id);
    if id != CLIENT_ID || !secret_holds || !body_agrees || fault == Some(Fault::InvalidClient) {
        return Err(NotTheClient::Refused);
    }
    Ok(())
}

fn basic(headers: &HeaderMap) -> Option<Credentials> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = pair.split_once(':')?;
    Some(Credentials {
        id: form_decoded(id),
        secret: form_decoded(secret).into(),
    })
}

fn post(form: &Params) -> Option<Credentials> {
    let id = form.value("client_id")?.to_owned();
    Some(Credentials {
        id,
        secret: form.value("client_secret")?.into(),
    })
}

/// Both halves of the pair are form-encoded before they are joined.
fn form_decoded(half: &str) -> String {
    let half = half.replace('&', "%26").replace('=', "%3D");
    form_urlencoded::parse(half.as_bytes())
        .next()
        .map(|(name, _)| name.into_owned())
        .unwrap_or_default()
}
