//! Values whose shape says that something else was meant.

use super::path;
use super::role::is_high;
use crate::catalogue::Service;
use crate::fault::Fault;
use crate::finding::Finding;
use crate::rules::Rule;
use crate::rules::compare::{SEPARATORS, is_guid, parts};
use crate::rules::dn::Dn;
use crate::text::shown;

/// What the shape of a rule's value says.
pub(super) fn shape(index: usize, rule: &Rule, service: &Service) -> Vec<Finding> {
    let value = rule.value.trim();
    let mut findings = Vec::new();
    if stands_for_everyone(value) && is_high(&rule.role, service) {
        findings.push(Finding::warning(Fault::RuleTooBroad {
            value: value.to_owned(),
            role: rule.role.clone(),
        }));
    }
    if is_pattern(value) {
        findings.push(Finding::warning(Fault::RuleValueIsPattern {
            value: shown(value, 100),
        }));
    }
    let on_email = super::EMAIL_CLAIMS.contains(&rule.claim.as_str());
    if on_email && !value.is_empty() && !is_pattern(value) && !is_whole_address(value) {
        findings.push(Finding::warning(Fault::RuleEmailIsNoAddress {
            value: shown(value, 100),
        }));
    }
    if is_guid(value) {
        findings.push(Finding::note(Fault::RuleValueIsObjectId {}));
    } else if let Some(dn) = value.parse::<Dn>().ok().filter(Dn::is_entry) {
        let name = shown(dn.short_names().next().unwrap_or_default(), 100);
        findings.push(Finding::note(Fault::RuleValueIsDn { name }));
    } else if let Some((separator, count)) = joined(value) {
        let separator = separator.to_string();
        findings.push(Finding::note(Fault::RuleValueIsJoined { separator, count }));
    }
    findings
        .into_iter()
        .map(|finding| finding.at(path(index, "value")))
        .collect()
}

/// Whether this has a name before the `@` and a host behind it; more is for the provider to say.
fn is_whole_address(value: &str) -> bool {
    value
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
}

/// Groups in which a provider keeps everybody (Okta's `Everyone`, Active Directory's `Domain Users`),
/// and the patterns that would match anything if values were patterns.
pub(super) fn stands_for_everyone(value: &str) -> bool {
    const EVERYONE: [&str; 14] = [
        "everyone",
        "everybody",
        "all",
        "all users",
        "all-users",
        "all_users",
        "allusers",
        "all employees",
        "all staff",
        "domain users",
        "authenticated users",
        "users",
        "*",
        ".*",
    ];
    let lower = value.to_lowercase();
    let bare = lower
        .trim_start_matches('^')
        .trim_end_matches('$')
        .trim_end_matches('+');
    EVERYONE.contains(&bare)
}

/// Whether this was written as if values were patterns: with `*` at an end, `.*` or `.+`, or anchored.
pub(super) fn is_pattern(value: &str) -> bool {
    value.ends_with('*')
        || value.starts_with('*')
        || value.contains(".*")
        || value.contains(".+")
        || (value.starts_with('^') && value.ends_with('$'))
}

/// The separator that joins several values, and how many there are.
fn joined(value: &str) -> Option<(char, usize)> {
    if let Ok(list) = serde_json::from_str::<Vec<String>>(value) {
        return Some((',', list.len()));
    }
    SEPARATORS
        .into_iter()
        .map(|separator| (separator, parts(value, separator).count()))
        .find(|(separator, count)| *count > 1 && value.contains(*separator))
}
