//! The test sign-in in Latchkey's own window.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use latchkey_core::oidc::Captured;
use latchkey_core::{Fault, Verdict};
use latchkey_signin::{Http, SignIn, Start, never_began};
use secrecy::ExposeSecret;
use tauri::AppHandle;
use url::Url;

use super::ending::fault_of;
use super::standing::follow;
use super::{Cancelled, Subject, TIME_LIMIT, Tell, prepare, waiting};
use crate::sign_in_window::{self, Address, Begins, Ended, OpenError, Spec, Words};
use crate::wire::{Progress, SignInAsk};

/// Runs it to its end; none where it has to go on in the system browser.
pub(super) async fn in_window(
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
