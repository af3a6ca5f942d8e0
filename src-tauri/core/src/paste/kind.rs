//! What can be pasted, and what each is called.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use specta::Type;
use strum::EnumIter;

use crate::connection::Protocol;

/// What something pasted is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type, EnumIter)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Nothing, or white space.
    Empty,
    /// None of the others.
    Unknown,
    /// One certificate or several.
    Certificate,
    /// A private key, in whatever form.
    PrivateKey,
    /// A request for a certificate (PKCS#10).
    CertificateRequest,
    /// A public key without a certificate, or the fingerprint of one.
    PublicKey,
    /// The provider's metadata.
    ProviderMetadata,
    /// A service's metadata.
    ServiceMetadata,
    /// A discovery document.
    DiscoveryDocument,
    /// A set of public keys (RFC 7517).
    KeySet,
    /// A web page.
    WebPage,
    /// A browser's recording (HAR).
    Recording,
    /// A set-up file.
    SetUpFile,
    /// Several values with their labels.
    Several,
    /// An issuer of OpenID Connect.
    Issuer,
    /// The address of a discovery document.
    DiscoveryAddress,
    /// An endpoint of OAuth: authorization, token, keys.
    Endpoint,
    /// A tenant's ID, out of which the issuer is made.
    TenantId,
    /// The provider's entity ID (SAML).
    EntityId,
    /// The provider's sign-on address (SAML).
    SignOnUrl,
    /// The address of metadata (SAML).
    MetadataUrl,
    /// The service's Login Redirect URL.
    RedirectUrl,
    /// The service's audience.
    Audience,
    /// An address at which the service begins a sign-in.
    StartUrl,
    /// The address of a provider's console.
    ConsoleAddress,
    /// Some other address.
    Address,
    /// A client ID.
    ClientId,
    /// A client secret.
    ClientSecret,
    /// The ID of a client secret.
    SecretId,
    /// An e-mail address.
    Email,
    /// A token: JWT.
    Token,
    /// A provider's answer: SAML response, code, token in an address.
    Answer,
    /// A request to the provider.
    Request,
    /// What a provider says of a sign-in that failed.
    Failure,
    /// What a guide says in place of a value.
    Placeholder,
}

/// Names of kinds and of fields, for sentences.
#[derive(Deserialize)]
struct Names {
    kinds: BTreeMap<String, String>,
    places: BTreeMap<String, String>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../words/pasted.json"))
        .expect("words/ is part of the program; a test reads it")
});

impl Kind {
    /// What it is, in words: `a certificate`.
    pub fn name(self) -> &'static str {
        let code = serde_json::to_value(self).unwrap_or_default();
        let code = code.as_str().unwrap_or_default();
        NAMES.kinds.get(code).map_or("", String::as_str)
    }

    /// The field that it belongs in.
    pub(super) fn field(self, protocol: Protocol) -> Option<&'static str> {
        Some(match self {
            Self::Certificate => "connection.certificates",
            Self::ProviderMetadata | Self::MetadataUrl => "connection.metadata",
            Self::Issuer
            | Self::DiscoveryAddress
            | Self::DiscoveryDocument
            | Self::Endpoint
            | Self::TenantId
            | Self::EntityId => "connection.issuer",
            Self::SignOnUrl => "connection.sign_on_url",
            Self::ClientId => "connection.client_id",
            Self::ClientSecret => "connection.client_secret",
            Self::RedirectUrl => "connection.login_redirect_url",
            Self::Audience => "connection.audience",
            Self::Email => "workspace.owner_email",
            Self::Address => match protocol {
                Protocol::Oidc => "connection.issuer",
                Protocol::Saml => "connection.sign_on_url",
            },
            _ => return None,
        })
    }
}

/// What the form calls a field.
pub(super) fn place(field: &str) -> Option<&'static str> {
    NAMES.places.get(field).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn every_kind_and_every_field_has_its_name() {
        for kind in Kind::iter() {
            assert!(!kind.name().is_empty(), "{kind:?}");
            for protocol in [Protocol::Oidc, Protocol::Saml] {
                if let Some(field) = kind.field(protocol) {
                    assert!(place(field).is_some(), "{field}");
                }
            }
        }
        assert_eq!(NAMES.kinds.len(), Kind::iter().count());
    }
}
