//! Scopes, and the claims that rules name.

use super::*;

#[test]
fn scopes_are_held_against_what_the_rules_need() {
    let scopes = |provider: &str, scopes: &[&str]| {
        let mut set_up = sound(provider);
        set_up.connection.scopes = Some(scopes.iter().map(|one| (*one).to_owned()).collect());
        set_up
    };
    const PATH: &str = "connection.scopes";
    let warned = |set_up: SetUp, code| only(&set_up, Severity::Warning, code, PATH);
    let twice = scopes("okta", &["openid", "email", "email"]);
    let second = "connection.scopes[2]";
    only(&twice, Severity::Warning, "scope_twice", second);
    warned(
        scopes("okta", &["openid", "profile"]),
        "scope_email_missing",
    );
    let misspelt = scopes("okta", &["openid", "email", "profil"]);
    only(&misspelt, Severity::Warning, "scope_spelling", second);
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
fn a_claim_that_is_almost_a_usual_one_is_named() {
    for (claim, severity) in [
        ("Groups", Severity::Warning),
        ("gruops", Severity::Note),
        ("group", Severity::Note),
    ] {
        let mut set_up = sound("okta");
        set_up.rules.0.push(rule(claim, "SecOps", "Viewer"));
        only(&set_up, severity, "claim_spelling", "rules[1].claim");
    }
    let mut set_up = sound("okta");
    for value in ["SecOps", "Helpdesk"] {
        set_up.rules.0.push(rule("group", value, "Viewer"));
    }
    let once = (Severity::Note, "claim_spelling", "rules[1].claim");
    only(&set_up, once.0, once.1, once.2);
    let mut set_up = sound("okta");
    set_up.rules.0.push(rule("groups", "Helpdesk", "Viewer"));
    set_up.rules.0.push(rule("Groups", "SecOps", "Viewer"));
    only(
        &set_up,
        Severity::Warning,
        "claim_spelling",
        "rules[2].claim",
    );
    for claim in [
        "roles",
        "department",
        "memberOf",
        "http://acme.example/groups",
    ] {
        let mut set_up = sound("okta");
        set_up.rules.0.push(rule(claim, "SecOps", "Viewer"));
        assert_eq!(found(&set_up), [], "{claim}");
    }
}

#[test]
fn scopes_in_one_are_said_to_be_so() {
    for scope in ["openid email profile", "openid,email,profile"] {
        let mut set_up = sound("okta");
        set_up.connection.scopes = Some(vec![scope.into()]);
        only(
            &set_up,
            Severity::Error,
            "scope_not_allowed",
            "connection.scopes[0]",
        );
    }
}

#[test]
fn a_claim_of_a_namespace_that_is_almost_the_providers_is_named() {
    let mut set_up = sound("auth0");
    set_up
        .rules
        .0
        .push(rule("https://torq.io/group", "SecOps", "Viewer"));
    only(&set_up, Severity::Note, "claim_spelling", "rules[1].claim");
    for claim in ["roles", "permissions"] {
        set_up.rules.0[1].claim = claim.into();
        let warning = Severity::Warning;
        only(&set_up, warning, "claim_never_arrives", "rules[1].claim");
    }
    set_up.rules.0[1].claim = "https://acme.example/teams".into();
    assert_eq!(found(&set_up), []);
}
