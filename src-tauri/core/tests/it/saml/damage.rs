//! Answers that were changed after they were signed, one value or anything at all.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use latchkey_core::Stage::Signed;
use proptest::prelude::*;

use super::message::*;

#[test]
fn every_single_value_that_is_changed_is_noticed() {
    for message in [signed(ANSWER), response_signed(ANSWER), both_signed(ANSWER)] {
        for (from, to) in [
            (OWNER, "mallory@evil.example"),
            ("SecOps", "Owners"),
            ("torq.io<", "torq.iO<"),
            ("2026-11-22T18:04:00Z", "2026-11-22T19:04:00Z"),
            ("\"groups\"", "\"email\""),
            ("SessionIndex=\"s1\"", "SessionIndex=\"s2\""),
            ("<saml:AuthnContext>", "<saml:AuthnContext><!-- x --> "),
        ] {
            refused(
                swapped(&message, from, to),
                Signed,
                "signed_content_changed",
            );
        }
        // What changes no meaning changes no verdict.
        assert!(
            accepted(&swapped(
                &message,
                "<saml:AuthnContext>",
                "<saml:AuthnContext ><!-- x -->"
            ))
            .is_empty()
        );
    }
}

/// One change to a text at a random place.
#[derive(Clone, Debug)]
enum Damage {
    Put(usize, String),
    Cut(usize, usize),
    Copy(usize, usize, usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = 0..10_000_usize;
    prop_oneof![
        (at.clone(), "[a-z<>/\"'&=! :#-]{1,6}").prop_map(|(at, text)| Damage::Put(at, text)),
        (at.clone(), 1..300_usize).prop_map(|(at, length)| Damage::Cut(at, length)),
        (at.clone(), 1..2_000_usize, at)
            .prop_map(|(from, length, to)| Damage::Copy(from, length, to)),
    ]
}

impl Damage {
    fn to(&self, text: &str) -> String {
        let at = |place: usize| place % text.len();
        let end = |from: usize, length: usize| (from + length).min(text.len());
        match self {
            Self::Put(place, new) => format!("{}{new}{}", &text[..at(*place)], &text[at(*place)..]),
            Self::Cut(from, length) => {
                let from = at(*from);
                format!("{}{}", &text[..from], &text[end(from, *length)..])
            }
            Self::Copy(from, length, to) => {
                let (from, to) = (at(*from), at(*to));
                let copy = &text[from..end(from, *length)];
                format!("{}{copy}{}", &text[..to], &text[to..])
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever is done to an answer: if it is accepted, it says what the provider signed.
    #[test]
    fn what_is_accepted_was_signed(which in 0..3_usize, damages in prop::collection::vec(damage(), 1..4)) {
        let message = match which {
            0 => signed(ANSWER),
            1 => response_signed(ANSWER),
            _ => both_signed(ANSWER),
        };
        let damaged = damages.iter().fold(message, |text, one| one.to(&text));
        let verdict = judged(&damaged);
        if verdict.verified {
            let good = judged(&signed(ANSWER));
            prop_assert_eq!(verdict.subject, good.subject);
            prop_assert_eq!(verdict.claims, good.claims);
            prop_assert_eq!(verdict.role, good.role);
        } else {
            prop_assert!(verdict.subject.is_none() && verdict.claims.is_empty() && verdict.role.is_none());
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let connection = connection();
        let (assertion, _) = judged_by(&bytes, &expected(&connection), &rules());
        prop_assert!(assertion.is_none());
        let (assertion, _) = judged_by(STANDARD.encode(&bytes).as_bytes(), &expected(&connection), &rules());
        prop_assert!(assertion.is_none());
    }

    #[test]
    fn no_text_around_an_answer_makes_it_panic(before in ".{0,40}", after in ".{0,40}") {
        let encoded = STANDARD.encode(signed(ANSWER));
        for text in [
            format!("{before}SAMLResponse={encoded}{after}"),
            format!("<html>{before}<input name=\"SAMLResponse\" value=\"{after}\">"),
            format!("{before}{encoded}{after}"),
            format!("%{before}%{after}%"),
        ] {
            let verdict = judged(&text);
            prop_assert!(verdict.claims.is_empty() || verdict.claims.first("email") == Some(OWNER));
        }
    }
}
