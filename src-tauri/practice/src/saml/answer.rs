//! The Response: an Assertion, or a status that says why there is none (SAML 2.0 Core, 3.2.2).

use jiff::Timestamp;

use super::assertion::assertion;
use super::request::SamlRequest;
use super::signature::envelop;
use super::xml::Element;
use super::{encryption, entity_id};
use crate::fault::Fault;
use crate::keys::KeyError;
use crate::provider::{Provider, Session};
use crate::shelf;

const STATUS: &str = "urn:oasis:names:tc:SAML:2.0:status:";

/// All that an answer is made from.
pub(super) struct Context<'a> {
    pub(super) provider: &'a Provider,
    pub(super) request: &'a SamlRequest,
    pub(super) fault: Option<Fault>,
    /// In seconds since 1970.
    pub(super) now: i64,
}

/// Why there is no Assertion: the top-level code, the one below it, and words for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Status {
    pub(super) top: &'static str,
    pub(super) second: Option<&'static str>,
    pub(super) message: &'static str,
}

impl Status {
    const NO_PASSIVE: Status = Status {
        top: "Responder",
        second: Some("NoPassive"),
        message: "Nobody is signed in here, and the request wants nobody to be asked.",
    };
    pub(super) const NAME_ID_POLICY: Status = Status {
        top: "Requester",
        second: Some("InvalidNameIDPolicy"),
        message: "This format of the NameID is not to be had for this person.",
    };

    fn asked_for(fault: Option<Fault>) -> Option<Self> {
        let (top, second, message) = match fault? {
            Fault::SamlStatusRequester => ("Requester", None, "The request cannot be answered."),
            Fault::SamlStatusResponder => (
                "Responder",
                None,
                "The practice provider was asked to fail.",
            ),
            Fault::SamlStatusAuthnFailed => (
                "Responder",
                Some("AuthnFailed"),
                "This person could not be signed in.",
            ),
            Fault::SamlStatusRequestDenied => (
                "Responder",
                Some("RequestDenied"),
                "This person is not assigned to the application.",
            ),
            Fault::SamlStatusInvalidNameIdPolicy => return Some(Self::NAME_ID_POLICY),
            _ => return None,
        };
        Some(Status {
            top,
            second,
            message,
        })
    }
}

/// The whole answer, as XML. Without a session it says that nobody is signed in.
pub(super) async fn response(
    context: &Context<'_>,
    session: Option<&Session>,
) -> Result<Element, KeyError> {
    let Some(session) = session else {
        return Ok(envelope(context, Some(Status::NO_PASSIVE)));
    };
    let status = Status::asked_for(context.fault).or(context.request.refused);
    if let Some(status) = status {
        return Ok(envelope(context, Some(status)));
    }
    let signing = context
        .provider
        .saml
        .signing(&context.provider.keys, context.fault)
        .await?;
    let signs_assertion = !matches!(
        context.fault,
        Some(Fault::SamlResponseSignedOnly | Fault::SamlUnsigned)
    );
    let signs_response = matches!(
        context.fault,
        Some(Fault::SamlResponseSignedOnly | Fault::SamlBothSigned)
    );
    let count = match context.fault {
        Some(Fault::SamlTwoAssertions) => 2,
        _ => 1,
    };
    let mut response = envelope(context, None);
    for _ in 0..count {
        let mut told = assertion(context, session).await?;
        if signs_assertion {
            envelop(&mut told, &signing, context.fault)?;
        }
        response = response.child(match context.fault {
            Some(Fault::SamlWrappedAssertion) => wrapped(context, session, told).await?,
            Some(Fault::SamlEncryptedAssertion | Fault::SamlEncryptedAssertionCbc) => {
                let encrypted = encryption::encrypted(context, &told).await?;
                Element::new("saml:EncryptedAssertion").child(encrypted)
            }
            _ => told,
        });
    }
    if signs_response {
        envelop(&mut response, &signing, context.fault)?;
    }
    Ok(response)
}

/// The Response without an Assertion.
fn envelope(context: &Context<'_>, status: Option<Status>) -> Element {
    let destination = match context.fault {
        Some(Fault::SamlWrongDestination) => "https://another-service.example/acs",
        _ => context.request.acs.as_str(),
    };
    Element::new("samlp:Response")
        .with("Destination", destination)
        .with("ID", id())
        .with_some("InResponseTo", context.in_response_to())
        .with("IssueInstant", context.issue_instant())
        .with("Version", "2.0")
        .child(context.issuer())
        .child(told(status))
}

fn told(status: Option<Status>) -> Element {
    let code =
        |value: &str| Element::new("samlp:StatusCode").with("Value", format!("{STATUS}{value}"));
    let told = Element::new("samlp:Status");
    let Some(status) = status else {
        return told.child(code("Success"));
    };
    told.child(code(status.top).children(status.second.map(code)))
        .child(Element::new("samlp:StatusMessage").text(status.message))
}

/// Signature wrapping: an Assertion about somebody else around the true one, whose signature holds.
async fn wrapped(
    context: &Context<'_>,
    session: &Session,
    signed: Element,
) -> Result<Element, KeyError> {
    let mut another = session.clone();
    another.person.email = "mallory@acme.example".to_owned();
    Ok(assertion(context, &another).await?.child(signed))
}

impl Context<'_> {
    pub(super) fn issuer(&self) -> Element {
        let issuer = match self.fault {
            Some(Fault::SamlWrongIssuer) => {
                "https://login.another-provider.example/saml/metadata".to_owned()
            }
            _ => entity_id(self.provider),
        };
        Element::new("saml:Issuer").text(issuer)
    }

    pub(super) fn in_response_to(&self) -> Option<&str> {
        match self.fault {
            Some(Fault::SamlInResponseToWrong) => Some("_the-id-of-another-request"),
            Some(Fault::SamlUnsolicited) => None,
            _ => self.request.id.as_deref(),
        }
    }

    pub(super) fn issue_instant(&self) -> String {
        instant(match self.fault {
            Some(Fault::SamlIssuedInFuture) => self.now + 30 * 60,
            _ => self.now,
        })
    }
}

/// An ID that cannot be guessed (SAML 2.0 Core, 1.3.4).
pub(super) fn id() -> String {
    format!("_{}", shelf::ticket())
}

/// SAML 2.0 Core, 1.3.3: in UTC.
pub(super) fn instant(seconds: i64) -> String {
    Timestamp::from_second(seconds)
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .to_string()
}
