//! Who the person is, and which role the rules give.

use latchkey_core::Stage::{Identified, Mapped, Signed};
use latchkey_core::{Connection, Evidence, Fingerprint, RuleList, Verdict, Way};

use super::message::*;

const ATTRIBUTES: &str = "<saml:AttributeStatement>";

fn name_id() -> &'static str {
    let start = ANSWER.find("<saml:NameID").unwrap();
    let end = ANSWER.find("</saml:NameID>").unwrap();
    &ANSWER[start..end + "</saml:NameID>".len()]
}

/// The verdict on an answer with these attributes and no others.
fn saying(attributes: &str, rules: &RuleList) -> Verdict {
    let (before, rest) = ANSWER.split_once(ATTRIBUTES).unwrap();
    let (_, after) = rest.split_once("</saml:AttributeStatement>").unwrap();
    let message = format!("{before}{ATTRIBUTES}{attributes}</saml:AttributeStatement>{after}");
    let connection = connection();
    judged_by(signed(&message).as_bytes(), &expected(&connection), rules).1
}

fn attribute(head: &str, values: &[&str]) -> String {
    let values: String = values
        .iter()
        .map(|value| format!("<saml:AttributeValue>{value}</saml:AttributeValue>"))
        .collect();
    format!("<saml:Attribute {head}>{values}</saml:Attribute>")
}

#[test]
fn without_a_name_nobody_is_identified() {
    for (name, code) in [
        ("", "saml_name_id_missing"),
        ("<saml:NameID/>", "saml_name_id_missing"),
        ("<saml:NameID> \n</saml:NameID>", "saml_name_id_missing"),
        (
            "<NameID>olivia@acme.example</NameID>",
            "saml_name_id_missing",
        ),
        ("<saml:BaseID/>", "saml_name_id_missing"),
        (
            "<saml:NameID>olivia@acme.example<saml:x/></saml:NameID>",
            "saml_name_id_has_elements",
        ),
        (
            "<saml:NameID><b>olivia@acme.example</b></saml:NameID>",
            "saml_name_id_has_elements",
        ),
    ] {
        refused(signed(&changed(name_id(), name)), Identified, code);
    }
    let long = format!(
        "<saml:NameID>{}@acme.example</saml:NameID>",
        "o".repeat(300)
    );
    refused(
        signed(&changed(name_id(), &long)),
        Identified,
        "saml_name_id_too_long",
    );
}

/// Comments are no part of what is signed; text behind them is (CVE-2017-11427 and its kin).
#[test]
fn a_name_is_all_of_its_text() {
    for name in [
        "<saml:NameID>olivia@acme.example<!---->.evil.example</saml:NameID>",
        "<saml:NameID><!-- -->olivia@acme.example.evil.example</saml:NameID>",
        "<saml:NameID>olivia@acme.example<![CDATA[.evil]]>.example</saml:NameID>",
    ] {
        let verdict = judged(&signed(&changed(name_id(), name)));
        assert_eq!(
            verdict.subject.as_deref(),
            Some("olivia@acme.example.evil.example")
        );
    }
}

#[test]
fn what_an_assertion_has_once_stands_in_it_once() {
    let (subject, conditions) = (
        &ANSWER[ANSWER.find("<saml:Subject>").unwrap()..ANSWER.find("<saml:Conditions").unwrap()],
        &ANSWER[ANSWER.find("<saml:Conditions").unwrap()
            ..ANSWER.find("<saml:AuthnStatement").unwrap()],
    );
    for part in [subject, conditions, name_id()] {
        let message = changed(part, &format!("{part}{part}"));
        refused(signed(&message), Signed, "saml_part_not_once");
    }
    let message = changed(
        "<saml:Subject>",
        "<saml:Issuer>https://evil.example</saml:Issuer><saml:Subject>",
    );
    refused(response_signed(&message), Signed, "saml_part_not_once");
}

#[test]
fn the_kind_of_name_is_remarked() {
    let named = |format: &str, name: &str| {
        let name = format!(
            "<saml:NameID Format=\"urn:oasis:names:tc:SAML:{format}\">{name}</saml:NameID>"
        );
        remarks(&judged(&signed(&changed(name_id(), &name))))
    };
    assert_eq!(
        named("2.0:nameid-format:transient", "_x8f"),
        ["saml_name_id_transient"]
    );
    assert_eq!(
        named("2.0:nameid-format:transient", OWNER),
        ["saml_name_id_transient"]
    );
    assert_eq!(
        named("1.1:nameid-format:emailAddress", "olivia"),
        ["saml_name_id_not_email"]
    );
    assert!(named("2.0:nameid-format:persistent", "8f1c").is_empty());
    assert!(named("1.1:nameid-format:unspecified", "olivia").is_empty());
}

#[test]
fn the_sign_in_itself_has_to_be_stated() {
    let (before, rest) = ANSWER.split_once("<saml:AuthnStatement").unwrap();
    let (_, after) = rest.split_once("</saml:AuthnStatement>").unwrap();
    refused(
        signed(&format!("{before}{after}")),
        Identified,
        "saml_authn_statement_missing",
    );
    let message = changed(" SessionIndex=\"s1\"", "");
    assert_eq!(accepted(&signed(&message)), ["saml_session_index_missing"]);
}

#[test]
fn an_answer_without_attributes_still_names_the_person() {
    for attributes in ["", "<saml:AttributeStatement></saml:AttributeStatement>"] {
        let (before, rest) = ANSWER.split_once(ATTRIBUTES).unwrap();
        let (_, after) = rest.split_once("</saml:AttributeStatement>").unwrap();
        let verdict = judged(&signed(&format!("{before}{attributes}{after}")));
        assert!(verdict.verified && !verdict.passed());
        assert_eq!(verdict.failed_at().unwrap().stage, Mapped);
        assert_eq!(verdict.role.as_deref(), Some("Interact Only"));
        assert_eq!(remarks(&verdict)[0], "saml_attributes_missing");
    }
}

#[test]
fn every_value_is_kept_in_order_by_name_and_by_friendly_name() {
    let nil = "<saml:AttributeValue xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"/>";
    let verdict = saying(
        &[
            attribute(
                "Name=\"urn:oid:1.3.6.1.4.1.5923.1.5.1.1\" FriendlyName=\"isMemberOf\"",
                &["b", "a", "a"],
            ),
            attribute("Name=\"g\" FriendlyName=\"isMemberOf\"", &["c"]),
            attribute("Name=\"mail\" FriendlyName=\"g\"", &[OWNER]),
            attribute("Name=\"g\"", &[" d ", ""]),
            attribute(
                "Name=\"nested\"",
                &["\n <x xmlns=\"urn:x\">p<y>q</y></x>\n"],
            ),
            format!("<saml:Attribute Name=\"none\">{nil}</saml:Attribute>"),
            attribute("Name=\"bare\"", &[]),
            attribute("FriendlyName=\"nameless\"", &["x"]),
        ]
        .concat(),
        &rules(),
    );
    let claims = &verdict.claims;
    assert_eq!(
        claims.values("urn:oid:1.3.6.1.4.1.5923.1.5.1.1"),
        ["b", "a", "a"]
    );
    assert_eq!(claims.values("isMemberOf"), ["b", "a", "a", "c"]);
    // A FriendlyName never adds to an attribute of that Name.
    assert_eq!(claims.values("g"), ["c", " d ", ""]);
    assert_eq!(claims.values("nested"), ["pq"]);
    for came in ["none", "bare"] {
        assert!(claims.has(came) && claims.values(came).is_empty(), "{came}");
    }
    assert!(!claims.has("nameless"));
}

#[test]
fn a_rule_that_matched_a_friendly_name_alone_is_remarked() {
    let attributes = attribute("Name=\"urn:oid:1.2\" FriendlyName=\"team\"", &["Red"]);
    let verdict = saying(&attributes, &RuleList(vec![rule("team", "Red", "Viewer")]));
    assert!(verdict.passed());
    assert_eq!(remarks(&verdict), ["saml_friendly_name_matched"]);
    let verdict = saying(
        &attributes,
        &RuleList(vec![rule("urn:oid:1.2", "Red", "Viewer")]),
    );
    assert!(verdict.passed() && remarks(&verdict).is_empty());
}

#[test]
fn an_address_that_came_under_another_name_is_pointed_at() {
    for name in [
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
        "urn:oid:0.9.2342.19200300.100.1.3",
        "mail",
        "Email",
    ] {
        let verdict = saying(&attribute(&format!("Name=\"{name}\""), &[OWNER]), &rules());
        let told = data(&verdict, "saml_email_under_other_name");
        assert_eq!(
            (&told["expected"], &told["received"]),
            (&"email".into(), &name.into())
        );
    }
    // No rule asks for another name.
    let rules = RuleList(vec![rule("mail", OWNER, "Owner")]);
    let verdict = saying(&attribute("Name=\"mail\"", &[OWNER]), &rules);
    assert!(verdict.passed() && remarks(&verdict).is_empty());
}

#[test]
fn no_address_at_all_is_remarked_with_what_came() {
    let nameless = signed(&swapped(
        &changed(name_id(), "<saml:NameID>olivia</saml:NameID>"),
        "Name=\"email\"",
        "Name=\"upn\"",
    ));
    let told = data(&judged(&nameless), "saml_email_missing");
    assert_eq!(told["present"], "upn, groups");
}

#[test]
fn groups_that_were_left_out_are_said() {
    let link = attribute(
        "Name=\"http://schemas.microsoft.com/claims/groups.link\"",
        &["https://graph.microsoft.example/users/x/getMemberObjects"],
    );
    let verdict = saying(
        &format!("{}{link}", attribute("Name=\"email\"", &[OWNER])),
        &rules(),
    );
    assert!(verdict.passed());
    assert_eq!(remarks(&verdict), ["groups_left_out"]);
}

#[test]
fn evidence_knows_the_person_by_claim_or_by_name() {
    let made = |verdict: &Verdict| {
        let fingerprint = Fingerprint::of(&Connection::Saml(connection()), None);
        Evidence::of(verdict, "e1".into(), now(), Way::Window, fingerprint).map(|made| made.email)
    };
    assert_eq!(made(&judged(&signed(ANSWER))).as_deref(), Some(OWNER));
    let without = saying(&attribute("Name=\"groups\"", &["SecOps"]), &rules());
    assert_eq!(made(&without).as_deref(), Some(OWNER));
    assert_eq!(made(&judged(ANSWER)), None);
    let message = changed(name_id(), "<saml:NameID>olivia</saml:NameID>");
    assert_eq!(made(&judged(&signed(&message))).as_deref(), Some(OWNER));
}
