//! The conditions for saving, each alone.

use jiff::Timestamp;
use latchkey_core::gate::{Condition, Gate};
use latchkey_core::{Claims, Evidence, Fault, Finding, Fingerprint, RuleList, Service, SetUp, Way};

use super::fingerprint::{changes, connection};
use super::token::{OWNER, rule, rules, torq};

fn evidence(id: &str, email: &str, groups: &[&str]) -> Evidence {
    let mut claims = Claims::default();
    claims.push("sub", id);
    claims.push("email", email);
    for group in groups {
        claims.push("groups", *group);
    }
    Evidence {
        id: id.into(),
        at: Timestamp::UNIX_EPOCH,
        way: Way::Window,
        subject: id.into(),
        email: email.into(),
        fingerprint: Fingerprint::of(&latchkey_core::Connection::Oidc(connection()), Some("m1")),
        stages: Vec::new(),
        claims,
        expected_role: None,
        name: None,
        answer: None,
        imported: false,
        signed_by: None,
    }
}

/// Everything that the gate looks at, with all of its conditions met.
struct Scene {
    set_up: SetUp,
    service: Option<Service>,
    findings: Vec<Finding>,
    now: Option<Fingerprint>,
    evidence: Vec<Evidence>,
}

fn scene() -> Scene {
    let mut set_up = SetUp::default();
    set_up.workspace.owner_email = OWNER.into();
    set_up.rules = rules();
    Scene {
        set_up,
        service: Some(torq().clone()),
        findings: Vec::new(),
        now: Some(Fingerprint::of(
            &latchkey_core::Connection::Oidc(connection()),
            Some("m1"),
        )),
        evidence: vec![evidence("e1", OWNER, &[])],
    }
}

impl Scene {
    fn gate(&self) -> Gate {
        Gate::for_save(
            &self.set_up,
            self.service.as_ref(),
            &self.findings,
            self.now.as_ref(),
            &self.evidence,
        )
    }

    fn missing(&self) -> Vec<Condition> {
        let gate = self.gate();
        let missing: Vec<_> = gate
            .conditions
            .iter()
            .filter(|met| !met.met)
            .map(|met| met.condition)
            .collect();
        assert_eq!(gate.is_open(), missing.is_empty());
        missing
    }
}

const REASON: &str = "The provider is down until Monday.";
const TESTED: Condition = Condition::Tested;
const OWNER_KEEPS: Condition = Condition::OwnerKeepsHighestRole;

#[test]
fn with_everything_proved_the_gate_is_open_and_says_by_what() {
    let gate = scene().gate();
    assert!(gate.is_open());
    assert_eq!(gate.let_through(Some(REASON)), Ok(None), "none is needed");
    let by: Vec<_> = gate
        .conditions
        .iter()
        .map(|met| met.evidence.as_deref())
        .collect();
    assert_eq!(by, [None, None, Some("e1"), Some("e1")]);
    assert!(gate.conditions.iter().all(|met| met.changed.is_empty()));
}

#[test]
fn each_condition_alone_keeps_it_closed() {
    let fault = || Fault::SubjectMissing {};
    type Change = Box<dyn Fn(&mut Scene)>;
    let cases: Vec<(&str, Change, Vec<Condition>, bool)> = vec![
        (
            "a field",
            Box::new(move |s| s.findings = vec![Finding::error(fault()).at("connection.issuer")]),
            vec![Condition::FieldsHold],
            false,
        ),
        (
            "a field without a path",
            Box::new(move |s| s.findings = vec![Finding::error(fault())]),
            vec![Condition::FieldsHold],
            false,
        ),
        (
            "a rule",
            Box::new(move |s| s.findings = vec![Finding::error(fault()).at("rules[0].role")]),
            vec![Condition::RulesHold],
            false,
        ),
        (
            "all rules",
            Box::new(move |s| s.findings = vec![Finding::error(fault()).at("rules")]),
            vec![Condition::RulesHold],
            false,
        ),
        (
            "no test",
            Box::new(|s| s.evidence.clear()),
            vec![TESTED, OWNER_KEEPS],
            true,
        ),
        (
            "nothing to compare with",
            Box::new(|s| s.now = None),
            vec![TESTED, OWNER_KEEPS],
            true,
        ),
        (
            "somebody else's test",
            Box::new(|s| {
                s.set_up.rules.0.push(rule("groups", "Admins", "Owner"));
                s.evidence = vec![evidence("e2", "bob@acme.example", &["Admins"])];
            }),
            vec![OWNER_KEEPS],
            true,
        ),
        (
            "a test of somebody to whom no rule gives a role",
            Box::new(|s| s.evidence = vec![evidence("e2", "bob@acme.example", &["Admins"])]),
            vec![TESTED, OWNER_KEEPS],
            true,
        ),
        (
            "an address that begins alike",
            Box::new(|s| {
                s.set_up.rules.0.push(rule("groups", "Admins", "Owner"));
                s.evidence = vec![evidence("e2", "olivia@acme.example.evil", &["Admins"])];
            }),
            vec![OWNER_KEEPS],
            true,
        ),
        (
            "a test without an address",
            Box::new(|s| s.evidence = vec![evidence("e2", "", &[])]),
            vec![TESTED, OWNER_KEEPS],
            true,
        ),
        (
            "no Owner",
            Box::new(|s| s.set_up.workspace.owner_email = " ".into()),
            vec![OWNER_KEEPS],
            true,
        ),
        (
            "no rules",
            Box::new(|s| s.set_up.rules = RuleList::default()),
            vec![TESTED, OWNER_KEEPS],
            true,
        ),
        (
            "a lesser role",
            Box::new(|s| s.set_up.rules.0[0].role = "Contributor".into()),
            vec![OWNER_KEEPS],
            true,
        ),
        (
            "a role spelt otherwise",
            Box::new(|s| s.set_up.rules.0[0].role = "owner".into()),
            vec![OWNER_KEEPS],
            true,
        ),
        (
            "no service",
            Box::new(|s| s.service = None),
            vec![TESTED, OWNER_KEEPS],
            true,
        ),
        (
            "the fallback is the highest role",
            Box::new(|s| {
                s.set_up.rules = RuleList::default();
                s.service.as_mut().unwrap().fallback = "Owner".into();
            }),
            vec![TESTED, OWNER_KEEPS],
            true,
        ),
    ];
    for condition in scene().gate().conditions.iter().map(|met| met.condition) {
        // Without a test there is none of the Owner either.
        let alone: &[Condition] = match condition {
            Condition::Tested => &[TESTED, OWNER_KEEPS],
            _ => &[condition],
        };
        assert!(
            cases.iter().any(|case| case.2 == alone),
            "{condition:?} has no case of its own"
        );
    }
    for (name, change, missing, reason) in cases {
        let mut scene = scene();
        change(&mut scene);
        assert_eq!(scene.missing(), missing, "{name}");
        let through = scene.gate().let_through(Some(REASON));
        assert_eq!(through.is_ok(), reason, "{name}");
    }
}

#[test]
fn a_warning_keeps_nothing_closed() {
    let mut scene = scene();
    scene.findings = vec![
        Finding::warning(Fault::SubjectMissing {}).at("connection.issuer"),
        Finding::note(Fault::SubjectMissing {}).at("rules[0].value"),
    ];
    assert_eq!(scene.missing(), []);
}

#[test]
fn a_reason_does_not_stand_in_for_fields_or_rules() {
    let mut scene = scene();
    scene.evidence.clear();
    scene.findings = vec![Finding::error(Fault::SubjectMissing {}).at("rules[0].role")];
    let through = scene.gate().let_through(Some(REASON));
    assert_eq!(through, Err(Fault::ConditionsNotMet {}));
}

#[test]
fn a_reason_is_a_sentence_and_is_kept_as_it_was_written() {
    let mut scene = scene();
    scene.evidence.clear();
    let gate = scene.gate();
    assert_eq!(gate.let_through(None), Err(Fault::ConditionsNotMet {}));
    for short in ["", "   ", "because", "  until May.  ", "öööööö ööö"] {
        let through = gate.let_through(Some(short));
        assert_eq!(through, Err(Fault::ReasonTooShort {}), "{short}");
    }
    let padded = format!("  {REASON}\n");
    assert_eq!(gate.let_through(Some(&padded)), Ok(Some(REASON.to_owned())));
}

#[test]
fn evidence_of_other_settings_proves_nothing_and_the_change_is_named() {
    for (field, change) in changes() {
        let mut connection = connection();
        change(&mut connection);
        let mut scene = scene();
        scene.now = Some(Fingerprint::of(
            &latchkey_core::Connection::Oidc(connection.clone()),
            Some("m1"),
        ));
        assert_eq!(scene.missing(), [TESTED, OWNER_KEEPS], "{field}");
        for met in &scene.gate().conditions[2..] {
            assert_eq!(met.changed, [in_form(field)]);
            assert_eq!(met.evidence, None);
        }
        // Changed back, it proves what it proved.
        scene.now = Some(Fingerprint::of(
            &latchkey_core::Connection::Oidc(super::fingerprint::connection()),
            Some("m1"),
        ));
        assert_eq!(scene.missing(), []);
    }
    let mut scene = scene();
    scene.now = Some(Fingerprint::of(
        &latchkey_core::Connection::Oidc(connection()),
        Some("m2"),
    ));
    assert_eq!(
        scene.gate().conditions[2].changed,
        ["connection.client_secret"]
    );
}

/// Another region's address is named by what was changed in the form.
fn in_form(field: &str) -> &str {
    match field {
        "connection.login_redirect_url" => "workspace.region",
        other => other,
    }
}

#[test]
fn a_test_in_another_region_proves_nothing_and_the_region_is_named() {
    let mut connection = connection();
    let eu = &torq().regions[1];
    connection.login_redirect_url = eu.login_redirect_url.parse().unwrap();
    let mut scene = scene();
    scene.now = Some(Fingerprint::of(
        &latchkey_core::Connection::Oidc(connection),
        Some("m1"),
    ));
    assert_eq!(scene.missing(), [TESTED, OWNER_KEEPS]);
    for met in &scene.gate().conditions[2..] {
        assert_eq!(met.changed, ["workspace.region"]);
    }
}

#[test]
fn the_change_since_the_latest_test_is_the_one_that_is_named() {
    let mut scene = scene();
    let mut flow = connection();
    flow.flow = latchkey_core::Flow::Implicit;
    let mut latest = evidence("e2", OWNER, &[]);
    latest.fingerprint =
        Fingerprint::of(&latchkey_core::Connection::Oidc(flow.clone()), Some("m1"));
    scene.evidence.push(latest);
    flow.login_hint = false;
    scene.now = Some(Fingerprint::of(
        &latchkey_core::Connection::Oidc(flow.clone()),
        Some("m1"),
    ));
    assert_eq!(
        scene.gate().conditions[2].changed,
        ["connection.login_hint"]
    );
}

#[test]
fn the_owner_is_who_signed_in_with_the_owners_address_however_it_is_capitalised() {
    for (set_up, signed_in) in [
        ("Olivia@Acme.example", OWNER),
        (" olivia@acme.example ", OWNER),
        (OWNER, "OLIVIA@ACME.EXAMPLE"),
    ] {
        let mut scene = scene();
        scene.set_up.workspace.owner_email = set_up.into();
        scene.evidence = vec![evidence("e1", signed_in, &["Admins"])];
        scene.set_up.rules = RuleList(vec![rule("groups", "Admins", "Owner")]);
        assert_eq!(scene.missing(), [], "{set_up} {signed_in}");
    }
    // Who gets the role is decided byte for byte.
    let mut scene = scene();
    scene.evidence = vec![evidence("e1", "OLIVIA@ACME.EXAMPLE", &[])];
    assert_eq!(scene.missing(), [TESTED, OWNER_KEEPS]);
    // Only ASCII letters have two cases here.
    scene.evidence = vec![evidence("e1", "ol\u{131}via@acme.example", &["Admins"])];
    scene.set_up.rules = RuleList(vec![rule("groups", "Admins", "Owner")]);
    assert_eq!(scene.missing(), [OWNER_KEEPS]);
}

#[test]
fn an_answer_in_a_file_is_never_the_owners() {
    let mut scene = scene();
    scene.evidence[0].way = Way::File;
    assert_eq!(scene.missing(), [OWNER_KEEPS]);
}

#[test]
fn where_neither_has_an_address_nobody_is_the_owner() {
    let mut scene = scene();
    scene.set_up.rules = RuleList(vec![rule("groups", "Admins", "Owner")]);
    scene.set_up.workspace.owner_email = String::new();
    scene.evidence = vec![evidence("e1", "", &["Admins"])];
    assert_eq!(scene.missing(), [OWNER_KEEPS]);
}

#[test]
fn a_change_of_the_rules_closes_and_opens_it_without_a_new_sign_in() {
    let mut scene = scene();
    scene.evidence = vec![evidence("e1", OWNER, &["SecOps"])];
    scene.set_up.rules = RuleList(vec![
        rule("email", OWNER, "Owner"),
        rule("groups", "SecOps", "Viewer"),
    ]);
    assert_eq!(scene.missing(), []);
    scene.set_up.rules.0.swap(0, 1);
    assert_eq!(scene.missing(), [OWNER_KEEPS]);
    scene.set_up.rules.0.swap(0, 1);
    assert_eq!(scene.missing(), []);
    scene.set_up.rules.0[0].value = "Olivia@acme.example".into();
    assert_eq!(scene.missing(), [OWNER_KEEPS]);
}

/// The Owner was in the group at the first sign-in and is not any more.
#[test]
fn the_owners_latest_sign_in_decides_not_the_one_that_suits() {
    let mut scene = scene();
    scene.set_up.rules = RuleList(vec![rule("groups", "Admins", "Owner")]);
    scene.evidence = vec![
        evidence("e1", OWNER, &["Admins"]),
        evidence("e2", OWNER, &[]),
    ];
    assert_eq!(scene.missing(), [OWNER_KEEPS]);
    scene.evidence.swap(0, 1);
    assert_eq!(scene.missing(), []);
    // Somebody else's sign-in afterwards takes nothing back.
    scene.evidence.push(evidence("e3", "bob@acme.example", &[]));
    assert_eq!(scene.missing(), []);
    let by: Vec<_> = scene.gate().conditions[2..]
        .iter()
        .map(|met| met.evidence.clone().unwrap())
        .collect();
    // It gives that person no role, so it proves nothing either.
    assert_eq!(by, ["e1", "e1"]);
    scene
        .evidence
        .push(evidence("e4", "vera@acme.example", &["Admins"]));
    assert_eq!(scene.gate().conditions[2].evidence.as_deref(), Some("e4"));
}
