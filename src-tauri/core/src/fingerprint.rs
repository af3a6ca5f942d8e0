//! What a test sign-in proved: everything that could change its outcome at the provider or in
//! verification. Not the rules: those are replayed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use specta::Type;

use crate::connection::OidcConnection;

/// The facts of a connection, by the name of the field, and the SHA-256 over them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Fingerprint {
    facts: BTreeMap<String, String>,
    sha256: String,
}

impl Fingerprint {
    /// The fingerprint of an OpenID Connect connection. `secret_mark` names the client secret
    /// without being derived from it: nothing here can be used to guess a secret.
    pub fn of(connection: &OidcConnection, secret_mark: Option<&str>) -> Self {
        let facts: BTreeMap<String, String> = [
            ("connection.protocol", "oidc".to_owned()),
            ("connection.issuer", connection.issuer.as_str().to_owned()),
            ("connection.client_id", connection.client_id.clone()),
            (
                "connection.client_secret",
                secret_mark.unwrap_or_default().to_owned(),
            ),
            ("connection.scopes", connection.scopes.join(" ")),
            (
                "connection.flow",
                connection.flow.response_type().to_owned(),
            ),
            ("connection.login_hint", connection.login_hint.to_string()),
            (
                "connection.login_redirect_url",
                connection.login_redirect_url.to_string(),
            ),
        ]
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
}
