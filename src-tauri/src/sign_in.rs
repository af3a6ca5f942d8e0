//! One test sign-in, from the draft to the verdict: the window or the system browser in front,
//! `latchkey-signin` behind.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use latchkey_core::diagnosis::Known;
use latchkey_core::diagnosis::page::{Page, of_dead_end, of_page};
use latchkey_core::oidc::Captured;
use latchkey_core::{
    Catalogue, Connection, Fault, Finding, RuleList, Service, SetUp, Verdict, Way,
};
use latchkey_signin::{Asked, Held, Http, Loopback, SignIn, Start, never_began};
use secrecy::ExposeSecret;
use tauri::AppHandle;
use tauri_plugin_opener::OpenerExt;
use tokio::sync::watch;
use url::Url;

use crate::sign_in_window::{
    self, Address, Begins, Ended, LoadFailure, OpenError, Refusal, Spec, TlsProblem, Words,
};
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

async fn in_window(
    app: &AppHandle,
    http: &Http,
    subject: &Subject,
    ask: &SignInAsk,
    dashboard: Option<Url>,
    tell: &Tell,
    cancelled: Cancelled,
) -> Option<Verdict> {
    let redirect = subject.connection.login_redirect_url().clone();
    let prepared = prepare(
        http,
        subject,
        ask,
        redirect.clone(),
        tell,
        cancelled.clone(),
    )
    .await;
    let sign_in = match prepared {
        Ok(sign_in) => sign_in,
        Err(verdict) => return Some(*verdict),
    };
    let at_provider = dashboard.is_some();
    let first = dashboard.map_or_else(|| sign_in.start().clone(), Start::Address);
    let start = first.url().clone();
    waiting(tell, &Address::of(&start).to_string());
    let started = Arc::new(Started::of(sign_in));
    let spec = Spec {
        start: first,
        guarded: redirect,
        also_guarded: subject.taking_answers.clone(),
        begins: at_provider.then(|| begins(&started, subject)),
        words: Words {
            title: format!("Test sign-in for {}", subject.service.name),
            cancel: "Cancel".to_owned(),
            system_browser: "Use the system browser".to_owned(),
            not_encrypted: "Not encrypted".to_owned(),
        },
        time_limit: TIME_LIMIT,
    };
    let (followed, page) = follow(tell.clone(), start.clone(), subject.set_up.clone());
    let ended = sign_in_window::run(app, spec, followed, cancelled.wait()).await;
    let sign_in = match started.taken() {
        Ok(sign_in) => sign_in,
        Err(verdict) => return Some(*verdict),
    };
    let ended = match ended {
        Ok(ended) => ended,
        Err(OpenError::NotAvailableHere) => return None,
        Err(OpenError::AlreadyOpen) => return Some(sign_in.ended(Fault::SignInRunning {})),
        Err(error) => {
            let host = start.host_str().unwrap_or_default().to_owned();
            return Some(sign_in.ended(Fault::PageCannotLoad {
                host,
                reason: error.to_string(),
            }));
        }
    };
    let captured = match ended {
        Ended::Answered(captured) => captured,
        Ended::SystemBrowserChosen => return None,
        other => {
            let stood = match other {
                Ended::Cancelled | Ended::ClosedByPerson | Ended::TimedOut => page.says(),
                _ => Vec::new(),
            };
            return Some(sign_in.ended_on(stood, fault_of(other, subject)));
        }
    };
    tell(Progress::Verifying);
    Some(match for_core(captured) {
        Some(captured) => {
            sign_in
                .conclude(captured, &subject.rules, &subject.service, Timestamp::now)
                .await
        }
        None => sign_in.ended(Fault::AnswerNotCaptured {}),
    })
}

/// A sign-in that the window may go on with while it is open.
struct Started(Mutex<Option<Result<SignIn, Box<Verdict>>>>);

impl Started {
    fn of(sign_in: SignIn) -> Self {
        Self(Mutex::new(Some(Ok(sign_in))))
    }

    /// Goes on with what the provider has sent; where to.
    fn go_on(&self, captured: &Captured, service: &[Url]) -> Option<Url> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(Ok(sign_in)) = held.as_mut() else {
            return None;
        };
        match sign_in.started(captured, service) {
            Ok(next) => Some(next),
            Err(verdict) => {
                *held = Some(Err(verdict));
                None
            }
        }
    }

    /// The sign-in, or the verdict that it has ended with already.
    fn taken(&self) -> Result<SignIn, Box<Verdict>> {
        let taken = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        // Taken once, by the one who made it.
        taken.unwrap_or_else(|| Err(Box::new(never_began(Fault::CancelledByPerson {}))))
    }
}

fn begins(started: &Arc<Started>, subject: &Subject) -> Begins {
    let (started, service) = (started.clone(), subject.taking_answers.clone());
    Begins {
        at: subject.starts_at.clone(),
        go_on: Box::new(move |captured| started.go_on(&for_core(captured)?, &service)),
    }
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

/// The page on which the sign-in window stands, and what it says about why nothing goes on.
#[derive(Clone, Default)]
struct Standing(Arc<Mutex<Stood>>);

#[derive(Default)]
struct Stood {
    address: String,
    /// The error status of the page that is coming.
    coming: Option<u16>,
    /// The error status of the page on screen.
    status: Option<u16>,
    found: Vec<Finding>,
    dead_end: Option<Finding>,
}

impl Standing {
    /// What the page proves, else that nothing leads on from it.
    fn says(&self) -> Vec<Finding> {
        let mut stood = self.lock();
        let dead_end = stood.dead_end.take();
        let found = std::mem::take(&mut stood.found);
        if found.is_empty() {
            dead_end.into_iter().collect()
        } else {
            found
        }
    }

    fn lock(&self) -> MutexGuard<'_, Stood> {
        // Whole after every statement, so a panic elsewhere leaves nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stood {
    /// Reads the page; `true` when there is something else to say than before.
    fn read(&mut self, shown: &sign_in_window::Shown, set_up: &SetUp) -> bool {
        let host = shown.address.host();
        let page = Page {
            host: &host,
            title: &shown.title,
            text: &shown.text,
            status: self.status,
            ends: shown.ends,
        };
        let known = Known {
            set_up: Some(set_up),
            catalogue: Catalogue::built_in(),
            now: Timestamp::now(),
        };
        let found = of_page(&page, &known);
        self.dead_end = of_dead_end(&page);
        let differs = found != self.found;
        self.found = found;
        differs
    }
}

/// Passes on where the sign-in window is, whether its page is still on its way, and what the page
/// says of an error.
fn follow(
    tell: Tell,
    start: Url,
    set_up: SetUp,
) -> (impl Fn(sign_in_window::Progress) + Send + Sync, Standing) {
    let standing = Standing::default();
    standing.lock().address = Address::of(&start).to_string();
    let stands = standing.clone();
    let followed = move |progress| {
        let mut stood = stands.lock();
        let loading = match progress {
            sign_in_window::Progress::At(address) => {
                *stood = Stood {
                    address: address.to_string(),
                    status: stood.coming.take(),
                    ..Stood::default()
                };
                true
            }
            sign_in_window::Progress::Loading(loading) => loading,
            sign_in_window::Progress::HttpStatus(status) => {
                stood.coming = Some(status);
                return;
            }
            sign_in_window::Progress::Shows(shown) => {
                if stood.read(&shown, &set_up) {
                    let findings = stood.found.iter().map(Finding::told).collect();
                    tell(Progress::Shows { findings });
                }
                return;
            }
            _ => return,
        };
        tell(Progress::At {
            address: stood.address.clone(),
            loading,
        });
    };
    (followed, standing)
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

fn for_core(captured: sign_in_window::Captured) -> Option<Captured> {
    match captured {
        sign_in_window::Captured::Address(address) => Url::parse(address.expose_secret())
            .ok()
            .map(Captured::Address),
        sign_in_window::Captured::Form { fields, .. } => Some(Captured::Form(
            fields
                .into_iter()
                .map(|(name, value)| (name, value.expose_secret().to_owned()))
                .collect(),
        )),
    }
}

fn fault_of(ended: Ended, subject: &Subject) -> Fault {
    match ended {
        Ended::AnsweredElsewhere(address) => Fault::AnsweredElsewhere {
            expected: subject.connection.login_redirect_url().to_string(),
            received: address.to_string(),
        },
        Ended::AnsweredUnasked => Fault::AnsweredUnasked {},
        Ended::StartedElsewhere(address) => Fault::StartedElsewhere {
            expected: subject
                .starts_at
                .first()
                .map(Url::to_string)
                .unwrap_or_default(),
            received: address.to_string(),
        },
        Ended::ClosedByPerson => Fault::WindowClosed {},
        Ended::Cancelled => Fault::CancelledByPerson {},
        Ended::TimedOut => Fault::SignInTimedOut {
            seconds: TIME_LIMIT.as_secs() as u32,
        },
        Ended::CannotLoad { host, why } => load_failure(host, why),
        Ended::EmbeddedRefused(Refusal::EmbeddedBrowser) => Fault::EmbeddedWindowRefused {
            provider: subject.provider_name.clone(),
        },
        Ended::EmbeddedRefused(Refusal::ManagedDevice) => Fault::DeviceProofDemanded {
            provider: subject.provider_name.clone(),
        },
        Ended::ProcessEnded => Fault::PageCrashed {},
        Ended::AnsweredButNotCaptured
        | Ended::Answered(_)
        | Ended::StartRefused
        | Ended::SystemBrowserChosen => Fault::AnswerNotCaptured {},
    }
}

fn load_failure(host: String, why: LoadFailure) -> Fault {
    match why {
        LoadFailure::Dns => Fault::HostNotFound { host },
        LoadFailure::Refused => {
            let (name, port) = split_port(&host);
            Fault::ConnectionRefused { host: name, port }
        }
        LoadFailure::Unreachable => Fault::ConnectionFailed {
            host,
            detail: "unreachable".to_owned(),
        },
        LoadFailure::Tls {
            problems,
            certificate_pem,
        } => {
            let reason = problems
                .first()
                .map_or("it is not trusted", |problem| held_against(*problem));
            latchkey_signin::http::not_trusted(&host, reason, certificate_pem.as_deref())
        }
        LoadFailure::HttpStatus(status) => Fault::HttpStatus {
            address: host,
            status,
        },
        LoadFailure::Other => Fault::PageCannotLoad {
            host,
            reason: "the engine gave no reason".to_owned(),
        },
    }
}

/// In the words of `latchkey-signin` for the same refusals.
fn held_against(problem: TlsProblem) -> &'static str {
    match problem {
        TlsProblem::UnknownAuthority => "no authority that this computer trusts has signed it",
        TlsProblem::OtherName => "it was made for another host",
        TlsProblem::NotYetValid => "it is not valid yet",
        TlsProblem::Expired => "it has expired",
        TlsProblem::Revoked => "it has been revoked",
        TlsProblem::Insecure => "its algorithm is too weak",
        TlsProblem::Other => "it is not trusted",
    }
}

/// The name and the port of a host as an address writes it; 443 where it names none.
fn split_port(host: &str) -> (String, u16) {
    match host
        .rsplit_once(':')
        .map(|(name, port)| (name, port.parse()))
    {
        Some((name, Ok(port))) => (name.to_owned(), port),
        _ => (host.to_owned(), 443),
    }
}
