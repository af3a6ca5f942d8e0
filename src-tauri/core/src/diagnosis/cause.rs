//! Causes as data: a new one is one entry in `diagnosis/causes.json`.

use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::json;

use super::Known;
use super::seen::Seen;
use crate::catalogue::Catalogue;
use crate::check::region_of;
use crate::connection::Protocol;
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
    /// Looked for only where the set-up or the text names this provider, by its id.
    #[serde(default)]
    only: Option<String>,
    /// Any of these numbers of Entra's.
    #[serde(default)]
    entra: Vec<u32>,
    /// Any of these error codes, where an error code stands.
    #[serde(default)]
    oauth: Vec<String>,
    /// Any of these lists of phrases, all of which have to be there. `|` stands between phrases of
    /// which one is enough.
    #[serde(default)]
    phrases: Vec<Vec<String>>,
    /// Phrases that speak of another cause: with any of them there, these phrases say nothing.
    #[serde(default)]
    unless: Vec<String>,
    /// Says less than any cause that is not general.
    #[serde(default)]
    general: bool,
    /// Says less than anything else.
    #[serde(default)]
    vague: bool,
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

/// Every phrase that is looked for, once for each time that it is named.
pub(super) fn phrases() -> impl Iterator<Item = &'static str> {
    let of = |cause: &'static Cause| {
        let phrases = cause.phrases.iter().flatten();
        let phrases = phrases.flat_map(|phrases| phrases.split('|'));
        phrases.chain(cause.unless.iter().map(String::as_str))
    };
    CAUSES.iter().flat_map(of)
}

/// Where Microsoft explains a single code.
const ENTRA_LOOK_UP: &str = "https://login.microsoftonline.com/error?code=";

/// All causes that the text shows, the most likely first.
pub(super) fn findings(seen: &Seen<'_>, known: &Known<'_>) -> Vec<Finding> {
    let mut hits: Vec<Hit<'_>> = CAUSES
        .iter()
        .filter(|cause| cause.when.is_none_or(|when| holds(when, known.set_up)))
        .filter(|cause| match &cause.only {
            Some(id) => names(seen, id, known),
            None => true,
        })
        .filter_map(|cause| hit(cause, seen, known))
        .collect();
    let unlisted: Vec<Finding> = seen
        .entra
        .iter()
        .filter(|code| !CAUSES.iter().any(|cause| cause.entra.contains(code)))
        .map(|code| unlisted(*code, seen))
        .collect();
    if !unlisted.is_empty() || hits.iter().any(|hit| !hit.cause.vague) {
        hits.retain(|hit| !hit.cause.vague);
    }
    if !unlisted.is_empty() || hits.iter().any(|hit| !hit.cause.general) {
        hits.retain(|hit| !hit.cause.general);
    }
    // What stands beside a standard's code says more than the code.
    if !unlisted.is_empty() || hits.iter().any(|hit| !hit.bare) {
        hits.retain(|hit| !hit.bare || !hit.cause.general);
    }
    // A proof makes guesses needless.
    if hits.iter().any(|hit| hit.cause.severity == Severity::Error) {
        hits.retain(|hit| hit.cause.severity == Severity::Error);
    }
    hits.sort_by_key(|hit| (hit.cause.severity, hit.at));
    let around = Around::of(known);
    let mut findings: Vec<Finding> = Vec::new();
    for hit in hits {
        let finding = finding(&hit, seen, &around);
        let code = finding.fault.code();
        if !findings.iter().any(|known| known.fault.code() == code) {
            findings.push(finding);
        }
    }
    findings.extend(unlisted);
    findings
}

/// That the answer's error code is none that is known.
pub(super) fn unknown(seen: &Seen<'_>, known: &Known<'_>) -> Option<Finding> {
    let own = seen.unlisted.clone().map(|code| (code, None));
    let (error, whose) = own.or_else(|| {
        let (code, whose) = seen.numbered()?;
        Some((code, Some(whose)))
    })?;
    let whose = whose.map(str::to_owned);
    Some(Finding::warning(Fault::ProviderCodeUnlisted {
        provider: whose.unwrap_or_else(|| Around::of(known).provider),
        evidence: evidence(&error, seen),
        place: "the provider's documentation".to_owned(),
        error,
    }))
}

/// What the name of an error says that stands somewhere in a short text, not where errors have their
/// names: as people write it to each other.
pub(super) fn mentioned(seen: &Seen<'_>, known: &Known<'_>) -> Option<Finding> {
    /// A few lines. What is longer tells of many errors, as manuals do.
    const LONGEST: usize = 2048;
    if seen.text.len() > LONGEST {
        return None;
    }
    let named = |cause: &'static Cause| {
        let mut names = cause.oauth.iter().filter(|name| name.contains('_'));
        names.find_map(|name| Some((seen.mentions(name)?, name, cause)))
    };
    let (at, name, cause) = CAUSES.iter().filter_map(named).min_by_key(|hit| hit.0)?;
    let hit = Hit {
        cause,
        error: name.clone(),
        at,
        bare: true,
    };
    let mut finding = finding(&hit, seen, &Around::of(known));
    finding.severity = Severity::Warning;
    Some(finding)
}

/// What the set-up says about whoever is not named by the message itself.
pub(super) struct Around {
    pub(super) redirect: String,
    pub(super) provider: String,
    /// Where the provider's applications are looked after.
    pub(super) place: String,
}

impl Around {
    /// What stands in `causes.json` for a provider that is not known.
    pub(super) const PROVIDER: &'static str = "the provider";
    const PLACE: &'static str = "the application at the provider";

    pub(super) fn of(known: &Known<'_>) -> Self {
        let redirect = known
            .set_up
            .and_then(|set_up| redirect_of(set_up, known.catalogue))
            .unwrap_or_else(|| "the service's Login Redirect URL".to_owned());
        let named = known
            .set_up
            .and_then(|set_up| named(set_up, known.catalogue));
        let (provider, place) =
            named.unwrap_or_else(|| (Self::PROVIDER.to_owned(), Self::PLACE.to_owned()));
        Self {
            redirect,
            provider,
            place,
        }
    }

    /// The name of whose message it is.
    fn provider<'a>(&'a self, cause: &'a Cause) -> &'a str {
        match cause.provider.as_str() {
            Self::PROVIDER => &self.provider,
            other => other,
        }
    }

    fn place<'a>(&'a self, cause: &'a Cause) -> &'a str {
        match cause.place.as_str() {
            Self::PLACE => &self.place,
            other => other,
        }
    }
}

/// The set-up's provider and its console, if it is one that the catalogue knows.
fn named(set_up: &SetUp, catalogue: &Catalogue) -> Option<(String, String)> {
    let provider = catalogue.provider(&set_up.connection.provider)?;
    let console = match set_up.connection.protocol {
        Protocol::Oidc => &provider.oidc.as_ref()?.console,
        Protocol::Saml => &provider.saml.as_ref()?.console,
    };
    // "Other" has shapes for nothing, and a name that reads badly in a sentence.
    (provider.id != "other").then(|| (provider.name.clone(), format!("{console}, the application")))
}

/// Whether the set-up or the text names the provider.
fn names(seen: &Seen<'_>, id: &str, known: &Known<'_>) -> bool {
    let of_set_up = known.set_up.map(|set_up| &*set_up.connection.provider);
    of_set_up == Some(id) || seen.place_of(id).is_some()
}

/// Whether a code that is not written as Entra writes it is Entra's.
fn is_entra(seen: &Seen<'_>, known: &Known<'_>) -> bool {
    const ITS_OWN: [&str; 5] = [
        "correlation id",
        "trace id",
        "microsoft",
        "azure",
        "sign-in error code",
    ];
    names(seen, "entra", known) || ITS_OWN.iter().any(|own| seen.text.contains(own))
}

/// A cause with what showed it, and its place in the order of the text.
struct Hit<'a> {
    cause: &'a Cause,
    error: String,
    at: usize,
    /// Whether an error code of OAuth 2.0 is all that showed it.
    bare: bool,
}

fn hit<'a>(cause: &'a Cause, seen: &Seen<'_>, known: &Known<'_>) -> Option<Hit<'a>> {
    let by_entra = || {
        let at = seen
            .entra
            .iter()
            .position(|code| cause.entra.contains(code))?;
        Some((format!("AADSTS{}", seen.entra[at]), at))
    };
    let by_phrase = || {
        let found = cause
            .phrases
            .iter()
            .find_map(|phrases| all(phrases, seen))?;
        if cause
            .unless
            .iter()
            .any(|other| seen.place_of(other).is_some())
        {
            return None;
        }
        let written: Vec<&str> = found.iter().map(|phrase| seen.written(phrase)).collect();
        Some((written.join(" ... "), seen.place_of(found.first()?)?))
    };
    let by_number = || {
        let at = seen
            .numbers
            .iter()
            .position(|code| cause.entra.contains(code))?;
        // A list of this name is Entra's alone.
        let entra = seen.text.contains("error_codes") || is_entra(seen, known);
        entra.then(|| (format!("AADSTS{}", seen.numbers[at]), at))
    };
    // The name of an error, which no sentence has by chance.
    let by_blurred_name = || {
        let mut names = cause.oauth.iter().filter(|name| name.contains('_'));
        let name = names
            .find(|name| seen.is_blurred(&[name.as_str()]) && seen.place_of(name).is_some())?;
        Some((name.clone(), seen.place_of(name)?))
    };
    let by_oauth = || {
        let at = seen
            .oauth
            .iter()
            .position(|code| cause.oauth.contains(code))?;
        Some((seen.oauth[at].clone(), at))
    };
    let told = by_entra().or_else(by_number).or_else(by_phrase);
    let bare = told.is_none();
    let (error, at) = told.or_else(by_oauth).or_else(by_blurred_name)?;
    Some(Hit {
        cause,
        error,
        at,
        bare,
    })
}

/// The phrase that stands in the text, for each of these: all of them, or none.
fn all<'a>(phrases: &'a [String], seen: &Seen<'_>) -> Option<Vec<&'a str>> {
    let one = |phrase: &'a String| {
        phrase
            .split('|')
            .find(|phrase| seen.place_of(phrase).is_some())
    };
    let found: Vec<&str> = phrases.iter().map(one).collect::<Option<_>>()?;
    (!seen.is_of_picture() || seen.is_blurred(&found)).then_some(found)
}

fn finding(hit: &Hit<'_>, seen: &Seen<'_>, around: &Around) -> Finding {
    let cause = hit.cause;
    let evidence = evidence(&hit.error, seen);
    // Each finding takes those of the fields that it has.
    let fault = json!({
        "code": cause.finding, "provider": around.provider(cause), "place": around.place(cause),
        "error": hit.error, "evidence": evidence, "redirect": around.redirect,
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

fn unlisted(code: u32, seen: &Seen<'_>) -> Finding {
    let error = format!("AADSTS{code}");
    Finding::warning(Fault::ProviderCodeUnlisted {
        provider: "Microsoft Entra ID".to_owned(),
        evidence: evidence(&error, seen),
        place: format!("{ENTRA_LOOK_UP}{code}"),
        error,
    })
}

pub(super) fn evidence(error: &str, seen: &Seen<'_>) -> String {
    match seen.references.as_str() {
        "" => error.to_owned(),
        references => format!("{error}, {references}"),
    }
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
            let around = Around {
                redirect: "y".to_owned(),
                provider: "z".to_owned(),
                place: "z".to_owned(),
            };
            let hit = Hit {
                cause,
                error: "x".to_owned(),
                at: 0,
                bare: false,
            };
            assert_eq!(finding(&hit, &seen, &around).fault.code(), cause.finding);
            let looks = cause.entra.len() + cause.oauth.len() + cause.phrases.len();
            assert!(looks > 0, "{cause:?}");
            for phrase in cause.phrases.iter().flatten().chain(&cause.oauth) {
                assert_eq!(phrase, &super::super::text::plain(phrase), "never found");
            }
        }
    }
}
