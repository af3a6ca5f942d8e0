//! Answers that are brought in a file: each reason to refuse one has its own sentence.

use jiff::{Timestamp, ToSpan};
use latchkey_core::brought::{AnswerFile, Brought, Judged, judge};
use latchkey_core::{
    Connection, Evidence, Fingerprint, OidcConnection, Outcome, Protocol, Severity, Stage, Verdict,
    Way,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use url::Url;

use crate::fingerprint::connection as oidc_connection;
use crate::saml::message::{self, changed, signed, swapped};
use crate::token;

const BOB: &str = "bob@acme.example";
const LOOPBACK: &str = "http://127.0.0.1:8765/callback";

/// The answer to a sign-in of Bob at his own computer.
fn bobs() -> String {
    let named = changed(message::OWNER, BOB);
    swapped(&named, message::ACS, LOOPBACK)
}

struct Scene {
    connection: Connection,
    owner: &'static str,
    evidence: Vec<Evidence>,
    now: Timestamp,
}

fn scene() -> Scene {
    let connection = Connection::Saml(message::connection());
    let owners = message::judged(&signed(message::ANSWER));
    Scene {
        evidence: vec![here(&connection, &owners, message::now())],
        connection,
        owner: message::OWNER,
        now: message::now() + 2.hours(),
    }
}

/// The Owner's sign-in in the sign-in window, with these settings.
fn here(connection: &Connection, verdict: &Verdict, at: Timestamp) -> Evidence {
    let settings = Fingerprint::of(connection, None);
    let one = Evidence::of(verdict, "here".into(), at, Way::Window, settings).unwrap();
    Evidence {
        answer: Some("the Owner's own".into()),
        ..one
    }
}

impl Scene {
    fn judged(&self, text: &str) -> Verdict {
        self.timed(&Brought::read(text.as_bytes()).unwrap()).0
    }

    fn timed(&self, brought: &Brought) -> (Verdict, Timestamp) {
        let keys = token::published(&[token::jwk(&token::own(), "k1")]);
        judge(
            brought,
            &Judged {
                connection: &self.connection,
                key: None,
                keys: Some(&keys),
                rules: &message::rules(),
                service: message::torq(),
                owner: self.owner,
                evidence: &self.evidence,
                fingerprint: &Fingerprint::of(&self.connection, None),
                now: self.now,
            },
        )
    }

    fn proved(&self, verdict: &Verdict, at: Timestamp) -> Evidence {
        let now = Fingerprint::of(&self.connection, None);
        Evidence::of(verdict, "e".into(), at, Way::File, now).unwrap()
    }
}

fn file(request: &str, answer: &str) -> String {
    let sent_to: Url = LOOPBACK.parse().unwrap();
    let file = AnswerFile {
        protocol: Protocol::Saml,
        request,
        sent_to: &sent_to,
        answer: &SecretString::from(answer),
    };
    file.written().expose_secret().to_owned()
}

#[track_caller]
fn refused(verdict: &Verdict, stage: Stage, code: &str) {
    let failed = verdict.failed_at().expect("a stage failed");
    assert_eq!(
        (failed.stage, failed.findings[0].code.as_str()),
        (stage, code),
        "{:?}",
        verdict.stages
    );
    assert!(!verdict.verified && verdict.claims.is_empty() && verdict.subject.is_none());
    assert!(verdict.role.is_none() && verdict.answer.is_none());
    for report in verdict.stages.iter().filter(|one| one.stage > stage) {
        assert_eq!(report.outcome, Outcome::NotReached);
    }
}

fn told(verdict: &Verdict, severity: Severity) -> Vec<String> {
    let findings = verdict.stages.iter().flat_map(|one| &one.findings);
    findings
        .filter(|told| told.severity == severity)
        .map(|told| told.code.clone())
        .collect()
}

#[test]
fn an_answer_is_verified_as_of_its_own_time_and_says_what_it_proves_less() {
    for text in [signed(&bobs()), file(message::REQUEST, &signed(&bobs()))] {
        let (verdict, at) = scene().timed(&Brought::read(text.as_bytes()).unwrap());
        assert!(verdict.passed(), "{:?}", verdict.failed_at());
        assert_eq!(verdict.role.as_deref(), Some("Contributor"));
        assert_eq!(at, "2026-11-22T17:59:58Z".parse().unwrap());
        assert_eq!(told(&verdict, Severity::Note), ["brought_by_file"]);
        assert_eq!(told(&verdict, Severity::Warning), Vec::<String>::new());
    }
}

#[test]
fn an_answer_that_was_sent_to_the_service_is_said_to_have_been_seen_there() {
    let verdict = scene().judged(&signed(&changed(message::OWNER, BOB)));
    assert!(verdict.passed(), "{:?}", verdict.failed_at());
    assert_eq!(told(&verdict, Severity::Warning), ["brought_from_service"]);
}

#[test]
fn an_answer_counts_once() {
    let mut scene = scene();
    let text = signed(&bobs());
    let (verdict, at) = scene.timed(&Brought::read(text.as_bytes()).unwrap());
    scene.evidence.push(scene.proved(&verdict, at));
    refused(&scene.judged(&text), Stage::Answered, "brought_again");
    let packed = file(message::REQUEST, &text);
    refused(&scene.judged(&packed), Stage::Answered, "brought_again");
    let another = swapped(&bobs(), "ID=\"a\"", "ID=\"another\"");
    let another = crate::signed::Signing::default().sign(&another, "another");
    assert!(scene.judged(&another).passed(), "of another sign-in");
}

#[test]
fn the_owner_is_no_second_person_by_address_or_by_subject() {
    let owners = swapped(message::ANSWER, message::ACS, LOOPBACK);
    refused(
        &scene().judged(&signed(&owners)),
        Stage::Identified,
        "brought_owner",
    );
    // The same account at the provider under another address.
    let mut scene = scene();
    let here = message::judged(&signed(message::ANSWER));
    let mut owner = scene.proved(&here, message::now());
    owner.answer = Some("another".into());
    scene.evidence.push(owner);
    let alias = "<saml:AttributeValue>olivia@acme.example<";
    let aliased = swapped(
        &owners,
        alias,
        "<saml:AttributeValue>olivia.park@acme.example<",
    );
    refused(
        &scene.judged(&signed(&aliased)),
        Stage::Identified,
        "brought_owner",
    );
}

#[test]
fn an_old_answer_is_told_its_age() {
    let mut scene = scene();
    scene.now = message::now() + (24 * 365).hours();
    refused(
        &scene.judged(&signed(&bobs())),
        Stage::InTime,
        "brought_too_old",
    );
    scene.now = message::now() + (24 * 13).hours();
    assert!(scene.judged(&signed(&bobs())).passed());
}

#[test]
fn an_answer_of_a_time_to_come_is_refused() {
    let mut scene = scene();
    scene.now = message::now() - 3.hours();
    refused(
        &scene.judged(&signed(&bobs())),
        Stage::InTime,
        "saml_issued_in_future",
    );
}

#[test]
fn a_later_sign_in_of_the_same_person_counts_in_its_place() {
    let mut scene = scene();
    let (verdict, _) = scene.timed(&Brought::read(signed(&bobs()).as_bytes()).unwrap());
    let mut later = scene.proved(&verdict, message::now() + 1.hours());
    later.answer = Some("another".into());
    scene.evidence.push(later);
    refused(
        &scene.judged(&signed(&bobs())),
        Stage::InTime,
        "brought_overtaken",
    );
}

#[test]
fn an_answer_proves_only_settings_that_a_sign_in_here_had_shown_before_it() {
    const CODE: &str = "brought_before_settings";
    let answer = signed(&bobs());
    let refused_with = |evidence: Vec<Evidence>| {
        let scene = Scene {
            evidence,
            ..scene()
        };
        refused(&scene.judged(&answer), Stage::InTime, CODE);
    };
    let [owners] = &scene().evidence[..] else {
        panic!("the Owner has signed in");
    };
    let other = |at| {
        let mut changed = message::connection();
        changed.sign_on_url = "https://login.acme.example/another".parse().unwrap();
        Evidence {
            at,
            fingerprint: Fingerprint::of(&Connection::Saml(changed), None),
            ..owners.clone()
        }
    };
    let proved = |at| Evidence {
        at,
        ..owners.clone()
    };
    let now = message::now();
    refused_with(Vec::new());
    // Made with the former settings, or between two times of today's.
    refused_with(vec![other(now - 1.hours()), proved(now + 10.minutes())]);
    refused_with(vec![
        proved(now - 2.hours()),
        other(now - 1.hours()),
        proved(now + 1.hours()),
    ]);
    // What proves nothing itself.
    let brought = Evidence {
        way: Way::File,
        ..proved(now - 1.hours())
    };
    let imported = Evidence {
        imported: true,
        ..proved(now - 1.hours())
    };
    refused_with(vec![brought, imported]);
    // The provider's clock may be a little behind.
    let scene = Scene {
        evidence: vec![other(now - 1.hours()), proved(now + 30.seconds())],
        ..scene()
    };
    assert!(scene.judged(&answer).passed());
}

#[test]
fn what_came_with_a_workspace_keeps_no_answer_from_counting() {
    let mut scene = scene();
    let (verdict, at) = scene.timed(&Brought::read(signed(&bobs()).as_bytes()).unwrap());
    let imported = |at| Evidence {
        imported: true,
        ..scene.proved(&verdict, at)
    };
    let came = [imported(at), imported(message::now() + 1.hours())];
    scene.evidence.extend(came);
    assert!(scene.judged(&signed(&bobs())).passed());
}

#[test]
fn the_time_is_the_signed_one_not_that_of_the_envelope() {
    let late = swapped(
        &bobs(),
        "Version=\"2.0\" IssueInstant=\"2026-11-22T17:59:58Z\" Destination",
        "Version=\"2.0\" IssueInstant=\"2026-11-22T18:00:59Z\" Destination",
    );
    let (verdict, at) = scene().timed(&Brought::read(signed(&late).as_bytes()).unwrap());
    assert!(verdict.passed(), "{:?}", verdict.failed_at());
    assert_eq!(at, "2026-11-22T17:59:58Z".parse().unwrap());
}

#[test]
fn an_answer_that_nobody_asked_for_counts_no_more_than_the_service_would_let_it() {
    let none = bobs().replace(" InResponseTo=\"_request1\"", "");
    refused(
        &scene().judged(&signed(&none)),
        Stage::Answered,
        "saml_unsolicited",
    );
}

#[test]
fn an_answer_to_another_request_than_the_file_says_is_refused() {
    let text = file("_request2", &signed(&bobs()));
    refused(
        &scene().judged(&text),
        Stage::Answered,
        "brought_for_other_request",
    );
    let none = bobs().replace(" InResponseTo=\"_request1\"", "");
    let verdict = scene().judged(&file(message::REQUEST, &signed(&none)));
    assert!(!verdict.verified, "an answer to no request");
}

#[test]
fn an_answer_that_was_edited_or_is_for_somebody_else_is_refused_like_one_that_came_here() {
    let edited = swapped(&signed(&bobs()), "SecOps", "Admins");
    let verdict = scene().judged(&edited);
    assert_eq!(
        verdict.failed_at().map(|one| one.stage),
        Some(Stage::Signed)
    );
    let other = swapped(&bobs(), ">torq.io<", ">other.example<");
    let verdict = scene().judged(&signed(&other));
    assert_eq!(
        verdict.failed_at().map(|one| one.stage),
        Some(Stage::Addressed)
    );
}

fn oidc() -> Scene {
    let connection = Connection::Oidc(OidcConnection {
        issuer: token::issuer(),
        client_id: token::CLIENT.into(),
        ..oidc_connection()
    });
    let owners = message::judged(&signed(message::ANSWER));
    let before = Timestamp::from_second(token::NOW - 60).unwrap();
    Scene {
        evidence: vec![here(&connection, &owners, before)],
        connection,
        owner: token::OWNER,
        now: Timestamp::from_second(token::NOW + 7_200).unwrap(),
    }
}

fn bobs_token() -> String {
    let mut claims = token::with("email", json!(BOB));
    claims["sub"] = json!("00u2");
    token::saying(&claims)
}

#[test]
fn an_id_token_is_taken_alone_in_a_token_answer_and_in_a_file() {
    let token = bobs_token();
    let answer = json!({ "access_token": "opaque", "id_token": token }).to_string();
    for text in [token.clone(), answer] {
        let verdict = oidc().judged(&text);
        assert!(verdict.passed(), "{:?}", verdict.failed_at());
    }
    let sent_to: Url = LOOPBACK.parse().unwrap();
    let in_file = |request| {
        let file = AnswerFile {
            protocol: Protocol::Oidc,
            request,
            sent_to: &sent_to,
            answer: &SecretString::from(token.as_str()),
        };
        oidc().judged(file.written().expose_secret())
    };
    assert!(in_file(token::NONCE).passed());
    refused(
        &in_file("another"),
        Stage::Answered,
        "brought_for_other_request",
    );
}

#[test]
fn a_token_counts_once_and_the_owners_is_none_of_a_second_person() {
    let mut scene = oidc();
    let (verdict, at) = scene.timed(&Brought::read(bobs_token().as_bytes()).unwrap());
    scene.evidence.push(scene.proved(&verdict, at));
    refused(
        &scene.judged(&bobs_token()),
        Stage::Answered,
        "brought_again",
    );
    let owners = token::saying(&token::claims());
    refused(&oidc().judged(&owners), Stage::Identified, "brought_owner");
}

#[test]
fn what_is_neither_a_token_nor_a_response_is_not_called_an_answer() {
    for text in ["nonsense", "what Bob wrote", "<Response/>", "eyJhbGciOi"] {
        refused(&oidc().judged(text), Stage::Answered, "brought_unreadable");
    }
}

#[test]
fn the_other_protocols_answer_is_named() {
    refused(
        &scene().judged(&bobs_token()),
        Stage::Answered,
        "brought_other_protocol",
    );
    refused(
        &oidc().judged(&signed(&bobs())),
        Stage::Answered,
        "brought_other_protocol",
    );
}

#[test]
fn what_is_no_answer_is_told_for_what_it_is_and_never_quoted() {
    let secret = "c2VjcmV0LXNlY3JldA";
    for (text, code) in [
        (String::new(), "brought_empty"),
        (" \n".into(), "brought_empty"),
        ("{".into(), "brought_unreadable"),
        (
            format!("{{\"format\": \"latchkey-answer/1\", \"answer\": {{\"{secret}\": 1}}}}"),
            "brought_unreadable",
        ),
        (
            format!("{{\"format\": \"latchkey-answer/1\", \"colour\": \"{secret}\"}}"),
            "brought_unreadable",
        ),
        (
            format!("{{\"format\": \"latchkey-answer/2\", \"x\": \"{secret}\"}}"),
            "brought_newer",
        ),
        (
            format!("{{\"format\": \"latchkey/1\", \"x\": \"{secret}\"}}"),
            "brought_unreadable",
        ),
        (
            format!("{{\"id_token\": \"{secret}\"}}"),
            "brought_unreadable",
        ),
        (
            format!("http://127.0.0.1:8765/callback?state=x&code={secret}"),
            "brought_is_code",
        ),
        (
            "x".repeat(latchkey_core::brought::LARGEST + 1),
            "brought_too_large",
        ),
    ] {
        let fault = Brought::read(text.as_bytes()).unwrap_err();
        assert_eq!(fault.code(), code, "{}", &text[..text.len().min(80)]);
        let words = fault.words();
        assert!(!words.what.contains(secret), "{}", words.what);
    }
    let fault = Brought::read(&[0xFF, 0xFE, 0x00]).unwrap_err();
    assert_eq!(fault.code(), "brought_unreadable");
    let keyed = "{\"format\": \"latchkey-answer/1\", \"protocol\": \"saml\", \"colour\": 1}";
    let words = Brought::read(keyed.as_bytes()).unwrap_err().words();
    assert!(words.what.contains("colour"), "{}", words.what);
}

/// A recording of one sign-in with SAML, whose answer went to this address.
fn recording(sent_to: &str, answer: &str) -> String {
    use base64::Engine;
    let encoded = base64::engine::general_purpose::STANDARD.encode(answer);
    json!({ "log": { "version": "1.2", "creator": { "name": "WebInspector", "version": "537.36" }, "entries": [{
        "startedDateTime": "2026-11-22T17:59:59.000Z", "time": 10.0,
        "request": { "method": "POST", "url": sent_to, "httpVersion": "http/1.1", "headers": [], "queryString": [],
            "cookies": [], "headersSize": -1, "bodySize": -1,
            "postData": { "mimeType": "application/x-www-form-urlencoded",
                "params": [{ "name": "SAMLResponse", "value": encoded }] } },
        "response": { "status": 200, "statusText": "OK", "httpVersion": "http/1.1", "headers": [], "cookies": [],
            "content": { "size": 0, "mimeType": "text/html" }, "redirectURL": "", "headersSize": -1, "bodySize": -1 },
        "cache": {}, "timings": { "send": 0, "wait": 10, "receive": 0 } }] } })
    .to_string()
}

#[test]
fn the_answer_of_a_recording_is_judged_and_one_that_the_service_saw_is_said_to_be() {
    let here = scene().judged(&recording(LOOPBACK, &signed(&bobs())));
    assert!(here.passed(), "{:?}", here.failed_at());
    assert_eq!(told(&here, Severity::Warning), Vec::<String>::new());
    let service = signed(&changed(message::OWNER, BOB));
    let seen = scene().judged(&recording(message::ACS, &service));
    assert!(seen.passed(), "{:?}", seen.failed_at());
    assert_eq!(told(&seen, Severity::Warning), ["brought_from_service"]);
    let empty = json!({ "log": { "entries": [] } }).to_string();
    assert_eq!(
        Brought::read(empty.as_bytes()).unwrap_err().code(),
        "brought_unreadable"
    );
}
