//! A test sign-in from end to end, by each way.

use jiff::{SignedDuration, Timestamp};
use latchkey_core::connection::Issuer;
use latchkey_core::oidc::{Captured, ResponseMode};
use latchkey_core::{Fault, Flow, Outcome, Stage};
use latchkey_practice::Fault as Trouble;
use latchkey_signin::never_began;
use secrecy::SecretString;

use crate::browser;
use crate::stage::{
    OLIVIA, Scene, assert_coherent, assert_ends_where_it_stood, findings, rules, service,
};

#[tokio::test]
async fn each_way_of_answering_ends_in_the_role() {
    for (flow, mode) in [
        (Flow::Code, ResponseMode::Usual),
        (Flow::Code, ResponseMode::FormPost),
        (Flow::Implicit, ResponseMode::Usual),
        (Flow::Implicit, ResponseMode::FormPost),
    ] {
        let mut scene = Scene::new(flow).await;
        scene.mode = mode;
        let verdict = scene.verdict().await;
        assert_coherent(&verdict);
        assert_eq!(findings(&verdict), [""; 0], "{flow:?} {mode:?}");
        assert!(verdict.passed());
        assert_eq!(verdict.role.as_deref(), Some("Owner"));
        assert_eq!(verdict.rule, Some(1));
        assert_eq!(
            verdict.claims.values("groups"),
            ["Security Admins", "Everyone"]
        );
        scene.practice.stop().await;
    }
}

#[tokio::test]
async fn the_wrong_secret_is_named_by_each_way_of_presenting_it() {
    for way in [Trouble::BasicAuthOnly, Trouble::PostAuthOnly] {
        let mut scene = Scene::new(Flow::Code).await;
        scene.practice.set_fault(Some(way));
        scene.secret = Some(SecretString::from("not-the-secret-of-this-client"));
        let verdict = scene.verdict().await;
        assert_eq!(
            findings(&verdict),
            ["answered error client_refused"],
            "{way}"
        );
    }
}

#[tokio::test]
async fn without_a_secret_the_provider_says_what_it_misses() {
    let mut scene = Scene::new(Flow::Code).await;
    scene.secret = None;
    let verdict = scene.verdict().await;
    assert_eq!(findings(&verdict), ["answered error client_refused"]);
}

#[tokio::test]
async fn a_secret_of_awkward_characters_is_sent_as_it_is() {
    // Seen as refused, not as a request that could not be made.
    let mut scene = Scene::new(Flow::Code).await;
    for secret in ["a b+c%d&e=f:g/h", "päßwörter-日本", "\u{0}line\nbreaks\r"] {
        scene.secret = Some(SecretString::from(secret));
        let verdict = scene.verdict().await;
        assert_eq!(
            findings(&verdict),
            ["answered error client_refused"],
            "{secret:?}"
        );
    }
}

#[tokio::test]
async fn a_provider_on_the_login_redirect_urls_host_is_not_even_asked() {
    let there = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = there.local_addr().unwrap().port();
    let mut scene = Scene::new(Flow::Code).await;
    for name in ["127.0.0.1", "localhost"] {
        scene.connection.issuer = Issuer::parse(&format!("http://{name}:{port}")).unwrap();
        scene.connection.login_redirect_url =
            format!("http://127.0.0.1:{port}/cb").parse().unwrap();
        let verdict = *scene.prepared().await.unwrap_err();
        assert_coherent(&verdict);
        assert_eq!(findings(&verdict), ["reached error provider_at_service"]);
    }
    // Whoever had come would stand in the queue by now.
    let came = tokio::time::timeout(std::time::Duration::ZERO, there.accept()).await;
    assert!(came.is_err(), "a connection was made");
}

#[tokio::test]
async fn an_answer_to_one_sign_in_is_none_to_another() {
    let scene = Scene::new(Flow::Code).await;
    let first = scene.prepared().await.unwrap();
    let second = scene.prepared().await.unwrap();
    let captured = browser::sign_in(first.start().url(), OLIVIA).await.unwrap();
    let verdict = second
        .conclude(captured, &scene.rules, service(), Timestamp::now)
        .await;
    assert_eq!(findings(&verdict), ["answered error state_differs"]);
}

#[tokio::test]
async fn a_code_of_another_sign_in_is_refused_even_under_the_right_state() {
    // The provider holds the code against the PKCE challenge of the sign-in that it was given for.
    let scene = Scene::new(Flow::Code).await;
    let first = scene.prepared().await.unwrap();
    let second = scene.prepared().await.unwrap();
    let value = |captured: &Captured, wanted: &str| {
        let Captured::Address(url) = captured else {
            panic!("by query")
        };
        let mut pairs = url.query_pairs();
        pairs
            .find_map(|(name, value)| (name == wanted).then(|| value.into_owned()))
            .unwrap()
    };
    let stolen = browser::sign_in(first.start().url(), OLIVIA).await.unwrap();
    let own = browser::sign_in(second.start().url(), OLIVIA)
        .await
        .unwrap();
    let mixed = Captured::Form(vec![
        ("code".to_owned(), value(&stolen, "code")),
        ("state".to_owned(), value(&own, "state")),
    ]);
    let verdict = second
        .conclude(mixed, &scene.rules, service(), Timestamp::now)
        .await;
    let errors: Vec<_> = findings(&verdict)
        .into_iter()
        .filter(|one| one.contains("error"))
        .collect();
    assert_eq!(errors, ["answered error grant_refused"]);
}

#[tokio::test]
async fn the_time_is_the_callers() {
    for (hours, expected) in [
        (2, "in_time error token_expired"),
        (-2, "in_time error token_issued_in_future"),
    ] {
        let scene = Scene::new(Flow::Implicit).await;
        let sign_in = scene.prepared().await.unwrap();
        let captured = browser::sign_in(sign_in.start().url(), OLIVIA)
            .await
            .unwrap();
        let now = || Timestamp::now() + SignedDuration::from_hours(hours);
        let verdict = sign_in
            .conclude(captured, &scene.rules, service(), now)
            .await;
        assert_eq!(findings(&verdict), [expected]);
    }
}

#[tokio::test]
async fn that_user_info_fails_is_an_error_where_nothing_else_says_who_it_is() {
    let mut scene = Scene::new(Flow::Code).await;
    scene.practice.set_fault(Some(Trouble::UserinfoUnreachable));
    scene.connection.scopes = ["openid", "groups"].map(str::to_owned).into();
    scene.rules = rules(&[("groups", "Everyone")]);
    let verdict = scene.verdict().await;
    assert_eq!(
        findings(&verdict),
        ["identified error user_info_unreachable"]
    );
    assert_coherent(&verdict);
}

#[tokio::test]
async fn keys_that_nobody_answers_for_are_told_at_the_signature() {
    let scene = Scene::new(Flow::Implicit).await;
    let sign_in = scene.prepared().await.unwrap();
    let captured = browser::sign_in(sign_in.start().url(), OLIVIA)
        .await
        .unwrap();
    scene.practice.stop().await;
    let verdict = sign_in
        .conclude(captured, &scene.rules, service(), Timestamp::now)
        .await;
    assert_eq!(findings(&verdict), ["signed error connection_refused"]);
}

#[tokio::test]
async fn a_token_endpoint_that_went_away_is_told_at_the_answer_and_the_keys_are_not_blamed() {
    let scene = Scene::new(Flow::Code).await;
    let sign_in = scene.prepared().await.unwrap();
    let captured = browser::sign_in(sign_in.start().url(), OLIVIA)
        .await
        .unwrap();
    scene.practice.stop().await;
    let verdict = sign_in
        .conclude(captured, &scene.rules, service(), Timestamp::now)
        .await;
    assert_eq!(findings(&verdict), ["answered error connection_refused"]);
}

#[tokio::test]
async fn a_sign_in_without_an_answer_ends_where_it_stood() {
    let scene = Scene::new(Flow::Code).await;
    assert_ends_where_it_stood(&scene.prepared().await.unwrap());
    let verdict = never_began(Fault::LoopbackUnavailable {
        port: 1,
        reason: String::new(),
    });
    assert_eq!(verdict.failed_at().unwrap().stage, Stage::Reached);
}

#[tokio::test]
async fn a_scope_that_is_not_offered_is_a_warning_and_the_sign_in_goes_on() {
    let mut scene = Scene::new(Flow::Code).await;
    scene.connection.scopes.push("roles".to_owned());
    let sign_in = scene.prepared().await.unwrap();
    let reached = sign_in.ended(Fault::WindowClosed {}).stages.remove(0);
    assert_eq!(reached.outcome, Outcome::Passed);
    assert_eq!(reached.findings[0].code, "scope_not_offered");
}
