//! Texts, each once and end to end in one piece of memory, numbered in the order they came.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

/// Texts that are found by their bytes and by their number.
#[derive(Clone, Default)]
pub(super) struct Names {
    bytes: String,
    /// Where each text ends; it begins where the one before it ends.
    ends: Vec<u32>,
    numbers: HashTable<u32>,
    state: RandomState,
}

/// No more bytes than a place of 32 bits can name.
const ROOM: usize = u32::MAX as usize;

/// There is no room for another text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Full;

impl Names {
    /// The number of this text, which is a new one where the text is new, and whether it is.
    pub(super) fn number(&mut self, text: &str) -> Result<(u32, bool), Full> {
        let Self {
            bytes,
            ends,
            numbers,
            state,
        } = self;
        let hash = state.hash_one(text.as_bytes());
        let is = |number: &u32| at(bytes, ends, *number) == text;
        if let Some(number) = numbers.find(hash, is) {
            return Ok((*number, false));
        }
        let end = bytes.len() + text.len();
        if end > ROOM {
            return Err(Full);
        }
        // OK because each text but one has a byte of its own, and there is room for u32::MAX bytes.
        let number = ends.len() as u32;
        bytes.push_str(text);
        ends.push(end as u32);
        let hash_of = |number: &u32| state.hash_one(at(bytes, ends, *number).as_bytes());
        numbers.insert_unique(hash, number, hash_of);
        Ok((number, true))
    }

    /// The number of this text, if it is here.
    pub(super) fn find(&self, text: &str) -> Option<u32> {
        let hash = self.state.hash_one(text.as_bytes());
        self.numbers
            .find(hash, |number| self.text(*number) == text)
            .copied()
    }

    /// The text of this number; empty for a number that was never given.
    pub(super) fn text(&self, number: u32) -> &str {
        at(&self.bytes, &self.ends, number)
    }

    /// How many texts there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Gives back the memory that only growing needs.
    pub(super) fn settle(&mut self) {
        self.bytes.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

fn at<'a>(bytes: &'a str, ends: &[u32], number: u32) -> &'a str {
    let number = number as usize;
    let Some(end) = ends.get(number) else {
        return "";
    };
    let start = match number {
        0 => 0,
        _ => ends[number - 1],
    };
    &bytes[start as usize..*end as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_number_however_often_it_comes() {
        let mut names = Names::default();
        let given: Vec<_> = ["b", "", "a", "b", "", "ab"]
            .into_iter()
            .map(|text| names.number(text).unwrap())
            .collect();
        assert_eq!(
            given,
            [
                (0, true),
                (1, true),
                (2, true),
                (0, false),
                (1, false),
                (3, true)
            ]
        );
        assert_eq!(names.text(3), "ab");
        assert_eq!((names.find("a"), names.find("c")), (Some(2), None));
    }

    #[test]
    fn ten_thousand_texts_are_all_found_again() {
        let mut names = Names::default();
        for n in 0..10_000 {
            names.number(&format!("person{n}@acme.example")).unwrap();
        }
        for n in 0..10_000_u32 {
            let text = format!("person{n}@acme.example");
            assert_eq!(names.find(&text), Some(n));
            assert_eq!(names.text(n), text);
        }
        assert_eq!(names.text(10_000), "");
    }
}
