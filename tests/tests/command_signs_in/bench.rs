//! One sign-in by the command, with a scripted browser in the place of the system's.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::process::{Child, ChildStdout, Command};

use latchkey_tests::browser::{Browser, Delivered, Landing};
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};
use tempfile::TempDir;
use url::Url;

use latchkey_tests::command::{self, latchkey};

pub(crate) const OLIVIA: &str = "olivia@acme.example";
pub(crate) const BOB: &str = "bob@acme.example";

/// A free port; whoever wants it next is quicker only by a wonder.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

pub(crate) fn callback(port: u16) -> Url {
    format!("http://127.0.0.1:{port}/callback").parse().unwrap()
}

/// Olivia is the Owner by her address, Bob a Contributor by his group.
pub(crate) fn set_up(issuer: &str, client_id: &str, flow: &str) -> Value {
    json!({
        "format": "latchkey/1",
        "workspace": { "service": "torq", "name": "Acme", "region": "us", "owner_email": OLIVIA },
        "connection": {
            "protocol": "oidc", "provider": "other", "issuer": issuer, "client_id": client_id,
            "scopes": ["openid", "email", "profile", "groups"], "flow": flow, "login_hint": false
        },
        "rules": [
            { "claim": "email", "value": OLIVIA, "role": "Owner" },
            { "claim": "groups", "value": "SecOps", "role": "Contributor" }
        ]
    })
}

/// A client that follows no proxy. reqwest has no TLS of its own here and wants one even for plain HTTP.
pub(crate) fn plain_http() -> reqwest::Client {
    // An error means that it is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// A sign-in that has printed its first line and waits.
pub(crate) struct SignIn {
    child: Child,
    lines: BufReader<ChildStdout>,
    secret: Option<String>,
    _files: TempDir,
    /// The first line's address.
    pub(crate) open: Url,
    pub(crate) callback: Url,
}

/// How it ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: i32,
    pub(crate) verdict: Value,
    pub(crate) messages: String,
}

impl SignIn {
    pub(crate) fn start(set_up: &Value, secret: Option<&str>, port: u16, more: &[&str]) -> Self {
        Self::start_as(set_up, secret, port, more, |_| {})
    }

    /// The same, in an environment of its own.
    pub(crate) fn start_as(
        set_up: &Value,
        secret: Option<&str>,
        port: u16,
        more: &[&str],
        prepare: impl FnOnce(&mut Command),
    ) -> Self {
        let files = tempfile::tempdir().unwrap();
        let file = |name: &str, content: &str| {
            let path = files.path().join(name);
            std::fs::write(&path, content).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let set_up = file("acme.json", &set_up.to_string());
        let port = port.to_string();
        let mut args = vec!["sign-in", &set_up, "--loopback", &port, "--json"];
        // An editor leaves a line break behind it.
        let secret_file = secret.map(|secret| file("secret.txt", &format!("{secret}\n")));
        if let Some(path) = &secret_file {
            args.extend(["--secret-file", path]);
        }
        args.extend(more);
        let mut command = latchkey(&args);
        prepare(&mut command);
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        let first: Value = serde_json::from_str(&line).unwrap_or_else(|error| {
            let mut said = String::new();
            let _ = child.stderr.take().unwrap().read_to_string(&mut said);
            panic!("{error}: {line:?}\n{said}")
        });
        let Some(open) = first["open"].as_str() else {
            panic!("the first line is to be opened: {line}")
        };
        Self {
            open: open.parse().unwrap(),
            callback: callback(port.parse().unwrap()),
            child,
            lines,
            secret: secret.map(str::to_owned),
            _files: files,
        }
    }

    /// Signs in, and brings the answer to the command as a browser would.
    pub(crate) async fn by_person(self, email: &str, password: &str) -> Ended {
        self.by_person_in(&Browser::new(), email, password).await
    }

    /// The same in a browser that may have been at the provider before.
    pub(crate) async fn by_person_in(
        self,
        browser: &Browser,
        email: &str,
        password: &str,
    ) -> Ended {
        let landing = browser
            .sign_in(&self.open, email, password, &self.callback)
            .await;
        let landing = landing.unwrap_or_else(|error| panic!("{error}"));
        self.answered_by(browser, landing).await
    }

    pub(crate) async fn answered_by(self, browser: &Browser, landing: Landing) -> Ended {
        let told = ["code", "id_token", "state", "SAMLResponse", "RelayState"];
        let told = told.map(|name| landing.value(name));
        let delivered = browser.deliver(landing).await.unwrap();
        assert_eq!(delivered.status, 200, "{}", delivered.body);
        if let Some(fragment) = delivered.fragment.clone() {
            self.hand_on(&delivered, fragment).await;
        }
        let ended = self.ended();
        let shown = format!("{}{}", ended.verdict, ended.messages);
        for value in told.iter().flatten() {
            assert!(
                !shown.contains(value),
                "{value} of the answer is in {shown}"
            );
        }
        ended
    }

    /// What the script of the answered page does: no script runs in this browser.
    async fn hand_on(&self, page: &Delivered, fragment: String) {
        const KIND: &str = "application/x-latchkey-fragment";
        assert!(page.body.contains(KIND), "{}", page.body);
        let http = plain_http();
        let taken = http
            .post(self.callback.clone())
            .header(CONTENT_TYPE, KIND)
            .header("sec-fetch-site", "same-origin")
            .body(fragment)
            .send()
            .await;
        assert!(taken.unwrap().status().is_success());
    }

    fn ended(mut self) -> Ended {
        let (mut rest, mut messages) = (String::new(), String::new());
        self.lines.read_to_string(&mut rest).unwrap();
        let mut stderr = self.child.stderr.take().unwrap();
        stderr.read_to_string(&mut messages).unwrap();
        let status = self.child.wait().unwrap().code().unwrap();
        assert_eq!(
            rest.lines().count(),
            1,
            "the verdict is one line: {rest:?} {messages}"
        );
        if let Some(secret) = &self.secret {
            assert!(!rest.contains(secret) && !messages.contains(secret));
        }
        Ended {
            status,
            verdict: serde_json::from_str(&rest).unwrap(),
            messages,
        }
    }
}

impl Drop for SignIn {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Ended {
    /// Every stage passed, with this role by this rule.
    pub(crate) fn assert_role(&self, email: &str, role: &str, rule: u32) {
        assert_eq!(self.status, 0, "{self:#?}");
        assert_eq!(self.messages, "", "{self:#?}");
        assert_eq!(self.verdict["verified"], true, "{self:#?}");
        assert_eq!(self.verdict["claims"]["email"], json!([email]));
        assert_eq!(self.verdict["role"], role);
        assert_eq!(self.verdict["rule"], rule);
        let stages = self.verdict["stages"].as_array().unwrap();
        assert_eq!(stages.len(), 7);
        assert!(
            stages.iter().all(|stage| stage["outcome"] == "passed"),
            "{self:#?}"
        );
    }

    /// A stage failed, its first finding says why, and nobody is shown.
    pub(crate) fn assert_refused(&self, stage: &str, code: &str) {
        assert_eq!(self.status, 1, "{self:#?}");
        let expected = (stage.to_owned(), code.to_owned());
        assert_eq!(self.failure(), Some(expected), "{self:#?}");
        assert_eq!(self.verdict["verified"], false, "{self:#?}");
        assert_eq!(self.verdict["claims"], json!({}), "{self:#?}");
        assert_eq!(self.verdict["role"], Value::Null, "{self:#?}");
    }

    /// Every finding as (stage, severity, code), in order.
    pub(crate) fn findings(&self) -> Vec<(String, String, String)> {
        command::findings(&self.verdict)
    }

    /// The stage that failed with its first error's code.
    pub(crate) fn failure(&self) -> Option<(String, String)> {
        command::failure(&self.verdict)
    }
}
