//! What a test sign-in proved: everything that could change its outcome at the provider or in
//! verification. Not the rules: those are replayed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use specta::Type;

use crate::catalogue::Service;
use crate::connection::{Connection, OidcConnection, RequestBinding, SamlConnection};

/// The fact that the region gives, where the set-up does not.
const REDIRECT: &str = "connection.login_redirect_url";

/// The facts of a connection, by the name of the field, and the SHA-256 over them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Fingerprint {
    facts: BTreeMap<String, String>,
    sha256: String,
}

impl Fingerprint {
    /// The fingerprint of a connection. `secret_mark` names the client secret (OpenID Connect) or
    /// the workspace's key pair (SAML) without being derived from it: nothing here can be used to
    /// guess a secret.
    pub fn of(connection: &Connection, secret_mark: Option<&str>) -> Self {
        let mark = secret_mark.unwrap_or_default();
        let facts: BTreeMap<String, String> = match connection {
            Connection::Oidc(connection) => oidc(connection, mark),
            Connection::Saml(connection) => saml(connection, mark),
        }
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
        let mut hash = Sha256::new();
        for (name, value) in &facts {
            // Lengths first, so that no two lists of facts run together into the same bytes.
            for part in [name, value] {
                hash.update((part.len() as u64).to_be_bytes());
                hash.update(part.as_bytes());
            }
        }
        let sha256 = hash
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Self { facts, sha256 }
    }

    /// The digest in hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The fields in which `now` differs from what was proved, by their path in the set-up.
    pub fn changed_in(&self, now: &Self) -> Vec<String> {
        now.facts
            .iter()
            .filter(|(name, value)| self.facts.get(*name) != Some(value))
            .map(|(name, _)| name.clone())
            .chain(
                self.facts
                    .keys()
                    .filter(|name| !now.facts.contains_key(*name))
                    .cloned(),
            )
            .collect()
    }

    /// The same by what a person has changed in the form: another Login Redirect URL that is as well
    /// one of the service's own comes from another region.
    pub fn changed_in_form(&self, now: &Self, service: Option<&Service>) -> Vec<String> {
        let regional = |facts: &BTreeMap<String, String>| {
            let regions = service
                .map(|service| &service.regions)
                .into_iter()
                .flatten();
            facts.get(REDIRECT).is_some_and(|address| {
                let mut regions = regions.filter(|region| !region.id.is_empty());
                regions.any(|region| region.login_redirect_url == *address)
            })
        };
        let of_regions = regional(&self.facts) && regional(&now.facts);
        let mut changed = self.changed_in(now);
        for path in &mut changed {
            if of_regions && path == REDIRECT {
                "workspace.region".clone_into(path);
            }
        }
        changed
    }
}

fn oidc(connection: &OidcConnection, mark: &str) -> Vec<(&'static str, String)> {
    vec![
        ("connection.protocol", "oidc".to_owned()),
        ("connection.issuer", connection.issuer.as_str().to_owned()),
        ("connection.client_id", connection.client_id.clone()),
        ("connection.client_secret", mark.to_owned()),
        ("connection.scopes", connection.scopes.join(" ")),
        (
            "connection.flow",
            connection.flow.response_type().to_owned(),
        ),
        ("connection.login_hint", connection.login_hint.to_string()),
        (REDIRECT, connection.login_redirect_url.to_string()),
    ]
}

fn saml(connection: &SamlConnection, mark: &str) -> Vec<(&'static str, String)> {
    let mut certificates: Vec<String> = connection
        .certificates
        .iter()
        .map(|certificate| certificate.sha256().to_owned())
        .collect();
    // Any of them may sign: their order proves nothing.
    certificates.sort();
    let binding = match connection.request_binding {
        RequestBinding::Redirect => "redirect",
        RequestBinding::Post => "post",
    };
    vec![
        ("connection.protocol", "saml".to_owned()),
        ("connection.issuer", connection.issuer.clone()),
        ("connection.sign_on_url", connection.sign_on_url.to_string()),
        ("connection.request_binding", binding.to_owned()),
        (
            "connection.sign_requests",
            connection.sign_requests.to_string(),
        ),
        ("connection.certificates", certificates.join(" ")),
        ("connection.key_pair", mark.to_owned()),
        ("connection.audience", connection.audience.clone()),
        (REDIRECT, connection.login_redirect_url.to_string()),
    ]
}
