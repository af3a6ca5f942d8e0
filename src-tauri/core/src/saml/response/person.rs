//! Who a signed assertion says the person is, and what it says about the person.

use std::collections::HashSet;

use roxmltree::Node;

use super::read::{attribute as said, has_elements, is_nil, part, parts, text, trimmed};
use crate::claims::Claims;
use crate::fault::Fault;
use crate::finding::Finding;
use crate::text::{is_email, shown};

/// The longest NameID (Core, section 8.3.7, for the strictest of its formats), in characters.
const LONGEST_NAME_ID: usize = 256;

const FORMATS: &str = "urn:oasis:names:tc:SAML:";

/// The person, as the provider names it.
pub(super) struct Person {
    pub(super) name_id: String,
    pub(super) format: Option<String>,
}

/// What the assertion says about the person.
pub(super) struct Attributes {
    /// By Name, and by FriendlyName where no attribute has that Name.
    pub(super) claims: Claims,
    /// The names among them that are only FriendlyNames.
    pub(super) friendly: HashSet<String>,
}

/// Reads the NameID: all of its text, whatever parts it (Core, section 2.2.3).
pub(super) fn person(assertion: Node<'_, '_>) -> Result<Person, Fault> {
    let name_id = part(assertion, "Subject")
        .and_then(|subject| part(subject, "NameID"))
        .ok_or(Fault::SamlNameIdMissing {})?;
    if has_elements(name_id) {
        return Err(Fault::SamlNameIdHasElements {});
    }
    let value = text(name_id);
    if trimmed(&value).is_empty() {
        return Err(Fault::SamlNameIdMissing {});
    }
    if value.chars().nth(LONGEST_NAME_ID).is_some() {
        return Err(Fault::SamlNameIdTooLong {
            length: value.chars().count(),
            limit: LONGEST_NAME_ID,
        });
    }
    Ok(Person {
        name_id: value,
        format: said(name_id, "Format")
            .map(|format| shown(trimmed(format), 200))
            .filter(|format| !format.is_empty()),
    })
}

/// What an assertion has once and this one more often (Core, section 2.3.3): readers would differ in
/// which they take.
pub(super) fn once(assertion: Node<'_, '_>) -> Vec<Finding> {
    let version = said(assertion, "Version").unwrap_or_default();
    if version != "2.0" {
        return vec![Finding::error(Fault::SamlVersionDiffers {
            version: shown(version, 50),
        })];
    }
    let subject = part(assertion, "Subject");
    [
        ("Issuer", Some(assertion)),
        ("Subject", Some(assertion)),
        ("Conditions", Some(assertion)),
        ("NameID", subject),
    ]
    .into_iter()
    .filter_map(|(name, parent)| {
        let count = parts(parent?, name).count();
        (count > 1).then(|| {
            Finding::error(Fault::SamlPartNotOnce {
                part: name.to_owned(),
                count,
            })
        })
    })
    .collect()
}

/// What should be looked at in the way the provider names the person and the sign-in.
pub(super) fn remarks(person: &Person, assertion: Node<'_, '_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    match person
        .format
        .as_deref()
        .and_then(|f| f.strip_prefix(FORMATS))
    {
        Some("2.0:nameid-format:transient") => {
            findings.push(Finding::warning(Fault::SamlNameIdTransient {}));
        }
        Some("1.1:nameid-format:emailAddress") if !is_email(&person.name_id) => {
            findings.push(Finding::warning(Fault::SamlNameIdNotEmail {
                received: shown(&person.name_id, 200),
            }));
        }
        _ => {}
    }
    let mut statements = parts(assertion, "AuthnStatement");
    if statements.next().is_none() {
        // Profiles, section 4.1.4.2.
        findings.push(Finding::error(Fault::SamlAuthnStatementMissing {}));
    } else if !parts(assertion, "AuthnStatement").any(|one| said(one, "SessionIndex").is_some()) {
        findings.push(Finding::note(Fault::SamlSessionIndexMissing {}));
    }
    if parts(assertion, "AttributeStatement")
        .flat_map(|statement| parts(statement, "Attribute"))
        .next()
        .is_none()
    {
        findings.push(Finding::warning(Fault::SamlAttributesMissing {}));
    }
    findings
}

/// Reads all attributes, every value in the order of arrival (Core, section 2.7.3).
///
/// An empty value is an empty text; `xsi:nil` is an attribute that came without a value. Of a value
/// that holds elements the text counts.
pub(super) fn attributes(assertion: Node<'_, '_>) -> Attributes {
    let mut claims = Claims::default();
    let mut friendly = Vec::new();
    for attribute in
        parts(assertion, "AttributeStatement").flat_map(|statement| parts(statement, "Attribute"))
    {
        let Some(name) = said(attribute, "Name") else {
            continue;
        };
        let values: Vec<String> = parts(attribute, "AttributeValue")
            .filter_map(value)
            .collect();
        if let Some(known_as) = said(attribute, "FriendlyName") {
            friendly.push((known_as, values.clone()));
        }
        claims.arrived(name, values);
    }
    // No FriendlyName speaks for an attribute that came under that very name.
    friendly.retain(|(name, _)| !name.is_empty() && !claims.has(name));
    for (name, values) in &friendly {
        claims.arrived(*name, values.clone());
    }
    Attributes {
        claims,
        friendly: friendly
            .into_iter()
            .map(|(name, _)| name.to_owned())
            .collect(),
    }
}

fn value(node: Node<'_, '_>) -> Option<String> {
    if is_nil(node) {
        return None;
    }
    let text = text(node);
    Some(if has_elements(node) {
        // Between elements white space is the layout's.
        trimmed(&text).to_owned()
    } else {
        text
    })
}
