//! The provider's metadata (SAML 2.0 Metadata, 2.4.3).

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::signature::key_info;
use super::xml::Element;
use super::{entity_id, sign_on_url};
use crate::keys::KeyError;
use crate::pages;
use crate::provider::Provider;

const BINDINGS: [&str; 2] = ["HTTP-Redirect", "HTTP-POST"];
const NAME_ID_FORMATS: [&str; 3] = [
    "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
];

pub(super) async fn document(State(provider): State<Arc<Provider>>) -> Response {
    let content_type = [(header::CONTENT_TYPE, "application/samlmetadata+xml")];
    match described(&provider).await {
        Ok(entity) => (content_type, entity.document()).into_response(),
        Err(_) => pages::stray(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

async fn described(provider: &Provider) -> Result<Element, KeyError> {
    let published = provider
        .saml
        .published(&provider.keys, provider.fault())
        .await?;
    let signing = Element::new("md:KeyDescriptor")
        .with("use", "signing")
        .child(key_info(&published.certificate));
    let formats = NAME_ID_FORMATS.map(|format| Element::new("md:NameIDFormat").text(format));
    let sign_on = BINDINGS.map(|binding| {
        Element::new("md:SingleSignOnService")
            .with(
                "Binding",
                format!("urn:oasis:names:tc:SAML:2.0:bindings:{binding}"),
            )
            .with("Location", sign_on_url(provider))
    });
    let role = Element::new("md:IDPSSODescriptor")
        .with("WantAuthnRequestsSigned", "false")
        .with(
            "protocolSupportEnumeration",
            "urn:oasis:names:tc:SAML:2.0:protocol",
        )
        .child(signing)
        .children(formats)
        .children(sign_on);
    Ok(Element::new("md:EntityDescriptor")
        .with("entityID", entity_id(provider))
        .child(role))
}
