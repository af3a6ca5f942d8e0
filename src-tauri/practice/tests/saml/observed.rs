//! Puts all that a sign-in shows into lines, so that a fault can be held to the lines it changes.

use std::collections::BTreeMap;
use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::DeflateDecoder;
use jiff::Timestamp;
use latchkey_practice::Practice;
use roxmltree::{Document, Node};

use crate::browser::{Browser, Landing, Shown};
use crate::service::*;
use crate::xmlsec::{Of, verifies};

/// What was seen: where, and what there.
pub(crate) struct Seen(BTreeMap<String, String>);

/// Signs Bob in and puts down everything, the metadata too.
pub(crate) async fn observe(practice: &Practice, ask: &Ask) -> Seen {
    let mut seen = Seen(BTreeMap::new());
    let mut browser = Browser::new();
    let metadata = browser
        .open(practice.saml_metadata().parse().unwrap())
        .await;
    let document = Document::parse(&metadata.body).unwrap();
    seen.put_down(document.root_element(), "metadata", &metadata.body);

    let url = ask.url(practice);
    let page = browser.open(url.clone()).await;
    if page.hidden("request").is_none() {
        seen.note("page", format!("{} and no sign-in", page.status));
        return seen;
    }
    let shown = browser.choose(&page, &url, BOB).await;
    if shown.body.contains("<iframe ") {
        seen.note("frame", "there");
    }
    if shown
        .landing()
        .is_some_and(|form| form.to.starts_with(practice.issuer()))
    {
        seen.note("answer redirected", "by the provider");
    }
    let status = shown.status;
    let Some(landing) = arrived(practice, &mut browser, shown).await else {
        seen.note("answer", format!("a page, {status}"));
        return seen;
    };
    seen.note("answer way", landing.way);
    seen.note("answer to", &landing.to);
    for name in landing.names() {
        seen.note(&format!("answer field {name}"), "there");
    }
    seen.answer(&landing, &metadata.body);
    seen
}

/// The answer as it reaches the application, past a frame and a redirection of the POST.
pub(crate) async fn arrived(
    practice: &Practice,
    browser: &mut Browser,
    mut shown: Shown,
) -> Option<Landing> {
    if let Some((_, frame)) = shown.body.split_once("<iframe ") {
        let (attributes, _) = frame.split_once("></iframe>").unwrap();
        let (_, inside) = attributes.split_once("srcdoc=\"").unwrap();
        assert!(attributes.contains("sandbox=\"allow-forms allow-top-navigation\""));
        assert!(!shown.body.contains("<script") && inside.contains("_top"));
        shown.body = crate::browser::unescaped(inside).replace(r#" target="_top""#, "");
    }
    let mut landing = shown.landing()?;
    if landing.to.starts_with(practice.issuer()) {
        let fields: Vec<_> = landing
            .fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let sent_on = browser.submit(landing.to.parse().unwrap(), &fields).await;
        assert_eq!(sent_on.status, 307);
        landing.to = sent_on.location.unwrap().into();
    }
    Some(landing)
}

impl Seen {
    /// What is otherwise than usual, a line each; of what is new or gone only the outermost.
    pub(crate) fn differs_from(&self, usual: &Seen) -> Vec<String> {
        let mut lines = Vec::new();
        for (place, now) in &self.0 {
            match usual.0.get(place) {
                Some(then) if then == now => {}
                None if self.is_inside(place, usual) => {}
                None if now.is_empty() => lines.push(format!("{place}: new")),
                _ => lines.push(format!("{place}: {now}")),
            }
        }
        for place in usual.0.keys() {
            if !self.0.contains_key(place) && !usual.is_inside(place, self) {
                lines.push(format!("{place}: gone"));
            }
        }
        lines
    }

    /// Whether what is around this place is missing there too.
    fn is_inside(&self, place: &str, other: &Seen) -> bool {
        let around = place.rsplit_once(['/', '@']).map(|(around, _)| around);
        around.is_some_and(|around| self.0.contains_key(around) && !other.0.contains_key(around))
    }

    fn note(&mut self, place: &str, what: impl Into<String>) {
        self.0.insert(place.to_owned(), what.into());
    }

    fn answer(&mut self, landing: &Landing, metadata: &str) {
        let Ok(bytes) = STANDARD.decode(landing.field("SAMLResponse").unwrap()) else {
            return self.note("message", "no base64");
        };
        let mut xml = String::new();
        match landing.way {
            "query" => {
                DeflateDecoder::new(&*bytes)
                    .read_to_string(&mut xml)
                    .unwrap();
            }
            _ => xml = String::from_utf8(bytes).unwrap(),
        }
        let document = match Document::parse(&xml) {
            Ok(document) => document,
            Err(roxmltree::Error::DtdDetected) => return self.note("message", "a document type"),
            Err(_) => return self.note("message", "no XML"),
        };
        self.put_down(document.root_element(), "Response", metadata);
        let certificate = published(metadata);
        for of in [Of::Response, Of::Assertion] {
            let place = format!("{of:?}/Signature");
            let signed = self.0.keys().any(|known| known.ends_with(&place));
            if signed && verifies(&xml, of, &certificate) {
                self.note(&format!("signature of {of:?}"), "holds");
            }
        }
    }

    fn put_down(&mut self, node: Node<'_, '_>, place: &str, metadata: &str) {
        self.note(place, "");
        for attribute in node.attributes() {
            let what = self.attribute(node, attribute.name(), attribute.value());
            self.note(&format!("{place}@{}", attribute.name()), what);
        }
        let texts = node.children().filter(Node::is_text);
        let text: String = texts.filter_map(|text| text.text()).collect();
        if !text.is_empty() {
            let what = described(node, &text, metadata);
            self.note(&format!("{place}/text"), what);
        }
        if node.children().any(|child| child.is_comment()) {
            self.note(&format!("{place}/comment"), "there");
        }
        for child in node.children().filter(Node::is_element) {
            let name = match child.attribute("Name") {
                Some(name) => format!("{}({name})", child.tag_name().name()),
                None => child.tag_name().name().to_owned(),
            };
            let place = format!("{place}/{name}").replace("Response/Assertion", "Assertion");
            let twin = |n: usize| match n {
                1 => place.clone(),
                n => format!("{place}[{n}]"),
            };
            let free = (1..).map(twin).find(|place| !self.0.contains_key(place));
            self.put_down(child, &free.unwrap(), metadata);
        }
    }

    fn attribute(&self, node: Node<'_, '_>, name: &str, value: &str) -> String {
        match name {
            "ID" | "SessionIndex" => {
                assert!(value.starts_with('_') && value.len() > 40, "{value}");
                "an ID".to_owned()
            }
            "URI" => {
                let signed = node.ancestors().nth(3).unwrap();
                match signed.attribute("ID") == value.strip_prefix('#') {
                    true => "the element around".to_owned(),
                    false => "another element".to_owned(),
                }
            }
            "IssueInstant"
            | "NotBefore"
            | "NotOnOrAfter"
            | "AuthnInstant"
            | "SessionNotOnOrAfter" => {
                let time: Timestamp = value.parse().unwrap();
                let seconds = time.as_second() - Timestamp::now().as_second();
                // To the half minute: a loaded machine may take some seconds.
                format!("{:+} s", (seconds + 10).div_euclid(30) * 30)
            }
            _ => value.to_owned(),
        }
    }
}

/// What a text is, where it is another each time.
fn described(node: Node<'_, '_>, text: &str, metadata: &str) -> String {
    let bytes = || STANDARD.decode(text).unwrap();
    match node.tag_name().name() {
        "DigestValue" => format!("{} bytes", bytes().len()),
        "SignatureValue" => match bytes().len() {
            70..=72 => "70 to 72 bytes".to_owned(),
            n => format!("{n} bytes"),
        },
        "CipherValue" => "cipher".to_owned(),
        "X509Certificate" => {
            let of_metadata =
                node.document().root_element().tag_name().name() == "EntityDescriptor";
            match metadata.contains(text) && !of_metadata {
                true => "the metadata's".to_owned(),
                false => certificate(&bytes()),
            }
        }
        "NameID" if !text.contains('@') => format!("{} letters", text.len()),
        "AttributeValue" if text.len() == 36 && text.split('-').count() == 5 => "a GUID".into(),
        _ => text.to_owned(),
    }
}

fn certificate(der: &[u8]) -> String {
    let (_, certificate) = x509_parser::parse_x509_certificate(der).unwrap();
    let key = certificate.public_key().parsed().unwrap();
    let valid = match certificate.validity().is_valid() {
        true => "valid",
        false => "not valid",
    };
    format!("{} bits, {valid}", key.key_size())
}

/// The certificate of the metadata in PEM.
fn published(metadata: &str) -> String {
    let (_, rest) = metadata.split_once("<ds:X509Certificate>").unwrap();
    let (certificate, _) = rest.split_once('<').unwrap();
    format!("-----BEGIN CERTIFICATE-----\n{certificate}\n-----END CERTIFICATE-----\n")
}
