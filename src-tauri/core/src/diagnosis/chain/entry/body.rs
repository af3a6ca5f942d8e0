//! What an answer's body says.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use url::Url;
use zeroize::Zeroizing;

use super::super::message::{Given, TokenReply};
use super::super::page;
use super::{Purpose, Seen, asks_tokens};
use crate::diagnosis::har::Raw;
use crate::text::shown;

/// What an answer's body says.
#[derive(Default)]
pub(super) struct Body {
    pub(super) text: Zeroizing<String>,
    pub(super) sends: Option<(Url, Given)>,
    pub(super) tokens: Option<TokenReply>,
    pub(super) keys: Option<Vec<u8>>,
    pub(super) issuer: Option<String>,
}

impl Body {
    pub(super) fn read(seen: &Seen<'_>, is_html: bool) -> Self {
        let body = body(seen.raw);
        if is_html || looks_html(&body) {
            return Self {
                text: page::visible(&body),
                sends: page::form(&body).and_then(|(action, pairs)| {
                    Some((seen.url.join(&action).ok()?, Given::read(&pairs)?))
                }),
                ..Self::default()
            };
        }
        let Ok(value) = serde_json::from_str::<Value>(body.trim()) else {
            let said = seen.refused || seen.purpose == Purpose::Page;
            let text = if said { cut(&body, 8 * 1024) } else { "" };
            return Self {
                text: Zeroizing::new(text.to_owned()),
                ..Self::default()
            };
        };
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        let is_discovery = value.get("authorization_endpoint").is_some();
        let is_error =
            seen.refused || value.get("error").is_some() || value.get("errorCode").is_some();
        Self {
            tokens: TokenReply::read(&value, asks_tokens(seen)),
            keys: value
                .get("keys")
                .filter(|keys| keys.is_array())
                .map(|_| body.as_bytes().to_vec()),
            issuer: text("issuer")
                .filter(|_| is_discovery)
                .map(|issuer| shown(issuer, 500)),
            text: Zeroizing::new(if is_error { cut(&body, 8 * 1024) } else { "" }.to_owned()),
            sends: None,
        }
    }
}

/// The body as text, in one layer of base64 or more.
fn body(raw: &Raw) -> Zeroizing<String> {
    let mut text = raw.body.text();
    let said = raw.body_base64 || !text.trim_start().starts_with(['<', '{', '[']);
    for _ in 0..3 {
        let plain = text.trim();
        if !said || plain.starts_with(['<', '{', '[']) || plain.contains(' ') || plain.len() < 16 {
            break;
        }
        let packed: String = plain.split_whitespace().collect();
        let whole = packed.len() / 4 * 4;
        let Some(bytes) = packed
            .get(..whole)
            .and_then(|packed| STANDARD.decode(packed).ok())
        else {
            break;
        };
        let Ok(inner) = String::from_utf8(bytes) else {
            break;
        };
        text = Zeroizing::new(inner);
    }
    text
}

fn looks_html(body: &str) -> bool {
    let start = body
        .trim_start()
        .get(..15)
        .unwrap_or_default()
        .to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.starts_with("<html")
}

fn cut(text: &str, limit: usize) -> &str {
    &text[..text.floor_char_boundary(limit.min(text.len()))]
}
