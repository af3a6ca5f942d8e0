//! Reading JSON that came from outside: bounded, and strict where JSON is ambiguous.

mod document;
mod strict;

use std::collections::HashSet;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

pub use document::{Misfit, document};

/// The members of a JSON object in the order they came, each name once, at every depth.
///
/// RFC 7519, section 4, lets a reader refuse an object that names a member twice; two readers that
/// each pick one of the two values are how a token means different things to different people.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Members(pub Vec<(String, Value)>);

impl Members {
    /// The value of this member.
    pub fn find(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v)
    }

    /// The value of this member, if it is text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.find(name).and_then(Value::as_str)
    }
}

/// Why an object could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// A member stands twice.
    #[error("the member {0} stands twice")]
    Twice(String),
    /// Not a JSON object.
    #[error("not a JSON object")]
    NotAnObject,
}

/// The members of the JSON object in `bytes`.
///
/// # Errors
/// [`Unreadable`], when the bytes are no JSON object, or one that names a member twice.
pub fn members(bytes: &[u8]) -> Result<Members, Unreadable> {
    serde_json::from_slice::<Members>(bytes).map_err(|error| {
        // serde_json adds the position behind the message that the visitor gave.
        let text = error.to_string();
        match text.strip_prefix(TWICE) {
            Some(rest) => Unreadable::Twice(
                rest.rsplit_once(" at line ")
                    .map_or(rest, |(name, _)| name)
                    .to_owned(),
            ),
            None => Unreadable::NotAnObject,
        }
    })
}

const TWICE: &str = "twice: ";

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Members;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut seen = HashSet::new();
                let mut members = Vec::new();
                while let Some((name, Once(value))) = map.next_entry::<String, Once>()? {
                    if !seen.insert(name.clone()) {
                        return Err(twice(&name));
                    }
                    members.push((name, value));
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Reader)
    }
}

fn twice<E: Error>(name: &str) -> E {
    E::custom(format_args!("{TWICE}{name}"))
}

/// A JSON value whose objects name each member once.
struct Once(Value);

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Once;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a JSON value")
            }

            fn visit_unit<E>(self) -> Result<Once, E> {
                Ok(Once(Value::Null))
            }

            fn visit_bool<E>(self, value: bool) -> Result<Once, E> {
                Ok(Once(value.into()))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Once, E> {
                Ok(Once(value.into()))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Once, E> {
                Ok(Once(value.into()))
            }

            fn visit_f64<E: Error>(self, value: f64) -> Result<Once, E> {
                Number::from_f64(value)
                    .map(|number| Once(Value::Number(number)))
                    .ok_or_else(|| E::custom("not a number"))
            }

            fn visit_str<E>(self, value: &str) -> Result<Once, E> {
                Ok(Once(value.into()))
            }

            fn visit_string<E>(self, value: String) -> Result<Once, E> {
                Ok(Once(value.into()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Once, A::Error> {
                let mut values = Vec::new();
                while let Some(Once(value)) = seq.next_element()? {
                    values.push(value);
                }
                Ok(Once(Value::Array(values)))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Once, A::Error> {
                let mut members = Map::new();
                while let Some((name, Once(value))) = map.next_entry::<String, Once>()? {
                    if members.contains_key(&name) {
                        return Err(twice(&name));
                    }
                    members.insert(name, value);
                }
                Ok(Once(Value::Object(members)))
            }
        }

        deserializer.deserialize_any(Reader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_their_order() {
        let read = members(br#"{"b":1,"a":"x"}"#).unwrap();
        assert_eq!(
            read.0.iter().map(|(n, _)| n.as_str()).collect::<Vec<_>>(),
            ["b", "a"]
        );
        assert_eq!(read.text("a"), Some("x"));
    }

    #[test]
    fn a_member_that_stands_twice_is_refused_by_name() {
        assert_eq!(
            members(br#"{"email":"a","email":"b"}"#),
            Err(Unreadable::Twice("email".into()))
        );
    }

    #[test]
    fn so_is_one_that_stands_twice_further_in_or_is_spelt_with_an_escape() {
        for (json, name) in [
            (r#"{"a":{"b":1,"b":1}}"#, "b"),
            (r#"{"a":[[{"b":1,"c":2,"b":3}]]}"#, "b"),
            (r#"{"email":"a","\u0065mail":"b"}"#, "email"),
            (r#"{" at line ":1," at line ":1}"#, " at line "),
            (r#"{"":1,"":1}"#, ""),
        ] {
            let read = members(json.as_bytes());
            assert_eq!(read, Err(Unreadable::Twice(name.into())), "{json}");
        }
        assert!(members(br#"{"a":{"b":1},"c":{"b":1}}"#).is_ok());
    }

    #[test]
    fn values_are_read_as_serde_json_reads_them() {
        let json = r#"{"n":null,"t":true,"i":-7,"u":18446744073709551615,"f":1.5e3,"s":"\u00e9","l":[1,["x"],{}],"o":{"z":1,"a":{"b":[]}}}"#;
        let read = members(json.as_bytes()).unwrap();
        let whole: Map<String, Value> = read.0.into_iter().collect();
        assert_eq!(
            Value::Object(whole),
            serde_json::from_str::<Value>(json).unwrap()
        );
    }

    #[test]
    fn whatever_is_no_object_is_refused() {
        for bytes in [&b"[]"[..], b"\"x\"", b"", b"{", b"{}x", b"\xff", b"null"] {
            assert_eq!(members(bytes), Err(Unreadable::NotAnObject), "{bytes:?}");
        }
    }

    #[test]
    fn nesting_without_end_is_refused_and_not_followed() {
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(members(deep.as_bytes()), Err(Unreadable::NotAnObject));
    }
}
