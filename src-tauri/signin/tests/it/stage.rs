//! The practice provider with a set-up for it, and what a verdict says in short.

use std::time::Duration;

use jiff::Timestamp;
use latchkey_core::connection::Issuer;
use latchkey_core::diagnosis::Known;
use latchkey_core::diagnosis::page::{Page, of_dead_end, of_page};
use latchkey_core::oidc::ResponseMode;
use latchkey_core::{
    Catalogue, Fault, Finding, Flow, OidcConnection, Outcome, Rule, RuleList, Service, Stage,
    Verdict,
};
use latchkey_practice::{Options, Practice};
use latchkey_signin::{Asked, Held, Http, Settings, SignIn};
use secrecy::SecretString;

use crate::browser::{self, Stood};

pub(crate) const OLIVIA: &str = "olivia@acme.example";

/// Nobody listens there, and nobody need: the browser of the tests stops before it.
pub(crate) const REDIRECT: &str = "http://127.0.0.1:9/callback";

pub(crate) struct Scene {
    pub(crate) practice: Practice,
    pub(crate) http: Http,
    pub(crate) connection: OidcConnection,
    pub(crate) secret: Option<SecretString>,
    pub(crate) mode: ResponseMode,
    pub(crate) rules: RuleList,
}

/// The verdict where nobody gets past a page of the provider.
pub(crate) fn given_up(sign_in: &SignIn, stood: &Stood) -> Verdict {
    let page = Page {
        host: "id.example",
        title: &stood.title,
        text: &stood.text,
        status: Some(stood.status).filter(|status| *status >= 400),
        ends: stood.ends,
    };
    let known = Known {
        set_up: None,
        catalogue: Catalogue::built_in(),
        now: Timestamp::now(),
    };
    let mut found = of_page(&page, &known);
    if found.is_empty() {
        found.extend(of_dead_end(&page));
    }
    sign_in.ended_on(found, Fault::SignInTimedOut { seconds: 300 })
}

pub(crate) fn held(secret: &Option<SecretString>) -> Held {
    Held {
        client_secret: secret.clone(),
        ..Held::default()
    }
}

impl Scene {
    pub(crate) async fn new(flow: Flow) -> Self {
        let practice = latchkey_practice::start(Options::default()).await.unwrap();
        Self {
            http: patient_for(Duration::from_secs(15)),
            connection: OidcConnection {
                provider: "other".to_owned(),
                issuer: Issuer::parse(practice.issuer()).unwrap(),
                client_id: practice.client_id().to_owned(),
                scopes: ["openid", "email", "profile", "groups"]
                    .map(str::to_owned)
                    .into(),
                flow,
                login_hint: true,
                login_redirect_url: REDIRECT.parse().unwrap(),
            },
            secret: Some(practice.client_secret().clone()),
            practice,
            mode: ResponseMode::Usual,
            rules: rules(&[("email", OLIVIA)]),
        }
    }

    pub(crate) async fn prepared(&self) -> Result<SignIn, Box<Verdict>> {
        let asked = Asked {
            redirect_uri: REDIRECT.parse().unwrap(),
            response_mode: self.mode,
            login_hint: Some(OLIVIA.to_owned()),
        };
        SignIn::prepare(
            self.http.clone(),
            self.connection.clone().into(),
            held(&self.secret),
            asked,
        )
        .await
    }

    /// The whole sign-in as Olivia; without an answer it runs out of time.
    pub(crate) async fn verdict(&self) -> Verdict {
        let sign_in = match self.prepared().await {
            Ok(sign_in) => sign_in,
            Err(verdict) => return *verdict,
        };
        match browser::sign_in_or_page(sign_in.start().url(), OLIVIA).await {
            Ok(captured) => {
                sign_in
                    .conclude(captured, &self.rules, service(), Timestamp::now)
                    .await
            }
            Err(stood) => given_up(&sign_in, &stood),
        }
    }
}

pub(crate) fn patient_for(whole: Duration) -> Http {
    Http::with(&Settings {
        whole,
        ..Settings::default()
    })
    .unwrap()
}

pub(crate) fn service() -> &'static Service {
    Catalogue::built_in().service("torq").unwrap()
}

/// Rules that give the highest role.
pub(crate) fn rules(rules: &[(&str, &str)]) -> RuleList {
    let rule = |(claim, value): &(&str, &str)| Rule {
        claim: (*claim).to_owned(),
        value: (*value).to_owned(),
        role: "Owner".to_owned(),
    };
    RuleList(rules.iter().map(rule).collect())
}

/// All findings, in the order of the stages: `stage severity code`.
pub(crate) fn findings(verdict: &Verdict) -> Vec<String> {
    let reports = verdict.stages.iter();
    reports
        .flat_map(|report| {
            let told = report.findings.iter();
            told.map(move |one| {
                format!(
                    "{} {} {}",
                    word(&report.stage),
                    word(&one.severity),
                    one.code
                )
            })
        })
        .collect()
}

/// The stages with their outcome must fit each other, whatever the verdict.
pub(crate) fn assert_coherent(verdict: &Verdict) {
    let failed = verdict
        .stages
        .iter()
        .position(|report| report.outcome == Outcome::Failed);
    for (index, report) in verdict.stages.iter().enumerate() {
        let expected = match failed {
            Some(at) if index == at => Outcome::Failed,
            Some(at) if index > at => Outcome::NotReached,
            _ => Outcome::Passed,
        };
        assert_eq!(report.outcome, expected, "{verdict:#?}");
    }
    if !verdict.verified {
        assert!(
            verdict.claims.is_empty() && verdict.subject.is_none(),
            "{verdict:#?}"
        );
        assert!(
            verdict.role.is_none() && verdict.rule.is_none(),
            "{verdict:#?}"
        );
    }
}

/// Each way to end without an answer is told at the stage that it stood at, by either protocol.
pub(crate) fn assert_ends_where_it_stood(sign_in: &SignIn) {
    let host = || "a.example".to_owned();
    let reason = String::new;
    for (fault, stage) in [
        (Fault::CancelledByPerson {}, Stage::Answered),
        (Fault::WindowClosed {}, Stage::Answered),
        (Fault::SignInTimedOut { seconds: 300 }, Stage::Answered),
        (Fault::AnswerNotCaptured {}, Stage::Answered),
        (
            Fault::PageCannotLoad {
                host: host(),
                reason: reason(),
            },
            Stage::Reached,
        ),
        (Fault::PageCrashed {}, Stage::Reached),
        (
            Fault::EmbeddedWindowRefused { provider: host() },
            Stage::Reached,
        ),
        (Fault::BrowserNotOpened { reason: reason() }, Stage::Reached),
        (Fault::HostNotFound { host: host() }, Stage::Reached),
    ] {
        let verdict = sign_in.ended(fault.clone());
        assert_coherent(&verdict);
        let failed = verdict.failed_at().unwrap();
        assert_eq!(failed.stage, stage, "{fault:?}");
        assert_eq!(failed.findings[0].code, fault.code());
    }
    let page = vec![Finding::error(Fault::PageCrashed {})];
    let verdict = sign_in.ended_on(page, Fault::WindowClosed {});
    assert_coherent(&verdict);
    let failed = verdict.failed_at().unwrap();
    assert_eq!(failed.stage, Stage::Answered);
    let codes: Vec<_> = failed.findings.iter().map(|one| &*one.code).collect();
    assert_eq!(codes, ["page_crashed", "window_closed"]);
}

/// The snake-case word that a stage or a severity is written as.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value)
        .unwrap()
        .as_str()
        .unwrap()
        .to_owned()
}
