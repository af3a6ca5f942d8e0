//! A support bundle: everything that helps, and nothing that is nobody else's business.

use std::io::Read;

use flate2::read::DeflateDecoder;
use jiff::Timestamp;
use latchkey_core::check::check;
use latchkey_core::diagnosis::bundle::{
    Affected, Asked, Bundle, Contents, Personal, Redacted, Redaction, findings,
};
use latchkey_core::diagnosis::{Known, of_har};
use latchkey_core::finding::{Finding, Told};
use latchkey_core::{Catalogue, Fault, SetUp};
use serde_json::{Value, json};

use crate::har::cases::set_up;

const MADE: &str = "2026-11-23T08:30:02Z";

/// The secrets that stand in the recording and in the answers, each once, of the shapes that secrets
/// have: random characters, tokens, GUIDs in a query, passwords that are words.
fn secrets() -> Vec<String> {
    (0..50)
        .map(|number| match number % 4 {
            0 => format!("x8K{number}qZ7pLm2VtR9wYs4NcD1fGhJ6"),
            1 => format!("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiI{number}.c2lnbmF0dXJl{number}AbC"),
            2 => format!("correct-horse-{number}-battery"),
            _ => format!("0.AXoA{number}-secretcode_valueXYZ0123"),
        })
        .collect()
}

/// A recording with a secret in every place that one may stand in.
fn recording(secrets: &[String]) -> String {
    let mut next = secrets.iter().cycle();
    let mut one = || next.next().unwrap().clone();
    let mut entry = |status: u16| {
        let url = format!(
            "https://u:{}@idp.example/a/{}/authorize?client_id=c1&response_type=code&redirect_uri=https%3A%2F%2Fapp.torq.io%2F__%2Fauth%2Fhandler&state={}&nonce={}&x={}#id_token={}&y={}",
            one(),
            secrets[0],
            one(),
            one(),
            one(),
            one(),
            one()
        );
        json!({
            "_initiator": {"url": one()}, "_comment": one(), "comment": one(), "pageref": one(),
            "startedDateTime": "2026-11-22T18:00:00Z", "time": 5, "serverIPAddress": one(), "connection": one(),
            "request": {
                "method": "POST", "url": url, "httpVersion": one(), "comment": one(),
                "headers": [
                    {"name": "Cookie", "value": format!("sid={}", one())}, {"name": "Authorization", "value": format!("Bearer {}", one())},
                    {"name": "Referer", "value": format!("https://a.example/?t={}", one())}, {"name": "X-Api-Key", "value": one()},
                    {"name": "User-Agent", "value": format!("Mozilla/5.0 Chrome/142.0.0.0 Safari/537.36 {}", one())},
                    {"name": "X-Csrf", "value": one(), "comment": one()}, {"name": "Origin", "value": format!("https://{}.example", one())},
                ],
                "queryString": [{"name": "state", "value": one()}, {"name": one(), "value": "x"}],
                "cookies": [{"name": "sid", "value": one(), "path": one()}],
                "postData": {"mimeType": "application/x-www-form-urlencoded", "text": format!("password={}&client_secret={}", one(), one()),
                    "params": [{"name": "code", "value": one()}, {"name": "SAMLResponse", "value": one(), "fileName": one()}]},
            },
            "response": {
                "status": status, "statusText": one(), "comment": one(), "_error": "",
                "headers": [
                    {"name": "Set-Cookie", "value": format!("sid={}", one())}, {"name": "Location", "value": format!("https://app.torq.io/__/auth/handler?code={}&state={}", one(), one())},
                    {"name": "X-Request", "value": one()}, {"name": "Content-Security-Policy", "value": format!("script-src 'nonce-{}'", one())},
                ],
                "cookies": [{"name": "sid", "value": one()}],
                "content": {"mimeType": "application/json", "size": 100, "text": json!({"access_token": one(), "refresh_token": one(), "id_token": one(), "error": "x", "error_description": one()}).to_string()},
                "redirectURL": format!("https://app.torq.io/__/auth/handler#access_token={}", one()),
            },
            "cache": {"afterRequest": {"eTag": one()}}, "timings": {"comment": one()},
        })
    };
    let entries = [entry(302), entry(403)];
    let log = json!({"log": {"version": "1.2", "creator": {"name": "WebInspector", "version": "1"},
        "browser": {"name": secrets[1], "version": secrets[2]}, "comment": secrets[3],
        "pages": [{"id": "p", "title": format!("https://x.example/?token={}", secrets[4]), "comment": secrets[5]}], "entries": entries}});
    log.to_string()
}

fn bundle(personal: Personal, secrets: &[String]) -> Bundle {
    let set_up = set_up(json!({
        "protocol": "oidc", "provider": "okta", "issuer": "https://acme.okta.com", "client_id": "0oa1b2c3d4E5f6G7h8i9",
        "scopes": ["openid"], "flow": "code", "login_hint": false,
    }));
    let known = Known {
        set_up: Some(&set_up),
        catalogue: Catalogue::built_in(),
        now: MADE.parse().unwrap(),
    };
    let file = recording(secrets);
    let redaction = Redaction::new(Personal::Hash);
    let (diagnosis, recording) = Redacted::of_har(file.as_bytes(), &known, &redaction).unwrap();
    let findings: Vec<_> = diagnosis.findings.iter().map(Finding::told).collect();
    let asked = Asked {
        error: format!(
            "AADSTS50011 for olivia@acme.example, token={} client_secret: {} {{\"otp\":\"battery\",\"name\":\"Olivia Owner\"}}",
            secrets[6], secrets[10]
        ),
        address: format!(
            "https://app.torq.io/login?code={}&email=olivia%40acme.example",
            secrets[7]
        ),
        browser: "Chrome 142".to_owned(),
        person: "olivia@acme.example".to_owned(),
        began: "2026-11-22, about 18:00 UTC".to_owned(),
        affected: Some(Affected::Some),
        changes: format!(
            "Rotated the certificate; Authorization: Bearer {}",
            secrets[8]
        ),
    };
    let redaction = redaction.with(personal);
    let contents = Contents {
        findings: &findings,
        chain: diagnosis.chain(),
        set_up: Some(&set_up),
        recording: Some(&recording),
        asked: &asked,
        made: MADE.parse::<Timestamp>().unwrap(),
        version: "0.1.0",
    };
    Bundle::new(&contents, &redaction)
}

fn all(bundle: &Bundle) -> String {
    bundle
        .files()
        .iter()
        .map(|file| format!("== {}\n{}", file.name, file.text))
        .collect()
}

#[test]
fn no_secret_of_a_recording_or_an_answer_is_in_the_bundle() {
    let secrets = secrets();
    for personal in [Personal::Hash, Personal::Mask] {
        let text = all(&bundle(personal, &secrets));
        let found: Vec<&String> = secrets
            .iter()
            .filter(|secret| text.contains(secret.as_str()))
            .collect();
        assert!(found.is_empty(), "{found:?} in {text}");
        // Parts of a token give as much away as the whole.
        for part in [
            "eyJ",
            "c2lnbmF0dXJl",
            "secretcode",
            "battery",
            "olivia",
            "Olivia",
        ] {
            assert!(!text.contains(part), "{part} in {text}");
        }
    }
}

#[test]
fn what_support_asks_for_is_there_with_the_diagnosis_on_top() {
    let bundle = bundle(Personal::Hash, &secrets());
    let names: Vec<&str> = bundle
        .files()
        .iter()
        .map(|file| file.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "report.md",
            "diagnosis.json",
            "setup.json",
            "recording.har",
            "manifest.json"
        ]
    );
    let report = &bundle.files()[0].text;
    let diagnosis = report.find("## Diagnosis").unwrap();
    let asked = report.find("## What support asks for").unwrap();
    assert!(diagnosis < asked, "{report}");
    for part in [
        "AADSTS50011",
        "Chrome 142",
        "All or some users: some",
        "about 18:00 UTC",
        "Rotated the certificate",
        "https://app.torq.io/login?code=•••&email=•••",
    ] {
        assert!(report.contains(part), "{part}: {report}");
    }
    let set_up = &bundle.files()[2].text;
    assert!(
        set_up.contains("https://acme.okta.com") && set_up.contains("0oa1b2c3d4E5f6G7h8i9"),
        "{set_up}"
    );
    assert!(
        set_up.contains("SecOps"),
        "rules are what support compares: {set_up}"
    );
}

#[test]
fn a_person_is_one_word_in_one_bundle_and_another_in_the_next() {
    let person = |bundle: &Bundle| {
        let text = all(bundle);
        let at = text.find("person-").unwrap();
        let word = text[at..at + 19].to_owned();
        assert!(text.matches(&word).count() >= 2, "{text}");
        word
    };
    let secrets = secrets();
    assert_ne!(
        person(&bundle(Personal::Hash, &secrets)),
        person(&bundle(Personal::Hash, &secrets))
    );
    assert!(!all(&bundle(Personal::Mask, &secrets)).contains("person-"));
}

#[test]
fn the_recording_keeps_its_structure_and_can_be_diagnosed_again() {
    let bundle = bundle(Personal::Hash, &secrets());
    let text = bundle.files()[3].text.clone();
    let log: Value = serde_json::from_str(&text).unwrap();
    let entries = log["log"]["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[0]["response"]["status"], 302);
    assert_eq!(
        entries[0]["request"]["postData"]["params"][0]["name"],
        "code"
    );
    let known = Known {
        set_up: None,
        catalogue: Catalogue::built_in(),
        now: MADE.parse().unwrap(),
    };
    let again = of_har(text.as_bytes(), &known).unwrap();
    assert_eq!(again.recording.requests, 2);
    assert!(!again.chains.is_empty());
}

#[test]
fn the_manifest_names_every_file_with_its_digest_and_what_was_taken_out() {
    let bundle = bundle(Personal::Hash, &secrets());
    let files = bundle.files();
    let manifest: Value = serde_json::from_str(&files[4].text).unwrap();
    let listed = manifest["files"].as_array().unwrap();
    assert_eq!(listed.len(), 4);
    for (line, file) in listed.iter().zip(files) {
        assert_eq!(line["name"], file.name.as_str());
        assert_eq!(line["size"], file.text.len());
        assert_eq!(line["sha256"], file.sha256.as_str());
        assert!(!line["removed"].as_array().unwrap().is_empty(), "{line}");
    }
}

#[test]
fn the_zip_holds_exactly_what_the_preview_shows() {
    let bundle = bundle(Personal::Hash, &secrets());
    let zip = bundle.zip();
    let mut at = 0;
    for file in bundle.files() {
        let number = |from: usize| {
            u32::from_le_bytes(zip[at + from..at + from + 4].try_into().unwrap()) as usize
        };
        assert_eq!(&zip[at..at + 4], b"PK\x03\x04");
        let (packed, plain) = (number(18), number(22));
        let name = at + 30;
        assert_eq!(&zip[name..name + file.name.len()], file.name.as_bytes());
        let content = name + file.name.len();
        let mut text = String::new();
        DeflateDecoder::new(&zip[content..content + packed])
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(
            (text.as_str(), plain),
            (file.text.as_str(), file.text.len())
        );
        at = content + packed;
    }
    assert_eq!(&zip[at..at + 4], b"PK\x01\x02");
}

#[test]
fn a_recording_answers_what_was_left_open_and_nothing_else() {
    let known = Known {
        set_up: None,
        catalogue: Catalogue::built_in(),
        now: MADE.parse().unwrap(),
    };
    let diagnosis = of_har(recording(&secrets()).as_bytes(), &known).unwrap();
    let given = Asked {
        browser: "Safari 26".to_owned(),
        ..Asked::default()
    };
    let filled = given.with_recording(&diagnosis.recording, diagnosis.chain());
    assert_eq!(filled.browser, "Safari 26");
    assert_eq!(filled.began, "2026-11-22T18:00:00Z");
    assert!(
        filled.address.starts_with("https://idp.example/"),
        "{filled:?}"
    );
    assert!(!filled.address.contains('?'), "{filled:?}");
    assert_eq!(
        (filled.error, filled.person),
        (String::new(), String::new())
    );
    let blank = Asked::default().with_recording(&diagnosis.recording, diagnosis.chain());
    assert_eq!(blank.browser, "Chrome 142.0.0.0");
}

#[test]
fn a_bundle_names_the_recordings_cause_then_the_errors_then_the_set_ups_each_once() {
    let mut set_up = SetUp::default();
    let catalogue = Catalogue::built_in();
    let now = MADE.parse().unwrap();
    let known = |set_up| Known {
        set_up,
        catalogue,
        now,
    };
    let codes = |of_recording: &[Told], error: &str, known: &Known<'_>| -> Vec<String> {
        let found = findings(of_recording, error, known);
        found.into_iter().map(|told| told.code).collect()
    };
    let nobody = known(None);
    assert_eq!(
        codes(&[], "AADSTS7000215", &nobody),
        ["client_secret_wrong"]
    );
    assert!(codes(&[], "it does not work", &nobody).is_empty());
    assert!(codes(&[], " ", &nobody).is_empty());
    let seen = Finding::error(Fault::SubjectMissing {}).told();
    let wrong = Finding::error(Fault::ClientSecretWrong {
        error: String::new(),
        provider: String::new(),
        evidence: String::new(),
        place: String::new(),
    });
    let both = [seen, wrong.told()];
    let expected = ["subject_missing", "client_secret_wrong"];
    assert_eq!(codes(&both, "AADSTS7000215", &nobody), expected);
    set_up.workspace.name = "Acme".to_owned();
    let said = codes(&both, "", &known(Some(&set_up)));
    assert_eq!(said[..2], expected);
    let wrong = check(&set_up, catalogue).findings;
    let mut errors = wrong.iter().filter(|finding| finding.is_error());
    assert!(errors.all(|error| said.contains(&error.fault.code())));
    let each: std::collections::HashSet<_> = said.iter().collect();
    assert!(each.len() == said.len() && each.len() > 2, "{said:?}");
}
