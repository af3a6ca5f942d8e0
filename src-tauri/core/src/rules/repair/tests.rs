use super::*;
use crate::catalogue::Catalogue;
use crate::claims::Claims;
use crate::rules::lint::lint;

const OWNER: &str = "olivia@acme.example";

fn rule(claim: &str, value: &str, role: &str) -> Rule {
    Rule {
        claim: claim.into(),
        value: value.into(),
        role: role.into(),
    }
}

fn owner() -> Rule {
    rule("email", OWNER, "Owner")
}

/// What the repair of the finding with this code makes of the rules; none if it has no repair.
fn mended(rules: &[Rule], code: &str, arrived: &str) -> Option<Vec<Rule>> {
    let torq = Catalogue::built_in().service("torq").unwrap();
    let claims: Claims = serde_json::from_str(arrived).unwrap();
    let seen = Seen::of([&claims]);
    let rules = RuleList(rules.to_vec());
    let about = About {
        rules: &rules,
        service: torq,
        owner_email: OWNER,
        seen: &seen,
    };
    let findings = lint(&rules, torq, OWNER);
    let finding = findings
        .iter()
        .find(|finding| finding.fault.code() == code)
        .unwrap_or_else(|| panic!("{code} is not among {findings:?}"));
    let repair = told(finding, about).repair?;
    let after = applied(&repair, &rules);
    // What is mended is not said again of the same place.
    let again = lint(&after, torq, OWNER);
    let still = again
        .iter()
        .any(|one| one.fault == finding.fault && one.path == finding.path);
    assert!(!still, "{code} is still there: {after:?}");
    Some(after.0)
}

/// The rules with every act done, as the window does them.
fn applied(repair: &Repair, rules: &RuleList) -> RuleList {
    let mut rules = rules.0.clone();
    for act in &repair.acts {
        match act.clone() {
            RepairAct::Set { rule, field, text } => match field {
                RulePart::Claim => rules[rule].claim = text,
                RulePart::Value => rules[rule].value = text,
                RulePart::Role => rules[rule].role = text,
            },
            RepairAct::Remove { rule } => drop(rules.remove(rule)),
            RepairAct::Move { rule, to } => {
                let taken = rules.remove(rule);
                rules.insert(to, taken);
            }
            RepairAct::Insert { at, with } => rules.insert(at, with),
        }
    }
    RuleList(rules)
}

/// Below the Owner's rule.
#[track_caller]
fn check(before: &[Rule], code: &str, arrived: &str, after: &[Rule]) {
    let whole = |rules: &[Rule]| -> Vec<Rule> { [&[owner()], rules].concat() };
    assert_eq!(
        mended(&whole(before), code, arrived),
        Some(whole(after)),
        "{before:?}"
    );
}

#[track_caller]
fn check_none(before: &[Rule], code: &str, arrived: &str) {
    let whole = [&[owner()], before].concat();
    assert_eq!(mended(&whole, code, arrived), None, "{before:?}");
}

#[test]
fn the_owners_rule_is_put_in_under_the_name_and_as_the_address_that_arrived() {
    let other = rule("groups", "SecOps", "Viewer");
    let added = mended(std::slice::from_ref(&other), "owner_rule_missing", "{}");
    assert_eq!(added, Some(vec![owner(), other.clone()]));
    let arrived = r#"{"email":"Olivia@acme.example"}"#;
    let added = mended(std::slice::from_ref(&other), "owner_rule_missing", arrived).unwrap();
    assert_eq!(added[0], rule("email", "Olivia@acme.example", "Owner"));
    let bobs = rule("email", "bob@acme.example", "Owner");
    let added = mended(std::slice::from_ref(&bobs), "owner_rule_of_another", "{}");
    assert_eq!(added, Some(vec![owner(), bobs]));
    assert_eq!(mended(&[], "rules_missing", "{}"), Some(vec![owner()]));
}

#[test]
fn the_owners_rule_is_moved_and_raised() {
    let other = rule("groups", "SecOps", "Viewer");
    let moved = mended(&[other.clone(), owner()], "owner_rule_not_first", "{}");
    assert_eq!(moved, Some(vec![owner(), other]));
    let raised = mended(
        &[rule("email", OWNER, "Viewer")],
        "owner_rule_not_highest",
        "{}",
    );
    assert_eq!(raised, Some(vec![owner()]));
}

#[test]
fn the_owners_address_is_written_as_it_arrived_and_not_otherwise() {
    let written = [rule("email", "Olivia@Acme.example", "Owner")];
    let arrived = r#"{"email":"olivia@acme.example"}"#;
    assert_eq!(
        mended(&written, "owner_rule_case_differs", arrived),
        Some(vec![owner()])
    );
    let just_so = r#"{"email":"Olivia@Acme.example"}"#;
    assert_eq!(mended(&written, "owner_rule_case_differs", just_so), None);
    assert_eq!(mended(&written, "owner_rule_case_differs", "{}"), None);
}

#[test]
fn a_rule_that_never_decides_goes() {
    let first = rule("groups", "SecOps", "Viewer");
    let again = [first.clone(), first.clone()];
    check(&again, "rule_twice", "{}", std::slice::from_ref(&first));
    let other = [first.clone(), rule("groups", "SecOps", "Creator")];
    check(&other, "rule_contradicts", "{}", &[first]);
}

#[test]
fn of_case_twins_the_one_that_never_arrived_goes_if_both_give_the_same() {
    let (one, other) = (
        rule("groups", "SecOps", "Viewer"),
        rule("groups", "secops", "Viewer"),
    );
    let both = [one.clone(), other.clone()];
    check(
        &both,
        "rule_case_twin",
        r#"{"groups":"SecOps"}"#,
        std::slice::from_ref(&one),
    );
    check(&both, "rule_case_twin", r#"{"groups":"secops"}"#, &[other]);
    check_none(&both, "rule_case_twin", "{}");
    let another_role = [one, rule("groups", "secops", "Creator")];
    check_none(&another_role, "rule_case_twin", r#"{"groups":"SecOps"}"#);
}

#[test]
fn the_claim_name_that_arrived_is_taken_for_its_twin() {
    let both = [rule("Groups", "A", "Viewer"), rule("groups", "B", "Viewer")];
    let after = [rule("groups", "A", "Viewer"), rule("groups", "B", "Viewer")];
    check(&both, "rule_claim_case_twin", r#"{"groups":"x"}"#, &after);
    check_none(&both, "rule_claim_case_twin", "{}");
}

#[test]
fn a_higher_role_goes_above_and_a_group_of_everybody_below() {
    let (low, high) = (
        rule("groups", "A", "Viewer"),
        rule("groups", "B", "Creator"),
    );
    check(
        &[low.clone(), high.clone()],
        "rule_lesser_role_first",
        "{}",
        &[high.clone(), low.clone()],
    );
    let all = rule("groups", "Everyone", "Viewer");
    check(
        &[all.clone(), low.clone()],
        "rule_broad_above",
        "{}",
        &[low, all],
    );
}

#[test]
fn a_role_is_spelt_as_the_service_spells_it() {
    check(
        &[rule("groups", "A", "Contributer")],
        "role_spelling",
        "{}",
        &[rule("groups", "A", "Contributor")],
    );
}

#[test]
fn space_around_goes_unless_it_arrives_like_that() {
    let before = [rule("groups", " SecOps", "Viewer")];
    let after = [rule("groups", "SecOps", "Viewer")];
    check(&before, "field_has_space_around", "{}", &after);
    check_none(&before, "field_has_space_around", r#"{"groups":" SecOps"}"#);
}

#[test]
fn a_distinguished_name_becomes_the_short_name_that_arrived() {
    let before = [rule("groups", "CN=SecOps,OU=Groups,DC=acme", "Viewer")];
    let after = [rule("groups", "SecOps", "Viewer")];
    check(
        &before,
        "rule_value_is_dn",
        r#"{"groups":["Dev","SecOps"]}"#,
        &after,
    );
    check_none(&before, "rule_value_is_dn", r#"{"groups":["Dev"]}"#);
    let whole = r#"{"groups":["CN=SecOps,OU=Groups,DC=acme","SecOps"]}"#;
    check_none(&before, "rule_value_is_dn", whole);
}

#[test]
fn joined_values_become_a_rule_each_where_one_of_them_arrived_alone() {
    let before = [rule("groups", "A; B;C", "Viewer")];
    let after = ["A", "B", "C"].map(|value| rule("groups", value, "Viewer"));
    check(
        &before,
        "rule_value_is_joined",
        r#"{"groups":["B"]}"#,
        &after,
    );
    check_none(&before, "rule_value_is_joined", r#"{"groups":["Z"]}"#);
    check_none(
        &before,
        "rule_value_is_joined",
        r#"{"groups":["A; B;C","B"]}"#,
    );
}

#[test]
fn what_only_looks_right_becomes_what_arrived() {
    let after = [rule("groups", "SecOps", "Viewer")];
    let arrived = r#"{"groups":["Dev","SecOps"]}"#;
    let cyrillic = [rule("groups", "SеcOps", "Viewer")];
    check(&cyrillic, "rule_looks_alike", arrived, &after);
    check_none(&cyrillic, "rule_looks_alike", "{}");
    check_none(
        &cyrillic,
        "rule_looks_alike",
        r#"{"groups":["SеcOps","SecOps"]}"#,
    );
    let unseen = [rule("groups", "Sec\u{200B}Ops", "Viewer")];
    check(&unseen, "rule_has_invisible_character", "{}", &after);
    check_none(
        &[rule("groups", "فرق\u{200D}الأمن", "Viewer")],
        "rule_has_invisible_character",
        "{}",
    );
    check(
        &[rule("groups", "Cafe\u{301}", "Viewer")],
        "rule_not_normalized",
        "{}",
        &[rule("groups", "Caf\u{e9}", "Viewer")],
    );
    check_none(
        &[rule("groups", "Cafe\u{301}", "Viewer")],
        "rule_not_normalized",
        "{\"groups\":\"Cafe\u{301}\"}",
    );
    check(
        &[rule("groups", "A", "Оwner")],
        "rule_looks_alike",
        "{}",
        &[rule("groups", "A", "Owner")],
    );
}

#[test]
fn what_nobody_can_be_certain_of_has_no_repair() {
    check_none(&[rule("groups", "*", "Owner")], "rule_too_broad", "{}");
    check_none(
        &[rule("groups", "Sec.*", "Viewer")],
        "rule_value_is_pattern",
        "{}",
    );
    check_none(&[rule("groups", "A", "Auditor")], "role_is_custom", "{}");
    check_none(
        &[rule("email", "acme.example", "Viewer")],
        "rule_email_is_no_address",
        "{}",
    );
}
