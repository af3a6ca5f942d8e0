use crate::browser::Browser;
use crate::client::*;

const HOSTILE: &str = r#""'><script>alert(1)</script><img src=x onerror=alert(1)>&lt;"#;

#[tokio::test]
async fn what_the_request_says_is_shown_as_text() {
    let practice = practice().await;
    let cases: &[Changes<'_>] = &[
        &[("state", HOSTILE)],
        &[("login_hint", HOSTILE)],
        &[("redirect_uri", HOSTILE)],
        &[("client_id", HOSTILE)],
        &[("scope", &format!("openid {HOSTILE}"))],
    ];
    for changes in cases {
        let shown = Browser::new().open(authorize(&practice, changes)).await;
        assert!(!shown.body.contains("<script"), "{changes:?}");
        assert!(!shown.body.contains("<img"), "{changes:?}");
        assert!(!shown.body.contains(r#"""'>"#), "{changes:?}");
    }
}

#[tokio::test]
async fn what_was_typed_is_shown_as_text_beside_the_refusal() {
    let practice = practice().await;
    let url = authorize(&practice, &[]);
    let request = url.query().unwrap();
    let fields = [
        ("request", request),
        ("email", HOSTILE),
        ("password", HOSTILE),
    ];
    let shown = Browser::new()
        .submit(address(&practice, "/sign-in"), &fields)
        .await;
    assert!(shown.body.contains("do not belong together"));
    assert!(!shown.body.contains("<script") && !shown.body.contains("<img"));
    assert!(shown.cookies.is_empty());
}

#[tokio::test]
async fn the_state_in_a_posting_page_cannot_leave_its_field() {
    let practice = practice().await;
    let url = authorize(
        &practice,
        &[("state", HOSTILE), ("response_mode", "form_post")],
    );
    let mut browser = Browser::new();
    let shown = browser.open(url.clone()).await;
    let shown = browser.choose(&shown, &url, "bob@acme.example").await;
    assert_eq!(shown.body.matches("<script").count(), 1, "its own");
    assert!(!shown.body.contains("<img"));
    assert_eq!(shown.landing().unwrap().field("state"), Some(HOSTILE));
    assert!(
        shown.body.contains(r#"<button id="continue">"#),
        "for when scripts are off"
    );
}

#[tokio::test]
async fn typing_signs_in_and_only_the_right_password_does() {
    let practice = practice().await;
    let url = authorize(&practice, &[]);
    let bob = practice
        .people()
        .iter()
        .find(|person| person.email.starts_with("bob"))
        .unwrap();
    let attempts = [
        ("bob@acme.example", &*bob.password, true),
        (" Bob@Acme.example ", &bob.password, true),
        ("bob@acme.example", "", false),
        ("bob@acme.example", "olivia-key", false),
        ("", &bob.password, false),
        ("mallory@acme.example", &bob.password, false),
    ];
    for (email, password, lets_in) in attempts {
        let request = url.query().unwrap();
        let fields = [
            ("request", request),
            ("email", email),
            ("password", password),
        ];
        let shown = Browser::new()
            .submit(address(&practice, "/sign-in"), &fields)
            .await;
        assert_eq!(shown.landing().is_some(), lets_in, "{email} {password}");
    }
}

#[tokio::test]
async fn the_sign_in_page_says_what_it_is_and_for_whom() {
    let practice = practice().await;
    let url = authorize(
        &practice,
        &[("redirect_uri", TORQ), ("login_hint", "vera@acme.example")],
    );
    let shown = Browser::new().open(url).await;
    for words in [
        "Latchkey's practice provider",
        "the people are made up",
        "<code>https://app.torq.io</code>",
        r#"value="vera@acme.example""#,
        "suggested by the application",
    ] {
        assert!(shown.body.contains(words), "{words}");
    }
    for person in practice.people() {
        assert!(shown.body.contains(&person.password), "{}", person.email);
    }
}

#[tokio::test]
async fn no_page_loads_anything_or_runs_a_script_that_is_not_its_own() {
    let practice = practice().await;
    let mut browser = Browser::new();
    let sign_in = authorize(&practice, &[]);
    let stop = authorize(&practice, &[("client_id", "x")]);
    for url in [
        sign_in,
        stop,
        address(&practice, "/"),
        address(&practice, "/nowhere"),
        address(&practice, "/logout"),
    ] {
        let shown = browser.open(url.clone()).await;
        assert!(shown.content_type.starts_with("text/html"), "{url}");
        assert!(
            shown
                .policy
                .starts_with("default-src 'none'; style-src 'sha256-"),
            "{url}"
        );
        assert!(!shown.policy.contains("unsafe"), "{url}");
        assert!(!shown.policy.contains("script-src"), "{url}");
        for loading in ["src=", "href=", "url(", "@import", "<script", "style="] {
            assert!(!shown.body.contains(loading), "{url}: {loading}");
        }
    }
}

#[tokio::test]
async fn the_policy_covers_the_style_and_the_script_that_are_there() {
    use base64::Engine;
    use sha2::{Digest, Sha256};
    let practice = practice().await;
    let url = authorize(&practice, &[("response_mode", "form_post")]);
    let mut browser = Browser::new();
    let form = browser.open(url.clone()).await;
    let shown = browser.choose(&form, &url, "bob@acme.example").await;
    for tag in ["style", "script"] {
        let (_, rest) = shown.body.split_once(&format!("<{tag}>")).unwrap();
        let (inline, _) = rest.split_once(&format!("</{tag}>")).unwrap();
        let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(inline));
        assert!(
            shown.policy.contains(&format!("{tag}-src 'sha256-{hash}'")),
            "{tag}"
        );
    }
}

#[tokio::test]
async fn a_script_on_another_origin_may_ask_what_clients_ask_and_no_page() {
    let practice = practice().await;
    let http = crate::browser::http(std::time::Duration::from_secs(30));
    for (path, open) in [
        ("/jwks", true),
        ("/token", true),
        ("/userinfo", true),
        ("/authorize", false),
        ("/sign-in", false),
        ("/", false),
    ] {
        let request = http.request(reqwest::Method::OPTIONS, address(&practice, path));
        let response = request
            .header("origin", "https://app.example")
            .send()
            .await
            .unwrap();
        assert_eq!(
            response
                .headers()
                .contains_key("access-control-allow-origin"),
            open,
            "{path}"
        );
    }
}
