//! From what was captured to the XML of the answer.
//!
//! The form field carries base64 (SAML 2.0 Bindings, section 3.5.4). What people capture is that, or
//! the XML in it, or what stands around it: the whole body of the form, percent-encoded or not, the
//! page that holds the form, the field as developer tools print it.

use std::borrow::Cow;
use std::io::Read;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use flate2::read::DeflateDecoder;
use zeroize::Zeroizing;

use super::{LARGEST, LARGEST_CAPTURED};
use crate::fault::Fault;

/// As lenient as people's tools are: with padding or without, with bits left over.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The XML of the captured answer, not parsed yet. It may still be in another encoding than UTF-8.
pub(super) fn xml(captured: &[u8]) -> Result<Zeroizing<Vec<u8>>, Fault> {
    if captured.len() > LARGEST_CAPTURED {
        return Err(too_large());
    }
    if is_markup(captured) && !is_page(captured) {
        return bounded(from_declaration(captured).to_vec());
    }
    let Ok(text) = std::str::from_utf8(captured) else {
        return Err(Fault::SamlAnswerUnreadable {});
    };
    let text = text.trim_start_matches('\u{FEFF}').trim();
    if text.is_empty() {
        return Err(Fault::SamlAnswerEmpty {});
    }
    let field = field(text)?;
    if is_token(&field) {
        return Err(Fault::SamlAnswerIsToken {});
    }
    let bytes = Zeroizing::new(decoded(&field).ok_or(Fault::SamlAnswerUnreadable {})?);
    if bytes.is_empty() {
        return Err(Fault::SamlAnswerEmpty {});
    }
    if is_page(&bytes) {
        return Err(Fault::SamlAnswerIsPage {});
    }
    if is_markup(&bytes) {
        return bounded(bytes.to_vec());
    }
    inflated(&bytes)
}

/// The value of the form's field, in whatever it was captured; else the text itself.
fn field(text: &str) -> Result<Cow<'_, str>, Fault> {
    if is_page(text.as_bytes()) {
        return in_page(text)
            .map(Cow::Owned)
            .ok_or(Fault::SamlAnswerIsPage {});
    }
    let value = match after(text, "SAMLResponse") {
        Some(value) => value,
        None if after(text, "SAMLRequest").is_some() => {
            return Err(Fault::SamlAnswerIsRequest {});
        }
        None if after(text, "SAMLart").is_some() => return Err(Fault::SamlAnswerIsArtifact {}),
        None => text,
    };
    Ok(percent_decoded(value))
}

/// What stands behind `name=`, `name: ` or `"name": "`, up to the next field.
fn after<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(name)?;
    let rest = rest.trim_start_matches(['"', '\'', ' ', '\t']);
    let rest = rest.strip_prefix(['=', ':'])?;
    let rest = rest.trim_start_matches(['"', '\'', ' ', '\t', '\r', '\n']);
    let end = rest.find(['&', '"', '\'', ',', ';', '}']);
    Some(&rest[..end.unwrap_or(rest.len())])
}

/// The field's value in a page that posts itself (SAML 2.0 Bindings, section 3.5.4).
fn in_page(page: &str) -> Option<String> {
    let tag = page.split('<').find(|tag| {
        let mut words = tag.split(|c: char| c.is_ascii_whitespace() || c == '>');
        words.any(|word| {
            word.strip_prefix("name=")
                .is_some_and(|name| name.trim_matches(['"', '\'', '/']) == "SAMLResponse")
        })
    })?;
    let (_, value) = tag.split_once("value=")?;
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (value, _) = value[1..].split_once(quote)?;
    // What base64 has that a page may write as a character reference.
    let mut value = value.to_owned();
    for (written, character) in [
        ("&#x2b;", "+"),
        ("&#x2B;", "+"),
        ("&#43;", "+"),
        ("&plus;", "+"),
        ("&#x2f;", "/"),
        ("&#x2F;", "/"),
        ("&#47;", "/"),
        ("&sol;", "/"),
        ("&#x3d;", "="),
        ("&#x3D;", "="),
        ("&#61;", "="),
        ("&equals;", "="),
        ("&#xa;", "\n"),
        ("&#xA;", "\n"),
        ("&#10;", "\n"),
        ("&#xd;", "\r"),
        ("&#xD;", "\r"),
        ("&#13;", "\r"),
    ] {
        if value.contains('&') {
            value = value.replace(written, character);
        }
    }
    Some(value)
}

/// RFC 3986, section 2.1. A plus stays one: base64 has it, and nobody writes spaces into base64.
fn percent_decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while let Some(byte) = bytes.get(index) {
        let encoded = (*byte == b'%')
            .then(|| text.get(index + 1..index + 3))
            .flatten()
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match encoded {
            Some(decoded) => {
                out.push(decoded);
                index += 3;
            }
            None => {
                out.push(*byte);
                index += 1;
            }
        }
    }
    String::from_utf8(out).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// Base64 in either alphabet of RFC 4648, with white space anywhere.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let plain: Zeroizing<Vec<u8>> = Zeroizing::new(
        text.bytes()
            .filter(|byte| !byte.is_ascii_whitespace())
            .map(|byte| match byte {
                b'-' => b'+',
                b'_' => b'/',
                other => other,
            })
            .collect(),
    );
    BASE64.decode(plain.as_slice()).ok()
}

/// The HTTP-Redirect binding deflates before base64 (SAML 2.0 Bindings, section 3.4.4.1).
fn inflated(bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, Fault> {
    let mut out = Zeroizing::new(Vec::new());
    let read = DeflateDecoder::new(bytes)
        .take(LARGEST as u64 + 1)
        .read_to_end(&mut out);
    if out.len() > LARGEST {
        return Err(too_large());
    }
    if read.is_ok() && is_markup(&out) {
        return Ok(out);
    }
    Err(Fault::SamlAnswerUnreadable {})
}

/// Whether this begins as XML does, in UTF-8 or UTF-16: the parser says what is wrong with the rest.
fn is_markup(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return true;
    }
    let start = bytes.trim_ascii_start();
    start.starts_with(b"<") || start.starts_with(b"\0<")
}

/// Without the space that a paste has before the declaration, where XML 1.0 has none (section 2.8).
fn from_declaration(captured: &[u8]) -> &[u8] {
    let start = captured.trim_ascii_start();
    if start.starts_with(b"<?xml") {
        start
    } else {
        captured
    }
}

fn is_page(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let start = bytes.trim_ascii_start();
    [
        &b"<!doctype html"[..],
        b"<html",
        b"<head",
        b"<body",
        b"<form",
        b"<input",
        b"<script",
    ]
    .iter()
    .any(|tag| start.len() >= tag.len() && start[..tag.len()].eq_ignore_ascii_case(tag))
}

/// Whether this is a JSON Web Token: the other protocol's answer.
fn is_token(text: &str) -> bool {
    text.starts_with("eyJ") && text.split('.').count() >= 3
}

fn bounded(xml: Vec<u8>) -> Result<Zeroizing<Vec<u8>>, Fault> {
    let xml = Zeroizing::new(xml);
    if xml.len() > LARGEST {
        return Err(too_large());
    }
    Ok(xml)
}

fn too_large() -> Fault {
    Fault::SamlAnswerTooLarge { limit: LARGEST }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use base64::engine::general_purpose::STANDARD;
    use flate2::Compression;
    use flate2::write::DeflateEncoder;

    use super::*;

    const XML: &str = "<samlp:Response>~~~???>>></samlp:Response>";

    #[track_caller]
    fn read(captured: &str) -> String {
        let bytes =
            xml(captured.as_bytes()).unwrap_or_else(|fault| panic!("{captured}: {fault:?}"));
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    fn refused(captured: &[u8]) -> String {
        xml(captured).unwrap_err().code()
    }

    fn percent(text: &str) -> String {
        text.bytes()
            .map(|byte| match byte {
                b'+' | b'/' | b'=' | b'\n' => format!("%{byte:02X}"),
                byte => char::from(byte).to_string(),
            })
            .collect()
    }

    #[test]
    fn the_answer_is_found_in_whatever_it_was_captured() {
        let encoded = STANDARD.encode(XML);
        assert!(encoded.contains('+') || encoded.contains('/'));
        let lines = format!("{}\r\n{}\n", &encoded[..20], &encoded[20..]);
        let url_safe = encoded.replace('+', "-").replace('/', "_");
        for captured in [
            XML.to_owned(),
            format!("\u{FEFF}\n {XML}"),
            format!("\n\n<?xml version=\"1.0\"?>{XML}"),
            encoded.clone(),
            lines.clone(),
            encoded.trim_end_matches('=').to_owned(),
            url_safe,
            percent(&encoded),
            format!("SAMLResponse={encoded}"),
            format!("SAMLResponse={}&RelayState=x%3D", percent(&encoded)),
            format!("RelayState=abc&SAMLResponse={}", percent(&lines)),
            format!("SAMLResponse: {encoded}"),
            format!("{{\"SAMLResponse\": \"{encoded}\"}}"),
            format!(
                "<html><body><form method=\"post\"><input type=\"hidden\" name=\"SAMLResponse\" value=\"{encoded}\"/></form>"
            ),
            format!(
                "<!DOCTYPE HTML><form><input value='{}' name='SAMLResponse'>",
                encoded.replace('+', "&#x2b;").replace('=', "&#61;")
            ),
        ] {
            assert_eq!(
                read(&captured)
                    .trim_start_matches("<?xml version=\"1.0\"?>")
                    .trim_start_matches(['\u{FEFF}', '\n', ' ']),
                XML,
                "{captured}"
            );
        }
    }

    #[test]
    fn an_answer_of_the_redirect_binding_is_inflated() {
        let mut deflate = DeflateEncoder::new(Vec::new(), Compression::best());
        deflate.write_all(XML.as_bytes()).unwrap();
        assert_eq!(read(&STANDARD.encode(deflate.finish().unwrap())), XML);
    }

    #[test]
    fn a_percent_sign_stands_before_two_digits_or_for_itself() {
        assert_eq!(percent_decoded("%2B%2b"), "++");
        for text in ["%+F", "%-1", "%", "%2", "%é"] {
            assert_eq!(percent_decoded(text), text);
        }
    }

    #[test]
    fn what_is_no_answer_is_named() {
        let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln";
        for (captured, code) in [
            ("", "saml_answer_empty"),
            (" \r\n", "saml_answer_empty"),
            ("SAMLResponse=", "saml_answer_empty"),
            ("no base64, no XML", "saml_answer_unreadable"),
            ("aGVsbG8gd29ybGQ=", "saml_answer_unreadable"),
            ("AAAA", "saml_answer_unreadable"),
            (token, "saml_answer_is_token"),
            ("<!DOCTYPE html><p>Sign in</p>", "saml_answer_is_page"),
            ("<HTML><body>404</body></HTML>", "saml_answer_is_page"),
            ("SAMLRequest=fZJ&RelayState=x", "saml_answer_is_request"),
            ("SAMLart=AAQAAM", "saml_answer_is_artifact"),
        ] {
            assert_eq!(refused(captured.as_bytes()), code, "{captured:?}");
        }
        let page = STANDARD.encode("<!doctype HTML><p>x</p>");
        assert_eq!(refused(page.as_bytes()), "saml_answer_is_page");
        assert_eq!(refused(b"\xff\xf0\x01"), "saml_answer_unreadable");
    }

    #[test]
    fn nothing_grows_beyond_the_limit() {
        let large = format!("<a>{}</a>", "x".repeat(LARGEST));
        assert_eq!(refused(large.as_bytes()), "saml_answer_too_large");
        assert_eq!(
            refused(STANDARD.encode(&large).as_bytes()),
            "saml_answer_too_large"
        );
        assert_eq!(
            refused(&vec![b'A'; LARGEST_CAPTURED + 1]),
            "saml_answer_too_large"
        );
        let mut deflate = DeflateEncoder::new(Vec::new(), Compression::best());
        deflate.write_all(&vec![b'<'; 64 * 1024 * 1024]).unwrap();
        let bomb = STANDARD.encode(deflate.finish().unwrap());
        assert!(bomb.len() < LARGEST);
        assert_eq!(refused(bomb.as_bytes()), "saml_answer_too_large");
    }
}
