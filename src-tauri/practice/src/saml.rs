//! The SAML half: one file for each endpoint, one for each thing they share.
//!
//! It keeps to SAML 2.0 Core, Bindings, Profiles (Web Browser SSO, 4.1) and Metadata. Requests come
//! by HTTP-Redirect or HTTP-POST, answers go by HTTP-POST, their Assertion signed.

mod answer;
mod assertion;
mod canonical;
mod credential;
mod delivery;
mod encryption;
mod metadata;
mod request;
mod request_signature;
mod signature;
mod sso;
mod xml;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

pub(crate) use credential::Credentials;
pub(crate) use request::rsa_key;
pub(crate) use sso::{Asked, asks};

use crate::keys::KeyError;
use crate::provider::Provider;

pub(crate) fn routes() -> Router<Arc<Provider>> {
    Router::new()
        .route("/saml/metadata", get(metadata::document))
        .route("/saml/sso", get(sso::by_query).post(sso::by_form))
        .route("/saml/start", get(sso::start))
        .route("/saml/answer", post(delivery::redirected))
}

/// Where the metadata is.
pub(crate) fn metadata_url(provider: &Provider) -> String {
    format!("{}/saml/metadata", provider.issuer)
}

/// The provider's name for itself: as is usual, the address of its metadata.
pub(crate) fn entity_id(provider: &Provider) -> String {
    metadata_url(provider)
}

/// Where requests go, by either binding.
pub(crate) fn sign_on_url(provider: &Provider) -> String {
    format!("{}/saml/sso", provider.issuer)
}

/// Where a sign-in begins on the provider's own side.
pub(crate) fn start_url(provider: &Provider) -> String {
    format!("{}/saml/start", provider.issuer)
}

/// The certificate of the metadata, in PEM (RFC 7468).
pub(crate) async fn certificate(provider: &Provider) -> Result<String, KeyError> {
    let credentials = &provider.saml;
    let published = credentials
        .published(&provider.keys, provider.fault())
        .await?;
    Ok(credential::pem(&published.certificate))
}
