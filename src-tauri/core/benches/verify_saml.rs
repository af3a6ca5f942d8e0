//! One SAML response from its bytes to the signed assertion: limits, parser, shape, signature, digest,
//! and the second reading of what was signed. Beside it the bare RSA verification that nobody can
//! save, sizes up to 5,000 groups (time grows with the size), and the worst that the limits let in.
#![allow(missing_docs, reason = "criterion's macros make public functions")]

use std::hint::black_box;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use latchkey_core::saml::{Shape, signature};
use latchkey_core::xml::{Checked, Limits, Method, canonical};
use latchkey_core::{Certificate, Fault};
use ring::rand::SystemRandom;
use ring::signature::{
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey,
};

#[path = "../tests/it/signed.rs"]
#[allow(
    dead_code,
    clippy::unwrap_used,
    reason = "the signer of the tests, which says more kinds of signatures than are measured"
)]
mod signed;

use signed::{RSA, Signing};

/// A response like those of large providers, its assertion signed.
fn response(groups: usize) -> String {
    let values: String = (0..groups)
        .map(|n| {
            format!(
                "<saml:AttributeValue xsi:type=\"xs:string\">acme-team-{n:05}</saml:AttributeValue>"
            )
        })
        .collect();
    let text = format!(
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" \
         ID=\"_r8d1f3a7b2c4e5\" Version=\"2.0\" IssueInstant=\"2026-11-22T10:00:00Z\" Destination=\"https://app.example/acs\" InResponseTo=\"_q1\">\
         <saml:Issuer>https://idp.example/metadata</saml:Issuer><samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></samlp:Status>\
         <saml:Assertion xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" \
         ID=\"_a8d1f3a7b2c4e5\" Version=\"2.0\" IssueInstant=\"2026-11-22T10:00:00Z\"><saml:Issuer>https://idp.example/metadata</saml:Issuer>\
         <saml:Subject><saml:NameID Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\">olivia@acme.example</saml:NameID>\
         <saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"><saml:SubjectConfirmationData InResponseTo=\"_q1\" \
         NotOnOrAfter=\"2026-11-22T10:05:00Z\" Recipient=\"https://app.example/acs\"/></saml:SubjectConfirmation></saml:Subject>\
         <saml:Conditions NotBefore=\"2026-11-22T09:59:00Z\" NotOnOrAfter=\"2026-11-22T10:05:00Z\"><saml:AudienceRestriction>\
         <saml:Audience>https://app.example</saml:Audience></saml:AudienceRestriction></saml:Conditions>\
         <saml:AuthnStatement AuthnInstant=\"2026-11-22T09:59:30Z\"><saml:AuthnContext><saml:AuthnContextClassRef>\
         urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>\
         <saml:AttributeStatement><saml:Attribute Name=\"email\"><saml:AttributeValue xsi:type=\"xs:string\">olivia@acme.example</saml:AttributeValue></saml:Attribute>\
         <saml:Attribute Name=\"groups\">{values}</saml:Attribute></saml:AttributeStatement></saml:Assertion></samlp:Response>"
    );
    Signing::default()
        .naming(RSA)
        .sign(&text, "_a8d1f3a7b2c4e5")
}

/// Text nodes of what was signed.
fn read(message: &[u8], certificates: &[Certificate]) -> Result<usize, Fault> {
    let checked = Checked::new(message, &Limits::MESSAGE)?;
    let document = checked.parse()?;
    let shape = Shape::read(&document)?;
    let signature = shape.assertion_signature.ok_or(Fault::NotXml {})?;
    let signed = signature::verify(&document, signature, certificates)
        .map_err(|mut findings| findings.remove(0).fault)?;
    let inside = signed.parse()?;
    Ok(inside
        .descendants()
        .filter(roxmltree::Node::is_text)
        .count())
}

fn small(c: &mut Criterion) {
    let certificates = [RSA.certificate()];
    let message = response(8);
    assert!((3_900..4_600).contains(&message.len()), "{}", message.len());
    read(message.as_bytes(), &certificates).expect("a bench of a refusal would be a fast one");
    c.bench_function("saml/4_kb_response", |b| {
        b.iter(|| read(black_box(message.as_bytes()), &certificates));
    });

    let (key, signed, value) = bare();
    let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key);
    key.verify(&signed, &value).expect("a signature");
    c.bench_function("saml/bare_rsa_2048_verification", |b| {
        b.iter(|| key.verify(black_box(&signed), &value));
    });
}

/// A signature without any XML: the key as ring reads it, the message, the value.
fn bare() -> (Vec<u8>, Vec<u8>, Vec<u8>) {
    let pem = include_str!("../tests/keys/rsa.key.pem");
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = STANDARD.decode(base64).expect("base64");
    let key = RsaKeyPair::from_pkcs8(&der).expect("a key");
    let message = b"SignedInfo has about eight hundred bytes. ".repeat(20);
    let mut value = vec![0; key.public().modulus_len()];
    key.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        &message,
        &mut value,
    )
    .expect("a signature");
    (key.public().as_ref().to_vec(), message, value)
}

fn sizes(c: &mut Criterion) {
    let certificates = [RSA.certificate()];
    let mut group = c.benchmark_group("saml/groups");
    for groups in [10, 100, 500, 1_000, 2_500, 5_000] {
        let message = response(groups);
        read(message.as_bytes(), &certificates).expect("a response that holds");
        group.throughput(Throughput::Bytes(message.len() as u64));
        group.bench_with_input(
            BenchmarkId::from_parameter(groups),
            &message,
            |b, message| {
                b.iter(|| read(black_box(message.as_bytes()), &certificates));
            },
        );
    }
    group.finish();
}

/// Where the time of 5,000 groups goes.
fn steps(c: &mut Criterion) {
    let certificates = [RSA.certificate()];
    let message = response(5_000);
    let checked = Checked::new(message.as_bytes(), &Limits::MESSAGE).expect("within the limits");
    let document = checked.parse().expect("XML");
    let shape = Shape::read(&document).expect("a response");
    let signature = shape.assertion_signature.expect("a signature");
    let signed =
        signature::verify(&document, signature, &certificates).expect("a signature that holds");
    let mut group = c.benchmark_group("saml/steps_of_5000");
    group.bench_function("limits", |b| {
        b.iter(|| Checked::new(black_box(message.as_bytes()), &Limits::MESSAGE));
    });
    group.bench_function("parse", |b| b.iter(|| black_box(&checked).parse().is_ok()));
    group.bench_function("shape", |b| {
        b.iter(|| Shape::read(black_box(&document)).is_ok())
    });
    group.bench_function("verify", |b| {
        b.iter(|| signature::verify(black_box(&document), signature, &certificates));
    });
    group.bench_function("canonical", |b| {
        let exclusive = Method::Exclusive(Vec::new());
        let element = document
            .root_element()
            .last_element_child()
            .expect("the assertion");
        b.iter(|| {
            canonical(
                black_box(element),
                Some(signature.id()),
                &exclusive,
                usize::MAX,
            )
        });
    });
    group.bench_function("read_again", |b| {
        b.iter(|| black_box(&signed).parse().is_ok())
    });
    group.finish();
}

/// Inputs just under the limits, each of which makes one thing as expensive as it can be.
fn worst(c: &mut Criterion) {
    let certificates = [RSA.certificate()];
    let limits = Limits::MESSAGE;
    let assertion = |content: &str| {
        format!(
            "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"r\">\
             <saml:Assertion ID=\"a\">{content}</saml:Assertion></samlp:Response>"
        )
    };
    let room = limits.bytes - 3_000;
    let filled = |part: &dyn Fn(usize) -> String| -> String {
        let (mut text, mut n) = (String::new(), 0);
        while text.len() < room && n < limits.nodes as usize - 100 {
            text.push_str(&part(n));
            n += 1;
        }
        text.truncate(text.rfind('<').map_or(0, |at| at.min(room)));
        let whole = text.rfind("/>").map_or(0, |at| at + 2);
        text.truncate(whole);
        text
    };
    let declared: String = (0..limits.namespaces - 4)
        .map(|n| format!(" xmlns:n{n}='urn:{n}'"))
        .collect();
    let attributes: String = (0..limits.attributes - 2)
        .map(|n| format!(" a{n}=''"))
        .collect();
    let inclusive = || Signing {
        transform: Method::Inclusive,
        ..Signing::default()
    };
    let prefixes = || Signing {
        transform: Method::Exclusive((0..32).map(|n| format!("n{n}")).collect()),
        ..Signing::default()
    };
    let scope = |content: String| format!("<x{declared}>{content}</x>");
    let cases = [
        (
            "many_elements",
            Signing::default(),
            filled(&|_| "<a/>".to_owned()),
        ),
        (
            "many_attributes",
            Signing::default(),
            filled(&|_| format!("<a{attributes}/>")),
        ),
        (
            "distinct_namespaces",
            Signing::default(),
            filled(&|n| format!("<a xmlns:p='u:{n}'/>")),
        ),
        (
            "distinct_namespaces_backwards",
            Signing::default(),
            filled(&|n| format!("<a xmlns:p='u:{}'/>", 99_999 - n)),
        ),
        (
            "wide_scope_inclusive",
            inclusive(),
            scope(filled(&|n| format!("<a xmlns:p='u:{}'/>", n % 2))),
        ),
        (
            "wide_scope_listed",
            prefixes(),
            scope(filled(&|n| format!("<a xmlns:p='u:{}'/>", n % 2))),
        ),
        (
            "wide_scope_plain",
            inclusive(),
            scope(filled(&|_| "<a/>".to_owned())),
        ),
        (
            "ids",
            Signing::default(),
            filled(&|n| format!("<a ID='{n}'/>")),
        ),
        (
            "escapes",
            Signing::default(),
            format!("<a>{}</a>", "&#13;".repeat(room / 5)),
        ),
        ("long_form", Signing::default(), {
            let uri = "x".repeat(900);
            format!("<x xmlns:p='urn:{uri}'>{}</x>", "<p:a/>".repeat(80_000))
        }),
    ];
    let mut group = c.benchmark_group("saml/worst");
    group.sample_size(20);
    for (name, signing, content) in cases {
        let whole = assertion(&content);
        // What cannot be signed for its length is given the signature of nothing.
        let message = if name == "long_form" {
            let small = signing.sign(&assertion("<x/>"), "a");
            small.replace("<x/>", &content)
        } else {
            signing.sign(&whole, "a")
        };
        assert!(message.len() <= limits.bytes, "{name}: {}", message.len());
        let verdict = read(message.as_bytes(), &certificates);
        assert_eq!(verdict.is_ok(), name != "long_form", "{name}: {verdict:?}");
        group.bench_function(name, |b| {
            b.iter(|| read(black_box(message.as_bytes()), &certificates));
        });
    }
    group.finish();
}

criterion_group!(benches, small, sizes, steps, worst);
criterion_main!(benches);
