//! The loopback listener for a sign-in in the system browser (RFC 8252, sections 7.3 and 8.3).
//!
//! It takes one answer, at one path, asked for under its own name, and is closed behind it.

mod pages;
mod request;

use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use latchkey_core::Fault;
use latchkey_core::oidc::Captured;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use url::Url;

use crate::start::Start;

/// The path that takes the answer.
const PATH: &str = "/callback";

/// The path that sends the browser to the provider with a form, where an address is not enough.
const START: &str = "/start";

/// The largest form that is read, in bytes.
const LARGEST: usize = 1024 * 1024;

/// How long the browser may take to fetch the last page.
const LAST_PAGE: Duration = Duration::from_secs(1);

/// A listener on 127.0.0.1 that waits for one answer.
#[derive(Debug)]
pub struct Loopback {
    listener: TcpListener,
    redirect_uri: Url,
    start: Option<pages::Page>,
}

/// Where the one answer goes.
struct Inbox {
    redirect_uri: Url,
    hosts: [String; 2],
    start: Option<pages::Page>,
    waiting: Mutex<Option<oneshot::Sender<Captured>>>,
}

impl Loopback {
    /// Listens on this port of 127.0.0.1; on any free one for 0.
    ///
    /// # Errors
    /// [`Fault::LoopbackUnavailable`], when the port cannot be had.
    pub async fn bind(port: u16) -> Result<Self, Fault> {
        let unavailable = |error: io::Error| Fault::LoopbackUnavailable {
            port,
            reason: reason(&error),
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .map_err(unavailable)?;
        let port = listener.local_addr().map_err(unavailable)?.port();
        let redirect_uri = Url::parse(&format!("http://{}:{port}{PATH}", Ipv4Addr::LOCALHOST))
            .map_err(|_| Fault::LoopbackUnavailable {
                port,
                reason: String::new(),
            })?;
        Ok(Self {
            listener,
            redirect_uri,
            start: None,
        })
    }

    /// The address to ask the provider to answer at.
    pub fn redirect_uri(&self) -> &Url {
        &self.redirect_uri
    }

    /// The address that the browser opens to begin: the provider's own, or a page here that posts
    /// the form to it.
    pub fn opens(&mut self, start: &Start) -> Url {
        match start {
            Start::Address(url) => url.clone(),
            Start::Form(form) => {
                self.start = Some(pages::start(form));
                let mut url = self.redirect_uri.clone();
                url.set_path(START);
                url
            }
        }
    }

    /// Waits for the answer: a GET with a query, a fragment that the page's script hands on, or a
    /// form POST. The first one counts; the listener is closed when this returns.
    ///
    /// # Errors
    /// [`Fault::SignInTimedOut`] after `limit`, [`Fault::CancelledByPerson`] when `cancel` is
    /// ready first.
    pub async fn answer(
        self,
        limit: Duration,
        cancel: impl Future<Output = ()>,
    ) -> Result<Captured, Fault> {
        let (waiting, answered) = oneshot::channel();
        let inbox = Arc::new(Inbox {
            hosts: hosts(&self.redirect_uri),
            redirect_uri: self.redirect_uri,
            start: self.start,
            waiting: Mutex::new(Some(waiting)),
        });
        let pages = Router::new()
            .fallback(request::take)
            .layer(DefaultBodyLimit::max(LARGEST))
            .with_state(inbox);
        // Ends the listener also where this future is dropped while it waits.
        let (open, closed) = oneshot::channel::<()>();
        let mut serving = JoinSet::new();
        serving.spawn(
            axum::serve(self.listener, pages)
                .with_graceful_shutdown(async {
                    let _ = closed.await;
                })
                .into_future(),
        );
        let outcome = tokio::select! {
            // An answer that is there counts, whatever else is ready too.
            biased;
            captured = answered => captured.map_err(|_| Fault::AnswerNotCaptured {}),
            () = cancel => Err(Fault::CancelledByPerson {}),
            () = tokio::time::sleep(limit) => Err(Fault::SignInTimedOut {
                seconds: u32::try_from(limit.as_secs()).unwrap_or(u32::MAX),
            }),
        };
        drop(open);
        // A browser that is slow to take the last page does not hold up the verdict.
        let _ = tokio::time::timeout(LAST_PAGE, serving.join_next()).await;
        outcome
    }
}

impl Inbox {
    /// Keeps the first answer; a later one is let go of.
    fn keep(&self, captured: Captured) {
        // A thread that panicked while it held the lock left nothing half done.
        let waiting = self
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(waiting) = waiting {
            // Nobody waits any more where the time has run out just now.
            let _ = waiting.send(captured);
        }
    }
}

/// The names that the browser may ask for: another one means that another site's name was made to
/// point here (DNS rebinding).
fn hosts(redirect_uri: &Url) -> [String; 2] {
    [Ipv4Addr::LOCALHOST.to_string(), "localhost".to_owned()].map(|host| {
        match redirect_uri.port() {
            Some(port) => format!("{host}:{port}"),
            None => host,
        }
    })
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => "another program listens there".to_owned(),
        io::ErrorKind::PermissionDenied => "this computer does not allow it".to_owned(),
        kind => kind.to_string(),
    }
}
