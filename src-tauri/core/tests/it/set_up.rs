//! The set-up file: what is read, what is refused and where, and what is written.

use latchkey_core::rules::{Rule, RuleList};
use latchkey_core::set_up::{
    ConnectionFields, DescribedService, LARGEST, MOST_RULES, ServiceChoice, Unusable, Workspace,
};
use latchkey_core::{Flow, Protocol, RequestBinding, SetUp};
use proptest::option;
use proptest::prelude::*;
use serde_json::{Value, json};

/// The example of the contract, completed.
const EXAMPLE: &str = r#"{
  "format": "latchkey/1",
  "workspace": { "service": "torq", "name": "Acme", "region": "us", "owner_email": "olivia@acme.example" },
  "connection": { "protocol": "saml", "provider": "jumpcloud", "issuer": "JumpCloud",
    "sign_on_url": "https://sso.jumpcloud.com/saml2/acme", "certificates": ["-----BEGIN CERTIFICATE-----\n..."] },
  "rules": [
    { "claim": "email", "value": "olivia@acme.example", "role": "Owner" },
    { "claim": "groups", "value": "SecOps", "role": "Contributor" } ]
}
"#;

const OIDC: &str = r#"{ "protocol": "oidc", "provider": "okta", "issuer": "https://acme.okta.com", "client_id": "0oa1",
"scopes": ["openid","email","profile","groups"], "flow": "code", "login_hint": true }"#;

fn example() -> Value {
    serde_json::from_str(EXAMPLE).unwrap()
}

/// Where a file does not fit.
#[track_caller]
fn misfit(text: impl AsRef<[u8]>) -> (String, usize, String) {
    match SetUp::read(text.as_ref()) {
        Err(Unusable::Shape {
            path, line, reason, ..
        }) => (path, line, reason),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_example_of_the_contract_is_read_and_written_back() {
    let read = SetUp::read(EXAMPLE.as_bytes()).unwrap();
    assert_eq!(read.connection.protocol, Protocol::Saml);
    assert_eq!(read.rules.0.len(), 2);
    let written: Value = serde_json::from_str(&read.written()).unwrap();
    assert_eq!(written, example());

    let mut oidc = example();
    oidc["connection"] = serde_json::from_str(OIDC).unwrap();
    let read = SetUp::read(oidc.to_string().as_bytes()).unwrap();
    assert_eq!(read.connection.flow, Some(Flow::Code));
    assert_eq!(
        serde_json::from_str::<Value>(&read.written()).unwrap(),
        oidc
    );
}

#[test]
fn a_byte_order_mark_does_no_harm() {
    assert!(SetUp::read(format!("\u{feff}{EXAMPLE}").as_bytes()).is_ok());
}

#[test]
fn a_key_that_is_not_known_is_refused_by_name_and_line_at_every_level() {
    let cases = [
        (
            "  \"format\"",
            "\"client_secret\": \"hunter2\",\n",
            "client_secret",
            2,
        ),
        ("\"service\"", "\"tenant\": 1,\n", "workspace.tenant", 3),
        (
            "\"protocol\"",
            "\"client_secret\": \"hunter2\",",
            "connection.client_secret",
            4,
        ),
        (
            "\"claim\": \"groups\"",
            "\"priority\": 1,",
            "rules[1].priority",
            8,
        ),
    ];
    for (before, unknown, path, line) in cases {
        let text = EXAMPLE.replacen(before, &format!("{unknown}{before}"), 1);
        let (found, at, reason) = misfit(&text);
        assert_eq!((found.as_str(), at), (path, line), "{text}");
        let name = path.rsplit('.').next().unwrap();
        assert!(reason.contains(&format!("`{name}`")), "{reason}");
        assert!(!reason.contains("hunter2"), "{reason}");
    }
    let mut described = example();
    described["workspace"]["service"] = json!({
        "name": "X", "login_redirect_url": "https://x.example/cb", "roles": ["A"], "fallback": "B", "logo": "x"
    });
    let (path, _, reason) = misfit(described.to_string());
    assert_eq!(path, "workspace.service.logo");
    assert!(reason.contains("`logo`"), "{reason}");
}

#[test]
fn a_value_of_another_type_is_refused_at_its_field() {
    for (pointer, path) in [
        ("/format", "format"),
        ("/workspace", "workspace"),
        ("/workspace/service", "workspace.service"),
        ("/workspace/name", "workspace.name"),
        ("/workspace/region", "workspace.region"),
        ("/workspace/owner_email", "workspace.owner_email"),
        ("/connection", "connection"),
        ("/connection/protocol", "connection.protocol"),
        ("/connection/provider", "connection.provider"),
        ("/connection/issuer", "connection.issuer"),
        ("/connection/sign_on_url", "connection.sign_on_url"),
        ("/connection/certificates", "connection.certificates"),
        ("/connection/certificates/0", "connection.certificates[0]"),
        ("/rules", "rules"),
        ("/rules/1", "rules[1]"),
        ("/rules/0/claim", "rules[0].claim"),
        ("/rules/1/role", "rules[1].role"),
    ] {
        let list = json!(["x"]);
        let is_list = ["/connection/certificates", "/rules"].contains(&pointer);
        let other_types = [json!(5), json!(true), Value::Null, list];
        for value in other_types.into_iter().take(if is_list { 3 } else { 4 }) {
            let mut text = example();
            *text.pointer_mut(pointer).unwrap() = value.clone();
            let text = serde_json::to_string_pretty(&text).unwrap();
            let (found, line, _) = misfit(&text);
            assert_eq!(found, path, "{value}");
            let last = path.rsplit('.').next().unwrap().split('[').next().unwrap();
            let written = text
                .lines()
                .position(|l| l.contains(&format!("\"{last}\":")))
                .unwrap();
            assert!(line > written, "{path}: line {line}");
        }
    }
}

#[test]
fn a_list_of_the_values_is_no_object() {
    let listed = |value: &Value| Value::from_iter(value.as_object().unwrap().values().cloned());
    for (pointer, path) in [
        ("", "the top"),
        ("/workspace", "workspace"),
        ("/connection", "connection"),
        ("/rules/1", "rules[1]"),
    ] {
        let mut text = example();
        let object = text.pointer_mut(pointer).unwrap();
        *object = listed(object);
        let (found, _, reason) = misfit(text.to_string());
        assert_eq!(found, path);
        assert!(
            reason.contains("an object in { } is expected, not a list"),
            "{reason}"
        );
    }
    let mut text = example();
    text["connection"]["protocol"] = json!({ "saml": null });
    assert_eq!(misfit(text.to_string()).0, "connection.protocol");
}

#[test]
fn what_is_needed_is_named_where_it_is_missing() {
    for (parent, name) in [
        ("", "format"),
        ("", "workspace"),
        ("", "connection"),
        ("/workspace", "service"),
        ("/workspace", "name"),
        ("/workspace", "owner_email"),
        ("/connection", "protocol"),
        ("/connection", "provider"),
        ("/rules/0", "claim"),
        ("/rules/0", "value"),
        ("/rules/0", "role"),
    ] {
        let mut text = example();
        text.pointer_mut(parent)
            .unwrap()
            .as_object_mut()
            .unwrap()
            .remove(name);
        let (_, _, reason) = misfit(text.to_string());
        assert!(reason.contains(&format!("`{name}`")), "{parent}: {reason}");
    }
    let mut no_rules = example();
    no_rules.as_object_mut().unwrap().remove("rules");
    assert_eq!(
        SetUp::read(no_rules.to_string().as_bytes()).unwrap().rules,
        RuleList::default()
    );
}

#[test]
fn a_key_that_stands_twice_is_refused() {
    for (before, twice) in [
        ("  \"format\"", "\"format\": \"latchkey/1\","),
        ("\"name\"", "\"name\": \"Other\","),
        ("\"issuer\"", "\"issuer\": \"Other\","),
        ("\"issuer\"", "\"iss\\u0075er\": \"Other\","),
        ("\"value\": \"SecOps\"", "\"value\": \"Other\","),
    ] {
        let text = EXAMPLE.replacen(before, &format!("{twice}{before}"), 1);
        let (_, _, reason) = misfit(&text);
        assert!(reason.contains("stands twice"), "{reason}");
    }
}

#[test]
fn what_is_no_set_up_is_refused_at_its_line() {
    for (text, path, line) in [
        ("", "the top", 1),
        ("\n\n", "the top", 3),
        ("[]", "the top", 1),
        ("null", "the top", 1),
        ("not json", "the top", 1),
        ("<html>", "the top", 1),
        ("{\n\"format\": \"latchkey/2\" }", "format", 2),
        ("{\n\"format\":\n\"Latchkey/1\" }", "format", 3),
    ] {
        let (found, at, _) = misfit(text);
        assert_eq!((found.as_str(), at), (path, line), "{text:?}");
    }
    let (path, line, _) = misfit(format!("{EXAMPLE}\n{{}}"));
    assert_eq!((path.as_str(), line), ("the end", 11));
    misfit(&EXAMPLE[..EXAMPLE.len() - 4]);
    misfit(b"\xff\xfe");
    misfit("[".repeat(500_000));
    let nested = EXAMPLE.replacen("\"torq\"", &"[".repeat(500_000), 1);
    misfit(nested);
}

#[test]
fn a_flow_is_one_of_two_and_the_choice_is_named() {
    let mut text = example();
    text["connection"]["flow"] = json!("hybrid");
    let (path, _, reason) = misfit(text.to_string());
    assert_eq!(path, "connection.flow");
    assert!(
        reason.contains("`code`") && reason.contains("`implicit`"),
        "{reason}"
    );
}

#[test]
fn size_and_number_of_rules_are_bounded_and_the_limit_is_named() {
    let large = vec![b' '; LARGEST + 1];
    assert_eq!(
        SetUp::read(&large),
        Err(Unusable::TooLarge { limit: LARGEST })
    );
    let mut at_most = EXAMPLE.as_bytes().to_vec();
    at_most.resize(LARGEST, b' ');
    assert!(SetUp::read(&at_most).is_ok());

    let of = |count: usize| {
        let mut set_up = SetUp::read(EXAMPLE.as_bytes()).unwrap();
        set_up.rules.0 = vec![super::token::rule("g", "v", "r"); count];
        SetUp::read(serde_json::to_string(&set_up).unwrap().as_bytes())
    };
    assert!(of(MOST_RULES).is_ok());
    let (count, limit) = (MOST_RULES + 1, MOST_RULES);
    assert_eq!(of(count), Err(Unusable::TooManyRules { count, limit }));
}

#[test]
fn a_reason_is_cut_and_cannot_steer_the_text_around_it() {
    let mut text = example();
    text["\u{202e}\u{1b}".repeat(10_000)] = json!(1);
    let (_, _, reason) = misfit(text.to_string());
    assert!(reason.chars().count() <= 301);
    assert!(!reason.contains('\u{202e}') && !reason.contains('\u{1b}'));
}

#[test]
fn the_schema_knows_every_key_of_the_example_and_refuses_others() {
    let schema = SetUp::schema();
    let resolve = |schema: &Value, part: &Value| -> Value {
        match part["$ref"].as_str() {
            Some(to) => schema.pointer(&to[1..]).unwrap().clone(),
            None => part.clone(),
        }
    };
    fn knows(
        schema: &Value,
        part: &Value,
        value: &Value,
        resolve: &dyn Fn(&Value, &Value) -> Value,
    ) {
        let part = resolve(schema, part);
        match value {
            Value::Object(members) if part["properties"].is_object() => {
                assert_eq!(part["additionalProperties"], json!(false), "{part}");
                for (name, value) in members {
                    let inner = &part["properties"][name];
                    assert!(inner.is_object(), "{name} is not in {part}");
                    knows(schema, inner, value, resolve);
                }
                for needed in part["required"].as_array().into_iter().flatten() {
                    assert!(members.contains_key(needed.as_str().unwrap()), "{needed}");
                }
            }
            Value::Array(values) if part["items"].is_object() => {
                for value in values {
                    knows(schema, &part["items"], value, resolve);
                }
            }
            _ => {}
        }
    }
    knows(&schema, &schema, &example(), &resolve);
    let mut oidc = example();
    oidc["connection"] = serde_json::from_str(OIDC).unwrap();
    knows(&schema, &schema, &oidc, &resolve);
    let text = schema.to_string();
    for word in [
        "latchkey/1",
        "implicit",
        "saml",
        "login_redirect_url",
        "fallback",
    ] {
        assert!(text.contains(word), "{word}");
    }
    assert!(!text.contains("\"client_secret\""));
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{0,8}", "\\PC{0,8}", any::<String>()]
}

fn service() -> impl Strategy<Value = ServiceChoice> {
    prop_oneof![
        words().prop_map(ServiceChoice::BuiltIn),
        (
            words(),
            words(),
            words(),
            prop::collection::vec(words(), 0..3),
            words()
        )
            .prop_map(|(name, login_redirect_url, audience, roles, fallback)| {
                ServiceChoice::Described(DescribedService {
                    name,
                    login_redirect_url,
                    audience,
                    roles,
                    fallback,
                })
            }),
    ]
}

prop_compose! {
    fn fields()(
        oidc in any::<bool>(), implicit in option::of(any::<bool>()), login_hint in option::of(any::<bool>()),
        scopes in option::of(prop::collection::vec(words(), 0..3)),
        certificates in prop::collection::vec(words(), 0..2),
        (provider, issuer, client_id, sign_on_url) in (words(), words(), words(), words()),
        (login_redirect_url, audience, client_secret_expires) in (option::of(words()), option::of(words()), option::of(words())),
        (posted, sign_requests) in (option::of(any::<bool>()), option::of(any::<bool>())),
    ) -> ConnectionFields {
        ConnectionFields {
            protocol: if oidc { Protocol::Oidc } else { Protocol::Saml },
            flow: implicit.map(|implicit| if implicit { Flow::Implicit } else { Flow::Code }),
            request_binding: posted.map(|posted| if posted { RequestBinding::Post } else { RequestBinding::Redirect }),
            provider, issuer, client_id, scopes, login_hint, sign_on_url, sign_requests, certificates, login_redirect_url, audience, client_secret_expires,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_as_it_was(
        service in service(), name in words(), region in words(), owner_email in words(), connection in fields(),
        rules in prop::collection::vec((words(), words(), words()), 0..4),
    ) {
        let rules = rules.into_iter().map(|(claim, value, role)| Rule { claim, value, role }).collect();
        let set_up = SetUp {
            workspace: Workspace { service, name, region, owner_email },
            connection,
            rules: RuleList(rules),
            ..SetUp::default()
        };
        prop_assert_eq!(SetUp::read(set_up.written().as_bytes()), Ok(set_up));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in any::<Vec<u8>>(), at in any::<prop::sample::Index>(), bit in 0..8_u32) {
        let _ = SetUp::read(&bytes);
        let mut flipped = EXAMPLE.as_bytes().to_vec();
        let at = at.index(flipped.len());
        flipped[at] ^= 1 << bit;
        let _ = SetUp::read(&flipped);
    }
}
