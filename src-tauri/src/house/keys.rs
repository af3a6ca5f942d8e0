//! What is in the keychain, as the commands ask for it: client secrets and key pairs, by their mark.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use latchkey_core::saml::key_pair::KeyPair;
use latchkey_core::{Certificate, Fault, Told};
use latchkey_store::{KeychainError, SecretHome, Secrets, WorkspaceId};
use secrecy::SecretString;

use super::{Answer, House, away, held, told};

/// The keychain, and what it has said.
pub(super) struct Keys {
    secrets: Arc<Secrets>,
    /// Where the secret with this mark is: the keychain is asked once.
    found: Mutex<HashMap<String, Whereabouts>>,
    certificates: Mutex<HashMap<String, Certificate>>,
}

/// Where a secret is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Whereabouts {
    /// There is none.
    Nowhere,
    /// In memory, until the program ends.
    Memory,
    /// In the keychain.
    Keychain,
    /// The keychain did not say.
    Unsaid {
        /// Why not.
        reason: String,
    },
}

impl Whereabouts {
    fn of(there: bool, lasts: bool) -> Self {
        match (there, lasts) {
            (false, _) => Self::Nowhere,
            (true, false) => Self::Memory,
            (true, true) => Self::Keychain,
        }
    }

    /// Whether it can be had now.
    pub(crate) fn is_known(&self) -> bool {
        matches!(self, Self::Memory | Self::Keychain)
    }
}

impl Keys {
    pub(super) fn of(secrets: Secrets) -> Self {
        Self {
            secrets: Arc::new(secrets),
            found: Mutex::default(),
            certificates: Mutex::default(),
        }
    }

    /// Asks the keychain, away from the threads that must not wait.
    async fn ask<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Secrets) -> Result<T, KeychainError> + Send + 'static,
    ) -> Answer<T> {
        self.answer_of(ask).await?.map_err(refused)
    }

    /// The same; that the keychain refuses is an answer.
    async fn answer_of<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Secrets) -> Result<T, KeychainError> + Send + 'static,
    ) -> Answer<Result<T, KeychainError>> {
        let secrets = self.secrets.clone();
        away(move || ask(&secrets)).await
    }

    /// The secret with this mark, and where it is.
    async fn look(
        &self,
        id: &WorkspaceId,
        mark: &str,
    ) -> Answer<Result<(Whereabouts, Option<SecretString>), KeychainError>> {
        let (id, name) = (id.clone(), mark.to_owned());
        let look = move |secrets: &Secrets| {
            let secret = secrets.find(&id, &name)?;
            Ok((secrets.lasts(&id, &name), secret))
        };
        Ok(self.answer_of(look).await?.map(|(lasts, secret)| {
            let found = Whereabouts::of(secret.is_some(), lasts);
            held(&self.found).insert(mark.to_owned(), found.clone());
            (found, secret)
        }))
    }
}

impl House {
    /// Where client secrets are kept.
    pub(crate) async fn secret_home(&self) -> Answer<SecretHome> {
        // The first question waits for the keychain.
        self.keys.ask(|secrets| Ok(secrets.home())).await
    }

    /// Keeps a client secret under a new name of its own; that name.
    pub(crate) async fn keep_secret(
        &self,
        id: &WorkspaceId,
        secret: SecretString,
    ) -> Answer<String> {
        let (id, mark) = (id.clone(), latchkey_store::new_mark());
        let name = mark.clone();
        let keep = move |secrets: &Secrets| secrets.keep(&id, &name, secret);
        let home = self.keys.ask(keep).await?;
        let found = Whereabouts::of(true, home == SecretHome::Keychain);
        held(&self.keys.found).insert(mark.clone(), found);
        Ok(mark)
    }

    /// The client secret with this name.
    pub(crate) async fn find_secret(
        &self,
        id: &WorkspaceId,
        mark: Option<&str>,
    ) -> Answer<Option<SecretString>> {
        let Some(mark) = mark else { return Ok(None) };
        let (_, secret) = self.keys.look(id, mark).await?.map_err(refused)?;
        Ok(secret)
    }

    /// The key pair with this name.
    pub(crate) async fn find_key_pair(
        &self,
        id: &WorkspaceId,
        mark: Option<&str>,
    ) -> Answer<Option<Arc<KeyPair>>> {
        let Some(pem) = self.find_secret(id, mark).await? else {
            return Ok(None);
        };
        let pair = away(move || KeyPair::from_pem(&pem)).await?.map_err(told)?;
        Ok(Some(Arc::new(pair)))
    }

    /// The certificate of the key pair with this name. It is public, and kept in memory: the
    /// keychain is asked once.
    pub(crate) async fn own_certificate(
        &self,
        id: &WorkspaceId,
        mark: Option<&str>,
    ) -> Option<Certificate> {
        let mark = mark?;
        if let Some(known) = held(&self.keys.certificates).get(mark) {
            return Some(known.clone());
        }
        // A keychain that refuses is said where the key is needed.
        let pair = self.find_key_pair(id, Some(mark)).await.ok().flatten()?;
        let certificate = pair.certificate().clone();
        held(&self.keys.certificates).insert(mark.to_owned(), certificate.clone());
        Some(certificate)
    }

    /// Where the secret with this name is.
    pub(crate) async fn whereabouts(
        &self,
        id: &WorkspaceId,
        mark: Option<&str>,
    ) -> Answer<Whereabouts> {
        let Some(mark) = mark else {
            return Ok(Whereabouts::Nowhere);
        };
        let known = held(&self.keys.found).get(mark).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        Ok(match self.keys.look(id, mark).await? {
            Ok((found, _)) => found,
            Err(error) => Whereabouts::Unsaid {
                reason: error.to_string(),
            },
        })
    }

    /// Forgets the client secret with this name, unless the draft or a revision needs it.
    pub(crate) async fn forget_unneeded(&self, id: &WorkspaceId, mark: &str) -> Answer<()> {
        let asked = id.clone();
        let needed = self.store(move |store| store.marks(&asked)).await?;
        if needed.iter().any(|needed| needed == mark) {
            return Ok(());
        }
        held(&self.keys.found).remove(mark);
        held(&self.keys.certificates).remove(mark);
        let (id, name) = (id.clone(), mark.to_owned());
        let remove = move |secrets: &Secrets| secrets.remove(&id, &name);
        self.keys.ask(remove).await
    }

    /// Removes every secret of a workspace.
    pub(crate) async fn forget_secrets(&self, id: &WorkspaceId) -> Answer<()> {
        let id = id.clone();
        self.keys.ask(move |secrets| secrets.remove_all(&id)).await
    }
}

fn refused(error: KeychainError) -> Box<Told> {
    told(Fault::KeychainFailed {
        reason: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use latchkey_core::Draft;

    use super::*;

    #[tokio::test]
    async fn a_secret_that_nothing_needs_any_more_is_forgotten_and_no_other() {
        let dir = tempfile::tempdir().unwrap();
        let house = House::new(
            dir.path().to_owned(),
            Secrets::until_closed(),
            latchkey_signin::Http::new().unwrap(),
        );
        let id = house
            .store(|store| store.create(&Draft::default(), Timestamp::now()))
            .await
            .unwrap();
        let old = house.keep_secret(&id, "old".into()).await.unwrap();
        let new = house.keep_secret(&id, "new".into()).await.unwrap();
        let draft = Draft {
            secret_mark: Some(new.clone()),
            ..Draft::default()
        };
        let asked = id.clone();
        house
            .store(move |store| store.keep(&asked, &draft, 1, Timestamp::now()))
            .await
            .unwrap();

        house.forget_unneeded(&id, &old).await.unwrap();
        house.forget_unneeded(&id, &new).await.unwrap();

        let found = house.find_secret(&id, Some(&old)).await.unwrap();
        assert!(found.is_none());
        let of_old = house.whereabouts(&id, Some(&old)).await.unwrap();
        assert_eq!(of_old, Whereabouts::Nowhere);
        let of_new = house.whereabouts(&id, Some(&new)).await.unwrap();
        assert_eq!(of_new, Whereabouts::Memory, "no keychain took it");
        assert!(house.find_secret(&id, Some(&new)).await.unwrap().is_some());
    }
}
