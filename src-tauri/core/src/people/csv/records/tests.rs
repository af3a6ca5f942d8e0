use proptest::prelude::*;

use super::*;

/// Each record as its line and fields; a broken one has no fields.
fn read(text: &[u8], chunk: usize) -> Vec<(u64, Option<Vec<String>>)> {
    struct Parts<'a>(&'a [u8], usize);
    impl Read for Parts<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let most = into.len().min(self.1);
            self.0.read(&mut into[..most])
        }
    }
    let mut records = Records::new(Parts(text, chunk)).unwrap();
    let mut all = Vec::new();
    loop {
        match records.next().unwrap() {
            Next::End => return all,
            Next::Broken => all.push((records.line(), None)),
            Next::Record => {
                let text = |field: &[u8]| String::from_utf8(field.to_vec()).unwrap();
                all.push((records.line(), Some(records.fields().map(text).collect())));
            }
        }
    }
}

#[track_caller]
fn check(text: &str, expected: &[(u64, Option<&[&str]>)]) {
    let expected: Vec<(u64, Option<Vec<String>>)> = expected
        .iter()
        .map(|(line, fields)| {
            let owned = |fields: &&[&str]| fields.iter().map(|f| (*f).to_owned()).collect();
            (*line, fields.as_ref().map(owned))
        })
        .collect();
    for chunk in [1, 7, usize::MAX] {
        assert_eq!(read(text.as_bytes(), chunk), expected, "{text:?}");
    }
}

#[test]
fn fields_are_split_and_every_line_end_is_one() {
    check(
        "a,b\n,\r\nc",
        &[
            (1, Some(&["a", "b"])),
            (2, Some(&["", ""])),
            (3, Some(&["c"])),
        ],
    );
    check(
        "a,b\rc,d\r",
        &[(1, Some(&["a", "b"])), (2, Some(&["c", "d"]))],
    );
    check(
        "\n\na\n",
        &[(1, Some(&[""])), (2, Some(&[""])), (3, Some(&["a"]))],
    );
    check("", &[]);
}

#[test]
fn quotes_keep_delimiters_line_ends_and_doubled_quotes() {
    check(
        "\"a,b\",\"c\r\nd\"\n\"\"\"x\"\"\",\"\"\ne\n",
        &[
            (1, Some(&["a,b", "c\r\nd"])),
            (3, Some(&["\"x\"", ""])),
            (4, Some(&["e"])),
        ],
    );
    check("\"a\"\r\n\"b\"", &[(1, Some(&["a"])), (2, Some(&["b"]))]);
    check("\"a\",b\r\n", &[(1, Some(&["a", "b"]))]);
}

#[test]
fn a_broken_record_is_told_by_its_line_and_the_next_lines_are_read() {
    check(
        "a\n\"b,c\nd,e\n",
        &[(1, Some(&["a"])), (2, None), (3, Some(&["d", "e"]))],
    );
    check("\"b\"x,c\nd\n", &[(1, None), (2, Some(&["d"]))]);
    check("\"b,\n\"c\",d\n", &[(1, None), (2, Some(&["c", "d"]))]);
    check("a,\"", &[(1, None)]);
    check("\"a\"\rb\n\"c\"\n", &[(1, None), (2, Some(&["c"]))]);
}

#[test]
fn a_quote_inside_a_field_without_quotes_is_kept_and_told() {
    let mut records = Records::new(&b"a\"b\",c\nd,e\n"[..]).unwrap();
    assert_eq!(records.next().unwrap(), Next::Record);
    assert!(records.has_quote_inside());
    assert_eq!(records.field(0), b"a\"b\"");
    assert_eq!(records.next().unwrap(), Next::Record);
    assert!(!records.has_quote_inside());
    assert_eq!(records.field(7), b"");
}

#[test]
fn a_record_without_end_is_left_out_and_not_kept_in_memory() {
    for long in [
        "x".repeat(3 * LONGEST),
        format!("\"{}", "xxxxxxxxxxxxxxx\n".repeat(LONGEST / 15)),
    ] {
        let text = format!("a\n{long}\nb,c\n");
        let mut records = Records::new(text.as_bytes()).unwrap();
        assert_eq!(records.next().unwrap(), Next::Record);
        assert_eq!(records.next().unwrap(), Next::Broken);
        assert_eq!(records.line(), 2);
        let mut last = 0;
        while records.next().unwrap() == Next::Record {
            last = records.line();
            assert!(records.buffer.len() <= LONGEST + 3 * CHUNK);
        }
        assert_eq!(last, text.lines().count() as u64);
    }
}

proptest! {
    #[test]
    fn what_the_csv_crate_writes_is_read_back(
        rows in proptest::collection::vec(proptest::collection::vec("[ab,;\"\r\n é]{0,4}", 1..4), 0..8),
        crlf in any::<bool>(),
        chunk in 1..40_usize,
    ) {
        let mut writer = csv::WriterBuilder::new()
            .flexible(true)
            .terminator(if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') })
            .from_writer(Vec::new());
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let text = writer.into_inner().unwrap();
        let read: Vec<Vec<String>> = read(&text, chunk).into_iter().map(|(_, fields)| fields.unwrap()).collect();
        // A lone carriage return in a file without line feeds ends its lines.
        prop_assume!(text.contains(&b'\n'));
        prop_assert_eq!(read, rows);
    }

    #[test]
    fn whatever_comes_every_line_is_looked_at_once(text in "[ab,\"\n]{0,60}") {
        let lines = read(text.as_bytes(), usize::MAX);
        prop_assert!(lines.windows(2).all(|pair| pair[0].0 < pair[1].0));
        prop_assert_eq!(read(text.as_bytes(), 1), lines);
    }
}
