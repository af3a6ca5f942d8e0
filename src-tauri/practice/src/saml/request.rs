//! Requests: an AuthnRequest (SAML 2.0 Core, 3.4.1), or a start from the provider's own side.

use std::io::Read;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use flate2::read::DeflateDecoder;
use roxmltree::{Document, Node, ParsingOptions};
use rsa::RsaPublicKey;
use rsa::pkcs8::DecodePublicKey;
use url::Url;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::answer::Status;
use super::request_signature::message_holds;
use super::sign_on_url;
use crate::params::Params;
use crate::provider::Provider;

/// The longest request that is read, in bytes of XML.
const MESSAGE_LIMIT: usize = 16 * 1024;
/// More parameters than any honest request has.
const MOST_PARAMS: usize = 16;
const MOST_NODES: u32 = 1000;

const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";
const HTTP_POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

/// The parameter by which the sign-in page remembers how a request came.
pub(super) const WAY: &str = "saml";

/// Base64 as senders write it: with or without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// How a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// SAML 2.0 Bindings, 3.4: deflated.
    Redirect,
    /// SAML 2.0 Bindings, 3.5.
    Post,
    /// From the provider's own side (SAML 2.0 Profiles, 4.1.5).
    Start,
}

/// A request that holds.
pub(super) struct SamlRequest {
    /// The Assertion Consumer Service: where the answer goes.
    pub(super) acs: Url,
    /// The service's entity ID.
    pub(super) audience: String,
    /// The request's ID; none where the provider's side has begun.
    pub(super) id: Option<String>,
    pub(super) relay_state: Option<String>,
    pub(super) force: bool,
    pub(super) passive: bool,
    pub(super) name_id: NameId,
    /// What cannot be granted, which is answered and not shown.
    pub(super) refused: Option<Status>,
    /// The key that the application shows with its request.
    pub(super) service_key: Option<RsaPublicKey>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NameId {
    Email,
    Persistent,
    Transient,
}

/// Why nothing is sent back to the application.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stop {
    NoRequest,
    Repeated(&'static str),
    TooLong,
    /// What about it cannot be read.
    Unreadable(&'static str),
    /// Another root element than an AuthnRequest.
    AnotherMessage(String),
    Incomplete(&'static str),
    AnotherDestination(String),
    AudienceUnknown(String),
    AcsUnknown(String),
    BindingUnsupported(String),
    SignatureWrong,
}

impl Way {
    pub(super) fn name(self) -> &'static str {
        match self {
            Way::Redirect => "redirect",
            Way::Post => "post",
            Way::Start => "start",
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Way::Redirect, Way::Post, Way::Start]
            .into_iter()
            .find(|way| way.name() == name)
    }
}

impl SamlRequest {
    /// Reads it as it came, or again as the sign-in page carried it.
    pub(super) fn read(params: &Params, provider: &Provider) -> Result<Self, Stop> {
        if params.len() > MOST_PARAMS {
            return Err(Stop::TooLong);
        }
        for name in ["SAMLRequest", "RelayState", "acs", "audience", WAY] {
            if params.is_repeated(name) {
                return Err(Stop::Repeated(name));
            }
        }
        let way = params.value(WAY).and_then(Way::named);
        let relay_state = params.value("RelayState").map(str::to_owned);
        let request = match way.ok_or(Stop::NoRequest)? {
            Way::Start => started(params, provider)?,
            way => {
                let message = params.value("SAMLRequest").ok_or(Stop::NoRequest)?;
                asked(&decoded(message, way)?, provider)?
            }
        };
        Ok(SamlRequest {
            relay_state,
            ..request
        })
    }
}

/// Begins on the provider's own side; without a word, at the first address for the first audience.
fn started(params: &Params, provider: &Provider) -> Result<SamlRequest, Stop> {
    let first = || provider.admitted_redirects().first().map(Url::as_str);
    let acs = params.value("acs").or_else(first).unwrap_or_default();
    let first = || provider.admitted_audiences().first().map(String::as_str);
    let audience = params.value("audience").or_else(first).unwrap_or_default();
    Ok(SamlRequest {
        acs: admitted_acs(provider, acs)?,
        audience: admitted_audience(provider, audience)?,
        id: None,
        relay_state: None,
        force: false,
        passive: false,
        name_id: NameId::Email,
        refused: None,
        service_key: None,
    })
}

fn asked(xml: &str, provider: &Provider) -> Result<SamlRequest, Stop> {
    let options = ParsingOptions {
        nodes_limit: MOST_NODES,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(xml, options)
        .map_err(|_| Stop::Unreadable("It is no XML, or XML with a document type."))?;
    let root = document.root_element();
    if !root.has_tag_name((PROTOCOL, "AuthnRequest")) {
        return Err(Stop::AnotherMessage(root.tag_name().name().to_owned()));
    }
    let key = provider.service_key.as_ref();
    if key.is_some_and(|key| !message_holds(root, key)) {
        return Err(Stop::SignatureWrong);
    }
    if root.attribute("Version") != Some("2.0") {
        return Err(Stop::Incomplete("Version"));
    }
    let id = root.attribute("ID").filter(|id| !id.is_empty());
    let id = id.ok_or(Stop::Incomplete("ID"))?;
    if let Some(destination) = root.attribute("Destination")
        && destination != sign_on_url(provider)
    {
        return Err(Stop::AnotherDestination(destination.to_owned()));
    }
    let issuer = child(root, (ASSERTION, "Issuer")).and_then(|issuer| issuer.text());
    let issuer = issuer.map(str::trim).unwrap_or_default();
    if issuer.is_empty() {
        return Err(Stop::Incomplete("Issuer"));
    }
    if let Some(binding) = root.attribute("ProtocolBinding")
        && binding != HTTP_POST
    {
        return Err(Stop::BindingUnsupported(binding.to_owned()));
    }
    let audience = admitted_audience(provider, issuer)?;
    let first = || provider.admitted_redirects().first().map(Url::as_str);
    let acs = root.attribute("AssertionConsumerServiceURL").or_else(first);
    let policy = child(root, (PROTOCOL, "NameIDPolicy")).and_then(|node| node.attribute("Format"));
    let name_id = policy.map_or(Some(NameId::Email), name_id);
    let is = |name| matches!(root.attribute(name).map(str::trim), Some("true" | "1"));
    Ok(SamlRequest {
        acs: admitted_acs(provider, acs.unwrap_or_default())?,
        audience,
        id: Some(id.to_owned()),
        relay_state: None,
        force: is("ForceAuthn"),
        passive: is("IsPassive"),
        name_id: name_id.unwrap_or(NameId::Email),
        refused: name_id.is_none().then_some(Status::NAME_ID_POLICY),
        service_key: shown_key(root),
    })
}

/// The XML of a SAMLRequest.
fn decoded(message: &str, way: Way) -> Result<String, Stop> {
    let compact: String = message.split_ascii_whitespace().collect();
    let bytes = BASE64
        .decode(compact)
        .map_err(|_| Stop::Unreadable("It is not base64."))?;
    let xml = match way {
        Way::Redirect => {
            let mut inflated = Vec::new();
            DeflateDecoder::new(bytes.as_slice())
                .take(MESSAGE_LIMIT as u64 + 1)
                .read_to_end(&mut inflated)
                .map_err(|_| Stop::Unreadable("It is not deflated (RFC 1951)."))?;
            inflated
        }
        _ => bytes,
    };
    if xml.len() > MESSAGE_LIMIT {
        return Err(Stop::TooLong);
    }
    String::from_utf8(xml).map_err(|_| Stop::Unreadable("It is not UTF-8."))
}

fn name_id(format: &str) -> Option<NameId> {
    match format {
        "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
        | "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
        | "urn:oasis:names:tc:SAML:2.0:nameid-format:unspecified" => Some(NameId::Email),
        "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent" => Some(NameId::Persistent),
        "urn:oasis:names:tc:SAML:2.0:nameid-format:transient" => Some(NameId::Transient),
        _ => None,
    }
}

fn admitted_acs(provider: &Provider, acs: &str) -> Result<Url, Stop> {
    provider
        .admitted(acs)
        .ok_or_else(|| Stop::AcsUnknown(acs.to_owned()))
}

fn admitted_audience(provider: &Provider, audience: &str) -> Result<String, Stop> {
    match provider.admits_audience(audience) {
        true => Ok(audience.to_owned()),
        false => Err(Stop::AudienceUnknown(audience.to_owned())),
    }
}

/// The RSA key of the certificate that the request shows in its signature.
fn shown_key(root: Node<'_, '_>) -> Option<RsaPublicKey> {
    let signature = child(root, (SIGNATURE, "Signature"))?;
    let shown = signature
        .descendants()
        .find(|node| node.has_tag_name((SIGNATURE, "X509Certificate")))?;
    let compact: String = shown.text()?.split_ascii_whitespace().collect();
    rsa_key(&BASE64.decode(compact).ok()?)
}

/// The RSA key of a certificate in DER.
pub(crate) fn rsa_key(certificate: &[u8]) -> Option<RsaPublicKey> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    RsaPublicKey::from_public_key_der(certificate.public_key().raw).ok()
}

fn child<'a, 'i>(node: Node<'a, 'i>, name: (&str, &str)) -> Option<Node<'a, 'i>> {
    node.children().find(|child| child.has_tag_name(name))
}
