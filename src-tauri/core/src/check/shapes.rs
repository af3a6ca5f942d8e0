//! What the provider's own data says about the values of the form.

mod oidc;
mod saml;

use url::Url;

use super::{address, field};
use crate::catalogue::shape::AddressShape;
use crate::catalogue::{Catalogue, Provider, Service};
use crate::connection::Protocol;
use crate::fault::Fault;
use crate::finding::Finding;
use crate::rules::lint::is_misspelling;
use crate::set_up::SetUp;

const CLIENT_ID: &str = "connection.client_id";
const ISSUER: &str = "connection.issuer";
const SIGN_ON_URL: &str = "connection.sign_on_url";

/// Holds the values against the shapes of the chosen provider. A field that has an error already is
/// left alone, and so is a provider on this computer or in a private network, which stands in for
/// any.
pub(super) fn fields(
    set_up: &SetUp,
    provider: &Provider,
    service: Option<&Service>,
    catalogue: &Catalogue,
    findings: &mut Vec<Finding>,
) {
    let shapes = Against {
        set_up,
        provider,
        service,
        catalogue,
    };
    let found = match set_up.connection.protocol {
        Protocol::Oidc => vec![
            shapes.of_service(ISSUER, &set_up.connection.issuer),
            shapes.of_service(CLIENT_ID, &set_up.connection.client_id),
            shapes.issuer(),
            shapes.client_id(),
        ],
        Protocol::Saml => vec![
            shapes.of_service(ISSUER, &set_up.connection.issuer),
            shapes.of_service(SIGN_ON_URL, &set_up.connection.sign_on_url),
            shapes.entity_id(),
            shapes.sign_on_url(),
            shapes.other_application(),
        ],
    };
    for finding in found.into_iter().flatten() {
        let path = finding.path.as_deref();
        if !findings
            .iter()
            .any(|other| other.is_error() && other.path.as_deref() == path)
        {
            findings.push(finding);
        }
    }
}

struct Against<'a> {
    set_up: &'a SetUp,
    provider: &'a Provider,
    service: Option<&'a Service>,
    catalogue: &'a Catalogue,
}

impl Against<'_> {
    /// One of the service's own values in a field for one of the provider's.
    fn of_service(&self, path: &str, text: &str) -> Option<Finding> {
        let service = self.service?;
        let fields = &self.set_up.connection;
        let hosts = || {
            let regions = service.regions.iter();
            let addresses = regions.flat_map(|one| [&one.login_redirect_url, &one.sign_in_url]);
            addresses.filter_map(|address| Url::parse(address).ok())
        };
        let audience = fields.audience.as_ref().unwrap_or(&service.audience);
        let url = public(text);
        let bare = text.trim_start_matches("https://").trim_end_matches('/');
        let own = (fields.protocol == Protocol::Saml && !bare.is_empty() && bare == audience)
            || url.is_some_and(|url| hosts().any(|own| own.host_str() == url.host_str()));
        let service = service.name.clone();
        own.then(|| Finding::error(Fault::ValueOfService { service }).at(path))
    }

    fn console(&self, url: &Url) -> Option<Fault> {
        let consoles = &self.provider.shapes.console;
        let mend = consoles.iter().find_map(|console| console.mend(url))?;
        let example = match (mend.is_empty(), self.set_up.connection.protocol) {
            (true, Protocol::Oidc) => self.example(|guide| &guide.issuer_example),
            (true, Protocol::Saml) => {
                let guide = self.provider.saml.as_ref();
                guide.map_or_else(String::new, |guide| guide.sign_on_url_example.clone())
            }
            (false, _) => mend,
        };
        let provider = self.provider.name.clone();
        Some(Fault::AddressIsConsole { provider, example })
    }

    /// Another provider on whose own host the address is.
    fn other_provider(&self, url: &Url) -> Option<String> {
        let others = self.catalogue.providers.iter();
        let mut others = others.filter(|other| other.id != self.provider.id);
        let on_host = |shapes: &[AddressShape]| shapes.iter().any(|one| one.names_host(url));
        let other = others.find(|other| {
            let shapes = &other.shapes;
            on_host(&shapes.issuer.accepted)
                || on_host(&shapes.sign_on_url)
                || on_host(&shapes.entity_id)
        })?;
        let shapes = &self.provider.shapes;
        let ours = on_host(&shapes.issuer.accepted)
            || on_host(&shapes.sign_on_url)
            || on_host(&shapes.entity_id);
        // Whoever chose "Other" may mean a known one all the same.
        let named = !shapes.issuer.accepted.is_empty() || !shapes.sign_on_url.is_empty();
        (named && !ours).then(|| other.name.clone())
    }

    fn example(&self, of: impl Fn(&crate::catalogue::OidcGuide) -> &String) -> String {
        let guide = self.provider.oidc.as_ref();
        guide.map_or_else(String::new, |guide| of(guide).clone())
    }
}

/// An address that the public internet may know.
fn public(text: &str) -> Option<Url> {
    if field::placeholder(text).is_some() || text != text.trim() {
        return None;
    }
    let url = Url::parse(text).ok().filter(Url::has_host)?;
    (!address::is_loopback(&url) && !crate::server::is_private(&url)).then_some(url)
}

/// Whether the address has one of the shapes; where none is given, it may have any.
fn fits(shapes: &[AddressShape], url: &Url) -> bool {
    shapes.iter().any(|shape| shape.fits(url))
}

/// The address with or without the slash at its end, if that is not how it stands.
fn written(text: &str, slash: bool, url: &Url) -> Option<String> {
    if url.query().is_some() {
        return None;
    }
    match (slash, text.ends_with('/')) {
        (true, false) => Some(format!("{text}/")),
        (false, true) => Some(text.trim_end_matches('/').to_owned()),
        _ => None,
    }
}

/// The provider's host that the address almost names.
fn near_host(shapes: &[AddressShape], url: &Url) -> Option<String> {
    let host = url.host_str()?;
    let mut hosts = shapes.iter().flat_map(|shape| &shape.hosts);
    hosts.find_map(|known| {
        let (domain, own) = match known.strip_prefix("*.") {
            // As many labels at the end as the domain has.
            Some(domain) => {
                let dots = domain.matches('.').count();
                let cut = host.rmatch_indices('.').nth(dots);
                (domain, cut.map_or(host, |(at, _)| &host[at + 1..]))
            }
            None => (known.as_str(), host),
        };
        // The end of the domain was left out.
        let cut = |domain: &str| domain.split_once('.').map(|(first, _)| first.to_owned());
        let last = host.rsplit('.').next();
        if known.starts_with("*.") && cut(domain).as_deref() == last {
            let (before, _) = host.rsplit_once('.')?;
            return Some(format!("{before}.{domain}"));
        }
        // The dot before the domain was left out.
        let joined = host
            .strip_suffix(domain)
            .filter(|before| !before.is_empty());
        if let Some(before) =
            joined.filter(|before| known.starts_with("*.") && !before.ends_with('.'))
        {
            return Some(format!("{before}.{domain}"));
        }
        if known
            .strip_prefix(host)
            .is_some_and(|rest| rest.starts_with('.'))
        {
            return Some(known.clone());
        }
        let before = &host[..host.len() - own.len()];
        (own != domain && is_slip(own, domain)).then(|| format!("{before}{domain}"))
    })
}

/// Almost the same, and as long as a name has to be for that to be no chance.
fn is_slip(one: &str, other: &str) -> bool {
    one.len().abs_diff(other.len()) <= 1 && is_misspelling(one, other)
}
