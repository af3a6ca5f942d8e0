//! The rules as one query, for a directory that lives in a company's warehouse.
//!
//! Standard SQL that DuckDB, PostgreSQL, Spark and Trino read alike. They differ in what stands
//! between quotes: Spark takes a backslash as an escape, `''` for nothing at all (before version 4)
//! and `${...}` as a variable. So literals hold none of these, and `chr` says them.

use std::fmt::Write;

use super::RuleList;
use crate::catalogue::Service;

/// The table that is asked: a row for each value of each claim of each person.
pub const TABLE: &str = "claims";

/// The query that gives each person of [`TABLE`] a role, and the rule that decided, counted from 1.
pub fn query(rules: &RuleList, service: &Service) -> String {
    let mut sql = format!(
        "-- Who gets which role: of the rules that match a person, the first.\n\
         -- Asks {TABLE} (person, claim, value): text, a row for each value of each claim of each person.\n\
         -- Values are compared byte for byte: columns need a binary collation, and none that pads with spaces.\n"
    );
    let fallback = literal(&service.fallback);
    if rules.0.is_empty() {
        let _ = writeln!(
            sql,
            "SELECT DISTINCT {TABLE}.person, {fallback} AS role, CAST(NULL AS INTEGER) AS rule\nFROM {TABLE}"
        );
        return sql;
    }
    sql.push_str("WITH rules (rule, claim, value, role) AS (\n  VALUES\n");
    for (index, rule) in rules.0.iter().enumerate() {
        let comma = if index + 1 < rules.0.len() { "," } else { "" };
        // Writing to a String cannot fail.
        let _ = writeln!(
            sql,
            "    ({}, {}, {}, {}){comma}",
            index + 1,
            literal(&rule.claim),
            literal(&rule.value),
            literal(&rule.role)
        );
    }
    let _ = write!(
        sql,
        "),\n\
         decided (person, rule) AS (\n\
         \x20 SELECT {TABLE}.person, MIN(rules.rule)\n\
         \x20 FROM {TABLE}\n\
         \x20 LEFT JOIN rules ON rules.claim = {TABLE}.claim AND rules.value = {TABLE}.value\n\
         \x20 GROUP BY {TABLE}.person\n\
         )\n\
         SELECT decided.person, COALESCE(rules.role, {fallback}) AS role, decided.rule\n\
         FROM decided\n\
         LEFT JOIN rules ON rules.rule = decided.rule\n"
    );
    sql
}

/// A text as every dialect reads it: literals without anything that one of them takes for more than
/// itself, joined with characters by their numbers.
fn literal(text: &str) -> String {
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\'' || c == '\\' || c.is_ascii_control() {
            take(&mut plain, &mut parts);
            parts.push(format!("chr({})", u32::from(c)));
            continue;
        }
        plain.push(c);
        // Spark puts a variable in place of `${name}`, between quotes too.
        if c == '$' && chars.peek() == Some(&'{') {
            take(&mut plain, &mut parts);
        }
    }
    if parts.is_empty() || !plain.is_empty() {
        parts.push(format!("'{plain}'"));
    }
    match &parts[..] {
        [only] => only.clone(),
        _ => format!("({})", parts.join(" || ")),
    }
}

fn take(plain: &mut String, parts: &mut Vec<String>) {
    if !plain.is_empty() {
        parts.push(format!("'{}'", std::mem::take(plain)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_holds_nothing_that_a_dialect_takes_for_more_than_itself() {
        for (text, sql) in [
            ("SecOps", "'SecOps'"),
            ("", "''"),
            ("O'Brien", "('O' || chr(39) || 'Brien')"),
            (
                "'; DROP TABLE claims; --",
                "(chr(39) || '; DROP TABLE claims; --')",
            ),
            (r"CN=Sec\, Ops", r"('CN=Sec' || chr(92) || ', Ops')"),
            ("a\nb", "('a' || chr(10) || 'b')"),
            ("${user}", "('$' || '{user}')"),
            ("'", "chr(39)"),
            ("$", "'$'"),
            ("Sécurité 🔑", "'Sécurité 🔑'"),
        ] {
            assert_eq!(literal(text), sql);
        }
    }
}
