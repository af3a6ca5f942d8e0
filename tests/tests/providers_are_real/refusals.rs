//! What `oidc-provider` refuses, and how; whom it asks, and whom it does not ask again.

use latchkey_tests::browser::{Browser, BrowserError, FieldKind, Form, Landing, Stop};
use latchkey_tests::provider::{ClientAuth, OidcConfig};
use serde_json::json;
use url::Url;

use crate::bench::{BOB, OLIVIA, service_redirect, sign_in, start};
use crate::relying_party::{RelyingParty, STATE};

#[tokio::test]
async fn a_wrong_secret_is_401_invalid_client() {
    for client_auth in [ClientAuth::Basic, ClientAuth::Post] {
        let provider = start(OidcConfig {
            client_auth,
            ..OidcConfig::default()
        });
        let mut client = RelyingParty::of(&provider).await;
        let landing = sign_in(&provider, &client.authorization_url("code", &[]), OLIVIA).await;
        client.secret = Some("not the secret".to_owned());
        let answer = client.exchange(&landing.value("code").unwrap()).await;
        assert_eq!(answer.status, 401, "{client_auth:?}");
        assert_eq!(answer.json()["error"], "invalid_client", "{client_auth:?}");
    }
}

/// Recorded: the other way than the advertised one is refused in the form and taken in the header.
#[tokio::test]
async fn a_secret_sent_the_other_way_is_refused_only_in_the_form() {
    for (client_auth, status) in [(ClientAuth::Basic, 401), (ClientAuth::Post, 200)] {
        let config = OidcConfig {
            client_auth,
            ..OidcConfig::default()
        };
        let provider = start(config);
        let mut client = RelyingParty::of(&provider).await;
        client.secret_in_form = !client.secret_in_form;
        let address = client.authorization_url("code", &[]);
        let landing = sign_in(&provider, &address, OLIVIA).await;
        let answer = client.exchange(&landing.value("code").unwrap()).await;
        assert_eq!(answer.status, status, "{client_auth:?}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_code_is_worth_nothing_without_its_verifier_or_a_second_time() {
    let provider = start(OidcConfig {
        client_auth: ClientAuth::Public,
        ..OidcConfig::default()
    });
    let client = RelyingParty::of(&provider).await;
    let landing = sign_in(&provider, &client.authorization_url("code", &[]), OLIVIA).await;
    let code = landing.value("code").unwrap();
    let stolen = client
        .exchange_with(&code, "another-verifier-another-verifier-another-verifier")
        .await;
    assert_eq!(
        (stolen.status, &stolen.json()["error"]),
        (400, &json!("invalid_grant"))
    );
    assert_eq!(client.exchange(&code).await.status, 200);
    let again = client.exchange(&code).await;
    assert_eq!(
        (again.status, &again.json()["error"]),
        (400, &json!("invalid_grant"))
    );
}

#[tokio::test]
async fn pkce_can_be_demanded_beside_a_secret() {
    let provider = start(OidcConfig {
        require_pkce: true,
        ..OidcConfig::default()
    });
    let client = RelyingParty::of(&provider).await;
    let landing = sign_in_unasked(&client.authorization_url_without_pkce()).await;
    assert_eq!(landing.value("error").as_deref(), Some("invalid_request"));
    assert_eq!(landing.value("code"), None);
}

#[tokio::test]
async fn a_wrong_password_is_refused() {
    let provider = start(OidcConfig::default());
    let client = RelyingParty::of(&provider).await;
    let address = client.authorization_url("code", &[]);
    let refused = Browser::new()
        .sign_in(&address, OLIVIA, "guess", &service_redirect())
        .await;
    assert!(
        matches!(&refused, Err(BrowserError::Refused(text)) if text.contains("is not right")),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_redirect_uri_that_is_not_registered_is_never_reached() {
    let provider = start(OidcConfig::default());
    let client = RelyingParty::of(&provider).await;
    let elsewhere: Url = "http://127.0.0.1:9/callback".parse().unwrap();
    let address = client.authorization_url("code", &[("redirect_uri", elsewhere.as_str())]);
    let refused = Browser::new()
        .sign_in(&address, OLIVIA, "unused", &elsewhere)
        .await;
    assert!(
        matches!(&refused, Err(BrowserError::NoForm { status: 400, text, .. })
        if text.contains("invalid_redirect_uri")),
        "{refused:?}"
    );
}

#[tokio::test]
async fn cancelling_on_the_sign_in_page_is_access_denied() {
    let provider = start(OidcConfig::default());
    let client = RelyingParty::of(&provider).await;
    let browser = Browser::new();
    let address = client.authorization_url("code", &[]);
    let mut form = login_form(browser.open(&address, &service_redirect()).await.unwrap());
    form.press("cancel", "yes");
    let Stop::Landing(landing) = browser.submit(&form, &service_redirect()).await.unwrap() else {
        panic!("a page came instead of the redirect");
    };
    assert_eq!(landing.value("error").as_deref(), Some("access_denied"));
    assert_eq!(landing.value("state").as_deref(), Some(STATE));
}

#[tokio::test]
async fn the_login_hint_fills_the_address_in() {
    let provider = start(OidcConfig::default());
    let client = RelyingParty::of(&provider).await;
    let address = client.authorization_url("code", &[("login_hint", BOB)]);
    let form = login_form(
        Browser::new()
            .open(&address, &service_redirect())
            .await
            .unwrap(),
    );
    assert_eq!(form.first(FieldKind::Text).unwrap().value, BOB);
}

#[tokio::test]
async fn a_session_signs_in_unasked_until_prompt_login_asks_again() {
    let provider = start(OidcConfig::default());
    let client = RelyingParty::of(&provider).await;
    let (browser, stop_at) = (Browser::new(), service_redirect());
    let plain = client.authorization_url("code", &[]);
    let password = |email| provider.person(email).password.as_str();
    browser
        .sign_in(&plain, OLIVIA, password(OLIVIA), &stop_at)
        .await
        .unwrap();

    let unasked = browser.open(&plain, &stop_at).await.unwrap();
    assert!(matches!(unasked, Stop::Landing(_)));

    let again = client.authorization_url("code", &[("prompt", "login")]);
    let Stop::Page(page) = browser.open(&again, &stop_at).await.unwrap() else {
        panic!("nobody was asked to sign in");
    };
    assert!(
        page.text().contains("Signed in as Olivia Owner"),
        "{}",
        page.text()
    );

    let landing = browser
        .sign_in(&again, BOB, password(BOB), &stop_at)
        .await
        .unwrap();
    let answer = client.exchange(&landing.value("code").unwrap()).await;
    assert_eq!(client.verified(&answer.id_token()).1["email"], BOB);
}

#[tokio::test]
async fn another_browser_has_no_session() {
    let provider = start(OidcConfig::default());
    let client = RelyingParty::of(&provider).await;
    sign_in(&provider, &client.authorization_url("code", &[]), OLIVIA).await;
    let landing = sign_in_unasked(&client.authorization_url("code", &[("prompt", "none")])).await;
    assert_eq!(landing.value("error").as_deref(), Some("login_required"));
}

#[tokio::test]
async fn a_dropped_provider_answers_no_more() {
    let provider = start(OidcConfig::default());
    let address: Url = provider.issuer.parse().unwrap();
    drop(provider);
    let refused = Browser::new().open(&address, &service_redirect()).await;
    assert!(matches!(refused, Err(BrowserError::Http(error)) if error.is_connect()));
}

/// Opens an address that is expected to be answered without any page.
async fn sign_in_unasked(address: &Url) -> Landing {
    match Browser::new()
        .open(address, &service_redirect())
        .await
        .unwrap()
    {
        Stop::Landing(landing) => landing,
        Stop::Page(page) => panic!("a page came instead of the redirect: {}", page.text()),
    }
}

fn login_form(stop: Stop) -> Form {
    let Stop::Page(page) = stop else {
        panic!("nobody was asked to sign in");
    };
    page.form().unwrap()
}
