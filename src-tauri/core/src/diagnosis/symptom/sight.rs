//! What the program sees for itself: the set-up, its tests, the provider today, the clock.

use jiff::Timestamp;
use url::Url;

use super::super::clock::Clock;
use crate::catalogue::Service;
use crate::connection::Protocol;
use crate::evidence::Evidence;
use crate::fault::Fault;
use crate::finding::{Finding, Severity};
use crate::fingerprint::Fingerprint;
use crate::rules::{NearMiss, Nearness};
use crate::set_up::SetUp;

/// All that can be looked at. What is missing leaves questions open, and never answers one.
#[derive(Clone, Copy, Debug)]
pub struct Sight<'a> {
    /// The set-up; none where no workspace is meant.
    pub set_up: Option<&'a SetUp>,
    /// Its service.
    pub service: Option<&'a Service>,
    /// Everything noticed about the set-up, the client secret and expiries included.
    pub findings: &'a [Finding],
    /// Everyone tested, the oldest first.
    pub tests: &'a [Evidence],
    /// The connection as it is now.
    pub fingerprint: Option<&'a Fingerprint>,
    /// This computer's clock, where it was measured.
    pub clock: Option<&'a Clock>,
    /// What the provider said when it was asked again.
    pub provider: Option<&'a ProviderToday>,
    /// The time.
    pub now: Timestamp,
}

/// What a provider says today, held against the set-up.
#[derive(Clone, Debug, PartialEq)]
pub enum ProviderToday {
    /// It did not answer.
    Unreachable(Fault),
    /// It answered; what is different, as [`crate::saml::metadata::changes`] tells it.
    Read(Vec<Finding>),
}

impl ProviderToday {
    /// What somebody who watches is to know: that it did not answer, and what it has changed. What it
    /// publishes no more weighs as an error there, since sign-ins rest on it.
    pub fn drift(self) -> Vec<Finding> {
        let weighed = |finding: Finding| match finding.fault {
            Fault::MetadataEntityChanged { .. }
            | Fault::MetadataSignOnChanged { .. }
            | Fault::MetadataCertificateRemoved { .. } => Finding {
                severity: Severity::Error,
                ..finding
            },
            _ => finding,
        };
        match self {
            Self::Unreachable(fault) => vec![Finding::error(fault)],
            Self::Read(changes) => changes.into_iter().map(weighed).collect(),
        }
    }
}

/// What was seen.
pub(super) struct Seen {
    /// The answer's id.
    pub(super) answer: &'static str,
    /// The answer in words.
    pub(super) says: String,
    /// What was noticed on the way.
    pub(super) finding: Option<Finding>,
}

impl Sight<'_> {
    /// Whether an answer to this question could be made use of here.
    pub(super) fn can_use(&self, question: &str) -> bool {
        match question {
            "whose" => !self.tests.is_empty(),
            "opened_at" => self.region_host().is_some(),
            _ => true,
        }
    }

    /// The tests that prove the settings of now.
    fn current(&self) -> impl DoubleEndedIterator<Item = &Evidence> {
        let now = self.fingerprint;
        self.tests
            .iter()
            .filter(move |one| now.is_some_and(|now| one.proves(now)))
    }

    /// The latest current test of the person whom it happens to.
    fn test_of(&self, whose: Option<&str>) -> Option<&Evidence> {
        let whose = whose?;
        self.current().rev().find(|one| one.is_of(whose))
    }

    /// The host at which the workspace's region is opened.
    fn region_host(&self) -> Option<String> {
        let region = &self.set_up?.workspace.region;
        host(&self.service?.region(region)?.sign_in_url)
    }

    fn finding(&self, codes: &[&str]) -> Option<&Finding> {
        let named = |finding: &&Finding| codes.contains(&finding.fault.code().as_str());
        self.findings.iter().find(named)
    }
}

/// The answer to a question that only the program can answer; none where it cannot either.
pub(super) fn see<'a>(
    question: &str,
    sight: &Sight<'_>,
    written: &impl Fn(&str) -> Option<&'a str>,
) -> Option<Seen> {
    match question {
        "rules_match" => rules_match(sight, written("whose")),
        "value_form" => value_form(sight, written("whose")),
        "claims_arrive" => claims_arrive(sight, written("whose")),
        "tested" => tested(sight),
        "email_rule" => email_rule(sight),
        "credentials" => credentials(sight),
        "secret_shape" => secret_shape(sight),
        "region" => region(sight, written("opened_at")?),
        "clock" => clock(sight.clock?),
        "provider_reached" => provider_reached(sight.provider?),
        "provider_certificate" => provider_certificate(sight),
        "provider_address" => provider_address(sight.provider?),
        _ => None,
    }
}

fn seen(answer: &'static str, says: impl Into<String>) -> Option<Seen> {
    let (says, finding) = (says.into(), None);
    Some(Seen {
        answer,
        says,
        finding,
    })
}

fn seen_by(answer: &'static str, says: impl Into<String>, finding: Finding) -> Option<Seen> {
    let (says, finding) = (says.into(), Some(finding));
    Some(Seen {
        answer,
        says,
        finding,
    })
}

fn rules_match(sight: &Sight<'_>, whose: Option<&str>) -> Option<Seen> {
    let (test, rules) = (sight.test_of(whose)?, &sight.set_up?.rules);
    let resolution = test.replayed(rules, sight.service?);
    let email = &test.email;
    match resolution.rule {
        Some(rule) => seen(
            "matches",
            format!(
                "Yes: rule {rule} gives {email} the role {}.",
                resolution.role
            ),
        ),
        None => {
            let rules = rules.0.len();
            let fallback = resolution.role;
            let finding = Finding::error(Fault::NoRuleMatched { fallback, rules });
            seen_by(
                "none",
                format!("No: none of them matches {email}."),
                finding,
            )
        }
    }
}

/// Differences that are in how the provider writes values, not in who has them.
fn is_form(miss: &NearMiss) -> bool {
    matches!(
        miss.code,
        Nearness::DnForName | Nearness::NameForDn | Nearness::GuidForName | Nearness::JoinedValues
    )
}

fn value_form(sight: &Sight<'_>, whose: Option<&str>) -> Option<Seen> {
    let (set_up, service) = (sight.set_up?, sight.service?);
    // How groups are written is the same for everybody: any test shows it.
    let test = match sight.test_of(whose) {
        Some(test) => test,
        None => sight.current().next_back()?,
    };
    let misses = test.replayed(&set_up.rules, service).near_misses;
    let Some(miss) = misses.iter().find(|miss| is_form(miss)) else {
        // That they fit is only certain for whoever was asked about.
        sight.test_of(whose)?;
        return seen("fits", format!("Yes, for {}.", test.email));
    };
    let index = miss.rule as usize - 1;
    let expected = set_up
        .rules
        .0
        .get(index)
        .map_or("", |rule| rule.value.as_str());
    let finding = Finding::error(Fault::NearMiss {
        rule: miss.rule as usize,
        kind: miss.code.code().to_owned(),
        expected: format!("{} = {expected}", miss.claim),
        received: format!("{} = {}", miss.claim, miss.received),
    });
    seen_by(
        "differs",
        format!(
            "No: rule {} does not have it as it arrived for {}.",
            miss.rule, test.email
        ),
        finding.at(format!("rules[{index}].value")),
    )
}

fn claims_arrive(sight: &Sight<'_>, whose: Option<&str>) -> Option<Seen> {
    let (test, rules) = (sight.test_of(whose)?, &sight.set_up?.rules);
    let absent = rules
        .claim_names()
        .into_iter()
        .find(|name| !test.claims.has(name));
    let Some(claim) = absent else {
        return seen("all", format!("Yes, for {}.", test.email));
    };
    let present = crate::conclude::listed(test.claims.names());
    let claim = claim.to_owned();
    let says = format!("No: {claim} did not come for {}.", test.email);
    seen_by(
        "absent",
        says,
        Finding::error(Fault::RuleClaimAbsent { claim, present }),
    )
}

fn tested(sight: &Sight<'_>) -> Option<Seen> {
    let now = sight.fingerprint?;
    if let Some(test) = sight.current().next_back() {
        let email = &test.email;
        return seen(
            "current",
            format!("Yes: {email} signed in with exactly these settings."),
        );
    }
    let Some(last) = sight.tests.iter().rev().find(|one| !one.imported) else {
        return seen("never", "No: nobody has been tested yet.");
    };
    let fields = last.fingerprint.changed_in(now).join(", ");
    let says = format!("No: since the last one, other values stand in {fields}.");
    seen_by(
        "stale",
        says,
        Finding::warning(Fault::SettingsChangedSinceProof { fields }),
    )
}

fn email_rule(sight: &Sight<'_>) -> Option<Seen> {
    sight.set_up?;
    if let Some(found) = sight.finding(&[
        "owner_rule_missing",
        "owner_rule_of_another",
        "rules_missing",
    ]) {
        return seen_by("missing", "No: there is none.", found.clone());
    }
    let codes = ["owner_rule_case_differs", "owner_rule_not_highest"];
    if let Some(found) = sight.finding(&codes) {
        return seen_by("changed", "Not as it should be.", found.clone());
    }
    // Without the Owner's address nobody can say.
    (!sight.set_up?.workspace.owner_email.is_empty())
        .then(|| seen("there", "Yes."))
        .flatten()
}

fn credentials(sight: &Sight<'_>) -> Option<Seen> {
    let fields = &sight.set_up?.connection;
    if let Some(found) = sight.finding(&["secret_ended"]) {
        return seen_by("ended", "No: the client secret has ended.", found.clone());
    }
    match fields.protocol {
        Protocol::Oidc => {
            let last = fields.secret_ends()?;
            seen(
                "valid",
                format!("Yes: the client secret lasts until {last}."),
            )
        }
        Protocol::Saml => {
            let read = |text: &String| crate::certificate::read(text.as_bytes()).certificates;
            let all: Vec<_> = fields.certificates.iter().flat_map(read).collect();
            let ended = all.iter().filter(|one| one.not_after() < sight.now).count();
            let found = sight.finding(&["certificate_expired"]);
            match found {
                Some(found) if ended == all.len() && ended > 0 => {
                    seen_by("ended", "No: the certificate has ended.", found.clone())
                }
                // One of several has ended, and another may sign: nothing follows from that.
                _ if ended > 0 || all.is_empty() => None,
                _ => seen("valid", "Yes: the certificate is within its time."),
            }
        }
    }
}

fn secret_shape(sight: &Sight<'_>) -> Option<Seen> {
    let found = sight.finding(&["secret_looks_like_secret_id"])?;
    seen_by("id", "No: it has the shape of a Secret ID.", found.clone())
}

fn region(sight: &Sight<'_>, opened_at: &str) -> Option<Seen> {
    let expected = sight.region_host()?;
    let received = host(opened_at)?;
    if received == expected {
        return seen("same", format!("Yes: {received}."));
    }
    let of = |region: &crate::catalogue::Region| host(&region.sign_in_url);
    let others = &sight.service?.regions;
    // Any other host says nothing: people open a service by links and portals.
    others
        .iter()
        .any(|region| of(region).as_deref() == Some(&received))
        .then_some(())?;
    let says = format!("No: it is opened at {received}.");
    let fault = Fault::OpenedInOtherRegion { expected, received };
    seen_by("other", says, Finding::error(fault).at("workspace.region"))
}

/// The host of an address, with or without its scheme.
fn host(address: &str) -> Option<String> {
    let address = address.trim();
    let whole = match address.contains("://") {
        true => address.to_owned(),
        false => format!("https://{address}"),
    };
    Some(Url::parse(&whole).ok()?.host_str()?.to_owned())
}

fn clock(clock: &Clock) -> Option<Seen> {
    match clock.is_off() {
        true => seen_by("off", clock.says(), Finding::warning(clock.fault())),
        false => seen("right", clock.says()),
    }
}

fn provider_reached(provider: &ProviderToday) -> Option<Seen> {
    match provider {
        ProviderToday::Unreachable(fault) => seen_by("no", "No.", Finding::error(fault.clone())),
        ProviderToday::Read(_) => seen("yes", "Yes."),
    }
}

fn provider_certificate(sight: &Sight<'_>) -> Option<Seen> {
    if sight.set_up?.connection.protocol == Protocol::Oidc {
        return seen("not_used", "With OpenID Connect no certificate is entered.");
    }
    let ProviderToday::Read(changes) = sight.provider? else {
        return None;
    };
    let named = |code: &str| changes.iter().find(|finding| finding.fault.code() == code);
    let (added, removed) = (
        named("metadata_certificate_added"),
        named("metadata_certificate_removed"),
    );
    match (added, removed) {
        (Some(added), Some(_)) => {
            let says = "No: it publishes another one in its place.";
            seen_by("replaced", says, added.clone())
        }
        (Some(added), None) => seen_by("added", "Yes, and another one beside it.", added.clone()),
        (None, Some(_)) => None,
        (None, None) => seen("same", "Yes."),
    }
}

fn provider_address(provider: &ProviderToday) -> Option<Seen> {
    const CODES: [&str; 4] = [
        "metadata_entity_changed",
        "metadata_sign_on_changed",
        "issuer_differs",
        "issuer_differs_by_slash",
    ];
    let ProviderToday::Read(changes) = provider else {
        return None;
    };
    let moved = changes
        .iter()
        .find(|it| CODES.contains(&it.fault.code().as_str()));
    match moved {
        Some(moved) => seen_by("moved", "No: it publishes another one.", moved.clone()),
        None => seen("same", "Yes."),
    }
}
