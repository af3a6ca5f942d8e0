//! What is told of a sign-in in a recording.

use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use specta::Type;
use url::Url;

use super::Place;
use crate::connection::Protocol;
use crate::finding::Told;
use crate::verdict::Outcome;

/// One sign-in as a sequence of steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct Chain {
    /// How provider and service talked, where that can be told.
    pub protocol: Option<Protocol>,
    /// The steps, in the order of time.
    pub links: Vec<Link>,
    /// Whether the service was brought an answer and nothing in the recording says that it refused.
    pub worked: bool,
    /// Whether the provider was not allowed to show a page: `prompt=none`, `IsPassive`.
    pub silent: bool,
}

impl Chain {
    /// The step that broke, counted from 0.
    pub fn broken(&self) -> Option<usize> {
        self.links
            .iter()
            .position(|link| link.outcome == Outcome::Failed)
    }
}

/// One step: a request and its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct Link {
    /// The request's number in the recording, counted from 1.
    pub number: u32,
    /// When it began, by the clock of the recording's computer.
    pub at: Option<Timestamp>,
    /// The request's method.
    pub method: String,
    /// Where it went.
    pub place: Place,
    /// The names of the parameters in its address.
    pub parameters: Vec<String>,
    /// What it is in the sign-in.
    pub step: Step,
    /// The answer's status; 0 where there was none.
    pub status: u16,
    /// The browser's own word for a request that failed; else empty.
    pub error: String,
    /// Whether it holds: failed is the step that broke.
    pub outcome: Outcome,
    /// What was noticed at it.
    pub findings: Vec<Told>,
}

/// What a step is in a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
#[serde(rename = "ChainStep")]
pub enum Step {
    /// The service sends the browser to the provider.
    Start,
    /// The provider is asked to sign somebody in.
    Request,
    /// The provider's own pages.
    Provider,
    /// The provider's answer is brought to the service.
    Answer,
    /// Tokens are fetched.
    Tokens,
    /// What the service does with the answer.
    Reply,
}

/// An answer of a provider as it was caught.
#[derive(Clone, Debug)]
pub struct Answer {
    /// When it came, by the servers' clock where the recording shows that.
    pub at: Timestamp,
    /// Where it was sent, without its query.
    pub sent_to: Url,
    /// What came.
    pub content: Content,
    /// The ID of the SAML request before it, where the recording has that.
    pub request_id: Option<String>,
    /// The nonce of the authorization request before it, where the recording has that.
    pub nonce: Option<String>,
    /// The provider's key set (RFC 7517), where the recording has that. It proves less than keys
    /// fetched from the provider: whoever made the recording could have written it.
    pub keys: Option<Vec<u8>>,
    /// Whether the recording shows that it was sent to a server out there: the service has then seen
    /// it.
    pub reached_service: bool,
}

/// What an answer holds. Never printed.
#[derive(Clone, Debug)]
pub enum Content {
    /// A SAML response in base64.
    Saml(SecretString),
    /// An ID token, and the access token beside it.
    IdToken {
        /// The ID token in its compact form.
        token: SecretString,
        /// The access token that came along.
        access_token: Option<SecretString>,
    },
}
