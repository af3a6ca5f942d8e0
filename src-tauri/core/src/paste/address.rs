//! Addresses: the provider's, the service's, and those that belong to a single sign-in.

use url::Url;

use super::{Context, Guess, Kind};
use crate::catalogue::shape::AddressShape;
use crate::catalogue::{Provider, Region};
use crate::check::{region_of, shared_part};
use crate::connection::Protocol;
use crate::fault::Fault;

const WELL_KNOWN: &str = "/.well-known/";

/// What this address is; none if it is no address.
pub(super) fn guess(text: &str, about: &Context<'_>) -> Option<Guess> {
    let url = Url::parse(text)
        .ok()
        .filter(|url| url.has_host() && matches!(url.scheme(), "https" | "http"))?;
    Some(
        of_one_sign_in(&url)
            .or_else(|| of_service(text, &url, about))
            .or_else(|| of_provider(text, &url, about))
            .unwrap_or_else(|| by_path(text, &url, about)),
    )
}

/// A host without its scheme, where the provider's issuer is made from it: Auth0's Domain.
pub(super) fn bare_host(text: &str, about: &Context<'_>) -> Option<String> {
    let host = text.trim_end_matches('/');
    if host.contains([':', '@', '?']) || !host.contains('.') {
        return None;
    }
    let url = Url::parse(&format!("https://{host}")).ok()?;
    let provider = about.providers().find(|provider| {
        let shapes = &provider.shapes.issuer.accepted;
        shapes
            .iter()
            .any(|shape| shape.names_host(&url) && shape.fits(&url))
    })?;
    let written = format!("https://{host}");
    Some(ended(&written, provider))
}

/// What belongs to one sign-in, by the names of its fields.
pub(super) fn parameters(names: &[&str]) -> Option<Guess> {
    let has = |name: &str| names.contains(&name);
    if has("SAMLResponse")
        || has("id_token")
        || has("access_token")
        || (has("code") && names.len() > 1)
    {
        return Some(Guess::bare(Kind::Answer));
    }
    if has("SAMLRequest") || (has("response_type") && has("client_id")) {
        return Some(Guess::bare(Kind::Request));
    }
    None
}

fn of_one_sign_in(url: &Url) -> Option<Guess> {
    let fragment = url.fragment().unwrap_or_default();
    let query: Vec<(String, String)> = url
        .query_pairs()
        .chain(url::form_urlencoded::parse(fragment.as_bytes()))
        .take(50)
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    if let Some((_, error)) = query.iter().find(|(name, _)| name == "error") {
        let error = crate::text::shown(error, 60);
        return Some(Guess::bare(Kind::Failure).with(Fault::PastedFailure { error }));
    }
    let names: Vec<&str> = query.iter().map(|(name, _)| name.as_str()).collect();
    parameters(&names)
}

fn of_service(text: &str, url: &Url, about: &Context<'_>) -> Option<Guess> {
    let services = about.catalogue.services.iter();
    let mut regions = services.flat_map(|service| &service.regions);
    let host = |address: &str| Url::parse(address).ok()?.host_str().map(str::to_owned);
    let region =
        regions.find(|region| host(&region.login_redirect_url).as_deref() == url.host_str());
    let Some(region) = region else {
        let given = about.set_up.connection.login_redirect_url.as_deref();
        let service = about.catalogue.service_of(about.set_up)?;
        let described = service
            .regions
            .iter()
            .any(|one| one.login_redirect_url == text);
        return (given == Some(text) || described).then(|| Guess::of(Kind::RedirectUrl, text));
    };
    if url.as_str().trim_end_matches('/') != region.login_redirect_url {
        return Some(Guess::of(Kind::StartUrl, text));
    }
    Some(redirect(region, about))
}

/// A region's Login Redirect URL. Another region's is told, and the right one offered.
fn redirect(region: &Region, about: &Context<'_>) -> Guess {
    let guess = Guess::of(Kind::RedirectUrl, region.login_redirect_url.as_str());
    let Some(service) = about.catalogue.service_of(about.set_up) else {
        return guess;
    };
    match region_of(about.set_up, &service) {
        Some(own) if own.id != region.id => {
            let fault = Fault::RedirectOfOtherRegion {
                expected: own.login_redirect_url.clone(),
                received: region.login_redirect_url.clone(),
                region: region.name.clone(),
            };
            Guess::of(Kind::RedirectUrl, own.login_redirect_url.as_str()).with(fault)
        }
        _ => guess,
    }
}

fn of_provider(text: &str, url: &Url, about: &Context<'_>) -> Option<Guess> {
    if let Some(at) = text.find(WELL_KNOWN) {
        let issuer = &text[..at];
        return Some(
            match about.providers().find(|one| accepts(one, issuer, about)) {
                Some(provider) => Guess::of(Kind::DiscoveryAddress, ended(issuer, provider)),
                None => Guess::of(Kind::DiscoveryAddress, issuer),
            },
        );
    }
    for provider in about.providers() {
        let consoles = &provider.shapes.console;
        if let Some(mend) = consoles.iter().find_map(|console| console.mend(url)) {
            return Some(console(provider, mend, about));
        }
    }
    about
        .providers()
        .find_map(|provider| by_shape(text, url, provider, about))
}

fn console(provider: &Provider, mend: String, about: &Context<'_>) -> Guess {
    let guide = provider.oidc.as_ref();
    let example = match mend.is_empty() {
        true => guide.map_or_else(String::new, |guide| guide.issuer_example.clone()),
        false => mend.clone(),
    };
    let fault = Fault::AddressIsConsole {
        provider: provider.name.clone(),
        example,
    };
    let mut guess = Guess::bare(Kind::ConsoleAddress).with(fault);
    if !mend.is_empty() && about.set_up.connection.protocol == Protocol::Oidc {
        guess.also.push(("connection.issuer".to_owned(), mend));
    }
    guess
}

fn by_shape(text: &str, url: &Url, provider: &Provider, about: &Context<'_>) -> Option<Guess> {
    let shapes = &provider.shapes;
    let chosen = about.is_chosen(provider);
    // A path alone tells something of the chosen provider; of another only with its host.
    let fits = |of: &[AddressShape]| {
        of.iter()
            .any(|shape| shape.fits(url) && (chosen || shape.names_host(url) || shape.is_telling()))
    };
    if fits(&shapes.sign_on_url) {
        return Some(Guess::of(Kind::SignOnUrl, text));
    }
    let issuer_is_metadata = provider
        .saml
        .as_ref()
        .is_some_and(|guide| guide.issuer_is_metadata);
    if fits(&shapes.metadata_url) && (!issuer_is_metadata || about.is_at("connection.metadata")) {
        return Some(Guess::of(Kind::MetadataUrl, text));
    }
    if about.set_up.connection.protocol == Protocol::Oidc
        && let Some(guess) =
            for_many_tenants(text, url, provider).or_else(|| completed(url, provider, about))
    {
        return Some(guess);
    }
    let issuer = fits(&shapes.issuer.accepted);
    let entity_id = fits(&shapes.entity_id) || issuer_is_metadata && fits(&shapes.metadata_url);
    match (issuer, entity_id, about.set_up.connection.protocol) {
        (true, false, _) | (true, true, Protocol::Oidc) => {
            Some(Guess::of(Kind::Issuer, ended(text, provider)))
        }
        (_, true, _) => Some(Guess::of(Kind::EntityId, slashed(text, url, provider))),
        (false, false, _) => endpoint(url, provider, about),
    }
}

/// An issuer that no token ever names.
fn for_many_tenants(text: &str, url: &Url, provider: &Provider) -> Option<Guess> {
    let part = shared_part(url, Some(provider))?;
    let is_issuer = url.path().trim_matches('/').split('/').count() <= 2;
    let fault = Fault::IssuerIsForManyTenants { part };
    is_issuer.then(|| Guess::of(Kind::Issuer, text).with(fault))
}

/// The issuer, where only the ending is missing that the provider's issuers have.
fn completed(url: &Url, provider: &Provider, about: &Context<'_>) -> Option<Guess> {
    let shapes = &provider.shapes.issuer;
    if shapes.accepted.iter().any(|shape| shape.fits(url)) {
        return None;
    }
    let base = url.as_str().trim_end_matches('/');
    let mut whole = shapes
        .endings
        .iter()
        .map(|ending| format!("{base}{ending}"));
    let issuer = whole.find(|issuer| accepts(provider, issuer, about))?;
    Some(Guess::of(Kind::Issuer, ended(&issuer, provider)))
}

/// An entity ID of a known form, with the slash that the form ends in.
fn slashed(text: &str, url: &Url, provider: &Provider) -> String {
    let forms = &provider.shapes.entity_id;
    let ends_in_slash = |form: &AddressShape| form.fits(url) && form.path.ends_with('/');
    match forms.iter().any(ends_in_slash) && url.query().is_none() && !text.ends_with('/') {
        true => format!("{text}/"),
        false => text.to_owned(),
    }
}

/// An endpoint below the issuer: the issuer is what its path begins with.
fn endpoint(url: &Url, provider: &Provider, about: &Context<'_>) -> Option<Guess> {
    const NAMES: [&str; 12] = [
        "authorize",
        "authorization",
        "auth",
        "token",
        "jwks",
        "keys",
        "certs",
        "userinfo",
        "logout",
        "me",
        "introspect",
        "jwks.json",
    ];
    let shapes = &provider.shapes.issuer;
    let own = shapes.accepted.iter().any(|shape| shape.names_host(url));
    if !own && !about.is_chosen(provider) {
        return None;
    }
    let parts: Vec<&str> = url
        .path_segments()?
        .filter(|part| !part.is_empty())
        .collect();
    let last = parts.last()?;
    if !NAMES.contains(last) {
        return None;
    }
    let origin = url.origin().ascii_serialization();
    (0..parts.len()).rev().find_map(|length| {
        // A version stands between an issuer and its endpoints, and is no name of a server.
        let version = |part: &&str| part.len() == 2 && part.starts_with('v');
        if parts[..length].last().is_some_and(version) {
            return None;
        }
        let path = parts[..length].join("/");
        let base = format!("{origin}/{path}");
        let base = base.trim_end_matches('/');
        let bare = std::iter::once("");
        let endings = bare.chain(shapes.endings.iter().map(String::as_str));
        endings
            .map(|ending| format!("{base}{ending}"))
            .find(|issuer| accepts(provider, issuer, about))
            .map(|issuer| Guess::of(Kind::Endpoint, ended(&issuer, provider)))
    })
}

/// An address of a provider that nobody described, by its path.
fn by_path(text: &str, url: &Url, about: &Context<'_>) -> Guess {
    let path = url.path().to_ascii_lowercase();
    let has = |part: &str| path.contains(part);
    let saml = about.set_up.connection.protocol == Protocol::Saml;
    // An entity ID may be any address, that of the metadata and that of the sign-on included.
    if saml && about.is_at("connection.issuer") {
        return Guess::of(Kind::Address, text);
    }
    if has("metadata") || path.ends_with("/descriptor") {
        return Guess::of(Kind::MetadataUrl, text);
    }
    // They end a sign-in, or begin one at the provider.
    if ["/slo", "logout", "startsso", "initsso", "/signin/"]
        .iter()
        .any(|part| has(part))
    {
        return Guess::of(Kind::Address, text);
    }
    if has("/saml") && (has("/sso") || has("/login") || has("/idp")) {
        return Guess::of(Kind::SignOnUrl, text);
    }
    if saml && (has("/sso") || has("/saml")) {
        return Guess::of(Kind::SignOnUrl, text);
    }
    Guess::of(Kind::Address, text)
}

fn accepts(provider: &Provider, issuer: &str, about: &Context<'_>) -> bool {
    let shapes = &provider.shapes.issuer.accepted;
    let chosen = about.is_chosen(provider);
    Url::parse(issuer).is_ok_and(|url| {
        shapes
            .iter()
            .any(|shape| shape.fits(&url) && (chosen || shape.names_host(&url)))
    })
}

/// The issuer with the end that the provider gives it.
fn ended(issuer: &str, provider: &Provider) -> String {
    let issuer = &small_host(issuer.trim_end_matches('#'));
    match provider.shapes.issuer.slash_at_end {
        Some(true) => format!("{}/", issuer.trim_end_matches('/')),
        Some(false) => issuer.trim_end_matches('/').to_owned(),
        None => issuer.to_owned(),
    }
}

/// The address with scheme and host in small letters, as providers write their issuers.
fn small_host(address: &str) -> String {
    let host = address.find("://").map_or(0, |at| at + 3);
    let end = address[host..]
        .find('/')
        .map_or(address.len(), |at| host + at);
    format!("{}{}", address[..end].to_ascii_lowercase(), &address[end..])
}
