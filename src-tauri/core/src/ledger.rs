//! The two-sided list of values: what goes into the provider's console, and what comes back from it.
//! As data for the window, and as a checklist to send to whoever runs the provider.

use std::fmt::Write;

use serde::Serialize;
use specta::Type;

use crate::catalogue::{
    Catalogue, CopyValue, GuideStep, OidcGuide, Provider, SamlAttribute, SamlGuide, Service,
    Setting,
};
use crate::connection::{Flow, Protocol};
use crate::set_up::SetUp;

/// What stands in a checklist where something is to be written. The paste guard knows it as blank.
const BLANK: &str = "______";

/// What stands behind a step that nobody has compared, where others were.
const NOT_COMPARED: &str = " (not compared)";

/// The longest name that a checklist shows, in characters.
const LONGEST: usize = 100;

/// The two-sided list of values for one set-up.
#[derive(Clone, Debug, PartialEq, Serialize, Type)]
pub struct Ledger {
    /// The service's name.
    pub service: String,
    /// The workspace's name.
    pub workspace: String,
    /// The provider's name.
    pub provider: String,
    /// What the provider calls its console.
    pub console: String,
    /// OpenID Connect or SAML 2.0.
    pub protocol: Protocol,
    /// About how long it takes, in minutes.
    pub minutes: u32,
    /// What must be at hand before starting.
    pub needs: Vec<String>,
    /// Values to copy into the console.
    pub give: Vec<CopyValue>,
    /// Settings to choose in the console.
    pub settings: Vec<Setting>,
    /// Attributes to define in the console (SAML).
    pub attributes: Vec<SamlAttribute>,
    /// The steps, those left out that do not concern this service.
    pub steps: Vec<LedgerStep>,
    /// Values to bring back.
    pub want: Vec<Wanted>,
    /// Known traps.
    pub traps: Vec<String>,
    /// The day on which the steps were last compared with their sources, as far as they were.
    pub checked_on: String,
}

/// One step, with what it needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct LedgerStep {
    /// What to do.
    pub text: String,
    /// The value to paste there, if any.
    pub value: Option<String>,
    /// Code to paste, with the values filled in.
    pub code: Option<String>,
    /// Whether it was compared with its source.
    pub compared: bool,
}

/// A value to bring back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct Wanted {
    /// The field, as in the set-up file.
    pub field: String,
    /// The provider's own label.
    pub label: String,
    /// A value of the usual shape; empty where none says anything.
    pub example: String,
    /// Whether it has to be kept from other eyes.
    pub secret: bool,
}

impl Ledger {
    /// The list for this set-up; none where its service is not known.
    pub fn of(set_up: &SetUp, catalogue: &Catalogue) -> Option<Self> {
        let service = catalogue.service_of(set_up)?;
        let id = &set_up.connection.provider;
        let own = catalogue.provider(id);
        let provider = own.or_else(|| catalogue.provider("other"))?;
        let give = catalogue.values_to_copy(set_up);
        let ledger = match set_up.connection.protocol {
            Protocol::Oidc => {
                Self::oidc(catalogue.oidc_guide(id)?, set_up, provider, &service, give)
            }
            Protocol::Saml => {
                Self::saml(catalogue.saml_guide(id)?, set_up, provider, &service, give)
            }
        };
        Some(ledger)
    }

    fn oidc(
        guide: &OidcGuide,
        set_up: &SetUp,
        provider: &Provider,
        service: &Service,
        give: Vec<CopyValue>,
    ) -> Self {
        let labels = &guide.labels;
        let template = guide.issuer_template.as_ref();
        let blank = template.and_then(|template| template.blanks.first());
        let example = blank.map_or(&guide.issuer_example, |blank| &blank.example);
        let mut want = vec![
            wanted("connection.issuer", &labels.issuer, example),
            wanted(
                "connection.client_id",
                &labels.client_id,
                &guide.client_id_example,
            ),
        ];
        if set_up.connection.flow.unwrap_or(guide.flow) == Flow::Code {
            let mut secret = wanted("connection.client_secret", &labels.client_secret, "");
            secret.secret = true;
            want.push(secret);
            want.push(wanted(
                "connection.client_secret_expires",
                "Client secret expires",
                "2027-11-22",
            ));
        }
        Self {
            steps: steps(&guide.steps, set_up, service, &give),
            needs: guide.needs.clone(),
            console: guide.console.clone(),
            minutes: guide.minutes,
            settings: Vec::new(),
            attributes: Vec::new(),
            traps: guide.traps.clone(),
            want,
            ..Self::head(set_up, provider, service, give)
        }
    }

    fn saml(
        guide: &SamlGuide,
        set_up: &SetUp,
        provider: &Provider,
        service: &Service,
        give: Vec<CopyValue>,
    ) -> Self {
        let labels = &guide.labels;
        let mut want = Vec::new();
        if let (Some(label), Some(offer)) = (&labels.metadata, &guide.metadata)
            && !guide.issuer_is_metadata
        {
            want.push(wanted("connection.metadata", label, &offer.address_example));
        }
        want.extend([
            wanted("connection.issuer", &labels.issuer, &guide.issuer_example),
            wanted(
                "connection.sign_on_url",
                &labels.sign_on_url,
                &guide.sign_on_url_example,
            ),
            wanted("connection.certificates", &labels.certificates, ""),
        ]);
        Self {
            steps: steps(&guide.steps, set_up, service, &give),
            needs: guide.needs.clone(),
            console: guide.console.clone(),
            minutes: guide.minutes,
            settings: guide.settings.clone(),
            attributes: guide.attributes.clone(),
            traps: guide.traps.clone(),
            want,
            ..Self::head(set_up, provider, service, give)
        }
    }

    /// What is the same for both protocols.
    fn head(set_up: &SetUp, provider: &Provider, service: &Service, give: Vec<CopyValue>) -> Self {
        let shown = |text: &str| crate::text::shown(text.trim(), LONGEST);
        Self {
            service: shown(&service.name),
            workspace: shown(&set_up.workspace.name),
            provider: provider.name.clone(),
            console: String::new(),
            protocol: set_up.connection.protocol,
            minutes: 0,
            needs: Vec::new(),
            give,
            settings: Vec::new(),
            attributes: Vec::new(),
            steps: Vec::new(),
            want: Vec::new(),
            traps: Vec::new(),
            checked_on: provider.checked_on.clone(),
        }
    }

    /// The list as Markdown, to be sent to whoever runs the provider. What comes back, filled in, is
    /// read by [`crate::paste::recognise`].
    pub fn checklist(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        let Self {
            service,
            workspace,
            provider,
            ..
        } = self;
        let protocol = self.protocol.name();
        writeln!(
            out,
            "# Single sign-on for {service}: what to do at {provider}\n"
        )?;
        writeln!(
            out,
            "Workspace {workspace}, with {protocol}. It takes about {} minutes in the {}.\n",
            self.minutes,
            self.console.trim_start_matches("your ")
        )?;
        list(out, "Have at hand", &self.needs)?;
        writeln!(out, "## Values to paste into the console\n")?;
        for value in &self.give {
            writeln!(out, "- [ ] {}: {}", value.label, code(&value.value))?;
        }
        for setting in &self.settings {
            writeln!(out, "- [ ] {}: {}", setting.label, code(&setting.value))?;
        }
        for attribute in &self.attributes {
            let (name, source) = (code(&attribute.name), &attribute.source);
            writeln!(out, "- [ ] Attribute {name} from {source}")?;
        }
        writeln!(out, "\n## Steps\n")?;
        let compared = self.steps.iter().filter(|step| step.compared).count();
        for (index, step) in self.steps.iter().enumerate() {
            let mark = if step.compared || compared == 0 {
                ""
            } else {
                NOT_COMPARED
            };
            writeln!(out, "{}. [ ] {}{mark}", index + 1, step.text)?;
            if let Some(value) = &step.value {
                writeln!(out, "\n       {}\n", crate::text::shown(value, 2_000))?;
            }
            for line in step.code.iter().flat_map(|code| code.lines()) {
                writeln!(out, "       {line}")?;
            }
        }
        writeln!(out)?;
        list(out, "Known traps", &self.traps)?;
        writeln!(out, "## Values to send back\n")?;
        for wanted in &self.want {
            let example = match wanted.example.as_str() {
                "" => String::new(),
                example => format!(" (such as {example})"),
            };
            writeln!(out, "- {}: {BLANK}{example}", wanted.label)?;
        }
        if self.want.iter().any(|wanted| wanted.secret) {
            writeln!(
                out,
                "\nSend the client secret by a way that only the Owner can read, such as a password manager."
            )?;
        }
        if self.protocol == Protocol::Saml {
            writeln!(
                out,
                "\nThe certificate is sent as text that begins with BEGIN CERTIFICATE, or as a file. Never send a private key."
            )?;
        }
        let (all, day) = (self.steps.len(), &self.checked_on);
        match compared {
            0 => writeln!(
                out,
                "\nThe steps were not compared with the provider's documentation: names in its console may differ."
            ),
            _ if compared == all => writeln!(
                out,
                "\nThe steps were compared with their sources on {day}."
            ),
            _ => writeln!(
                out,
                "\n{compared} of {all} steps were compared with their sources on {day}. Names in the others may differ."
            ),
        }
    }
}

/// The steps that concern this service, with what they need filled in.
fn steps(
    steps: &[GuideStep],
    set_up: &SetUp,
    service: &Service,
    give: &[CopyValue],
) -> Vec<LedgerStep> {
    let may_start = service.provider_initiated(set_up.connection.protocol);
    let value_of = |field: &str| {
        let value = give.iter().find(|value| value.field == field);
        value.map(|value| value.value.clone())
    };
    let fill = |code: &String| {
        ["login_redirect_url", "audience"]
            .iter()
            .filter_map(|name| Some((*name, value_of(name)?)))
            .chain([("client_id", set_up.connection.client_id.clone())])
            // Inside a quoted string of code: nothing that was typed may end it.
            .filter(|(_, value)| !value.is_empty() && !value.contains(['"', '\\', '\n', '\r']))
            .fold(code.clone(), |code, (name, value)| {
                code.replace(&format!("{{{name}}}"), &value)
            })
    };
    steps
        .iter()
        .filter(|step| {
            step.provider_initiated
                .is_none_or(|needed| needed == may_start)
        })
        .map(|step| LedgerStep {
            text: step.text.clone(),
            value: step
                .field
                .as_deref()
                .and_then(value_of)
                .filter(|_| step.code.is_none()),
            code: step.code.as_ref().map(fill),
            compared: step.source.is_some(),
        })
        .collect()
}

fn wanted(field: &str, label: &str, example: &str) -> Wanted {
    Wanted {
        field: field.to_owned(),
        label: label.to_owned(),
        example: example.to_owned(),
        secret: false,
    }
}

fn list(out: &mut String, title: &str, lines: &[String]) -> std::fmt::Result {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "## {title}\n")?;
    for line in lines {
        writeln!(out, "- {line}")?;
    }
    writeln!(out)
}

/// A value as code, so that nothing in it is taken for a mark.
fn code(value: &str) -> String {
    format!("`{}`", crate::text::shown(value, 2_000).replace('`', "'"))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;
    use crate::paste::{self, Context, Kind};

    fn set_up(provider: &str, protocol: Protocol) -> SetUp {
        let mut set_up = SetUp::default();
        set_up.workspace.name = "Acme".to_owned();
        set_up.workspace.region = "eu".to_owned();
        set_up.workspace.owner_email = "olivia@acme.example".to_owned();
        set_up.connection.provider = provider.to_owned();
        set_up.connection.protocol = protocol;
        set_up
    }

    fn ledger(provider: &str, protocol: Protocol) -> Ledger {
        Ledger::of(&set_up(provider, protocol), Catalogue::built_in()).unwrap()
    }

    #[test]
    fn every_provider_has_both_sides_for_each_protocol() {
        for provider in &Catalogue::built_in().providers {
            for protocol in &provider.protocols {
                let ledger = ledger(&provider.id, *protocol);
                let text = ledger.checklist();
                assert!(
                    text.contains("https://app.eu.torq.io/__/auth/handler"),
                    "{text}"
                );
                assert!(ledger.want.len() >= 3, "{text}");
                for wanted in &ledger.want {
                    assert!(
                        text.contains(&format!("- {}: {BLANK}", wanted.label)),
                        "{text}"
                    );
                }
                assert!(
                    !text.contains("{domain}") && !text.contains("{audience}"),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn steps_that_nobody_compared_are_said_to_be_so() {
        let text = |provider: &str, protocol| ledger(provider, protocol).checklist();
        let some = text("okta", Protocol::Oidc);
        // The step for services that take no sign-in from the provider is left out.
        assert!(some.contains("The steps were compared with their sources on 2026-11-23."));
        let some = text("entra", Protocol::Oidc);
        assert!(some.contains("9 of 13 steps were compared"), "{some}");
        assert!(some.contains("add email. (not compared)"), "{some}");
        let none = text("google", Protocol::Saml);
        assert!(none.contains("were not compared with the provider's documentation"));
        assert!(!none.contains(NOT_COMPARED), "{none}");
    }

    #[test]
    fn the_tile_is_hidden_or_started_from_as_the_service_allows() {
        let text = |protocol| ledger("okta", protocol).checklist();
        assert!(text(Protocol::Oidc).contains("SSOSignIn?domain=acme.example"));
        assert!(!text(Protocol::Oidc).contains("App Only"));
        assert!(text(Protocol::Saml).contains("Do not display application icon to users"));
        assert!(!text(Protocol::Saml).contains("SSOSignIn"));
    }

    #[test]
    fn code_has_the_client_id_filled_in_and_no_way_out_of_its_quotes() {
        let mut known = set_up("auth0", Protocol::Oidc);
        let code = |set_up: &SetUp| {
            let ledger = Ledger::of(set_up, Catalogue::built_in()).unwrap();
            ledger.steps.into_iter().find_map(|step| step.code).unwrap()
        };
        known.connection.client_id = "aB3dE5fG".to_owned();
        assert!(code(&known).contains("client_id !== \"aB3dE5fG\""));
        known.connection.client_id = "x\"; evil(\"".to_owned();
        assert!(code(&known).contains("client_id !== \"{client_id}\""));
    }

    #[test]
    fn a_checklist_that_comes_back_filled_in_is_sorted_into_its_fields() {
        for provider in &Catalogue::built_in().providers {
            let set_up = set_up(&provider.id, Protocol::Oidc);
            let ledger = Ledger::of(&set_up, Catalogue::built_in()).unwrap();
            let guide = provider.oidc.as_ref().unwrap();
            let mut text = ledger.checklist();
            for wanted in &ledger.want {
                let value = match wanted.field.as_str() {
                    "connection.client_secret" => "s3cr3t-Value_x",
                    "connection.client_id" => &guide.client_id_example,
                    "connection.client_secret_expires" => "2028-11-22",
                    _ => &wanted.example,
                };
                let blank = format!("- {}: {BLANK}", wanted.label);
                let line = text
                    .lines()
                    .find(|line| line.starts_with(&blank))
                    .unwrap()
                    .to_owned();
                text = text.replace(&line, &format!("- {}: {value}", wanted.label));
            }
            let about = Context {
                field: None,
                set_up: &set_up,
                catalogue: Catalogue::built_in(),
                discovered: None,
            };
            let found = paste::recognise(&text, &about);
            assert_eq!(found.kind, Kind::Several, "{text}");
            let value = |field: &str| {
                let found = found.also.iter().find(|one| one.field == field);
                found.map(|one| one.value.expose_secret())
            };
            let id = &provider.id;
            assert_eq!(
                value("connection.issuer"),
                Some(guide.issuer_example.as_str()),
                "{id}"
            );
            assert_eq!(
                value("connection.client_id"),
                Some(guide.client_id_example.as_str()),
                "{id}"
            );
            assert_eq!(
                value("connection.client_secret"),
                Some("s3cr3t-Value_x"),
                "{id}"
            );
            assert_eq!(
                value("connection.client_secret_expires"),
                Some("2028-11-22"),
                "{id}"
            );
        }
    }

    #[test]
    fn a_checklist_that_comes_back_empty_brings_nothing() {
        for provider in &Catalogue::built_in().providers {
            for protocol in &provider.protocols {
                let set_up = set_up(&provider.id, *protocol);
                let text = Ledger::of(&set_up, Catalogue::built_in())
                    .unwrap()
                    .checklist();
                let about = Context {
                    field: None,
                    set_up: &set_up,
                    catalogue: Catalogue::built_in(),
                    discovered: None,
                };
                let found = paste::recognise(&text, &about);
                let brought: Vec<_> = found
                    .also
                    .iter()
                    .map(|one| (one.field.as_str(), one.value.expose_secret()))
                    // What the steps themselves have entered: JumpCloud's own name.
                    .filter(|(_, value)| *value != "JumpCloud")
                    .collect();
                assert_eq!(brought, [], "{} {}", provider.id, protocol.name());
            }
        }
    }

    #[test]
    fn a_name_cannot_break_the_page() {
        let mut set_up = set_up("entra", Protocol::Oidc);
        set_up.workspace.name = "Acme\n# Send the secret to evil@example.com".to_owned();
        set_up.connection.login_redirect_url = Some("`x`\n- y".to_owned());
        let text = Ledger::of(&set_up, Catalogue::built_in())
            .unwrap()
            .checklist();
        assert!(
            !text.contains("\n# Send") && !text.contains("\n- y"),
            "{text}"
        );
    }
}
