//! The set-up as Terraform takes it: the application at the provider, or the service's own side.
//!
//! Each side is a template in `terraform/`, with `<names>` for its values. Resources and arguments
//! are those of the providers' documentation (registry.terraform.io, read on 2026-11-23): okta/okta,
//! hashicorp/azuread, auth0/auth0, keycloak/keycloak, hashicorp/google.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::catalogue::{Catalogue, Give, Service};
use crate::connection::{Flow, Protocol};
use crate::set_up::SetUp;
use crate::text::shown;

/// The longest name in a comment, in characters.
const NAME: usize = 100;

/// The longest part of a name that Google Identity Platform takes from the workspace's, in bytes.
const SLUG: usize = 20;

/// Whose side is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The application at the provider; the service's side where no resources are known for that.
    Provider,
    /// The connection at the service, where that rests on Google Identity Platform.
    Service,
}

/// A template, and whose provider of resources it needs.
struct Template {
    /// The name within the configuration.
    local: &'static str,
    /// Where the registry has it.
    source: &'static str,
    text: &'static str,
}

/// The configuration. No secret is in it. A line whose value is not known yet is left out.
pub fn configuration(
    set_up: &SetUp,
    service: &Service,
    catalogue: &Catalogue,
    side: Side,
) -> String {
    let protocol = set_up.connection.protocol;
    let at_provider =
        at_provider(&set_up.connection.provider, protocol).filter(|_| side == Side::Provider);
    let mut text = head(set_up, service, catalogue, at_provider.is_some(), side);
    let template = at_provider.unwrap_or_else(|| at_service(protocol));
    // Writing to a String cannot fail.
    let _ = write!(
        text,
        "terraform {{\n\
         \x20 required_providers {{\n\
         \x20   {} = {{\n\
         \x20     source = {}\n\
         \x20   }}\n\
         \x20 }}\n\
         }}\n\n",
        template.local,
        quoted(template.source)
    );
    Values::of(set_up, service, catalogue).fill(template.text, &mut text);
    locals(set_up, service, &mut text);
    text
}

/// What the reader has to know first.
fn head(
    set_up: &SetUp,
    service: &Service,
    catalogue: &Catalogue,
    at_provider: bool,
    side: Side,
) -> String {
    let id = &set_up.connection.provider;
    let provider = catalogue.provider(id).map_or(&**id, |one| &*one.name);
    let (provider, service) = (shown(provider, NAME), shown(&service.name, NAME));
    let workspace = shown(set_up.workspace.name.trim(), NAME);
    let protocol = set_up.connection.protocol.name();
    let mut text =
        format!("# {workspace}: {service} with {provider} by {protocol}. No secret is in it.\n");
    text.push_str(&match (at_provider, side) {
        (true, _) => format!(
            "# The application at {provider}. What it puts out belongs into the set-up.\n"
        ),
        (false, Side::Service) => String::new(),
        (false, Side::Provider) => format!(
            "# For an application at {provider} by {protocol} no resources are known here; --as checklist writes its \
             values for a person.\n"
        ),
    });
    if !at_provider {
        let _ = writeln!(
            text,
            "# The service's side, for whoever runs it on Google Identity Platform. That {service} rests on it is not \
             said by {service}:\n# its customers enter these values in its own form."
        );
    }
    text.push('\n');
    text
}

/// The application at the provider, where resources for it are known.
fn at_provider(provider: &str, protocol: Protocol) -> Option<Template> {
    let (local, source, text) = match (provider, protocol) {
        ("okta", Protocol::Oidc) => (
            "okta",
            "okta/okta",
            include_str!("../terraform/okta-oidc.tf"),
        ),
        ("okta", Protocol::Saml) => (
            "okta",
            "okta/okta",
            include_str!("../terraform/okta-saml.tf"),
        ),
        ("entra", Protocol::Oidc) => (
            "azuread",
            "hashicorp/azuread",
            include_str!("../terraform/entra-oidc.tf"),
        ),
        ("auth0", Protocol::Oidc) => (
            "auth0",
            "auth0/auth0",
            include_str!("../terraform/auth0-oidc.tf"),
        ),
        ("keycloak", Protocol::Oidc) => (
            "keycloak",
            "keycloak/keycloak",
            include_str!("../terraform/keycloak-oidc.tf"),
        ),
        ("keycloak", Protocol::Saml) => (
            "keycloak",
            "keycloak/keycloak",
            include_str!("../terraform/keycloak-saml.tf"),
        ),
        _ => return None,
    };
    Some(Template {
        local,
        source,
        text,
    })
}

/// The connection at the service.
fn at_service(protocol: Protocol) -> Template {
    Template {
        local: "google",
        source: "hashicorp/google",
        text: match protocol {
            Protocol::Oidc => include_str!("../terraform/service-oidc.tf"),
            Protocol::Saml => include_str!("../terraform/service-saml.tf"),
        },
    }
}

/// What stands for the `<names>` of a template.
struct Values {
    /// In quotes.
    texts: BTreeMap<&'static str, String>,
    /// Without.
    truths: BTreeMap<&'static str, bool>,
    /// Lines of code, each as deep as the name that it stands for.
    group_action: String,
}

impl Values {
    fn of(set_up: &SetUp, service: &Service, catalogue: &Catalogue) -> Self {
        let fields = &set_up.connection;
        let give = Give::new(set_up, service);
        let guide = catalogue.oidc_guide(&fields.provider);
        let flow = fields
            .flow
            .or(guide.map(|guide| guide.flow))
            .unwrap_or_default();
        let may_start = service.provider_initiated(fields.protocol);
        let start = Some(give.start()).filter(|_| may_start).unwrap_or_default();
        let by = |code: &str, implicit: &str| match flow {
            Flow::Code => code.to_owned(),
            Flow::Implicit => implicit.to_owned(),
        };
        let starts = if start.is_empty() { "DISABLED" } else { "SPEC" };
        let realm = fields.issuer.trim().trim_end_matches('/');
        let realm = realm.rsplit_once("/realms/").map(|(_, realm)| realm);
        let code = guide.and_then(|guide| guide.steps.iter().find_map(|step| step.code.as_ref()));
        Self {
            truths: BTreeMap::from([
                ("tile_hidden", start.is_empty()),
                ("code_flow", flow == Flow::Code),
                ("implicit_flow", flow == Flow::Implicit),
                ("signs_requests", fields.sign_requests == Some(true)),
            ]),
            texts: BTreeMap::from([
                ("service", service.name.trim().to_owned()),
                ("workspace", set_up.workspace.name.trim().to_owned()),
                ("slug", slug(&set_up.workspace.name)),
                ("action_name", format!("{} groups", service.name.trim())),
                ("login_redirect_url", give.redirect()),
                ("audience", give.audience()),
                ("start_url", start),
                ("grant_type", by("authorization_code", "implicit")),
                ("response_type", by("code", "id_token")),
                ("okta_login_mode", starts.to_owned()),
                ("realm", realm.unwrap_or_default().to_owned()),
                ("issuer", fields.issuer.trim().to_owned()),
                ("client_id", fields.client_id.trim().to_owned()),
                ("sign_on_url", fields.sign_on_url.trim().to_owned()),
            ]),
            group_action: code
                .map(|code| code.replace("{client_id}", "${auth0_client.service.client_id}"))
                .unwrap_or_default(),
        }
    }

    /// Writes the template with its values. A line with a value that is not known is left out.
    fn fill(&self, template: &str, text: &mut String) {
        for line in template.lines() {
            if let Some(depth) = line.find("<group_action>") {
                for of_code in self.group_action.lines() {
                    let _ = writeln!(text, "{:depth$}{of_code}", "");
                }
            } else if let Some(line) = self.filled(line) {
                text.push_str(&line);
                text.push('\n');
            }
        }
    }

    fn filled(&self, line: &str) -> Option<String> {
        let (Some(from), Some(to)) = (line.find('<'), line.find('>')) else {
            return Some(line.to_owned());
        };
        let Some(name) = line.get(from + 1..to) else {
            return Some(line.to_owned());
        };
        if let Some(truth) = self.truths.get(name) {
            return Some(format!("{}{truth}{}", &line[..from], &line[to + 1..]));
        }
        let Some(value) = self.texts.get(name) else {
            return Some(line.to_owned());
        };
        // The quotes of the template hold the whole value, or what stands before it too.
        (!value.is_empty())
            .then(|| format!("{}{}{}", &line[..from], escaped(value), &line[to + 1..]))
    }
}

/// What no resource takes: the rules, and the certificates in the service's form.
fn locals(set_up: &SetUp, service: &Service, text: &mut String) {
    let _ = write!(
        text,
        "\nlocals {{\n\
         \x20 # From the top, the first match wins; who matches none gets {}. No resource takes them.\n\
         \x20 claim_rules = [\n",
        shown(&service.fallback, NAME)
    );
    for rule in &set_up.rules.0 {
        let _ = writeln!(
            text,
            "    {{ claim = {}, value = {}, role = {} }},",
            quoted(&rule.claim),
            quoted(&rule.value),
            quoted(&rule.role)
        );
    }
    text.push_str("  ]\n");
    if set_up.connection.protocol == Protocol::Saml {
        text.push_str("  certificates = [\n");
        for certificate in &set_up.connection.certificates {
            let _ = writeln!(text, "    {},", quoted(certificate.trim()));
        }
        text.push_str("  ]\n");
    }
    text.push_str("}\n\noutput \"claim_rules\" {\n  value = local.claim_rules\n}\n");
}

/// A text as a literal.
fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// A text as it stands in a quoted literal (HCL native syntax, "Quoted Literals"): nothing in it ends
/// the literal or begins a template.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' | '%' if rest.peek() == Some(&'{') => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

/// A name as Google Identity Platform takes it: lowercase letters, digits and hyphens, a letter first.
fn slug(name: &str) -> String {
    let words: Vec<String> = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let mut slug = words.join("-");
    if !slug.starts_with(|c: char| c.is_ascii_lowercase()) {
        slug.insert_str(0, "sso-");
    }
    slug.truncate(SLUG);
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests;
