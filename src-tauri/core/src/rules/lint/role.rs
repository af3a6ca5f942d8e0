//! Roles: whether the service has them, and which gives more.

use super::path;
use crate::catalogue::Service;
use crate::fault::Fault;
use crate::finding::Finding;
use crate::rules::Rule;
use crate::rules::compare::lowered;

/// What there is to say about a rule's role. The fallback's name is a role like any other.
pub(super) fn known(index: usize, rule: &Rule, service: &Service) -> Option<Finding> {
    let role = rule.role.as_str();
    if role.trim().is_empty() || rank(role, service).is_some() {
        return None;
    }
    let shown = crate::text::shown(role, 100);
    let finding = if !service.custom_roles {
        Finding::error(Fault::UnknownRole {
            role: shown,
            known: names(service).collect::<Vec<_>>().join(", "),
        })
    } else if let Some(near) = names(service).find(|name| is_misspelling(role, name)) {
        Finding::warning(Fault::RoleSpelling {
            role: shown,
            near: near.to_owned(),
        })
    } else {
        Finding::note(Fault::RoleIsCustom { role: shown })
    };
    Some(finding.at(path(index, "role")))
}

/// How far below the highest role this one stands; the fallback below all. None for a role that is
/// not built in, whose privileges are not known.
pub(super) fn rank(role: &str, service: &Service) -> Option<usize> {
    names(service).position(|name| name == role)
}

/// Whether this role is among the upper quarter of the service's, the highest in any case.
pub(super) fn is_high(role: &str, service: &Service) -> bool {
    let high = (service.roles.len() / 4).max(1);
    rank(role, service).is_some_and(|rank| rank < high)
}

/// The names of all roles, the fallback's last.
pub(in crate::rules) fn names(service: &Service) -> impl Iterator<Item = &str> {
    service
        .roles
        .iter()
        .map(|role| role.name.as_str())
        .chain([service.fallback.as_str()])
}

/// Whether `role` was probably meant as `name`: the same letters, or one slip (two in a long name).
pub(crate) fn is_misspelling(role: &str, name: &str) -> bool {
    let letters =
        |text: &str| -> Vec<char> { lowered(text).filter(|c| c.is_alphanumeric()).collect() };
    // Longer than any slip of the hand: not worth the comparison.
    if role.len() > 4 * name.len() + 8 {
        return false;
    }
    let (role, name) = (letters(role), letters(name));
    let slips = if name.len() < 8 { 1 } else { 2 };
    !name.is_empty() && distance(&role, &name) <= slips
}

/// Insertions, deletions, replacements and swaps of neighbours that lead from one to the other
/// (optimal string alignment).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_near(role: &str, name: &str) -> bool {
        is_misspelling(role, name)
    }

    #[test]
    fn slips_of_the_hand_and_other_capitals_are_near() {
        for (role, name) in [
            ("owner", "Owner"),
            ("Onwer", "Owner"),
            ("Ower", "Owner"),
            ("Contributer", "Contributor"),
            ("cases-analyst", "Cases Analyst"),
            ("InteractOnly", "Interact Only"),
        ] {
            assert!(is_near(role, name), "{role}");
        }
    }

    #[test]
    fn other_words_are_not_near() {
        for (role, name) in [
            ("Editor", "Operator"),
            ("", "Owner"),
            ("Owner", ""),
            ("Reviewer", "Viewer"),
            ("O", "Owner"),
        ] {
            assert!(!is_near(role, name), "{role}");
        }
        assert!(!is_near(&"Owner".repeat(100_000), "Owner"));
    }
}
