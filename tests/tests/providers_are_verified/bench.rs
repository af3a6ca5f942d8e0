//! One answer, and the verdict on it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use latchkey_core::saml::key_pair::KeyPair;
use latchkey_core::saml::response::{Covered, Expected, VerifiedAssertion, conclude, verify};
use latchkey_core::verdict::Track;
use latchkey_core::{
    Catalogue, Certificate, RequestBinding, Rule, RuleList, SamlConnection, Severity, Stage,
    Verdict,
};
use latchkey_tests::browser::Browser;
use latchkey_tests::command::latchkey;
use latchkey_tests::provider_saml::{
    SERVICE, SERVICE_REDIRECT, SamlProvider, SamlpShape, SimpleSamlShape,
};
use latchkey_tests::service_provider::{Answer, AuthnRequest};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use url::Url;

pub(crate) const OLIVIA: &str = "olivia@acme.example";
pub(crate) const BOB: &str = "bob@acme.example";

pub(crate) fn service_redirect() -> Url {
    SERVICE_REDIRECT.parse().unwrap()
}

pub(crate) fn simplesamlphp(shape: SimpleSamlShape) -> SamlProvider {
    SamlProvider::simplesamlphp(&shape).unwrap()
}

pub(crate) fn samlp(shape: SamlpShape) -> SamlProvider {
    SamlProvider::samlp(&shape).unwrap()
}

/// The answer at the service's own address, in a browser that has never been anywhere.
pub(crate) async fn answer(provider: &SamlProvider, email: &str) -> Answer {
    answer_at(&service_redirect(), provider, email).await
}

pub(crate) async fn answer_at(acs: &Url, provider: &SamlProvider, email: &str) -> Answer {
    let request = AuthnRequest::to(acs);
    let landing = request.signed_in(provider, &Browser::new(), email).await;
    Answer::of(&landing.unwrap_or_else(|error| panic!("{error}\n{}", provider.log())))
}

/// What an answer is held against: Olivia is the Owner by her address, Bob a Contributor by his group.
pub(crate) struct Judge {
    pub(crate) connection: SamlConnection,
    pub(crate) request_id: Option<String>,
    pub(crate) key: Option<KeyPair>,
    /// None: the moment of the verdict.
    pub(crate) now: Option<Timestamp>,
    pub(crate) rules: RuleList,
}

impl Judge {
    /// The set-up that fits this provider, now.
    pub(crate) fn of(provider: &SamlProvider) -> Self {
        Self {
            connection: SamlConnection {
                provider: "other".to_owned(),
                issuer: provider.entity_id.clone(),
                sign_on_url: provider.sign_on_url.clone(),
                request_binding: RequestBinding::Redirect,
                sign_requests: false,
                certificates: vec![certificate(provider)],
                audience: SERVICE.to_owned(),
                login_redirect_url: service_redirect(),
            },
            request_id: Some(AuthnRequest::to(&service_redirect()).id),
            key: None,
            now: None,
            rules: rules("email", "groups"),
        }
    }

    /// The verdict of another moment.
    pub(crate) fn verdict_at(&mut self, now: Timestamp, answer: &Answer) -> Verdict {
        self.now = Some(now);
        self.verdict(answer)
    }

    /// The verdict on an answer as its form had it.
    #[track_caller]
    pub(crate) fn verdict(&self, answer: &Answer) -> Verdict {
        self.judged(&answer.encoded).1
    }

    /// The verdict on an answer that was changed in one place on its way.
    pub(crate) fn verdict_on_changed(&self, answer: &Answer, from: &str, to: &str) -> Verdict {
        assert!(answer.xml.contains(from), "{from} is not in {}", answer.xml);
        self.judged(&answer.xml.replace(from, to)).1
    }

    /// By the core, and by the command, which has to say the same.
    #[track_caller]
    fn judged(&self, message: &str) -> (Option<VerifiedAssertion>, Verdict) {
        let now = self.now.unwrap_or_else(Timestamp::now);
        let (assertion, verdict) = self.judged_by_the_core(message, now);
        assert_eq!(self.judged_by_the_command(message, now), verdict);
        (assertion, verdict)
    }

    /// `latchkey verify-saml`, whose exit status says whether the answer holds.
    fn judged_by_the_command(&self, message: &str, now: Timestamp) -> Verdict {
        let files = tempfile::tempdir().unwrap();
        let file = |name: &str, content: &str| {
            let path = files.path().join(name);
            std::fs::write(&path, content).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let set_up = file("acme.json", &self.set_up().to_string());
        let (response, now) = (file("response.txt", message), now.to_string());
        let mut args = vec![
            "verify-saml",
            &set_up,
            "--json",
            "--response",
            &response,
            "--at",
            &now,
        ];
        if let Some(id) = &self.request_id {
            args.extend(["--request-id", id]);
        }
        let key = self.key.as_ref().map(KeyPair::to_pem);
        let key = key.map(|pem| file("key.pem", pem.expose_secret()));
        if let Some(key) = &key {
            args.extend(["--key", key]);
        }
        let output = latchkey(&args).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        let verdict: Verdict = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {said}"));
        let status = i32::from(!verdict.passed());
        assert_eq!(output.status.code(), Some(status), "{verdict:#?}\n{said}");
        verdict
    }

    fn set_up(&self) -> Value {
        let connection = &self.connection;
        let certificates: Vec<_> = connection
            .certificates
            .iter()
            .map(Certificate::pem)
            .collect();
        json!({
            "format": "latchkey/1",
            "workspace": { "service": "torq", "name": "Acme", "region": "us", "owner_email": OLIVIA },
            "connection": {
                "protocol": "saml", "provider": connection.provider, "issuer": connection.issuer,
                "sign_on_url": connection.sign_on_url, "certificates": certificates,
                "audience": connection.audience, "login_redirect_url": connection.login_redirect_url
            },
            "rules": self.rules
        })
    }

    fn judged_by_the_core(
        &self,
        message: &str,
        now: Timestamp,
    ) -> (Option<VerifiedAssertion>, Verdict) {
        let expected = Expected {
            connection: &self.connection,
            acs: &self.connection.login_redirect_url,
            request_id: self.request_id.as_deref(),
            // Who knows no request cannot tell whether there was one.
            unsolicited_allowed: self.request_id.is_none(),
            key: self.key.as_ref(),
            now,
        };
        let service = Catalogue::built_in().service("torq").unwrap();
        let mut track = Track::default();
        track.report(Stage::Reached, Vec::new()).unwrap();
        match verify(message.as_bytes(), &expected, &mut track) {
            Ok(assertion) => {
                let verdict = conclude(track, &assertion, &self.rules, service);
                (Some(assertion), verdict)
            }
            Err(_) => (None, Verdict::failed(track)),
        }
    }

    /// That the answer gives this role by this rule, with nothing but these remarks; and what was signed.
    #[track_caller]
    pub(crate) fn assert_role(
        &self,
        answer: &Answer,
        (role, rule): (&str, u32),
        remarks: &[&str],
    ) -> Covered {
        let (assertion, verdict) = self.judged(&answer.encoded);
        assert!(verdict.passed(), "{verdict:#?}");
        assert_eq!(verdict.role.as_deref(), Some(role), "{verdict:#?}");
        assert_eq!(verdict.rule, Some(rule), "{verdict:#?}");
        assert_eq!(codes(&verdict, Severity::Warning), remarks, "{verdict:#?}");
        let assertion = assertion.unwrap();
        assert_eq!(
            *assertion.signed_by(),
            *self.connection.certificates.last().unwrap()
        );
        assertion.covered()
    }
}

/// That the verdict fails at this stage for this reason and no other, and shows nobody.
#[track_caller]
pub(crate) fn assert_refused(verdict: &Verdict, stage: Stage, code: &str) {
    let failed = verdict.failed_at().map(|report| report.stage);
    assert_eq!(failed, Some(stage), "{verdict:#?}");
    let errors = codes(verdict, Severity::Error);
    assert!(errors.iter().all(|error| error == code), "{verdict:#?}");
    assert!(!verdict.verified, "{verdict:#?}");
    assert_eq!(verdict.subject, None);
    assert_eq!(verdict.claims.names().count(), 0);
    assert_eq!((&verdict.role, verdict.rule), (&None, None));
}

pub(crate) fn certificate(provider: &SamlProvider) -> Certificate {
    from_pem(&provider.certificate)
}

pub(crate) fn from_pem(pem: &str) -> Certificate {
    let body: String = pem
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .collect();
    Certificate::from_der(&STANDARD.decode(body).unwrap()).unwrap()
}

pub(crate) fn rules(email: &str, groups: &str) -> RuleList {
    let rule = |claim: &str, value: &str, role: &str| Rule {
        claim: claim.to_owned(),
        value: value.to_owned(),
        role: role.to_owned(),
    };
    RuleList(vec![
        rule(email, OLIVIA, "Owner"),
        rule(groups, "SecOps", "Contributor"),
    ])
}

/// The codes of all findings that are at least so severe, in order.
fn codes(verdict: &Verdict, severity: Severity) -> Vec<String> {
    let counts = |found: Severity| match severity {
        Severity::Error => found == Severity::Error,
        _ => found != Severity::Note,
    };
    let findings = verdict.stages.iter().flat_map(|report| &report.findings);
    findings
        .filter(|finding| counts(finding.severity))
        .map(|finding| finding.code.clone())
        .collect()
}
