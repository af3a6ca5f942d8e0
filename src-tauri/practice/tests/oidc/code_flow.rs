use serde_json::json;

use crate::browser::Browser;
use crate::client::*;

async fn code(practice: &latchkey_practice::Practice, changes: Changes<'_>) -> String {
    let landing = Browser::new()
        .sign_in(authorize(practice, changes), "bob@acme.example")
        .await;
    landing.field("code").expect("a code").to_owned()
}

#[tokio::test]
async fn a_code_becomes_an_id_token_by_either_way_of_showing_the_secret() {
    let practice = practice().await;
    for by in [By::Basic, By::Post] {
        let (status, tokens) = redeem(&practice, by, &code(&practice, &[]).await, &[]).await;
        assert_eq!(status, 200, "{by:?}: {tokens}");
        assert_eq!(tokens["token_type"], "Bearer");
        assert_eq!(tokens["scope"], "openid email profile groups");
        let claims = verified(&practice, tokens["id_token"].as_str().unwrap()).await;
        assert_eq!(claims["nonce"], NONCE);
        assert_eq!(claims["email"], "bob@acme.example");
        assert_eq!(claims["email_verified"], true);
        assert_eq!(claims["groups"], json!(["SecOps", "Everyone"]));

        let told = userinfo(&practice, tokens["access_token"].as_str().unwrap()).await;
        let told: serde_json::Value = told.json().await.unwrap();
        assert_eq!(told["sub"], claims["sub"]);
        assert_eq!(told["groups"], claims["groups"]);
    }
}

#[tokio::test]
async fn only_the_scopes_asked_for_are_told() {
    let practice = practice().await;
    let code = code(&practice, &[("scope", "openid email something-unknown")]).await;
    let (_, tokens) = redeem(&practice, By::Basic, &code, &[]).await;
    assert_eq!(tokens["scope"], "openid email");
    let claims = verified(&practice, tokens["id_token"].as_str().unwrap()).await;
    assert_eq!(claims["email"], "bob@acme.example");
    assert!(
        claims.get("groups").is_none() && claims.get("name").is_none(),
        "{claims}"
    );
}

#[tokio::test]
async fn a_client_without_pkce_is_served_too() {
    let practice = practice().await;
    let bare = [("code_challenge", ""), ("code_challenge_method", "")];
    let code = code(&practice, &bare).await;
    let (status, _) = redeem(&practice, By::Basic, &code, &[("code_verifier", "")]).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn the_answer_keeps_the_state_character_by_character() {
    let practice = practice().await;
    for state in [
        "a b+c%20&d=e#f",
        "\"><script>",
        "é\u{1f511}",
        "\r\nSet-Cookie: x=1",
    ] {
        for mode in ["query", "fragment", "form_post"] {
            let url = authorize(&practice, &[("state", state), ("response_mode", mode)]);
            let landing = Browser::new().sign_in(url, "bob@acme.example").await;
            assert_eq!((landing.way, landing.field("state")), (mode, Some(state)));
            assert_eq!(landing.to, CALLBACK);
        }
    }
}

#[tokio::test]
async fn the_built_in_redirect_is_admitted_and_must_be_repeated_exactly() {
    let practice = practice().await;
    let to_torq = [("redirect_uri", TORQ)];
    let landing = Browser::new()
        .sign_in(authorize(&practice, &to_torq), "bob@acme.example")
        .await;
    assert_eq!(landing.to, TORQ);
    let (status, _) = redeem(
        &practice,
        By::Basic,
        landing.field("code").unwrap(),
        &to_torq,
    )
    .await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn a_token_request_that_is_wrong_in_one_thing_gets_no_tokens() {
    let practice = practice().await;
    let other_verifier = VERIFIER.replace('d', "e");
    let cases: &[(&str, Changes<'_>, By, u16, &str)] = &[
        (
            "another verifier",
            &[("code_verifier", &other_verifier)],
            By::Basic,
            400,
            "invalid_grant",
        ),
        (
            "no verifier",
            &[("code_verifier", "")],
            By::Basic,
            400,
            "invalid_grant",
        ),
        (
            "the challenge as verifier",
            &[("code_verifier", CHALLENGE)],
            By::Basic,
            400,
            "invalid_grant",
        ),
        (
            "another redirect",
            &[("redirect_uri", TORQ)],
            By::Basic,
            400,
            "invalid_grant",
        ),
        (
            "no redirect",
            &[("redirect_uri", "")],
            By::Basic,
            400,
            "invalid_request",
        ),
        (
            "another code",
            &[("code", "x")],
            By::Basic,
            400,
            "invalid_grant",
        ),
        (
            "no code",
            &[("code", "")],
            By::Basic,
            400,
            "invalid_request",
        ),
        (
            "no grant type",
            &[("grant_type", "")],
            By::Basic,
            400,
            "invalid_request",
        ),
        (
            "another grant type",
            &[("grant_type", "password")],
            By::Basic,
            400,
            "unsupported_grant_type",
        ),
        (
            "another secret",
            &[("client_secret", "x")],
            By::Post,
            401,
            "invalid_client",
        ),
        (
            "no secret",
            &[("client_secret", "")],
            By::Post,
            401,
            "invalid_client",
        ),
        (
            "another client",
            &[("client_id", "x")],
            By::Post,
            401,
            "invalid_client",
        ),
        (
            "no client",
            &[("client_id", "")],
            By::Post,
            401,
            "invalid_client",
        ),
        (
            "another client beside Basic",
            &[("client_id", "x")],
            By::Basic,
            401,
            "invalid_client",
        ),
        (
            "the secret in two ways",
            &[("client_secret", "x")],
            By::Basic,
            400,
            "invalid_request",
        ),
    ];
    for (what, changes, by, status, error) in cases {
        let code = code(&practice, &[]).await;
        let (answered, body) = redeem(&practice, *by, &code, changes).await;
        assert_eq!(
            (answered.as_u16(), body["error"].as_str()),
            (*status, Some(*error)),
            "{what}"
        );
        assert!(
            body.get("id_token").is_none() && body.get("access_token").is_none(),
            "{what}"
        );
    }
}

#[tokio::test]
async fn a_code_works_once_and_its_second_use_ends_what_the_first_gave() {
    let practice = practice().await;
    let code = code(&practice, &[]).await;
    let (_, tokens) = redeem(&practice, By::Basic, &code, &[]).await;
    let access_token = tokens["access_token"].as_str().unwrap();
    assert_eq!(userinfo(&practice, access_token).await.status(), 200);

    let (status, body) = redeem(&practice, By::Basic, &code, &[]).await;
    assert_eq!(
        (status.as_u16(), body["error"].as_str()),
        (400, Some("invalid_grant"))
    );
    assert_eq!(userinfo(&practice, access_token).await.status(), 401);
}

#[tokio::test]
async fn a_wrong_verifier_spends_the_code() {
    let practice = practice().await;
    let code = code(&practice, &[]).await;
    redeem(&practice, By::Basic, &code, &[("code_verifier", CHALLENGE)]).await;
    let (status, _) = redeem(&practice, By::Basic, &code, &[]).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn a_wrong_secret_does_not_spend_the_code() {
    let practice = practice().await;
    let code = code(&practice, &[]).await;
    redeem(&practice, By::Post, &code, &[("client_secret", "x")]).await;
    let (status, _) = redeem(&practice, By::Post, &code, &[]).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn a_verifier_where_no_challenge_was_is_refused() {
    let practice = practice().await;
    let code = code(
        &practice,
        &[("code_challenge", ""), ("code_challenge_method", "")],
    )
    .await;
    let (status, body) = redeem(&practice, By::Basic, &code, &[]).await;
    assert_eq!(
        (status.as_u16(), body["error"].as_str()),
        (400, Some("invalid_grant"))
    );
}

#[tokio::test]
async fn userinfo_tells_nothing_without_an_access_token() {
    let practice = practice().await;
    for token in ["", "x", "a.b.c"] {
        let response = userinfo(&practice, token).await;
        assert_eq!(response.status(), 401, "{token}");
        assert!(response.headers().contains_key("www-authenticate"));
        assert_eq!(response.text().await.unwrap(), "");
    }
}
