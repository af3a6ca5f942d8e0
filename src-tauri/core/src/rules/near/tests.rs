use proptest::prelude::*;

use super::*;

const GUID: &str = "0f3e1a2b-1111-2222-3333-444455556666";

fn claims(pairs: &[(&str, &str)]) -> Claims {
    let mut claims = Claims::default();
    for (name, value) in pairs {
        claims.push(*name, *value);
    }
    claims
}

fn rule(claim: &str, value: &str) -> Rule {
    Rule {
        claim: claim.into(),
        value: value.into(),
        role: "Viewer".into(),
    }
}

/// As `code claim=received`, one for each near miss of one rule.
fn told(rule: &Rule, pairs: &[(&str, &str)]) -> Vec<String> {
    misses(&[(1, rule)], &claims(pairs))
        .iter()
        .map(|miss| format!("{} {}={}", miss.code.code(), miss.claim, miss.received))
        .collect()
}

#[track_caller]
fn check(value: &str, received: &[&str], expected: &[&str]) {
    let pairs: Vec<_> = received.iter().map(|value| ("g", *value)).collect();
    assert_eq!(told(&rule("g", value), &pairs), expected);
}

#[test]
fn a_value_that_differs_by_case_alone() {
    check("SecOps", &["secops"], &["case_differs g=secops"]);
    check(
        "SecOps",
        &["dev", "SECOPS", "secops"],
        &["case_differs g=SECOPS", "case_differs g=secops"],
    );
    check("ΟΔΟΣ", &["οδος"], &["case_differs g=οδος"]);
    check("Ärzte", &["ärzte"], &["case_differs g=ärzte"]);
}

#[test]
fn a_distinguished_name_that_is_written_otherwise() {
    let rule = "CN=SecOps,OU=Groups,DC=acme,DC=example";
    for (received, code) in [
        ("CN=SecOps, OU=Groups, DC=acme, DC=example", "space_differs"),
        (
            "CN = SecOps,OU = Groups,DC=acme,DC=example",
            "space_differs",
        ),
        ("cn=SecOps, ou=Groups, dc=acme, dc=example", "case_differs"),
    ] {
        check(rule, &[received], &[&format!("{code} g={received}")]);
    }
    check(rule, &["CN=SecOps, OU=Others, DC=acme, DC=example"], &[]);
}

#[test]
fn a_value_that_differs_by_space_alone() {
    check("SecOps", &[" SecOps"], &["space_differs g= SecOps"]);
    check(
        "Sec Ops",
        &["Sec\u{A0}Ops"],
        &["space_differs g=Sec\u{A0}Ops"],
    );
    check("Sec Ops", &["Sec  Ops"], &["space_differs g=Sec  Ops"]);
    check(
        "SecOps",
        &["Sec\u{200B}Ops"],
        &["space_differs g=Sec\u{200B}Ops"],
    );
    check("SecOps ", &["SecOps"], &["space_differs g=SecOps"]);
}

#[test]
fn a_value_that_only_looks_the_same() {
    for (value, received, code) in [
        ("Caf\u{e9}", "Cafe\u{301}", "unicode_form_differs"),
        ("Cafe\u{301}", "Caf\u{e9}", "unicode_form_differs"),
        ("SecOps", "S\u{435}cOps", "looks_alike"),
        ("S\u{435}cOps", "SecOps", "looks_alike"),
        ("\u{41d}ub", "Hub", "looks_alike"),
        ("ＳｅｃＯｐｓ", "SecOps", "looks_alike"),
    ] {
        check(
            value,
            &["Dev", received],
            &[&format!("{code} g={received}")],
        );
    }
    check("SecOps", &["Ѕесорѕ!"], &[]);
}

#[test]
fn two_differences_are_not_near() {
    check("SecOps", &["secops "], &[]);
    check("SecOps", &["CN=secops,OU=G"], &[]);
    check("SecOps", &["secops;dev"], &[]);
    check(
        "SecOps",
        &["SecOps2", "Sec Ops", "Sec-Ops", "ecOps", ""],
        &[],
    );
}

#[test]
fn a_distinguished_name_came_for_the_short_name() {
    check(
        "SecOps",
        &["CN=SecOps,OU=Groups,DC=acme"],
        &["dn_for_name g=CN=SecOps,OU=Groups,DC=acme"],
    );
    check(
        "Sec, Ops",
        &[r"CN=Sec\, Ops,OU=Groups"],
        &[r"dn_for_name g=CN=Sec\, Ops,OU=Groups"],
    );
    check(
        "SecOps",
        &["cn=SecOps+uid=7, ou=Groups"],
        &["dn_for_name g=cn=SecOps+uid=7, ou=Groups"],
    );
    check(
        "Lučić",
        &[r"CN=Lu\C4\8Di\C4\87,OU=G"],
        &[r"dn_for_name g=CN=Lu\C4\8Di\C4\87,OU=G"],
    );
}

#[test]
fn a_container_of_the_distinguished_name_is_not_its_name() {
    check("Users", &["CN=SecOps,CN=Users,DC=acme"], &[]);
    check("acme", &["CN=SecOps,DC=acme"], &[]);
    check("SecOps", &["team=SecOps"], &[]);
}

#[test]
fn the_short_name_came_for_a_distinguished_name() {
    check(
        "CN=SecOps,OU=Groups",
        &["Dev", "SecOps"],
        &["name_for_dn g=SecOps"],
    );
    check("CN=SecOps,OU=Groups", &["secops", "Groups"], &[]);
    check(
        "CN=SecOps,OU=Groups",
        &["cn=secops,ou=groups"],
        &["case_differs g=cn=secops,ou=groups"],
    );
    check("CN=SecOps,OU=Groups", &["CN=SecOps,OU=Others"], &[]);
}

#[test]
fn object_ids_came_for_a_name_and_it_is_said_once() {
    let other = "99999999-1111-2222-3333-444455556666";
    check(
        "SecOps",
        &[GUID, other],
        &[&format!("guid_for_name g={GUID}")],
    );
    check("SecOps", &[GUID, "Dev"], &[]);
    check(other, &[GUID], &[]);
    check("SecOps", &[], &[]);
}

#[test]
fn several_values_came_joined_in_one() {
    for joined in [
        "Dev;SecOps",
        "Dev, SecOps",
        "SecOps|Dev",
        "Dev\nSecOps",
        r#"["Dev","SecOps"]"#,
    ] {
        let shown = crate::text::shown(joined, 300);
        check("SecOps", &[joined], &[&format!("joined_values g={shown}")]);
    }
    check(
        "CN=A,OU=G",
        &["CN=A,OU=G;CN=B,OU=G"],
        &["joined_values g=CN=A,OU=G;CN=B,OU=G"],
    );
}

#[test]
fn part_of_a_word_or_of_a_distinguished_name_is_not_a_joined_value() {
    check("Sec", &["SecOps;Dev"], &[]);
    check("OU=Groups", &["CN=SecOps,OU=Groups"], &[]);
    check("SecOps Dev", &["SecOps;Dev"], &[]);
}

#[test]
fn the_value_came_under_another_claim_name() {
    for (asked, came) in [
        ("groups", "Groups"),
        ("groups", "https://torq.io/groups"),
        ("https://torq.io/groups", "groups"),
        (
            "groups",
            "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups",
        ),
        ("groups", "memberOf"),
        (
            "email",
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
        ),
    ] {
        let expected = format!("claim_name_differs {came}=x");
        assert_eq!(
            told(&rule(asked, "x"), &[(came, "y"), (came, "x")]),
            [expected]
        );
    }
}

#[test]
fn of_several_claim_names_the_closest_is_told() {
    let email = rule("email", "x");
    let long = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";
    assert_eq!(
        told(&email, &[("upn", "x"), (long, "x"), ("Email", "x")]),
        ["claim_name_differs Email=x"]
    );
    assert_eq!(
        told(&email, &[("upn", "x"), (long, "x")]),
        [format!("claim_name_differs {long}=x")]
    );
    assert_eq!(
        told(&email, &[("upn", "x"), ("sub", "x")]),
        ["claim_name_differs upn=x"]
    );
}

#[test]
fn that_another_claim_is_true_as_well_says_nothing() {
    assert_eq!(
        told(&rule("admin", "true"), &[("email_verified", "true")]),
        [""; 0]
    );
    assert_eq!(
        told(&rule("admin", "true"), &[("Admin", "true")]),
        ["claim_name_differs Admin=true"]
    );
}

#[test]
fn a_value_that_came_twice_is_told_once_and_thousands_of_twins_are_not_told() {
    check("SecOps", &["secops", "secops"], &["case_differs g=secops"]);
    let twins: Vec<String> = (0..5_000)
        .map(|n| format!("SecOps{}", " ".repeat(n % 1_000 + 1)))
        .collect();
    let pairs: Vec<_> = twins.iter().map(|value| ("g", value.as_str())).collect();
    assert_eq!(told(&rule("g", "SecOps"), &pairs).len(), MOST);
}

#[test]
fn a_huge_value_is_looked_at_within_bounds_and_told_in_short() {
    let joined = format!("SecOps;{}", "x;".repeat(50_000));
    let claims = claims(&[("g", &joined)]);
    let rule = rule("g", "SecOps");
    let misses = misses(&[(1, &rule)], &claims);
    assert_eq!(misses[0].code, Nearness::JoinedValues);
    assert!(misses[0].received.chars().count() <= 301);
}

#[test]
fn rules_without_a_value_or_a_claim_are_near_nothing() {
    check("", &[" ", "\u{200B}", "a;;b"], &[]);
    assert_eq!(told(&rule("", "x"), &[("g", "x")]), [""; 0]);
}

proptest! {
    #[test]
    fn no_text_makes_it_panic_and_what_matches_is_never_near(
        value in any::<String>(),
        received in proptest::collection::vec(any::<String>(), 0..6),
    ) {
        let pairs: Vec<_> = received.iter().map(|value| ("g", value.as_str())).collect();
        for miss in misses(&[(1, &rule("g", &value))], &claims(&pairs)) {
            prop_assert!(miss.claim != "g" || miss.received != value);
        }
    }

    #[test]
    fn a_value_is_told_at_most_once_for_a_rule(
        value in "[aA;, =CNcn]{1,6}",
        received in proptest::collection::vec("[aA;, =CNcn]{0,6}", 0..8),
    ) {
        let pairs: Vec<_> = received.iter().map(|value| ("g", value.as_str())).collect();
        let misses = misses(&[(1, &rule("g", &value))], &claims(&pairs));
        let mut told: Vec<_> = misses.iter().map(|miss| &miss.received).collect();
        told.sort();
        told.dedup();
        prop_assert_eq!(told.len(), misses.len());
    }

    #[test]
    fn the_index_finds_exactly_what_a_comparison_of_the_two_would(
        value in "[aA\\x0bäÄΣς \u{A0}\u{200B}]{1,4}",
        received in "[aA\\x0bäÄΣς \u{A0}\u{200B}]{1,4}",
    ) {
        let rule = rule("g", &value);
        prop_assume!(value != received);
        let found: Vec<_> = misses(&[(1, &rule)], &claims(&[("g", &received)])).iter().map(|miss| miss.code).collect();
        let compared: Vec<_> = by_letters(&value, &received).into_iter().collect();
        prop_assert_eq!(found, compared);
    }
}
