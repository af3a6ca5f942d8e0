//! The identity provider, as data: what it is, and how an application is made in its console.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::shape::Shapes;
use crate::connection::{Flow, Protocol, RequestBinding};

/// The identity provider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Stable id, as in the set-up file.
    pub id: String,
    /// The provider's own name.
    pub name: String,
    /// The day on which the steps that have a source were last compared with it.
    pub checked_on: String,
    /// Pages that the values come from.
    pub sources: Vec<String>,
    /// What the provider speaks, the recommended one first.
    pub protocols: Vec<Protocol>,
    /// Scopes with which the provider refuses the whole sign-in.
    #[serde(default)]
    pub refused_scopes: Vec<String>,
    /// Issuers that stand for many tenants: no token ever names them.
    #[serde(default)]
    pub shared_issuers: Option<SharedIssuers>,
    /// Whether a client secret of the provider never has the shape of a GUID, while the ID beside
    /// it has.
    #[serde(default)]
    pub secret_id_is_guid: bool,
    /// How many groups of a person the provider sends at most, where beyond that it sends none.
    #[serde(default)]
    pub group_limits: Option<GroupLimits>,
    /// What the provider's values look like: for checks, and to know a pasted value again.
    #[serde(default)]
    pub shapes: Shapes,
    /// OpenID Connect, where the wizard can lead through it; without it the provider is known by
    /// name and its set-up is entered as `Other`.
    pub oidc: Option<OidcGuide>,
    /// SAML 2.0, where the wizard can lead through it.
    #[serde(default)]
    pub saml: Option<SamlGuide>,
}

/// How many groups of one person arrive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct GroupLimits {
    /// In a SAML assertion.
    pub saml: u32,
    /// In an ID token by the code flow.
    pub code: u32,
    /// In an ID token by the implicit flow.
    pub implicit: u32,
}

/// Issuers that stand for many tenants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct SharedIssuers {
    /// The provider's hosts.
    pub hosts: Vec<String>,
    /// The parts of the path that stand for many tenants.
    pub parts: Vec<String>,
}

/// How an OpenID Connect application is made at a provider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct OidcGuide {
    /// About how long it takes, in minutes.
    pub minutes: u32,
    /// What must be at hand before starting.
    pub needs: Vec<String>,
    /// What the provider calls its console.
    pub console: String,
    /// The steps in the console, in its own words and order.
    pub steps: Vec<GuideStep>,
    /// The provider's own label for each field of ours.
    pub labels: Labels,
    /// An issuer of the usual shape, as a hint.
    pub issuer_example: String,
    /// The issuer made from one small value, where it always is.
    #[serde(default)]
    pub issuer_template: Option<Template>,
    /// The issuer, where it is the same for every customer of the provider.
    #[serde(default)]
    pub issuer_same: Option<String>,
    /// Whether every client secret of the provider ends, sooner or later.
    #[serde(default)]
    pub secret_ends: bool,
    /// A client ID of the usual shape, as a hint.
    pub client_id_example: String,
    /// Scopes that are usually asked for.
    pub scopes: Vec<String>,
    /// The flow that is recommended.
    pub flow: Flow,
    /// Why that flow.
    pub flow_reason: String,
    /// From how many groups on the implicit flow leaves them all out.
    #[serde(default)]
    pub implicit_drops_groups_from: Option<u32>,
    /// The claim that usually carries the groups; empty where none does.
    pub groups_claim: String,
    /// Claims that never arrive, although rules are often written on them.
    #[serde(default)]
    pub dropped_claims: Vec<String>,
    /// Whether groups arrive as object IDs unless somebody changed it.
    #[serde(default)]
    pub groups_are_ids: bool,
    /// Where people find the service's tile; `{issuer}` and `{origin}` are filled in with the issuer
    /// and its scheme and host. Left out where that is not known.
    #[serde(default)]
    pub dashboard: Option<String>,
    /// Known traps, one sentence each.
    pub traps: Vec<String>,
}

/// How a SAML 2.0 application is made at a provider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct SamlGuide {
    /// About how long it takes, in minutes.
    pub minutes: u32,
    /// What must be at hand before starting.
    pub needs: Vec<String>,
    /// What the provider calls its console.
    pub console: String,
    /// The steps in the console, in its own words and order.
    pub steps: Vec<GuideStep>,
    /// The provider's own label for each field of ours.
    pub labels: SamlLabels,
    /// An entity ID of the usual shape, as a hint.
    pub issuer_example: String,
    /// The entity ID that the steps tell to enter in the console, where it is chosen there.
    #[serde(default)]
    pub issuer_chosen: Option<String>,
    /// A Sign-On URL of the usual shape, as a hint.
    pub sign_on_url_example: String,
    /// The Sign-On URL made from one small value, where it always is.
    #[serde(default)]
    pub sign_on_url_template: Option<Template>,
    /// Whether and how the provider offers its metadata.
    #[serde(default)]
    pub metadata: Option<MetadataOffer>,
    /// How requests travel to the provider.
    pub request_binding: RequestBinding,
    /// The NameID format to choose (SAML 2.0 Core, section 8.3), as a URN.
    pub name_id_format: String,
    /// Other settings to choose in the console, under its own labels.
    #[serde(default)]
    pub settings: Vec<Setting>,
    /// Attributes to define in the console.
    pub attributes: Vec<SamlAttribute>,
    /// The attribute that usually carries the groups.
    pub groups_claim: String,
    /// Whether groups arrive as object IDs unless somebody changed it.
    #[serde(default)]
    pub groups_are_ids: bool,
    /// Whether the entity ID is the address of the metadata too.
    #[serde(default)]
    pub issuer_is_metadata: bool,
    /// Known traps, one sentence each.
    pub traps: Vec<String>,
}

/// One step in a provider's console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct GuideStep {
    /// What to do.
    pub text: String,
    /// The field of ours that this step is about (`login_redirect_url`, `issuer`, ...).
    pub field: Option<String>,
    /// Code to paste, if any; `{client_id}`, `{login_redirect_url}` and `{audience}` are filled in.
    pub code: Option<String>,
    /// Whether the step matters only where the service takes no sign-in that the provider starts
    /// (`false`), or only where it does (`true`). Left out: always.
    #[serde(default)]
    pub provider_initiated: Option<bool>,
    /// The page that the step was compared with: the provider's documentation or the service's guide.
    /// Left out: nobody has compared it.
    #[serde(default)]
    pub source: Option<String>,
}

/// The provider's own label for each value of an OpenID Connect application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct Labels {
    /// Where the Login Redirect URL is pasted.
    pub login_redirect_url: String,
    /// Where the issuer stands.
    pub issuer: String,
    /// Where the client ID stands.
    pub client_id: String,
    /// Where the client secret stands.
    pub client_secret: String,
    /// Where the address is pasted at which a sign-in begins that the provider starts.
    #[serde(default)]
    pub start_url: Option<String>,
    /// Where the service's own sign-in address is pasted, without a domain.
    #[serde(default)]
    pub login_url: Option<String>,
}

/// The provider's own label for each value of a SAML application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct SamlLabels {
    /// Every place where the Login Redirect URL is pasted, the assertion consumer service first.
    pub login_redirect_url: Vec<String>,
    /// Where the audience is pasted: the service's entity ID.
    pub audience: String,
    /// Where the Login Redirect URL is pasted as the default RelayState, where that is wanted.
    #[serde(default)]
    pub relay_state: Option<String>,
    /// Where the service's own sign-in address is pasted.
    #[serde(default)]
    pub login_url: Option<String>,
    /// Where the Sign-On URL stands.
    pub sign_on_url: String,
    /// Where the entity ID stands.
    pub issuer: String,
    /// Where the certificate stands.
    pub certificates: String,
    /// Where the metadata stands, if it is offered.
    #[serde(default)]
    pub metadata: Option<String>,
}

/// A value made from small ones: one small field in the place of a long address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// The value, with the name of each small one in braces: `https://sso.jumpcloud.com/saml2/{app}`.
    pub text: String,
    /// The small ones, in the order of the form.
    pub blanks: Vec<Blank>,
}

/// One small value of a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct Blank {
    /// Its name in the template.
    pub name: String,
    /// The small field's label.
    pub label: String,
    /// A value of the usual shape, as a hint.
    pub example: String,
    /// What it may be made of.
    pub form: super::shape::Form,
}

/// How a provider offers its metadata (SAML 2.0 Metadata).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct MetadataOffer {
    /// An address of the usual shape; empty where there is a file only.
    pub address_example: String,
    /// Whether the console hands out a file.
    pub file: bool,
}

/// A setting to choose in the console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// The provider's own label.
    pub label: String,
    /// What to choose or enter there.
    pub value: String,
}

/// An attribute to define in the console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct SamlAttribute {
    /// Its name in the answer, as claim rules name it.
    pub name: String,
    /// What the provider calls the value that goes into it.
    pub source: String,
}

impl Template {
    /// The value, where there is one small value, made from it. With several, the others stay blank.
    pub fn filled(&self, value: &str) -> String {
        match self.blanks.first() {
            Some(blank) => self.text.replace(&format!("{{{}}}", blank.name), value),
            None => self.text.clone(),
        }
    }
}
