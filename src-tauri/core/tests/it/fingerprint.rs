//! What a test sign-in proved, and when it proves it no longer.

use latchkey_core::connection::{Flow, Issuer};
use latchkey_core::{
    Certificate, Fingerprint, OidcConnection, RequestBinding, SamlConnection, certificate,
};
use proptest::prelude::*;

use super::token::{CLIENT, ISSUER, torq};

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
fn another_region_is_named_as_the_region_and_an_address_of_ones_own_as_the_address() {
    let at = |address: &str| {
        let mut connection = connection();
        connection.login_redirect_url = address.parse().unwrap();
        Fingerprint::of(&latchkey_core::Connection::Oidc(connection), Some("m1"))
    };
    let us = at("https://app.torq.io/__/auth/handler");
    let eu = at("https://app.eu.torq.io/__/auth/handler");
    let own = at("https://proxy.acme.example/handler");
    let named = |before: &Fingerprint, now: &Fingerprint| before.changed_in_form(now, Some(torq()));
    assert_eq!(named(&us, &us), Vec::<String>::new());
    assert_eq!(named(&us, &eu), ["workspace.region"]);
    assert_eq!(named(&us, &own), ["connection.login_redirect_url"]);
    assert_eq!(named(&own, &eu), ["connection.login_redirect_url"]);
    assert_eq!(
        us.changed_in_form(&eu, None),
        ["connection.login_redirect_url"],
        "of no service that is known"
    );
    assert_eq!(us.changed_in(&eu), ["connection.login_redirect_url"]);
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

fn certificates() -> Vec<Certificate> {
    let chain = include_bytes!("../../src/certificate/cases/chain.pem");
    certificate::read(chain).certificates
}

fn saml() -> SamlConnection {
    SamlConnection {
        provider: "jumpcloud".into(),
        issuer: "JumpCloud".into(),
        sign_on_url: "https://sso.jumpcloud.com/saml2/acme".parse().unwrap(),
        request_binding: RequestBinding::Redirect,
        sign_requests: false,
        certificates: certificates()[..2].to_vec(),
        audience: "torq.io".into(),
        login_redirect_url: "https://app.torq.io/__/auth/handler".parse().unwrap(),
    }
}

fn of_saml(change: impl FnOnce(&mut SamlConnection), mark: Option<&str>) -> Fingerprint {
    let mut connection = saml();
    change(&mut connection);
    Fingerprint::of(&latchkey_core::Connection::Saml(connection), mark)
}

#[test]
fn each_field_of_a_saml_connection_changed_alone_changes_it_and_is_named() {
    type Change = fn(&mut SamlConnection);
    let changes: [(&str, Change); 10] = [
        ("connection.issuer", |c| c.issuer.push('/')),
        ("connection.sign_on_url", |c| {
            c.sign_on_url.set_query(Some("a=1"));
        }),
        ("connection.request_binding", |c| {
            c.request_binding = RequestBinding::Post;
        }),
        ("connection.sign_requests", |c| c.sign_requests = true),
        ("connection.certificates", |c| c.certificates.truncate(1)),
        ("connection.certificates", |c| {
            c.certificates = certificates()[1..].to_vec();
        }),
        ("connection.certificates", |c| {
            c.certificates = certificates()
        }),
        ("connection.certificates", |c| c.certificates.clear()),
        ("connection.audience", |c| c.audience = "Torq.io".into()),
        ("connection.login_redirect_url", |c| {
            c.login_redirect_url = "https://app.eu.torq.io/__/auth/handler".parse().unwrap();
        }),
    ];
    let proved = of_saml(|_| {}, Some("m1"));
    assert_eq!(proved, of_saml(|_| {}, Some("m1")));
    for (field, change) in changes {
        let now = of_saml(change, Some("m1"));
        assert_ne!(now.sha256(), proved.sha256(), "{field}");
        assert_eq!(proved.changed_in(&now), [field]);
        assert_eq!(now.changed_in(&proved), [field]);
    }
    for mark in [None, Some("m2")] {
        let now = of_saml(|_| {}, mark);
        assert_eq!(proved.changed_in(&now), ["connection.key_pair"]);
    }
}

#[test]
fn neither_the_order_of_certificates_nor_the_guides_provider_is_part_of_it() {
    let proved = of_saml(|_| {}, None);
    assert_eq!(proved, of_saml(|c| c.certificates.reverse(), None));
    assert_eq!(proved, of_saml(|c| c.provider = "other".into(), None));
}

#[test]
fn the_other_protocol_is_another_connection() {
    let oidc = Fingerprint::of(&latchkey_core::Connection::Oidc(connection()), None);
    let changed = oidc.changed_in(&of_saml(|_| {}, None));
    assert!(changed.contains(&"connection.protocol".to_owned()));
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
