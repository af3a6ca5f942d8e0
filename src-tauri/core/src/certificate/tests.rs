use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use proptest::prelude::*;

use super::*;
use crate::fault::Fault;
use crate::finding::{Finding, Severity};

/// Made with openssl and pyca/cryptography for these tests alone.
macro_rules! case {
    ($name:literal) => {
        include_bytes!(concat!("cases/", $name))
    };
}

const GOOD: &[u8] = case!("rsa-2048.pem");
const NEXT: &[u8] = case!("rsa-2048-next.pem");

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn good() -> Certificate {
    one(GOOD)
}

#[track_caller]
fn one(input: &[u8]) -> Certificate {
    let read = read(input);
    assert_eq!(read.findings, [], "{}", String::from_utf8_lossy(input));
    let [certificate] = &read.certificates[..] else {
        panic!("{} certificates", read.certificates.len());
    };
    certificate.clone()
}

fn text(input: &[u8]) -> &str {
    std::str::from_utf8(input).unwrap()
}

/// The base64 of a PEM file in one line.
fn base64(pem: &[u8]) -> String {
    text(pem)
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect()
}

/// The codes of what was noticed about an input.
fn codes(input: &[u8]) -> Vec<String> {
    read(input)
        .findings
        .iter()
        .map(|finding| finding.fault.code())
        .collect()
}

/// The codes of what speaks against a certificate, with their weight.
fn against(input: &[u8]) -> Vec<(Severity, String)> {
    one(input)
        .findings(now())
        .into_iter()
        .map(|finding| (finding.severity, finding.fault.code()))
        .collect()
}

#[test]
fn one_certificate_is_read_however_it_was_pasted() {
    let pem = text(GOOD);
    let line = base64(GOOD);
    let der = STANDARD.decode(&line).unwrap();
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(pem.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let spaced: Vec<String> = pem.lines().map(|line| format!("  {line}  ")).collect();
    for (how, input) in [
        ("as it is", GOOD.to_vec()),
        ("DER", der.clone()),
        ("CRLF", pem.replace('\n', "\r\n").into()),
        ("CR", pem.replace('\n', "\r").into()),
        ("byte order mark", format!("\u{FEFF}{pem}").into()),
        ("UTF-16", utf16),
        ("in one line", pem.replace('\n', " ").into()),
        ("without any break", pem.replace('\n', "").into()),
        ("backslash-n", pem.replace('\n', "\\n").into()),
        (
            "a JSON string",
            format!("{{\"x509cert\": \"{}\"}}", pem.replace('\n', "\\r\\n")).into(),
        ),
        ("indented", spaced.join("\n").into()),
        ("quoted in a mail", pem.replace('\n', "\n> ").into()),
        (
            "escaped for HTML",
            pem.replace('\n', "&#xD;&#10;")
                .replace('+', "&#43;")
                .replace('/', "&#x2F;")
                .into(),
        ),
        ("broken for HTML", pem.replace('\n', "<br/>\n").into()),
        (
            "X509 CERTIFICATE",
            pem.replace(" CERTIFICATE", " X509 CERTIFICATE").into(),
        ),
        (
            "small letters",
            pem.replace("CERTIFICATE", "certificate").into(),
        ),
        (
            "dashes of a word processor",
            pem.replace("-----", "—–-").into(),
        ),
        ("without END", pem[..pem.find("-----END").unwrap()].into()),
        (
            "without BEGIN",
            pem["-----BEGIN CERTIFICATE-----\n".len()..].into(),
        ),
        ("half a header", pem.replace("-----BEGIN", "BEGIN").into()),
        ("bare base64", line.clone().into()),
        (
            "bare, with breaks",
            text(GOOD)
                .lines()
                .filter(|line| !line.starts_with('-'))
                .collect::<Vec<_>>()
                .join("\r\n")
                .into(),
        ),
        ("without padding", STANDARD_NO_PAD.encode(&der).into()),
        ("base64url", URL_SAFE_NO_PAD.encode(&der).into()),
        (
            "with text around",
            format!("Signing certificate\nValid until 2035\n\n{line}\n\nThumbprint: AB:CD\nMIT\n")
                .into(),
        ),
        ("behind a name", format!("certificate={line}&x=1").into()),
        (
            "an element",
            format!("<ds:X509Certificate>\n{line}\n</ds:X509Certificate>").into(),
        ),
        (
            "in source code",
            format!("cert = \"{}\" \\\n  \"{}\";", &line[..500], &line[500..]).into(),
        ),
        ("base64 of PEM", STANDARD.encode(pem).into()),
        (
            "with the attributes of a bag",
            format!("Bag Attributes\n    localKeyID: 01\nsubject=O = Acme\n{pem}").into(),
        ),
    ] {
        let read = read(&input);
        assert_eq!(read.findings, [], "{how}");
        assert_eq!(read.certificates.len(), 1, "{how}");
        assert_eq!(read.certificates[0].der(), der, "{how}");
    }
    assert_eq!(one(case!("trusted.pem")), good());
    assert_eq!(one(good().pem().as_bytes()), good());
    assert_eq!(good().pem(), pem);
}

#[test]
fn several_keep_their_order_and_stand_once() {
    let (good, next) = (text(GOOD), text(NEXT));
    let both = read(format!("{next}{good}{next}").as_bytes());
    assert_eq!(both.certificates, [one(NEXT), one(GOOD)]);
    let codes: Vec<String> = both.findings.iter().map(|f| f.fault.code()).collect();
    assert_eq!(codes, ["certificate_twice"]);

    let bare = read(format!("{}\n\n{}", base64(NEXT), base64(GOOD)).as_bytes());
    assert_eq!(bare.certificates, [one(NEXT), one(GOOD)]);
    let mut der = one(NEXT).der().to_vec();
    der.extend(one(GOOD).der());
    assert_eq!(read(&der).certificates, [one(NEXT), one(GOOD)]);
}

#[test]
fn a_bundle_of_forty_is_read_and_one_of_a_thousand_up_to_the_limit() {
    let many = |count: usize| -> Vec<u8> {
        let mut out = Vec::new();
        for index in 0..count {
            // Another serial number each: the bytes need not verify.
            let mut der = good().der().to_vec();
            let at = der
                .windows(6)
                .position(|it| it == [0x4A, 0x0B, 0xAD, 0xC0, 0xFF, 0xEE]);
            let at = at.unwrap();
            der[at + 1] = (index >> 8) as u8;
            der[at + 2] = index as u8;
            out.extend(pem::encode("CERTIFICATE", &der).into_bytes());
        }
        out
    };
    let forty = read(&many(40));
    assert_eq!((forty.certificates.len(), forty.findings), (40, vec![]));
    let many = read(&many(900));
    assert_eq!(many.certificates.len(), MOST);
    assert_eq!(
        many.findings,
        [Finding::error(Fault::CertificatesTooMany { limit: MOST })]
    );
}

#[test]
fn a_pkcs7_bundle_gives_its_certificates() {
    let leaf_and_link = &read(case!("chain.pem")).certificates[..2];
    for input in [&case!("pkcs7.pem")[..], case!("pkcs7.der")] {
        assert_eq!(read(input).certificates, leaf_and_link);
    }
    let bare = base64(case!("pkcs7.pem"));
    assert_eq!(read(bare.as_bytes()).certificates, leaf_and_link);
}

#[test]
fn the_authorities_of_a_chain_are_told_from_the_one_that_signs() {
    let chain = read(case!("chain.pem"));
    assert_eq!(chain.certificates.len(), 3);
    let [finding] = &chain.findings[..] else {
        panic!("{:?}", chain.findings);
    };
    assert_eq!(
        finding.fault,
        Fault::CertificateChain {
            subjects: "O=Acme, CN=Acme Issuing; O=Acme, CN=Acme Root".into()
        }
    );
    // Two self-made ones of one name are a rotation.
    let made = text(case!("self-made-authority.pem"));
    let other = read(format!("{made}{}", text(GOOD)).as_bytes());
    assert_eq!(other.findings, []);
}

#[test]
fn what_is_no_certificate_is_named_and_not_kept() {
    let jwk = br#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#;
    let private_jwk = br#"{"kty":"RSA","n":"AQAB","e":"AQAB","d":"AQAB"}"#;
    let metadata = format!(
        "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\"><ds:X509Certificate>{}\
         </ds:X509Certificate></md:EntityDescriptor>",
        base64(GOOD)
    );
    let answer = format!(
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\"><ds:X509Certificate>{}",
        base64(GOOD)
    );
    let private = "private_key_instead_of_certificate";
    let public = "public_key_instead_of_certificate";
    let none = "certificate_not_found";
    for (input, code) in [
        (&case!("private-pkcs1.pem")[..], private),
        (case!("private-pkcs8.pem"), private),
        (case!("private-encrypted.pem"), private),
        (case!("private-ec.pem"), private),
        (case!("private-openssh.pem"), private),
        (b"PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none", private),
        (private_jwk, private),
        (case!("public.pem"), public),
        (case!("public-pkcs1.pem"), public),
        (b"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAB olivia@acme", public),
        (case!("request.pem"), "request_instead_of_certificate"),
        (case!("store.p12"), "key_store_instead_of_certificate"),
        (
            &[0xFE, 0xED, 0xFE, 0xED, 0, 0, 0, 2],
            "key_store_instead_of_certificate",
        ),
        (case!("revocation-list.pem"), "other_instead_of_certificate"),
        (
            b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQ==",
            "pgp_instead_of_certificate",
        ),
        (
            b"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQ==",
            "pgp_instead_of_certificate",
        ),
        (jwk, "json_key_instead_of_certificate"),
        (
            br#"{"issuer": "https://acme.okta.com"}"#,
            "other_instead_of_certificate",
        ),
        (metadata.as_bytes(), "metadata_instead_of_certificate"),
        (answer.as_bytes(), "answer_instead_of_certificate"),
        (
            b"<!DOCTYPE html><html><body>Sign in</body></html>",
            "html_instead_of_certificate",
        ),
        (
            b"https://acme.okta.com/app/exk1/sso/saml/metadata",
            "address_instead_of_certificate",
        ),
        (
            b"AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01",
            "fingerprint_instead_of_certificate",
        ),
        (
            b"abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789",
            "fingerprint_instead_of_certificate",
        ),
        (b"", none),
        (b" \r\n\t", none),
        (
            b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----",
            "certificate_unreadable",
        ),
        (
            b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
            "certificate_unreadable",
        ),
        (b"Our signing certificate is in the attachment.", none),
        (b"MI MI MI", none),
        (&[0x30, 0x82, 0xFF], "certificate_unreadable"),
        (&[0xFF; 2000], none),
        (&[0; 2000], none),
    ] {
        let shown = String::from_utf8_lossy(input);
        assert_eq!(codes(input), [code], "{shown}");
        assert_eq!(read(input).certificates, [], "{shown}");
        let told: Vec<_> = read(input).findings.iter().map(Finding::told).collect();
        assert!(!format!("{told:?}").contains("MII"), "{shown}");
    }
}

#[test]
fn keys_are_recognised_without_their_header_too() {
    for (input, code) in [
        (
            &case!("private-pkcs1.pem")[..],
            "private_key_instead_of_certificate",
        ),
        (
            case!("private-pkcs8.pem"),
            "private_key_instead_of_certificate",
        ),
        (
            case!("private-encrypted.pem"),
            "private_key_instead_of_certificate",
        ),
        (
            case!("private-ec.pem"),
            "private_key_instead_of_certificate",
        ),
        (case!("public.pem"), "public_key_instead_of_certificate"),
        (
            case!("public-pkcs1.pem"),
            "public_key_instead_of_certificate",
        ),
        (case!("request.pem"), "request_instead_of_certificate"),
    ] {
        let line = base64(input);
        assert_eq!(codes(line.as_bytes()), [code], "{line}");
        assert_eq!(codes(&STANDARD.decode(&line).unwrap()), [code], "{line}");
    }
}

#[test]
fn a_private_key_beside_a_certificate_is_named_and_the_certificate_kept() {
    let both = format!("{}{}", text(case!("private-pkcs8.pem")), text(GOOD));
    let read = read(both.as_bytes());
    assert_eq!(read.certificates, [good()]);
    assert_eq!(
        read.findings,
        [Finding::error(Fault::PrivateKeyInsteadOfCertificate {})]
    );
}

#[test]
fn what_is_cut_off_is_said_to_be() {
    let pem = text(GOOD);
    let der = good().der().to_vec();
    let half = &pem[..600];
    for input in [
        half.as_bytes().to_vec(),
        format!("{half}\n-----END CERTIFICATE-----").into(),
        base64(GOOD)[..600].into(),
        der[..400].to_vec(),
    ] {
        assert_eq!(codes(&input), ["certificate_cut_off"]);
    }
}

#[test]
fn more_than_a_megabyte_is_not_read() {
    let mut input = GOOD.to_vec();
    input.resize(LARGEST + 1, b'\n');
    assert_eq!(codes(&input), ["certificates_too_large"]);
    input.truncate(LARGEST);
    assert_eq!(one(&input), good());
}

#[test]
fn each_kind_of_certificate_is_judged_on_its_own() {
    use Severity::{Error, Note, Warning};
    let expect = |input: &[u8], expected: &[(Severity, &str)]| {
        let found = against(input);
        let found: Vec<_> = found.iter().map(|(s, code)| (*s, code.as_str())).collect();
        assert_eq!(found, expected, "{}", one(input).subject());
    };
    expect(GOOD, &[]);
    expect(case!("ec-p256.pem"), &[]);
    expect(case!("ec-p384.pem"), &[]);
    expect(case!("without-end.pem"), &[]);
    expect(case!("unknown-algorithm.pem"), &[]);
    expect(case!("rsa-1024.pem"), &[(Error, "certificate_key_short")]);
    let unsupported = [(Error, "certificate_key_unsupported")];
    expect(case!("ec-p521.pem"), &unsupported);
    expect(case!("ed25519.pem"), &unsupported);
    expect(case!("dsa.pem"), &unsupported);
    expect(case!("expired.pem"), &[(Error, "certificate_expired")]);
    expect(
        case!("not-yet-valid.pem"),
        &[(Error, "certificate_not_yet_valid")],
    );
    expect(
        case!("encryption.pem"),
        &[(Warning, "certificate_not_for_signing")],
    );
    expect(
        case!("self-made-authority.pem"),
        &[(Note, "certificate_is_authority")],
    );
    expect(
        case!("sha1.pem"),
        &[
            (Note, "certificate_is_authority"),
            (Note, "certificate_signed_weakly"),
        ],
    );
    let chain = read(case!("chain.pem")).certificates;
    let of_link = chain[1].findings(now());
    assert!(of_link.iter().all(|finding| finding.severity == Warning));
    assert_eq!(of_link.len(), 2, "{of_link:?}");
}

#[test]
fn the_end_of_validity_draws_nearer_by_degrees() {
    use Severity::{Error, Note, Warning};
    let at = |now: &str| {
        let now = now.parse().unwrap();
        let found = good().findings(now);
        let [finding] = &found[..] else {
            return None;
        };
        Some((
            finding.severity,
            finding.fault.code(),
            good().days_left(now),
        ))
    };
    let soon = "certificate_expires_soon".to_owned();
    let over = "certificate_expired".to_owned();
    // It ends as 2035 begins.
    assert_eq!(at("2034-10-02T00:00:00Z"), None);
    assert_eq!(at("2034-10-03T00:00:00Z"), Some((Note, soon.clone(), 90)));
    assert_eq!(at("2034-12-01T00:00:00Z"), Some((Note, soon.clone(), 31)));
    assert_eq!(
        at("2034-12-02T00:00:00Z"),
        Some((Warning, soon.clone(), 30))
    );
    assert_eq!(at("2035-01-01T00:00:00Z"), Some((Warning, soon, 0)));
    assert_eq!(at("2035-01-01T00:00:01Z"), Some((Error, over, -1)));
}

#[test]
fn a_certificate_is_shown_with_all_that_tells_it_from_another() {
    let shown = good().shown(now());
    assert_eq!(shown.subject, "O=Acme, CN=idp.acme.example");
    assert_eq!(shown.issuer, shown.subject);
    assert!(shown.self_signed);
    assert_eq!(shown.serial, "4a:0b:ad:c0:ff:ee");
    assert_eq!(shown.key, "RSA, 2048 bit");
    assert_eq!(shown.signature_algorithm, "RSA with SHA-256");
    assert_eq!(shown.days_left, 2960);
    assert_eq!((shown.sha1.len(), shown.sha256.len()), (40, 64));
    assert_eq!(shown.pem.as_bytes(), GOOD);
    for (input, key) in [
        (&case!("ec-p256.pem")[..], "elliptic curve, P-256"),
        (case!("ec-p521.pem"), "elliptic curve, P-521"),
        (case!("rsa-1024.pem"), "RSA, 1024 bit"),
        (case!("ed25519.pem"), "Ed25519"),
        (case!("dsa.pem"), "DSA"),
    ] {
        assert_eq!(one(input).shown(now()).key, key);
    }
}

#[test]
fn a_certificate_without_end_ends_when_time_does() {
    let certificate = one(case!("without-end.pem"));
    assert_eq!(certificate.not_after(), Timestamp::MAX);
    assert!(certificate.is_current(now()));
    assert!(certificate.days_left(Timestamp::MIN) > 5_000_000);
}

#[test]
fn an_algorithm_that_nobody_knows_is_shown_as_it_is() {
    let certificate = one(case!("unknown-algorithm.pem"));
    assert_eq!(certificate.signature_algorithm(), "0");
    assert_eq!(certificate.public_key(), good().public_key());
}

#[test]
fn hostile_input_is_read_in_bounded_time() {
    let repeated = |part: &str| part.repeat(LARGEST / 4 / part.len());
    let long = STANDARD.encode([0x30, 0x84, 0x00, 0x0F, 0xFF, 0x00]);
    for input in [
        repeated("MI "),
        repeated("MI<"),
        repeated("\"MII<"),
        repeated(&format!("{long} ")),
        repeated("-BEGIN CERTIFICATE-"),
        repeated("-----BEGIN CERTIFICATE-----\nMIIB\n"),
        repeated("-END X-"),
        repeated("&#"),
        repeated("&"),
        repeated("\\n"),
        repeated("<"),
        repeated("MIIBIjAN"),
    ] {
        let start = &input[..40];
        let started = stopwatch();
        assert_eq!(read(input.as_bytes()).certificates, [], "{start}");
        let took = started();
        assert!(took < 5_000, "{start}: {took} ms");
    }
}

/// Milliseconds since it was made: the one clock of the core, for the test above.
#[expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a test of time"
)]
fn stopwatch() -> impl Fn() -> u128 {
    let start = std::time::Instant::now();
    move || start.elapsed().as_millis()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn any_bytes_are_an_answer_and_no_panic(input: Vec<u8>) {
        let read = read(&input);
        prop_assert!(!read.certificates.is_empty() || !read.findings.is_empty());
    }

    #[test]
    fn any_text_is_an_answer_and_no_panic(
        parts in proptest::collection::vec(
            prop_oneof![
                "\\PC{0,20}",
                Just("-----BEGIN CERTIFICATE-----\n".to_owned()),
                Just("-----END ".to_owned()),
                Just("MIIB".to_owned()),
                Just("&#x4D;<".to_owned()),
                Just("\\n".to_owned()),
                Just(base64(GOOD)),
                Just(base64(case!("private-ec.pem"))),
            ],
            0..8,
        ),
    ) {
        let read = read(parts.concat().as_bytes());
        prop_assert!(!read.certificates.is_empty() || !read.findings.is_empty());
    }

    /// Whatever becomes of a certificate, it is another one or none.
    #[test]
    fn a_changed_byte_never_gives_the_same_certificate(at in 0_usize..700, by in 1_u8..=255) {
        let mut der = good().der().to_vec();
        let at = at % der.len();
        der[at] ^= by;
        for certificate in read(&der).certificates {
            prop_assert!(certificate.sha256() != good().sha256());
            let _ = certificate.findings(now());
            let _ = certificate.shown(now());
        }
    }

    #[test]
    fn a_bundle_with_changed_bytes_is_no_panic(at in 0_usize..1559, by in 1_u8..=255, cut in 0_usize..1559) {
        let mut der = case!("pkcs7.der").to_vec();
        der[at] ^= by;
        let _ = read(&der);
        let _ = read(&der[cut..]);
        let _ = read(&der[..cut]);
    }
}

#[test]
fn a_certificate_with_one_character_changed_is_not_the_one_that_was_signed() {
    let der = one(GOOD).der().to_vec();
    let key = one(GOOD).public_key().to_vec();
    let at = der.windows(key.len()).position(|it| it == key).unwrap() + key.len() / 2;
    let codes = |der: &[u8]| -> Vec<String> {
        let certificate = Certificate::from_der(der).unwrap();
        let findings = certificate.of_itself();
        findings.iter().map(|one| one.fault.code()).collect()
    };
    assert_eq!(codes(&der), [""; 0]);
    let mut altered = der.clone();
    altered[at] ^= 1;
    assert_eq!(codes(&altered), ["certificate_altered"]);
}

#[test]
fn a_certificate_that_another_key_of_the_same_name_has_signed_is_not_taken_for_altered() {
    let [old, new] = [(); 2].map(|()| rcgen::KeyPair::generate().unwrap());
    let mut params = rcgen::CertificateParams::new(vec![]).unwrap();
    params
        .distinguished_name
        .push(rcgen::DnType::CommonName, "idp.acme.example");
    params.is_ca = rcgen::IsCa::ExplicitNoCa;
    params.use_authority_key_identifier_extension = true;
    let issuer = rcgen::Issuer::from_params(&params, &old);
    let renewed = params.signed_by(&new, &issuer).unwrap();
    let findings = Certificate::from_der(renewed.der()).unwrap().of_itself();
    assert_eq!(findings, []);

    params.use_authority_key_identifier_extension = false;
    let issuer = rcgen::Issuer::from_params(&params, &old);
    let silent = params.signed_by(&new, &issuer).unwrap();
    let findings = Certificate::from_der(silent.der()).unwrap().of_itself();
    let codes: Vec<_> = findings.iter().map(|one| one.fault.code()).collect();
    assert_eq!(codes, ["certificate_altered"], "nothing says otherwise");
}
