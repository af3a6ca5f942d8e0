//! One random change to a signed document.

use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};

/// What a change may put in: some of it changes nothing that is signed.
const PIECES: [&str; 20] = [
    " ",
    "\n",
    "\r",
    "\t",
    "x",
    "<!-- -->",
    "<x/>",
    "<![CDATA[x]]>",
    "<![CDATA[]]>",
    "&#x41;",
    "&amp;",
    "]]>",
    "\"",
    "'",
    "<",
    " xmlns:a=\"urn:z\"",
    " xmlns=\"urn:z\"",
    " xml:lang=\"x\"",
    " ID=\"a\"",
    "<?x?>",
];

/// The document with one change.
pub(crate) fn of(text: &str, number: u64) -> String {
    let mut random = StdRng::seed_from_u64(number ^ 0x6d75_7461_6e74);
    loop {
        let changed = change(text, &mut random);
        if changed != text {
            return changed;
        }
    }
}

fn change(text: &str, random: &mut StdRng) -> String {
    let at = boundary(text, random.gen_range(0..text.len()));
    let end = boundary(text, at + random.gen_range(1..24)).max(at);
    let (before, cut, behind) = (&text[..at], &text[at..end], &text[end..]);
    let piece = PIECES.choose(random).copied().unwrap_or_default();
    match random.gen_range(0..8) {
        0 => format!("{before}{behind}"),
        1 => format!("{before}{cut}{cut}{behind}"),
        2 => format!("{before}{piece}{behind}"),
        // Where it does least harm: between tags, or between attributes.
        3 | 4 => beside(text, at, '>', piece),
        5 | 6 => beside(text, at, ' ', piece),
        _ => {
            let other: String = cut.chars().rev().collect();
            format!("{before}{other}{behind}")
        }
    }
}

/// The piece behind the next `mark` from `at`.
fn beside(text: &str, at: usize, mark: char, piece: &str) -> String {
    let at = text[at..]
        .find(mark)
        .map_or(text.len(), |offset| at + offset + 1);
    format!("{}{piece}{}", &text[..at], &text[at..])
}

fn boundary(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
