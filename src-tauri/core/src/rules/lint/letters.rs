//! Letters that look like others, and letters that can be written in two ways.

use icu_normalizer::ComposingNormalizerBorrowed;

use crate::fault::Fault;
use crate::finding::Finding;
use crate::rules::compare::is_invisible;

/// What the eye cannot tell in this text, though a comparison of bytes does.
pub(super) fn doubtful(text: &str, path: &str) -> Vec<Finding> {
    // Nothing of this can be wrong with plain ASCII, which most values are.
    if text.is_ascii() {
        return Vec::new();
    }
    let mut faults = Vec::new();
    // A space inside that is none of the keyboard's; the ideographic one is as wide as a letter, and is
    // seen.
    let odd_space = |c: char| c.is_whitespace() && !c.is_ascii() && c != '\u{3000}';
    let inside = text.trim().chars().find(|c| odd_space(*c));
    if let Some(c) = text.chars().find(|c| is_invisible(*c)).or(inside) {
        faults.push(Fault::RuleHasInvisibleCharacter {
            character: code_point(c),
        });
    }
    if !ComposingNormalizerBorrowed::new_nfc().is_normalized(text) {
        faults.push(Fault::RuleNotNormalized {});
    }
    if let Some((word, odd)) = words(text).find_map(|word| Some((word, odd_letter(word)?))) {
        faults.push(Fault::RuleLooksAlike {
            word: crate::text::shown(word, 100),
            letter: odd.to_string(),
            character: code_point(odd),
            script: script(odd).unwrap_or_default().to_owned(),
        });
    }
    faults
        .into_iter()
        .map(|fault| Finding::warning(fault).at(path))
        .collect()
}

/// The first letter that only looks like a Latin one, in a field that is no rule.
pub(crate) fn alike(text: &str) -> Option<Fault> {
    if text.is_ascii() {
        return None;
    }
    let (word, odd) = words(text).find_map(|word| Some((word, odd_letter(word)?)))?;
    Some(Fault::FieldLooksAlike {
        word: crate::text::shown(word, 100),
        letter: odd.to_string(),
        character: code_point(odd),
        script: script(odd).unwrap_or_default().to_owned(),
    })
}

fn code_point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

/// The letter of a word that is not what it seems: one of another script beside Latin letters, or
/// one of a word that would read as Latin from its first letter to its last.
fn odd_letter(word: &str) -> Option<char> {
    let letters = || word.chars().filter(|c| c.is_alphabetic());
    let foreign = letters().find(|c| script(*c).is_some())?;
    let mixed = letters().any(|c| c.is_ascii_alphabetic());
    let reads_as_latin = letters().count() > 1 && letters().all(looks_latin);
    (mixed || reads_as_latin).then_some(foreign)
}

/// The script of a letter, where that script has letters that look Latin.
fn script(c: char) -> Option<&'static str> {
    match c {
        '\u{0370}'..='\u{03FF}' | '\u{1F00}'..='\u{1FFF}' => Some("Greek"),
        '\u{0400}'..='\u{052F}' | '\u{1C80}'..='\u{1C8F}' => Some("Cyrillic"),
        '\u{0530}'..='\u{058F}' => Some("Armenian"),
        '\u{13A0}'..='\u{13FF}' => Some("Cherokee"),
        '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}' => Some("full-width"),
        '\u{1D400}'..='\u{1D7FF}' => Some("mathematical"),
        _ => None,
    }
}

/// Letters of other scripts that most typefaces draw like a Latin one.
fn looks_latin(c: char) -> bool {
    matches!(script(c), Some("full-width" | "mathematical"))
        // Cyrillic.
        || "АВЕЅІЈКМНОРСТУХҮԚԜасеѕіјорухԁԛԝһѵүӏ".contains(c)
        // Greek.
        || "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοϲϳν".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<String> {
        doubtful(text, "rules[0].value")
            .into_iter()
            .map(|finding| finding.fault.code())
            .collect()
    }

    #[test]
    fn a_foreign_letter_inside_a_latin_word_is_told() {
        for text in ["SеcOps", "Sec Οps", "Οwner", "Ｏwner", "Sec-Оps-EU"] {
            assert_eq!(codes(text), ["rule_looks_alike"], "{text}");
        }
    }

    #[test]
    fn a_word_that_reads_as_latin_throughout_is_told() {
        for text in ["СЕО", "ＳｅｃＯｐｓ", "𝐎𝐰𝐧𝐞𝐫"] {
            assert_eq!(codes(text), ["rule_looks_alike"], "{text}");
        }
    }

    #[test]
    fn other_scripts_in_their_own_words_are_fine() {
        for text in [
            "Команда SecOps",
            "Безопасность",
            "Ομάδα",
            "セキュリティ",
            "保安팀",
            "Équipe Sécurité",
            "я",
        ] {
            assert_eq!(codes(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn letters_written_in_parts_are_told_and_composed_ones_are_not() {
        assert_eq!(codes("Se\u{301}curite\u{301}"), ["rule_not_normalized"]);
        assert_eq!(codes("S\u{E9}curit\u{E9}"), [""; 0]);
    }

    #[test]
    fn invisible_characters_are_told() {
        for text in [
            "Sec\u{200B}Ops",
            "\u{FEFF}SecOps",
            "Sec\u{AD}Ops",
            "\u{202E}spOceS",
        ] {
            assert_eq!(codes(text), ["rule_has_invisible_character"], "{text}");
        }
    }
}
