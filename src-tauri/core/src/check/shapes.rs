//! What the provider's own data says about the values of the form.

use url::Url;

use super::{address, field};
use crate::catalogue::shape::{AddressShape, IssuerShape};
use crate::catalogue::{Catalogue, Provider};
use crate::connection::Protocol;
use crate::fault::Fault;
use crate::finding::Finding;
use crate::paste::{self, Context, Kind};
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
    catalogue: &Catalogue,
    findings: &mut Vec<Finding>,
) {
    let shapes = Against {
        set_up,
        provider,
        catalogue,
    };
    let found = match set_up.connection.protocol {
        Protocol::Oidc => [shapes.issuer(), shapes.client_id()],
        Protocol::Saml => [shapes.entity_id(), shapes.sign_on_url()],
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
    catalogue: &'a Catalogue,
}

impl Against<'_> {
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
        let own = shape.accepted.iter().any(|one| one.names_host(&url));
        if !own && let Some(other) = self.other_provider(&url) {
            let provider = name();
            return warning(Fault::AddressOfOtherProvider { provider, other });
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
            return if own { error(fault) } else { warning(fault) };
        }
        if let Some(mend) = other_end(shape, text) {
            let fault = Fault::IssuerEndsOtherwise {
                provider: name(),
                mend,
            };
            return if own { error(fault) } else { warning(fault) };
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
        finding(Fault::ClientIdOfOtherShape {
            provider: self.provider.name.clone(),
            example: self.example(|guide| &guide.client_id_example),
        })
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
        let url = public(text)?;
        if let Some(console) = self.console(&url) {
            return Some(Finding::error(console).at(ISSUER));
        }
        let shapes = &self.provider.shapes;
        if fits(&shapes.entity_id, &url) {
            return None;
        }
        if text == self.set_up.connection.sign_on_url || fits(&shapes.sign_on_url, &url) {
            return warning(Fault::EntityIdIsSignOnUrl {});
        }
        if fits(&shapes.metadata_url, &url) {
            return warning(Fault::EntityIdIsMetadata {});
        }
        let other = self.other_provider(&url)?;
        warning(Fault::AddressOfOtherProvider {
            provider: self.provider.name.clone(),
            other,
        })
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
            return warning(Fault::AddressOfOtherProvider { provider, other });
        }
        if shapes.sign_on_url.is_empty() {
            return None;
        }
        let guide = self.provider.saml.as_ref()?;
        warning(Fault::SignOnUrlOfOtherShape {
            provider: self.provider.name.clone(),
            example: guide.sign_on_url_example.clone(),
        })
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
fn other_end(shape: &IssuerShape, text: &str) -> Option<String> {
    match (shape.slash_at_end?, text.ends_with('/')) {
        (true, false) => Some(format!("{text}/")),
        (false, true) => Some(text.trim_end_matches('/').to_owned()),
        _ => None,
    }
}

/// The address with its host in small letters, if it has any others.
fn small_host(text: &str, url: &Url) -> Option<String> {
    let host = url.host_str()?;
    let begin = text.find("://")? + 3;
    let written = text.get(begin..begin + host.len())?;
    (written != host && written.eq_ignore_ascii_case(host))
        .then(|| format!("{}{host}{}", &text[..begin], &text[begin + host.len()..]))
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
