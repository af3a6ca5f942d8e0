//! Why each rule decides or does not, for one person.

use serde::Serialize;
use specta::Type;

use super::{NearMiss, Resolution, Rule, RuleList, numbered};
use crate::catalogue::Service;
use crate::claims::Claims;
use crate::fault::Fault;
use crate::text::shown;

/// The most values of a claim that one sentence lists.
const LISTED: usize = 5;

/// Who gets which role, and of every rule why it decides or does not.
#[derive(Clone, Debug, PartialEq, Serialize, Type)]
pub struct Explained {
    /// Who gets which role.
    #[serde(flatten)]
    pub resolution: Resolution,
    /// One entry for each rule, in their order.
    pub why: Vec<Why>,
}

/// Why a rule decides or does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct Why {
    /// The rule, counted from 1.
    pub rule: u32,
    /// Stable code: `decides`, `above_decides`, `unfinished`, `claim_absent`, `claim_empty`,
    /// `claim_is_object`, `value_not_among`, or the code of a near miss.
    pub code: String,
    /// The same in words.
    pub what: String,
}

impl RuleList {
    /// The role of the person with these claims, and of every rule why it decides or does not.
    pub fn explain(&self, claims: &Claims, service: &Service) -> Explained {
        let resolution = self.resolve(claims, service);
        let mut near = resolution.near_misses.iter().peekable();
        let mut also = resolution.also.iter().copied().peekable();
        let why = numbered(&self.0)
            .map(|(number, rule)| {
                let mut misses = std::iter::from_fn(|| near.next_if(|miss| miss.rule == number));
                let miss = misses.next();
                misses.for_each(drop);
                if resolution.rule == Some(number) {
                    return decides(number, rule);
                }
                if also.next_if_eq(&number).is_some() {
                    let above = resolution.rule.unwrap_or_default();
                    return said(number, "above_decides", &Fault::RuleAboveDecides { above });
                }
                match miss {
                    Some(miss) => nearly(miss, rule),
                    None => misses_by_far(number, rule, claims),
                }
            })
            .collect();
        Explained { resolution, why }
    }
}

fn decides(number: u32, rule: &Rule) -> Why {
    let fault = Fault::RuleDecides {
        claim: rule.claim.clone(),
        value: rule.value.clone(),
        role: rule.role.clone(),
    };
    said(number, "decides", &fault)
}

fn nearly(miss: &NearMiss, rule: &Rule) -> Why {
    said(miss.rule, miss.code.code(), &miss.fault(rule))
}

fn misses_by_far(number: u32, rule: &Rule, claims: &Claims) -> Why {
    let claim = shown(&rule.claim, 100);
    if rule.claim.is_empty() || rule.value.is_empty() {
        return said(number, "unfinished", &Fault::RuleUnfinished {});
    }
    if !claims.has(&rule.claim) {
        let present = listed(claims.names(), 20);
        return said(
            number,
            "claim_absent",
            &Fault::RuleClaimAbsent { claim, present },
        );
    }
    let values = claims.values(&rule.claim);
    if values.iter().all(String::is_empty) {
        return said(number, "claim_empty", &Fault::RuleClaimEmpty { claim });
    }
    if values.iter().all(|value| is_object(value)) {
        return said(
            number,
            "claim_is_object",
            &Fault::RuleClaimIsObject { claim },
        );
    }
    let fault = Fault::RuleValueNotAmong {
        claim,
        count: values.len(),
        received: listed(values.iter().map(String::as_str), LISTED),
    };
    said(number, "value_not_among", &fault)
}

fn said(rule: u32, code: &str, fault: &Fault) -> Why {
    Why {
        rule,
        code: code.to_owned(),
        what: fault.words().what,
    }
}

impl NearMiss {
    /// The same as a fault, with the rule that misses.
    pub(crate) fn fault(&self, rule: &Rule) -> Fault {
        Fault::NearMiss {
            rule: self.rule as usize,
            kind: self.code.code().to_owned(),
            expected: format!("{} = {}", rule.claim, rule.value),
            received: format!("{} = {}", self.claim, self.received),
        }
    }
}

fn is_object(value: &str) -> bool {
    value.starts_with('{') && serde_json::from_str::<serde::de::IgnoredAny>(value).is_ok()
}

fn listed<'a>(mut texts: impl Iterator<Item = &'a str>, most: usize) -> String {
    let some: Vec<String> = texts
        .by_ref()
        .take(most)
        .map(|text| shown(text, 60))
        .collect();
    let rest = if texts.next().is_some() { ", …" } else { "" };
    format!("{}{rest}", some.join(", "))
}

#[cfg(test)]
mod tests;
