//! Sign-ins at providers nobody here wrote, recorded by a browser nobody here wrote: the recording is read, and the
//! cause in it named.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "the helpers beside the tests are tests as well, and their files are theirs alone"
)]

use std::path::Path;
use std::process::Command;

use jiff::Timestamp;
use latchkey_core::diagnosis::bundle::{Personal, Redacted, Redaction};
use latchkey_core::diagnosis::{Diagnosis, Known, of_har};
use latchkey_core::{Catalogue, SetUp};
use latchkey_tests::provider::{Flow, OidcConfig, OidcProvider, Person, SERVICE_REDIRECT};
use latchkey_tests::provider_saml::{SamlProvider, Signed, SimpleSamlShape};
use serde_json::{Value, json};
use url::Url;

/// What the browser does, and what the service answers.
struct Way<'a> {
    to: &'a Url,
    person: &'a Person,
    act: &'a str,
    status: u16,
}

impl<'a> Way<'a> {
    fn to(to: &'a Url, person: &'a Person) -> Self {
        Self {
            to,
            person,
            act: "[type=submit]",
            status: 200,
        }
    }
}

fn recorded(way: &Way<'_>) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let har = folder.path().join("sign-in.har");
    let config = json!({
        "har": har, "to": way.to, "act": way.act, "status": way.status,
        "email": way.person.email, "password": way.person.password,
    });
    let ran = Command::new("node")
        .args(["record.mjs", &config.to_string()])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("providers"))
        .output()
        .unwrap();
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    std::fs::read(har).unwrap()
}

fn diagnosed(har: &[u8], set_up: Option<&SetUp>) -> Diagnosis {
    of_har(har, &known(set_up)).unwrap()
}

fn known(set_up: Option<&SetUp>) -> Known<'_> {
    Known {
        set_up,
        catalogue: Catalogue::built_in(),
        now: Timestamp::now(),
    }
}

fn set_up(connection: Value) -> SetUp {
    let set_up = json!({
        "format": "latchkey/1",
        "workspace": {"service": "torq", "name": "Acme", "region": "us", "owner_email": "olivia@acme.example"},
        "connection": connection,
        "rules": [{"claim": "email", "value": "olivia@acme.example", "role": "Owner"}],
    });
    serde_json::from_value(set_up).unwrap()
}

fn first(diagnosis: &Diagnosis) -> String {
    diagnosis.findings[0].fault.code()
}

fn authorize(provider: &OidcProvider, change: &[(&str, &str)]) -> Url {
    let mut all = vec![
        ("client_id", provider.client_id.as_str()),
        ("redirect_uri", SERVICE_REDIRECT),
        ("response_type", "code"),
        ("scope", "openid email groups"),
        ("state", "st4te-of-this-sign-in"),
        ("nonce", "n0nce-of-this-sign-in"),
    ];
    all.retain(|(name, _)| !change.iter().any(|(changed, _)| changed == name));
    all.extend(change);
    Url::parse_with_params(&format!("{}/auth", provider.issuer), all).unwrap()
}

fn of_provider(provider: &OidcProvider, flow: &str) -> SetUp {
    set_up(json!({
        "protocol": "oidc", "provider": "other", "issuer": provider.issuer, "client_id": provider.client_id,
        "scopes": ["openid", "email", "groups"], "flow": flow, "login_hint": false,
    }))
}

#[test]
fn a_sign_in_by_code_that_worked_is_said_to_have() {
    let provider = OidcProvider::start(&OidcConfig::default()).unwrap();
    let olivia = provider.person("olivia@acme.example");
    let to = authorize(&provider, &[]);
    let har = recorded(&Way::to(&to, olivia));
    let set_up = of_provider(&provider, "code");
    let diagnosis = diagnosed(&har, Some(&set_up));
    assert_eq!(
        first(&diagnosis),
        "sign_in_worked",
        "{:?}",
        diagnosis.findings
    );
    let chain = diagnosis.chain().unwrap();
    assert!(chain.worked && chain.links.len() >= 4, "{chain:?}");
    // And nothing of it is in what may be given away.
    let redaction = Redaction::new(Personal::Mask);
    let (_, redacted) = Redacted::of_har(&har[..], &known(Some(&set_up)), &redaction).unwrap();
    let text = format!("{redacted:?}");
    for secret in [
        "st4te-of",
        "n0nce-of",
        "olivia",
        &olivia.password,
        "_session",
        "_interaction",
    ] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
}

#[test]
fn what_the_provider_refuses_is_named() {
    let provider = OidcProvider::start(&OidcConfig::default()).unwrap();
    let olivia = provider.person("olivia@acme.example");
    let other = format!("{SERVICE_REDIRECT}2");
    for (change, code) in [
        (("redirect_uri", other.as_str()), "redirect_not_registered"),
        (("client_id", "nobody"), "application_unknown"),
        (("response_type", "id_token"), "flow_switched_off"),
        (("scope", "email"), "scopes_refused"),
    ] {
        let to = authorize(&provider, &[change]);
        let diagnosis = diagnosed(&recorded(&Way::to(&to, olivia)), None);
        assert_eq!(
            first(&diagnosis),
            code,
            "{change:?}: {:?}",
            diagnosis.findings
        );
        let errors = diagnosis
            .findings
            .iter()
            .filter(|finding| finding.is_error());
        assert_eq!(errors.count(), 1, "{:?}", diagnosis.findings);
    }
}

#[test]
fn whoever_cancels_or_refuses_is_named_and_no_other() {
    let provider = OidcProvider::start(&OidcConfig::default()).unwrap();
    let olivia = provider.person("olivia@acme.example");
    let to = authorize(&provider, &[]);
    for (act, status, code) in [
        ("#cancel", 200, "access_refused_by_provider"),
        ("#sign-in", 403, "service_refused"),
        ("#sign-in", 500, "service_failed"),
    ] {
        let way = Way {
            act,
            status,
            ..Way::to(&to, olivia)
        };
        let diagnosis = diagnosed(&recorded(&way), Some(&of_provider(&provider, "code")));
        assert_eq!(first(&diagnosis), code, "{act}: {:?}", diagnosis.findings);
    }
}

#[test]
fn a_token_in_the_fragment_or_in_a_form_is_found_and_verified() {
    let flow = Flow::Implicit;
    let config = OidcConfig {
        flow,
        ..OidcConfig::default()
    };
    let provider = OidcProvider::start(&config).unwrap();
    let olivia = provider.person("olivia@acme.example");
    for mode in ["fragment", "form_post"] {
        let to = authorize(
            &provider,
            &[("response_type", "id_token"), ("response_mode", mode)],
        );
        let har = recorded(&Way::to(&to, olivia));
        let diagnosis = diagnosed(&har, Some(&of_provider(&provider, "implicit")));
        assert!(
            diagnosis.chain().unwrap().worked,
            "{mode}: {:?}",
            diagnosis.findings
        );
        assert_eq!(
            diagnosis.answers().len(),
            1,
            "{mode}: {:?}",
            diagnosis.findings
        );
    }
}

#[test]
fn a_sign_in_by_saml_is_verified_against_the_set_up() {
    let saml = |signed: Signed| {
        let provider = SamlProvider::simplesamlphp(&SimpleSamlShape {
            signed,
            ..SimpleSamlShape::default()
        });
        let provider = provider.unwrap();
        let set_up = set_up(json!({
            "protocol": "saml", "provider": "other", "issuer": provider.entity_id, "sign_on_url": provider.sign_on_url,
            "certificates": [provider.certificate],
        }));
        let har = recorded(&Way::to(
            &provider.initiate_url,
            provider.person("olivia@acme.example"),
        ));
        diagnosed(&har, Some(&set_up))
    };
    let good = saml(Signed::Assertion);
    assert!(
        good.chain().unwrap().worked && !good.findings[0].is_error(),
        "{:?}",
        good.findings
    );
    assert_eq!(good.answers().len(), 1);
    assert_eq!(first(&saml(Signed::Nothing)), "saml_unsigned");
}
