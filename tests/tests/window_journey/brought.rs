//! Answers and files that are brought to the real window: each that does not count is refused in its own
//! words, and nothing secret of any of them is left anywhere.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use latchkey_tests::browser::Browser;
use latchkey_tests::command::latchkey;
use latchkey_tests::planted::{Planted, content_below};
use latchkey_tests::provider_saml::{Person, SamlProvider, Signed, SimpleSamlShape};
use latchkey_tests::wizard::{SignInWindow, Wizard, free_port};
use serde_json::{Value, json};
use tempfile::TempDir;
use url::Url;

const OWNER: &str = "olivia@acme.example";
const SECOND: &str = "bob@acme.example";
const COOKIE: &str = "planted-cookie-5f1c2a";

/// A computer with nothing on it but what the window leaves there.
struct Home {
    dir: TempDir,
}

impl Home {
    fn below(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The window in it, as talkative as it and its engine can be.
    async fn opens(&self) -> Wizard {
        let home = self.dir.path().as_os_str().to_owned();
        let said = self.below("said.log");
        let environment: [(&str, &OsStr); 9] = [
            ("HOME", &home),
            ("TMPDIR", &home),
            ("RUST_LOG", "trace".as_ref()),
            ("RUST_BACKTRACE", "full".as_ref()),
            ("G_MESSAGES_DEBUG", "all".as_ref()),
            ("WEBKIT_DEBUG", "all".as_ref()),
            ("SOUP_DEBUG", "10".as_ref()),
            ("XDG_DATA_HOME", &home),
            ("XDG_CACHE_HOME", &home),
        ];
        Wizard::open_said(&self.below("data"), &environment, &said).await
    }
}

/// The answer to a sign-in on the person's own computer, and the address at which it began.
struct Answered {
    start: Url,
    callback: Url,
    answer: String,
}

/// Signs in by a request of the command's, as the person elsewhere would; the answer is not delivered.
async fn signs_in(set_up: &Path, port: u16, person: &Person) -> Answered {
    let set_up = set_up.to_str().expect("a plain path");
    let mut command = latchkey(&["sign-in", set_up, "--loopback", &port.to_string(), "--json"]);
    let mut child = command.spawn().expect("the command runs");
    let mut line = String::new();
    let said = child.stdout.take().expect("it is read here");
    BufReader::new(said).read_line(&mut line).expect("a line");
    let first: Value = serde_json::from_str(&line).expect("its first line is JSON");
    let start: Url = first["open"]
        .as_str()
        .and_then(|open| open.parse().ok())
        .expect("an address");
    let callback: Url = format!("http://127.0.0.1:{port}/callback")
        .parse()
        .expect("an address");
    let landing = Browser::new()
        .sign_in(&start, &person.email, &person.password, &callback)
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    child.kill().expect("it waits");
    child.wait().expect("it ends");
    let answer = landing.value("SAMLResponse").expect("an answer");
    Answered {
        start,
        callback,
        answer,
    }
}

/// A browser's recording of it, cookies and password included.
fn recording(of: &Answered, person: &Person) -> String {
    let entry = |at: u32, method: &str, url: &Url, params: Value| {
        json!({
            "startedDateTime": jiff::Timestamp::now().to_string(), "time": 10.0 + f64::from(at),
            "request": {
                "method": method, "url": url.as_str(), "httpVersion": "http/1.1", "queryString": [],
                "headers": [{ "name": "Cookie", "value": format!("session={COOKIE}") }],
                "cookies": [{ "name": "session", "value": COOKIE }], "headersSize": -1, "bodySize": -1,
                "postData": { "mimeType": "application/x-www-form-urlencoded", "params": params }
            },
            "response": {
                "status": 200, "statusText": "OK", "httpVersion": "http/1.1",
                "headers": [{ "name": "Set-Cookie", "value": format!("session={COOKIE}; Secure") }],
                "cookies": [], "content": { "size": 0, "mimeType": "text/html" }, "redirectURL": "",
                "headersSize": -1, "bodySize": -1
            },
            "cache": {}, "timings": { "send": 0, "wait": 10, "receive": 0 }
        })
    };
    let mut page = of.start.clone();
    page.set_query(None);
    let password = json!([{ "name": "username", "value": person.email }, { "name": "password", "value": person.password }]);
    let answer = json!([{ "name": "SAMLResponse", "value": of.answer }]);
    json!({ "log": { "version": "1.2", "creator": { "name": "WebInspector", "version": "537.36" }, "entries": [
        entry(0, "GET", &of.start, json!([])),
        entry(1, "POST", &page, password),
        entry(2, "POST", &of.callback, answer),
    ] } })
    .to_string()
}

/// The same answer with one digit of its time changed.
fn edited(answer: &str) -> String {
    let xml = STANDARD.decode(answer).expect("it is base64");
    let xml = String::from_utf8(xml).expect("it is XML");
    let (before, behind) = xml.split_once("IssueInstant=\"20").expect("it has a time");
    let digit = if behind.starts_with('2') { '1' } else { '2' };
    STANDARD.encode(format!("{before}IssueInstant=\"20{digit}{}", &behind[1..]))
}

fn answer_file(format: &str, request: &str, of: &Answered) -> Value {
    json!({
        "format": format, "protocol": "saml", "request": request,
        "sent_to": of.callback, "answer": of.answer,
    })
}

/// The workspace with its own key pair, at a provider that encrypts to it; up to the test step.
async fn connected(wizard: &Wizard, port: u16) -> SamlProvider {
    wizard.press("New workspace").await;
    wizard.says("Choose a provider").await;
    wizard.fill("Workspace name", "Acme").await;
    wizard.choose("United States").await;
    wizard.fill("Owner's e-mail", OWNER).await;
    wizard.choose("Other").await;
    wizard.choose("SAML 2.0").await;
    wizard.press("Continue").await;
    wizard.says("https://app.torq.io/__/auth/handler").await;
    wizard.unfold("Requests, keys and other choices").await;
    wizard.press("Make a key pair").await;
    wizard.says("Forget the key pair").await;
    let provider = SamlProvider::simplesamlphp(&SimpleSamlShape {
        signed: Signed::Both,
        encrypted_to: Some(own_certificate(wizard).await),
        callback_port: Some(port),
        ..SimpleSamlShape::default()
    });
    let provider = provider.expect("SimpleSAMLphp starts");
    let metadata = provider.metadata_url.as_str();
    wizard.fill("Metadata", metadata).await;
    wizard.press("Read").await;
    wizard.says("Read from").await;
    super::saml::map_and_go_on(wizard).await;
    provider
}

/// What the provider is told to encrypt to: the certificate in the service's own metadata.
async fn own_certificate(wizard: &Wizard) -> String {
    let list = wizard.asks("start", json!({})).await;
    let id = &list["home"]["workspaces"][0]["id"];
    let metadata = wizard.asks("service_metadata", json!({ "id": id })).await;
    let text = metadata.as_str().expect("a text");
    let (_, behind) = text
        .split_once("X509Certificate>")
        .expect("it names the key");
    let (body, _) = behind.split_once('<').expect("it ends");
    let body: String = body.split_whitespace().collect();
    let lines: Vec<&str> = body
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).expect("base64"))
        .collect();
    format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        lines.join("\n")
    )
}

async fn brings(wizard: &Wizard, answer: &str, says: &str) {
    wizard.choose("Elsewhere").await;
    wizard.fill("Role expected", "Contributor").await;
    wizard.paste("Answer", answer).await;
    wizard.press("Check the answer").await;
    wizard.says(says).await;
}

/// Has the desktop's own chooser open this file, or save to it.
fn chooses(title: &str, file: &Path) {
    let chooser = SignInWindow::wait_for(title);
    chooser.key("ctrl+l");
    // A name may be proposed there.
    chooser.key("ctrl+a");
    chooser.types(&file.display().to_string());
    chooser.confirm();
}

#[tokio::test]
async fn what_is_brought_and_does_not_count_says_why_and_nothing_secret_of_it_stays() {
    let home = Home {
        dir: tempfile::tempdir().expect("a temporary folder"),
    };
    let outside = tempfile::tempdir().expect("a temporary folder");
    let port = free_port();
    let wizard = home.opens().await;
    let provider = connected(&wizard, port).await;
    let (olivia, bob) = (provider.person(OWNER), provider.person(SECOND));

    // The Owner signs in here: the answer is encrypted to the workspace's own key.
    wizard.sign_in_as(&olivia.email, &olivia.password).await;
    wizard.says("olivia@acme.example gets").await;

    let set_up = outside.path().join("acme.json");
    std::fs::write(&set_up, set_up_of(&provider).to_string()).expect("there is room");
    let bobs = signs_in(&set_up, port, bob).await;
    let olivias = signs_in(&set_up, port, olivia).await;
    let mut planted = Planted::default();
    planted.plant("the Owner's password", &olivia.password);
    planted.plant("the second person's password", &bob.password);
    planted.plant("a cookie", COOKIE);
    planted.plant("an answer", &bobs.answer);
    planted.plant("the Owner's answer", &olivias.answer);
    planted.plant("an encrypted part", "EncryptedAssertion");
    planted.plant("a signature", "SignatureValue");
    planted.plant("a private key", "PRIVATE KEY");

    let other = answer_file("latchkey-answer/1", "_0123456789abcdef", &bobs).to_string();
    let newer = answer_file("latchkey-answer/9", "", &bobs).to_string();
    let mut unknown = answer_file("latchkey-answer/1", "", &bobs);
    unknown["colour"] = json!("red");
    for (answer, says) in [
        (&*edited(&bobs.answer), "it was changed afterwards"),
        (&other, "The file says that it answers one request"),
        (
            &recording(&olivias, olivia),
            "the Owner, and not from a second person",
        ),
        (&newer, "The answer file is of the format latchkey-answer/9"),
        (&unknown.to_string(), "it has the unknown key colour"),
        (
            "nothing that anybody signed",
            "This is neither XML nor base64 of XML",
        ),
        (&recording(&bobs, bob), "bob@acme.example gets"),
        (
            &recording(&bobs, bob),
            "This very answer is the evidence of",
        ),
    ] {
        brings(&wizard, answer, says).await;
    }
    wizard.pictured("brought-again.png");

    // The same recording for support.
    let har = outside.path().join("bob.har");
    std::fs::write(&har, recording(&bobs, bob)).expect("there is room");
    wizard.press("Troubleshoot").await;
    wizard.press("Open a HAR file").await;
    wizard.press("Choose a HAR file").await;
    chooses("Open HAR file", &har);
    wizard.says("3 requests").await;
    wizard.press("Make a support bundle").await;
    wizard.press("Show what will be in it").await;
    wizard.says("What will be in the zip").await;
    wizard.press("Save as zip").await;
    // The page itself is called nearly so.
    chooses("^Support bundle$", &home.below("bundle.zip"));
    wizard.says("Saved as").await;
    wizard.close().await;

    let left = content_below(home.dir.path());
    let of = |name: &str| left.iter().find(|(path, _)| path.ends_with(name));
    let (_, bundle) = of("bundle.zip").unwrap_or_else(|| {
        let paths: Vec<&String> = left.iter().map(|(path, _)| path).collect();
        panic!("it was not saved: {paths:?}")
    });
    assert!(bundle.len() > 1_000, "the zip was unpacked");
    let (_, said) = of("said.log").expect("it was kept");
    assert!(said.len() > 1_000, "the window was talkative");
    // The search finds what is kept on purpose: the address of whoever signed in.
    let mut kept = Planted::default();
    kept.plant("the Owner's address", OWNER);
    assert!(
        kept.found_in(&left)
            .iter()
            .any(|place| place.contains("latchkey.db"))
    );
    assert_eq!(planted.found_in(&left), Vec::<String>::new());
}

fn set_up_of(provider: &SamlProvider) -> Value {
    json!({
        "format": "latchkey/1",
        "workspace": { "service": "torq", "name": "Acme", "region": "us", "owner_email": OWNER },
        "connection": {
            "protocol": "saml", "provider": "other", "issuer": provider.entity_id,
            "sign_on_url": provider.sign_on_url, "certificates": [provider.certificate]
        },
        "rules": [{ "claim": "email", "value": OWNER, "role": "Owner" }]
    })
}

/// A file of a whole workspace, and a set-up file, that the window must not take.
#[tokio::test]
async fn a_file_that_cannot_be_imported_is_refused_by_what_is_wrong_with_it() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let outside = tempfile::tempdir().expect("a temporary folder");
    let file = |name: &str, content: &Value| {
        let path = outside.path().join(name);
        std::fs::write(&path, content.to_string()).expect("there is room");
        path
    };
    let whole = |key: &str, value: Value| {
        let mut whole = json!({
            "format": "latchkey-workspace/1", "exported_at": "2026-11-22T18:00:00Z",
            "draft": {
                "format": "latchkey/1",
                "workspace": { "service": "torq", "name": "Beta", "region": "us", "owner_email": OWNER },
                "connection": { "protocol": "oidc", "provider": "okta", "issuer": "", "client_id": "" }, "rules": []
            },
            "backup_account": "", "revisions": [], "evidence": [], "journal": []
        });
        whole[key] = value;
        whole
    };
    let wizard = Wizard::open(data.path()).await;
    for (name, content, says) in [
        (
            "newer.json",
            whole("format", json!("latchkey-workspace/9")),
            "written by a newer version of Latchkey",
        ),
        (
            "unknown.json",
            whole("colour", json!("red")),
            "unknown key colour",
        ),
        (
            "foreign.json",
            whole("format", json!("latchkey/1")),
            "is no whole workspace",
        ),
    ] {
        wizard.press("Import a whole workspace").await;
        chooses("Whole workspace", &file(name, &content));
        wizard.says(says).await;
        wizard.says(name).await;
    }
    wizard.pictured("import-refused.png");
    // One of another workspace goes to a workspace of its own, and that is said first.
    wizard.press("Import a whole workspace").await;
    chooses(
        "Whole workspace",
        &file("beta.json", &whole("journal", json!([]))),
    );
    wizard.says("Import Beta?").await;
    wizard.says("A new workspace is made from beta.json.").await;
    wizard.pictured("import-planned.png");
    wizard.press("Not now").await;
    wizard.close().await;
}
