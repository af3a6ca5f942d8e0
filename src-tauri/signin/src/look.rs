//! Asks a provider again: what it publishes today, held against a connection.

use jiff::Timestamp;
use latchkey_core::diagnosis::symptom::ProviderToday;
use latchkey_core::saml::metadata::{self, Entity};
use latchkey_core::server::{is_this_computer, same_server};
use latchkey_core::{Catalogue, Connection, Fault, Finding, OidcConnection, SamlConnection, SetUp};
use url::Url;

use crate::http::Http;
use crate::sign_in::discover;

/// An address of a provider that may be asked: not even a question goes to a host that takes
/// answers, and none goes out unprotected.
///
/// # Errors
/// The finding at this field that says why not.
pub fn provider_address(address: &str, field: &str, set_up: &SetUp) -> Result<Url, Box<Finding>> {
    let at_field = |fault: Fault| Box::new(Finding::error(fault).at(field));
    let url = Url::parse(address.trim())
        .ok()
        .filter(|url| matches!(url.scheme(), "https" | "http") && url.has_host())
        .ok_or_else(|| {
            let field = field.to_owned();
            at_field(Fault::NotAnAddress { field })
        })?;
    let taking = Catalogue::built_in().taking_answers(set_up);
    if let Some(service) = taking.iter().find(|service| same_server(service, &url)) {
        let endpoint = field.rsplit('.').next().unwrap_or(field).to_owned();
        let host = service.host_str().unwrap_or_default().to_owned();
        return Err(at_field(Fault::ProviderAtService { endpoint, host }));
    }
    if url.scheme() != "https" && !is_this_computer(&url) {
        let (field, scheme) = (field.to_owned(), url.scheme().to_owned());
        return Err(at_field(Fault::AddressNotHttps { field, scheme }));
    }
    Ok(url)
}

/// What the provider publishes today: its discovery document, or its metadata. `metadata` is where
/// the latter is; without it the entity ID is tried, where it is an address. None where there is
/// nothing to ask.
///
/// # Errors
/// The finding that says why it may not be asked, or why what came is no metadata.
pub async fn look(
    http: &Http,
    set_up: &SetUp,
    connection: &Connection,
    metadata: Option<&str>,
    now: Timestamp,
) -> Result<Option<ProviderToday>, Box<Finding>> {
    match connection {
        Connection::Oidc(connection) => discovered(http, set_up, connection).await.map(Some),
        Connection::Saml(connection) => match published(connection, metadata) {
            Some(address) => read_again(http, set_up, connection, &address, now)
                .await
                .map(Some),
            None => Ok(None),
        },
    }
}

/// What the discovery document says today.
async fn discovered(
    http: &Http,
    set_up: &SetUp,
    connection: &OidcConnection,
) -> Result<ProviderToday, Box<Finding>> {
    const FIELD: &str = "connection.issuer";
    provider_address(connection.issuer.as_str(), FIELD, set_up)?;
    let read = discover(http, &connection.issuer).await;
    Ok(match read {
        Ok(discovery) => ProviderToday::Read(discovery.misfits(connection)),
        Err(fault @ (Fault::IssuerDiffers { .. } | Fault::IssuerDiffersBySlash { .. })) => {
            ProviderToday::Read(vec![Finding::error(fault).at(FIELD)])
        }
        Err(fault) => ProviderToday::Unreachable(fault),
    })
}

/// Where a provider's metadata may be.
fn published(connection: &SamlConnection, given: Option<&str>) -> Option<String> {
    let given = given.map(str::trim).filter(|given| !given.is_empty());
    let entity = || {
        let url = Url::parse(&connection.issuer).ok()?;
        matches!(url.scheme(), "https" | "http").then(|| connection.issuer.clone())
    };
    given.map(str::to_owned).or_else(entity)
}

/// What the metadata says today, held against the connection. An address that has no metadata
/// says nothing about the provider.
async fn read_again(
    http: &Http,
    set_up: &SetUp,
    connection: &SamlConnection,
    address: &str,
    now: Timestamp,
) -> Result<ProviderToday, Box<Finding>> {
    let url = provider_address(address, "connection.metadata", set_up)?;
    let answer = match http.get_metadata(&url).await {
        Ok(answer) => answer,
        Err(fault) => return Ok(ProviderToday::Unreachable(fault)),
    };
    // A federation's metadata takes a while to read.
    let reading = tokio::task::spawn_blocking(move || metadata::answered(&answer, now));
    let read = match reading.await {
        Ok(read) => read.map_err(|fault| Box::new(Finding::error(fault)))?,
        Err(_) => return Err(Box::new(Finding::error(Fault::NotMetadata {}))),
    };
    let before = Entity::of_connection(connection, now);
    let named = read
        .entities
        .iter()
        .find(|it| it.entity_id == connection.issuer);
    let Some(after) = named.or(read.entities.first()) else {
        return Ok(ProviderToday::Read(Vec::new()));
    };
    Ok(ProviderToday::Read(metadata::changes(&before, after)))
}

#[cfg(test)]
mod tests {
    use latchkey_core::set_up::{DescribedService, ServiceChoice};

    use super::*;

    fn described() -> SetUp {
        let mut set_up = SetUp::default();
        set_up.workspace.service = ServiceChoice::Described(DescribedService {
            login_redirect_url: "https://app.acme.example/callback".to_owned(),
            ..DescribedService::default()
        });
        set_up
    }

    #[test]
    fn no_question_goes_to_a_server_that_takes_answers_described_or_built_in() {
        for address in [
            "https://app.acme.example/.well-known/openid-configuration",
            "https://APP.acme.example.:8443/metadata",
            "http://app.acme.example/",
            "https://app.torq.io/metadata",
            "https://app.eu.torq.io/",
        ] {
            let refused = provider_address(address, "connection.metadata", &described());
            let finding = refused.unwrap_err();
            assert_eq!(finding.fault.code(), "provider_at_service", "{address}");
            assert_eq!(finding.path.as_deref(), Some("connection.metadata"));
        }
    }

    #[test]
    fn nothing_that_is_no_protected_address_is_asked() {
        for (address, code) in [
            ("JumpCloud", "not_an_address"),
            ("ftp://id.acme.example/", "not_an_address"),
            ("http://id.acme.example/", "address_not_https"),
        ] {
            let refused = provider_address(address, "connection.metadata", &described());
            assert_eq!(refused.unwrap_err().fault.code(), code, "{address}");
        }
    }

    #[test]
    fn other_servers_are_asked() {
        for address in ["https://id.acme.example/", "http://127.0.0.1:8400/metadata"] {
            let url = provider_address(address, "connection.issuer", &described());
            assert!(url.is_ok(), "{address}");
        }
    }
}
