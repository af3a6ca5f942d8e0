//! What the provider is told about the service (SAML 2.0 Metadata, section 2.4.4).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use url::Url;

use super::NameIdFormat;
use crate::saml::key_pair::KeyPair;
use crate::saml::markup;

/// How an assertion may be encrypted for the service: what Latchkey opens, the better first (XML
/// Encryption 1.1, sections 5.2 and 5.5).
const CONTENT_ENCRYPTION: [&str; 4] = [
    "http://www.w3.org/2009/xmlenc11#aes256-gcm",
    "http://www.w3.org/2009/xmlenc11#aes128-gcm",
    "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
    "http://www.w3.org/2001/04/xmlenc#aes128-cbc",
];

const KEY_ENCRYPTION: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";

/// The service's own side of a connection.
#[derive(Clone, Copy, Debug)]
pub struct OwnMetadata<'a> {
    /// The service's entity ID: the connection's audience.
    pub entity_id: &'a str,
    /// Where the service takes the answer.
    pub acs: &'a Url,
    /// The workspace's key pair, where there is one.
    pub key_pair: Option<&'a KeyPair>,
    /// Whether requests are signed; they cannot be without a key pair.
    pub requests_signed: bool,
    /// Whether the assertion itself is to be signed, not only the response around it.
    pub want_assertions_signed: bool,
}

/// The service's metadata, to hand to the provider.
pub fn service_metadata(own: &OwnMetadata<'_>) -> String {
    let keys = own.key_pair.map(keys).unwrap_or_default();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"{entity}\">\n\
         \x20 <md:SPSSODescriptor AuthnRequestsSigned=\"{requests}\" WantAssertionsSigned=\"{assertions}\" \
         protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\n\
         {keys}\
         \x20   <md:NameIDFormat>{email}</md:NameIDFormat>\n\
         \x20   <md:NameIDFormat>{any}</md:NameIDFormat>\n\
         \x20   <md:AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
         Location=\"{acs}\" index=\"0\" isDefault=\"true\"/>\n\
         \x20 </md:SPSSODescriptor>\n\
         </md:EntityDescriptor>\n",
        entity = markup::attribute(own.entity_id),
        requests = own.requests_signed && own.key_pair.is_some(),
        assertions = own.want_assertions_signed,
        email = NameIdFormat::EmailAddress.urn(),
        any = NameIdFormat::Unspecified.urn(),
        acs = markup::attribute(own.acs.as_str()),
    )
}

/// The one key in both its uses.
fn keys(key_pair: &KeyPair) -> String {
    let info = format!(
        "      <ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:X509Data><ds:X509Certificate>\
         {}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>\n",
        STANDARD.encode(key_pair.certificate().der()),
    );
    let methods: String = CONTENT_ENCRYPTION
        .iter()
        .chain([&KEY_ENCRYPTION])
        .map(|method| format!("      <md:EncryptionMethod Algorithm=\"{method}\"/>\n"))
        .collect();
    format!(
        "    <md:KeyDescriptor use=\"signing\">\n{info}    </md:KeyDescriptor>\n\
         \x20   <md:KeyDescriptor use=\"encryption\">\n{info}{methods}    </md:KeyDescriptor>\n",
    )
}
