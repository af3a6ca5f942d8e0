//! The table of pastes: `tests/cases/pastes.txt`.

use super::*;

const ROWS: &str = include_str!("../../../tests/cases/pastes.txt");

#[test]
fn every_paste_of_the_table_is_known_for_what_it_is() {
    let rows: Vec<&str> = rows().collect();
    let wrong: Vec<String> = rows.iter().filter_map(|row| amiss(row)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let of = |class: &str| rows.iter().filter(|row| row.starts_with(class)).count();
    let (is, near, none) = (of("is | "), of("near | "), of("none | "));
    assert_eq!((is, near, none), (59, 129, 43), "rows were added or lost");
    assert!(10 * (near + none) >= 4 * rows.len(), "too few near misses");
}

#[test]
fn a_row_that_expects_something_else_is_amiss() {
    for row in [
        "is | okta | oidc | - | https://acme.okta.com | address | issuer | = | -",
        "is | okta | oidc | - | https://acme.okta.com | issuer | client_id | = | -",
        "is | okta | oidc | - | https://acme.okta.com/ | issuer | issuer | = | -",
        "none | okta | oidc | client_id | torq | unknown | client_id | = | pasted_elsewhere",
    ] {
        assert!(amiss(row).is_some(), "{row}");
    }
}

pub(super) fn rows() -> impl Iterator<Item = &'static str> {
    ROWS.lines().filter(|row| !row.starts_with('#'))
}

pub(super) fn protocol(cell: &str) -> Protocol {
    match cell {
        "oidc" => Oidc,
        _ => Saml,
    }
}

/// What is not as the row says; none where all of it is.
fn amiss(row: &str) -> Option<String> {
    let cells: Vec<&str> = row.split(" | ").collect();
    let [
        _,
        provider,
        protocol,
        field,
        raw,
        kind,
        belongs,
        value,
        said,
    ] = cells[..]
    else {
        return Some(format!("{row}: {} cells", cells.len()));
    };
    let text = unescaped(raw);
    let given = |cell: &str| (cell != "-").then(|| cell.to_owned());
    let protocol = self::protocol(protocol);
    let at = given(field).map(|one| path(&one));
    let provider = given(provider).unwrap_or_default();
    let (got, to, stands, code) = seen(&pasted(&text, &provider, protocol, at.as_deref()));
    let got = serde_json::to_value(got).unwrap();
    let expected = (
        serde_json::Value::from(kind),
        given(belongs).map(|one| path(&one)),
        match value {
            "=" => Some(text),
            other => given(other),
        },
        given(said),
    );
    let found = (got, to, stands, code);
    // Nobody can tell, so that it belongs nowhere by itself.
    let anywhere = pasted(&unescaped(raw), &provider, protocol, None);
    if kind == "unknown" && anywhere.belongs_to.is_some() {
        return Some(format!("{row}\n  {anywhere:?}"));
    }
    (found != expected).then(|| format!("{row}\n  {found:?}"))
}

pub(super) fn path(field: &str) -> String {
    let room = match field {
        "owner_email" => "workspace",
        _ => "connection",
    };
    format!("{room}.{field}")
}

fn unescaped(text: &str) -> String {
    let mut plain = text
        .replace("\\n", "\n")
        .replace("\\t", "\t")
        .replace("\\s", " ");
    while let Some((before, rest)) = plain.split_once("\\u{") {
        let (code, after) = rest.split_once('}').unwrap();
        let c = u32::from_str_radix(code, 16).ok().and_then(char::from_u32);
        plain = format!("{before}{}{after}", c.unwrap());
    }
    plain
}
