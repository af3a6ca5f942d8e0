use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use latchkey_practice::{Fault, Practice};

use crate::browser::Browser;
use crate::client::*;

fn implicit(practice: &Practice, changes: Changes<'_>) -> url::Url {
    authorize(
        practice,
        &[&[("response_type", "id_token")], changes].concat(),
    )
}

async fn email(practice: &Practice, landing: &crate::browser::Landing) -> String {
    let claims = verified(practice, landing.field("id_token").unwrap()).await;
    claims["email"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_second_sign_in_of_a_browser_shows_no_form_and_is_the_same_person() {
    let practice = practice().await;
    let mut browser = Browser::new();
    browser
        .sign_in(implicit(&practice, &[]), "olivia@acme.example")
        .await;
    for changes in [
        &[][..],
        &[("prompt", "none")],
        &[("max_age", "3600")],
        &[("login_hint", "bob@acme.example")],
    ] {
        let shown = browser.open(implicit(&practice, changes)).await;
        let landing = shown
            .landing()
            .unwrap_or_else(|| panic!("a form for {changes:?}"));
        assert_eq!(email(&practice, &landing).await, "olivia@acme.example");
    }
}

#[tokio::test]
async fn another_browser_knows_nobody() {
    let practice = practice().await;
    Browser::new()
        .sign_in(implicit(&practice, &[]), "olivia@acme.example")
        .await;
    let shown = Browser::new().open(implicit(&practice, &[])).await;
    assert!(shown.landing().is_none());
    assert!(shown.hidden("request").is_some());
}

#[tokio::test]
async fn a_new_sign_in_is_shown_where_it_is_asked_for_and_replaces_the_person() {
    let practice = practice().await;
    let mut browser = Browser::new();
    for changes in [
        ("prompt", "login"),
        ("prompt", "select_account"),
        ("max_age", "0"),
    ] {
        browser
            .sign_in(implicit(&practice, &[]), "olivia@acme.example")
            .await;
        let url = implicit(&practice, &[changes]);
        let shown = browser.open(url.clone()).await;
        assert!(shown.landing().is_none(), "{changes:?}");
        let landing = browser
            .choose(&shown, &url, "bob@acme.example")
            .await
            .landing()
            .unwrap();
        assert_eq!(email(&practice, &landing).await, "bob@acme.example");

        let landing = browser
            .open(implicit(&practice, &[]))
            .await
            .landing()
            .unwrap();
        assert_eq!(email(&practice, &landing).await, "bob@acme.example");
        browser.open(address(&practice, "/logout")).await;
    }
}

#[tokio::test]
async fn signing_out_forgets_the_person_and_leads_back_only_where_sign_ins_may_go() {
    let practice = practice().await;
    let id = ("client_id", practice.client_id());
    let cases: &[(Changes<'_>, Option<&str>)] = &[
        (&[], None),
        (&[id, ("post_logout_redirect_uri", TORQ)], Some(TORQ)),
        (
            &[id, ("post_logout_redirect_uri", CALLBACK)],
            Some(CALLBACK),
        ),
        (
            &[("id_token_hint", "x"), ("post_logout_redirect_uri", TORQ)],
            Some(TORQ),
        ),
        (&[("post_logout_redirect_uri", TORQ)], None),
        (
            &[("client_id", "another"), ("post_logout_redirect_uri", TORQ)],
            None,
        ),
        (
            &[id, ("post_logout_redirect_uri", "https://evil.example/")],
            None,
        ),
    ];
    for (params, back) in cases {
        let mut browser = Browser::new();
        browser
            .sign_in(implicit(&practice, &[]), "olivia@acme.example")
            .await;
        let mut url = address(&practice, "/logout");
        url.query_pairs_mut().extend_pairs(*params);
        let shown = browser.open(url).await;
        assert_eq!(
            shown.location.as_ref().map(|url| url.as_str()),
            *back,
            "{params:?}"
        );
        let shown = browser.open(implicit(&practice, &[])).await;
        assert!(shown.landing().is_none(), "{params:?}");
    }
}

#[tokio::test]
async fn the_session_ends_at_the_server_and_not_only_in_the_browser() {
    let practice = practice().await;
    let mut browser = Browser::new();
    let url = implicit(&practice, &[]);
    let shown = browser.open(url.clone()).await;
    let signed_in = browser.choose(&shown, &url, "olivia@acme.example").await;
    let cookie = signed_in.cookies[0].split(';').next().unwrap().to_owned();
    browser.open(address(&practice, "/logout")).await;

    let http = crate::browser::http(Duration::from_secs(30));
    let response = http.get(url).header("cookie", cookie).send().await.unwrap();
    assert_eq!(response.status(), 200, "the sign-in form");
}

#[tokio::test]
async fn the_session_cookie_is_for_this_session_and_for_no_script() {
    let practice = practice().await;
    let mut browser = Browser::new();
    let url = implicit(&practice, &[]);
    let shown = browser.open(url.clone()).await;
    assert!(
        shown.cookies.is_empty(),
        "nothing is set before anyone signs in"
    );
    let cookie = browser
        .choose(&shown, &url, "olivia@acme.example")
        .await
        .cookies
        .remove(0);
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    assert!(
        !cookie.contains("Max-Age") && !cookie.contains("Expires"),
        "{cookie}"
    );
}

#[tokio::test]
async fn a_fault_takes_effect_with_the_next_request_and_goes_again() {
    let practice = practice().await;
    assert_eq!(practice.fault(), None);
    let url = address(&practice, "/jwks");
    practice.set_fault(Some(Fault::JwksMissing));
    let mut browser = Browser::new();
    assert_eq!(browser.open(url.clone()).await.status, 404);
    practice.set_fault(None);
    assert_eq!(browser.open(url).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_ends_the_answers_held_back_and_frees_the_port() {
    let practice = practice_with(Some(Fault::DiscoverySlow)).await;
    let port = address(&practice, "/").port();
    let mut held = TcpStream::connect(("127.0.0.1", port.unwrap())).unwrap();
    held.set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    let request = "GET /.well-known/openid-configuration HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    held.write_all(request.as_bytes()).unwrap();
    // A later connection is answered, so the held one is not merely waiting its turn.
    assert_eq!(
        Browser::new().open(address(&practice, "/")).await.status,
        200
    );

    practice.stop().await;
    let mut rest = String::new();
    held.read_to_string(&mut rest).expect("the connection ends");
    assert!(!rest.contains("200 OK"), "{rest}");
    let options = latchkey_practice::Options {
        port,
        ..Default::default()
    };
    latchkey_practice::start(options)
        .await
        .expect("the port is free")
        .stop()
        .await;
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let practice = practice().await;
    let port = address(&practice, "/").port();
    let options = latchkey_practice::Options {
        port,
        ..Default::default()
    };
    let error = latchkey_practice::start(options)
        .await
        .err()
        .expect("the port is taken");
    assert!(
        error.to_string().contains(&port.unwrap().to_string()),
        "{error}"
    );
}

#[tokio::test]
async fn no_two_runs_share_a_secret() {
    use secrecy::ExposeSecret;
    let (one, other) = (practice().await, practice().await);
    assert_ne!(
        one.client_secret().expose_secret(),
        other.client_secret().expose_secret()
    );
    assert!(one.client_secret().expose_secret().len() >= 32);
}

#[tokio::test]
async fn an_earlier_runs_secret_goes_on_to_hold_when_it_is_given() {
    use secrecy::ExposeSecret;
    let options = latchkey_practice::Options {
        client_secret: Some("of-an-earlier-run".into()),
        ..Default::default()
    };
    let practice = latchkey_practice::start(options).await.unwrap();
    assert_eq!(
        practice.client_secret().expose_secret(),
        "of-an-earlier-run"
    );
    let landing = Browser::new()
        .sign_in(authorize(&practice, &[]), "bob@acme.example")
        .await;
    let (status, _) = redeem(&practice, By::Basic, landing.field("code").unwrap(), &[]).await;
    assert_eq!(status, 200);
}
