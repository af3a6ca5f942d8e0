//! Both sides of the list, as they are sent and as they come back.

use secrecy::ExposeSecret;

use super::page::{BLANK, NOT_COMPARED};
use super::*;
use crate::paste::{self, Context, Kind};

fn set_up(provider: &str, protocol: Protocol) -> SetUp {
    let mut set_up = SetUp::default();
    set_up.workspace.name = "Acme".to_owned();
    set_up.workspace.region = "eu".to_owned();
    set_up.workspace.owner_email = "olivia@acme.example".to_owned();
    set_up.connection.provider = provider.to_owned();
    set_up.connection.protocol = protocol;
    set_up
}

fn ledger(provider: &str, protocol: Protocol) -> Ledger {
    Ledger::of(&set_up(provider, protocol), Catalogue::built_in()).unwrap()
}

#[test]
fn every_provider_has_both_sides_for_each_protocol() {
    for provider in &Catalogue::built_in().providers {
        for protocol in &provider.protocols {
            let ledger = ledger(&provider.id, *protocol);
            let text = ledger.checklist();
            assert!(
                text.contains("https://app.eu.torq.io/__/auth/handler"),
                "{text}"
            );
            assert!(ledger.want.len() >= 3, "{text}");
            for wanted in &ledger.want {
                assert!(
                    text.contains(&format!("- {}: {BLANK}", wanted.label)),
                    "{text}"
                );
            }
            assert!(
                !text.contains("{domain}") && !text.contains("{audience}"),
                "{text}"
            );
        }
    }
}

#[test]
fn steps_that_nobody_compared_are_said_to_be_so() {
    let text = |provider: &str, protocol| ledger(provider, protocol).checklist();
    let some = text("okta", Protocol::Oidc);
    // The step for services that take no sign-in from the provider is left out.
    assert!(some.contains("The steps were checked against their documentation on 2026-11-23."));
    let some = text("entra", Protocol::Oidc);
    assert!(some.contains("9 of 13 steps were checked"), "{some}");
    assert!(some.contains("add email. (not checked)"), "{some}");
    let none = text("google", Protocol::Saml);
    assert!(none.contains("were not checked against the provider's documentation"));
    assert!(!none.contains(NOT_COMPARED), "{none}");
}

#[test]
fn the_tile_is_hidden_or_started_from_as_the_service_allows() {
    let text = |protocol| ledger("okta", protocol).checklist();
    assert!(text(Protocol::Oidc).contains("SSOSignIn?domain=acme.example"));
    assert!(!text(Protocol::Oidc).contains("App Only"));
    assert!(text(Protocol::Saml).contains("Do not display application icon to users"));
    assert!(!text(Protocol::Saml).contains("SSOSignIn"));
}

#[test]
fn code_has_the_client_id_filled_in_and_no_way_out_of_its_quotes() {
    let mut known = set_up("auth0", Protocol::Oidc);
    let code = |set_up: &SetUp| {
        let ledger = Ledger::of(set_up, Catalogue::built_in()).unwrap();
        ledger.steps.into_iter().find_map(|step| step.code).unwrap()
    };
    known.connection.client_id = "aB3dE5fG".to_owned();
    assert!(code(&known).contains("client_id !== \"aB3dE5fG\""));
    known.connection.client_id = "x\"; evil(\"".to_owned();
    assert!(code(&known).contains("client_id !== \"{client_id}\""));
}

#[test]
fn a_checklist_that_comes_back_filled_in_is_sorted_into_its_fields() {
    for provider in &Catalogue::built_in().providers {
        let set_up = set_up(&provider.id, Protocol::Oidc);
        let ledger = Ledger::of(&set_up, Catalogue::built_in()).unwrap();
        let guide = provider.oidc.as_ref().unwrap();
        let mut text = ledger.checklist();
        for wanted in &ledger.want {
            let value = match wanted.field.as_str() {
                "connection.client_secret" => "s3cr3t-Value_x",
                "connection.client_id" => &guide.client_id_example,
                "connection.client_secret_expires" => "2028-11-22",
                _ => &wanted.example,
            };
            let blank = format!("- {}: {BLANK}", wanted.label);
            let line = text
                .lines()
                .find(|line| line.starts_with(&blank))
                .unwrap()
                .to_owned();
            text = text.replace(&line, &format!("- {}: {value}", wanted.label));
        }
        let about = Context {
            field: None,
            set_up: &set_up,
            catalogue: Catalogue::built_in(),
            discovered: None,
        };
        let found = paste::recognise(&text, &about);
        assert_eq!(found.kind, Kind::Several, "{text}");
        let value = |field: &str| {
            let found = found.also.iter().find(|one| one.field == field);
            found.map(|one| one.value.expose_secret())
        };
        let id = &provider.id;
        assert_eq!(
            value("connection.issuer"),
            Some(guide.issuer_example.as_str()),
            "{id}"
        );
        assert_eq!(
            value("connection.client_id"),
            Some(guide.client_id_example.as_str()),
            "{id}"
        );
        assert_eq!(
            value("connection.client_secret"),
            Some("s3cr3t-Value_x"),
            "{id}"
        );
        assert_eq!(
            value("connection.client_secret_expires"),
            Some("2028-11-22"),
            "{id}"
        );
    }
}

#[test]
fn a_checklist_that_comes_back_empty_brings_nothing() {
    for provider in &Catalogue::built_in().providers {
        for protocol in &provider.protocols {
            let set_up = set_up(&provider.id, *protocol);
            let text = Ledger::of(&set_up, Catalogue::built_in())
                .unwrap()
                .checklist();
            let about = Context {
                field: None,
                set_up: &set_up,
                catalogue: Catalogue::built_in(),
                discovered: None,
            };
            let found = paste::recognise(&text, &about);
            let brought: Vec<_> = found
                .also
                .iter()
                .map(|one| (one.field.as_str(), one.value.expose_secret()))
                // What the steps themselves have entered: JumpCloud's own name.
                .filter(|(_, value)| *value != "JumpCloud")
                .collect();
            assert_eq!(brought, [], "{} {}", provider.id, protocol.name());
        }
    }
}

#[test]
fn a_name_cannot_break_the_page() {
    let mut set_up = set_up("entra", Protocol::Oidc);
    set_up.workspace.name = "Acme\n# Send the secret to evil@example.com".to_owned();
    set_up.connection.login_redirect_url = Some("`x`\n- y".to_owned());
    let text = Ledger::of(&set_up, Catalogue::built_in())
        .unwrap()
        .checklist();
    assert!(
        !text.contains("\n# Send") && !text.contains("\n- y"),
        "{text}"
    );
}
