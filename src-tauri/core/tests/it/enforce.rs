//! The gate for enforce: each condition alone keeps it closed.

use jiff::{Timestamp, ToSpan};
use latchkey_core::gate::{Condition, Enforcing, Gate};
use latchkey_core::{Claims, Connection, Evidence, Fingerprint, Rule, RuleList, SetUp, Way};

use super::fingerprint::connection;
use super::token::torq;

const OWNER: &str = "olivia@acme.example";
const SECOND: &str = "bob@acme.example";

/// Everything that the gate looks at, with all of its conditions met.
struct Scene {
    set_up: SetUp,
    saved: bool,
    now: Option<Fingerprint>,
    evidence: Vec<Evidence>,
    next_expiry: Option<Timestamp>,
    end_owed: bool,
    backup_account: &'static str,
}

fn rule(claim: &str, value: &str, role: &str) -> Rule {
    Rule {
        claim: claim.into(),
        value: value.into(),
        role: role.into(),
    }
}

fn proved(id: &str, email: &str, group: &str, expected: Option<&str>) -> Evidence {
    let mut claims = Claims::default();
    claims.push("email", email);
    claims.push("groups", group);
    Evidence {
        id: id.into(),
        at: Timestamp::UNIX_EPOCH,
        way: Way::Window,
        subject: format!("subject of {email}"),
        email: email.into(),
        fingerprint: of(&connection()),
        stages: Vec::new(),
        claims,
        expected_role: expected.map(str::to_owned),
        name: None,
        answer: None,
        imported: false,
        signed_by: None,
    }
}

fn of(connection: &latchkey_core::OidcConnection) -> Fingerprint {
    Fingerprint::of(&Connection::Oidc(connection.clone()), Some("m1"))
}

fn scene() -> Scene {
    let mut set_up = SetUp::default();
    set_up.workspace.owner_email = OWNER.into();
    set_up.rules = RuleList(vec![
        rule("email", OWNER, "Owner"),
        rule("groups", "SecOps", "Contributor"),
    ]);
    Scene {
        set_up,
        saved: true,
        now: Some(of(&connection())),
        evidence: vec![
            proved("owner", OWNER, "Everyone", Some("Owner")),
            proved("second", SECOND, "SecOps", Some("Contributor")),
        ],
        next_expiry: None,
        end_owed: false,
        backup_account: "backup@acme.example",
    }
}

impl Scene {
    fn gate(&self) -> Gate {
        Gate::for_enforce(&Enforcing {
            set_up: &self.set_up,
            service: Some(torq()),
            saved: self.saved,
            fingerprint: self.now.as_ref(),
            evidence: &self.evidence,
            next_expiry: self.next_expiry,
            end_owed: self.end_owed,
            backup_account: self.backup_account,
            now: Timestamp::UNIX_EPOCH,
        })
    }

    fn missing(&self) -> Vec<Condition> {
        let conditions = self.gate().conditions;
        let missing = conditions.iter().filter(|met| !met.met);
        missing.map(|met| met.condition).collect()
    }
}

fn days(days: i64) -> Option<Timestamp> {
    Some(Timestamp::UNIX_EPOCH + (days * 24).hours())
}

#[test]
fn with_everything_proved_the_gate_is_open_and_names_both_people() {
    let gate = scene().gate();
    assert!(gate.is_open());
    let by: Vec<_> = gate
        .conditions
        .iter()
        .flat_map(|met| met.evidence.as_deref())
        .collect();
    assert_eq!(by, ["owner", "second"]);
}

#[test]
fn the_owners_rule_may_name_the_address_as_saml_providers_do() {
    let mut scene = scene();
    scene
        .set_up
        .rules
        .0
        .push(rule("groups", "Everyone", "Owner"));
    scene.set_up.rules.0[0].claim =
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress".into();
    assert_eq!(scene.missing(), []);
    scene.set_up.rules.0[0].claim = "mail".into();
    assert_eq!(scene.missing(), [Condition::OwnerRuleInPlace]);
}

#[test]
fn each_condition_alone_keeps_it_closed() {
    type Change = fn(&mut Scene);
    let cases: Vec<(&str, Change, Condition)> = vec![
        ("nothing is saved", |s| s.saved = false, Condition::Saved),
        (
            "the Owner has not signed in",
            |s| drop(s.evidence.remove(0)),
            Condition::OwnerKeepsHighestRole,
        ),
        (
            "nobody else has",
            |s| s.evidence.truncate(1),
            Condition::SecondPerson,
        ),
        (
            "the second person is the Owner under another address",
            |s| {
                s.evidence[1].subject = s.evidence[0].subject.clone();
                s.evidence.swap(0, 1);
            },
            Condition::SecondPerson,
        ),
        (
            "the Owner's answer was brought in a file",
            |s| s.evidence[0].way = Way::File,
            Condition::OwnerKeepsHighestRole,
        ),
        (
            "the second person's latest sign-in, without an address, shows another role",
            |s| {
                let later = proved("later", "", "Everyone", Some("Contributor"));
                let subject = s.evidence[1].subject.clone();
                s.evidence.push(Evidence { subject, ..later });
            },
            Condition::SecondPerson,
        ),
        (
            "the second person's latest sign-in, under a new name at the provider, shows another role",
            |s| {
                let later = proved("later", SECOND, "Everyone", Some("Contributor"));
                let subject = "another".into();
                s.evidence.push(Evidence { subject, ..later });
            },
            Condition::SecondPerson,
        ),
        (
            "the second person is the Owner in other letters",
            |s| {
                s.evidence.swap(0, 1);
                s.evidence[0].email = OWNER.to_uppercase();
            },
            Condition::SecondPerson,
        ),
        (
            "no role was expected",
            |s| s.evidence[1].expected_role = None,
            Condition::SecondPerson,
        ),
        (
            "another role was expected",
            |s| s.evidence[1].expected_role = Some("Viewer".into()),
            Condition::SecondPerson,
        ),
        (
            "the fallback was expected, and is what came",
            |s| {
                s.set_up.rules.0.truncate(1);
                s.evidence[1].expected_role = Some("Interact Only".into());
            },
            Condition::SecondPerson,
        ),
        (
            "the second person proved other settings",
            |s| {
                let mut other = connection();
                other.client_id.push('x');
                s.evidence[1].fingerprint = of(&other);
            },
            Condition::SecondPerson,
        ),
        (
            "the Owner's rule is gone, though a group gives the role",
            |s| s.set_up.rules.0[0] = rule("groups", "Everyone", "Owner"),
            Condition::OwnerRuleInPlace,
        ),
        (
            "a certificate ends in a month",
            |s| s.next_expiry = days(30),
            Condition::CredentialsLast,
        ),
        (
            "a certificate has ended",
            |s| s.next_expiry = days(-1),
            Condition::CredentialsLast,
        ),
        (
            "a secret ends some day, and nobody has said when",
            |s| s.end_owed = true,
            Condition::CredentialsLast,
        ),
        (
            "no account is named",
            |s| s.backup_account = "  ",
            Condition::BackupAccount,
        ),
        (
            "the account that is named is one that signs in this way",
            |s| s.backup_account = "Bob@acme.example",
            Condition::BackupAccount,
        ),
    ];
    for condition in scene().gate().conditions.iter().map(|met| met.condition) {
        assert!(
            cases.iter().any(|case| case.2 == condition),
            "{condition:?} has no case of its own"
        );
    }
    for (what, change, condition) in cases {
        let mut scene = scene();
        change(&mut scene);
        assert_eq!(scene.missing(), [condition], "{what}");
        let with_reason = condition != Condition::Saved;
        let through = scene.gate().let_through(Some("It is done on Monday."));
        assert_eq!(through.is_ok(), with_reason, "{what}");
    }
}

#[test]
fn changed_settings_take_both_proofs_back_and_say_which_change_did() {
    let mut scene = scene();
    let mut other = connection();
    other.login_hint = !other.login_hint;
    scene.now = Some(of(&other));
    assert_eq!(
        scene.missing(),
        [Condition::OwnerKeepsHighestRole, Condition::SecondPerson]
    );
    for met in &scene.gate().conditions[1..3] {
        assert_eq!(met.changed, ["connection.login_hint"]);
    }
}

#[test]
fn the_latest_sign_in_of_a_person_decides() {
    let mut scene = scene();
    scene
        .evidence
        .push(proved("later", SECOND, "Nobody", Some("Contributor")));
    // What he had once is no proof of what he gets now; the earlier one still stands for another.
    assert_eq!(scene.missing(), [Condition::SecondPerson]);
}

#[test]
fn a_certificate_that_lasts_longer_than_a_month_is_no_hindrance() {
    let mut scene = scene();
    scene.next_expiry = days(31);
    assert!(scene.gate().is_open());
}

#[test]
fn the_first_rule_for_the_owners_address_is_the_one_that_counts() {
    let by = |rules: Vec<Rule>| {
        let mut scene = scene();
        scene.set_up.rules = RuleList(rules);
        let conditions = scene.gate().conditions;
        let met = conditions
            .into_iter()
            .find(|met| met.condition == Condition::OwnerRuleInPlace);
        met.unwrap().rule
    };
    let groups = rule("groups", "SecOps", "Contributor");
    let owner = rule("email", OWNER, "Owner");
    let viewer = rule("email", OWNER, "Viewer");
    let family = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";
    assert_eq!(by(vec![groups.clone(), owner.clone()]), Some(2));
    assert_eq!(
        by(vec![groups.clone(), rule(family, OWNER, "Owner")]),
        Some(2)
    );
    assert_eq!(by(vec![viewer, owner]), None, "the second never decides");
    assert_eq!(by(vec![rule("upn", OWNER, "Owner")]), None);
    assert_eq!(by(vec![groups]), None);
}
