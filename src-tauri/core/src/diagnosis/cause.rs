//! Causes as data: a new one is one entry in `diagnosis/causes.json`.

use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::json;

use super::Known;
use super::seen::Seen;
use super::text::word;
use crate::catalogue::Catalogue;
use crate::check::region_of;
use crate::fault::Fault;
use crate::finding::{Finding, Severity};
use crate::rules::dn::Dn;
use crate::set_up::SetUp;

/// What to look for, and what it means.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cause {
    /// The code of the finding.
    finding: String,
    /// What the text alone allows to say.
    severity: Severity,
    /// Whose message it is.
    provider: String,
    /// The console and the field where it is mended.
    place: String,
    /// Any of these numbers of Entra's.
    #[serde(default)]
    entra: Vec<u32>,
    /// Any of these error codes, where an error code stands.
    #[serde(default)]
    oauth: Vec<String>,
    /// Any of these lists of phrases, all of which have to be there.
    #[serde(default)]
    phrases: Vec<Vec<String>>,
    /// Says less than any cause that is not general.
    #[serde(default)]
    general: bool,
    /// What has to hold of the set-up.
    #[serde(default)]
    when: Option<When>,
}

/// What can be seen of a set-up.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum When {
    /// No rule reads the e-mail address.
    NoEmailRule,
    /// A rule's value is a distinguished name.
    RuleValueIsDn,
    /// No rule's value is one.
    RuleValueIsShort,
}

static CAUSES: LazyLock<Vec<Cause>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../diagnosis/causes.json"))
        .expect("diagnosis/ is part of the program; a test reads it")
});

/// Where Microsoft explains a single code.
const ENTRA_LOOK_UP: &str = "https://login.microsoftonline.com/error?code=";

/// All causes that the text shows, the most likely first.
pub(super) fn findings(seen: &Seen, known: &Known<'_>) -> Vec<Finding> {
    let mut hits: Vec<Hit<'_>> = CAUSES.iter().filter_map(|cause| hit(cause, seen)).collect();
    hits.retain(|hit| hit.cause.when.is_none_or(|when| holds(when, known.set_up)));
    let unlisted: Vec<Finding> = seen
        .entra
        .iter()
        .filter(|code| !CAUSES.iter().any(|cause| cause.entra.contains(code)))
        .map(|code| unlisted(*code, seen))
        .collect();
    if !unlisted.is_empty() || hits.iter().any(|hit| !hit.cause.general) {
        hits.retain(|hit| !hit.cause.general);
    }
    // A proof makes guesses needless.
    if hits.iter().any(|hit| hit.cause.severity == Severity::Error) {
        hits.retain(|hit| hit.cause.severity == Severity::Error);
    }
    hits.sort_by_key(|hit| (hit.cause.severity, hit.at));
    let redirect = redirect(known);
    let mut findings: Vec<Finding> = Vec::new();
    for hit in hits {
        let finding = finding(&hit, seen, &redirect);
        let code = finding.fault.code();
        if !findings.iter().any(|known| known.fault.code() == code) {
            findings.push(finding);
        }
    }
    findings.extend(unlisted);
    findings
}

/// A cause with what showed it, and its place in the order of the text.
struct Hit<'a> {
    cause: &'a Cause,
    error: String,
    at: usize,
}

fn hit<'a>(cause: &'a Cause, seen: &Seen) -> Option<Hit<'a>> {
    let by_entra = || {
        let at = seen
            .entra
            .iter()
            .position(|code| cause.entra.contains(code))?;
        Some((format!("AADSTS{}", seen.entra[at]), at))
    };
    let by_phrase = || {
        let of = |phrase: &String| word(&seen.text, phrase, 0);
        let all = |phrases: &&Vec<String>| phrases.iter().all(|phrase| of(phrase).is_some());
        let phrases = cause.phrases.iter().find(all)?;
        Some((phrases.join(" ... "), of(phrases.first()?)?))
    };
    let by_oauth = || {
        let at = seen
            .oauth
            .iter()
            .position(|code| cause.oauth.contains(code))?;
        Some((seen.oauth[at].clone(), at))
    };
    let (error, at) = by_entra().or_else(by_phrase).or_else(by_oauth)?;
    Some(Hit { cause, error, at })
}

fn finding(hit: &Hit<'_>, seen: &Seen, redirect: &str) -> Finding {
    let cause = hit.cause;
    let evidence = evidence(&hit.error, seen);
    // Each finding takes those of the fields that it has.
    let fault = json!({
        "code": cause.finding, "provider": cause.provider, "place": cause.place,
        "error": hit.error, "evidence": evidence, "redirect": redirect,
        "status": hit.error, "message": "",
    });
    let fault: Fault = serde_json::from_value(fault)
        .expect("a test makes the finding of every cause in diagnosis/causes.json");
    match cause.severity {
        Severity::Error => Finding::error(fault),
        Severity::Warning => Finding::warning(fault),
        Severity::Note => Finding::note(fault),
    }
}

fn unlisted(code: u32, seen: &Seen) -> Finding {
    let error = format!("AADSTS{code}");
    Finding::warning(Fault::ProviderCodeUnlisted {
        provider: "Microsoft Entra ID".to_owned(),
        evidence: evidence(&error, seen),
        place: format!("{ENTRA_LOOK_UP}{code}"),
        error,
    })
}

fn evidence(error: &str, seen: &Seen) -> String {
    match seen.references.as_str() {
        "" => error.to_owned(),
        references => format!("{error}, {references}"),
    }
}

fn redirect(known: &Known<'_>) -> String {
    known
        .set_up
        .and_then(|set_up| redirect_of(set_up, known.catalogue))
        .unwrap_or_else(|| "the service's Login Redirect URL".to_owned())
}

fn redirect_of(set_up: &SetUp, catalogue: &Catalogue) -> Option<String> {
    let given = set_up.connection.login_redirect_url.clone();
    given.or_else(|| {
        let service = catalogue.service_of(set_up)?;
        Some(region_of(set_up, &service)?.login_redirect_url.clone())
    })
}

fn holds(when: When, set_up: Option<&SetUp>) -> bool {
    let rules = set_up.map(|set_up| &set_up.rules.0[..]);
    let is_dn = |value: &str| value.parse::<Dn>().is_ok_and(|dn| dn.is_entry());
    let any_dn = || rules.is_some_and(|rules| rules.iter().any(|rule| is_dn(&rule.value)));
    match when {
        When::NoEmailRule => {
            rules.is_some_and(|rules| rules.iter().all(|rule| !rule.claim.contains("email")))
        }
        When::RuleValueIsDn => any_dn(),
        When::RuleValueIsShort => !any_dn(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_can_be_made_and_is_looked_for() {
        for cause in CAUSES.iter() {
            let seen = Seen::read("");
            let hit = Hit {
                cause,
                error: "x".to_owned(),
                at: 0,
            };
            assert_eq!(finding(&hit, &seen, "y").fault.code(), cause.finding);
            let looks = cause.entra.len() + cause.oauth.len() + cause.phrases.len();
            assert!(looks > 0, "{cause:?}");
            for phrase in cause.phrases.iter().flatten().chain(&cause.oauth) {
                assert_eq!(phrase, &super::super::text::plain(phrase), "never found");
            }
        }
    }
}
