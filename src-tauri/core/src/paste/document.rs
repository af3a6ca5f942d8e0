//! Whole documents: keys and certificates, XML, JSON, pages.

use serde_json::Value;

use super::{Guess, Kind};
use crate::certificate;
use crate::fault::Fault;

/// How much of a document is looked at for what it is.
const HEAD: usize = 64 * 1024;

/// What this document is; none if it is none that is known.
pub(super) fn guess(text: &str) -> Option<Guess> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    let head = head(text, HEAD);
    if has_key(text) {
        return Some(keys(text));
    }
    if head.starts_with('<') && text.ends_with('>') && text.len() > 40 {
        return markup(text);
    }
    if head.starts_with('{') || head.starts_with('[') {
        return json(text);
    }
    is_fingerprint(text).then(|| Guess::bare(Kind::PublicKey))
}

/// A provider's metadata; none for anything else.
pub(super) fn provider_metadata(text: &str) -> Option<Guess> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    let starts = text.starts_with('<') && text.ends_with('>');
    markup(text).filter(|guess| starts && guess.kind == Kind::ProviderMetadata)
}

/// The beginning of a text, at most so many bytes.
pub(super) fn head(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn has_key(text: &str) -> bool {
    // DER of some length begins with these letters in base64; shorter is no certificate or key.
    let bare = text.len() > 200
        && text.starts_with("MI")
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+/=\r\n\t ".contains(&byte));
    bare || text.contains("-----BEGIN ")
        || text.contains("---- BEGIN ")
        || text.starts_with("PuTTY-User-Key-File")
        || text.starts_with("ssh-")
        || (text.starts_with('<')
            && text.contains("X509Certificate>")
            && !text.contains("EntityDescriptor")
            && !text.contains("SAML:2.0:protocol"))
}

/// Certificates, and what is pasted in their place. A private key among them is named before all.
fn keys(text: &str) -> Guess {
    let read = certificate::read(text.as_bytes());
    let pem: Vec<String> = read.certificates.iter().map(|one| one.pem()).collect();
    let pem = pem.concat().trim_end().to_owned();
    let found = |wanted: &Fault| read.findings.iter().any(|one| one.fault == *wanted);
    if found(&Fault::PrivateKeyInsteadOfCertificate {}) {
        let mut guess = Guess::bare(Kind::PrivateKey);
        if !pem.is_empty() {
            guess.also.push(("connection.certificates".to_owned(), pem));
        }
        return guess;
    }
    if !pem.is_empty() {
        return Guess::of(Kind::Certificate, pem);
    }
    if found(&Fault::RequestInsteadOfCertificate {}) {
        return Guess::bare(Kind::CertificateRequest);
    }
    let public = [
        Fault::PublicKeyInsteadOfCertificate {},
        Fault::FingerprintInsteadOfCertificate {},
        Fault::PgpInsteadOfCertificate {},
    ];
    if public.iter().any(found) {
        return Guess::bare(Kind::PublicKey);
    }
    // It was meant as one: what is wrong with it is said by the reader.
    let fault = read.findings.into_iter().find(|one| one.is_error());
    let guess = Guess::bare(Kind::Certificate);
    match fault {
        Some(finding) => guess.with(finding.fault),
        None => guess,
    }
}

fn markup(text: &str) -> Option<Guess> {
    let has = |part: &str| text.contains(part);
    let lower = head(text, 400).to_ascii_lowercase();
    if lower.contains("<!doctype html") || lower.contains("<html") || lower.contains("<head") {
        return Some(Guess::bare(Kind::WebPage));
    }
    if has("EntityDescriptor") || has("EntitiesDescriptor") {
        return Some(if has("IDPSSODescriptor") {
            Guess::of(Kind::ProviderMetadata, text)
        } else {
            Guess::bare(Kind::ServiceMetadata)
        });
    }
    message(text)
}

/// A message of SAML in XML.
pub(super) fn message(text: &str) -> Option<Guess> {
    if !text.contains("urn:oasis:names:tc:SAML:2.0:") {
        return None;
    }
    let begin = head(text, 400);
    if begin.contains("AuthnRequest") || begin.contains("LogoutRequest") {
        return Some(Guess::bare(Kind::Request));
    }
    Some(Guess::bare(Kind::Answer))
}

fn json(text: &str) -> Option<Guess> {
    let Ok(value) = serde_json::from_str::<Value>(text) else {
        // A recording is often cut off, or larger than what was copied of it.
        let begin = head(text, 200);
        let cut = begin.contains("\"log\"") && text.contains("\"entries\"");
        return cut.then(|| Guess::bare(Kind::Recording));
    };
    let has = |name: &str| value.get(name).is_some();
    let text_of =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    if value.pointer("/log/entries").is_some() {
        return Some(Guess::bare(Kind::Recording));
    }
    if text_of(&value, "format").is_some_and(|format| format.starts_with("latchkey/")) {
        return Some(Guess::bare(Kind::SetUpFile));
    }
    let jwk = |one: &Value| one.get("kty").is_some();
    let private = |one: &Value| jwk(one) && one.get("d").or(one.get("k")).is_some();
    let keys = value.get("keys").and_then(Value::as_array);
    if private(&value) || keys.is_some_and(|keys| keys.iter().any(private)) || has("private_key") {
        return Some(Guess::bare(Kind::PrivateKey));
    }
    if jwk(&value) || keys.is_some_and(|keys| keys.iter().any(jwk)) {
        return Some(Guess::bare(Kind::KeySet));
    }
    if has("id_token") || has("access_token") || has("refresh_token") {
        return Some(Guess::bare(Kind::Answer));
    }
    if has("authorization_endpoint") || has("jwks_uri") {
        let issuer = text_of(&value, "issuer")?;
        return Some(Guess::of(Kind::DiscoveryDocument, issuer));
    }
    client(&value, &text_of)
}

/// What consoles hand out as a file for an application: Google's `client_secret.json`, Keycloak's
/// adapter, registration answers of RFC 7591.
fn client(value: &Value, text_of: &impl Fn(&Value, &str) -> Option<String>) -> Option<Guess> {
    let inner = value.get("web").or(value.get("installed")).unwrap_or(value);
    let realm = text_of(inner, "realm").zip(text_of(inner, "auth-server-url"));
    let issuer = realm
        .map(|(realm, server)| format!("{}/realms/{realm}", server.trim_end_matches('/')))
        .or(text_of(inner, "issuer"));
    let id = ["client_id", "clientId", "resource"]
        .iter()
        .find_map(|name| text_of(inner, name));
    let secret = ["client_secret", "clientSecret"]
        .iter()
        .find_map(|name| text_of(inner, name))
        .or_else(|| text_of(inner.get("credentials")?, "secret"));
    let also: Vec<(String, String)> = [
        ("connection.issuer", issuer),
        ("connection.client_id", id),
        ("connection.client_secret", secret),
    ]
    .into_iter()
    .filter_map(|(field, value)| Some((field.to_owned(), value?)))
    .filter(|(_, value)| !value.is_empty() && value.len() < 2_000)
    .collect();
    (!also.is_empty()).then(|| Guess {
        also,
        ..Guess::bare(Kind::Several)
    })
}

/// Twenty bytes (SHA-1) or thirty-two (SHA-256) in hexadecimal, in pairs.
fn is_fingerprint(text: &str) -> bool {
    let pairs: Vec<&str> = text.split([':', ' ']).collect();
    matches!(pairs.len(), 20 | 32)
        && pairs
            .iter()
            .all(|pair| pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
