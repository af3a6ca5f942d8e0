//! Values that are taken out of a text because of the name before them, and blocks that are secret as a
//! whole: JSON, headers, queries, tags, PEM, in whatever mixture people paste.

use super::redaction::MASK;

/// Names whose values are secret wherever they stand.
const SECRET: [&str; 27] = [
    "password",
    "passwd",
    "passcode",
    "passphrase",
    "pwd",
    "pin",
    "otp",
    "secret",
    "client_secret",
    "code",
    "code_verifier",
    "state",
    "token",
    "id_token",
    "access_token",
    "refresh_token",
    "device_code",
    "assertion",
    "client_assertion",
    "samlresponse",
    "samlrequest",
    "relaystate",
    "signature",
    "session",
    "nonce",
    "key",
    "api_key",
];

/// Headers whose whole line is.
const LINES: [&str; 4] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
];

/// Names whose values say who somebody is, where they are quoted.
const PERSONAL: [&str; 22] = [
    "name",
    "given_name",
    "family_name",
    "first_name",
    "last_name",
    "firstname",
    "lastname",
    "displayname",
    "display_name",
    "nickname",
    "preferred_username",
    "username",
    "user",
    "login",
    "upn",
    "unique_name",
    "email",
    "mail",
    "phone",
    "phone_number",
    "sub",
    "oid",
];

/// The text without PEM blocks, without what stands in the elements of a SAML message, and without the
/// values of secret and personal names.
pub(super) fn without_values(text: &str) -> String {
    let text = without_pem(text);
    let text = if text.contains("Assertion") || text.contains("AttributeValue") {
        without_content(&text)
    } else {
        text
    };
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(found) = next(rest) {
        out.push_str(&rest[..found.start]);
        out.push_str(MASK);
        rest = &rest[found.end..];
    }
    out.push_str(rest);
    out
}

/// Where the first value stands that is to be taken out.
fn next(text: &str) -> Option<std::ops::Range<usize>> {
    let marks = text.match_indices([':', '=']);
    marks
        .map(|(at, mark)| (at, at + mark.len()))
        .find_map(|(at, behind)| {
            let before = text[..at].trim_end_matches([' ', '"', '\'', '\\']);
            let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            let name = &before[before.trim_end_matches(is_name).len()..];
            let kind = Kind::of(name)?;
            value(&text[behind..], kind).map(|range| behind + range.start..behind + range.end)
        })
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Secret,
    /// An authorization's, or an error's.
    Code,
    Line,
    Personal,
}

impl Kind {
    fn of(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let is_in = |names: &[&str]| names.contains(&name.as_str());
        if name == "code" {
            Some(Self::Code)
        } else if is_in(&LINES) {
            Some(Self::Line)
        } else if is_in(&SECRET) || name.ends_with("secret") || name.ends_with("password") {
            Some(Self::Secret)
        } else {
            is_in(&PERSONAL).then_some(Self::Personal)
        }
    }
}

/// Where the value is, in what comes behind `:` or `=`; none where it stays.
fn value(text: &str, kind: Kind) -> Option<std::ops::Range<usize>> {
    let start = text.len() - text.trim_start_matches([' ', '\t']).len();
    let rest = &text[start..];
    let (quote, inner) = quoted(rest);
    let (from, to) = match quote {
        "" if kind == Kind::Personal => return None,
        "" if kind == Kind::Line => (start, start + rest.find(['\n', '\r']).unwrap_or(rest.len())),
        "" => {
            let end = |c: char| c.is_whitespace() || ",;&\"'}<>)".contains(c);
            (start, start + rest.find(end).unwrap_or(rest.len()))
        }
        quote => {
            let from = start + quote.len();
            (from, from + closing(inner, quote))
        }
    };
    let value = &text[from..to];
    let is_error = kind == Kind::Code && is_error_code(value);
    let masked = value.starts_with(MASK);
    (!value.trim().is_empty() && !is_error && !masked).then_some(from..to)
}

/// The quote before a value, and what comes behind it.
fn quoted(text: &str) -> (&str, &str) {
    let quotes = ["\\\"", "\"", "'"];
    let quote = quotes.into_iter().find(|quote| text.starts_with(quote));
    quote.map_or(("", text), |quote| text.split_at(quote.len()))
}

fn closing(inner: &str, quote: &str) -> usize {
    let mut ends = inner.match_indices(quote);
    let is_end = |at: usize| quote != "\"" || !inner[..at].ends_with('\\');
    ends.find(|(at, _)| is_end(*at))
        .map_or(inner.len(), |(at, _)| at)
}

/// `AADSTS50105`, `404`, `access_denied`: what support needs, and no authorization code is.
fn is_error_code(value: &str) -> bool {
    let value = value.trim();
    let digits = value
        .strip_prefix("AADSTS")
        .unwrap_or(value)
        .trim_end_matches(['.', ':']);
    let number =
        !digits.is_empty() && digits.len() <= 9 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let words = value.len() <= 40
        && value
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    number || (words && value.contains('_'))
}

/// Keys and certificates are base64 in lines, the last of which may look like a word.
fn without_pem(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("-----BEGIN ") {
        out.push_str(&rest[..start]);
        out.push_str(MASK);
        let block = &rest[start..];
        let end = block.find("-----END ").map_or(block.len(), |end| {
            let last = &block[end + 9..];
            end + 9 + last.find("-----").map_or(last.len(), |dashes| dashes + 5)
        });
        rest = &block[end..];
    }
    out.push_str(rest);
    out
}

/// What stands between tags. Their attributes stay: a status code is one.
fn without_content(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(end) = rest.find('>') {
        out.push_str(&rest[..=end]);
        rest = &rest[end + 1..];
        let Some(next) = rest.find('<') else { break };
        match rest[..next].trim() {
            "" => out.push_str(&rest[..next]),
            _ => out.push_str(MASK),
        }
        rest = &rest[next..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_goes_with_its_name_before_it_however_it_is_written() {
        for (text, says) in [
            (
                r#"{"error":"invalid_grant","password":"hunter2"}"#,
                r#"{"error":"invalid_grant","password":"•••"}"#,
            ),
            (
                r#"{"client_secret": "two words", "x": 1}"#,
                r#"{"client_secret": "•••", "x": 1}"#,
            ),
            (r#"{\"otp\":\"123456\"}"#, r#"{\"otp\":\"•••\"}"#),
            ("password=hunter2&x=1", "password=•••&x=1"),
            ("Password: hunter2, then Enter", "Password: •••, then Enter"),
            ("new_password = 'x y'", "new_password = '•••'"),
            ("Cookie: a=b; c=d\nDate: x", "Cookie: •••\nDate: x"),
            ("authorization: Basic b2xpdmlh", "authorization: •••"),
            (
                r#"{"name":"Olivia Owner","sub":"00u1"}"#,
                r#"{"name":"•••","sub":"•••"}"#,
            ),
            (r#""secret":"a\"b""#, r#""secret":"•••""#),
            ("code=abc", "code=•••"),
            ("token:\nx", "token:\nx"),
        ] {
            assert_eq!(without_values(text), says);
        }
    }

    #[test]
    fn what_support_needs_stays() {
        for text in [
            "Error code: AADSTS50105",
            "code: 404.",
            "\"code\":\"access_denied\"",
            "https://a.example/?x=1",
            "Application name: Torq",
            "at 18:00:00",
            "the password was changed",
        ] {
            assert_eq!(without_values(text), text);
        }
    }

    #[test]
    fn keys_and_what_is_in_the_elements_of_a_message_go_as_a_whole() {
        let pem =
            "see -----BEGIN PRIVATE KEY-----\nMIIEvQ\nab12==\n-----END PRIVATE KEY----- there";
        assert_eq!(without_values(pem), "see ••• there");
        assert_eq!(without_values("-----BEGIN CERTIFICATE-----\nMIIEvQ"), "•••");
        let saml = r#"<StatusCode Value="urn:x:Responder"/><Assertion><AttributeValue>Olivia Owner</AttributeValue> </Assertion>"#;
        let says = r#"<StatusCode Value="urn:x:Responder"/><Assertion><AttributeValue>•••</AttributeValue> </Assertion>"#;
        assert_eq!(without_values(saml), says);
    }
}
