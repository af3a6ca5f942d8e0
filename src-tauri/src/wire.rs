//! What crosses between the window and the program: the types beside core's own.

use jiff::Timestamp;
use latchkey_core::catalogue::CopyValue;
use latchkey_core::certificate::CertificateShown;
use latchkey_core::diagnosis::bundle::Asked;
use latchkey_core::diagnosis::chain::Chain;
use latchkey_core::diagnosis::har::Har;
use latchkey_core::ending::Ending;
use latchkey_core::ledger::{self, Page};
use latchkey_core::oidc::ResponseMode;
use latchkey_core::paste::Kind;
use latchkey_core::saml::metadata::Metadata;
use latchkey_core::{
    Catalogue, Draft, Evidence, Protocol, Resolution, Rule, Service, Told, Verdict, Way, gate::Gate,
};
use latchkey_store::{LastWorked, Planned, Recorded, Salvage, State, Store, StoreError, Summary};
use serde::{Deserialize, Serialize};
use specta::Type;

/// All that the interface needs to begin.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Start {
    /// Services and providers.
    pub catalogue: Catalogue,
    /// The home page.
    pub home: Home,
    /// The workspace that was open when the program ended.
    pub resume: Option<String>,
    /// Where client secrets are kept.
    pub secrets: SecretPlace,
    /// The file in which all that is kept is, evidence too: it is personal data.
    pub database: String,
    /// The program's version.
    pub version: String,
    /// What came out of a damaged database, until the person has read it.
    pub salvage: Option<Salvage>,
}

/// Where client secrets are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum SecretPlace {
    /// In the operating system's keychain.
    Keychain,
    /// In memory until the window closes, since this computer offers no keychain.
    UntilClosed,
}

/// The home page.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Home {
    /// Every workspace, the latest change first.
    pub workspaces: Vec<Listed>,
}

/// One workspace on the home page.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Listed {
    /// As the store has it.
    #[serde(flatten)]
    pub summary: Summary,
    /// How near the end of the first of its certificates and secrets is, where that is known.
    pub ending: Option<Ending>,
}

impl Home {
    /// The home page as it is at present.
    pub(crate) fn of(store: &Store) -> Result<Self, StoreError> {
        let now = Timestamp::now();
        let listed = |summary: Summary| Listed {
            ending: summary.next_expiry.map(|at| Ending::of(at, now)),
            summary,
        };
        Ok(Self {
            workspaces: store.workspaces()?.into_iter().map(listed).collect(),
        })
    }
}

/// One workspace, open.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Desk {
    /// Stable id.
    pub id: String,
    /// Counts the changes; sent back with the next one, so that nobody overwrites unseen.
    pub version: u32,
    /// The set-up being made.
    pub draft: Draft,
    /// Whether the client secret is kept, or the key pair.
    pub secret_kept: bool,
    /// Whether that is in the keychain: in memory it ends with the program.
    pub secret_lasts: bool,
    /// How far it is.
    pub state: State,
    /// The newest revision.
    pub revision: Option<u32>,
    /// Whether the draft differs from the newest revision.
    pub unsaved: bool,
    /// The service, as the draft has it.
    pub service: Option<Service>,
    /// Where users of the workspace's region start; empty where the service does not say.
    pub sign_in_url: String,
    /// Where the service takes the provider's answer; empty while the region is open.
    pub login_redirect_url: String,
    /// The audience that the service expects (SAML).
    pub audience: String,
    /// The values to copy into the provider's console.
    pub copy_values: Vec<CopyValue>,
    /// How many of the values that have to come back from the provider are there.
    pub given: ledger::Tally,
    /// Where people find the service's tile at the provider, as far as it can be told. None where the
    /// service takes no sign-in that starts there.
    pub dashboard: Option<String>,
    /// The provider's certificates, as far as they can be read (SAML).
    pub certificates: Vec<CertificateShown>,
    /// The certificate of the workspace's own key pair, where there is one (SAML).
    pub key_pair: Option<CertificateShown>,
    /// Everything noticed about fields and rules, by path.
    pub findings: Vec<Told>,
    /// The rule that keeps the Owner in by the address alone, as it is recommended.
    pub owner_rule: Option<Rule>,
    /// The claims that carry an address.
    pub address_claims: Vec<String>,
    /// What the set-up file is called.
    pub file_name: String,
    /// The conditions for saving.
    pub gate: Gate,
    /// The conditions for enforcing.
    pub enforce_gate: Gate,
    /// When the first of the certificates and secrets ends, where that is known.
    pub next_expiry: Option<Timestamp>,
    /// Everyone tested, the oldest first.
    pub tests: Vec<Test>,
    /// The people of the practice provider, for a practice workspace.
    pub practice_people: Vec<PracticePerson>,
}

/// One test sign-in under today's rules.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Test {
    /// What it proved.
    pub evidence: Evidence,
    /// Today's rules on its claims.
    pub resolution: Resolution,
    /// Whether it proved exactly the settings of now.
    pub current: bool,
    /// The fields that changed since.
    pub changed: Vec<String>,
    /// Whether this is the Owner.
    pub owner: bool,
}

/// What a file that was chosen would change: a whole workspace, not imported yet.
#[derive(Clone, Debug, Serialize, Type)]
pub struct WholePlan {
    /// The file's name.
    pub file: String,
    /// What it would change.
    pub planned: Planned,
}

/// The history of a workspace, for the window.
#[derive(Clone, Debug, Serialize, Type)]
pub struct HistoryShown {
    /// Its revisions, the newest first.
    pub revisions: Vec<RevisionShown>,
    /// What changed since it last worked; none while no revision was proved.
    pub last_worked: Option<LastWorked>,
}

/// One revision of the history.
#[derive(Clone, Debug, Serialize, Type)]
pub struct RevisionShown {
    /// As it is recorded.
    #[serde(flatten)]
    pub recorded: Recorded,
    /// Whether what it needs from the keychain is there.
    pub secret: RevisionSecret,
}

/// Whether the secret or the key pair of a revision is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum RevisionSecret {
    /// It has none.
    None,
    /// It is kept.
    Kept,
    /// It was kept once and is not found any more.
    Gone,
}

/// What somebody tested would get under rules that are not kept yet.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Replayed {
    /// The evidence of the sign-in.
    pub evidence: String,
    /// Those rules on its claims.
    pub resolution: Resolution,
}

/// A made-up person of the practice provider.
#[derive(Clone, Debug, Serialize, Type)]
pub struct PracticePerson {
    /// The name.
    pub name: String,
    /// The address to sign in with.
    pub email: String,
    /// The password, which protects nothing.
    pub password: String,
    /// The groups.
    pub groups: Vec<String>,
}

/// Where a provider's metadata comes from.
#[derive(Clone, Debug, Deserialize, Type)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum MetadataSource {
    /// The text itself.
    Paste {
        /// The document.
        text: String,
    },
    /// Its address.
    Address {
        /// Where it is published.
        address: String,
    },
    /// A file that the person chooses.
    File,
}

/// What a provider's metadata says.
#[derive(Clone, Debug, Serialize, Type)]
pub struct MetadataRead {
    /// The address or the file's name; empty for pasted text.
    pub source: String,
    /// What it says.
    #[serde(flatten)]
    pub metadata: Metadata,
}

/// The certificates in a text or a file.
#[derive(Clone, Debug, Serialize, Type)]
pub struct CertificatesRead {
    /// Those that could be read, in order.
    pub certificates: Vec<CertificateShown>,
    /// What was noticed.
    pub findings: Vec<Told>,
}

/// What a text turned out to be, and the cause that it shows.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Diagnosed {
    /// What it is.
    pub kind: Kind,
    /// The same in words; empty for what is nothing known.
    pub thing: String,
    /// The causes, the most likely first.
    pub findings: Vec<Told>,
}

/// A browser's recording and what it shows.
#[derive(Clone, Debug, Serialize, Type)]
pub struct HarRead {
    /// The file's name.
    pub file: String,
    /// What the recording says about itself.
    pub recording: Har,
    /// What is said about the failed sign-in, the most likely cause first.
    pub findings: Vec<Told>,
    /// The sign-ins in it, in the order of time.
    pub chains: Vec<Chain>,
    /// Which of them the findings are about, counted from 0.
    pub judged: Option<u32>,
}

/// How far a recording has been read, in bytes.
#[derive(Clone, Debug, Serialize, Type)]
pub struct HarProgress {
    /// What has been read.
    pub read: f64,
    /// All of it.
    pub size: f64,
}

/// What is known of what support asks for, before the person answers.
#[derive(Clone, Debug, Serialize, Type)]
pub struct BundleBegun {
    /// The answers that are known; the others are empty.
    pub asked: Asked,
    /// The recording that was read last, if one was.
    pub recording: Option<HarHeld>,
}

/// A recording that was read and can be given away without its secrets.
#[derive(Clone, Debug, Serialize, Type)]
pub struct HarHeld {
    /// The file's name.
    pub file: String,
    /// How many requests were read.
    pub requests: u32,
    /// Who wrote it.
    pub recorded_by: String,
}

/// One file of a bundle, with its beginning.
#[derive(Clone, Debug, Serialize, Type)]
pub struct BundleShown {
    /// Its name in the zip.
    pub name: String,
    /// In bytes.
    pub size: u32,
    /// SHA-256 over it, in small hexadecimal digits.
    pub sha256: String,
    /// What was taken out of it, in words.
    pub removed: Vec<String>,
    /// How it begins.
    pub text: String,
    /// The byte from which it goes on; none where this is all.
    pub next: Option<u32>,
}

/// More of a file of a bundle.
#[derive(Clone, Debug, Serialize, Type)]
pub struct BundlePart {
    /// Exactly what is in the file there.
    pub text: String,
    /// The byte from which it goes on; none at its end.
    pub next: Option<u32>,
}

/// What a provider said when it was asked again.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Looked {
    /// When it was asked; none where there is no address to ask.
    pub at: Option<Timestamp>,
    /// Whether it answered.
    pub reached: bool,
    /// What its answer says about this computer's clock.
    pub clock: Option<String>,
    /// What is different, or why it did not answer.
    pub findings: Vec<Told>,
}

/// Something that the practice provider can do otherwise.
#[derive(Clone, Debug, Serialize, Type)]
pub struct FaultTaught {
    /// Its name, as the command has it.
    pub name: String,
    /// The protocol that it is about.
    pub protocol: Protocol,
    /// What the provider does, in one sentence.
    pub says: String,
    /// Whether the standard allows it all the same.
    pub allowed: bool,
    /// Whether the provider does it at present.
    pub on: bool,
}

/// The two-sided list for whoever runs the provider.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Checklist {
    /// As a page, to be shown and printed.
    pub page: Page,
    /// As a text to send.
    pub text: String,
}

/// How a test sign-in is made.
#[derive(Clone, Debug, Deserialize, Type)]
pub struct SignInAsk {
    /// In the sign-in window or in the system browser.
    pub way: Way,
    /// How the answer is asked to come.
    pub response_mode: ResponseMode,
    /// The address to send as a hint, where the connection sends one.
    pub hint: Option<String>,
    /// The role that the person is expected to get, chosen before the sign-in.
    pub expected_role: Option<String>,
    /// The provider's dashboard, where the person starts the sign-in by the service's tile. None where
    /// the service starts it.
    pub dashboard: Option<String>,
}

/// An answer that is brought in place of a sign-in here.
#[derive(Clone, Debug, Deserialize, Type)]
pub struct Bringing {
    /// Where it is.
    pub source: AnswerSource,
    /// The role that the person is expected to get, chosen before it is read.
    pub expected_role: Option<String>,
    /// What the person is called here.
    pub name: Option<String>,
}

/// Where an answer is that is brought.
#[derive(Clone, Debug, Deserialize, Type)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum AnswerSource {
    /// The text itself.
    Paste {
        /// A SAML response, an ID token, or the answer file.
        text: String,
    },
    /// A file that the person chooses.
    File,
}

/// What a running test sign-in is doing.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(tag = "now", rename_all = "snake_case")]
pub enum Progress {
    /// Reading what the provider says about itself.
    Discovering {
        /// The provider's host.
        host: String,
    },
    /// The sign-in page is open; the person acts.
    Waiting {
        /// The address that the window shows: scheme, host and path.
        address: String,
        /// When the sign-in ends by itself, RFC 3339.
        until: String,
    },
    /// The sign-in page has moved on, or has been loaded.
    At {
        /// The address that the window shows: scheme, host and path.
        address: String,
        /// Whether the page is still on its way.
        loading: bool,
    },
    /// The page says why nothing goes on; empty once it does not any more.
    Shows {
        /// The causes, the most likely first.
        findings: Vec<Told>,
    },
    /// The answer was caught and is being verified.
    Verifying,
}

/// A test sign-in that has ended.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Tested {
    /// What it showed.
    pub verdict: Verdict,
    /// The evidence that was kept, if the person was identified.
    pub evidence: Option<String>,
    /// The workspace with it.
    pub desk: Desk,
}
