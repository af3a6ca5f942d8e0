//! What differs by browser, and what a chain looks like.

use latchkey_core::Outcome;
use latchkey_core::diagnosis::chain::Step;
use latchkey_core::diagnosis::har::Browser;
use serde_json::json;

use super::recording::{HANDLER, Recording, SHAPES, Shape, diagnosed, encoded};

fn refused() -> Recording {
    let asked = format!(
        "https://acme.okta.com/oauth2/v1/authorize?client_id=0oa1&response_type=code&scope=openid&redirect_uri={}&state=st4te",
        encoded(HANDLER)
    );
    let answer =
        format!("{HANDLER}?error=access_denied&error_description=user_not_assigned&state=st4te");
    Recording::new()
        .redirect("https://app.torq.io/auth/SSOSignIn", &asked)
        .page(&asked, 200, "<p>Sign in</p>")
        .post_redirect(
            "https://acme.okta.com/login",
            &[("password", "PASSWORDSECRET")],
            &answer,
        )
        .page(&answer, 200, "<p>x</p>")
        .page("https://app.torq.io/", 200, "<p>x</p>")
}

#[test]
fn the_writer_is_told_by_its_own_name() {
    let expected = [
        Browser::Chromium,
        Browser::Chromium,
        Browser::Firefox,
        Browser::Charles,
    ];
    for (shape, browser) in SHAPES.into_iter().zip(expected) {
        let diagnosis = refused().diagnosed(shape, None);
        assert_eq!(diagnosis.recording.browser, browser);
        assert_eq!(diagnosis.recording.requests, 5);
        assert_eq!(diagnosis.recording.cut, None);
    }
    let safari = json!({"log": {"creator": {"name": "WebKit Web Inspector", "version": "1.0"}, "entries": []}});
    let diagnosis = diagnosed(safari.to_string().as_bytes(), None);
    assert_eq!(diagnosis.recording.browser, Browser::Safari);
}

#[test]
fn a_chain_has_its_steps_in_order_and_the_one_that_broke() {
    for shape in SHAPES {
        let diagnosis = refused().diagnosed(shape, None);
        let chain = diagnosis.chain().unwrap();
        let steps: Vec<Step> = chain.links.iter().map(|link| link.step).collect();
        let expected = [
            Step::Start,
            Step::Request,
            Step::Provider,
            Step::Answer,
            Step::Reply,
        ];
        assert_eq!(steps, expected, "{shape:?}");
        assert_eq!(chain.broken(), Some(3), "{shape:?}");
        assert_eq!(chain.links[4].outcome, Outcome::NotReached);
        assert_eq!(chain.links[3].place.address(), HANDLER);
        assert_eq!(
            chain.links[3].parameters,
            ["error", "error_description", "state"]
        );
        assert!(!chain.worked && !chain.silent);
    }
}

#[test]
fn members_may_come_in_any_order_and_of_any_type() {
    let file = json!({"log": {"entries": [
        {"response": {"content": {"text": "<p>AADSTS50105</p>", "mimeType": "text/html"}, "status": "200", "headers": null},
         "request": {"headers": {"x": 1}, "url": "https://login.microsoftonline.com/x/oauth2/authorize?client_id=1&response_type=code&redirect_uri=https%3A%2F%2Fa.example%2Fcb", "method": "GET", "postData": [1, [2]]},
         "time": "long", "startedDateTime": 5},
        {"request": {"url": 5, "method": null}, "response": []}, 7, null, "x", [], {}
    ], "version": 1}});
    let diagnosis = diagnosed(file.to_string().as_bytes(), None);
    assert_eq!(
        diagnosis.findings[0].fault.code(),
        "person_not_assigned",
        "{:?}",
        diagnosis.findings
    );
}

#[test]
fn of_two_sign_ins_the_last_one_is_meant_and_a_silent_one_is_not() {
    let answer = |state: &str| format!("{HANDLER}?code=C0DESECRET0123456789&state={state}");
    let asked = |state: &str, more: &str| {
        format!(
            "https://acme.okta.com/oauth2/v1/authorize?client_id=0oa1&response_type=code&scope=openid&redirect_uri={}&state={state}{more}",
            encoded(HANDLER)
        )
    };
    let recording = refused()
        .redirect(&asked("second", ""), &answer("second"))
        .page(&answer("second"), 200, "<p>Welcome</p>")
        .redirect(
            &asked("third", "&prompt=none"),
            &format!("{HANDLER}?error=login_required&state=third"),
        )
        .page(
            &format!("{HANDLER}?error=login_required&state=third"),
            200,
            "",
        );
    let diagnosis = recording.diagnosed(Shape::Chrome, None);
    assert_eq!(diagnosis.chains.len(), 3);
    assert_eq!(diagnosis.judged, Some(1));
    assert_eq!(diagnosis.findings[0].fault.code(), "sign_in_worked");
    assert!(diagnosis.chains[2].silent);
}
