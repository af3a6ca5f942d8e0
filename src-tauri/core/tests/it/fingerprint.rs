//! What a test sign-in proved, and when it proves it no longer.

use latchkey_core::connection::{Flow, Issuer};
use latchkey_core::{Fingerprint, OidcConnection};
use proptest::prelude::*;

use super::token::{CLIENT, ISSUER};

pub(crate) fn connection() -> OidcConnection {
    OidcConnection {
        provider: "okta".into(),
        issuer: Issuer::parse(ISSUER).unwrap(),
        client_id: CLIENT.into(),
        scopes: ["openid", "email", "profile", "groups"]
            .map(str::to_owned)
            .into(),
        flow: Flow::Code,
        login_hint: true,
        login_redirect_url: "https://app.torq.io/__/auth/handler".parse().unwrap(),
    }
}

type Change = fn(&mut OidcConnection);

/// Every field that a test sign-in depends on, with a change of it.
pub(crate) fn changes() -> Vec<(&'static str, Change)> {
    vec![
        ("connection.issuer", |c| {
            c.issuer = Issuer::parse("https://acme.idp.example/").unwrap();
        }),
        ("connection.client_id", |c| c.client_id.push('x')),
        ("connection.scopes", |c| c.scopes.truncate(3)),
        ("connection.scopes", |c| c.scopes.swap(1, 2)),
        ("connection.flow", |c| c.flow = Flow::Implicit),
        ("connection.login_hint", |c| c.login_hint = false),
        ("connection.login_redirect_url", |c| {
            c.login_redirect_url = "https://app.eu.torq.io/__/auth/handler".parse().unwrap();
        }),
    ]
}

#[test]
fn each_field_changed_alone_changes_it_and_is_named() {
    let proved = Fingerprint::of(&latchkey_core::Connection::Oidc(connection()), Some("m1"));
    assert_eq!(
        proved,
        Fingerprint::of(&latchkey_core::Connection::Oidc(connection()), Some("m1"))
    );
    assert_eq!(proved.changed_in(&proved), Vec::<String>::new());
    for (field, change) in changes() {
        let mut changed = connection();
        change(&mut changed);
        let now = Fingerprint::of(
            &latchkey_core::Connection::Oidc(changed.clone()),
            Some("m1"),
        );
        assert_ne!(now.sha256(), proved.sha256(), "{field}");
        assert_eq!(proved.changed_in(&now), [field]);
        assert_eq!(now.changed_in(&proved), [field]);
    }
    for mark in [None, Some("m2"), Some("M1"), Some("m1 ")] {
        let now = Fingerprint::of(&latchkey_core::Connection::Oidc(connection()), mark);
        assert_ne!(now.sha256(), proved.sha256(), "{mark:?}");
        assert_eq!(proved.changed_in(&now), ["connection.client_secret"]);
    }
}

#[test]
fn a_value_that_is_written_as_the_next_field_is_no_other_connection() {
    let of = |id: &str, mark: &str| {
        let mut connection = connection();
        connection.client_id = id.into();
        Fingerprint::of(
            &latchkey_core::Connection::Oidc(connection.clone()),
            Some(mark),
        )
    };
    let one = of("a", "bconnection.client_secretc");
    let other = of("aconnection.client_secretb", "c");
    assert_ne!(one.sha256(), other.sha256());
}

#[test]
fn the_provider_that_the_guide_is_for_is_no_part_of_it() {
    let mut other = connection();
    other.provider = "other".into();
    assert_eq!(
        Fingerprint::of(&latchkey_core::Connection::Oidc(connection()), None),
        Fingerprint::of(&latchkey_core::Connection::Oidc(other.clone()), None)
    );
}

#[test]
fn a_field_that_is_only_there_now_counts_as_changed() {
    let now = Fingerprint::of(&latchkey_core::Connection::Oidc(connection()), None);
    let mut older = serde_json::to_value(&now).unwrap();
    older["facts"]
        .as_object_mut()
        .unwrap()
        .remove("connection.flow");
    let older: Fingerprint = serde_json::from_value(older).unwrap();
    assert_eq!(older.changed_in(&now), ["connection.flow"]);
    assert_eq!(now.changed_in(&older), ["connection.flow"]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    /// Characters move from one field to the next, as they would if the fields ran together.
    #[test]
    fn two_connections_have_one_fingerprint_only_if_they_are_the_same(
        id in "[a-c:]{0,3}", mark in "[a-c:]{0,3}", other_id in "[a-c:]{0,3}", other_mark in "[a-c:]{0,3}",
        hint in any::<bool>(), other_hint in any::<bool>(),
    ) {
        let of = |id: &str, mark: &str, hint: bool| {
            let mut connection = connection();
            connection.client_id = id.into();
            connection.login_hint = hint;
            Fingerprint::of(&latchkey_core::Connection::Oidc(connection.clone()), Some(mark))
        };
        let (one, other) = (of(&id, &mark, hint), of(&other_id, &other_mark, other_hint));
        let same = (&id, &mark, hint) == (&other_id, &other_mark, other_hint);
        prop_assert_eq!(one.sha256() == other.sha256(), same);
        prop_assert_eq!(one.changed_in(&other).is_empty(), same);
    }
}
