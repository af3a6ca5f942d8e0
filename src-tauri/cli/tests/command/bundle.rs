//! `latchkey diagnose --bundle`

use std::io::Read;
use std::path::Path;

use flate2::read::DeflateDecoder;
use serde_json::{Value, json};

use crate::bench::{Files, latchkey, set_up};

/// What must not be in any byte of a bundle.
const SECRETS: [&str; 9] = [
    "s3cr3t-state",
    "c0de-of-the-flow",
    "Sid-Cookie-Value",
    "hunter2",
    "eyJhbGciOiJ",
    "olivia",
    "acme.example",
    "PHNhbWxwOl",
    "Olivia Owner",
];

/// A recording in which Microsoft Entra ID refuses the person.
fn recording() -> String {
    let asked = "https://login.microsoftonline.com/t/oauth2/v2.0/authorize?client_id=c1&response_type=code\
                 &redirect_uri=https%3A%2F%2Fapp.torq.io%2F__%2Fauth%2Fhandler&state=s3cr3t-state&login_hint=olivia%40acme.example";
    let answer = "https://app.torq.io/__/auth/handler?error=access_denied\
                  &error_description=AADSTS50105%3A+olivia%40acme.example&state=s3cr3t-state&code=c0de-of-the-flow";
    let entry = |url: &str, to: &str, post: Value| {
        json!({
            "startedDateTime": "2026-11-22T18:00:00Z", "time": 5,
            "request": {"method": "POST", "url": url, "postData": post,
                "headers": [{"name": "Cookie", "value": "sid=Sid-Cookie-Value"}, {"name": "User-Agent", "value": "X Firefox/148.0"},
                    {"name": "Authorization", "value": "Bearer eyJhbGciOiJSUzI1NiJ9.e30.c2ln"}]},
            "response": {"status": if to.is_empty() { 200 } else { 302 },
                "headers": [{"name": "Location", "value": to}, {"name": "Set-Cookie", "value": "sid=Sid-Cookie-Value"}],
                "content": {"mimeType": "text/html", "size": 30, "text": "<p>Olivia Owner, olivia@acme.example</p>"},
                "redirectURL": to},
        })
    };
    let posted = json!({"mimeType": "application/x-www-form-urlencoded", "text": "login=olivia%40acme.example&passwd=hunter2"});
    let brought = json!({"mimeType": "application/x-www-form-urlencoded", "text": "SAMLResponse=PHNhbWxwOlJlc3BvbnNl"});
    let entries = [entry(asked, answer, posted), entry(answer, "", brought)];
    json!({"log": {"version": "1.2", "creator": {"name": "Firefox", "version": "148"}, "entries": entries}}).to_string()
}

/// The files of a zip, unpacked.
fn unzipped(path: &str) -> Vec<(String, String)> {
    let zip = std::fs::read(path).unwrap();
    let mut files = Vec::new();
    let mut at = 0;
    while zip[at..].starts_with(b"PK\x03\x04") {
        let long = |from: usize| {
            u32::from_le_bytes(zip[at + from..at + from + 4].try_into().unwrap()) as usize
        };
        let name_length = u16::from_le_bytes([zip[at + 26], zip[at + 27]]) as usize;
        let name = at + 30;
        let content = name + name_length;
        let mut text = String::new();
        DeflateDecoder::new(&zip[content..content + long(18)])
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text.len(), long(22));
        files.push((
            String::from_utf8_lossy(&zip[name..content]).into_owned(),
            text,
        ));
        at = content + long(18);
    }
    files
}

fn free_of_secrets(files: &[(String, String)]) {
    for (name, text) in files {
        for secret in SECRETS {
            assert!(!text.contains(secret), "{secret} is in {name}: {text}");
        }
    }
}

#[test]
fn a_recording_goes_into_the_zip_without_anything_secret_or_personal() {
    for people in ["hash", "mask"] {
        let files = Files::new();
        let acme = files.with("acme.json", set_up().to_string());
        let (har, zip) = (
            files.with("sign-in.har", recording()),
            files.path("for-support.zip"),
        );
        let answers = json!({"error": "AADSTS50105 for olivia@acme.example", "person": "olivia@acme.example", "affected": "some",
            "changes": "passwd=hunter2 was changed; Authorization: Bearer eyJhbGciOiJSUzI1NiJ9.e30.c2ln"});
        let answers = files.with("answers.json", answers.to_string());
        let args = [
            "diagnose",
            &acme,
            "--har",
            &har,
            "--bundle",
            &zip,
            "--answers",
            &answers,
            "--people",
            people,
            "--json",
        ];
        let ran = latchkey(&args);
        assert_eq!(ran.status, 1, "{ran:?}");
        let told = ran.json();
        let unzipped = unzipped(&zip);
        free_of_secrets(&unzipped);
        let report = &unzipped[0].1;
        let cause = told["findings"][0]["code"].as_str().unwrap();
        assert!(
            report.contains(cause),
            "the diagnosis stands on top: {report}"
        );
        for part in [
            "Firefox 148.0",
            "2026-11-22T18:00:00Z",
            "All or some users: some",
            "broke here",
        ] {
            assert!(report.contains(part), "{part}: {report}");
        }
        assert_eq!(report.contains("person-"), people == "hash");
        let manifest: Value = serde_json::from_str(&unzipped.last().unwrap().1).unwrap();
        let listed = manifest["files"].as_array().unwrap();
        assert_eq!(listed.len() + 1, unzipped.len());
        for (line, (name, text)) in listed.iter().zip(&unzipped) {
            assert_eq!(
                (line["name"].as_str(), line["size"].as_u64()),
                (Some(name.as_str()), Some(text.len() as u64))
            );
        }
        let said = told["bundle"]["files"].as_array().unwrap();
        for (said, listed) in said.iter().zip(listed) {
            assert_eq!(
                (&said["name"], &said["sha256"]),
                (&listed["name"], &listed["sha256"])
            );
        }
    }
}

#[test]
fn an_error_text_goes_into_the_zip_as_the_exact_error() {
    let files = Files::new();
    let zip = files.path("for-support.zip");
    let text = "AADSTS50011: The redirect URI is not there. code=c0de-of-the-flow";
    let ran = latchkey(&["diagnose", "--error", text, "--bundle", &zip]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.out.contains("Look through it"), "{ran:?}");
    let unzipped = unzipped(&zip);
    free_of_secrets(&unzipped);
    assert!(
        unzipped[0]
            .1
            .contains("AADSTS50011: The redirect URI is not there."),
        "{unzipped:?}"
    );
}

#[test]
fn what_cannot_be_used_leaves_no_zip_behind_and_one_that_is_there_stays() {
    let files = Files::new();
    let there = files.with("there.zip", "mine");
    let ran = latchkey(&["diagnose", "--error", "x", "--bundle", &there]);
    assert_eq!(
        (ran.status, ran.err.contains("does not exist yet")),
        (2, true),
        "{ran:?}"
    );
    assert_eq!(std::fs::read_to_string(&there).unwrap(), "mine");
    let zip = files.path("new.zip");
    let (no_har, typo) = (
        files.with("no.har", "[]"),
        files.with("typo.json", "{\"eror\":\"x\"}"),
    );
    for args in [
        &["diagnose", "--har", &no_har, "--bundle", &zip][..],
        &[
            "diagnose",
            "--error",
            "x",
            "--bundle",
            &zip,
            "--answers",
            &typo,
        ],
        &["diagnose", "--error", "x", "--answers", &typo],
        &[
            "diagnose",
            "--error",
            "-",
            "--bundle",
            &zip,
            "--answers",
            "-",
        ],
    ] {
        let ran = latchkey(args);
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(!Path::new(&zip).exists(), "{args:?}");
    }
}
