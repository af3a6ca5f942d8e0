//! XML signatures of every accepted kind, and of every kind that deceives: each refused for its own
//! reason.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use latchkey_core::saml::{Shape, Signed, signature};
use latchkey_core::xml::{Checked, Limits, Method};
use latchkey_core::{Certificate, Fault, Finding};

use super::signed::*;

/// A response as providers send it, the assertion with ID `a`, the response with ID `r`.
const RESPONSE: &str = "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
    xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"r\" Version=\"2.0\">\n  \
    <saml:Issuer>https://idp.example</saml:Issuer>\n  <samlp:Status/>\n  \
    <saml:Assertion ID=\"a\" Version=\"2.0\"><saml:Issuer>https://idp.example</saml:Issuer>\
    <saml:Subject><saml:NameID>olivia@acme.example</saml:NameID></saml:Subject>\
    <saml:AttributeStatement><saml:Attribute Name=\"groups\">\
    <saml:AttributeValue xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
    xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xsi:type=\"xs:string\">R &amp; D</saml:AttributeValue>\
    </saml:Attribute></saml:AttributeStatement></saml:Assertion>\n</samlp:Response>";

fn certificates() -> Vec<Certificate> {
    vec![RSA.certificate()]
}

/// The verdict on the one signature of a message, whichever element it stands in.
fn verify(message: &str, certificates: &[Certificate]) -> Result<Signed, Vec<Fault>> {
    let one = |fault| vec![fault];
    let checked = Checked::new(message.as_bytes(), &Limits::MESSAGE).map_err(one)?;
    let document = checked.parse().map_err(one)?;
    let shape = Shape::read(&document).map_err(one)?;
    let signature = shape
        .assertion_signature
        .or(shape.response_signature)
        .expect("a signature");
    signature::verify(&document, signature, certificates).map_err(|findings| {
        assert!(findings.iter().all(Finding::is_error));
        findings.into_iter().map(|finding| finding.fault).collect()
    })
}

#[track_caller]
fn refused(message: &str) -> Fault {
    let faults = verify(message, &certificates()).expect_err("it is accepted");
    assert_eq!(faults.len(), 1, "{faults:?}");
    faults[0].clone()
}

#[track_caller]
fn refused_as(message: &str, code: &str) {
    let fault = refused(message);
    assert_eq!(fault.code(), code, "{fault:?}");
}

#[track_caller]
fn accepted(message: &str, certificates: &[Certificate]) -> Signed {
    verify(message, certificates).unwrap_or_else(|faults| panic!("{faults:?}"))
}

fn between<'a>(text: &'a str, before: &str, behind: &str) -> &'a str {
    let from = text.find(before).unwrap() + before.len();
    &text[from..from + text[from..].find(behind).unwrap()]
}

#[test]
fn every_algorithm_of_the_list_is_accepted_with_a_key_that_fits() {
    for (key, algorithm) in [
        (RSA, RSA_SHA256),
        (RSA, RSA_SHA384),
        (RSA, RSA_SHA512),
        (RSA, PSS_SHA256),
        (RSA, PSS_SHA384),
        (RSA, PSS_SHA512),
        (P256, ECDSA_SHA256),
        (P384, ECDSA_SHA384),
    ] {
        for digest in [SHA256, SHA384, SHA512] {
            let signing = Signing {
                digest: digest.to_owned(),
                ..Signing::by(key, algorithm)
            };
            accepted(&signing.sign(RESPONSE, "a"), &[key.certificate()]);
        }
    }
}

#[test]
fn every_canonical_form_of_the_list_is_accepted() {
    let forms = [
        Method::Exclusive(Vec::new()),
        Method::Exclusive(vec!["xs".to_owned(), String::new(), "samlp".to_owned()]),
        Method::Inclusive,
        Method::Inclusive11,
    ];
    for transform in &forms {
        for canonicalization in &forms {
            let signing = Signing {
                transform: transform.clone(),
                canonicalization: canonicalization.clone(),
                ..Signing::default()
            };
            for id in ["a", "r"] {
                accepted(&signing.sign(RESPONSE, id), &certificates());
            }
        }
    }
}

#[test]
fn what_is_accepted_is_the_canonical_form_of_the_element_without_its_signature() {
    let message = Signing::default().sign(RESPONSE, "a");
    let signed = accepted(&message, &certificates());
    let text = std::str::from_utf8(signed.bytes()).unwrap();
    assert!(text.starts_with(
        "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"a\" Version=\"2.0\"><saml:Issuer>"
    ));
    assert!(!text.contains("Signature") && text.contains("R &amp; D"));
    assert_eq!(
        signed.parse().unwrap().root_element().attribute("ID"),
        Some("a")
    );
}

#[test]
fn enveloped_alone_means_inclusive() {
    let signing = Signing {
        transform: Method::Inclusive,
        transforms: Some(format!("<ds:Transform Algorithm=\"{ENVELOPED}\"/>")),
        ..Signing::default()
    };
    accepted(&signing.sign(RESPONSE, "a"), &certificates());
}

#[test]
fn an_empty_reference_covers_the_root_and_nothing_else() {
    let signing = Signing {
        reference: Some(String::new()),
        ..Signing::default()
    };
    accepted(&signing.sign(RESPONSE, "r"), &certificates());
    refused_as(&signing.sign(RESPONSE, "a"), "reference_elsewhere");
}

#[test]
fn with_several_certificates_the_one_that_signed_is_named() {
    let all = [OTHER.certificate(), P256.certificate(), RSA.certificate()];
    let message = Signing::default().sign(RESPONSE, "a");
    assert_eq!(accepted(&message, &all).certificate(), 2);
}

#[test]
fn a_signature_by_a_certificate_that_came_along_is_told_from_one_by_nobody() {
    let other = Signing::by(OTHER, RSA_SHA256)
        .naming(OTHER)
        .sign(RESPONSE, "a");
    refused_as(&other, "signed_by_other_certificate");
    let nobody = Signing::by(OTHER, RSA_SHA256).sign(RESPONSE, "a");
    refused_as(&nobody, "saml_signature_unknown");
    let claims_ours = Signing::by(OTHER, RSA_SHA256)
        .naming(RSA)
        .sign(RESPONSE, "a");
    refused_as(&claims_ours, "saml_signature_wrong");
    let claims_third = Signing::by(OTHER, RSA_SHA256)
        .naming(P256)
        .sign(RESPONSE, "a");
    refused_as(&claims_third, "signature_by_no_certificate");
}

#[test]
fn sha1_and_short_keys_are_named_though_the_signature_is_right_and_never_pass() {
    let codes = |signing: &Signing, key: Key| -> Vec<_> {
        verify(&signing.sign(RESPONSE, "a"), &[key.certificate()])
            .expect_err("it is accepted")
            .iter()
            .map(Fault::code)
            .collect()
    };
    let sha1 = Signing::by(RSA, RSA_SHA1);
    assert_eq!(codes(&sha1, RSA), ["signed_with_sha1"]);
    let digest = Signing {
        digest: SHA1.to_owned(),
        ..Signing::default()
    };
    assert_eq!(codes(&digest, RSA), ["signed_with_sha1"]);
    let short = Signing::by(SHORT, RSA_SHA256);
    assert_eq!(codes(&short, SHORT), ["signed_with_short_key"]);
    let all = Signing {
        digest: SHA1.to_owned(),
        ..Signing::by(SHORT, RSA_SHA1)
    };
    let expected = [
        "signed_with_sha1",
        "signed_with_sha1",
        "signed_with_short_key",
    ];
    assert_eq!(codes(&all, SHORT), expected);
    // Not even the weakness is told where the signature is wrong.
    assert_eq!(codes(&sha1, OTHER), ["saml_signature_unknown"]);
}

#[test]
fn a_key_of_another_kind_is_told_from_a_wrong_signature() {
    let message = Signing::default().sign(RESPONSE, "a");
    let faults = verify(&message, &[P256.certificate()]).expect_err("it is accepted");
    assert!(
        matches!(&faults[..], [Fault::CertificateKeyDoesNotFit { keys, .. }] if keys == "EC P-256")
    );
    assert!(verify(&message, &[]).is_err());
}

#[test]
fn an_ecdsa_value_in_asn_1_is_its_own_finding() {
    let message = Signing::by(P256, ECDSA_SHA256).sign(RESPONSE, "a");
    let value = between(&message, "<ds:SignatureValue>", "</ds:SignatureValue>");
    let raw = STANDARD.decode(value).unwrap();
    let number = |bytes: &[u8]| {
        let digits = &bytes[bytes.iter().position(|byte| *byte != 0).unwrap()..];
        let sign = vec![0; usize::from(digits[0] & 0x80 != 0)];
        let content = [&sign[..], digits].concat();
        [&[2, u8::try_from(content.len()).unwrap()], &content[..]].concat()
    };
    let numbers = [number(&raw[..32]), number(&raw[32..])].concat();
    let der = [&[0x30, u8::try_from(numbers.len()).unwrap()], &numbers[..]].concat();
    let message = message.replace(value, &STANDARD.encode(der));
    let faults = verify(&message, &[P256.certificate()]).expect_err("it is accepted");
    assert_eq!(faults[0].code(), "ecdsa_value_is_der");
}

#[test]
fn changed_content_is_told_from_a_changed_signature() {
    let message = Signing::default().naming(RSA).sign(RESPONSE, "a");
    refused_as(
        &message.replace("olivia@", "mallory@"),
        "signed_content_changed",
    );
    refused_as(
        &message.replace("R &amp; D", "R &amp;<!-- --> E"),
        "signed_content_changed",
    );
    let other_method = message.replace(SHA256, SHA512);
    refused_as(&other_method, "saml_signature_wrong");
    let value = between(&message, "<ds:SignatureValue>", "</ds:SignatureValue>");
    let first = if value.starts_with('A') { "B" } else { "A" };
    let flipped = message.replace(value, &format!("{first}{}", &value[1..]));
    refused_as(&flipped, "saml_signature_wrong");
    let short = message.replace(value, &value[..value.len() - 4]);
    refused_as(&short, "saml_signature_wrong");
}

#[test]
fn what_the_canonical_form_does_not_show_may_change() {
    let message = Signing::default().naming(RSA).sign(RESPONSE, "a");
    let signed = accepted(&message, &certificates());
    for changed in [
        message.replace("R &amp; D", "R &#38;<!-- x --> D"),
        message.replace("<samlp:Status/>", "<samlp:Status></samlp:Status><!-- x -->"),
        message.replace("ID=\"a\" Version=\"2.0\"", "Version='2.0'\r\n ID='a'"),
        // Nothing is taken from the key's name.
        message.replace(&RSA.certificate_base64(), "AAAA"),
        message.replace(&RSA.certificate_base64(), &OTHER.certificate_base64()),
    ] {
        assert_ne!(changed, message);
        assert_eq!(accepted(&changed, &certificates()).bytes(), signed.bytes());
    }
}

/// What can be written into the place of a proper `SignedInfo`, all of it signed by the provider's own
/// key: each is refused for what it is, before anything is computed from it.
#[test]
fn a_signed_info_of_another_form_is_refused_though_the_provider_signed_it() {
    let proper = Signing::default();
    let info = proper.signed_info("a", &STANDARD.encode(proper.digest_of(RESPONSE, "a")));
    let reference =
        &info[info.find("<ds:Reference").unwrap()..info.find("</ds:SignedInfo>").unwrap()];
    let digest_value = between(&info, "<ds:DigestValue>", "</ds:DigestValue>");
    let exclusive = format!("<ds:Transform Algorithm=\"{EXCLUSIVE}\"/>");
    let enveloped = format!("<ds:Transform Algorithm=\"{ENVELOPED}\"/>");
    let with_comments = format!("{EXCLUSIVE}WithComments");
    let xpath = "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"><ds:XPath>not(self::NameID)</ds:XPath></ds:Transform>";
    let hmac = "http://www.w3.org/2000/09/xmldsig#hmac-sha256";
    let cases: Vec<(&str, String, &str)> = vec![
        ("two references", info.replace(reference, &reference.repeat(2)), "reference_twice"),
        ("3,000 references", info.replace(reference, &reference.repeat(600)), "reference_twice"),
        ("no reference", info.replace(reference, ""), "signature_form"),
        ("no URI", info.replace(" URI=\"#a\"", ""), "signature_form"),
        (
            "a foreign URI",
            info.replace(" URI=", " xmlns:x=\"urn:x\" x:URI="),
            "signature_form",
        ),
        (
            "a foreign Algorithm",
            info.replace(
                "DigestMethod A",
                "DigestMethod xmlns:x=\"urn:x\" x:A",
            ),
            "signature_form",
        ),
        ("another ID", info.replace("#a\"", "#r\""), "reference_elsewhere"),
        ("a file", info.replace("#a\"", "file:///etc/passwd\""), "reference_elsewhere"),
        ("an address", info.replace("#a\"", "http://127.0.0.1/\""), "reference_elsewhere"),
        ("an xpointer", info.replace("#a\"", "#xpointer(id('a'))\""), "reference_elsewhere"),
        ("the whole by xpointer", info.replace("#a\"", "#xpointer(/)\""), "reference_elsewhere"),
        ("an escaped ID", info.replace("#a\"", "#%61\""), "reference_elsewhere"),
        ("only #", info.replace("#a\"", "#\""), "reference_elsewhere"),
        ("XPath", info.replace(&exclusive, &format!("{xpath}{exclusive}")), "transform_not_accepted"),
        ("base64", info.replace(&enveloped, &enveloped.replace(ENVELOPED, "http://www.w3.org/2000/09/xmldsig#base64")), "transform_not_accepted"),
        ("no enveloped", info.replace(&enveloped, ""), "transforms_differ"),
        ("enveloped twice", info.replace(&enveloped, &enveloped.repeat(2)), "transforms_differ"),
        ("enveloped last", info.replace(&enveloped, "").replace(&exclusive, &format!("{exclusive}{enveloped}")), "transforms_differ"),
        ("3,000 transforms", info.replace(&exclusive, &exclusive.repeat(3000)), "transforms_differ"),
        ("no transform", info.replace(&enveloped, "").replace(&exclusive, ""), "transforms_differ"),
        ("a canonical form with comments", info.replace(&exclusive, &exclusive.replace(EXCLUSIVE, &with_comments)), "canonicalization_not_accepted"),
        ("SignedInfo with comments", info.replacen(EXCLUSIVE, &with_comments, 1), "canonicalization_not_accepted"),
        ("another SignedInfo form", info.replacen(EXCLUSIVE, "urn:none", 1), "canonicalization_not_accepted"),
        ("a foreign Transform", info.replace("<ds:Transform A", "<x:Transform xmlns:x=\"urn:x\" A"), "signature_form"),
        ("a foreign DigestMethod", info.replace("<ds:DigestMethod", "<x:DigestMethod xmlns:x=\"urn:x\""), "signature_form"),
        ("PrefixList elsewhere", info.replace(&exclusive, &exclusive.replace("/>", "><InclusiveNamespaces PrefixList=\"a\"/></ds:Transform>")), "signature_form"),
        ("two PrefixLists", info.replace(&exclusive, &exclusive.replace("/>", &format!("><i:InclusiveNamespaces xmlns:i=\"{EXCLUSIVE}\"/><i:InclusiveNamespaces xmlns:i=\"{EXCLUSIVE}\"/></ds:Transform>"))), "signature_form"),
        ("a comment in DigestValue", info.replace(digest_value, &format!("{}<!-- -->{}", &digest_value[..4], &digest_value[4..])), "signature_value_unreadable"),
        (
            "CDATA in DigestValue",
            info.replace(digest_value, &format!("<![CDATA[]]>{digest_value}")),
            "signature_value_unreadable",
        ),
        ("an element in DigestValue", info.replace(digest_value, &format!("{digest_value}<ds:X/>")), "signature_value_unreadable"),
        ("no digest", info.replace(digest_value, ""), "signature_value_empty"),
        ("MD5", info.replace(SHA256, "http://www.w3.org/2001/04/xmldsig-more#md5"), "digest_not_accepted"),
        ("HMAC", info.replace(RSA_SHA256, hmac), "signed_by_shared_secret"),
        ("none", info.replace(RSA_SHA256, "none"), "signature_algorithm_not_accepted"),
        ("no algorithm", info.replace(&format!(" Algorithm=\"{RSA_SHA256}\""), ""), "signature_form"),
        ("DSA", info.replace(RSA_SHA256, "http://www.w3.org/2009/xmldsig11#dsa-sha256"), "signature_algorithm_not_accepted"),
        ("a cut HMAC", info.replace(&format!("\"{RSA_SHA256}\"/>"), &format!("\"{RSA_SHA256}\"><ds:HMACOutputLength>8</ds:HMACOutputLength></ds:SignatureMethod>")), "signature_form"),
        ("text between", info.replace("<ds:Reference", "x<ds:Reference"), "signature_form"),
        ("a comment between", info.replace("<ds:Reference", "<!-- --><ds:Reference"), "signature_form"),
    ];
    for (name, changed, code) in cases {
        assert_ne!(changed, info, "{name}");
        let message = proper.sign_info(RESPONSE, "a", &changed);
        let fault = refused(&message);
        assert_eq!(fault.code(), code, "{name}: {fault:?}");
    }
}

#[test]
fn a_signature_of_another_form_is_refused() {
    let message = Signing::default().naming(RSA).sign(RESPONSE, "a");
    let value = between(&message, "<ds:SignatureValue>", "</ds:SignatureValue>");
    let element = |name: &str| {
        let end = format!("</ds:{name}>");
        let from = message.find(&format!("<ds:{name}>")).unwrap();
        &message[from..message.find(&end).unwrap() + end.len()]
    };
    let (info, whole_value, key) = (
        element("SignedInfo"),
        element("SignatureValue"),
        element("KeyInfo"),
    );
    let cases: Vec<(&str, String, &str)> = vec![
        (
            "an empty value",
            message.replace(value, ""),
            "signature_value_empty",
        ),
        (
            "white space as value",
            message.replace(value, " \n "),
            "signature_value_empty",
        ),
        (
            "no base64",
            message.replace(value, "?"),
            "signature_value_unreadable",
        ),
        (
            "a comment in the value",
            message.replace(value, &format!("<!-- -->{value}")),
            "signature_value_unreadable",
        ),
        (
            "a long value",
            message.replace(value, &"AAAA".repeat(1000)),
            "signature_value_unreadable",
        ),
        (
            "no value",
            message.replace(whole_value, ""),
            "signature_form",
        ),
        (
            "two values",
            message.replace(whole_value, &whole_value.repeat(2)),
            "signature_form",
        ),
        (
            "two SignedInfo",
            message.replace(info, &info.repeat(2)),
            "signature_form",
        ),
        ("no SignedInfo", message.replace(info, ""), "signature_form"),
        (
            "two KeyInfo",
            message.replace(key, &key.repeat(2)),
            "signature_form",
        ),
        (
            "another order",
            message
                .replace(key, "")
                .replace(info, &format!("{key}{info}")),
            "signature_form",
        ),
        (
            "an Object",
            message.replace(key, "<ds:Object/>"),
            "signature_has_object",
        ),
        (
            "an Object in KeyInfo",
            message.replace("<ds:X509Data>", "<ds:Object/><ds:X509Data>"),
            "signature_has_object",
        ),
        (
            "a foreign signature",
            message.replace(
                "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">",
                "<ds:Signature xmlns:ds=\"urn:x\">",
            ),
            "signature_form",
        ),
    ];
    for (name, changed, code) in cases {
        assert_ne!(changed, message, "{name}");
        let fault = refused(&changed);
        assert_eq!(fault.code(), code, "{name}: {fault:?}");
    }
}

#[test]
fn a_key_that_came_along_signs_nothing() {
    let point = "<ds:KeyInfo><ds:KeyValue><ds:RSAKeyValue><ds:Modulus>AAAA</ds:Modulus><ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue></ds:KeyValue></ds:KeyInfo>";
    let signing = Signing {
        behind: point.to_owned(),
        ..Signing::by(OTHER, RSA_SHA256)
    };
    refused_as(&signing.sign(RESPONSE, "a"), "saml_signature_unknown");
}

/// The digest of nothing, as a canonicalisation that failed would give.
#[test]
fn the_digest_of_nothing_covers_nothing() {
    let proper = Signing::default();
    let nothing = ring::digest::digest(&ring::digest::SHA256, b"");
    let info = proper.signed_info("a", &STANDARD.encode(nothing));
    refused_as(
        &proper.sign_info(RESPONSE, "a", &info),
        "signed_content_changed",
    );
}
