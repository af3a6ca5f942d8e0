//! What Terraform gets to read.

use super::*;
use crate::rules::{Rule, RuleList};
use crate::set_up::{DescribedService, ServiceChoice};

fn set_up(provider: &str, protocol: Protocol) -> SetUp {
    let mut set_up = SetUp::default();
    set_up.workspace.name = "Acme".to_owned();
    set_up.workspace.region = "eu".to_owned();
    set_up.workspace.owner_email = "olivia@acme.example".to_owned();
    set_up.connection.provider = provider.to_owned();
    set_up.connection.protocol = protocol;
    set_up.rules = RuleList(vec![Rule {
        claim: "groups".to_owned(),
        value: "SecOps".to_owned(),
        role: "Owner".to_owned(),
    }]);
    set_up
}

fn of(set_up: &SetUp, side: Side) -> String {
    let catalogue = Catalogue::built_in();
    let service = catalogue.service_of(set_up).unwrap();
    configuration(set_up, &service, catalogue, side)
}

/// The value of the first line that assigns to this name.
fn value(text: &str, name: &str) -> Option<String> {
    let mut lines = text.lines().map(str::trim);
    lines.find_map(|line| {
        let (left, right) = line.split_once('=')?;
        (left.trim() == name).then(|| right.trim().to_owned())
    })
}

/// The configuration as a parser of the language reads it.
fn read(text: &str) -> serde_json::Value {
    hcl::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn every_side_of_every_provider_has_the_address_and_no_name_left_to_fill() {
    for provider in &Catalogue::built_in().providers {
        for protocol in &provider.protocols {
            for side in [Side::Provider, Side::Service] {
                let text = of(&set_up(&provider.id, *protocol), side);
                let left = text.lines().find(|line| {
                    let open = line.find('<').filter(|at| !line[*at..].starts_with("<<-"));
                    open.is_some_and(|at| line[at..].contains('>'))
                });
                assert_eq!(left, None, "{text}");
                let locals = &read(&text)["locals"]["claim_rules"][0];
                assert_eq!(locals["value"].as_str(), Some("SecOps"));
                assert!(
                    text.contains("value = \"SecOps\", role = \"Owner\""),
                    "{text}"
                );
                if text.contains("okta_app") || *protocol == Protocol::Saml {
                    assert!(
                        text.contains("https://app.eu.torq.io/__/auth/handler"),
                        "{text}"
                    );
                }
            }
        }
    }
}

#[test]
fn the_application_at_the_provider_is_made_where_its_resources_are_known() {
    let text = of(&set_up("okta", Protocol::Oidc), Side::Provider);
    assert!(text.contains("resource \"okta_app_oauth\""), "{text}");
    let start = "\"https://app.eu.torq.io/auth/SSOSignIn?domain=acme.example\"";
    assert_eq!(value(&text, "login_uri").as_deref(), Some(start));
    assert_eq!(value(&text, "login_mode").as_deref(), Some("\"SPEC\""));
    assert_eq!(value(&text, "hide_web").as_deref(), Some("false"));

    let text = of(&set_up("okta", Protocol::Saml), Side::Provider);
    assert_eq!(value(&text, "audience").as_deref(), Some("\"torq.io\""));
    let hidden = value(&text, "hide_web");
    assert_eq!(
        hidden.as_deref(),
        Some("true"),
        "the service takes no sign-in that Okta starts"
    );
}

#[test]
fn the_services_side_is_written_where_no_resources_are_known_and_on_request() {
    let mut jumpcloud = set_up("jumpcloud", Protocol::Saml);
    jumpcloud.connection.issuer = "JumpCloud".to_owned();
    jumpcloud.connection.sign_on_url = "https://sso.jumpcloud.com/saml2/acme".to_owned();
    jumpcloud.connection.certificates = vec!["-----BEGIN\nMII\n-----END".to_owned()];
    let text = of(&jumpcloud, Side::Provider);
    assert!(
        text.contains("no resources are known here; --as checklist"),
        "{text}"
    );
    for (name, expected) in [
        ("idp_entity_id", "\"JumpCloud\""),
        ("sso_url", "\"https://sso.jumpcloud.com/saml2/acme\""),
        ("sp_entity_id", "\"torq.io\""),
        ("callback_uri", "\"https://app.eu.torq.io/__/auth/handler\""),
        ("name", "\"saml.acme\""),
        ("enabled", "false"),
    ] {
        assert_eq!(value(&text, name).as_deref(), Some(expected), "{name}");
    }
    assert!(text.contains("\"-----BEGIN\\nMII\\n-----END\","), "{text}");

    let text = of(&set_up("okta", Protocol::Oidc), Side::Service);
    assert!(!text.contains("okta_app"), "{text}");
    assert_eq!(value(&text, "client_id"), None, "it is not known yet");
    assert_eq!(value(&text, "code").as_deref(), Some("true"));
}

#[test]
fn the_flow_decides_what_the_application_may_ask_for() {
    let mut implicit = set_up("okta", Protocol::Oidc);
    implicit.connection.flow = Some(Flow::Implicit);
    let text = of(&implicit, Side::Provider);
    assert_eq!(
        value(&text, "grant_types").as_deref(),
        Some("[\"implicit\"]")
    );
    assert_eq!(
        value(&text, "response_types").as_deref(),
        Some("[\"id_token\"]")
    );
}

#[test]
fn what_the_guide_pastes_is_what_terraform_deploys() {
    let text = of(&set_up("auth0", Protocol::Oidc), Side::Provider);
    let quoted = "\"${auth0_client.service.client_id}\") return;";
    assert!(text.contains(quoted), "{text}");
    assert!(text.contains("    exports.onExecutePostLogin"), "{text}");
    assert!(text.contains("\"https://torq.io/groups\""), "{text}");
}

#[test]
fn the_realm_is_that_of_the_issuer() {
    let mut keycloak = set_up("keycloak", Protocol::Oidc);
    assert_eq!(value(&of(&keycloak, Side::Provider), "default"), None);
    keycloak.connection.issuer = "https://sso.acme.example/realms/acme/".to_owned();
    let realm = value(&of(&keycloak, Side::Provider), "default");
    assert_eq!(realm.as_deref(), Some("\"acme\""));
}

#[test]
fn nothing_that_was_typed_leaves_its_literal_or_its_comment() {
    let hostile = "a\" }\n${file(\"/etc/passwd\")} %{ if true } \\ $${x} <slug>\u{7}";
    let mut set_up = set_up("okta", Protocol::Saml);
    set_up.workspace.name = hostile.to_owned();
    set_up.rules.0[0].value = hostile.to_owned();
    set_up.workspace.service = ServiceChoice::Described(DescribedService {
        name: hostile.to_owned(),
        login_redirect_url: "https://tool.example/acs".to_owned(),
        audience: hostile.to_owned(),
        roles: vec!["Admin".to_owned()],
        fallback: hostile.to_owned(),
    });
    for side in [Side::Provider, Side::Service] {
        let text = of(&set_up, side);
        let read = read(&text);
        let mut blocks: Vec<&str> = read
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        blocks.sort_unstable();
        assert_eq!(
            blocks,
            ["locals", "output", "resource", "terraform"],
            "{text}"
        );
        let rule = &read["locals"]["claim_rules"][0]["value"];
        assert_eq!(rule.as_str(), Some(hostile));
        let (resource, audience) = match side {
            Side::Provider => (&read["resource"]["okta_app_saml"]["service"], "audience"),
            Side::Service => {
                let of = "google_identity_platform_inbound_saml_config";
                (
                    &read["resource"][of]["provider"]["sp_config"],
                    "sp_entity_id",
                )
            }
        };
        assert_eq!(resource[audience].as_str(), Some(hostile.trim()), "{text}");
    }
}

#[test]
fn a_name_becomes_one_that_identity_platform_takes() {
    for (name, expected) in [
        ("Acme", "acme"),
        ("Acme & Sons, Ltd.", "acme-sons-ltd"),
        ("2nd Street", "sso-2nd-street"),
        ("北京", "sso"),
        ("A very long name of a workspace", "a-very-long-name-of"),
    ] {
        assert_eq!(slug(name), expected);
    }
}
