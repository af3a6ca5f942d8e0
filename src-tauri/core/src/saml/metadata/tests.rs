use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::*;
use crate::connection::SamlConnection;
use crate::saml::key_pair::KeyPair;

const NAMESPACES: &str = "xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
                          xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"";
const ROLE: &str =
    "<md:IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">";

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn certificate(name: &str) -> String {
    let pem = match name {
        "good" => include_str!("../../certificate/cases/rsa-2048.pem"),
        "next" => include_str!("../../certificate/cases/rsa-2048-next.pem"),
        "old" => include_str!("../../certificate/cases/expired.pem"),
        _ => include_str!("../../certificate/cases/encryption.pem"),
    };
    pem.lines().filter(|line| !line.starts_with('-')).collect()
}

fn key(usage: &str, name: &str) -> String {
    format!(
        "<md:KeyDescriptor{usage}><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}\
         </ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>",
        certificate(name)
    )
}

fn sign_on(binding: &str) -> String {
    format!(
        "<md:SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:{binding}\" \
         Location=\"https://idp.acme.example/{binding}\"/>"
    )
}

/// The content of a usual provider's role.
fn usual() -> String {
    key(" use=\"signing\"", "good") + &sign_on("HTTP-POST") + &sign_on("HTTP-Redirect")
}

fn described(id: &str, inside: &str) -> String {
    format!("<md:EntityDescriptor {NAMESPACES} entityID=\"{id}\">{inside}</md:EntityDescriptor>")
}

fn provider(id: &str, inside: &str) -> String {
    described(id, &format!("{ROLE}{inside}</md:IDPSSODescriptor>"))
}

#[track_caller]
fn one(xml: &str) -> Entity {
    let mut metadata = read(xml.as_bytes(), now()).unwrap();
    assert_eq!(metadata.entities.len(), 1);
    metadata.entities.remove(0)
}

#[track_caller]
fn refused(input: &[u8]) -> String {
    read(input, now()).unwrap_err().code()
}

fn codes(told: &[Told]) -> Vec<&str> {
    told.iter().map(|it| it.code.as_str()).collect()
}

#[test]
fn a_provider_tells_all_that_the_form_asks_for() {
    let xml = described(
        "http://www.okta.com/exk1",
        &format!(
            "{}<md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>{}</md:IDPSSODescriptor>",
            ROLE.replace(
                "protocolSupport",
                "WantAuthnRequestsSigned=\"true\" protocolSupport"
            ),
            usual()
        ),
    );
    for input in [
        xml.clone(),
        format!("\u{FEFF}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n{xml}\r\n"),
        xml.replace("md:", "").replace("xmlns:md", "xmlns"),
        xml.replace("<md:KeyDescriptor", "<!-- a comment --><md:KeyDescriptor"),
    ] {
        let metadata = read(input.as_bytes(), now());
        let Ok(metadata) = metadata else {
            panic!("{metadata:?}: {input}");
        };
        assert_eq!(metadata.findings, []);
        assert_eq!(metadata.signed, MetadataSignature::Unsigned);
        let entity = &metadata.entities[0];
        assert_eq!(entity.entity_id, "http://www.okta.com/exk1");
        assert_eq!(entity.findings, []);
        let ways: Vec<_> = entity
            .sign_on
            .iter()
            .map(|it| (it.binding, it.address.as_str()))
            .collect();
        assert_eq!(
            ways,
            [
                (
                    Some(RequestBinding::Post),
                    "https://idp.acme.example/HTTP-POST"
                ),
                (
                    Some(RequestBinding::Redirect),
                    "https://idp.acme.example/HTTP-Redirect"
                ),
            ]
        );
        assert_eq!(entity.certificates.len(), 1);
        assert_eq!(
            entity.certificates[0].subject,
            "O=Acme, CN=idp.acme.example"
        );
        assert!(entity.wants_signed_requests);
        assert_eq!(
            entity.name_id_formats,
            ["urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"]
        );
    }
}

#[test]
fn signing_certificates_are_told_from_those_for_encryption() {
    let xml = provider(
        "a",
        &format!(
            "{}{}{}{}{}",
            key("", "good"),
            key(" use=\"signing\"", "next"),
            key(" use=\"signing\"", "good"),
            key(" use=\"encryption\"", "encryption"),
            sign_on("HTTP-POST"),
        ),
    );
    let entity = one(&xml);
    let of = |list: &[CertificateShown]| -> Vec<String> {
        list.iter().map(|it| it.not_after.to_string()).collect()
    };
    assert_eq!(
        of(&entity.certificates),
        ["2035-01-01T00:00:00Z", "2036-06-01T00:00:00Z"]
    );
    assert_eq!(entity.encryption_certificates.len(), 1);
    assert_eq!(
        codes(&entity.findings),
        ["metadata_with_several_certificates"]
    );
}

#[test]
fn what_a_provider_lacks_is_said() {
    let post = sign_on("HTTP-POST");
    let good = key(" use=\"signing\"", "good");
    let garbage = good.replace(&certificate("good"), "AAAA");
    let keyless =
        "<md:KeyDescriptor><ds:KeyInfo><ds:KeyName>x</ds:KeyName></ds:KeyInfo></md:KeyDescriptor>";
    for (inside, expected) in [
        (good.clone(), &["metadata_without_sign_on"][..]),
        (
            good.clone() + &sign_on("SOAP"),
            &["metadata_without_sign_on"],
        ),
        (
            good.clone() + "<md:SingleSignOnService/>",
            &["metadata_without_sign_on"],
        ),
        (post.clone(), &["metadata_without_certificate"]),
        (
            key(" use=\"encryption\"", "good") + &post,
            &["metadata_with_encryption_only"],
        ),
        (
            key("", "old") + &post,
            &["metadata_certificates_not_current"],
        ),
        (
            garbage + &post,
            &[
                "metadata_certificate_unreadable",
                "metadata_without_certificate",
            ],
        ),
        (
            keyless.to_owned() + &good + &post,
            &["metadata_key_without_certificate"],
        ),
        (good + &post, &[]),
    ] {
        assert_eq!(codes(&one(&provider("a", &inside)).findings), expected);
    }
}

#[test]
fn a_way_that_is_not_sent_is_named_all_the_same() {
    let entity = one(&provider("a", &(usual() + &sign_on("SOAP"))));
    assert_eq!(entity.sign_on[2].binding, None);
    assert_eq!(entity.sign_on[2].name, "SOAP");
}

#[test]
fn of_several_the_providers_are_kept_with_their_names() {
    let service = described("sp", "<md:SPSSODescriptor/>");
    let named = provider(
        "b",
        &format!(
            "<md:Extensions><mdui:UIInfo xmlns:mdui=\"urn:oasis:names:tc:SAML:metadata:ui\">\
             <mdui:DisplayName xml:lang=\"de\">Hochschule</mdui:DisplayName>\
             <mdui:DisplayName xml:lang=\"en\">University</mdui:DisplayName>\
             </mdui:UIInfo></md:Extensions>{}",
            usual()
        ),
    );
    let nameless = provider("", &usual());
    let xml = format!(
        "<md:EntitiesDescriptor {NAMESPACES} validUntil=\"2026-11-01T00:00:00Z\">{}\
         <md:EntitiesDescriptor>{named}{service}</md:EntitiesDescriptor>{nameless}</md:EntitiesDescriptor>",
        provider("a", &usual()).replace("entityID", "validUntil=\"2026-11-02T00:00:00Z\" entityID")
    );
    let metadata = read(xml.as_bytes(), now()).unwrap();
    assert_eq!(codes(&metadata.entities[0].findings), ["metadata_expired"]);
    let entities: Vec<_> = metadata
        .entities
        .iter()
        .map(|it| (it.entity_id.as_str(), it.name.as_deref()))
        .collect();
    assert_eq!(entities, [("a", None), ("b", Some("University"))]);
    assert_eq!(
        codes(&metadata.findings),
        [
            "metadata_expired",
            "metadata_of_several",
            "metadata_entity_id_missing"
        ]
    );
}

#[test]
fn three_thousand_are_read_and_six_thousand_are_not() {
    let many = |count: usize| {
        let entities: String = (0..count)
            .map(|index| provider(&format!("e{index}"), &sign_on("HTTP-POST")))
            .collect();
        format!("<md:EntitiesDescriptor {NAMESPACES}>{entities}</md:EntitiesDescriptor>")
    };
    let metadata = read(many(3_000).as_bytes(), now()).unwrap();
    assert_eq!(metadata.entities.len(), 3_000);
    assert_eq!(
        refused(many(6_000).as_bytes()),
        "metadata_too_many_entities"
    );
}

#[test]
fn what_is_no_providers_metadata_is_named() {
    let of_service = crate::saml::request::service_metadata(&crate::saml::request::OwnMetadata {
        entity_id: "torq.io",
        acs: &"https://app.torq.io/__/auth/handler".parse().unwrap(),
        key_pair: None,
        requests_signed: false,
        want_assertions_signed: true,
    });
    let saml_1 = provider("a", &usual()).replace("SAML:2.0:protocol", "SAML:1.1:protocol");
    let federation = described(
        "a",
        "<md:RoleDescriptor xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
         xmlns:fed=\"http://docs.oasis-open.org/wsfed/federation/200706\" xsi:type=\"fed:SecurityTokenServiceType\"/>",
    );
    let long = provider(&"x".repeat(1_025), &usual());
    for (input, code) in [
        ("", "metadata_empty"),
        (" \n", "metadata_empty"),
        (
            "<!DOCTYPE html><html><title>Sign in</title></html>",
            "metadata_is_html",
        ),
        ("\u{FEFF}\n<HTML><body>", "metadata_is_html"),
        (
            "<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\"/>",
            "metadata_is_html",
        ),
        (
            "{\"issuer\": \"https://acme.okta.com\"}",
            "metadata_is_discovery",
        ),
        ("{\"keys\": []}", "not_metadata"),
        (
            include_str!("../../certificate/cases/rsa-2048.pem"),
            "metadata_is_certificate",
        ),
        (
            include_str!("../../certificate/cases/private-ec.pem"),
            "metadata_is_certificate",
        ),
        (
            "https://acme.okta.com/app/exk1/sso/saml/metadata",
            "metadata_is_address",
        ),
        ("Ask Bob for the metadata.", "not_metadata"),
        (
            "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\"/>",
            "metadata_root_differs",
        ),
        (
            "<EntityDescriptor entityID=\"a\"/>",
            "metadata_root_differs",
        ),
        (
            "<!DOCTYPE EntityDescriptor [<!ENTITY a \"b\">]><EntityDescriptor/>",
            "xml_has_doctype",
        ),
        (&of_service, "metadata_of_service"),
        (&saml_1, "metadata_of_other_protocol"),
        (&federation, "metadata_of_other_protocol"),
        (&described("a", ""), "metadata_without_provider"),
        (&provider("", &usual()), "metadata_entity_id_missing"),
        (&long, "metadata_entity_id_missing"),
        (&provider("a", &usual())[..700], "metadata_malformed"),
    ] {
        assert_eq!(refused(input.as_bytes()), code, "{input}");
    }
    assert_eq!(refused(&vec![b' '; LARGEST]), "metadata_empty");
    let mut large = b"<a>".to_vec();
    large.resize(LARGEST + 1, b' ');
    assert_eq!(refused(&large), "metadata_too_large");
}

#[test]
fn an_answer_from_an_address_is_read_or_its_status_is_named() {
    let answer = |status, location: Option<&str>, body: &str| HttpAnswer {
        asked: "https://acme.okta.com/metadata?x=1".parse().unwrap(),
        status,
        content_type: None,
        location: location.map(str::to_owned),
        body: body.into(),
    };
    let says_html = |mut answer: HttpAnswer| {
        answer.content_type = Some("Text/HTML; charset=utf-8".to_owned());
        answer
    };
    let xml = provider("a", &usual());
    assert!(answered(&answer(200, None, &xml), now()).is_ok());
    for (answer, code) in [
        (answer(404, None, &xml), "http_status"),
        (
            answer(302, Some("https://acme.okta.com/login"), ""),
            "redirects_elsewhere",
        ),
        (
            answer(200, None, "<!doctype html><p>Sign in</p>"),
            "metadata_is_html",
        ),
        (answer(200, None, ""), "metadata_empty"),
        (
            says_html(answer(200, None, "<!-- v7 -->\n<p>Sign in<br></p>")),
            "metadata_is_html",
        ),
    ] {
        assert_eq!(answered(&answer, now()).unwrap_err().code(), code);
    }
    // What is metadata is read, whatever a server calls it.
    assert!(answered(&says_html(answer(200, None, &xml)), now()).is_ok());
}

#[test]
fn an_end_of_validity_is_read_in_each_form_of_writing_it() {
    for (written, expected) in [
        ("2026-12-01T00:00:00Z", Some("2026-12-01T00:00:00Z")),
        (
            "2026-12-01T02:00:00.5+02:00",
            Some("2026-12-01T00:00:00.5Z"),
        ),
        ("2026-12-01T00:00:00", Some("2026-12-01T00:00:00Z")),
        // Never, as providers write it: hours beyond the last moment that can be told.
        (
            "9999-12-31T23:59:59Z",
            Some("9999-12-30T22:00:00.999999999Z"),
        ),
        ("tomorrow", None),
        ("", None),
    ] {
        let xml = provider("a", &usual())
            .replace("entityID", &format!("validUntil=\"{written}\" entityID"));
        let metadata = read(xml.as_bytes(), now()).unwrap();
        let read = metadata.valid_until.map(|it| it.to_string());
        assert_eq!(read.as_deref(), expected, "{written}");
        assert_eq!(metadata.findings, []);
    }
}

#[test]
fn attributes_of_another_namespace_say_nothing() {
    let foreign = |name: &str| format!("x:{name}=\"urn:oasis:names:tc:SAML:2.0:protocol\" ");
    let xml = described(
        "a",
        &format!(
            "<md:IDPSSODescriptor xmlns:x=\"urn:x\" {} x:WantAuthnRequestsSigned=\"true\">{}{}</md:IDPSSODescriptor>",
            foreign("protocolSupportEnumeration"),
            key(" xmlns:x=\"urn:x\" x:use=\"encryption\"", "good"),
            "<md:SingleSignOnService xmlns:x=\"urn:x\" x:Location=\"https://evil.example/\" \
             Location=\"https://idp.acme.example/sso\" \
             Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\"/>",
        ),
    )
    .replace("entityID", "xmlns:x=\"urn:x\" x:entityID=\"evil\" x:validUntil=\"2020-01-01T00:00:00Z\" entityID");
    let entity = one(&xml);
    assert_eq!(entity.entity_id, "a");
    assert_eq!(entity.valid_until, None);
    assert!(!entity.wants_signed_requests);
    assert_eq!(entity.certificates.len(), 1);
    assert_eq!(entity.sign_on[0].address, "https://idp.acme.example/sso");
}

/// Metadata that is its own canonical form, signed.
fn signed(key: &KeyPair, id: &str) -> String {
    let start = format!(
        "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" ID=\"_1\" entityID=\"{id}\">"
    );
    let end = format!(
        "{ROLE}<md:SingleSignOnService \
         Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
         Location=\"https://idp.acme.example/\"></md:SingleSignOnService></md:IDPSSODescriptor></md:EntityDescriptor>"
    );
    let digest = STANDARD.encode(Sha256::digest(format!("{start}{end}")));
    let signature = crate::saml::request::signature("_1", &digest, key);
    format!("{start}{signature}{end}")
}

#[test]
fn a_signature_counts_only_by_a_certificate_that_was_given() {
    let key = KeyPair::make("federation", now()).unwrap();
    let other = KeyPair::make("federation", now()).unwrap();
    let xml = signed(&key, "a");
    let certificates = [key.certificate().clone()];

    let unchecked = read(xml.as_bytes(), now()).unwrap();
    assert_eq!(unchecked.signed, MetadataSignature::NotChecked);
    assert_eq!(
        codes(&unchecked.findings),
        ["metadata_signature_not_checked"]
    );
    let checked = read_signed(xml.as_bytes(), now(), &certificates).unwrap();
    assert_eq!(checked.signed, MetadataSignature::Verified);
    assert_eq!(checked.entities[0].entity_id, "a");
    assert_eq!(checked.findings, []);

    let others = [other.certificate().clone()];
    assert!(read_signed(xml.as_bytes(), now(), &others).is_err());
    assert!(read_signed(xml.as_bytes(), now(), &[]).is_err());
    let changed = xml.replace("idp.acme.example", "evil.example");
    assert!(read_signed(changed.as_bytes(), now(), &certificates).is_err());
    let unsigned = provider("a", &usual());
    let refused = read_signed(unsigned.as_bytes(), now(), &certificates).unwrap_err();
    assert_eq!(refused, [Finding::error(Fault::MetadataUnsigned {})]);
}

#[test]
fn what_changed_between_two_readings_is_told_field_by_field() {
    let before = one(&provider("a", &usual()));
    let of = |xml: String| -> Vec<(String, String)> {
        changes(&before, &one(&xml))
            .into_iter()
            .map(|it| (it.fault.code(), it.path.unwrap()))
            .collect()
    };
    let at = |code: &str, field: &str| (code.to_owned(), format!("connection.{field}"));
    assert_eq!(of(provider("a", &usual())), []);
    assert_eq!(
        of(provider("a", &(usual() + &sign_on("SOAP")))),
        [],
        "a new way changes nothing"
    );
    assert_eq!(
        of(provider("b", &usual())),
        [at("metadata_entity_changed", "issuer")]
    );
    assert_eq!(
        of(provider("a", &usual().replace("/HTTP-POST", "/new"))),
        [at("metadata_sign_on_changed", "sign_on_url")]
    );
    assert_eq!(
        of(provider("a", &(usual() + &key("", "next")))),
        [at("metadata_certificate_added", "certificates")]
    );
    let rotated = key("", "next") + &sign_on("HTTP-POST") + &sign_on("HTTP-Redirect");
    assert_eq!(
        of(provider("a", &rotated)),
        [
            at("metadata_certificate_added", "certificates"),
            at("metadata_certificate_removed", "certificates"),
        ]
    );
    let wants = provider("a", &usual()).replace(
        "protocolSupport",
        "WantAuthnRequestsSigned=\"1\" protocolSupport",
    );
    assert_eq!(
        of(wants),
        [at("metadata_wants_signed_requests", "sign_requests")]
    );
}

#[test]
fn a_connection_is_held_against_metadata_by_the_way_that_it_uses() {
    let good = include_bytes!("../../certificate/cases/rsa-2048.pem");
    let connection = SamlConnection {
        provider: "other".into(),
        issuer: "a".into(),
        sign_on_url: "https://idp.acme.example/HTTP-Redirect".parse().unwrap(),
        request_binding: RequestBinding::Redirect,
        sign_requests: false,
        certificates: crate::certificate::read(good).certificates,
        audience: "torq.io".into(),
        login_redirect_url: "https://app.torq.io/__/auth/handler".parse().unwrap(),
    };
    let known = Entity::of_connection(&connection, now());
    assert_eq!(changes(&known, &one(&provider("a", &usual()))), []);
    let moved = one(&provider("a", &usual().replace("/HTTP-Redirect", "/new")));
    assert_eq!(changes(&known, &moved).len(), 1);
    let other_way = one(&provider("a", &usual().replace("/HTTP-POST", "/new")));
    assert_eq!(changes(&known, &other_way), []);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn any_bytes_are_no_panic(input: Vec<u8>) {
        prop_assert!(read(&input, now()).is_err());
    }

    #[test]
    fn metadata_with_a_changed_byte_is_no_panic(at: prop::sample::Index, by in 1_u8..=255) {
        let mut xml = provider("a", &usual()).into_bytes();
        let at = at.index(xml.len());
        xml[at] ^= by;
        let _ = read(&xml, now());
    }
}
