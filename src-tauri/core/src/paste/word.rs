//! One value: an address, an ID, a secret, a token.

use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use flate2::read::DeflateDecoder;

use super::{Context, Guess, Kind, address, clean, document};
use crate::catalogue::Provider;
use crate::catalogue::shape::{Form, WordShape};
use crate::check::field;
use crate::connection::Protocol;
use crate::fault::Fault;

/// How much of an encoded message is opened to see what it is.
const OPENED: usize = 2_000;

/// What this value is, by itself or behind a label that nobody knows.
pub(super) fn guess(text: &str, about: &Context<'_>) -> Guess {
    let guess = bare(text, about);
    match guess.kind {
        Kind::Unknown => behind_label(text, about).unwrap_or(guess),
        _ => guess,
    }
}

fn bare(text: &str, about: &Context<'_>) -> Guess {
    if let Some(fault) = failure(text) {
        return Guess::bare(Kind::Failure).with(fault);
    }
    if !clean::is_one_word(text) {
        return several_words(text, about);
    }
    if let Some(placeholder) = field::left_in(text) {
        let field = about.field.unwrap_or_default().to_owned();
        return Guess::bare(Kind::Placeholder)
            .with(Fault::PlaceholderLeftIn { field, placeholder });
    }
    if is_token(text) {
        return Guess::bare(Kind::Token);
    }
    if let Some(guess) = address::guess(text, about) {
        return guess;
    }
    if let Some(guess) = answer_fields(text).or_else(|| message(text)) {
        return guess;
    }
    if is_email(text) {
        return Guess::of(Kind::Email, text);
    }
    if about
        .catalogue
        .services
        .iter()
        .any(|service| service.audience == text)
    {
        return Guess::of(Kind::Audience, text);
    }
    if let Some(guess) = name(text, about) {
        return guess;
    }
    // As an application's own URI: `api://` and its ID.
    let of_application = text.strip_prefix("api://").filter(|_| !is_saml(about));
    let id = of_application.unwrap_or(text);
    if crate::text::is_guid(id) {
        return guid(id, about);
    }
    if let Some(kind) = told_by_shape(text, about) {
        return Guess::of(kind, text);
    }
    if let Some(issuer) = address::bare_host(text, about) {
        return Guess::of(Kind::Issuer, issuer);
    }
    Guess::of(Kind::Unknown, text)
}

/// A value behind a label that nobody knows, where the value tells what it is: `Value: …`,
/// `entityID="…"`, `Bearer …`.
fn behind_label(text: &str, about: &Context<'_>) -> Option<Guess> {
    let (label, value) = text
        .split_once([':', '='])
        .or_else(|| text.split_once(char::is_whitespace))?;
    let is_label = label
        .bytes()
        .all(|byte| byte.is_ascii_alphabetic() || b" _-()".contains(&byte));
    let value = clean::clean(value).text;
    // What is left of an address behind its scheme is no value.
    if label.len() > 40 || !is_label || !clean::is_one_word(&value) || value.starts_with('/') {
        return None;
    }
    let guess = bare(&value, about);
    let certain = !matches!(
        guess.kind,
        Kind::Unknown | Kind::Empty | Kind::Placeholder | Kind::Email | Kind::Audience
    );
    certain.then_some(guess)
}

fn is_saml(about: &Context<'_>) -> bool {
    about.set_up.connection.protocol == Protocol::Saml
}

/// A sign-in that failed, by the codes that providers print.
fn failure(text: &str) -> Option<Fault> {
    let error = |error: &str| Fault::PastedFailure {
        error: crate::text::shown(error, 60),
    };
    if let Some(at) = text.find("AADSTS") {
        let digits: String = text[at + 6..]
            .chars()
            .take_while(char::is_ascii_digit)
            .take(10)
            .collect();
        if digits.len() >= 4 {
            return Some(error(&format!("AADSTS{digits}")));
        }
    }
    const CODES: [&str; 10] = [
        "redirect_uri_mismatch",
        "app_not_configured_for_user",
        "app_not_configured",
        "disallowed_useragent",
        "user_not_assigned",
        "illegal_redirect_uri",
        "unsupported_response_type",
        "invalid_client",
        "invalid_grant",
        "access_denied",
    ];
    let known = CODES.iter().find(|code| text.contains(**code))?;
    Some(error(known))
}

fn several_words(text: &str, about: &Context<'_>) -> Guess {
    // As mail programs copy it: `Olivia Park <olivia@acme.example>`.
    if let Some((_, inside)) = text
        .strip_suffix('>')
        .and_then(|text| text.rsplit_once('<'))
        && is_email(inside)
    {
        return Guess::of(Kind::Email, inside);
    }
    // An address that was wrapped, or an encoded message in lines.
    let joined: String = text.split_whitespace().collect();
    let lines_only = text
        .chars()
        .filter(|c| c.is_whitespace())
        .all(|c| matches!(c, '\n' | '\r'));
    if lines_only && text.len() < 64 * 1024 {
        let guess = bare(&joined, about);
        if guess.kind != Kind::Unknown {
            return guess;
        }
    }
    if let Some(placeholder) = field::placeholder(text).filter(|_| text.starts_with("https://")) {
        let field = about.field.unwrap_or_default().to_owned();
        return Guess::bare(Kind::Placeholder)
            .with(Fault::PlaceholderLeftIn { field, placeholder });
    }
    Guess::of(Kind::Unknown, text)
}

/// A JSON Web Token (RFC 7519): signed in three parts or encrypted in five.
fn is_token(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let encoded = |part: &&str| {
        part.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_=".contains(&byte))
    };
    text.len() > 40
        && text.starts_with("eyJ")
        && matches!(parts.len(), 3 | 5)
        && parts.iter().all(encoded)
}

/// The fields of an answer, as a form or a query carries them.
fn answer_fields(text: &str) -> Option<Guess> {
    let text = text.trim_start_matches(['?', '#']);
    let names: Vec<&str> = text
        .split('&')
        .take(50)
        .filter_map(|pair| pair.split_once('=').map(|(name, _)| name))
        .collect();
    address::parameters(&names)
}

/// A message of SAML in base64, deflated or not, percent-encoded or not.
fn message(text: &str) -> Option<Guess> {
    if text.len() < 100 {
        return None;
    }
    let plain = text
        .replace("%2B", "+")
        .replace("%2F", "/")
        .replace("%3D", "=");
    let plain = plain
        .replace("%2b", "+")
        .replace("%2f", "/")
        .replace("%3d", "=");
    let encoded = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
    if !plain.bytes().all(encoded) {
        return None;
    }
    let begin = document::head(plain.trim_end_matches('='), OPENED);
    let begin = &begin[..begin.len() / 4 * 4];
    let bytes = STANDARD_NO_PAD.decode(begin).ok()?;
    let xml = |bytes: &[u8]| document::message(&String::from_utf8_lossy(bytes));
    if bytes.starts_with(b"<") || bytes.starts_with(b"\xEF\xBB\xBF<") {
        return xml(&bytes);
    }
    let mut opened = Vec::new();
    // The end was cut off, so that the last block fails: what came before is enough.
    let _ = DeflateDecoder::new(bytes.as_slice())
        .take(OPENED as u64)
        .read_to_end(&mut opened);
    opened.starts_with(b"<").then(|| xml(&opened)).flatten()
}

fn is_email(text: &str) -> bool {
    let mut findings = Vec::new();
    field::email(text, "", &mut findings);
    findings.is_empty()
}

/// An entity ID that is no address: the one that a guide has entered at the provider (`JumpCloud`),
/// or a URN. Those of SAML itself name formats and bindings, and nobody.
fn name(text: &str, about: &Context<'_>) -> Option<Guess> {
    let guide = || about.provider()?.saml.as_ref()?.issuer_chosen.as_ref();
    let chosen = guide().is_some_and(|chosen| text.eq_ignore_ascii_case(chosen));
    let urn = is_saml(about)
        && text.starts_with("urn:")
        && text.len() > 8
        && !text.starts_with("urn:oasis:");
    (chosen || urn).then(|| Guess::of(Kind::EntityId, text))
}

/// A GUID is a client ID, a tenant's ID or the ID of a secret: its field and the others tell.
fn guid(text: &str, about: &Context<'_>) -> Guess {
    let connection = &about.set_up.connection;
    let provider = about.provider();
    if about.is_at("connection.client_secret") && provider.is_some_and(|one| one.secret_id_is_guid)
    {
        return Guess::bare(Kind::SecretId);
    }
    let template = provider
        .and_then(|provider| provider.oidc.as_ref())
        .and_then(|guide| guide.issuer_template.as_ref());
    let filled = template
        .filter(|template| matches!(&template.blanks[..], [blank] if blank.form == Form::Guid))
        .map(|template| template.filled(text));
    let in_issuer = connection.issuer.contains(text);
    if let Some(issuer) = filled
        && (in_issuer || about.is_at("connection.issuer"))
    {
        return Guess::of(Kind::TenantId, issuer);
    }
    let client = |provider: &Provider| {
        provider
            .shapes
            .client_id
            .iter()
            .any(|shape| shape.fits(text))
    };
    if !in_issuer && (provider.is_some_and(client) || about.is_at("connection.client_id")) {
        return Guess::of(Kind::ClientId, text);
    }
    Guess::of(Kind::Unknown, text)
}

/// What only a client ID or a secret of a provider looks like, the chosen provider first.
fn told_by_shape(text: &str, about: &Context<'_>) -> Option<Kind> {
    let tells = |shapes: &[WordShape]| {
        shapes
            .iter()
            .any(|shape| shape.is_telling() && shape.fits(text))
    };
    let chosen = about.provider().map(|provider| provider.id.as_str());
    about.providers().find_map(|provider| {
        let shapes = &provider.shapes;
        // A length alone tells nothing of somebody else's provider.
        let certain = |shapes: &[WordShape]| {
            let marked = shapes.iter().any(WordShape::is_marked);
            tells(shapes) && (marked || chosen == Some(provider.id.as_str()))
        };
        if certain(&shapes.client_secret) {
            return Some(Kind::ClientSecret);
        }
        certain(&shapes.client_id).then_some(Kind::ClientId)
    })
}
