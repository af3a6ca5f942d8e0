//! One request of a recording, reduced to what it has to do with a sign-in. What must not be kept is
//! gone from here on.

mod body;
mod posted;

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use memchr::memmem::Finder;
use url::Url;
use zeroize::Zeroizing;

use super::message::{Ask, Given, Pairs, TokenReply};
use super::place::Place;
use crate::diagnosis::har::Raw;
use crate::text::shown;
use body::Body;
use posted::{left_out, names, pairs_of, posted};

/// What a request was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A page, in the window or in a frame.
    Page,
    /// A request that a page's script made.
    Script,
    /// Anything else.
    Part,
}

/// One request.
pub(super) struct Entry {
    pub(super) number: u32,
    pub(super) started: Option<Timestamp>,
    pub(super) took: SignedDuration,
    pub(super) method: String,
    pub(super) place: Place,
    /// The address without user, query and fragment; never shown.
    pub(super) at: Url,
    /// Names of the parameters in the address.
    pub(super) names: Vec<String>,
    pub(super) purpose: Purpose,
    pub(super) status: u16,
    /// Whether the recording says that no answer came.
    pub(super) is_silent: bool,
    /// The browser's own word for a request that failed.
    pub(super) failed: String,
    /// The server's clock when it answered.
    pub(super) date: Option<Timestamp>,
    /// Whether the page was to stand in a frame.
    pub(super) in_frame: bool,
    /// What the answer says about being framed.
    pub(super) frame_policy: Option<String>,
    /// Whether a script of one site asked another, which did not allow it.
    pub(super) refused_to_script: bool,
    /// The length of all cookies that were sent, in bytes.
    pub(super) cookies: usize,
    /// What the answer's body says, in words or as JSON.
    pub(super) text: Zeroizing<String>,
    /// Whether the recording says that there was a body and does not have it.
    pub(super) body_left_out: bool,
    /// The host of the page that asked.
    pub(super) asked_from: Option<String>,
    pub(super) ask: Option<Ask>,
    /// An answer that this request carries.
    pub(super) given: Option<Given>,
    /// An answer that the response sends on.
    pub(super) sends: Option<Sends>,
    /// Where the response sends the browser.
    pub(super) goes_to: Option<Place>,
    pub(super) tokens: Option<TokenReply>,
    pub(super) asks_tokens: bool,
    /// A key set (RFC 7517).
    pub(super) keys: Option<Vec<u8>>,
    /// The issuer of a discovery document.
    pub(super) issuer: Option<String>,
    /// Whether something went wrong that says so: a failure, a refusal.
    pub(super) refused: bool,
}

/// An answer on its way: by redirect, or by a page that posts itself.
pub(super) struct Sends {
    pub(super) to: Url,
    pub(super) place: Place,
    pub(super) given: Given,
}

impl Entry {
    /// How much of keys, tokens and assertions is kept with it, in bytes.
    pub(super) fn held(&self) -> usize {
        let given = self
            .given
            .iter()
            .chain(self.sends.iter().map(|sends| &sends.given));
        let tokens = self.tokens.iter().map(TokenReply::held);
        given.map(Given::held).chain(tokens).sum::<usize>() + self.keys.as_ref().map_or(0, Vec::len)
    }

    /// Lets go of all that, where a recording has more of it than any sign-in.
    pub(super) fn let_go(&mut self) {
        (self.given, self.sends, self.tokens, self.keys) = (None, None, None, None);
    }
}

/// Bodies in which something of a sign-in may stand, by what they hold: tokens, a discovery document, a
/// key set, a message of SAML, an error.
static SIGNS: LazyLock<[Finder<'static>; 5]> =
    LazyLock::new(|| ["_token", "jwks_uri", "SAMLRe", "\"error", "\\\"keys\\\""].map(Finder::new));

/// The largest body of a script's request that is looked at for them, in bytes.
const LARGEST_REPLY: usize = 256 * 1024;

/// Reduces a request; none where it has nothing to do with signing in.
pub(super) fn entry(number: u32, raw: &Raw) -> Option<Entry> {
    let address = raw.url.text();
    let url = Url::parse(address.trim()).ok().filter(Url::has_host)?;
    let is_html = raw.body_type.text().to_ascii_lowercase().contains("html");
    let failed = shown(raw.error.text().trim(), 200);
    let is_silent = raw.is_answered && raw.status == 0;
    let mut seen = Seen {
        number,
        raw,
        query: pairs_of(&url),
        posted: posted(raw),
        location: location(raw, &url),
        purpose: purpose(raw, is_html),
        refused: raw.status >= 400 || is_silent || !failed.is_empty(),
        failed,
        url,
        body: Body::default(),
    };
    let signs = || {
        let body = raw.body.bytes();
        body.len() <= LARGEST_REPLY && SIGNS.iter().any(|sign| sign.find(body).is_some())
    };
    let looked_at = seen.purpose == Purpose::Page || seen.refused || raw.body_base64;
    if !raw.body.is_empty() && (looked_at || signs()) {
        seen.body = Body::read(&seen, is_html);
    }
    finish(seen)
}

/// What was read of a request, before it is decided whether it is kept.
struct Seen<'a> {
    number: u32,
    raw: &'a Raw,
    url: Url,
    query: Pairs,
    posted: Pairs,
    location: Option<Url>,
    purpose: Purpose,
    failed: String,
    refused: bool,
    body: Body,
}

fn finish(seen: Seen<'_>) -> Option<Entry> {
    let posted_grant = seen.posted.has("grant_type");
    let Seen {
        raw,
        url,
        purpose,
        body,
        ..
    } = seen;
    let ask = Ask::read(&seen.query).or_else(|| Ask::read(&seen.posted));
    let given = Given::read(&seen.posted).or_else(|| Given::read(&seen.query));
    let sends = body.sends.or_else(|| {
        let target = seen.location.as_ref()?;
        Some((target.clone(), Given::read(&pairs_of(target))?))
    });
    // An error page's own address says what went wrong: Google's.
    let mut text = body.text;
    if let Some(said) = seen.query.one("authError").and_then(decoded) {
        text.push(' ');
        text.push_str(&said);
    }
    let asks_tokens = posted_grant;
    let says = ask.is_some()
        || given.is_some()
        || sends.is_some()
        || body.tokens.is_some()
        || body.keys.is_some()
        || body.issuer.is_some()
        || asks_tokens;
    let of_page = purpose == Purpose::Page || (purpose == Purpose::Script && seen.refused);
    if !(says || of_page || seen.failed.contains("ERR_")) {
        return None;
    }
    let header = |name: &str| raw.response_header(name);
    let origin = raw.request_header("origin");
    let from_elsewhere = origin.is_some_and(|origin| {
        Url::parse(origin.trim()).is_ok_and(|origin| origin.origin() != url.origin())
    });
    let framed = raw.request_header("sec-fetch-dest");
    let framed =
        framed.is_some_and(|dest| matches!(dest.as_str(), "iframe" | "frame" | "embed" | "object"));
    Some(Entry {
        number: seen.number,
        started: raw.started(),
        took: SignedDuration::from_millis(raw.took.clamp(0.0, 3_600_000.0) as i64),
        method: shown(raw.method.text().trim(), 20).to_ascii_uppercase(),
        place: Place::of(&url),
        names: names(&seen.query),
        purpose,
        status: raw.status,
        is_silent: raw.is_answered && raw.status == 0,
        date: header("date")
            .filter(|_| !is_cached(raw))
            .and_then(|date| http_date(&date)),
        in_frame: framed,
        frame_policy: frame_policy(raw),
        refused_to_script: purpose == Purpose::Script
            && from_elsewhere
            && raw.status == 0
            && header("access-control-allow-origin").is_none(),
        cookies: raw
            .request_header("cookie")
            .map_or(0, |cookie| cookie.len()),
        body_left_out: raw.body.is_empty() && raw.body_size > 0.0,
        asked_from: asked_from(raw),
        given: given.or_else(|| left_out(raw)),
        ask,
        sends: sends.map(|(target, given)| Sends {
            place: Place::of(&target),
            to: bare(target),
            given,
        }),
        goes_to: seen.location.as_ref().map(Place::of),
        tokens: body.tokens,
        asks_tokens,
        keys: body.keys,
        issuer: body.issuer,
        refused: seen.refused,
        failed: seen.failed,
        text,
        at: bare(url),
    })
}

/// Whether tokens are asked for: an error there is the token endpoint's.
fn asks_tokens(seen: &Seen<'_>) -> bool {
    let path = seen.url.path().trim_end_matches('/');
    seen.posted.has("grant_type") || path.ends_with("/token")
}

/// Without user, query and fragment.
/// The host whose page asked, as the browser told the server (RFC 6454; RFC 9110, section 10.1.3).
fn asked_from(raw: &Raw) -> Option<String> {
    let said = raw
        .request_header("origin")
        .or_else(|| raw.request_header("referer"))?;
    let from = Url::parse(said.trim()).ok()?;
    Some(shown(from.host_str()?, 255))
}

fn bare(mut url: Url) -> Url {
    url.set_query(None);
    url.set_fragment(None);
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

fn purpose(raw: &Raw, is_html: bool) -> Purpose {
    let resource = raw.resource.text();
    let fetched = raw.request_header("sec-fetch-mode");
    let fetched = fetched.as_ref().map(|mode| mode.as_str());
    match (resource.as_str(), fetched) {
        ("document", _) | (_, Some("navigate" | "nested-navigate")) => Purpose::Page,
        ("xhr" | "fetch" | "preflight", _) => Purpose::Script,
        ("", Some("cors" | "same-origin" | "no-cors")) if !is_html => Purpose::Script,
        ("", _) if is_html => Purpose::Page,
        ("", _) if is_plain_navigation(raw) => Purpose::Page,
        ("", _) => Purpose::Script,
        _ => Purpose::Part,
    }
}

/// Where the browser says nothing: an answer that sends elsewhere, or one of no type.
fn is_plain_navigation(raw: &Raw) -> bool {
    (300..400).contains(&raw.status) || raw.body_type.is_empty()
}

fn is_cached(raw: &Raw) -> bool {
    let age = raw
        .response_header("age")
        .is_some_and(|age| age.trim() != "0");
    raw.from_cache || raw.status == 304 || age
}

fn location(raw: &Raw, base: &Url) -> Option<Url> {
    let header = raw
        .response_header("location")
        .filter(|location| !location.is_empty());
    let target = header.unwrap_or_else(|| raw.redirect.text());
    let target = target.trim();
    (!target.is_empty())
        .then(|| base.join(target).ok())
        .flatten()
}

/// What can be read of an error in base64url: Google's is a message of protocol buffers.
fn decoded(value: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(value.trim_end_matches('=')).ok()?;
    let text: String = bytes
        .iter()
        .map(|byte| {
            if (0x20..0x7F).contains(byte) {
                char::from(*byte)
            } else {
                ' '
            }
        })
        .collect();
    Some(shown(&text, 500))
}

/// What keeps a page out of a frame (RFC 7034; CSP Level 3, `frame-ancestors`).
fn frame_policy(raw: &Raw) -> Option<String> {
    let option = raw
        .response_header("x-frame-options")
        .map(|value| value.trim().to_ascii_uppercase());
    if let Some(option) =
        option.filter(|option| option.starts_with("DENY") || option.starts_with("SAMEORIGIN"))
    {
        return Some(format!("X-Frame-Options: {}", shown(&option, 40)));
    }
    let policy = raw.response_header("content-security-policy")?;
    let ancestors = policy
        .split(';')
        .map(str::trim)
        .find(|part| part.starts_with("frame-ancestors"))?;
    Some(format!(
        "Content-Security-Policy: {}",
        shown(ancestors, 200)
    ))
}

/// A time of HTTP (RFC 9110, section 5.6.7).
fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::parse(text.trim())
        .ok()
        .map(|time| time.timestamp())
}
