//! People and their groups from a live directory: a SCIM 2.0 server, or Okta's management API.
//!
//! Page by page, at the pace that the server asks for. Whoever drops [`Fetch::run`] cancels it, and
//! loses at most the page under way; called again, it goes on at the page that did not come.

mod link;
mod okta;
mod pace;
mod scim;

use std::time::Duration;

use jiff::Timestamp;
use latchkey_core::people::{Gathered, Import};
use latchkey_core::server::is_this_computer;
use latchkey_core::{Fault, Finding};
use openidconnect::http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use url::Url;
use zeroize::Zeroizing;

use crate::http::{Http, PageAnswer};
use okta::Okta;
use pace::Again;
use scim::Scim;

pub use pace::Pace;

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Pages that came.
    pub pages: u32,
    /// People that came.
    pub people: usize,
    /// How many people there are, where the server says so.
    pub of: Option<u64>,
    /// How long the server has us wait before the next page.
    pub waiting: Option<Duration>,
}

/// The most pages that are asked for.
pub const MOST_PAGES: u32 = 500_000;

/// A directory that is being fetched.
pub struct Fetch {
    address: Url,
    scheme: &'static str,
    token: SecretString,
    list: List,
    gathered: Gathered,
    findings: Vec<Finding>,
    pages: u32,
    pace: Pace,
    not_before: Option<Duration>,
}

/// What comes next, of which kind of server.
enum List {
    Scim(Scim),
    Okta(Okta),
}

impl Fetch {
    /// From a SCIM 2.0 server at this address (such as `https://acme.example/scim/v2`), with a bearer
    /// token (RFC 6750).
    ///
    /// # Errors
    /// The fault of an address to which no token may be sent.
    pub fn scim(address: &str, token: SecretString) -> Result<Self, Fault> {
        let address = checked(address)?;
        let list = List::Scim(Scim::new(&address));
        Ok(Self::new(address, "Bearer", token, list))
    }

    /// From the Okta organization at this address, with an API token.
    ///
    /// # Errors
    /// The fault of an address to which no token may be sent.
    pub fn okta(address: &str, token: SecretString) -> Result<Self, Fault> {
        let address = checked(address)?;
        let list = List::Okta(Okta::new(&address));
        Ok(Self::new(address, "SSWS", token, list))
    }

    /// At another pace.
    #[must_use]
    pub fn at(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }

    /// Whether all pages came.
    pub fn is_complete(&self) -> bool {
        self.next().is_none()
    }

    /// Asks for one page after the other until all have come, and says after each how far it is.
    ///
    /// # Errors
    /// The fault that kept a page from coming. What came before is kept: call it again to go on.
    pub async fn run(
        &mut self,
        http: &Http,
        mut progress: impl FnMut(Progress),
    ) -> Result<(), Fault> {
        while let Some(url) = self.next() {
            if self.pages >= MOST_PAGES {
                return Err(Fault::DirectoryTooLarge {
                    what: "pages".to_owned(),
                    limit: MOST_PAGES as usize,
                });
            }
            let answer = self.page(http, &url, &mut progress).await?;
            self.take(&url, &answer)?;
            self.pages += 1;
            self.not_before = pace::until_reset(&answer, Timestamp::now());
            progress(self.progress(None));
        }
        Ok(())
    }

    /// How far it is.
    pub fn reached(&self) -> Progress {
        self.progress(None)
    }

    /// The server's name.
    pub fn host(&self) -> String {
        host(&self.address)
    }

    /// The people who came, and whether some are missing.
    pub fn keep(self) -> Import {
        let stopped = (!self.is_complete()).then(|| {
            Finding::warning(Fault::DirectoryStopped {
                pages: self.pages,
                people: self.gathered.people(),
            })
        });
        let fewer = match &self.list {
            List::Scim(scim) if stopped.is_none() => scim.fewer(self.gathered.people()),
            _ => None,
        };
        let mut import = self.gathered.finish();
        import.findings.extend(stopped);
        import.findings.extend(fewer.map(Finding::warning));
        import.findings.extend(self.findings);
        import
    }

    fn new(address: Url, scheme: &'static str, token: SecretString, list: List) -> Self {
        Self {
            address,
            scheme,
            token,
            list,
            gathered: Gathered::default(),
            findings: Vec::new(),
            pages: 0,
            pace: Pace::default(),
            not_before: None,
        }
    }

    fn next(&self) -> Option<Url> {
        match &self.list {
            List::Scim(scim) => scim.next(),
            List::Okta(okta) => okta.next(),
        }
    }

    fn take(&mut self, url: &Url, answer: &PageAnswer) -> Result<(), Fault> {
        match &mut self.list {
            List::Scim(scim) => {
                if scim.lists_no_groups(answer.status) {
                    let host = host(&self.address);
                    self.findings
                        .push(Finding::note(Fault::DirectoryGroupsNotListed { host }));
                    return Ok(());
                }
                succeeded(url, answer, scim.what())?;
                scim.take(&mut self.gathered, &answer.body)
            }
            List::Okta(okta) => {
                succeeded(url, answer, okta.what())?;
                okta.take(&mut self.gathered, url, answer)
            }
        }
    }

    /// One page, asked for again where that may help.
    async fn page(
        &mut self,
        http: &Http,
        url: &Url,
        progress: &mut impl FnMut(Progress),
    ) -> Result<PageAnswer, Fault> {
        let mut attempt = 0;
        loop {
            if let Some(wait) = self.not_before.take() {
                if wait > self.pace.longest {
                    // The wait is still to come when it is called again.
                    self.not_before = Some(wait);
                    return Err(Fault::DirectoryRateLimited {
                        host: host(url),
                        seconds: wait.as_secs(),
                    });
                }
                progress(self.progress(Some(wait)));
                tokio::time::sleep(wait).await;
            }
            let answer = http.page(url, self.authorization()?).await;
            attempt += 1;
            match self.pace.again(&answer, attempt, Timestamp::now()) {
                Again::No => return answer,
                Again::After(wait) => self.not_before = Some(wait),
            }
        }
    }

    fn authorization(&self) -> Result<HeaderValue, Fault> {
        let value = Zeroizing::new(format!(
            "{} {}",
            self.scheme,
            self.token.expose_secret().trim()
        ));
        let mut value =
            HeaderValue::from_str(&value).map_err(|_| Fault::FieldHasControlCharacters {
                field: "token".to_owned(),
            })?;
        value.set_sensitive(true);
        Ok(value)
    }

    fn progress(&self, waiting: Option<Duration>) -> Progress {
        Progress {
            pages: self.pages,
            people: self.gathered.people(),
            of: match &self.list {
                List::Scim(scim) => scim.total(),
                List::Okta(_) => None,
            },
            waiting,
        }
    }
}

/// The token is not printed, and neither is anybody's name.
impl std::fmt::Debug for Fetch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fetch")
            .field("host", &host(&self.address))
            .field("pages", &self.pages)
            .finish_non_exhaustive()
    }
}

/// An address to which a token may be sent: https, or this computer.
fn checked(address: &str) -> Result<Url, Fault> {
    let field = || "address".to_owned();
    let mut url: Url = address
        .trim()
        .parse()
        .map_err(|_| Fault::NotAnAddress { field: field() })?;
    if !matches!(url.scheme(), "https" | "http") || url.host().is_none() {
        return Err(Fault::NotAnAddress { field: field() });
    }
    if url.scheme() == "http" && !is_this_computer(&url) {
        return Err(Fault::AddressNotHttps {
            field: field(),
            scheme: url.scheme().to_owned(),
        });
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Fault::AddressHasUserInfo { field: field() });
    }
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

/// The fault of an answer that is no page.
fn succeeded(url: &Url, answer: &PageAnswer, what: &str) -> Result<(), Fault> {
    let address = || {
        let mut url = url.clone();
        url.set_query(None);
        url.to_string()
    };
    match answer.status {
        200..=299 => {}
        401 => return Err(Fault::DirectoryTokenRefused { host: host(url) }),
        403 => {
            return Err(Fault::DirectoryTokenNotEnough {
                host: host(url),
                what: what.to_owned(),
            });
        }
        300..=399 => {
            let target = answer.header("location").unwrap_or_default();
            return Err(Fault::RedirectsElsewhere {
                address: address(),
                target: latchkey_core::text::shown(target, 500),
            });
        }
        status => {
            return Err(Fault::HttpStatus {
                address: address(),
                status,
            });
        }
    }
    let first = answer.body.iter().find(|byte| !byte.is_ascii_whitespace());
    if first == Some(&b'<') {
        return Err(Fault::HtmlInsteadOfJson { address: address() });
    }
    Ok(())
}
