//! One sitting's decisions and its single outcome. The engine asks and tells; it decides nothing.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;
use url::Url;

use super::{
    Address, Captured, Ended, LoadFailure, Progress, Refusal, Shown,
    guard::{Guard, Verdict},
    refusal,
    submission::Submissions,
};

/// Parameters that make an address of the guarded host an answer that went astray.
const ANSWER_PARAMETERS: &[&str] = &["code", "id_token", "access_token", "error", "SAMLResponse"];

pub(super) struct Sitting {
    guard: Guard,
    progress: Box<dyn Fn(Progress) + Send + Sync>,
    state: Mutex<State>,
}

struct State {
    outcome: Option<oneshot::Sender<Ended>>,
    submissions: Submissions,
    /// Whether a page of the provider has been shown.
    shown: bool,
}

/// A navigation in any frame, before it is begun.
pub(super) struct Navigation<'a> {
    pub(super) address: &'a str,
    pub(super) post: bool,
    /// A server sent the window on to this address.
    pub(super) redirected: bool,
}

impl Sitting {
    /// A sitting, and what it will end in.
    pub(super) fn new(
        guard: Guard,
        progress: impl Fn(Progress) + Send + Sync + 'static,
    ) -> (Arc<Self>, oneshot::Receiver<Ended>) {
        let (outcome, ended) = oneshot::channel();
        let state = State {
            outcome: Some(outcome),
            submissions: Submissions::default(),
            shown: false,
        };
        let sitting = Self {
            guard,
            progress: Box::new(progress),
            state: Mutex::new(state),
        };
        (Arc::new(sitting), ended)
    }

    /// Ends the sitting; only the first end counts.
    pub(super) fn end(&self, ended: Ended) {
        if let Some(outcome) = self.state().outcome.take() {
            // Nobody waits any more where `run` itself was dropped.
            let _ = outcome.send(ended);
        }
    }

    /// The guard's rule for loads that are no navigations; see [`Guard::content_rules`].
    pub(super) fn content_rules(&self) -> String {
        self.guard.content_rules()
    }

    pub(super) fn tell(&self, progress: Progress) {
        (self.progress)(progress);
    }

    /// Whether the engine may go on. `false` must stop it before a connection is made.
    pub(super) fn allows(&self, navigation: &Navigation<'_>) -> bool {
        let verdict = self.guard.judge(navigation.address);
        if navigation.post
            && let Ok(url) = Url::parse(navigation.address)
        {
            self.state().submissions.posted(&url, navigation.redirected);
        }
        match verdict {
            Verdict::Allow => return true,
            Verdict::Answer(url) => self.answered(url, navigation),
            Verdict::GuardedHost(url) if is_answer_astray(&url, navigation) => {
                self.end(Ended::AnsweredElsewhere(Address::of(&url)));
            }
            Verdict::GuardedHost(url) => self.tell(Progress::Stopped(Address::of(&url))),
            Verdict::Scheme(scheme) => self.tell(Progress::SchemeRefused(scheme)),
        }
        false
    }

    /// A form was submitted somewhere; see `capture.js`.
    pub(super) fn submitted(&self, message: &str) {
        self.state().submissions.record(message);
    }

    /// What the page shows; see `page.js`.
    pub(super) fn shows(&self, message: &str) {
        if let Some(shown) = Shown::read(message) {
            self.tell(Progress::Shows(shown));
        }
    }

    /// A page is being shown.
    pub(super) fn at(&self, url: &Url) {
        if url.scheme() == "about" {
            return;
        }
        self.tell(Progress::At(Address::of(url)));
        if let Some(refusal) = refusal::by_address(url) {
            self.refused(refusal);
        }
    }

    pub(super) fn refused(&self, refusal: Refusal) {
        self.end(Ended::EmbeddedRefused(refusal));
    }

    /// The status of a page. The provider's first page decides whether the sitting can begin; a
    /// later one, such as a refused password, is the provider's own matter.
    pub(super) fn status(&self, url: &Url, status: u16) {
        let first = !std::mem::replace(&mut self.state().shown, true);
        if first && (status >= 500 || status == 404) {
            self.failed(url, LoadFailure::HttpStatus(status));
        } else if status >= 400 {
            self.tell(Progress::HttpStatus(status));
        }
    }

    pub(super) fn failed(&self, url: &Url, why: LoadFailure) {
        self.end(Ended::CannotLoad {
            host: Address::of(url).host(),
            why,
        });
    }

    fn answered(&self, url: Url, navigation: &Navigation<'_>) {
        if !navigation.post {
            let address = Captured::Address(navigation.address.into());
            return self.end(Ended::Answered(address));
        }
        let body = self.state().submissions.take_in_flight();
        self.end(match body {
            Some(fields) => Ended::Answered(Captured::Form {
                action: url,
                fields,
            }),
            None => Ended::AnsweredButNotCaptured,
        });
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The state is whole after every statement, so a panic elsewhere leaves nothing half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_answer_astray(url: &Url, navigation: &Navigation<'_>) -> bool {
    let named = |(name, _): (_, _)| ANSWER_PARAMETERS.contains(&std::borrow::Cow::as_ref(&name));
    let fragment = url.fragment().unwrap_or_default();
    navigation.post
        || url.query_pairs().any(named)
        || url::form_urlencoded::parse(fragment.as_bytes()).any(named)
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    const ANSWER: &str = "https://app.example/cb";

    struct Told(
        Arc<Sitting>,
        oneshot::Receiver<Ended>,
        Arc<Mutex<Vec<Progress>>>,
    );

    fn sitting() -> Told {
        let guard = Guard::new(ANSWER.parse().unwrap()).unwrap();
        let told = Arc::new(Mutex::new(Vec::new()));
        let telling = told.clone();
        let (sitting, ended) = Sitting::new(guard, move |p| telling.lock().unwrap().push(p));
        Told(sitting, ended, told)
    }

    impl Told {
        fn goes(&self, address: &str, post: bool) -> bool {
            self.0.allows(&Navigation {
                address,
                post,
                redirected: false,
            })
        }

        fn submits(&self, action: &str, value: &str) {
            let message =
                serde_json::json!({ "action": action, "fields": [["SAMLResponse", value]] });
            self.0.submitted(&message.to_string());
        }

        fn ended(&mut self) -> Option<Ended> {
            self.1.try_recv().ok()
        }
    }

    #[test]
    fn an_answer_by_address_is_stopped_and_kept_whole() {
        let mut sitting = sitting();
        let address = format!("{ANSWER}?code=1#x=2");
        assert!(!sitting.goes(&address, false));
        let Some(Ended::Answered(Captured::Address(kept))) = sitting.ended() else {
            panic!()
        };
        assert_eq!(kept.expose_secret(), address);
    }

    #[test]
    fn an_answer_by_form_is_stopped_and_kept() {
        let mut sitting = sitting();
        sitting.submits(ANSWER, "assertion");
        assert!(!sitting.goes(ANSWER, true));
        let Some(Ended::Answered(Captured::Form { fields, .. })) = sitting.ended() else {
            panic!()
        };
        assert_eq!(fields[0].1.expose_secret(), "assertion");
    }

    #[test]
    fn a_post_whose_body_was_not_seen_is_stopped_and_said_so() {
        let mut sitting = sitting();
        sitting.submits("https://id.example/login", "password");
        assert!(!sitting.goes(ANSWER, true));
        assert!(matches!(
            sitting.ended(),
            Some(Ended::AnsweredButNotCaptured)
        ));
    }

    #[test]
    fn a_form_alone_is_no_answer() {
        let mut sitting = sitting();
        sitting.submits(ANSWER, "assertion");
        assert!(sitting.ended().is_none());
    }

    #[test]
    fn an_answer_to_another_address_of_the_guarded_host_is_named() {
        for (address, post) in [
            ("https://app.example/wrong?code=1", false),
            ("https://app.example/wrong#id_token=1", false),
            ("http://app.example/cb?error=access_denied", false),
            ("https://app.example/wrong", true),
        ] {
            let mut sitting = sitting();
            assert!(!sitting.goes(address, post));
            assert!(
                matches!(sitting.ended(), Some(Ended::AnsweredElsewhere(_))),
                "{address}"
            );
        }
    }

    #[test]
    fn any_other_visit_to_the_guarded_host_is_stopped_and_told() {
        let mut sitting = sitting();
        assert!(!sitting.goes("https://app.example/help", false));
        assert!(sitting.ended().is_none());
        assert!(matches!(
            sitting.2.lock().unwrap()[..],
            [Progress::Stopped(_)]
        ));
    }

    #[test]
    fn only_the_first_end_counts() {
        let mut sitting = sitting();
        sitting.0.end(Ended::ClosedByPerson);
        sitting.goes(&format!("{ANSWER}?code=1"), false);
        assert!(matches!(sitting.ended(), Some(Ended::ClosedByPerson)));
    }

    #[test]
    fn an_error_status_ends_the_sitting_only_on_the_first_page() {
        let url: Url = "https://id.example/login".parse().unwrap();
        let mut first = sitting();
        first.0.status(&url, 503);
        assert!(matches!(
            first.ended(),
            Some(Ended::CannotLoad {
                why: LoadFailure::HttpStatus(503),
                ..
            })
        ));

        let mut later = sitting();
        later.0.status(&url, 200);
        later.0.status(&url, 503);
        assert!(later.ended().is_none());
        assert_eq!(later.2.lock().unwrap()[..], [Progress::HttpStatus(503)]);
    }

    #[test]
    fn a_refused_password_does_not_end_the_sitting() {
        let mut sitting = sitting();
        sitting
            .0
            .status(&"https://id.example/login".parse().unwrap(), 401);
        assert!(sitting.ended().is_none());
    }
}
