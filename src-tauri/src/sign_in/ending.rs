//! What a sign-in window that ended without an answer says, as a fault.

use latchkey_core::Fault;
use url::Url;

use super::{Subject, TIME_LIMIT};
use crate::sign_in_window::{Ended, LoadFailure, Refusal, TlsProblem};

pub(super) fn fault_of(ended: Ended, subject: &Subject) -> Fault {
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
