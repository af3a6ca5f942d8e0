//! Whether this is an answer to this sign-in, and a good one: what stands around the assertion.
//!
//! Nothing here is verified yet, so all of it can refuse and none of it can accept.

use roxmltree::{Document, Node};

use super::Expected;
use super::read::{attribute, first, request_of, text};
use crate::fault::Fault;
use crate::finding::Finding;
use crate::saml::{ASSERTION, PROTOCOL};
use crate::text::shown;

/// Longest status or message that a finding names, in characters.
const NAMED: usize = 300;

const STATUS: &str = "urn:oasis:names:tc:SAML:2.0:status:";
const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";

/// What is wrong with the answer before anybody asks for its signature.
pub(super) fn answered(document: &Document<'_>, expected: &Expected<'_>) -> Vec<Finding> {
    let response = document.root_element();
    if let Some(fault) = other_message(response) {
        return vec![Finding::error(fault)];
    }
    let version = attribute(response, "Version").unwrap_or_default();
    if version != "2.0" {
        return vec![Finding::error(Fault::SamlVersionDiffers {
            version: shown(version, 50),
        })];
    }
    if let Err(fault) = status(response) {
        return vec![Finding::error(fault)];
    }
    request(response, expected).into_iter().collect()
}

/// Which message this is, if it is no Response of SAML 2.0.
fn other_message(root: Node<'_, '_>) -> Option<Fault> {
    let name = root.tag_name();
    match (name.namespace().unwrap_or_default(), name.name()) {
        (PROTOCOL, "Response") => None,
        (PROTOCOL, name) if name.ends_with("Request") || name.ends_with("Query") => {
            Some(Fault::SamlAnswerIsRequest {})
        }
        (PROTOCOL, "LogoutResponse") => Some(Fault::SamlAnswerIsLogout {}),
        (METADATA, _) => Some(Fault::SamlAnswerIsMetadata {}),
        (ASSERTION, _) => Some(Fault::SamlAnswerIsAssertion {}),
        (namespace, _) if is_older(namespace) => Some(Fault::SamlAnswerIsOlder {
            protocol: older(namespace).to_owned(),
        }),
        (_, name) if name.eq_ignore_ascii_case("html") => Some(Fault::SamlAnswerIsPage {}),
        (namespace, name) => Some(Fault::SamlAnswerIsOther {
            element: shown(name, 100),
            namespace: shown(namespace, 200),
        }),
    }
}

fn is_older(namespace: &str) -> bool {
    !older(namespace).is_empty()
}

/// The protocols that providers speak beside SAML 2.0, by their namespaces.
fn older(namespace: &str) -> &'static str {
    match namespace {
        "urn:oasis:names:tc:SAML:1.0:protocol" | "urn:oasis:names:tc:SAML:1.0:assertion" => {
            "SAML 1.1"
        }
        "http://schemas.xmlsoap.org/ws/2005/02/trust"
        | "http://docs.oasis-open.org/ws-sx/ws-trust/200512" => "WS-Federation",
        _ => "",
    }
}

/// SAML 2.0 Core, section 3.2.2.
fn status(response: Node<'_, '_>) -> Result<(), Fault> {
    let status = first(response, PROTOCOL, "Status").ok_or(Fault::SamlStatusMissing {})?;
    let code = first(status, PROTOCOL, "StatusCode").ok_or(Fault::SamlStatusMissing {})?;
    let value = |code: Node<'_, '_>| {
        let value = attribute(code, "Value").unwrap_or_default();
        let value = value.strip_prefix(STATUS).unwrap_or(value);
        shown(value, NAMED)
    };
    let first_code = value(code);
    if attribute(code, "Value") == Some("urn:oasis:names:tc:SAML:2.0:status:Success") {
        return Ok(());
    }
    let second = first(code, PROTOCOL, "StatusCode").map(value);
    let said = match &second {
        Some(second) => format!("{first_code}, {second}"),
        None => first_code.clone(),
    };
    let message = first(status, PROTOCOL, "StatusMessage").map(text);
    let message = shown(message.unwrap_or_default().trim(), NAMED);
    Err(match second.as_deref().unwrap_or_default() {
        "AuthnFailed" => Fault::SamlNotAuthenticated {
            status: said,
            message,
        },
        "RequestDenied" => Fault::SamlRequestDenied {
            status: said,
            message,
        },
        "InvalidNameIDPolicy" => Fault::SamlNameIdPolicyRefused {
            status: said,
            message,
        },
        "NoPassive" => Fault::SamlNoPassive {
            status: said,
            message,
        },
        "NoAuthnContext" => Fault::SamlContextRefused {
            status: said,
            message,
        },
        _ => match first_code.as_str() {
            "Requester" => Fault::SamlRequestRefused {
                status: said,
                message,
            },
            "Responder" => Fault::SamlProviderFailed {
                status: said,
                message,
            },
            _ => Fault::SamlNotSuccess {
                status: said,
                message,
            },
        },
    })
}

/// SAML 2.0 Profiles, section 4.1.4.3: an answer names the request that it answers.
fn request(response: Node<'_, '_>, expected: &Expected<'_>) -> Option<Finding> {
    match (request_of(response), expected.request_id) {
        (Some(received), Some(asked)) if received != asked => {
            Some(Finding::error(Fault::SamlAnswersOtherRequest {}))
        }
        (Some(_), _) => None,
        (None, _) if !expected.unsolicited_allowed => {
            Some(Finding::error(Fault::SamlUnsolicited {}))
        }
        (None, _) => Some(Finding::note(Fault::SamlUnsolicited {})),
    }
}
