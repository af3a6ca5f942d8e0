//! Set-ups with one mistake each: one finding, at the field that has it.

use super::*;
use crate::set_up::DescribedService;

mod claims;
mod saml;
mod service;
mod values;

const TENANT: &str = "6f9619ff-8b86-d011-b42d-00cf4fc964ff";
const GUID: &str = "3c2f8a51-7d7e-4b0f-9c15-1a2b3c4d5e6f";

/// A sound set-up of each provider, OpenID Connect.
fn sound(provider: &str) -> SetUp {
    let mut set_up = good();
    let connection = &mut set_up.connection;
    connection.provider = provider.into();
    let (issuer, client_id) = match provider {
        "okta" => ("https://acme.okta.com".to_owned(), CLIENT_ID),
        "entra" => (
            format!("https://login.microsoftonline.com/{TENANT}/v2.0"),
            GUID,
        ),
        "auth0" => (
            "https://acme.eu.auth0.com/".to_owned(),
            "aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW",
        ),
        "google" => (
            "https://accounts.google.com".to_owned(),
            "123456789012-a1b2c3.apps.googleusercontent.com",
        ),
        "onelogin" => ("https://acme.onelogin.com/oidc/2".to_owned(), GUID),
        "jumpcloud" => ("https://oauth.id.jumpcloud.com/".to_owned(), GUID),
        "ping" => (format!("https://auth.pingone.eu/{TENANT}/as"), GUID),
        "keycloak" => ("https://sso.acme.example/realms/acme".to_owned(), "torq"),
        "other" => ("https://id.acme.example".to_owned(), "torq-sso"),
        _ => unreachable!("{provider}"),
    };
    connection.issuer = issuer;
    connection.client_id = client_id.into();
    set_up
}

fn found(set_up: &SetUp) -> Vec<(Severity, String, String)> {
    check(set_up, Catalogue::built_in())
        .findings
        .into_iter()
        .map(|finding| {
            let path = finding.path.unwrap_or_default();
            (finding.severity, finding.fault.code(), path)
        })
        .collect()
}

/// One finding and no other.
#[track_caller]
fn only(set_up: &SetUp, severity: Severity, code: &str, path: &str) {
    assert_eq!(
        found(set_up),
        [(severity, code.to_owned(), path.to_owned())]
    );
}

#[test]
fn a_sound_set_up_of_every_provider_has_no_findings() {
    for provider in &Catalogue::built_in().providers {
        assert_eq!(found(&sound(&provider.id)), [], "{}", provider.id);
    }
}

#[test]
fn an_issuer_that_the_provider_cannot_have_is_an_error() {
    let tenant = |rest: &str| format!("https://login.microsoftonline.com/{TENANT}{rest}");
    for (provider, issuer, code) in [
        (
            "okta",
            "https://acme-admin.okta.com".to_owned(),
            "address_is_console",
        ),
        (
            "okta",
            "https://acme-admin.okta.com/admin/apps/active".to_owned(),
            "address_is_console",
        ),
        (
            "okta",
            "https://acme.okta.com/".to_owned(),
            "issuer_ends_otherwise",
        ),
        (
            "okta",
            "https://acme.okta.com/app/acme_torq_1/exk1/sso/saml".to_owned(),
            "issuer_of_other_shape",
        ),
        (
            "okta",
            "https://acme.okta.com/oauth2".to_owned(),
            "issuer_of_other_shape",
        ),
        (
            "okta",
            "https://acme.okta.com/.well-known/openid-configuration".to_owned(),
            "issuer_is_discovery_address",
        ),
        ("entra", tenant(""), "issuer_lacks_part"),
        ("entra", tenant("/"), "issuer_lacks_part"),
        (
            "entra",
            tenant("/oauth2/v2.0/authorize"),
            "issuer_of_other_shape",
        ),
        (
            "entra",
            "https://login.microsoftonline.com/acme.example/v2.0".to_owned(),
            "issuer_of_other_shape",
        ),
        (
            "entra",
            "https://login.microsoftonline.com/organizations/v2.0".to_owned(),
            "issuer_is_for_many_tenants",
        ),
        (
            "entra",
            "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/v2.0"
                .to_owned(),
            "placeholder_left_in",
        ),
        (
            "entra",
            "https://entra.microsoft.com/".to_owned(),
            "address_is_console",
        ),
        (
            "auth0",
            "https://acme.eu.auth0.com".to_owned(),
            "issuer_ends_otherwise",
        ),
        (
            "auth0",
            "https://acme.eu.auth0.com/authorize".to_owned(),
            "issuer_of_other_shape",
        ),
        (
            "auth0",
            "https://manage.auth0.com/dashboard/eu/acme/applications".to_owned(),
            "address_is_console",
        ),
        (
            "google",
            "https://accounts.google.com/".to_owned(),
            "issuer_is_always",
        ),
        (
            "google",
            "https://accounts.google.com/o/oauth2/v2/auth".to_owned(),
            "issuer_is_always",
        ),
        (
            "google",
            "https://id.acme.example".to_owned(),
            "issuer_is_always",
        ),
        (
            "jumpcloud",
            "https://oauth.id.jumpcloud.com".to_owned(),
            "issuer_is_always",
        ),
        (
            "onelogin",
            "https://acme.onelogin.com".to_owned(),
            "issuer_lacks_part",
        ),
        (
            "onelogin",
            "https://acme.onelogin.com/oidc".to_owned(),
            "issuer_of_other_shape",
        ),
        (
            "ping",
            format!("https://auth.pingone.eu/{TENANT}"),
            "issuer_lacks_part",
        ),
        (
            "ping",
            "https://console.pingone.eu/?env=1".to_owned(),
            "address_has_query_or_fragment",
        ),
        (
            "keycloak",
            "https://sso.acme.example".to_owned(),
            "issuer_of_other_shape",
        ),
        (
            "keycloak",
            "https://sso.acme.example/realms/acme/".to_owned(),
            "issuer_ends_otherwise",
        ),
        (
            "keycloak",
            "https://sso.acme.example/realms/acme/protocol/openid-connect/auth".to_owned(),
            "issuer_of_other_shape",
        ),
        (
            "okta",
            "https://acme.eu.auth0.com/".to_owned(),
            "address_of_other_provider",
        ),
        (
            "okta",
            "https://accounts.google.com".to_owned(),
            "address_of_other_provider",
        ),
        ("entra", tenant("/v2.0/"), "issuer_ends_otherwise"),
        (
            "entra",
            format!("https://sts.windows.net/{TENANT}"),
            "issuer_ends_otherwise",
        ),
        (
            "okta",
            "https://okta.com".to_owned(),
            "issuer_of_other_shape",
        ),
        (
            "other",
            "https://id.acme.example,".to_owned(),
            "address_ends_in_punctuation",
        ),
        (
            "other",
            "https://app.eu.torq.io/auth/SSOSignIn".to_owned(),
            "value_of_service",
        ),
    ] {
        let mut set_up = sound(provider);
        set_up.connection.issuer = issuer;
        only(&set_up, Severity::Error, code, "connection.issuer");
    }
}

#[test]
fn an_issuer_that_is_doubtful_is_a_warning_and_one_of_a_customers_domain_is_not() {
    for (provider, issuer, code) in [
        ("okta", "https://acme.otka.com", "host_spelling"),
        ("okta", "https://ACME.okta.com", "issuer_has_capitals"),
        ("other", "https://Id.acme.example", "issuer_has_capitals"),
        ("other", "HTTPS://id.acme.example", "issuer_has_capitals"),
    ] {
        let mut set_up = sound(provider);
        set_up.connection.issuer = issuer.into();
        only(&set_up, Severity::Warning, code, "connection.issuer");
    }
    for (provider, issuer) in [
        ("okta", "https://login.acme.example"),
        ("okta", "https://acme.oktapreview.com"),
        ("auth0", "https://login.acme.example/"),
        ("keycloak", "https://sso.acme.example/auth/realms/acme"),
        ("other", "https://acme.okta.com"),
        ("ping", "https://sso.acme.example"),
    ] {
        let mut set_up = sound(provider);
        set_up.connection.issuer = issuer.into();
        assert_eq!(found(&set_up), [], "{provider} {issuer}");
    }
    let mut set_up = sound("okta");
    set_up.connection.issuer = "https://acme.okta.com/oauth2/default".into();
    only(
        &set_up,
        Severity::Note,
        "issuer_is_custom_server",
        "connection.issuer",
    );
}

#[test]
fn a_client_id_that_is_something_else_is_named() {
    for (provider, id, severity, code) in [
        (
            "okta",
            "00o1b2c3d4E5F6g7H8i9",
            Severity::Warning,
            "client_id_of_other_shape",
        ),
        (
            "okta",
            "0oa1b2c3d4E5F6g7H8i",
            Severity::Warning,
            "client_id_of_other_shape",
        ),
        (
            "entra",
            "torq-sso",
            Severity::Error,
            "client_id_of_other_shape",
        ),
        ("entra", TENANT, Severity::Error, "client_id_is_tenant_id"),
        (
            "google",
            "123456789012-a1b2c3",
            Severity::Error,
            "client_id_of_other_shape",
        ),
        (
            "keycloak",
            "••••••••",
            Severity::Error,
            "placeholder_left_in",
        ),
        (
            "auth0",
            "acme",
            Severity::Warning,
            "client_id_of_other_shape",
        ),
        (
            "other",
            "https://id.acme.example",
            Severity::Warning,
            "client_id_is_issuer",
        ),
        (
            "okta",
            "YOUR_CLIENT_ID",
            Severity::Error,
            "placeholder_left_in",
        ),
        ("okta", "{clientId}", Severity::Error, "placeholder_left_in"),
        (
            "keycloak",
            "changeme",
            Severity::Error,
            "placeholder_left_in",
        ),
        ("okta", "", Severity::Error, "field_missing"),
    ] {
        let mut set_up = sound(provider);
        set_up.connection.client_id = id.into();
        only(&set_up, severity, code, "connection.client_id");
    }
}

#[test]
fn a_provider_on_this_computer_stands_in_for_any() {
    for provider in &Catalogue::built_in().providers {
        let mut set_up = sound(&provider.id);
        set_up.connection.issuer = "http://127.0.0.1:4711/x".into();
        set_up.connection.client_id = "anything".into();
        only(
            &set_up,
            Severity::Warning,
            "address_is_private",
            "connection.issuer",
        );
    }
}

fn rule(claim: &str, value: &str, role: &str) -> Rule {
    Rule {
        claim: claim.into(),
        value: value.into(),
        role: role.into(),
    }
}

#[test]
fn a_field_of_the_other_protocol_is_noted() {
    let mut set_up = good();
    set_up.connection.sign_on_url = "https://acme.okta.com/app/a/b/sso/saml".into();
    only(
        &set_up,
        Severity::Note,
        "field_of_other_protocol",
        "connection.sign_on_url",
    );
}

#[test]
fn a_secrets_last_day_that_is_no_date_is_an_error() {
    one_error(
        |s| s.connection.client_secret_expires = Some("next year".into()),
        "date_unreadable",
        "connection.client_secret_expires",
    );
}

#[test]
fn what_is_no_client_id_at_any_provider_is_an_error() {
    for id in [
        "abc8Q~dEfGhIjKlMnOpQrStUvWxYz0123456789a",
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2EuZXhhbXBsZSJ9.c2lnbmF0dXJl",
        "olivia@acme.example",
    ] {
        let mut set_up = sound("other");
        set_up.connection.client_id = id.into();
        only(
            &set_up,
            Severity::Error,
            "client_id_is_something_else",
            "connection.client_id",
        );
    }
}

#[test]
fn an_address_pasted_behind_another_is_none() {
    let mut set_up = sound("other");
    set_up.connection.issuer = "https://https://id.acme.example".into();
    only(
        &set_up,
        Severity::Error,
        "not_an_address",
        "connection.issuer",
    );
    set_up.connection.issuer = "https://id.acme.example/oauth2/authorize".into();
    only(
        &set_up,
        Severity::Warning,
        "issuer_is_endpoint",
        "connection.issuer",
    );
}
