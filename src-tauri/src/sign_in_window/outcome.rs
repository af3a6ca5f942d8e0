//! What a sitting at the provider can end in, and what is told while it lasts.

use std::fmt;

use secrecy::SecretString;
use thiserror::Error;
use url::Url;

use super::Shown;

/// The provider's answer, caught on its way to the Login Redirect URL.
///
/// Its values are secrets: `Debug` prints neither an address' query nor a field's value.
pub enum Captured {
    /// A navigation: the whole address, with `?code=`, `#id_token=` or `?error=`.
    Address(SecretString),
    /// A form POST (SAML HTTP-POST binding, OAuth 2.0 Form Post Response Mode).
    Form {
        /// Where it was going.
        action: Url,
        /// Names and values in the order of the form, line breaks as they travel.
        fields: Vec<(String, SecretString)>,
    },
}

/// How a sitting ended. Exactly one of these, once.
#[derive(Debug)]
pub enum Ended {
    /// The provider's answer was caught.
    Answered(Captured),
    /// A POST to the Login Redirect URL was stopped, but its body could not be read.
    AnsweredButNotCaptured,
    /// The provider answered, but to another address of the Login Redirect URL's host.
    AnsweredElsewhere(Address),
    /// The provider answered before it had started anything, though it was the one to start.
    AnsweredUnasked,
    /// The provider started the sign-in at another address of the guarded host.
    StartedElsewhere(Address),
    /// What the provider started is not gone on with.
    StartRefused,
    /// The person closed the window.
    ClosedByPerson,
    /// The person chose the system browser in the window itself.
    SystemBrowserChosen,
    /// Cancelled, in the window or in the main window.
    Cancelled,
    /// The time limit has passed.
    TimedOut,
    /// A page of the provider could not be shown.
    CannotLoad {
        /// Host, and port where it is not the scheme's own.
        host: String,
        /// What kept it.
        why: LoadFailure,
    },
    /// The provider does not serve embedded windows.
    EmbeddedRefused(Refusal),
    /// The engine's page process ended.
    ProcessEnded,
}

/// Why a page did not load.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoadFailure {
    /// The name has no address.
    Dns,
    /// The host answered that nothing listens there.
    Refused,
    /// No way to the host, or no answer from it.
    Unreachable,
    /// This computer does not trust the server's certificate.
    Tls {
        /// All that is held against it.
        problems: Vec<TlsProblem>,
        /// The certificate that the server showed.
        certificate_pem: Option<String>,
    },
    /// The first page came with this status.
    HttpStatus(u16),
    /// None of the above.
    Other,
}

/// What this computer holds against a server's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsProblem {
    /// No authority that this computer trusts has signed it.
    UnknownAuthority,
    /// It was made for another host.
    OtherName,
    /// Its time has not begun.
    NotYetValid,
    /// Its time is over.
    Expired,
    /// Its authority has withdrawn it.
    Revoked,
    /// Its algorithm is too weak.
    Insecure,
    /// None of the above.
    Other,
}

/// A known page by which a provider turns embedded windows away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The provider serves no embedded browser.
    EmbeddedBrowser,
    /// The provider wants proof that the device is managed, which only the system browser can give.
    ManagedDevice,
}

/// What the main window shows while the sign-in window is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// The page on screen.
    At(Address),
    /// Whether a page is on its way.
    Loading(bool),
    /// What a page shows. Told again whenever it changes.
    Shows(Shown),
    /// A page of the provider came with an error status; it stays on screen.
    HttpStatus(u16),
    /// An address of the guarded host that is no answer was stopped.
    Stopped(Address),
    /// A scheme that is not for the web was refused.
    SchemeRefused(String),
    /// A file was offered; nothing was stored.
    DownloadRefused,
    /// A page asked for the camera, the place or the like.
    PermissionRefused,
}

/// Why no window was opened.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum OpenError {
    /// One window at a time.
    #[error("a sign-in window is open already")]
    AlreadyOpen,
    /// No engine has been fitted for this system yet.
    #[error("this system has no guarded sign-in window; the system browser does the same")]
    NotAvailableHere,
    /// The Login Redirect URL is none that a browser would send an answer to.
    #[error(
        "the Login Redirect URL cannot be guarded: an http or https address with a host is needed"
    )]
    CannotGuard,
    /// The first page is none of the provider's.
    #[error(
        "the provider's address is none for a sign-in window: http or https, and not the Login Redirect URL's host"
    )]
    CannotStart,
    /// The engine refused a guard; without it nothing is loaded.
    #[error("the guard could not be set up: {0}")]
    Guard(String),
    /// The windowing system refused.
    #[error("the window could not be opened: {0}")]
    Window(String),
}

/// An address without what may be secret in it: no user, query or fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(Url);

impl Address {
    /// The address of a page, without what may be secret in it.
    pub fn of(url: &Url) -> Self {
        let mut bare = url.clone();
        bare.set_query(None);
        bare.set_fragment(None);
        // These fail only for addresses that can have no user (`about:blank`): nothing to remove.
        let _ = bare.set_username("");
        let _ = bare.set_password(None);
        Self(bare)
    }

    /// `https` or `http`.
    pub fn scheme(&self) -> &str {
        self.0.scheme()
    }

    /// Host, and port where it is not the scheme's own.
    pub fn host(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        match self.0.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    /// From the first slash on.
    pub fn path(&self) -> &str {
        self.0.path()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl fmt::Debug for Captured {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(_) => out.write_str("Address([redacted])"),
            Self::Form { action, fields } => {
                let names: Vec<_> = fields.iter().map(|(name, _)| name).collect();
                out.debug_struct("Form")
                    .field("action", &Address::of(action).to_string())
                    .field("names", &names)
                    .finish_non_exhaustive()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_captured_answer_prints_no_value() {
        let address = Captured::Address("https://app.example/cb?code=s3cret".into());
        let form = Captured::Form {
            action: "https://app.example/cb?hint=s3cret".parse().unwrap(),
            fields: vec![("SAMLResponse".into(), "s3cret".into())],
        };
        let shown = format!(
            "{address:?} {form:?} {:?}",
            Ended::Answered(Captured::Address("s3cret".into()))
        );
        assert!(!shown.contains("s3cret"), "{shown}");
        assert!(shown.contains("SAMLResponse"), "{shown}");
    }

    #[test]
    fn an_address_keeps_neither_user_nor_query_nor_fragment() {
        let url = "https://eve:pw@id.example:8443/login?code=1#id_token=2"
            .parse()
            .unwrap();
        let address = Address::of(&url);
        assert_eq!(address.to_string(), "https://id.example:8443/login");
        assert_eq!(address.host(), "id.example:8443");
    }
}
