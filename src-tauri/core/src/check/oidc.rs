//! The fields of an OpenID Connect connection.

use url::Url;

use super::{address, field};
use crate::catalogue::{Provider, Region, Service};
use crate::connection::{Connection, Flow, Issuer, OidcConnection};
use crate::fault::Fault;
use crate::finding::Finding;
use crate::set_up::SetUp;

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
        return address::address(&region.login_redirect_url, PATH, findings);
    };
    let url = address::address(given, PATH, findings)?;
    let other = service
        .into_iter()
        .flat_map(|service| &service.regions)
        .find(|other| {
            Some(other.login_redirect_url.as_str()) != documented
                && other.login_redirect_url == given
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

/// The connection, if every field of it could be read.
pub(super) fn connection(
    set_up: &SetUp,
    provider: Option<&Provider>,
    redirect: Option<Url>,
    findings: &mut Vec<Finding>,
) -> Option<Connection> {
    let fields = &set_up.connection;
    let issuer = issuer(&fields.issuer, provider, findings);
    let client_id = field::word(&fields.client_id, "connection.client_id", findings);
    let guide = provider.and_then(|provider| provider.oidc.as_ref());
    let scopes = fields.scopes.clone().unwrap_or_else(|| match guide {
        Some(guide) => guide.scopes.clone(),
        None => ["openid", "email", "profile"].map(str::to_owned).into(),
    });
    self::scopes(&scopes, set_up, provider, findings);
    let connection = OidcConnection {
        provider: fields.provider.clone(),
        issuer: issuer?,
        client_id: client_id.then(|| fields.client_id.clone())?,
        scopes,
        flow: fields
            .flow
            .or(guide.map(|guide| guide.flow))
            .unwrap_or(Flow::Code),
        login_hint: fields.login_hint.unwrap_or(false),
        login_redirect_url: redirect?,
    };
    findings.extend(connection.at_service("issuer", connection.issuer.url()));
    Some(Connection::Oidc(connection))
}

fn issuer(text: &str, provider: Option<&Provider>, findings: &mut Vec<Finding>) -> Option<Issuer> {
    const PATH: &str = "connection.issuer";
    let url = address::address(text, PATH, findings)?;
    let mut error = |fault: Fault| findings.push(Finding::error(fault).at(PATH));
    if let Some(before) = text.find("/.well-known/") {
        error(Fault::IssuerIsDiscoveryAddress {
            mend: crate::text::shown(&text[..before], 500),
        });
        return None;
    }
    if url.query().is_some() || url.fragment().is_some() {
        error(Fault::AddressHasQueryOrFragment {
            field: PATH.to_owned(),
        });
        return None;
    }
    if let Some(part) = shared_part(&url, provider) {
        error(Fault::IssuerIsForManyTenants { part });
        return None;
    }
    Issuer::parse(text)
}

fn shared_part(url: &Url, provider: Option<&Provider>) -> Option<String> {
    let shared = provider?.shared_issuers.as_ref()?;
    let host = url.host_str()?;
    if !shared.hosts.iter().any(|known| known == host) {
        return None;
    }
    url.path_segments()?
        .find(|part| shared.parts.iter().any(|known| known == part))
        .map(str::to_owned)
}

fn scopes(
    scopes: &[String],
    set_up: &SetUp,
    provider: Option<&Provider>,
    findings: &mut Vec<Finding>,
) {
    const PATH: &str = "connection.scopes";
    const MOST: usize = 50;
    let mut add = |finding: Finding| findings.push(finding.at(PATH));
    if scopes.len() > MOST {
        add(Finding::error(Fault::FieldTooLong {
            field: PATH.to_owned(),
            length: scopes.len(),
            limit: MOST,
        }));
        return;
    }
    if !scopes.iter().any(|scope| scope == "openid") {
        add(Finding::error(Fault::ScopeOpenidMissing {}));
    }
    let needs_email = set_up.rules.claim_names().contains(&"email");
    if needs_email && !scopes.iter().any(|scope| scope == "email") {
        add(Finding::warning(Fault::ScopeEmailMissing {}));
    }
    for (index, scope) in scopes.iter().enumerate() {
        let shown = || crate::text::shown(scope, 100);
        // RFC 6749, section 3.3: printable ASCII without space, quotation mark and backslash.
        if scope.is_empty()
            || !scope
                .bytes()
                .all(|b| matches!(b, 0x21 | 0x23..=0x5B | 0x5D..=0x7E))
        {
            add(Finding::error(Fault::ScopeNotAllowed { scope: shown() }));
        } else if scopes[..index].contains(scope) {
            add(Finding::warning(Fault::ScopeTwice { scope: shown() }));
        }
        if let Some(provider) = provider.filter(|provider| provider.refused_scopes.contains(scope))
        {
            add(Finding::error(Fault::ScopeRefusedByProvider {
                scope: shown(),
                provider: provider.name.clone(),
            }));
        }
    }
}
