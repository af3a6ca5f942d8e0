use proptest::prelude::*;

use super::*;
use crate::catalogue::Catalogue;

const OWNER: &str = "olivia@acme.example";

fn present() -> RuleList {
    RuleList(vec![
        rule("email", OWNER, "Owner"),
        rule("groups", "SecOps", "Contributor"),
    ])
}

fn rule(claim: &str, value: &str, role: &str) -> Rule {
    Rule {
        claim: claim.into(),
        value: value.into(),
        role: role.into(),
    }
}

fn pasted(text: &str) -> PastedRules {
    let torq = Catalogue::built_in().service("torq").unwrap();
    read(text, &present(), torq, OWNER)
}

/// Each rule as `line claim=value>role`.
fn rules(text: &str) -> Vec<String> {
    let row = |row: &PastedRule| {
        let Rule { claim, value, role } = &row.rule;
        format!("{} {claim}={value}>{role}", row.line)
    };
    pasted(text).rows.iter().map(row).collect()
}

fn codes(told: &[Told]) -> Vec<&str> {
    told.iter().map(|told| told.code.as_str()).collect()
}

#[test]
fn a_table_is_read_whatever_the_order_of_its_columns_and_what_parts_them() {
    let expected = ["2 groups=Dev>Viewer", "3 groups=Ops, EU>Creator"];
    for text in [
        "claim,value,role\ngroups,Dev,Viewer\ngroups,\"Ops, EU\",Creator\n",
        "\u{FEFF}Role;Claim value;Claim name\r\nViewer;Dev;groups\r\nCreator;Ops, EU;groups\r\n",
        "Attribute Name\tGroup\tTorq role\ngroups\tDev\tViewer\ngroups\tOps, EU\tCreator",
        "ROLE , VALUE , CLAIM\nViewer , Dev , groups\nCreator,\"Ops, EU\",groups\n",
    ] {
        assert_eq!(rules(text), expected, "{text}");
        assert_eq!(codes(&pasted(text).findings), [""; 0], "{text}");
    }
}

#[test]
fn without_a_header_the_order_is_claim_value_role_and_of_two_value_role() {
    assert_eq!(rules("groups,Dev,Viewer"), ["1 groups=Dev>Viewer"]);
    assert_eq!(
        rules("Dev\tViewer\nOps\tCreator"),
        ["1 groups=Dev>Viewer", "2 groups=Ops>Creator"]
    );
    assert_eq!(
        codes(&pasted("Dev,Viewer").findings),
        ["pasted_claim_assumed"]
    );
}

#[test]
fn quotes_hold_commas_line_breaks_and_quotes() {
    assert_eq!(
        rules("groups,\"a \"\"b\"\"\nc\",Viewer\n\ngroups,d,Viewer"),
        ["1 groups=a \"b\"\nc>Viewer", "4 groups=d>Viewer"]
    );
    let open = pasted("groups,Dev,Viewer\ngroups,\"Ops,Viewer\n");
    assert_eq!(codes(&open.findings), ["pasted_quote_open"]);
    assert_eq!(open.rows.len(), 1);
}

#[test]
fn space_in_a_cell_and_in_quotes_is_kept_and_told() {
    for text in ["groups\t Dev \tViewer", "groups,\" Dev \",Viewer"] {
        let row = &pasted(text).rows[0];
        assert_eq!(row.rule.value, " Dev ", "{text}");
        assert_eq!(codes(&row.findings), ["field_has_space_around"], "{text}");
    }
    assert_eq!(rules("groups, Dev , Viewer"), ["1 groups=Dev>Viewer"]);
}

#[test]
fn a_row_says_what_would_be_said_of_it_in_the_list() {
    let text = "claim,value,role\ngroups,SecOps,Contributor\ngroups,SecOps,Viewer\ngroups,Dev\n\
                groups,Dev,Onwer\ngroups,\"CN=Ops,OU=Groups\",Viewer\n,Dev,Viewer\n";
    let rows = pasted(text).rows;
    let told: Vec<(usize, Vec<&str>, bool)> = rows
        .iter()
        .map(|row| (row.line, codes(&row.findings), row.sound))
        .collect();
    assert_eq!(
        told,
        [
            (2, vec!["rule_twice"], false),
            (3, vec!["rule_contradicts"], false),
            (4, vec!["pasted_row_short"], false),
            (5, vec!["role_spelling"], true),
            (6, vec!["rule_value_is_dn"], true),
            (7, vec!["field_missing"], false),
        ]
    );
}

#[test]
fn a_header_that_lacks_a_part_names_it_and_one_too_many_is_left_out() {
    let lacks = pasted("claim,value,comment\ngroups,Dev,x");
    assert_eq!(
        codes(&lacks.findings),
        ["pasted_column_missing", "pasted_column_ignored"]
    );
    assert!(!lacks.rows[0].sound);
}

#[test]
fn json_is_a_list_of_rules_or_a_set_up() {
    let list = r#"[{"role":"Viewer","claim":"groups","value":"Dev"},{"claim":"level","value":7,"role":"Viewer"}]"#;
    let expected = ["1 groups=Dev>Viewer", "2 level=7>Viewer"];
    assert_eq!(rules(list), expected);
    assert_eq!(
        rules(&format!(
            "\u{FEFF} {{\"format\":\"latchkey/1\",\"rules\":{list}}}"
        )),
        expected
    );
}

#[test]
fn entries_that_are_no_rules_are_told_one_by_one() {
    let rows = pasted(
        r#"["SecOps", {"claim":"groups","value":["a"],"role":"Viewer"}, {"claim":"groups","value":"Dev","role":"Viewer","note":"x"}, {}]"#,
    )
    .rows;
    let told: Vec<Vec<&str>> = rows.iter().map(|row| codes(&row.findings)).collect();
    assert_eq!(
        told,
        [
            vec!["pasted_entry_no_rule"],
            vec!["pasted_member_no_text"],
            vec!["pasted_member_unknown"],
            vec!["field_missing", "field_missing", "choice_missing"],
        ]
    );
    let sound: Vec<bool> = rows.iter().map(|row| row.sound).collect();
    assert_eq!(sound, [false, false, true, false]);
}

#[test]
fn what_holds_no_rule_says_why() {
    for (text, expected) in [
        ("", "pasted_rules_none"),
        ("  \n\n", "pasted_rules_none"),
        ("[]", "pasted_rules_none"),
        ("{}", "pasted_rules_none"),
        ("claim,value,role\n", "pasted_rules_none"),
        (r#"[{"claim":"#, "pasted_not_json"),
        (r#"[{"claim":"a","claim":"b"}]"#, "pasted_member_twice"),
    ] {
        let pasted = pasted(text);
        assert_eq!(codes(&pasted.findings), [expected], "{text}");
        assert_eq!(pasted.rows, [], "{text}");
    }
}

#[test]
fn both_how_long_a_paste_is_and_how_many_rules_it_holds_are_bounded() {
    let long = pasted(&"x".repeat(LARGEST + 1));
    assert_eq!(codes(&long.findings), ["pasted_too_long"]);
    let many: String = (0..MOST + 10)
        .map(|n| format!("groups,team-{n},Viewer\n"))
        .collect();
    let many = pasted(&many);
    assert_eq!(many.rows.len(), MOST);
    assert_eq!(codes(&many.findings), ["pasted_rules_too_many"]);
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        let _ = pasted(&text);
        let _ = pasted(&format!("[{text}]"));
    }

    #[test]
    fn what_another_writer_of_csv_wrote_is_read_as_it_was_meant(
        fields in proptest::collection::vec("[a-z\"]([ a-z,;\"\r\n\t]{0,6}[a-z\"])?", 3..=3),
    ) {
        let mut writer = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
        writer.write_record(["claim", "value", "role"]).unwrap();
        writer.write_record(&fields).unwrap();
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let rows = pasted(&text).rows;
        prop_assert_eq!(&rows[0].rule, &rule(&fields[0], &fields[1], &fields[2]));
    }
}
