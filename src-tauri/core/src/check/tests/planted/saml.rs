//! SAML 2.0: values in each other's field.

use super::*;

/// What is said about one field of a SAML connection.
fn saml(provider: &str, path: &str, change: impl FnOnce(&mut SetUp)) -> Vec<(Severity, String)> {
    let mut set_up = good();
    set_up.connection.protocol = Protocol::Saml;
    set_up.connection.provider = provider.into();
    set_up.connection.client_id = String::new();
    let guide = Catalogue::built_in().saml_guide(provider).unwrap();
    set_up.connection.issuer = guide.issuer_example.clone();
    set_up.connection.sign_on_url = guide.sign_on_url_example.clone();
    change(&mut set_up);
    found(&set_up)
        .into_iter()
        .filter(|(.., at)| at == path)
        .map(|(severity, code, _)| (severity, code))
        .collect()
}

#[test]
fn the_examples_of_every_provider_hold() {
    for provider in &Catalogue::built_in().providers {
        for path in [
            "connection.issuer",
            "connection.sign_on_url",
            "connection.audience",
        ] {
            assert_eq!(
                saml(&provider.id, path, |_| {}),
                [],
                "{} {path}",
                provider.id
            );
        }
    }
}

#[test]
fn values_of_saml_in_each_others_field_are_named() {
    const SIGN_ON: &str = "connection.sign_on_url";
    const ISSUER: &str = "connection.issuer";
    let metadata = |id: &str| {
        let guide = Catalogue::built_in().saml_guide(id).unwrap();
        guide.metadata.clone().unwrap().address_example
    };
    for provider in [
        "okta", "entra", "onelogin", "auth0", "ping", "keycloak", "other",
    ] {
        let address = metadata(provider);
        assert_eq!(
            saml(provider, SIGN_ON, |s| s.connection.sign_on_url = address),
            [(Severity::Error, "sign_on_url_is_metadata".to_owned())],
            "{provider}"
        );
    }
    for provider in ["google", "entra", "keycloak", "ping"] {
        let entity_id = |s: &mut SetUp| s.connection.sign_on_url = s.connection.issuer.clone();
        assert_eq!(
            saml(provider, SIGN_ON, entity_id),
            [(Severity::Warning, "sign_on_url_is_entity_id".to_owned())],
            "{provider}"
        );
        let sign_on = |s: &mut SetUp| s.connection.issuer = s.connection.sign_on_url.clone();
        assert_eq!(
            saml(provider, ISSUER, sign_on),
            [(Severity::Warning, "entity_id_is_sign_on_url".to_owned())],
            "{provider}"
        );
    }
    assert_eq!(
        saml("okta", ISSUER, |s| s.connection.issuer = metadata("okta")),
        [(Severity::Warning, "entity_id_is_metadata".to_owned())]
    );
    assert_eq!(
        saml("jumpcloud", ISSUER, |s| s.connection.issuer =
            "jumpcloud".into()),
        [(Severity::Warning, "entity_id_not_as_chosen".to_owned())]
    );
    for (provider, address, severity, code) in [
        (
            "jumpcloud",
            "https://jumpcloud.com",
            Severity::Error,
            "sign_on_url_of_other_shape",
        ),
        (
            "jumpcloud",
            "https://sso.jumpclod.com/saml2/torq",
            Severity::Warning,
            "host_spelling",
        ),
        (
            "jumpcloud",
            "https://sso.jumpcloud.com/saml2/torq?SAMLRequest=fZJ",
            Severity::Error,
            "sign_on_url_has_request",
        ),
        (
            "jumpcloud",
            "https://app.eu.torq.io/auth/SSOSignIn",
            Severity::Error,
            "value_of_service",
        ),
        (
            "jumpcloud",
            "https://sso.jumpcloud.com/saml2/<NAME OF YOUR APP>",
            Severity::Error,
            "placeholder_left_in",
        ),
        (
            "okta",
            "https://acme-admin.okta.com/admin/app/x",
            Severity::Error,
            "address_is_console",
        ),
        (
            "okta",
            "https://acme.okta.com",
            Severity::Error,
            "sign_on_url_of_other_shape",
        ),
        (
            "okta",
            "https://accounts.google.com/o/saml2/idp?idpid=C01",
            Severity::Error,
            "address_of_other_provider",
        ),
        (
            "google",
            "https://accounts.google.com/o/saml2/idp",
            Severity::Warning,
            "sign_on_url_of_other_shape",
        ),
    ] {
        assert_eq!(
            saml(provider, SIGN_ON, |s| s.connection.sign_on_url =
                address.into()),
            [(severity, code.to_owned())],
            "{address}"
        );
    }
}

#[test]
fn another_audience_than_the_services_is_warned_of() {
    const PATH: &str = "connection.audience";
    for (given, severity, code) in [
        ("https://torq.io", Severity::Warning, "audience_overridden"),
        ("Torq.io", Severity::Warning, "audience_overridden"),
        ("torq.io ", Severity::Error, "field_has_space_around"),
        ("<audience>", Severity::Error, "placeholder_left_in"),
        ("", Severity::Error, "field_missing"),
    ] {
        let found = saml("okta", PATH, |s| s.connection.audience = Some(given.into()));
        assert_eq!(found, [(severity, code.to_owned())], "{given}");
    }
    assert_eq!(
        saml("okta", PATH, |s| s.connection.audience =
            Some("torq.io".into())),
        []
    );
}

#[test]
fn an_entity_id_is_held_to_the_letter_against_the_providers_forms() {
    const ISSUER: &str = "connection.issuer";
    for (provider, given, severity, code) in [
        (
            "entra",
            "https://sts.windows.net/6f9619ff-8b86-d011-b42d-00cf4fc964ff",
            Severity::Error,
            "issuer_ends_otherwise",
        ),
        (
            "keycloak",
            "https://sso.acme.example/realms/acme/",
            Severity::Error,
            "issuer_ends_otherwise",
        ),
        (
            "okta",
            "https://www.okta.com/exk1b2c3d4E5F6g7H8i9",
            Severity::Warning,
            "entity_id_of_other_scheme",
        ),
        (
            "okta",
            "https://acme.okta.com",
            Severity::Warning,
            "entity_id_of_other_shape",
        ),
        (
            "entra",
            "spn:3c2f8a51-7d7e-4b0f-9c15-1a2b3c4d5e6f",
            Severity::Warning,
            "entity_id_of_other_shape",
        ),
        (
            "google",
            "https://accounts.google.com/o/saml2",
            Severity::Warning,
            "entity_id_of_other_shape",
        ),
        ("auth0", "torq.io", Severity::Error, "value_of_service"),
        (
            "jumpcloud",
            "https://app.torq.io/__/auth/handler",
            Severity::Error,
            "value_of_service",
        ),
    ] {
        let found = saml(provider, ISSUER, |s| s.connection.issuer = given.into());
        assert_eq!(found, [(severity, code.to_owned())], "{provider} {given}");
    }
    // Federations and gateways of one's own choose their names.
    for (provider, given) in [
        ("other", "urn:acme:idp"),
        ("auth0", "urn:acme"),
        ("ping", "acme-idp"),
    ] {
        let found = saml(provider, ISSUER, |s| {
            s.connection.issuer = given.into();
            s.connection.sign_on_url = "https://sso.acme.example/idp/SSO.saml2".into();
        });
        assert_eq!(found, [], "{provider} {given}");
    }
}

#[test]
fn values_of_two_applications_are_told_apart_by_what_both_name() {
    const SIGN_ON: &str = "connection.sign_on_url";
    const OTHER: &str = "11111111-8b86-d011-b42d-00cf4fc964ff";
    for (provider, address) in [
        (
            "entra",
            format!("https://login.microsoftonline.com/{OTHER}/saml2"),
        ),
        (
            "okta",
            "https://acme.okta.com/app/acme_torq_1/exkANOTHER/sso/saml".to_owned(),
        ),
        (
            "google",
            "https://accounts.google.com/o/saml2/idp?idpid=C09zz9zz9".to_owned(),
        ),
        (
            "ping",
            format!("https://auth.pingone.eu/{OTHER}/saml20/idp/sso"),
        ),
        (
            "keycloak",
            "https://sso.acme.example/auth/realms/other/protocol/saml".to_owned(),
        ),
    ] {
        let found = saml(provider, SIGN_ON, |s| s.connection.sign_on_url = address);
        let code = "sign_on_url_of_other_application".to_owned();
        assert_eq!(found, [(Severity::Error, code)], "{provider}");
    }
}

#[test]
fn a_name_with_the_scheme_of_another_address_is_named() {
    let plain = |set_up: &mut SetUp| {
        let issuer = &mut set_up.connection.issuer;
        *issuer = issuer.replacen("https:", "http:", 1);
    };
    let code = "entity_id_of_other_scheme".to_owned();
    let found = saml("keycloak", "connection.issuer", plain);
    assert_eq!(found, [(Severity::Warning, code)]);
}

#[test]
fn a_name_that_was_cut_off_is_the_one_that_is_wrong() {
    let cut = |set_up: &mut SetUp| {
        let whole = set_up.connection.issuer.len();
        set_up.connection.issuer.truncate(whole - 4);
    };
    let code = "sign_on_url_of_other_application".to_owned();
    let issuer = saml("okta", "connection.issuer", cut);
    assert_eq!(issuer, [(Severity::Error, code)]);
    assert_eq!(saml("okta", "connection.sign_on_url", cut), []);
}

#[test]
fn a_sign_on_url_that_broke_is_no_name_in_the_wrong_field() {
    for broken in [
        "acme.okta.com/app/acme_torq_1/exk1b2c3d4E5F6g7H8i9/sso/saml",
        "javascript:alert(1)",
        "https;//acme.okta.com/app",
    ] {
        let change = |s: &mut SetUp| s.connection.sign_on_url = broken.into();
        assert_eq!(saml("okta", "connection.issuer", change), [], "{broken}");
    }
    let swapped = (
        Severity::Error,
        "entity_id_and_sign_on_url_swapped".to_owned(),
    );
    for name in ["JumpCloud", "urn:acme.eu.auth0.com"] {
        let change = |s: &mut SetUp| {
            s.connection.issuer = s.connection.sign_on_url.clone();
            s.connection.sign_on_url = name.into();
        };
        let found = saml("other", "connection.issuer", change);
        assert!(found.contains(&swapped), "{name}: {found:?}");
    }
}

#[test]
fn a_part_of_the_sign_on_url_that_stays_in_the_browser_is_named() {
    let found = saml("other", "connection.sign_on_url", |s| {
        s.connection.sign_on_url.push_str("#top");
    });
    let named = (Severity::Warning, "sign_on_url_has_fragment".to_owned());
    assert_eq!(found, [named]);
}

#[test]
fn an_entity_id_that_names_the_tenant_names_the_one_of_the_sign_on_url() {
    let with = |issuer: &str| {
        saml("auth0", "connection.issuer", |s| {
            s.connection.issuer = issuer.into();
            s.connection.sign_on_url = "https://acme.eu.auth0.com/samlp/aB3dE5fG7hI9".into();
        })
    };
    assert_eq!(with("urn:acme.eu.auth0.com"), []);
    let other = (Severity::Warning, "entity_id_of_other_shape".to_owned());
    for issuer in ["urn:acme.us.auth0.com", "https://acme.eu.auth0.com", "acme"] {
        assert_eq!(with(issuer), std::slice::from_ref(&other), "{issuer}");
    }
}
