//! The issuer and the client ID against the provider's shapes.

use url::Url;

use super::{Against, CLIENT_ID, ISSUER, fits, near_host, public, written};
use crate::catalogue::shape::IssuerShape;
use crate::fault::Fault;
use crate::finding::Finding;
use crate::paste::{self, Context, Kind};

/// What endpoints are called that are often taken for the issuer.
const ENDPOINTS: [&str; 6] = [
    "authorize",
    "token",
    "userinfo",
    "jwks",
    "jwks.json",
    "logout",
];

impl Against<'_> {
    pub(super) fn issuer(&self) -> Option<Finding> {
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
        let mut parts = url.path_segments().into_iter().flatten();
        let is_of_console = parts.clone().any(|part| part == "admin");
        if is_of_console
            || parts
                .next_back()
                .is_some_and(|last| ENDPOINTS.contains(&last))
        {
            return warning(Fault::IssuerIsEndpoint {});
        }
        if url.path().contains("//") {
            let provider = name();
            let example = self.example(|guide| &guide.issuer_example);
            return warning(Fault::IssuerOfOtherShape { provider, example });
        }
        let custom = !shape.custom_servers.is_empty() && fits(&shape.custom_servers, &url);
        custom.then(|| Finding::note(Fault::IssuerIsCustomServer { provider: name() }).at(ISSUER))
    }

    pub(super) fn client_id(&self) -> Option<Finding> {
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
        if is_almost_a_guid(id) {
            let provider = self.provider.name.clone();
            let example = self.example(|guide| &guide.client_id_example);
            return finding(Fault::ClientIdOfOtherShape { provider, example });
        }
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
}

/// Whether this has the groups of a GUID and a letter among its digits that none has.
fn is_almost_a_guid(id: &str) -> bool {
    let lengths = id.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12])
        && !crate::text::is_guid(id)
        && id
            .bytes()
            .all(|byte| byte == b'-' || byte.is_ascii_alphanumeric())
        && id.bytes().filter(|byte| byte.is_ascii_hexdigit()).count() >= 28
}

impl IssuerShape {
    /// Whether the shapes say nothing about the host.
    fn any_host(&self) -> bool {
        !self.accepted.is_empty() && self.accepted.iter().all(|shape| shape.hosts.is_empty())
    }
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

/// The address with scheme and host in small letters, if it has any others.
fn small_host(text: &str, url: &Url) -> Option<String> {
    let small = format!("{}://{}", url.scheme(), url.host_str()?);
    let written = text.get(..small.len())?;
    (written != small && written.eq_ignore_ascii_case(&small))
        .then(|| format!("{small}{}", &text[small.len()..]))
}
