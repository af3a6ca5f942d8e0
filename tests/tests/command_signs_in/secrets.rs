//! After a whole journey by the command, no file and nothing that was said holds what is secret, in
//! whatever way it is written.

use std::fs;
use std::process::Command;

use latchkey_tests::browser::Browser;
use latchkey_tests::command::latchkey;
use latchkey_tests::planted::{Planted, content_below, files_below, ways_to_write};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::bench::{BOB, OLIVIA, SignIn, free_port, plain_http};
use crate::practice::Practice;
use crate::saml;

/// A computer with nothing on it but what the command leaves there.
struct Home {
    dir: TempDir,
    /// What was said on standard output and standard error.
    said: Vec<String>,
    planted: Planted,
}

impl Home {
    fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            said: Vec::new(),
            planted: Planted::default(),
        }
    }

    fn is_home_of(&self, command: &mut Command) {
        let below = |name: &str| self.dir.path().join(name);
        command
            .env("HOME", self.dir.path())
            .env("TMPDIR", self.dir.path())
            .env("XDG_DATA_HOME", below("data"))
            .env("XDG_CONFIG_HOME", below("config"))
            .env("XDG_CACHE_HOME", below("cache"))
            .env("XDG_STATE_HOME", below("state"))
            .env("RUST_LOG", "trace")
            .env("RUST_BACKTRACE", "1")
            .current_dir(self.dir.path());
    }

    fn run(&mut self, args: &[&str]) -> String {
        let mut command = latchkey(args);
        self.is_home_of(&mut command);
        let output = command.output().unwrap();
        let said = format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        self.said.push(said);
        String::from_utf8(output.stdout).unwrap()
    }

    /// A file that a person brings: it is no work of the command.
    fn brought(&self, outside: &TempDir, text: &str) -> String {
        let path = outside.path().join(format!("{}.txt", self.said.len()));
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    async fn signs_in(
        &mut self,
        set_up: &Value,
        secret: Option<&str>,
        (email, password): (&str, &str),
        port: u16,
        more: &[&str],
    ) {
        let sign_in = SignIn::start_as(set_up, secret, port, more, |command| {
            self.is_home_of(command);
        });
        let browser = Browser::new();
        let landing = browser
            .sign_in(&sign_in.open, email, password, &sign_in.callback)
            .await
            .unwrap();
        for what in ["code", "id_token", "SAMLResponse"] {
            if let Some(value) = landing.value(what) {
                self.planted.plant(what, &value);
            }
        }
        let ended = sign_in.answered_by(&browser, landing).await;
        assert_eq!(ended.status, 0, "{ended:#?}");
        self.said
            .push(format!("{}{}", ended.verdict, ended.messages));
    }

    /// Where something that was planted stands.
    fn found(&self) -> Vec<String> {
        let mut texts = content_below(self.dir.path());
        for (at, said) in self.said.iter().enumerate() {
            texts.push((format!("what run {at} said"), said.clone().into_bytes()));
        }
        self.planted.found_in(&texts)
    }
}

/// Everything that the command does with a workspace, with files that hold what they should not.
fn keeps_and_hands_over(home: &mut Home, set_up: &Value, outside: &TempDir) {
    let file = home.brought(outside, &set_up.to_string());
    home.run(&["workspaces", "import", &file]);
    home.run(&["workspaces", "import", &file, "--json"]);
    let whole = home.run(&["workspaces", "export", "Acme", "--whole"]);
    let whole = home.brought(outside, &whole);
    home.run(&["workspaces", "import", &whole, "--json"]);
    for more in [
        &["history", "Acme"][..],
        &["restore", "Acme", "1"],
        &["list"],
    ] {
        home.run(&[&["workspaces"], more].concat());
    }
    for form in [
        "json",
        "terraform",
        "identity-platform",
        "curl",
        "checklist",
        "sql",
    ] {
        home.run(&["export", &file, "--as", form]);
    }
    for (_, secret) in home.planted.clone().all() {
        // In a field of its own, in the field of another value, as an error, and as an answer.
        let mut wrong = set_up.clone();
        wrong["connection"]["client_secret"] = json!(secret);
        let wrong = home.brought(outside, &wrong.to_string());
        home.run(&["workspaces", "import", &wrong]);
        let answer = home.brought(outside, secret);
        home.run(&["verify-saml", &file, "--response", &answer, "--json"]);
        home.run(&["verify-token", &file, "--token", &answer, "--jwks", &answer]);
    }
}

#[tokio::test]
async fn nothing_secret_is_left_anywhere_after_a_journey_with_openid_connect() {
    let (mut home, outside) = (Home::new(), tempfile::tempdir().unwrap());
    let practice = Practice::start(&[]);
    let secret = practice.text("client_secret").to_owned();
    home.planted.plant("client secret", &secret);
    for flow in ["code", "implicit"] {
        let kept = Some(secret.as_str()).filter(|_| flow == "code");
        for email in [OLIVIA, BOB] {
            let person = (email, practice.password(email));
            let set_up = practice.set_up(flow);
            home.signs_in(&set_up, kept, person, free_port(), &[]).await;
        }
    }
    keeps_and_hands_over(&mut home, &practice.set_up("code"), &outside);
    assert!(home.planted.all().len() >= 5 && home.said.len() > 20);
    assert!(files_below(home.dir.path()).len() >= 2, "something is kept");
    assert_eq!(home.found(), Vec::<String>::new());
}

/// The practice provider with SAML, whose requests are signed.
async fn saml_set_up(metadata: &str) -> Value {
    let read = plain_http().get(metadata).send().await.unwrap();
    let xml = read.text().await.unwrap();
    let between = |from: &str, to: &str| {
        let (_, behind) = xml.split_once(from).unwrap();
        behind.split_once(to).unwrap().0.to_owned()
    };
    let body = between("X509Certificate>", "<");
    json!({
        "format": "latchkey/1",
        "workspace": { "service": "torq", "name": "Acme", "region": "us", "owner_email": OLIVIA },
        "connection": {
            "protocol": "saml", "provider": "other", "issuer": between("entityID=\"", "\""),
            "sign_on_url": between("Location=\"", "\""), "sign_requests": true,
            "certificates": [format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----")]
        },
        "rules": [
            { "claim": "email", "value": OLIVIA, "role": "Owner" },
            { "claim": "groups", "value": "SecOps", "role": "Contributor" }
        ]
    })
}

#[tokio::test]
async fn nothing_secret_is_left_anywhere_after_a_journey_with_saml() {
    let (mut home, outside) = (Home::new(), tempfile::tempdir().unwrap());
    let key = saml::Key::new();
    let pem = fs::read_to_string(key.path()).unwrap();
    let body: Vec<&str> = pem.lines().filter(|line| !line.starts_with('-')).collect();
    home.planted.plant("private key", body[1]);
    home.planted.plant("private key", body[body.len() / 3]);
    let practice = Practice::start(&[]);
    let set_up = saml_set_up(practice.text("saml_metadata")).await;
    for email in [OLIVIA, BOB] {
        let person = (email, practice.password(email));
        let key = key.path();
        home.signs_in(&set_up, None, person, free_port(), &["--key", &key])
            .await;
    }
    keeps_and_hands_over(&mut home, &set_up, &outside);
    assert!(home.planted.all().len() >= 4);
    assert_eq!(home.found(), Vec::<String>::new());
}

#[test]
fn a_secret_that_is_left_in_whatever_writing_is_found() {
    let secret = "s3cret/with+signs=and \"quotes\"";
    for written in ways_to_write(secret) {
        let mut home = Home::new();
        home.planted.plant("client secret", secret);
        assert_eq!(home.found(), Vec::<String>::new());
        let below = home.dir.path().join("cache");
        fs::create_dir(&below).unwrap();
        let left = [b"before", &written[..], b"behind"].concat();
        fs::write(below.join("left"), left).unwrap();
        assert!(
            !home.found().is_empty(),
            "{}",
            String::from_utf8_lossy(&written)
        );
        fs::remove_dir_all(below).unwrap();
        home.said.push(String::from_utf8(written).unwrap());
        assert!(!home.found().is_empty());
    }
}
