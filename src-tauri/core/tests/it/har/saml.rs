//! Sign-ins by SAML.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use latchkey_core::SetUp;
use latchkey_core::diagnosis::chain::Content;
use serde_json::json;

use super::cases::{Case, all_shapes, hold, set_up};
use super::recording::{HANDLER, Recording, SHAPES, Shape, encoded};
use crate::saml::message::{ANSWER, ISSUER, changed, response_signed, signed};
use crate::signed::RSA;

const SSO: &str = "https://idp.acme.example/sso";

pub(crate) fn jumpcloud() -> SetUp {
    set_up(json!({
        "protocol": "saml", "provider": "other", "issuer": ISSUER, "sign_on_url": SSO,
        "certificates": [format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", RSA.certificate_base64())],
    }))
}

fn request(id: &str, issuer: &str, acs: &str) -> String {
    let xml = format!(
        "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" \
         ID=\"{id}\" Version=\"2.0\" IssueInstant=\"2026-11-22T17:59:55Z\" Destination=\"{SSO}\" AssertionConsumerServiceURL=\"{acs}\">\
         <saml:Issuer>{issuer}</saml:Issuer></samlp:AuthnRequest>"
    );
    let mut deflater = DeflateEncoder::new(Vec::new(), Compression::best());
    deflater.write_all(xml.as_bytes()).unwrap();
    format!(
        "{SSO}?SAMLRequest={}&RelayState=re1ay",
        encoded(&STANDARD.encode(deflater.finish().unwrap()))
    )
}

fn asked() -> String {
    request("_request1", "torq.io", HANDLER)
}

/// The answer went to another region than the workspace's, and is addressed to that one.
fn in_europe() -> Recording {
    let europe = "https://app.eu.torq.io/__/auth/handler";
    let answer = STANDARD.encode(signed(&ANSWER.replace(HANDLER, europe)));
    Recording::new()
        .page(&asked(), 200, "<h1>Sign in</h1>")
        .post(
            europe,
            &[("SAMLResponse", &answer), ("RelayState", "re1ay")],
            200,
            "",
        )
}

/// A sign-in up to the answer, which is posted; the service shows this.
fn posted(asked: &str, answer: &str, status: u16, page: &str) -> Recording {
    let answer = STANDARD.encode(answer);
    Recording::new()
        .redirect("https://app.torq.io/auth/SSOSignIn", asked)
        .page(asked, 200, "<h1>Sign in</h1>")
        .post(
            "https://idp.acme.example/login",
            &[("user", "olivia"), ("password", "PASSWORDSECRET")],
            200,
            &self_posting(&answer),
        )
        .post(
            HANDLER,
            &[("SAMLResponse", &answer), ("RelayState", "re1ay")],
            status,
            page,
        )
        .noise(3)
}

fn self_posting(answer: &str) -> String {
    format!(
        "<html><body onload=\"document.forms[0].submit()\"><form method=\"post\" action=\"https://app.torq.io/__/auth/handler\">\
         <input type=\"hidden\" name=\"SAMLResponse\" value=\"{}\"/><input type=\"hidden\" name=\"RelayState\" value=\"re1ay\"/></form></body></html>",
        answer.replace('+', "&#x2b;")
    )
}

pub(crate) fn answered(answer: &str) -> Recording {
    posted(&asked(), answer, 200, "<p>One moment</p>")
}

pub(crate) fn status(codes: &str) -> String {
    let start = ANSWER.find("<samlp:Status>").unwrap();
    format!(
        "{}<samlp:Status>{codes}</samlp:Status></samlp:Response>",
        &ANSWER[..start]
    )
}

#[test]
fn an_answer_is_verified_as_of_its_time_against_the_set_up() {
    let cases = [
        Case::new("good", "?sign_in_worked", answered(&signed(ANSWER))).with(jumpcloud()),
        Case::new("response signed", "?sign_in_worked", answered(&response_signed(ANSWER))).with(jumpcloud()),
        Case::new("audience", "saml_audience_differs", answered(&signed(&changed("<saml:Audience>torq.io<", "<saml:Audience>https://torq.io<")))).with(jumpcloud()),
        Case::new("issuer", "saml_issuer_differs", answered(&signed(&changed(ISSUER, "https://else.example")))).with(jumpcloud()),
        Case::new("recipient of another region", "saml_answer_for_other_region", answered(&signed(&changed(HANDLER, "https://app.eu.torq.io/__/auth/handler")))).with(jumpcloud()),
        Case::new("brought to another region", "saml_answer_for_other_region", in_europe()).with(jumpcloud()),
        Case::new("unsigned", "saml_unsigned", answered(ANSWER)).with(jumpcloud()),
        Case::new("changed", "signed_content_changed", answered(&signed(ANSWER).replace("SecOps", "Owners"))).with(jumpcloud()),
        Case::new("expired", "saml_expired", answered(&signed(&ANSWER.replace("2026-11-22T18:0", "2026-11-22T17:0")))).with(jumpcloud()),
        Case::new("other request", "saml_answers_other_request", answered(&signed(&changed("_request1", "_request2")))).with(jumpcloud()),
        Case::new("a name as DN", "~near_miss", answered(&signed(&ANSWER.replace("olivia@", "bob@").replace("SecOps", "CN=SecOps,OU=Groups,DC=acme")))).with(jumpcloud()),
        Case::new("no rule", "no_rule_matched", answered(&signed(&ANSWER.replace("olivia@", "bob@").replace("SecOps", "Finance")))).with(jumpcloud()),
        Case::new("denied", "saml_request_denied", answered(&status("<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Responder\"><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:RequestDenied\"/></samlp:StatusCode>"))).with(jumpcloud()),
        Case::new("other entity id", "request_audience_differs", posted(&request("_request1", "https://torq.example", HANDLER), &signed(ANSWER), 200, "")).with(jumpcloud()),
        Case::new("other region asked", "request_of_other_region", posted(&request("_request1", "torq.io", "https://app.eu.torq.io/__/auth/handler"), &signed(ANSWER), 200, "")).with(jumpcloud()),
        Case::new("refused though it holds", "service_refused", posted(&asked(), &signed(ANSWER), 403, "<p>Not allowed</p>")).with(jumpcloud()),
    ];
    all_shapes(&cases);
}

#[test]
fn without_a_set_up_the_request_is_what_the_answer_has_to_fit() {
    let cases = [
        Case::new("good", "?sign_in_worked", answered(&signed(ANSWER))),
        Case::new(
            "audience",
            "saml_audience_differs",
            answered(&signed(&changed(
                "<saml:Audience>torq.io<",
                "<saml:Audience>https://torq.io<",
            ))),
        ),
        Case::new(
            "expired",
            "saml_expired",
            answered(&signed(
                &ANSWER.replace("2026-11-22T18:0", "2026-11-22T17:0"),
            )),
        ),
        Case::new(
            "other request",
            "saml_answers_other_request",
            answered(&signed(&changed("_request1", "_request2"))),
        ),
        Case::new(
            "destination",
            "saml_destination_differs",
            answered(&signed(&changed(HANDLER, "https://app.torq.io/other"))),
        ),
        Case::new(
            "responder",
            "saml_provider_failed",
            answered(&status(
                "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Responder\"/>",
            )),
        ),
        Case::new(
            "authn failed",
            "saml_not_authenticated",
            answered(&status(
                "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Responder\"><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:AuthnFailed\"/></samlp:StatusCode>",
            )),
        ),
        Case::new(
            "name id policy",
            "saml_name_id_policy_refused",
            answered(&status(
                "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Requester\"><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:InvalidNameIDPolicy\"/></samlp:StatusCode>",
            )),
        ),
        Case::new(
            "entra page",
            "application_misconfigured",
            Recording::new().page(
                &asked(),
                200,
                "<p>AADSTS650056: Misconfigured application.</p>",
            ),
        ),
        Case::new(
            "google page",
            "application_unknown",
            Recording::new().page(
                &asked(),
                403,
                "<p>403. That's an error. Error: app_not_configured</p>",
            ),
        ),
        Case::new(
            "nothing posted on",
            "?answer_not_delivered",
            Recording::new().page(
                &asked(),
                200,
                &self_posting(&STANDARD.encode(signed(ANSWER))),
            ),
        ),
        Case::new(
            "waiting",
            "?sign_in_not_answered",
            Recording::new().page(&asked(), 200, "<h1>Sign in</h1>"),
        ),
        Case::new(
            "gone",
            "provider_page_failed",
            Recording::new().page(&asked(), 404, "<h1>Not found</h1>"),
        ),
        Case::new(
            "begun at the provider",
            "?sign_in_worked",
            Recording::new().post(
                HANDLER,
                &[(
                    "SAMLResponse",
                    &STANDARD.encode(signed(&ANSWER.replace(" InResponseTo=\"_request1\"", ""))),
                )],
                200,
                "",
            ),
        ),
        Case::new(
            "ws-federation",
            "?recording_of_other_protocol",
            Recording::new().page(
                "https://idp.acme.example/wsfed?wa=wsignin1.0&wtrealm=urn%3Ax",
                200,
                "",
            ),
        ),
    ];
    hold(&cases[..13], &SHAPES);
    // Its note comes first: where it began.
    let begun = cases[13].recording.diagnosed(Shape::Chrome, None);
    assert!(begun.chain().unwrap().worked, "{:?}", begun.findings);
    hold(&cases[14..], &SHAPES);
}

#[test]
fn the_answer_is_found_where_the_browser_left_out_the_form() {
    let answer = STANDARD.encode(signed(ANSWER));
    let recording = Recording::new()
        .page(&asked(), 200, "<p>x</p>")
        .post(
            "https://idp.acme.example/login",
            &[("password", "PASSWORDSECRET")],
            200,
            &self_posting(&answer),
        )
        .post(HANDLER, &[("SAMLResponse", &answer)], 200, "")
        .bodiless();
    let diagnosis = recording.diagnosed(Shape::Chrome, Some(&jumpcloud()));
    assert!(
        diagnosis.chain().unwrap().worked,
        "{:?}",
        diagnosis.findings
    );
    assert_eq!(diagnosis.answers().len(), 1);
    let [only] = diagnosis.answers() else {
        panic!()
    };
    assert!(matches!(only.content, Content::Saml(_)) && only.reached_service);
    assert_eq!(only.request_id.as_deref(), Some("_request1"));
}

#[test]
fn an_answer_that_was_left_out_is_said_with_the_setting_that_keeps_it() {
    let recording = |page: &str| {
        Recording::new()
            .page(&asked(), 200, "<p>x</p>")
            .post(HANDLER, &[("SAMLResponse", "x")], 200, page)
            .bodiless()
    };
    for shape in SHAPES {
        let diagnosis = recording("").diagnosed(shape, Some(&jumpcloud()));
        let first = diagnosis.findings[0].told();
        assert_eq!(
            first.code, "recording_part_left_out",
            "{shape:?}: {:?}",
            diagnosis.findings
        );
        assert!(
            first.what.contains("app.torq.io") && first.mend.len() > 30,
            "{first:?}"
        );
        assert!(
            first.mend.contains(diagnosis.recording.browser.setting()),
            "{first:?}"
        );
    }
}

#[test]
fn a_form_that_was_left_out_is_the_answer_where_the_request_says_not_where_it_goes() {
    let cut = "https://idp.acme.example/sso/saml?SAMLRequest=fZFNT8MwDIb";
    let login = "https://idp.acme.example/login";
    let recording = |last: &str| {
        Recording::new()
            .page(cut, 200, "<p>x</p>")
            .post(login, &[("password", "PASSWORDSECRET")], 200, "")
            .post(last, &[("SAMLResponse", "x")], 200, "")
            .bodiless()
    };
    let first = |last: &str| recording(last).diagnosed(Shape::Firefox, None).findings[0].told();
    assert_eq!(first(HANDLER).code, "recording_part_left_out");
    // Another form of the provider's own is no answer.
    assert_eq!(first(login).code, "sign_in_not_answered");
}

#[test]
fn base64_in_base64_is_unwrapped() {
    let once = STANDARD.encode(signed(ANSWER));
    for answer in [
        STANDARD.encode(&once),
        STANDARD.encode(STANDARD.encode(&once)),
        encoded(&once),
    ] {
        let recording = Recording::new().page(&asked(), 200, "").post(
            HANDLER,
            &[("SAMLResponse", &answer)],
            200,
            "",
        );
        let diagnosis = recording.diagnosed(Shape::Chrome, Some(&jumpcloud()));
        assert!(
            diagnosis.chain().unwrap().worked,
            "{:?}",
            diagnosis.findings
        );
    }
}
