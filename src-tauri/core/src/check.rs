//! Checks a set-up, every field and every rule, and parses its connection.
//!
//! All findings at once, each with the path of its field. A connection comes out only where no
//! field of it has an error.

mod address;
mod expiry;
pub(crate) mod field;
mod oidc;
mod saml;
mod sense;
mod service;
mod shapes;

use secrecy::{ExposeSecret, SecretString};

use crate::catalogue::{Catalogue, Provider, Region, Service, listed};
use crate::connection::{Connection, Protocol};
use crate::fault::Fault;
use crate::finding::{Finding, any_error};
use crate::rules::lint::lint;
use crate::set_up::{ServiceChoice, SetUp};

pub use expiry::{Ends, end_is_owed, expiry, next_expiry};
pub(crate) use oidc::shared_part;

/// What a set-up is worth.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Everything noticed, in the order of the form.
    pub findings: Vec<Finding>,
    /// The service, where it is known.
    pub service: Option<Service>,
    /// The connection, where every field of it holds.
    pub connection: Option<Connection>,
    /// What it rests on that ends.
    pub ends: Ends,
}

impl Checked {
    /// Whether no field and no rule has an error.
    pub fn holds(&self) -> bool {
        !any_error(&self.findings)
    }
}

const OWNER: &str = "workspace.owner_email";

/// Checks a set-up against the catalogue. What is a matter of time is said by [`expiry`].
pub fn check(set_up: &SetUp, catalogue: &Catalogue) -> Checked {
    let service = catalogue.service_of(set_up);
    let mut findings = workspace(set_up, catalogue, service.as_ref());
    let region = service
        .as_ref()
        .and_then(|service| region_of(set_up, service));
    let provider = catalogue.provider(&set_up.connection.provider);

    let mut of_connection = self::provider(set_up, catalogue, provider);
    let redirect =
        service::login_redirect_url(set_up, service.as_ref(), region, &mut of_connection);
    let (connection, ends) = match set_up.connection.protocol {
        Protocol::Oidc => (
            oidc::connection(set_up, provider, redirect, &mut of_connection),
            Ends::Secret(set_up.connection.secret_ends()),
        ),
        Protocol::Saml => {
            let service = service.as_ref();
            let (connection, read) =
                saml::connection(set_up, provider, service, redirect, &mut of_connection);
            (connection, Ends::Certificates(read))
        }
    };
    service::audience(set_up, service.as_ref(), &mut of_connection);
    if let Some(provider) = provider {
        shapes::fields(
            set_up,
            provider,
            service.as_ref(),
            catalogue,
            &mut of_connection,
        );
    }
    of_connection.extend(expiry::readable(&set_up.connection));
    let connection = connection.filter(|_| !any_error(&of_connection));
    findings.extend(of_connection);
    findings.extend(sense::together(set_up, service.as_ref(), provider));
    // Without roles every role would be unknown; that there are none is said where they belong.
    if let Some(service) = service.as_ref().filter(|one| !one.roles.is_empty()) {
        // No rule is held against an address that is none, or that only looks like the right one.
        let owner = set_up.workspace.owner_email.trim();
        let is_doubted = findings
            .iter()
            .any(|one| one.path.as_deref() == Some(OWNER));
        let owner = if crate::text::is_email(owner) && !is_doubted {
            owner
        } else {
            ""
        };
        let linted = lint(&set_up.rules, service, owner);
        let spelt: Vec<String> = findings.iter().filter_map(spelt_otherwise).collect();
        findings.extend(linted.into_iter().filter(|one| match &one.fault {
            // The one that is spelt otherwise is named already.
            Fault::RuleClaimCaseTwin { claim, .. } => !spelt.contains(&claim.to_lowercase()),
            _ => true,
        }));
    }
    Checked {
        findings,
        service,
        connection,
        ends,
    }
}

/// The claim that this finding says is written with other capitals, in small letters.
fn spelt_otherwise(finding: &Finding) -> Option<String> {
    match &finding.fault {
        Fault::ClaimSpelling { claim, near } if claim.eq_ignore_ascii_case(near) => {
            Some(near.to_lowercase())
        }
        _ => None,
    }
}

/// Checks the client secret, which is not part of the set-up.
pub fn check_secret(set_up: &SetUp, catalogue: &Catalogue, secret: &SecretString) -> Vec<Finding> {
    const PATH: &str = "connection.client_secret";
    let secret = secret.expose_secret();
    let mut findings = Vec::new();
    field::one_line(secret, PATH, &mut findings);
    if !secret.is_empty() && secret == set_up.connection.client_id.trim() {
        findings.push(Finding::error(Fault::SecretIsClientId {}).at(PATH));
    }
    let guid_is_an_id = catalogue
        .provider(&set_up.connection.provider)
        .is_some_and(|provider| provider.secret_id_is_guid);
    if guid_is_an_id && crate::text::is_guid(secret) {
        findings.push(Finding::error(Fault::SecretLooksLikeSecretId {}).at(PATH));
    }
    findings
}

/// The region of a set-up; the only one of a service that has no regions.
pub fn region_of<'a>(set_up: &SetUp, service: &'a Service) -> Option<&'a Region> {
    match &service.regions[..] {
        [only] => Some(only),
        _ => service.region(&set_up.workspace.region),
    }
}

fn workspace(set_up: &SetUp, catalogue: &Catalogue, service: Option<&Service>) -> Vec<Finding> {
    let workspace = &set_up.workspace;
    let mut findings = Vec::new();
    if let Err(unknown) = catalogue.service_or_fault(set_up) {
        findings.push(Finding::error(unknown).at("workspace.service"));
    }
    if let ServiceChoice::Described(described) = &workspace.service {
        let protocol = set_up.connection.protocol;
        service::described(described, protocol, &mut findings);
    }
    field::name(&workspace.name, "workspace.name", &mut findings);
    if let Some(service) = service.filter(|service| service.regions.len() > 1) {
        if workspace.region.is_empty() {
            findings.push(field::not_chosen("workspace.region"));
        } else if service.region(&workspace.region).is_none() {
            findings.push(
                Finding::error(Fault::UnknownRegion {
                    region: crate::text::shown(&workspace.region, 100),
                    known: listed(service.regions.iter().map(|region| &*region.id)),
                })
                .at("workspace.region"),
            );
        }
    }
    field::email(&workspace.owner_email, OWNER, &mut findings);
    findings
}

fn provider(set_up: &SetUp, catalogue: &Catalogue, provider: Option<&Provider>) -> Vec<Finding> {
    const PATH: &str = "connection.provider";
    let id = &set_up.connection.provider;
    let Some(provider) = provider else {
        return vec![if id.is_empty() {
            field::not_chosen(PATH)
        } else {
            Finding::error(catalogue.unknown_provider(id)).at(PATH)
        }];
    };
    if provider.protocols.contains(&set_up.connection.protocol) {
        return Vec::new();
    }
    vec![
        Finding::error(Fault::ProtocolNotOffered {
            provider: provider.name.clone(),
            protocol: set_up.connection.protocol.name().to_owned(),
            offered: listed(provider.protocols.iter().map(|protocol| protocol.name())),
        })
        .at("connection.protocol"),
    ]
}

#[cfg(test)]
mod tests;
