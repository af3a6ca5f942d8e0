//! Rules tried on claims that somebody typed or pasted. Nothing here is verified: it shows what the
//! rules would do, and proves nothing about the person.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Explained, RuleList};
use crate::catalogue::Service;
use crate::claims::Claims;
use crate::fault::Fault;
use crate::json::{self, Members, Unreadable};
use crate::oidc::id_token::unverified_claims;
use crate::paste::LARGEST;
use crate::saml::response;
use crate::text::shown;

/// Where claims come from that rules are tried on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum TrySource {
    /// A JSON object of claims.
    Claims,
    /// The payload of a token (RFC 7519), whoever signed it.
    Token,
    /// The attributes of a SAML response, whoever signed it.
    Response,
    /// A person who has signed in for a test.
    Tested,
}

/// Claims, and what the rules make of them.
#[derive(Clone, Debug, PartialEq, Serialize, Type)]
pub struct Tried {
    /// Where the claims come from. They are verified only where it is a person who was tested.
    pub source: TrySource,
    /// The claims.
    pub claims: Claims,
    /// What each rule says to them.
    #[serde(flatten)]
    pub explained: Explained,
}

/// Tries rules on claims.
pub fn tried(source: TrySource, claims: &Claims, rules: &RuleList, service: &Service) -> Tried {
    Tried {
        source,
        explained: rules.explain(claims, service),
        claims: claims.clone(),
    }
}

/// Reads claims out of a text: a JSON object of them, a token or the token endpoint's answer, or a
/// SAML response as XML, in base64, or as a form's field.
///
/// # Errors
/// A fault that says why there are none.
pub fn read(text: &str) -> Result<(TrySource, Claims), Fault> {
    if text.len() > LARGEST {
        return Err(Fault::PastedTooLong { limit: LARGEST });
    }
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text).trim();
    if text.starts_with('{') {
        let members = members(text)?;
        return match members.text("id_token").and_then(payload) {
            Some(token) => Ok((TrySource::Token, Claims::from(&token))),
            None => Ok((TrySource::Claims, Claims::from(&members))),
        };
    }
    if let Some(token) = payload(text) {
        return Ok((TrySource::Token, Claims::from(&token)));
    }
    match response::unverified_claims(text.as_bytes())? {
        Some(claims) => Ok((TrySource::Response, claims)),
        None => Err(Fault::PastedNoClaims {}),
    }
}

/// What a token says, without regard to its signature, also as it stands in a header.
fn payload(token: &str) -> Option<Members> {
    let token = token.trim();
    unverified_claims(token.strip_prefix("Bearer ").unwrap_or(token))
}

fn members(text: &str) -> Result<Members, Fault> {
    json::members(text.as_bytes()).map_err(|unreadable| match unreadable {
        Unreadable::Twice(name) => Fault::PastedMemberTwice {
            name: shown(&name, 100),
        },
        Unreadable::NotAnObject => match serde_json::from_str::<serde::de::IgnoredAny>(text) {
            Err(error) => Fault::PastedNotJson {
                line: error.line(),
                column: error.column(),
                expected: "one JSON object of claim names and their values".to_owned(),
            },
            Ok(_) => Fault::PastedNoClaims {},
        },
    })
}

#[cfg(test)]
mod tests;
