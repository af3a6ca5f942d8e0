//! The discovery document (OpenID Connect Discovery 1.0, sections 3 and 4.3).

use serde::{Deserialize, Serialize};
use serde_json::Value;
use specta::Type;
use url::Url;

use super::http::HttpAnswer;
use crate::connection::{Flow, Issuer, OidcConnection};
use crate::fault::Fault;
use crate::finding::Finding;
use crate::json::Members;
use crate::server::is_this_computer;
use crate::text::shown;

/// Longest text of the document that a finding quotes, in characters.
const SHOWN: usize = 500;

/// What a provider says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Discovery {
    /// The issuer, equal to the one that was asked.
    pub issuer: String,
    /// Where people sign in.
    #[specta(type = String)]
    pub authorization_endpoint: Url,
    /// Where a code is exchanged for tokens.
    #[specta(type = Option<String>)]
    pub token_endpoint: Option<Url>,
    /// Where more claims can be asked for.
    #[specta(type = Option<String>)]
    pub userinfo_endpoint: Option<Url>,
    /// Where the signing keys are.
    #[specta(type = String)]
    pub jwks_uri: Url,
    /// `response_types_supported`; empty if the document does not say.
    pub response_types: Vec<String>,
    /// `response_modes_supported`; empty if the document does not say.
    pub response_modes: Vec<String>,
    /// `scopes_supported`; empty if the document does not say.
    pub scopes: Vec<String>,
    /// `claims_supported`; empty if the document does not say.
    pub claims: Vec<String>,
    /// `token_endpoint_auth_methods_supported`; `client_secret_basic` if the document does not say.
    pub secret_ways: Vec<String>,
    /// `id_token_signing_alg_values_supported`; empty if the document does not say.
    pub algorithms: Vec<String>,
    /// `code_challenge_methods_supported` (RFC 8414); empty if the document does not say.
    pub challenge_methods: Vec<String>,
    /// Whether every answer names its issuer (RFC 9207, section 3).
    pub names_issuer_in_answers: bool,
}

/// How the client secret is presented at the token endpoint (OpenID Connect Core 1.0, section 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretWay {
    /// In the `Authorization` header.
    Basic,
    /// In the form.
    Post,
}

impl Discovery {
    /// Reads the answer to a request for the discovery document of `issuer`.
    ///
    /// # Errors
    /// The fault that names what came instead, or the field that is missing, or the other issuer.
    pub fn read(issuer: &Issuer, answer: &HttpAnswer) -> Result<Self, Fault> {
        let address = answer.address();
        let members = answer.object().map_err(|fault| match fault {
            Fault::HttpStatus { address, status } if (400..500).contains(&status) => {
                Fault::DiscoveryNotFound { address, status }
            }
            other => other,
        })?;
        let received = members
            .text("issuer")
            .ok_or_else(|| incomplete(&address, "issuer"))?;
        same_issuer(issuer.as_str(), received)?;
        Ok(Self {
            issuer: received.to_owned(),
            authorization_endpoint: needed(&members, &address, "authorization_endpoint")?,
            token_endpoint: endpoint(&members, &address, "token_endpoint")?,
            userinfo_endpoint: endpoint(&members, &address, "userinfo_endpoint")?,
            jwks_uri: needed(&members, &address, "jwks_uri")?,
            response_types: list(&members, "response_types_supported"),
            response_modes: list(&members, "response_modes_supported"),
            scopes: list(&members, "scopes_supported"),
            claims: list(&members, "claims_supported"),
            secret_ways: Some(list(&members, "token_endpoint_auth_methods_supported"))
                .filter(|ways| !ways.is_empty())
                .unwrap_or_else(|| vec!["client_secret_basic".to_owned()]),
            algorithms: list(&members, "id_token_signing_alg_values_supported"),
            challenge_methods: list(&members, "code_challenge_methods_supported"),
            names_issuer_in_answers: members
                .find("authorization_response_iss_parameter_supported")
                .and_then(Value::as_bool)
                .unwrap_or(false),
        })
    }

    /// Whether the provider offers this flow, as far as it says.
    pub fn offers(&self, flow: Flow) -> bool {
        self.response_types.is_empty()
            || self
                .response_types
                .iter()
                .any(|offered| same_type(offered, flow.response_type()))
    }

    /// How to present the client secret: as the document says, basic first; not at all where the
    /// provider knows public clients only.
    pub fn secret_way(&self) -> Option<SecretWay> {
        let has = |name: &str| self.secret_ways.iter().any(|way| way == name);
        if has("client_secret_basic") {
            Some(SecretWay::Basic)
        } else if has("client_secret_post") {
            Some(SecretWay::Post)
        } else {
            None
        }
    }

    /// What of this connection does not fit what the provider offers.
    pub fn misfits(&self, connection: &OidcConnection) -> Vec<Finding> {
        let mut findings = Vec::new();
        if !self.offers(connection.flow) {
            findings.push(
                Finding::error(Fault::FlowNotOffered {
                    flow: connection.flow.response_type().to_owned(),
                    offered: shown(&self.response_types.join(", "), SHOWN),
                })
                .at("connection.flow"),
            );
        }
        if connection.flow == Flow::Code {
            findings.extend(self.code_misfits());
        }
        for (index, scope) in connection.scopes.iter().enumerate() {
            if !self.scopes.is_empty() && !self.scopes.contains(scope) {
                findings.push(
                    Finding::warning(Fault::ScopeNotOffered {
                        scope: scope.clone(),
                    })
                    .at(format!("connection.scopes[{index}]")),
                );
            }
        }
        findings.extend(self.plain_endpoints(connection));
        findings.extend(self.endpoints_at_service(connection));
        findings
    }

    fn code_misfits(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        if self.token_endpoint.is_none() {
            let address = format!(
                "{}/.well-known/openid-configuration",
                self.issuer.trim_end_matches('/')
            );
            findings.push(
                Finding::error(incomplete(&address, "token_endpoint")).at("connection.issuer"),
            );
        }
        let public = self.secret_ways.iter().any(|way| way == "none");
        if self.secret_way().is_none() && !public {
            findings.push(
                Finding::error(Fault::SecretWayNotOffered {
                    offered: shown(&self.secret_ways.join(", "), SHOWN),
                })
                .at("connection.client_secret"),
            );
        }
        findings
    }

    /// Endpoints that are not https: on this computer alone, and only below an issuer that is not
    /// https either, nobody on the way can read along.
    fn plain_endpoints(&self, connection: &OidcConnection) -> Vec<Finding> {
        let practice = connection.issuer.url().scheme() != "https";
        self.endpoints()
            .filter(|(_, url)| url.scheme() != "https" && !(practice && is_this_computer(url)))
            .map(|(name, url)| {
                Finding::error(Fault::EndpointNotHttps {
                    endpoint: name.to_owned(),
                    address: shown(url.as_str(), SHOWN),
                })
                .at("connection.issuer")
            })
            .collect()
    }

    /// Endpoints that would be given the code or a token on the host that must not see them.
    fn endpoints_at_service(&self, connection: &OidcConnection) -> Vec<Finding> {
        self.endpoints()
            .filter_map(|(name, url)| connection.at_service(name, url))
            .collect()
    }

    fn endpoints(&self) -> impl Iterator<Item = (&'static str, &Url)> {
        [
            ("authorization_endpoint", Some(&self.authorization_endpoint)),
            ("token_endpoint", self.token_endpoint.as_ref()),
            ("userinfo_endpoint", self.userinfo_endpoint.as_ref()),
            ("jwks_uri", Some(&self.jwks_uri)),
        ]
        .into_iter()
        .filter_map(|(name, url)| Some((name, url?)))
    }
}

/// The fault of an issuer that is not the expected one, character for character.
pub(super) fn same_issuer(expected: &str, received: &str) -> Result<(), Fault> {
    if expected == received {
        return Ok(());
    }
    let by_slash = expected.trim_end_matches('/') == received.trim_end_matches('/');
    let (expected, received) = (expected.to_owned(), shown(received, SHOWN));
    Err(if by_slash {
        Fault::IssuerDiffersBySlash { expected, received }
    } else {
        Fault::IssuerDiffers { expected, received }
    })
}

/// `response_type` values are sets of words (OAuth 2.0 Multiple Response Types, section 3).
fn same_type(offered: &str, wanted: &str) -> bool {
    let mut offered: Vec<_> = offered.split_ascii_whitespace().collect();
    let mut wanted: Vec<_> = wanted.split_ascii_whitespace().collect();
    offered.sort_unstable();
    wanted.sort_unstable();
    offered == wanted
}

fn list(members: &Members, name: &str) -> Vec<String> {
    let Some(Value::Array(values)) = members.find(name) else {
        return Vec::new();
    };
    values
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

fn needed(members: &Members, address: &str, name: &str) -> Result<Url, Fault> {
    endpoint(members, address, name)?.ok_or_else(|| incomplete(address, name))
}

fn endpoint(members: &Members, address: &str, name: &str) -> Result<Option<Url>, Fault> {
    let Some(value) = members.find(name).filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    value
        .as_str()
        .and_then(|text| Url::parse(text).ok())
        .filter(|url| matches!(url.scheme(), "https" | "http") && url.has_host())
        .map(Some)
        .ok_or_else(|| incomplete(address, name))
}

fn incomplete(address: &str, field: &str) -> Fault {
    Fault::DiscoveryIncomplete {
        address: address.to_owned(),
        field: field.to_owned(),
    }
}
