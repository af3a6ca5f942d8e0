//! A provider's published keys (RFC 7517).

use openidconnect::core::{CoreJsonWebKey, CoreJsonWebKeySet};
use openidconnect::{JsonWebKey, JsonWebKeyUse};

use super::http::HttpAnswer;
use crate::fault::Fault;

/// The keys that a provider publishes. Keys of kinds that are not understood are left out.
#[derive(Clone, Debug)]
pub struct Keys(CoreJsonWebKeySet);

impl Keys {
    /// The most keys that a set may have.
    pub const MOST: usize = 200;

    /// Reads the answer to a request for `jwks_uri`.
    ///
    /// # Errors
    /// The fault that names what came instead of a key set with a key that can sign.
    pub fn read(answer: &HttpAnswer) -> Result<Self, Fault> {
        answer.object().map_err(|fault| match fault {
            Fault::HttpStatus { address, .. } => Fault::KeysUnreachable { address },
            other => other,
        })?;
        Self::parse(&answer.body).ok_or_else(|| Fault::KeysEmpty {
            address: answer.address(),
        })
    }

    /// Reads a key set; none if it holds no key that can verify a signature.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let set: CoreJsonWebKeySet = serde_json::from_slice(bytes).ok()?;
        let keys: Vec<_> = set
            .keys()
            .iter()
            .filter(|key| key.key_use().is_none_or(JsonWebKeyUse::allows_signature))
            .take(Self::MOST)
            .cloned()
            .collect();
        (!keys.is_empty()).then(|| Self(CoreJsonWebKeySet::new(keys)))
    }

    /// The key IDs, for the finding that names them.
    pub fn ids(&self) -> Vec<&str> {
        self.0
            .keys()
            .iter()
            .filter_map(|key| key.key_id())
            .map(|id| id.as_str())
            .collect()
    }

    pub(super) fn all(&self) -> &[CoreJsonWebKey] {
        self.0.keys()
    }

    pub(super) fn only(&self, key: &CoreJsonWebKey) -> CoreJsonWebKeySet {
        CoreJsonWebKeySet::new(vec![key.clone()])
    }
}
