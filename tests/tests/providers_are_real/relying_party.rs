//! A relying party of a few lines that shares nothing with Latchkey, to check the providers with.

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use latchkey_tests::provider::{FaultyProvider, OidcProvider, SERVICE_REDIRECT};
use reqwest::Client;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::{Url, form_urlencoded};

pub(crate) const STATE: &str = "state-of-this-sign-in";
pub(crate) const NONCE: &str = "nonce-of-this-sign-in";
// The pair of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub(crate) struct RelyingParty {
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    pub(crate) secret: Option<String>,
    /// As discovery says: in the form, or in the Basic header.
    pub(crate) secret_in_form: bool,
    pub(crate) discovery: Value,
    pub(crate) keys: JwkSet,
    http: Client,
}

pub(crate) struct TokenAnswer {
    pub(crate) status: u16,
    pub(crate) text: String,
}

impl RelyingParty {
    pub(crate) async fn of(provider: &OidcProvider) -> Self {
        let secret = provider.client_secret.clone();
        Self::discover(&provider.issuer, &provider.client_id, secret).await
    }

    pub(crate) async fn of_faulty(provider: &FaultyProvider) -> Self {
        let secret = Some(provider.client_secret.clone());
        Self::discover(&provider.issuer, &provider.client_id, secret).await
    }

    async fn discover(issuer: &str, client_id: &str, secret: Option<String>) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = Client::builder().no_proxy().build().unwrap();
        let json = async |address: &str| {
            let answer = http.get(address).send().await.unwrap();
            assert_eq!(answer.status(), 200, "{address}");
            answer.json::<Value>().await.unwrap()
        };
        let discovery = json(&format!("{issuer}/.well-known/openid-configuration")).await;
        assert_eq!(discovery["issuer"], issuer);
        let keys = json(discovery["jwks_uri"].as_str().unwrap()).await;
        Self {
            issuer: issuer.to_owned(),
            client_id: client_id.to_owned(),
            secret,
            secret_in_form: discovery["token_endpoint_auth_methods_supported"][0]
                == "client_secret_post",
            discovery,
            keys: serde_json::from_value(keys).unwrap(),
            http,
        }
    }

    /// With PKCE, state, nonce and all scopes; `changes` replace parameters or add some.
    pub(crate) fn authorization_url(&self, response_type: &str, changes: &[(&str, &str)]) -> Url {
        let mut parameters = vec![
            ("client_id", self.client_id.as_str()),
            ("response_type", response_type),
            ("redirect_uri", SERVICE_REDIRECT),
            ("scope", "openid email profile groups"),
            ("state", STATE),
            ("nonce", NONCE),
        ];
        if response_type.contains("code") {
            parameters.extend([
                ("code_challenge", CHALLENGE),
                ("code_challenge_method", "S256"),
            ]);
        }
        parameters.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        parameters.extend(changes);
        self.endpoint("authorization_endpoint", &parameters)
    }

    pub(crate) fn authorization_url_without_pkce(&self) -> Url {
        let mut address = self.authorization_url("code", &[]);
        let kept: Vec<_> = address
            .query_pairs()
            .filter(|(name, _)| !name.starts_with("code_challenge"))
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        address.query_pairs_mut().clear().extend_pairs(kept);
        address
    }

    pub(crate) async fn exchange(&self, code: &str) -> TokenAnswer {
        self.exchange_with(code, VERIFIER).await
    }

    pub(crate) async fn exchange_with(&self, code: &str, verifier: &str) -> TokenAnswer {
        self.ask_for_tokens(code, verifier, form_encoded).await
    }

    /// As a client does that has not read RFC 6749, section 2.3.1.
    pub(crate) async fn exchange_unencoded(&self, code: &str) -> TokenAnswer {
        self.ask_for_tokens(code, VERIFIER, str::to_owned).await
    }

    async fn ask_for_tokens(
        &self,
        code: &str,
        verifier: &str,
        in_header: fn(&str) -> String,
    ) -> TokenAnswer {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", SERVICE_REDIRECT),
            ("code_verifier", verifier),
        ];
        let mut request = self.http.post(self.endpoint("token_endpoint", &[]));
        match &self.secret {
            Some(secret) if !self.secret_in_form => {
                request = request.basic_auth(in_header(&self.client_id), Some(in_header(secret)));
            }
            Some(secret) => form.extend([
                ("client_id", self.client_id.as_str()),
                ("client_secret", secret),
            ]),
            None => form.push(("client_id", &self.client_id)),
        }
        let answer = request.form(&form).send().await.unwrap();
        TokenAnswer {
            status: answer.status().as_u16(),
            text: answer.text().await.unwrap(),
        }
    }

    pub(crate) async fn userinfo(&self, access_token: &str) -> Value {
        let request = self.http.get(self.endpoint("userinfo_endpoint", &[]));
        let answer = request.bearer_auth(access_token).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.json().await.unwrap()
    }

    /// The claims of a token that is signed by the key it names, for this client, by this issuer, and in time.
    pub(crate) fn verified(&self, token: &str) -> (Algorithm, Value) {
        let header = decode_header(token).unwrap();
        let key = self.keys.find(header.kid.as_deref().unwrap()).unwrap();
        let mut rules = Validation::new(header.alg);
        rules.set_audience(&[&self.client_id]);
        rules.set_issuer(&[&self.issuer]);
        rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        let token = decode(token, &DecodingKey::from_jwk(key).unwrap(), &rules).unwrap();
        (header.alg, token.claims)
    }

    fn endpoint(&self, name: &str, parameters: &[(&str, &str)]) -> Url {
        let mut address: Url = self.discovery[name].as_str().unwrap().parse().unwrap();
        if !parameters.is_empty() {
            address.query_pairs_mut().extend_pairs(parameters);
        }
        address
    }
}

impl TokenAnswer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub(crate) fn id_token(&self) -> String {
        self.json()["id_token"].as_str().unwrap().to_owned()
    }

    pub(crate) fn access_token(&self) -> String {
        self.json()["access_token"].as_str().unwrap().to_owned()
    }
}

/// Listens for one request on a free port and gives its whole text.
pub(crate) async fn listen_once() -> (u16, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let request = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut text = String::new();
        while !is_whole(&text) {
            let mut bytes = [0; 4096];
            let count = stream.read(&mut bytes).await.unwrap();
            assert_ne!(count, 0, "the request ended early: {text}");
            text.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
        }
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";
        stream.write_all(answer).await.unwrap();
        text
    });
    (port, request)
}

fn is_whole(request: &str) -> bool {
    let Some((head, body)) = request.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    length.is_none_or(|length| body.len() >= length.parse::<usize>().unwrap())
}

fn form_encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
