//! What is different when metadata is read again.

use jiff::Timestamp;

use super::{Entity, SignOn};
use crate::certificate::CertificateShown;
use crate::connection::{RequestBinding, SamlConnection};
use crate::fault::Fault;
use crate::finding::Finding;

impl Entity {
    /// What a connection knows of its provider, to hold against metadata: [`changes`].
    pub fn of_connection(connection: &SamlConnection, now: Timestamp) -> Self {
        let name = match connection.request_binding {
            RequestBinding::Redirect => "HTTP-Redirect",
            RequestBinding::Post => "HTTP-POST",
        };
        Self {
            entity_id: connection.issuer.clone(),
            name: None,
            valid_until: None,
            sign_on: vec![SignOn {
                binding: Some(connection.request_binding),
                name: name.to_owned(),
                address: connection.sign_on_url.to_string(),
            }],
            certificates: connection
                .certificates
                .iter()
                .map(|certificate| certificate.shown(now))
                .collect(),
            encryption_certificates: Vec::new(),
            wants_signed_requests: connection.sign_requests,
            name_id_formats: Vec::new(),
            findings: Vec::new(),
        }
    }
}

/// What changed for a sign-in from one reading to the next, each with the field that it is about.
/// Ways to sign in that were not there before change nothing, and what was not asked for neither.
pub fn changes(before: &Entity, after: &Entity) -> Vec<Finding> {
    let mut findings = Vec::new();
    if before.entity_id != after.entity_id {
        findings.push(
            Finding::warning(Fault::MetadataEntityChanged {
                before: before.entity_id.clone(),
                after: after.entity_id.clone(),
            })
            .at("connection.issuer"),
        );
    }
    for known in before.sign_on.iter().filter(|it| it.binding.is_some()) {
        let same_way: Vec<&str> = after
            .sign_on
            .iter()
            .filter(|it| it.binding == known.binding)
            .map(|it| it.address.as_str())
            .collect();
        if !same_way.contains(&known.address.as_str()) {
            findings.push(
                Finding::warning(Fault::MetadataSignOnChanged {
                    binding: known.name.clone(),
                    before: known.address.clone(),
                    after: same_way.first().copied().unwrap_or("-").to_owned(),
                })
                .at("connection.sign_on_url"),
            );
        }
    }
    if after.wants_signed_requests && !before.wants_signed_requests {
        findings.push(
            Finding::warning(Fault::MetadataWantsSignedRequests {}).at("connection.sign_requests"),
        );
    }
    for added in missing_from(&before.certificates, &after.certificates) {
        findings.push(
            Finding::warning(Fault::MetadataCertificateAdded {
                subject: added.subject.clone(),
                sha256: added.sha256.clone(),
                not_after: added.not_after,
            })
            .at("connection.certificates"),
        );
    }
    for gone in missing_from(&after.certificates, &before.certificates) {
        findings.push(
            Finding::warning(Fault::MetadataCertificateRemoved {
                subject: gone.subject.clone(),
                sha256: gone.sha256.clone(),
                not_after: gone.not_after,
            })
            .at("connection.certificates"),
        );
    }
    findings
}

fn missing_from<'a>(
    these: &'a [CertificateShown],
    all: &'a [CertificateShown],
) -> impl Iterator<Item = &'a CertificateShown> {
    all.iter()
        .filter(|one| !these.iter().any(|it| it.sha256 == one.sha256))
}
