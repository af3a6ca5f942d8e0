use proptest::prelude::*;

use super::*;
use crate::catalogue::Catalogue;
use crate::finding::Severity;

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

fn torq() -> Service {
    Catalogue::built_in().service("torq").unwrap().clone()
}

/// As `severity code path`, one for each finding.
fn told(rules: &[Rule], service: &Service) -> Vec<String> {
    lint(&RuleList(rules.to_vec()), service, OWNER)
        .iter()
        .map(|finding| {
            let severity = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "note",
            };
            format!(
                "{severity} {} {}",
                finding.fault.code(),
                finding.path.as_deref().unwrap_or("-")
            )
        })
        .collect()
}

#[track_caller]
fn check(rules: &[Rule], expected: &[&str]) {
    assert_eq!(told(rules, &torq()), expected, "{rules:?}");
}

/// The Owner's rule, and this one below it.
#[track_caller]
fn check_second(second: Rule, expected: &[&str]) {
    check(&[owner(), second], expected);
}

#[test]
fn the_owners_rule_and_a_group_are_beyond_reproach() {
    check_second(rule("groups", "SecOps", "Contributor"), &[]);
    check_second(
        rule("https://torq.io/groups", "sec-ops (EU)", "Interact Only"),
        &[],
    );
}

#[test]
fn a_list_without_rules_is_an_error() {
    check(&[], &["error rules_missing rules"]);
}

#[test]
fn every_empty_field_is_an_error_at_its_own_path() {
    check_second(
        rule("", " ", ""),
        &[
            "error field_missing rules[1].claim",
            "error field_missing rules[1].value",
            "error choice_missing rules[1].role",
        ],
    );
    check_second(
        rule("groups", "\u{200B}", "Owner"),
        &["error field_missing rules[1].value"],
    );
}

#[test]
fn line_breaks_and_a_pasted_file_are_errors() {
    check_second(
        rule("groups", "Sec\nOps", "Viewer"),
        &[
            "error field_has_control_characters rules[1].value",
            "note rule_value_is_joined rules[1].value",
        ],
    );
    check_second(
        rule("groups", &"x".repeat(1_000_000), "Viewer"),
        &["error field_too_long rules[1].value"],
    );
}

#[test]
fn space_around_is_a_warning_where_it_stands() {
    check_second(
        rule("groups", "SecOps ", "Viewer"),
        &["warning field_has_space_around rules[1].value"],
    );
    check_second(
        rule("groups\u{A0}", "SecOps", "Viewer"),
        &["warning field_has_space_around rules[1].claim"],
    );
}

#[test]
fn a_space_that_is_none_of_the_keyboards_is_named_and_the_ideographic_one_is_not() {
    check_second(
        rule("groups", "Sec\u{A0}Ops", "Viewer"),
        &["warning rule_has_invisible_character rules[1].value"],
    );
    check_second(rule("groups", "安全\u{3000}運用", "Viewer"), &[]);
}

#[test]
fn a_list_as_json_writes_it_is_a_joined_value() {
    check_second(
        rule("groups", r#"["SecOps","Helpdesk"]"#, "Viewer"),
        &["note rule_value_is_joined rules[1].value"],
    );
    check_second(rule("groups", "[SecOps]", "Viewer"), &[]);
}

#[test]
fn a_placeholder_is_told_and_an_object_id_in_braces_is_none() {
    check_second(
        rule("groups", "<your group>", "Viewer"),
        &["warning placeholder_left_in rules[1].value"],
    );
    check_second(
        rule("groups", "{0f3e1a2b-1111-2222-3333-444455556666}", "Viewer"),
        &["note rule_value_is_object_id rules[1].value"],
    );
}

#[test]
fn a_twin_and_a_contradiction_name_the_rule_that_wins() {
    let group = |role| rule("groups", "SecOps", role);
    check(
        &[owner(), group("Viewer"), group("Viewer")],
        &["warning rule_twice rules[2]"],
    );
    let findings = lint(
        &RuleList(vec![owner(), group("Viewer"), group("Creator")]),
        &torq(),
        OWNER,
    );
    assert_eq!(
        findings[0].fault,
        Fault::RuleContradicts {
            first: 2,
            role: "Viewer".into()
        }
    );
}

#[test]
fn another_claim_or_another_byte_is_another_rule() {
    check(
        &[
            owner(),
            rule("groups", "SecOps", "Viewer"),
            rule("roles", "SecOps", "Viewer"),
            rule("groups", "Sec Ops", "Viewer"),
        ],
        &[],
    );
}

#[test]
fn a_twin_but_for_case_is_a_note() {
    check(
        &[
            owner(),
            rule("groups", "SecOps", "Viewer"),
            rule("groups", "SECOPS", "Viewer"),
        ],
        &["note rule_case_twin rules[2].value"],
    );
}

#[test]
fn less_privilege_above_more_is_a_note_for_groups_only() {
    let viewer = rule("groups", "Staff", "Viewer");
    let creator = rule("roles", "SecOps", "Creator");
    check(
        &[owner(), viewer.clone(), creator.clone()],
        &["note rule_lesser_role_first rules[2]"],
    );
    check(&[owner(), creator, viewer], &[]);
    check(
        &[
            owner(),
            rule("email", "a@acme.example", "Viewer"),
            rule("email", "b@acme.example", "Creator"),
        ],
        &[],
    );
}

#[test]
fn each_rule_is_held_against_the_least_of_all_above_it() {
    check(
        &[
            owner(),
            rule("groups", "Staff", "Viewer"),
            rule("groups", "SecOps", "Creator"),
            rule("groups", "Night", "Operator"),
        ],
        &[
            "note rule_lesser_role_first rules[2]",
            "note rule_lesser_role_first rules[3]",
        ],
    );
}

#[test]
fn a_role_whose_privileges_are_unknown_is_ranked_by_nobody() {
    check(
        &[
            owner(),
            rule("groups", "A", "Night Shift"),
            rule("groups", "B", "Contributor"),
        ],
        &["note role_is_custom rules[1].role"],
    );
}

#[test]
fn without_the_owners_rule_somebody_should_look() {
    check(
        &[rule("groups", "Admins", "Owner")],
        &["warning owner_rule_missing rules"],
    );
    check(
        &[rule("Email", OWNER, "Owner")],
        &["warning owner_rule_missing rules[0].claim"],
    );
    check(
        &[rule("email", "bob@acme.example", "Viewer")],
        &["warning owner_rule_missing rules"],
    );
}

#[test]
fn a_rule_that_gives_the_highest_role_to_another_address_alone_is_told() {
    check(
        &[
            rule("groups", "SecOps", "Viewer"),
            rule("email", "bob@acme.example", "Owner"),
        ],
        &["warning owner_rule_of_another rules"],
    );
    check(
        &[
            rule("email", "bob@acme.example", "Owner"),
            rule("groups", "SecOps", "Viewer"),
        ],
        &["warning owner_rule_of_another rules[0].value"],
    );
    check(
        &[rule("email", "olivia@other.example", "Owner")],
        &["warning owner_rule_of_another rules[0].value"],
    );
    check_second(rule("email", "bob@acme.example", "Owner"), &[]);
}

#[test]
fn an_address_that_is_none_is_told() {
    for value in ["acme.example", "@acme.example", "olivia@", "olivia"] {
        check_second(
            rule("email", value, "Viewer"),
            &["warning rule_email_is_no_address rules[1].value"],
        );
    }
    check_second(rule("email", "a@localhost", "Viewer"), &[]);
    check_second(rule("groups", "olivia", "Viewer"), &[]);
}

#[test]
fn a_group_of_everybody_above_other_groups_is_told_whatever_it_gives() {
    check(
        &[
            owner(),
            rule("groups", "Everyone", "Viewer"),
            rule("email", "bob@acme.example", "Creator"),
            rule("groups", "Guests", "Interact Only"),
        ],
        &["warning rule_broad_above rules[1]"],
    );
    check(
        &[
            owner(),
            rule("groups", "Guests", "Viewer"),
            rule("groups", "Everyone", "Interact Only"),
        ],
        &[],
    );
}

#[test]
fn claim_names_that_differ_by_case_are_told_once_for_each_way_to_write_them() {
    check(
        &[
            owner(),
            rule("groups", "A", "Viewer"),
            rule("Groups", "B", "Viewer"),
            rule("Groups", "C", "Viewer"),
        ],
        &["warning rule_claim_case_twin rules[2].claim"],
    );
}

#[test]
fn an_owners_rule_that_differs_says_in_what() {
    check(
        &[rule("email", "Olivia@acme.example", "Owner")],
        &["warning owner_rule_case_differs rules[0].value"],
    );
    check(
        &[rule("email", OWNER, "Contributor")],
        &["warning owner_rule_not_highest rules[0].role"],
    );
    check(
        &[rule("groups", "A", "Owner"), owner()],
        &["note owner_rule_not_first rules[1]"],
    );
}

#[test]
fn the_first_of_two_rules_for_the_owner_is_the_one_that_counts() {
    check(
        &[rule("email", OWNER, "Viewer"), owner()],
        &[
            "warning owner_rule_not_highest rules[0].role",
            "warning rule_contradicts rules[1]",
        ],
    );
}

#[test]
fn the_address_may_come_under_its_long_name() {
    let long = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";
    check(&[rule(long, OWNER, "Owner")], &[]);
}

#[test]
fn no_address_of_the_owner_is_said_elsewhere() {
    let findings = lint(&RuleList(vec![rule("groups", "A", "Viewer")]), &torq(), "");
    assert_eq!(findings, []);
}

#[test]
fn an_unknown_role_is_an_error_unless_the_service_has_roles_of_its_own_making() {
    let mut closed = torq();
    closed.custom_roles = false;
    let rules = [owner(), rule("groups", "A", "Night Shift")];
    assert_eq!(told(&rules, &closed), ["error unknown_role rules[1].role"]);
    assert_eq!(told(&rules, &torq()), ["note role_is_custom rules[1].role"]);
    let fallback = [owner(), rule("groups", "A", "Interact Only")];
    assert_eq!(told(&fallback, &closed), [""; 0]);
}

#[test]
fn a_role_that_is_almost_a_built_in_one_is_a_warning_with_the_name_that_was_meant() {
    let findings = lint(
        &RuleList(vec![owner(), rule("groups", "A", "contributor")]),
        &torq(),
        OWNER,
    );
    let near = Fault::RoleSpelling {
        role: "contributor".into(),
        near: "Contributor".into(),
    };
    assert_eq!(
        findings
            .iter()
            .map(|finding| &finding.fault)
            .collect::<Vec<_>>(),
        [&near]
    );
}

#[test]
fn everyone_may_be_a_viewer_but_not_an_owner() {
    check_second(
        rule("groups", "Everyone", "Contributor"),
        &["warning rule_too_broad rules[1].value"],
    );
    check_second(rule("groups", "Everyone", "Viewer"), &[]);
}

#[test]
fn patterns_are_not_understood_and_said_to_be_none() {
    check_second(
        rule("groups", ".*", "Owner"),
        &[
            "warning rule_too_broad rules[1].value",
            "warning rule_value_is_pattern rules[1].value",
        ],
    );
    for value in ["*", "sec-*", "^SecOps$", ".*-admins"] {
        check_second(
            rule("groups", value, "Viewer"),
            &["warning rule_value_is_pattern rules[1].value"],
        );
    }
}

#[test]
fn the_shape_of_a_value_is_a_note() {
    check_second(
        rule("memberOf", "CN=SecOps,OU=Groups", "Viewer"),
        &["note rule_value_is_dn rules[1].value"],
    );
    check_second(
        rule("groups", "SecOps;Dev", "Viewer"),
        &["note rule_value_is_joined rules[1].value"],
    );
    check_second(
        rule("groups", "0f3e1a2b-1111-2222-3333-444455556666", "Viewer"),
        &["note rule_value_is_object_id rules[1].value"],
    );
    for value in ["team=SecOps", "SecOps;", "R&D (EU)", "0f3e1a2b"] {
        check_second(rule("groups", value, "Viewer"), &[]);
    }
}

proptest! {
    #[test]
    fn no_rule_makes_the_linter_panic(
        rules in proptest::collection::vec((any::<String>(), any::<String>(), any::<String>()), 0..6),
        owner_email in any::<String>(),
    ) {
        let rules = rules.iter().map(|(claim, value, role)| rule(claim, value, role)).collect();
        lint(&RuleList(rules), &torq(), &owner_email);
    }

    #[test]
    fn every_path_names_a_rule_that_is_there(
        rules in proptest::collection::vec(("[ab ]{0,2}", "[aA*;]{0,2}", "Owner|Viewer|x|"), 1..6),
    ) {
        let rules: Vec<Rule> = rules.iter().map(|(claim, value, role)| rule(claim, value, role)).collect();
        for finding in lint(&RuleList(rules.clone()), &torq(), OWNER) {
            let path = finding.path.unwrap();
            prop_assert!(path == "rules" || (0..rules.len()).any(|index| path.starts_with(&format!("rules[{index}]"))), "{path}");
        }
    }
}
