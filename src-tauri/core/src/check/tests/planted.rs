//! Set-ups with one mistake each: one finding, at the field that has it.

use super::*;
use crate::set_up::DescribedService;

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
    ] {
        let mut set_up = sound(provider);
        set_up.connection.issuer = issuer;
        only(&set_up, Severity::Error, code, "connection.issuer");
    }
}

#[test]
fn an_issuer_that_is_doubtful_is_a_warning_and_one_of_a_customers_domain_is_not() {
    for (provider, issuer, code) in [
        (
            "okta",
            "https://acme.eu.auth0.com/",
            "address_of_other_provider",
        ),
        (
            "okta",
            "https://accounts.google.com",
            "address_of_other_provider",
        ),
        (
            "keycloak",
            "https://sso.acme.example",
            "issuer_of_other_shape",
        ),
        (
            "keycloak",
            "https://sso.acme.example/realms/acme/",
            "issuer_ends_otherwise",
        ),
        (
            "keycloak",
            "https://sso.acme.example/admin/master/console",
            "issuer_of_other_shape",
        ),
        ("okta", "https://ACME.okta.com", "issuer_has_capitals"),
        ("other", "https://Id.acme.example", "issuer_has_capitals"),
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
            Severity::Warning,
            "client_id_of_other_shape",
        ),
        ("entra", TENANT, Severity::Error, "client_id_is_tenant_id"),
        (
            "google",
            "123456789012-a1b2c3",
            Severity::Warning,
            "client_id_of_other_shape",
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

#[test]
fn scopes_are_held_against_what_the_rules_need() {
    let scopes = |provider: &str, scopes: &[&str]| {
        let mut set_up = sound(provider);
        set_up.connection.scopes = Some(scopes.iter().map(|one| (*one).to_owned()).collect());
        set_up
    };
    const PATH: &str = "connection.scopes";
    let warned = |set_up: SetUp, code| only(&set_up, Severity::Warning, code, PATH);
    warned(scopes("okta", &["openid", "email", "email"]), "scope_twice");
    warned(
        scopes("okta", &["openid", "profile"]),
        "scope_email_missing",
    );
    warned(
        scopes("okta", &["openid", "email", "profil"]),
        "scope_spelling",
    );
    let mut groups = scopes("okta", &["openid", "email", "profile"]);
    groups.rules.0.push(rule("groups", "SecOps", "Viewer"));
    warned(groups, "scope_for_groups_missing");
    only(
        &scopes("okta", &[]),
        Severity::Error,
        "scope_openid_missing",
        PATH,
    );
    for scope in [
        "read:users",
        "offline_access",
        "https://acme.example/scope",
        "phone",
    ] {
        assert_eq!(
            found(&scopes("okta", &["openid", "email", scope])),
            [],
            "{scope}"
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
fn a_rule_whose_claim_cannot_arrive_is_named() {
    for (provider, code, severity, path) in [
        (
            "auth0",
            "claim_has_other_name",
            Severity::Warning,
            "rules[1].claim",
        ),
        (
            "google",
            "claim_never_arrives",
            Severity::Warning,
            "rules[1].claim",
        ),
        (
            "entra",
            "groups_arrive_as_ids",
            Severity::Note,
            "rules[1].value",
        ),
    ] {
        let mut set_up = sound(provider);
        set_up.rules.0.push(rule("groups", "SecOps", "Viewer"));
        only(&set_up, severity, code, path);
    }
    let mut set_up = sound("entra");
    set_up.connection.flow = Some(Flow::Implicit);
    assert_eq!(found(&set_up), []);
    set_up.rules.0.push(rule("groups", GUID, "Viewer"));
    let codes: Vec<_> = found(&set_up)
        .into_iter()
        .map(|(_, code, path)| (code, path))
        .collect();
    assert!(codes.contains(&(
        "implicit_flow_drops_groups".into(),
        "connection.flow".into()
    )));
}

#[test]
fn a_rule_for_another_domain_is_noted_once_for_each() {
    let mut set_up = good();
    for value in ["bob@acme.example", "bob@other.example", "eve@other.example"] {
        set_up.rules.0.push(rule("email", value, "Viewer"));
    }
    only(
        &set_up,
        Severity::Note,
        "rule_of_other_domain",
        "rules[2].value",
    );
}

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
    ] {
        only(&described(change), Severity::Error, code, path);
    }
    let mut none = described(|s| s.roles.clear());
    none.rules.0.clear();
    let codes: Vec<_> = found(&none).into_iter().map(|(.., path)| path).collect();
    assert!(
        codes.contains(&"workspace.service.roles".to_owned()),
        "{codes:?}"
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
            Severity::Warning,
            "sign_on_url_of_other_shape",
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
            Severity::Warning,
            "sign_on_url_of_other_shape",
        ),
        (
            "okta",
            "https://accounts.google.com/o/saml2/idp?idpid=C01",
            Severity::Warning,
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
