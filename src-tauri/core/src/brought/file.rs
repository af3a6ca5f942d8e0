//! The file in which an answer travels, `format: "latchkey-answer/1"`.

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use url::Url;
use zeroize::Zeroizing;

use super::{Brought, Content};
use crate::catalogue::Catalogue;
use crate::connection::Protocol;
use crate::diagnosis::{Known, chain};
use crate::fault::Fault;
use crate::oidc::id_token;
use crate::text::shown;

const FORMAT: &str = "latchkey-answer/1";
const FAMILY: &str = "latchkey-answer/";

/// An answer on its way to somebody else's Latchkey.
#[derive(Debug)]
pub struct AnswerFile<'a> {
    /// The protocol.
    pub protocol: Protocol,
    /// SAML: the ID of the request. OpenID Connect: the nonce.
    pub request: &'a str,
    /// Where the answer was sent.
    pub sent_to: &'a Url,
    /// The response or the ID token.
    pub answer: &'a SecretString,
}

#[derive(Serialize)]
struct Written<'a> {
    format: &'static str,
    protocol: Protocol,
    request: &'a str,
    sent_to: &'a Url,
    answer: &'a str,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    #[serde(rename = "format")]
    _format: String,
    protocol: Protocol,
    request: String,
    sent_to: Url,
    answer: String,
}

/// What tells one file from another, whatever else is in it.
#[derive(Deserialize)]
struct Kind {
    #[serde(default)]
    format: Option<String>,
    #[serde(default)]
    id_token: Option<String>,
    #[serde(default)]
    log: Option<IgnoredAny>,
}

impl AnswerFile<'_> {
    /// The file's text. It holds the answer: it is for the one who asked for it, and for nobody else.
    pub fn written(&self) -> SecretString {
        let written = Written {
            format: FORMAT,
            protocol: self.protocol,
            request: self.request,
            sent_to: self.sent_to,
            answer: self.answer.expose_secret(),
        };
        // Strings only: there is nothing in it that JSON cannot write.
        let text = serde_json::to_string_pretty(&written).expect("an answer file is plain data");
        SecretString::from(text)
    }
}

/// Reads an answer file, or the answer of a token endpoint.
pub(super) fn read(text: &str) -> Result<Brought, Fault> {
    let kind: Kind = serde_json::from_str(text).map_err(|error| misfit(&error))?;
    if kind.log.is_some() {
        return recorded(text);
    }
    match kind.format.as_deref() {
        Some(FORMAT) => {}
        Some(newer) if newer.starts_with(FAMILY) => {
            return Err(Fault::BroughtNewer {
                format: shown(newer, 100),
                known: FORMAT.to_owned(),
            });
        }
        Some(other) => {
            let other = shown(other, 100);
            return Err(unreadable(&format!("its format is {other}")));
        }
        None => {
            let token = kind
                .id_token
                .map(Zeroizing::new)
                .filter(|token| id_token::form(token).is_ok())
                .ok_or_else(|| unreadable("it names neither a format nor an id_token"))?;
            return Ok(Brought::plain(&token));
        }
    }
    let read: Read = serde_json::from_str(text).map_err(|error| misfit(&error))?;
    let answer = SecretString::from(read.answer);
    Ok(Brought {
        content: match read.protocol {
            Protocol::Saml => Content::Saml(answer),
            Protocol::Oidc => Content::IdToken(answer),
        },
        request: Some(read.request).filter(|request| !request.is_empty()),
        sent_to: Some(read.sent_to),
        reached_service: false,
    })
}

/// The last answer of a recording (HAR). Whether it answers the request in the recording is read from
/// the recording too, which proves less.
fn recorded(text: &str) -> Result<Brought, Fault> {
    let known = Known {
        set_up: None,
        catalogue: Catalogue::built_in(),
        now: Timestamp::UNIX_EPOCH,
    };
    let read = chain::of_har(text.as_bytes(), &known)
        .map_err(|_| unreadable("it is a recording that cannot be read"))?;
    let last = read
        .answers()
        .last()
        .ok_or_else(|| unreadable("the recording holds no SAML response and no ID token"))?;
    let (content, request) = match &last.content {
        chain::Content::Saml(answer) => (Content::Saml(answer.clone()), &last.request_id),
        chain::Content::IdToken { token, .. } => (Content::IdToken(token.clone()), &last.nonce),
    };
    Ok(Brought {
        content,
        request: request.clone(),
        sent_to: Some(last.sent_to.clone()),
        reached_service: last.reached_service,
    })
}

pub(super) fn unreadable(reason: &str) -> Fault {
    Fault::BroughtUnreadable {
        reason: reason.to_owned(),
    }
}

/// Where it does not fit, and never what stands there: serde quotes values.
fn misfit(error: &serde_json::Error) -> Fault {
    let text = error.to_string();
    let named = text
        .starts_with("unknown field `")
        .then(|| text.split('`').nth(1))
        .flatten()
        .filter(|key| key.len() <= 40);
    match named {
        Some(key) => unreadable(&format!("it has the unknown key {}", shown(key, 40))),
        None => unreadable(&format!(
            "it does not fit at line {}, column {}",
            error.line(),
            error.column()
        )),
    }
}
