//! An answer that is somebody else's, or for somebody else.

use latchkey_core::Stage::Addressed;

use super::message::*;

#[track_caller]
fn misdirected(from: &str, to: &str, code: &str) {
    let message = changed(from, to);
    refused(signed(&message), Addressed, code);
    refused(both_signed(&message), Addressed, code);
}

#[test]
fn another_issuer_is_refused_and_a_small_difference_is_named() {
    for (issuer, code) in [
        ("https://evil.example/saml", "saml_issuer_differs"),
        ("", "saml_issuer_differs"),
        (
            "https://idp.acme.example/saml/",
            "saml_issuer_differs_by_slash",
        ),
        (
            "https://IDP.acme.example/saml",
            "saml_issuer_differs_by_case",
        ),
        (
            " https://idp.acme.example/saml\n",
            "saml_issuer_differs_by_space",
        ),
    ] {
        misdirected(
            "<saml:Issuer>https://idp.acme.example/saml</saml:Issuer>",
            &format!("<saml:Issuer>{issuer}</saml:Issuer>"),
            code,
        );
    }
    let without = |message: &str, nth: usize| {
        let issuer = "<saml:Issuer>https://idp.acme.example/saml</saml:Issuer>";
        let at = message.match_indices(issuer).nth(nth).unwrap().0;
        format!("{}{}", &message[..at], &message[at + issuer.len()..])
    };
    refused(
        response_signed(&without(ANSWER, 1)),
        Addressed,
        "saml_issuer_missing",
    );
    // The Response may do without, and may not name another.
    assert!(accepted(&signed(&without(ANSWER, 0))).is_empty());
    let frame = ANSWER.replacen(
        "<saml:Issuer>https://idp.acme",
        "<saml:Issuer>https://evil",
        1,
    );
    refused(signed(&frame), Addressed, "saml_issuer_differs");
    refused(response_signed(&frame), Addressed, "saml_issuer_differs");
}

#[test]
fn another_destination_is_refused_whether_it_is_signed_or_not() {
    let destination = format!("Destination=\"{ACS}\"");
    for (received, code) in [
        ("https://app.example/acs", "saml_destination_differs"),
        (
            "http://app.torq.io/__/auth/handler",
            "saml_destination_differs",
        ),
        (
            "https://app.torq.io/__/auth/handler/",
            "saml_destination_differs",
        ),
        (
            "https://app.torq.io/__/AUTH/handler",
            "saml_destination_differs",
        ),
        (
            "https://app.torq.io\\__/auth/handler",
            "saml_destination_differs",
        ),
        ("torq.io", "saml_destination_differs"),
        (
            "https://app.eu.torq.io/__/auth/handler",
            "saml_answer_for_other_region",
        ),
    ] {
        misdirected(&destination, &format!("Destination=\"{received}\""), code);
    }
    for none in ["", "Destination=\"\""] {
        let message = changed(&destination, none);
        assert!(accepted(&signed(&message)).is_empty());
        refused(
            response_signed(&message),
            Addressed,
            "saml_destination_missing",
        );
        refused(both_signed(&message), Addressed, "saml_destination_missing");
    }
}

#[test]
fn the_region_that_an_answer_is_for_is_told() {
    let recipient = format!("Recipient=\"{ACS}\"");
    let message = signed(&changed(
        &recipient,
        "Recipient=\"https://app.eu.torq.io/__/auth/handler\"",
    ));
    refused(&message, Addressed, "saml_answer_for_other_region");
    let data = data(&judged(&message), "saml_answer_for_other_region");
    assert_eq!(
        (data["service"].as_str(), data["region"].as_str()),
        (Some("Torq"), Some("Europe"))
    );
    assert_eq!(data["expected"], ACS);
}

#[test]
fn the_confirmation_has_to_be_for_this_address_and_by_bearer() {
    let recipient = format!(" Recipient=\"{ACS}\"");
    misdirected(&recipient, "", "saml_recipient_missing");
    misdirected(
        &recipient,
        " Recipient=\"https://evil.example/\"",
        "saml_recipient_differs",
    );
    misdirected(&recipient, " Recipient=\"\"", "saml_recipient_differs");
    misdirected("cm:bearer", "cm:holder-of-key", "saml_bearer_missing");
    misdirected("cm:bearer", "cm:BEARER", "saml_bearer_missing");
    misdirected(
        "saml:SubjectConfirmation ",
        "saml:SubjectConfirmation xmlns:saml=\"urn:x\" ",
        "saml_bearer_missing",
    );
    misdirected(
        "saml:SubjectConfirmationData ",
        "saml:SubjectConfirmationData xmlns:saml=\"urn:x\" ",
        "saml_confirmation_empty",
    );
    misdirected(
        "<saml:SubjectConfirmationData ",
        "<saml:SubjectConfirmationData NotBefore=\"2026-11-22T17:00:00Z\" ",
        "saml_confirmation_not_before",
    );
}

#[test]
fn one_confirmation_that_fits_is_enough() {
    let good = &ANSWER[ANSWER.find("<saml:SubjectConfirmation ").unwrap()
        ..ANSWER.find("</saml:Subject>").unwrap()];
    let elsewhere = good.replace(ACS, "https://other.example/acs");
    let ended = good.replace("2026-11-22T18:05", "2026-11-22T17:05");
    for bad in [&elsewhere, &ended] {
        for message in [
            changed(good, &format!("{bad}{good}")),
            changed(good, &format!("{good}{bad}")),
        ] {
            assert!(accepted(&signed(&message)).is_empty(), "{bad}");
        }
    }
    // Two halves are no whole: one in time but elsewhere, one here but over.
    let halves = changed(good, &format!("{elsewhere}{ended}"));
    refused(
        signed(&halves),
        latchkey_core::Stage::InTime,
        "saml_expired",
    );
}

#[test]
fn another_audience_is_refused() {
    let audience = "<saml:Audience>torq.io</saml:Audience>";
    for (received, code) in [
        ("https://other.example", "saml_audience_differs"),
        ("TORQ.IO", "saml_audience_differs"),
        ("torq.io/", "saml_audience_differs"),
        ("torq.io.evil.example", "saml_audience_differs"),
        ("", "saml_audience_differs"),
        (
            "spn:5d4ab9a3-7a0d-4c1f-9e0b-0d3a2f6c7b81",
            "saml_audience_is_application_id",
        ),
        ("spn:torq", "saml_audience_differs"),
    ] {
        misdirected(
            audience,
            &format!("<saml:Audience>{received}</saml:Audience>"),
            code,
        );
    }
    misdirected(audience, "", "saml_audience_missing");
    misdirected(
        "<saml:AudienceRestriction><saml:Audience>torq.io</saml:Audience></saml:AudienceRestriction>",
        "",
        "saml_audience_missing",
    );
    let (before, rest) = ANSWER.split_once("<saml:Conditions").unwrap();
    let (_, after) = rest.split_once("</saml:Conditions>").unwrap();
    refused(
        signed(&format!("{before}{after}")),
        Addressed,
        "saml_audience_missing",
    );
}

#[test]
fn every_restriction_has_to_name_the_service() {
    let restriction = "<saml:AudienceRestriction><saml:Audience>torq.io</saml:Audience></saml:AudienceRestriction>";
    let other = restriction.replace("torq.io", "https://other.example");
    for both in [
        format!("{restriction}{other}"),
        format!("{other}{restriction}"),
    ] {
        misdirected(restriction, &both, "saml_audience_differs");
    }
    misdirected(
        restriction,
        &format!("{restriction}<saml:AudienceRestriction/>"),
        "saml_audience_differs",
    );
}

#[test]
fn a_condition_that_is_not_understood_is_not_met() {
    for condition in [
        "<saml:Condition xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:x=\"urn:x\" xsi:type=\"x:OnMondays\"/>",
        "<x:OnMondays xmlns:x=\"urn:x\"/>",
        "<saml:OnMondays/>",
    ] {
        misdirected(
            "</saml:Conditions>",
            &format!("{condition}</saml:Conditions>"),
            "saml_condition_unknown",
        );
        let message = signed(&changed(
            "</saml:Conditions>",
            &format!("{condition}</saml:Conditions>"),
        ));
        let name = data(&judged(&message), "saml_condition_unknown")["name"].to_string();
        assert!(name.contains("OnMondays"), "{name}");
    }
}
