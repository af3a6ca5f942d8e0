//! The last stage, `mapped`: which role the rules give, whichever protocol brought the claims.

use sha2::{Digest, Sha256};

use crate::catalogue::Service;
use crate::claims::Claims;
use crate::fault::Fault;
use crate::finding::Finding;
use crate::rules::{NearMiss, Resolution, RuleList};
use crate::verdict::{Signer, Stage, Track, Verdict};

/// The most claim names that a finding lists.
const LISTED: usize = 20;

/// Reports the last stage: the role that the rules give. `remarks` may add what only the protocol
/// knows about the rules that matched.
pub(crate) fn mapped(
    track: &mut Track,
    claims: &Claims,
    rules: &RuleList,
    service: &Service,
    remarks: impl FnOnce(&Resolution) -> Vec<Finding>,
) -> Resolution {
    let resolution = rules.resolve(claims, service);
    let mut findings = decided(&resolution, rules, claims);
    findings.extend(remarks(&resolution));
    let _ = track.report(Stage::Mapped, findings);
    resolution
}

/// The verdict on a person whose every stage up to `identified` has passed.
pub(crate) fn verdict(
    track: Track,
    subject: &str,
    signed_by: Signer,
    claims: Claims,
    answer: String,
    resolution: Resolution,
) -> Verdict {
    Verdict {
        verified: true,
        stages: track.finish(),
        subject: Some(subject.to_owned()),
        signed_by: Some(signed_by),
        claims,
        answer: Some(answer),
        role: Some(resolution.role.clone()),
        rule: resolution.rule,
        resolution: Some(resolution),
    }
}

/// A name for an answer that is the same whenever the same answer comes again, and tells nothing of
/// it: SHA-256 in hexadecimal.
pub(crate) fn answer_mark(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        // Lengths first, so that no two lists run together into the same bytes.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The names, as many as a sentence can hold.
pub(crate) fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.take(LISTED).collect();
    crate::text::shown(&names.join(", "), 500)
}

/// What is said where no rule decided.
pub(crate) fn decided(resolution: &Resolution, rules: &RuleList, claims: &Claims) -> Vec<Finding> {
    if resolution.rule.is_some() {
        return Vec::new();
    }
    let mut findings = vec![Finding::error(Fault::NoRuleMatched {
        fallback: resolution.role.clone(),
        rules: rules.0.len(),
    })];
    findings.extend(
        resolution
            .near_misses
            .iter()
            .filter_map(|miss| near(miss, rules)),
    );
    findings.extend(
        rules
            .claim_names()
            .into_iter()
            .filter(|name| !claims.has(name))
            .map(|name| {
                Finding::warning(Fault::RuleClaimAbsent {
                    claim: name.to_owned(),
                    present: listed(claims.names()),
                })
            }),
    );
    findings
}

fn near(miss: &NearMiss, rules: &RuleList) -> Option<Finding> {
    let index = miss.rule as usize - 1;
    let fault = miss.fault(rules.0.get(index)?);
    Some(Finding::warning(fault).at(format!("rules[{index}].value")))
}
