//! The Assertion: who signed in, for whom, until when (SAML 2.0 Core, 2.3.3).

use super::answer::{Context, id, instant};
use super::encryption;
use super::request::NameId;
use super::xml::Element;
use crate::fault::Fault;
use crate::keys::KeyError;
use crate::people::{self, Person};
use crate::provider::Session;
use crate::shelf;

/// How long an Assertion is valid, in seconds.
const LIFETIME: i64 = 5 * 60;
/// How far in the past it begins, for clocks that are slow.
const HEAD_START: i64 = 30;
const HOUR: i64 = 60 * 60;
const SESSION_LIFETIME: i64 = 8 * HOUR;

const EMAIL_FORMAT: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
const BASIC: &str = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic";
const URI: &str = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri";

/// From when until when, in seconds since 1970.
struct Valid {
    from: i64,
    until: i64,
}

impl Valid {
    fn chosen(now: i64, fault: Option<Fault>) -> Self {
        let (from, until) = match fault {
            Some(Fault::SamlExpired) => (-HOUR - LIFETIME, -HOUR),
            Some(Fault::SamlNotYetValid) => (HOUR / 2, HOUR / 2 + LIFETIME),
            Some(Fault::SamlOneSecondLifetime) => (-HEAD_START, 1),
            _ => (-HEAD_START, LIFETIME),
        };
        Valid {
            from: now + from,
            until: now + until,
        }
    }
}

/// An Assertion that is not signed yet.
pub(super) async fn assertion(
    context: &Context<'_>,
    session: &Session,
) -> Result<Element, KeyError> {
    let fault = context.fault;
    let valid = Valid::chosen(context.now, fault);
    let assertion = Element::new("saml:Assertion")
        .with("ID", id())
        .with("IssueInstant", context.issue_instant())
        .with("Version", "2.0")
        .child(context.issuer())
        .child(subject(context, session, &valid).await?)
        .child(conditions(context, &valid));
    let statements = [
        authn_statement(context, session),
        attribute_statement(&session.person, fault),
    ];
    Ok(assertion.children(statements.into_iter().flatten()))
}

/// SAML 2.0 Core, 2.4; the bearer confirmation as Profiles, 4.1.4.2, wants it.
async fn subject(
    context: &Context<'_>,
    session: &Session,
    valid: &Valid,
) -> Result<Element, KeyError> {
    let request = context.request;
    let recipient = match context.fault {
        Some(Fault::SamlWrongRecipient) => "https://another-service.example/acs",
        _ => request.acs.as_str(),
    };
    let data = Element::new("saml:SubjectConfirmationData")
        .with_some("InResponseTo", context.in_response_to())
        .with("NotOnOrAfter", instant(valid.until))
        .with("Recipient", recipient);
    let confirmation = Element::new("saml:SubjectConfirmation")
        .with("Method", "urn:oasis:names:tc:SAML:2.0:cm:bearer")
        .child(data);
    let name_id = match context.fault {
        Some(Fault::SamlNoNameId) => None,
        Some(Fault::SamlEncryptedNameId) => {
            let encrypted =
                encryption::encrypted(context, &name_id(context, &session.person)).await?;
            Some(Element::new("saml:EncryptedID").child(encrypted))
        }
        _ => Some(name_id(context, &session.person)),
    };
    Ok(Element::new("saml:Subject")
        .children(name_id)
        .child(confirmation))
}

/// As the NameIDPolicy asks (SAML 2.0 Core, 3.4.1.1 and 8.3).
fn name_id(context: &Context<'_>, person: &Person) -> Element {
    let asked = match context.fault {
        Some(Fault::SamlTransientNameId) => NameId::Transient,
        Some(Fault::SamlNameIdNotEmail) => NameId::Persistent,
        _ => context.request.name_id,
    };
    let name_id = Element::new("saml:NameID");
    match (asked, person.email.split_once('@')) {
        (NameId::Email, Some((local, domain)))
            if context.fault == Some(Fault::SamlCommentInNameId) =>
        {
            name_id
                .with("Format", EMAIL_FORMAT)
                .text(format!("{local}@"))
                .comment(" ")
                .text(domain)
        }
        (NameId::Email, _) => name_id.with("Format", EMAIL_FORMAT).text(&person.email),
        (NameId::Persistent, _) => name_id
            .with(
                "Format",
                "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
            )
            .text(person.subject()),
        (NameId::Transient, _) => name_id
            .with(
                "Format",
                "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
            )
            .text(format!("_{}", shelf::ticket())),
    }
}

/// SAML 2.0 Core, 2.5.
fn conditions(context: &Context<'_>, valid: &Valid) -> Element {
    let conditions = Element::new("saml:Conditions")
        .with("NotBefore", instant(valid.from))
        .with("NotOnOrAfter", instant(valid.until));
    let audience = match context.fault {
        Some(Fault::SamlNoAudience) => return conditions,
        Some(Fault::SamlWrongAudience) => "another-service.example",
        Some(Fault::SamlAudienceSpn) => "spn:6f1c27c5-0f0c-4c83-9a4f-3f0e2c1d7b55",
        _ => context.request.audience.as_str(),
    };
    let audience = Element::new("saml:Audience").text(audience);
    conditions.child(Element::new("saml:AudienceRestriction").child(audience))
}

/// SAML 2.0 Core, 2.7.2.
fn authn_statement(context: &Context<'_>, session: &Session) -> Option<Element> {
    let index = match context.fault {
        Some(Fault::SamlNoAuthnStatement) => return None,
        Some(Fault::SamlNoSessionIndex) => None,
        _ => Some(id()),
    };
    let signed_in = i64::try_from(session.auth_time).unwrap_or(context.now);
    let class = Element::new("saml:AuthnContextClassRef")
        .text("urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport");
    let statement = Element::new("saml:AuthnStatement")
        .with("AuthnInstant", instant(signed_in))
        .with_some("SessionIndex", index)
        .with(
            "SessionNotOnOrAfter",
            instant(context.now + SESSION_LIFETIME),
        );
    Some(statement.child(Element::new("saml:AuthnContext").child(class)))
}

/// SAML 2.0 Core, 2.7.3.
fn attribute_statement(person: &Person, fault: Option<Fault>) -> Option<Element> {
    if fault == Some(Fault::SamlNoAttributes) {
        return None;
    }
    let (first_name, last_name) = person.name.split_once(' ').unwrap_or((&person.name, ""));
    let email = [person.email.clone()];
    let email = match fault {
        Some(Fault::SamlEmailMissing) => None,
        Some(Fault::SamlEmailAsUrl) => {
            let name = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";
            Some(attribute(name, URI, None, email))
        }
        _ => Some(attribute("email", BASIC, Some("email"), email)),
    };
    let groups = groups(person, fault).map(|groups| match fault {
        // isMemberOf of the eduMember schema.
        Some(Fault::SamlGroupsAsOid) => attribute(
            "urn:oid:1.3.6.1.4.1.5923.1.5.1.1",
            URI,
            Some("groups"),
            groups,
        ),
        _ => attribute("groups", BASIC, Some("groups"), groups),
    });
    let basic = |name, value: &str| attribute(name, BASIC, Some(name), [value.to_owned()]);
    let statement = Element::new("saml:AttributeStatement")
        .children(email)
        .child(basic("first_name", first_name))
        .child(basic("last_name", last_name));
    Some(statement.children(groups))
}

fn attribute(
    name: &str,
    format: &str,
    friendly: Option<&str>,
    values: impl IntoIterator<Item = String>,
) -> Element {
    let values = values
        .into_iter()
        .map(|value| Element::new("saml:AttributeValue").text(value));
    Element::new("saml:Attribute")
        .with("Name", name)
        .with("NameFormat", format)
        .with_some("FriendlyName", friendly)
        .children(values)
}

fn groups(person: &Person, fault: Option<Fault>) -> Option<Vec<String>> {
    let each = |form: fn(&str) -> String| person.groups.iter().map(|name| form(name)).collect();
    Some(match fault {
        Some(Fault::SamlGroupsMissing) => return None,
        Some(Fault::SamlGroupsJoined) => vec![person.groups.join(";")],
        Some(Fault::SamlGroupsAsDn) => each(people::distinguished_name),
        Some(Fault::SamlGroupsAsGuid) => each(people::object_id),
        _ => person.groups.clone(),
    })
}
