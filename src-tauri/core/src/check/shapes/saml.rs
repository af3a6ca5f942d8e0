//! The entity ID and the sign-on address against the provider's shapes.

use url::Url;

use super::{Against, ISSUER, SIGN_ON_URL, fits, near_host, public, written};
use crate::catalogue::Provider;
use crate::catalogue::shape::AddressShape;
use crate::fault::Fault;
use crate::finding::Finding;

impl Against<'_> {
    /// The entity ID is any text, so that only what certainly is something else is named.
    pub(super) fn entity_id(&self) -> Option<Finding> {
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
        // The name that a provider takes from its own address has the scheme of that.
        let sign_on_url = public(&self.set_up.connection.sign_on_url);
        let at_home =
            sign_on_url.filter(|own| example.scheme() == "https" && own.host() == url.host());
        if url.scheme() == "http" && at_home.is_some_and(|own| own.scheme() == "https") {
            let mend = crate::text::shown(&format!("https{}", &text["http".len()..]), 500);
            let fault = Fault::EntityIdOfOtherScheme { provider, mend };
            return Some(Finding::warning(fault).at(ISSUER));
        }
        let mend = written(text, shape.path.ends_with('/'), url)?;
        let fault = Fault::IssuerEndsOtherwise { provider, mend };
        Some(Finding::error(fault).at(ISSUER))
    }

    /// What the Issuer URL and the Sign-On URL both name, where they do not name the same.
    pub(super) fn other_application(&self) -> Option<Finding> {
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
        // Cut off on its way, the name is the one that is wrong.
        let is_cut = received.iter().any(|part| part.starts_with(&expected));
        Some(Finding::error(fault).at(if is_cut { ISSUER } else { SIGN_ON_URL }))
    }

    pub(super) fn sign_on_url(&self) -> Option<Finding> {
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
