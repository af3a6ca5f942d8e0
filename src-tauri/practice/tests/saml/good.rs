use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use latchkey_practice::Practice;
use roxmltree::Document;
use url::Url;

use crate::browser::Browser;
use crate::service::*;
use crate::xmlsec::{Of, verifies};

/// The first element of this local name.
fn text(xml: &str, name: &str) -> String {
    let document = Document::parse(xml).unwrap();
    let mut named = document
        .descendants()
        .filter(|node| node.tag_name().name() == name);
    named.next().unwrap().text().unwrap_or_default().to_owned()
}

async fn metadata(practice: &Practice) -> String {
    let url = practice.saml_metadata().parse().unwrap();
    let shown = Browser::new().open(url).await;
    assert_eq!(shown.content_type, "application/samlmetadata+xml");
    shown.body
}

#[tokio::test]
async fn the_metadata_says_all_that_a_set_up_needs() {
    let practice = practice().await;
    let metadata = metadata(&practice).await;
    let document = Document::parse(&metadata).unwrap();
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), "EntityDescriptor");
    assert_eq!(
        root.attribute("entityID"),
        Some(&*practice.saml_entity_id())
    );
    let sign_on: Vec<_> = root
        .descendants()
        .filter(|node| {
            node.has_tag_name((
                "urn:oasis:names:tc:SAML:2.0:metadata",
                "SingleSignOnService",
            ))
        })
        .map(|node| (node.attribute("Binding"), node.attribute("Location")))
        .collect();
    let here = practice.saml_sign_on_url();
    assert_eq!(
        sign_on,
        [
            (
                Some("urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"),
                Some(&*here)
            ),
            (
                Some("urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"),
                Some(&*here)
            ),
        ]
    );
    let pem: String = practice
        .saml_certificate()
        .await
        .unwrap()
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .collect();
    assert_eq!(text(&metadata, "X509Certificate"), pem);
}

#[tokio::test]
async fn the_certificate_is_valid_now_and_names_the_provider() {
    let practice = practice().await;
    let metadata = metadata(&practice).await;
    let der = STANDARD.decode(text(&metadata, "X509Certificate")).unwrap();
    let (rest, certificate) = x509_parser::parse_x509_certificate(&der).unwrap();
    assert!(rest.is_empty() && certificate.validity().is_valid());
    assert_eq!(
        certificate.subject().to_string(),
        "CN=Latchkey practice provider"
    );
}

#[tokio::test]
async fn an_answer_verifies_by_the_published_certificate_and_by_no_other() {
    let (first, second) = (practice().await, practice().await);
    let xml = bobs_answer(&first, &Ask::default()).await;
    let certificate = first.saml_certificate().await.unwrap();
    assert!(verifies(&xml, Of::Assertion, &certificate));
    assert!(!verifies(&xml, Of::Response, &certificate), "has none");
    let another = second.saml_certificate().await.unwrap();
    assert!(!verifies(&xml, Of::Assertion, &another));
    for (from, to) in [
        (BOB, "olivia@acme.example"),
        (AUDIENCE, "evil.example"),
        ("SecOps", "Security Admins"),
    ] {
        let altered = xml.replace(from, to);
        assert_ne!(altered, xml);
        assert!(!verifies(&altered, Of::Assertion, &certificate), "{to}");
    }
}

#[tokio::test]
async fn the_answer_goes_by_form_to_the_address_asked_with_the_relay_state_sent() {
    let practice = practice().await;
    for acs in [CALLBACK, TORQ] {
        let ask = Ask {
            acs,
            ..Ask::default()
        };
        let landing = Browser::new().sign_in(ask.url(&practice), BOB).await;
        assert_eq!((landing.way, &*landing.to), ("form_post", acs));
        assert_eq!(landing.names(), ["SAMLResponse", "RelayState"]);
        assert_eq!(landing.field("RelayState"), Some(RELAY_STATE));
        assert!(xml(&landing).contains(&format!(r#"Destination="{acs}""#)));
        assert!(xml(&landing).contains(&format!(r#"Recipient="{acs}""#)));
    }
    let silent = Ask {
        relay_state: None,
        ..Ask::default()
    };
    let landing = Browser::new().sign_in(silent.url(&practice), BOB).await;
    assert_eq!(landing.names(), ["SAMLResponse"]);
}

#[tokio::test]
async fn a_posted_request_is_answered_like_a_redirected_one() {
    let practice = practice().await;
    let ask = Ask::default();
    let mut browser = Browser::new();
    let page = ask.post(&mut browser, &practice).await;
    let at = practice.saml_sign_on_url().parse().unwrap();
    let landing = browser.choose(&page, &at, BOB).await.landing().unwrap();
    assert_eq!(landing.field("RelayState"), Some(RELAY_STATE));
    let xml = xml(&landing);
    assert!(xml.contains(&format!(r#"InResponseTo="{REQUEST_ID}""#)));
    let certificate = practice.saml_certificate().await.unwrap();
    assert!(verifies(&xml, Of::Assertion, &certificate));
}

#[tokio::test]
async fn a_start_from_the_providers_side_answers_no_request() {
    let practice = practice().await;
    let mut url: Url = practice.saml_start_url().parse().unwrap();
    let landing = Browser::new().sign_in(url.clone(), BOB).await;
    assert_eq!(landing.to, TORQ);
    assert_eq!(landing.names(), ["SAMLResponse"]);
    assert!(!xml(&landing).contains("InResponseTo"));
    assert_eq!(text(&xml(&landing), "Audience"), AUDIENCE);

    url.query_pairs_mut()
        .append_pair("acs", CALLBACK)
        .append_pair("audience", AUDIENCE)
        .append_pair("RelayState", "deep");
    let landing = Browser::new().sign_in(url, BOB).await;
    assert_eq!(
        (&*landing.to, landing.field("RelayState")),
        (CALLBACK, Some("deep"))
    );
}

#[tokio::test]
async fn a_session_answers_at_once_unless_the_request_forces_a_sign_in() {
    let practice = practice().await;
    let mut browser = Browser::new();
    browser.sign_in(Ask::default().url(&practice), BOB).await;
    let again = browser.open(Ask::default().url(&practice)).await;
    assert_eq!(text(&xml(&again.landing().unwrap()), "NameID"), BOB);
    for (force, asks) in [("true", true), ("1", true), ("false", false)] {
        let ask = Ask {
            attributes: format!(r#"ForceAuthn="{force}""#),
            ..Ask::default()
        };
        let shown = browser.open(ask.url(&practice)).await;
        assert_eq!(shown.hidden("request").is_some(), asks, "{force}");
    }
}

#[tokio::test]
async fn both_halves_share_their_sessions() {
    let practice = practice().await;
    let mut browser = Browser::new();
    browser.sign_in(Ask::default().url(&practice), BOB).await;
    let mut authorize: Url = format!("{}/authorize", practice.issuer()).parse().unwrap();
    authorize.query_pairs_mut().extend_pairs([
        ("client_id", practice.client_id()),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("scope", "openid"),
    ]);
    let landing = browser.open(authorize).await.landing().unwrap();
    assert!(landing.field("code").is_some());
}

#[tokio::test]
async fn a_passive_request_is_answered_without_a_page() {
    let practice = practice().await;
    let ask = Ask {
        attributes: r#"IsPassive="true""#.to_owned(),
        ..Ask::default()
    };
    let mut browser = Browser::new();
    let landing = browser.open(ask.url(&practice)).await.landing().unwrap();
    let answer = xml(&landing);
    assert!(answer.contains("status:NoPassive") && !answer.contains("Assertion"));
    browser.sign_in(Ask::default().url(&practice), BOB).await;
    let landing = browser.open(ask.url(&practice)).await.landing().unwrap();
    assert_eq!(text(&xml(&landing), "NameID"), BOB);
}

#[tokio::test]
async fn the_name_id_has_the_format_asked_for() {
    let practice = practice().await;
    let asked = |format: &str| Ask {
        inside: format!(r#"<p:NameIDPolicy Format="{format}" AllowCreate="true"/>"#),
        ..Ask::default()
    };
    for format in [
        "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
        "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
    ] {
        let xml = bobs_answer(&practice, &asked(format)).await;
        assert_eq!(text(&xml, "NameID"), BOB);
    }
    for format in ["persistent", "transient"] {
        let format = format!("urn:oasis:names:tc:SAML:2.0:nameid-format:{format}");
        let xml = bobs_answer(&practice, &asked(&format)).await;
        assert!(xml.contains(&format!(r#"<saml:NameID Format="{format}">"#)));
        assert!(!text(&xml, "NameID").contains('@'));
    }
    let kerberos = "urn:oasis:names:tc:SAML:2.0:nameid-format:kerberos";
    let xml = bobs_answer(&practice, &asked(kerberos)).await;
    assert!(xml.contains("status:InvalidNameIDPolicy") && !xml.contains("Assertion"));
}

#[tokio::test]
async fn groups_have_one_value_each_in_their_order() {
    let practice = practice().await;
    let xml = bobs_answer(&practice, &Ask::default()).await;
    let document = Document::parse(&xml).unwrap();
    let attributes: Vec<(_, Vec<_>)> = document
        .descendants()
        .filter(|node| node.tag_name().name() == "Attribute")
        .map(|node| {
            let values = node.children().map(|value| value.text().unwrap());
            assert_eq!(node.attribute("Name"), node.attribute("FriendlyName"));
            (node.attribute("Name").unwrap(), values.collect())
        })
        .collect();
    assert_eq!(
        attributes,
        [
            ("email", vec![BOB]),
            ("first_name", vec!["Bob"]),
            ("last_name", vec!["Lindqvist"]),
            ("groups", vec!["SecOps", "Everyone"]),
        ]
    );
}
