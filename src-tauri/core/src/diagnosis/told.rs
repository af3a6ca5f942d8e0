//! What a person writes of a sign-in in their own words: nothing is proved by it, so nothing here is an error.

use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::json;

use super::cause::Around;
use super::seen::Seen;
use super::text::{begins, word};
use super::{Known, cause};
use crate::fault::Fault;
use crate::finding::{Finding, Severity};

/// The longest message that is looked through, in bytes: what is longer is no message about one fault.
const LONGEST: usize = 8192;

/// How far apart words are that belong together, in bytes, where a saying has no measure of its own.
const TOGETHER: usize = 220;

/// `diagnosis/told.json`. A word that ends in `*` is the beginning of one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    /// One of these shows that the message is about a sign-in.
    about: Vec<String>,
    /// One of these shows that nothing is wrong any more, or that somebody asks how it is done.
    over: Vec<String>,
    /// The more special ones first: one message has one cause.
    causes: Vec<Saying>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Saying {
    finding: String,
    severity: Severity,
    /// One of each, near each other; `|` stands between those of which one is enough.
    words: Vec<String>,
    /// How far apart they may be, in bytes.
    #[serde(default)]
    within: Option<usize>,
    /// What else is as possible.
    #[serde(default)]
    with: Vec<String>,
}

static TOLD: LazyLock<Told> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../diagnosis/told.json"))
        .expect("diagnosis/ is part of the program; a test reads it")
});

/// What the message allows to suppose; nothing where it is not about a sign-in that fails.
pub(super) fn findings(seen: &Seen<'_>, known: &Known<'_>) -> Vec<Finding> {
    let text = &*seen.text;
    let any = |words: &[String]| words.iter().any(|one| stands(text, one, 0).is_some());
    if text.len() > LONGEST || !any(&TOLD.about) || any(&TOLD.over) {
        return Vec::new();
    }
    let Some((saying, said)) = TOLD
        .causes
        .iter()
        .find_map(|saying| Some((saying, together(text, saying)?)))
    else {
        return Vec::new();
    };
    let error = said.join(" ... ");
    let evidence = cause::evidence(&error, seen);
    let around = Around::of(known);
    let first = (&saying.finding, saying.severity);
    let others = saying.with.iter().map(|code| (code, Severity::Note));
    std::iter::once(first)
        .chain(others)
        .map(|(code, severity)| finding(code, severity, &error, &evidence, &around))
        .collect()
}

fn finding(
    code: &str,
    severity: Severity,
    error: &str,
    evidence: &str,
    around: &Around,
) -> Finding {
    let fault = json!({
        "code": code, "error": error, "evidence": evidence, "provider": around.provider,
        "place": around.place, "redirect": around.redirect,
    });
    let fault: Fault =
        serde_json::from_value(fault).expect("a test makes every finding of diagnosis/told.json");
    match severity {
        Severity::Note => Finding::note(fault),
        Severity::Error | Severity::Warning => Finding::warning(fault),
    }
}

/// One of each of these, near the first of them.
fn together<'a>(text: &str, saying: &'a Saying) -> Option<Vec<&'a str>> {
    let (first, others) = saying.words.split_first()?;
    let within = saying.within.unwrap_or(TOGETHER);
    first.split('|').find_map(|leading| {
        let mut from = 0;
        while let Some(at) = stands(text, leading, from) {
            let begin = text.floor_char_boundary(at.saturating_sub(within));
            let end = text.ceil_char_boundary((at + within).min(text.len()));
            let near = &text[begin..end];
            let one = |group: &'a String| {
                let mut words = group.split('|');
                words.find(|word| stands(near, word, 0).is_some())
            };
            if let Some(mut found) = others.iter().map(one).collect::<Option<Vec<&str>>>() {
                found.insert(0, leading);
                return Some(
                    found
                        .iter()
                        .map(|word| word.trim_end_matches('*'))
                        .collect(),
                );
            }
            from = at + leading.trim_end_matches('*').len();
        }
        None
    })
}

/// Where a word stands, or with `*` at its end one that begins so.
fn stands(text: &str, wanted: &str, from: usize) -> Option<usize> {
    match wanted.strip_suffix('*') {
        Some(beginning) => begins(text, beginning, from),
        None => word(text, wanted, from),
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::plain;
    use super::*;

    #[test]
    fn every_saying_can_be_made_and_is_looked_for_and_proves_nothing() {
        let around = Around {
            redirect: "x".to_owned(),
            provider: "y".to_owned(),
            place: "z".to_owned(),
        };
        for saying in &TOLD.causes {
            assert_ne!(saying.severity, Severity::Error, "{saying:?}");
            for code in saying.with.iter().chain([&saying.finding]) {
                let made = finding(code, saying.severity, "a", "b", &around);
                assert_eq!(&made.fault.code(), code);
            }
            for one in saying.words.iter().flat_map(|group| group.split('|')) {
                assert_eq!(one, plain(one), "never found");
            }
        }
        for one in TOLD.about.iter().chain(&TOLD.over) {
            assert_eq!(*one, plain(one), "never found");
        }
    }

    #[test]
    fn words_far_apart_do_not_belong_together() {
        let saying = |within| Saying {
            finding: String::new(),
            severity: Severity::Note,
            words: vec!["client secret".to_owned(), "expir*".to_owned()],
            within,
            with: Vec::new(),
        };
        let far = format!("client secret {} expired", "x ".repeat(300));
        assert_eq!(together(&far, &saying(None)), None);
        assert_eq!(
            together("the client secret has expired", &saying(None)),
            Some(vec!["client secret", "expir"])
        );
        let near = saying(Some(8));
        assert_eq!(together("the client secret has expired", &near), None);
    }
}
