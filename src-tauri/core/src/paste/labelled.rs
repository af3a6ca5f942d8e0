//! Values with their labels: what an administrator sends back, or a console page copied as a whole.

use std::collections::BTreeMap;

use super::{Context, Guess, Kind, clean};
use crate::catalogue::{Provider, Template};
use crate::connection::Protocol;

/// The largest text in which labels are looked for, in bytes.
const LARGEST: usize = 64 * 1024;

/// Labels that consoles and people use, beside those of the providers' own files. A label without a
/// field ends the value before it.
const USUAL: [(&str, Option<&str>); 62] = [
    ("client id", Some("connection.client_id")),
    ("client_id", Some("connection.client_id")),
    ("clientid", Some("connection.client_id")),
    ("client-id", Some("connection.client_id")),
    ("application id", Some("connection.client_id")),
    ("client secret", Some("connection.client_secret")),
    ("client_secret", Some("connection.client_secret")),
    ("clientsecret", Some("connection.client_secret")),
    ("client-secret", Some("connection.client_secret")),
    ("secret value", Some("connection.client_secret")),
    ("secret id", None),
    ("secret", Some("connection.client_secret")),
    ("secret expires", Some("connection.client_secret_expires")),
    (
        "client secret expires",
        Some("connection.client_secret_expires"),
    ),
    (
        "client secret's last day",
        Some("connection.client_secret_expires"),
    ),
    ("expires", Some("connection.client_secret_expires")),
    ("issuer", Some("connection.issuer")),
    ("issuer url", Some("connection.issuer")),
    ("issuer uri", Some("connection.issuer")),
    ("issuer_url", Some("connection.issuer")),
    ("issuer id", Some("connection.issuer")),
    ("idp issuer", Some("connection.issuer")),
    ("identity provider issuer", Some("connection.issuer")),
    ("discovery url", Some("connection.issuer")),
    ("discovery endpoint", Some("connection.issuer")),
    ("well-known url", Some("connection.issuer")),
    ("openid configuration", Some("connection.issuer")),
    ("entity id", Some("connection.issuer")),
    ("entityid", Some("connection.issuer")),
    ("idp entity id", Some("connection.issuer")),
    ("identity provider entity id", Some("connection.issuer")),
    ("sign-on url", Some("connection.sign_on_url")),
    ("sign on url", Some("connection.sign_on_url")),
    ("sso url", Some("connection.sign_on_url")),
    ("sso_url", Some("connection.sign_on_url")),
    ("idp sso url", Some("connection.sign_on_url")),
    ("single sign-on url", Some("connection.sign_on_url")),
    ("single sign on url", Some("connection.sign_on_url")),
    ("saml endpoint", Some("connection.sign_on_url")),
    ("certificate", Some("connection.certificates")),
    ("public certificate", Some("connection.certificates")),
    ("signing certificate", Some("connection.certificates")),
    ("x.509 certificate", Some("connection.certificates")),
    ("x509 certificate", Some("connection.certificates")),
    ("idp certificate", Some("connection.certificates")),
    ("metadata", Some("connection.metadata")),
    ("metadata url", Some("connection.metadata")),
    ("idp metadata url", Some("connection.metadata")),
    ("redirect uri", None),
    ("redirect url", None),
    ("login redirect url", None),
    ("callback url", None),
    ("acs url", None),
    ("reply url", None),
    ("audience", None),
    ("audience restriction", None),
    ("sp entity id", None),
    ("object id", None),
    ("display name", None),
    ("grant type", None),
    ("scopes", None),
    ("login url", None),
];

/// The values with their labels; none if there are none.
pub(super) fn guess(text: &str, about: &Context<'_>) -> Option<Guess> {
    let one_address = clean::is_one_word(text) && text.contains("://") && !text.contains("=http");
    if text.len() > LARGEST || one_address {
        return None;
    }
    let labels = Labels::of(about);
    let mut found = Vec::new();
    let marks = labels.marks(text);
    for (index, mark) in marks.iter().enumerate() {
        let until = marks.get(index + 1).map_or(text.len(), |next| next.from);
        let Some(field) = &mark.field else { continue };
        let Some(value) = value(&text[mark.to..until], field, mark.template) else {
            continue;
        };
        if !found.iter().any(|(known, _)| known == field) {
            found.push((field.clone(), value));
        }
    }
    match found.len() {
        0 => secret_id(text, &marks, about),
        1 => {
            let (field, value) = found.remove(0);
            alone(field, value, about)
        }
        _ => Some(Guess {
            also: found
                .into_iter()
                .filter_map(|(field, value)| checked(field, value, about))
                .collect(),
            ..Guess::bare(Kind::Several)
        }),
    }
}

/// The ID of a client secret behind its label, where the provider's secrets are no GUIDs.
fn secret_id(text: &str, marks: &[Mark<'_>], about: &Context<'_>) -> Option<Guess> {
    let [mark] = marks else { return None };
    let value = text[mark.to..].trim();
    let is_id = about.provider()?.secret_id_is_guid
        && text[mark.from..mark.to]
            .to_ascii_lowercase()
            .starts_with("secret id")
        && crate::text::is_guid(value);
    is_id.then(|| Guess::bare(Kind::SecretId))
}

/// One value with its label is that value.
fn alone(field: String, value: String, about: &Context<'_>) -> Option<Guess> {
    let inner = Context {
        field: Some(&field),
        ..*about
    };
    let guess = super::guess(&value, &value, &inner);
    if guess.kind != Kind::Unknown {
        return Some(guess);
    }
    let kind = match field.as_str() {
        "connection.client_id" => Kind::ClientId,
        "connection.client_secret" => Kind::ClientSecret,
        "connection.issuer" if about.set_up.connection.protocol == Protocol::Saml => Kind::EntityId,
        _ => return None,
    };
    clean::is_one_word(&value).then(|| Guess::of(kind, value))
}

/// A value as it should stand in its field; none where it is what must not be kept.
fn checked(field: String, value: String, about: &Context<'_>) -> Option<(String, String)> {
    let inner = Context {
        field: Some(&field),
        ..*about
    };
    let guess = super::guess(&value, &value, &inner);
    let protocol = about.set_up.connection.protocol;
    match guess.kind {
        Kind::Unknown => Some((field, value)),
        kind if kind.field(protocol) == Some(&field) => Some((field, guess.value?)),
        // An address or an ID of another kind stays what its label says.
        Kind::Address | Kind::EntityId | Kind::SignOnUrl | Kind::ClientId | Kind::Audience => {
            Some((field, value))
        }
        Kind::MetadataUrl | Kind::ProviderMetadata => {
            Some(("connection.metadata".to_owned(), guess.value?))
        }
        _ => None,
    }
}

/// The value that follows a label: the rest of its line, or the next one.
fn value(text: &str, field: &str, template: Option<&Template>) -> Option<String> {
    if let Some(begin) = text.find("-----BEGIN ") {
        let end = text.rfind("-----END ")?;
        let line = text[end..].find('\n').map_or(text.len(), |at| end + at);
        return Some(text[begin..line].to_owned()).filter(|_| begin < end);
    }
    let line = text
        .lines()
        .map(|line| line.trim_matches(|c: char| c.is_whitespace() || "|*`\"',;".contains(c)))
        .find(|line| !line.is_empty())?;
    let cleaned = clean::clean(line).text;
    let cleaned = cleaned.trim_end_matches([',', ';']);
    // An empty line to write on, as in a checklist.
    let blank = cleaned.chars().all(|c| "_.-…".contains(c));
    if blank
        || cleaned.len() > 2_000
        || (field != "connection.certificates" && !clean::is_one_word(cleaned))
    {
        return None;
    }
    Some(match template {
        Some(template) if template.blanks[0].form.fits(cleaned) => template.filled(cleaned),
        _ => cleaned.to_owned(),
    })
}

struct Labels<'a> {
    /// By their first letter; the longest first.
    by_letter: BTreeMap<u8, Vec<Label<'a>>>,
}

struct Label<'a> {
    text: String,
    field: Option<String>,
    template: Option<&'a Template>,
}

/// A label that was found.
struct Mark<'a> {
    /// Where it begins.
    from: usize,
    /// Where its value begins.
    to: usize,
    field: Option<String>,
    template: Option<&'a Template>,
}

impl<'a> Labels<'a> {
    fn of(about: &Context<'a>) -> Self {
        let mut all: Vec<Label<'a>> = Vec::new();
        if let Some(provider) = about.provider() {
            own(provider, about.set_up.connection.protocol, &mut all);
        }
        for (text, field) in USUAL {
            if !all.iter().any(|label| label.text == text) {
                all.push(Label {
                    text: text.to_owned(),
                    field: field.map(str::to_owned),
                    template: None,
                });
            }
        }
        all.sort_by_key(|label| std::cmp::Reverse(label.text.len()));
        let mut by_letter: BTreeMap<u8, Vec<Label<'a>>> = BTreeMap::new();
        for label in all {
            if let Some(first) = label.text.bytes().next() {
                by_letter.entry(first).or_default().push(label);
            }
        }
        Self { by_letter }
    }

    fn marks(&self, text: &str) -> Vec<Mark<'a>> {
        let lower = text.to_ascii_lowercase();
        let bytes = lower.as_bytes();
        let mut marks: Vec<Mark<'a>> = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            // A name in an address's query is no label.
            let before = at.checked_sub(1).map(|before| bytes[before]);
            let begins =
                before.is_none_or(|byte| !byte.is_ascii_alphanumeric() && !b"?&/".contains(&byte));
            let labels = self.by_letter.get(&bytes[at]).filter(|_| begins);
            let hit = labels.into_iter().flatten().find_map(|label| {
                let rest = lower.get(at..)?.strip_prefix(label.text.as_str())?;
                let to = at + label.text.len();
                Some((label, to + separator(rest, at, bytes)?))
            });
            match hit {
                Some((label, to)) => {
                    marks.push(Mark {
                        from: at,
                        to,
                        field: label.field.clone(),
                        template: label.template,
                    });
                    at = to;
                }
                None => at += 1,
            }
        }
        marks
    }
}

/// How long what parts a label from its value is; none if this is not a label. A line break parts
/// them only where the label stands alone on its line.
fn separator(rest: &str, at: usize, bytes: &[u8]) -> Option<usize> {
    let alone = bytes[..at]
        .iter()
        .rev()
        .take_while(|byte| **byte != b'\n')
        .all(|byte| matches!(byte, b' ' | b'\t' | b'*' | b'#' | b'-' | b'|' | b'"'));
    let mut used = 0;
    for c in rest.chars() {
        used += c.len_utf8();
        match c {
            ':' | '=' | '\t' | '|' => return Some(used),
            '\n' if alone => return Some(used),
            ' ' | '"' | '*' | '`' | '\r' | ')' | '?' if used < 8 => {}
            _ => return None,
        }
    }
    None
}

/// The labels of the provider's own console.
fn own<'a>(provider: &'a Provider, protocol: Protocol, all: &mut Vec<Label<'a>>) {
    let mut add = |text: &str, field: Option<&str>, template: Option<&'a Template>| {
        let text = text.to_ascii_lowercase();
        if !all.iter().any(|label| label.text == text) {
            all.push(Label {
                text,
                field: field.map(str::to_owned),
                template,
            });
        }
    };
    if let Some(guide) = provider
        .oidc
        .as_ref()
        .filter(|_| protocol == Protocol::Oidc)
    {
        let labels = &guide.labels;
        let template = guide.issuer_template.as_ref();
        add(&labels.client_id, Some("connection.client_id"), None);
        add(
            &labels.client_secret,
            Some("connection.client_secret"),
            None,
        );
        add(&labels.issuer, Some("connection.issuer"), template);
        if let Some([blank]) = template.map(|template| &template.blanks[..]) {
            add(&blank.label, Some("connection.issuer"), template);
        }
        add(&labels.login_redirect_url, None, None);
        for label in labels.start_url.iter().chain(&labels.login_url) {
            add(label, None, None);
        }
    }
    if let Some(guide) = provider
        .saml
        .as_ref()
        .filter(|_| protocol == Protocol::Saml)
    {
        let labels = &guide.labels;
        add(&labels.issuer, Some("connection.issuer"), None);
        add(
            &labels.sign_on_url,
            Some("connection.sign_on_url"),
            guide.sign_on_url_template.as_ref(),
        );
        add(&labels.certificates, Some("connection.certificates"), None);
        if let Some(label) = &labels.metadata {
            add(label, Some("connection.metadata"), None);
        }
        for label in &labels.login_redirect_url {
            add(label, None, None);
        }
        add(&labels.audience, None, None);
        for label in labels.relay_state.iter().chain(&labels.login_url) {
            add(label, None, None);
        }
    }
}
