use crate::browser::{Browser, Shown};
use crate::service::*;
use latchkey_practice::Practice;

const HOSTILE: &str = r#"&quot;'&gt;&lt;script&gt;alert(1)&lt;/script&gt;"#;

/// The page ends the request: it names the reason and nothing goes to the application.
fn assert_ends(shown: &Shown, code: &str) {
    assert_eq!(shown.status, 400, "{code}");
    assert!(shown.body.contains(code), "{code}: {}", shown.body);
    assert!(shown.landing().is_none() && shown.hidden("request").is_none());
    assert!(!shown.body.contains("<script"), "{code}");
}

async fn ends(practice: &Practice, ask: &Ask, code: &str) {
    assert_ends(&Browser::new().open(ask.url(practice)).await, code);
    let posted = ask.post(&mut Browser::new(), practice).await;
    assert_ends(&posted, code);
}

#[tokio::test]
async fn a_request_for_somebody_else_ends_in_a_page_that_says_so() {
    let practice = practice().await;
    let usual = Ask::default;
    let cases = [
        (
            Ask {
                issuer: "evil.example",
                ..usual()
            },
            "saml_audience_unknown",
        ),
        (
            Ask {
                issuer: HOSTILE,
                ..usual()
            },
            "saml_audience_unknown",
        ),
        (
            Ask {
                issuer: "",
                ..usual()
            },
            "saml_request_unreadable",
        ),
        (
            Ask {
                acs: "https://evil.example/acs",
                ..usual()
            },
            "saml_acs_mismatch",
        ),
        (
            Ask {
                acs: HOSTILE,
                ..usual()
            },
            "saml_acs_mismatch",
        ),
        (
            Ask {
                attributes:
                    r#"ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact""#.into(),
                ..usual()
            },
            "saml_binding_unsupported",
        ),
    ];
    for (ask, code) in cases {
        ends(&practice, &ask, code).await;
    }
}

#[tokio::test]
async fn the_page_names_the_audience_refused_and_the_one_registered() {
    let practice = practice().await;
    let ask = Ask {
        issuer: "another.example",
        ..Ask::default()
    };
    let shown = Browser::new().open(ask.url(&practice)).await;
    assert!(shown.body.contains("another.example") && shown.body.contains(AUDIENCE));
}

#[tokio::test]
async fn what_is_no_request_ends_in_a_page_that_says_so() {
    let practice = practice().await;
    let xml = Ask::default().xml(&practice);
    let cases = [
        ("no XML".to_owned(), "saml_request_unreadable"),
        (format!("{xml}x"), "saml_request_unreadable"),
        (xml[..300].to_owned(), "saml_request_unreadable"),
        (
            xml.replace("<p:Authn", "<!DOCTYPE a [<!ENTITY b 'c'>]><p:Authn"),
            "saml_request_unreadable",
        ),
        (
            xml.replace("AuthnRequest", "LogoutRequest"),
            "another message than an AuthnRequest",
        ),
        (
            xml.replace("SAML:2.0:protocol", "SAML:1.0:protocol"),
            "another message than an AuthnRequest",
        ),
        (
            xml.replace("\"2.0\"", "\"1.1\""),
            "<code class=\"value\">Version</code>",
        ),
        (
            xml.replace(" ID=", " Id="),
            "<code class=\"value\">ID</code>",
        ),
        (
            xml.replace("/saml/sso", "/saml/other"),
            "saml_destination_mismatch",
        ),
        (
            xml.replace("<a:Issuer>", &format!("{}<a:Issuer>", "<a/>".repeat(2000))),
            "saml_request_unreadable",
        ),
        (
            xml.replace("<a:Issuer>", &format!("{}<a:Issuer>", " ".repeat(20_000))),
            "longer than is read here",
        ),
        (
            xml.replace(
                "<a:Issuer>",
                &format!("{}<a:Issuer>", " ".repeat(9_000_000)),
            ),
            "longer than is read here",
        ),
    ];
    for (xml, code) in cases {
        let shown = Browser::new()
            .open(by_redirect(&practice, &xml, None))
            .await;
        assert_ends(&shown, code);
    }
}

#[tokio::test]
async fn what_cannot_be_decoded_ends_in_a_page_that_says_so() {
    let practice = practice().await;
    for (query, code) in [
        ("", "saml_request_missing"),
        ("?SAMLRequest=", "saml_request_missing"),
        ("?RelayState=x", "saml_request_missing"),
        ("?SAMLRequest=%2A%2A%2A", "It is not base64"),
        ("?SAMLRequest=YWJjZGVmZw", "It is not deflated"),
        ("?SAMLRequest=a&SAMLRequest=b", "twice"),
        ("?SAMLRequest=a&RelayState=b&RelayState=c", "twice"),
    ] {
        let url = format!("{}{query}", practice.saml_sign_on_url());
        let shown = Browser::new().open(url.parse().unwrap()).await;
        assert_ends(&shown, code);
    }
    let long = format!("{}?x={}", practice.saml_sign_on_url(), "y".repeat(20_000));
    let shown = Browser::new().open(long.parse().unwrap()).await;
    assert_ends(&shown, "longer than is read here");
}

#[tokio::test]
async fn a_start_for_somebody_else_ends_in_a_page_that_says_so() {
    let practice = practice().await;
    for (query, code) in [
        ("?acs=https%3A%2F%2Fevil.example%2F", "saml_acs_mismatch"),
        ("?audience=evil.example", "saml_audience_unknown"),
        ("?acs=a&acs=b", "twice"),
    ] {
        let url = format!("{}{query}", practice.saml_start_url());
        let shown = Browser::new().open(url.parse().unwrap()).await;
        assert_ends(&shown, code);
    }
}

#[tokio::test]
async fn the_relay_state_is_shown_as_text() {
    let practice = practice().await;
    let hostile = r#""'><script>alert(1)</script>"#;
    let ask = Ask {
        relay_state: Some(hostile),
        ..Ask::default()
    };
    let mut browser = Browser::new();
    let page = browser.open(ask.url(&practice)).await;
    assert!(!page.body.contains("<script"));
    let at = ask.url(&practice);
    let posting = browser.choose(&page, &at, BOB).await;
    assert_eq!(posting.body.matches("<script").count(), 1, "its own");
    let landing = posting.landing().unwrap();
    assert_eq!(landing.field("RelayState"), Some(hostile));
}
