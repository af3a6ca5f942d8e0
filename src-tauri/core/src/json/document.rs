//! One JSON document of a shape that is known: what does not fit is placed, and told in words.

use serde::de::DeserializeOwned;

use super::strict::Strict;
use crate::text::shown;

/// The longest path that is told, in characters: a file names its own keys.
const LONGEST_PATH: usize = 300;

/// Where a document does not fit, and why. None of its values is quoted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// The field, as `connection.issuer`; `the top` for the document itself.
    pub path: String,
    /// Line, counted from 1.
    pub line: usize,
    /// Column, counted from 1.
    pub column: usize,
    /// What is expected there.
    pub reason: String,
}

/// Reads one JSON document. A struct is read from an object alone, and a word of an enum from a text.
///
/// # Errors
/// [`Misfit`], with the first place that does not fit.
pub fn document<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Misfit> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let read = serde_path_to_error::deserialize(Strict(&mut json)).map_err(|error| {
        let path = named(&error.path().to_string());
        misfit(path, &error.into_inner())
    })?;
    json.end()
        .map_err(|error| misfit("the end".to_owned(), &error))?;
    Ok(read)
}

/// The path as people name it. A key that broke off before its end has no name (`?`): its object
/// is told.
fn named(path: &str) -> String {
    let path = path.trim_end_matches('?').trim_end_matches('.');
    if path.is_empty() {
        "the top".to_owned()
    } else {
        shown(path, LONGEST_PATH)
    }
}

impl Misfit {
    /// What the parser says, in words.
    pub fn of(error: &serde_json::Error) -> Self {
        misfit("the top".to_owned(), error)
    }
}

fn misfit(path: String, error: &serde_json::Error) -> Misfit {
    let text = error.to_string();
    let said = text
        .rsplit_once(" at line ")
        .map_or(text.as_str(), |(said, _)| said);
    Misfit {
        path,
        // Before the first character the parser counts from 0.
        line: error.line().max(1),
        column: error.column().max(1),
        reason: shown(&reason(said), 300),
    }
}

/// The parser's sentence in the words of whoever wrote the file, without the value that it quotes: a
/// secret may stand where it does not belong. Names of keys stay.
fn reason(said: &str) -> String {
    if let Some((rest, wanted)) = said.rsplit_once(", expected ") {
        let wanted = kind(wanted);
        if let Some(rest) = rest.strip_prefix("invalid type: ") {
            return format!("{wanted} is expected, not {}", found(rest));
        }
        let misfits = ["unknown variant", "invalid value", "invalid length"];
        if misfits.iter().any(|begin| rest.starts_with(begin)) {
            return format!("{wanted} is expected, and something else stands there");
        }
    }
    if let Some(rest) = said.strip_prefix("unknown field ") {
        let (name, keys) = rest.rsplit_once(", expected ").unwrap_or((rest, "none"));
        let keys = keys.strip_prefix("one of ").unwrap_or(keys);
        return format!("there is no key {name}; the keys are {keys}");
    }
    if let Some(name) = said.strip_prefix("missing field ") {
        return format!("the key {name} is missing");
    }
    if let Some(name) = said.strip_prefix("duplicate field ") {
        return format!("the key {name} stands twice; it is expected once");
    }
    of_json(said).to_owned()
}

/// What the parser expects, as a guide to the file's format calls it.
fn kind(expected: &str) -> &str {
    match expected {
        "a string" | "a borrowed string" => "text in double quotation marks",
        "a sequence" => "a list in [ ]",
        "a map" | "an object" => "an object in { }",
        "a boolean" => "true or false",
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number",
        other => other,
    }
}

/// What the parser found, by its kind alone.
fn found(rest: &str) -> &'static str {
    const KINDS: [(&str, &str); 7] = [
        ("string", "text"),
        ("sequence", "a list"),
        ("map", "an object"),
        ("boolean", "true or false"),
        ("integer", "a number"),
        ("floating", "a number"),
        ("number", "a number"),
    ];
    let known = KINDS.into_iter().find(|(begin, _)| rest.starts_with(begin));
    known.map_or("null", |(_, name)| name)
}

/// What breaks JSON itself (RFC 8259).
fn of_json(said: &str) -> &str {
    if said.starts_with("EOF while parsing") {
        return "the file ends in the middle of it, so a part is missing";
    }
    // jiff's words for a text that is no time.
    if said.starts_with("failed to parse") {
        return "a time as 2026-11-22T18:00:00Z is expected";
    }
    if said.starts_with("control character") {
        return "a line break or a tab stands inside a text, where JSON writes \\n or \\t";
    }
    match said {
        "expected value" | "expected ident" => {
            "what stands there is no value of JSON: text in double quotation marks, a number, true, \
             false, null, a list or an object"
        }
        "trailing comma" => "a comma stands before a closing bracket; remove it",
        "trailing characters" => "something stands behind the document, which is expected alone",
        "key must be a string" => "a key in double quotation marks is expected",
        "expected `:`" => "a colon is expected behind the key",
        "invalid escape" => {
            "a backslash stands before a character that takes none; a backslash itself is written \\\\"
        }
        "invalid number" => "the number is not written as JSON writes numbers",
        "number out of range" => "the number is larger than JSON is read with",
        "lone leading surrogate in hex escape"
        | "unexpected end of hex escape"
        | "invalid unicode code point" => {
            "the text holds half a character (\\ud800 to \\udfff); write the whole character"
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        name: String,
        #[serde(default)]
        inner: Option<Inner>,
        #[serde(default)]
        list: Vec<Inner>,
        #[serde(default)]
        word: Word,
        #[serde(default)]
        wrapped: Wrapped,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Inner {
        on: bool,
        count: u32,
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    struct Wrapped(Vec<String>);

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Word {
        #[default]
        Yes,
        No,
    }

    #[track_caller]
    fn check(json: &str, path: &str, says: &str) {
        let misfit = document::<Outer>(json.as_bytes()).expect_err(json);
        assert_eq!(misfit.path, path, "{json}: {misfit:?}");
        assert!(misfit.reason.contains(says), "{json}: {misfit:?}");
    }

    #[test]
    fn what_fits_is_read() {
        let json = r#"{"name": "x", "inner": {"on": true, "count": 1}, "list": [{"on": false, "count": 2}],
            "word": "no", "wrapped": ["a"]}"#;
        let read: Outer = document(json.as_bytes()).unwrap();
        assert_eq!(read.inner.as_ref().map(|inner| inner.count), Some(1));
        assert_eq!((read.list.len(), read.word), (1, Word::No));
        assert_eq!(read.wrapped, Wrapped(vec!["a".to_owned()]));
        let bare: Outer = document(br#"{"name": "x", "inner": null}"#).unwrap();
        assert_eq!(bare.inner, None);
    }

    #[test]
    fn a_list_of_the_values_is_no_object_at_any_depth() {
        let says = "an object in { } is expected, not a list";
        check(r#"["x"]"#, "the top", says);
        let misfit = document::<Outer>(b"[]").unwrap_err();
        assert_eq!((misfit.line, misfit.column), (1, 1));
        check(r#"{"name": "x", "inner": [true, 1]}"#, "inner", says);
        check(r#"{"name": "x", "list": [[true, 1]]}"#, "list[0]", says);
    }

    #[test]
    fn an_object_is_no_word() {
        check(
            r#"{"name": "x", "word": {"no": null}}"#,
            "word",
            "`yes` or `no` is expected, not an object",
        );
        check(
            r#"{"name": "x", "word": null}"#,
            "word",
            "`yes` or `no` is expected, not null",
        );
        check(
            r#"{"name": "x", "word": "perhaps"}"#,
            "word",
            "`yes` or `no` is expected",
        );
    }

    #[test]
    fn a_value_of_another_kind_is_named_with_what_is_expected() {
        for (value, found) in [
            ("null", "null"),
            ("5", "a number"),
            ("-5", "a number"),
            ("1.5", "a number"),
            ("true", "true or false"),
            ("[]", "a list"),
            ("{}", "an object"),
        ] {
            let says = format!("text in double quotation marks is expected, not {found}");
            check(&format!(r#"{{"name": {value}}}"#), "name", &says);
        }
        check(
            r#"{"name": "", "list": "x"}"#,
            "list",
            "a list in [ ] is expected, not text",
        );
        check(
            r#"{"name": "", "inner": {"on": 1}}"#,
            "inner.on",
            "true or false is expected, not a number",
        );
        check(
            r#"{"name": "", "inner": {"count": "1"}}"#,
            "inner.count",
            "a whole number is expected, not text",
        );
    }

    #[test]
    fn keys_are_named() {
        check(
            r#"{"nome": "x"}"#,
            "nome",
            "there is no key `nome`; the keys are `name`, `inner`",
        );
        check("{}", "the top", "the key `name` is missing");
        check(
            r#"{"name": "", "name": ""}"#,
            "the top",
            "the key `name` stands twice",
        );
    }

    #[test]
    fn what_is_no_json_is_told_without_the_parsers_words() {
        for (value, says) in [
            ("NaN", "no value of JSON"),
            ("nan", "no value of JSON"),
            ("'x'", "no value of JSON"),
            (r#""\ud800""#, "half a character"),
            (r#""\udc00\ud800""#, "half a character"),
            (r#""\ud800x""#, "half a character"),
            (r#""\x""#, "a backslash itself"),
            ("\"a\nb\"", "where JSON writes \\n"),
            ("01", "as JSON writes numbers"),
            ("\"x\", }", "remove it"),
            ("\"x", "a part is missing"),
        ] {
            let path = if value.contains('}') {
                "the top"
            } else {
                "name"
            };
            check(&format!(r#"{{"name": {value}}}"#), path, says);
        }
        check(
            r#"{"name": "x"} {}"#,
            "the end",
            "stands behind the document",
        );
    }
}
