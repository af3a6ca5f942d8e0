//! Addresses of providers, of services and of their consoles.

use super::*;

#[test]
fn the_console_is_not_where_people_sign_in() {
    let console = pasted(
        "https://acme-admin.okta.com/admin/app/oidc_client/x",
        "okta",
        Oidc,
        Some(ISSUER),
    );
    assert_eq!(
        seen(&console),
        (
            Kind::ConsoleAddress,
            None,
            None,
            Some("address_is_console".into())
        )
    );
    assert_eq!(console.also[0].field, ISSUER);
    assert_eq!(
        console.also[0].value.expose_secret(),
        "https://acme.okta.com"
    );
    for text in [
        "https://entra.microsoft.com/#view/x",
        "https://portal.azure.com/",
        "https://manage.auth0.com/dashboard/eu/acme",
        "https://admin.google.com/ac/apps",
    ] {
        assert_eq!(
            pasted(text, "other", Oidc, None).kind,
            Kind::ConsoleAddress,
            "{text}"
        );
    }
}

#[test]
fn the_slash_follows_what_discovery_says() {
    let set_up = set_up("other", Oidc);
    let about = |discovered| Context {
        field: Some(ISSUER),
        set_up: &set_up,
        catalogue: Catalogue::built_in(),
        discovered,
    };
    let with = recognise(
        "https://id.acme.example",
        &about(Some("https://id.acme.example/")),
    );
    assert_eq!(with.value(), Some("https://id.acme.example/"));
    assert_eq!(with.finding.unwrap().fault.code(), "pasted_slash");
    for discovered in [
        None,
        Some("https://id.acme.example"),
        Some("https://id.acme.example/other/"),
    ] {
        let without = recognise("https://id.acme.example", &about(discovered));
        assert_eq!(without.value(), Some("https://id.acme.example"));
        assert!(without.finding.is_none());
    }
}
