//! XML signatures of every accepted kind, and of every kind that deceives: each refused for its own
//! reason.

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
