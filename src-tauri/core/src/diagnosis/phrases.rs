//! Which of the phrases of all causes stand in a text: found in one pass, however many there are.

use std::collections::HashMap;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::cause;

/// The shortest text for which one pass is less work than looking for each phrase, in bytes.
const WORTH_IT: usize = 64;

struct All {
    automaton: AhoCorasick,
    /// Each phrase's number.
    numbers: HashMap<&'static str, usize>,
}

/// None where the automaton cannot be built: then each phrase is looked for by itself.
static ALL: LazyLock<Option<All>> = LazyLock::new(|| {
    let mut numbers = HashMap::new();
    let mut phrases: Vec<&str> = Vec::new();
    for phrase in cause::phrases() {
        numbers.entry(phrase).or_insert_with(|| {
            phrases.push(phrase);
            phrases.len() - 1
        });
    }
    let automaton = AhoCorasick::new(&phrases).ok()?;
    Some(All { automaton, numbers })
});

/// What stands in one text, as a part of a word or as a word.
pub(super) struct Standing(Vec<bool>);

impl Standing {
    /// None for a text that is short.
    pub(super) fn of(text: &str) -> Option<Self> {
        let all = ALL.as_ref().filter(|_| text.len() >= WORTH_IT)?;
        let mut found = vec![false; all.numbers.len()];
        for hit in all.automaton.find_overlapping_iter(text) {
            found[hit.pattern().as_usize()] = true;
        }
        Some(Self(found))
    }

    /// Whether the text certainly lacks a phrase.
    pub(super) fn lacks(&self, phrase: &str) -> bool {
        let number = ALL.as_ref().and_then(|all| all.numbers.get(phrase));
        number.is_some_and(|number| !self.0[*number])
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::word;
    use super::*;

    #[test]
    fn one_pass_finds_what_looking_for_each_finds() {
        let noise = "Sign in and go on. ".repeat(200);
        assert!(Standing::of("short").is_none());
        for said in cause::phrases().step_by(7) {
            let text = format!("{noise}{said} {noise}");
            let standing = Standing::of(&text).unwrap();
            for phrase in cause::phrases() {
                let is_there = word(&text, phrase, 0).is_some();
                assert!(!(is_there && standing.lacks(phrase)), "{phrase} in {said}");
            }
        }
        let standing = Standing::of(&noise).unwrap();
        assert!(standing.lacks("redirect_uri_mismatch"));
        assert!(!standing.lacks("no phrase of any cause"));
    }
}
