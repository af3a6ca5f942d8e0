//! A whole sign-in by SAML at the practice provider, as the browser carries it.

use jiff::Timestamp;
use latchkey_core::oidc::{Captured, ResponseMode};
use latchkey_core::{
    Certificate, Connection, RequestBinding, RuleList, SamlConnection, Stage, Verdict,
};
use latchkey_practice::{Fault, Options, Practice};
use latchkey_signin::{Asked, Held, Loopback, SignIn, Start};
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

use crate::browser;
use crate::stage::{OLIVIA, REDIRECT, assert_ends_where_it_stood, patient_for, rules, service};

const PATIENCE: Duration = Duration::from_secs(15);

struct Scene {
    _practice: Practice,
    connection: SamlConnection,
    held: Held,
    rules: RuleList,
}

impl Scene {
    async fn new(fault: Option<Fault>) -> Self {
        let options = Options {
            fault,
            ..Options::default()
        };
        let practice = latchkey_practice::start(options).await.unwrap();
        let pem = practice.saml_certificate().await.unwrap();
        let certificates = latchkey_core::certificate::read(pem.as_bytes()).certificates;
        Self {
            connection: connection(&practice, certificates),
            _practice: practice,
            held: Held::default(),
            rules: rules(&[("email", OLIVIA)]),
        }
    }

    async fn prepared_for(&self, redirect_uri: Url) -> Result<SignIn, Box<Verdict>> {
        let asked = Asked {
            redirect_uri,
            response_mode: ResponseMode::Usual,
            login_hint: None,
        };
        let connection = Connection::Saml(self.connection.clone());
        SignIn::prepare(patient_for(PATIENCE), connection, self.held.clone(), asked).await
    }

    async fn prepared(&self) -> SignIn {
        self.prepared_for(REDIRECT.parse().unwrap()).await.unwrap()
    }

    async fn concluded(&self, sign_in: SignIn, captured: Captured) -> Verdict {
        sign_in
            .conclude(captured, &self.rules, service(), Timestamp::now)
            .await
    }
}

fn connection(practice: &Practice, certificates: Vec<Certificate>) -> SamlConnection {
    SamlConnection {
        provider: "other".to_owned(),
        issuer: practice.saml_entity_id(),
        sign_on_url: practice.saml_sign_on_url().parse().unwrap(),
        request_binding: RequestBinding::Redirect,
        sign_requests: false,
        certificates,
        audience: "torq.io".to_owned(),
        login_redirect_url: REDIRECT.parse().unwrap(),
    }
}

fn codes(verdict: &Verdict) -> Vec<(Stage, &str)> {
    let told = |stage: &'_ latchkey_core::StageReport| stage.stage;
    verdict
        .stages
        .iter()
        .flat_map(|stage| {
            stage
                .findings
                .iter()
                .map(move |one| (told(stage), &*one.code))
        })
        .collect()
}

async fn answer(sign_in: &SignIn, email: &str) -> Vec<(String, String)> {
    let captured = browser::sign_in(sign_in.start().url(), email).await;
    match captured {
        Some(Captured::Form(fields)) => fields,
        other => panic!("a form is expected, not {other:?}"),
    }
}

#[tokio::test]
async fn a_sign_in_without_an_answer_ends_where_it_stood() {
    assert_ends_where_it_stood(&Scene::new(None).await.prepared().await);
}

#[tokio::test]
async fn a_person_signs_in_and_the_rule_gives_the_role() {
    let scene = Scene::new(None).await;
    let sign_in = scene.prepared().await;
    let fields = answer(&sign_in, OLIVIA).await;
    let verdict = scene.concluded(sign_in, Captured::Form(fields)).await;
    assert!(verdict.passed(), "{verdict:#?}");
    assert_eq!(codes(&verdict), []);
    assert_eq!(verdict.role.as_deref(), Some("Owner"));
    assert_eq!(verdict.claims.values("email"), [OLIVIA]);
}

#[tokio::test]
async fn the_answer_to_one_sign_in_is_refused_in_another() {
    let scene = Scene::new(None).await;
    let (first, second) = (scene.prepared().await, scene.prepared().await);
    let stolen = answer(&first, OLIVIA).await;
    let verdict = scene.concluded(second, Captured::Form(stolen)).await;
    assert!(!verdict.verified && verdict.claims.is_empty());
    let failed = verdict.failed_at().unwrap();
    assert_eq!(failed.stage, Stage::Answered);
    assert!(
        failed
            .findings
            .iter()
            .any(|one| one.code == "saml_answers_other_request")
    );
}

#[tokio::test]
async fn relay_state_that_is_lost_or_changed_is_said_and_keeps_nobody_out() {
    let scene = Scene::new(None).await;
    for (change, code) in [
        (None, "relay_state_missing"),
        (Some("another"), "relay_state_differs"),
    ] {
        let sign_in = scene.prepared().await;
        let mut fields = answer(&sign_in, OLIVIA).await;
        fields.retain(|(name, _)| name != "RelayState");
        fields.extend(change.map(|state| ("RelayState".to_owned(), state.to_owned())));
        let verdict = scene.concluded(sign_in, Captured::Form(fields)).await;
        assert!(verdict.passed(), "{verdict:#?}");
        assert_eq!(codes(&verdict), [(Stage::Answered, code)]);
    }
}

#[tokio::test]
async fn what_is_no_answer_is_named() {
    let scene = Scene::new(None).await;
    let address = |query: &str| Captured::Address(format!("{REDIRECT}{query}").parse().unwrap());
    let form = |fields: &[(&str, &str)]| {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Captured::Form(fields.iter().map(own).collect())
    };
    for (captured, code) in [
        (address("?SAMLResponse=abc"), "answer_by_other_way"),
        (address("?code=1"), "answer_empty"),
        (form(&[("RelayState", "x")]), "answer_empty"),
        (
            form(&[("SAMLResponse", "a"), ("SAMLResponse", "b")]),
            "answer_ambiguous",
        ),
    ] {
        let sign_in = scene.prepared().await;
        let verdict = scene.concluded(sign_in, captured).await;
        assert_eq!(codes(&verdict), [(Stage::Answered, code)]);
    }
}

#[tokio::test]
async fn requests_that_are_to_be_signed_need_a_key_pair_before_anything_is_sent() {
    let mut scene = Scene::new(None).await;
    scene.connection.sign_requests = true;
    let refused = scene
        .prepared_for(REDIRECT.parse().unwrap())
        .await
        .unwrap_err();
    assert_eq!(codes(&refused), [(Stage::Reached, "key_pair_missing")]);

    let now = Timestamp::now();
    let pair = latchkey_core::saml::key_pair::KeyPair::make("Acme", now).unwrap();
    scene.held.key_pair = Some(Arc::new(pair));
    let sign_in = scene.prepared().await;
    let signed = |name: &str| sign_in.start().url().query_pairs().any(|(n, _)| n == name);
    assert!(signed("SigAlg") && signed("Signature"));
    let fields = answer(&sign_in, OLIVIA).await;
    assert!(
        scene
            .concluded(sign_in, Captured::Form(fields))
            .await
            .passed()
    );
}

#[tokio::test]
async fn a_provider_at_the_services_own_host_is_not_asked() {
    let mut scene = Scene::new(None).await;
    scene.connection.login_redirect_url = scene.connection.sign_on_url.join("/callback").unwrap();
    let refused = scene
        .prepared_for(REDIRECT.parse().unwrap())
        .await
        .unwrap_err();
    assert_eq!(codes(&refused), [(Stage::Reached, "provider_at_service")]);
}

/// The system browser opens a page of ours, which posts the request.
#[tokio::test]
async fn a_posted_request_begins_at_a_page_of_the_loopback_listener() {
    let mut scene = Scene::new(None).await;
    scene.connection.request_binding = RequestBinding::Post;
    let mut loopback = Loopback::bind(0).await.unwrap();
    let redirect = loopback.redirect_uri().clone();
    let sign_in = scene.prepared_for(redirect.clone()).await.unwrap();
    let Start::Form(form) = sign_in.start() else {
        panic!("a form is expected");
    };
    let opened = loopback.opens(sign_in.start());
    assert_eq!(opened.origin(), redirect.origin());
    let answering = tokio::spawn(loopback.answer(PATIENCE, pending()));

    let client = browser::client();
    let page = client.get(opened).send().await.unwrap();
    let policy = page.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    let page = browser::text(page).await;
    assert!(
        page.contains(&format!("action=\"{}\"", form.action)),
        "{page}"
    );
    assert!(policy.contains("form-action http: https:"), "{policy}");
    let request = browser::fields(&page);
    assert_eq!(request, form.fields);

    let shown = client
        .post(form.action.clone())
        .form(&request)
        .send()
        .await
        .unwrap();
    let shown = browser::text(shown).await;
    let asked = browser::fields(&shown);
    let (_, query) = asked.iter().find(|(name, _)| name == "request").unwrap();
    let sign_in_form = [("request", query.as_str()), ("as", OLIVIA)];
    let posted = form.action.join("/sign-in").unwrap();
    let answered = client
        .post(posted)
        .form(&sign_in_form)
        .send()
        .await
        .unwrap();
    let fields = browser::fields(&browser::text(answered).await);
    client.post(redirect).form(&fields).send().await.unwrap();

    let captured = answering.await.unwrap().unwrap();
    let verdict = scene.concluded(sign_in, captured).await;
    assert!(verdict.passed(), "{verdict:#?}");
}

#[tokio::test]
async fn no_finding_repeats_what_ties_the_answer_to_the_sign_in() {
    let scene = Scene::new(Some("saml-wrong-audience".parse().unwrap())).await;
    let sign_in = scene.prepared().await;
    let fields = answer(&sign_in, OLIVIA).await;
    let secrets: Vec<String> = fields.iter().map(|(_, value)| value.clone()).collect();
    let verdict = scene.concluded(sign_in, Captured::Form(fields)).await;
    assert!(!verdict.verified);
    let said = serde_json::to_string(&verdict).unwrap();
    assert!(
        secrets.iter().all(|secret| !said.contains(secret.as_str())),
        "{said}"
    );
}

/// What no answer shows: a page in its place, and what is held against the request.
#[tokio::test]
async fn the_faults_around_an_answer_are_named_and_nothing_else_is() {
    for (fault, named) in [
        (
            Fault::SamlErrorPage,
            &["provider_page_ends", "sign_in_timed_out"][..],
        ),
        (
            Fault::SamlHttp500,
            &["provider_page_shows_error", "sign_in_timed_out"],
        ),
        (Fault::SamlRelayStateDropped, &["relay_state_missing"]),
    ] {
        let scene = Scene::new(Some(fault)).await;
        let sign_in = scene.prepared().await;
        let verdict = match browser::sign_in_or_page(sign_in.start().url(), OLIVIA).await {
            Ok(captured) => scene.concluded(sign_in, captured).await,
            Err(stood) => crate::stage::given_up(&sign_in, &stood),
        };
        let expected: Vec<_> = named.iter().map(|code| (Stage::Answered, *code)).collect();
        assert_eq!(codes(&verdict), expected, "{fault}");
        // The request's ID ties the answer to the sign-in: a lost RelayState is only said.
        let holds = fault == Fault::SamlRelayStateDropped;
        assert_eq!(verdict.passed(), holds, "{fault}");
    }
}
