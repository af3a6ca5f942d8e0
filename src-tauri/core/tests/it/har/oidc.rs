//! Sign-ins by OpenID Connect.

use latchkey_core::SetUp;
use serde_json::{Value, json};

use super::cases::{Case, all_shapes, hold, set_up};
use super::recording::{HANDLER, Recording, Shape, encoded};
use crate::token;

const OKTA: &str = "https://acme.okta.com/oauth2/v1/authorize";
const ENTRA: &str =
    "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/oauth2/v2.0/authorize";
const CLIENT: &str = "0oa1b2c3d4E5f6G7h8i9";

fn asked(endpoint: &str) -> String {
    asked_at(endpoint, HANDLER)
}

fn asked_at(endpoint: &str, redirect: &str) -> String {
    format!(
        "{endpoint}?client_id={CLIENT}&response_type=code&scope=openid+email+profile+groups&redirect_uri={}&state=st4te&nonce=n0nce",
        encoded(redirect)
    )
}

fn answered(parameters: &str) -> String {
    format!("{HANDLER}?{parameters}&state=st4te")
}

fn begun() -> Recording {
    Recording::new()
        .page("https://app.torq.io/", 200, "<p>Welcome</p>")
        .noise(6)
}

/// The provider answers with an error.
fn refused(endpoint: &str, error: &str, description: &str) -> Recording {
    let answer = answered(&format!(
        "error={error}&error_description={}",
        encoded(description)
    ));
    begun()
        .redirect(&asked(endpoint), &answer)
        .page(&answer, 200, "<script>go()</script><p>Please wait</p>")
        .noise(3)
}

fn okta() -> SetUp {
    set_up(json!({
        "protocol": "oidc", "provider": "okta", "issuer": "https://acme.okta.com", "client_id": CLIENT,
        "scopes": ["openid", "email", "profile", "groups"], "flow": "code", "login_hint": false,
    }))
}

fn good() -> Recording {
    let answer = answered("code=C0DESECRET0123456789");
    begun()
        .redirect("https://app.torq.io/auth/SSOSignIn", &asked(OKTA))
        .page(&asked(OKTA), 200, "<h1>Sign in</h1>")
        .post_redirect(
            "https://acme.okta.com/login",
            &[
                ("username", "olivia@acme.example"),
                ("password", "PASSWORDSECRET"),
            ],
            &answer,
        )
        .page(&answer, 200, "<p>One moment</p>")
}

#[test]
fn what_the_provider_says_is_the_cause() {
    let cases = [
        Case::new("not assigned", "person_not_assigned", refused(OKTA, "access_denied", "User is not assigned to the client application.")),
        Case::new("entra 50105", "person_not_assigned", refused(ENTRA, "access_denied", "AADSTS50105: Your administrator has configured the application")),
        Case::new("consent", "consent_declined", refused(ENTRA, "access_denied", "AADSTS65004: User declined to consent")),
        Case::new("bare refusal", "access_refused_by_provider", refused("https://id.acme.example/authorize", "access_denied", "")),
        Case::new("scope", "scopes_refused", refused(OKTA, "invalid_scope", "One or more scopes are not configured for the authorization server resource.")),
        Case::new("flow", "flow_switched_off", refused(ENTRA, "unsupported_response_type", "AADSTS700054: response_type 'id_token' is not enabled")),
        Case::new("login required", "sign_in_needed", refused(OKTA, "login_required", "The client specified not to prompt")),
        Case::new("server error", "provider_unavailable", refused(OKTA, "server_error", "")),
        Case::new("policy", "policy_blocked", refused(OKTA, "access_denied", "Policy evaluation failed for this request, please check the policy configurations.")),
        Case::new("new word", "provider_error", refused(OKTA, "quota_exceeded_today", "come back tomorrow")),
        Case::new("entra page", "redirect_not_registered", begun().page(&asked(ENTRA), 200,
            "<html><script>$Config={\"iErrorCode\":50011,\"strServiceExceptionMessage\":\"AADSTS50011: The redirect URI specified in the request does not match\"};</script><title>Sign in to your account</title></html>")),
        Case::new("okta page", "redirect_not_registered", begun().page(&asked(OKTA), 400,
            "<h1>400</h1><p>Bad Request. The &#39;redirect_uri&#39; parameter must be a Login redirect URI in the client app settings: https://acme-admin.okta.com</p>")),
        Case::new("auth0 page", "redirect_not_registered", begun().page(&asked("https://acme.eu.auth0.com/authorize"), 403,
            "<h1>Oops!, something went wrong</h1><p>Callback URL mismatch. The provided redirect_uri is not in the list of allowed callback URLs.</p>")),
        Case::new("keycloak page", "redirect_not_registered", begun().page(&asked("https://id.acme.example/realms/a/protocol/openid-connect/auth"), 400,
            "<h1>We are sorry...</h1><p class=\"instruction\">Invalid parameter: redirect_uri</p>")),
        Case::new("google page", "redirect_not_registered", begun().page(&asked("https://accounts.google.com/o/oauth2/v2/auth"), 400,
            "<p>Error 400: redirect_uri_mismatch</p>")),
        Case::new("google address", "redirect_not_registered", begun()
            .redirect(&asked("https://accounts.google.com/o/oauth2/v2/auth"), "https://accounts.google.com/signin/oauth/error?authError=ChVyZWRpcmVjdF91cmlfbWlzbWF0Y2gSsAEK")
            .page("https://accounts.google.com/signin/oauth/error?authError=ChVyZWRpcmVjdF91cmlfbWlzbWF0Y2gSsAEK", 400, "<html></html>")),
        Case::new("google window", "embedded_window_blocked", begun().page(&asked("https://accounts.google.com/o/oauth2/v2/auth"), 403,
            "<p>Error 403: disallowed_useragent</p>")),
        Case::new("unknown client", "application_unknown", begun().page(&asked(ENTRA), 200,
            "<html><body>AADSTS700016: Application with identifier 'x' was not found in the directory</body></html>")),
        Case::new("tenant", "tenant_unknown", begun().page(&asked(ENTRA), 200, "<p>AADSTS90002: Tenant 'x' not found.</p>")),
        Case::new("conditional access", "policy_blocked", begun()
            .page(&asked(ENTRA), 200, "<p>Sign in</p>")
            .post("https://login.microsoftonline.com/common/login", &[("login", "a@b.example"), ("passwd", "PASSWORDSECRET")], 200,
                "<html><script>$Config={\"strServiceExceptionMessage\":\"AADSTS53003: Access has been blocked by Conditional Access policies.\"}</script></html>")),
        Case::new("log emptied on the way", "application_unknown", Recording::new()
            .page("https://login.microsoftonline.com/error", 200, "<p>AADSTS700016: Application not found</p>")),
        Case::new("form_post error", "person_not_assigned", begun()
            .page(&asked(ENTRA), 200, "<p>Sign in</p>")
            .post(HANDLER, &[("error", "access_denied"), ("error_description", "AADSTS50105: not assigned"), ("state", "st4te")], 200, "<p>x</p>")),
    ];
    all_shapes(&cases);
}

#[test]
fn an_error_on_the_way_is_none_where_the_sign_in_went_on() {
    let answer = answered("code=C0DESECRET0123456789");
    let cases = [
        Case::new("good", "?sign_in_worked", good()),
        Case::new("good with its set-up", "?sign_in_worked", good()).with(okta()),
        Case::new("typed wrong once", "?sign_in_worked", begun()
            .page(&asked(ENTRA), 200, "<p>Sign in</p>")
            .post("https://login.microsoftonline.com/common/login", &[("passwd", "PASSWORDSECRET")], 200, "<p>AADSTS50126: Invalid username or password</p>")
            .post_redirect("https://login.microsoftonline.com/common/login", &[("passwd", "PASSWORDSECRET")], &answer)
            .page(&answer, 200, "<p>Welcome</p>")),
        Case::new("silent first", "?sign_in_worked", Recording::new()
            .redirect(&format!("{}&prompt=none", asked(OKTA)), &answered("error=login_required"))
            .page(&answered("error=login_required"), 200, "")
            .redirect(&asked(OKTA).replace("st4te", "other"), &answer.replace("st4te", "other"))
            .page(&answer.replace("st4te", "other"), 200, "<p>Welcome</p>")),
        Case::new("words in scripts and hidden parts", "?sign_in_worked", begun()
            .redirect(&asked(OKTA), &answer)
            .page(&answer, 200, "<script>var t = 'Incorrect email or password; error=access_denied; redirect_uri_mismatch'</script><div style=\"display: none\">Error 400: redirect_uri_mismatch</div><p hidden>invalid_client</p><p>Welcome</p>")),
        Case::new("a blocked statistic", "?sign_in_worked", good().failed("https://www.google-analytics.example/collect", "ping", "net::ERR_BLOCKED_BY_CLIENT")),
        Case::new("a part of the page that is not there", "?sign_in_worked", good()
            .script("GET", "https://app.torq.io/api/me", &[], 401, &json!({"error": "no session yet"}))
            .script("GET", "https://app.torq.io/api/me", &[], 200, &json!({"name": "Olivia"}))),
    ];
    all_shapes(&cases);
}

#[test]
fn the_token_endpoint_names_the_cause_where_the_browser_asks_it() {
    let answer = answered("code=C0DESECRET0123456789");
    let fetched = |endpoint: &str, status: u16, body: Value| {
        begun()
            .redirect(&asked(OKTA), &answer)
            .page(&answer, 200, "<p>One moment</p>")
            .script(
                "POST",
                endpoint,
                &[
                    ("grant_type", "authorization_code"),
                    ("code", "C0DESECRET0123456789"),
                    ("client_secret", "CLIENTSECRET"),
                ],
                status,
                &body,
            )
    };
    let cases = [
        Case::new(
            "secret id",
            "client_secret_wrong",
            fetched(
                "https://login.microsoftonline.com/x/oauth2/v2.0/token",
                401,
                json!({"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret provided.", "error_codes": [7000215]}),
            ),
        ),
        Case::new(
            "secret ended",
            "client_secret_ended",
            fetched(
                "https://login.microsoftonline.com/x/oauth2/v2.0/token",
                401,
                json!({"error": "invalid_client", "error_description": "AADSTS7000222: The provided client secret keys are expired."}),
            ),
        ),
        Case::new(
            "bare",
            "client_credentials_refused",
            fetched(
                "https://acme.okta.com/oauth2/v1/token",
                401,
                json!({"error": "invalid_client"}),
            ),
        ),
        Case::new(
            "okta secret",
            "client_secret_wrong",
            fetched(
                "https://acme.okta.com/oauth2/v1/token",
                401,
                json!({"error": "invalid_client", "error_description": "The client secret supplied for a confidential client is invalid."}),
            ),
        ),
        Case::new(
            "code",
            "code_used_or_ended",
            fetched(
                "https://acme.okta.com/oauth2/v1/token",
                400,
                json!({"error": "invalid_grant"}),
            ),
        ),
        Case::new(
            "pkce",
            "pkce_refused",
            fetched(
                "https://login.microsoftonline.com/x/oauth2/v2.0/token",
                400,
                json!({"error": "invalid_grant", "error_description": "AADSTS501481: The Code_Verifier does not match"}),
            ),
        ),
    ];
    all_shapes(&cases);
    let blocked = begun()
        .redirect(&asked(OKTA), &answer)
        .page(&answer, 200, "")
        .failed(
            "https://acme.okta.com/oauth2/v1/token",
            "xhr",
            "net::ERR_FAILED",
        )
        .by_page_of("https://app.torq.io");
    let mut blocked = blocked;
    blocked.last()["request"]["postData"] = json!({"mimeType": "application/x-www-form-urlencoded", "text": "grant_type=authorization_code&code=x"});
    hold(
        &[Case::new("cors", "blocked_for_script", blocked)],
        &[Shape::Chrome],
    );
}

/// A sign-in by the implicit flow, whose token came in a form.
fn implicit(claims: &Value, keys: bool) -> Recording {
    brought(&token::saying(claims), keys)
}

/// The same with this token.
fn brought(token: &str, keys: bool) -> Recording {
    let asked = format!(
        "https://acme.idp.example/authorize?client_id={}&response_type=id_token&response_mode=form_post&scope=openid&redirect_uri={}&state=st4te&nonce={}",
        token::CLIENT,
        encoded(HANDLER),
        token::NONCE
    );
    let mut recording = Recording::new();
    if keys {
        let set = json!({"keys": [token::jwk(&token::own(), "k1")]});
        recording = recording.script("GET", "https://acme.idp.example/keys", &[], 200, &set);
    }
    recording.page(&asked, 200, "<p>Sign in</p>").post(
        HANDLER,
        &[("id_token", token), ("state", "st4te")],
        200,
        "<p>One moment</p>",
    )
}

/// The claims of the token tests, issued when these recordings were made.
fn claims() -> Value {
    let now = super::recording::START
        .parse::<jiff::Timestamp>()
        .unwrap()
        .as_second();
    let mut claims = token::claims();
    claims["iat"] = json!(now);
    claims["exp"] = json!(now + 300);
    claims
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn other() -> SetUp {
    set_up(json!({
        "protocol": "oidc", "provider": "other", "issuer": token::ISSUER, "client_id": token::CLIENT,
        "scopes": ["openid"], "flow": "implicit", "login_hint": false,
    }))
}

#[test]
fn a_token_is_judged_as_of_its_time() {
    let now = super::recording::START
        .parse::<jiff::Timestamp>()
        .unwrap()
        .as_second();
    let mut unmapped = with("groups", json!(["secops"]));
    unmapped["email"] = json!("bob@acme.example");
    let judged = |keys: bool| {
        [
            Case::new(
                "other audience",
                "audience_differs",
                implicit(&with("aud", json!("other")), keys),
            ),
            Case::new(
                "other nonce",
                "nonce_differs",
                implicit(&with("nonce", json!("other")), keys),
            ),
            Case::new(
                "expired",
                "token_expired",
                implicit(&with("exp", json!(now - 3600)), keys),
            ),
            Case::new(
                "from tomorrow",
                "token_issued_in_future",
                implicit(&with("iat", json!(now + 86_400)), keys),
            ),
        ]
    };
    for keys in [false, true] {
        all_shapes(&judged(keys));
        let with_set_up = judged(keys).map(|case| case.with(other()));
        all_shapes(&with_set_up);
        all_shapes(&[
            Case::new(
                "other issuer",
                "token_issuer_differs",
                implicit(&with("iss", json!("https://else.example")), keys),
            )
            .with(other()),
            Case::new(
                "a name in capitals",
                "~near_miss",
                implicit(&unmapped, keys),
            )
            .with(other()),
        ]);
    }
    let held = implicit(&claims(), true).diagnosed(Shape::Chrome, Some(&other()));
    assert!(held.chain().unwrap().worked, "{:?}", held.findings);
    let codes: Vec<String> = held.findings.iter().map(|one| one.fault.code()).collect();
    assert!(codes.contains(&"recording_keys".to_owned()), "{codes:?}");
    let held = implicit(&claims(), false).diagnosed(Shape::Chrome, Some(&other()));
    let codes: Vec<String> = held.findings.iter().map(|one| one.fault.code()).collect();
    assert!(
        codes.contains(&"recording_without_keys".to_owned()),
        "{codes:?}"
    );
    assert_eq!(held.answers().len(), 1);
    assert_eq!(held.answers()[0].nonce.as_deref(), Some(token::NONCE));
    assert!(held.answers()[0].reached_service);
}

#[test]
fn a_token_that_the_recordings_own_keys_do_not_verify_is_said_to_be_so() {
    let by = |key: u8, id: &str| {
        let header = json!({ "alg": "ES256", "kid": id }).to_string();
        let claims = claims().to_string();
        token::signed_by(
            &token::key(key),
            &token::encoded(header),
            &token::encoded(claims),
        )
    };
    let (rotated, forged) = (by(9, "k9"), by(9, "k1"));
    let header = token::encoded(json!({ "alg": "none" }).to_string());
    let unsigned = format!("{header}.{}.", token::encoded(claims().to_string()));
    let none = json!({"keys": []});
    let at = |host: &str| {
        let keys = format!("https://{host}/keys");
        brought(&rotated, false).script("GET", &keys, &[], 200, &none)
    };
    all_shapes(&[
        Case::new("no key", "keys_empty", at("acme.idp.example")).with(other()),
        Case::new("another's", "?recording_without_keys", at("x.example")).with(other()),
        Case::new("rotated", "key_unknown", brought(&rotated, true)).with(other()),
        Case::new("forged", "signature_wrong", brought(&forged, true)).with(other()),
        Case::new("not signed", "token_unsigned", brought(&unsigned, true)).with(other()),
        Case::new("without keys", "token_unsigned", brought(&unsigned, false)).with(other()),
        Case::new(
            "who knows",
            "?recording_without_keys",
            brought(&forged, false),
        )
        .with(other()),
    ]);
}

#[test]
fn the_request_is_held_against_the_set_up() {
    let done = |asked: &str| {
        let answer = answered("code=C0DESECRET0123456789");
        begun()
            .redirect(asked, &answer)
            .page(&answer, 200, "<p>Welcome</p>")
    };
    let european = "https://app.eu.torq.io/__/auth/handler";
    let cases = [
        Case::new(
            "other client",
            "request_client_differs",
            done(&asked(OKTA).replace(CLIENT, "0oaOTHER")),
        )
        .with(okta()),
        Case::new(
            "other region",
            "request_of_other_region",
            done(&asked_at(OKTA, european)),
        )
        .with(okta()),
        Case::new(
            "other path",
            "request_redirect_differs",
            done(&asked_at(OKTA, "https://app.torq.io/callback")),
        )
        .with(okta()),
        Case::new(
            "no openid",
            "request_without_openid",
            done(&asked(OKTA).replace("openid+", "")),
        )
        .with(okta()),
        Case::new(
            "mixed regions",
            "regions_mixed",
            done(&asked_at(OKTA, european)),
        ),
        Case::new(
            "another service",
            "?recording_of_other_service",
            Recording::new()
                .redirect(
                    &asked_at(OKTA, "https://other.example/cb").replace(CLIENT, "0oaOTHER"),
                    "https://other.example/cb?code=C0DESECRET0123456789&state=st4te",
                )
                .page(
                    "https://other.example/cb?code=C0DESECRET0123456789&state=st4te",
                    200,
                    "<p>Hi</p>",
                ),
        )
        .with(okta()),
        Case::new(
            "another protocol",
            "request_of_other_protocol",
            done(&asked(OKTA)),
        )
        .with(super::saml::jumpcloud()),
    ];
    all_shapes(&cases);
}

#[test]
fn what_the_service_does_with_the_answer_counts_last() {
    let answer = answered("code=C0DESECRET0123456789");
    let replied = |status: u16, body: &str| {
        begun()
            .redirect(&asked(OKTA), &answer)
            .page(&answer, status, body)
    };
    let cases = [
        Case::new("forbidden", "service_refused", replied(403, "<p>Forbidden</p>")),
        Case::new("failed", "service_failed", replied(502, "<p>Bad gateway</p>")),
        Case::new("state lost", "session_lost", replied(400, "<p>Unable to process request due to missing initial state.</p>")),
        Case::new("stale", "?stale_session_possible", replied(200, "<p>Incorrect email or password</p>")),
        Case::new("cookies", "cookies_too_large", replied(431, "")),
        Case::new("its own script is refused", "code_used_or_ended", begun().redirect(&asked(OKTA), &answer).page(&answer, 200, "")
            .json("https://identitytoolkit.googleapis.com/v1/accounts:signInWithIdp?key=K", &json!({"postBody": "code=C0DESECRET0123456789&state=st4te", "requestUri": HANDLER}), 400,
                &json!({"error": {"code": 400, "message": "INVALID_IDP_RESPONSE : Failed to fetch resource, error: invalid_grant"}}))),
    ];
    all_shapes(&cases);
}

#[test]
fn requests_that_do_not_get_through_are_named_by_the_browsers_word() {
    let fails = |error: &str| begun().failed(&asked(OKTA), "document", error);
    let cases = [
        Case::new(
            "name",
            "server_name_unknown",
            fails("net::ERR_NAME_NOT_RESOLVED"),
        ),
        Case::new(
            "trust",
            "server_not_trusted",
            fails("net::ERR_CERT_AUTHORITY_INVALID"),
        ),
        Case::new(
            "refused",
            "server_not_reached",
            fails("net::ERR_CONNECTION_REFUSED"),
        ),
        Case::new(
            "other failure",
            "server_silent",
            fails("net::ERR_QUIC_PROTOCOL_ERROR"),
        ),
        Case::new(
            "extension",
            "blocked_in_browser",
            fails("net::ERR_BLOCKED_BY_CLIENT"),
        ),
        Case::new(
            "circle",
            "redirect_loop",
            fails("net::ERR_TOO_MANY_REDIRECTS"),
        ),
        Case::new(
            "given up and asked again",
            "?sign_in_worked",
            begun()
                .failed(&asked(OKTA), "document", "net::ERR_ABORTED")
                .redirect(&asked(OKTA), &answered("code=C0DESECRET0123456789"))
                .page(&answered("code=C0DESECRET0123456789"), 200, ""),
        ),
        Case::new(
            "in a frame",
            "frame_refused",
            begun().framed(&asked(OKTA), &[("X-Frame-Options", "DENY")]),
        ),
        Case::new(
            "in a frame by policy",
            "frame_refused",
            begun().framed(
                &asked(OKTA),
                &[(
                    "content-security-policy",
                    "default-src 'self'; frame-ancestors 'none'",
                )],
            ),
        ),
    ];
    hold(&cases, &[Shape::Chrome, Shape::Edge]);
}

#[test]
fn a_wrong_clock_is_named_and_the_token_judged_by_the_servers() {
    let now = super::recording::START
        .parse::<jiff::Timestamp>()
        .unwrap()
        .as_second()
        + 900;
    let mut late = claims();
    late["iat"] = json!(now);
    late["exp"] = json!(now + 300);
    let mut recording = Recording::new();
    recording.ahead = 900;
    let asked = format!(
        "https://acme.idp.example/authorize?client_id={}&response_type=id_token&scope=openid&redirect_uri={}&state=st4te&nonce={}",
        token::CLIENT,
        encoded(HANDLER),
        token::NONCE
    );
    let token = token::saying(&late);
    let recording = recording
        .page("https://app.torq.io/", 200, "")
        .page(&asked, 200, "<p>Sign in</p>")
        .post(
            HANDLER,
            &[("id_token", &token), ("state", "st4te")],
            403,
            "<p>Token used too early</p>",
        );
    all_shapes(&[
        Case::new("clock", "computer_clock_off", recording.clone()),
        Case::new("clock", "computer_clock_off", recording).with(other()),
    ]);
}

#[test]
fn sign_ins_in_a_circle_are_seen() {
    let mut recording = Recording::new();
    for round in 0..5 {
        let state = format!("state{round}");
        let answer = answered("code=C0DESECRET0123456789").replace("st4te", &state);
        recording = recording
            .redirect(&asked(OKTA).replace("st4te", &state), &answer)
            .redirect(&answer, "https://app.torq.io/");
    }
    all_shapes(&[Case::new("circle", "redirect_loop", recording)]);
}

#[test]
fn a_provider_inside_a_provider_is_one_sign_in() {
    let inner = |name: &str| {
        format!(
            "{}&x=1",
            asked_at(ENTRA, "https://acme.eu.auth0.com/login/callback")
                .replace("st4te", name)
                .replace("n0nce", name)
        )
    };
    let recording = |end: &str| {
        begun()
            .redirect(
                &asked("https://acme.eu.auth0.com/authorize"),
                &inner("inner"),
            )
            .redirect(&inner("inner"), end)
    };
    let failed = "https://acme.eu.auth0.com/login/callback?error=access_denied&error_description=AADSTS50105&state=inner";
    let code = "https://acme.eu.auth0.com/login/callback?code=C0DESECRET0123456789&state=inner";
    let answer = answered("code=C0DESECRET0123456789");
    let cases = [
        Case::new(
            "worked",
            "?sign_in_worked",
            recording(code)
                .redirect(code, &answer)
                .page(&answer, 200, ""),
        ),
        Case::new(
            "refused inside",
            "person_not_assigned",
            recording(failed).page(failed, 200, "<p>Error</p>"),
        ),
    ];
    all_shapes(&cases);
    let diagnosis = cases[0].recording.diagnosed(Shape::Chrome, None);
    assert_eq!(diagnosis.chains.len(), 1);
}

#[test]
fn an_answer_to_another_request_is_named() {
    for (came, says) in [
        ("state=another", "another state"),
        ("x=y&session_state=1", "no state"),
    ] {
        let answer = format!("{HANDLER}?code=C0DESECRET0123456789&{came}");
        let diagnosis = begun()
            .redirect(&asked(OKTA), &answer)
            .page(&answer, 200, "<p>One moment</p>")
            .diagnosed(Shape::Chrome, Some(&okta()));
        let first = diagnosis.findings[0].told();
        assert_eq!(
            first.code, "recording_state_differs",
            "{:?}",
            diagnosis.findings
        );
        assert!(first.what.contains(says), "{first:?}");
    }
}

#[test]
fn two_tabs_are_two_sign_ins_whichever_is_answered_first() {
    let other = asked(OKTA).replace("st4te", "0ther");
    let answer = |state: &str| format!("{HANDLER}?code=C0DESECRET0123456789&state={state}");
    let diagnosis = begun()
        .page(&asked(OKTA), 200, "<h1>Sign in</h1>")
        .page(&other, 200, "<h1>Sign in</h1>")
        .page(&answer("st4te"), 200, "<p>One moment</p>")
        .page(&answer("0ther"), 200, "<p>One moment</p>")
        .diagnosed(Shape::Chrome, Some(&okta()));
    assert_eq!(diagnosis.chains.len(), 2);
    assert!(
        diagnosis.chains.iter().all(|chain| chain.worked),
        "{:?}",
        diagnosis.findings
    );
}

#[test]
fn a_page_of_the_service_that_speaks_of_errors_is_none() {
    let home = |path: &str| {
        good()
            .page(
                &format!("https://app.torq.io{path}"),
                200,
                "<p>AADSTS50011: The redirect URI is not registered</p>",
            )
            .diagnosed(Shape::Chrome, Some(&okta()))
    };
    assert_eq!(home("/docs").findings[0].fault.code(), "sign_in_worked");
    assert_eq!(
        home("/login/failed").findings[0].fault.code(),
        "redirect_not_registered"
    );
}

#[test]
fn a_script_that_signs_in_and_is_refused_is_likely_the_cause_and_any_other_is_not() {
    let script = |path: &str| {
        good()
            .json(
                &format!("https://app.torq.io{path}"),
                &json!({"a": 1}),
                403,
                &json!({"message": "Forbidden"}),
            )
            .diagnosed(Shape::Chrome, Some(&okta()))
    };
    let login = script("/api/login");
    assert_eq!(login.findings[0].fault.code(), "service_refused");
    assert!(!login.findings[0].is_error() && !login.chains[0].worked);
    let other = script("/api/flags");
    assert_eq!(other.findings[0].fault.code(), "sign_in_worked");
}

#[test]
fn a_client_that_is_refused_before_it_showed_credentials_is_not_known() {
    let recording = begun().page(&asked(OKTA), 400, "invalid_client: client is invalid");
    let diagnosis = recording.diagnosed(Shape::Chrome, None);
    assert_eq!(diagnosis.findings[0].fault.code(), "application_unknown");
}
