//! Every key of a set-up and of a draft, changed alone: it makes evidence stale, or it is harmless for a
//! reason that stands here. A key without an entry fails.

use std::collections::BTreeSet;

use latchkey_core::check::check;
use latchkey_core::{Catalogue, Draft, Fingerprint, SetUp};
use serde_json::{Value, json};

/// What a change does to the evidence that is there.
#[derive(Clone, Copy, Debug)]
enum Effect {
    /// These settings are not those that were proved.
    Stale(&'static [&'static str]),
    /// It proves what it proved.
    Harmless(&'static str),
}
use Effect::{Harmless, Stale};

const OTHER: Effect = Harmless("a field of the other protocol, which nothing reads");
const GUIDE: Effect = Harmless("chooses the guide; what is sent stands in fields of its own");
const REPLAYED: Effect = Harmless("rules are replayed on the evidence at every change");
const NAME: Effect = Harmless("a name on this computer; no message holds it");
const OWNER: Effect = Harmless("whose evidence it is, is compared anew each time");

struct Entry {
    path: &'static str,
    to: fn() -> Value,
    oidc: Effect,
    saml: Effect,
}

fn entry(path: &'static str, to: fn() -> Value, oidc: Effect, saml: Effect) -> Entry {
    Entry {
        path,
        to,
        oidc,
        saml,
    }
}

const REDIRECT: Effect = Stale(&["connection.login_redirect_url"]);

/// Each key of the set-up with another value than it has in both of the set-ups below.
fn entries() -> Vec<Entry> {
    vec![
        entry(
            "workspace.service",
            || {
                json!({ "name": "Other", "login_redirect_url": "https://other.example/callback",
                "audience": "other.example", "roles": ["Owner"], "fallback": "Nothing" })
            },
            REDIRECT,
            Stale(&["connection.audience", "connection.login_redirect_url"]),
        ),
        entry("workspace.name", || json!("Beta"), NAME, NAME),
        entry("workspace.region", || json!("eu"), REDIRECT, REDIRECT),
        entry(
            "workspace.owner_email",
            || json!("olga@acme.example"),
            OWNER,
            OWNER,
        ),
        entry("rules", || json!([]), REPLAYED, REPLAYED),
        entry("connection.provider", || json!("other"), GUIDE, GUIDE),
        entry(
            "connection.issuer",
            || json!("https://beta.okta.com"),
            Stale(&["connection.issuer"]),
            Stale(&["connection.issuer"]),
        ),
        entry(
            "connection.client_id",
            || json!("0oaOtherOtherOther12"),
            Stale(&["connection.client_id"]),
            OTHER,
        ),
        entry(
            "connection.client_secret_expires",
            || json!("2027-01-01"),
            Harmless("a date that somebody wrote down; nothing of it is sent"),
            OTHER,
        ),
        entry(
            "connection.scopes",
            || json!(["openid", "email"]),
            Stale(&["connection.scopes"]),
            OTHER,
        ),
        entry(
            "connection.flow",
            || json!("implicit"),
            Stale(&["connection.flow"]),
            OTHER,
        ),
        entry(
            "connection.login_hint",
            || json!(false),
            Stale(&["connection.login_hint"]),
            OTHER,
        ),
        entry(
            "connection.sign_on_url",
            || json!("https://acme.okta.com/sso/other"),
            OTHER,
            Stale(&["connection.sign_on_url"]),
        ),
        entry(
            "connection.request_binding",
            || json!("post"),
            OTHER,
            Stale(&["connection.request_binding"]),
        ),
        entry(
            "connection.sign_requests",
            || json!(true),
            OTHER,
            Stale(&["connection.sign_requests"]),
        ),
        entry(
            "connection.certificates",
            || {
                json!([include_str!(
                    "../../src/certificate/cases/rsa-2048-next.pem"
                )])
            },
            OTHER,
            Stale(&["connection.certificates"]),
        ),
        entry(
            "connection.login_redirect_url",
            || json!("https://app.acme.example/callback"),
            REDIRECT,
            REDIRECT,
        ),
        entry(
            "connection.audience",
            || json!("acme.example"),
            Harmless("the audience of an ID token is the client ID"),
            Stale(&["connection.audience"]),
        ),
    ]
}

fn set_up(connection: &Value) -> Value {
    json!({
        "format": "latchkey/1",
        "workspace": { "service": "torq", "name": "Acme", "region": "us", "owner_email": "olivia@acme.example" },
        "connection": connection,
        "rules": [{ "claim": "email", "value": "olivia@acme.example", "role": "Owner" }]
    })
}

fn oidc() -> Value {
    set_up(
        &json!({ "protocol": "oidc", "provider": "okta", "issuer": "https://acme.okta.com",
        "client_id": "0oa1b2c3d4e5f6g7h8i9", "scopes": ["openid", "email", "profile", "groups"],
        "flow": "code", "login_hint": true }),
    )
}

fn saml() -> Value {
    set_up(
        &json!({ "protocol": "saml", "provider": "okta", "issuer": "http://www.okta.com/exk1",
        "sign_on_url": "https://acme.okta.com/app/exk1/sso/saml",
        "certificates": [include_str!("../../src/certificate/cases/rsa-2048.pem")] }),
    )
}

fn fingerprint(draft: &Draft) -> Fingerprint {
    let checked = check(&draft.set_up, Catalogue::built_in());
    let findings = checked.findings;
    let connection = checked.connection;
    let connection = connection.unwrap_or_else(|| panic!("it holds: {findings:?}"));
    Fingerprint::of(&connection, draft.mark())
}

fn draft(set_up: &Value) -> Draft {
    Draft {
        set_up: SetUp::read(set_up.to_string().as_bytes()).unwrap(),
        secret_mark: Some("s1".to_owned()),
        key_mark: Some("k1".to_owned()),
        ..Draft::default()
    }
}

#[track_caller]
fn has_effect(before: &Draft, after: &Draft, path: &str, effect: Effect) {
    let changed = fingerprint(before).changed_in(&fingerprint(after));
    match effect {
        Stale(named) => assert_eq!(changed, named, "{path}"),
        Harmless(reason) => assert!(
            changed.is_empty(),
            "{path} changes {changed:?}, not: {reason}"
        ),
    }
}

#[test]
fn each_key_of_a_set_up_changed_alone_makes_evidence_stale_or_is_harmless_for_a_reason() {
    for entry in entries() {
        let pointer = format!("/{}", entry.path.replace('.', "/"));
        for (base, effect) in [(oidc(), entry.oidc), (saml(), entry.saml)] {
            let mut changed = base.clone();
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            let parent = changed.pointer_mut(parent).unwrap();
            assert_ne!(parent.get(key), Some(&(entry.to)()), "{}", entry.path);
            parent[key] = (entry.to)();
            has_effect(&draft(&base), &draft(&changed), entry.path, effect);
        }
    }
    // The protocol is the one key that cannot be changed alone.
    let other = fingerprint(&draft(&oidc())).changed_in(&fingerprint(&draft(&saml())));
    assert!(other.contains(&"connection.protocol".to_owned()));
}

#[test]
fn no_key_of_a_set_up_is_without_its_entry() {
    let mut told: BTreeSet<String> = entries()
        .iter()
        .map(|entry| entry.path.to_owned())
        .collect();
    told.extend(["format", "connection.protocol"].map(str::to_owned));
    let schema = SetUp::schema();
    let keys = |of: &Value| -> Vec<String> {
        let properties = of["properties"].as_object();
        properties.unwrap().keys().cloned().collect()
    };
    let mut there: BTreeSet<String> = keys(&schema).into_iter().collect();
    for (key, definition) in [
        ("workspace", "Workspace"),
        ("connection", "ConnectionFields"),
    ] {
        assert!(there.remove(key));
        let of = keys(&schema["$defs"][definition]);
        there.extend(of.iter().map(|one| format!("{key}.{one}")));
    }
    assert_eq!(there, told);
}

#[test]
fn each_key_of_a_draft_changed_alone_makes_evidence_stale_or_is_harmless_for_a_reason() {
    const PAGE: Effect = Harmless("where in the wizard the person is");
    type Change = fn(&mut Draft);
    let entries: [(&str, Change, Effect, Effect); 9] = [
        ("step", |d| d.step = latchkey_core::Step::Save, PAGE, PAGE),
        (
            "reached",
            |d| d.reached = latchkey_core::Step::Save,
            PAGE,
            PAGE,
        ),
        (
            "proposed",
            |d| d.proposed = d.set_up.rules.0.pop(),
            REPLAYED,
            REPLAYED,
        ),
        ("offered", |d| d.offered = !d.offered, PAGE, PAGE),
        ("practice", |d| d.practice = true, NAME, NAME),
        (
            "secret_mark",
            |d| d.secret_mark = None,
            Stale(&["connection.client_secret"]),
            OTHER,
        ),
        (
            "key_mark",
            |d| d.key_mark = Some("k2".to_owned()),
            OTHER,
            Stale(&["connection.key_pair"]),
        ),
        ("backup_account", |d| d.backup_account.push('x'), NAME, NAME),
        ("enforced", |d| d.enforced = None, NAME, NAME),
    ];
    let mut told: BTreeSet<&str> = entries.iter().map(|entry| entry.0).collect();
    told.insert("set_up");
    let there = serde_json::to_value(Draft::default()).unwrap();
    let there: BTreeSet<&str> = there
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(there, told);
    for (key, change, of_oidc, of_saml) in entries {
        for (base, effect) in [(oidc(), of_oidc), (saml(), of_saml)] {
            let before = draft(&base);
            let mut after = before.clone();
            change(&mut after);
            has_effect(&before, &after, key, effect);
        }
    }
}
