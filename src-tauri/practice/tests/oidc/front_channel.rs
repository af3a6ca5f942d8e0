use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::browser::Browser;
use crate::client::*;

fn half_hash(value: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(value)[..16])
}

#[tokio::test]
async fn the_implicit_flow_answers_in_the_fragment_or_by_a_form_as_asked() {
    let practice = practice().await;
    for (mode, way) in [
        ("", "fragment"),
        ("fragment", "fragment"),
        ("form_post", "form_post"),
    ] {
        let url = authorize(
            &practice,
            &[("response_type", "id_token"), ("response_mode", mode)],
        );
        let landing = Browser::new().sign_in(url, "vera@acme.example").await;
        assert_eq!((landing.way, &*landing.to), (way, CALLBACK));
        assert_eq!(landing.names(), ["id_token", "state"]);
        let claims = verified(&practice, landing.field("id_token").unwrap()).await;
        assert_eq!(claims["nonce"], NONCE);
        assert_eq!(claims["groups"][0], "Contractors");
        assert!(claims.get("at_hash").is_none() && claims.get("c_hash").is_none());
    }
}

#[tokio::test]
async fn an_access_token_beside_the_id_token_is_bound_to_it_and_opens_userinfo() {
    let practice = practice().await;
    // The order of the words has no meaning.
    for response_type in ["id_token token", "token id_token"] {
        let url = authorize(&practice, &[("response_type", response_type)]);
        let landing = Browser::new().sign_in(url, "vera@acme.example").await;
        let access_token = landing.field("access_token").unwrap();
        let claims = verified(&practice, landing.field("id_token").unwrap()).await;
        assert_eq!(claims["at_hash"], half_hash(access_token));
        assert_eq!(userinfo(&practice, access_token).await.status(), 200);
    }
}

#[tokio::test]
async fn a_code_beside_the_id_token_is_bound_to_it_and_can_be_redeemed() {
    let practice = practice().await;
    let url = authorize(&practice, &[("response_type", "code id_token")]);
    let landing = Browser::new().sign_in(url, "vera@acme.example").await;
    assert_eq!(landing.way, "fragment");
    let code = landing.field("code").unwrap();
    let first = verified(&practice, landing.field("id_token").unwrap()).await;
    assert_eq!(first["c_hash"], half_hash(code));

    let (status, tokens) = redeem(&practice, By::Post, code, &[]).await;
    assert_eq!(status, 200);
    let second = verified(&practice, tokens["id_token"].as_str().unwrap()).await;
    assert_eq!(
        (&second["sub"], &second["iss"]),
        (&first["sub"], &first["iss"])
    );
    assert_eq!(
        second["at_hash"],
        half_hash(tokens["access_token"].as_str().unwrap())
    );
}

#[tokio::test]
async fn es256_tokens_verify_by_the_same_key_set() {
    let practice = practice_with(Some(latchkey_practice::Fault::SignsEs256)).await;
    let url = authorize(&practice, &[("response_type", "id_token")]);
    let landing = Browser::new().sign_in(url, "vera@acme.example").await;
    let claims = verified(&practice, landing.field("id_token").unwrap()).await;
    assert_eq!(claims["email"], "vera@acme.example");
}
