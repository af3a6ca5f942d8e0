//! What messages say of themselves, where nothing is at hand to verify them with: a recording of a
//! sign-in, looked at without a set-up. Nobody vouches for any of it.

use jiff::Timestamp;
use roxmltree::Node;

use super::addressed::{Around, addressed, bearers};
use super::answered::answered;
use super::read::{address, attribute, first, part, parts, request_of, text, trimmed};
use super::time::moment;
use super::{Expected, decode, in_time, person};
use crate::fault::Fault;
use crate::finding::{Finding, any_error};
use crate::saml::shape::Content;
use crate::saml::{ASSERTION, PROTOCOL, Shape};
use crate::text::shown;
use crate::xml::{self, Limits};

/// Longest value that is taken out of a message, in characters.
const TAKEN: usize = 500;

/// A response as it reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// The provider's entity ID.
    pub issuer: Option<String>,
    /// The request that it says it answers.
    pub request_id: Option<String>,
    /// Where it says it was sent.
    pub destination: Option<String>,
    /// Whom it is for.
    pub audiences: Vec<String>,
    /// When it was made.
    pub issued: Option<Timestamp>,
    /// The ID of its assertion, by which a second use is known; the response's where it is encrypted.
    pub id: Option<String>,
    /// Whether its assertion is encrypted.
    pub encrypted: bool,
}

/// A request as it reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SaidRequest {
    /// Its ID, which the answer repeats.
    pub id: String,
    /// The service's entity ID.
    pub issuer: String,
    /// Where the answer is asked to.
    pub acs: Option<String>,
    /// Where it says it is sent.
    pub destination: Option<String>,
    /// Whether the provider may not ask the person.
    pub passive: bool,
}

/// Reads a response, as XML or as base64 of it.
///
/// # Errors
/// The fault that keeps it from being read as one.
pub fn said(message: &[u8]) -> Result<Said, Fault> {
    let text_of = decode::xml(message)?;
    let checked = xml::Checked::new(&text_of, &Limits::MESSAGE)?;
    let document = checked.parse()?;
    let shape = Shape::read(&document)?;
    let taken = |node: Node<'_, '_>, name: &str| {
        let value = attribute(node, name).map(trimmed);
        value
            .filter(|value| !value.is_empty())
            .map(|value| shown(value, TAKEN))
    };
    let mut said = Said {
        issuer: part(shape.response, "Issuer").map(|issuer| shown(&text(issuer), TAKEN)),
        request_id: request_of(shape.response).map(|id| shown(id, TAKEN)),
        destination: taken(shape.response, "Destination"),
        issued: attribute(shape.response, "IssueInstant").and_then(moment),
        id: taken(shape.response, "ID"),
        ..Said::default()
    };
    match shape.content {
        Some(Content::Encrypted(_)) => said.encrypted = true,
        Some(Content::Assertion(assertion)) => {
            if let Some(issuer) = part(assertion, "Issuer") {
                said.issuer = Some(shown(&text(issuer), TAKEN));
            }
            said.id = taken(assertion, "ID").or(said.id);
            said.audiences = parts(assertion, "Conditions")
                .flat_map(|conditions| parts(conditions, "AudienceRestriction"))
                .flat_map(|restriction| parts(restriction, "Audience"))
                .map(|audience| shown(&address(audience), TAKEN))
                .take(20)
                .collect();
        }
        None => {}
    }
    Ok(said)
}

/// Reads a request, deflated or not, in base64.
///
/// # Errors
/// The fault that keeps it from being read as one.
pub fn said_request(message: &[u8]) -> Result<SaidRequest, Fault> {
    let text_of = decode::xml(message)?;
    let checked = xml::Checked::new(&text_of, &Limits::MESSAGE)?;
    let document = checked.parse()?;
    let root = document.root_element();
    if !root.has_tag_name((PROTOCOL, "AuthnRequest")) {
        return Err(Fault::SamlAnswerIsOther {
            element: shown(root.tag_name().name(), 100),
            namespace: shown(root.tag_name().namespace().unwrap_or_default(), 200),
        });
    }
    let taken = |name: &str| {
        let value = attribute(root, name).map(trimmed);
        value
            .filter(|value| !value.is_empty())
            .map(|value| shown(value, TAKEN))
    };
    let issuer = first(root, ASSERTION, "Issuer").map(text);
    Ok(SaidRequest {
        id: taken("ID").unwrap_or_default(),
        issuer: shown(trimmed(&issuer.unwrap_or_default()), TAKEN),
        acs: taken("AssertionConsumerServiceURL"),
        destination: taken("Destination"),
        passive: matches!(
            attribute(root, "IsPassive").map(trimmed),
            Some("true" | "1")
        ),
    })
}

/// All that is wrong with a response apart from its signature, up to the first stage that fails.
pub fn unsigned(message: &[u8], expected: &Expected<'_>) -> Vec<Finding> {
    judged(message, expected).unwrap_or_else(|fault| vec![Finding::error(fault)])
}

fn judged(message: &[u8], expected: &Expected<'_>) -> Result<Vec<Finding>, Fault> {
    let text = decode::xml(message)?;
    let checked = xml::Checked::new(&text, &Limits::MESSAGE)?;
    let document = checked.parse()?;
    let mut findings = answered(&document, expected);
    if any_error(&findings) {
        return Ok(findings);
    }
    let shape = Shape::read(&document)?;
    let assertion = match shape.content {
        Some(Content::Assertion(assertion)) => assertion,
        // What is encrypted cannot be read here.
        Some(Content::Encrypted(_)) => return Ok(findings),
        None => return Err(Fault::SamlAssertionMissing {}),
    };
    let around = Around {
        response: shape.response,
        signed: false,
    };
    findings.extend(addressed(around, assertion, expected));
    let bearers = bearers(shape.response, assertion, expected).unwrap_or_default();
    findings.extend(in_time::in_time(assertion, &bearers, expected.now));
    match person::person(assertion) {
        Err(fault) => findings.push(Finding::error(fault)),
        Ok(person) => findings.extend(person::remarks(&person, assertion)),
    }
    Ok(findings)
}
