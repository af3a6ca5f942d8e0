//! Addresses of providers, of services and of their consoles.

use super::*;

#[test]
fn addresses_of_every_provider_are_known_again() {
    let entra = |rest: &str| format!("https://login.microsoftonline.com/{TENANT}{rest}");
    let rows: Vec<(&str, Protocol, String, Kind, &str)> = vec![
        (
            "okta",
            Oidc,
            "https://acme.okta.com".into(),
            Kind::Issuer,
            ISSUER,
        ),
        (
            "okta",
            Oidc,
            "https://acme.okta.com/oauth2/default".into(),
            Kind::Issuer,
            ISSUER,
        ),
        (
            "okta",
            Oidc,
            "https://acme.oktapreview.com".into(),
            Kind::Issuer,
            ISSUER,
        ),
        (
            "okta",
            Saml,
            "https://acme.okta.com/app/acme_torq_1/exk1/sso/saml".into(),
            Kind::SignOnUrl,
            SIGN_ON,
        ),
        (
            "okta",
            Saml,
            "https://login.acme.example/app/acme_torq_1/exk1/sso/saml".into(),
            Kind::SignOnUrl,
            SIGN_ON,
        ),
        (
            "okta",
            Saml,
            "https://acme.okta.com/app/exk1/sso/saml/metadata".into(),
            Kind::MetadataUrl,
            METADATA,
        ),
        (
            "okta",
            Saml,
            "http://www.okta.com/exk1b2c3".into(),
            Kind::EntityId,
            ISSUER,
        ),
        ("entra", Oidc, entra("/v2.0"), Kind::Issuer, ISSUER),
        ("entra", Saml, entra("/saml2"), Kind::SignOnUrl, SIGN_ON),
        (
            "entra",
            Saml,
            entra("/federationmetadata/2007-06/federationmetadata.xml?appid=x"),
            Kind::MetadataUrl,
            METADATA,
        ),
        (
            "entra",
            Saml,
            format!("https://sts.windows.net/{TENANT}/"),
            Kind::EntityId,
            ISSUER,
        ),
        (
            "onelogin",
            Oidc,
            "https://acme.onelogin.com/oidc/2".into(),
            Kind::Issuer,
            ISSUER,
        ),
        (
            "onelogin",
            Saml,
            format!("https://acme.onelogin.com/trust/saml2/http-redirect/sso/{GUID}"),
            Kind::SignOnUrl,
            SIGN_ON,
        ),
        (
            "onelogin",
            Saml,
            format!("https://acme.onelogin.com/trust/saml2/http-post/sso/{GUID}"),
            Kind::SignOnUrl,
            SIGN_ON,
        ),
        (
            "onelogin",
            Saml,
            format!("https://app.onelogin.com/saml/metadata/{GUID}"),
            Kind::EntityId,
            ISSUER,
        ),
        (
            "jumpcloud",
            Saml,
            "https://sso.jumpcloud.com/saml2/torq".into(),
            Kind::SignOnUrl,
            SIGN_ON,
        ),
        (
            "jumpcloud",
            Oidc,
            "https://oauth.id.jumpcloud.com/".into(),
            Kind::Issuer,
            ISSUER,
        ),
        (
            "google",
            Saml,
            "https://accounts.google.com/o/saml2/idp?idpid=C01".into(),
            Kind::SignOnUrl,
            SIGN_ON,
        ),
        (
            "google",
            Saml,
            "https://accounts.google.com/o/saml2?idpid=C01".into(),
            Kind::EntityId,
            ISSUER,
        ),
        (
            "google",
            Oidc,
            "https://accounts.google.com".into(),
            Kind::Issuer,
            ISSUER,
        ),
        (
            "ping",
            Oidc,
            format!("https://auth.pingone.eu/{TENANT}/as"),
            Kind::Issuer,
            ISSUER,
        ),
        (
            "ping",
            Saml,
            format!("https://auth.pingone.eu/{TENANT}/saml20/idp/sso"),
            Kind::SignOnUrl,
            SIGN_ON,
        ),
        (
            "ping",
            Saml,
            "https://sso.acme.example/idp/SSO.saml2".into(),
            Kind::SignOnUrl,
            SIGN_ON,
        ),
        (
            "ping",
            Saml,
            format!("https://auth.pingone.eu/{TENANT}/saml20/metadata/{GUID}"),
            Kind::MetadataUrl,
            METADATA,
        ),
        (
            "keycloak",
            Oidc,
            "https://sso.acme.example/realms/acme".into(),
            Kind::Issuer,
            ISSUER,
        ),
        (
            "keycloak",
            Saml,
            "https://sso.acme.example/realms/acme".into(),
            Kind::EntityId,
            ISSUER,
        ),
        (
            "keycloak",
            Saml,
            "https://sso.acme.example/auth/realms/acme/protocol/saml".into(),
            Kind::SignOnUrl,
            SIGN_ON,
        ),
        (
            "keycloak",
            Saml,
            "https://sso.acme.example/realms/acme/protocol/saml/descriptor".into(),
            Kind::MetadataUrl,
            METADATA,
        ),
        (
            "auth0",
            Oidc,
            "https://acme.eu.auth0.com/".into(),
            Kind::Issuer,
            ISSUER,
        ),
        (
            "auth0",
            Saml,
            "https://acme.eu.auth0.com/samlp/aB3d".into(),
            Kind::SignOnUrl,
            SIGN_ON,
        ),
        (
            "auth0",
            Saml,
            "https://acme.eu.auth0.com/samlp/metadata/aB3d".into(),
            Kind::MetadataUrl,
            METADATA,
        ),
        // Whatever provider was chosen, another's address is known by its host.
        (
            "other",
            Saml,
            "https://accounts.google.com/o/saml2/idp?idpid=C01".into(),
            Kind::SignOnUrl,
            SIGN_ON,
        ),
        (
            "",
            Oidc,
            "https://acme.okta.com".into(),
            Kind::Issuer,
            ISSUER,
        ),
        (
            "",
            Saml,
            "https://sso.jumpcloud.com/saml2/torq".into(),
            Kind::SignOnUrl,
            SIGN_ON,
        ),
        (
            "other",
            Saml,
            "https://id.acme.example/saml/metadata".into(),
            Kind::MetadataUrl,
            METADATA,
        ),
        (
            "other",
            Saml,
            "https://id.acme.example/simplesaml/saml2/idp/metadata.php".into(),
            Kind::MetadataUrl,
            METADATA,
        ),
        (
            "other",
            Saml,
            "https://id.acme.example/adfs/ls/saml/sso".into(),
            Kind::SignOnUrl,
            SIGN_ON,
        ),
        (
            "other",
            Oidc,
            "https://id.acme.example/tenant".into(),
            Kind::Address,
            ISSUER,
        ),
        (
            "other",
            Saml,
            "https://id.acme.example/tenant".into(),
            Kind::Address,
            SIGN_ON,
        ),
    ];
    for (provider, protocol, text, kind, field) in rows {
        is(provider, protocol, &text, kind, field, &text);
    }
}

#[test]
fn an_address_near_the_issuer_gives_the_issuer() {
    let entra = |rest: &str| format!("https://login.microsoftonline.com/{TENANT}{rest}");
    let rows: Vec<(&str, String, Kind, String)> = vec![
        (
            "okta",
            "https://acme.okta.com/".into(),
            Kind::Issuer,
            "https://acme.okta.com".into(),
        ),
        (
            "okta",
            "acme.okta.com".into(),
            Kind::Issuer,
            "https://acme.okta.com".into(),
        ),
        (
            "okta",
            "https://acme.okta.com/.well-known/openid-configuration".into(),
            Kind::DiscoveryAddress,
            "https://acme.okta.com".into(),
        ),
        (
            "okta",
            "https://acme.okta.com/oauth2/v1/authorize".into(),
            Kind::Endpoint,
            "https://acme.okta.com".into(),
        ),
        (
            "okta",
            "https://acme.okta.com/oauth2/default/v1/token".into(),
            Kind::Endpoint,
            "https://acme.okta.com/oauth2/default".into(),
        ),
        (
            "entra",
            entra("/v2.0/.well-known/openid-configuration"),
            Kind::DiscoveryAddress,
            entra("/v2.0"),
        ),
        (
            "entra",
            entra("/oauth2/v2.0/authorize"),
            Kind::Endpoint,
            entra("/v2.0"),
        ),
        (
            "entra",
            entra("/oauth2/v2.0/token"),
            Kind::Endpoint,
            entra("/v2.0"),
        ),
        (
            "entra",
            entra("/discovery/v2.0/keys"),
            Kind::Endpoint,
            entra("/v2.0"),
        ),
        (
            "auth0",
            "acme.eu.auth0.com".into(),
            Kind::Issuer,
            "https://acme.eu.auth0.com/".into(),
        ),
        (
            "auth0",
            "https://acme.eu.auth0.com".into(),
            Kind::Issuer,
            "https://acme.eu.auth0.com/".into(),
        ),
        (
            "auth0",
            "https://acme.eu.auth0.com/.well-known/openid-configuration".into(),
            Kind::DiscoveryAddress,
            "https://acme.eu.auth0.com/".into(),
        ),
        (
            "auth0",
            "https://acme.eu.auth0.com/authorize".into(),
            Kind::Endpoint,
            "https://acme.eu.auth0.com/".into(),
        ),
        (
            "jumpcloud",
            "https://oauth.id.jumpcloud.com".into(),
            Kind::Issuer,
            "https://oauth.id.jumpcloud.com/".into(),
        ),
        (
            "jumpcloud",
            "https://oauth.id.jumpcloud.com/.well-known/openid-configuration".into(),
            Kind::DiscoveryAddress,
            "https://oauth.id.jumpcloud.com/".into(),
        ),
        (
            "google",
            "https://accounts.google.com/".into(),
            Kind::Issuer,
            "https://accounts.google.com".into(),
        ),
        (
            "google",
            "https://accounts.google.com/.well-known/openid-configuration".into(),
            Kind::DiscoveryAddress,
            "https://accounts.google.com".into(),
        ),
        (
            "keycloak",
            "https://sso.acme.example/realms/acme/protocol/openid-connect/auth".into(),
            Kind::Endpoint,
            "https://sso.acme.example/realms/acme".into(),
        ),
        (
            "keycloak",
            "https://sso.acme.example/realms/acme/.well-known/openid-configuration".into(),
            Kind::DiscoveryAddress,
            "https://sso.acme.example/realms/acme".into(),
        ),
        (
            "ping",
            format!("https://auth.pingone.eu/{TENANT}/as/authorize"),
            Kind::Endpoint,
            format!("https://auth.pingone.eu/{TENANT}/as"),
        ),
        (
            "other",
            "https://id.acme.example/t/.well-known/openid-configuration".into(),
            Kind::DiscoveryAddress,
            "https://id.acme.example/t".into(),
        ),
        (
            "other",
            "https://id.acme.example/t/.well-known/oauth-authorization-server".into(),
            Kind::DiscoveryAddress,
            "https://id.acme.example/t".into(),
        ),
    ];
    for (provider, text, kind, issuer) in rows {
        is(provider, Oidc, &text, kind, ISSUER, &issuer);
    }
}

#[test]
fn the_services_own_values_go_into_the_providers_console() {
    let eu = "https://app.eu.torq.io/__/auth/handler";
    let us = "https://app.torq.io/__/auth/handler";
    let other = pasted(eu, "okta", Oidc, Some(REDIRECT));
    assert_eq!(
        seen(&other),
        (
            Kind::RedirectUrl,
            Some(REDIRECT.into()),
            Some(us.into()),
            Some("redirect_of_other_region".into())
        )
    );
    for (field, text, kind, code) in [
        (ISSUER, us, Kind::RedirectUrl, Some("pasted_given_value")),
        (SIGN_ON, us, Kind::RedirectUrl, Some("pasted_given_value")),
        (REDIRECT, us, Kind::RedirectUrl, None),
        (
            REDIRECT,
            "https://app.torq.io/__/auth/handler/",
            Kind::RedirectUrl,
            None,
        ),
        (
            ISSUER,
            "torq.io",
            Kind::Audience,
            Some("pasted_given_value"),
        ),
        (AUDIENCE, "torq.io", Kind::Audience, None),
        (
            ISSUER,
            "https://app.torq.io/auth/SSOSignIn?domain=acme.example",
            Kind::StartUrl,
            Some("pasted_nowhere"),
        ),
        (
            ISSUER,
            "https://app.torq.io",
            Kind::StartUrl,
            Some("pasted_nowhere"),
        ),
    ] {
        let (got, _, _, said) = seen(&pasted(text, "jumpcloud", Saml, Some(field)));
        assert_eq!((got, said.as_deref()), (kind, code), "{field} {text}");
    }
}

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
