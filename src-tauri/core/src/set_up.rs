//! The set-up file, `format: "latchkey/1"`: a set-up as text, read leniently in its values and
//! strictly in its shape. What its values are worth is said by [`crate::check`].

use schemars::JsonSchema;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::connection::{Flow, Protocol, RequestBinding};
use crate::json::{self, Misfit};
use crate::rules::{Rule, RuleList};

/// The largest set-up file that is read, in bytes.
pub const LARGEST: usize = 1024 * 1024;

/// The largest number of rules in one set-up.
pub const MOST_RULES: usize = 5_000;

/// The set-up of one workspace. No secret is ever in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Type, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetUp {
    /// Always `latchkey/1`.
    pub format: Format,
    /// The workspace that is set up.
    pub workspace: Workspace,
    /// How the provider and the service are connected.
    pub connection: ConnectionFields,
    /// The claim rules, the first match wins.
    #[serde(default)]
    pub rules: RuleList,
}

/// The version of the file's format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type, JsonSchema)]
pub enum Format {
    /// The first.
    #[default]
    #[serde(rename = "latchkey/1")]
    Latchkey1,
}

/// One tenant of a service.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Type, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Workspace {
    /// A service of the catalogue by its id, or one that is described here.
    pub service: ServiceChoice,
    /// The workspace's name.
    pub name: String,
    /// The region by its id, for services that have regions.
    #[serde(default)]
    pub region: String,
    /// The e-mail address of the Owner who sets this up.
    pub owner_email: String,
}

/// A service of the catalogue, or one that is described in the file.
#[derive(Clone, Debug, PartialEq, Serialize, Type, JsonSchema)]
#[serde(untagged)]
pub enum ServiceChoice {
    /// By its id in the catalogue.
    BuiltIn(String),
    /// Described here.
    Described(DescribedService),
}

impl Default for ServiceChoice {
    fn default() -> Self {
        Self::BuiltIn("torq".to_owned())
    }
}

/// A service that is not built in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Type, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DescribedService {
    /// The service's name.
    pub name: String,
    /// Where the service takes the provider's answer.
    pub login_redirect_url: String,
    /// The audience that the service expects (SAML).
    #[serde(default)]
    pub audience: String,
    /// The service's roles, the highest first.
    pub roles: Vec<String>,
    /// What a user gets whom no rule matches.
    pub fallback: String,
}

/// The fields of the set-up form, as they were typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Type, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConnectionFields {
    /// OpenID Connect or SAML 2.0.
    pub protocol: Protocol,
    /// The provider by its id in the catalogue.
    pub provider: String,
    /// OpenID Connect: the issuer identifier. SAML: the entity ID.
    #[serde(default)]
    pub issuer: String,
    /// OpenID Connect: the client ID.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub client_id: String,
    /// OpenID Connect: the client secret's last day (RFC 3339, `full-date`), if somebody wrote it
    /// down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret_expires: Option<String>,
    /// OpenID Connect: requested scopes. Left out: the provider's usual ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
    /// OpenID Connect: Code flow or Implicit flow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow: Option<Flow>,
    /// OpenID Connect: whether the address is sent along as a hint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login_hint: Option<bool>,
    /// SAML: where the service sends the person to sign in.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sign_on_url: String,
    /// SAML: how the request travels to the provider. Left out: by redirect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_binding: Option<RequestBinding>,
    /// SAML: whether requests are signed with the workspace's key pair. Left out: they are not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_requests: Option<bool>,
    /// SAML: the provider's signing certificates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<String>,
    /// Overrides the service's Login Redirect URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login_redirect_url: Option<String>,
    /// Overrides the service's audience.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
}

/// Why a set-up file could not be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// Too large.
    #[error("is larger than {limit} bytes, which no set-up needs")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// Too many rules.
    #[error("has {count} rules; the limit is {limit}")]
    TooManyRules {
        /// How many there are.
        count: usize,
        /// The limit.
        limit: usize,
    },
    /// Not JSON, or not of the set-up's shape.
    #[error("does not fit at {path}, line {line}, column {column}: {reason}")]
    Shape {
        /// The field, as `connection.issuer`; `the top` for the document itself.
        path: String,
        /// Line, counted from 1.
        line: usize,
        /// Column, counted from 1.
        column: usize,
        /// What is expected there.
        reason: String,
    },
}

impl SetUp {
    /// Reads a set-up file.
    ///
    /// # Errors
    /// [`Unusable`], with the field or the line and what is expected there.
    pub fn read(bytes: &[u8]) -> Result<Self, Unusable> {
        if bytes.len() > LARGEST {
            return Err(Unusable::TooLarge { limit: LARGEST });
        }
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let set_up: Self = json::document(bytes)?;
        if set_up.rules.0.len() > MOST_RULES {
            return Err(Unusable::TooManyRules {
                count: set_up.rules.0.len(),
                limit: MOST_RULES,
            });
        }
        Ok(set_up)
    }

    /// The set-up as it is written to a file: indented, with a line break at the end.
    pub fn written(&self) -> String {
        // Strings, lists and enums only: there is nothing in it that JSON cannot write.
        let mut text = serde_json::to_string_pretty(self).expect("a set-up is plain data");
        text.push('\n');
        text
    }

    /// What its file is called.
    pub fn file_name(&self) -> String {
        crate::text::file_name(&self.workspace.name, "latchkey.json")
    }

    /// The field in which a private key stands, if one does: such a set-up is neither kept nor written.
    pub fn private_key(&self) -> Option<String> {
        let value = serde_json::to_value(self).ok()?;
        let mut open = vec![(String::new(), &value)];
        while let Some((path, value)) = open.pop() {
            match value {
                serde_json::Value::String(text) if text.contains("PRIVATE KEY-----") => {
                    return Some(path);
                }
                serde_json::Value::Array(items) => open.extend(
                    items
                        .iter()
                        .enumerate()
                        .map(|(index, item)| (format!("{path}[{index}]"), item)),
                ),
                serde_json::Value::Object(members) => {
                    open.extend(members.iter().map(|(name, member)| {
                        let dot = if path.is_empty() { "" } else { "." };
                        (format!("{path}{dot}{name}"), member)
                    }));
                }
                _ => {}
            }
        }
        None
    }

    /// The JSON Schema of the file.
    pub fn schema() -> serde_json::Value {
        schemars::schema_for!(SetUp).to_value()
    }

    /// The rule that the wizard offers first: the Owner's address gets the highest role.
    pub fn recommended_rule(&self, highest_role: &str) -> Rule {
        Rule {
            claim: "email".to_owned(),
            value: self.workspace.owner_email.trim().to_owned(),
            role: highest_role.to_owned(),
        }
    }
}

impl From<Misfit> for Unusable {
    fn from(misfit: Misfit) -> Self {
        let Misfit {
            path,
            line,
            column,
            reason,
        } = misfit;
        Self::Shape {
            path,
            line,
            column,
            reason,
        }
    }
}

impl<'de> Deserialize<'de> for ServiceChoice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = ServiceChoice;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("the id of a built-in service, or an object that describes one")
            }

            fn visit_str<E>(self, id: &str) -> Result<ServiceChoice, E> {
                Ok(ServiceChoice::BuiltIn(id.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ServiceChoice, A::Error> {
                DescribedService::deserialize(MapAccessDeserializer::new(map))
                    .map(ServiceChoice::Described)
            }
        }

        deserializer.deserialize_any(Reader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_where_it_does_not_belong_is_named_by_its_kind_and_never_quoted() {
        const SECRET: &str = "-----BEGIN PRIVATE KEY----- s3cret, expected at line 7";
        for (member, kind) in [
            ("certificates", "a list in [ ] is expected, not text"),
            ("flow", "`code` or `implicit` is expected"),
            ("login_hint", "true or false is expected, not text"),
        ] {
            let text = format!(
                r#"{{"format":"latchkey/1","connection":{{"protocol":"oidc","{member}":"{SECRET}"}}}}"#
            );
            let Err(error) = SetUp::read(text.as_bytes()) else {
                panic!("{text} is no set-up");
            };
            let said = error.to_string();
            assert!(said.contains(kind), "{said}");
            assert!(
                !said.contains("PRIVATE") && !said.contains("s3cret"),
                "{said}"
            );
        }
    }

    #[test]
    fn a_key_of_the_files_own_does_not_write_to_the_terminal() {
        let name = "re\u{1b}[31m\u{202e}gion\n".to_owned() + &"x".repeat(10_000);
        let text = serde_json::json!({ "format": "latchkey/1", "workspace": { name: "us" } });
        let Err(error) = SetUp::read(text.to_string().as_bytes()) else {
            panic!("no such key");
        };
        let said = error.to_string();
        assert!(said.chars().count() < 1_000, "{} characters", said.len());
        assert!(!said.contains(['\u{1b}', '\u{202e}', '\n']), "{said:?}");
    }

    #[test]
    fn a_private_key_is_found_wherever_it_stands() {
        let mut set_up = SetUp::default();
        assert_eq!(set_up.private_key(), None);
        set_up.connection.certificates = vec![
            "-----BEGIN CERTIFICATE-----".to_owned(),
            "-----BEGIN RSA PRIVATE KEY-----\nMIIE".to_owned(),
        ];
        assert_eq!(
            set_up.private_key().as_deref(),
            Some("connection.certificates[1]")
        );
    }

    #[test]
    fn a_key_that_cannot_be_read_is_placed_in_its_object() {
        for (text, place) in [
            ("{\"form\0at\": 1}", "the top"),
            ("{\"connection\": {\"is", "connection"),
            ("{\"rules\": [{\"cla\0im\": 1}]}", "rules[0]"),
            ("[]", "the top"),
            ("", "the top"),
        ] {
            let Err(Unusable::Shape { path, .. }) = SetUp::read(text.as_bytes()) else {
                panic!("{text:?} is no set-up");
            };
            assert_eq!(path, place, "{text:?}");
        }
    }
}
