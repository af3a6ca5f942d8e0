//! The Login Redirect URL, and a service that the set-up describes.

use super::*;

#[test]
fn another_regions_host_is_enough_to_name_the_region() {
    for address in [
        "https://app.eu.torq.io/__/auth/handler",
        "https://app.eu.torq.io/__/auth/handler/",
        "https://app.eu.torq.io/auth/SSOSignIn",
        "https://app.jp.torq.io/__/auth/handler",
    ] {
        one_error(
            |s| s.connection.login_redirect_url = Some(address.into()),
            "redirect_of_other_region",
            "connection.login_redirect_url",
        );
    }
    for (address, code) in [
        ("http://app.torq.io/__/auth/handler", "address_not_https"),
        ("app.torq.io/__/auth/handler", "not_an_address"),
        (
            " https://app.torq.io/__/auth/handler",
            "field_has_space_around",
        ),
        (
            "https://<region>.torq.io/__/auth/handler",
            "placeholder_left_in",
        ),
        ("", "field_missing"),
    ] {
        one_error(
            |s| s.connection.login_redirect_url = Some(address.into()),
            code,
            "connection.login_redirect_url",
        );
    }
}

fn described(change: impl FnOnce(&mut DescribedService)) -> SetUp {
    let mut service = DescribedService {
        name: "Tickets".into(),
        login_redirect_url: "https://tickets.acme.example/sso".into(),
        audience: "tickets".into(),
        roles: ["Owner", "Viewer"].map(str::to_owned).into(),
        fallback: "Guest".into(),
    };
    change(&mut service);
    let mut set_up = good();
    set_up.workspace.region = String::new();
    set_up.workspace.service = ServiceChoice::Described(service);
    set_up
}

#[test]
fn a_described_service_is_checked_where_it_is_described() {
    assert_eq!(found(&described(|_| {})), []);
    type Change = fn(&mut DescribedService);
    for (change, code, path) in [
        (
            (|s| s.name.clear()) as Change,
            "field_missing",
            "workspace.service.name",
        ),
        (
            |s| s.fallback.clear(),
            "field_missing",
            "workspace.service.fallback",
        ),
        (
            |s| s.login_redirect_url.clear(),
            "field_missing",
            "workspace.service.login_redirect_url",
        ),
        (
            |s| s.login_redirect_url = "http://tickets.acme.example".into(),
            "address_not_https",
            "workspace.service.login_redirect_url",
        ),
        (
            |s| s.roles[1] = "Owner".into(),
            "role_twice",
            "workspace.service.roles[1]",
        ),
        (
            |s| s.roles[1] = " ".into(),
            "field_missing",
            "workspace.service.roles[1]",
        ),
        (
            |s| s.roles[1] = "Viewer ".into(),
            "field_has_space_around",
            "workspace.service.roles[1]",
        ),
        (
            |s| s.login_redirect_url.push_str("#top"),
            "redirect_has_fragment",
            "workspace.service.login_redirect_url",
        ),
    ] {
        only(&described(change), Severity::Error, code, path);
    }
    only(
        &described(|s| s.roles.clear()),
        Severity::Error,
        "field_missing",
        "workspace.service.roles",
    );
    only(
        &described(|s| s.fallback = "Owner".into()),
        Severity::Warning,
        "fallback_is_highest",
        "workspace.service.fallback",
    );
    // What is wrong with a role's name is held against no rule.
    only(
        &described(|s| s.roles[0] = "Owner ".into()),
        Severity::Error,
        "field_has_space_around",
        "workspace.service.roles[0]",
    );
    only(
        &described(|s| s.roles.insert(0, String::new())),
        Severity::Error,
        "field_missing",
        "workspace.service.roles[0]",
    );
    only(
        &described(|s| s.name = "<name>".into()),
        Severity::Error,
        "placeholder_left_in",
        "workspace.service.name",
    );
    // The audience matters for SAML alone.
    assert_eq!(found(&described(|s| s.audience.clear())), []);
    let mut saml = described(|s| s.audience.clear());
    saml.connection.protocol = Protocol::Saml;
    assert!(found(&saml).contains(&(
        Severity::Error,
        "field_missing".into(),
        "workspace.service.audience".into()
    )));
}
