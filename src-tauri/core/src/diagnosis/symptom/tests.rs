//! Each row: a symptom, what the person answers, what the program can see, and what comes of it.

use super::*;
use crate::catalogue::Catalogue;
use crate::check::{check, expiry};
use crate::claims::Claims;
use crate::diagnosis::clock::Clock;
use crate::evidence::{Evidence, Way};
use crate::fingerprint::Fingerprint;
use crate::rules::RuleList;
use crate::set_up::SetUp;
use jiff::Timestamp;

const BOB: &str = "bob@acme.example";
const NOW: &str = "2026-11-22T18:00:00Z";

/// A workspace with Bob's test sign-in, and what it is changed to.
struct Scene {
    set_up: SetUp,
    claims: Vec<(&'static str, Vec<&'static str>)>,
    tested: bool,
    stale: bool,
    imported: bool,
    clock: Option<Clock>,
    provider: Option<ProviderToday>,
    findings: Vec<Finding>,
}

fn scene() -> Scene {
    let set_up = serde_json::from_str(
        r#"{"format":"latchkey/1","workspace":{"service":"torq","name":"Acme","region":"eu","owner_email":"olivia@acme.example"},
        "connection":{"protocol":"oidc","provider":"okta","issuer":"https://acme.okta.com","client_id":"0oa1b2c3d4E5f6G7h8i9",
        "scopes":["openid","email","profile","groups"],"flow":"code","login_hint":true},
        "rules":[{"claim":"email","value":"olivia@acme.example","role":"Owner"},{"claim":"groups","value":"SecOps","role":"Contributor"}]}"#,
    )
    .unwrap();
    Scene {
        set_up,
        claims: vec![("email", vec![BOB]), ("groups", vec!["SecOps"])],
        tested: true,
        stale: false,
        imported: false,
        clock: None,
        provider: None,
        findings: Vec::new(),
    }
}

impl Scene {
    fn considers(&self, symptom: &str, given: &[(&str, &str)]) -> Consultation {
        let now: Timestamp = NOW.parse().unwrap();
        let checked = check(&self.set_up, Catalogue::built_in());
        let fingerprint = |mark| {
            checked
                .connection
                .as_ref()
                .map(|it| Fingerprint::of(it, mark))
        };
        let mut claims = Claims::default();
        for (name, values) in &self.claims {
            claims.arrived(*name, values.iter().map(|&value| value.to_owned()));
        }
        let test = Evidence {
            id: "1".to_owned(),
            at: now,
            way: Way::Window,
            subject: "2".to_owned(),
            email: BOB.to_owned(),
            fingerprint: fingerprint(self.stale.then_some("other")).unwrap(),
            stages: Vec::new(),
            claims,
            signed_by: None,
            expected_role: None,
            name: None,
            answer: None,
            imported: self.imported,
        };
        let mut findings = self.findings.clone();
        findings.extend(checked.findings.iter().cloned());
        findings.extend(expiry(&self.set_up, now));
        let fingerprint = fingerprint(None);
        let sight = Sight {
            set_up: Some(&self.set_up),
            service: checked.service.as_ref(),
            findings: &findings,
            tests: if self.tested {
                std::slice::from_ref(&test)
            } else {
                &[]
            },
            fingerprint: fingerprint.as_ref(),
            clock: self.clock.as_ref(),
            provider: self.provider.as_ref(),
            now,
        };
        consider(symptom, &given_by(given), &sight).unwrap()
    }
}

fn given_by(given: &[(&str, &str)]) -> Vec<Given> {
    given
        .iter()
        .map(|(question, answer)| Given {
            question: (*question).to_owned(),
            answer: (*answer).to_owned(),
        })
        .collect()
}

fn blind(symptom: &str, given: &[(&str, &str)]) -> Consultation {
    let sight = Sight {
        set_up: None,
        service: None,
        findings: &[],
        tests: &[],
        fingerprint: None,
        clock: None,
        provider: None,
        now: NOW.parse().unwrap(),
    };
    consider(symptom, &given_by(given), &sight).unwrap()
}

fn proved(consultation: &Consultation) -> &str {
    let proved = consultation.proved.as_ref();
    proved.map_or("", |it| it.told.code.as_str())
}

fn open(consultation: &Consultation) -> Vec<&str> {
    consultation.open.iter().map(|it| it.id.as_str()).collect()
}

/// A symptom, what the person answers to each question, and what that comes to.
type Answered = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
);

/// What a person can prove by answers alone.
const ANSWERED: &[Answered] = &[
    (
        "password_refused",
        &[("private_window", "works")],
        "session_is_stale",
    ),
    (
        "password_refused",
        &[("in_group", "no")],
        "person_not_in_group",
    ),
    (
        "blank_screen",
        &[("extensions", "works")],
        "extension_interferes",
    ),
    (
        "blank_screen",
        &[("private_window", "works"), ("extensions", "fails")],
        "session_is_stale",
    ),
    ("blank_screen", &[("cookies", "works")], "cookies_blocked"),
    (
        "authenticator_refused",
        &[("code_entry", "other")],
        "authenticator_of_other_account",
    ),
    (
        "authenticator_refused",
        &[("new_device", "yes"), ("factor_reset", "no")],
        "authenticator_lost",
    ),
    ("some_people", &[("in_group", "no")], "person_not_in_group"),
    (
        "everyone",
        &[("provider_status", "down")],
        "provider_is_down",
    ),
    (
        "secret_refused",
        &[("secret_column", "id")],
        "secret_id_copied",
    ),
    (
        "secret_refused",
        &[("secret_listed", "ended")],
        "secret_has_ended",
    ),
    (
        "secret_refused",
        &[("secret_listed", "gone")],
        "secret_has_ended",
    ),
    (
        "secret_refused",
        &[("secret_application", "other")],
        "secret_of_other_application",
    ),
    (
        "secret_refused",
        &[("secret_entered", "no")],
        "secret_not_entered",
    ),
];

#[test]
fn an_answer_that_proves_a_cause_ends_the_questions() {
    for (symptom, given, cause) in ANSWERED {
        let found = blind(symptom, given);
        assert_eq!(proved(&found), *cause, "{symptom} {given:?}");
        assert!(
            found.next.is_none() && found.open.is_empty(),
            "{symptom} {given:?}"
        );
        assert_eq!(found.proved.unwrap().told.severity, crate::Severity::Error);
    }
}

#[test]
fn answers_that_prove_nothing_name_no_cause() {
    for (symptom, given) in [
        ("password_refused", &[("private_window", "fails")][..]),
        ("password_refused", &[("private_window", "unknown")]),
        ("blank_screen", &[("private_window", "works")]),
        ("blank_screen", &[("what_shows", "stripped")]),
        ("authenticator_refused", &[("phone_clock", "differs")]),
        ("authenticator_refused", &[("new_device", "yes")]),
        ("some_people", &[("where_it_ends", "provider")]),
        ("everyone", &[("recent", "certificate")]),
        ("secret_refused", &[("secret_column", "value")]),
        // Neither an answer of the question nor a question of the symptom is heard.
        ("secret_refused", &[("secret_column", "perhaps")]),
        ("secret_refused", &[("private_window", "works")]),
        ("secret_refused", &[("secret_shape", "id")]),
    ] {
        let found = blind(symptom, given);
        assert_eq!(proved(&found), "", "{symptom} {given:?}");
        assert!(!found.open.is_empty(), "{symptom} {given:?}");
    }
}

#[test]
fn every_symptom_begins_with_a_question_and_ends_without_one() {
    for symptom in symptoms() {
        let mut given: Vec<Given> = Vec::new();
        let sight = Sight {
            set_up: None,
            service: None,
            findings: &[],
            tests: &[],
            fingerprint: None,
            clock: None,
            provider: None,
            now: NOW.parse().unwrap(),
        };
        let mut asked = 0;
        loop {
            let found = consider(&symptom.id, &given, &sight).unwrap();
            let Some(question) = found.next else { break };
            asked += 1;
            assert!(asked <= 8, "{} asks on and on: {given:?}", symptom.id);
            let (question, answer) = (question.id, LEFT_OUT.to_owned());
            given.push(Given { question, answer });
        }
        assert!(asked > 0, "{}", symptom.id);
    }
}

#[test]
fn a_group_that_arrives_as_a_distinguished_name_is_seen_without_a_question() {
    let mut scene = scene();
    scene.claims[1].1 = vec!["CN=SecOps,OU=Groups,DC=acme,DC=example"];
    for symptom in ["password_refused", "some_people"] {
        let found = scene.considers(symptom, &[]);
        assert_eq!(proved(&found), "near_miss", "{symptom}");
        let told = found.proved.unwrap().told;
        assert_eq!(told.path.as_deref(), Some("rules[1].value"));
        assert!(told.what.contains("CN=SecOps"), "{told:?}");
    }
}

#[test]
fn a_claim_that_does_not_arrive_is_seen_for_the_person_asked_about() {
    let mut scene = scene();
    scene.claims.pop();
    let found = scene.considers("password_refused", &[]);
    assert_eq!(proved(&found), "", "another person may have groups");
    let found = scene.considers("password_refused", &[("whose", BOB)]);
    assert_eq!(proved(&found), "rule_claim_absent");
}

#[test]
fn somebody_whom_no_rule_matches_is_seen() {
    let mut scene = scene();
    scene.claims[1].1 = vec!["Sales"];
    let found = scene.considers("some_people", &[("whose", "Bob@acme.example")]);
    assert_eq!(proved(&found), "no_rule_matched");
    let found = scene.considers(
        "blank_screen",
        &[("what_shows", "stripped"), ("whose", BOB)],
    );
    assert_eq!(proved(&found), "no_rule_matched");
    let found = scene.considers("some_people", &[("whose", "eve@acme.example")]);
    assert_eq!(proved(&found), "", "Eve was never tested");
}

#[test]
fn whoever_the_rules_match_is_not_kept_out_by_them() {
    let given = [("whose", BOB), ("private_window", "fails")];
    let found = scene().considers("password_refused", &given);
    assert_eq!(open(&found)[0], "service_state");
    let excluded: Vec<_> = found.excluded.iter().map(|it| it.name.as_str()).collect();
    assert!(
        excluded.contains(&"No rule for this person"),
        "{excluded:?}"
    );
    assert!(
        excluded.contains(&"An old session in the browser"),
        "{excluded:?}"
    );
    let because = found.excluded.iter().flat_map(|it| &it.because);
    assert!(
        because.into_iter().any(|it| it.contains("rule 2 gives")),
        "{:?}",
        found.excluded
    );
}

#[test]
fn a_test_of_other_settings_answers_nothing_and_is_named() {
    let mut scene = scene();
    scene.stale = true;
    scene.claims[1].1 = vec!["Sales"];
    let found = scene.considers("password_refused", &[("whose", BOB)]);
    assert_eq!(proved(&found), "");
    let first = &found.open[0].told;
    assert_eq!(first.code, "settings_changed_since_proof");
    assert!(first.what.contains("connection.client_secret"), "{first:?}");
}

#[test]
fn a_test_that_came_in_a_file_answers_nothing() {
    let mut scene = scene();
    scene.claims[1].1 = vec!["Sales"];
    let said =
        |scene: &Scene| proved(&scene.considers("password_refused", &[("whose", BOB)])).to_owned();
    assert_ne!(said(&scene), "", "made here");
    scene.imported = true;
    assert_eq!(said(&scene), "");
}

#[test]
fn a_removed_owner_rule_is_likely_and_no_proof() {
    let mut scene = scene();
    scene.set_up.rules = RuleList(scene.set_up.rules.0.split_off(1));
    let found = scene.considers("password_refused", &[]);
    assert_eq!(proved(&found), "");
    assert_eq!(found.open[0].told.code, "owner_rule_missing");
}

#[test]
fn another_region_is_proved_by_the_address_alone() {
    for opened in [
        "app.torq.io",
        "https://app.torq.io/auth",
        " https://app.jp.torq.io ",
    ] {
        let found = scene().considers("password_refused", &[("opened_at", opened)]);
        assert_eq!(proved(&found), "opened_in_other_region", "{opened}");
    }
    for opened in ["app.eu.torq.io", "portal.acme.example", "no address", ""] {
        let found = scene().considers("password_refused", &[("opened_at", opened)]);
        assert_eq!(proved(&found), "", "{opened}");
    }
}

#[test]
fn a_secret_that_has_ended_is_seen_in_the_set_up() {
    let mut scene = scene();
    scene.set_up.connection.client_secret_expires = Some("2026-11-21".to_owned());
    assert_eq!(proved(&scene.considers("everyone", &[])), "secret_ended");
    assert_eq!(
        proved(&scene.considers("secret_refused", &[])),
        "secret_has_ended"
    );
    scene.set_up.connection.client_secret_expires = Some("2027-11-21".to_owned());
    let found = scene.considers("everyone", &[]);
    assert!(!open(&found).contains(&"credential_ended"), "{found:?}");
}

#[test]
fn a_kept_secret_in_the_shape_of_an_id_is_likely_and_no_proof() {
    let mut scene = scene();
    let shape = Finding::warning(Fault::SecretLooksLikeSecretId {});
    scene.findings.push(shape);
    let found = scene.considers("secret_refused", &[]);
    assert_eq!(
        proved(&found),
        "",
        "the shape alone is no rule of the provider's"
    );
    assert_eq!(found.open[0].told.code, "secret_looks_like_secret_id");
}

#[test]
fn a_provider_out_of_reach_from_here_is_likely_and_no_proof() {
    let mut scene = scene();
    let host = "acme.okta.com".to_owned();
    scene.provider = Some(ProviderToday::Unreachable(Fault::HostNotFound { host }));
    let found = scene.considers("everyone", &[]);
    assert_eq!(
        proved(&found),
        "",
        "it may be this computer that is cut off"
    );
    assert_eq!(found.open[0].told.code, "host_not_found");
    scene.provider = Some(ProviderToday::Read(Vec::new()));
    let found = scene.considers("everyone", &[]);
    assert!(!open(&found).contains(&"provider_unreachable"), "{found:?}");
    assert!(
        open(&found).contains(&"provider_down"),
        "that it answers does not mean that all is well"
    );
}

#[test]
fn a_certificate_that_was_replaced_is_proved_and_one_that_came_beside_it_is_not() {
    let mut scene = scene();
    let connection = &mut scene.set_up.connection;
    connection.protocol = crate::Protocol::Saml;
    connection.issuer = "https://id.example/saml".to_owned();
    connection.sign_on_url = "https://id.example/sso".to_owned();
    let pem = include_str!("../../certificate/cases/rsa-2048.pem");
    connection.certificates = vec![pem.to_owned()];
    let (subject, sha256) = ("CN=x".to_owned(), "aa".to_owned());
    let not_after = NOW.parse().unwrap();
    let added = Finding::warning(Fault::MetadataCertificateAdded {
        subject: subject.clone(),
        sha256: sha256.clone(),
        not_after,
    });
    let removed = Finding::warning(Fault::MetadataCertificateRemoved {
        subject,
        sha256,
        not_after,
    });
    scene.provider = Some(ProviderToday::Read(vec![added.clone(), removed]));
    assert_eq!(
        proved(&scene.considers("everyone", &[])),
        "certificate_was_replaced"
    );
    scene.provider = Some(ProviderToday::Read(vec![added]));
    let found = scene.considers("everyone", &[]);
    assert_eq!(proved(&found), "");
    assert_eq!(open(&found)[0], "certificate_replaced");
}

#[test]
fn a_clock_is_only_blamed_where_the_codes_are_made() {
    let mut scene = scene();
    let clock = |ahead| Clock {
        host: "acme.okta.com".to_owned(),
        ahead,
        uncertain: 1,
        at: NOW.parse().unwrap(),
    };
    scene.clock = Some(clock(-94));
    let of = |scene: &Scene, given: &[(&str, &str)]| {
        proved(&scene.considers("authenticator_refused", given)).to_owned()
    };
    assert_eq!(of(&scene, &[("code_on", "here")]), "device_clock_off");
    assert_eq!(of(&scene, &[("code_on", "elsewhere")]), "");
    assert_eq!(of(&scene, &[("phone_clock", "same")]), "device_clock_off");
    scene.clock = Some(clock(2));
    assert_eq!(of(&scene, &[("code_on", "here")]), "");
    assert_eq!(
        of(&scene, &[("phone_clock", "differs")]),
        "device_clock_off"
    );
    let found = scene.considers("authenticator_refused", &[("code_on", "here")]);
    assert!(!open(&found).contains(&"device_clock"), "{found:?}");
    assert!(
        found.known[0].answer.contains("acme.okta.com"),
        "{:?}",
        found.known
    );
}

#[test]
fn what_stays_open_says_what_would_decide_it() {
    for symptom in symptoms() {
        for suspect in blind(&symptom.id, &[]).open {
            let decides = !suspect.questions.is_empty() || !suspect.means.is_empty();
            // What only the program can see needs a workspace.
            let unseen = book::BOOK
                .suspects
                .iter()
                .find(|it| it.id == suspect.id)
                .unwrap();
            let by_sight = unseen.clues().flat_map(|clue| &clue.0);
            let mut by_sight = by_sight.filter_map(|(id, _)| book::BOOK.question(id)?.seen);
            assert!(
                decides || by_sight.next().is_some(),
                "{}: {}",
                symptom.id,
                suspect.id
            );
        }
    }
}

#[test]
fn every_suspect_has_its_findings_and_its_proof_one_too() {
    let symptom = &book::BOOK.symptoms[0];
    for suspect in &book::BOOK.suspects {
        assert_eq!(fault(&suspect.possible, symptom).code(), suspect.possible);
        if let Some(proved) = &suspect.proved {
            assert_eq!(fault(proved, symptom).code(), *proved);
        }
        // Without one, what is seen has to bring it: a person's answer cannot.
        let seen = |clue: &Clue| {
            let mut questions = clue.0.iter().filter_map(|(id, _)| book::BOOK.question(id));
            questions.any(|question| question.seen.is_some())
        };
        assert!(
            suspect.proved.is_some() || suspect.proved_by.iter().all(seen),
            "{}",
            suspect.id
        );
    }
}

#[test]
fn a_symptom_that_nobody_knows_has_no_consultation() {
    let sight = Sight {
        set_up: None,
        service: None,
        findings: &[],
        tests: &[],
        fingerprint: None,
        clock: None,
        provider: None,
        now: NOW.parse().unwrap(),
    };
    assert!(consider("toothache", &[], &sight).is_none());
}
