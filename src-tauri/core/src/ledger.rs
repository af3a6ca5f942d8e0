//! The two-sided list of values: what goes into the provider's console, and what comes back from it.
//! As data for the window, and as a checklist to send to whoever runs the provider.

mod given;
mod page;

use crate::catalogue::{
    Catalogue, CopyValue, GuideStep, OidcGuide, Provider, SamlAttribute, SamlGuide, Service,
    Setting,
};
use crate::connection::{Flow, Protocol};
use crate::fault::Fault;
use crate::set_up::SetUp;

pub use given::Tally;
pub use page::{Entry, Layout, Page, PagePart};

/// The provider that stands for every one without a guide of its own.
const ANY: &str = "other";

/// The longest name that a checklist shows, in characters.
const LONGEST: usize = 100;

/// The two-sided list of values for one set-up.
#[derive(Clone, Debug, PartialEq)]
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
#[derive(Clone, Debug, PartialEq, Eq)]
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
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// The list for this set-up.
    ///
    /// # Errors
    /// `UnknownService`, `UnknownProvider` where there is no guide for any provider either.
    pub fn of(set_up: &SetUp, catalogue: &Catalogue) -> Result<Self, Fault> {
        let service = catalogue.service_or_fault(set_up)?;
        let id = &set_up.connection.provider;
        let unknown = || catalogue.unknown_provider(id);
        let own = catalogue.provider(id);
        let provider = own
            .or_else(|| catalogue.provider(ANY))
            .ok_or_else(unknown)?;
        let give = catalogue.values_to_copy(set_up);
        Ok(match set_up.connection.protocol {
            Protocol::Oidc => {
                let guide = catalogue.oidc_guide(id).ok_or_else(unknown)?;
                Self::oidc(guide, set_up, provider, &service, give)
            }
            Protocol::Saml => {
                let guide = catalogue.saml_guide(id).ok_or_else(unknown)?;
                Self::saml(guide, set_up, provider, &service, give)
            }
        })
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
        let fields = given::needed(set_up, guide.flow);
        let mut want: Vec<Wanted> = fields
            .iter()
            .map(|field| match *field {
                given::ISSUER => wanted(field, &labels.issuer, example),
                given::CLIENT_ID => wanted(field, &labels.client_id, &guide.client_id_example),
                field => Wanted {
                    secret: true,
                    ..wanted(field, &labels.client_secret, "")
                },
            })
            .collect();
        if want.iter().any(|wanted| wanted.secret) {
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
        let fields = given::needed(set_up, Flow::Code);
        want.extend(fields.iter().map(|field| match *field {
            given::ISSUER => wanted(field, &labels.issuer, &guide.issuer_example),
            given::SIGN_ON_URL => wanted(field, &labels.sign_on_url, &guide.sign_on_url_example),
            field => wanted(field, &labels.certificates, ""),
        }));
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

#[cfg(test)]
mod tests;
