//! From a symptom to its cause: short questions, of which the program answers what it can see.
//!
//! What is asked, what may be the cause, and which answer proves or excludes it is data
//! (`diagnosis/symptoms.json`). One proved cause ends it; until then everything that no answer has
//! excluded stays, with what would decide it.

mod book;
mod sight;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;
use specta::Type;

use crate::fault::Fault;
use crate::finding::{Finding, Told};
use crate::text::shown;
use book::{BOOK, Book, Clue, Entry, Suspect};

pub use book::{Choice, Means, Question};
pub use sight::{ProviderToday, Sight};

/// The longest written answer that is read, in characters.
const LONGEST: usize = 300;

/// The answer of whoever leaves a question out; it is not asked again and says nothing.
pub const LEFT_OUT: &str = "-";

/// A symptom, to be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct Symptom {
    /// Stable id.
    pub id: String,
    /// The symptom in the words of whoever sees it.
    pub name: String,
    /// One sentence more.
    pub says: String,
}

/// What a person answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Given {
    /// The question's id.
    pub question: String,
    /// The answer's id, or what was written.
    pub answer: String,
}

/// Where the search for a cause stands.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Consultation {
    /// The cause, once one is proved; nothing is asked then.
    pub proved: Option<Suspected>,
    /// What may be the cause, the likeliest first; empty once one is proved.
    pub open: Vec<Suspected>,
    /// What is not the cause.
    pub excluded: Vec<Excluded>,
    /// What is known: what the program saw first, then what the person answered.
    pub known: Vec<Answered>,
    /// What to answer next; none where no answer would tell the rest apart.
    pub next: Option<Question>,
}

/// Something that is, or may be, the cause.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Suspected {
    /// Stable id.
    pub id: String,
    /// What it is, and what to do.
    pub told: Told,
    /// Questions that are open and would tell it from the others.
    pub questions: Vec<String>,
    /// What else would decide.
    pub means: Vec<Means>,
}

/// Something that is not the cause, and why.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Excluded {
    /// In a few words.
    pub name: String,
    /// The answers that exclude it.
    pub because: Vec<String>,
}

/// A question with its answer.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Answered {
    /// The question's id.
    pub id: String,
    /// The question.
    pub text: String,
    /// The answer in words.
    pub answer: String,
    /// Where the program saw it; none where the person said it.
    pub seen: Option<Means>,
}

/// An answer that counts, with the finding that what was seen brings along.
struct Fact {
    answer: String,
    says: String,
    seen: Option<Means>,
    finding: Option<Finding>,
}

type Facts = BTreeMap<String, Fact>;

/// All symptoms, in the order in which they are offered.
pub fn symptoms() -> Vec<Symptom> {
    let of = |entry: &Entry| Symptom {
        id: entry.id.clone(),
        name: entry.name.clone(),
        says: entry.says.clone(),
    };
    BOOK.symptoms.iter().map(of).collect()
}

/// Holds what is known against everything that may cause a symptom; none for a symptom that is not
/// in the list. Answers to questions that the symptom does not ask are not heard.
pub fn consider(symptom: &str, given: &[Given], sight: &Sight<'_>) -> Option<Consultation> {
    let symptom = BOOK.symptom(symptom)?;
    let (facts, known) = facts(symptom, given, sight);
    let mut excluded = Vec::new();
    let mut open: Vec<(usize, &Suspect)> = Vec::new();
    for (place, suspect) in BOOK.suspects_of(symptom).enumerate() {
        if let Some(clue) = first(&suspect.excluded_by, &facts) {
            let says = |(question, _): &(String, String)| {
                let asked = BOOK.question(question).map_or("", |it| it.text.as_str());
                format!("{asked} {}", facts[question].says)
            };
            excluded.push(Excluded {
                name: suspect.name.clone(),
                because: clue.0.iter().map(says).collect(),
            });
            continue;
        }
        if let Some(clue) = first(&suspect.proved_by, &facts) {
            let proved = Suspected {
                id: suspect.id.clone(),
                told: proof(suspect, clue, &facts, symptom).told(),
                questions: Vec::new(),
                means: Vec::new(),
            };
            return Some(Consultation {
                proved: Some(proved),
                open: Vec::new(),
                excluded,
                known,
                next: None,
            });
        }
        open.push((weight(place, suspect, &facts), suspect));
    }
    open.sort_by_key(|(weight, _)| *weight);
    let open: Vec<&Suspect> = open.into_iter().map(|(_, suspect)| suspect).collect();
    let asked = |id: &&String| sight.can_use(id) && !facts.contains_key(*id);
    let decides = |question: &str| open.iter().any(|it| tells(it, question, &facts));
    let next = symptom.asks.iter().filter(asked).find(|id| decides(id));
    Some(Consultation {
        proved: None,
        next: next.and_then(|id| BOOK.question(id)).cloned(),
        open: open
            .iter()
            .map(|suspect| suspected(suspect, symptom, &facts, sight))
            .collect(),
        excluded,
        known,
    })
}

/// Everything known, by question, and the same for the eye.
fn facts(symptom: &Entry, given: &[Given], sight: &Sight<'_>) -> (Facts, Vec<Answered>) {
    let mut heard = Facts::new();
    for one in given
        .iter()
        .filter(|one| symptom.asks.contains(&one.question))
    {
        if let Some(fact) = said(&BOOK, one) {
            heard.insert(one.question.clone(), fact);
        }
    }
    let mut facts = Facts::new();
    for suspect in BOOK.suspects_of(symptom) {
        for (id, _) in suspect.clues().flat_map(|clue| &clue.0) {
            let Some(means) = BOOK.question(id).and_then(|question| question.seen) else {
                continue;
            };
            let written = |id: &str| heard.get(id).map(|fact: &Fact| fact.answer.as_str());
            if !facts.contains_key(id)
                && let Some(seen) = sight::see(id, sight, &written)
            {
                let fact = Fact {
                    answer: seen.answer.to_owned(),
                    says: seen.says,
                    seen: Some(means),
                    finding: seen.finding,
                };
                facts.insert(id.clone(), fact);
            }
        }
    }
    let answered = |(id, fact): (&String, &Fact)| Answered {
        id: id.clone(),
        text: BOOK
            .question(id)
            .map_or_else(String::new, |it| it.text.clone()),
        answer: fact.says.clone(),
        seen: fact.seen,
    };
    let mut known: Vec<Answered> = facts.iter().map(answered).collect();
    let in_order = symptom.asks.iter().filter_map(|id| heard.get_key_value(id));
    known.extend(in_order.map(answered));
    facts.append(&mut heard);
    (facts, known)
}

/// What a person answered, if the question has such an answer.
fn said(book: &Book, given: &Given) -> Option<Fact> {
    let question = book.question(&given.question)?;
    let answer = given.answer.trim();
    let says = match question.written {
        _ if answer == LEFT_OUT => "Left out.".to_owned(),
        true if answer.is_empty() => return None,
        true => shown(answer, LONGEST),
        false => question
            .answers
            .iter()
            .find(|it| it.id == answer)?
            .text
            .clone(),
    };
    Some(Fact {
        answer: answer.chars().take(LONGEST).collect(),
        says,
        seen: None,
        finding: None,
    })
}

fn first<'a>(clues: &'a [Clue], facts: &Facts) -> Option<&'a Clue> {
    clues.iter().find(|clue| {
        let holds = |(question, answer): &(String, String)| {
            facts
                .get(question)
                .is_some_and(|fact| fact.answer == *answer)
        };
        clue.0.iter().all(holds)
    })
}

/// The finding that what was seen brings along.
fn brought(clue: &Clue, facts: &Facts) -> Option<Finding> {
    clue.0
        .iter()
        .find_map(|(question, _)| facts[question].finding.clone())
}

fn proof(suspect: &Suspect, clue: &Clue, facts: &Facts, symptom: &Entry) -> Finding {
    let fault = match &suspect.proved {
        Some(code) => fault(code, symptom),
        // A test holds that each of these clues brings a finding.
        None => {
            brought(clue, facts).map_or_else(|| fault(&suspect.possible, symptom), |it| it.fault)
        }
    };
    let path = brought(clue, facts).and_then(|finding| finding.path);
    Finding {
        path,
        ..Finding::error(fault)
    }
}

fn suspected(suspect: &Suspect, symptom: &Entry, facts: &Facts, sight: &Sight<'_>) -> Suspected {
    let likelier = first(&suspect.likelier_by, facts);
    let seen = likelier.and_then(|clue| brought(clue, facts));
    let finding = match (seen, likelier) {
        (Some(seen), _) => Finding {
            path: seen.path,
            ..Finding::warning(seen.fault)
        },
        (None, Some(_)) => Finding::warning(fault(&suspect.possible, symptom)),
        (None, None) => Finding::note(fault(&suspect.possible, symptom)),
    };
    let questions = symptom
        .asks
        .iter()
        .filter(|id| sight.can_use(id) && !facts.contains_key(*id) && tells(suspect, id, facts))
        .filter_map(|id| BOOK.question(id));
    Suspected {
        id: suspect.id.clone(),
        told: finding.told(),
        questions: questions.map(|question| question.text.clone()).collect(),
        means: suspect.also.clone(),
    }
}

/// Whether an answer to this question could still say something about a suspect.
fn tells(suspect: &Suspect, question: &str, facts: &Facts) -> bool {
    let feeds: &[String] = BOOK.question(question).map_or(&[], |it| &it.feeds);
    let fed = |id: &String| feeds.contains(id) && !facts.contains_key(id);
    suspect.clues().any(|clue| {
        let open = |(other, answer): &(String, String)| {
            other == question || facts.get(other).is_none_or(|fact| fact.answer == *answer)
        };
        clue.0.iter().any(|(id, _)| id == question || fed(id)) && clue.0.iter().all(open)
    })
}

/// The likelier come first, the less likely last, else as the symptom has them.
fn weight(place: usize, suspect: &Suspect, facts: &Facts) -> usize {
    const STEP: usize = 1_000;
    let likelier = first(&suspect.likelier_by, facts).is_some();
    let less = first(&suspect.less_by, facts).is_some();
    STEP + place + if less { STEP } else { 0 } - if likelier { STEP } else { 0 }
}

/// Each finding takes those of the fields that it has; the evidence is that there is none against it.
fn fault(code: &str, symptom: &Entry) -> Fault {
    let evidence = "nothing here excludes it so far";
    let value = json!({ "code": code, "error": symptom.id, "evidence": evidence });
    serde_json::from_value(value)
        .expect("a test makes the findings of every suspect in diagnosis/symptoms.json")
}

#[cfg(test)]
mod tests;
