//! From a verified assertion to a role: the stages `identified` and `mapped`.

use super::VerifiedAssertion;
use crate::catalogue::Service;
use crate::claims::Claims;
use crate::conclude::{answer_mark, listed, mapped, verdict};
use crate::fault::Fault;
use crate::finding::Finding;
use crate::rules::{Resolution, RuleList};
use crate::text::{is_email, shown};
use crate::verdict::{Signer, Stage, Track, Verdict};

/// Names without a readable last part that e-mail addresses come under (RFC 4524, RFC 2985).
const EMAIL_OIDS: [&str; 2] = [
    "urn:oid:0.9.2342.19200300.100.1.3",
    "urn:oid:1.2.840.113549.1.9.1",
];

/// Entra's mark for groups that did not fit into the assertion.
const GROUPS_LINK: &str = "http://schemas.microsoft.com/claims/groups.link";

/// Ends a sign-in whose assertion was verified: who the person is, and which role the rules give.
pub fn conclude(
    mut track: Track,
    assertion: &VerifiedAssertion,
    rules: &RuleList,
    service: &Service,
) -> Verdict {
    let Some(resolution) = report(&mut track, assertion, rules, service) else {
        return Verdict::failed(track);
    };
    let signer = assertion.signed_by();
    let signed_by = Signer::Certificate {
        sha256: signer.sha256().to_owned(),
        subject: signer.subject().to_owned(),
    };
    let answer = answer_mark(&[signer.sha256(), assertion.id()]);
    let claims = assertion.claims().clone();
    verdict(
        track,
        assertion.subject(),
        signed_by,
        claims,
        answer,
        resolution,
    )
}

/// Everything noticed of such a sign-in, in the order of the stages.
pub(crate) fn findings(
    mut track: Track,
    assertion: &VerifiedAssertion,
    rules: &RuleList,
    service: &Service,
) -> Vec<Finding> {
    report(&mut track, assertion, rules, service);
    track.into_findings()
}

/// Reports both stages; none where the person is not identified.
fn report(
    track: &mut Track,
    assertion: &VerifiedAssertion,
    rules: &RuleList,
    service: &Service,
) -> Option<Resolution> {
    let identified = track.report(Stage::Identified, identity(assertion, rules));
    identified.ok()?;
    let remarks = |resolution: &Resolution| by_friendly_name(resolution, rules, assertion);
    Some(mapped(track, assertion.claims(), rules, service, remarks))
}

fn identity(assertion: &VerifiedAssertion, rules: &RuleList) -> Vec<Finding> {
    let claims = assertion.claims();
    let mut findings = Vec::new();
    let carries = |name: &&str| {
        claims
            .values(name)
            .iter()
            .any(|value| !value.trim().is_empty())
    };
    let under: Option<&str> = claims
        .names()
        .filter(|name| is_email_name(name))
        .find(carries);
    let asked = rules
        .claim_names()
        .into_iter()
        .find(|name| is_email_name(name) && !claims.has(name));
    match (under, asked) {
        (None, _) if !is_email(assertion.subject()) => {
            findings.push(Finding::warning(Fault::SamlEmailMissing {
                present: present(claims),
            }));
        }
        (Some(under), Some(asked)) => {
            findings.push(Finding::warning(Fault::SamlEmailUnderOtherName {
                expected: shown(asked, 200),
                received: shown(under, 200),
            }));
        }
        _ => {}
    }
    if claims.has(GROUPS_LINK) {
        findings.push(Finding::warning(Fault::GroupsLeftOut {
            claim: GROUPS_LINK.to_owned(),
        }));
    }
    findings
}

/// `email`, `mail`, or a longer name that ends in such.
fn is_email_name(name: &str) -> bool {
    let last = name.rsplit(['/', '#', ':']).next().unwrap_or(name);
    EMAIL_OIDS.contains(&name)
        || ["email", "emailaddress", "mail", "e-mail", "email_address"]
            .iter()
            .any(|known| known.eq_ignore_ascii_case(last))
}

fn present(claims: &Claims) -> String {
    if claims.is_empty() {
        "none".to_owned()
    } else {
        listed(claims.names())
    }
}

/// A service may know an attribute by its Name alone.
fn by_friendly_name(
    resolution: &Resolution,
    rules: &RuleList,
    assertion: &VerifiedAssertion,
) -> Vec<Finding> {
    let Some(number) = resolution.rule else {
        return Vec::new();
    };
    let index = number as usize - 1;
    rules
        .0
        .get(index)
        .filter(|rule| assertion.is_friendly_name(&rule.claim))
        .map(|rule| {
            Finding::note(Fault::SamlFriendlyNameMatched {
                rule: number as usize,
                claim: shown(&rule.claim, 200),
            })
            .at(format!("rules[{index}].claim"))
        })
        .into_iter()
        .collect()
}
