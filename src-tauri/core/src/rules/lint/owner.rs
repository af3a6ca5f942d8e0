//! The rule that keeps the Owner in: `email`, the Owner's address, the highest role.

use super::{is_misspelling, path};
use crate::catalogue::Service;
use crate::fault::Fault;
use crate::finding::Finding;
use crate::rules::{Rule, RuleList};

/// What is wrong with the Owner's rule. That the Owner gets the role is proved by a sign-in, not here.
pub(super) fn rule(rules: &RuleList, service: &Service, owner_email: &str) -> Vec<Finding> {
    // A missing address is a finding of its own; without roles there is nothing to give.
    let Some(highest) = service.highest_role().filter(|_| !owner_email.is_empty()) else {
        return Vec::new();
    };
    let on_email = || rules.by_address();
    let Some((index, rule)) = rules.of_address(owner_email) else {
        let twin =
            on_email().find(|(_, rule)| rule.value.to_lowercase() == owner_email.to_lowercase());
        return vec![match twin {
            Some((index, rule)) => Finding::warning(Fault::OwnerRuleCaseDiffers {
                value: rule.value.clone(),
                owner_email: owner_email.to_owned(),
            })
            .at(path(index, "value")),
            None => missing(rules, on_email(), owner_email, highest),
        }];
    };
    let mut findings = Vec::new();
    if rule.role != highest {
        let fault = Fault::OwnerRuleNotHighest {
            role: crate::text::shown(&rule.role, 100),
            highest: highest.to_owned(),
        };
        findings.push(Finding::warning(fault).at(path(index, "role")));
    }
    if index > 0 {
        let fault = Fault::OwnerRuleNotFirst { rule: index + 1 };
        findings.push(Finding::note(fault).at(format!("rules[{index}]")));
    }
    findings
}

/// No rule is for the Owner's address. One for another may stand in its place, or one whose claim is
/// called otherwise: it is named where it is nearly that rule.
fn missing<'a>(
    rules: &RuleList,
    mut on_email: impl Iterator<Item = (usize, &'a Rule)>,
    owner_email: &str,
    highest: &str,
) -> Finding {
    let role = highest.to_owned();
    let Some((index, rule)) = on_email.find(|(_, rule)| rule.role == highest) else {
        let mut others = rules.0.iter();
        let claim = others.position(|rule| rule.value.eq_ignore_ascii_case(owner_email));
        let path = claim.map_or_else(|| "rules".to_owned(), |index| path(index, "claim"));
        let owner_email = owner_email.to_owned();
        return Finding::warning(Fault::OwnerRuleMissing { owner_email, role }).at(path);
    };
    let local = |address: &str| address.split('@').next().map(str::to_lowercase);
    let nearly =
        local(&rule.value) == local(owner_email) || is_misspelling(&rule.value, owner_email);
    let fault = Fault::OwnerRuleOfAnother {
        rule: index + 1,
        value: crate::text::shown(&rule.value, 100),
        owner_email: owner_email.to_owned(),
        role,
    };
    // The first rule is where the Owner's stands.
    Finding::warning(fault).at(match nearly || index == 0 {
        true => path(index, "value"),
        false => "rules".to_owned(),
    })
}

/// The address's own claim, and the name under which SAML providers of the WS-Federation family send it.
pub const EMAIL_CLAIMS: [&str; 2] = [
    "email",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
];

impl Rule {
    /// The rule that keeps the Owner in, as it is recommended: by the address alone, whatever groups
    /// arrive. None without an address, or at a service without roles.
    pub fn for_owner(service: &Service, owner_email: &str) -> Option<Self> {
        let owner = owner_email.trim();
        let role = service.highest_role().filter(|_| !owner.is_empty())?;
        Some(Self {
            claim: EMAIL_CLAIMS[0].to_owned(),
            value: owner.to_owned(),
            role: role.to_owned(),
        })
    }
}

impl RuleList {
    /// The rule that decides by this address alone, and its place, counted from 0.
    pub fn of_address(&self, email: &str) -> Option<(usize, &Rule)> {
        self.by_address().find(|(_, rule)| rule.value == email)
    }

    fn by_address(&self) -> impl Iterator<Item = (usize, &Rule)> {
        let rules = self.0.iter().enumerate();
        rules.filter(|(_, rule)| EMAIL_CLAIMS.contains(&rule.claim.as_str()))
    }
}
