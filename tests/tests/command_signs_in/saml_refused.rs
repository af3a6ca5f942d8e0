//! Sign-ins at SimpleSAMLphp and at `samlp` that do not hold, each for its own reason.

use latchkey_tests::browser::{Browser, Landing, Stop};
use latchkey_tests::provider_saml::{Algorithm, SamlProvider, SamlpShape, Signed, SimpleSamlShape};
use serde_json::json;
use url::Url;

use crate::bench::{OLIVIA, SignIn, callback, free_port};
use crate::saml::{Key, providers, set_up, signed_in};

#[tokio::test]
async fn an_answer_that_nobody_signed() {
    let (port, providers) = providers(Signed::Nothing, None);
    for provider in &providers {
        let ended = signed_in(provider, &set_up(provider), port, OLIVIA, &[]).await;
        ended.assert_refused("signed", "saml_unsigned");
    }
}

#[tokio::test]
async fn sha_1_is_right_and_too_weak() {
    let port = free_port();
    let shape = SimpleSamlShape {
        algorithm: Algorithm::RsaSha1,
        callback_port: Some(port),
        ..SimpleSamlShape::default()
    };
    let provider = SamlProvider::simplesamlphp(&shape).unwrap();
    let ended = signed_in(&provider, &set_up(&provider), port, OLIVIA, &[]).await;
    ended.assert_refused("signed", "signed_with_sha1");
}

#[tokio::test]
async fn a_certificate_that_did_not_sign() {
    let (port, [one, other]) = providers(Signed::Both, None);
    for (provider, stranger) in [(&one, &other), (&other, &one)] {
        let mut set_up = set_up(provider);
        set_up["connection"]["certificates"] = json!([stranger.certificate]);
        let ended = signed_in(provider, &set_up, port, OLIVIA, &[]).await;
        ended.assert_refused("signed", "signed_by_other_certificate");
    }
}

#[tokio::test]
async fn one_thing_at_a_time_is_wrong() {
    let elsewhere = || Some("https://another.example/acs".to_owned());
    let shapes = [
        (
            "addressed",
            "saml_audience_differs",
            SamlpShape {
                audience: elsewhere(),
                ..SamlpShape::default()
            },
        ),
        (
            "addressed",
            "saml_recipient_differs",
            SamlpShape {
                recipient: elsewhere(),
                ..SamlpShape::default()
            },
        ),
        (
            "addressed",
            "saml_destination_differs",
            SamlpShape {
                destination: elsewhere(),
                ..SamlpShape::default()
            },
        ),
        (
            "answered",
            "saml_answers_other_request",
            SamlpShape {
                in_response_to: Some("_another-request".to_owned()),
                ..SamlpShape::default()
            },
        ),
    ];
    for (stage, code, shape) in shapes {
        let port = free_port();
        let provider = SamlProvider::samlp(&SamlpShape {
            callback_port: Some(port),
            ..shape
        })
        .unwrap();
        let ended = signed_in(&provider, &set_up(&provider), port, OLIVIA, &[]).await;
        ended.assert_refused(stage, code);
    }
}

#[tokio::test]
async fn an_issuer_that_is_not_the_providers() {
    let (port, [provider, _]) = providers(Signed::Assertion, None);
    let mut set_up = set_up(&provider);
    set_up["connection"]["issuer"] = json!("https://another.example");
    let ended = signed_in(&provider, &set_up, port, OLIVIA, &[]).await;
    ended.assert_refused("addressed", "saml_issuer_differs");
}

#[tokio::test]
async fn a_person_who_cancels_at_the_provider() {
    let (port, [_, provider]) = providers(Signed::Both, None);
    let sign_in = SignIn::start(&set_up(&provider), None, port, &[]);
    let browser = Browser::new();
    let Stop::Page(page) = browser.open(&sign_in.open, &callback(port)).await.unwrap() else {
        panic!("nobody was asked to sign in");
    };
    let mut form = page.form().unwrap();
    form.press("cancel", "yes");
    let Stop::Landing(landing) = browser.submit(&form, &callback(port)).await.unwrap() else {
        panic!("a page came instead of the answer");
    };
    let ended = sign_in.answered_by(&browser, landing).await;
    ended.assert_refused("answered", "saml_provider_failed");
}

#[tokio::test]
async fn an_answer_that_the_provider_began() {
    let (port, [provider, _]) = providers(Signed::Both, None);
    let mut address = provider.initiate_url.clone();
    address
        .query_pairs_mut()
        .append_pair("ConsumerURL", callback(port).as_str());
    let sign_in = SignIn::start(&set_up(&provider), None, port, &[]);
    let browser = Browser::new();
    let landing = landing(&browser, &provider, &address, port).await;
    let ended = sign_in.answered_by(&browser, landing).await;
    ended.assert_refused("answered", "saml_unsolicited");
}

#[tokio::test]
async fn an_answer_that_was_used_before() {
    let (port, providers) = providers(Signed::Both, None);
    for provider in &providers {
        let browser = Browser::new();
        let first = SignIn::start(&set_up(provider), None, port, &[]);
        let landing = landing(&browser, provider, &first.open, port).await;
        first
            .answered_by(&browser, landing.clone())
            .await
            .assert_role(OLIVIA, "Owner", 1);

        let second = SignIn::start(&set_up(provider), None, port, &[]);
        // Another browser: this one keeps a connection to the command that has ended.
        let ended = second.answered_by(&Browser::new(), landing).await;
        ended.assert_refused("answered", "saml_answers_other_request");
    }
}

#[tokio::test]
async fn a_request_that_the_provider_wanted_signed_by_another_key_is_never_answered() {
    let (key, other) = (Key::new(), Key::new());
    let (port, providers) = providers(Signed::Both, Some(key.certificate));
    for provider in &providers {
        let mut set_up = set_up(provider);
        set_up["connection"]["sign_requests"] = json!(true);
        let sign_in = SignIn::start(&set_up, None, port, &["--key", &other.path()]);
        let stop = Browser::new().open(&sign_in.open, &callback(port)).await;
        let Ok(Stop::Page(page)) = &stop else {
            panic!("the provider did not stay: {stop:?}");
        };
        assert!(page.form().is_none(), "{}", page.text());
    }
}

async fn landing(browser: &Browser, provider: &SamlProvider, start: &Url, port: u16) -> Landing {
    let password = &provider.person(OLIVIA).password;
    let landing = browser
        .sign_in(start, OLIVIA, password, &callback(port))
        .await;
    landing.unwrap_or_else(|error| panic!("{error}\n{}", provider.log()))
}
