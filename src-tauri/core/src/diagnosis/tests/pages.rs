//! Pages without a code's usual spelling: what browsers, providers and pictures make of it.

use super::*;

/// With the set-up's provider, or without a set-up, what each text proves.
const SHOWN: &[(&str, &str, &str)] = &[
    (
        "",
        "Need admin approval\nTorq needs permission to access resources in your organization that only an admin can grant.",
        "consent_missing",
    ),
    (
        "",
        "Selected user account does not exist in tenant 'Acme' and cannot access the application",
        "account_of_other_tenant",
    ),
    (
        "",
        "Your sign-in was successful but does not meet the criteria to access this resource.\nError Code: 53003\nRequest Id: 1",
        "policy_blocked",
    ),
    (
        "",
        "Error Code: 53000\nCorrelation Id: 77aa66bb",
        "device_refused",
    ),
    (
        "",
        "Sign-in error code\n7000222\nFailure reason\nexpired",
        "client_secret_ended",
    ),
    ("entra", "error_codes: [7000215]", "client_secret_wrong"),
    (
        "",
        "AADSTS5OO11: The redirect URl",
        "redirect_not_registered",
    ),
    ("", "AADST5 7OOO16 : Application", "application_unknown"),
    (
        "",
        "First AADSTS50058: Session information is not sufficient. Then AADSTS50011: no match",
        "redirect_not_registered",
    ),
    (
        "",
        "AADSTS50076: multi-factor. Then AADSTS50105: not assigned",
        "person_not_assigned",
    ),
    ("", "Error 403: access_denied", "access_refused_by_provider"),
    ("", "Fehler 400: invalid_scope", "scopes_refused"),
    ("", "illegal_redirect_uri", "redirect_not_registered"),
    (
        "",
        r#"{"error":"invalid_grant","error_description":"PKCE verification failed."}"#,
        "pkce_refused",
    ),
    (
        "",
        "https://app.torq.io/__/auth/handler?error=unauthorized&error_description=user%20is%20blocked",
        "account_disabled",
    ),
    (
        "",
        "https://app.torq.io/__/auth/handler?error=unauthorized&error_description=Access+denied.",
        "access_refused_by_provider",
    ),
    (
        "",
        r#"{"error":"invalid_grant","error_description":"AADSTS50076: multi-factor"}"#,
        "second_factor_needed",
    ),
    (
        "",
        r#"{"error":"unauthorized_client","error_description":"Invalid client secret"}"#,
        "client_secret_wrong",
    ),
    (
        "keycloak",
        "Ungültiger Parameter: redirect_uri",
        "redirect_not_registered",
    ),
    (
        "",
        r#"type="LOGIN_ERROR", clientId="torq", error="user_disabled""#,
        "account_disabled",
    ),
    (
        "",
        "urn:oasis:names:tc:SAML:2.0:status:UnknownPrincipal",
        "account_unknown",
    ),
    (
        "",
        "error=request_forbidden&error_description=denied",
        "access_refused_by_provider",
    ),
    (
        "",
        "We are sorry...\nClient not found.",
        "application_unknown",
    ),
    ("keycloak", "Client disabled.", "application_disabled"),
    (
        "keycloak",
        "Invalid username or password.",
        "credentials_refused",
    ),
    ("", r#"{"error":"Realm does not exist"}"#, "tenant_unknown"),
    (
        "",
        "The requested OAuth 2.0 Client does not exist.",
        "application_unknown",
    ),
    (
        "jumpcloud",
        "You do not have access to this application.",
        "person_not_assigned",
    ),
    (
        "",
        r#"{"error":"invalid_request","error_description":"Redirect URI mismatch"}"#,
        "redirect_not_registered",
    ),
    (
        "",
        "This page isn’t working\nlogin.example redirected you too many times.",
        "redirect_loop",
    ),
    (
        "",
        "Refused to display 'https://id.example/' in a frame because it set 'X-Frame-Options' to 'deny'.",
        "embedded_window_blocked",
    ),
    ("", "Safari Can’t Find the Server", "server_name_unknown"),
    (
        "",
        "ERR_SSL_VERSION_OR_CIPHER_MISMATCH",
        "server_not_reached",
    ),
];

#[test]
fn what_is_shown_without_a_code_is_known_by_its_words_or_its_place() {
    for (provider, text, code) in SHOWN {
        let found = match *provider {
            "" => of(text),
            id => with(text, |set_up| set_up.connection.provider = id.to_owned()),
        };
        assert_eq!(codes(&found), [*code], "{text}");
        assert!(found[0].is_error(), "{text}");
    }
}

#[test]
fn numbers_and_words_of_other_things_accuse_nobody() {
    for text in [
        "Error code: 50011 on the printer in room 3",
        "error code 53003",
        "Client disabled.",
        "Client not found.",
        "Invalid username or password.",
        "You do not have access to this application.",
        "AADSTS is losing its lobsters",
        "AADSTS slobs 1",
        "line 404: no_such_option",
        "12:403: some_variable",
        "https://app.torq.io/workspaces?error=1",
        "The certificate has expired in March.",
        "requests returned <Response [400]>",
    ] {
        assert_eq!(codes(&of(text)), ["nothing_recognised"], "{text}");
    }
}

#[test]
fn a_code_of_an_answer_that_nobody_knows_is_named_and_is_no_error() {
    let found = of("https://app.torq.io/__/auth/handler?error=custom_rule_7&state=s");
    assert_eq!(codes(&found), ["provider_code_unlisted"]);
    assert_eq!(found[0].severity, Severity::Warning);
    let what = found[0].told().what;
    assert!(what.starts_with("The provider gave the code custom_rule_7"));
}

#[test]
fn whoever_the_set_up_names_is_named_and_nobody_in_the_middle_of_a_sentence_has_a_capital() {
    let told = of("error=consent_required")[0].told();
    assert!(told.what.contains("at the provider ("), "{}", told.what);
    assert!(
        of("error=invalid_client")[0]
            .told()
            .what
            .starts_with("The provider")
    );
    let told = with("error=consent_required", |_| {})[0].told();
    assert!(told.what.contains("at Okta ("), "{}", told.what);
    assert!(told.mend.contains("Okta Admin Console"), "{}", told.mend);
}

const RESPONSE: &str = r#"<samlp:Response ID="_1" IssueInstant="2026-11-22T18:00:00Z"><saml:Issuer>https://id.acme.example</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status></samlp:Response>"#;

#[test]
fn an_answer_without_a_set_up_for_it_is_named_and_nobody_is_blamed() {
    use base64::Engine;
    let encoded = base64::engine::general_purpose::STANDARD.encode(RESPONSE);
    let token = token(r#"{"iss":"https://acme.okta.com","aud":"x"}"#);
    for text in [
        RESPONSE,
        &encoded,
        &format!("SAMLResponse={encoded}&RelayState=x"),
        &token,
    ] {
        let found = of(text);
        assert_eq!(codes(&found), ["answer_not_held"], "{text}");
        assert_eq!(found[0].severity, Severity::Note);
    }
    let found = with(&encoded, |_| {});
    assert_eq!(codes(&found), ["answer_of_other_protocol"]);
    assert!(!crate::finding::any_error(&found));
    let what = found[0].told().what;
    assert!(what.contains("https://id.acme.example"), "{what}");
    let failed = RESPONSE.replace("status:Success", "status:Responder");
    let encoded = base64::engine::general_purpose::STANDARD.encode(failed);
    assert_eq!(codes(&of(&encoded)), ["saml_provider_failed"]);
    let request = of("https://id.acme.example/sso?SAMLRequest=fZJNT8MwDIb&RelayState=x");
    assert_eq!(codes(&request), ["saml_answer_is_request"]);
    assert!(!crate::finding::any_error(&request));
}

#[test]
fn what_was_seen_is_shown_as_it_was_written() {
    let told = of("urn:oasis:names:tc:SAML:2.0:status:NoPassive")[0].told();
    assert!(
        told.what.contains("SAML:2.0:status:NoPassive"),
        "{}",
        told.what
    );
}
