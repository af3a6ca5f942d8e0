use crate::browser::Browser;
use crate::client::*;

#[tokio::test]
async fn what_cannot_be_trusted_with_an_answer_gets_a_page_and_no_redirect() {
    let practice = practice().await;
    let cases: &[Changes<'_>] = &[
        &[("client_id", "another")],
        &[("client_id", "")],
        &[("client_id", "<script>alert(1)</script>")],
        &[("redirect_uri", "")],
        &[("redirect_uri", "https://evil.example/callback")],
        &[("redirect_uri", "https://app.torq.io/__/auth/handler/../x")],
        &[(
            "redirect_uri",
            "https://app.torq.io@evil.example/__/auth/handler",
        )],
        &[("redirect_uri", "http://127.0.0.1:1/elsewhere")],
        &[("redirect_uri", "javascript:alert(document.domain)")],
        &[("redirect_uri", "data:text/html,<script>alert(1)</script>")],
        // An error of the request does not open the way either.
        &[
            ("redirect_uri", "https://evil.example/callback"),
            ("response_type", "x"),
        ],
        &[
            ("redirect_uri", "https://evil.example/callback"),
            ("prompt", "none"),
        ],
    ];
    for changes in cases {
        let shown = Browser::new().open(authorize(&practice, changes)).await;
        assert_eq!(shown.status, 400, "{changes:?}");
        assert!(shown.landing().is_none(), "{changes:?}");
        assert!(!shown.body.contains("<script"), "{changes:?}");
        assert!(!shown.body.contains("href="), "{changes:?}");
    }
}

#[tokio::test]
async fn a_second_redirect_uri_gets_a_page() {
    let practice = practice().await;
    let mut url = authorize(&practice, &[]);
    url.query_pairs_mut().append_pair("redirect_uri", TORQ);
    let shown = Browser::new().open(url).await;
    assert_eq!(shown.status, 400);
    assert!(shown.landing().is_none());
}

#[tokio::test]
async fn other_errors_go_back_to_the_application_with_its_state() {
    let practice = practice().await;
    let implicit = ("response_type", "id_token");
    let cases: &[(Changes<'_>, &str, &str)] = &[
        (&[("response_type", "")], "query", "invalid_request"),
        (
            &[("response_type", "token")],
            "query",
            "unsupported_response_type",
        ),
        (
            &[("response_type", "code token")],
            "query",
            "unsupported_response_type",
        ),
        (
            &[("response_type", "code code")],
            "query",
            "unsupported_response_type",
        ),
        (
            &[("response_mode", "web_message")],
            "query",
            "invalid_request",
        ),
        (
            &[implicit, ("response_mode", "query")],
            "fragment",
            "invalid_request",
        ),
        (&[implicit, ("nonce", "")], "fragment", "invalid_request"),
        (
            &[("response_type", "code id_token"), ("nonce", "")],
            "fragment",
            "invalid_request",
        ),
        (
            &[implicit, ("nonce", ""), ("response_mode", "form_post")],
            "form_post",
            "invalid_request",
        ),
        (&[("scope", "")], "query", "invalid_scope"),
        (&[("scope", "email OPENID")], "query", "invalid_scope"),
        (
            &[("code_challenge_method", "plain")],
            "query",
            "invalid_request",
        ),
        (&[("code_challenge_method", "")], "query", "invalid_request"),
        (&[("code_challenge", "short")], "query", "invalid_request"),
        (&[("prompt", "none")], "query", "login_required"),
        (&[("prompt", "none login")], "query", "invalid_request"),
        (&[("max_age", "-1")], "query", "invalid_request"),
        (&[("max_age", "soon")], "query", "invalid_request"),
        (&[("request", "e30.e30.")], "query", "request_not_supported"),
        (
            &[("request_uri", "https://evil.example/x")],
            "query",
            "request_uri_not_supported",
        ),
    ];
    for (changes, way, error) in cases {
        let shown = Browser::new().open(authorize(&practice, changes)).await;
        let landing = shown
            .landing()
            .unwrap_or_else(|| panic!("{changes:?}: {shown:?}"));
        assert_eq!(
            (landing.way, landing.field("error")),
            (*way, Some(*error)),
            "{changes:?}"
        );
        assert_eq!(
            landing.names(),
            ["error", "error_description", "state"],
            "{changes:?}"
        );
        assert_eq!(landing.field("state"), Some(STATE));
        assert_eq!(landing.to, CALLBACK);
    }
}

#[tokio::test]
async fn a_repeated_parameter_is_an_error_and_not_a_choice() {
    let practice = practice().await;
    let mut url = authorize(&practice, &[]);
    url.query_pairs_mut().append_pair("nonce", "another");
    let landing = Browser::new().open(url).await.landing().unwrap();
    assert_eq!(landing.field("error"), Some("invalid_request"));
}

#[tokio::test]
async fn the_sign_in_form_is_checked_like_the_request_it_carries() {
    let practice = practice().await;
    let hostile = authorize(
        &practice,
        &[("redirect_uri", "https://evil.example/callback")],
    );
    for request in [hostile.query().unwrap(), "", "client_id=latchkey-practice"] {
        let fields = [("request", request), ("as", "olivia@acme.example")];
        let shown = Browser::new()
            .submit(address(&practice, "/sign-in"), &fields)
            .await;
        assert_eq!(shown.status, 400, "{request}");
        assert!(
            shown.landing().is_none() && shown.cookies.is_empty(),
            "{request}"
        );
    }
}

#[tokio::test]
async fn too_much_is_not_read() {
    let practice = practice().await;
    let long = "x".repeat(20 * 1024);
    let shown = Browser::new()
        .open(authorize(&practice, &[("state", &long)]))
        .await;
    assert_eq!(shown.status, 400);
    assert!(!shown.body.contains(&long));

    let mut many = authorize(&practice, &[]);
    many.query_pairs_mut()
        .extend_pairs((0..100).map(|i| (format!("p{i}"), "x")));
    assert_eq!(Browser::new().open(many).await.status, 400);

    let huge = "x".repeat(1024 * 1024);
    let fields = [("grant_type", huge.as_str())];
    let shown = Browser::new()
        .submit(address(&practice, "/token"), &fields)
        .await;
    assert_eq!(shown.status, 413);
}

#[tokio::test]
async fn the_token_endpoint_takes_only_a_form_by_post() {
    let practice = practice().await;
    let http = crate::browser::http(std::time::Duration::from_secs(30));
    let url = address(&practice, "/token");
    assert_eq!(http.get(url.clone()).send().await.unwrap().status(), 405);
    let response = http
        .post(url)
        .body("{}")
        .header("content-type", "application/json");
    let response = response.send().await.unwrap();
    assert_eq!(response.status(), 400);
    let body: serde_json::Value = response.json().await.unwrap();
    assert_eq!(body["error"], "invalid_request");
}
