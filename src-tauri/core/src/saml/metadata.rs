//! What a provider says about itself (SAML 2.0 Metadata): its entity ID, where people sign in, the
//! certificates that it signs with.

mod changes;
mod descriptor;
mod foreign;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;

pub use self::changes::changes;
use self::descriptor::{Descriptors, METADATA};
use super::signature::{self, SIGNATURE};
use crate::certificate::{Certificate, CertificateShown};
use crate::connection::RequestBinding;
use crate::fault::Fault;
use crate::finding::{Finding, Told};
use crate::oidc::http::HttpAnswer;
use crate::text::shown;
use crate::xml::{self, Checked, Document, Limits};

/// The largest metadata that is read, in bytes.
pub const LARGEST: usize = 20 * 1024 * 1024;

/// The largest number of entities that is read.
pub const MOST_ENTITIES: usize = 5_000;

/// A federation's metadata has some hundred elements and texts for each entity.
const LIMITS: Limits = Limits {
    bytes: LARGEST,
    nodes: 3_000_000,
    // A federation declares all the namespaces of its members at the root.
    attributes: 64,
    namespaces: 48,
    ..Limits::MESSAGE
};

/// What one metadata document says about providers. Other entities in it are left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct Metadata {
    /// Until when it may be used, where it says so.
    pub valid_until: Option<Timestamp>,
    /// Whether the document is signed as a whole.
    pub signed: MetadataSignature,
    /// The providers in it: at least one.
    pub entities: Vec<Entity>,
    /// What was noticed about the document as a whole.
    pub findings: Vec<Told>,
}

/// The state of a document's signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum MetadataSignature {
    /// There is none: the document is worth as much as the way it came.
    Unsigned,
    /// There is one. A key to check it with was not given: one that comes along proves nothing.
    NotChecked,
    /// It verifies with a certificate that was given, and everything was read from what it covers.
    Verified,
}

/// One provider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct Entity {
    /// Its entity ID, byte for byte.
    pub entity_id: String,
    /// Its name for people, where it has one.
    pub name: Option<String>,
    /// Until when what is said about it may be used, where that is said.
    pub valid_until: Option<Timestamp>,
    /// Where people sign in.
    pub sign_on: Vec<SignOn>,
    /// The certificates that it signs with, those without a stated use among them.
    pub certificates: Vec<CertificateShown>,
    /// Certificates for encryption alone. No answer is signed with them.
    pub encryption_certificates: Vec<CertificateShown>,
    /// Whether it takes signed requests only.
    pub wants_signed_requests: bool,
    /// The NameID formats that it offers, as URNs.
    pub name_id_formats: Vec<String>,
    /// What was noticed about it.
    pub findings: Vec<Told>,
}

/// An address where people sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SignOn {
    /// How a request travels there; none for a way that Latchkey does not send.
    pub binding: Option<RequestBinding>,
    /// The way's own name: `HTTP-Redirect`.
    pub name: String,
    /// The address.
    pub address: String,
}

/// Reads metadata from a file or a paste. A signature is noticed and not checked.
///
/// # Errors
/// The fault that names what this is instead, which limit it breaks, or that no provider is in it.
pub fn read(bytes: &[u8], now: Timestamp) -> Result<Metadata, Fault> {
    if let Some(fault) = foreign::before_parsing(bytes) {
        return Err(fault);
    }
    let checked = Checked::new(bytes, &LIMITS).map_err(named)?;
    let document = checked.parse().map_err(named)?;
    let signed = match is_signed(&document) {
        true => MetadataSignature::NotChecked,
        false => MetadataSignature::Unsigned,
    };
    of_document(&document, signed, now)
}

/// Reads metadata that came from an address.
///
/// # Errors
/// As [`read`]; and the fault for an answer that is an error, or leads elsewhere.
pub fn answered(answer: &HttpAnswer, now: Timestamp) -> Result<Metadata, Fault> {
    answer.succeeded()?;
    read(&answer.body, now).map_err(|fault| match fault {
        // A page whose tags are not all closed is no XML.
        Fault::MetadataMalformed { .. } | Fault::NotMetadata {} if answer.says_html() => {
            Fault::MetadataIsHtml {}
        }
        other => other,
    })
}

/// Reads metadata whose signature one of these certificates has to verify: everything comes from
/// the bytes that it covers.
///
/// # Errors
/// What [`read`] refuses, and what is wrong with the signature.
pub fn read_signed(
    bytes: &[u8],
    now: Timestamp,
    certificates: &[Certificate],
) -> Result<Metadata, Vec<Finding>> {
    let one = |fault: Fault| vec![Finding::error(named(fault))];
    if let Some(fault) = foreign::before_parsing(bytes) {
        return Err(one(fault));
    }
    let checked = Checked::new(bytes, &LIMITS).map_err(one)?;
    let document = checked.parse().map_err(one)?;
    let signature = document
        .root_element()
        .children()
        .find(|child| child.has_tag_name((SIGNATURE, "Signature")))
        .ok_or_else(|| one(Fault::MetadataUnsigned {}))?;
    let signed = signature::verify(&document, signature, certificates)?;
    let document = signed.parse().map_err(one)?;
    of_document(&document, MetadataSignature::Verified, now).map_err(one)
}

fn of_document(
    document: &Document<'_>,
    signed: MetadataSignature,
    now: Timestamp,
) -> Result<Metadata, Fault> {
    let root = document.root_element();
    let name = root.tag_name();
    if name.namespace() != Some(METADATA)
        || !matches!(name.name(), "EntityDescriptor" | "EntitiesDescriptor")
    {
        return Err(foreign::root(root));
    }
    let mut found = Descriptors::default();
    found.collect(root)?;
    let entities: Vec<Entity> = found
        .providers
        .iter()
        .filter_map(|descriptor| descriptor::entity(*descriptor, now))
        .collect();
    if entities.is_empty() {
        return Err(found.without_provider());
    }
    let valid_until = descriptor::valid_until(root);
    let mut findings = Vec::new();
    if let Some(valid_until) = valid_until.filter(|until| *until < now) {
        findings.push(Finding::warning(Fault::MetadataExpired {
            valid_until,
            now,
        }));
    }
    if signed == MetadataSignature::NotChecked {
        findings.push(Finding::note(Fault::MetadataSignatureNotChecked {}));
    }
    if entities.len() > 1 {
        findings.push(Finding::note(Fault::MetadataOfSeveral {
            count: entities.len(),
        }));
    }
    if found.providers.len() > entities.len() {
        findings.push(Finding::warning(Fault::MetadataEntityIdMissing {
            count: found.providers.len() - entities.len(),
        }));
    }
    Ok(Metadata {
        valid_until,
        signed,
        entities,
        findings: findings.iter().map(Finding::told).collect(),
    })
}

fn is_signed(document: &Document<'_>) -> bool {
    document
        .root_element()
        .children()
        .any(|child: xml::Node<'_, '_>| child.has_tag_name((SIGNATURE, "Signature")))
}

/// The limits in the words of metadata: the others speak of answers.
fn named(fault: Fault) -> Fault {
    match fault {
        Fault::XmlTooLarge { limit, .. } => Fault::MetadataTooLarge { limit },
        Fault::XmlTooManyNodes { .. } => Fault::MetadataTooLarge { limit: LARGEST },
        Fault::XmlMalformed {
            line,
            column,
            reason,
        } => Fault::MetadataMalformed {
            line,
            column,
            reason: shown(&reason, 200),
        },
        Fault::NotXml {} => Fault::NotMetadata {},
        other => other,
    }
}

#[cfg(test)]
mod tests;
