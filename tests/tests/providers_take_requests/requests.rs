//! The request: by address and by form, signed and not.

use latchkey_core::RequestBinding;
use latchkey_core::saml::request::{NameIdFormat, RelayState};
use latchkey_tests::browser::{Browser, BrowserError};
use latchkey_tests::provider_saml::{SamlProvider, SimpleSamlShape};
use latchkey_tests::service_provider::Answer;

use crate::bench::{
    BINDINGS, BOB, OLIVIA, connection, key_pair, olivia_signs_in, providers, request,
    service_redirect, sign_in,
};

#[tokio::test]
async fn a_request_is_answered_by_its_id_and_with_its_relay_state() {
    for provider in providers(None) {
        for binding in BINDINGS {
            let request = request(&connection(&provider), false);
            let state = RelayState::parse("a state & more: /?=+%20").unwrap();
            let answer = olivia_signs_in(&provider, &request, binding, &state, None).await;
            let answer = answer.unwrap_or_else(|error| panic!("{error}\n{}", provider.log()));
            let told = format!("InResponseTo=\"{}\"", request.id());
            assert!(answer.xml.contains(&told), "{binding:?}: {}", answer.xml);
            assert_eq!(
                answer.relay_state.as_deref(),
                Some(state.as_str()),
                "{binding:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_provider_that_wants_signed_requests_takes_one_that_this_key_signed() {
    let pair = key_pair();
    for provider in providers(Some(&pair)) {
        for binding in BINDINGS {
            let request = request(&connection(&provider), true);
            let state = RelayState::random();
            let answer = olivia_signs_in(&provider, &request, binding, &state, Some(&pair)).await;
            let answer =
                answer.unwrap_or_else(|error| panic!("{binding:?}: {error}\n{}", provider.log()));
            assert!(
                answer.xml.contains(request.id()),
                "{binding:?}: {}",
                answer.xml
            );
        }
    }
}

#[tokio::test]
async fn a_provider_that_wants_signed_requests_refuses_every_other() {
    let (pair, other) = (key_pair(), key_pair());
    for provider in providers(Some(&pair)) {
        for binding in BINDINGS {
            for key in [None, Some(&other)] {
                let request = request(&connection(&provider), true);
                let state = RelayState::random();
                let refused = olivia_signs_in(&provider, &request, binding, &state, key).await;
                assert_refused_for_the_signature(refused, &provider);
            }
        }
    }
}

#[tokio::test]
async fn a_request_that_was_changed_on_its_way_is_refused() {
    let pair = key_pair();
    for provider in providers(Some(&pair)) {
        let request = request(&connection(&provider), true);
        let address = request.redirect_url(Some(&RelayState::random()), Some(&pair));
        let changed = address
            .as_str()
            .replace("RelayState=", "RelayState=0")
            .parse()
            .unwrap();
        let acs = service_redirect();
        let password = &provider.person(OLIVIA).password;
        let refused = Browser::new()
            .sign_in(&changed, OLIVIA, password, &acs)
            .await;
        assert_refused_for_the_signature(refused, &provider);
    }
}

#[tokio::test]
async fn a_forced_sign_in_asks_a_second_person_in_the_first_ones_browser() {
    let provider = SamlProvider::simplesamlphp(&SimpleSamlShape::default()).unwrap();
    for binding in BINDINGS {
        let browser = Browser::new();
        for email in [OLIVIA, BOB] {
            let request = request(&connection(&provider), true);
            let state = RelayState::random();
            let landing =
                sign_in(&browser, &provider, &request, binding, &state, None, email).await;
            let answer = Answer::of(&landing.unwrap());
            assert!(
                answer.xml.contains(&format!(">{email}</saml:NameID>")),
                "{}",
                answer.xml
            );
        }
    }
}

#[tokio::test]
async fn no_format_of_a_name_is_refused() {
    for provider in providers(None) {
        for format in [
            NameIdFormat::Unspecified,
            NameIdFormat::EmailAddress,
            NameIdFormat::Persistent,
        ] {
            let request = request(&connection(&provider), false).name_id_format(format);
            let state = RelayState::random();
            let answer =
                olivia_signs_in(&provider, &request, RequestBinding::Redirect, &state, None).await;
            let answer =
                answer.unwrap_or_else(|error| panic!("{format:?}: {error}\n{}", provider.log()));
            assert!(
                answer.xml.contains("status:Success"),
                "{format:?}: {}",
                answer.xml
            );
        }
    }
}

#[tokio::test]
async fn a_sign_on_address_keeps_the_query_it_came_with() {
    for provider in providers(None) {
        let mut connection = connection(&provider);
        connection
            .sign_on_url
            .set_query(Some("tenant=acme&x=a%20b"));
        let request = request(&connection, false);
        let state = RelayState::random();
        let answer =
            olivia_signs_in(&provider, &request, RequestBinding::Redirect, &state, None).await;
        assert!(answer.unwrap().xml.contains(request.id()));
        assert!(
            provider.log().is_empty()
                || provider.log().contains("tenant=acme&x=a%20b&SAMLRequest=")
        );
    }
}

/// On its page, or in its log where the page says only that something is wrong.
fn assert_refused_for_the_signature<T: std::fmt::Debug>(
    refused: Result<T, BrowserError>,
    provider: &SamlProvider,
) {
    let Err(BrowserError::NoForm { text, .. }) = &refused else {
        panic!("no page came that ends the sign-in: {refused:?}");
    };
    let said = format!("{text}\n{}", provider.log());
    let reasons = [
        "MUST be signed",
        "Signature check errors",
        "no signature found",
        "Unable to validate",
    ];
    assert!(reasons.iter().any(|reason| said.contains(reason)), "{said}");
}
