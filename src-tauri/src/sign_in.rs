//! One test sign-in, from the draft to the verdict: the window or the system browser in front,
//! `latchkey-signin` behind.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use latchkey_core::oidc::Captured;
use latchkey_core::{Connection, Fault, RuleList, Service, Verdict, Way};
use latchkey_signin::{Asked, Held, Http, Loopback, SignIn, never_began};
use secrecy::ExposeSecret;
use tauri::AppHandle;
use tauri_plugin_opener::OpenerExt;
use tokio::sync::watch;
use url::Url;

use crate::sign_in_window::{
    self, Address, Ended, LoadFailure, OpenError, Refusal, Spec, TlsProblem, Words,
};
use crate::wire::{Progress, SignInAsk};

/// How long a person may take. Second factors and password changes fit into it.
pub(crate) const TIME_LIMIT: Duration = Duration::from_secs(300);

/// What is tested.
pub(crate) struct Subject {
    pub(crate) connection: Connection,
    pub(crate) held: Held,
    pub(crate) rules: RuleList,
    pub(crate) service: Service,
    pub(crate) provider_name: String,
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

/// Runs one test sign-in to its end.
pub(crate) async fn run(
    app: &AppHandle,
    http: &Http,
    subject: &Subject,
    ask: &SignInAsk,
    tell: &Tell,
    cancelled: Cancelled,
) -> Outcome {
    let mut way = ask.way;
    if way == Way::Window {
        match in_window(app, http, subject, ask, tell, cancelled.clone()).await {
            Some(verdict) => return Outcome { verdict, way },
            // The person chose the system browser in the window, or there is no window here.
            None => way = Way::Browser,
        }
    }
    let verdict = in_browser(app, http, subject, ask, tell, cancelled).await;
    Outcome { verdict, way }
}

async fn in_window(
    app: &AppHandle,
    http: &Http,
    subject: &Subject,
    ask: &SignInAsk,
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
    let start = sign_in.start().url().clone();
    waiting(tell, &Address::of(&start).to_string());
    let spec = Spec {
        start: sign_in.start().clone(),
        guarded: redirect,
        words: Words {
            title: format!("Test sign-in for {}", subject.service.name),
            cancel: "Cancel".to_owned(),
            system_browser: "Use the system browser".to_owned(),
            not_encrypted: "Not encrypted".to_owned(),
        },
        time_limit: TIME_LIMIT,
    };
    let followed = follow(tell.clone(), start.clone());
    let ended = match sign_in_window::run(app, spec, followed, cancelled.wait()).await {
        Ok(ended) => ended,
        Err(OpenError::NotAvailableHere) => return None,
        Err(OpenError::AlreadyOpen) => return Some(sign_in.ended(Fault::SignInRunning {})),
        Err(error) => {
            let host = sign_in
                .start()
                .url()
                .host_str()
                .unwrap_or_default()
                .to_owned();
            return Some(sign_in.ended(Fault::PageCannotLoad {
                host,
                reason: error.to_string(),
            }));
        }
    };
    let captured = match ended {
        Ended::Answered(captured) => captured,
        Ended::SystemBrowserChosen => return None,
        other => return Some(sign_in.ended(fault_of(other, subject))),
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

/// Passes on where the sign-in window is and whether its page is still on its way.
fn follow(tell: Tell, start: Url) -> impl Fn(sign_in_window::Progress) + Send + Sync {
    let last = Mutex::new(Address::of(&start).to_string());
    move |progress| {
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        let loading = match progress {
            sign_in_window::Progress::At(address) => {
                *last = address.to_string();
                true
            }
            sign_in_window::Progress::Loading(loading) => loading,
            _ => return,
        };
        tell(Progress::At {
            address: last.clone(),
            loading,
        });
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
        Ended::AnsweredButNotCaptured | Ended::Answered(_) | Ended::SystemBrowserChosen => {
            Fault::AnswerNotCaptured {}
        }
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
