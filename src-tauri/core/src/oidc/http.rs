//! An HTTP answer as it came, for the parts that read it.

use url::Url;

use crate::fault::Fault;
use crate::json::{self, Members};
use crate::text::shown;

/// The largest answer that is read, in bytes.
pub const LARGEST: usize = 1024 * 1024;

/// An answer to one request. Redirects are not followed: where the answer points elsewhere, that
/// is something to say.
#[derive(Clone)]
pub struct HttpAnswer {
    /// The address that was asked.
    pub asked: Url,
    /// The status code.
    pub status: u16,
    /// The `Content-Type` header.
    pub content_type: Option<String>,
    /// The `Location` header.
    pub location: Option<String>,
    /// At most [`LARGEST`] bytes.
    pub body: Vec<u8>,
}

/// The body may hold tokens: it is never printed.
impl std::fmt::Debug for HttpAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HttpAnswer")
            .field("asked", &self.address())
            .field("status", &self.status)
            .field("content_type", &self.content_type)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl HttpAnswer {
    /// The address that was asked, without query and fragment.
    pub fn address(&self) -> String {
        let mut url = self.asked.clone();
        url.set_query(None);
        url.set_fragment(None);
        url.to_string()
    }

    /// The JSON object of a successful answer.
    ///
    /// # Errors
    /// The fault that names what came instead.
    pub fn object(&self) -> Result<Members, Fault> {
        self.succeeded()?;
        self.object_whatever_the_status()
    }

    /// The JSON object in the body, for error answers that carry one.
    ///
    /// # Errors
    /// The fault that names what came instead.
    pub fn object_whatever_the_status(&self) -> Result<Members, Fault> {
        let address = self.address();
        if self.body.len() > LARGEST {
            return Err(Fault::AnswerTooLarge {
                address,
                limit: LARGEST,
            });
        }
        if self.is_html() {
            return Err(Fault::HtmlInsteadOfJson { address });
        }
        json::members(&self.body).map_err(|_| Fault::NotJson { address })
    }

    /// That the status is one of success.
    ///
    /// # Errors
    /// The fault that names the status, or where the answer leads.
    pub(crate) fn succeeded(&self) -> Result<(), Fault> {
        match self.status {
            200..=299 => Ok(()),
            300..=399 => Err(Fault::RedirectsElsewhere {
                address: self.address(),
                target: shown(self.location.as_deref().unwrap_or_default(), 500),
            }),
            status => Err(Fault::HttpStatus {
                address: self.address(),
                status,
            }),
        }
    }

    /// Whether the server calls it a page.
    pub(crate) fn says_html(&self) -> bool {
        self.content_type
            .as_deref()
            .is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/html"))
    }

    fn is_html(&self) -> bool {
        let starts = self.body.iter().find(|byte| !byte.is_ascii_whitespace());
        starts == Some(&b'<') || (self.says_html() && starts != Some(&b'{'))
    }
}
