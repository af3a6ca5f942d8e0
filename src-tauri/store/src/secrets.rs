//! Secrets, in the operating system's keychain. Where there is none they are in memory until the
//! program ends, which is said plainly; they are never in a file of ours.

mod keychain;
mod packed;

use std::collections::HashMap;
use std::fmt;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use latchkey_core::text::shown;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::workspace::WorkspaceId;
use keychain::Keychain;

/// The longest secret that is kept, in bytes.
pub const LONGEST_SECRET: usize = 4096;

/// `none` keeps secrets in memory although there is a keychain: for tests and build machines.
const SWITCH: &str = "LATCHKEY_KEYCHAIN";

/// How long the first who asks for the keychain waits for it to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where secrets are kept, each by its workspace and its mark.
pub struct Secrets {
    keychain: LazyLock<Reached, Box<dyn FnOnce() -> Reached + Send>>,
    memory: Mutex<HashMap<(WorkspaceId, String), SecretString>>,
}

type Reached = Result<Keychain, NoKeychain>;

/// Where a secret is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum SecretHome {
    /// In the operating system's keychain.
    Keychain,
    /// In memory, until the program ends.
    UntilClosed {
        /// Why it is not in the keychain.
        why: NoKeychain,
    },
}

/// Why there is no keychain to keep secrets in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum NoKeychain {
    /// `LATCHKEY_KEYCHAIN=none` is set.
    SwitchedOff,
    /// It did not answer in time.
    NoAnswer,
    /// There is none, or it is locked, or it does not take the secret.
    Refused {
        /// As the system says it.
        said: String,
    },
}

/// Why a secret could not be kept, found or removed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeychainError {
    /// Longer than any secret that a provider assigns.
    #[error("the secret is longer than {limit} bytes")]
    TooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// The keychain is there and does not do what was asked: it is locked, for instance.
    #[error("the keychain refuses: {said}")]
    Refused {
        /// As the system says it.
        said: String,
    },
}

/// A new name for a secret: random, and not derived from it. Whoever reads it learns nothing.
pub fn new_mark() -> String {
    format!("{:032x}", rand::random::<u128>())
}

impl Secrets {
    /// Begins to look for the keychain, so that a window can open meanwhile. Whatever is asked
    /// first waits for it, some seconds at most. Asks the person nothing.
    pub fn open() -> Self {
        if std::env::var_os(SWITCH).is_some_and(|set| set == "none") {
            return Self::until_closed();
        }
        Self {
            keychain: LazyLock::new(Box::new(reach())),
            memory: Mutex::default(),
        }
    }

    /// Keeps secrets in memory, whether or not there is a keychain.
    pub fn until_closed() -> Self {
        Self {
            keychain: LazyLock::new(Box::new(|| Err(NoKeychain::SwitchedOff))),
            memory: Mutex::default(),
        }
    }

    /// Where a secret that is kept now is expected to be.
    pub fn home(&self) -> SecretHome {
        match &*self.keychain {
            Ok(_) => SecretHome::Keychain,
            Err(why) => SecretHome::UntilClosed { why: why.clone() },
        }
    }

    /// Keeps a secret and says where. A keychain that refuses it (locked, and not unlocked when
    /// the system asked) loses nothing: it is in memory then.
    ///
    /// # Errors
    /// [`KeychainError::TooLong`].
    pub fn keep(
        &self,
        workspace: &WorkspaceId,
        mark: &str,
        secret: SecretString,
    ) -> Result<SecretHome, KeychainError> {
        if secret.expose_secret().len() > LONGEST_SECRET {
            return Err(KeychainError::TooLong {
                limit: LONGEST_SECRET,
            });
        }
        let why = match &*self.keychain {
            Ok(keychain) => match keychain.put(&user(workspace, mark), &secret) {
                Ok(()) => {
                    // An older one under the same mark would be found first.
                    self.memory().remove(&(workspace.clone(), mark.to_owned()));
                    return Ok(SecretHome::Keychain);
                }
                Err(error) => NoKeychain::Refused { said: said(&error) },
            },
            Err(why) => why.clone(),
        };
        self.memory()
            .insert((workspace.clone(), mark.to_owned()), secret);
        Ok(SecretHome::UntilClosed { why })
    }

    /// The secret with this mark; none if there is none (any more).
    ///
    /// # Errors
    /// [`KeychainError::Refused`], when the keychain cannot be asked now.
    pub fn find(
        &self,
        workspace: &WorkspaceId,
        mark: &str,
    ) -> Result<Option<SecretString>, KeychainError> {
        if let Some(secret) = self.memory().get(&(workspace.clone(), mark.to_owned())) {
            return Ok(Some(secret.clone()));
        }
        match &*self.keychain {
            Ok(keychain) => keychain.find(&user(workspace, mark)).map_err(refused),
            Err(_) => Ok(None),
        }
    }

    /// Whether a secret with this mark, if there is one, is in the keychain: in memory it ends with
    /// the program.
    pub fn lasts(&self, workspace: &WorkspaceId, mark: &str) -> bool {
        let in_memory = (workspace.clone(), mark.to_owned());
        self.keychain.is_ok() && !self.memory().contains_key(&in_memory)
    }

    /// Forgets one secret. One that is not there is no error.
    ///
    /// # Errors
    /// [`KeychainError::Refused`].
    pub fn remove(&self, workspace: &WorkspaceId, mark: &str) -> Result<(), KeychainError> {
        self.memory().remove(&(workspace.clone(), mark.to_owned()));
        match &*self.keychain {
            Ok(keychain) => keychain.remove(&user(workspace, mark)).map_err(refused),
            Err(_) => Ok(()),
        }
    }

    /// Forgets all secrets of a workspace.
    ///
    /// # Errors
    /// [`KeychainError::Refused`].
    pub fn remove_all(&self, workspace: &WorkspaceId) -> Result<(), KeychainError> {
        self.keep_only(workspace, &[])
    }

    /// Forgets the secrets of a workspace but those with these marks, which
    /// [`Store::marks`](crate::Store::marks) names: no draft and no revision needs the others.
    ///
    /// # Errors
    /// [`KeychainError::Refused`].
    pub fn keep_only(
        &self,
        workspace: &WorkspaceId,
        marks: &[String],
    ) -> Result<(), KeychainError> {
        self.memory()
            .retain(|(of, mark), _| of != workspace || marks.contains(mark));
        let Ok(keychain) = &*self.keychain else {
            return Ok(());
        };
        let needed: Vec<String> = marks.iter().map(|mark| user(workspace, mark)).collect();
        keychain
            .remove_others(&user(workspace, ""), &needed)
            .map_err(refused)
    }

    fn memory(&self) -> MutexGuard<'_, HashMap<(WorkspaceId, String), SecretString>> {
        // Nothing that runs while it is locked leaves it half changed.
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says where secrets are, and nothing of what they are.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets")
            .field("home", &self.home())
            .finish_non_exhaustive()
    }
}

/// Asks for the keychain; what this returns waits for the answer. The question is on a thread of
/// its own, which is left behind if there is no answer.
fn reach() -> impl FnOnce() -> Reached {
    let (tell, told) = mpsc::channel();
    let asked = thread::Builder::new()
        .name("keychain".to_owned())
        // Nobody listens any more if it took too long.
        .spawn(move || drop(tell.send(Keychain::connect())));
    move || {
        asked.map_err(|error| NoKeychain::Refused {
            said: error.to_string(),
        })?;
        match told.recv_timeout(PATIENCE) {
            Ok(Ok(keychain)) => Ok(keychain),
            Ok(Err(error)) => Err(NoKeychain::Refused { said: said(&error) }),
            Err(_) => Err(NoKeychain::NoAnswer),
        }
    }
}

fn user(workspace: &WorkspaceId, mark: &str) -> String {
    format!("{workspace}/{mark}")
}

fn refused(error: keyring_core::Error) -> KeychainError {
    KeychainError::Refused { said: said(&error) }
}

/// `Display`, never `Debug`: the latter holds the bytes of a secret that could not be decoded.
fn said(error: &keyring_core::Error) -> String {
    shown(&error.to_string(), 300)
}
