//! The request that exchanges a code for tokens (RFC 6749, section 4.1.3; RFC 7636, section 4.5).
//!
//! `openidconnect` writes the request and is kept from sending it: its reading of the answer drops
//! what went wrong, and its error holds the whole answer. The answer is read by the core.

use std::fmt;

use latchkey_core::OidcConnection;
use latchkey_core::oidc::Request;
use latchkey_core::oidc::discovery::SecretWay;
use openidconnect::core::{CoreClient, CoreJsonWebKeySet};
use openidconnect::{
    AuthType, AuthorizationCode, ClientId, ClientSecret, HttpRequest, HttpResponse,
    PkceCodeVerifier, RedirectUrl, RequestTokenError, TokenUrl,
};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

/// Writes the request for tokens; none if the library would not write it.
pub(crate) fn written(
    connection: &OidcConnection,
    token_endpoint: &Url,
    secret: Option<(&SecretString, SecretWay)>,
    request: &Request,
    code: &SecretString,
) -> Option<HttpRequest> {
    let mut client = CoreClient::new(
        ClientId::new(connection.client_id.clone()),
        connection.issuer.for_openidconnect(),
        CoreJsonWebKeySet::new(Vec::new()),
    )
    .set_redirect_uri(RedirectUrl::from_url(request.redirect_uri().clone()))
    .set_token_uri(TokenUrl::from_url(token_endpoint.clone()));
    if let Some((secret, way)) = secret {
        client = client
            .set_client_secret(ClientSecret::new(secret.expose_secret().to_owned()))
            .set_auth_type(match way {
                SecretWay::Basic => AuthType::BasicAuth,
                SecretWay::Post => AuthType::RequestBody,
            });
    }
    let mut exchange =
        client.exchange_code(AuthorizationCode::new(code.expose_secret().to_owned()));
    if let Some(verifier) = request.verifier() {
        exchange =
            exchange.set_pkce_verifier(PkceCodeVerifier::new(verifier.expose_secret().to_owned()));
    }
    let caught =
        exchange.request(&|request: HttpRequest| Err::<HttpResponse, _>(Caught(Box::new(request))));
    match caught {
        Err(RequestTokenError::Request(Caught(request))) => Some(*request),
        _ => None,
    }
}

/// The written request, on its way out of the library as the error of a client that sends nothing.
struct Caught(Box<HttpRequest>);

impl fmt::Debug for Caught {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Caught(..)")
    }
}

impl fmt::Display for Caught {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the request was written and not sent")
    }
}

impl std::error::Error for Caught {}
