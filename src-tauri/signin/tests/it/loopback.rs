//! The loopback listener: which request is the answer, which is not, and what the browser sees.

use std::future::pending;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use latchkey_core::oidc::{Captured, ResponseMode};
use latchkey_core::{Fault, Flow};
use latchkey_signin::{Asked, Loopback, SignIn};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use url::Url;

use crate::browser;
use crate::stage::{OLIVIA, Scene, service};

const LONG: Duration = Duration::from_secs(60);
const FRAGMENT: &str = "application/x-latchkey-fragment";
const FORM: &str = "application/x-www-form-urlencoded";

async fn waiting() -> (Url, JoinHandle<Result<Captured, Fault>>) {
    let loopback = Loopback::bind(0).await.unwrap();
    let url = loopback.redirect_uri().clone();
    (url, tokio::spawn(loopback.answer(LONG, pending())))
}

fn with_query(url: &Url, query: &str) -> Url {
    let mut url = url.clone();
    url.set_query(Some(query));
    url
}

fn post(url: &Url, kind: &str, body: &str) -> RequestBuilder {
    let request = browser::client().post(url.clone());
    request.header("content-type", kind).body(body.to_owned())
}

async fn text(mut response: Response) -> String {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.unwrap() {
        body.extend_from_slice(&chunk);
    }
    String::from_utf8(body).unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).unwrap().to_str().unwrap()
}

/// Ends the wait and says what was taken.
async fn taken(answer: JoinHandle<Result<Captured, Fault>>) -> String {
    match answer.await.unwrap().unwrap() {
        Captured::Address(url) => url.to_string(),
        Captured::Form(fields) => fields
            .iter()
            .map(|(name, value)| format!("{name}={value};"))
            .collect(),
    }
}

#[tokio::test]
async fn a_query_is_taken_as_it_came() {
    let (url, answer) = waiting().await;
    assert_eq!(
        (url.scheme(), url.host_str(), url.path()),
        ("http", Some("127.0.0.1"), "/callback")
    );
    let asked = with_query(&url, "code=a%2Bb&state=x%20y");
    let page = browser::client().get(asked.clone()).send().await.unwrap();
    assert_eq!(page.status(), StatusCode::OK);
    assert_eq!(taken(answer).await, asked.as_str());
    let page = text(page).await;
    assert!(
        page.contains("close this tab") && page.contains("Latchkey"),
        "{page}"
    );
    for claim in ["success", "signed in", "<script", "a%2Bb"] {
        assert!(!page.to_lowercase().contains(claim), "{claim} in {page}");
    }
}

#[tokio::test]
async fn a_form_is_taken_with_its_fields_in_order() {
    let (url, answer) = waiting().await;
    let page = post(&url, FORM, "state=x+y&code=a%26b&code=c")
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), StatusCode::OK);
    assert_eq!(taken(answer).await, "state=x y;code=a&b;code=c;");
}

#[tokio::test]
async fn a_fragment_is_taken_as_the_script_hands_it_on() {
    let (url, answer) = waiting().await;
    let page = browser::client().get(url.clone()).send().await.unwrap();
    assert!(text(page).await.contains("<script>"));
    let taken_page = post(&url, FRAGMENT, "id_token=a.b.c&state=%C3%A4+x")
        .send()
        .await
        .unwrap();
    assert_eq!(taken_page.status(), StatusCode::NO_CONTENT);
    assert_eq!(
        taken(answer).await,
        format!("{url}#id_token=a.b.c&state=%C3%A4+x")
    );
}

#[tokio::test]
async fn the_pages_let_nothing_run_or_load_but_what_is_theirs() {
    let (url, answer) = waiting().await;
    let page = browser::client().get(url.clone()).send().await.unwrap();
    let last = browser::client()
        .get(with_query(&url, "error=x"))
        .send()
        .await
        .unwrap();
    taken(answer).await;
    for page in [page, last] {
        assert_eq!(header(&page, "cache-control"), "no-store");
        assert_eq!(header(&page, "referrer-policy"), "no-referrer");
        assert_eq!(header(&page, "x-content-type-options"), "nosniff");
        let policy = header(&page, "content-security-policy").to_owned();
        assert!(
            policy.starts_with("default-src 'none';") && !policy.contains("unsafe"),
            "{policy}"
        );
        let html = text(page).await;
        for (open, close) in [("<script>", "</script>"), ("<style>", "</style>")] {
            let Some((_, rest)) = html.split_once(open) else {
                continue;
            };
            let (inside, rest) = rest.split_once(close).unwrap();
            let digest = STANDARD.encode(Sha256::digest(inside));
            assert!(policy.contains(&format!("'sha256-{digest}'")), "{open}");
            assert!(!rest.contains(open));
        }
        for reference in [
            "src=",
            "href=\"http",
            "url(",
            "@import",
            "onload",
            "onclick",
        ] {
            assert!(!html.contains(reference), "{reference}");
        }
    }
}

#[tokio::test]
async fn the_script_clears_the_address_and_a_page_without_scripts_says_what_to_do() {
    let (url, answer) = waiting().await;
    let page = text(browser::client().get(url.clone()).send().await.unwrap()).await;
    let clears = page.find("history.replaceState").unwrap();
    assert!(clears < page.find("fetch(").unwrap());
    assert!(page.contains("<noscript>") && page.contains(FRAGMENT));
    answer.abort();
}

#[tokio::test]
async fn whatever_is_no_answer_does_not_end_the_wait() {
    let (url, answer) = waiting().await;
    let client = browser::client();
    let at = |path: &str| url.join(path).unwrap();
    let answering = with_query(&url, "code=evil");
    let fetched = |mode: &str| client.get(answering.clone()).header("sec-fetch-mode", mode);
    let other = |method: &str| {
        client.request(
            Method::from_bytes(method.as_bytes()).unwrap(),
            answering.clone(),
        )
    };
    let megabyte = format!("code={}", "x".repeat(1024 * 1024));
    for (request, status) in [
        (client.get(at("/favicon.ico")), 404),
        (client.get(at("/?code=evil")), 404),
        (client.get(at("/callback/?code=evil")), 404),
        (client.get(at("/Callback?code=evil")), 404),
        (client.get(at("/callbac%6B?code=evil")), 404),
        (client.get(at("/callback?utm=1")), 200),
        (client.get(at("/callback?")), 200),
        (fetched("no-cors"), 403),
        (fetched("cors"), 403),
        (
            client
                .get(answering.clone())
                .header("sec-purpose", "prefetch"),
            503,
        ),
        (other("HEAD"), 405),
        (other("PUT"), 405),
        (other("OPTIONS"), 405),
        (post(&url, FORM, "hello=1"), 400),
        (post(&url, FORM, ""), 400),
        (post(&url, "text/plain", "code=evil"), 415),
        (post(&url, "application/json", "{\"code\":\"evil\"}"), 415),
        (post(&url, "", "code=evil"), 415),
        (
            post(&url, FORM, "code=evil").header("sec-fetch-mode", "cors"),
            403,
        ),
        (
            post(&url, FRAGMENT, "code=evil").header("sec-fetch-site", "cross-site"),
            403,
        ),
        (post(&url, FRAGMENT, "nothing"), 400),
        (post(&url, FORM, &megabyte), 413),
    ] {
        let request = request.build().unwrap();
        let what = format!(
            "{} {} {:?}",
            request.method(),
            request.url(),
            request.headers()
        );
        let response = client.execute(request).await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{what}");
    }
    assert!(!answer.is_finished());
    client
        .get(with_query(&url, "code=good"))
        .send()
        .await
        .unwrap();
    assert_eq!(taken(answer).await, with_query(&url, "code=good").as_str());
}

#[tokio::test]
async fn only_its_own_name_is_answered_to() {
    let (url, answer) = waiting().await;
    let port = url.port().unwrap();
    let own = format!("127.0.0.1:{port}");
    let ask = async |line: &str, hosts: &[&str]| {
        let mut stream = TcpStream::connect(&own).await.unwrap();
        let hosts: String = hosts
            .iter()
            .map(|host| format!("host: {host}\r\n"))
            .collect();
        let request = format!("GET {line} HTTP/1.1\r\n{hosts}connection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer.split(' ').nth(1).unwrap().to_owned()
    };
    let evil = format!("evil.example:{port}");
    let query = "/callback?code=evil";
    for hosts in [
        &["evil.example"][..],
        &[evil.as_str()],
        &["127.0.0.1"],
        &["127.0.0.1:1"],
        &["localhost.evil.example"],
        &[""],
        &[],
        &[own.as_str(), evil.as_str()],
    ] {
        assert!(
            ["421", "400"].contains(&&*ask(query, hosts).await),
            "{hosts:?}"
        );
    }
    assert_eq!(ask(&format!("http://{evil}{query}"), &[&own]).await, "421");
    assert!(!answer.is_finished());
    assert_eq!(
        ask("/callback?code=good", &[&format!("LOCALHOST:{port}")]).await,
        "200"
    );
    assert!(taken(answer).await.ends_with("?code=good"));
}

#[tokio::test]
async fn the_listener_is_closed_behind_the_first_answer() {
    let (url, answer) = waiting().await;
    // A connection that is open and says nothing does not keep it.
    let idle = TcpStream::connect(("127.0.0.1", url.port().unwrap()))
        .await
        .unwrap();
    browser::client()
        .get(with_query(&url, "code=first"))
        .send()
        .await
        .unwrap();
    assert!(taken(answer).await.ends_with("code=first"));
    let second = browser::client()
        .get(with_query(&url, "code=second"))
        .send()
        .await;
    assert!(second.unwrap_err().is_connect());
    drop(idle);
}

#[tokio::test]
async fn without_an_answer_it_ends_by_time_or_by_the_person() {
    let loopback = Loopback::bind(0).await.unwrap();
    let ended = loopback.answer(Duration::ZERO, pending()).await;
    assert_eq!(ended.unwrap_err(), Fault::SignInTimedOut { seconds: 0 });

    let loopback = Loopback::bind(0).await.unwrap();
    let url = loopback.redirect_uri().clone();
    let (cancel, cancelled) = oneshot::channel::<()>();
    let answer = tokio::spawn(loopback.answer(LONG, async { cancelled.await.unwrap() }));
    cancel.send(()).unwrap();
    assert_eq!(
        answer.await.unwrap().unwrap_err(),
        Fault::CancelledByPerson {}
    );
    assert!(
        browser::client()
            .get(url)
            .send()
            .await
            .unwrap_err()
            .is_connect()
    );
}

#[tokio::test]
async fn a_port_that_is_taken_is_said() {
    let first = Loopback::bind(0).await.unwrap();
    let port = first.redirect_uri().port().unwrap();
    let fault = Loopback::bind(port).await.unwrap_err();
    let Fault::LoopbackUnavailable { port: said, reason } = fault else {
        panic!("{fault:?}")
    };
    assert_eq!((said, &*reason), (port, "another program listens there"));
}

#[tokio::test]
async fn a_whole_sign_in_goes_through_it_by_each_way() {
    for (flow, mode) in [
        (Flow::Code, ResponseMode::Usual),
        (Flow::Code, ResponseMode::FormPost),
        (Flow::Implicit, ResponseMode::Usual),
        (Flow::Implicit, ResponseMode::FormPost),
    ] {
        let scene = Scene::new(flow).await;
        let loopback = Loopback::bind(0).await.unwrap();
        let redirect_uri = loopback.redirect_uri().clone();
        let asked = Asked {
            redirect_uri: redirect_uri.clone(),
            response_mode: mode,
            login_hint: None,
        };
        let (http, connection) = (scene.http.clone(), scene.connection.clone());
        let prepared = SignIn::prepare(
            http,
            connection.into(),
            crate::stage::held(&scene.secret),
            asked,
        )
        .await
        .unwrap();
        let answer = tokio::spawn(loopback.answer(LONG, pending()));
        let client = browser::client();
        match browser::sign_in(prepared.start().url(), OLIVIA)
            .await
            .unwrap()
        {
            Captured::Form(fields) => client.post(redirect_uri).form(&fields).send().await,
            Captured::Address(url) => match url.fragment() {
                Some(fragment) => post(&redirect_uri, FRAGMENT, fragment).send().await,
                None => client.get(url).send().await,
            },
        }
        .unwrap();
        let captured = answer.await.unwrap().unwrap();
        let verdict = prepared
            .conclude(captured, &scene.rules, service(), Timestamp::now)
            .await;
        assert!(verdict.passed(), "{flow:?} {mode:?} {verdict:#?}");
        assert!(verdict.stages.iter().all(|stage| stage.findings.is_empty()));
    }
}
