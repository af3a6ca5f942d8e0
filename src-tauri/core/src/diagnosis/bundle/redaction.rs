//! What is taken out, and what stands in its place.

use rand::RngCore;
use rand::rngs::OsRng;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use specta::Type;
use url::Url;

use super::named::without_values;
use crate::diagnosis::chain::{Place, looks_secret};

/// What becomes of data about people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Personal {
    /// The same person is the same word all through the bundle, and another one in the next bundle.
    #[default]
    Hash,
    /// Nothing tells one person from another.
    Mask,
}

/// How one bundle is redacted. Its salt is random, never shown, and gone with it.
pub struct Redaction {
    personal: Personal,
    salt: [u8; 16],
}

impl std::fmt::Debug for Redaction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Redaction({:?})", self.personal)
    }
}

/// What stands in the place of a value.
pub(super) const MASK: &str = "•••";

/// How the word for a person begins, before its hexadecimal digits.
const PERSON: &str = "person-";

/// How many digits there are.
const DIGITS: usize = 12;

/// Parameters whose values say how, never who or with what.
const HARMLESS: [&str; 10] = [
    "response_type",
    "response_mode",
    "scope",
    "client_id",
    "error",
    "prompt",
    "grant_type",
    "sigalg",
    "code_challenge_method",
    "wa",
];

/// Fields of a set-up that are long by nature and public.
const PUBLIC_FIELDS: [&str; 3] = ["certificates", "issuer", "client_id"];

impl Redaction {
    /// With a salt of its own.
    pub fn new(personal: Personal) -> Self {
        let mut salt = [0; 16];
        OsRng.fill_bytes(&mut salt);
        Self { personal, salt }
    }

    /// The same with another choice: a person who is one word here is the same word there.
    pub fn with(&self, personal: Personal) -> Self {
        Self {
            personal,
            salt: self.salt,
        }
    }

    /// A text that was redacted already, with people as this choice has them.
    pub(super) fn chosen(&self, text: String) -> String {
        if self.personal == Personal::Hash || !text.contains(PERSON) {
            return text;
        }
        let mut out = String::with_capacity(text.len());
        let mut parts = text.split(PERSON);
        out.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let digits = part.bytes().take(DIGITS).take_while(u8::is_ascii_hexdigit);
            match digits.count() {
                DIGITS => {
                    out.push_str(MASK);
                    out.push_str(&part[DIGITS..]);
                }
                _ => {
                    out.push_str(PERSON);
                    out.push_str(part);
                }
            }
        }
        out
    }

    /// A text without addresses of people, without the values of secret names, and without what may be
    /// a key: each word alone.
    pub(super) fn text(&self, text: &str) -> String {
        let text = without_values(text);
        let mut out = String::with_capacity(text.len());
        for piece in text.split_inclusive(char::is_whitespace) {
            let word = piece.trim_end_matches(char::is_whitespace);
            if !word.is_empty() {
                out.push_str(&self.word(word));
            }
            out.push_str(&piece[word.len()..]);
        }
        out
    }

    fn word(&self, word: &str) -> String {
        if let Some(at) = word.find("http://").or_else(|| word.find("https://")) {
            let (before, address) = word.split_at(at);
            let bare = address.trim_end_matches([',', '.', ')', ']', ';', '"', '\'', '>', '`']);
            return format!("{before}{}{}", self.address(bare), &address[bare.len()..]);
        }
        if word.contains(['=', '&', '?']) && word.len() > 3 {
            return self.pairs(word);
        }
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        if bare.contains('@') {
            return word.replace(bare, &self.person(bare));
        }
        let digits = bare.bytes().any(|byte| byte.is_ascii_digit());
        let letters = bare.bytes().any(|byte| byte.is_ascii_alphabetic());
        let may_be_key = bare.len() >= 16
            && digits
            && letters
            && !bare.contains('.')
            && !crate::text::is_guid(bare);
        let is_time = bare.starts_with("20") && bare.contains('T') && bare.contains(':');
        let may_be_key = may_be_key && !is_time && !bare.starts_with("AADSTS");
        if looks_secret(bare) || may_be_key {
            return MASK.to_owned();
        }
        word.to_owned()
    }

    /// `name=value&name=value` in which only what is harmless keeps its value.
    fn pairs(&self, text: &str) -> String {
        let parts = text.split_inclusive(['&', '?', '#', ';']).map(|part| {
            let end = part.len() - part.trim_end_matches(['&', '?', '#', ';']).len();
            let (pair, end) = part.split_at(part.len() - end);
            match pair.split_once('=') {
                Some((name, value)) => {
                    format!("{}={}{end}", self.plain(name), self.parameter(name, value))
                }
                None => format!("{}{end}", self.plain(pair)),
            }
        });
        parts.collect()
    }

    fn plain(&self, name: &str) -> String {
        if name.contains('@') {
            self.person(name)
        } else if looks_secret(name) {
            MASK.to_owned()
        } else {
            name.to_owned()
        }
    }

    /// An address with the names of its parameters, and the values of those that are harmless.
    pub(super) fn address(&self, address: &str) -> String {
        let Ok(url) = Url::parse(address) else {
            return MASK.to_owned();
        };
        if !url.has_host() {
            return MASK.to_owned();
        }
        let place = Place::of(&url);
        let path: Vec<String> = place
            .path
            .split('/')
            .map(|part| self.path_part(part))
            .collect();
        let mut out = format!("{}://{}{}", place.scheme, place.host, path.join("/"));
        for (mark, part) in [('?', url.query()), ('#', url.fragment())] {
            let Some(part) = part.filter(|part| !part.is_empty()) else {
                continue;
            };
            out.push(mark);
            let pairs = url::form_urlencoded::parse(part.as_bytes()).take(100);
            let pairs = pairs.map(|(name, value)| {
                format!("{}={}", self.plain(&name), self.parameter(&name, &value))
            });
            out.push_str(&pairs.collect::<Vec<_>>().join("&"));
        }
        out
    }

    fn path_part(&self, part: &str) -> String {
        if part.contains('@') || part.contains("%40") {
            return self.person(&part.replace("%40", "@"));
        }
        let mixed = part.bytes().any(|byte| byte.is_ascii_digit())
            && part.bytes().any(|byte| byte.is_ascii_alphabetic());
        if part.len() >= 20 && mixed && !crate::text::is_guid(part) {
            return MASK.to_owned();
        }
        part.to_owned()
    }

    pub(super) fn parameter(&self, name: &str, value: &str) -> String {
        let name = name.to_ascii_lowercase();
        match name.as_str() {
            "redirect_uri" => match Url::parse(value) {
                Ok(url) => Place::of(&url).address(),
                Err(_) => MASK.to_owned(),
            },
            // A code of Entra's and the words around it; what may be a key is not.
            "error_description" if !value.contains(['=', '&']) => {
                self.text(&value.replace('+', " "))
            }
            name if HARMLESS.contains(&name)
                && value.len() <= 100
                && !looks_secret(value)
                && !value.contains('@') =>
            {
                value.to_owned()
            }
            _ => MASK.to_owned(),
        }
    }

    /// Every text in a value.
    pub(super) fn value(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(&text)),
            Value::Array(all) => all.into_iter().map(|value| self.value(value)).collect(),
            Value::Object(members) => members
                .into_iter()
                .map(|(name, value)| (name, self.value(value)))
                .collect(),
            other => other,
        }
    }

    /// The same for a set-up, whose certificates, issuer and client ID are public and needed.
    pub(super) fn set_up(&self, value: Value) -> Value {
        let Value::Object(members) = value else {
            return self.value(value);
        };
        let kept = members.into_iter().map(|(name, value)| {
            let value = match value {
                Value::Object(_) => self.set_up(value),
                value
                    if PUBLIC_FIELDS.contains(&name.as_str())
                        && !value.to_string().contains("PRIVATE KEY") =>
                {
                    value
                }
                value => self.value(value),
            };
            (name, value)
        });
        Value::Object(kept.collect())
    }

    /// What stands in the place of a person's address.
    fn person(&self, address: &str) -> String {
        match self.personal {
            Personal::Mask => MASK.to_owned(),
            Personal::Hash => {
                let digest = Sha256::new()
                    .chain_update(self.salt)
                    .chain_update(address.to_lowercase())
                    .finalize();
                let digits: String = digest
                    .iter()
                    .take(DIGITS / 2)
                    .map(|byte| format!("{byte:02x}"))
                    .collect();
                format!("{PERSON}{digits}")
            }
        }
    }

    /// What was taken out, in words.
    pub(super) fn said(&self, more: &[&str]) -> Vec<String> {
        let people = match self.personal {
            Personal::Hash => "addresses of people (the same person is the same word)",
            Personal::Mask => "addresses of people",
        };
        let all = more.iter().copied().chain([people]);
        all.map(str::to_owned).collect()
    }
}
