//! The sign-in window: shows the provider's own pages and catches its answer before any byte leaves
//! for the Login Redirect URL's host.
//!
//! The window is not a Tauri webview: it has no label, no IPC bridge, no script of ours that a page
//! could see, no custom scheme, and a private profile that dies with it. What remains to be guarded:
//! navigations in every frame and pop-up ([`guard`]), loads that are no navigations (the engine's
//! content blocker, with the same rule), downloads and permissions (refused).
//!
//! The body of a form POST is read by a script in a world of its own; the navigation that follows it
//! decides whether it was the answer ([`submission`]). An answer that is stopped but could not be
//! read is an outcome of its own.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use latchkey_signin::Start;
use tauri::{AppHandle, Runtime};
use url::Url;

mod guard;
mod outcome;
mod refusal;
mod shown;
mod sitting;
mod submission;

#[cfg(target_os = "linux")]
#[path = "linux/mod.rs"]
mod engine;
#[cfg(not(target_os = "linux"))]
#[path = "elsewhere.rs"]
mod engine;

pub use outcome::{
    Address, Captured, Ended, LoadFailure, OpenError, Progress, Refusal, TlsProblem,
};

pub use shown::Shown;

use guard::{Guard, Verdict};
use sitting::Sitting;

/// One sitting at the provider.
pub struct Spec {
    /// The way to the provider: an address with the request in it, or a form that carries it.
    pub start: Start,
    /// The Login Redirect URL. Nothing may leave for its host; on loopback, for its host and port.
    pub guarded: Url,
    /// Other addresses whose hosts nothing may leave for: where the service takes answers elsewhere.
    pub also_guarded: Vec<Url>,
    /// Where the provider starts the sign-in, if it is the one to start it.
    pub begins: Option<Begins>,
    /// What the window itself says.
    pub words: Words,
    /// After this the sitting ends, whatever the page does.
    pub time_limit: Duration,
}

/// How a sitting goes on that begins at the provider (OpenID Connect Core 1.0, section 4).
pub struct Begins {
    /// Where the service takes the start: its Initiate login URIs, whatever their query.
    pub at: Vec<Url>,
    /// Takes what the provider has sent there, once, and says where to go next; none ends it.
    pub go_on: Box<dyn Fn(Captured) -> Option<Url> + Send + Sync>,
}

impl Begins {
    fn is_at(&self, url: &Url) -> bool {
        self.at.iter().any(|at| guard::same_place(at, url))
    }
}

/// The window's own words; all else in it is the provider's.
pub struct Words {
    /// Shown in the title bar, after the page's host.
    pub title: String,
    /// The button that ends the sitting.
    pub cancel: String,
    /// The button that ends it in favour of the system browser.
    pub system_browser: String,
    /// Said in place of the lock where a page came without encryption.
    pub not_encrypted: String,
}

/// What an engine must supply: a window that asks the [`Sitting`] about every navigation.
trait Window: Sized {
    /// Opens the window; it loads `spec.start` only once its guards are in place.
    fn open<R: Runtime>(
        app: &AppHandle<R>,
        spec: Spec,
        sitting: Arc<Sitting>,
    ) -> impl Future<Output = Result<Self, OpenError>> + Send;

    /// Closes the window and its pop-ups, and forgets their profile. Dropping it does the same unwaited.
    fn close(self) -> impl Future<Output = ()> + Send;
}

/// Opens the window and waits until the sitting ends, however it ends.
///
/// # Errors
/// [`OpenError`] when no window was opened; nothing has been loaded then.
pub async fn run<R: Runtime>(
    app: &AppHandle<R>,
    mut spec: Spec,
    progress: impl Fn(Progress) + Send + Sync + 'static,
    cancel: impl Future<Output = ()> + Send,
) -> Result<Ended, OpenError> {
    let _turn = Turn::take()?;
    let guard = Guard::new(spec.guarded.clone())?.with(std::mem::take(&mut spec.also_guarded));
    let first = spec.start.url();
    let web = matches!(first.scheme(), "http" | "https");
    if !web || guard.judge(first.as_str()) != Verdict::Allow {
        return Err(OpenError::CannotStart);
    }
    let limit = spec.time_limit;
    let (sitting, ended) = Sitting::new(guard, spec.begins.take(), progress);
    let window = engine::SignInWindow::open(app, spec, sitting).await?;
    let ended = tokio::select! {
        biased;
        ended = ended => ended.unwrap_or(Ended::ProcessEnded),
        () = cancel => Ended::Cancelled,
        () = tokio::time::sleep(limit) => Ended::TimedOut,
    };
    window.close().await;
    Ok(ended)
}

/// One window at a time.
struct Turn;

static TAKEN: AtomicBool = AtomicBool::new(false);

impl Turn {
    fn take() -> Result<Self, OpenError> {
        match TAKEN.swap(true, Ordering::AcqRel) {
            true => Err(OpenError::AlreadyOpen),
            false => Ok(Self),
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        TAKEN.store(false, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_window_waits_until_the_first_is_gone() {
        let first = Turn::take().unwrap();
        assert_eq!(Turn::take().err(), Some(OpenError::AlreadyOpen));
        drop(first);
        assert!(Turn::take().is_ok());
    }
}
