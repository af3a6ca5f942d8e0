//! What the commands share: the store, the secrets, the HTTP client, the running sign-in and the
//! practice provider.

mod fault;
mod keys;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use jiff::Timestamp;
use latchkey_core::{Catalogue, Fault, Finding, Told};
use latchkey_practice::Practice;
use latchkey_signin::Http;
use latchkey_store::{Kept, OpenError, Secrets, Store, StoreError, Whole, WorkspaceId};
use secrecy::SecretString;
use tokio::sync::watch;
use url::Url;

use self::keys::Keys;
pub(crate) use self::keys::Whereabouts;
use crate::commands::trouble::Look;
use crate::people::People;
use crate::recordings::Recordings;
use crate::sign_in::Cancelled;

/// Where the database is, and the database once it is open.
struct Shelf {
    dir: PathBuf,
    store: Mutex<Option<Arc<Store>>>,
}

impl Shelf {
    /// What could not be opened is tried again with the next question: the window asks for that.
    fn opened(&self) -> Result<Arc<Store>, OpenError> {
        let mut store = held(&self.store);
        if let Some(open) = store.as_ref() {
            return Ok(open.clone());
        }
        let opened = Arc::new(Store::open_or_salvage(&self.dir, Timestamp::now())?);
        Ok(store.insert(opened).clone())
    }
}

/// The answer to a command: what was asked for, or the finding that says why not.
pub(crate) type Answer<T> = Result<T, Box<Told>>;

type SecretJudged = ((WorkspaceId, u32), Option<Vec<Finding>>);

/// What the commands share.
pub struct House {
    shelf: Arc<Shelf>,
    keys: Keys,
    /// The client that asks providers.
    pub(crate) http: Http,
    running: Mutex<Option<watch::Sender<bool>>>,
    practice: tokio::sync::Mutex<Option<Arc<Practice>>>,
    /// The people who were brought in.
    people: OnceLock<People>,
    /// What providers said when they were asked again, by workspace.
    pub(crate) looks: Mutex<HashMap<WorkspaceId, Look>>,
    /// What was noticed about a client secret, by the workspace and the version of its draft; none
    /// where none is kept.
    pub(crate) secret_judged: Mutex<Option<SecretJudged>>,
    /// The whole workspace that was read and is not imported yet.
    planned: Mutex<Option<Whole>>,
    /// The recording that was read, and the bundle made of it.
    pub(crate) recordings: Recordings,
}

impl House {
    /// The house on the database in `dir`, which is opened when it is first asked for.
    pub fn new(dir: PathBuf, secrets: Secrets, http: Http) -> Self {
        Self {
            shelf: Arc::new(Shelf {
                dir,
                store: Mutex::default(),
            }),
            people: OnceLock::new(),
            keys: Keys::of(secrets),
            http,
            running: Mutex::default(),
            practice: tokio::sync::Mutex::default(),
            looks: Mutex::default(),
            secret_judged: Mutex::default(),
            planned: Mutex::default(),
            recordings: Recordings::default(),
        }
    }

    /// The file of the database.
    pub(crate) fn database(&self) -> PathBuf {
        self.shelf.dir.join(latchkey_store::FILE)
    }

    /// Asks the store, away from the threads that must not wait.
    pub(crate) async fn store<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Answer<T> {
        let shelf = self.shelf.clone();
        away(move || {
            let store = shelf
                .opened()
                .map_err(|error| told(fault::of_opening(error)))?;
            ask(&store).map_err(|error| told(fault::of_store(error)))
        })
        .await?
    }

    /// The people who were brought in. The window has asked for the database before it asks for them.
    pub(crate) fn people(&self) -> Answer<&People> {
        if let Some(people) = self.people.get() {
            return Ok(people);
        }
        let opened = self.shelf.opened();
        let store = opened.map_err(|error| told(fault::of_opening(error)))?;
        Ok(self.people.get_or_init(|| People::new(store)))
    }

    /// Keeps a whole workspace until it is imported, in the place of one that was planned before.
    pub(crate) fn plan(&self, whole: Whole) {
        *held(&self.planned) = Some(whole);
    }

    /// The whole workspace that was planned last.
    pub(crate) fn take_plan(&self) -> Option<Whole> {
        held(&self.planned).take()
    }

    /// Takes the turn to sign in: one at a time.
    pub(crate) fn begin_sign_in(&self) -> Answer<(Turn<'_>, Cancelled)> {
        let mut running = held(&self.running);
        if running.is_some() {
            return Err(told(Fault::SignInRunning {}));
        }
        let (cancel, cancelled) = watch::channel(false);
        *running = Some(cancel);
        Ok((Turn(self), Cancelled(cancelled)))
    }

    /// Cancels the sign-in that is running, if one is.
    pub(crate) fn cancel_sign_in(&self) {
        if let Some(cancel) = held(&self.running).as_ref() {
            cancel.send_replace(true);
        }
    }

    /// A draft in the version that whoever asks has seen.
    pub(crate) async fn seen(&self, id: &WorkspaceId, version: u32) -> Answer<Kept> {
        let id = id.clone();
        let kept = self.store(move |store| store.kept(&id)).await?;
        if kept.version == version {
            Ok(kept)
        } else {
            Err(told(Fault::ChangedElsewhere {}))
        }
    }

    /// The practice provider, started with this client secret if it is not running.
    pub(crate) async fn practice(&self, secret: Option<SecretString>) -> Answer<Arc<Practice>> {
        let mut practice = self.practice.lock().await;
        if let Some(running) = practice.as_ref() {
            return Ok(running.clone());
        }
        let admitted: Vec<Url> = Catalogue::built_in()
            .login_redirect_urls()
            .filter_map(|url| Url::parse(url).ok())
            .collect();
        let audiences: Vec<String> = Catalogue::built_in()
            .audiences()
            .map(str::to_owned)
            .collect();
        let options = |port| latchkey_practice::Options {
            port,
            admitted_redirects: admitted.clone(),
            admitted_audiences: audiences.clone(),
            client_secret: secret.clone(),
            ..latchkey_practice::Options::default()
        };
        // The same port each time, so that a practice workspace finds its provider again.
        let started = match latchkey_practice::start(options(Some(PRACTICE_PORT))).await {
            Ok(started) => started,
            Err(_) => latchkey_practice::start(options(None))
                .await
                .map_err(|error| {
                    told(Fault::PracticeFailed {
                        reason: error.to_string(),
                    })
                })?,
        };
        Ok(practice.insert(Arc::new(started)).clone())
    }
}

/// Where the practice provider is looked for first.
const PRACTICE_PORT: u16 = 47_114;

/// The turn to sign in; over when it is dropped.
pub(crate) struct Turn<'a>(&'a House);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *held(&self.0.running) = None;
    }
}

/// A fault as an error that the window shows.
pub(crate) fn told(fault: Fault) -> Box<Told> {
    Box::new(Finding::error(fault).told())
}

/// Runs what blocks on a thread that may wait.
pub(crate) async fn away<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Answer<T> {
    tauri::async_runtime::spawn_blocking(work)
        .await
        .map_err(|_| told(Fault::WorkFailed {}))
}

/// What is behind the lock is whole at every moment, even if a thread that held it has panicked.
pub(crate) fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    fn house(dir: &Path) -> House {
        House::new(
            dir.to_owned(),
            Secrets::until_closed(),
            Http::new().unwrap(),
        )
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "what a test writes can be written again"
    )]
    fn overwrite(path: &Path, bytes: &[u8]) {
        fs::write(path, bytes).unwrap();
    }

    async fn names(house: &House) -> Answer<Vec<String>> {
        let read = |store: &Store| {
            Ok(store
                .workspaces()?
                .into_iter()
                .map(|one| one.name)
                .collect())
        };
        house.store(read).await
    }

    #[tokio::test]
    async fn what_keeps_the_database_from_opening_is_said_in_its_own_words_and_tried_again() {
        let dir = tempfile::tempdir().unwrap();
        let (place, aside) = (dir.path().join("place"), dir.path().join("aside"));
        overwrite(&place, b"a file where a folder is to be");
        let house = house(&place);
        let told = names(&house).await.unwrap_err();
        assert_eq!(told.code, "folder_not_writable");
        assert!(told.what.contains("place"), "{}", told.what);
        fs::rename(&place, &aside).unwrap();
        assert_eq!(names(&house).await, Ok(vec![]), "once it is mended");
    }

    #[tokio::test]
    async fn a_database_of_a_newer_version_is_said_to_be_one_and_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        drop(Store::open(dir.path()).unwrap());
        let file = dir.path().join(latchkey_store::FILE);
        let mut bytes = fs::read(&file).unwrap();
        // Where SQLite keeps `user_version`.
        bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
        overwrite(&file, &bytes);
        let told = names(&house(dir.path())).await.unwrap_err();
        assert_eq!(told.code, "database_newer");
        assert!(told.what.contains("99"), "{}", told.what);
        assert_eq!(fs::read(&file).unwrap(), bytes);
    }

    #[tokio::test]
    async fn a_damaged_database_opens_with_what_is_whole_and_a_report_until_it_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let before = Store::open(dir.path()).unwrap();
        let mut set_up = latchkey_core::SetUp::default();
        set_up.workspace.name = "Acme".to_owned();
        before.import(&set_up, "olivia", Timestamp::now()).unwrap();
        drop(before);
        let file = dir.path().join(latchkey_store::FILE);
        let mut bytes = fs::read(&file).unwrap();
        bytes[..4096].fill(0xA5);
        overwrite(&file, &bytes);

        let house = house(dir.path());
        assert_eq!(names(&house).await.unwrap(), ["Acme"]);
        let report = house.store(Store::salvage).await.unwrap().unwrap();
        assert_eq!(report.workspaces[0].revisions, [1]);
        assert_eq!(fs::read(&report.damaged).unwrap(), bytes);
        house.store(Store::put_salvage_away).await.unwrap();
        assert_eq!(house.store(Store::salvage).await.unwrap(), None);
    }
}
