//! The rules in the directory's own words: claims and groups that a provider sends otherwise than
//! the directory has them.

use serde::Serialize;
use specta::Type;

use super::GROUPS;
use super::directory::Directory;
use crate::fault::Fault;
use crate::finding::Finding;
use crate::rules::RuleList;
use crate::text::shown;

/// Rules by which a directory can be counted.
#[derive(Clone, Debug)]
pub struct AsHeld {
    /// The same rules in the same order, asking for what the directory has.
    pub rules: RuleList,
    /// What was taken for what.
    pub findings: Vec<Finding>,
    /// The rules whose value is the identifier of a group.
    pub named: Vec<Named>,
}

/// A rule whose value is the identifier of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct Named {
    /// The rule, counted from 1.
    pub rule: u32,
    /// The group's name.
    pub name: String,
}

/// Has the rules ask for what the directory has, where only one thing can be meant: for `groups`
/// where they ask for nothing of that name and the directory has no other claim of theirs; for a
/// group by its name where they have its identifier.
pub fn as_held(rules: &RuleList, directory: &Directory) -> AsHeld {
    let taken = meant(rules, directory);
    let mut rules = rules.clone();
    let mut named = Vec::new();
    for (number, rule) in (1..).zip(&mut rules.0) {
        if let Some((claim, _)) = taken.iter().find(|(_, name)| *name == rule.claim) {
            (*claim).clone_into(&mut rule.claim);
        }
        if let Some(name) = directory.group_called(&rule.claim, &rule.value) {
            name.clone_into(&mut rule.value);
            let name = name.to_owned();
            named.push(Named { rule: number, name });
        }
    }
    AsHeld {
        rules,
        findings: taken.iter().map(told).collect(),
        named,
    }
}

const NAMES_OF_GROUPS: [&str; 5] = [
    "groups",
    "group",
    "memberof",
    "groupnames",
    "edupersonaffiliation",
];
const NAMES_OF_ADDRESS: [&str; 4] = ["email", "emailaddress", "mail", "e-mail"];

/// Each claim of the directory with the name by which the rules mean it: nobody asks for `groups`,
/// the directory has no other claim of that name, and it is a name that providers give to groups. The
/// same for the address.
fn meant(rules: &RuleList, directory: &Directory) -> Vec<(&'static str, String)> {
    let asked = rules.claim_names();
    let mut meant = Vec::new();
    for (claim, names) in [
        (GROUPS, &NAMES_OF_GROUPS[..]),
        ("email", &NAMES_OF_ADDRESS[..]),
    ] {
        if asked.contains(&claim) || !directory.has_claim(claim) {
            continue;
        }
        let is_one = |name: &&&str| {
            let last = name.rsplit(['/', '#', ':']).next().unwrap_or(name);
            names.contains(&&*last.to_ascii_lowercase()) && !directory.has_claim(name)
        };
        let found = asked.iter().filter(is_one);
        meant.extend(found.map(|name| (claim, (*name).to_owned())));
    }
    meant
}

fn told((claim, name): &(&'static str, String)) -> Finding {
    Finding::note(Fault::DirectoryClaimTakenAs {
        claim: (*claim).to_owned(),
        name: shown(name, 200),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::Gathered;
    use crate::people::fixtures::{colleagues, directory, rules};

    #[test]
    fn groups_answer_to_another_name_only_where_nothing_else_can_be_meant() {
        for (list, taken) in [
            (&[("https://torq.io/groups", "Dev")][..], 1),
            (&[("memberOf", "Dev"), ("email", "x")], 1),
            (&[("memberOf", "Dev"), ("groups", "x")], 0),
            (&[("department", "Dev")], 0),
            (
                &[(
                    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
                    "x",
                )],
                1,
            ),
        ] {
            let list = rules(list);
            let held = as_held(&list, &colleagues());
            assert_eq!(held.findings.len(), taken, "{list:?}");
            assert_eq!(held.rules == list, taken == 0, "{list:?}");
        }
    }

    #[test]
    fn a_name_is_taken_for_groups_only_as_long_as_no_rule_asks_for_groups() {
        let directory = colleagues();
        let other = rules(&[("memberOf", "Dev")]);
        assert_eq!(as_held(&other, &directory).rules.0[0].claim, "groups");
        let both = rules(&[("memberOf", "Dev"), ("groups", "SecOps")]);
        assert_eq!(as_held(&both, &directory).rules, both);
    }

    #[test]
    fn a_file_with_the_identifiers_beside_the_names_of_groups_tells_which_is_which() {
        let text = "mail,groups,groupIds\n\
                    ana@acme.example,SecOps;Dev,11-a;22-b\n\
                    bob@acme.example,Dev,22-b;33-c\n";
        let people = directory(text);
        let called = |id| people.group_called("groups", id);
        assert_eq!(
            (called("11-a"), called("22-b")),
            (Some("SecOps"), Some("Dev"))
        );
        // Bob's row has one name for two identifiers: nobody knows whose the second is.
        assert_eq!(called("33-c"), None);
        let held = as_held(&rules(&[("groups", "22-b")]), &people);
        assert_eq!(held.rules.0[0].value, "Dev");
    }

    #[test]
    fn identifiers_alone_are_the_groups() {
        let text = "email,groupIds\nana@acme.example,11-a;22-b\n";
        let people = directory(text);
        assert_eq!(people.values("groups", "", 9).len(), 2);
    }

    #[test]
    fn the_identifier_of_a_group_stands_for_its_name() {
        let mut all = Gathered::default();
        let page = br#"{"totalResults":2,"Resources":[
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"u1","userName":"ana@acme.example"},
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"00gSecOps","displayName":"SecOps",
             "members":[{"value":"u1"}]}]}"#;
        all.page(page).unwrap();
        let directory = all.finish().directory;
        let held = as_held(
            &rules(&[
                ("groups", "00gSecOps"),
                ("email", "00gSecOps"),
                ("groups", "00g"),
            ]),
            &directory,
        );
        let values: Vec<_> = held.rules.0.iter().map(|rule| &*rule.value).collect();
        assert_eq!(values, ["SecOps", "00gSecOps", "00g"]);
        let name = "SecOps".to_owned();
        assert_eq!(held.named, [Named { rule: 1, name }]);
    }
}
