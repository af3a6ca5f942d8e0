//! Causes that stand in somebody's own words: beside a status, in a page's script, in an interface on
//! which the service rests.

use serde_json::json;

use super::cases::{Case, all_shapes};
use super::recording::{HANDLER, Recording, Shape, encoded};
use super::saml;

const CLIENT: &str = "0oa1b2c3d4E5f6G7h8i9";

fn asked(host: &str) -> String {
    format!(
        "https://{host}/authorize?client_id={CLIENT}&response_type=code&scope=openid+email&redirect_uri={}&state=st4te",
        encoded(HANDLER)
    )
}

fn begun() -> Recording {
    Recording::new()
        .page("https://app.torq.io/", 200, "<p>Welcome</p>")
        .noise(3)
}

fn stands(host: &str, status: u16, page: &str) -> Recording {
    begun().page(&asked(host), status, page)
}

fn delivered() -> Recording {
    let answer = format!("{HANDLER}?code=C0DESECRET0123456789&state=st4te");
    begun()
        .redirect(&asked("acme.okta.com"), &answer)
        .page(&answer, 200, "<script>go()</script>")
}

/// The service's page asks an interface on another host, without a body that the recording has.
fn refused_elsewhere(message: &str) -> Recording {
    let body = json!({"error": {"code": 400, "message": message}});
    delivered()
        .json(
            "https://identity.example/v1/accounts:signInWithIdp?key=K",
            &json!({}),
            400,
            &body,
        )
        .by_page_of("https://app.torq.io")
}

#[test]
fn without_a_set_up_the_provider_is_called_by_its_name_or_by_its_host() {
    for (host, name) in [
        ("acme.okta.com", "Okta"),
        ("id.acme.example", "id.acme.example"),
    ] {
        let page = stands(host, 400, "<h1>400</h1><p>error=consent_required</p>");
        let told = page.diagnosed(Shape::Chrome, None).findings[0].told();
        let expected = format!("at {name} (");
        assert!(told.what.contains(&expected), "{}", told.what);
    }
}

#[test]
fn what_a_provider_writes_beside_its_status_says_more_than_the_status() {
    let answered = |second: &str, message: &str| {
        let status = saml::status(&format!(
            "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Responder\">{second}</samlp:StatusCode><samlp:StatusMessage>{message}</samlp:StatusMessage>"
        ));
        saml::answered(&status)
    };
    let code = |name: &str| {
        format!("<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:{name}\"/>")
    };
    let of_entra = "AADSTS50105: Your administrator has configured the application";
    all_shapes(&[
        Case::new("message", "person_not_assigned", answered("", of_entra)),
        Case::new(
            "message, held",
            "person_not_assigned",
            answered("", of_entra),
        )
        .with(saml::jumpcloud()),
        Case::new(
            "second code",
            "account_unknown",
            answered(&code("UnknownPrincipal"), ""),
        ),
        Case::new("nothing known", "saml_provider_failed", answered("", "x"))
            .with(saml::jumpcloud()),
    ]);
}

#[test]
fn a_page_that_writes_its_message_by_script_is_read() {
    let page = |said: &str| {
        let page = format!(
            "<html><title>Sign in</title><script>$Config={{{said}}};</script><body></body></html>"
        );
        stands("login.microsoftonline.com", 200, &page)
    };
    all_shapes(&[
        Case::new(
            "words",
            "policy_blocked",
            page(
                r#""strMainMessage":"You cannot access this right now","strAdditionalMessage":"Your sign-in was successful but does not meet the criteria to access this resource.""#,
            ),
        ),
        Case::new(
            "number",
            "policy_blocked",
            page(r#""iErrorCode":53003,"x":1"#),
        ),
        Case::new(
            "number as text",
            "person_not_assigned",
            page(r#""sErrorCode":"50105""#),
        ),
        Case::new(
            "no error",
            "?sign_in_not_answered",
            page(r#""sErrorCode":"","iErrorCode":0"#),
        ),
    ]);
}

#[test]
fn a_provider_is_named_by_its_host_where_its_page_does_not_name_it() {
    all_shapes(&[
        Case::new(
            "its host",
            "person_not_assigned",
            stands(
                "acme.onelogin.com",
                403,
                "<h1>Access denied</h1><p>You do not have access to this application.</p>",
            ),
        ),
        Case::new(
            "another host",
            "provider_page_failed",
            stands(
                "id.acme.example",
                403,
                "<h1>Access denied</h1><p>You do not have access to this application.</p>",
            ),
        ),
    ]);
}

#[test]
fn an_interface_on_which_the_service_rests_names_the_cause() {
    let address = "https://identity.example/v1/accounts:createAuthUri?key=K";
    let before = |message: &str| {
        let body = json!({"error": {"code": 400, "message": message}});
        Recording::new()
            .page("https://app.torq.io/", 200, "<p>Welcome</p>")
            .json(address, &json!({}), 400, &body)
    };
    all_shapes(&[
        Case::new("signature", "service_says_signature",
            refused_elsewhere("INVALID_IDP_RESPONSE : Failed to verify the signature in samlresponse")),
        Case::new("issuer", "service_cannot_read_issuer",
            refused_elsewhere("INVALID_IDP_RESPONSE : Error connecting to the given credential's issuer.")),
        Case::new("person", "account_disabled", refused_elsewhere("USER_DISABLED")),
        Case::new("switched off", "connection_switched_off", before("OPERATION_NOT_ALLOWED : The identity provider configuration is disabled.")),
        Case::new("of another page", "?sign_in_worked", delivered()
            .json("https://metrics.example/v1/login?key=K", &json!({}), 400, &json!({"error": "invalid_client"}))
            .by_page_of("https://elsewhere.example")),
        Case::new("a manual", "?sign_in_worked", delivered().page("https://app.torq.io/help/sso", 200,
            "<p>redirect_uri_mismatch means one thing, AADSTS50105 another, app_not_configured a third.</p>")),
    ]);
}

#[test]
fn a_token_endpoint_that_answers_with_a_page_is_named() {
    let answer = format!("{HANDLER}?code=C0DESECRET0123456789&state=st4te");
    let recording = begun()
        .redirect(&asked("acme.okta.com"), &answer)
        .page(&answer, 200, "")
        .post(
            "https://acme.okta.com/token",
            &[
                ("grant_type", "authorization_code"),
                ("code", "C0DESECRET0123456789"),
            ],
            200,
            "<html><h1>Network sign-in</h1><p>Accept the terms</p></html>",
        );
    all_shapes(&[Case::new("page", "token_answer_unreadable", recording)]);
}

#[test]
fn a_set_ups_sign_on_url_that_refuses_is_the_sign_in_even_where_the_request_was_lost() {
    let set_up = saml::jumpcloud();
    let gone = Recording::new()
        .page("https://app.torq.io/", 200, "<p>Welcome</p>")
        .page(&set_up.connection.sign_on_url, 404, "<p>Not here</p>");
    all_shapes(&[
        Case::new("held", "provider_page_failed", gone.clone()).with(set_up),
        Case::new("without a set-up", "?recording_without_sign_in", gone),
    ]);
}
