//! The JSON of SCIM, read as it streams by: nothing of a list is kept but what is asked for.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::{Gathered, Page};
use crate::fault::Fault;
use crate::people::csv::is_address;

/// A user or a group, as far as it matters here.
#[derive(Default)]
pub(super) struct Resource {
    pub(super) id: Option<String>,
    pub(super) user_name: Option<String>,
    pub(super) display_name: Option<String>,
    pub(super) emails: Vec<Part>,
    pub(super) groups: Vec<Part>,
    pub(super) members: Vec<Part>,
    schemas: Vec<String>,
    has_members: bool,
}

/// One element of a multi-valued attribute (RFC 7643, section 2.4).
#[derive(Default)]
pub(super) struct Part {
    pub(super) value: Option<String>,
    pub(super) display: Option<String>,
    kind: Option<String>,
    primary: bool,
}

impl Resource {
    pub(super) fn of_user(id: String, address: Option<String>, name: String) -> Self {
        let email = address.map(|address| Part {
            value: Some(address),
            ..Part::default()
        });
        Self {
            id: Some(id),
            user_name: Some(name),
            emails: email.into_iter().collect(),
            ..Self::default()
        }
    }

    pub(super) fn of_group(id: String, name: String, members: Vec<String>) -> Self {
        let member = |id| Part {
            value: Some(id),
            ..Part::default()
        };
        Self {
            id: Some(id),
            display_name: Some(name),
            members: members.into_iter().map(member).collect(),
            has_members: true,
            ..Self::default()
        }
    }

    pub(super) fn is_user(&self) -> bool {
        self.has_schema(":User") || self.user_name.is_some() || !self.emails.is_empty()
    }

    pub(super) fn is_group(&self) -> bool {
        self.has_schema(":Group")
            || self.has_members
            || (self.display_name.is_some() && self.id.is_some())
    }

    /// The primary address, else the first; else the user name, where that is one.
    pub(super) fn address(&self) -> Option<&str> {
        let primary = self.emails.iter().filter(|email| email.primary);
        let mut all = primary.chain(&self.emails);
        all.find_map(|email| {
            email
                .value
                .as_deref()
                .filter(|value| !value.trim().is_empty())
        })
        .or(self.user_name.as_deref().filter(|name| is_address(name)))
        .map(str::trim)
    }

    /// Any other name by which a user is known.
    pub(super) fn name(&self) -> Option<&str> {
        let names = [&self.user_name, &self.display_name, &self.id];
        names
            .into_iter()
            .flatten()
            .map(String::as_str)
            .find(|name| !name.is_empty())
    }

    fn has_schema(&self, end: &str) -> bool {
        self.schemas.iter().any(|schema| schema.ends_with(end))
    }
}

impl Part {
    /// Whether this member is a group (RFC 7643, section 4.2).
    pub(super) fn is_group(&self) -> bool {
        self.kind
            .as_deref()
            .is_some_and(|kind| kind.eq_ignore_ascii_case("group"))
    }
}

/// One JSON document: an answer with `Resources`, a user, a group, or a list of any of these.
pub(super) struct Document<'a> {
    pub(super) scim: &'a mut Gathered,
    pub(super) page: &'a mut Page,
    /// Why reading was stopped, where it is no fault of the JSON.
    pub(super) stopped: &'a mut Option<Fault>,
}

impl<'de> DeserializeSeed<'de> for Document<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Document<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a SCIM answer, a user, a group, or a list of these")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        loop {
            let next = Document {
                scim: &mut *self.scim,
                page: &mut *self.page,
                stopped: &mut *self.stopped,
            };
            if list.next_element_seed(next)?.is_none() {
                return Ok(());
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut resource = Resource::default();
        while let Some(name) = map.next_key::<String>()? {
            // Names of attributes are compared without regard to case (RFC 7643, section 2.1).
            match &*name.to_ascii_lowercase() {
                "resources" => map.next_value_seed(Document {
                    scim: &mut *self.scim,
                    page: &mut *self.page,
                    stopped: &mut *self.stopped,
                })?,
                "totalresults" => {
                    let total = map.next_value::<Value>()?.as_u64().unwrap_or_default();
                    *self.page.total.get_or_insert_default() += total;
                }
                "startindex" => self.page.start = map.next_value::<Value>()?.as_u64(),
                "id" => resource.id = text(map.next_value()?),
                "username" => resource.user_name = text(map.next_value()?),
                "displayname" => resource.display_name = text(map.next_value()?),
                "emails" => resource.emails = map.next_value::<Parts>()?.0,
                "groups" => resource.groups = map.next_value::<Parts>()?.0,
                "members" => {
                    resource.has_members = true;
                    resource.members = map.next_value::<Parts>()?.0;
                }
                "schemas" => resource.schemas = map.next_value::<Texts>()?.0,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        match self.scim.take(&resource) {
            Ok(taken) => self.page.came += u64::from(taken),
            Err(fault) => {
                *self.stopped = Some(fault);
                return Err(A::Error::custom("stopped"));
            }
        }
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
}

/// Text, or a number where a server writes identifiers so.
fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A multi-valued attribute: a list of objects, of texts, or one of either where a list was meant.
struct Parts(Vec<Part>);

/// A list of texts; whatever else stands there is none.
struct Texts(Vec<String>);

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Value::deserialize(deserializer)? {
            Value::Array(values) => values.into_iter().filter_map(text).collect(),
            other => text(other).into_iter().collect(),
        }))
    }
}

impl<'de> Deserialize<'de> for Parts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Parts;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a multi-valued attribute")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Parts, A::Error> {
                let mut parts = Vec::new();
                while let Some(Parts(mut more)) = list.next_element()? {
                    parts.append(&mut more);
                }
                Ok(Parts(parts))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Parts, A::Error> {
                let mut part = Part::default();
                while let Some(name) = map.next_key::<String>()? {
                    match &*name.to_ascii_lowercase() {
                        "value" => part.value = text(map.next_value()?),
                        "display" => part.display = text(map.next_value()?),
                        "type" => part.kind = text(map.next_value()?),
                        "primary" => part.primary = is_true(&map.next_value()?),
                        _ => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                Ok(Parts(vec![part]))
            }

            fn visit_str<E: Error>(self, value: &str) -> Result<Parts, E> {
                let value = Some(value.to_owned());
                Ok(Parts(vec![Part {
                    value,
                    ..Part::default()
                }]))
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<Parts, E> {
                self.visit_str(&value.to_string())
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<Parts, E> {
                self.visit_str(&value.to_string())
            }

            fn visit_f64<E: Error>(self, _: f64) -> Result<Parts, E> {
                Ok(Parts(Vec::new()))
            }

            fn visit_bool<E: Error>(self, _: bool) -> Result<Parts, E> {
                Ok(Parts(Vec::new()))
            }

            fn visit_unit<E: Error>(self) -> Result<Parts, E> {
                Ok(Parts(Vec::new()))
            }
        }

        deserializer.deserialize_any(Reader)
    }
}

/// Some servers write booleans as text.
fn is_true(value: &Value) -> bool {
    *value == Value::Bool(true)
        || value
            .as_str()
            .is_some_and(|text| text.eq_ignore_ascii_case("true"))
}
