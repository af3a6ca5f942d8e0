//! The fields of an OpenID Connect connection.

use url::Url;

use super::{address, field};
use crate::catalogue::Provider;
use crate::connection::{Connection, Flow, Issuer, OidcConnection};
use crate::fault::Fault;
use crate::finding::Finding;
use crate::rules::lint::is_misspelling;
use crate::set_up::SetUp;

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

/// The part of the path that stands for many tenants.
pub(crate) fn shared_part(url: &Url, provider: Option<&Provider>) -> Option<String> {
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
    if scopes.len() > MOST {
        let fault = Fault::FieldTooLong {
            field: PATH.to_owned(),
            length: scopes.len(),
            limit: MOST,
        };
        findings.push(Finding::error(fault).at(PATH));
        return;
    }
    // Several written as one are said to be so, and not to be missing.
    let has = |name: &str| {
        let mut parts = scopes.iter().flat_map(|scope| scope.split([' ', ',']));
        parts.any(|part| part == name)
    };
    let needs_email = set_up.rules.claim_names().contains(&"email");
    let openid = misspelt_at("openid", scopes);
    if !has("openid") {
        let path = openid.map_or_else(|| PATH.to_owned(), |index| format!("{PATH}[{index}]"));
        findings.push(Finding::error(Fault::ScopeOpenidMissing {}).at(path));
    } else if needs_email && !has("email") && misspelt_at("email", scopes).is_none() {
        findings.push(Finding::warning(Fault::ScopeEmailMissing {}).at(PATH));
    }
    for (index, scope) in scopes.iter().enumerate() {
        let mut add = |finding: Finding| findings.push(finding.at(format!("{PATH}[{index}]")));
        let shown = || crate::text::shown(scope, 100);
        if let Some(placeholder) = field::placeholder(scope) {
            let field = format!("{PATH}[{index}]");
            let fault = Fault::PlaceholderLeftIn { field, placeholder };
            add(Finding::error(fault));
            continue;
        }
        // RFC 6749, section 3.3: printable ASCII without space, quotation mark and backslash.
        let joined = scope.contains(',') && scope.split(',').any(|part| part == "openid");
        if scope.is_empty()
            || joined
            || !scope
                .bytes()
                .all(|b| matches!(b, 0x21 | 0x23..=0x5B | 0x5D..=0x7E))
        {
            add(Finding::error(Fault::ScopeNotAllowed { scope: shown() }));
        } else if scopes[..index].contains(scope) {
            add(Finding::warning(Fault::ScopeTwice { scope: shown() }));
        } else if let Some(near) = misspelt(scope, scopes).filter(|_| openid != Some(index)) {
            add(Finding::warning(Fault::ScopeSpelling {
                scope: shown(),
                near: near.to_owned(),
            }));
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

/// Where this scope stands misspelt.
fn misspelt_at(name: &str, scopes: &[String]) -> Option<usize> {
    scopes
        .iter()
        .position(|scope| misspelt(scope, scopes) == Some(name))
}

/// A scope of OpenID Connect Core 1.0, section 5.4, that was probably meant; none if it stands there too.
fn misspelt(scope: &str, scopes: &[String]) -> Option<&'static str> {
    const USUAL: [&str; 5] = ["openid", "email", "profile", "groups", "offline_access"];
    let other = |near: &&str| *near != scope && !scopes.iter().any(|one| one == near);
    USUAL
        .into_iter()
        .filter(|_| !USUAL.contains(&scope))
        .filter(other)
        .find(|near| is_misspelling(scope, near))
}
