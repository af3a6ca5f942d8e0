//! One sitting's decisions and its single outcome. The engine asks and tells; it decides nothing.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;
use url::Url;

use super::{
    Address, Begins, Captured, Ended, LoadFailure, Progress, Refusal, Shown,
    guard::{Guard, Verdict},
    refusal,
    submission::Submissions,
};

/// Parameters that make an address of the guarded host an answer that went astray.
const ANSWER_PARAMETERS: &[&str] = &["code", "id_token", "access_token", "error", "SAMLResponse"];

pub(super) struct Sitting {
    guard: Guard,
    begins: Option<Begins>,
    progress: Box<dyn Fn(Progress) + Send + Sync>,
    state: Mutex<State>,
}

struct State {
    outcome: Option<oneshot::Sender<Ended>>,
    submissions: Submissions,
    /// Whether a page of the provider has been shown.
    shown: bool,
    /// Whether the provider has started the sign-in, where it is the one to start it.
    begun: bool,
}

/// What the engine does with a navigation.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Goes on.
    On,
    /// Stops before a connection is made.
    Stop,
    /// Stops, and goes there instead.
    To(Url),
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
        begins: Option<Begins>,
        progress: impl Fn(Progress) + Send + Sync + 'static,
    ) -> (Arc<Self>, oneshot::Receiver<Ended>) {
        let (outcome, ended) = oneshot::channel();
        let state = State {
            outcome: Some(outcome),
            submissions: Submissions::default(),
            shown: false,
            begun: false,
        };
        let sitting = Self {
            guard,
            begins,
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

    /// What the engine is to do.
    pub(super) fn way(&self, navigation: &Navigation<'_>) -> Way {
        let verdict = self.guard.judge(navigation.address);
        if navigation.post
            && let Ok(url) = Url::parse(navigation.address)
        {
            self.state().submissions.posted(&url, navigation.redirected);
        }
        let begins = self.begins.as_ref().filter(|_| !self.state().begun);
        match (verdict, begins) {
            (Verdict::Allow, _) => return Way::On,
            (Verdict::GuardedHost(url), Some(begins)) if begins.is_at(&url) => {
                return self.begun(begins, url, navigation);
            }
            (Verdict::Answer(_), Some(_)) => self.end(Ended::AnsweredUnasked),
            (Verdict::GuardedHost(url), Some(_)) if is_answer_astray(&url, navigation) => {
                self.end(Ended::AnsweredUnasked);
            }
            (Verdict::GuardedHost(url), Some(_)) => {
                self.end(Ended::StartedElsewhere(Address::of(&url)));
            }
            (Verdict::Answer(url), None) => self.answered(url, navigation),
            (Verdict::GuardedHost(url), None) if is_answer_astray(&url, navigation) => {
                self.end(Ended::AnsweredElsewhere(Address::of(&url)));
            }
            (Verdict::GuardedHost(url), None) => self.tell(Progress::Stopped(Address::of(&url))),
            (Verdict::Scheme(scheme), _) => self.tell(Progress::SchemeRefused(scheme)),
        }
        Way::Stop
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
        self.end(match self.captured(url, navigation) {
            Some(captured) => Ended::Answered(captured),
            None => Ended::AnsweredButNotCaptured,
        });
    }

    /// The provider's tile has sent the person to the service; the sign-in goes on from here.
    fn begun(&self, begins: &Begins, url: Url, navigation: &Navigation<'_>) -> Way {
        self.state().begun = true;
        let Some(captured) = self.captured(url, navigation) else {
            self.end(Ended::AnsweredButNotCaptured);
            return Way::Stop;
        };
        match (begins.go_on)(captured) {
            Some(next) if self.guard.judge(next.as_str()) == Verdict::Allow => Way::To(next),
            _ => {
                self.end(Ended::StartRefused);
                Way::Stop
            }
        }
    }

    /// What a navigation carries; none for a form that was not seen.
    fn captured(&self, url: Url, navigation: &Navigation<'_>) -> Option<Captured> {
        if !navigation.post {
            return Some(Captured::Address(navigation.address.into()));
        }
        let fields = self.state().submissions.take_in_flight()?;
        Some(Captured::Form {
            action: url,
            fields,
        })
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
        let (sitting, ended) = Sitting::new(guard, None, move |p| telling.lock().unwrap().push(p));
        Told(sitting, ended, told)
    }

    const START: &str = "https://app.example/start?domain=acme.example";

    /// A sitting that the provider starts. What it sends along is noted, in the order of arrival.
    fn begins(next: Option<&str>) -> (Told, Arc<Mutex<Vec<String>>>) {
        let noted = Arc::new(Mutex::new(Vec::new()));
        let next: Option<Url> = next.map(|next| next.parse().unwrap());
        let noting = noted.clone();
        let begins = Begins {
            at: vec![START.parse().unwrap()],
            go_on: Box::new(move |captured| {
                noting.lock().unwrap().push(match captured {
                    Captured::Address(address) => address.expose_secret().to_owned(),
                    Captured::Form { fields, .. } => fields[0].1.expose_secret().to_owned(),
                });
                next.clone()
            }),
        };
        let guard = Guard::new(ANSWER.parse().unwrap()).unwrap();
        let (sitting, ended) = Sitting::new(guard, Some(begins), |_| ());
        (Told(sitting, ended, Arc::default()), noted)
    }

    const NEXT: &str = "https://id.example/authorize?state=1";

    impl Told {
        fn goes(&self, address: &str, post: bool) -> bool {
            self.way(address, post) == Way::On
        }

        fn way(&self, address: &str, post: bool) -> Way {
            self.0.way(&Navigation {
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

    #[test]
    fn a_start_is_caught_once_and_the_sign_in_goes_on_at_the_provider() {
        let (mut sitting, noted) = begins(Some(NEXT));
        assert!(sitting.goes("https://id.example/dashboard", false));
        let start = format!("{START}&iss=https%3A%2F%2Fid.example&login_hint=a");
        assert_eq!(sitting.way(&start, false), Way::To(NEXT.parse().unwrap()));
        assert_eq!(noted.lock().unwrap()[..], [start]);
        assert!(sitting.ended().is_none());

        assert_eq!(sitting.way(START, false), Way::Stop);
        assert_eq!(noted.lock().unwrap().len(), 1);
        assert!(!sitting.goes(&format!("{ANSWER}?code=1"), false));
        assert!(matches!(sitting.ended(), Some(Ended::Answered(_))));
    }

    #[test]
    fn a_start_by_form_is_read_whatever_the_query() {
        let (sitting, noted) = begins(Some(NEXT));
        let at = "https://app.example/start";
        sitting.submits(at, "https://id.example");
        assert_eq!(sitting.way(at, true), Way::To(NEXT.parse().unwrap()));
        assert_eq!(noted.lock().unwrap()[..], ["https://id.example"]);
    }

    #[test]
    fn an_answer_before_the_start_is_caught_and_not_read() {
        for address in [
            format!("{ANSWER}#id_token=1"),
            "https://app.example/wrong?code=1".to_owned(),
        ] {
            let (mut sitting, noted) = begins(Some(NEXT));
            assert_eq!(sitting.way(&address, false), Way::Stop);
            assert!(matches!(sitting.ended(), Some(Ended::AnsweredUnasked)));
            assert!(noted.lock().unwrap().is_empty());
        }
    }

    #[test]
    fn a_start_at_another_address_of_the_service_is_named() {
        for address in [
            "https://app.example/",
            "http://app.example/start",
            "https://app.example/start/",
            "https://app.example:8443/start",
        ] {
            let (mut sitting, _) = begins(Some(NEXT));
            assert_eq!(sitting.way(address, false), Way::Stop);
            assert!(
                matches!(sitting.ended(), Some(Ended::StartedElsewhere(_))),
                "{address}"
            );
        }
    }

    #[test]
    fn a_start_that_is_refused_or_leads_to_the_service_ends_the_sitting() {
        for next in [
            None,
            Some("https://app.example/authorize"),
            Some("file:///x"),
        ] {
            let (mut sitting, _) = begins(next);
            assert_eq!(sitting.way(START, false), Way::Stop);
            assert!(
                matches!(sitting.ended(), Some(Ended::StartRefused)),
                "{next:?}"
            );
        }
    }
}
