//! Texts as people paste them, and the first finding that each must give.

use super::*;
use crate::finding::Severity;

mod pages;
mod sayings;

fn now() -> Timestamp {
    "2026-11-22T18:00:00Z".parse().unwrap()
}

fn of(text: &str) -> Vec<Finding> {
    let known = Known {
        set_up: None,
        catalogue: Catalogue::built_in(),
        now: now(),
    };
    of_text(text, &known)
}

fn with(text: &str, change: impl FnOnce(&mut SetUp)) -> Vec<Finding> {
    let mut set_up: SetUp = serde_json::from_str(
        r#"{"format":"latchkey/1","workspace":{"service":"torq","name":"Acme","region":"eu","owner_email":"olivia@acme.example"},
        "connection":{"protocol":"oidc","provider":"okta","issuer":"https://acme.okta.com","client_id":"0oa1b2c3d4E5f6G7h8i9",
        "scopes":["openid","email","profile","groups"],"flow":"code","login_hint":true},
        "rules":[{"claim":"email","value":"olivia@acme.example","role":"Owner"},{"claim":"groups","value":"SecOps","role":"Contributor"}]}"#,
    )
    .unwrap();
    change(&mut set_up);
    let known = Known {
        set_up: Some(&set_up),
        catalogue: Catalogue::built_in(),
        now: now(),
    };
    of_text(text, &known)
}

fn codes(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|one| one.fault.code()).collect()
}

const PROVED: &[(&str, &str)] = &[
    (
        "torq.io is not a valid audience for this Response",
        "service_says_audience",
    ),
    (
        "INVALID_IDP_RESPONSE : SAML Response <Issuer> mismatch.",
        "service_says_issuer",
    ),
    (
        "Signature validation failed. SAML Response rejected",
        "service_says_signature",
    ),
    (
        "No Signature found. SAML Response rejected",
        "service_says_unsigned",
    ),
    (
        "Timing issues (please check your clock settings)",
        "service_says_time",
    ),
    (
        "The response was received at https://a.example/ instead of https://b.example/",
        "service_says_recipient",
    ),
    (
        "Firebase: Error getting access token from https://acme.okta.com/oauth2/v1/token, response: invalid_client",
        "client_credentials_refused",
    ),
    (
        "Invalid Signature. SAML Response rejected",
        "service_says_signature",
    ),
    (
        "Your request resulted in an error. The 'redirect_uri' parameter must be a 'Login redirect URI'",
        "redirect_not_registered",
    ),
    (
        "Ungültiger Parameter: redirect_uri",
        "redirect_not_registered",
    ),
    (
        "PKCE code challenge is required when the token endpoint authentication method is 'NONE'.",
        "pkce_refused",
    ),
    ("Missing parameter: code_challenge_method", "pkce_refused"),
    // Read off a picture.
    (
        "The 'redirect_uri' pararneter rnust be a Login redirect URI in the c1ient app settings",
        "redirect_not_registered",
    ),
    ("redirect_uri_rnismatch", "redirect_not_registered"),
    (
        "Error 403: app_not_conf1gured_for_user",
        "person_not_assigned",
    ),
    (
        "User is not asslgned to the cl1ent appl1cation.",
        "person_not_assigned",
    ),
    ("Administratorgenehmigung erforderlich", "consent_missing"),
    (
        "MSIS7042: The same client browser session has made '6' requests in the last '7' seconds.",
        "redirect_loop",
    ),
    (
        "Client is not allowed to initiate browser login. Standard flow is disabled for the client.",
        "flow_switched_off",
    ),
    (
        r#"{"error":"invalid_grant","error_description":"The 'redirect_uri' does not match the one of the authorization request."}"#,
        "redirect_differs_at_tokens",
    ),
    (
        "Firebase: Error (auth/operation-not-allowed).",
        "connection_switched_off",
    ),
    (
        "E0000119: Unlock failed due to the account being locked",
        "account_disabled",
    ),
    (
        "MSIS9224: Received invalid OAuth authorization request.",
        "redirect_not_registered",
    ),
    (
        "error=invalid_request&error_description=Authorization+Server+policy+requires+PKCE+to+be+used+for+this+request",
        "pkce_refused",
    ),
    (
        r#"{"error":"invalid_client","error_codes":[7000218]}"#,
        "client_secret_absent",
    ),
    (
        "In the log it says `error=access_denied&error_description=User is not assigned to the client application.`",
        "person_not_assigned",
    ),
    (
        "AADSTS50011: The redirect URI 'https://app.torq.io/__/auth/handler' specified in the request does not match",
        "redirect_not_registered",
    ),
    (
        "AADSTS50011: Die im Request angegebene Antwort-URL stimmt nicht überein",
        "redirect_not_registered",
    ),
    (
        "AADSTS500113: 申請されたアプリケーションには応答アドレスが登録されていません",
        "redirect_not_registered",
    ),
    (
        "AADSTS700016 : L'application avec l'identificateur est introuvable dans l'annuaire",
        "application_unknown",
    ),
    (
        "aadsts7000215: invalid client secret provided.",
        "client_secret_wrong",
    ),
    (
        r#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID","error_codes":[7000215]}"#,
        "client_secret_wrong",
    ),
    (
        r#"{"error":"invalid_client","error_description":"AADSTS7000222: The provided client secret keys are expired.\r\nTrace ID: 1"}"#,
        "client_secret_ended",
    ),
    (
        "https://login.microsoftonline.com/error?code=50105",
        "person_not_assigned",
    ),
    (
        "Error de inicio de sesión. AADSTS50105: el administrador ha configurado la aplicación para bloquear usuarios",
        "person_not_assigned",
    ),
    (
        "AADSTS 700054: response_type 'id_token' is not enabled for the application.",
        "flow_switched_off",
    ),
    (
        "AADSTS650056: Misconfigured application.",
        "application_misconfigured",
    ),
    (
        "error=access_denied&error_description=AADSTS65004%3a+User+declined+to+consent",
        "consent_declined",
    ),
    (
        "AADSTS65001: O usuário ou administrador não consentiu",
        "consent_missing",
    ),
    ("AADSTS90094", "consent_missing"),
    (
        "AADSTS50020: User account from identity provider does not exist in tenant",
        "account_of_other_tenant",
    ),
    ("AADSTS50034", "account_unknown"),
    ("AADSTS50057", "account_disabled"),
    (
        "AADSTS50126: Неверное имя пользователя или пароль",
        "credentials_refused",
    ),
    ("AADSTS50058", "sign_in_needed"),
    ("AADSTS50076", "second_factor_needed"),
    ("AADSTS53000", "device_refused"),
    (
        "AADSTS53003: Access has been blocked by Conditional Access policies.",
        "policy_blocked",
    ),
    ("AADSTS50194", "endpoint_of_tenant_needed"),
    ("AADSTS90002: Tenant 'x' not found", "tenant_unknown"),
    ("AADSTS70008", "code_used_or_ended"),
    ("AADSTS54005", "code_used_or_ended"),
    ("AADSTS501481", "pkce_refused"),
    (
        "AADSTS75011: Authentication method 'X509, MultiFactor'",
        "authentication_method_differs",
    ),
    (
        "AADSTS750054: SAMLRequest or SAMLResponse must be present as query string parameters",
        "saml_request_absent",
    ),
    ("AADSTS76021", "request_signature_demanded"),
    (
        "AADSTS501241: Mandatory Input 'user.mail' missing",
        "name_id_source_empty",
    ),
    ("AADSTS50196", "redirect_loop"),
    ("AADSTS7000218", "client_secret_absent"),
    ("AADSTS700025", "client_is_public"),
    (
        "AADSTS70002: Error validating credentials. AADSTS50126: wrong",
        "credentials_refused",
    ),
    (
        "AADSTS70002: Error validating credentials.",
        "client_credentials_refused",
    ),
    (
        "400 Bad Request\nThe 'redirect_uri' parameter must be a Login redirect URI in the client app settings: https://acme-admin.okta.com/admin/app",
        "redirect_not_registered",
    ),
    (
        "The &#39;redirect_uri&#39; parameter must be a Login redirect URI in the client app settings",
        "redirect_not_registered",
    ),
    (
        "https://app.torq.io/__/auth/handler?state=abc&error=access_denied&error_description=User+is+not+assigned+to+the+client+application.",
        "person_not_assigned",
    ),
    (
        "#error=access_denied&error_description=user_not_assigned",
        "person_not_assigned",
    ),
    (
        r#"{"errorCode":"invalid_client","errorSummary":"Invalid value for 'client_id' parameter."}"#,
        "application_unknown",
    ),
    (
        "The client secret supplied for a confidential client is invalid.",
        "client_secret_wrong",
    ),
    (
        "Callback URL mismatch.\nThe provided redirect_uri is not in the list of allowed callback URLs.",
        "redirect_not_registered",
    ),
    (
        "IdP-Initiated Default App Not Configured",
        "started_at_provider",
    ),
    (
        "invalid_request: the connection is not enabled",
        "connection_switched_off",
    ),
    ("Fehler: app_not_configured_for_user", "person_not_assigned"),
    (
        "403. That’s an error. Error: app_not_configured",
        "application_unknown",
    ),
    (
        "Erreur 403 : disallowed_useragent",
        "embedded_window_blocked",
    ),
    (
        "This browser or app may not be secure.",
        "embedded_window_blocked",
    ),
    (
        "Error 400: redirect_uri_mismatch",
        "redirect_not_registered",
    ),
    (
        "エラー 400: redirect_uri_mismatch",
        "redirect_not_registered",
    ),
    (
        "Some requested scopes were invalid. {invalid=[groups]}",
        "scopes_refused",
    ),
    (
        "We are sorry... Invalid parameter: redirect_uri",
        "redirect_not_registered",
    ),
    (
        r#"{"error":"unauthorized_client","error_description":"Invalid client or Invalid client credentials"}"#,
        "client_secret_wrong",
    ),
    (
        "error=invalid_request&error_description=The 'redirect_uri' parameter does not match any of the OAuth 2.0 Client's pre-registered redirect urls.",
        "redirect_not_registered",
    ),
    (
        "redirect_uri did not match any client's registered redirect_uris",
        "redirect_not_registered",
    ),
    (
        "{\"error\": \"invalid_client\"}",
        "client_credentials_refused",
    ),
    (
        "https://app.torq.io/__/auth/handler#error=unsupported_response_type&state=x",
        "flow_switched_off",
    ),
    ("{error: invalid_scope}", "scopes_refused"),
    ("error = temporarily_unavailable", "provider_unavailable"),
    ("?error=login_required", "sign_in_needed"),
    (
        "urn:oasis:names:tc:SAML:2.0:status:Responder urn:oasis:names:tc:SAML:2.0:status:RequestDenied",
        "saml_request_denied",
    ),
    (
        "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Requester\"/>",
        "saml_request_refused",
    ),
    (
        "This site can’t be reached\nDNS_PROBE_FINISHED_NXDOMAIN",
        "server_name_unknown",
    ),
    ("NET::ERR_CERT_DATE_INVALID", "server_not_trusted"),
    (
        "Verbindung fehlgeschlagen: ERR_CONNECTION_REFUSED",
        "server_not_reached",
    ),
    (
        "Unable to process request due to missing initial state.",
        "session_lost",
    ),
];

#[test]
fn an_error_text_names_its_cause_and_no_other() {
    for (text, code) in PROVED {
        for noise in ["", "\n\n", "Sign in\nSorry, but we’re having trouble. "] {
            let found = of(&format!("{noise}{text}"));
            assert_eq!(codes(&found), [*code], "{noise}{text}");
            assert!(found[0].is_error(), "{text}");
        }
    }
}

#[test]
fn a_bare_code_is_an_error_only_where_nothing_stands_around_it() {
    for text in ["invalid_scope", " invalid_scope ", "invalid_scope: groups"] {
        assert_eq!(codes(&of(text)), ["scopes_refused"], "{text}");
    }
    let found = of("they wrote invalid_scope");
    assert_eq!(codes(&found), ["nothing_recognised"]);
}

#[test]
fn what_is_only_likely_or_possible_is_no_error() {
    for (text, code) in [
        ("Incorrect email or password", "stale_session_possible"),
        (
            "Falsche E-Mail-Adresse oder falsches Passwort",
            "stale_session_possible",
        ),
        (
            "After login I see a blank page",
            "blank_page_possible_causes",
        ),
        (
            "Nach der Anmeldung: leere Seite",
            "blank_page_possible_causes",
        ),
        ("Something went wrong (2FA code)", "authenticator_refused"),
        ("AADSTS900561", "page_reopened"),
        (
            "AADSTS999999: something of tomorrow",
            "provider_code_unlisted",
        ),
    ] {
        let found = of(text);
        assert_eq!(codes(&found)[0], code, "{text}");
        assert!(!crate::finding::any_error(&found), "{text}");
    }
}

#[test]
fn near_misses_accuse_nobody() {
    for text in [
        "",
        "Welcome back, Olivia",
        "The redirect_uri is registered.",
        "our docs explain invalid_client_metadata and access_denied_reason",
        "We never saw invalid_client here",
        "AADSTS",
        "AADSTS12",
        "ticket 50011, order 7000215",
        "myaccess_denied",
        "noerror=fine",
        "error=",
        "error: unknown",
        r#"{"error":null,"token":"x"}"#,
        "app_not_configured_yet",
        "redirect_uri_mismatches_nothing",
        "urn:oasis:names:tc:SAML:2.0:status:Success",
        "%%%41%zz%",
        "SELECT count(*) FROM log WHERE error = 'invalid_grant' AND day > now() - 7",
        "where error='invalid_client' group by error",
        "if (error === 'access_denied') { retry(); }",
        "The audience of this report is the service's administrators.",
        "All signatures were verified, and the response was received at noon.",
    ] {
        assert_eq!(codes(&of(text)), ["nothing_recognised"], "{text}");
    }
    let found = of("https://app.torq.io/__/auth/handler?code=0.AXoAverysecretcode&state=xyz");
    assert_eq!(codes(&found), ["answer_without_error"]);
}

#[test]
fn the_references_to_the_providers_log_are_shown() {
    let text = "AADSTS50011: x Trace ID: 0F2e1c8a-1111-4222-8333-444455556666 Correlation ID: 11111111-2222-3333-4444-555555555555 Timestamp: 2026-11-22 18:00:01Z";
    let what = of(text)[0].told().what;
    for part in [
        "0f2e1c8a-1111-4222-8333-444455556666",
        "11111111-2222-3333-4444-555555555555",
        "2026-11-22 18:00:01Z",
    ] {
        assert!(what.contains(part), "{what}");
    }
}

#[test]
fn with_a_set_up_the_address_to_register_is_its_own() {
    let told = with("AADSTS50011", |_| {})[0].told();
    assert!(
        told.mend.contains("https://app.eu.torq.io/__/auth/handler"),
        "{told:?}"
    );
}

#[test]
fn what_can_be_seen_in_the_set_up_comes_before_what_is_possible() {
    let text = "Incorrect email or password";
    let found = with(text, |set_up| {
        set_up.rules.0.retain(|rule| rule.claim != "email")
    });
    assert_eq!(codes(&found)[0], "email_rule_absent");
    let found = with(text, |set_up| {
        set_up.rules.0[1].value = "CN=SecOps,OU=Groups,DC=acme".to_owned()
    });
    assert_eq!(codes(&found)[0], "group_rule_is_dn");
    assert!(!codes(&found).contains(&"group_values_may_be_names".to_owned()));
    assert!(!codes(&with(text, |_| {})).contains(&"email_rule_absent".to_owned()));
}

fn token(claims: &str) -> String {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    format!(
        "{}.{}.c2VjcmV0LXNpZ25hdHVyZQ",
        part(r#"{"alg":"RS256"}"#),
        part(claims)
    )
}

#[test]
fn a_pasted_token_is_held_against_the_set_up() {
    let good = token(
        r#"{"iss":"https://acme.okta.com","aud":"0oa1b2c3d4E5f6G7h8i9","email":"a@b.example","groups":["x"]}"#,
    );
    assert_eq!(codes(&with(&good, |_| {})), ["answer_holds"]);
    let answer = format!("https://app.torq.io/x#id_token={good}&state=s");
    assert_eq!(codes(&with(&answer, |_| {})), ["answer_holds"]);
    let other = token(
        r#"{"iss":"https://acme.okta.com/oauth2/default","aud":["other"],"email":"a@b.example"}"#,
    );
    let found = with(&other, |_| {});
    assert_eq!(
        codes(&found),
        [
            "token_issuer_differs",
            "audience_differs",
            "rule_claim_absent"
        ]
    );
}

#[test]
fn nothing_secret_of_the_text_comes_back() {
    let text = "https://x.example/cb?error=invalid_grant&error_description=code+0.AXSECRETCODE&code=SECRETCODE&client_secret=Q~SECRETVALUE";
    let told = format!(
        "{:?}",
        of(text).iter().map(Finding::told).collect::<Vec<_>>()
    );
    assert!(
        told.contains("invalid_grant")
            && !told.to_lowercase().contains("secretcode")
            && !told.contains("Q~"),
        "{told}"
    );
}

#[test]
fn a_long_text_is_read_to_its_limit_and_cut_at_a_character() {
    let text = format!("{}AADSTS50011", "ü".repeat(LARGEST));
    assert_eq!(codes(&of(&text)), ["nothing_recognised"]);
}
