//! Each fault of the faulty provider is seen by an independent check, and nothing else is wrong beside it.
//! A test of Latchkey that meets a fault can therefore blame exactly one thing.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use latchkey_tests::browser::{Browser, Landing, Stop};
use latchkey_tests::provider::{Fault, FaultyProvider, SERVICE_REDIRECT};
use serde_json::{Value, json};
use strum::VariantArray;
use url::Url;

use crate::relying_party::{NONCE, RelyingParty, STATE, TokenAnswer};

/// What the independent check below must say, word for word.
fn expected(fault: Fault) -> &'static [&'static str] {
    match fault {
        Fault::None => &[],
        Fault::WrongAud => &["aud"],
        Fault::WrongIss => &["iss"],
        Fault::Expired => &["exp"],
        Fault::WrongNonce | Fault::NoNonce => &["nonce"],
        Fault::NoEmail => &["email"],
        Fault::UnverifiedEmail => &["email_verified"],
        Fault::GroupsAsText => &["groups"],
        Fault::IssuedInFuture => &["iat"],
        Fault::WrongAzp => &["azp"],
        Fault::NoAud => &["aud"],
        Fault::UnknownKid => &["kid"],
        Fault::BadSignature => &["signature"],
        Fault::AlgNone => &["alg"],
        Fault::NoIdToken => &["id_token"],
        Fault::InvalidGrant => &["status 400 invalid_grant"],
        Fault::HtmlInsteadOfJson => &["json"],
        Fault::WrongState => &["state"],
        Fault::AccessDenied => &["error access_denied"],
    }
}

#[tokio::test]
async fn each_fault_is_wrong_in_exactly_one_way() {
    for &fault in Fault::VARIANTS {
        assert_eq!(problems(fault).await, expected(fault), "{fault}");
    }
}

/// Recorded: the mock asks nobody for a secret, so a wrong one shows only at other providers.
#[tokio::test]
async fn any_secret_is_taken() {
    let provider = FaultyProvider::start(Fault::None).unwrap();
    let mut client = RelyingParty::of_faulty(&provider).await;
    client.secret = Some("not the secret".to_owned());
    let landing = landing(&client).await;
    assert_eq!(
        client
            .exchange(&landing.value("code").unwrap())
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn somebody_else_can_be_signed_in() {
    let olivia = FaultyProvider::start(Fault::None).unwrap();
    let mut carol = olivia.person.clone();
    carol.email = "carol@acme.example".to_owned();
    let provider = FaultyProvider::start_as(Fault::None, carol).unwrap();
    let client = RelyingParty::of_faulty(&provider).await;
    let landing = landing(&client).await;
    let answer = client.exchange(&landing.value("code").unwrap()).await;
    assert_eq!(
        client.verified(&answer.id_token()).1["email"],
        "carol@acme.example"
    );
}

async fn landing(client: &RelyingParty) -> Landing {
    let stop_at: Url = SERVICE_REDIRECT.parse().unwrap();
    let address = client.authorization_url("code", &[]);
    match Browser::new().open(&address, &stop_at).await.unwrap() {
        Stop::Landing(landing) => landing,
        Stop::Page(page) => panic!("a page came: {}", page.text()),
    }
}

async fn problems(fault: Fault) -> Vec<String> {
    let provider = FaultyProvider::start(fault).unwrap();
    let client = RelyingParty::of_faulty(&provider).await;
    let landing = landing(&client).await;
    let mut found = Vec::new();
    if landing.value("state").as_deref() != Some(STATE) {
        found.push("state".to_owned());
    }
    let Some(code) = landing.value("code") else {
        found.push(format!("error {}", landing.value("error").unwrap()));
        return found;
    };
    let answer = client.exchange(&code).await;
    found.extend(problems_of_answer(&client, &answer));

    let userinfo = client.userinfo("any").await;
    let Ok(Value::Object(body)) = serde_json::from_str(&answer.text) else {
        return found;
    };
    if let Some(claims) = body
        .get("id_token")
        .map(|token| part(token.as_str().unwrap(), 1))
    {
        for name in ["sub", "email", "email_verified", "groups"] {
            assert_eq!(
                userinfo.get(name),
                claims.get(name),
                "{fault}: userinfo and ID token differ in {name}"
            );
        }
    }
    found
}

fn problems_of_answer(client: &RelyingParty, answer: &TokenAnswer) -> Vec<String> {
    let Ok(body) = serde_json::from_str::<Value>(&answer.text) else {
        return vec!["json".to_owned()];
    };
    if answer.status != 200 {
        return vec![format!(
            "status {} {}",
            answer.status,
            body["error"].as_str().unwrap()
        )];
    }
    match body["id_token"].as_str() {
        None => vec!["id_token".to_owned()],
        Some(token) => problems_of_token(client, token)
            .into_iter()
            .map(str::to_owned)
            .collect(),
    }
}

/// OpenID Connect Core 1.0, section 3.1.3.7, and what a rule on e-mail and groups needs.
fn problems_of_token(client: &RelyingParty, token: &str) -> Vec<&'static str> {
    let (header, claims) = (part(token, 0), part(token, 1));
    let now = jsonwebtoken::get_current_timestamp() as i64;
    let time = |name: &str| claims[name].as_i64().unwrap();
    let mut found = Vec::new();
    let mut demand = |holds: bool, name| {
        if !holds {
            found.push(name);
        }
    };
    let key = &client.keys.keys[0];
    let is_signed = header["alg"] == "RS256";
    demand(is_signed, "alg");
    if is_signed {
        demand(header["kid"] == json!(key.common.key_id), "kid");
        demand(
            signature_holds(token, &DecodingKey::from_jwk(key).unwrap()),
            "signature",
        );
    }
    demand(claims["iss"] == json!(client.issuer), "iss");
    demand(claims["aud"] == json!(client.client_id), "aud");
    demand(
        claims
            .get("azp")
            .is_none_or(|azp| *azp == json!(client.client_id)),
        "azp",
    );
    demand(time("exp") > now, "exp");
    demand(time("iat") <= now + 60, "iat");
    demand(time("nbf") <= now + 60, "nbf");
    demand(claims["nonce"] == NONCE, "nonce");
    demand(claims["email"].is_string(), "email");
    demand(
        claims["email"].is_null() || claims["email_verified"] == true,
        "email_verified",
    );
    demand(claims["groups"].is_array(), "groups");
    found
}

fn signature_holds(token: &str, key: &DecodingKey) -> bool {
    let mut rules = Validation::new(Algorithm::RS256);
    rules.required_spec_claims.clear();
    rules.validate_exp = false;
    rules.validate_aud = false;
    decode::<Value>(token, key, &rules).is_ok()
}

fn part(token: &str, index: usize) -> Value {
    let bytes = BASE64_URL_SAFE_NO_PAD
        .decode(token.split('.').nth(index).unwrap())
        .unwrap();
    serde_json::from_slice(&bytes).unwrap()
}
