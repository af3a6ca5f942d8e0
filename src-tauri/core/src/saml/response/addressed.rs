//! Whether a signed answer is from this provider, for this service, at this address.
//!
//! SAML 2.0 Core, sections 2.2.5, 2.4 and 2.5; Profiles, sections 4.1.4.2 and 4.1.4.3; Bindings,
//! section 3.5.5.2.

use roxmltree::Node;
use url::Url;

use super::Expected;
use super::in_time::bearer_times;
use super::read::{address, attribute, instance_type, part, parts, request_of, text, trimmed};
use crate::catalogue::Catalogue;
use crate::fault::Fault;
use crate::finding::{Finding, any_error};
use crate::saml::ASSERTION;
use crate::text::{is_guid, shown};

/// Longest value that a finding names, in characters.
const NAMED: usize = 500;

const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";

/// What the answer says of itself around the assertion.
#[derive(Clone, Copy)]
pub(super) struct Around<'a, 'i> {
    /// The Response: from the signed bytes where it was signed, else as it came.
    pub(super) response: Node<'a, 'i>,
    /// Whether it was signed. What was not can refuse and never accept.
    pub(super) signed: bool,
}

/// All that is wrong with the addressee.
pub(super) fn addressed(
    around: Around<'_, '_>,
    assertion: Node<'_, '_>,
    expected: &Expected<'_>,
) -> Vec<Finding> {
    let mut findings = issuers(around.response, assertion, expected);
    findings.extend(destination(around, expected));
    findings.extend(audience(assertion, &expected.connection.audience));
    findings.extend(conditions(assertion));
    if let Err(wrong) = bearers(around.response, assertion, expected) {
        // One wrong address at the provider is wrong in both places, and said once.
        findings.extend(
            wrong
                .into_iter()
                .filter(|one| !findings.contains(one))
                .collect::<Vec<_>>(),
        );
    }
    findings
}

/// The Issuer of the assertion, and the Response's where it has one.
fn issuers(
    response: Node<'_, '_>,
    assertion: Node<'_, '_>,
    expected: &Expected<'_>,
) -> Vec<Finding> {
    let wanted = expected.connection.issuer.as_str();
    let Some(of_assertion) = part(assertion, "Issuer").map(text) else {
        return vec![Finding::error(Fault::SamlIssuerMissing {})];
    };
    let of_response = part(response, "Issuer").map(text);
    std::iter::once(of_assertion)
        .chain(of_response)
        .find(|received| received != wanted)
        .map(|received| Finding::error(other_issuer(wanted, &received)).at("connection.issuer"))
        .into_iter()
        .collect()
}

fn other_issuer(expected: &str, received: &str) -> Fault {
    let named = (shown(expected, NAMED), shown(received, NAMED));
    let (expected_shown, received_shown) = named;
    let bare = |text: &str| text.trim_end_matches('/').to_owned();
    if bare(expected) == bare(received) {
        return Fault::SamlIssuerDiffersBySlash {
            expected: expected_shown,
            received: received_shown,
        };
    }
    if trimmed(expected) == trimmed(received) {
        return Fault::SamlIssuerDiffersBySpace {
            expected: expected_shown,
        };
    }
    if expected.to_lowercase() == received.to_lowercase() {
        return Fault::SamlIssuerDiffersByCase {
            expected: expected_shown,
            received: received_shown,
        };
    }
    Fault::SamlIssuerDiffers {
        expected: expected_shown,
        received: received_shown,
    }
}

/// A message that is signed has to say where it was sent (Bindings, section 3.5.5.2).
fn destination(around: Around<'_, '_>, expected: &Expected<'_>) -> Option<Finding> {
    let received = attribute(around.response, "Destination")
        .map(trimmed)
        .unwrap_or_default();
    if received.is_empty() {
        let needed = around.signed;
        return needed.then(|| {
            Finding::error(Fault::SamlDestinationMissing {
                expected: expected.acs.to_string(),
            })
        });
    }
    if is_at(received, expected.acs) {
        return None;
    }
    let fault = elsewhere(received).map_or_else(
        || Fault::SamlDestinationDiffers {
            expected: expected.acs.to_string(),
            received: shown(received, NAMED),
        },
        |(service, region)| Fault::SamlAnswerForOtherRegion {
            expected: expected.acs.to_string(),
            received: shown(received, NAMED),
            service,
            region,
        },
    );
    Some(Finding::error(fault).at("connection.login_redirect_url"))
}

/// Whether both are one address. Spelled another way (`https://a.example:443`) it is the same.
fn is_at(received: &str, acs: &Url) -> bool {
    received == acs.as_str() || parsed(received).is_some_and(|url| url == *acs)
}

/// Without what a parser of addresses mends and nobody else does.
fn parsed(received: &str) -> Option<Url> {
    let plain = !received.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\');
    Url::parse(received).ok().filter(|_| plain)
}

/// The built-in service and the region of it whose Login Redirect URL this is.
fn elsewhere(received: &str) -> Option<(String, String)> {
    let received = parsed(received)?;
    Catalogue::built_in().services.iter().find_map(|service| {
        let region = service.regions.iter().find(|region| {
            Url::parse(&region.login_redirect_url).is_ok_and(|url| url == received)
        })?;
        Some((service.name.clone(), region.name.clone()))
    })
}

/// Every AudienceRestriction has to name us; of the audiences in one, any may (Core, section 2.5.1.4).
fn audience(assertion: Node<'_, '_>, expected: &str) -> Vec<Finding> {
    let restrictions: Vec<Vec<String>> = parts(assertion, "Conditions")
        .flat_map(|conditions| parts(conditions, "AudienceRestriction"))
        .map(|restriction| parts(restriction, "Audience").map(address).collect())
        .collect();
    if restrictions.iter().all(Vec::is_empty) {
        let fault = Fault::SamlAudienceMissing {
            expected: expected.to_owned(),
        };
        return vec![Finding::error(fault).at("connection.audience")];
    }
    let Some(others) = restrictions
        .iter()
        .find(|audiences| !audiences.iter().any(|audience| audience == expected))
    else {
        return Vec::new();
    };
    let received = shown(&others.join(", "), NAMED);
    let expected = expected.to_owned();
    let by_id = others
        .iter()
        .any(|audience| audience.strip_prefix("spn:").is_some_and(is_guid));
    let fault = if by_id {
        Fault::SamlAudienceIsApplicationId { expected, received }
    } else {
        Fault::SamlAudienceDiffers { expected, received }
    };
    vec![Finding::error(fault).at("connection.audience")]
}

/// What is not understood cannot be said to hold (Core, section 2.5.1.1).
fn conditions(assertion: Node<'_, '_>) -> Option<Finding> {
    parts(assertion, "Conditions")
        .flat_map(|conditions| conditions.children())
        .filter(|condition| condition.is_element())
        .find(|condition| {
            let name = condition.tag_name();
            name.namespace() != Some(ASSERTION)
                || !matches!(
                    name.name(),
                    "AudienceRestriction" | "OneTimeUse" | "ProxyRestriction"
                )
        })
        .map(|condition| {
            let name = instance_type(condition).unwrap_or_else(|| condition.tag_name().name());
            Finding::error(Fault::SamlConditionUnknown {
                name: shown(name, 100),
            })
        })
}

/// The confirmations with which whoever brings the assertion may use it here, for this request.
/// Their times are another stage's.
///
/// # Errors
/// What is wrong with the one that fits best.
pub(super) fn bearers<'a, 'i: 'a>(
    response: Node<'_, '_>,
    assertion: Node<'a, 'i>,
    expected: &Expected<'_>,
) -> Result<Vec<Node<'a, 'i>>, Vec<Finding>> {
    let confirmations: Vec<Node<'a, 'i>> = parts(assertion, "Subject")
        .flat_map(|subject| parts(subject, "SubjectConfirmation"))
        .collect();
    let method = |confirmation: &Node<'a, 'i>| {
        trimmed(attribute(*confirmation, "Method").unwrap_or_default()) == BEARER
    };
    let mut fitting = Vec::new();
    let mut wrong: Option<Vec<Finding>> = None;
    for confirmation in confirmations.iter().filter(|one| method(one)) {
        let data = part(*confirmation, "SubjectConfirmationData");
        let found = data.map_or_else(
            || vec![Finding::error(Fault::SamlConfirmationEmpty {})],
            |data| confirmed(data, request_of(response), expected),
        );
        match data {
            Some(data) if !any_error(&found) => fitting.push(data),
            _ if wrong.as_ref().is_none_or(|best| found.len() < best.len()) => wrong = Some(found),
            _ => {}
        }
    }
    if !fitting.is_empty() {
        // Another that fits here may fail by its times, so the one that holds comes first.
        fitting.sort_by_key(|data| any_error(&bearer_times(*data, expected.now)));
        return Ok(fitting);
    }
    Err(wrong.unwrap_or_else(|| {
        let methods: Vec<&str> = confirmations
            .iter()
            .filter_map(|one| attribute(*one, "Method"))
            .collect();
        let methods = if methods.is_empty() {
            "none".to_owned()
        } else {
            shown(&methods.join(", "), NAMED)
        };
        vec![Finding::error(Fault::SamlBearerMissing { methods })]
    }))
}

/// Profiles, section 4.1.4.2.
fn confirmed(data: Node<'_, '_>, answered: Option<&str>, expected: &Expected<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    match attribute(data, "Recipient").map(trimmed) {
        None => findings.push(Finding::error(Fault::SamlRecipientMissing {
            expected: expected.acs.to_string(),
        })),
        Some(received) if !is_at(received, expected.acs) => {
            let fault = elsewhere(received).map_or_else(
                || Fault::SamlRecipientDiffers {
                    expected: expected.acs.to_string(),
                    received: shown(received, NAMED),
                },
                |(service, region)| Fault::SamlAnswerForOtherRegion {
                    expected: expected.acs.to_string(),
                    received: shown(received, NAMED),
                    service,
                    region,
                },
            );
            findings.push(Finding::error(fault).at("connection.login_redirect_url"));
        }
        Some(_) => {}
    }
    if attribute(data, "NotBefore").is_some() {
        findings.push(Finding::error(Fault::SamlConfirmationNotBefore {}));
    }
    let received = request_of(data);
    // Where the request is not known, both have to speak of the same one.
    match (received, expected.request_id.or(answered)) {
        (Some(received), Some(asked)) if received != asked => {
            findings.push(Finding::error(Fault::SamlConfirmsOtherRequest {}));
        }
        (None, _) if expected.request_id.is_some() && !expected.unsolicited_allowed => {
            findings.push(Finding::error(Fault::SamlConfirmationUnsolicited {}));
        }
        _ => {}
    }
    findings
}
