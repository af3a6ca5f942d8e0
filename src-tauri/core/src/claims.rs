//! What a provider says about a person: claim name to values, in the order of arrival.

use indexmap::IndexMap;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use specta::Type;

use crate::json::Members;

/// Claim name to its values. The same shape for an ID token, UserInfo and SAML attributes.
///
/// Text is kept byte for byte. Numbers and booleans are kept as JSON writes them, nested objects
/// as their JSON; `null` and the empty list are a claim that came without a value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Type)]
#[serde(transparent)]
pub struct Claims(IndexMap<String, Vec<String>>);

impl Claims {
    /// The values of this claim; none if it did not come.
    pub fn values(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether this claim came at all, with or without a value.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The first value of this claim.
    pub fn first(&self, name: &str) -> Option<&str> {
        self.values(name).first().map(String::as_str)
    }

    /// Claim names and values, in the order of arrival.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.0
            .iter()
            .map(|(name, values)| (name.as_str(), values.as_slice()))
    }

    /// The names of all claims, in the order of arrival.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Adds one value to a claim.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.entry(name.into()).or_default().push(value.into());
    }

    /// Adds a claim that came with these values, or with none.
    pub fn arrived(&mut self, name: impl Into<String>, values: impl IntoIterator<Item = String>) {
        self.0.entry(name.into()).or_default().extend(values);
    }

    /// Takes the claims of `other` that are not here yet; the names that were taken.
    pub fn fill_from(&mut self, other: Self) -> Vec<String> {
        let mut taken = Vec::new();
        for (name, values) in other.0 {
            if let indexmap::map::Entry::Vacant(free) = self.0.entry(name) {
                taken.push(free.key().clone());
                free.insert(values);
            }
        }
        taken
    }

    /// Takes a claim out.
    pub fn remove(&mut self, name: &str) {
        self.0.shift_remove(name);
    }

    /// Whether there is no claim at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&Members> for Claims {
    fn from(members: &Members) -> Self {
        Self(
            members
                .0
                .iter()
                .map(|(name, value)| (name.clone(), flattened(value)))
                .collect(),
        )
    }
}

/// Reads what `--claims FILE` holds: an object of texts, numbers, booleans and lists of them.
impl<'de> Deserialize<'de> for Claims {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Members::deserialize(deserializer).map(|members| Self::from(&members))
    }
}

fn flattened(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(values) => values.iter().flat_map(one).collect(),
        other => one(other).into_iter().collect(),
    }
}

fn one(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(json: &str) -> Claims {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_single_text_and_a_list_of_one_are_the_same_claim() {
        assert_eq!(claims(r#"{"g":"a"}"#), claims(r#"{"g":["a"]}"#));
    }

    #[test]
    fn order_and_bytes_of_values_are_kept() {
        let claims = claims(r#"{"g":["b","a","a"," c "]}"#);
        assert_eq!(claims.values("g"), ["b", "a", "a", " c "]);
    }

    #[test]
    fn a_claim_without_a_value_came_all_the_same() {
        for json in [r#"{"g":null}"#, r#"{"g":[]}"#] {
            assert!(claims(json).has("g"), "{json}");
            assert!(claims(json).values("g").is_empty(), "{json}");
        }
        assert!(!claims("{}").has("g"));
    }

    #[test]
    fn numbers_booleans_and_objects_are_kept_as_json_writes_them() {
        let claims = claims(r#"{"n":42,"t":true,"o":{"a":[1]}}"#);
        assert_eq!(claims.values("n"), ["42"]);
        assert_eq!(claims.values("t"), ["true"]);
        assert_eq!(claims.values("o"), [r#"{"a":[1]}"#]);
    }

    #[test]
    fn claims_that_are_there_are_never_replaced() {
        let mut first = claims(r#"{"email":"a"}"#);
        let taken = first.fill_from(claims(r#"{"email":"b","groups":["x"]}"#));
        assert_eq!(taken, ["groups"]);
        assert_eq!(first.values("email"), ["a"]);
    }
}
