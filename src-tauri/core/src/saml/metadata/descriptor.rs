//! The elements of metadata (SAML 2.0 Metadata, section 2).

use jiff::Timestamp;

use super::{Entity, MOST_ENTITIES, SignOn};
use crate::certificate::{self, Certificate, CertificateShown};
use crate::connection::RequestBinding;
use crate::fault::Fault;
use crate::finding::Finding;
use crate::saml::PROTOCOL;
use crate::saml::response::time::moment;
use crate::saml::signature::SIGNATURE;
use crate::text::shown;
use crate::xml::{Node, attribute};

/// The namespace of metadata.
pub(super) const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";

/// The namespace of what is shown to people (SAML V2.0 Metadata Extensions for Login and Discovery
/// User Interface, section 2.1).
const FOR_PEOPLE: &str = "urn:oasis:names:tc:SAML:metadata:ui";

/// The longest entity ID (SAML 2.0 Core, section 8.3.6), in characters.
const LONGEST_ENTITY_ID: usize = 1024;

/// The longest address, in bytes: as long as any field of the form.
const LONGEST_ADDRESS: usize = 2_000;

/// The largest number of certificates, addresses and formats of one entity.
const MOST_OF_A_KIND: usize = 50;

/// Every entity of a document, by what it is.
#[derive(Default)]
pub(super) struct Descriptors<'a, 'i> {
    pub(super) providers: Vec<Node<'a, 'i>>,
    count: usize,
    service: Option<String>,
    has_other_protocol: bool,
}

impl<'a, 'i> Descriptors<'a, 'i> {
    /// Looks through a descriptor and those inside it; the limit of depth bounds how far.
    pub(super) fn collect(&mut self, node: Node<'a, 'i>) -> Result<(), Fault> {
        if node.has_tag_name((METADATA, "EntitiesDescriptor")) {
            return elements(node).try_for_each(|child| self.collect(child));
        }
        if !node.has_tag_name((METADATA, "EntityDescriptor")) {
            return Ok(());
        }
        self.count += 1;
        if self.count > MOST_ENTITIES {
            return Err(Fault::MetadataTooManyEntities {
                limit: MOST_ENTITIES,
            });
        }
        if roles(node).next().is_some() {
            self.providers.push(node);
            return Ok(());
        }
        if elements(node).any(|child| child.has_tag_name((METADATA, "SPSSODescriptor"))) {
            let id = attribute(node, "entityID").unwrap_or_default();
            self.service.get_or_insert_with(|| shown(id, 300));
        }
        self.has_other_protocol |= elements(node).any(|child| {
            child.has_tag_name((METADATA, "RoleDescriptor"))
                || child.has_tag_name((METADATA, "IDPSSODescriptor"))
        });
        Ok(())
    }

    /// What the document is about, where no provider is in it.
    pub(super) fn without_provider(self) -> Fault {
        match self.service {
            _ if !self.providers.is_empty() => Fault::MetadataEntityIdMissing {
                count: self.providers.len(),
            },
            Some(entity_id) => Fault::MetadataOfService { entity_id },
            None if self.has_other_protocol => Fault::MetadataOfOtherProtocol {},
            None => Fault::MetadataWithoutProvider {},
        }
    }
}

/// One provider; none without an entity ID.
pub(super) fn entity(node: Node<'_, '_>, now: Timestamp) -> Option<Entity> {
    let entity_id = attribute(node, "entityID")
        .filter(|id| !id.trim().is_empty() && id.chars().count() <= LONGEST_ENTITY_ID)?;
    let mut findings = Vec::new();
    let mut keys = Keys::default();
    for key in roles(node).flat_map(|role| children(role, "KeyDescriptor")) {
        keys.add(key, &mut findings);
    }
    let sign_on: Vec<SignOn> = roles(node)
        .flat_map(|role| children(role, "SingleSignOnService"))
        .filter_map(sign_on)
        .take(MOST_OF_A_KIND)
        .collect();
    if !sign_on.iter().any(|it| it.binding.is_some()) {
        let offered: Vec<&str> = sign_on.iter().map(|it| it.name.as_str()).collect();
        findings.push(Finding::error(Fault::MetadataWithoutSignOn {
            offered: shown(&offered.join(", "), 200),
        }));
    }
    match &keys.signing[..] {
        [] if keys.encryption.is_empty() => {
            findings.push(Finding::error(Fault::MetadataWithoutCertificate {}));
        }
        [] => findings.push(Finding::error(Fault::MetadataWithEncryptionOnly {})),
        [_] => {}
        several => findings.push(Finding::note(Fault::MetadataWithSeveralCertificates {
            count: several.len(),
        })),
    }
    if !keys.signing.is_empty() && !keys.signing.iter().any(|it| it.is_current(now)) {
        findings.push(Finding::error(Fault::MetadataCertificatesNotCurrent {}));
    }
    let valid_until = valid_until(node);
    // Of the outermost element it is said for the whole document.
    if let Some(valid_until) = valid_until.filter(|until| *until < now)
        && node.parent_element().is_some()
    {
        findings.push(Finding::warning(Fault::MetadataExpired {
            valid_until,
            now,
        }));
    }
    let shown = |certificates: &[Certificate]| -> Vec<CertificateShown> {
        certificates.iter().map(|it| it.shown(now)).collect()
    };
    Some(Entity {
        entity_id: entity_id.to_owned(),
        name: name(node),
        valid_until,
        sign_on,
        certificates: shown(&keys.signing),
        encryption_certificates: shown(&keys.encryption),
        wants_signed_requests: roles(node).any(|role| {
            matches!(
                attribute(role, "WantAuthnRequestsSigned"),
                Some("true" | "1")
            )
        }),
        name_id_formats: roles(node)
            .flat_map(|role| children(role, "NameIDFormat"))
            .map(|format| crate::text::shown(text(format).trim(), 200))
            .take(MOST_OF_A_KIND)
            .collect(),
        findings: findings.iter().map(Finding::told).collect(),
    })
}

/// `validUntil` (`xs:dateTime`, in UTC by section 1.1 of the core).
pub(super) fn valid_until(node: Node<'_, '_>) -> Option<Timestamp> {
    attribute(node, "validUntil").and_then(moment)
}

/// The certificates of one provider, each once.
#[derive(Default)]
struct Keys {
    signing: Vec<Certificate>,
    encryption: Vec<Certificate>,
}

impl Keys {
    /// Takes what one `KeyDescriptor` holds (section 2.4.1.1); without `use` it is for both.
    fn add(&mut self, key: Node<'_, '_>, findings: &mut Vec<Finding>) {
        let list = match attribute(key, "use") {
            Some("encryption") => &mut self.encryption,
            _ => &mut self.signing,
        };
        let mut found = false;
        for element in key
            .descendants()
            .filter(|it| it.has_tag_name((SIGNATURE, "X509Certificate")))
        {
            found = true;
            let read = certificate::read(text(element).as_bytes()).certificates;
            if read.is_empty() {
                findings.push(Finding::warning(Fault::MetadataCertificateUnreadable {}));
            }
            for certificate in read {
                if list.len() < MOST_OF_A_KIND && !list.contains(&certificate) {
                    list.push(certificate);
                }
            }
        }
        if !found {
            findings.push(Finding::warning(Fault::MetadataKeyWithoutCertificate {}));
        }
    }
}

/// The roles of a SAML 2.0 provider; descriptors of SAML 1 are none.
fn roles<'a, 'i>(entity: Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    children(entity, "IDPSSODescriptor").filter(|role| {
        attribute(*role, "protocolSupportEnumeration")
            .is_none_or(|protocols| protocols.split_whitespace().any(|it| it == PROTOCOL))
    })
}

fn sign_on(service: Node<'_, '_>) -> Option<SignOn> {
    const BINDINGS: &str = "urn:oasis:names:tc:SAML:2.0:bindings:";
    let address = attribute(service, "Location")
        .map(str::trim)
        .filter(|address| !address.is_empty() && address.len() <= LONGEST_ADDRESS)?;
    let urn = attribute(service, "Binding").unwrap_or_default();
    let name = urn.strip_prefix(BINDINGS).unwrap_or(urn);
    Some(SignOn {
        binding: match name {
            "HTTP-Redirect" => Some(RequestBinding::Redirect),
            "HTTP-POST" => Some(RequestBinding::Post),
            _ => None,
        },
        name: shown(name, 100),
        address: address.to_owned(),
    })
}

/// The name for people: in English where there is a choice, and the organisation's where there is
/// no other.
fn name(entity: Node<'_, '_>) -> Option<String> {
    let names: Vec<Node<'_, '_>> = roles(entity)
        .flat_map(|role| children(role, "Extensions"))
        .flat_map(elements)
        .filter(|it| it.has_tag_name((FOR_PEOPLE, "UIInfo")))
        .flat_map(elements)
        .filter(|it| it.has_tag_name((FOR_PEOPLE, "DisplayName")))
        .chain(
            children(entity, "Organization")
                .flat_map(|organization| children(organization, "OrganizationDisplayName")),
        )
        .collect();
    let english = |it: &&Node<'_, '_>| {
        it.attribute(("http://www.w3.org/XML/1998/namespace", "lang")) == Some("en")
    };
    let chosen = names.iter().find(english).or(names.first())?;
    let name = shown(text(*chosen).trim(), 200);
    (!name.is_empty()).then_some(name)
}

/// All text of an element that has no others, comments left out.
fn text(element: Node<'_, '_>) -> String {
    element
        .children()
        .filter(Node::is_text)
        .filter_map(|child| child.text())
        .collect()
}

fn children<'a, 'i>(
    parent: Node<'a, 'i>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'i>> {
    elements(parent).filter(move |child| child.has_tag_name((METADATA, name)))
}

fn elements<'a, 'i>(parent: Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    parent.children().filter(Node::is_element)
}
