use proptest::prelude::*;

use super::*;
use crate::catalogue::Catalogue;
use crate::people::{as_held, builder::Builder};

fn torq() -> &'static Service {
    Catalogue::built_in().service("torq").unwrap()
}

fn rules(rules: &[(&str, &str, &str)]) -> RuleList {
    let rule = |(claim, value, role): &(&str, &str, &str)| Rule {
        claim: (*claim).into(),
        value: (*value).into(),
        role: (*role).into(),
    };
    RuleList(rules.iter().map(rule).collect())
}

fn directory(people: &[(&str, &[&str])]) -> Arc<Directory> {
    let mut builder = Builder::new();
    let groups = builder.claim(&["groups"]);
    for (address, of) in people {
        let (person, _) = builder.person(address).unwrap();
        for group in *of {
            builder.has(person, groups, group).unwrap();
        }
    }
    Arc::new(builder.finish())
}

fn acme() -> Arc<Directory> {
    directory(&[
        ("olivia@acme.example", &["SecOps", "Everyone"]),
        ("bob@acme.example", &["SecOps", "Everyone"]),
        ("carol@acme.example", &["Everyone"]),
        ("dan@acme.example", &["secops"]),
    ])
}

fn acme_rules() -> RuleList {
    rules(&[
        ("email", "olivia@acme.example", "Owner"),
        ("groups", "SecOps", "Contributor"),
        ("groups", "Everyone", "Viewer"),
    ])
}

#[test]
fn each_person_counts_at_the_first_rule_that_matches() {
    let counted = acme().recount(&acme_rules(), torq());
    let counts = |rule, matches, decides| Counts {
        rule,
        matches,
        decides,
    };
    assert_eq!(
        counted.rules,
        [counts(1, 1, 1), counts(2, 2, 1), counts(3, 3, 1)]
    );
    assert_eq!((counted.people, counted.fallback), (4, 1));
    let roles: Vec<_> = counted
        .roles
        .iter()
        .map(|(name, n)| (&**name, *n))
        .collect();
    assert_eq!(roles, [("Owner", 1), ("Contributor", 1), ("Viewer", 1)]);
}

#[test]
fn moving_a_rule_up_changes_who_gets_what_and_says_how_many() {
    let mut preview = Preview::new(acme());
    let mut moved = acme_rules();
    let last = moved.0.pop().unwrap();
    moved.0.insert(0, last);
    let changes = preview.difference(&acme_rules(), &moved, torq());
    let told: Vec<_> = changes
        .iter()
        .map(|change| (&*change.from, &*change.to, change.people))
        .collect();
    assert_eq!(told, [("Owner", "Viewer", 1), ("Contributor", "Viewer", 1)]);
    assert_eq!(preview.difference(&moved, &moved, torq()), []);
}

#[test]
fn the_list_behind_each_number_has_as_many_people() {
    let mut preview = Preview::new(acme());
    let rules = acme_rules();
    let mut names = |whose: Whose, search: &str| -> (u32, Vec<String>) {
        let part = preview.list(&whose, search, (0, 10), &rules, torq());
        (
            part.total,
            part.people.into_iter().map(|one| one.name).collect(),
        )
    };
    assert_eq!(
        names(Whose::Rule(2), ""),
        (1, vec!["bob@acme.example".into()])
    );
    assert_eq!(names(Whose::Matching(2), "").0, 2);
    assert_eq!(
        names(Whose::Role("Viewer".into()), "").1,
        ["carol@acme.example"]
    );
    assert_eq!(names(Whose::Fallback, "").1, ["dan@acme.example"]);
    assert_eq!(names(Whose::All, "ACME").0, 4);
    assert_eq!(names(Whose::All, "nobody").0, 0);
    assert_eq!(names(Whose::Rule(0), "").0, 0);
    let part = preview.list(&Whose::All, "", (1, 2), &rules, torq());
    assert_eq!((part.total, part.people.len()), (4, 2));
    assert_eq!(part.people[0].rule, Some(2));
}

#[test]
fn a_value_is_compared_byte_for_byte_and_a_name_of_a_claim_too() {
    for rule in [
        ("groups", "SECOPS"),
        ("groups", "SecOps "),
        ("Groups", "SecOps"),
        ("email", "Olivia@acme.example"),
        ("groups", "olivia@acme.example"),
        ("email", "SecOps"),
        ("", ""),
    ] {
        let counted = acme().recount(&rules(&[(rule.0, rule.1, "Owner")]), torq());
        assert_eq!(counted.fallback, 4, "{rule:?}");
    }
}

#[test]
fn a_person_known_by_another_name_has_no_address() {
    let mut builder = Builder::new();
    let (person, _) = builder.person("robot").unwrap();
    builder.without_address(person);
    let robots = Arc::new(builder.finish());
    let counted = robots.recount(&rules(&[("email", "robot", "Owner")]), torq());
    assert_eq!(counted.fallback, 1);
}

/// What the window makes of a forecast for a place: by rule how many it decides for, in order.
fn foreseen(forecast: &Forecast, index: usize, to: usize) -> Vec<u32> {
    let mut decides: Vec<u32> = forecast
        .recount
        .rules
        .iter()
        .map(|counts| counts.decides)
        .collect();
    let mut moving = decides.remove(index);
    let (first, last) = (index.min(to), index.max(to));
    let passed = forecast.passing[first..last].iter();
    for (decides, people) in decides[first..last].iter_mut().zip(passed) {
        if to < index {
            (moving, *decides) = (moving + people, *decides - people);
        } else {
            (moving, *decides) = (moving - people, *decides + people);
        }
    }
    decides.insert(to, moving);
    decides
}

fn with_moved(list: &RuleList, index: usize, to: usize) -> RuleList {
    let mut list = list.clone();
    let rule = list.0.remove(index);
    list.0.insert(to, rule);
    list
}

#[test]
fn a_rule_that_passes_another_turns_over_whom_both_match_and_nobody_above() {
    let mut preview = Preview::new(acme());
    let forecast = preview.forecast(&acme_rules(), 2, torq());
    // Olivia at the rule for her address, Bob at that for SecOps; Carol is Everyone's alone.
    assert_eq!(forecast.passing, [1, 1]);
    assert_eq!(foreseen(&forecast, 2, 0), [3, 0, 0]);
    assert_eq!(foreseen(&forecast, 2, 1), [1, 2, 0]);
    assert_eq!(preview.forecast(&acme_rules(), 0, torq()).passing, [1, 0]);
}

#[test]
fn a_rule_that_is_not_there_turns_nobody_over() {
    let mut preview = Preview::new(acme());
    let none = preview.forecast(&acme_rules(), 3, torq()).passing;
    assert!(none.is_empty(), "{none:?}");
    let nothing = preview.forecast(&RuleList::default(), 0, torq());
    assert_eq!((nothing.passing.len(), nothing.recount.fallback), (0, 4));
}

#[test]
fn groups_are_found_under_the_name_that_the_provider_gives_them() {
    let acme = acme();
    let held = as_held(
        &rules(&[
            ("https://torq.io/groups", "SecOps", "Viewer"),
            ("memberOf", "Everyone", "Owner"),
        ]),
        &acme,
    );
    let counted = acme.recount(&held.rules, torq());
    assert_eq!(counted.rules[0].decides, 2);
    assert_eq!(counted.rules[1].decides, 1);
}

#[test]
fn values_are_offered_with_how_many_have_them_the_most_first() {
    let acme = acme();
    let offered = |claim: &str, prefix: &str| -> Vec<(String, u32)> {
        let held = acme.values(claim, prefix, 10);
        held.into_iter()
            .map(|one| (one.value, one.people))
            .collect()
    };
    assert_eq!(
        offered("groups", ""),
        [
            ("Everyone".into(), 3),
            ("SecOps".into(), 2),
            ("secops".into(), 1)
        ]
    );
    assert_eq!(offered("groups", "sec").len(), 2);
    assert_eq!(offered("email", "BO"), [("bob@acme.example".into(), 1)]);
    assert_eq!(offered("roles", ""), []);
    assert_eq!(acme.above("groups", 1), (2, 2));
}

/// What comes, in the order it comes: the number of a person, a claim, a value.
fn any_arrivals() -> impl Strategy<Value = Vec<(u8, &'static str, String)>> {
    let claim = prop_oneof![Just("groups"), Just("department")];
    proptest::collection::vec((0..40_u8, claim, "[aAb]{0,2}"), 0..200)
}

fn any_rules() -> impl Strategy<Value = RuleList> {
    let group = (
        "groups|department|email|team",
        "[aAb]{0,2}|p[0-9]{1,2}",
        "Owner|Viewer|Own",
    );
    let rule = group.prop_map(|(claim, value, role)| Rule { claim, value, role });
    proptest::collection::vec(rule, 0..12).prop_map(RuleList)
}

fn arrived(arrivals: &[(u8, &str, String)]) -> Arc<Directory> {
    let mut builder = Builder::new();
    for (person, claim, value) in arrivals {
        let (person, _) = builder.person(&format!("p{person}")).unwrap();
        let claim = builder.claim(&[claim]);
        builder.has(person, claim, value).unwrap();
    }
    Arc::new(builder.finish())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_recount_is_what_asking_each_person_gives(
        arrivals in any_arrivals(),
        lists in proptest::collection::vec(any_rules(), 1..4),
    ) {
        let directory = arrived(&arrivals);
        let mut preview = Preview::new(directory.clone());
        for list in &lists {
            let decided = preview.decided(list);
            let counted = preview.recount(list, torq());
            for person in 0..directory.len() as u32 {
                let claims = directory.claims(person);
                prop_assert_eq!(list.decide(&claims).unwrap_or(0), decided[person as usize]);
            }
            for (number, rule) in (1..).zip(&list.0) {
                let people = 0..directory.len() as u32;
                let matches = people.filter(|p| rule.matches(&directory.claims(*p))).count();
                let decides = decided.iter().filter(|rule| **rule == number).count();
                let counts = counted.rules[number as usize - 1];
                prop_assert_eq!((counts.matches as usize, counts.decides as usize), (matches, decides));
            }
            let given: u32 = counted.roles.values().sum();
            prop_assert_eq!(given + counted.fallback, counted.people);
        }
    }

    #[test]
    fn the_forecast_for_each_place_is_the_recount_after_that_move(
        arrivals in any_arrivals(), list in any_rules(),
    ) {
        let mut preview = Preview::new(arrived(&arrivals));
        for index in 0..list.0.len() {
            let forecast = preview.forecast(&list, index, torq());
            prop_assert_eq!(&forecast.recount, &preview.recount(&list, torq()));
            for to in 0..list.0.len() {
                let moved = preview.recount(&with_moved(&list, index, to), torq());
                let decides: Vec<u32> = moved.rules.iter().map(|counts| counts.decides).collect();
                prop_assert_eq!(foreseen(&forecast, index, to), decides, "{} to {}", index, to);
                prop_assert_eq!(moved.fallback, forecast.recount.fallback);
            }
        }
    }

    #[test]
    fn every_value_that_came_is_there_once(arrivals in any_arrivals()) {
        let directory = arrived(&arrivals);
        let mut naive: IndexMap<String, Vec<(String, String)>> = IndexMap::new();
        for (person, claim, value) in &arrivals {
            let values = naive.entry(format!("p{person}")).or_default();
            let pair = ((*claim).to_owned(), value.clone());
            if !values.contains(&pair) {
                values.push(pair);
            }
        }
        prop_assert_eq!(directory.len(), naive.len());
        for (name, pairs) in naive {
            let claims = directory.claims(directory.find(&name).unwrap());
            prop_assert_eq!(claims.values("email"), std::slice::from_ref(&name));
            let held: usize = claims.iter().filter(|(claim, _)| *claim != "email").map(|(_, values)| values.len()).sum();
            prop_assert_eq!(held, pairs.len());
            for (claim, value) in pairs {
                prop_assert!(claims.values(&claim).contains(&value));
            }
        }
    }

    #[test]
    fn the_difference_is_what_comparing_each_person_gives(
        arrivals in any_arrivals(), before in any_rules(), after in any_rules(),
    ) {
        let directory = arrived(&arrivals);
        let role = |list: &RuleList, person| directory.resolve(person, list, torq()).role;
        let changed = (0..directory.len() as u32).filter(|p| role(&before, *p) != role(&after, *p)).count();
        let told = Preview::new(directory.clone()).difference(&before, &after, torq());
        prop_assert_eq!(told.iter().map(|change| change.people as usize).sum::<usize>(), changed);
    }
}
