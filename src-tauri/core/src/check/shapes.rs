//! What the provider's own data says about the values of the form.

use url::Url;

use super::{address, field};
use crate::catalogue::shape::{AddressShape, IssuerShape};
use crate::catalogue::{Catalogue, Provider, Service};
use crate::connection::Protocol;
use crate::fault::Fault;
use crate::finding::Finding;
use crate::paste::{self, Context, Kind};
use crate::rules::lint::is_misspelling;
use crate::set_up::SetUp;

const ISSUER: &str = "connection.issuer";
const CLIENT_ID: &str = "connection.client_id";
const SIGN_ON_URL: &str = "connection.sign_on_url";

/// What endpoints are called that are often taken for the issuer.
const ENDPOINTS: [&str; 6] = [
    "authorize",
    "token",
    "userinfo",
    "jwks",
    "jwks.json",
    "logout",
];

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
        let own = (fields.protocol == Protocol::Saml && text == audience)
            || url.is_some_and(|url| hosts().any(|own| own.host_str() == url.host_str()));
        let service = service.name.clone();
        own.then(|| Finding::error(Fault::ValueOfService { service }).at(path))
    }

    fn issuer(&self) -> Option<Finding> {
        let text = self.set_up.connection.issuer.as_str();
        let url = public(text)?;
        let name = || self.provider.name.clone();
        let error = |fault| Some(Finding::error(fault).at(ISSUER));
        let warning = |fault| Some(Finding::warning(fault).at(ISSUER));
        if let Some(console) = self.console(&url) {
            return error(console);
        }
        let shape = &self.provider.shapes.issuer;
        let accepted = &shape.accepted;
        let own = accepted
            .iter()
            .any(|one| one.names_host(&url) || one.names_domain(&url));
        // What a path always has it has on every host, and nobody else's host serves where customers
        // have none of their own.
        let sure = own || shape.any_host() || (!accepted.is_empty() && !shape.custom_domains);
        if !own && let Some(other) = self.other_provider(&url) {
            let provider = name();
            return error(Fault::AddressOfOtherProvider { provider, other });
        }
        if let Some(exact) = shape.exact.as_ref().filter(|exact| *exact != text) {
            let expected = exact.clone();
            return error(Fault::IssuerIsAlways {
                provider: name(),
                expected,
            });
        }
        let any = shape.accepted.is_empty() || (!own && shape.custom_domains && !shape.any_host());
        if !any && !fits(&shape.accepted, &url) {
            if let Some(mend) = lacking(shape, &url).filter(|_| own) {
                let provider = name();
                return error(Fault::IssuerLacksPart { provider, mend });
            }
            let fault = Fault::IssuerOfOtherShape {
                provider: name(),
                example: self.example(|guide| &guide.issuer_example),
            };
            return if sure { error(fault) } else { warning(fault) };
        }
        if let Some(mend) = other_end(shape, &url, text) {
            let fault = Fault::IssuerEndsOtherwise {
                provider: name(),
                mend,
            };
            return if sure { error(fault) } else { warning(fault) };
        }
        if !own && let Some(near) = near_host(&shape.accepted, &url) {
            let host = url.host_str().unwrap_or_default().to_owned();
            return warning(Fault::HostSpelling { host, near });
        }
        if let Some(mend) = small_host(text, &url) {
            return warning(Fault::IssuerHasCapitals { mend });
        }
        let last = url.path_segments().and_then(|mut parts| parts.next_back());
        if last.is_some_and(|last| ENDPOINTS.contains(&last)) {
            return warning(Fault::IssuerIsEndpoint {});
        }
        let custom = !shape.custom_servers.is_empty() && fits(&shape.custom_servers, &url);
        custom.then(|| Finding::note(Fault::IssuerIsCustomServer { provider: name() }).at(ISSUER))
    }

    fn client_id(&self) -> Option<Finding> {
        let connection = &self.set_up.connection;
        let id = connection.client_id.as_str();
        let finding = |fault| Some(Finding::warning(fault).at(CLIENT_ID));
        if id.is_empty() {
            return None;
        }
        let issuer = public(&connection.issuer);
        let tenant = issuer.as_ref().and_then(|url| {
            url.path_segments()?
                .find(|part| crate::text::is_guid(part) && part.eq_ignore_ascii_case(id))
        });
        if tenant.is_some() {
            return Some(Finding::error(Fault::ClientIdIsTenantId {}).at(CLIENT_ID));
        }
        if let Some(thing) = self.something_else(id) {
            return Some(Finding::error(Fault::ClientIdIsSomethingElse { thing }).at(CLIENT_ID));
        }
        if id == connection.issuer.trim() {
            return finding(Fault::ClientIdIsIssuer {});
        }
        let shapes = &self.provider.shapes;
        let own = issuer.is_some_and(|url| {
            let accepted = &shapes.issuer.accepted;
            accepted.iter().any(|shape| shape.names_host(&url))
        });
        if !own || shapes.client_id.is_empty() || shapes.client_id.iter().any(|one| one.fits(id)) {
            return None;
        }
        let fault = Fault::ClientIdOfOtherShape {
            provider: self.provider.name.clone(),
            example: self.example(|guide| &guide.client_id_example),
        };
        if shapes.client_ids_are_given {
            return Some(Finding::error(fault).at(CLIENT_ID));
        }
        finding(fault)
    }

    /// What certainly is no client ID, whatever the provider: a secret or a token among others.
    fn something_else(&self, id: &str) -> Option<String> {
        let about = Context {
            field: None,
            set_up: self.set_up,
            catalogue: self.catalogue,
            discovered: None,
        };
        let kind = paste::recognise(id, &about).kind;
        matches!(
            kind,
            Kind::Token
                | Kind::Answer
                | Kind::Request
                | Kind::PrivateKey
                | Kind::Certificate
                | Kind::ClientSecret
                | Kind::Email
        )
        .then(|| kind.name().to_owned())
    }

    /// The entity ID is any text, so that only what certainly is something else is named.
    fn entity_id(&self) -> Option<Finding> {
        let text = self.set_up.connection.issuer.as_str();
        let warning = |fault| Some(Finding::warning(fault).at(ISSUER));
        let guide = self.provider.saml.as_ref();
        if let Some(chosen) = guide.and_then(|guide| guide.issuer_chosen.as_ref()) {
            let fault = Fault::EntityIdNotAsChosen {
                provider: self.provider.name.clone(),
                expected: chosen.clone(),
            };
            return (text != chosen).then(|| Finding::warning(fault).at(ISSUER));
        }
        let shapes = &self.provider.shapes;
        let Some(url) = public(text) else {
            return warning(self.entity_id_elsewhere()?);
        };
        if let Some(console) = self.console(&url) {
            return Some(Finding::error(console).at(ISSUER));
        }
        if let Some(shape) = shapes.entity_id.iter().find(|shape| shape.fits(&url)) {
            return self.as_written(shape, &url);
        }
        if text == self.set_up.connection.sign_on_url || fits(&shapes.sign_on_url, &url) {
            return warning(Fault::EntityIdIsSignOnUrl {});
        }
        if fits(&shapes.metadata_url, &url) {
            return warning(Fault::EntityIdIsMetadata {});
        }
        if let Some(other) = self.other_provider(&url) {
            let provider = self.provider.name.clone();
            let fault = Fault::AddressOfOtherProvider { provider, other };
            return Some(Finding::error(fault).at(ISSUER));
        }
        warning(self.entity_id_elsewhere()?)
    }

    /// That the entity ID has none of the provider's forms, where the Sign-On URL has its usual one.
    fn entity_id_elsewhere(&self) -> Option<Fault> {
        let shapes = &self.provider.shapes;
        let sign_on_url = public(&self.set_up.connection.sign_on_url)?;
        let known =
            |shape: &AddressShape| shape.fits(&sign_on_url) && shape.names_host(&sign_on_url);
        let usual =
            shapes.sign_on_url.first()?.fits(&sign_on_url) || shapes.sign_on_url.iter().any(known);
        let guide = self.provider.saml.as_ref()?;
        let other = |example: String| Fault::EntityIdOfOtherShape {
            provider: self.provider.name.clone(),
            example,
        };
        // A name that holds the host which people sign in at.
        if guide.issuer_example.starts_with("urn:") {
            let named = shapes.sign_on_url.iter().any(known);
            let expected = format!("urn:{}", sign_on_url.host_str()?);
            let differs = self.set_up.connection.issuer != expected;
            return (named && differs).then(|| other(expected));
        }
        (usual && !shapes.entity_id.is_empty()).then(|| other(guide.issuer_example.clone()))
    }

    /// An entity ID of a known form, to the letter.
    fn as_written(&self, shape: &AddressShape, url: &Url) -> Option<Finding> {
        let text = self.set_up.connection.issuer.as_str();
        let provider = self.provider.name.clone();
        let example = Url::parse(&self.provider.saml.as_ref()?.issuer_example).ok()?;
        let same_host = example.host_str() == url.host_str();
        if same_host && example.scheme() != url.scheme() {
            let rest = &text[url.scheme().len()..];
            let mend = crate::text::shown(&format!("{}{rest}", example.scheme()), 500);
            let fault = Fault::EntityIdOfOtherScheme { provider, mend };
            return Some(Finding::warning(fault).at(ISSUER));
        }
        let mend = written(text, shape.path.ends_with('/'), url)?;
        let fault = Fault::IssuerEndsOtherwise { provider, mend };
        Some(Finding::error(fault).at(ISSUER))
    }

    /// What the Issuer URL and the Sign-On URL both name, where they do not name the same.
    fn other_application(&self) -> Option<Finding> {
        let fields = &self.set_up.connection;
        let (issuer, sign_on_url) = (public(&fields.issuer)?, public(&fields.sign_on_url)?);
        let held = |shapes: &[AddressShape], url: &Url| {
            let shape = shapes.iter().find(|shape| shape.fits(url))?;
            Some(shape.held(url))
        };
        let shapes = &self.provider.shapes;
        let expected = held(&shapes.entity_id, &issuer)?.pop()?;
        let received = held(&shapes.sign_on_url, &sign_on_url)?;
        if received
            .iter()
            .any(|part| part.eq_ignore_ascii_case(&expected))
        {
            return None;
        }
        let shown = |text: &str| crate::text::shown(text, 100);
        let fault = Fault::SignOnUrlOfOtherApplication {
            expected: shown(&expected),
            received: shown(received.last()?),
        };
        Some(Finding::error(fault).at(SIGN_ON_URL))
    }

    fn sign_on_url(&self) -> Option<Finding> {
        let text = self.set_up.connection.sign_on_url.as_str();
        let url = public(text)?;
        let error = |fault| Some(Finding::error(fault).at(SIGN_ON_URL));
        let warning = |fault| Some(Finding::warning(fault).at(SIGN_ON_URL));
        let shapes = &self.provider.shapes;
        if let Some(console) = self.console(&url) {
            return error(console);
        }
        let known = |of: fn(&Provider) -> &[AddressShape]| {
            let mut all = self.catalogue.providers.iter();
            all.any(|provider| fits(of(provider), &url))
        };
        if url.query_pairs().any(|(name, _)| name == "SAMLRequest") {
            let mut mend = url.clone();
            mend.set_query(None);
            return error(Fault::SignOnUrlHasRequest {
                mend: crate::text::shown(mend.as_str(), 500),
            });
        }
        if let Some((mend, _)) = text.split_once('#') {
            let mend = crate::text::shown(mend, 500);
            return warning(Fault::SignOnUrlHasFragment { mend });
        }
        if fits(&shapes.sign_on_url, &url) {
            return None;
        }
        if known(|one| &one.shapes.metadata_url) || is_metadata_file(&url) {
            return error(Fault::SignOnUrlIsMetadata {});
        }
        if fits(&shapes.entity_id, &url) || text == self.set_up.connection.issuer {
            return warning(Fault::SignOnUrlIsEntityId {});
        }
        if let Some(other) = self.other_provider(&url) {
            let provider = self.provider.name.clone();
            return error(Fault::AddressOfOtherProvider { provider, other });
        }
        if shapes.sign_on_url.is_empty() {
            return None;
        }
        if let Some(near) = near_host(&shapes.sign_on_url, &url) {
            let host = url.host_str().unwrap_or_default().to_owned();
            return warning(Fault::HostSpelling { host, near });
        }
        let guide = self.provider.saml.as_ref()?;
        let fault = Fault::SignOnUrlOfOtherShape {
            provider: self.provider.name.clone(),
            example: guide.sign_on_url_example.clone(),
        };
        // Where every address has a path, the bare host is somebody's front page.
        if url.path() == "/" && url.query().is_none() {
            return error(fault);
        }
        warning(fault)
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

impl IssuerShape {
    /// Whether the shapes say nothing about the host.
    fn any_host(&self) -> bool {
        !self.accepted.is_empty() && self.accepted.iter().all(|shape| shape.hosts.is_empty())
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

/// The address with the ending that it lacks.
fn lacking(shape: &IssuerShape, url: &Url) -> Option<String> {
    shape.endings.iter().find_map(|ending| {
        let mut whole = url.clone();
        whole.set_path(&format!("{}{ending}", url.path().trim_end_matches('/')));
        fits(&shape.accepted, &whole).then(|| whole.to_string())
    })
}

/// The issuer with or without the slash at its end, as the provider writes it.
fn other_end(shape: &IssuerShape, url: &Url, text: &str) -> Option<String> {
    let of_path = || {
        let shape = shape.accepted.iter().find(|shape| shape.fits(url))?;
        Some(shape.path.ends_with('/'))
    };
    written(text, shape.slash_at_end.or_else(of_path)?, url)
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
        let before = &host[..host.len() - own.len()];
        (own != domain && is_slip(own, domain)).then(|| format!("{before}{domain}"))
    })
}

/// Almost the same, and as long as a name has to be for that to be no chance.
fn is_slip(one: &str, other: &str) -> bool {
    one.len().abs_diff(other.len()) <= 1 && is_misspelling(one, other)
}

/// The address with scheme and host in small letters, if it has any others.
fn small_host(text: &str, url: &Url) -> Option<String> {
    let small = format!("{}://{}", url.scheme(), url.host_str()?);
    let written = text.get(..small.len())?;
    (written != small && written.eq_ignore_ascii_case(&small))
        .then(|| format!("{small}{}", &text[small.len()..]))
}

/// Whether the address ends as metadata does at providers that the catalogue does not know.
fn is_metadata_file(url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    [
        "/metadata",
        "/metadata/",
        "/metadata.xml",
        "/metadata.php",
        "/federationmetadata.xml",
        "/descriptor",
        "/idp-metadata.xml",
    ]
    .iter()
    .any(|end| path.ends_with(end))
}
