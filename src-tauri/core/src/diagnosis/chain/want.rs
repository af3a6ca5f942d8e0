//! What the set-up says that a sign-in must be, as far as its fields can be read.

use url::Url;

use super::place::Place;
use crate::catalogue::{Catalogue, Service};
use crate::certificate;
use crate::check::region_of;
use crate::connection::{Issuer, Protocol, SamlConnection};
use crate::diagnosis::Known;
use crate::set_up::SetUp;

/// A set-up, ready to be held against a recording.
pub(super) struct Want<'a> {
    pub(super) set_up: &'a SetUp,
    pub(super) service: Option<Service>,
    /// Where the service takes the answer.
    pub(super) redirect: Option<Url>,
    /// The service's entity ID.
    pub(super) audience: String,
    pub(super) issuer: Option<Issuer>,
    pub(super) saml: Option<SamlConnection>,
}

impl<'a> Want<'a> {
    pub(super) fn of(known: &Known<'a>) -> Option<Self> {
        let set_up = known.set_up?;
        let fields = &set_up.connection;
        let service = known.catalogue.service_of(set_up);
        let region = service
            .as_ref()
            .and_then(|service| region_of(set_up, service));
        let address = fields.login_redirect_url.as_deref();
        let address = address.or(region.map(|region| region.login_redirect_url.as_str()));
        let redirect = address.and_then(|address| Url::parse(address.trim()).ok());
        let of_service = service.as_ref().map(|service| service.audience.clone());
        let audience = fields.audience.clone().or(of_service).unwrap_or_default();
        Some(Self {
            saml: saml(set_up, &audience, redirect.as_ref()),
            issuer: Issuer::parse(&fields.issuer),
            set_up,
            service,
            redirect,
            audience,
        })
    }

    pub(super) fn protocol(&self) -> Protocol {
        self.set_up.connection.protocol
    }

    pub(super) fn redirect_place(&self) -> Option<Place> {
        self.redirect.as_ref().map(Place::of)
    }

    /// Whether an address is the service's, in this region or in another.
    pub(super) fn is_of_service(&self, place: &Place) -> bool {
        let regions = self.service.iter().flat_map(|service| &service.regions);
        let addresses = regions.map(|region| region.login_redirect_url.as_str());
        let own = self.redirect.as_ref().map(Url::as_str);
        addresses
            .chain(own)
            .filter_map(|address| Url::parse(address).ok())
            .any(|url| url.host_str() == Some(place.host_name()))
    }
}

fn saml(set_up: &SetUp, audience: &str, redirect: Option<&Url>) -> Option<SamlConnection> {
    let fields = &set_up.connection;
    let redirect = redirect.filter(|_| fields.protocol == Protocol::Saml)?;
    if fields.issuer.trim().is_empty() {
        return None;
    }
    let certificates = fields.certificates.iter();
    Some(SamlConnection {
        provider: fields.provider.clone(),
        issuer: fields.issuer.clone(),
        sign_on_url: Url::parse(&fields.sign_on_url).unwrap_or_else(|_| redirect.clone()),
        request_binding: fields.request_binding.unwrap_or_default(),
        sign_requests: false,
        certificates: certificates
            .flat_map(|text| certificate::read(text.as_bytes()).certificates)
            .collect(),
        audience: audience.to_owned(),
        login_redirect_url: redirect.clone(),
    })
}

/// The built-in service's region that takes answers at this place, by name, with the service's name.
pub(super) fn region_at<'a>(place: &Place, catalogue: &'a Catalogue) -> Option<(&'a str, &'a str)> {
    catalogue.services.iter().find_map(|service| {
        let region = service.regions.iter().find(|region| {
            let hosts = [&region.login_redirect_url, &region.sign_in_url];
            hosts.iter().any(|address| {
                Url::parse(address).is_ok_and(|url| url.host_str() == Some(place.host_name()))
            })
        })?;
        Some((service.name.as_str(), region.name.as_str()))
    })
}

/// The provider that an address belongs to, by what the catalogue knows of its hosts.
pub(super) fn provider_at<'a>(url: &Url, catalogue: &'a Catalogue) -> Option<&'a str> {
    let provider = catalogue.providers.iter().find(|provider| {
        let shapes = &provider.shapes;
        let mut known = shapes.issuer.accepted.iter().chain(&shapes.sign_on_url);
        known.any(|shape| shape.names_host(url))
    })?;
    Some(provider.name.as_str())
}
