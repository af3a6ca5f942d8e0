use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::connection::Protocol::{self, Oidc, Saml};

mod addresses;
mod answers;
mod documents;

const TENANT: &str = "6f9619ff-8b86-d011-b42d-00cf4fc964ff";
const GUID: &str = "3c2f8a51-7d7e-4b0f-9c15-1a2b3c4d5e6f";
const OKTA_ID: &str = "0oa1b2c3d4E5F6g7H8i9";
const ENTRA_SECRET: &str = "abc8Q~dEfGhIjKlMnOpQrStUvWxYz0123456789a";

const ISSUER: &str = "connection.issuer";
const ID: &str = "connection.client_id";
const SECRET: &str = "connection.client_secret";
const SIGN_ON: &str = "connection.sign_on_url";
const CERTS: &str = "connection.certificates";
const METADATA: &str = "connection.metadata";
const REDIRECT: &str = "connection.login_redirect_url";
const AUDIENCE: &str = "connection.audience";
const OWNER: &str = "workspace.owner_email";

fn set_up(provider: &str, protocol: Protocol) -> SetUp {
    let mut set_up = SetUp::default();
    set_up.workspace.region = "us".to_owned();
    set_up.workspace.owner_email = "olivia@acme.example".to_owned();
    set_up.connection.provider = provider.to_owned();
    set_up.connection.protocol = protocol;
    set_up
}

fn pasted(text: &str, provider: &str, protocol: Protocol, field: Option<&str>) -> Recognised {
    recognise(
        text,
        &Context {
            field,
            set_up: &set_up(provider, protocol),
            catalogue: Catalogue::built_in(),
            discovered: None,
        },
    )
}

/// What it is, where it belongs, what stands there then, and what is said.
type Seen = (Kind, Option<String>, Option<String>, Option<String>);

fn seen(recognised: &Recognised) -> Seen {
    (
        recognised.kind,
        recognised.belongs_to.clone(),
        recognised.value().map(str::to_owned),
        recognised.finding.as_ref().map(|one| one.fault.code()),
    )
}

/// Pasted into any field: what it is, where it belongs, and the value, cleaned.
#[track_caller]
fn is(provider: &str, protocol: Protocol, text: &str, kind: Kind, field: &str, value: &str) {
    let (got, belongs, stands, _) = seen(&pasted(text, provider, protocol, None));
    assert_eq!(
        (got, belongs.as_deref(), stands.as_deref()),
        (kind, Some(field), Some(value)),
        "{text}"
    );
}

/// Pasted into this field: what is said, and nothing is kept.
#[track_caller]
fn refused(field: &str, text: &str, kind: Kind, code: &str) {
    let recognised = pasted(text, "okta", Oidc, Some(field));
    assert_eq!(
        seen(&recognised),
        (kind, None, None, Some(code.to_owned())),
        "{text}"
    );
    let path = recognised.finding.and_then(|finding| finding.path);
    assert_eq!(path.as_deref(), Some(field));
}

#[test]
fn ids_and_secrets_are_told_apart_by_their_shape() {
    for (provider, text, kind, field) in [
        ("okta", OKTA_ID, Kind::ClientId, ID),
        ("entra", GUID, Kind::ClientId, ID),
        ("onelogin", GUID, Kind::ClientId, ID),
        (
            "auth0",
            "aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW",
            Kind::ClientId,
            ID,
        ),
        (
            "google",
            "123-a1b2.apps.googleusercontent.com",
            Kind::ClientId,
            ID,
        ),
        (
            "other",
            "123-a1b2.apps.googleusercontent.com",
            Kind::ClientId,
            ID,
        ),
        ("other", OKTA_ID, Kind::ClientId, ID),
        ("entra", ENTRA_SECRET, Kind::ClientSecret, SECRET),
        ("okta", ENTRA_SECRET, Kind::ClientSecret, SECRET),
        (
            "google",
            "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",
            Kind::ClientSecret,
            SECRET,
        ),
    ] {
        is(provider, Oidc, text, kind, field, text);
    }
}

#[test]
fn none_of_these_stays_none_and_stays_where_it_was() {
    for text in [
        "torq",
        "SecOps",
        "hunter2",
        "0oa",
        "0oa1b2c3d4E5F6g7H8i",
        "0ob1b2c3d4E5F6g7H8i9",
        "aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW",
        "some words about nothing",
        "olivia@acme",
        "@acme.example",
        "eyJhbGciOiJub25lIn0",
        "eyJ.eyJ",
        "MII",
        "-----",
        "BEGIN CERTIFICATE",
        "6f9619ff-8b86-d011-b42d",
        "https",
        "https://",
        "ftp://a.example",
        "torq.io.example",
        "1234567890",
        "<",
        "[]",
        "a:b",
        "AADSTS",
        "código",
        "\u{1F511}",
        "GOCSPX-short",
        "Q~8secret-value",
    ] {
        let (kind, belongs, value, code) = seen(&pasted(text, "okta", Oidc, Some(ID)));
        assert_eq!(
            (kind, belongs.as_deref(), value.as_deref(), code),
            (Kind::Unknown, Some(ID), Some(text), None),
            "{text}"
        );
        assert_eq!(pasted(text, "okta", Oidc, None).belongs_to, None, "{text}");
    }
    for text in ["", " ", "\n\t", "\u{200B}", "\u{FEFF}"] {
        assert_eq!(
            pasted(text, "okta", Oidc, Some(ID)).kind,
            Kind::Empty,
            "{text:?}"
        );
    }
}

#[test]
fn a_value_in_the_wrong_field_is_named_and_moved() {
    let entra_saml = format!("https://login.microsoftonline.com/{TENANT}/saml2");
    let rows: [(&str, Protocol, &str, &str, &str); 14] = [
        ("okta", Oidc, ID, "https://acme.okta.com", ISSUER),
        ("okta", Oidc, ISSUER, OKTA_ID, ID),
        ("okta", Oidc, SECRET, OKTA_ID, ID),
        ("entra", Oidc, ID, ENTRA_SECRET, SECRET),
        (
            "okta",
            Saml,
            SIGN_ON,
            "https://acme.okta.com/app/exk1/sso/saml/metadata",
            METADATA,
        ),
        (
            "okta",
            Saml,
            SIGN_ON,
            "http://www.okta.com/exk1b2c3",
            ISSUER,
        ),
        (
            "okta",
            Saml,
            ISSUER,
            "https://acme.okta.com/app/a/exk1/sso/saml",
            SIGN_ON,
        ),
        ("entra", Saml, ISSUER, &entra_saml, SIGN_ON),
        (
            "google",
            Saml,
            SIGN_ON,
            "https://accounts.google.com/o/saml2?idpid=C01",
            ISSUER,
        ),
        (
            "google",
            Saml,
            ISSUER,
            "https://accounts.google.com/o/saml2/idp?idpid=C01",
            SIGN_ON,
        ),
        (
            "jumpcloud",
            Saml,
            ISSUER,
            "https://sso.jumpcloud.com/saml2/torq",
            SIGN_ON,
        ),
        ("jumpcloud", Saml, SIGN_ON, "JumpCloud", ISSUER),
        ("okta", Oidc, SECRET, "olivia@acme.example", OWNER),
        ("other", Oidc, ID, "https://id.acme.example", ISSUER),
    ];
    for (provider, protocol, field, text, belongs) in rows {
        let recognised = pasted(text, provider, protocol, Some(field));
        let (_, to, value, code) = seen(&recognised);
        assert_eq!(
            (to.as_deref(), value.as_deref(), code.as_deref()),
            (Some(belongs), Some(text), Some("pasted_elsewhere")),
            "{text}"
        );
        assert_eq!(recognised.finding.unwrap().path.as_deref(), Some(field));
        // In its own field there is nothing to say.
        assert_eq!(
            seen(&pasted(text, provider, protocol, Some(belongs))).3,
            None,
            "{text}"
        );
    }
}

#[test]
fn placeholders_are_no_values() {
    for text in [
        "<ApplicationClientID>",
        "{clientId}",
        "https://{yourOktaDomain}",
        "https://sso.jumpcloud.com/saml2/<NAME OF YOUR APP>",
        "https://login.microsoftonline.com/<tenant-id>/v2.0",
        "YOUR_CLIENT_ID",
        "your-tenant.eu.auth0.com",
        "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/v2.0",
        "changeme",
        "yourDomain.xyz",
    ] {
        refused(ISSUER, text, Kind::Placeholder, "placeholder_left_in");
    }
}

#[test]
fn a_guid_is_told_by_its_place() {
    let secret = pasted(GUID, "entra", Oidc, Some(SECRET));
    assert_eq!(
        seen(&secret),
        (Kind::SecretId, None, None, Some("pasted_secret_id".into()))
    );
    // Elsewhere a GUID may be a secret.
    assert_eq!(seen(&pasted(GUID, "keycloak", Oidc, Some(SECRET))).3, None);
    let issuer = format!("https://login.microsoftonline.com/{TENANT}/v2.0");
    let tenant = pasted(TENANT, "entra", Oidc, Some(ISSUER));
    assert_eq!(
        seen(&tenant),
        (
            Kind::TenantId,
            Some(ISSUER.into()),
            Some(issuer.clone()),
            None
        )
    );
    let mut known = set_up("entra", Oidc);
    known.connection.issuer = issuer.clone();
    let about = Context {
        field: Some(ID),
        set_up: &known,
        catalogue: Catalogue::built_in(),
        discovered: None,
    };
    let found = seen(&recognise(TENANT, &about));
    assert_eq!(
        found,
        (
            Kind::TenantId,
            Some(ISSUER.into()),
            Some(issuer),
            Some("pasted_elsewhere".into())
        )
    );
    assert_eq!(recognise(GUID, &about).kind, Kind::ClientId);
}

#[test]
fn noise_is_taken_away_and_what_cannot_be_seen_is_told() {
    for (text, value, told) in [
        ("  https://acme.okta.com \n", "https://acme.okta.com", false),
        ("\"https://acme.okta.com\",", "https://acme.okta.com", true),
        (
            "\u{201C}https://acme.okta.com\u{201D}",
            "https://acme.okta.com",
            true,
        ),
        (
            "https://acme.okta\u{200B}.com",
            "https://acme.okta.com",
            true,
        ),
        ("<https://acme.okta.com>", "https://acme.okta.com", true),
        (
            "https://acme.okta.com/oauth2/\ndefault",
            "https://acme.okta.com/oauth2/default",
            false,
        ),
        (
            "Olivia Park <olivia@acme.example>",
            "olivia@acme.example",
            false,
        ),
    ] {
        let field = if text.contains('@') { OWNER } else { ISSUER };
        let recognised = pasted(text, "okta", Oidc, Some(field));
        assert_eq!(recognised.value(), Some(value), "{text:?}");
        let code = recognised.finding.map(|finding| finding.fault.code());
        assert_eq!(
            code.as_deref(),
            told.then_some("pasted_cleaned"),
            "{text:?}"
        );
    }
}

#[test]
fn a_secret_is_printed_by_nothing() {
    let recognised = pasted(
        &format!("Client ID: {OKTA_ID}\nClient secret: hunter2-hunter2"),
        "okta",
        Oidc,
        None,
    );
    assert!(!format!("{recognised:?}").contains("hunter2"));
    let alone = pasted(ENTRA_SECRET, "entra", Oidc, Some(ID));
    assert!(!format!("{alone:?}").contains("8Q~"));
    let finding = serde_json::to_string(&alone.finding.unwrap().told()).unwrap();
    assert!(!finding.contains("8Q~"));
}

#[test]
fn what_is_too_long_is_not_read() {
    let long = "x".repeat(LARGEST + 1);
    let recognised = pasted(&long, "okta", Oidc, Some(ISSUER));
    assert_eq!(
        seen(&recognised),
        (Kind::Unknown, None, None, Some("pasted_too_long".into()))
    );
}

#[test]
fn metadata_is_read_from_a_paste_up_to_the_length_of_a_file() {
    let of = |role: &str, length: usize| {
        let role = format!("<md:{role}/>").repeat(length / (role.len() + 6));
        format!(
            "<md:EntitiesDescriptor><md:EntityDescriptor>{role}</md:EntityDescriptor></md:EntitiesDescriptor>\n"
        )
    };
    let kind = |text: &str| pasted(text, "other", Saml, None).kind;
    assert_eq!(
        kind(&of("IDPSSODescriptor", 2 * LARGEST)),
        Kind::ProviderMetadata
    );
    assert_eq!(kind(&of("SPSSODescriptor", 2 * LARGEST)), Kind::Unknown);
    let beyond = of("IDPSSODescriptor", crate::saml::metadata::LARGEST + 1000);
    assert_eq!(kind(&beyond), Kind::Unknown);
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_text_makes_it_panic(
        text in "\\PC*|(Client ID[:=\n\t ]|issuer:|https://|eyJ|-----BEGIN |MII|[{<&%=~./\n\u{e9}\u{200b}a-zA-Z0-9]){0,40}",
        provider in proptest::sample::select(vec!["okta", "entra", "auth0", "other", ""]),
        saml in proptest::bool::ANY, field in proptest::sample::select(vec![None, Some(ID), Some(SECRET), Some(ISSUER)]),
    ) {
        let protocol = if saml { Saml } else { Oidc };
        let _ = pasted(&text, provider, protocol, field).told();
    }
}
