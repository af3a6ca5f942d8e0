//! Answers that come encrypted: opened with the workspace's key, and judged like all others.

use latchkey_core::Stage::{Identified, Signed};
use latchkey_core::saml::key_pair::KeyPair;
use latchkey_core::saml::response::{Covered, Expected};
use latchkey_core::{SamlConnection, Stage};

use super::message::*;
use super::sealing::{Sealing, WORKSPACE, other_workspace, workspace};
use crate::signed::*;

fn with_key<'a>(connection: &'a SamlConnection, key: &'a KeyPair) -> Expected<'a> {
    Expected {
        key: Some(key),
        ..expected(connection)
    }
}

/// Accepted with the workspace's key: what was signed, and the remarks.
#[track_caller]
fn opens(message: &str) -> (Covered, Vec<String>) {
    let (connection, key) = (connection(), workspace());
    let (assertion, verdict) = judged_by(message.as_bytes(), &with_key(&connection, key), &rules());
    assert!(verdict.passed(), "{:#?}", verdict.stages);
    assert_eq!(verdict.subject.as_deref(), Some(OWNER));
    assert_eq!(verdict.claims.values("groups"), ["Everyone", "SecOps"]);
    (assertion.unwrap().covered(), remarks(&verdict))
}

#[track_caller]
fn stays_shut(message: &str, stage: Stage, code: &str) {
    let (connection, key) = (connection(), workspace());
    refused_by(message, &with_key(&connection, key), stage, code);
}

/// The assertion of this message, and the message around it.
fn parts(message: &str) -> (&str, &str, &str) {
    let start = message.find("<saml:Assertion").unwrap();
    let end = message.find("</saml:Assertion>").unwrap() + "</saml:Assertion>".len();
    (&message[..start], &message[start..end], &message[end..])
}

/// The message with its assertion encrypted.
fn sealed_by(sealing: &Sealing, message: &str) -> String {
    let (before, assertion, after) = parts(message);
    format!(
        "{before}{}{after}",
        sealing.element("EncryptedAssertion", assertion)
    )
}

fn sealed(message: &str) -> String {
    sealed_by(&Sealing::default(), message)
}

#[test]
fn what_libxmlsec1_encrypted_is_opened() {
    macro_rules! case {
        ($name:literal) => {
            include_str!(concat!("../../cases/encrypted/", $name, ".xml"))
        };
    }
    for message in [
        case!("aes128-gcm"),
        case!("aes192-gcm"),
        case!("aes256-gcm"),
    ] {
        assert_eq!(opens(message), (Covered::Assertion, vec![]));
    }
    for message in [
        case!("aes128-cbc"),
        case!("aes192-cbc"),
        case!("aes256-cbc"),
    ] {
        let remarks = vec!["encryption_unprotected".to_owned()];
        assert_eq!(opens(message), (Covered::Assertion, remarks));
    }
    let message = case!("aes128-cbc-response-signed");
    assert_eq!(opens(message), (Covered::Both, vec![]));
}

#[test]
fn every_cipher_opens_with_every_hash_of_the_key_transport() {
    for (bits, mode) in [
        (128, "cbc"),
        (192, "cbc"),
        (256, "cbc"),
        (128, "gcm"),
        (192, "gcm"),
        (256, "gcm"),
    ] {
        for (digest, mask) in [
            (None, None),
            (Some("http://www.w3.org/2000/09/xmldsig#sha1"), None),
            (Some("http://www.w3.org/2001/04/xmlenc#sha256"), None),
            (
                Some("http://www.w3.org/2001/04/xmlenc#sha256"),
                Some("mgf1sha256"),
            ),
            (None, Some("mgf1sha1")),
            (
                Some("http://www.w3.org/2001/04/xmldsig-more#sha384"),
                Some("mgf1sha384"),
            ),
            (
                Some("http://www.w3.org/2001/04/xmlenc#sha512"),
                Some("mgf1sha512"),
            ),
        ] {
            let sealing = Sealing {
                bits,
                mode,
                digest,
                mask,
                ..Sealing::default()
            };
            opens(&sealed_by(&sealing, &signed(ANSWER)));
        }
    }
}

#[test]
fn whichever_part_was_signed_before_or_after_the_encryption() {
    let inner = signed(ANSWER);
    assert_eq!(opens(&sealed(&inner)).0, Covered::Assertion);
    assert_eq!(
        opens(&response_signed(&sealed(ANSWER))).0,
        Covered::Response
    );
    assert_eq!(opens(&response_signed(&sealed(&inner))).0, Covered::Both);
    // Whoever signs the Response in the clear and encrypts then, breaks the signature.
    stays_shut(
        &sealed(&response_signed(ANSWER)),
        Signed,
        "signed_content_changed",
    );
    stays_shut(&sealed(ANSWER), Signed, "saml_unsigned");
    let other = Signing::by(OTHER, RSA_SHA256);
    stays_shut(
        &sealed(&other.sign(ANSWER, "a")),
        Signed,
        "saml_signature_unknown",
    );
    stays_shut(
        &response_signed(&sealed(&other.sign(ANSWER, "a"))),
        Signed,
        "saml_signature_unknown",
    );
    stays_shut(
        &other.sign(&sealed(&inner), "r"),
        Signed,
        "saml_signature_unknown",
    );
}

#[test]
fn keys_may_stand_beside_the_data_and_be_several() {
    let message = signed(ANSWER);
    for sealing in [
        Sealing {
            beside: true,
            ..Sealing::default()
        },
        Sealing {
            also_for_other: true,
            ..Sealing::default()
        },
        Sealing {
            beside: true,
            also_for_other: true,
            ..Sealing::default()
        },
    ] {
        opens(&sealed_by(&sealing, &message));
    }
}

#[test]
fn the_plain_text_may_lean_on_namespaces_around_it() {
    // As written above: `saml:` is declared by the Response alone. By itself, with a declaration:
    let message = signed(ANSWER);
    let (before, assertion, after) = parts(&message);
    let alone = assertion.replacen(
        "<saml:Assertion",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"",
        1,
    );
    let sealing = Sealing::default();
    let element = |plain: &str| sealing.element("EncryptedAssertion", plain);
    opens(&format!("{before}{}{after}", element(&alone)));
    // With the default namespace, of which the Response says something else.
    let plain = ANSWER.replace("samlp:", "").replace("xmlns:samlp", "xmlns");
    opens(&sealed(&signed(&plain)));
    opens(&response_signed(&sealed(&signed(&plain))));
}

#[test]
fn without_the_right_key_it_stays_shut() {
    let (connection, other) = (connection(), other_workspace());
    let message = sealed(&signed(ANSWER));
    refused(&message, Signed, "encrypted_without_key");
    refused_by(
        &message,
        &with_key(&connection, other),
        Signed,
        "encrypted_for_other",
    );
    // A signature of the Response is verified before anything is opened.
    let forged = response_signed(&message)
        .replace("olivia", "mallory")
        .replace("17:59:58", "17:59:59");
    refused(&forged, Signed, "signed_content_changed");
}

#[test]
fn whatever_is_damaged_stays_shut() {
    let message = sealed(&signed(ANSWER));
    let values: Vec<_> = message
        .match_indices("CipherValue>")
        .map(|(at, name)| at + name.len())
        .collect();
    // Each of the two values, in its middle.
    for at in [values[0] + 40, values[2] + 40] {
        let old = &message[at..=at];
        let new = if old == "A" { "B" } else { "A" };
        let damaged = format!("{}{new}{}", &message[..at], &message[at + 1..]);
        stays_shut(&damaged, Signed, "encrypted_for_other");
    }
    for (from, to, code) in [
        (
            "xmlenc11#aes256-gcm",
            "xmlenc11#aes128-gcm",
            "encrypted_for_other",
        ),
        (
            "xmlenc#rsa-oaep-mgf1p",
            "xmlenc#rsa-1_5",
            "encryption_not_accepted",
        ),
        (
            "xmlenc#rsa-oaep-mgf1p",
            "xmlenc#kw-aes128",
            "encryption_not_accepted",
        ),
        (
            "http://www.w3.org/2009/xmlenc11#aes256-gcm",
            "http://www.w3.org/2001/04/xmlenc#tripledes-cbc",
            "encryption_not_accepted",
        ),
        (
            "http://www.w3.org/2009/xmlenc11#aes256-gcm",
            "none",
            "encryption_not_accepted",
        ),
    ] {
        stays_shut(&swapped(&message, from, to), Signed, code);
    }
    for (open, close) in [
        ("<xenc:CipherValue>", "</xenc:CipherValue>"),
        ("<xenc:EncryptedKey", "</xenc:EncryptedKey>"),
        ("<xenc:EncryptedData", "</xenc:EncryptedData>"),
    ] {
        let start = message.find(open).unwrap();
        let end = message[start..].find(close).unwrap() + start + close.len();
        let without = format!("{}{}", &message[..start], &message[end..]);
        stays_shut(&without, Signed, "encryption_malformed");
    }
    let noise = swapped(&message, "<xenc:CipherValue>", "<xenc:CipherValue>~");
    stays_shut(&noise, Signed, "encryption_malformed");
}

#[test]
fn only_an_assertion_comes_out_of_an_encrypted_assertion() {
    let message = signed(ANSWER);
    let (before, assertion, after) = parts(&message);
    let sealing = Sealing::default();
    for plain in [
        String::new(),
        "olivia".to_owned(),
        "<saml:Assertion".to_owned(),
        format!("{assertion}{assertion}"),
        format!("<x>{assertion}</x>"),
        format!("<!DOCTYPE x>{assertion}"),
        format!("</saml:EncryptedAssertion>{assertion}<saml:EncryptedAssertion>"),
        assertion.replace("saml:Assertion", "saml:Advice"),
        "\0\0\0\0".to_owned(),
    ] {
        let sealed = sealing.element("EncryptedAssertion", &plain);
        stays_shut(
            &format!("{before}{sealed}{after}"),
            Signed,
            "decrypted_malformed",
        );
    }
    // What is inside is held against wrapping like what is outside.
    let wrapped = assertion.replace(
        "</saml:Conditions>",
        "</saml:Conditions><saml:Advice><saml:Assertion ID=\"b\"/></saml:Advice>",
    );
    let sealed = sealing.element("EncryptedAssertion", &wrapped);
    stays_shut(
        &format!("{before}{sealed}{after}"),
        Signed,
        "assertion_misplaced",
    );
}

#[test]
fn an_encrypted_name_is_opened_where_it_was_signed() {
    let start = ANSWER.find("<saml:NameID").unwrap();
    let end = ANSWER.find("</saml:NameID>").unwrap() + "</saml:NameID>".len();
    let name = Sealing::default().element("EncryptedID", &ANSWER[start..end]);
    let message = format!("{}{name}{}", &ANSWER[..start], &ANSWER[end..]);
    assert_eq!(opens(&signed(&message)).0, Covered::Assertion);
    assert_eq!(opens(&response_signed(&message)).0, Covered::Response);
    opens(&sealed(&signed(&message)));
    refused(signed(&message), Signed, "encrypted_without_key");
    // A NameID with an element in it is refused, encrypted or not.
    let odd = "<saml:NameID>olivia@acme.example<b xmlns=\"urn:x\"/></saml:NameID>";
    let odd = Sealing::default().element("EncryptedID", odd);
    let message = format!("{}{odd}{}", &ANSWER[..start], &ANSWER[end..]);
    stays_shut(&signed(&message), Identified, "saml_name_id_has_elements");
}

#[test]
fn an_encrypted_attribute_is_opened_and_too_many_are_not() {
    let start = ANSWER.find("<saml:Attribute Name=\"groups\"").unwrap();
    let end =
        start + ANSWER[start..].find("</saml:Attribute>").unwrap() + "</saml:Attribute>".len();
    let with = |count: usize| {
        let element = Sealing::default().element("EncryptedAttribute", &ANSWER[start..end]);
        let rest = Sealing::default().element("EncryptedAttribute", "<saml:Attribute Name=\"x\"/>");
        format!(
            "{}{element}{}{}",
            &ANSWER[..start],
            rest.repeat(count - 1),
            &ANSWER[end..]
        )
    };
    opens(&signed(&with(1)));
    opens(&signed(&with(3)));
    stays_shut(&signed(&with(20)), Signed, "encrypted_too_much");
}

#[test]
fn no_finding_holds_anything_of_the_key_or_the_plain_text() {
    let (connection, other) = (connection(), other_workspace());
    let message = sealed(&signed(ANSWER));
    let (_, verdict) = judged_by(message.as_bytes(), &with_key(&connection, other), &rules());
    let told = serde_json::to_string(&verdict).unwrap();
    assert!(!told.contains(OWNER) && !told.contains(&WORKSPACE[60..100]));
}
