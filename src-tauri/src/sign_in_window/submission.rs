//! Forms that pages of the provider have submitted, held until a navigation says which one was the answer.

use std::collections::VecDeque;

use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

/// Larger bodies are not kept: a SAMLResponse of this size is none. In bytes of the message.
const LARGEST: usize = 16 << 20;
/// `new FormData(form)` by page code looks like a submission too, so a few are remembered.
const REMEMBERED: usize = 4;

pub(super) type Fields = Vec<(String, SecretString)>;

/// Forms seen, newest last, and the body that the current chain of navigations carries.
#[derive(Default)]
pub(super) struct Submissions {
    seen: VecDeque<Submission>,
    in_flight: Option<Fields>,
}

struct Submission {
    action: Url,
    fields: Fields,
}

/// What `capture.js` posts.
#[derive(Deserialize)]
struct Message {
    action: Url,
    fields: Vec<(String, String)>,
}

impl Submissions {
    /// Remembers a submitted form. What is too large or not in the script's own form is dropped, so
    /// that its navigation is reported as not captured.
    pub(super) fn record(&mut self, message: &str) {
        if message.len() > LARGEST {
            return;
        }
        let Ok(message) = serde_json::from_str::<Message>(message) else {
            return;
        };
        let action = without_fragment(message.action);
        self.seen.retain(|known| known.action != action);
        if self.seen.len() == REMEMBERED {
            self.seen.pop_front();
        }
        let fields = message.fields.into_iter().map(as_sent).collect();
        self.seen.push_back(Submission { action, fields });
    }

    /// A POST begins its way to `address`, or a redirect (307, 308) sends the same body on to it.
    pub(super) fn posted(&mut self, address: &Url, redirected: bool) {
        if redirected {
            return;
        }
        let address = without_fragment(address.clone());
        self.in_flight = self
            .seen
            .iter()
            .position(|known| known.action == address)
            .and_then(|at| self.seen.remove(at))
            .map(|known| known.fields);
    }

    /// The body of the POST that is on its way, if it is known.
    pub(super) fn take_in_flight(&mut self) -> Option<Fields> {
        self.in_flight.take()
    }
}

fn without_fragment(mut url: Url) -> Url {
    url.set_fragment(None);
    url
}

/// Line breaks as they travel: HTML, "construct the entry list", normalises them to CRLF.
fn as_sent((name, value): (String, String)) -> (String, SecretString) {
    (crlf(name), SecretString::from(crlf(value)))
}

fn crlf(text: String) -> String {
    if !text.contains(['\r', '\n']) {
        return text;
    }
    text.replace("\r\n", "\n")
        .replace('\r', "\n")
        .replace('\n', "\r\n")
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    const ANSWER: &str = "https://app.example/cb";

    fn after(messages: &[(&str, &str)], posts: &[(&str, bool)]) -> Option<String> {
        let mut submissions = Submissions::default();
        for (action, value) in messages {
            let message =
                serde_json::json!({ "action": action, "fields": [["SAMLResponse", value]] });
            submissions.record(&message.to_string());
        }
        for (address, redirected) in posts {
            submissions.posted(&address.parse().unwrap(), *redirected);
        }
        let fields = submissions.take_in_flight()?;
        Some(fields[0].1.expose_secret().to_owned())
    }

    #[test]
    fn the_form_whose_action_is_navigated_to_is_the_answer() {
        let forms = [
            ("https://id.example/next", "password"),
            (ANSWER, "assertion"),
        ];
        assert_eq!(
            after(&forms, &[(ANSWER, false)]).as_deref(),
            Some("assertion")
        );
    }

    #[test]
    fn form_data_read_by_page_code_does_not_displace_the_answer() {
        let forms = [
            (ANSWER, "assertion"),
            ("https://id.example/telemetry", "noise"),
        ];
        assert_eq!(
            after(&forms, &[(ANSWER, false)]).as_deref(),
            Some("assertion")
        );
    }

    #[test]
    fn a_redirected_post_carries_the_body_of_the_form_before_it() {
        let forms = [("https://id.example/relay", "assertion")];
        let posts = [("https://id.example/relay", false), (ANSWER, true)];
        assert_eq!(after(&forms, &posts).as_deref(), Some("assertion"));
    }

    #[test]
    fn a_form_for_another_address_is_never_taken_for_the_answer() {
        let forms = [("https://id.example/login", "password")];
        assert_eq!(after(&forms, &[(ANSWER, false)]), None);
    }

    #[test]
    fn an_unseen_post_clears_what_an_earlier_one_carried() {
        let forms = [("https://id.example/login", "password")];
        let posts = [
            ("https://id.example/login", false),
            ("https://id.example/relay", false),
            (ANSWER, true),
        ];
        assert_eq!(after(&forms, &posts), None);
    }

    #[test]
    fn a_message_of_another_shape_is_dropped() {
        for message in [
            "",
            "[]",
            r#"{"action":"nowhere","fields":[]}"#,
            r#"{"action":"https://a.example/"}"#,
        ] {
            let mut submissions = Submissions::default();
            submissions.record(message);
            assert!(submissions.seen.is_empty(), "{message}");
        }
    }

    #[test]
    fn a_body_beyond_the_limit_is_not_kept() {
        assert_eq!(
            after(&[(ANSWER, &"x".repeat(LARGEST))], &[(ANSWER, false)]),
            None
        );
    }

    #[test]
    fn line_breaks_are_kept_as_they_travel() {
        assert_eq!(
            after(&[(ANSWER, "a\nb\rc\r\nd")], &[(ANSWER, false)]).as_deref(),
            Some("a\r\nb\r\nc\r\nd")
        );
    }

    #[test]
    fn only_a_few_forms_are_remembered() {
        let mut forms: Vec<_> = vec![(ANSWER.to_owned(), "old")];
        forms.extend((0..REMEMBERED).map(|n| (format!("https://id.example/{n}"), "noise")));
        let forms: Vec<_> = forms
            .iter()
            .map(|(action, value)| (action.as_str(), *value))
            .collect();
        assert_eq!(after(&forms, &[(ANSWER, false)]), None);
    }
}
