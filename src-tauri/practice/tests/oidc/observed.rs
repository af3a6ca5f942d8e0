use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey};
use latchkey_practice::{Fault, Practice};
use secrecy::ExposeSecret;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::browser::{Browser, Landing, http};
use crate::client::*;

/// What a client asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Ask {
    /// The code flow with PKCE and HTTP Basic.
    Code,
    /// The same with the secret in the body.
    CodeByPost,
    /// The same without PKCE.
    CodeWithoutPkce,
    /// The same with the answer by a form.
    CodeByForm,
    /// `id_token token`, in the fragment.
    Implicit,
    /// `code id_token`, in the fragment.
    Hybrid,
}

/// Everything that one sign-in shows, each thing under its name, with what differs from run to run put
/// in words. A name without a space is a stage; the rest belong to the stage they begin with.
pub(crate) struct Observed(BTreeMap<String, String>);

impl Observed {
    /// What is otherwise than in `usual`. Below a stage that itself went otherwise, or that was
    /// not reached, only what is new is told.
    pub(crate) fn differs_from(&self, usual: &Observed) -> Vec<String> {
        let told = self
            .0
            .iter()
            .filter(|(name, value)| usual.0.get(*name) != Some(value));
        let mut differences: Vec<_> = told
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        for name in usual.0.keys().filter(|name| !self.0.contains_key(*name)) {
            let stage = name.split(' ').next().unwrap();
            if stage != name && self.0.get(stage) == usual.0.get(stage) {
                differences.push(format!("{name}: gone"));
            }
        }
        differences
    }

    fn note(&mut self, name: &str, value: impl Into<String>) {
        self.0.insert(name.to_owned(), value.into());
    }
}

/// Goes through one whole sign-in as Bob, asking every endpoint that there is a reason to ask.
/// `keys` are the ones that the provider usually publishes.
pub(crate) async fn observe(practice: &Practice, ask: Ask, keys: &JwkSet) -> Observed {
    let mut seen = Observed(BTreeMap::new());
    discovery(&mut seen, practice).await;
    key_set_shape(&mut seen, practice).await;
    let Some(landing) = front_channel(&mut seen, practice, ask).await else {
        return seen;
    };
    let mut access_token = landing.field("access_token").map(str::to_owned);
    let expected = Expected {
        practice,
        keys,
        code: landing.field("code"),
        access_token: access_token.as_deref(),
    };
    if matches!(ask, Ask::Implicit | Ask::Hybrid) && landing.field("error").is_none() {
        id_token(&mut seen, landing.field("id_token"), &expected);
    }
    if let (Some(code), true) = (landing.field("code"), ask != Ask::Hybrid) {
        let Some(tokens) = token(&mut seen, practice, ask, code).await else {
            return seen;
        };
        access_token = tokens["access_token"].as_str().map(str::to_owned);
        let expected = Expected {
            practice,
            keys,
            code: None,
            access_token: access_token.as_deref(),
        };
        id_token(&mut seen, tokens["id_token"].as_str(), &expected);
    }
    if let Some(access_token) = access_token {
        told(&mut seen, practice, &access_token).await;
    }
    seen
}

struct Expected<'a> {
    practice: &'a Practice,
    keys: &'a JwkSet,
    code: Option<&'a str>,
    access_token: Option<&'a str>,
}

/// Long where an answer comes, short where the fault is that none does.
fn patience(practice: &Practice, silent: Fault) -> Duration {
    match practice.fault() == Some(silent) {
        true => Duration::from_millis(300),
        false => Duration::from_secs(30),
    }
}

async fn discovery(seen: &mut Observed, practice: &Practice) {
    let http = http(patience(practice, Fault::DiscoverySlow));
    let url = address(practice, "/.well-known/openid-configuration");
    let Ok(response) = http.get(url.clone()).send().await else {
        return seen.note("discovery", "silent");
    };
    let status = response.status().as_u16();
    if let Some(to) = response.headers().get("location") {
        let to = url.join(to.to_str().unwrap()).unwrap();
        let whom = if to == url { "itself" } else { "elsewhere" };
        return seen.note("discovery", format!("{status} to {whom}"));
    }
    let length_told = response.content_length().is_some();
    let kind = response.headers()["content-type"]
        .to_str()
        .unwrap()
        .to_owned();
    let body = response.bytes().await.unwrap();
    seen.note("discovery", format!("{status} {kind}"));
    if body.len() > 10_000_000 && !length_told {
        seen.note("discovery size", "10 MB, without its length");
    }
    match serde_json::from_slice::<Map<String, Value>>(&body) {
        Ok(document) => {
            for (name, value) in document {
                seen.note(
                    &format!("discovery {name}"),
                    without_issuer(practice, &value),
                );
            }
        }
        Err(_) if kind == "application/json" => seen.note("discovery", "no JSON"),
        Err(_) => {}
    }
}

async fn key_set_shape(seen: &mut Observed, practice: &Practice) {
    let response = http(Duration::from_secs(30)).get(address(practice, "/jwks"));
    let response = response.send().await.unwrap();
    seen.note("jwks", response.status().as_u16().to_string());
    let Ok(document) = response.json::<Value>().await else {
        return;
    };
    let kinds: Vec<_> = document["keys"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| &key["kty"])
        .collect();
    seen.note("jwks keys", serde_json::to_string(&kinds).unwrap());
}

async fn front_channel(seen: &mut Observed, practice: &Practice, ask: Ask) -> Option<Landing> {
    let changes: &[(&str, &str)] = match ask {
        Ask::Code | Ask::CodeByPost => &[],
        Ask::CodeWithoutPkce => &[("code_challenge", ""), ("code_challenge_method", "")],
        Ask::CodeByForm => &[("response_mode", "form_post")],
        Ask::Implicit => &[("response_type", "id_token token")],
        Ask::Hybrid => &[("response_type", "code id_token")],
    };
    let url = authorize(practice, changes);
    let mut browser = Browser::new();
    let mut shown = browser.open(url.clone()).await;
    if shown.hidden("request").is_some() {
        seen.note("page", "a sign-in form");
        shown = browser.choose(&shown, &url, "bob@acme.example").await;
    } else if shown.landing().is_none() {
        let what = match &shown.body {
            body if body.contains("redirect_uri_mismatch") => "redirect_uri_mismatch",
            body if body.contains("<h1>") => "some page",
            _ => "blank",
        };
        seen.note("page", format!("{} {what}", shown.status.as_u16()));
        return None;
    } else {
        seen.note("page", "none");
    }
    let landing = shown.landing().expect("an answer");
    seen.note("answer", landing.way);
    for name in landing.names() {
        let value = landing.field(name).unwrap();
        let value = match name {
            "state" if value == STATE => "as sent",
            "state" => "another",
            "error" | "token_type" | "expires_in" | "scope" => value,
            _ => "there",
        };
        seen.note(&format!("answer {name}"), value);
    }
    Some(landing)
}

async fn token(seen: &mut Observed, practice: &Practice, ask: Ask, code: &str) -> Option<Value> {
    let by = if ask == Ask::CodeByPost {
        By::Post
    } else {
        By::Basic
    };
    let bare = [("code_verifier", "")];
    let changes: &[(&str, &str)] = if ask == Ask::CodeWithoutPkce {
        &bare
    } else {
        &[]
    };
    let patience = patience(practice, Fault::TokenEndpointSlow);
    let Ok(response) = ask_for_tokens(practice, by, code, changes, patience).await else {
        seen.note("token", "silent");
        return None;
    };
    let kind = response.headers()["content-type"]
        .to_str()
        .unwrap()
        .to_owned();
    seen.note("token", format!("{} {kind}", response.status().as_u16()));
    let body: Value = response.json().await.ok()?;
    if let Some(error) = body["error"].as_str() {
        seen.note("token error", error);
        return None;
    }
    Some(body)
}

fn id_token(seen: &mut Observed, token: Option<&str>, expected: &Expected<'_>) {
    let Some(token) = token else {
        return seen.note("id_token", "none");
    };
    let parts: Vec<_> = token.split('.').collect();
    let [header, claims, signature] = *parts else {
        return seen.note("id_token", "malformed");
    };
    seen.note("id_token", "there");
    let header = decoded(header);
    seen.note("id_token alg", header["alg"].as_str().unwrap());
    let find = |kid: &str| expected.keys.find(kid);
    match header.get("kid") {
        Some(kid) => {
            let known = find(kid.as_str().unwrap()).is_some();
            seen.note(
                "id_token kid",
                if known { "published" } else { "not published" },
            );
        }
        None => seen.note("id_token kid", "none"),
    }
    let message = token.rsplit_once('.').unwrap().0;
    seen.note(
        "id_token signature",
        signature_holds(message, signature, expected),
    );

    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs_f64();
    for (name, value) in decoded(claims) {
        let told = match (&*name, value.as_str()) {
            ("exp" | "iat" | "nbf" | "auth_time", _) => {
                format!("{:+.0} min", (value.as_f64().unwrap() - now) / 60.0)
            }
            ("nonce", Some(NONCE)) => "as sent".to_owned(),
            ("at_hash", Some(hash)) => fits(hash, expected.access_token).to_owned(),
            ("c_hash", Some(hash)) => fits(hash, expected.code).to_owned(),
            _ => without_issuer(expected.practice, &value),
        };
        seen.note(
            &format!("id_token {name}"),
            told.replace("-0 min", "+0 min"),
        );
    }
}

fn signature_holds(message: &str, signature: &str, expected: &Expected<'_>) -> &'static str {
    if signature.is_empty() {
        return "empty";
    }
    let holds = |key: &DecodingKey, algorithm| {
        jsonwebtoken::crypto::verify(signature, message.as_bytes(), key, algorithm) == Ok(true)
    };
    let by_key = |key: &Jwk, algorithm| holds(&DecodingKey::from_jwk(key).unwrap(), algorithm);
    if by_key(&expected.keys.keys[0], Algorithm::RS256) {
        return "holds by RS256";
    }
    if by_key(&expected.keys.keys[1], Algorithm::ES256) {
        return "holds by ES256";
    }
    let secret = expected.practice.client_secret().expose_secret().as_bytes();
    if holds(&DecodingKey::from_secret(secret), Algorithm::HS256) {
        return "holds by the client secret";
    }
    "fails"
}

async fn told(seen: &mut Observed, practice: &Practice, access_token: &str) {
    let response = userinfo(practice, access_token).await;
    seen.note("userinfo", response.status().as_u16().to_string());
    let Ok(claims) = response.json::<Map<String, Value>>().await else {
        return;
    };
    for (name, value) in claims {
        seen.note(
            &format!("userinfo {name}"),
            without_issuer(practice, &value),
        );
    }
}

fn fits(hash: &str, value: Option<&str>) -> &'static str {
    let right = value.map(|value| URL_SAFE_NO_PAD.encode(&Sha256::digest(value)[..16]));
    if right.as_deref() == Some(hash) {
        "fits"
    } else {
        "does not fit"
    }
}

fn decoded(part: &str) -> Map<String, Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn without_issuer(practice: &Practice, value: &Value) -> String {
    value.to_string().replace(practice.issuer(), "ISSUER")
}
