//! What a directory says about the rules, and the rules about a directory.

use std::collections::HashMap;

use super::GROUPS;
use super::directory::Directory;
use super::recount::Recount;
use crate::fault::Fault;
use crate::finding::Finding;
use crate::rules::RuleList;
use crate::rules::compare::{collapsed, lowered};
use crate::text::shown;

/// The most rules above that one sentence names.
const NAMED: usize = 5;

/// Rules that do nothing for these people: nobody has their value, or rules above take everybody.
pub fn notes(recount: &Recount, rules: &RuleList, directory: &Directory) -> Vec<Finding> {
    let mut alike: HashMap<&str, HashMap<String, String>> = HashMap::new();
    let mut findings = Vec::new();
    for (index, (counts, rule)) in recount.rules.iter().zip(&rules.0).enumerate() {
        if counts.matches > 0 && counts.decides == 0 {
            let fault = Fault::RuleDecidesForNobody {
                matches: counts.matches,
                above: above(recount, index),
            };
            findings.push(Finding::note(fault).at(format!("rules[{index}]")));
        }
        if counts.matches > 0 || rule.value.is_empty() || directory.is_empty() {
            continue;
        }
        let near = alike
            .entry(&rule.claim)
            .or_insert_with(|| by_likeness(directory, &rule.claim))
            .get(&likeness(&rule.value));
        let value = shown(&rule.value, 100);
        let finding = match near {
            Some(near) => Finding::warning(Fault::RuleMatchesNobodyBut {
                value,
                near: near.clone(),
            }),
            None => Finding::note(Fault::RuleMatchesNobody {
                claim: shown(&rule.claim, 100),
                value,
            }),
        };
        findings.push(finding.at(format!("rules[{index}].value")));
    }
    findings
}

/// Has the directory answer to the names that the rules ask for, where only one thing can be meant:
/// nobody asks for `groups`, the directory has no other claim of that name, and it is a name that
/// providers give to groups. The same for the address.
pub fn take_as_asked(directory: &mut Directory, rules: &RuleList) -> Vec<Finding> {
    let asked = rules.claim_names();
    let mut findings = Vec::new();
    for (claim, names) in [
        (GROUPS, &NAMES_OF_GROUPS[..]),
        ("email", &NAMES_OF_ADDRESS[..]),
    ] {
        if asked.contains(&claim) {
            continue;
        }
        let is_one = |name: &&&str| {
            let last = name.rsplit(['/', '#', ':']).next().unwrap_or(name);
            names.contains(&&*last.to_ascii_lowercase())
        };
        for name in asked.iter().filter(is_one) {
            if directory.also_called(claim, name) {
                findings.push(Finding::note(Fault::DirectoryClaimTakenAs {
                    claim: claim.to_owned(),
                    name: shown(name, 200),
                }));
            }
        }
    }
    findings
}

const NAMES_OF_GROUPS: [&str; 5] = [
    "groups",
    "group",
    "memberof",
    "groupnames",
    "edupersonaffiliation",
];
const NAMES_OF_ADDRESS: [&str; 4] = ["email", "emailaddress", "mail", "e-mail"];

/// The rules above this one that take most, by their numbers.
fn above(recount: &Recount, index: usize) -> String {
    let mut takers: Vec<_> = recount.rules[..index]
        .iter()
        .filter(|rule| rule.decides > 0)
        .collect();
    takers.sort_by_key(|rule| std::cmp::Reverse(rule.decides));
    let numbers: Vec<String> = takers
        .iter()
        .take(NAMED)
        .map(|rule| rule.rule.to_string())
        .collect();
    numbers.join(", ")
}

/// The values of a claim by what is left of them without capitals and spaces.
fn by_likeness(directory: &Directory, claim: &str) -> HashMap<String, String> {
    let all = directory.values(claim, "", usize::MAX);
    // Those that most people have come first, and stay.
    all.into_iter()
        .rev()
        .map(|held| (likeness(&held.value), held.value))
        .collect()
}

fn likeness(value: &str) -> String {
    let collapsed: String = collapsed(value).collect();
    lowered(&collapsed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::people::{OnBroken, csv};
    use crate::rules::Rule;
    use std::sync::Arc;

    fn rules(rules: &[(&str, &str)]) -> RuleList {
        let rule = |(claim, value): &(&str, &str)| Rule {
            claim: (*claim).into(),
            value: (*value).into(),
            role: "Viewer".into(),
        };
        RuleList(rules.iter().map(rule).collect())
    }

    fn directory() -> Directory {
        let text = "email,groups\nana@acme.example,SecOps;Dev\nbob@acme.example,Dev\n";
        csv::read(text.as_bytes(), None, OnBroken::Refuse)
            .unwrap()
            .directory
    }

    #[track_caller]
    fn check(list: &[(&str, &str)], expected: &[&str]) {
        let (list, directory) = (rules(list), Arc::new(directory()));
        let torq = Catalogue::built_in().service("torq").unwrap();
        let told: Vec<String> = notes(&directory.recount(&list, torq), &list, &directory)
            .iter()
            .map(|one| {
                format!(
                    "{} {}",
                    one.fault.code(),
                    one.path.as_deref().unwrap_or("-")
                )
            })
            .collect();
        assert_eq!(told, expected, "{list:?}");
    }

    #[test]
    fn a_rule_that_decides_for_somebody_is_not_spoken_of() {
        check(&[("groups", "SecOps"), ("groups", "Dev")], &[]);
    }

    #[test]
    fn a_rule_for_whose_people_others_decide_is_told() {
        check(
            &[
                ("groups", "Dev"),
                ("groups", "SecOps"),
                ("email", "ana@acme.example"),
            ],
            &[
                "rule_decides_for_nobody rules[1]",
                "rule_decides_for_nobody rules[2]",
            ],
        );
    }

    #[test]
    fn a_value_that_nobody_has_is_told_with_the_one_that_was_meant() {
        check(
            &[
                ("groups", "secops "),
                ("groups", "Ops"),
                ("email", "Bob@acme.example"),
                ("groups", "Dev"),
            ],
            &[
                "rule_matches_nobody_but rules[0].value",
                "rule_matches_nobody rules[1].value",
                "rule_matches_nobody_but rules[2].value",
            ],
        );
    }

    #[test]
    fn groups_answer_to_another_name_only_where_nothing_else_can_be_meant() {
        let taken = |list: &[(&str, &str)]| take_as_asked(&mut directory(), &rules(list)).len();
        assert_eq!(taken(&[("https://torq.io/groups", "Dev")]), 1);
        assert_eq!(taken(&[("memberOf", "Dev"), ("email", "x")]), 1);
        assert_eq!(taken(&[("memberOf", "Dev"), ("groups", "x")]), 0);
        assert_eq!(taken(&[("department", "Dev")]), 0);
        assert_eq!(
            taken(&[(
                "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
                "x"
            )]),
            1
        );
    }
}
