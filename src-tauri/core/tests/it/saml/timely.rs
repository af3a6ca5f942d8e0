//! Answers from another time.

use latchkey_core::Stage::InTime;

use super::message::*;

#[track_caller]
fn untimely(from: &str, to: &str, code: &str) {
    let message = changed(from, to);
    refused(signed(&message), InTime, code);
    refused(response_signed(&message), InTime, code);
}

#[test]
fn an_answer_holds_until_its_last_second() {
    for until in ["2026-11-22T18:04:00Z", "2026-11-22T18:05:00Z"] {
        for over in [
            "2026-11-22T18:00:00Z",
            "2026-11-22T17:59:59.999Z",
            "2020-01-01T00:00:00Z",
        ] {
            untimely(until, over, "saml_expired");
        }
        let message = changed(until, "2026-11-22T18:00:00.001Z");
        assert!(accepted(&signed(&message)).is_empty());
    }
    let session = "SessionNotOnOrAfter=\"2026-11-23T02:00:00Z\"";
    untimely(
        session,
        "SessionNotOnOrAfter=\"2026-11-22T18:00:00Z\"",
        "saml_session_over",
    );
}

#[test]
fn the_difference_between_the_clocks_is_told() {
    let message = signed(&changed("2026-11-22T18:04:00Z", "2026-11-22T17:54:30Z"));
    let told = data(&judged(&message), "saml_expired");
    assert_eq!(told["seconds"], 330);
    assert_eq!(told["until"], "2026-11-22T17:54:30Z");
    assert_eq!(told["now"], NOW);
    let message = signed(&changed("2026-11-22T17:59:00Z", "2026-11-22T18:02:00Z"));
    assert_eq!(
        data(&judged(&message), "saml_not_yet_valid")["seconds"],
        120
    );
}

#[test]
fn a_provider_may_be_a_minute_ahead_and_no_more() {
    let begins = "NotBefore=\"2026-11-22T17:59:00Z\"";
    untimely(
        begins,
        "NotBefore=\"2026-11-22T18:01:01Z\"",
        "saml_not_yet_valid",
    );
    let message = changed(begins, "NotBefore=\"2026-11-22T18:01:00Z\"");
    assert!(accepted(&signed(&message)).is_empty());

    let issued = "ID=\"a\" Version=\"2.0\" IssueInstant=\"2026-11-22T17:59:58Z\"";
    let at = |time: &str| format!("ID=\"a\" Version=\"2.0\" IssueInstant=\"{time}\"");
    untimely(issued, &at("2026-11-22T18:01:01Z"), "saml_issued_in_future");
    let message = changed(issued, &at("2026-11-22T18:01:00Z"));
    assert_eq!(accepted(&signed(&message)), ["saml_issued_in_future"]);
    let message = changed(issued, &at("2026-11-22T18:00:01Z"));
    assert!(accepted(&signed(&message)).is_empty());
}

#[test]
fn times_that_have_to_be_there_are_missed() {
    untimely(
        " NotOnOrAfter=\"2026-11-22T18:05:00Z\"",
        "",
        "saml_time_missing",
    );
    untimely(
        "ID=\"a\" Version=\"2.0\" IssueInstant=\"2026-11-22T17:59:58Z\"",
        "ID=\"a\" Version=\"2.0\"",
        "saml_time_missing",
    );
}

#[test]
fn a_time_that_is_none_is_named() {
    for time in [
        "ID=\"a\" Version=\"2.0\" IssueInstant=\"2026-11-22T17:59:58Z\"",
        "NotBefore=\"2026-11-22T17:59:00Z\"",
        "NotOnOrAfter=\"2026-11-22T18:04:00Z\"",
        "NotOnOrAfter=\"2026-11-22T18:05:00Z\"",
        "SessionNotOnOrAfter=\"2026-11-23T02:00:00Z\"",
    ] {
        let (name, _) = time.rsplit_once("=\"").unwrap();
        for unreadable in [
            "",
            "soon",
            "2026-11-22",
            "1763834400",
            "2026-11-22T18:05:00+99:00",
        ] {
            untimely(
                time,
                &format!("{name}=\"{unreadable}\""),
                "saml_time_unreadable",
            );
        }
    }
}
