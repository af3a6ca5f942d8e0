//! What the service gives: its own description, the Login Redirect URL, the audience.

use url::Url;

use super::{address, field};
use crate::catalogue::{Region, Service};
use crate::connection::Protocol;
use crate::fault::Fault;
use crate::finding::Finding;
use crate::set_up::{DescribedService, ServiceChoice, SetUp};

/// A service that the set-up describes. Its Login Redirect URL is checked with the connection.
pub(super) fn described(
    described: &DescribedService,
    protocol: Protocol,
    findings: &mut Vec<Finding>,
) {
    const ROLES: &str = "workspace.service.roles";
    field::name(&described.name, "workspace.service.name", findings);
    field::name(&described.fallback, "workspace.service.fallback", findings);
    if protocol == Protocol::Saml {
        field::word(&described.audience, "workspace.service.audience", findings);
    }
    if described.roles.iter().all(|role| role.trim().is_empty()) {
        findings.push(field::missing(ROLES));
        return;
    }
    for (index, role) in described.roles.iter().enumerate() {
        let path = format!("{ROLES}[{index}]");
        if !field::text(role, &path, findings) {
            continue;
        }
        let above = &described.roles[..index];
        let shown = || crate::text::shown(role, 100);
        if role != role.trim() {
            let field = path.clone();
            findings.push(Finding::error(Fault::FieldHasSpaceAround { field }).at(path));
        } else if above.contains(role) {
            findings.push(Finding::error(Fault::RoleTwice { role: shown() }).at(path));
        } else if above
            .iter()
            .any(|one| one.to_lowercase() == role.to_lowercase())
        {
            findings.push(Finding::warning(Fault::RoleTwice { role: shown() }).at(path));
        }
    }
    if described.roles.len() > 1 && described.roles[0] == described.fallback {
        let role = crate::text::shown(&described.fallback, 100);
        let fault = Fault::FallbackIsHighest { role };
        findings.push(Finding::warning(fault).at("workspace.service.fallback"));
    }
}

/// Where the service takes the answer: the region's address, or the one that the set-up gives.
pub(super) fn login_redirect_url(
    set_up: &SetUp,
    service: Option<&Service>,
    region: Option<&Region>,
    findings: &mut Vec<Finding>,
) -> Option<Url> {
    const PATH: &str = "connection.login_redirect_url";
    let documented = region.map(|region| region.login_redirect_url.as_str());
    let Some(given) = set_up.connection.login_redirect_url.as_deref() else {
        let region = region?;
        if region.inferred {
            findings.push(
                Finding::note(Fault::RedirectIsInferred {
                    region: region.name.clone(),
                    address: region.login_redirect_url.clone(),
                })
                .at(PATH),
            );
        }
        let path = match set_up.workspace.service {
            ServiceChoice::BuiltIn(_) => PATH,
            ServiceChoice::Described(_) => "workspace.service.login_redirect_url",
        };
        return answered_at(&region.login_redirect_url, path, findings);
    };
    let url = answered_at(given, PATH, findings)?;
    let host = |address: &str| Url::parse(address).ok()?.host_str().map(str::to_owned);
    let other = service
        .into_iter()
        .flat_map(|service| &service.regions)
        .find(|other| {
            Some(other.login_redirect_url.as_str()) != documented
                && host(&other.login_redirect_url).as_deref() == url.host_str()
        });
    match (documented, other) {
        (Some(expected), Some(other)) => findings.push(
            Finding::error(Fault::RedirectOfOtherRegion {
                expected: expected.to_owned(),
                received: given.to_owned(),
                region: other.name.clone(),
            })
            .at(PATH),
        ),
        (Some(expected), None) if expected != given => findings.push(
            Finding::warning(Fault::RedirectDiffers {
                expected: expected.to_owned(),
                received: given.to_owned(),
            })
            .at(PATH),
        ),
        _ => {}
    }
    Some(url)
}

/// An address that an answer can be sent to: one without a fragment (RFC 6749, section 3.1.2).
fn answered_at(given: &str, path: &str, findings: &mut Vec<Finding>) -> Option<Url> {
    let url = address::address(given, path, findings)?;
    let Some((mend, _)) = given.split_once('#') else {
        return Some(url);
    };
    let mend = crate::text::shown(mend, 500);
    findings.push(Finding::error(Fault::RedirectHasFragment { mend }).at(path));
    None
}

/// An audience that the set-up gives in the place of the service's own (SAML).
pub(super) fn audience(set_up: &SetUp, service: Option<&Service>, findings: &mut Vec<Finding>) {
    const PATH: &str = "connection.audience";
    let Some(given) = set_up.connection.audience.as_deref() else {
        return;
    };
    if set_up.connection.protocol != Protocol::Saml || !field::word(given, PATH, findings) {
        return;
    }
    let expected = service.map(|service| service.audience.as_str());
    let Some(expected) = expected.filter(|expected| !expected.is_empty() && *expected != given)
    else {
        return;
    };
    let fault = Fault::AudienceOverridden {
        expected: expected.to_owned(),
        received: crate::text::shown(given, 200),
    };
    findings.push(Finding::warning(fault).at(PATH));
}
