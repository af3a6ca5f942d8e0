//! `export --as sql` on DuckDB, against Latchkey's own count.

use std::collections::BTreeMap;
use std::sync::Arc;

use latchkey_core::people::{self, OnBroken, Preview};
use latchkey_core::rules::sql;
use latchkey_core::{Catalogue, RuleList};
use serde_json::{Value, json};

use crate::bench::{Dice, GROUPS, python, rules};

/// Person to role and rule, as the query says and as Latchkey counts.
type Roles = BTreeMap<String, (String, Option<u32>)>;

/// The people as a CSV file, and as the rows of a warehouse.
fn people(dice: &mut Dice) -> (String, Vec<[String; 3]>) {
    let mut csv = "email,groups,department\n".to_owned();
    let mut rows = Vec::new();
    for n in 0..3_000 {
        let address = format!("p{n}@acme.example");
        let mut row = |claim: &str, value: &str| {
            rows.push([address.clone(), claim.to_owned(), value.to_owned()])
        };
        row("email", &address);
        let mut groups = Vec::new();
        for _ in 0..dice.below(6) {
            let group = dice.one_of(&GROUPS);
            // The file's separator is no part of a name in it.
            if !group.contains(';') {
                groups.push(group);
                row("groups", group);
            }
        }
        let department = dice.one_of(&["R&D", "SecOps", "0"]);
        row("department", department);
        let quoted = groups.join(";").replace('"', "\"\"");
        csv += &format!("{address},\"{quoted}\",{department}\n");
    }
    (csv, rows)
}

fn counted(csv: &str, rules: &RuleList) -> Roles {
    let torq = Catalogue::built_in().service("torq").unwrap();
    let import = people::read(csv.as_bytes(), OnBroken::Refuse).unwrap();
    let mut preview = Preview::new(Arc::new(import.directory));
    let decided = preview.decided(rules);
    let counted: Roles = (0..)
        .zip(decided)
        .map(|(person, rule)| {
            let role = match rule {
                0 => torq.fallback.clone(),
                rule => rules.0[rule as usize - 1].role.clone(),
            };
            (
                preview.directory().name(person).to_owned(),
                (role, (rule > 0).then_some(rule)),
            )
        })
        .collect();
    let recount = preview.recount(rules, torq);
    let fallen = counted.values().filter(|(_, rule)| rule.is_none()).count();
    assert_eq!(recount.fallback as usize, fallen);
    counted
}

fn queried(rows: &[[String; 3]], rules: &RuleList) -> Roles {
    let torq = Catalogue::built_in().service("torq").unwrap();
    let answer = python(
        "roles.py",
        &json!({ "rows": rows, "query": sql::query(rules, torq) }),
    );
    let row = |row: &Value| {
        let text = |at: usize| row[at].as_str().unwrap().to_owned();
        (text(0), (text(1), row[2].as_u64().map(|rule| rule as u32)))
    };
    answer.as_array().unwrap().iter().map(row).collect()
}

#[test]
fn the_exported_query_gives_everybody_the_role_that_latchkey_counts() {
    let mut dice = Dice(7);
    let (csv, rows) = people(&mut dice);
    for count in [40, 1, 12] {
        let rules = rules(&mut dice, count);
        let (ours, theirs) = (counted(&csv, &rules), queried(&rows, &rules));
        assert_eq!(ours.len(), 3_000);
        assert!(ours == theirs, "{rules:?}");
        assert!(ours.values().any(|(_, rule)| rule.is_some()));
    }
}

#[test]
fn without_a_rule_everybody_gets_the_fallback() {
    let (csv, rows) = people(&mut Dice(3));
    let rules = RuleList::default();
    let theirs = queried(&rows, &rules);
    assert!(counted(&csv, &rules) == theirs);
    assert!(
        theirs
            .values()
            .all(|(role, rule)| role == "Interact Only" && rule.is_none())
    );
}
