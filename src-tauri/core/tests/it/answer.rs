//! What was caught on its way to the service: whether it belongs to this sign-in, and what it says.

use latchkey_core::connection::Flow;
use latchkey_core::oidc::{Ask, Captured, Discovery, Received, Request, ResponseMode, answer};
use latchkey_core::{Finding, Severity};
use secrecy::ExposeSecret;
use serde_json::json;
use url::Url;

use super::token::ISSUER;

const REDIRECT: &str = "https://app.torq.io/__/auth/handler";

fn request(flow: Flow, response_mode: ResponseMode, names_issuer: bool) -> Request {
    let discovery: Discovery = serde_json::from_value(json!({
        "issuer": ISSUER,
        "authorization_endpoint": "https://acme.idp.example/authorize",
        "token_endpoint": "https://acme.idp.example/token",
        "userinfo_endpoint": null,
        "jwks_uri": "https://acme.idp.example/keys",
        "response_types": [], "response_modes": [], "scopes": [], "claims": [],
        "secret_ways": [], "algorithms": [], "challenge_methods": [],
        "names_issuer_in_answers": names_issuer,
    }))
    .unwrap();
    let mut connection = super::fingerprint::connection();
    connection.flow = flow;
    let redirect_uri = &Url::parse(REDIRECT).unwrap();
    let ask = Ask {
        redirect_uri,
        response_mode,
        login_hint: None,
    };
    Request::new(&connection, &discovery, &ask)
}

fn code_flow() -> Request {
    request(Flow::Code, ResponseMode::Usual, false)
}

fn implicit() -> Request {
    request(Flow::Implicit, ResponseMode::Usual, false)
}

fn state_of(request: &Request) -> String {
    let mut pairs = request.authorize_url().query_pairs();
    pairs
        .find(|(name, _)| name == "state")
        .unwrap()
        .1
        .into_owned()
}

/// `S` in the text stands for the state that was sent.
fn caught(request: &Request, behind: &str) -> Captured {
    let state = state_of(request);
    Captured::Address(
        Url::parse(&format!(
            "{REDIRECT}{}",
            behind.replace("=S", &format!("={state}"))
        ))
        .unwrap(),
    )
}

fn receive(request: &Request, behind: &str) -> Result<Received, Vec<Finding>> {
    answer::receive(request, ISSUER, &caught(request, behind))
}

fn form(request: &Request, fields: &[(&str, &str)]) -> Result<Received, Vec<Finding>> {
    let state = state_of(request);
    let fields = fields
        .iter()
        .map(|(name, value)| (name.to_string(), value.replace("$S", &state)))
        .collect();
    answer::receive(request, ISSUER, &Captured::Form(fields))
}

#[track_caller]
fn code(received: Result<Received, Vec<Finding>>) -> String {
    let findings = received.err().expect("refused");
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0].severity, Severity::Error);
    findings[0].fault.code()
}

fn text(secret: &Option<secrecy::SecretString>) -> Option<&str> {
    secret.as_ref().map(ExposeSecret::expose_secret)
}

#[test]
fn the_answer_of_each_flow_is_received() {
    let received = receive(&code_flow(), "?code=abc&state=S").unwrap();
    assert_eq!(text(&received.code), Some("abc"));
    assert!(received.id_token.is_none() && received.findings.is_empty());

    let received = receive(&implicit(), "#id_token=t&access_token=a&state=S").unwrap();
    assert_eq!(text(&received.id_token), Some("t"));
    assert_eq!(text(&received.access_token), Some("a"));
    assert!(received.findings.is_empty());

    let posted = request(Flow::Code, ResponseMode::FormPost, false);
    let received = form(&posted, &[("state", "$S"), ("code", "abc")]).unwrap();
    assert_eq!(text(&received.code), Some("abc"));
    assert!(received.findings.is_empty());
}

#[test]
fn an_answer_of_another_sign_in_says_nothing_about_this_one() {
    let request = code_flow();
    let state = state_of(&request);
    for (behind, expected) in [
        ("?code=abc".to_owned(), "state_missing"),
        ("?code=abc&state=".to_owned(), "state_missing"),
        ("?code=abc&State=S".to_owned(), "state_missing"),
        ("?code=abc&state%00=S".to_owned(), "state_missing"),
        ("?code=abc&state[]=S".to_owned(), "state_missing"),
        ("?code=abc&state=other".to_owned(), "state_differs"),
        ("?code=abc&state=Sx".to_owned(), "state_differs"),
        (format!("?code=abc&state={}", &state[1..]), "state_differs"),
        (format!("?code=abc&state={state}%20"), "state_differs"),
        (format!("?code=abc&state={state}%00"), "state_differs"),
        (
            format!("?code=abc&state={}", state.replacen(&state[..1], "%ff", 1)),
            "state_differs",
        ),
        ("?code=abc&state=S&state=S".to_owned(), "answer_ambiguous"),
        (
            "?code=abc&state=other&state=S".to_owned(),
            "answer_ambiguous",
        ),
        ("?code=abc&state=&state=S".to_owned(), "answer_ambiguous"),
        // Not even the provider's own error is believed.
        ("?error=access_denied".to_owned(), "state_missing"),
        (
            "?error=access_denied&state=other".to_owned(),
            "state_differs",
        ),
    ] {
        assert_eq!(code(receive(&request, &behind)), expected, "{behind}");
    }
    let of_another = caught(&code_flow(), "?code=abc&state=S");
    assert_eq!(
        code(answer::receive(&request, ISSUER, &of_another)),
        "state_differs"
    );
}

#[test]
fn a_parameter_that_stands_twice_is_nobodys() {
    for (request, behind) in [
        (code_flow(), "?code=a&code=b&state=S"),
        (code_flow(), "?code=a&code=a&state=S"),
        (code_flow(), "?code=a&%63ode=b&state=S"),
        (
            code_flow(),
            "?code=a&state=S&iss=https://acme.idp.example&iss=x",
        ),
        (
            code_flow(),
            "?error=access_denied&error=server_error&state=S",
        ),
        (
            code_flow(),
            "?error=x&error_description=a&error_description=b&state=S",
        ),
        (implicit(), "#id_token=a&id_token=b&state=S"),
        (
            implicit(),
            "#id_token=a&access_token=b&access_token=c&state=S",
        ),
    ] {
        assert_eq!(
            code(receive(&request, behind)),
            "answer_ambiguous",
            "{behind}"
        );
    }
}

/// Whoever can lengthen an address can add a fragment, which the service's server never sees.
#[test]
fn an_answer_in_query_and_fragment_is_nobodys() {
    for (request, behind) in [
        (code_flow(), "?code=a&state=S#code=b&state=S"),
        (code_flow(), "?code=a&state=S#code=b"),
        (code_flow(), "?code=a&state=S#state=S"),
        (code_flow(), "?code=a&state=S#id_token=b"),
        (code_flow(), "?code=a&state=S#access_token=b"),
        (code_flow(), "?code=a&state=S#error=access_denied"),
        (code_flow(), "?code=a#state=S"),
        (code_flow(), "?error=access_denied&state=S#code=b&state=S"),
        (implicit(), "?state=S#id_token=a&state=S"),
        (implicit(), "?code=b#id_token=a&state=S"),
        (implicit(), "?error=access_denied#id_token=a&state=S"),
    ] {
        assert_eq!(
            code(receive(&request, behind)),
            "answer_ambiguous",
            "{behind}"
        );
    }
}

#[test]
fn a_query_or_fragment_that_is_no_answer_does_no_harm() {
    for (request, behind) in [
        (code_flow(), "?code=a&state=S#_=_"),
        (code_flow(), "?code=a&state=S#"),
        (code_flow(), "?code=a&state=S#x=1&iss=evil"),
        (code_flow(), "?tenant=7&code=a&state=S#top"),
        (implicit(), "?tenant=7#id_token=a&state=S"),
    ] {
        let received =
            receive(&request, behind).unwrap_or_else(|found| panic!("{behind}: {found:?}"));
        assert!(received.findings.is_empty(), "{behind}");
    }
}

#[test]
fn an_answer_by_another_way_than_asked_is_used_and_said() {
    let posted = request(Flow::Code, ResponseMode::FormPost, false);
    for (request, behind) in [
        (code_flow(), "#code=a&state=S"),
        (implicit(), "?id_token=a&state=S"),
        (posted, "?code=a&state=S"),
    ] {
        let received = receive(&request, behind).ok().unwrap();
        assert_eq!(
            received.findings[0].fault.code(),
            "answer_by_other_way",
            "{behind}"
        );
        assert_eq!(received.findings[0].severity, Severity::Warning);
    }
}

/// RFC 9207.
#[test]
fn an_answer_that_names_another_issuer_is_refused() {
    let request = code_flow();
    for iss in [
        "https://evil.example",
        "https://acme.idp.example/",
        "https://ACME.idp.example",
        "https://acme.idp.example%20",
    ] {
        for answer in ["code=a", "error=access_denied"] {
            let behind = format!("?{answer}&state=S&iss={iss}");
            assert_eq!(
                code(receive(&request, &behind)),
                "answer_issuer_differs",
                "{behind}"
            );
        }
    }
    assert!(receive(&request, "?code=a&state=S&iss=https://acme.idp.example").is_ok());
    assert!(
        receive(
            &request,
            "?code=a&state=S&iss=https%3A%2F%2Facme.idp.example"
        )
        .is_ok()
    );
}

#[test]
fn an_answer_names_its_issuer_where_the_provider_says_that_all_of_its_answers_do() {
    let strict = request(Flow::Code, ResponseMode::Usual, true);
    for behind in ["?code=a&state=S", "?code=a&state=S&iss="] {
        assert_eq!(
            code(receive(&strict, behind)),
            "answer_issuer_differs",
            "{behind}"
        );
    }
    assert!(receive(&strict, "?code=a&state=S&iss=https://acme.idp.example").is_ok());
    // An error is told all the same, and an ID token names its issuer itself, signed.
    assert_eq!(
        code(receive(&strict, "?error=access_denied&state=S")),
        "access_denied"
    );
    let implicit = request(Flow::Implicit, ResponseMode::Usual, true);
    assert!(receive(&implicit, "#id_token=a&state=S").is_ok());
}

#[test]
fn an_answer_without_what_the_flow_needs_is_named() {
    for (request, behind, expected) in [
        (code_flow(), "?state=S", "answer_empty"),
        (code_flow(), "?state=S&code=", "answer_empty"),
        (code_flow(), "?state=S&id_token=t", "answer_empty"),
        (code_flow(), "?state=S&Code=a", "answer_empty"),
        (implicit(), "#state=S", "answer_empty"),
        (implicit(), "#state=S&access_token=a", "answer_empty"),
        (implicit(), "#state=S&code=a", "id_token_missing"),
        (code_flow(), "", "state_missing"),
        (code_flow(), "?", "state_missing"),
        (code_flow(), "?&&&=&", "state_missing"),
    ] {
        assert_eq!(code(receive(&request, behind)), expected, "{behind}");
    }
}

#[test]
fn each_error_of_the_provider_is_its_own_finding() {
    let request = code_flow();
    for (error, expected) in [
        ("access_denied", "access_denied"),
        ("unsupported_response_type", "response_type_unsupported"),
        ("invalid_scope", "scope_invalid"),
        ("server_error", "provider_failed"),
        ("temporarily_unavailable", "provider_failed"),
        ("login_required", "provider_error"),
        ("ACCESS_DENIED", "provider_error"),
        ("<script>", "provider_error"),
    ] {
        for behind in [
            format!("?error={error}&state=S"),
            format!("?state=S&error_description=because&error={error}"),
            format!("?error={error}&state=S&code=a"),
        ] {
            assert_eq!(code(receive(&request, &behind)), expected, "{behind}");
        }
    }
    // An error without a name is none.
    assert!(receive(&request, "?error=&code=a&state=S").is_ok());
}

#[test]
fn what_the_provider_writes_is_cut_and_cannot_steer_the_text_around_it() {
    let request = code_flow();
    let long = "\u{202e}\u{1b}[31m\r\n".repeat(200_000);
    for fields in [
        [
            ("state", "$S"),
            ("error", "access_denied"),
            ("error_description", long.as_str()),
        ],
        [
            ("state", "$S"),
            ("error", long.as_str()),
            ("error_description", "x"),
        ],
        [("state", "$S"), ("code", "a"), ("iss", long.as_str())],
    ] {
        let findings = form(&request, &fields).err().unwrap();
        let told = serde_json::to_string(&findings[0].told()).unwrap();
        assert!(told.len() < 8_000, "{} bytes", told.len());
        for c in ['\u{202e}', '\u{1b}', '\r'] {
            assert!(!told.contains(c));
        }
        assert!(!told.contains("\\u001b") && !told.contains("\\r"));
    }
}

#[test]
fn ten_thousand_fields_are_not_read() {
    let request = code_flow();
    let mut fields: Vec<(String, String)> = vec![("state".into(), state_of(&request))];
    fields.push(("code".into(), "a".into()));
    fields.extend((0..10_000).map(|n| (format!("f{n}"), String::new())));
    let posted = answer::receive(&request, ISSUER, &Captured::Form(fields));
    assert_eq!(code(posted), "answer_overfull");
    let query = format!("?code=a&state=S{}", "&x=y".repeat(10_000));
    assert_eq!(code(receive(&request, &query)), "answer_overfull");
}

#[test]
fn percent_and_plus_are_read_as_forms_are_written() {
    let request = code_flow();
    for (written, read) in [
        ("4%2F0AX", "4/0AX"),
        ("a+b", "a b"),
        ("a%2Bb", "a+b"),
        ("a%", "a%"),
        ("a%zz", "a%zz"),
        ("a%2", "a%2"),
        ("%e2%9c%93", "\u{2713}"),
        ("%ff", "\u{fffd}"),
        ("a=b==", "a=b=="),
        ("a%26state%3Dx", "a&state=x"),
        ("a;state=x", "a;state=x"),
        ("a%00b", "a\0b"),
    ] {
        let received = receive(&request, &format!("?code={written}&state=S"))
            .ok()
            .unwrap();
        assert_eq!(text(&received.code), Some(read), "{written}");
    }
}

#[test]
fn what_was_caught_is_not_printed() {
    let request = code_flow();
    let address = format!("{:?}", caught(&request, "?code=secret-code&state=S"));
    let posted = Captured::Form(vec![("code".into(), "secret-code".into())]);
    for text in [address, format!("{posted:?}")] {
        assert!(!text.contains("secret-code"), "{text}");
    }
    let findings = receive(&request, "?code=secret-code&state=secret-state")
        .err()
        .unwrap();
    let told = serde_json::to_string(&findings[0].told()).unwrap();
    assert!(!told.contains("secret"), "{told}");
}
