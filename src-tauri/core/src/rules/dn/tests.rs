use proptest::prelude::*;

use super::*;

fn read(text: &str) -> Vec<Vec<(String, String)>> {
    let dn: Dn = text
        .parse()
        .unwrap_or_else(|error| panic!("{text}: {error}"));
    dn.0.into_iter()
        .map(|rdn| {
            rdn.0
                .into_iter()
                .map(|a| (a.kind, a.value.to_string()))
                .collect()
        })
        .collect()
}

fn short_names(text: &str) -> Vec<String> {
    text.parse::<Dn>()
        .unwrap()
        .short_names()
        .map(str::to_owned)
        .collect()
}

fn value(text: &str) -> String {
    match text.parse::<Dn>().unwrap().0[0].0[0].value.clone() {
        Value::Text(text) => text,
        Value::Ber(bytes) => panic!("{bytes:?}"),
    }
}

/// The shapes of RFC 4514, section 4, with names of our own.
#[test]
fn the_shapes_of_the_standard_are_read() {
    assert_eq!(read("UID=olivia,DC=acme,DC=example").len(), 3);
    assert_eq!(
        read("OU=Detection+CN=O.  Reyes,DC=acme,DC=example")[0].len(),
        2
    );
    assert_eq!(
        value(r#"CN=Olivia \"Liv\" Reyes,DC=acme"#),
        r#"Olivia "Liv" Reyes"#
    );
    assert_eq!(value(r"CN=Before\0dAfter,DC=acme"), "Before\rAfter");
    assert_eq!(value(r"SN=Lu\C4\8Di\C4\87"), "Lučić");
    let ber = "1.3.6.1.4.1.99999.1=#04024869".parse::<Dn>().unwrap();
    assert_eq!(
        ber.0[0].0[0].value,
        Value::Ber(vec![0x04, 0x02, 0x48, 0x69])
    );
}

#[test]
fn the_empty_name_has_no_parts() {
    assert_eq!("".parse::<Dn>().unwrap(), Dn(Vec::new()));
    assert!(short_names("").is_empty());
}

#[test]
fn escaped_separators_belong_to_the_value() {
    assert_eq!(value(r"CN=Sec\, Ops\+Dev,OU=G"), "Sec, Ops+Dev");
    assert_eq!(value(r"CN=a\=b\;c\\d"), r"a=b;c\d");
    assert_eq!(value("CN=a=b"), "a=b");
}

#[test]
fn spaces_around_separators_are_skipped_and_escaped_ones_kept() {
    assert_eq!(
        read("CN = SecOps , OU = Groups"),
        read("CN=SecOps,OU=Groups")
    );
    assert_eq!(value(r"CN=\ SecOps\ ,OU=Groups"), " SecOps ");
    assert_eq!(value(r"CN=SecOps\  ,OU=Groups"), "SecOps ");
    assert_eq!(value(r" CN=SecOps\  "), "SecOps ");
    assert_eq!(value(r"CN=\ "), " ");
}

#[test]
fn what_is_no_distinguished_name_is_refused_by_its_reason() {
    for (text, reason) in [
        ("SecOps", NotADn::KindExpected),
        ("=SecOps", NotADn::KindExpected),
        ("C N=SecOps", NotADn::KindExpected),
        ("CN=a,", NotADn::KindExpected),
        ("CN=a+,OU=b", NotADn::KindExpected),
        (",CN=a", NotADn::KindExpected),
        ("01.2=a", NotADn::KindExpected),
        ("1=a", NotADn::KindExpected),
        ("CN=a;CN=b", NotADn::Unescaped(';')),
        ("CN=\"a\"", NotADn::Unescaped('"')),
        ("CN=a<b", NotADn::Unescaped('<')),
        ("CN=a\0b", NotADn::Unescaped('\0')),
        (r"CN=a\", NotADn::EscapeBroken),
        (r"CN=a\zz", NotADn::EscapeBroken),
        (r"CN=a\4", NotADn::EscapeBroken),
        ("CN=#", NotADn::HexBroken),
        ("CN=#123", NotADn::HexBroken),
        ("CN=#xy", NotADn::HexBroken),
        (r"CN=\FF", NotADn::NotUtf8),
    ] {
        assert_eq!(text.parse::<Dn>(), Err(reason), "{text}");
    }
    let long = format!("CN={}", "a".repeat(LONGEST));
    assert_eq!(long.parse::<Dn>(), Err(NotADn::TooLong));
}

#[test]
fn a_key_and_a_value_are_no_entry_of_a_directory() {
    assert!(!"team=SecOps".parse::<Dn>().unwrap().is_entry());
    assert!(!"".parse::<Dn>().unwrap().is_entry());
    assert!("cn=SecOps".parse::<Dn>().unwrap().is_entry());
    assert!("group=SecOps,dc=acme".parse::<Dn>().unwrap().is_entry());
}

#[test]
fn the_short_name_is_the_entrys_own_and_never_its_containers() {
    assert_eq!(short_names("CN=SecOps,CN=Users,DC=acme"), ["SecOps"]);
    assert_eq!(short_names("CN=SecOps+UID=7,OU=Groups"), ["SecOps", "7"]);
    assert_eq!(
        short_names("OU=Teams,CN=SecOps,CN=Users"),
        ["Teams", "SecOps"]
    );
    assert_eq!(short_names("2.5.4.3=SecOps,CN=Users"), ["SecOps"]);
    assert!(short_names("CN=,OU=Groups").is_empty());
}

prop_compose! {
    fn attributes()(
        kind in "[A-Za-z][A-Za-z0-9-]{0,6}|[1-9][0-9]{0,3}(\\.[1-9][0-9]{0,3}){1,3}",
        text in "[ #,+\"\\\\=a\\x00;é]{0,6}|\\PC*",
        bytes in proptest::collection::vec(any::<u8>(), 0..8),
    ) -> Attribute {
        let value = if bytes.is_empty() { Value::Text(text) } else { Value::Ber(bytes) };
        Attribute { kind, value }
    }
}

#[test]
fn white_space_of_every_kind_is_read_back() {
    for value in ["\u{c}", "\n", "\t a", "a\r", " ", "\u{b}x"] {
        let value = Value::Text(value.to_owned());
        let kind = "CN".to_owned();
        let dn = Dn(vec![Rdn(vec![Attribute { kind, value }])]);
        assert_eq!(dn.to_string().parse::<Dn>(), Ok(dn));
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(
        rdns in proptest::collection::vec(proptest::collection::vec(attributes(), 1..4), 0..5)
    ) {
        let dn = Dn(rdns.into_iter().map(Rdn).collect());
        let written = dn.to_string();
        prop_assume!(written.len() <= LONGEST);
        prop_assert_eq!(written.parse::<Dn>(), Ok(dn));
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in any::<String>(), tail in "[CN=, +#\\\\a0\"]{0,40}") {
        let _ = text.parse::<Dn>();
        if let Ok(dn) = tail.parse::<Dn>() {
            prop_assert_eq!(dn.to_string().parse::<Dn>(), Ok(dn));
        }
    }
}
