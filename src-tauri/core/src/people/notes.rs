//! What a directory says about the rules, and the rules about a directory.

use std::collections::HashMap;

use super::GROUPS;
use super::directory::Directory;
use super::recount::{Counts, Lesser, Preview, Recount};
use crate::catalogue::{Provider, Service};
use crate::connection::{Flow, Protocol};
use crate::fault::Fault;
use crate::finding::Finding;
use crate::rules::compare::{collapsed, lowered_char};
use crate::rules::{Rule, RuleList};
use crate::set_up::ConnectionFields;
use crate::text::shown;

/// The most rules above that one sentence names.
const NAMED: usize = 5;

/// Rules that do nothing for these people: nobody has their value, or rules above take everybody.
pub fn notes(recount: &Recount, rules: &RuleList, directory: &Directory) -> Vec<Finding> {
    let is_missing = |counts: &Counts, rule: &Rule| {
        counts.matches == 0 && !rule.value.is_empty() && !directory.is_empty()
    };
    let pairs = recount.rules.iter().zip(&rules.0);
    let missing = pairs.filter(|(counts, rule)| is_missing(counts, rule));
    let near = nearest(missing.map(|(_, rule)| rule), directory);
    let mut findings = Vec::new();
    for (index, (counts, rule)) in recount.rules.iter().zip(&rules.0).enumerate() {
        if counts.matches > 0 && counts.decides == 0 {
            let fault = Fault::RuleDecidesForNobody {
                matches: counts.matches,
                above: above(recount, index),
            };
            findings.push(Finding::note(fault).at(format!("rules[{index}]")));
        }
        if !is_missing(counts, rule) {
            continue;
        }
        let like: String = likeness(&rule.value).collect();
        let near = near.get(&*rule.claim).and_then(|near| near.get(&like));
        let value = shown(&rule.value, 100);
        let finding = match near {
            Some(Some((_, near))) => Finding::warning(Fault::RuleMatchesNobodyBut {
                value,
                near: (*near).to_owned(),
            }),
            _ => Finding::note(Fault::RuleMatchesNobody {
                claim: shown(&rule.claim, 100),
                value,
            }),
        };
        findings.push(finding.at(format!("rules[{index}].value")));
    }
    findings
}

/// The share of all people, in percent, above which a rule with the highest role is too broad.
const BROAD: u32 = 10;

/// Fewer people than this are no company: with them, one Owner of three is no mistake.
const COMPANY: u32 = 20;

/// Everything that a directory says about the rules: [`notes`], rules that give the highest role to
/// many, and people who get less than a rule below would give them.
pub fn findings(
    preview: &mut Preview,
    recount: &Recount,
    rules: &RuleList,
    service: &Service,
) -> Vec<Finding> {
    let mut findings = notes(recount, rules, preview.directory());
    findings.extend(broad(recount, rules, service));
    for Lesser {
        rule,
        people,
        above,
    } in preview.lesser_first(rules, service)
    {
        let index = rule as usize - 1;
        let fault = Fault::PeopleGetLesserRole {
            people,
            role: shown(&rules.0[index].role, 100),
            above,
            lesser: shown(&rules.0[above as usize - 1].role, 100),
        };
        findings.push(Finding::warning(fault).at(format!("rules[{index}]")));
    }
    findings
}

fn broad(recount: &Recount, rules: &RuleList, service: &Service) -> Vec<Finding> {
    let Some(highest) = service.roles.first() else {
        return Vec::new();
    };
    let of_all = |people: u32| u64::from(people) * 100 / u64::from(recount.people.max(1));
    let is_broad = |(_, (counts, rule)): &(usize, (&Counts, &Rule))| {
        rule.role == highest.name
            && recount.people >= COMPANY
            && of_all(counts.decides) >= u64::from(BROAD)
    };
    let all = recount.rules.iter().zip(&rules.0).enumerate();
    all.filter(is_broad)
        .map(|(index, (counts, rule))| {
            let fault = Fault::RuleGivesManyHighestRole {
                people: counts.decides,
                percent: of_all(counts.decides) as u32,
                role: shown(&rule.role, 100),
            };
            Finding::warning(fault).at(format!("rules[{index}].role"))
        })
        .collect()
}

/// People in more groups than the provider sends: for those it sends none.
pub fn group_limit(
    directory: &Directory,
    rules: &RuleList,
    connection: &ConnectionFields,
    provider: &Provider,
) -> Option<Finding> {
    let limits = provider.group_limits.as_ref()?;
    let limit = match (connection.protocol, connection.flow) {
        (Protocol::Saml, _) => limits.saml,
        (Protocol::Oidc, Some(Flow::Implicit)) => limits.implicit,
        (Protocol::Oidc, _) => limits.code,
    };
    let is_asked = |rule: &Rule| directory.is_groups(&rule.claim);
    let first = rules.0.iter().position(is_asked)?;
    let (people, most) = directory.above(GROUPS, limit as usize);
    let fault = Fault::PeopleAboveGroupLimit {
        people,
        limit,
        most,
        provider: provider.name.clone(),
    };
    (people > 0).then(|| Finding::warning(fault).at(format!("rules[{first}].claim")))
}

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

/// A value, and how many people have it.
type Near<'a> = Option<(u32, &'a str)>;

/// By claim, and by what is left of the values of these rules without capitals and spaces, the value that
/// most people have of those of which the same is left. A million addresses are looked at without keeping any.
fn nearest<'r, 'd>(
    rules: impl Iterator<Item = &'r Rule>,
    directory: &'d Directory,
) -> HashMap<&'r str, HashMap<String, Near<'d>>> {
    let mut near: HashMap<&str, HashMap<String, Near>> = HashMap::new();
    for rule in rules {
        let of_claim = near.entry(&rule.claim).or_default();
        of_claim.insert(likeness(&rule.value).collect(), None);
    }
    let mut like = String::new();
    for (claim, near) in &mut near {
        directory.each_value(claim, |value, people| {
            like.clear();
            like.extend(likeness(value));
            let Some(near) = near.get_mut(&like) else {
                return;
            };
            let is_nearer = |(most, text): (u32, &str)| (most, value) < (people, text);
            if near.is_none_or(is_nearer) {
                *near = Some((people, value));
            }
        });
    }
    near
}

fn likeness(value: &str) -> impl Iterator<Item = char> {
    collapsed(value).flat_map(lowered_char)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::finding::Severity;
    use crate::people::fixtures::{colleagues, directory, rules};
    use crate::rules::Rule;
    use std::sync::Arc;

    #[track_caller]
    fn check(list: &[(&str, &str)], expected: &[&str]) {
        let (list, directory) = (rules(list), Arc::new(colleagues()));
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

    fn company(rows: &str) -> Directory {
        directory(&format!("email,groups\n{rows}"))
    }

    fn told(list: &[(&str, &str, &str)], people: Directory) -> Vec<(String, String)> {
        let rule = |(claim, value, role): &(&str, &str, &str)| Rule {
            claim: (*claim).into(),
            value: (*value).into(),
            role: (*role).into(),
        };
        let list = RuleList(list.iter().map(rule).collect());
        let torq = Catalogue::built_in().service("torq").unwrap();
        let mut preview = Preview::new(Arc::new(people));
        let recount = preview.recount(&list, torq);
        findings(&mut preview, &recount, &list, torq)
            .iter()
            .filter(|one| one.severity == Severity::Warning)
            .map(|one| (one.path.clone().unwrap_or_default(), one.told().what))
            .collect()
    }

    #[test]
    fn people_who_have_both_and_get_less_are_counted_at_the_rule_that_would_give_more() {
        let people = "ana@acme.example,Staff;Admins\nbob@acme.example,Staff;Admins\n\
                      eve@acme.example,Admins\n";
        let list = [("groups", "Staff", "Viewer"), ("groups", "Admins", "Owner")];
        let found = told(&list, company(people));
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, "rules[1]");
        assert!(found[0].1.starts_with("2 people"), "{}", found[0].1);
        let turned = [list[1], list[0]];
        assert_eq!(told(&turned, company(people)), []);
        // A rule for one address is meant for that person.
        let meant = [("email", "ana@acme.example", "Viewer"), list[1]];
        assert_eq!(told(&meant, company(people)), []);
    }

    #[test]
    fn the_highest_role_for_many_is_told_and_for_a_few_of_a_company_is_not() {
        let rows = |owners: usize| {
            let group = |n| if n < owners { "Ops" } else { "Dev" };
            (0..40)
                .map(|n| format!("p{n}@acme.example,{}\n", group(n)))
                .collect::<String>()
        };
        let list = [("groups", "Ops", "Owner"), ("groups", "Dev", "Viewer")];
        let found = told(&list, company(&rows(4)));
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, "rules[0].role");
        assert_eq!(told(&list, company(&rows(3))), []);
    }

    #[test]
    fn people_in_more_groups_than_the_provider_sends_are_counted() {
        let catalogue = Catalogue::built_in();
        let many: Vec<String> = (0..160).map(|n| format!("G{n}")).collect();
        let people = company(&format!(
            "ana@acme.example,{}\nbob@acme.example,G1\n",
            many.join(";")
        ));
        let list = rules(&[("email", "x"), ("groups", "G1")]);
        let found = |provider: &str, protocol, flow| {
            let fields = ConnectionFields {
                protocol,
                flow,
                ..ConnectionFields::default()
            };
            let provider = catalogue.provider(provider).unwrap();
            group_limit(&people, &list, &fields, provider).map(|one| one.path)
        };
        let at = Some(Some("rules[1].claim".to_owned()));
        assert_eq!(found("entra", Protocol::Saml, None), at);
        assert_eq!(found("entra", Protocol::Oidc, Some(Flow::Code)), None);
        assert_eq!(found("entra", Protocol::Oidc, Some(Flow::Implicit)), at);
        assert_eq!(found("okta", Protocol::Saml, None), None);
    }
}
