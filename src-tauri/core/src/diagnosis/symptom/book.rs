//! Symptoms, questions and suspects as data: a new one is an entry in `diagnosis/symptoms.json`.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use specta::Type;

/// All of the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Book {
    /// The day on which it was last held against its sources.
    #[serde(rename = "checked_on")]
    pub(super) _checked_on: jiff::civil::Date,
    pub(super) symptoms: Vec<Entry>,
    pub(super) questions: Vec<Question>,
    pub(super) suspects: Vec<Suspect>,
}

/// A symptom, with what is asked about it, in this order, and what may cause it, the likeliest first.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) says: String,
    pub(super) asks: Vec<String>,
    pub(super) suspects: Vec<String>,
}

/// A question to the person, or one that only the program can answer (`seen`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Stable id.
    pub id: String,
    /// The question.
    pub text: String,
    /// How to find out; empty where the question says it all.
    #[serde(default)]
    pub how: String,
    /// What may be answered; empty where the answer is written.
    #[serde(default)]
    pub answers: Vec<Choice>,
    /// Whether the answer is written, and not chosen.
    #[serde(default)]
    pub written: bool,
    /// Where the program sees the answer; none where the person is asked.
    #[serde(default)]
    pub seen: Option<Means>,
    /// What the program can see once this is answered.
    #[serde(default)]
    pub feeds: Vec<String>,
}

/// One answer of several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Stable id.
    pub id: String,
    /// The answer in words.
    pub text: String,
}

/// What can decide beside a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Means {
    /// The fields and rules of the set-up.
    SetUp,
    /// A test sign-in of the person whom it happens to.
    TestSignIn,
    /// Asking the provider again.
    Provider,
    /// The error's text or address.
    ErrorText,
    /// A recording of the browser.
    Har,
    /// The service's support, with a bundle.
    Support,
}

/// Something that may be the cause.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Suspect {
    pub(super) id: String,
    /// In a few words, for what has been excluded.
    pub(super) name: String,
    /// The finding while it is open.
    pub(super) possible: String,
    /// The finding once it is proved; none where what proves it brings a finding of its own.
    #[serde(default)]
    pub(super) proved: Option<String>,
    #[serde(default)]
    pub(super) proved_by: Vec<Clue>,
    #[serde(default)]
    pub(super) excluded_by: Vec<Clue>,
    #[serde(default)]
    pub(super) likelier_by: Vec<Clue>,
    #[serde(default)]
    pub(super) less_by: Vec<Clue>,
    /// What else would decide.
    #[serde(default)]
    pub(super) also: Vec<Means>,
}

/// Answers that hold together: `private_window=fails & extensions=fails`.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Clue(pub(super) Vec<(String, String)>);

impl TryFrom<String> for Clue {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let parts = text.split(" & ").map(|part| {
            let (question, answer) = part
                .split_once('=')
                .ok_or_else(|| format!("{part:?} is no question with its answer"))?;
            Ok((question.to_owned(), answer.to_owned()))
        });
        parts.collect::<Result<_, _>>().map(Self)
    }
}

impl Suspect {
    /// Every clue that says something about it.
    pub(super) fn clues(&self) -> impl Iterator<Item = &Clue> {
        self.proved_by
            .iter()
            .chain(&self.excluded_by)
            .chain(&self.likelier_by)
            .chain(&self.less_by)
    }
}

pub(super) static BOOK: LazyLock<Book> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../diagnosis/symptoms.json"))
        .expect("diagnosis/ is part of the program; a test reads it")
});

impl Book {
    pub(super) fn symptom(&self, id: &str) -> Option<&Entry> {
        self.symptoms.iter().find(|symptom| symptom.id == id)
    }

    pub(super) fn question(&self, id: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
    }

    /// The suspects of a symptom, in its order.
    pub(super) fn suspects_of<'a>(
        &'a self,
        symptom: &'a Entry,
    ) -> impl Iterator<Item = &'a Suspect> {
        let named = |id: &String| self.suspects.iter().find(|suspect| suspect.id == *id);
        symptom.suspects.iter().filter_map(named)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn everything_that_is_named_is_there_and_used() {
        let questions: HashSet<&str> = BOOK.questions.iter().map(|it| it.id.as_str()).collect();
        let suspects: HashSet<&str> = BOOK.suspects.iter().map(|it| it.id.as_str()).collect();
        assert_eq!(questions.len(), BOOK.questions.len());
        assert_eq!(suspects.len(), BOOK.suspects.len());
        let mut used = HashSet::new();
        for symptom in &BOOK.symptoms {
            for asked in &symptom.asks {
                let question = BOOK.question(asked).unwrap();
                assert!(question.seen.is_none(), "{asked} is not for people");
                assert_ne!(question.written, !question.answers.is_empty(), "{asked}");
            }
            assert_eq!(BOOK.suspects_of(symptom).count(), symptom.suspects.len());
            used.extend(symptom.suspects.iter().map(String::as_str));
        }
        assert_eq!(used, suspects);
    }

    #[test]
    fn every_clue_is_an_answer_that_can_be_given() {
        for suspect in &BOOK.suspects {
            for (question, answer) in suspect.clues().flat_map(|clue| &clue.0) {
                let asked = BOOK.question(question).unwrap();
                let known = asked.answers.iter().any(|choice| choice.id == *answer);
                assert!(
                    known || asked.seen.is_some(),
                    "{}: {question}={answer}",
                    suspect.id
                );
            }
        }
    }

    #[test]
    fn every_suspect_of_a_symptom_can_be_asked_about_or_decided_otherwise() {
        for symptom in &BOOK.symptoms {
            for suspect in BOOK.suspects_of(symptom) {
                let asked = suspect
                    .clues()
                    .flat_map(|clue| &clue.0)
                    .any(|(question, _)| {
                        symptom.asks.contains(question)
                            || BOOK.question(question).is_some_and(|it| it.seen.is_some())
                    });
                assert!(asked || !suspect.also.is_empty(), "{}", suspect.id);
            }
        }
    }
}
