//! The provider's answer, as it was caught on its way to the service
//! (RFC 6749, sections 4.1.2 and 4.2.2; OpenID Connect Core 1.0, sections 3.1.2.5 and 3.2.2.5).

use secrecy::SecretString;
use subtle_eq::same;
use url::Url;

use super::request::{Request, ResponseMode};
use crate::connection::Flow;
use crate::fault::Fault;
use crate::finding::Finding;

/// What was caught. Its content is secret and never printed.
pub enum Captured {
    /// The browser was sent to this address; the answer is in its query or fragment.
    Address(Url),
    /// A form was posted, with these fields in order.
    Form(Vec<(String, String)>),
}

impl std::fmt::Debug for Captured {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Address(_) => f.write_str("Captured::Address(..)"),
            Self::Form(fields) => write!(f, "Captured::Form({} fields)", fields.len()),
        }
    }
}

/// An answer that belongs to the request.
pub struct Received {
    /// The code, in the code flow.
    pub code: Option<SecretString>,
    /// The ID token, in the implicit flow.
    pub id_token: Option<SecretString>,
    /// The access token, where one came along.
    pub access_token: Option<SecretString>,
    /// What is worth saying about an answer that can be used.
    pub findings: Vec<Finding>,
}

/// Largest number of parameters that an answer may have.
const MOST_PARAMETERS: usize = 200;

/// Reads what was caught as the answer to `request`.
///
/// # Errors
/// The faults that keep the answer from being used: another sign-in's answer, the provider's own
/// error, nothing in it.
pub fn receive(
    request: &Request,
    issuer: &str,
    captured: &Captured,
) -> Result<Received, Vec<Finding>> {
    let (way, parameters) = parameters(captured).map_err(stop)?;
    if parameters.len() > MOST_PARAMETERS {
        return Err(stop(Fault::AnswerOverfull {
            limit: MOST_PARAMETERS,
        }));
    }
    let one = |name: &str| once(&parameters, name).map_err(stop);
    // State first: an answer that belongs to another sign-in says nothing about this one.
    match one("state")? {
        None => return Err(stop(Fault::StateMissing {})),
        Some(state) if !same(state, request.state()) => return Err(stop(Fault::StateDiffers {})),
        Some(_) => {}
    }
    let named = one("iss")?;
    if let Some(received) = named.filter(|received| *received != issuer) {
        return Err(stop(issuer_differs(issuer, received)));
    }
    if let Some(error) = one("error")? {
        return Err(stop(refused(
            error,
            one("error_description")?.unwrap_or_default(),
        )));
    }
    let received = Received {
        code: one("code")?.map(secret),
        id_token: one("id_token")?.map(secret),
        access_token: one("access_token")?.map(secret),
        findings: other_way(request, way),
    };
    // RFC 9207, section 2.4. Where an ID token is in the answer, its own issuer is signed.
    if named.is_none() && received.id_token.is_none() && request.answer_names_issuer() {
        return Err(stop(issuer_differs(issuer, "")));
    }
    match (request.flow(), &received.code, &received.id_token) {
        (Flow::Code, Some(_), _) | (Flow::Implicit, _, Some(_)) => Ok(received),
        (Flow::Implicit, Some(_), None) => Err(stop(Fault::IdTokenMissing {})),
        _ => Err(stop(Fault::AnswerEmpty {})),
    }
}

fn stop(fault: Fault) -> Vec<Finding> {
    vec![Finding::error(fault)]
}

fn secret(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum WayOfAnswer {
    Query,
    Fragment,
    Form,
}

impl WayOfAnswer {
    fn name(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Fragment => "fragment",
            Self::Form => "form_post",
        }
    }
}

/// The parameters of an answer, and where they stand.
///
/// The part of an address that has none of an answer's parameters is not the answer: a Login
/// Redirect URL may have a query of its own, and some providers add a fragment such as `#_=_`.
/// Where both parts have some, somebody added one of them, and nobody can say which.
fn parameters(captured: &Captured) -> Result<(WayOfAnswer, Vec<(String, String)>), Fault> {
    let url = match captured {
        Captured::Form(fields) => {
            let fields = fields.iter().take(MOST_PARAMETERS + 1).cloned().collect();
            return Ok((WayOfAnswer::Form, fields));
        }
        Captured::Address(url) => url,
    };
    let query = pairs(url.query().unwrap_or_default());
    let fragment = pairs(url.fragment().unwrap_or_default());
    match (of_answer(&query), of_answer(&fragment)) {
        (Some(_), Some(parameter)) => Err(Fault::AnswerAmbiguous {
            parameter: parameter.to_owned(),
        }),
        (None, Some(_)) => Ok((WayOfAnswer::Fragment, fragment)),
        _ => Ok((WayOfAnswer::Query, query)),
    }
}

/// The first of these that only an answer has.
fn of_answer(pairs: &[(String, String)]) -> Option<&str> {
    const OF_ANSWER: [&str; 5] = ["state", "code", "id_token", "access_token", "error"];
    pairs
        .iter()
        .map(|(name, _)| name.as_str())
        .find(|name| OF_ANSWER.contains(name))
}

fn issuer_differs(expected: &str, received: &str) -> Fault {
    Fault::AnswerIssuerDiffers {
        expected: expected.to_owned(),
        received: match received {
            "" => "nobody".to_owned(),
            other => crate::text::shown(other, 500),
        },
    }
}

fn pairs(text: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text.as_bytes())
        .into_owned()
        .take(MOST_PARAMETERS + 1)
        .collect()
}

/// The value of a parameter that may stand at most once (RFC 6749, section 3.1).
fn once<'a>(parameters: &'a [(String, String)], name: &str) -> Result<Option<&'a str>, Fault> {
    let mut values = parameters
        .iter()
        .filter(|(n, _)| n == name)
        .map(|(_, value)| value.as_str());
    let first = values.next();
    if values.next().is_some() {
        return Err(Fault::AnswerAmbiguous {
            parameter: name.to_owned(),
        });
    }
    Ok(first.filter(|value| !value.is_empty()))
}

/// A provider may ignore `response_mode`; the service may mind.
fn other_way(request: &Request, way: WayOfAnswer) -> Vec<Finding> {
    let expected = match (request.mode(), request.flow()) {
        (ResponseMode::FormPost, _) => WayOfAnswer::Form,
        (ResponseMode::Usual, Flow::Code) => WayOfAnswer::Query,
        (ResponseMode::Usual, Flow::Implicit) => WayOfAnswer::Fragment,
    };
    if way == expected {
        return Vec::new();
    }
    vec![Finding::warning(Fault::AnswerByOtherWay {
        expected: expected.name().to_owned(),
        received: way.name().to_owned(),
    })]
}

/// RFC 6749, section 4.1.2.1; OpenID Connect Core 1.0, section 3.1.2.6.
fn refused(error: &str, description: &str) -> Fault {
    let description = crate::text::shown(description, 500);
    match error {
        "access_denied" => Fault::AccessDenied { description },
        "unsupported_response_type" => Fault::ResponseTypeUnsupported { description },
        "invalid_scope" => Fault::ScopeInvalid { description },
        "server_error" | "temporarily_unavailable" => Fault::ProviderFailed {
            error: error.to_owned(),
            description,
        },
        other => Fault::ProviderError {
            error: crate::text::shown(other, 100),
            description,
        },
    }
}

mod subtle_eq {
    /// Compares two secrets without stopping at the first difference.
    pub(super) fn same(a: &str, b: &str) -> bool {
        a.len() == b.len()
            && a.bytes()
                .zip(b.bytes())
                .fold(0, |all, (x, y)| all | (x ^ y))
                == 0
    }
}
