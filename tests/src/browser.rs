//! A browser small enough to script: cookies, redirects, forms, and pages that submit themselves. No script runs.
//!
//! It stops at the redirect URI **before** requesting it, as Latchkey's window must, and it never leaves this machine.

use std::sync::Once;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, ORIGIN};
use reqwest::{Client, StatusCode, redirect};
use url::{Url, form_urlencoded};

pub use crate::browser_page::{Field, FieldKind, Form, Page};
use crate::browser_step::Step;

const LARGEST_PAGE: usize = 2 * 1024 * 1024;
const MOST_HOPS: usize = 20;
const MOST_PAGES: usize = 8;
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// What stopped the browser.
#[derive(Debug, thiserror::Error)]
pub enum BrowserError {
    /// Another machine was to be asked; it was not.
    #[error("{0} is not on this machine")]
    LeavesThisMachine(Url),
    /// No answer, or a broken one.
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    /// `Location` is missing or no address.
    #[error("{address} answered {status} with a redirect that leads nowhere")]
    BadRedirect {
        /// Who redirected.
        address: Url,
        /// 3xx.
        status: u16,
    },
    /// Redirects, or pages that submit themselves, without end.
    #[error("more than {MOST_HOPS} redirects, the last to {0}")]
    TooManyRedirects(Url),
    /// The answer did not end in time.
    #[error("the page at {0} is larger than {LARGEST_PAGE} bytes")]
    TooLarge(Url),
    /// Nothing to go on with, such as an error page.
    #[error("{address} answered {status} with a page that has no form: {text}")]
    NoForm {
        /// The page.
        address: Url,
        /// Its HTTP status.
        status: u16,
        /// Its words, shortened.
        text: String,
    },
    /// A form that uploads files, or plain text.
    #[error("the form at {address} is sent as {encoding}, which this browser does not write")]
    Encoding {
        /// The page.
        address: Url,
        /// The form's `enctype`.
        encoding: String,
    },
    /// The words of the page that came after the password.
    #[error("the provider asked again after the password was given: {0}")]
    Refused(String),
    /// Form after form.
    #[error("still no redirect after {MOST_PAGES} pages, the last at {0}")]
    TooManyPages(Url),
}

/// What the browser was about to send to the redirect URI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Landing {
    /// A GET of this address, fragment included.
    Address(Url),
    /// A POST of these fields by a page of `origin`.
    Form {
        /// The redirect URI.
        action: Url,
        /// In the order of the page.
        fields: Vec<(String, String)>,
        /// Sent as the `Origin` header.
        origin: String,
    },
}

impl Landing {
    /// A parameter of the answer, wherever the response mode put it: query, fragment or form.
    pub fn value(&self, name: &str) -> Option<String> {
        let (address, fields) = match self {
            Landing::Address(address) => (address, &[][..]),
            Landing::Form { action, fields, .. } => (action, &fields[..]),
        };
        let fragment = form_urlencoded::parse(address.fragment().unwrap_or_default().as_bytes());
        let mut pairs = address.query_pairs().chain(fragment);
        let in_address = pairs.find(|(key, _)| key == name);
        let in_form = || fields.iter().find(|(key, _)| key == name);
        in_address
            .map(|(_, value)| value.into_owned())
            .or_else(|| in_form().map(|(_, value)| value.clone()))
    }
}

/// Where following redirects and self-submitting pages came to rest.
#[derive(Clone, Debug)]
pub enum Stop {
    /// A page that waits for a person.
    Page(Page),
    /// On the way to the address it was told to stop at.
    Landing(Landing),
}

/// What a loopback callback answered.
#[derive(Clone, Debug)]
pub struct Delivered {
    /// Redirects are not followed.
    pub status: StatusCode,
    /// All of them.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: String,
    /// The part of the address that stays in the browser; a script of the answered page would read it.
    pub fragment: Option<String>,
}

/// One person's browser with its own cookies.
pub struct Browser {
    http: Client,
}

impl Default for Browser {
    fn default() -> Self {
        Self::new()
    }
}

impl Browser {
    /// A browser that has never been anywhere.
    pub fn new() -> Self {
        install_tls_provider();
        let http = Client::builder()
            .redirect(redirect::Policy::none())
            .cookie_store(true)
            .no_proxy()
            .timeout(ANSWER_WITHIN)
            .build()
            .expect("the client has no option that depends on the machine");
        Self { http }
    }

    /// Opens `start`, signs in on whatever forms come, and stops on the way to `stop_at` (its query is of no matter).
    pub async fn sign_in(
        &self,
        start: &Url,
        email: &str,
        password: &str,
        stop_at: &Url,
    ) -> Result<Landing, BrowserError> {
        let stop = self.open(start, stop_at).await?;
        self.sign_in_from(stop, email, password, stop_at).await
    }

    /// [`Browser::sign_in`] where the way begins with a form instead of an address.
    pub async fn sign_in_by_form(
        &self,
        form: &Form,
        email: &str,
        password: &str,
        stop_at: &Url,
    ) -> Result<Landing, BrowserError> {
        let stop = self.submit(form, stop_at).await?;
        self.sign_in_from(stop, email, password, stop_at).await
    }

    async fn sign_in_from(
        &self,
        mut stop: Stop,
        email: &str,
        password: &str,
        stop_at: &Url,
    ) -> Result<Landing, BrowserError> {
        let mut password_given = false;
        for _ in 0..MOST_PAGES {
            let page = match stop {
                Stop::Landing(landing) => return Ok(landing),
                Stop::Page(page) => page,
            };
            let mut form = page.form_or_error()?;
            let wants_password = form.first(FieldKind::Password).is_some();
            if wants_password && password_given {
                return Err(BrowserError::Refused(page.text()));
            }
            form.fill_first(FieldKind::Text, email);
            form.fill_first(FieldKind::Password, password);
            password_given |= wants_password;
            stop = self.submit(&form, stop_at).await?;
        }
        match stop {
            Stop::Landing(landing) => Ok(landing),
            Stop::Page(page) => Err(BrowserError::TooManyPages(page.address)),
        }
    }

    /// [`Browser::sign_in`] followed by [`Browser::deliver`]: the whole way of a system browser to a loopback callback.
    pub async fn sign_in_and_deliver(
        &self,
        start: &Url,
        email: &str,
        password: &str,
        callback: &Url,
    ) -> Result<Delivered, BrowserError> {
        let landing = self.sign_in(start, email, password, callback).await?;
        self.deliver(landing).await
    }

    /// Follows redirects and self-submitting pages from `start`.
    pub async fn open(&self, start: &Url, stop_at: &Url) -> Result<Stop, BrowserError> {
        self.settle(Step::open(start.clone()), stop_at).await
    }

    /// Sends a form as its page would.
    pub async fn submit(&self, form: &Form, stop_at: &Url) -> Result<Stop, BrowserError> {
        self.settle(Step::submit(form), stop_at).await
    }

    /// Sends to a loopback callback what the provider meant for it. Redirects of the callback are not followed.
    pub async fn deliver(&self, landing: Landing) -> Result<Delivered, BrowserError> {
        let step = Step::from(landing);
        let fragment = step.address.fragment().map(str::to_owned);
        let response = self.send(&step).await?;
        Ok(Delivered {
            status: response.status(),
            headers: response.headers().clone(),
            body: read_bounded(response).await?,
            fragment,
        })
    }

    async fn settle(&self, mut step: Step, stop_at: &Url) -> Result<Stop, BrowserError> {
        for _ in 0..MOST_HOPS {
            if step.leads_to(stop_at) {
                return Ok(Stop::Landing(step.into()));
            }
            let response = self.send(&step).await?;
            if response.status().is_redirection() {
                step = step.redirected(&response)?;
                continue;
            }
            let page = Page {
                address: step.address,
                status: response.status().as_u16(),
                html: read_bounded(response).await?,
            };
            if !page.submits_itself() {
                return Ok(Stop::Page(page));
            }
            step = Step::submit(&page.form_or_error()?);
        }
        Err(BrowserError::TooManyRedirects(step.address))
    }

    async fn send(&self, step: &Step) -> Result<reqwest::Response, BrowserError> {
        if !step.stays_on_this_machine() {
            return Err(BrowserError::LeavesThisMachine(step.address.clone()));
        }
        let mut request = self
            .http
            .request(step.method(), step.address.clone())
            .header("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        if let Some(posted) = &step.posted {
            request = request
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(ORIGIN, &posted.origin)
                .body(posted.encoded());
        }
        Ok(request.send().await?)
    }
}

async fn read_bounded(mut response: reqwest::Response) -> Result<String, BrowserError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > LARGEST_PAGE {
            return Err(BrowserError::TooLarge(response.url().clone()));
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// reqwest is built without a TLS provider of its own and panics when none is installed, even for plain http.
fn install_tls_provider() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // An error means that the test has installed one already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}
