//! Whatever keeps an answer from coming is named, by a listener that really does it.

use std::time::Duration;

use latchkey_core::connection::Issuer;
use latchkey_core::oidc::http::LARGEST;
use latchkey_core::saml::metadata;
use latchkey_core::{Fault, Flow, OidcConnection};
use latchkey_signin::{Http, discover};
use secrecy::SecretString;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use url::Url;

use crate::stage::{Scene, patient_for};

/// Answers every connection with these bytes, says what was asked, and closes.
async fn listener(answer: Vec<u8>) -> (Url, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap())
        .parse()
        .unwrap();
    let (asked, heads) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = asked.send(head(&mut stream).await);
            let _ = stream.write_all(&answer).await;
            let _ = stream.shutdown().await;
        }
    });
    (url, heads)
}

async fn head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8(head).unwrap()
}

/// A provider whose discovery document names these keys; its address.
async fn provider_with_keys_at(jwks_uri: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let document = serde_json::json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": jwks_uri,
    });
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = head(&mut stream).await;
        let body = document.to_string();
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
        let _ = stream.write_all((head + &body).as_bytes()).await;
    });
    issuer
}

async fn fault_of(answer: impl Into<Vec<u8>>) -> Fault {
    let (url, _heads) = listener(answer.into()).await;
    Http::new().unwrap().get(&url).await.unwrap_err()
}

#[tokio::test]
async fn a_port_that_nobody_listens_at_refuses() {
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap().port()
    };
    let url = format!("http://127.0.0.1:{port}/").parse().unwrap();
    let fault = Http::new().unwrap().get(&url).await.unwrap_err();
    assert_eq!(
        fault,
        Fault::ConnectionRefused {
            host: "127.0.0.1".to_owned(),
            port
        }
    );
}

#[tokio::test]
async fn keys_are_not_fetched_from_the_service_or_where_anybody_on_the_way_could_give_them() {
    let service = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at_service = format!("http://{}/keys", service.local_addr().unwrap());
    let http = Http::new().unwrap();
    for (jwks_uri, code) in [
        (at_service.as_str(), "provider_at_service"),
        ("http://keys.example.net/keys", "endpoint_not_https"),
    ] {
        let issuer = provider_with_keys_at(jwks_uri).await;
        let connection = OidcConnection {
            issuer: Issuer::parse(&issuer).unwrap(),
            login_redirect_url: at_service.parse().unwrap(),
            ..Scene::new(Flow::Implicit).await.connection
        };
        let fault = latchkey_signin::keys(&http, &connection).await.unwrap_err();
        assert_eq!(fault.code(), code);
    }
    // Whoever had come would stand in the queue by now.
    let came = tokio::time::timeout(Duration::ZERO, service.accept()).await;
    assert!(came.is_err(), "a connection was made");
}

#[tokio::test]
async fn the_clock_is_held_against_the_date_of_an_answer() {
    let http = Http::new().unwrap();
    assert_eq!(http.clock(), None);
    let (url, _heads) = listener(
        b"HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 2\r\n\r\n{}"
            .to_vec(),
    )
    .await;
    http.get(&url).await.unwrap();
    let clock = http.clock().unwrap();
    assert!(clock.is_off() && clock.ahead > 0, "{clock:?}");
    let (url, _heads) = listener(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".to_vec()).await;
    http.get(&url).await.unwrap();
    assert_eq!(
        http.clock(),
        Some(clock),
        "an answer without a date says nothing new"
    );
}

#[tokio::test]
async fn a_wrong_clock_is_said_when_the_sign_in_begins() {
    let slow = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
    let listening = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listening.local_addr().unwrap());
    let body = format!(
        r#"{{"issuer":"{issuer}","authorization_endpoint":"{issuer}/a","token_endpoint":"{issuer}/t","jwks_uri":"{issuer}/k","response_types_supported":["code"],"subject_types_supported":["public"],"id_token_signing_alg_values_supported":["RS256"]}}"#
    );
    let answer = format!("{slow}Content-Length: {}\r\n\r\n{body}", body.len());
    tokio::spawn(async move {
        let (mut stream, _) = listening.accept().await.unwrap();
        head(&mut stream).await;
        stream.write_all(answer.as_bytes()).await.unwrap();
    });
    let mut scene = crate::stage::Scene::new(latchkey_core::Flow::Code).await;
    scene.connection.issuer = Issuer::parse(&issuer).unwrap();
    let sign_in = scene.prepared().await.unwrap();
    let verdict = sign_in.ended(Fault::WindowClosed {});
    let codes: Vec<_> = verdict.stages[0]
        .findings
        .iter()
        .map(|it| &it.code)
        .collect();
    assert_eq!(codes, ["clock_differs"]);
}

#[tokio::test]
async fn a_name_without_an_address_is_not_found() {
    // RFC 6761, section 6.4: no such name exists anywhere.
    let url = "http://idp.latchkey.invalid/".parse().unwrap();
    let fault = Http::new().unwrap().get(&url).await.unwrap_err();
    assert_eq!(
        fault,
        Fault::HostNotFound {
            host: "idp.latchkey.invalid".to_owned()
        }
    );
}

#[tokio::test]
async fn a_server_that_is_silent_or_never_ends_runs_out_of_time() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url: Url = format!("http://{}/", silent.local_addr().unwrap())
        .parse()
        .unwrap();
    let http = patient_for(Duration::from_secs(1));
    let expected = Fault::NoAnswerInTime {
        host: "127.0.0.1".to_owned(),
        seconds: 1,
    };
    assert_eq!(http.get(&url).await.unwrap_err(), expected);

    let endless = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url: Url = format!("http://{}/", endless.local_addr().unwrap())
        .parse()
        .unwrap();
    let dripping = async {
        let (mut stream, _) = endless.accept().await.unwrap();
        head(&mut stream).await;
        let begin = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        stream.write_all(begin).await.unwrap();
        let mut beat = tokio::time::interval(Duration::from_millis(100));
        while stream.write_all(b"1\r\n \r\n").await.is_ok() {
            beat.tick().await;
        }
    };
    tokio::select! {
        answer = http.get(&url) => assert_eq!(answer.unwrap_err(), expected),
        () = dripping => panic!("the client hung up without a word"),
    }
}

#[tokio::test]
async fn an_answer_is_read_up_to_the_limit_and_no_further() {
    for (length, fits) in [(LARGEST, true), (LARGEST + 1, false), (10 * LARGEST, false)] {
        let mut said = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n").into_bytes();
        let mut unsaid = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".to_vec();
        for answer in [&mut said, &mut unsaid] {
            answer.resize(answer.len() + length, b' ');
            let (url, _heads) = listener(answer.clone()).await;
            match Http::new().unwrap().get(&url).await {
                Ok(answer) => assert!(fits && answer.body.len() == length, "{length}"),
                Err(fault) => {
                    let too_large = Fault::AnswerTooLarge {
                        address: url.to_string(),
                        limit: LARGEST,
                    };
                    assert!(!fits && fault == too_large, "{length}: {fault:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_or_is_none_fails_the_connection() {
    for answer in [
        &b""[..],
        b"HTTP/1.1 200 OK\r\ncontent-len",
        b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"issuer\":",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabc",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x00\x01\x02\x03\xff\xfe",
    ] {
        let fault = fault_of(answer).await;
        let Fault::ConnectionFailed { host, detail } = &fault else {
            panic!("{fault:?} for {:?}", String::from_utf8_lossy(answer));
        };
        assert_eq!(host, "127.0.0.1");
        assert!(
            !detail.is_empty() && !detail.contains("http://"),
            "{detail}"
        );
    }
}

#[tokio::test]
async fn an_error_status_is_an_answer() {
    let (url, _heads) =
        listener(b"HTTP/1.1 503 Gone\r\ncontent-length: 2\r\n\r\n{}".to_vec()).await;
    let answer = Http::new().unwrap().get(&url).await.unwrap();
    assert_eq!((answer.status, answer.body.as_slice()), (503, &b"{}"[..]));
}

#[tokio::test]
async fn a_redirect_is_told_and_not_followed() {
    let (target, mut visits) =
        listener(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}".to_vec()).await;
    for status in [
        "301 Moved",
        "302 Found",
        "303 See Other",
        "307 Temporary",
        "308 Permanent",
    ] {
        let answer =
            format!("HTTP/1.1 {status}\r\nlocation: {target}\r\ncontent-length: 0\r\n\r\n");
        let (url, _heads) = listener(answer.into_bytes()).await;
        let issuer = Issuer::parse(url.as_str()).unwrap();
        let fault = discover(&Http::new().unwrap(), &issuer).await.unwrap_err();
        let expected = Fault::RedirectsElsewhere {
            address: format!("{url}.well-known/openid-configuration"),
            target: target.to_string(),
        };
        assert_eq!(fault, expected);
    }
    assert!(visits.try_recv().is_err());
}

/// What comes of a metadata address that answers like this.
async fn metadata_from(answer: Vec<u8>) -> Result<usize, Fault> {
    let (url, _heads) = listener(answer).await;
    let answer = Http::new().unwrap().get_metadata(&url).await?;
    let read = metadata::answered(&answer, "2026-11-22T12:00:00Z".parse().unwrap())?;
    Ok(read.entities.len())
}

#[tokio::test]
async fn a_metadata_address_that_answers_otherwise_is_named_and_a_federation_is_read() {
    let ok = |body: &str| {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n";
        format!("{head}{body}").into_bytes()
    };
    let page = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><br></body></html>";
    let found = metadata_from(ok(page)).await;
    assert_eq!(found, Err(Fault::MetadataIsHtml {}));
    let sign_in = "HTTP/1.1 302 Found\r\nlocation: https://id.acme.example/login?next=%2Fmetadata\r\ncontent-length: 0\r\n\r\n";
    let found = metadata_from(sign_in.into()).await.unwrap_err();
    assert!(
        matches!(&found, Fault::RedirectsElsewhere { target, .. } if target.contains("/login"))
    );
    let fifty = 50 * 1024 * 1024;
    let mut said = format!("HTTP/1.1 200 OK\r\ncontent-length: {fifty}\r\n\r\n").into_bytes();
    let mut unsaid = ok("<md:EntitiesDescriptor>");
    for answer in [&mut said, &mut unsaid] {
        answer.resize(answer.len() + fifty, b' ');
        let found = metadata_from(answer.clone()).await.unwrap_err();
        assert!(
            matches!(found, Fault::AnswerTooLarge { limit, .. } if limit == metadata::LARGEST),
            "{found:?}"
        );
    }
    let entities: String = (0..3_000)
        .map(|number| {
            format!(
                "<EntityDescriptor entityID=\"https://{number}.example\"><IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\"><SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" Location=\"https://{number}.example/sso\"/></IDPSSODescriptor></EntityDescriptor>"
            )
        })
        .collect();
    let federation = format!(
        "<EntitiesDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\">{entities}</EntitiesDescriptor>"
    );
    assert_eq!(metadata_from(ok(&federation)).await, Ok(3_000));
}

#[tokio::test]
async fn the_client_names_itself_and_keeps_no_cookie() {
    let answer =
        b"HTTP/1.1 200 OK\r\nset-cookie: a=b; Path=/\r\ncontent-length: 2\r\n\r\n{}".to_vec();
    let (url, mut heads) = listener(answer).await;
    let http = Http::new().unwrap();
    for _ in 0..2 {
        http.get(&url).await.unwrap();
        let head = heads.recv().await.unwrap().to_ascii_lowercase();
        assert!(
            head.contains(&format!(
                "user-agent: latchkey/{}\r\n",
                env!("CARGO_PKG_VERSION")
            )),
            "{head}"
        );
        assert!(head.contains("accept: application/json\r\n"), "{head}");
        for absent in ["cookie:", "referer:", "authorization:"] {
            assert!(!head.contains(absent), "{head}");
        }
    }
}

#[tokio::test]
async fn only_the_web_is_asked() {
    for address in [
        "ftp://127.0.0.1/",
        "file:///etc/hostname",
        "data:,x",
        "ws://127.0.0.1/",
    ] {
        let fault = Http::new()
            .unwrap()
            .get(&address.parse().unwrap())
            .await
            .unwrap_err();
        let Fault::ConnectionFailed { detail, .. } = &fault else {
            panic!("{address}: {fault:?}");
        };
        assert_eq!(detail, "only http and https addresses are asked");
    }
}

#[tokio::test]
async fn an_access_token_that_no_header_can_carry_is_not_sent() {
    let (url, mut heads) =
        listener(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}".to_vec()).await;
    let token = SecretString::from("abc\r\nx-injected: 1");
    let fault = Http::new()
        .unwrap()
        .get_with(&url, &token)
        .await
        .unwrap_err();
    assert!(matches!(fault, Fault::ConnectionFailed { .. }), "{fault:?}");
    assert!(heads.try_recv().is_err());
}

#[tokio::test]
async fn what_is_no_discovery_document_of_this_issuer_is_named() {
    for (document, code) in [
        (r#"{"issuer":"https://other.example"}"#, "issuer_differs"),
        (r#"{"issuer":"ISSUER/"}"#, "issuer_differs_by_slash"),
        (r#"{"issuer":"ISSUER"}"#, "discovery_incomplete"),
        (r#"{"issuer":7}"#, "discovery_incomplete"),
        (
            r#"{"issuer":"ISSUER","authorization_endpoint":"javascript:alert(1)"}"#,
            "discovery_incomplete",
        ),
        (r#"{"issuer":"a","issuer":"ISSUER"}"#, "not_json"),
        ("[]", "not_json"),
        ("", "not_json"),
        ("<!doctype html>", "html_instead_of_json"),
    ] {
        let listening = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listening.local_addr().unwrap());
        let document = document.replace("ISSUER", &issuer);
        let answering = async {
            let (mut stream, _) = listening.accept().await.unwrap();
            head(&mut stream).await;
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{document}",
                document.len()
            );
            stream.write_all(answer.as_bytes()).await.unwrap();
        };
        let issuer = Issuer::parse(&issuer).unwrap();
        let http = Http::new().unwrap();
        let (found, ()) = tokio::join!(discover(&http, &issuer), answering);
        assert_eq!(found.unwrap_err().code(), code, "{document}");
    }
}

/// Run by the test below, in a process whose environment names a proxy.
#[tokio::test]
#[ignore = "needs the environment that `this_computer_is_asked_past_the_proxy` sets"]
async fn asks_what_the_environment_names() {
    let url = std::env::var("LATCHKEY_ASKED").unwrap().parse().unwrap();
    Http::new().unwrap().get(&url).await.unwrap();
}

#[tokio::test]
async fn this_computer_is_asked_past_the_proxy() {
    let (own, mut own_heads) =
        listener(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}".to_vec()).await;
    let (proxy, mut proxied) =
        listener(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}".to_vec()).await;
    let ask = async |url: &str| {
        let mut child = tokio::process::Command::new(std::env::current_exe().unwrap());
        child.args([
            "--exact",
            "transport::asks_what_the_environment_names",
            "--ignored",
        ]);
        child
            .env("LATCHKEY_ASKED", url)
            .env("HTTP_PROXY", proxy.as_str())
            .env("http_proxy", proxy.as_str());
        let done = child
            .env_remove("NO_PROXY")
            .env_remove("no_proxy")
            .output()
            .await
            .unwrap();
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stdout)
        );
    };
    ask(own.as_str()).await;
    assert!(own_heads.try_recv().unwrap().starts_with("GET / "));
    assert!(proxied.try_recv().is_err());

    // The control: any other name goes to the proxy.
    ask("http://idp.latchkey.invalid/").await;
    assert!(
        proxied
            .try_recv()
            .unwrap()
            .starts_with("GET http://idp.latchkey.invalid/ ")
    );
}
