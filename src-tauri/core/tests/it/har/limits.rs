//! Files that are cut, enormous, or something else.

use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use latchkey_core::Catalogue;
use latchkey_core::diagnosis::{Known, NotRead, of_har};

use super::recording::{HANDLER, Recording, Shape, codes, diagnosed, encoded};

fn asked() -> String {
    format!(
        "https://acme.okta.com/oauth2/v1/authorize?client_id=0oa1&response_type=code&scope=openid&redirect_uri={}&state=st4te",
        encoded(HANDLER)
    )
}

fn refused() -> Recording {
    let answer =
        format!("{HANDLER}?error=access_denied&error_description=user_not_assigned&state=st4te");
    Recording::new()
        .redirect(&asked(), &answer)
        .page(&answer, 200, "<p>x \u{1F511}</p>")
        .noise(30)
}

fn not_read(source: impl Read) -> NotRead {
    let known = Known {
        set_up: None,
        catalogue: Catalogue::built_in(),
        now: "2027-06-01T00:00:00Z".parse().unwrap(),
    };
    of_har(source, &known).unwrap_err()
}

fn fault(bytes: &[u8]) -> String {
    match not_read(bytes) {
        NotRead::Content(fault) => fault.code(),
        NotRead::Read(error) => panic!("{error}"),
    }
}

#[test]
fn a_file_that_breaks_off_anywhere_is_judged_up_to_there() {
    let file = refused().written(Shape::Chrome);
    let mut named = 0;
    for end in (1..file.len()).step_by(29) {
        let known = Known {
            set_up: None,
            catalogue: Catalogue::built_in(),
            now: "2027-06-01T00:00:00Z".parse().unwrap(),
        };
        match of_har(&file[..end], &known) {
            Ok(diagnosis) => {
                let (all, errors) = codes(&diagnosis);
                assert!(all.contains(&"recording_cut".to_owned()), "{end}: {all:?}");
                assert_eq!(diagnosis.recording.cut, Some(end as u64));
                assert!(
                    errors.iter().all(|code| code == "person_not_assigned"),
                    "{end}: {errors:?}"
                );
                named += usize::from(!errors.is_empty());
            }
            Err(NotRead::Content(fault)) => assert_eq!(fault.code(), "recording_not_json", "{end}"),
            Err(NotRead::Read(error)) => panic!("{error}"),
        }
    }
    assert!(named > file.len() / 29 / 2, "{named}");
}

/// Gives one byte at a time.
struct Drop<'a>(&'a [u8]);

impl Read for Drop<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let Some((first, rest)) = self.0.split_first() else {
            return Ok(0);
        };
        into[0] = *first;
        self.0 = rest;
        Ok(1)
    }
}

#[test]
fn it_is_the_same_however_the_source_gives_it() {
    let file = refused().written(Shape::Edge);
    let known = Known {
        set_up: None,
        catalogue: Catalogue::built_in(),
        now: "2027-06-01T00:00:00Z".parse().unwrap(),
    };
    let whole = of_har(&file[..], &known).unwrap();
    let dropped = of_har(Drop(&file), &known).unwrap();
    assert_eq!(whole.findings, dropped.findings);
    assert_eq!(whole.chains, dropped.chains);
}

#[test]
fn what_is_no_recording_is_named_and_never_unpacked() {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&vec![b' '; 1 << 20]).unwrap();
    for (bytes, code) in [
        (&b"PK\x03\x04\x14\0\0\0"[..], "recording_is_packed"),
        (&gzip.finish().unwrap(), "recording_is_packed"),
        (b"\x28\xB5\x2F\xFD", "recording_is_packed"),
        (b"\xFF\xFE{\0", "recording_is_utf16"),
        (b"", "recording_empty"),
        (b" \r\n", "recording_empty"),
        (b"\xEF\xBB\xBF", "recording_empty"),
        (b"{}", "recording_not_har"),
        (b"[]", "recording_not_har"),
        (b"{\"log\": 5}", "recording_not_har"),
        (b"{\"log\": {\"entries\": 5}}", "recording_not_har"),
        (b"{\"log\": {\"entries\": {}}}", "recording_not_har"),
        (b"<html>", "recording_not_har"),
        (b"hello", "recording_not_json"),
        (b"{\"log\"", "recording_not_json"),
        (b"{log: {}}", "recording_not_json"),
        (b"{\"log\": }", "recording_not_json"),
    ] {
        assert_eq!(fault(bytes), code, "{:?}", String::from_utf8_lossy(bytes));
    }
}

/// A source that somebody stops.
struct Stopped(usize);

impl Read for Stopped {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.0 == 0 {
            return Err(io::Error::other("cancelled"));
        }
        self.0 -= 1;
        into.fill(b' ');
        Ok(into.len())
    }
}

#[test]
fn a_source_that_fails_ends_the_reading() {
    assert!(
        matches!(not_read(Stopped(100)), NotRead::Read(error) if error.to_string() == "cancelled")
    );
}

#[test]
fn forty_thousand_requests_and_no_sign_in_are_said_to_be_that() {
    let one = Recording::new().noise(1).written(Shape::Chrome);
    let one = String::from_utf8(one).unwrap();
    let from = one.find("\"entries\":[").unwrap() + "\"entries\":[".len();
    let (before, entry) = one.split_at(from);
    let (entry, after) = entry.split_at(
        entry
            .rfind("}],\"pages\"")
            .map_or(entry.rfind("}]").unwrap(), |at| at)
            + 1,
    );
    let entries = vec![entry; 40_000].join(",");
    let diagnosis = diagnosed(format!("{before}{entries}{after}").as_bytes(), None);
    assert_eq!(diagnosis.recording.requests, 40_000);
    assert_eq!(codes(&diagnosis).0, ["recording_without_sign_in"]);
    assert!(diagnosis.chains.is_empty() && diagnosis.answers().is_empty());
}

#[test]
fn nesting_without_end_is_skipped_and_not_followed() {
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let file = format!("{{\"log\": {{\"x\": {deep}, \"entries\": [{{\"_x\": {deep}}}]}}}}");
    assert_eq!(
        codes(&diagnosed(file.as_bytes(), None)).0,
        ["recording_without_sign_in"]
    );
}

#[test]
fn pages_in_number_are_bounded_and_the_last_ones_count() {
    let text = "word ".repeat(5000);
    let mut recording = Recording::new();
    for index in 0..1050 {
        recording = recording.page(&format!("https://pages.example/{index}"), 200, &text);
    }
    let diagnosis = recording
        .page(&asked(), 200, "<p>AADSTS50105</p>")
        .diagnosed(Shape::Chrome, None);
    assert_eq!(codes(&diagnosis).1, ["person_not_assigned"]);
}

#[test]
fn what_no_browser_writes_is_passed_over_and_the_cause_still_found() {
    let file = String::from_utf8(refused().written(Shape::Chrome)).unwrap();
    let with = |from: &str, to: &str| {
        assert!(file.contains(from), "{from}");
        file.replacen(from, to, 1).into_bytes()
    };
    let time = "\"time\":80.5";
    let long = "9".repeat(100_000);
    let many = format!("{},{time}", vec!["\"x\":{}"; 100_000].join(","));
    let body = "<p>x ";
    let bytes = |inner: &[u8]| {
        let at = file.find(body).unwrap();
        [&file.as_bytes()[..at], inner, &file.as_bytes()[at..]].concat()
    };
    for (name, file) in [
        ("no number", with(time, "\"time\":NaN")),
        ("no end of it", with(time, "\"time\":-Infinity")),
        ("a long number", with(time, &format!("\"time\":{long}"))),
        ("a number too large", with(time, "\"time\":1e99999")),
        (
            "a member twice",
            with("\"request\":", "\"request\":null,\"request\":"),
        ),
        (
            "the list twice",
            with("\"entries\":", "\"entries\":[],\"entries\":"),
        ),
        ("a hundred thousand members", with(time, &many)),
        ("half a character", bytes(b"\\ud800 \\udc00")),
        ("an escape that is none", bytes(b"\\q \\u12")),
        ("bytes that are no text", bytes(b"\xFF\xFE\x00")),
        ("quotes without end", bytes(&b"\\\"".repeat(500_000))),
        ("backslashes without end", bytes(&b"\\\\".repeat(500_000))),
    ] {
        let (_, errors) = codes(&diagnosed(&file, None));
        assert_eq!(errors, ["person_not_assigned"], "{name}");
    }
}

#[test]
fn a_shop_with_a_code_in_every_address_signs_nobody_in() {
    let mut recording = Recording::new();
    for number in 0..200 {
        let address = format!("https://shop.example/item/{number}?code=SAVE{number}&state=open");
        recording = recording.page(&address, 200, "<p>Item</p>");
    }
    let (all, errors) = codes(&recording.diagnosed(Shape::Chrome, None));
    assert_eq!(all, ["recording_without_sign_in"]);
    assert!(errors.is_empty());
}
