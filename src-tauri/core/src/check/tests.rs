use super::*;
use crate::connection::Flow;
use crate::finding::Severity;
use crate::rules::{Rule, RuleList};

mod planted;
mod saml;

/// Twenty characters, as Okta's are.
const CLIENT_ID: &str = "0oa1b2c3d4E5F6g7H8i9";

fn good() -> SetUp {
    let mut set_up = SetUp::default();
    set_up.workspace.name = "Acme".into();
    set_up.workspace.region = "us".into();
    set_up.workspace.owner_email = "olivia@acme.example".into();
    set_up.connection.provider = "okta".into();
    set_up.connection.issuer = "https://acme.okta.com".into();
    set_up.connection.client_id = CLIENT_ID.into();
    set_up.rules = RuleList(vec![Rule {
        claim: "email".into(),
        value: "olivia@acme.example".into(),
        role: "Owner".into(),
    }]);
    set_up
}

/// The codes of the findings after one change, with their severity and path.
fn codes(change: impl FnOnce(&mut SetUp)) -> Vec<(Severity, String, String)> {
    let mut set_up = good();
    change(&mut set_up);
    check(&set_up, Catalogue::built_in())
        .findings
        .into_iter()
        .map(|finding| {
            (
                finding.severity,
                finding.fault.code(),
                finding.path.unwrap_or_default(),
            )
        })
        .collect()
}

#[track_caller]
fn one_error(change: impl FnOnce(&mut SetUp), code: &str, path: &str) {
    let found = codes(change);
    let errors: Vec<_> = found
        .iter()
        .filter(|(severity, ..)| *severity == Severity::Error)
        .collect();
    assert_eq!(
        errors,
        [&(Severity::Error, code.to_owned(), path.to_owned())]
    );
}

#[test]
fn a_good_set_up_has_no_findings_and_a_connection() {
    let checked = check(&good(), Catalogue::built_in());
    assert_eq!(checked.findings, []);
    let Some(Connection::Oidc(connection)) = checked.connection else {
        panic!("no connection")
    };
    assert_eq!(
        connection.login_redirect_url.as_str(),
        "https://app.torq.io/__/auth/handler"
    );
    assert_eq!(connection.flow, Flow::Code);
}

#[test]
fn each_mistake_is_named_at_its_field() {
    one_error(
        |s| s.workspace.name = " ".into(),
        "field_missing",
        "workspace.name",
    );
    one_error(
        |s| s.workspace.region = String::new(),
        "choice_missing",
        "workspace.region",
    );
    one_error(
        |s| s.workspace.region = "mars".into(),
        "unknown_region",
        "workspace.region",
    );
    one_error(
        |s| s.connection.provider = "oktaa".into(),
        "unknown_provider",
        "connection.provider",
    );
    one_error(
        |s| s.connection.client_id = "two words".into(),
        "field_has_space_inside",
        "connection.client_id",
    );
    one_error(
        |s| s.connection.client_id = "id ".into(),
        "field_has_space_around",
        "connection.client_id",
    );
    one_error(
        |s| s.connection.client_id = "a\nb".into(),
        "field_has_control_characters",
        "connection.client_id",
    );
    one_error(
        |s| s.connection.client_id = "x".repeat(1 << 20),
        "field_too_long",
        "connection.client_id",
    );
    one_error(
        |s| s.connection.client_id = "<ApplicationClientID>".into(),
        "placeholder_left_in",
        "connection.client_id",
    );
    one_error(
        |s| s.connection.scopes = Some(vec!["email".into()]),
        "scope_openid_missing",
        "connection.scopes",
    );
    one_error(
        |s| s.connection.scopes = Some(vec!["openid".into(), "email".into(), "a b".into()]),
        "scope_not_allowed",
        "connection.scopes[2]",
    );
    one_error(
        |s| s.workspace.service = ServiceChoice::BuiltIn("tork".into()),
        "unknown_service",
        "workspace.service",
    );
}

#[test]
fn each_wrong_issuer_is_named() {
    for (issuer, code) in [
        ("", "field_missing"),
        ("acme.okta.com", "not_an_address"),
        ("olivia@acme.example", "not_an_address"),
        ("mailto:olivia@acme.example", "not_an_address"),
        ("http://acme.okta.com", "address_not_https"),
        ("ftp://acme.okta.com", "address_not_https"),
        ("https://user:pw@acme.okta.com", "address_has_user_info"),
        (
            "https://acme.okta.com/?x=1",
            "address_has_query_or_fragment",
        ),
        ("https://acme.okta.com/#x", "address_has_query_or_fragment"),
        (
            "https://acme.okta.com/.well-known/openid-configuration",
            "issuer_is_discovery_address",
        ),
        ("https://{yourOktaDomain}", "placeholder_left_in"),
        ("https://yourDomain.okta.com", "placeholder_left_in"),
        (
            "https://acme.\u{202E}okta.com",
            "field_has_control_characters",
        ),
        (" https://acme.okta.com", "field_has_space_around"),
    ] {
        one_error(
            |s| s.connection.issuer = issuer.into(),
            code,
            "connection.issuer",
        );
    }
}

#[test]
fn an_issuer_for_many_tenants_is_refused_where_the_provider_has_them() {
    let shared = |s: &mut SetUp| {
        s.connection.provider = "entra".into();
        s.connection.issuer = "https://login.microsoftonline.com/common/v2.0".into();
        s.connection.client_id = "3c2f8a51-7d7e-4b0f-9c15-1a2b3c4d5e6f".into();
        s.connection.scopes = Some(["openid", "email"].map(str::to_owned).into());
    };
    one_error(shared, "issuer_is_for_many_tenants", "connection.issuer");
    assert_eq!(
        codes(|s| s.connection.issuer = "https://id.acme.example/common".into()),
        []
    );
}

#[test]
fn practice_and_staging_are_warned_of_and_not_forbidden() {
    for issuer in [
        "http://127.0.0.1:4711",
        "http://localhost:1",
        "https://10.0.0.7",
        "https://id.corp.internal",
        "https://[fd00::1]",
    ] {
        let found = codes(|s| s.connection.issuer = issuer.into());
        assert_eq!(
            found,
            [(
                Severity::Warning,
                "address_is_private".into(),
                "connection.issuer".into()
            )],
            "{issuer}"
        );
    }
}

#[test]
fn each_wrong_address_of_the_owner_is_named() {
    for email in [
        "",
        "olivia",
        "olivia@",
        "@acme.example",
        "olivia@acme",
        "a b@acme.example",
        "Olivia <olivia@acme.example>",
        "olivia@acme..example",
        "olivia@-acme.example",
    ] {
        let found = codes(|s| {
            s.workspace.owner_email = email.into();
            s.rules.0[0].value = "someone@acme.example".into();
        });
        assert!(
            found
                .iter()
                .any(|(severity, _, path)| *severity == Severity::Error
                    && path == "workspace.owner_email"),
            "{email}: {found:?}"
        );
    }
}

#[test]
fn another_regions_redirect_address_is_refused_and_an_unknown_one_is_warned_of() {
    one_error(
        |s| s.connection.login_redirect_url = Some("https://app.eu.torq.io/__/auth/handler".into()),
        "redirect_of_other_region",
        "connection.login_redirect_url",
    );
    let found = codes(|s| {
        s.connection.login_redirect_url = Some("https://sso.acme.example/handler".into())
    });
    assert_eq!(
        found,
        [(
            Severity::Warning,
            "redirect_differs".into(),
            "connection.login_redirect_url".into()
        )]
    );
}

#[test]
fn a_provider_on_the_host_that_must_not_see_the_answer_is_refused() {
    one_error(
        |s| s.connection.issuer = "https://app.torq.io/tenant".into(),
        "provider_at_service",
        "connection.issuer",
    );
}

#[test]
fn japans_redirect_address_is_said_to_be_inferred() {
    let found = codes(|s| s.workspace.region = "jp".into());
    assert_eq!(
        found,
        [(
            Severity::Note,
            "redirect_is_inferred".into(),
            "connection.login_redirect_url".into()
        )]
    );
}

#[test]
fn google_refuses_the_groups_scope() {
    one_error(
        |s| {
            s.connection.provider = "google".into();
            s.connection.issuer = "https://accounts.google.com".into();
            s.connection.client_id = "1-a.apps.googleusercontent.com".into();
            s.connection.scopes = Some(["openid", "email", "groups"].map(str::to_owned).into());
        },
        "scope_refused_by_provider",
        "connection.scopes[2]",
    );
}

#[test]
fn a_secret_that_is_something_else_is_named_and_a_good_one_is_not() {
    let mut set_up = good();
    set_up.connection.provider = "entra".into();
    let found = |secret: &str| -> Vec<String> {
        check_secret(
            &set_up,
            Catalogue::built_in(),
            &SecretString::from(secret.to_owned()),
        )
        .iter()
        .map(|finding| finding.fault.code())
        .collect()
    };
    assert_eq!(
        found("6f9619ff-8b86-d011-b42d-00cf4fc964ff"),
        ["secret_looks_like_secret_id"]
    );
    assert_eq!(found(CLIENT_ID), ["secret_is_client_id"]);
    assert_eq!(found("a\nb"), ["field_has_control_characters"]);
    assert_eq!(found("Q~8secret-value.with_signs"), [] as [&str; 0]);
}

#[test]
fn an_address_with_its_name_as_mail_programs_copy_it_is_no_placeholder() {
    one_error(
        |s| {
            s.workspace.owner_email = "Olivia Park <olivia@acme.example>".into();
        },
        "not_an_email",
        "workspace.owner_email",
    );
}
