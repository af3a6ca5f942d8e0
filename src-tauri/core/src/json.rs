//! Reading JSON that came from outside: bounded, and strict where JSON is ambiguous.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::Value;

/// The members of a JSON object in the order they came, each name once.
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
                let mut seen = std::collections::HashSet::new();
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if !seen.insert(name.clone()) {
                        return Err(A::Error::custom(format_args!("{TWICE}{name}")));
                    }
                    members.push((name, value));
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Reader)
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
