//! What the fields and the rules say together: values that are each well formed and do not fit.

use std::collections::HashSet;

use crate::catalogue::{Provider, Service};
use crate::connection::{Flow, Protocol};
use crate::fault::Fault;
use crate::finding::Finding;
use crate::rules::lint::is_misspelling;
use crate::set_up::SetUp;

/// Everything that does not go together.
pub(super) fn together(
    set_up: &SetUp,
    service: Option<&Service>,
    provider: Option<&Provider>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    other_protocol(set_up, &mut findings);
    if let Some(provider) = provider {
        groups(set_up, provider, &mut findings);
    }
    if let Some(service) = service.filter(|service| service.one_domain) {
        domains(set_up, service, &mut findings);
    }
    findings
}

/// Fields that the chosen protocol does not read.
fn other_protocol(set_up: &SetUp, findings: &mut Vec<Finding>) {
    let fields = &set_up.connection;
    let filled = match fields.protocol {
        Protocol::Oidc => [
            ("sign_on_url", !fields.sign_on_url.is_empty()),
            ("certificates", !fields.certificates.is_empty()),
            ("audience", fields.audience.is_some()),
            ("request_binding", fields.request_binding.is_some()),
            ("sign_requests", fields.sign_requests.is_some()),
        ],
        Protocol::Saml => [
            ("client_id", !fields.client_id.is_empty()),
            ("scopes", fields.scopes.is_some()),
            ("flow", fields.flow.is_some()),
            ("login_hint", fields.login_hint.is_some()),
            (
                "client_secret_expires",
                fields.client_secret_expires.is_some(),
            ),
        ],
    };
    let protocol = fields.protocol.name().to_owned();
    for (name, _) in filled.into_iter().filter(|(_, filled)| *filled) {
        let path = format!("connection.{name}");
        let fault = Fault::FieldOfOtherProtocol {
            protocol: protocol.clone(),
        };
        findings.push(Finding::note(fault).at(path));
    }
}

/// Rules on groups that cannot arrive, or arrive as something else.
fn groups(set_up: &SetUp, provider: &Provider, findings: &mut Vec<Finding>) {
    let fields = &set_up.connection;
    let rules = &set_up.rules.0;
    let name = || provider.name.clone();
    let (groups_claim, are_ids) = match (fields.protocol, &provider.oidc, &provider.saml) {
        (Protocol::Oidc, Some(guide), _) => (&guide.groups_claim, guide.groups_are_ids),
        (Protocol::Saml, _, Some(guide)) => (&guide.groups_claim, guide.groups_are_ids),
        _ => return,
    };
    let on_groups = |claim: &str| !groups_claim.is_empty() && claim == groups_claim;
    claims(set_up, groups_claim, findings);
    if let Some(guide) = provider
        .oidc
        .as_ref()
        .filter(|_| fields.protocol == Protocol::Oidc)
    {
        let flow = fields.flow.unwrap_or(guide.flow);
        if let Some(from) = guide.implicit_drops_groups_from
            && flow == Flow::Implicit
            && rules.iter().any(|rule| on_groups(&rule.claim))
        {
            let provider = name();
            let fault = Fault::ImplicitFlowDropsGroups { provider, from };
            findings.push(Finding::warning(fault).at("connection.flow"));
        }
        let asked = fields.scopes.as_ref().unwrap_or(&guide.scopes);
        if rules.iter().any(|rule| on_groups(&rule.claim))
            && guide.scopes.contains(groups_claim)
            && !asked.contains(groups_claim)
            // Without it nothing else about them matters yet.
            && asked.iter().any(|scope| scope == "openid")
        {
            let scope = groups_claim.clone();
            let fault = Fault::ScopeForGroupsMissing {
                scope,
                provider: name(),
            };
            findings.push(Finding::warning(fault).at("connection.scopes"));
        }
        for (index, rule) in rules.iter().enumerate() {
            if !guide.dropped_claims.contains(&rule.claim) {
                continue;
            }
            let (claim, provider) = (rule.claim.clone(), name());
            let of_groups = groups_claim.rsplit('/').next() == Some(&claim);
            let fault = if groups_claim.is_empty() || !of_groups {
                Fault::ClaimNeverArrives { claim, provider }
            } else {
                Fault::ClaimHasOtherName {
                    claim,
                    provider,
                    expected: groups_claim.clone(),
                }
            };
            findings.push(Finding::warning(fault).at(format!("rules[{index}].claim")));
        }
    }
    if !are_ids {
        return;
    }
    let named = rules
        .iter()
        .position(|rule| on_groups(&rule.claim) && !crate::text::is_guid(rule.value.trim()));
    if let Some(index) = named {
        let fault = Fault::GroupsArriveAsIds { provider: name() };
        findings.push(Finding::note(fault).at(format!("rules[{index}].value")));
    }
}

/// Claims that are almost one of the usual ones, and are not sent under that name. Each is said once.
fn claims(set_up: &SetUp, groups_claim: &str, findings: &mut Vec<Finding>) {
    let usual = ["email", groups_claim];
    let mut seen = HashSet::new();
    for (index, rule) in set_up.rules.0.iter().enumerate() {
        let claim = rule.claim.trim();
        if usual.contains(&claim) || !seen.insert(claim) {
            continue;
        }
        // A name of a namespace is almost another of one, and a short name of a short one.
        let is_long = |name: &str| name.contains(['/', ':']);
        let Some(near) = usual
            .into_iter()
            .find(|near| is_long(near) == is_long(claim) && is_misspelling(claim, near))
        else {
            continue;
        };
        let fault = Fault::ClaimSpelling {
            claim: crate::text::shown(claim, 100),
            near: near.to_owned(),
        };
        // Other letters may be another claim; other capitals hardly are.
        let finding = if claim.eq_ignore_ascii_case(near) {
            Finding::warning(fault)
        } else {
            Finding::note(fault)
        };
        findings.push(finding.at(format!("rules[{index}].claim")));
    }
}

/// Rules on addresses of other domains than the Owner's, the first of each.
fn domains(set_up: &SetUp, service: &Service, findings: &mut Vec<Finding>) {
    let owner = set_up.workspace.owner_email.trim();
    let Some(own) = domain(owner).filter(|_| crate::text::is_email(owner)) else {
        return;
    };
    let mut seen = vec![own.clone()];
    for (index, rule) in set_up.rules.0.iter().enumerate() {
        if rule.claim != "email" {
            continue;
        }
        let Some(other) = domain(&rule.value).filter(|other| !seen.contains(other)) else {
            continue;
        };
        seen.push(other.clone());
        let fault = Fault::RuleOfOtherDomain {
            domain: crate::text::shown(&other, 100),
            own: crate::text::shown(&own, 100),
            service: service.name.clone(),
        };
        findings.push(Finding::note(fault).at(format!("rules[{index}].value")));
        if seen.len() > MOST_DOMAINS {
            return;
        }
    }
}

/// The most domains that are told apart.
const MOST_DOMAINS: usize = 20;

fn domain(email: &str) -> Option<String> {
    let (local, domain) = email.trim().rsplit_once('@')?;
    (!local.is_empty() && domain.contains('.')).then(|| domain.to_ascii_lowercase())
}
