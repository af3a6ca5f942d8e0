//! `oidc-provider` in every shape of client, with two people.

use latchkey_tests::provider::{ClaimsIn, ClientAuth, Flow, OidcConfig, OidcProvider, Signing};
use serde_json::json;

use crate::bench::{BOB, Ended, OLIVIA, SignIn, free_port, plain_http, set_up};

/// Signs Olivia and Bob in, each with a run and a browser of their own.
async fn both_sign_in(config: OidcConfig, more: &[&str]) -> [Ended; 2] {
    let (provider, port) = started(config);
    let flow = flow_of(&provider).await;
    let set_up = set_up(&provider.issuer, &provider.client_id, flow);
    let secret = provider.client_secret.as_deref();
    let mut ended = Vec::new();
    for (email, role, rule) in [(OLIVIA, "Owner", 1), (BOB, "Contributor", 2)] {
        let password = &provider.person(email).password;
        let one = SignIn::start(&set_up, secret, port, more)
            .by_person(email, password)
            .await;
        one.assert_role(email, role, rule);
        assert!(!findings_hold_an_error(&one), "{one:#?}");
        ended.push(one);
    }
    ended.try_into().unwrap()
}

fn started(config: OidcConfig) -> (OidcProvider, u16) {
    let port = free_port();
    let config = OidcConfig {
        callback_port: Some(port),
        ..config
    };
    (OidcProvider::start(&config).unwrap(), port)
}

async fn flow_of(provider: &OidcProvider) -> &'static str {
    let address = format!("{}/.well-known/openid-configuration", provider.issuer);
    let http = plain_http();
    let discovery: serde_json::Value = http
        .get(address)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let offers_code = discovery["response_types_supported"] == json!(["code"]);
    if offers_code { "code" } else { "implicit" }
}

fn findings_hold_an_error(ended: &Ended) -> bool {
    ended
        .findings()
        .iter()
        .any(|(_, severity, _)| severity == "error")
}

#[tokio::test]
async fn the_code_flow_with_the_secret_in_the_header() {
    both_sign_in(OidcConfig::default(), &[]).await;
}

#[tokio::test]
async fn the_code_flow_with_the_secret_in_the_form() {
    let client_auth = ClientAuth::Post;
    both_sign_in(
        OidcConfig {
            client_auth,
            ..OidcConfig::default()
        },
        &[],
    )
    .await;
}

#[tokio::test]
async fn the_code_flow_of_a_public_client_by_pkce_alone() {
    let client_auth = ClientAuth::Public;
    both_sign_in(
        OidcConfig {
            client_auth,
            ..OidcConfig::default()
        },
        &[],
    )
    .await;
}

#[tokio::test]
async fn a_provider_that_demands_pkce_beside_the_secret() {
    let require_pkce = true;
    both_sign_in(
        OidcConfig {
            require_pkce,
            ..OidcConfig::default()
        },
        &[],
    )
    .await;
}

#[tokio::test]
async fn an_elliptic_key() {
    let signing = Signing::Es256;
    both_sign_in(
        OidcConfig {
            signing,
            ..OidcConfig::default()
        },
        &[],
    )
    .await;
}

#[tokio::test]
async fn the_implicit_flow_by_fragment() {
    let flow = Flow::Implicit;
    both_sign_in(
        OidcConfig {
            flow,
            ..OidcConfig::default()
        },
        &[],
    )
    .await;
}

#[tokio::test]
async fn the_answer_as_a_form_in_both_flows() {
    for flow in [Flow::Code, Flow::Implicit] {
        let config = OidcConfig {
            flow,
            ..OidcConfig::default()
        };
        let ended = both_sign_in(config, &["--response-mode", "form_post"]).await;
        for one in ended {
            let codes: Vec<_> = one
                .findings()
                .into_iter()
                .map(|(_, _, code)| code)
                .collect();
            assert!(
                !codes.contains(&"answer_by_other_way".to_owned()),
                "{codes:?}"
            );
        }
    }
}

#[tokio::test]
async fn claims_that_only_userinfo_has_are_fetched_and_said_so() {
    let claims_in = ClaimsIn::Userinfo;
    let ended = both_sign_in(
        OidcConfig {
            claims_in,
            ..OidcConfig::default()
        },
        &[],
    )
    .await;
    for one in ended {
        let said = ("identified", "note", "claim_from_user_info");
        let said = (said.0.to_owned(), said.1.to_owned(), said.2.to_owned());
        assert!(one.findings().contains(&said), "{one:#?}");
    }
}

#[tokio::test]
async fn a_secret_with_odd_characters_arrives_whole() {
    let client_secret = Some("a:b+c/d%41 e=".to_owned());
    both_sign_in(
        OidcConfig {
            client_secret,
            ..OidcConfig::default()
        },
        &[],
    )
    .await;
}

#[tokio::test]
async fn a_wrong_secret_is_named_and_shows_nobody() {
    let (provider, port) = started(OidcConfig::default());
    let set_up = set_up(&provider.issuer, &provider.client_id, "code");
    let password = &provider.person(OLIVIA).password;
    let ended = SignIn::start(&set_up, Some("not-the-secret-of-this-client"), port, &[])
        .by_person(OLIVIA, password)
        .await;
    assert_eq!(ended.status, 1);
    let expected = ("answered".to_owned(), "client_refused".to_owned());
    assert_eq!(ended.failure(), Some(expected), "{ended:#?}");
    assert_eq!(ended.verdict["claims"], json!({}));
    assert_eq!(ended.verdict["role"], serde_json::Value::Null);
}

#[tokio::test]
async fn whoever_is_in_no_rule_is_verified_and_gets_no_role() {
    let (provider, port) = started(OidcConfig::default());
    let mut set_up = set_up(&provider.issuer, &provider.client_id, "code");
    set_up["rules"] = json!([{ "claim": "groups", "value": "secops", "role": "Viewer" }]);
    let password = &provider.person(BOB).password;
    let ended = SignIn::start(&set_up, provider.client_secret.as_deref(), port, &[])
        .by_person(BOB, password)
        .await;
    assert_eq!(ended.status, 1);
    let expected = ("mapped".to_owned(), "no_rule_matched".to_owned());
    assert_eq!(ended.failure(), Some(expected), "{ended:#?}");
    assert_eq!(ended.verdict["verified"], true);
    assert_eq!(ended.verdict["role"], "Interact Only");
    let near = (
        "mapped".to_owned(),
        "warning".to_owned(),
        "near_miss".to_owned(),
    );
    assert!(ended.findings().contains(&near), "{ended:#?}");
}
