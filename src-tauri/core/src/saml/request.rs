//! The authentication request (SAML 2.0 Core, section 3.4.1) and how it travels (SAML 2.0
//! Bindings, sections 3.4 and 3.5); what the service says about itself (SAML 2.0 Metadata).

mod own_metadata;

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::{Compression, write::DeflateEncoder};
use jiff::Timestamp;
use rand::{RngCore, rngs::OsRng};
use sha2::{Digest, Sha256};
use url::Url;
use url::form_urlencoded::byte_serialize;

pub use self::own_metadata::{OwnMetadata, service_metadata};
use super::key_pair::KeyPair;
use super::markup;
use crate::connection::SamlConnection;

/// The only algorithm that requests are signed with (RFC 6931, section 2.3.2).
const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

/// The parameters of the binding itself, which a sign-on address cannot bring along.
const RESERVED: [&str; 6] = [
    "SAMLRequest",
    "SAMLResponse",
    "RelayState",
    "SigAlg",
    "Signature",
    "SAMLEncoding",
];

/// What the provider is asked to name the person by (SAML 2.0 Core, section 8.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NameIdFormat {
    /// Whatever the provider was set to send. No provider refuses it.
    #[default]
    Unspecified,
    /// The e-mail address.
    EmailAddress,
    /// The same unreadable name for this service at every sign-in.
    Persistent,
}

impl NameIdFormat {
    /// The format's own name.
    pub fn urn(self) -> &'static str {
        match self {
            Self::Unspecified => "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
            Self::EmailAddress => "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
            Self::Persistent => "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
        }
    }
}

/// Text that the provider sends back as it was: at most 80 bytes (SAML 2.0 Bindings, section
/// 3.4.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelayState(String);

impl RelayState {
    /// A new one that nobody can guess: 128 bits of the operating system's randomness.
    pub fn random() -> Self {
        Self(random())
    }

    /// Takes this text, if the binding can carry it.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() <= 80).then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One authentication request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthnRequest {
    id: String,
    issued: Timestamp,
    issuer: String,
    destination: Url,
    acs: Url,
    name_id_format: NameIdFormat,
    force_authn: bool,
}

/// A form that the browser posts (SAML 2.0 Bindings, section 3.5.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// Where to.
    pub action: Url,
    /// Name and value of each field.
    pub fields: Vec<(String, String)>,
}

impl AuthnRequest {
    /// A request of this connection's service, to be answered at `acs` by a form POST. `id` is what
    /// the answer repeats as `InResponseTo`: [`AuthnRequest::new_id`]. With `force_authn` the
    /// provider is to ask again who it is, so that a second person is really asked. No
    /// authentication context is demanded: providers refuse what they cannot promise.
    pub fn new(
        connection: &SamlConnection,
        acs: &Url,
        id: String,
        issued: Timestamp,
        force_authn: bool,
    ) -> Self {
        Self {
            id,
            issued,
            issuer: connection.audience.clone(),
            destination: connection.sign_on_url.clone(),
            acs: acs.clone(),
            name_id_format: NameIdFormat::default(),
            force_authn,
        }
    }

    /// A new ID that nobody can guess: 128 bits of the operating system's randomness, behind a
    /// character that may start one (XML Schema 1.0, `xs:ID`).
    pub fn new_id() -> String {
        format!("_{}", random())
    }

    /// The same request, asking for names of this format.
    #[must_use]
    pub fn name_id_format(mut self, format: NameIdFormat) -> Self {
        self.name_id_format = format;
        self
    }

    /// What the answer has to repeat as `InResponseTo`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The address that the browser goes to (HTTP-Redirect, section 3.4.4.1). What the sign-on
    /// address brings along as its query is kept, byte for byte.
    pub fn redirect_url(&self, relay_state: Option<&RelayState>, key: Option<&KeyPair>) -> Url {
        let mut own = format!("SAMLRequest={}", percent(&self.deflated()));
        if let Some(state) = relay_state {
            own.push_str(&format!("&RelayState={}", percent(state.as_str())));
        }
        if let Some(key) = key {
            own.push_str(&format!("&SigAlg={}", percent(RSA_SHA256)));
            // Over exactly these characters: that is why nothing of it is encoded again.
            let signature = STANDARD.encode(key.sign_rsa_sha256(own.as_bytes()));
            own.push_str(&format!("&Signature={}", percent(&signature)));
        }
        let mut url = self.destination.clone();
        let kept = url.query().unwrap_or_default().split('&').filter(|part| {
            let name = part.split('=').next().unwrap_or_default();
            !part.is_empty() && !RESERVED.contains(&name)
        });
        let query: Vec<&str> = kept.chain([own.as_str()]).collect();
        let query = query.join("&");
        url.set_query(Some(&query));
        url.set_fragment(None);
        url
    }

    /// The form that the browser posts (HTTP-POST, section 3.5.4).
    pub fn post_form(&self, relay_state: Option<&RelayState>, key: Option<&KeyPair>) -> Form {
        let message = STANDARD.encode(self.xml(key));
        let mut fields = vec![("SAMLRequest".to_owned(), message)];
        if let Some(state) = relay_state {
            fields.push(("RelayState".to_owned(), state.as_str().to_owned()));
        }
        Form {
            action: self.destination.clone(),
            fields,
        }
    }

    /// The message; with a key it holds its signature (XML Signature 1.1, enveloped).
    pub fn xml(&self, key: Option<&KeyPair>) -> String {
        // Without its signature, this is its own exclusive canonical form: attributes in order,
        // every namespace where it is first used, no empty-element tags.
        let (start, end) = (self.start(), self.end());
        let Some(key) = key else {
            return start + &end;
        };
        let digest = STANDARD.encode(Sha256::digest(format!("{start}{end}")));
        let signature = signature(&self.id, &digest, key);
        start + &signature + &end
    }

    /// Up to the place where a signature stands: behind the issuer (SAML 2.0 Core, section 3.2.1).
    fn start(&self) -> String {
        let force = if self.force_authn {
            " ForceAuthn=\"true\""
        } else {
            ""
        };
        format!(
            "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
             AssertionConsumerServiceURL=\"{acs}\" Destination=\"{destination}\"{force} ID=\"{id}\" \
             IssueInstant=\"{issued}\" \
             ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Version=\"2.0\">\
             <saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">{issuer}</saml:Issuer>",
            acs = markup::attribute(self.acs.as_str()),
            destination = markup::attribute(self.destination.as_str()),
            id = markup::attribute(&self.id),
            issued = self.issued.strftime("%Y-%m-%dT%H:%M:%SZ"),
            issuer = markup::text(&self.issuer),
        )
    }

    fn end(&self) -> String {
        format!(
            "<samlp:NameIDPolicy AllowCreate=\"true\" Format=\"{}\"></samlp:NameIDPolicy>\
             </samlp:AuthnRequest>",
            self.name_id_format.urn(),
        )
    }

    /// Compressed (RFC 1951, without the wrapping of zlib), then base64.
    fn deflated(&self) -> String {
        let mut deflater = DeflateEncoder::new(Vec::new(), Compression::best());
        let bytes = deflater
            .write_all(self.xml(None).as_bytes())
            .and_then(|()| deflater.finish())
            .expect("writing to memory does not fail");
        STANDARD.encode(bytes)
    }
}

/// The signature element over the message with this ID and digest.
pub(super) fn signature(id: &str, digest: &str, key: &KeyPair) -> String {
    const DS: &str = "xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"";
    let signed_info = format!(
        "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:CanonicalizationMethod>\
         <ds:SignatureMethod Algorithm=\"{RSA_SHA256}\"></ds:SignatureMethod>\
         <ds:Reference URI=\"#{id}\"><ds:Transforms>\
         <ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform>\
         <ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform>\
         </ds:Transforms>\
         <ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod>\
         <ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>",
        id = markup::attribute(id),
    );
    // Alone, the element names its namespace itself; inside Signature, that one does.
    let value = key.sign_rsa_sha256(format!("<ds:SignedInfo {DS}>{signed_info}").as_bytes());
    format!(
        "<ds:Signature {DS}><ds:SignedInfo>{signed_info}\
         <ds:SignatureValue>{value}</ds:SignatureValue>{key_info}</ds:Signature>",
        value = STANDARD.encode(value),
        key_info = key_info(key),
    )
}

/// `KeyInfo` with the certificate; the namespace `ds` is declared around it.
fn key_info(key: &KeyPair) -> String {
    format!(
        "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>",
        STANDARD.encode(key.certificate().der()),
    )
}

/// Percent-encoded as forms are, which signers and verifiers of this binding have in common.
fn percent(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}

/// 128 random bits in hexadecimal.
fn random() -> String {
    let mut bytes = [0; 16];
    OsRng.fill_bytes(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
