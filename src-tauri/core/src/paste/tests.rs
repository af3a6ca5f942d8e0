use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::connection::Protocol::{self, Oidc, Saml};

mod addresses;
mod answers;
mod documents;
mod table;

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
fn a_value_that_was_moved_is_at_home_where_it_belongs() {
    let moved = table::rows().filter(|row| row.ends_with("pasted_elsewhere"));
    for row in moved {
        let cells: Vec<&str> = row.split(" | ").collect();
        let protocol = table::protocol(cells[2]);
        let place = table::path(cells[6]);
        let at_home = pasted(cells[4], cells[1], protocol, Some(&place));
        assert_eq!(seen(&at_home).3, None, "{row}");
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
