//! People from live directories that behave, and from those that do not.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use latchkey_core::people::Import;
use latchkey_core::{Fault, Finding};
use latchkey_signin::{Fetch, Http, Pace, Progress};
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const TOKEN: &str = "00-the-token-nobody-may-see";

/// A server on this computer, and the targets that it was asked for.
struct Server {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

/// What a server answers. An empty answer never comes.
type Answer = Vec<u8>;

impl Server {
    async fn start(answer: impl Fn(&str, &str) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (answer, seen) = (Arc::new(answer), asked.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, answer.clone(), seen.clone()));
            }
        });
        Self { port, asked }
    }

    fn at(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

async fn serve(
    mut stream: TcpStream,
    answer: Arc<impl Fn(&str, &str) -> Answer>,
    asked: Arc<Mutex<Vec<String>>>,
) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8(head).unwrap();
    let target = head.split(' ').nth(1).unwrap().to_owned();
    let answer = answer(&target, &head);
    asked.lock().unwrap().push(target);
    if answer.is_empty() {
        std::future::pending::<()>().await;
    }
    // The client may have gone.
    let _ = stream.write_all(&answer).await;
    let _ = stream.shutdown().await;
}

fn answer(status: &str, headers: &str, body: &str) -> Answer {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n{body}"
    )
    .into_bytes()
}

fn ok(body: &Value) -> Answer {
    answer(
        "200 OK",
        "Content-Type: application/json\r\n",
        &body.to_string(),
    )
}

/// The number behind this name in the query.
fn number(target: &str, name: &str) -> u64 {
    let (_, rest) = target.split_once(&format!("{name}=")).unwrap();
    rest.split('&').next().unwrap().parse().unwrap()
}

/// A page of so many users, ten at a time, whatever is asked for.
fn users(target: &str, total: u64) -> Value {
    let start = number(target, "startIndex");
    let user = |n: u64| json!({ "id": format!("u{n}"), "userName": format!("p{n}@acme.example") });
    let all: Vec<Value> = (start..=total.min(start + 9)).map(user).collect();
    json!({ "totalResults": total, "startIndex": start, "itemsPerPage": all.len(), "Resources": all })
}

fn groups() -> Value {
    json!({ "totalResults": 1, "startIndex": 1, "Resources": [
        { "id": "g1", "displayName": "SecOps", "members": [{ "value": "u1" }, { "value": "u25" }] }
    ] })
}

fn scim(total: u64) -> impl Fn(&str, &str) -> Answer {
    move |target, _| {
        if target.starts_with("/scim/v2/Users?") {
            ok(&users(target, total))
        } else {
            ok(&groups())
        }
    }
}

fn fetch(server: &Server) -> Fetch {
    let token = SecretString::from(TOKEN);
    Fetch::scim(&server.at("/scim/v2"), token)
        .unwrap()
        .at(quick())
}

fn okta(server: &Server) -> Fetch {
    let token = SecretString::from(TOKEN);
    Fetch::okta(&server.at("/"), token).unwrap().at(quick())
}

fn quick() -> Pace {
    Pace {
        attempts: 2,
        first: Duration::from_millis(1),
        longest: Duration::from_secs(5),
    }
}

async fn run(fetch: &mut Fetch) -> Result<(), Fault> {
    fetch.run(&Http::new().unwrap(), |_| {}).await
}

fn groups_of(import: &Import, name: &str) -> Vec<String> {
    let person = import.directory.find(name).unwrap();
    import.directory.claims(person).values("groups").to_vec()
}

fn codes(import: &Import) -> Vec<String> {
    import
        .findings
        .iter()
        .map(|finding| finding.fault.code())
        .collect()
}

#[tokio::test]
async fn all_pages_of_users_and_groups_are_joined_and_progress_is_told() {
    let server = Server::start(scim(25)).await;
    let mut fetch = fetch(&server);
    let mut told: Vec<Progress> = Vec::new();
    fetch
        .run(&Http::new().unwrap(), |progress| told.push(progress))
        .await
        .unwrap();
    assert!(fetch.is_complete());
    let people: Vec<_> = told
        .iter()
        .map(|one| (one.pages, one.people, one.of))
        .collect();
    assert_eq!(
        people,
        [
            (1, 10, Some(25)),
            (2, 20, Some(25)),
            (3, 25, Some(25)),
            (4, 25, Some(25))
        ]
    );
    let import = fetch.keep();
    assert_eq!(codes(&import), [""; 0]);
    assert_eq!(import.directory.len(), 25);
    assert_eq!(groups_of(&import, "p25@acme.example"), ["SecOps"]);
}

#[tokio::test]
async fn a_refused_token_is_told_and_never_shown() {
    for (status, code) in [
        ("401 Unauthorized", "directory_token_refused"),
        ("403 Forbidden", "directory_token_not_enough"),
    ] {
        let server = Server::start(move |_, head| {
            assert!(head.contains(&format!("uthorization: Bearer {TOKEN}\r\n")));
            answer(status, "", "{}")
        })
        .await;
        let mut fetch = fetch(&server);
        let fault = run(&mut fetch).await.unwrap_err();
        assert_eq!(fault.code(), code);
        let told = format!(
            "{fault:?} {fetch:?} {:?}",
            Finding::error(fault.clone()).told()
        );
        assert!(!told.contains("nobody-may-see"), "{told}");
        assert_eq!(server.asked().len(), 1, "it is not tried again");
    }
}

#[tokio::test]
async fn a_server_that_stops_in_the_middle_of_page_40_is_resumed_or_its_people_are_kept() {
    let works = Arc::new(Mutex::new(false));
    let mended = works.clone();
    let server = Server::start(move |target, head| {
        let whole = scim(500)(target, head);
        let is_page_40 = target.contains("startIndex=391&");
        let cut = if is_page_40 && !*works.lock().unwrap() {
            whole.len() - 100
        } else {
            whole.len()
        };
        whole[..cut].to_vec()
    })
    .await;
    let mut stopped = fetch(&server);
    assert_eq!(
        run(&mut stopped).await.unwrap_err().code(),
        "connection_failed"
    );
    assert!(!stopped.is_complete());
    let kept = stopped.keep();
    assert_eq!(kept.directory.len(), 390);
    let told = kept.findings.iter().find(|one| {
        one.fault
            == Fault::DirectoryStopped {
                pages: 39,
                people: 390,
            }
    });
    assert!(told.is_some(), "{:?}", kept.findings);

    let mut resumed = fetch(&server);
    run(&mut resumed).await.unwrap_err();
    let before = server.asked().len();
    *mended.lock().unwrap() = true;
    run(&mut resumed).await.unwrap();
    assert!(
        server.asked()[before].contains("startIndex=391&"),
        "it goes on where it stopped"
    );
    assert_eq!(resumed.keep().directory.len(), 500);
}

#[tokio::test]
async fn dropping_cancels_and_what_came_stays() {
    let server = Server::start(|target, head| match target.contains("startIndex=11&") {
        true => Answer::new(),
        false => scim(30)(target, head),
    })
    .await;
    let mut fetch = fetch(&server);
    let (http, (second, mut came)) = (Http::new().unwrap(), tokio::sync::mpsc::unbounded_channel());
    tokio::select! {
        ended = fetch.run(&http, |progress| second.send(progress.people).unwrap()) => panic!("{ended:?}"),
        people = came.recv() => assert_eq!(people, Some(10)),
    }
    assert_eq!(fetch.keep().directory.len(), 10);
}

#[tokio::test]
async fn too_many_requests_are_waited_for_or_told() {
    let first = Mutex::new(true);
    let server = Server::start(move |target, head| {
        match std::mem::replace(&mut *first.lock().unwrap(), false) {
            true => answer("429 Too Many Requests", "Retry-After: 0\r\n", ""),
            false => scim(5)(target, head),
        }
    })
    .await;
    let mut fetch_once = fetch(&server);
    let mut waited = None;
    let http = Http::new().unwrap();
    fetch_once
        .run(&http, |progress| waited = waited.or(progress.waiting))
        .await
        .unwrap();
    assert_eq!(waited, Some(Duration::ZERO));

    let busy =
        Server::start(|_, _| answer("429 Too Many Requests", "Retry-After: 3600\r\n", "")).await;
    let fault = run(&mut fetch(&busy)).await.unwrap_err();
    assert_eq!(
        fault,
        Fault::DirectoryRateLimited {
            host: "127.0.0.1".into(),
            seconds: 3600
        }
    );
}

#[tokio::test]
async fn a_server_that_does_not_page_is_told_and_not_followed_for_ever() {
    let same = Server::start(|_, _| ok(&users("?startIndex=1&", 50))).await;
    let fault = run(&mut fetch(&same)).await.unwrap_err();
    assert_eq!(fault, Fault::DirectoryPageDiffers { asked: 11, came: 1 });

    let short = Server::start(|target, head| match target.contains("startIndex=1&") {
        true => scim(50)(target, head),
        false => ok(&json!({ "totalResults": 50, "startIndex": 11, "Resources": [] })),
    })
    .await;
    let mut fetch = fetch(&short);
    run(&mut fetch).await.unwrap();
    let codes = codes(&fetch.keep());
    assert!(
        codes.contains(&"directory_list_incomplete".to_owned()),
        "{codes:?}"
    );
}

#[tokio::test]
async fn whatever_is_no_page_is_named() {
    for (body, code) in [
        ("<!doctype html>", "html_instead_of_json"),
        ("{", "directory_not_json"),
        ("{}", "directory_not_scim"),
    ] {
        let server = Server::start(move |_, _| answer("200 OK", "", body)).await;
        assert_eq!(run(&mut fetch(&server)).await.unwrap_err().code(), code);
    }
    let away =
        Server::start(|_, _| answer("302 Found", "Location: https://evil.test/\r\n", "")).await;
    assert_eq!(
        run(&mut fetch(&away)).await.unwrap_err().code(),
        "redirects_elsewhere"
    );
}

#[tokio::test]
async fn a_server_without_groups_gives_its_users() {
    let server = Server::start(|target, head| match target.contains("/Groups") {
        true => answer("404 Not Found", "", ""),
        false => scim(3)(target, head),
    })
    .await;
    let mut fetch = fetch(&server);
    run(&mut fetch).await.unwrap();
    let import = fetch.keep();
    assert_eq!(import.directory.len(), 3);
    assert_eq!(
        codes(&import),
        ["directory_without_groups", "directory_groups_not_listed"]
    );
}

#[test]
fn a_token_goes_only_where_it_is_protected() {
    let fault = |address: &str| {
        Fetch::scim(address, SecretString::from(TOKEN))
            .unwrap_err()
            .code()
    };
    assert_eq!(fault("http://acme.example/scim/v2"), "address_not_https");
    assert_eq!(fault("ftp://acme.example/"), "not_an_address");
    assert_eq!(fault("acme.example"), "not_an_address");
    assert_eq!(
        fault("https://user:word@acme.example/"),
        "address_has_user_info"
    );
}

#[tokio::test]
async fn okta_is_followed_by_its_links_and_by_none_that_leads_elsewhere() {
    let elsewhere = Server::start(|_, _| ok(&json!([]))).await;
    let other = elsewhere.at("/api/v1/users?after=2");
    let server = Server::start(move |target, head| {
        assert!(head.contains(&format!("uthorization: SSWS {TOKEN}\r\n")));
        let person = |n: u64| json!({ "id": format!("u{n}"), "profile": { "login": format!("p{n}"), "email": format!("p{n}@acme.example") } });
        let linked = |link: &str, body: &Value| answer("200 OK", &format!("Link: <{link}>; rel=\"next\"\r\n"), &body.to_string());
        match target {
            "/api/v1/users?limit=200" => linked("/api/v1/users?after=1", &json!([person(1)])),
            "/api/v1/users?after=1" => ok(&json!([person(2)])),
            "/api/v1/groups?limit=200" => ok(&json!([{ "id": "g/1", "profile": { "name": "SecOps" } }])),
            "/api/v1/groups/g%2F1/users?limit=1000" => linked(&other, &json!([{ "id": "u2" }])),
            _ => answer("404 Not Found", "", ""),
        }
    })
    .await;
    let mut fetch = okta(&server);
    let fault = run(&mut fetch).await.unwrap_err();
    assert_eq!(fault.code(), "directory_next_elsewhere");
    assert_eq!(elsewhere.asked(), [""; 0], "the token went nowhere else");
    let import = fetch.keep();
    assert_eq!(import.directory.len(), 2);
    assert!(codes(&import).contains(&"directory_stopped".to_owned()));
}
