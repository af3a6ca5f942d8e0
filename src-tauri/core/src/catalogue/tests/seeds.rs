//! What the service's own guides say, line by line, against the data. Each row of `tests/cases/guides/`
//! quotes its line, and names where in the catalogue that stands.

use serde_json::Value;

use super::*;

const GUIDES: [(&str, &str); 5] = [
    (
        "jumpcloud-saml",
        include_str!("../../../tests/cases/guides/jumpcloud-saml.txt"),
    ),
    ("any", include_str!("../../../tests/cases/guides/any.txt")),
    (
        "auth0-oidc",
        include_str!("../../../tests/cases/guides/auth0-oidc.txt"),
    ),
    (
        "okta-oidc",
        include_str!("../../../tests/cases/guides/okta-oidc.txt"),
    ),
    (
        "troubleshooting",
        include_str!("../../../tests/cases/guides/troubleshooting.txt"),
    ),
];

#[test]
fn every_value_of_the_guides_is_in_the_data() {
    let all = serde_json::to_value(catalogue()).unwrap();
    let mut count = 0;
    for (guide, rows) in GUIDES {
        for row in rows.lines().filter(|row| !row.starts_with('#')) {
            let mut parts = row.splitn(4, " | ");
            let mut part = || parts.next().unwrap_or_else(|| panic!("{guide}: {row}"));
            let (line, says, place, expected) = (part(), part(), part(), part());
            assert!(
                stands(&all, place, expected),
                "{guide}, line {line}: {says}\n{place} does not say {expected}"
            );
            count += 1;
        }
    }
    assert_eq!(count, 277);
}

#[test]
fn a_value_that_is_not_in_the_data_is_missed() {
    let all = serde_json::to_value(catalogue()).unwrap();
    for (place, expected) in [
        ("torq/audience", "= torq"),
        ("torq/steps", "~ Settings > Privacy"),
        ("torq/steps", "= Click Configure SSO"),
        ("torq/provider_initiated_saml", "? true"),
        ("torq/regions/us", "= https://app.eu.torq.io"),
        ("given/okta/oidc/us/audience", "= torq.io"),
        ("okta/nothing", "~ Okta"),
        ("nobody/name", "~ Okta"),
    ] {
        assert!(!stands(&all, place, expected), "{place} {expected}");
    }
}

/// Whether this stands there: `= text` for a whole value, `~ text` for a part of one, `? true`.
fn stands(all: &Value, place: &str, expected: &str) -> bool {
    let (how, text) = expected.split_at(2);
    let Some(found) = found(all, place) else {
        return false;
    };
    match how {
        "= " => any(&found, &|one| one == text),
        "~ " => any(&found, &|one| one.contains(text)),
        "? " => serde_json::from_str(text).is_ok_and(|wanted: Value| found == wanted),
        _ => panic!("{expected}"),
    }
}

/// What stands in a place: a path in the data, or `given/provider/protocol/region/field` for a value
/// that the form gives to copy.
fn found(all: &Value, place: &str) -> Option<Value> {
    let parts: Vec<&str> = place.split('/').collect();
    if let ["given", provider, protocol, region, field] = parts[..] {
        let mut set_up = SetUp::default();
        set_up.workspace.region = region.to_owned();
        set_up.workspace.owner_email = "olivia@acme.example".to_owned();
        set_up.connection.provider = provider.to_owned();
        set_up.connection.protocol = match protocol {
            "oidc" => Protocol::Oidc,
            _ => Protocol::Saml,
        };
        let given = catalogue().values_to_copy(&set_up);
        let value = given.into_iter().find(|one| one.field == field)?.value;
        return Some(Value::String(value));
    }
    let (id, rest) = parts.split_first()?;
    let mut at = ["services", "providers"]
        .iter()
        .find_map(|list| named(&all[*list], id))?;
    for part in rest {
        at = named(at, part)?;
    }
    Some(at.clone())
}

/// A part of a value: by its name, or in a list by the id or the name that it bears.
fn named<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let Value::Array(list) = value else {
        return value.get(name);
    };
    let bears = |one: &&Value| one.get("id").or(one.get("name")) == Some(&Value::from(name));
    list.iter().find(bears)
}

fn any(value: &Value, holds: &impl Fn(&str) -> bool) -> bool {
    match value {
        Value::String(text) => holds(text),
        Value::Array(list) => list.iter().any(|one| any(one, holds)),
        Value::Object(map) => map.values().any(|one| any(one, holds)),
        _ => false,
    }
}

#[test]
fn where_the_guides_are_wrong_or_contradict_each_other_the_data_says_so() {
    let all = serde_json::to_value(catalogue()).unwrap();
    for (why, place, expected) in [
        (
            "Two pages for OneLogin print another European host than the rest",
            "torq/redirect_notes",
            "~ eu.app.torq.io",
        ),
        (
            "The Okta catalog app works for the United States only",
            "okta/saml/traps",
            "~ United States only",
        ),
        (
            "Okta SAML: Name ID format",
            "okta/saml/settings",
            "= EmailAddress",
        ),
        (
            "Entra: groups above six are dropped in the implicit flow",
            "entra/oidc/flow",
            "= code",
        ),
        (
            "Entra: groups above six are dropped in the implicit flow",
            "entra/oidc/implicit_drops_groups_from",
            "? 6",
        ),
        (
            "Entra: groups arrive as object IDs",
            "entra/oidc/groups_are_ids",
            "? true",
        ),
        (
            "Entra: groups arrive as object IDs",
            "entra/saml/groups_are_ids",
            "? true",
        ),
        (
            "Entra: ID tokens are enabled under Implicit and hybrid",
            "entra/oidc/steps",
            "~ select ID tokens",
        ),
        (
            "OneLogin: the connector",
            "onelogin/saml/steps",
            "~ SAML Custom Connector (Advanced)",
        ),
        (
            "OneLogin: the address goes into three places",
            "onelogin/saml/labels/login_redirect_url",
            "= Recipient",
        ),
        (
            "JumpCloud: the issuer is one for all",
            "jumpcloud/oidc/issuer_example",
            "= https://oauth.id.jumpcloud.com/",
        ),
        (
            "Auth0 Rules are past their end of life",
            "auth0/oidc/steps",
            "~ exports.onExecutePostLogin",
        ),
        (
            "The provider may not start a sign-in with SAML",
            "torq/provider_initiated_saml",
            "? false",
        ),
        (
            "OneLogin SAML prints the audience",
            "torq/audience",
            "= torq.io",
        ),
        (
            "Japan's address is inferred",
            "torq/regions/jp/inferred",
            "? true",
        ),
    ] {
        assert!(stands(&all, place, expected), "{why}: {place} {expected}");
    }
}
