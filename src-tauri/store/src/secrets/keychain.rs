//! The operating system's keychain: Secret Service, Keychain, Credential Manager.

use std::collections::HashMap;
use std::str;
use std::sync::Arc;

use keyring_core::{CredentialStore, Entry, Error, Result};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

use super::packed::{packed, unpacked};

/// Names our entries among those of other programs.
const SERVICE: &str = "io.latchkey.wizard";

pub(super) struct Keychain(Arc<CredentialStore>);

impl Keychain {
    /// Blocks until the keychain has answered a question. What is asked for does not exist, so
    /// that nothing has to be unlocked for it.
    pub(super) fn connect() -> Result<Self> {
        let keychain = Self(platform::store()?);
        keychain.find("is anybody there")?;
        Ok(keychain)
    }

    pub(super) fn put(&self, user: &str, secret: &SecretString) -> Result<()> {
        let text = secret.expose_secret();
        let short = platform::SHORT.then(|| packed(text)).flatten();
        let bytes = short
            .as_ref()
            .map_or(text.as_bytes(), |packed| packed.as_slice());
        self.entry(user)?.set_secret(bytes)
    }

    pub(super) fn find(&self, user: &str) -> Result<Option<SecretString>> {
        let bytes = match self.entry(user)?.get_secret().map(Zeroizing::new) {
            Ok(bytes) => bytes,
            Err(Error::NoEntry) => return Ok(None),
            Err(error) => return Err(error),
        };
        if let Some(text) = unpacked(&bytes) {
            return Ok(Some(SecretString::from(text.as_str())));
        }
        match str::from_utf8(&bytes) {
            Ok(text) => Ok(Some(SecretString::from(text))),
            // Without the bytes.
            Err(_) => Err(Error::BadEncoding(Vec::new())),
        }
    }

    pub(super) fn remove(&self, user: &str) -> Result<()> {
        gone(self.entry(user)?.delete_credential())
    }

    /// Removes our entries whose user begins with `prefix` and is not among those needed.
    pub(super) fn remove_others(&self, prefix: &str, needed: &[String]) -> Result<()> {
        for entry in self.0.search(&platform::all_of(SERVICE))? {
            let Some((service, user)) = entry.get_specifiers() else {
                continue;
            };
            if service == SERVICE && user.starts_with(prefix) && !needed.contains(&user) {
                gone(entry.delete_credential())?;
            }
        }
        Ok(())
    }

    fn entry(&self, user: &str) -> Result<Entry> {
        self.0.build(
            SERVICE,
            user,
            platform::LABEL.map(|label| HashMap::from([label])).as_ref(),
        )
    }
}

fn gone(removed: Result<()>) -> Result<()> {
    match removed {
        Err(Error::NoEntry) => Ok(()),
        other => other,
    }
}

#[cfg(target_os = "linux")]
mod platform {
    use super::{Arc, CredentialStore, HashMap, Result};

    /// What the desktop's own keychain window shows.
    pub(super) const LABEL: Option<(&str, &str)> = Some(("label", "Latchkey: client secret"));

    /// Whether a secret has to be as short as it can be.
    pub(super) const SHORT: bool = false;

    pub(super) fn store() -> Result<Arc<CredentialStore>> {
        Ok(zbus_secret_service_keyring_store::Store::new()?)
    }

    pub(super) fn all_of(service: &str) -> HashMap<&str, &str> {
        HashMap::from([("service", service)])
    }
}

#[cfg(target_os = "macos")]
mod platform {
    use super::{Arc, CredentialStore, HashMap, Result};

    pub(super) const LABEL: Option<(&str, &str)> = None;

    /// Whether a secret has to be as short as it can be.
    pub(super) const SHORT: bool = false;

    pub(super) fn store() -> Result<Arc<CredentialStore>> {
        Ok(apple_native_keyring_store::keychain::Store::new()?)
    }

    pub(super) fn all_of(service: &str) -> HashMap<&str, &str> {
        HashMap::from([("service", service)])
    }
}

#[cfg(target_os = "windows")]
mod platform {
    use super::{Arc, CredentialStore, HashMap, Result};

    pub(super) const LABEL: Option<(&str, &str)> = None;

    /// Whether a secret has to be as short as it can be.
    pub(super) const SHORT: bool = true;

    pub(super) fn store() -> Result<Arc<CredentialStore>> {
        // The name of an entry is "user@service": with the usual dot, the service's own dots would
        // hide where the user ends.
        let config = HashMap::from([("divider", "@")]);
        Ok(windows_native_keyring_store::Store::new_with_configuration(
            &config,
        )?)
    }

    /// Credential Manager is searched by the name that the store makes of user and service.
    pub(super) fn all_of(_service: &str) -> HashMap<&str, &str> {
        HashMap::from([("pattern", r"^[0-9a-f]{32}/.*@io\.latchkey\.wizard$")])
    }
}
