//! What differs between two set-ups, in the fields of the form and the rules of the list.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::certificate;
use crate::connection::Protocol;
use crate::rules::{Rule, RuleList};
use crate::set_up::{ConnectionFields, ServiceChoice, SetUp, Workspace};

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    /// A field has another value; empty where it had or has none.
    Field {
        /// Its path in the set-up.
        path: String,
        /// What it was.
        before: String,
        /// What it is.
        after: String,
    },
    /// Another secret, or one came or went. Its value is known to nobody here.
    Secret {
        /// Its path in the set-up: `connection.client_secret` or `connection.key_pair`.
        path: String,
    },
    /// A rule came.
    RuleAdded {
        /// Its place in the later list, counted from 1.
        at: u32,
        /// The rule.
        rule: Rule,
    },
    /// A rule went.
    RuleRemoved {
        /// Its place in the earlier list, counted from 1.
        at: u32,
        /// The rule.
        rule: Rule,
    },
    /// A rule stands at another place among those that stayed.
    RuleMoved {
        /// Its place in the earlier list, counted from 1.
        from: u32,
        /// Its place in the later list, counted from 1.
        to: u32,
        /// The rule.
        rule: Rule,
    },
}

/// A set-up with the mark of the secret behind it, which changes whenever the secret does.
pub type Marked<'a> = (&'a SetUp, Option<&'a str>);

/// Everything in which `after` differs from `before`, secrets included: only that they differ.
///
/// Where the protocol differs, so does the kind of the secret, and the protocol says it all.
pub fn between_marked(before: Marked<'_>, after: Marked<'_>) -> Vec<Change> {
    let ((old, old_mark), (new, new_mark)) = (before, after);
    let mut changes = between(old, new);
    let protocol = new.connection.protocol;
    if old.connection.protocol == protocol && old_mark != new_mark {
        let path = match protocol {
            Protocol::Oidc => "connection.client_secret",
            Protocol::Saml => "connection.key_pair",
        };
        // In front of the rules, with the other fields.
        let at = changes
            .iter()
            .take_while(|change| matches!(change, Change::Field { .. }))
            .count();
        let path = path.to_owned();
        changes.insert(at, Change::Secret { path });
    }
    changes
}

/// Everything in which `after` differs from `before`.
pub fn between(before: &SetUp, after: &SetUp) -> Vec<Change> {
    let (old, new) = (fields(before), fields(after));
    let mut changes: Vec<Change> = old
        .into_iter()
        .zip(new)
        .filter(|((_, before), (_, after))| before != after)
        .map(|((path, before), (_, after))| Change::Field {
            path: path.to_owned(),
            before,
            after,
        })
        .collect();
    changes.extend(of_rules(&before.rules, &after.rules));
    changes
}

/// Every field with its value as people read it, in the order of the form. Taken apart without a
/// rest, so that a field that comes to the form cannot be left out here.
fn fields(set_up: &SetUp) -> [(&'static str, String); 18] {
    let Workspace {
        service,
        name,
        region,
        owner_email,
    } = &set_up.workspace;
    let ConnectionFields {
        protocol,
        provider,
        issuer,
        client_id,
        client_secret_expires,
        scopes,
        flow,
        login_hint,
        sign_on_url,
        request_binding,
        sign_requests,
        certificates,
        login_redirect_url,
        audience,
    } = &set_up.connection;
    let service = match service {
        ServiceChoice::BuiltIn(id) => id.clone(),
        ServiceChoice::Described(service) => format!(
            "{}, {}, {}, {}, {}",
            service.name,
            service.login_redirect_url,
            service.audience,
            service.roles.join(", "),
            service.fallback
        ),
    };
    let given = |text: &Option<String>| text.clone().unwrap_or_default();
    let switch = |on: &Option<bool>| on.map(|on| on.to_string()).unwrap_or_default();
    let flow = flow.map(|flow| flow.response_type().to_owned());
    let binding = request_binding.map(|binding| binding.name().to_owned());
    let scopes = scopes.as_ref().map(|scopes| scopes.join(" "));
    [
        ("workspace.service", service),
        ("workspace.name", name.clone()),
        ("workspace.region", region.clone()),
        ("workspace.owner_email", owner_email.clone()),
        ("connection.protocol", protocol.name().to_owned()),
        ("connection.provider", provider.clone()),
        ("connection.issuer", issuer.clone()),
        ("connection.client_id", client_id.clone()),
        (
            "connection.client_secret_expires",
            given(client_secret_expires),
        ),
        ("connection.scopes", given(&scopes)),
        ("connection.flow", given(&flow)),
        ("connection.login_hint", switch(login_hint)),
        ("connection.sign_on_url", sign_on_url.clone()),
        ("connection.request_binding", given(&binding)),
        ("connection.sign_requests", switch(sign_requests)),
        ("connection.certificates", fingerprints(certificates)),
        ("connection.login_redirect_url", given(login_redirect_url)),
        ("connection.audience", given(audience)),
    ]
}

/// Certificates by their fingerprints: their text says nothing to people.
fn fingerprints(texts: &[String]) -> String {
    let named = texts.iter().flat_map(|text| {
        let read = certificate::read(text.as_bytes()).certificates;
        let names: Vec<String> = read.iter().map(|one| one.sha256().to_owned()).collect();
        if names.is_empty() {
            vec![crate::text::shown(text, 60)]
        } else {
            names
        }
    });
    named.collect::<Vec<_>>().join(", ")
}

fn of_rules(before: &RuleList, after: &RuleList) -> Vec<Change> {
    let (old, new) = (&before.0, &after.0);
    // Each rule of the later list takes the first equal one of the earlier list that is free.
    let mut taken = vec![false; old.len()];
    let partner: Vec<Option<usize>> = new
        .iter()
        .map(|rule| {
            let found = (0..old.len()).find(|&at| !taken[at] && old[at] == *rule)?;
            taken[found] = true;
            Some(found)
        })
        .collect();
    let mut changes: Vec<Change> = (0..old.len())
        .filter(|&at| !taken[at])
        .map(|at| Change::RuleRemoved {
            at: number(at),
            rule: old[at].clone(),
        })
        .collect();
    let stayed = longest_rising(&partner.iter().copied().flatten().collect::<Vec<_>>());
    for (at, rule) in new.iter().enumerate() {
        let rule = rule.clone();
        match partner[at] {
            None => changes.push(Change::RuleAdded {
                at: number(at),
                rule,
            }),
            Some(from) if !stayed.contains(&from) => changes.push(Change::RuleMoved {
                from: number(from),
                to: number(at),
                rule,
            }),
            Some(_) => {}
        }
    }
    changes
}

/// The most numbers that can stay where they are: a longest rising subsequence.
fn longest_rising(numbers: &[usize]) -> Vec<usize> {
    // tails[n] is where the lowest end of a rising run of n + 1 numbers stands.
    let mut tails: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; numbers.len()];
    for (at, &value) in numbers.iter().enumerate() {
        let length = tails.partition_point(|&tail| numbers[tail] < value);
        before[at] = length.checked_sub(1).map(|shorter| tails[shorter]);
        match tails.get_mut(length) {
            Some(tail) => *tail = at,
            None => tails.push(at),
        }
    }
    let mut rising = Vec::with_capacity(tails.len());
    let mut at = tails.last().copied();
    while let Some(here) = at {
        rising.push(numbers[here]);
        at = before[here];
    }
    rising.reverse();
    rising
}

fn number(at: usize) -> u32 {
    u32::try_from(at + 1).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rules(values: &[&str]) -> SetUp {
        let rule = |value: &&str| Rule {
            claim: "groups".into(),
            value: (*value).into(),
            role: "Viewer".into(),
        };
        SetUp {
            rules: RuleList(values.iter().map(rule).collect()),
            ..SetUp::default()
        }
    }

    fn told(before: &[&str], after: &[&str]) -> Vec<String> {
        between(&rules(before), &rules(after))
            .into_iter()
            .map(|change| match change {
                Change::RuleAdded { at, rule } => format!("+{} at {at}", rule.value),
                Change::RuleRemoved { at, rule } => format!("-{} at {at}", rule.value),
                Change::RuleMoved { from, to, rule } => format!("{} {from}->{to}", rule.value),
                Change::Field { path, .. } | Change::Secret { path } => path,
            })
            .collect()
    }

    #[test]
    fn equal_set_ups_have_no_difference() {
        assert_eq!(told(&["a", "b"], &["a", "b"]), Vec::<String>::new());
    }

    #[test]
    fn one_rule_that_is_moved_is_one_difference() {
        assert_eq!(
            told(&["a", "b", "c", "d"], &["b", "c", "d", "a"]),
            ["a 1->4"]
        );
        assert_eq!(
            told(&["a", "b", "c", "d"], &["a", "d", "b", "c"]),
            ["d 4->2"]
        );
    }

    #[test]
    fn a_rule_that_is_edited_went_and_came() {
        assert_eq!(told(&["a", "b"], &["a", "B"]), ["-b at 2", "+B at 2"]);
    }

    #[test]
    fn rules_that_shift_because_another_came_are_no_difference() {
        assert_eq!(told(&["a", "b"], &["x", "a", "b"]), ["+x at 1"]);
        assert_eq!(told(&["a", "a"], &["a"]), ["-a at 2"]);
    }

    #[test]
    fn a_field_is_told_with_both_values() {
        let (before, mut after) = (SetUp::default(), SetUp::default());
        after.connection.issuer = "https://acme.okta.com".into();
        assert_eq!(
            between(&before, &after),
            [Change::Field {
                path: "connection.issuer".into(),
                before: String::new(),
                after: "https://acme.okta.com".into()
            }]
        );
    }

    #[test]
    fn another_secret_is_told_without_its_mark_and_before_the_rules() {
        let (before, after) = (rules(&["a"]), rules(&["b"]));
        let told = |one, other| between_marked((&before, one), (&after, other));
        let secret = Change::Secret {
            path: "connection.client_secret".into(),
        };
        for (one, other) in [
            (None, Some("m1")),
            (Some("m1"), Some("m2")),
            (Some("m1"), None),
        ] {
            assert_eq!(told(one, other).first(), Some(&secret), "{one:?} {other:?}");
        }
        assert!(!told(Some("m1"), Some("m1")).contains(&secret));
        assert!(!format!("{:?}", told(Some("m1"), Some("m2"))).contains("m2"));
    }

    #[test]
    fn the_last_day_of_the_client_secret_is_a_field_like_any_other() {
        let (before, mut after) = (SetUp::default(), SetUp::default());
        after.connection.client_secret_expires = Some("2027-01-31".into());
        let changes = between(&before, &after);
        assert!(
            matches!(&changes[..], [Change::Field { path, .. }] if path == "connection.client_secret_expires")
        );
    }

    proptest! {
        #[test]
        fn no_difference_is_told_exactly_where_there_is_none(
            before in prop::collection::vec(0..4_u8, 0..7),
            after in prop::collection::vec(0..4_u8, 0..7),
        ) {
            let names = ["a", "b", "c", "d"];
            let named = |numbers: &[u8]| numbers.iter().map(|n| names[usize::from(*n)]).collect::<Vec<_>>();
            let told = told(&named(&before), &named(&after));
            prop_assert_eq!(told.is_empty(), before == after);
        }
    }
}
