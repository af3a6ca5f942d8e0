//! Names, scopes, and letters that only look like others.

use super::*;

#[test]
fn a_scope_that_the_provider_refuses_is_an_error_and_a_misspelt_one_is_named_alone() {
    for (provider, scopes, severity, code, path) in [
        (
            "entra",
            &["openid", "email", "groups"][..],
            Severity::Error,
            "scope_refused_by_provider",
            "connection.scopes[2]",
        ),
        (
            "auth0",
            &["openid", "emial"],
            Severity::Warning,
            "scope_spelling",
            "connection.scopes[1]",
        ),
        (
            "okta",
            &["profile", "openId", "email"],
            Severity::Error,
            "scope_openid_missing",
            "connection.scopes[1]",
        ),
    ] {
        let mut set_up = sound(provider);
        set_up.connection.scopes = Some(scopes.iter().map(|one| (*one).to_owned()).collect());
        only(&set_up, severity, code, path);
    }
}

#[test]
fn a_letter_of_another_script_in_a_host_or_an_address_is_shown() {
    // The first letter of each is Cyrillic.
    let mut set_up = sound("other");
    set_up.connection.issuer = "https://\u{430}cme.example".into();
    only(
        &set_up,
        Severity::Warning,
        "field_looks_alike",
        "connection.issuer",
    );
    let mut set_up = sound("other");
    set_up.workspace.owner_email = "\u{43E}livia@acme.example".into();
    let first = found(&set_up).remove(0);
    assert_eq!(first.1, "field_looks_alike");
    assert_eq!(first.2, "workspace.owner_email");
}

#[test]
fn a_workspace_is_called_something() {
    for (name, severity, code) in [
        ("<workspace name>", Severity::Error, "placeholder_left_in"),
        (" Acme", Severity::Warning, "field_has_space_around"),
        ("", Severity::Error, "field_missing"),
    ] {
        let mut set_up = good();
        set_up.workspace.name = name.into();
        only(&set_up, severity, code, "workspace.name");
    }
}

#[test]
fn an_address_with_more_than_an_address_in_it_is_told_by_what_is_too_much() {
    for (issuer, code) in [
        ("https://$TENANT.example", "not_an_address"),
        (
            "https://id.acme.example/%7Btenant%7D",
            "placeholder_left_in",
        ),
        (
            "https://id.acme.example/xhttps://id.acme.example",
            "not_an_address",
        ),
        ("\"https://id.acme.example\"", "field_is_quoted"),
        ("\u{201C}https://id.acme.example\u{201D}", "field_is_quoted"),
        ("https://id.acme.example.", "address_ends_in_punctuation"),
    ] {
        let mut set_up = sound("other");
        set_up.connection.issuer = issuer.into();
        only(&set_up, Severity::Error, code, "connection.issuer");
    }
}

#[test]
fn quotation_marks_around_a_rules_value_are_named() {
    let mut set_up = sound("okta");
    set_up.rules.0.push(rule("groups", "\"SecOps\"", "Viewer"));
    only(
        &set_up,
        Severity::Warning,
        "field_is_quoted",
        "rules[1].value",
    );
}

#[test]
fn no_rule_is_held_against_an_owners_address_that_is_none() {
    for address in [
        "nora",
        "Nora <nora@acme.example>",
        "mailto:olivia@acme.example",
    ] {
        let mut set_up = sound("okta");
        set_up.workspace.owner_email = address.into();
        only(
            &set_up,
            Severity::Error,
            "not_an_email",
            "workspace.owner_email",
        );
    }
}

#[test]
fn a_host_with_an_empty_part_is_no_address() {
    let mut set_up = sound("other");
    set_up.connection.issuer = "https://id..acme.example".into();
    only(
        &set_up,
        Severity::Error,
        "not_an_address",
        "connection.issuer",
    );
    set_up.connection.issuer = "https://id.acme.example./".into();
    assert_eq!(found(&set_up), []);
}

#[test]
fn an_issuer_that_only_begins_or_ends_as_the_providers_is_named() {
    const PATH: &str = "connection.issuer";
    let with = |provider: &str, issuer: &str| {
        let mut set_up = sound(provider);
        set_up.connection.issuer = issuer.to_owned();
        set_up
    };
    for (provider, issuer, code) in [
        ("okta", "https://acme.okta", "host_spelling"),
        ("okta", "https://acmeokta.com", "host_spelling"),
        (
            "keycloak",
            "https://sso.acme.example/auth/admin/realms/acme",
            "issuer_is_endpoint",
        ),
        (
            "auth0",
            "https://acme.eu.auth0.com//",
            "issuer_of_other_shape",
        ),
    ] {
        only(&with(provider, issuer), Severity::Warning, code, PATH);
    }
    let slip = with("other", "https://id.acme.example\\");
    only(&slip, Severity::Error, "not_an_address", PATH);
    let ping = format!("https://apps.pingone.eu/{TENANT}/as");
    only(
        &with("ping", &ping),
        Severity::Error,
        "issuer_of_other_shape",
        PATH,
    );
    let personal = "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0";
    only(
        &with("entra", personal),
        Severity::Error,
        "issuer_is_for_many_tenants",
        PATH,
    );
    for (provider, issuer) in [
        ("okta", "https://id.acme.example"),
        ("ping", "https://auth.acme.example/as"),
    ] {
        assert_eq!(found(&with(provider, issuer)), [], "{issuer}");
    }
}

#[test]
fn a_client_id_of_the_service_or_almost_a_guid_is_named() {
    const PATH: &str = "connection.client_id";
    let with = |provider: &str, id: &str| {
        let mut set_up = sound(provider);
        set_up.connection.client_id = id.to_owned();
        set_up
    };
    only(
        &with("other", "client_id"),
        Severity::Error,
        "placeholder_left_in",
        PATH,
    );
    let handler = "https://app.torq.io/__/auth/handler";
    only(
        &with("other", handler),
        Severity::Error,
        "value_of_service",
        PATH,
    );
    for provider in ["ping", "other", "keycloak"] {
        let id = "3c2f8a51-7d7e-4b0f-9c15-1a2b3c4d5e6g";
        only(
            &with(provider, id),
            Severity::Warning,
            "client_id_of_other_shape",
            PATH,
        );
    }
    for id in [
        "torq-sso-prod-eu-west",
        "3c2f8a51-7d7e-4b0f",
        "my-app-is-very-long-name-it",
    ] {
        assert_eq!(found(&with("other", id)), [], "{id}");
    }
}

#[test]
fn an_owners_address_with_a_lookalike_is_the_only_one_named() {
    let mut set_up = good();
    set_up.workspace.owner_email = set_up.workspace.owner_email.replacen('o', "\u{43E}", 1);
    only(
        &set_up,
        Severity::Warning,
        "field_looks_alike",
        "workspace.owner_email",
    );
}
