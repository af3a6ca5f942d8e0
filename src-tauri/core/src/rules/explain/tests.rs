use super::*;
use crate::catalogue::Catalogue;

fn rules(rules: &[(&str, &str)]) -> RuleList {
    let rule = |(claim, value): &(&str, &str)| Rule {
        claim: (*claim).into(),
        value: (*value).into(),
        role: "Viewer".into(),
    };
    RuleList(rules.iter().map(rule).collect())
}

fn explained(list: &RuleList, json: &str) -> Explained {
    let torq = Catalogue::built_in().service("torq").unwrap();
    list.explain(&serde_json::from_str(json).unwrap(), torq)
}

/// The code of each rule, in their order.
#[track_caller]
fn check(list: &[(&str, &str)], json: &str, expected: &[&str]) {
    let list = rules(list);
    let explained = explained(&list, json);
    let codes: Vec<&str> = explained.why.iter().map(|why| why.code.as_str()).collect();
    assert_eq!(codes, expected, "{json}");
    let numbers: Vec<u32> = explained.why.iter().map(|why| why.rule).collect();
    assert_eq!(numbers, (1..=list.0.len() as u32).collect::<Vec<_>>());
}

#[test]
fn every_rule_says_why_it_decides_or_does_not() {
    check(
        &[
            ("email", "a@b"),
            ("groups", "secops"),
            ("groups", "SecOps"),
            ("groups", "Dev"),
            ("groups", "Admins"),
            ("roles", "SecOps"),
            ("department", "IT"),
            ("groups", ""),
        ],
        r#"{"email":"o@b","groups":["SecOps","Dev"]}"#,
        &[
            "value_not_among",
            "case_differs",
            "decides",
            "above_decides",
            "value_not_among",
            "claim_name_differs",
            "claim_absent",
            "unfinished",
        ],
    );
}

#[test]
fn what_arrived_in_another_shape_than_texts_is_named() {
    const RULE: [(&str, &str); 1] = [("groups", "SecOps")];
    for (json, code) in [
        ("{}", "claim_absent"),
        (r#"{"groups":null}"#, "claim_empty"),
        (r#"{"groups":[]}"#, "claim_empty"),
        (r#"{"groups":""}"#, "claim_empty"),
        (r#"{"groups":["",""]}"#, "claim_empty"),
        (r#"{"groups":7}"#, "value_not_among"),
        (r#"{"groups":true}"#, "value_not_among"),
        (r#"{"groups":{"name":"SecOps"}}"#, "claim_is_object"),
        (r#"{"groups":[{"name":"SecOps"}]}"#, "claim_is_object"),
        (r#"{"groups":"SecOps,Dev"}"#, "joined_values"),
        (r#"{"groups":["CN=SecOps,OU=Groups"]}"#, "dn_for_name"),
        (r#"{"groups":"SecOps"}"#, "decides"),
        (r#"{"groups":["SecOps"]}"#, "decides"),
    ] {
        check(&RULE, json, &[code]);
    }
}

#[test]
fn of_a_number_and_a_boolean_the_text_is_compared() {
    check(&[("level", "7")], r#"{"level":7}"#, &["decides"]);
    check(&[("level", "7")], r#"{"level":7.0}"#, &["value_not_among"]);
    check(&[("admin", "true")], r#"{"admin":true}"#, &["decides"]);
}

#[test]
fn the_sentence_lists_some_of_the_values_and_never_thousands() {
    let values: Vec<String> = (0..5_000).map(|n| format!("\"team-{n}\"")).collect();
    let json = format!("{{\"groups\":[{}]}}", values.join(","));
    let explained = explained(&rules(&[("groups", "SecOps")]), &json);
    let what = &explained.why[0].what;
    assert!(what.contains("team-0") && what.contains('…'), "{what}");
    assert!(what.len() < 600, "{what}");
}
