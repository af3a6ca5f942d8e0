//! What the eye takes a text for. Nothing here decides a role.

use icu_normalizer::ComposingNormalizerBorrowed;

use super::compare::is_invisible;

/// Letters with accents as one character each (Unicode, form NFC).
pub(super) fn composed(text: &str) -> String {
    ComposingNormalizerBorrowed::new_nfc()
        .normalize(text)
        .into_owned()
}

/// What a text looks like: compatibility forms as the plain ones (NFKC), letters that look Latin as the
/// Latin ones, nothing that cannot be seen.
pub(super) fn skeleton(text: &str) -> String {
    let plain = ComposingNormalizerBorrowed::new_nfkc().normalize(text);
    plain
        .chars()
        .filter(|c| !is_invisible(*c))
        .map(latin)
        .collect()
}

/// Letters of other scripts beside the Latin ones that most typefaces draw the same.
const ALIKE: [(&str, &str); 2] = [
    // Cyrillic.
    (
        "АВЕЅІЈКМНОРСТУХҮԚԜасеѕіјорухԁԛԝһѵүӏ",
        "ABESIJKMHOPCTYXYQWacesijopyxdqwhvyl",
    ),
    // Greek.
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοϲϳν", "ABEZHIKMNOPTYXocjv"),
];

fn latin(c: char) -> char {
    ALIKE
        .iter()
        .find_map(|(theirs, ours)| {
            let place = theirs.chars().position(|other| other == c)?;
            ours.chars().nth(place)
        })
        .unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_that_looks_latin_has_its_latin_one() {
        for (theirs, ours) in ALIKE {
            assert_eq!(theirs.chars().count(), ours.chars().count());
        }
    }

    #[test]
    fn what_the_eye_cannot_tell_has_one_skeleton() {
        for text in ["SеcOps", "ＳｅｃＯｐｓ", "Sec\u{200B}Ops", "𝐒𝐞𝐜𝐎𝐩𝐬"]
        {
            assert_eq!(skeleton(text), "SecOps", "{text}");
        }
        assert_eq!(skeleton("Cafe\u{301}"), "Café");
        assert_ne!(skeleton("SecOps"), skeleton("secops"));
    }
}
