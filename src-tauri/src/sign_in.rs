//! One test sign-in, from the draft to the verdict: the window or the system browser in front,
//! `latchkey-signin` behind.

mod ending;
mod standing;
mod window;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use latchkey_core::{Connection, Fault, RuleList, Service, SetUp, Verdict, Way};
use latchkey_signin::{Asked, Held, Http, Loopback, SignIn, never_began};
use tauri::AppHandle;
use tauri_plugin_opener::OpenerExt;
use tokio::sync::watch;
use url::Url;

use self::window::in_window;
use crate::sign_in_window::Address;
use crate::wire::{Progress, SignInAsk};

/// How long a person may take. Second factors and password changes fit into it.
pub(crate) const TIME_LIMIT: Duration = Duration::from_secs(300);

/// What is tested.
pub(crate) struct Subject {
    pub(crate) set_up: SetUp,
    pub(crate) connection: Connection,
    pub(crate) held: Held,
    pub(crate) rules: RuleList,
    pub(crate) service: Service,
    pub(crate) provider_name: String,
    /// Where the service, and every built-in one, takes answers.
    pub(crate) taking_answers: Vec<Url>,
    /// Where the service takes a start by the provider; none where it takes no such start.
    pub(crate) starts_at: Vec<Url>,
}

/// A sign-in that has ended, and where it took place in the end.
pub(crate) struct Outcome {
    pub(crate) verdict: Verdict,
    pub(crate) way: Way,
}

/// Tells the main window what is going on.
pub(crate) type Tell = Arc<dyn Fn(Progress) + Send + Sync>;

/// Says when the person has cancelled.
#[derive(Clone)]
pub(crate) struct Cancelled(pub(crate) watch::Receiver<bool>);

impl Cancelled {
    /// Waits until the sign-in is cancelled; for ever if it never is.
    pub(crate) async fn wait(mut self) {
        if self.0.wait_for(|cancelled| *cancelled).await.is_err() {
            // The other end is gone without a word: nobody can cancel any more.
            std::future::pending::<()>().await;
        }
    }
}

/// Runs one test sign-in to its end. With a dashboard it is the provider who starts it.
pub(crate) async fn run(
    app: &AppHandle,
    http: &Http,
    subject: &Subject,
    ask: &SignInAsk,
    dashboard: Option<Url>,
    tell: &Tell,
    cancelled: Cancelled,
) -> Outcome {
    let mut way = ask.way;
    if let Some(fault) = dashboard.as_ref().and_then(|_| no_start(subject, way)) {
        let verdict = never_began(fault);
        return Outcome { verdict, way };
    }
    let at_provider = dashboard.is_some();
    if way == Way::Window {
        let sat = in_window(app, http, subject, ask, dashboard, tell, cancelled.clone()).await;
        match sat {
            Some(verdict) => return Outcome { verdict, way },
            None if at_provider => {
                let verdict = never_began(Fault::StartNeedsWindow {});
                return Outcome { verdict, way };
            }
            // The person chose the system browser in the window, or there is no window here.
            None => way = Way::Browser,
        }
    }
    let verdict = in_browser(app, http, subject, ask, tell, cancelled).await;
    Outcome { verdict, way }
}

/// Why the provider cannot be the one to start.
fn no_start(subject: &Subject, way: Way) -> Option<Fault> {
    if subject.starts_at.is_empty() {
        let service = subject.service.name.clone();
        return Some(Fault::StartNotTaken { service });
    }
    (way != Way::Window).then_some(Fault::StartNeedsWindow {})
}

async fn in_browser(
    app: &AppHandle,
    http: &Http,
    subject: &Subject,
    ask: &SignInAsk,
    tell: &Tell,
    cancelled: Cancelled,
) -> Verdict {
    let mut loopback = match Loopback::bind(0).await {
        Ok(loopback) => loopback,
        Err(fault) => return never_began(fault),
    };
    let redirect = loopback.redirect_uri().clone();
    let prepared = prepare(http, subject, ask, redirect, tell, cancelled.clone()).await;
    let sign_in = match prepared {
        Ok(sign_in) => sign_in,
        Err(verdict) => return *verdict,
    };
    waiting(tell, &Address::of(sign_in.start().url()).to_string());
    let opened = loopback.opens(sign_in.start());
    if let Err(error) = app.opener().open_url(opened.as_str(), None::<&str>) {
        return sign_in.ended(Fault::BrowserNotOpened {
            reason: error.to_string(),
        });
    }
    match loopback.answer(TIME_LIMIT, cancelled.wait()).await {
        Ok(captured) => {
            tell(Progress::Verifying);
            sign_in
                .conclude(captured, &subject.rules, &subject.service, Timestamp::now)
                .await
        }
        Err(fault) => sign_in.ended(fault),
    }
}

async fn prepare(
    http: &Http,
    subject: &Subject,
    ask: &SignInAsk,
    redirect_uri: Url,
    tell: &Tell,
    cancelled: Cancelled,
) -> Result<SignIn, Box<Verdict>> {
    if let Connection::Oidc(connection) = &subject.connection {
        let issuer = connection.issuer.url();
        tell(Progress::Discovering {
            host: issuer.host_str().unwrap_or_default().to_owned(),
        });
    }
    let asked = Asked {
        redirect_uri,
        response_mode: ask.response_mode,
        login_hint: ask.hint.clone(),
    };
    let preparing = SignIn::prepare(
        http.clone(),
        subject.connection.clone(),
        subject.held.clone(),
        asked,
    );
    tokio::select! {
        prepared = preparing => prepared,
        () = cancelled.wait() => Err(Box::new(never_began(Fault::CancelledByPerson {}))),
    }
}

fn waiting(tell: &Tell, address: &str) {
    // Five minutes from now is far from the end of time.
    let until = Timestamp::now()
        .checked_add(TIME_LIMIT)
        .unwrap_or(Timestamp::MAX);
    tell(Progress::Waiting {
        address: address.to_owned(),
        until: until.to_string(),
    });
}
