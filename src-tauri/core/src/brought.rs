//! The answer of a sign-in that took place elsewhere, brought in a file: a captured SAML response, an
//! ID token, a recording (HAR), or the file that `latchkey sign-in --answer-file` writes.
//!
//! It is verified as of its own time, counts once, and proves less than a sign-in here: who the person
//! is and what the provider signed, not that a request of this computer was answered.

mod file;
mod judge;

use secrecy::SecretString;
use url::Url;

use crate::connection::Protocol;
use crate::fault::Fault;
use crate::oidc::id_token;

pub use file::AnswerFile;
pub use judge::{Judged, MOST_DAYS, judge};

/// The largest input in which an answer is looked for, in bytes.
pub const LARGEST: usize = 32 * 1024 * 1024;

/// An answer that was brought.
#[derive(Debug)]
pub struct Brought {
    /// The answer itself.
    pub content: Content,
    /// SAML: the ID of the request that it answers. OpenID Connect: the nonce. As the file says it.
    pub request: Option<String>,
    /// Where it was sent, as the file says it.
    pub sent_to: Option<Url>,
    /// Whether it is known to have gone on to the service.
    pub reached_service: bool,
}

/// The answer itself.
#[derive(Debug)]
pub enum Content {
    /// A SAML response, in whatever it was captured.
    Saml(SecretString),
    /// An ID token in its compact form.
    IdToken(SecretString),
}

impl Brought {
    /// Finds out what was brought. Whether it holds is for [`judge`] to say.
    ///
    /// # Errors
    /// `BroughtEmpty`, `BroughtTooLarge`, `BroughtIsAddress`, `BroughtUnreadable`, `BroughtNewer`.
    pub fn read(bytes: &[u8]) -> Result<Self, Fault> {
        if bytes.len() > LARGEST {
            return Err(Fault::BroughtTooLarge { limit: LARGEST });
        }
        let text = std::str::from_utf8(bytes).map_err(|_| file::unreadable("it is no text"))?;
        let text = text.trim_start_matches('\u{FEFF}').trim();
        if text.is_empty() {
            return Err(Fault::BroughtEmpty {});
        }
        if text.starts_with('{') {
            return file::read(text);
        }
        // A code can be redeemed once, by the one who asked for it.
        let address = Url::parse(text).ok().filter(Url::has_host);
        if address.is_some_and(|url| url.query_pairs().any(|(name, _)| name == "code")) {
            return Err(Fault::BroughtIsCode {});
        }
        Ok(Self::plain(text))
    }

    /// The protocol that it belongs to.
    pub fn protocol(&self) -> Protocol {
        match self.content {
            Content::Saml(_) => Protocol::Saml,
            Content::IdToken(_) => Protocol::Oidc,
        }
    }

    fn plain(text: &str) -> Self {
        let content = SecretString::from(text.to_owned());
        let is_token = id_token::form(text).is_ok();
        Self {
            content: if is_token {
                Content::IdToken(content)
            } else {
                Content::Saml(content)
            },
            request: None,
            sent_to: None,
            reached_service: false,
        }
    }
}
