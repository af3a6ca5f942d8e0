//! A SAML set-up with one planted mistake each.

use super::*;
use crate::certificate;
use crate::connection::{Protocol, RequestBinding};

/// A certificate that is made for tests.
macro_rules! case {
    ($name:literal) => {
        include_str!(concat!("../../certificate/cases/", $name))
    };
}

const GOOD: &str = case!("rsa-2048.pem");
const NEXT: &str = case!("rsa-2048-next.pem");
const FIRST: &str = "connection.certificates[0]";
const SECOND: &str = "connection.certificates[1]";

fn saml() -> SetUp {
    let mut set_up = good();
    let fields = &mut set_up.connection;
    fields.protocol = Protocol::Saml;
    fields.provider = "jumpcloud".into();
    fields.client_id = String::new();
    fields.issuer = "JumpCloud".into();
    fields.sign_on_url = "https://sso.jumpcloud.com/saml2/acme".into();
    fields.certificates = vec![GOOD.into()];
    set_up
}

/// What is found, with what is a matter of time.
fn found(set_up: &SetUp) -> Vec<(Severity, String, String)> {
    let now = "2026-11-23T12:00:00Z".parse().unwrap();
    check(set_up, Catalogue::built_in())
        .findings
        .into_iter()
        .chain(expiry(set_up, now))
        .map(|it| (it.severity, it.fault.code(), it.path.unwrap_or_default()))
        .collect()
}

#[track_caller]
fn finds(change: impl FnOnce(&mut SetUp), expected: &[(Severity, &str, &str)]) {
    let mut set_up = saml();
    change(&mut set_up);
    let found = found(&set_up);
    let found: Vec<_> = found
        .iter()
        .map(|(severity, code, path)| (*severity, code.as_str(), path.as_str()))
        .collect();
    assert_eq!(found, expected);
    let has_error = check(&set_up, Catalogue::built_in())
        .findings
        .iter()
        .any(|it| it.is_error() && it.path.as_deref().unwrap().starts_with("connection"));
    let connection = check(&set_up, Catalogue::built_in()).connection;
    assert_eq!(connection.is_none(), has_error);
}

fn with(certificates: &[&str]) -> impl FnOnce(&mut SetUp) {
    let certificates = certificates.iter().map(|it| (*it).to_owned()).collect();
    |set_up| set_up.connection.certificates = certificates
}

use Severity::{Error, Note, Warning};

#[test]
fn a_good_set_up_becomes_a_connection() {
    finds(|_| {}, &[]);
    let Some(Connection::Saml(connection)) = check(&saml(), Catalogue::built_in()).connection
    else {
        panic!("no connection");
    };
    assert_eq!(connection.issuer, "JumpCloud");
    assert_eq!(connection.audience, "torq.io");
    assert_eq!(
        connection.sign_on_url.as_str(),
        "https://sso.jumpcloud.com/saml2/acme"
    );
    assert_eq!(
        connection.login_redirect_url.as_str(),
        "https://app.torq.io/__/auth/handler"
    );
    assert_eq!(
        connection.certificates,
        certificate::read(GOOD.as_bytes()).certificates
    );
    assert!(!connection.sign_requests);
}

#[test]
fn what_the_set_up_says_goes_before_the_providers_guide() {
    let mut set_up = saml();
    set_up.connection.request_binding = Some(RequestBinding::Post);
    set_up.connection.sign_requests = Some(true);
    set_up.connection.audience = Some("https://staging.torq.io".into());
    let Some(Connection::Saml(connection)) = check(&set_up, Catalogue::built_in()).connection
    else {
        panic!("no connection");
    };
    assert_eq!(connection.request_binding, RequestBinding::Post);
    assert!(connection.sign_requests);
    assert_eq!(connection.audience, "https://staging.torq.io");
}

#[test]
fn each_entry_may_hold_several_certificates_in_any_form() {
    let both = format!("{GOOD}{NEXT}");
    let bare: String = NEXT.lines().filter(|it| !it.starts_with('-')).collect();
    for entries in [&[both.as_str()][..], &[GOOD, NEXT], &[GOOD, &bare]] {
        let mut set_up = saml();
        with(entries)(&mut set_up);
        assert_eq!(found(&set_up), []);
        let Some(Connection::Saml(connection)) = check(&set_up, Catalogue::built_in()).connection
        else {
            panic!("no connection");
        };
        assert_eq!(connection.certificates.len(), 2);
    }
}

#[test]
fn a_certificate_that_was_read_from_damaged_text_is_noted() {
    let (begin, _) = GOOD.split_once("-----END").unwrap();
    let lines = GOOD.replace('\n', " ");
    let escaped = GOOD.replace('+', "&#43;");
    let explained = format!("Signing certificate:\n{GOOD}");
    for text in [begin, &lines, &escaped, &explained] {
        finds(with(&[text]), &[(Note, "certificate_text_damaged", FIRST)]);
    }
    let windows = GOOD.replace('\n', "\r\n");
    finds(with(&[&windows]), &[]);
}

#[test]
fn certificates_that_are_missing_or_twice_are_named_by_their_entry() {
    let all = "connection.certificates";
    finds(with(&[]), &[(Error, "field_missing", all)]);
    finds(with(&["", " "]), &[(Error, "field_missing", all)]);
    finds(with(&[GOOD, "\n"]), &[(Error, "field_missing", SECOND)]);
    finds(
        with(&[GOOD, GOOD]),
        &[(Warning, "certificate_twice", SECOND)],
    );
    let twice = format!("{GOOD}{GOOD}");
    finds(with(&[&twice]), &[(Note, "certificate_twice", FIRST)]);
}

#[test]
fn what_is_no_certificate_is_an_error_at_its_entry() {
    for (text, code) in [
        (
            case!("private-pkcs8.pem"),
            "private_key_instead_of_certificate",
        ),
        (
            case!("private-ec.pem"),
            "private_key_instead_of_certificate",
        ),
        (case!("request.pem"), "request_instead_of_certificate"),
        (case!("public.pem"), "public_key_instead_of_certificate"),
        (&GOOD[..700], "certificate_cut_off"),
        (
            "https://acme.okta.com/metadata",
            "address_instead_of_certificate",
        ),
        ("See the attachment", "certificate_not_found"),
        ("<paste your certificate here>", "placeholder_left_in"),
        (
            "-----BEGIN CERTIFICATE-----\n{certificate}\n-----END CERTIFICATE-----",
            "placeholder_left_in",
        ),
    ] {
        finds(with(&[text]), &[(Error, code, FIRST)]);
        finds(with(&[GOOD, text]), &[(Error, code, SECOND)]);
    }
    let both = format!("{GOOD}{}", case!("private-pkcs8.pem"));
    finds(
        with(&[&both]),
        &[(Error, "private_key_instead_of_certificate", FIRST)],
    );
}

#[test]
fn a_certificate_that_serves_nothing_is_an_error_unless_another_serves() {
    for (text, code) in [
        (case!("rsa-1024.pem"), "certificate_key_short"),
        (case!("ed25519.pem"), "certificate_key_unsupported"),
        (case!("ec-p521.pem"), "certificate_key_unsupported"),
    ] {
        finds(with(&[text]), &[(Error, code, FIRST)]);
        finds(with(&[GOOD, text]), &[(Warning, code, SECOND)]);
    }
    for (text, code) in [
        (case!("encryption.pem"), "certificate_not_for_signing"),
        (case!("chain.pem"), "certificate_chain"),
    ] {
        let mut set_up = saml();
        with(&[text])(&mut set_up);
        let expected = (Warning, code.to_owned(), FIRST.to_owned());
        assert!(found(&set_up).contains(&expected), "{code}");
    }
}

#[test]
fn an_expired_certificate_is_an_error_unless_another_one_is_valid() {
    for (text, code) in [
        (case!("expired.pem"), "certificate_expired"),
        (case!("not-yet-valid.pem"), "certificate_not_yet_valid"),
    ] {
        let mut set_up = saml();
        with(&[text])(&mut set_up);
        assert_eq!(found(&set_up), [(Error, code.to_owned(), FIRST.to_owned())]);
        // Time alone takes no connection away: what it proved stays proved.
        assert!(check(&set_up, Catalogue::built_in()).connection.is_some());
        with(&[text, GOOD])(&mut set_up);
        assert_eq!(
            found(&set_up),
            [(Warning, code.to_owned(), FIRST.to_owned())]
        );
    }
}

#[test]
fn the_issuer_is_any_text_but_not_nothing_and_no_placeholder() {
    const ISSUER: &str = "connection.issuer";
    let issuer = |text: &str| {
        let text = text.to_owned();
        move |set_up: &mut SetUp| {
            set_up.connection.provider = "other".into();
            set_up.connection.sign_on_url = "https://idp.acme.example/sso".into();
            set_up.connection.issuer = text;
        }
    };
    for fine in [
        "Acme identity provider",
        "urn:acme:idp",
        "http://www.acme.example/exk1",
        "https://idp.acme.example/saml/",
        "ACME",
        "é",
    ] {
        finds(issuer(fine), &[]);
    }
    for (text, code) in [
        ("", "field_missing"),
        ("  ", "field_missing"),
        ("ACME ", "field_has_space_around"),
        ("\u{A0}ACME", "field_has_space_around"),
        ("AC\nME", "field_has_control_characters"),
        ("AC\u{200B}ME", "field_has_control_characters"),
        ("<entity ID>", "placeholder_left_in"),
        ("https://sts.windows.net/{tenantid}/", "placeholder_left_in"),
        (&"é".repeat(1_025), "field_too_long"),
    ] {
        finds(issuer(text), &[(Error, code, ISSUER)]);
    }
}

#[test]
fn the_sign_on_address_is_checked_as_addresses_are() {
    const SIGN_ON: &str = "connection.sign_on_url";
    for (text, code) in [
        ("", "field_missing"),
        ("acme", "not_an_address"),
        ("http://sso.jumpcloud.com/saml2/acme", "address_not_https"),
        (
            "https://sso.jumpcloud.com/saml2/ac me",
            "field_has_space_inside",
        ),
        (
            "https://sso.jumpcloud.com/saml2/acme ",
            "field_has_space_around",
        ),
        (
            "https://sso.jumpcloud.com/saml2/<name>",
            "placeholder_left_in",
        ),
        (
            "https://u:p@sso.jumpcloud.com/saml2/acme",
            "address_has_user_info",
        ),
    ] {
        finds(
            |set_up| set_up.connection.sign_on_url = text.into(),
            &[(Error, code, SIGN_ON)],
        );
    }
    let mut set_up = saml();
    set_up.connection.provider = "other".into();
    set_up.connection.sign_on_url = "https://app.torq.io/__/auth/handler".into();
    let expected = (Error, "provider_at_service".to_owned(), SIGN_ON.to_owned());
    assert!(found(&set_up).contains(&expected), "{:?}", found(&set_up));
}

#[test]
fn a_name_and_an_address_in_each_others_field_are_told() {
    let mut set_up = saml();
    set_up.connection.issuer = "https://sso.jumpcloud.com/saml2/acme".into();
    set_up.connection.sign_on_url = "JumpCloud".into();
    let found = found(&set_up);
    for (code, path) in [
        ("not_an_address", "connection.sign_on_url"),
        ("entity_id_and_sign_on_url_swapped", "connection.issuer"),
    ] {
        let expected = (Error, code.to_owned(), path.to_owned());
        assert!(found.contains(&expected), "{found:?}");
    }
}

#[test]
fn fields_of_the_other_protocol_are_named() {
    let unused = "field_of_other_protocol";
    finds(
        |set_up| {
            set_up.connection.client_id = "0oa1".into();
            set_up.connection.login_hint = Some(true);
        },
        &[
            (Note, unused, "connection.client_id"),
            (Note, unused, "connection.login_hint"),
        ],
    );
    let mut oidc = good();
    oidc.connection.certificates = vec![GOOD.into()];
    oidc.connection.sign_requests = Some(true);
    let paths: Vec<String> = found(&oidc).into_iter().map(|(.., path)| path).collect();
    assert_eq!(
        paths,
        ["connection.certificates", "connection.sign_requests"]
    );
}

#[test]
fn a_service_of_ones_own_needs_its_audience() {
    let mut set_up = saml();
    set_up.workspace.service = ServiceChoice::Described(crate::set_up::DescribedService {
        name: "Ledger".into(),
        login_redirect_url: "https://ledger.acme.example/acs".into(),
        audience: "urn:ledger".into(),
        roles: vec!["Owner".into()],
        fallback: "None".into(),
    });
    let Some(Connection::Saml(connection)) = check(&set_up, Catalogue::built_in()).connection
    else {
        panic!("no connection");
    };
    assert_eq!(connection.audience, "urn:ledger");
    let ServiceChoice::Described(described) = &mut set_up.workspace.service else {
        panic!("no service");
    };
    for audience in ["", "urn: ledger"] {
        described.audience = audience.into();
    }
    assert!(check(&set_up, Catalogue::built_in()).connection.is_none());
}
