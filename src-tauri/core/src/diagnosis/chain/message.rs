//! What the requests and answers of a sign-in say, without what must not be kept.

use secrecy::{ExposeSecret, SecretString};
use url::Url;
use zeroize::Zeroizing;

use super::place::{Mark, Place};
use crate::diagnosis::ERROR_PARAMETERS;
use crate::saml::response::said_request;
use crate::text::shown;

/// Longest public value that is kept, in characters.
const KEPT: usize = 500;

/// Names and values as a form or a query has them.
#[derive(Default)]
pub(super) struct Pairs(pub(super) Vec<(String, Zeroizing<String>)>);

impl Pairs {
    /// The pairs of `application/x-www-form-urlencoded`.
    pub(super) fn parse(text: &str) -> Self {
        let pairs = url::form_urlencoded::parse(text.as_bytes()).take(300);
        Self(
            pairs
                .map(|(name, value)| (name.into_owned(), Zeroizing::new(value.into_owned())))
                .collect(),
        )
    }

    pub(super) fn one(&self, name: &str) -> Option<&str> {
        let found = self
            .0
            .iter()
            .find(|(known, value)| known == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.one(name).is_some()
    }

    fn kept(&self, name: &str) -> String {
        shown(self.one(name).unwrap_or_default(), KEPT)
    }

    fn secret(&self, name: &str) -> Option<SecretString> {
        self.one(name)
            .map(|value| SecretString::from(value.to_owned()))
    }
}

/// A request to a provider to sign somebody in.
#[derive(Clone)]
pub(super) enum Ask {
    Oidc(OidcAsk),
    Saml(SamlAsk),
    /// Another protocol: WS-Federation.
    Other(&'static str),
}

/// An authorization request (OpenID Connect Core 1.0, section 3.1.2.1).
#[derive(Clone, Default)]
pub(super) struct OidcAsk {
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    pub(super) scope: String,
    pub(super) prompt: String,
    pub(super) nonce: Option<String>,
    pub(super) state: Option<Mark>,
}

/// An AuthnRequest (SAML 2.0 Core, section 3.4.1).
#[derive(Clone, Default)]
pub(super) struct SamlAsk {
    pub(super) id: String,
    pub(super) issuer: String,
    pub(super) acs: Option<String>,
    pub(super) destination: Option<String>,
    pub(super) relay: Option<Mark>,
    pub(super) passive: bool,
    pub(super) readable: bool,
}

impl Ask {
    pub(super) fn read(pairs: &Pairs) -> Option<Self> {
        if let Some(message) = pairs.one("SAMLRequest") {
            let said = said_request(message.replace(' ', "+").as_bytes());
            let readable = said.is_ok();
            let said = said.unwrap_or_default();
            return Some(Self::Saml(SamlAsk {
                id: said.id,
                issuer: said.issuer,
                acs: said.acs,
                destination: said.destination,
                relay: pairs.one("RelayState").and_then(Mark::of),
                passive: said.passive,
                readable,
            }));
        }
        if pairs
            .one("wa")
            .is_some_and(|action| action.starts_with("wsignin"))
            && pairs.has("wtrealm")
        {
            return Some(Self::Other("WS-Federation"));
        }
        let asks = pairs.has("response_type") || pairs.has("redirect_uri");
        let pushed = pairs.has("request_uri") || pairs.has("request");
        // A token request has both of these too.
        if !pairs.has("client_id")
            || pairs.has("grant_type")
            || pairs.has("code")
            || !(asks || pushed)
        {
            return None;
        }
        Some(Self::Oidc(OidcAsk {
            client_id: pairs.kept("client_id"),
            redirect_uri: without_query(&pairs.kept("redirect_uri")),
            scope: pairs.kept("scope"),
            prompt: pairs.kept("prompt"),
            nonce: pairs.one("nonce").map(|nonce| shown(nonce, KEPT)),
            state: pairs.one("state").and_then(Mark::of),
        }))
    }

    /// Where the answer is asked to.
    pub(super) fn answer_at(&self) -> Option<Place> {
        let address = match self {
            Self::Oidc(ask) => &ask.redirect_uri,
            Self::Saml(ask) => ask.acs.as_ref()?,
            Self::Other(_) => return None,
        };
        Url::parse(address).ok().map(|url| Place::of(&url))
    }

    /// The same as it is written.
    pub(super) fn redirect(&self) -> Option<&str> {
        let address = match self {
            Self::Oidc(ask) => Some(ask.redirect_uri.as_str()),
            Self::Saml(ask) => ask.acs.as_deref(),
            Self::Other(_) => None,
        };
        address.filter(|address| !address.is_empty())
    }

    pub(super) fn state(&self) -> Option<Mark> {
        match self {
            Self::Oidc(ask) => ask.state,
            Self::Saml(ask) => ask.relay,
            Self::Other(_) => None,
        }
    }

    /// Whether the provider may not show a page.
    pub(super) fn is_silent(&self) -> bool {
        match self {
            Self::Oidc(ask) => ask.prompt.split_whitespace().any(|prompt| prompt == "none"),
            Self::Saml(ask) => ask.passive,
            Self::Other(_) => false,
        }
    }
}

/// A redirect URI may carry keys in its query.
fn without_query(address: &str) -> String {
    address
        .split(['?', '#'])
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// A provider's answer. Codes are known to be there and are not kept.
#[derive(Clone, Default)]
pub(super) struct Given {
    pub(super) state: Option<Mark>,
    /// What tells of an error, as parameters; empty where there is none.
    pub(super) error: String,
    pub(super) has_code: bool,
    pub(super) id_token: Option<SecretString>,
    pub(super) access_token: Option<SecretString>,
    /// A SAML response, in base64.
    pub(super) saml: Option<SecretString>,
    /// The parameter `iss` (RFC 9207).
    pub(super) issuer: Option<String>,
    /// A form was posted and the recording does not say what.
    pub(super) left_out: bool,
}

impl Given {
    pub(super) fn read(pairs: &Pairs) -> Option<Self> {
        // A request that carries an answer's words has these beside them.
        if pairs.has("grant_type") || pairs.has("response_type") || pairs.has("SAMLRequest") {
            return None;
        }
        let saml = pairs.one("SAMLResponse").map(unwrapped);
        let with_state = pairs.has("state") || pairs.has("iss") || pairs.has("session_state");
        let error = pairs.has("error") && (with_state || pairs.has("error_description"));
        let code = pairs.has("code")
            && (with_state || pairs.one("code").is_some_and(|code| code.len() >= 16));
        let id_token = pairs
            .one("id_token")
            .filter(|token| token.starts_with("eyJ"));
        let access_token = pairs.has("access_token") && (with_state || pairs.has("token_type"));
        if saml.is_none() && !error && !code && id_token.is_none() && !access_token {
            return None;
        }
        let state = pairs.one("state").or_else(|| pairs.one("RelayState"));
        Some(Self {
            state: state.and_then(Mark::of),
            error: if pairs.has("error") {
                errors(pairs)
            } else {
                String::new()
            },
            has_code: code,
            id_token: id_token.map(|token| SecretString::from(token.to_owned())),
            access_token: pairs.secret("access_token"),
            saml: saml.map(SecretString::from),
            issuer: pairs.one("iss").map(|issuer| shown(issuer, KEPT)),
            left_out: false,
        })
    }

    pub(super) fn held(&self) -> usize {
        length(&self.saml) + length(&self.id_token) + length(&self.access_token)
    }

    /// Whether somebody is to be signed in by it.
    /// Whether it has a code and nothing else that a provider answers with.
    pub(super) fn is_bare_code(&self) -> bool {
        let has_more = [&self.id_token, &self.access_token, &self.saml]
            .iter()
            .any(|part| part.is_some());
        self.has_code && !has_more && self.error.is_empty()
    }

    pub(super) fn brings(&self) -> bool {
        self.error.is_empty()
            && (self.has_code
                || self.id_token.is_some()
                || self.saml.is_some()
                || self.access_token.is_some())
    }
}

/// The parameters of an error, for the engine that knows what they mean.
fn errors(pairs: &Pairs) -> String {
    let texts = ERROR_PARAMETERS.iter().filter_map(|name| {
        let value = pairs.one(name)?;
        Some(format!("{name}={}", shown(value, 2000)))
    });
    texts.collect::<Vec<_>>().join(" & ")
}

/// A SAML response in one layer of base64, however many there were around it.
fn unwrapped(value: &str) -> String {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    let mut value: String = value.replace(' ', "+");
    if value.contains('%') {
        let kept = Zeroizing::new(value.replace('+', "%2B"));
        let parsed = url::form_urlencoded::parse(kept.as_bytes()).next();
        value = parsed.map(|(name, _)| name.into_owned()).unwrap_or(value);
    }
    value.retain(|c| !c.is_ascii_whitespace());
    // `PD` and `PH` are `<?` and `<s` in base64; in base64 of that they are `UEQ` and `UEh`.
    for _ in 0..3 {
        if !["UEQ", "UEh", "UEQ5", "VUVR", "VUVo"]
            .iter()
            .any(|mark| value.starts_with(mark))
        {
            break;
        }
        let inner = STANDARD
            .decode(&value)
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok());
        match inner {
            Some(inner) => value = inner.trim().to_owned(),
            None => break,
        }
    }
    value
}

/// A token endpoint's answer that a browser shows.
#[derive(Clone, Default)]
pub(super) struct TokenReply {
    pub(super) id_token: Option<SecretString>,
    pub(super) access_token: Option<SecretString>,
    /// What tells of an error; empty where there is none.
    pub(super) error: String,
}

impl TokenReply {
    pub(super) fn held(&self) -> usize {
        length(&self.id_token) + length(&self.access_token)
    }

    /// Reads the body; `asked` says whether the request was for tokens, without which an error is
    /// somebody else's.
    pub(super) fn read(body: &serde_json::Value, asked: bool) -> Option<Self> {
        let text = |name: &str| body.get(name).and_then(serde_json::Value::as_str);
        let id_token = text("id_token").filter(|token| token.starts_with("eyJ"));
        let error = text("error").filter(|_| asked).map(|error| {
            let description = text("error_description").unwrap_or_default();
            format!(
                "error={} & error_description={}",
                shown(error, 200),
                shown(description, 2000)
            )
        });
        let access_token = text("access_token").filter(|_| text("token_type").is_some());
        if id_token.is_none() && error.is_none() && access_token.is_none() {
            return None;
        }
        Some(Self {
            id_token: id_token.map(|token| SecretString::from(token.to_owned())),
            access_token: access_token.map(|token| SecretString::from(token.to_owned())),
            error: error.unwrap_or_default(),
        })
    }
}

fn length(secret: &Option<SecretString>) -> usize {
    secret
        .as_ref()
        .map_or(0, |secret| secret.expose_secret().len())
}

/// Whether both hold the same.
pub(super) fn same(one: &SecretString, other: &SecretString) -> bool {
    one.expose_secret() == other.expose_secret()
}
