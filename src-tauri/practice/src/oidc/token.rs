use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::client_auth::{self, NotTheClient};
use super::id_token::IdToken;
use crate::fault::Fault;
use crate::pages;
use crate::params::Params;
use crate::provider::{Access, Code, Grant, Provider, TOKEN_LIFETIME, now};

/// An error of the token endpoint (RFC 6749, 5.2).
#[derive(Debug, PartialEq, Eq)]
enum Refusal {
    InvalidClient,
    InvalidRequest(&'static str),
    InvalidGrant(&'static str),
    UnsupportedGrantType,
    ServerError,
}

/// Gives tokens for a code (OpenID Connect Core, 3.1.3).
pub(super) async fn redeem(
    State(provider): State<Arc<Provider>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let fault = provider.fault();
    match fault {
        Some(Fault::TokenEndpointHtml) => return pages::stray(StatusCode::OK),
        Some(Fault::TokenEndpointSlow) => return provider.keep_silent().await,
        _ => {}
    }
    match tokens(&provider, &headers, &body, fault).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    }
}

async fn tokens(
    provider: &Provider,
    headers: &HeaderMap,
    body: &[u8],
    fault: Option<Fault>,
) -> Result<Response, Refusal> {
    let form = Params::of_form(headers, body).ok_or(Refusal::InvalidRequest(
        "The body must be application/x-www-form-urlencoded.",
    ))?;
    if form.repeats() {
        return Err(Refusal::InvalidRequest("A parameter is there twice."));
    }
    client_auth::authenticate(provider, headers, &form, fault).map_err(|reason| match reason {
        NotTheClient::Refused => Refusal::InvalidClient,
        NotTheClient::TwoWays => {
            Refusal::InvalidRequest("The client secret is sent in two ways at once.")
        }
    })?;
    match form.value("grant_type") {
        Some("authorization_code") => {}
        Some(_) => return Err(Refusal::UnsupportedGrantType),
        None => return Err(Refusal::InvalidRequest("The grant_type is missing.")),
    }
    if fault == Some(Fault::InvalidGrant) {
        return Err(Refusal::InvalidGrant(
            "The practice provider was asked to refuse the code.",
        ));
    }

    let now = now();
    let (grant, access_token) = spend(provider, &form, now)?;
    let id_token = IdToken {
        session: &grant.session,
        scopes: grant.scopes,
        nonce: grant.nonce.as_deref(),
        access_token: Some(&access_token),
        code: None,
        by_browser: false,
    };
    let id_token = id_token
        .issue(provider, fault, now)
        .await
        .map_err(|_| Refusal::ServerError)?;
    let mut answer = json!({
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": TOKEN_LIFETIME.as_secs(),
        "scope": grant.scopes.granted(),
    });
    if let Some(id_token) = id_token {
        answer["id_token"] = id_token.into();
    }
    Ok(Json(answer).into_response())
}

/// Spends the code and gives what it stood for, with a new access token. An attempt with the
/// wrong verifier or redirect URI spends it too, so that nobody can try twice.
fn spend(provider: &Provider, form: &Params, now: u64) -> Result<(Grant, String), Refusal> {
    let code = form
        .value("code")
        .ok_or(Refusal::InvalidRequest("The code is missing."))?;
    let redirect_uri = form
        .value("redirect_uri")
        .ok_or(Refusal::InvalidRequest("The redirect_uri is missing."))?;
    let unknown = Refusal::InvalidGrant("This code is not known, or its time is over.");
    let spent = provider.codes.with(code, now, |entry| {
        let former = std::mem::replace(entry, Code::Spent { access_token: None });
        let grant = match former {
            Code::Fresh(grant) => grant,
            Code::Spent { access_token } => {
                if let Some(token) = access_token {
                    provider.access.drop_ticket(&token);
                }
                return Err(Refusal::InvalidGrant("This code was used before."));
            }
        };
        if grant.redirect_uri != redirect_uri {
            return Err(Refusal::InvalidGrant(
                "The redirect_uri is not the one of the request.",
            ));
        }
        check_verifier(grant.challenge.as_deref(), form.value("code_verifier"))?;
        let person = grant.session.person.clone();
        let token = provider.access.put(
            Access {
                person,
                scopes: grant.scopes,
            },
            now,
        );
        *entry = Code::Spent {
            access_token: Some(token.clone()),
        };
        Ok((grant, token))
    });
    spent.unwrap_or(Err(unknown))
}

/// RFC 7636, 4.1 and 4.6. A verifier without a challenge is refused as well, or an attacker could take
/// the challenge out of the request (RFC 9700, 2.1.1).
fn check_verifier(challenge: Option<&str>, verifier: Option<&str>) -> Result<(), Refusal> {
    let (challenge, verifier) = match (challenge, verifier) {
        (None, None) => return Ok(()),
        (Some(challenge), Some(verifier)) => (challenge, verifier),
        (Some(_), None) => return Err(Refusal::InvalidGrant("The code_verifier is missing.")),
        (None, Some(_)) => {
            let why = "There is a code_verifier, and the request had no code_challenge.";
            return Err(Refusal::InvalidGrant(why));
        }
    };
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    if !(43..=128).contains(&verifier.len()) || !verifier.bytes().all(unreserved) {
        return Err(Refusal::InvalidGrant(
            "The code_verifier is not 43 to 128 allowed characters.",
        ));
    }
    let hashed = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
    if !bool::from(hashed.as_bytes().ct_eq(challenge.as_bytes())) {
        return Err(Refusal::InvalidGrant(
            "The code_verifier does not fit the code_challenge.",
        ));
    }
    Ok(())
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, error, description) = match self {
            Refusal::InvalidClient => {
                let why = "The client ID or the client secret is not right, or not sent in a way that is offered.";
                (StatusCode::UNAUTHORIZED, "invalid_client", why)
            }
            Refusal::InvalidRequest(why) => (StatusCode::BAD_REQUEST, "invalid_request", why),
            Refusal::InvalidGrant(why) => (StatusCode::BAD_REQUEST, "invalid_grant", why),
            Refusal::UnsupportedGrantType => {
                let why = "Only authorization_code is supported here.";
                (StatusCode::BAD_REQUEST, "unsupported_grant_type", why)
            }
            Refusal::ServerError => {
                let why = "The ID token could not be signed.";
                (StatusCode::INTERNAL_SERVER_ERROR, "server_error", why)
            }
        };
        let body = Json(json!({ "error": error, "error_description": description }));
        let challenge = [(
            header::WWW_AUTHENTICATE,
            "Basic realm=\"practice provider\"",
        )];
        match status {
            StatusCode::UNAUTHORIZED => (status, challenge, body).into_response(),
            _ => (status, body).into_response(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 7636, appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_standards_own_verifier_fits_its_challenge() {
        assert_eq!(check_verifier(Some(CHALLENGE), Some(VERIFIER)), Ok(()));
        assert_eq!(check_verifier(None, None), Ok(()));
    }

    #[test]
    fn any_other_verifier_is_refused() {
        let long = "a".repeat(129);
        for verifier in [
            CHALLENGE,
            "short",
            &VERIFIER.to_lowercase(),
            "",
            &long,
            &VERIFIER.replace('-', "+"),
        ] {
            assert!(
                check_verifier(Some(CHALLENGE), Some(verifier)).is_err(),
                "{verifier}"
            );
        }
        assert!(check_verifier(Some(CHALLENGE), None).is_err());
        assert!(check_verifier(None, Some(VERIFIER)).is_err());
    }
}
