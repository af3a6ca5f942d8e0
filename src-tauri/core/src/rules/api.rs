//! The rules as a script for the service's own interface, where it has one that takes them.
//!
//! Torq's: `POST sso/claim_mappings` adds a rule behind those that are there; `GET` lists them
//! (developers.torq.io, read on 2026-11-22). Nothing else of the set-up can be sent there.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::json;

use super::RuleList;
use crate::catalogue::{Region, Service};
use crate::text::shown;

/// The longest name in a comment, in characters.
const NAME: usize = 100;

/// The script for a POSIX shell with curl; none where no interface of the service is known in this
/// region. No secret is in it: it takes the token and the roles' IDs from the environment.
pub fn script(
    rules: &RuleList,
    service: &Service,
    region: &Region,
    workspace: &str,
) -> Option<String> {
    let base = region.api_url.as_deref()?;
    let name = shown(&service.name, NAME);
    // By number: a role's name is no name of a variable.
    let mut roles: BTreeMap<&str, usize> = BTreeMap::new();
    let mut in_order = Vec::new();
    for rule in &rules.0 {
        roles.entry(&rule.role).or_insert_with(|| {
            in_order.push(rule.role.as_str());
            in_order.len()
        });
    }
    let mut text = format!(
        "#!/bin/sh\n\
         # The claim rules of {}, in their order, for {name}: the first match wins.\n\
         # All other values are entered at {name} by hand; its interface does not take them.\n\
         #\n\
         # Without --append it lists the rules that are there and changes nothing. New rules come behind them.\n\
         # From the environment:\n\
         #   TOKEN   a bearer token of {name} that may manage single sign-on\n",
        shown(workspace, NAME)
    );
    for (index, role) in in_order.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "#   ROLE_{}  the ID of the role {}, from users/roles",
            index + 1,
            shown(role, NAME)
        );
    }
    let _ = write!(
        text,
        "set -eu\n\
         api=${{API:-{}}}\n\
         : \"${{TOKEN:?is expected; the comment above says more}}\"\n\n\
         # The token goes to curl by its standard input: the list of processes shows arguments.\n\
         call() {{\n\
         \x20 printf 'header = \"Authorization: Bearer %s\"\\n' \"$TOKEN\" |\n\
         \x20   curl --config - --silent --show-error --fail-with-body --request \"$1\" \"$api/$2\" \\\n\
         \x20     --header 'Content-Type: application/json' ${{3:+--data \"$3\"}}\n\
         \x20 echo\n\
         }}\n\n\
         if [ \"${{1-}}\" != --append ]; then\n\
         \x20 call GET sso/claim_mappings\n\
         \x20 call GET users/roles\n\
         \x20 exit\n\
         fi\n",
        quoted(base)
    );
    for index in 1..=in_order.len() {
        let _ = writeln!(
            text,
            ": \"${{ROLE_{index}:?is expected; the comment above says more}}\""
        );
    }
    for rule in &rules.0 {
        let of_rule = json!({ "claim_name": rule.claim, "claim_value": rule.value });
        // An object, without the brace that closes it.
        let of_rule = of_rule.to_string();
        let open = of_rule.trim_end_matches('}');
        let number = roles[rule.role.as_str()];
        let _ = writeln!(
            text,
            "call POST sso/claim_mappings {}\"$ROLE_{number}\"{}",
            quoted(&format!("{open},\"role_id\":\"")),
            quoted("\"}")
        );
    }
    Some(text)
}

/// A text as a shell takes it for itself.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::rules::Rule;

    fn rule(claim: &str, value: &str, role: &str) -> Rule {
        Rule {
            claim: claim.to_owned(),
            value: value.to_owned(),
            role: role.to_owned(),
        }
    }

    fn of(region: &str, rules: Vec<Rule>, workspace: &str) -> Option<String> {
        let service = Catalogue::built_in().service("torq").unwrap();
        script(
            &RuleList(rules),
            service,
            service.region(region).unwrap(),
            workspace,
        )
    }

    #[test]
    fn each_rule_is_added_in_its_order_with_the_id_of_its_role() {
        let rules = vec![
            rule("email", "olivia@acme.example", "Owner"),
            rule("groups", "SecOps", "Contributor"),
            rule("groups", "Admins", "Owner"),
        ];
        let text = of("eu", rules, "Acme").unwrap();
        let calls: Vec<_> = text
            .lines()
            .filter(|line| line.contains("POST sso"))
            .collect();
        assert_eq!(
            calls,
            [
                r#"call POST sso/claim_mappings '{"claim_name":"email","claim_value":"olivia@acme.example","role_id":"'"$ROLE_1"'"}'"#,
                r#"call POST sso/claim_mappings '{"claim_name":"groups","claim_value":"SecOps","role_id":"'"$ROLE_2"'"}'"#,
                r#"call POST sso/claim_mappings '{"claim_name":"groups","claim_value":"Admins","role_id":"'"$ROLE_1"'"}'"#,
            ]
        );
        assert!(text.contains("api=${API:-'https://api.eu.torq.io/public/v1alpha'}"));
        assert!(text.contains("ROLE_2  the ID of the role Contributor"));
    }

    #[test]
    fn no_name_leaves_its_comment() {
        let rules = vec![rule("groups", "a\nb", "x\nrm -rf /")];
        let text = of("us", rules, "Acme\ntouch here").unwrap();
        for line in text.lines() {
            assert!(
                !line.starts_with("rm") && !line.starts_with("touch"),
                "{line}"
            );
        }
    }

    #[test]
    fn where_no_interface_is_known_there_is_no_script() {
        assert_eq!(
            of("jp", vec![rule("groups", "SecOps", "Owner")], "Acme"),
            None
        );
    }
}
