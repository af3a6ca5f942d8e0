use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::people::Directory;

fn read_with(bytes: &[u8], on_broken: OnBroken) -> Result<Import, Refused> {
    read(bytes, None, on_broken)
}

fn import(text: &str) -> Import {
    read_with(text.as_bytes(), OnBroken::Refuse).unwrap()
}

/// Each person as `address: group, group`.
fn told(directory: &Directory) -> Vec<String> {
    (0..directory.len() as u32)
        .map(|person| {
            let groups = directory.claims(person).values("groups").join("|");
            format!("{}: {groups}", directory.name(person))
        })
        .collect()
}

fn codes(import: &Import) -> Vec<String> {
    import
        .findings
        .iter()
        .map(|finding| finding.fault.code())
        .collect()
}

#[track_caller]
fn check(text: &str, people: &[&str], findings: &[&str]) {
    let import = import(text);
    assert_eq!(
        told(&import.directory),
        people,
        "{text:?}: {:?}",
        import.mapping
    );
    assert_eq!(codes(&import), findings, "{text:?}");
}

const ACME: [&str; 2] = ["ana@acme.example: SecOps|Dev", "bob@acme.example: Dev"];

#[test]
fn the_format_of_the_contract_is_read_without_a_word() {
    check(
        "email,groups\nana@acme.example,SecOps;Dev\nbob@acme.example,Dev\n",
        &ACME,
        &[],
    );
    check(
        "email,groups\r\n\"ana@acme.example\",\"SecOps;Dev\"\r\nbob@acme.example,Dev",
        &ACME,
        &[],
    );
    check(
        "email,groups\nana@acme.example,\"Sales, EMEA;\"\"x\"\"\"\nbob@acme.example,\n",
        &["ana@acme.example: Sales, EMEA|\"x\"", "bob@acme.example: "],
        &[],
    );
}

#[test]
fn any_order_delimiter_and_case_of_names_is_found_out() {
    for text in [
        "groups,email\nSecOps;Dev,ana@acme.example\nDev,bob@acme.example\n",
        "E-Mail Address\tMember Of\nana@acme.example\tSecOps;Dev\nbob@acme.example\tDev\n",
        "email|groups\nana@acme.example|SecOps;Dev\nbob@acme.example|Dev\n",
        "email;groups\nana@acme.example;\"SecOps;Dev\"\nbob@acme.example;Dev\n",
        "sep=;\nemail;groups\nana@acme.example;\"SecOps;Dev\"\nbob@acme.example;Dev\n",
        "\n\nName,Email,Group 1,Group 2\nAna,ana@acme.example,SecOps,Dev\nBob,bob@acme.example,Dev,\n",
        "user,group\nana@acme.example,SecOps\nbob@acme.example,Dev\nana@acme.example,Dev\n,\n",
        "email,groups\rana@acme.example,SecOps;Dev\rbob@acme.example,Dev\r",
    ] {
        let import = import(text);
        assert_eq!(
            told(&import.directory),
            ACME,
            "{text:?}: {:?}",
            import.mapping
        );
    }
}

#[test]
fn without_a_header_the_content_says_what_is_what_and_that_is_told() {
    for text in [
        "ana@acme.example,SecOps;Dev\nbob@acme.example,Dev\n",
        "SecOps;Dev,ana@acme.example\nDev,bob@acme.example\n",
        "Ana,ana@acme.example,SecOps;Dev\nBob,bob@acme.example,Dev\n",
        "ana@acme.example;SecOps\nana@acme.example;Dev\nbob@acme.example;Dev\n",
        "ana@acme.example,SecOps,Dev\nbob@acme.example,Dev\n",
    ] {
        check(text, &ACME, &["directory_columns_guessed"]);
    }
    check(
        "ana@acme.example\n",
        &["ana@acme.example: "],
        &["directory_columns_guessed", "directory_without_groups"],
    );
}

#[test]
fn other_columns_are_claims_of_their_own_name() {
    let import = import("email,groups,department,Roles\nana@acme.example,a,R&D;x,admin;dev\n");
    let claims = import.directory.claims(0);
    assert_eq!(claims.values("department"), ["R&D;x"]);
    assert_eq!(claims.values("Roles"), ["admin", "dev"]);
    assert_eq!(codes(&import), [""; 0]);
}

#[test]
fn a_column_is_known_by_its_own_name_too() {
    let directory = import("mail,memberOf\nana@acme.example,SecOps\n").directory;
    let claims = directory.claims(0);
    assert_eq!(claims.values("mail"), claims.values("email"));
    assert_eq!(claims.values("memberOf"), claims.values("groups"));
}

#[test]
fn a_file_of_memberships_names_the_group_first() {
    check(
        "Group Email [Required],Member Email,Member Type\nSecOps,ana@acme.example,USER\nDev,ana@acme.example,USER\nDev,bob@acme.example,USER\n",
        &ACME,
        &["directory_people_merged"],
    );
}

#[test]
fn where_fields_are_parted_by_the_formats_separator_groups_are_parted_by_another() {
    check(
        "email;groups\nana@acme.example;SecOps,Dev\nbob@acme.example;Dev\ncid@acme.example;SecOps\n",
        &[ACME[0], ACME[1], "cid@acme.example: SecOps"],
        &["directory_separator_guessed"],
    );
    // Between commas the format holds, and this is the name of one group.
    check(
        "email,groups\nana@acme.example,\"SecOps,Dev\"\nbob@acme.example,Dev\n",
        &["ana@acme.example: SecOps,Dev", "bob@acme.example: Dev"],
        &[],
    );
}

#[test]
fn another_separator_is_taken_only_where_it_makes_the_groups_fewer() {
    let piped = "email,groups\na@acme.example,A|B\nb@acme.example,B|C\nc@acme.example,A\nd@acme.example,A|B|C\n";
    let import = import(piped);
    assert_eq!(told(&import.directory)[3], "d@acme.example: A|B|C");
    assert_eq!(codes(&import), ["directory_separator_guessed"]);
    check(
        "email,groups\na@acme.example,\"Sales, EMEA\"\nb@acme.example,\"Sales, APAC\"\n",
        &["a@acme.example: Sales, EMEA", "b@acme.example: Sales, APAC"],
        &[],
    );
    let dn = "email,memberOf\na@x.example,\"CN=A,DC=x\"\nb@x.example,\"CN=B,DC=x\"\n";
    assert_eq!(
        told(&super::tests::import(dn).directory)[0],
        "a@x.example: CN=A,DC=x"
    );
}

#[test]
fn a_formula_is_text() {
    check(
        "email,groups\nana@acme.example,=cmd|' /C calc'!A0;+1;@SUM(A1)\n",
        &["ana@acme.example: =cmd|' /C calc'!A0|+1|@SUM(A1)"],
        &[],
    );
}

#[test]
fn what_is_odd_is_told_with_its_line_and_the_rest_is_read() {
    for (text, code) in [
        (
            "email,groups\na@x.example,A\n,B\n",
            "directory_rows_without_address",
        ),
        ("email,groups\na@x.example,A,B\n", "directory_rows_too_wide"),
        (
            "email,groups\na@x.example,A\"B\"\n",
            "directory_quote_inside",
        ),
        ("email,groups\na@x.example,A; B\n", "directory_space_around"),
        (
            "email,groups\na@x.example,A;C\nb@x.example,B\na@x.example,B\n",
            "directory_people_merged",
        ),
    ] {
        let import = import(text);
        assert_eq!(codes(&import), [code], "{text:?}");
        assert!(!import.directory.is_empty(), "{text:?}");
    }
    let spaces = import("email,groups\na@x.example,A; B\n").directory;
    assert_eq!(spaces.claims(0).values("groups"), ["A", " B"]);
}

#[test]
fn a_broken_quote_far_down_is_refused_by_its_line_or_left_out() {
    let mut text = String::from("email,groups\n");
    for n in 2..=3_000 {
        text += &match n {
            2_001 => "broken@acme.example,\"SecOps\n".to_owned(),
            n => format!("p{n}@acme.example,\"SecOps;Dev\"\n"),
        };
    }
    let refused = read_with(text.as_bytes(), OnBroken::Refuse).unwrap_err();
    let Refused::Content(Fault::DirectoryRecordBroken { line }) = refused else {
        panic!("{refused}");
    };
    assert_eq!(line, 2_001);
    let kept = read_with(text.as_bytes(), OnBroken::Keep).unwrap();
    assert_eq!(kept.directory.len(), 2_998);
    assert_eq!(codes(&kept), ["directory_records_left_out"]);
    assert_eq!(kept.findings[0].fault.data()["lines"], "2001");
}

#[test]
fn every_encoding_gives_the_same_people() {
    let text = "email,groups\nzoë@acme.example,Sécurité;Dév\n";
    let (windows, _, _) = encoding_rs::WINDOWS_1252.encode(text);
    let sixteen = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        let marked = format!("\u{FEFF}{text}");
        marked.encode_utf16().flat_map(bytes).collect()
    };
    for (bytes, encoding) in [
        (text.as_bytes().to_vec(), Encoding::Utf8),
        (windows.into_owned(), Encoding::Windows1252),
        (sixteen(u16::to_le_bytes), Encoding::Utf16Le),
        (sixteen(u16::to_be_bytes), Encoding::Utf16Be),
    ] {
        let import = read_with(&bytes, OnBroken::Refuse).unwrap();
        assert_eq!(told(&import.directory), ["zoë@acme.example: Sécurité|Dév"]);
        assert_eq!(import.mapping.unwrap().encoding, encoding);
    }
}

#[test]
fn windows_text_that_begins_after_a_megabyte_of_ascii_is_read() {
    let mut bytes = b"email,groups\n".to_vec();
    for n in 0..40_000 {
        bytes.extend(format!("p{n}@acme.example,Dev\n").bytes());
    }
    bytes.extend(b"zo\xEB@acme.example,S\xE9curit\xE9\n");
    let import = read_with(&bytes, OnBroken::Refuse).unwrap();
    assert_eq!(
        import.directory.claims(40_000).values("groups"),
        ["Sécurité"]
    );
    assert_eq!(codes(&import), ["directory_read_as_windows1252"]);
}

#[test]
fn what_is_no_directory_is_refused_and_nothing_is_not_somebody() {
    for (text, code) in [
        ("", "directory_empty"),
        ("\n\n", "directory_empty"),
        ("name,department\nAna,R&D\n", "directory_without_address"),
        ("<!doctype html>\n<html>\n", "directory_without_address"),
    ] {
        let refused = read_with(text.as_bytes(), OnBroken::Refuse).unwrap_err();
        let Refused::Content(fault) = refused else {
            panic!("{refused}");
        };
        assert_eq!(fault.code(), code, "{text:?}");
    }
    check("email,groups\n", &[], &["directory_empty"]);
}

#[test]
fn what_the_owner_says_of_a_column_goes_before_what_it_looks_like() {
    let text = "login,contact,team\nana,ana@acme.example,SecOps\n";
    let mut mapping = look(text.as_bytes()).unwrap();
    mapping.columns[0].meaning = Meaning::Nothing;
    mapping.columns[1].meaning = Meaning::Email;
    let import = read(text.as_bytes(), Some(mapping), OnBroken::Refuse).unwrap();
    assert_eq!(told(&import.directory), ["ana@acme.example: SecOps"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_as_the_contract_has_it_is_read_back(
        people in proptest::collection::vec(
            ("[a-cë]{1,3}", proptest::collection::vec("[ab,\" \r\n|é=]{1,4}", 0..4)), 1..12),
    ) {
        let mut writer = ::csv::Writer::from_writer(Vec::new());
        writer.write_record(["email", "groups"]).unwrap();
        let mut naive: indexmap::IndexMap<String, Vec<String>> = indexmap::IndexMap::new();
        for (name, groups) in &people {
            let address = format!("{name}@acme.example");
            writer.write_record([&address, &groups.join(";")]).unwrap();
            let known = naive.entry(address).or_default();
            for group in groups {
                if !known.contains(group) {
                    known.push(group.clone());
                }
            }
        }
        let bytes = writer.into_inner().unwrap();
        let import = read_with(&bytes, OnBroken::Refuse).unwrap();
        // Another separator is a guess that the text of no group speaks against.
        prop_assume!(import.mapping.as_ref().unwrap().separator == ';');
        let directory = Arc::new(import.directory);
        prop_assert_eq!(directory.len(), naive.len());
        for (person, (address, groups)) in (0..).zip(naive) {
            let claims = directory.claims(person);
            prop_assert_eq!(claims.first("email"), Some(&*address));
            prop_assert_eq!(claims.values("groups"), groups);
        }
    }

    #[test]
    fn whatever_comes_it_is_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
        let _ = read_with(&bytes, OnBroken::Keep);
        let mut lines = b"email,groups\n".to_vec();
        lines.extend(&bytes);
        let _ = read_with(&lines, OnBroken::Keep);
    }
}

#[track_caller]
fn known(text: &[u8], known: &Known) -> (Look, Vec<String>) {
    let look = look_at(Decoded::with(text, known.encoding).unwrap(), known).unwrap();
    let import = read(text, Some(look.mapping.clone()), OnBroken::Refuse).unwrap();
    (look, told(&import.directory))
}

#[test]
fn a_delimiter_that_a_person_names_goes_before_the_one_it_looks_like() {
    let text = b"email,groups|note\nana@acme.example,SecOps|x,y\nbob@acme.example,Dev|z,z\n";
    for (delimiter, columns) in [(',', 3), ('|', 2), (';', 1), ('\t', 1)] {
        let by_hand = Known {
            delimiter: Some(delimiter),
            ..Known::default()
        };
        let look = look_at(Decoded::with(&text[..], None).unwrap(), &by_hand).unwrap();
        assert_eq!(look.mapping.delimiter, delimiter);
        let widest = look.rows.iter().map(Vec::len).max();
        assert!(widest <= Some(columns), "{delimiter}: {:?}", look.rows);
    }
    // What Excel was told is what the file looks like, and a person may know better.
    let announced = b"sep=;\nemail,groups\nana@acme.example,SecOps\n";
    let by_hand = Known {
        delimiter: Some(','),
        ..Known::default()
    };
    assert_eq!(known(announced, &by_hand).1, ["ana@acme.example: SecOps"]);
}

#[test]
fn a_person_says_whether_the_first_line_names_the_columns() {
    let text = b"ana@acme.example,SecOps\nbob@acme.example,Dev\n";
    let says = |header| Known {
        header: Some(header),
        ..Known::default()
    };
    let (look, people) = known(text, &says(false));
    assert_eq!((look.rows.len(), people.len()), (2, 2));
    let (look, people) = known(text, &says(true));
    assert_eq!((look.rows.len(), people.len()), (1, 1));
    assert_eq!(look.mapping.columns[0].name, "ana@acme.example");
}

#[test]
fn characters_are_read_as_a_person_says() {
    let utf_16: Vec<u8> = "email,groups\nzo\u{eb}@acme.example,\u{30c9}\n"
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    let says = |encoding| Known {
        encoding: Some(encoding),
        ..Known::default()
    };
    let (_, people) = known(&utf_16, &says(Encoding::Utf16Be));
    assert_eq!(people, ["zo\u{eb}@acme.example: \u{30c9}"]);
    // The two bytes of one character of UTF-8 are two of Windows-1252.
    let utf_8 = "email,groups\nzo\u{eb}@acme.example,Dev\n".as_bytes();
    let (look, people) = known(utf_8, &says(Encoding::Windows1252));
    assert_eq!(people, ["zo\u{c3}\u{ab}@acme.example: Dev"]);
    assert_eq!(look.rows[0][0], "zo\u{c3}\u{ab}@acme.example");
    assert_eq!(
        known(utf_8, &says(Encoding::Utf8)).1,
        ["zo\u{eb}@acme.example: Dev"]
    );
}

#[test]
fn lines_above_the_header_and_a_second_header_are_nobody() {
    for text in [
        "# Members of Acme\nemail,groups\nana@acme.example,SecOps;Dev\nbob@acme.example,Dev\n",
        "Members of Acme;;\n\nExported 2026-11-23;;\nEmail;Groups;x\nana@acme.example;\"SecOps;Dev\";\nbob@acme.example;Dev;\n",
        "\n \n,,\nemail,groups\nana@acme.example,SecOps;Dev\nbob@acme.example,Dev\n",
    ] {
        assert_eq!(told(&import(text).directory), ACME, "{text:?}");
    }
    check(
        "email,groups\nana@acme.example,SecOps;Dev\nemail,groups\nbob@acme.example,Dev\n",
        &ACME,
        &["directory_rows_without_address"],
    );
    // One column of addresses has no title above it.
    let one = import("email\nana@acme.example\nbob@acme.example\n");
    assert_eq!(one.directory.len(), 2);
}

#[test]
fn an_address_is_taken_out_of_what_stands_around_it() {
    check(
        "email,groups\nAna Li <ana@acme.example>,SecOps;Dev\n<MAILTO:bob@acme.example>,Dev\n",
        &ACME,
        &[],
    );
    // What is no address inside stays the name that it is.
    check(
        "email,groups\nAna <Li>,Dev\nmailto:,Dev\n",
        &["Ana <Li>: Dev", "mailto:: Dev"],
        &[],
    );
}

#[test]
fn a_separator_is_seen_in_a_few_rows_too_and_never_in_the_format_itself() {
    let three = "Everyone#SecOps|Everyone#Dev|SecOps";
    let row = |(n, groups): (usize, &str)| format!("p{n}@acme.example,\"{groups}\"\n");
    let has = |header: &str, groups: &str, group: &str| {
        let rows: String = groups.split('#').enumerate().map(row).collect();
        let import = import(&format!("{header}\n{rows}"));
        let values = import.directory.values("groups", "", 9);
        values.iter().any(|held| held.value == group)
    };
    assert!(has("mail,memberOf", three, "SecOps"));
    assert!(has("mail,memberOf", &three.replace('|', ","), "SecOps"));
    assert!(has("mail,memberOf", &three.replace('|', "\r\n"), "SecOps"));
    assert!(has("mail,memberOf", "A\nB", "B"));
    assert!(has("email,groups", three, "SecOps|Everyone"));
    // Names with a comma, whose parts are nobody's.
    let names = "Sales, EMEA#Sales, APAC#HR";
    assert!(has("mail,memberOf", names, "Sales, EMEA"));
}
