//! `oidc-provider` in every shape of client.

use jsonwebtoken::Algorithm;
use latchkey_tests::browser::{Browser, BrowserError, Landing};
use latchkey_tests::provider::{
    ClaimsIn, ClientAuth, Flow, OidcConfig, OidcProvider, SERVICE_REDIRECT, Signing,
};
use serde_json::{Value, json};
use url::Url;

use crate::bench::{BOB, OLIVIA, service_redirect, sign_in, start};
use crate::relying_party::{NONCE, RelyingParty, STATE, TokenAnswer, listen_once};

#[tokio::test]
async fn the_code_flow_works_with_a_secret_in_the_basic_header() {
    let (client, claims, _) = code_flow(OidcConfig::default(), Algorithm::RS256).await;
    assert_is_olivia(&claims);
    assert_eq!(
        client.discovery["token_endpoint_auth_methods_supported"],
        json!(["client_secret_basic"])
    );
    assert_eq!(
        client.discovery["response_types_supported"],
        json!(["code"])
    );
}

#[tokio::test]
async fn the_code_flow_works_with_a_secret_in_the_form() {
    let client_auth = ClientAuth::Post;
    let config = OidcConfig {
        client_auth,
        ..OidcConfig::default()
    };
    let (client, claims, _) = code_flow(config, Algorithm::RS256).await;
    assert_is_olivia(&claims);
    assert_eq!(
        client.discovery["token_endpoint_auth_methods_supported"],
        json!(["client_secret_post"])
    );
}

#[tokio::test]
async fn the_code_flow_works_with_pkce_alone() {
    let client_auth = ClientAuth::Public;
    let config = OidcConfig {
        client_auth,
        ..OidcConfig::default()
    };
    let (client, claims, _) = code_flow(config, Algorithm::RS256).await;
    assert_is_olivia(&claims);
    assert_eq!(client.secret, None);
}

#[tokio::test]
async fn the_code_flow_works_with_an_elliptic_key() {
    let config = OidcConfig {
        signing: Signing::Es256,
        ..OidcConfig::default()
    };
    let (_, claims, _) = code_flow(config, Algorithm::ES256).await;
    assert_is_olivia(&claims);
}

#[tokio::test]
async fn the_claims_can_be_in_userinfo_only() {
    let config = OidcConfig {
        claims_in: ClaimsIn::Userinfo,
        ..OidcConfig::default()
    };
    let (_, claims, _) = code_flow(config, Algorithm::RS256).await;
    assert_eq!(claims["sub"], "person-1");
    assert_eq!(claims.get("email"), None);
    assert_eq!(claims.get("groups"), None);
}

/// RFC 6749, section 2.3.1: identifier and secret are form-encoded before they are joined for the Basic header.
#[tokio::test]
async fn a_secret_with_odd_characters_must_be_form_encoded_in_the_basic_header() {
    let client_secret = Some("a:b+c/d%41 e=".to_owned());
    let provider = start(OidcConfig {
        client_secret,
        ..OidcConfig::default()
    });
    let client = RelyingParty::of(&provider).await;
    let landing = sign_in(&provider, &client.authorization_url("code", &[]), OLIVIA).await;
    let code = landing.value("code").unwrap();
    assert_eq!(client.exchange_unencoded(&code).await.status, 401);
    assert_eq!(client.exchange(&code).await.status, 200);
}

#[tokio::test]
async fn another_person_has_other_claims() {
    let provider = start(OidcConfig::default());
    let client = RelyingParty::of(&provider).await;
    let landing = sign_in(&provider, &client.authorization_url("code", &[]), BOB).await;
    let answer = client.exchange(&landing.value("code").unwrap()).await;
    let (_, claims) = client.verified(&answer.id_token());
    assert_eq!(claims["email"], BOB);
    assert_eq!(claims["groups"], json!(["Everyone", "SecOps"]));
}

#[tokio::test]
async fn groups_come_only_for_their_scope() {
    let provider = start(OidcConfig::default());
    let client = RelyingParty::of(&provider).await;
    let address = client.authorization_url("code", &[("scope", "openid email")]);
    let landing = sign_in(&provider, &address, OLIVIA).await;
    let answer = client.exchange(&landing.value("code").unwrap()).await;
    let (_, claims) = client.verified(&answer.id_token());
    assert_eq!(claims["email"], OLIVIA);
    assert_eq!(claims.get("groups"), None);
}

#[tokio::test]
async fn the_implicit_flow_answers_in_the_fragment() {
    let provider = start(OidcConfig {
        flow: Flow::Implicit,
        ..OidcConfig::default()
    });
    let client = RelyingParty::of(&provider).await;
    let landing = sign_in(
        &provider,
        &client.authorization_url("id_token", &[]),
        OLIVIA,
    )
    .await;
    assert!(matches!(&landing, Landing::Address(address) if address.query().is_none()));
    assert_eq!(landing.value("state").as_deref(), Some(STATE));
    let (_, claims) = client.verified(&landing.value("id_token").unwrap());
    assert_is_olivia(&claims);
}

#[tokio::test]
async fn the_implicit_flow_with_an_access_token_can_leave_the_claims_to_userinfo() {
    let (flow, claims_in) = (Flow::Implicit, ClaimsIn::Userinfo);
    let provider = start(OidcConfig {
        flow,
        claims_in,
        ..OidcConfig::default()
    });
    let client = RelyingParty::of(&provider).await;
    let landing = sign_in(
        &provider,
        &client.authorization_url("id_token token", &[]),
        OLIVIA,
    )
    .await;
    let (_, claims) = client.verified(&landing.value("id_token").unwrap());
    assert_eq!(claims.get("email"), None);
    assert!(claims["at_hash"].is_string());
    assert_is_olivia(
        &client
            .userinfo(&landing.value("access_token").unwrap())
            .await,
    );
}

#[tokio::test]
async fn the_hybrid_flow_binds_the_code_to_the_token() {
    let provider = start(OidcConfig {
        flow: Flow::Hybrid,
        ..OidcConfig::default()
    });
    let client = RelyingParty::of(&provider).await;
    let landing = sign_in(
        &provider,
        &client.authorization_url("code id_token", &[]),
        OLIVIA,
    )
    .await;
    let (_, claims) = client.verified(&landing.value("id_token").unwrap());
    assert!(claims["c_hash"].is_string());
    assert_eq!(
        client
            .exchange(&landing.value("code").unwrap())
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn the_code_comes_by_form_post_when_asked() {
    let provider = start(OidcConfig::default());
    let client = RelyingParty::of(&provider).await;
    let address = client.authorization_url("code", &[("response_mode", "form_post")]);
    let landing = sign_in(&provider, &address, OLIVIA).await;
    assert!(matches!(&landing, Landing::Form { action, origin, .. }
        if action.as_str() == SERVICE_REDIRECT && *origin == provider.issuer));
    assert_eq!(
        client
            .exchange(&landing.value("code").unwrap())
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn the_id_token_comes_by_form_post_when_asked() {
    let provider = start(OidcConfig {
        flow: Flow::Implicit,
        ..OidcConfig::default()
    });
    let client = RelyingParty::of(&provider).await;
    let address = client.authorization_url("id_token", &[("response_mode", "form_post")]);
    let landing = sign_in(&provider, &address, OLIVIA).await;
    assert!(matches!(&landing, Landing::Form { .. }));
    let (_, claims) = client.verified(&landing.value("id_token").unwrap());
    assert_is_olivia(&claims);
}

#[tokio::test]
async fn a_loopback_callback_is_reached_as_a_browser_would() {
    let (port, query) = listen_once().await;
    let config = OidcConfig {
        callback_port: Some(port),
        ..OidcConfig::default()
    };
    let (address, delivered) = deliver(&config, "code", "query", port).await;
    let request = query.await.unwrap();
    assert!(request.starts_with("GET /callback?code="), "{request}");
    assert!(request.contains(STATE), "{request}");
    assert_eq!((address, delivered), (200, None));

    let (port, form) = listen_once().await;
    let config = OidcConfig {
        callback_port: Some(port),
        ..OidcConfig::default()
    };
    deliver(&config, "code", "form_post", port).await;
    let request = form.await.unwrap();
    assert!(request.starts_with("POST /callback HTTP/1.1"), "{request}");
    assert!(request.contains("origin: http://127.0.0.1:"), "{request}");
    assert!(request.contains("\r\n\r\ncode="), "{request}");

    let (port, fragment) = listen_once().await;
    let flow = Flow::Implicit;
    let config = OidcConfig {
        flow,
        callback_port: Some(port),
        ..OidcConfig::default()
    };
    let (_, kept) = deliver(&config, "id_token", "fragment", port).await;
    let request = fragment.await.unwrap();
    assert!(request.starts_with("GET /callback HTTP/1.1"), "{request}");
    assert!(kept.unwrap().contains("id_token="));
}

async fn deliver(
    config: &OidcConfig,
    response_type: &str,
    mode: &str,
    port: u16,
) -> (u16, Option<String>) {
    let provider = OidcProvider::start(config).unwrap();
    let client = RelyingParty::of(&provider).await;
    let callback: Url = format!("http://127.0.0.1:{port}/callback").parse().unwrap();
    let way = [("redirect_uri", callback.as_str()), ("response_mode", mode)];
    let address = client.authorization_url(response_type, &way);
    let password = &provider.person(OLIVIA).password;
    let browser = Browser::new();
    let delivered = browser
        .sign_in_and_deliver(&address, OLIVIA, password, &callback)
        .await
        .unwrap();
    (delivered.status.as_u16(), delivered.fragment)
}

#[tokio::test]
async fn nothing_is_delivered_to_another_machine() {
    let landing = Landing::Address(service_redirect());
    let refused = Browser::new().deliver(landing).await;
    assert!(
        matches!(refused, Err(BrowserError::LeavesThisMachine(address)) if address == service_redirect())
    );
}

fn assert_is_olivia(claims: &Value) {
    assert_eq!(claims["sub"], "person-1");
    assert_eq!(claims["email"], OLIVIA);
    assert_eq!(claims["email_verified"], true);
    assert_eq!(claims["name"], "Olivia Owner");
    assert_eq!(claims["groups"], json!(["Everyone", "Security Leads"]));
}

/// Signs Olivia in by the code flow and returns the checked ID token's claims beside the token answer.
async fn code_flow(config: OidcConfig, expected: Algorithm) -> (RelyingParty, Value, TokenAnswer) {
    let provider = start(config);
    let client = RelyingParty::of(&provider).await;
    let address = client.authorization_url("code", &[]);
    let landing = sign_in(&provider, &address, OLIVIA).await;
    assert!(matches!(&landing, Landing::Address(address) if address.fragment().is_none()));
    assert_eq!(landing.value("state").as_deref(), Some(STATE));

    let answer = client.exchange(&landing.value("code").unwrap()).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let (algorithm, claims) = client.verified(&answer.id_token());
    assert_eq!(algorithm, expected);
    assert_eq!(claims["nonce"], NONCE);

    let userinfo = client.userinfo(&answer.access_token()).await;
    assert_is_olivia(&userinfo);
    (client, claims, answer)
}
