use proptest::prelude::*;

use super::*;
use crate::catalogue::Catalogue;

fn torq() -> &'static Service {
    Catalogue::built_in().service("torq").unwrap()
}

fn rules(rules: &[(&str, &str, &str)]) -> RuleList {
    RuleList(
        rules
            .iter()
            .map(|(claim, value, role)| Rule {
                claim: (*claim).into(),
                value: (*value).into(),
                role: (*role).into(),
            })
            .collect(),
    )
}

fn claims(json: &str) -> Claims {
    serde_json::from_str(json).unwrap()
}

fn resolved(list: &RuleList, json: &str) -> Resolution {
    list.resolve(&claims(json), torq())
}

#[test]
fn the_first_match_decides_and_the_others_are_told() {
    let list = rules(&[
        ("email", "o@a", "Owner"),
        ("groups", "B", "Creator"),
        ("groups", "A", "Viewer"),
    ]);
    let resolution = resolved(&list, r#"{"groups":["A","B"]}"#);
    assert_eq!(
        (resolution.role.as_str(), resolution.rule),
        ("Creator", Some(2))
    );
    assert_eq!(resolution.also, [3]);
    assert_eq!(resolution.near_misses, []);
}

#[test]
fn whom_no_rule_matches_gets_the_fallback() {
    let list = rules(&[("groups", "A", "Owner")]);
    for json in [
        "{}",
        r#"{"groups":[]}"#,
        r#"{"groups":null}"#,
        r#"{"groups":""}"#,
        r#"{"groups":"a"}"#,
        r#"{"groups":"A "}"#,
        r#"{"groups":["AA"]}"#,
        r#"{"groups":{"A":"A"}}"#,
        r#"{"Groups":"A"}"#,
        r#"{"groups":[["A"]]}"#,
        r#"{"groups":"A,B"}"#,
    ] {
        let resolution = resolved(&list, json);
        assert_eq!(
            (resolution.role.as_str(), resolution.rule),
            ("Interact Only", None),
            "{json}"
        );
        assert_eq!(list.decide(&claims(json)), None, "{json}");
    }
}

#[test]
fn numbers_and_booleans_match_as_json_writes_them() {
    assert_eq!(
        resolved(&rules(&[("level", "7", "Owner")]), r#"{"level":7}"#).rule,
        Some(1)
    );
    assert_eq!(
        resolved(&rules(&[("admin", "true", "Owner")]), r#"{"admin":true}"#).rule,
        Some(1)
    );
    assert_eq!(
        resolved(&rules(&[("admin", "true", "Owner")]), r#"{"admin":"True"}"#).rule,
        None
    );
}

#[test]
fn near_misses_are_told_beside_the_rule_that_decided() {
    let list = rules(&[
        ("groups", "secops", "Owner"),
        ("groups", "SecOps", "Viewer"),
    ]);
    let resolution = resolved(&list, r#"{"groups":["SecOps"]}"#);
    assert_eq!(resolution.rule, Some(2));
    assert_eq!(resolution.near_misses.len(), 1);
    assert_eq!(
        (
            resolution.near_misses[0].rule,
            resolution.near_misses[0].code
        ),
        (1, Nearness::CaseDiffers)
    );
}

#[test]
fn claim_names_stand_once_in_the_order_of_the_rules() {
    let list = rules(&[("b", "1", ""), ("a", "1", ""), ("b", "2", "")]);
    assert_eq!(list.claim_names(), ["b", "a"]);
}

fn any_rules() -> impl Strategy<Value = RuleList> {
    let rule = ("[ab]", "[aAbB ]{0,2}", "Owner|Viewer|Creator")
        .prop_map(|(claim, value, role)| Rule { claim, value, role });
    proptest::collection::vec(rule, 0..8).prop_map(RuleList)
}

fn any_pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    proptest::collection::vec(("[abAB]", "[aAbB ]{0,2}"), 0..8)
}

fn pushed(pairs: &[(String, String)]) -> Claims {
    let mut claims = Claims::default();
    for (name, value) in pairs {
        claims.push(name, value);
    }
    claims
}

proptest! {
    #[test]
    fn the_role_is_that_of_the_first_matching_rule_whatever_the_order_of_arrival(
        list in any_rules(),
        (pairs, shuffled) in any_pairs().prop_flat_map(|pairs| (Just(pairs.clone()), Just(pairs).prop_shuffle())),
    ) {
        let claims = pushed(&pairs);
        let first = list.0.iter().position(|rule| pairs.contains(&(rule.claim.clone(), rule.value.clone())));
        let resolution = list.resolve(&claims, torq());
        prop_assert_eq!(resolution.rule, first.map(|index| index as u32 + 1));
        prop_assert_eq!(&resolution.role, first.map_or(&torq().fallback, |index| &list.0[index].role));
        prop_assert_eq!(list.decide(&claims), resolution.rule);
        prop_assert_eq!(list.decide(&pushed(&shuffled)), resolution.rule);
    }

    #[test]
    fn the_look_up_agrees_with_the_definition_of_a_match(list in any_rules(), pairs in any_pairs()) {
        let claims = pushed(&pairs);
        let resolution = list.resolve(&claims, torq());
        let matching: Vec<u32> = resolution.rule.into_iter().chain(resolution.also).collect();
        let defined: Vec<u32> =
            numbered(&list.0).filter(|(_, rule)| rule.matches(&claims)).map(|(number, _)| number).collect();
        prop_assert_eq!(matching, defined);
    }

    #[test]
    fn no_rule_is_both_matching_and_near(list in any_rules(), pairs in any_pairs()) {
        let claims = pushed(&pairs);
        for miss in list.resolve(&claims, torq()).near_misses {
            prop_assert!(!list.0[miss.rule as usize - 1].matches(&claims));
        }
    }

    #[test]
    fn moving_a_rule_that_a_twin_above_shadows_changes_nobody(
        list in any_rules().prop_filter("a rule", |list| !list.0.is_empty()),
        pairs in any_pairs(),
        twin in any::<prop::sample::Index>(),
        places in any::<[prop::sample::Index; 2]>(),
    ) {
        let twin = twin.index(list.0.len());
        let shadowed = Rule { role: "Another".into(), ..list.0[twin].clone() };
        let claims = pushed(&pairs);
        let [one, other] = places.map(|place| {
            let mut list = list.clone();
            let below = list.0.len() - twin;
            list.0.insert(twin + 1 + place.index(below), shadowed.clone());
            list.resolve(&claims, torq()).role
        });
        prop_assert_eq!(&one, &other);
        prop_assert_eq!(one, list.resolve(&claims, torq()).role);
    }

    #[test]
    fn no_text_makes_it_panic(claim in any::<String>(), value in any::<String>(), received in any::<String>()) {
        let list = rules(&[(&claim, &value, "Owner"), (&claim, &received, "Viewer")]);
        let resolution = list.resolve(&pushed(&[(claim.clone(), received.clone())]), torq());
        prop_assert!(resolution.rule.is_some());
    }
}
