use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use latchkey_practice::{Fault, Options, Practice, start};
use url::Url;

use crate::browser::{Browser, Landing, Shown};

pub(crate) const CALLBACK: &str = "http://127.0.0.1:39999/callback";
pub(crate) const TORQ: &str = "https://app.torq.io/__/auth/handler";
pub(crate) const AUDIENCE: &str = "torq.io";
pub(crate) const REQUEST_ID: &str = "_a-request";
pub(crate) const RELAY_STATE: &str = "the relay state";
pub(crate) const BOB: &str = "bob@acme.example";

pub(crate) async fn practice() -> Practice {
    practice_with(None).await
}

pub(crate) async fn practice_with(fault: Option<Fault>) -> Practice {
    start(Options {
        fault,
        admitted_redirects: vec![TORQ.parse().unwrap()],
        admitted_audiences: vec![AUDIENCE.to_owned()],
        ..Options::default()
    })
    .await
    .unwrap()
}

/// An AuthnRequest, with what a test wants otherwise.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) issuer: &'static str,
    pub(crate) acs: &'static str,
    pub(crate) attributes: String,
    pub(crate) inside: String,
    pub(crate) relay_state: Option<&'static str>,
}

impl Default for Ask {
    fn default() -> Self {
        Ask {
            issuer: AUDIENCE,
            acs: CALLBACK,
            attributes: String::new(),
            inside: String::new(),
            relay_state: Some(RELAY_STATE),
        }
    }
}

impl Ask {
    pub(crate) fn xml(&self, practice: &Practice) -> String {
        format!(
            r#"<?xml version="1.0"?>
<p:AuthnRequest xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion"
  ID="{REQUEST_ID}" Version="2.0" IssueInstant="2026-11-22T18:00:00Z" Destination="{destination}"
  AssertionConsumerServiceURL="{acs}" {attributes}><a:Issuer>{issuer}</a:Issuer>{inside}</p:AuthnRequest>"#,
            destination = practice.saml_sign_on_url(),
            acs = self.acs,
            attributes = self.attributes,
            issuer = self.issuer,
            inside = self.inside,
        )
    }

    pub(crate) fn url(&self, practice: &Practice) -> Url {
        by_redirect(practice, &self.xml(practice), self.relay_state)
    }

    /// Posts it, as the HTTP-POST binding does.
    pub(crate) async fn post(&self, browser: &mut Browser, practice: &Practice) -> Shown {
        let message = STANDARD.encode(self.xml(practice));
        let mut fields = vec![("SAMLRequest", message.as_str())];
        fields.extend(self.relay_state.map(|state| ("RelayState", state)));
        let to = practice.saml_sign_on_url().parse().unwrap();
        browser.submit(to, &fields).await
    }
}

pub(crate) fn by_redirect(practice: &Practice, xml: &str, relay_state: Option<&str>) -> Url {
    let mut deflater = DeflateEncoder::new(Vec::new(), Compression::default());
    deflater.write_all(xml.as_bytes()).unwrap();
    let message = STANDARD.encode(deflater.finish().unwrap());
    let mut url: Url = practice.saml_sign_on_url().parse().unwrap();
    url.query_pairs_mut()
        .append_pair("SAMLRequest", &message)
        .extend_pairs(relay_state.map(|state| ("RelayState", state)));
    url
}

/// The answer's XML.
pub(crate) fn xml(landing: &Landing) -> String {
    let message = landing.field("SAMLResponse").expect("a SAMLResponse");
    String::from_utf8(STANDARD.decode(message).unwrap()).unwrap()
}

/// Signs Bob in and gives the answer's XML.
pub(crate) async fn bobs_answer(practice: &Practice, ask: &Ask) -> String {
    xml(&Browser::new().sign_in(ask.url(practice), BOB).await)
}
