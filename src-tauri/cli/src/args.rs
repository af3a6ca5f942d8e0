//! What can be asked for on the command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgGroup, Args, ColorChoice, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;
use latchkey_core::oidc::ResponseMode;
use latchkey_practice::Fault;

use crate::practice;
use url::Url;

/// Set up single sign-on without locking anyone out.
#[derive(Debug, Parser)]
#[command(
    name = "latchkey",
    version,
    arg_required_else_help = true,
    // Nothing else that this command writes has a colour, and CLICOLOR_FORCE would colour a file.
    color = ColorChoice::Never,
    after_help = "Exit status: 0 it holds, 1 it does not hold, 2 the input could not be used.\n\n\
                  Example: latchkey check acme.json && latchkey sign-in acme.json --loopback 8765"
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Write JSON to standard output instead of text
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check every field and every rule of a set-up
    #[command(after_help = "Example: latchkey check acme.json --json")]
    Check {
        /// The set-up file
        #[arg(value_name = "SETUP")]
        set_up: PathBuf,
    },
    /// Say which role the person with these claims gets, and why
    #[command(
        after_help = "Example: echo '{\"email\": \"olivia@acme.example\", \"groups\": [\"SecOps\"]}' | \
                      latchkey resolve acme.json --claims -"
    )]
    Resolve {
        /// The set-up file
        #[arg(value_name = "SETUP")]
        set_up: PathBuf,
        /// The claims as a JSON object of texts and lists of texts; `-` for standard input
        #[arg(long, value_name = "FILE")]
        claims: PathBuf,
    },
    /// Count who would get which role in a whole directory
    #[command(after_help = "Example: latchkey preview acme.json --people people.csv --json")]
    Preview {
        /// The set-up file
        #[arg(value_name = "SETUP")]
        set_up: PathBuf,
        /// The people: CSV with the columns email and groups (separated by `;`), or a SCIM 2.0 list
        /// in JSON; `-` for standard input
        #[arg(long, value_name = "FILE")]
        people: PathBuf,
        /// Leave out records of the CSV whose quotes are broken, instead of refusing the file
        #[arg(long)]
        keep_rest: bool,
    },
    /// Verify a captured SAML response as the service would
    #[command(
        after_help = "Example: latchkey verify-saml acme.json --response response.xml \
                      --request-id _8e8dc5f69a98cc4c1ff3427e5ce34606 --at 2026-11-22T18:00:00Z"
    )]
    VerifySaml(VerifySaml),
    /// Write the set-up as another program reads it
    #[command(
        after_help = "checklist: the values to paste at the provider, its steps, and the values to send back, as \
                      Markdown. What comes back is read by the window's paste field.\n\
                      sql: the rules as one query over claims (person, claim, value), for DuckDB, PostgreSQL, Spark \
                      and Trino.\n\
                      curl: a shell script that adds the rules by the service's interface, and lists those that are \
                      there first. It takes its token from the environment.\n\
                      ics: reminders before a certificate or the client secret ends, for any calendar.\n\
                      terraform: the application at Okta, Entra ID, Auth0 or Keycloak as resources, and the rules as \
                      values; for other providers what identity-platform writes.\n\
                      identity-platform: the connection as resources of Google Identity Platform.\n\n\
                      Example: latchkey export acme.json --as sql > roles.sql"
    )]
    Export {
        /// The set-up file
        #[arg(value_name = "SETUP")]
        set_up: PathBuf,
        /// What to write
        #[arg(long = "as", value_name = "FORM", value_enum)]
        form: Export,
    },
    /// Verify a captured ID token as the service would
    #[command(
        after_help = "Example: latchkey verify-token acme.json --token token.txt --jwks keys.json \
                      --nonce n-0S6_WzA2Mj --at 2026-11-22T18:00:00Z"
    )]
    VerifyToken(VerifyToken),
    /// Name the cause of a failed sign-in
    #[command(
        after_help = "The text may be in any language: an error page, an address bar, a SAML response, an ID token. A \
                      recording (HAR) is that of Chrome, Edge, Firefox, Safari or Charles, of any size; cookies, codes, \
                      passwords and secrets in it are not kept.\n\
                      Exit status 1 says that a cause was found; likely and possible ones are warnings and notes.\n\n\
                      Example: latchkey diagnose acme.json --har sign-in.har\n\
                      Example: latchkey diagnose acme.json --error 'AADSTS50011: The redirect URI ...'\n\
                      Example: latchkey diagnose acme.json --har sign-in.har --bundle for-support.zip"
    )]
    Diagnose(Diagnose),
    /// Do one real test sign-in in the system browser
    #[command(
        after_help = "The first line of standard output is {\"open\": URL}, the last the verdict. The provider must \
                      admit http://127.0.0.1:PORT/callback as redirect URI (SAML: as Assertion Consumer Service).\n\n\
                      Example: latchkey sign-in acme.json --loopback 8765 --secret-file secret.txt"
    )]
    SignIn(SignIn),
    /// Look for what has ended, ends soon or has changed at the provider; for cron and systemd
    #[command(
        after_help = "Certificates and the client secret are held against the date, the discovery document or the \
                      metadata against the set-up. Exit status 1 says that somebody should act now.\n\n\
                      Example: latchkey watch acme.json globex.json --json\n\
                      Example: latchkey watch acme.json --metadata https://sso.acme.example/metadata"
    )]
    Watch {
        /// The set-up files
        #[arg(value_name = "SETUP", required = true)]
        set_ups: Vec<PathBuf>,
        /// SAML: where the provider publishes its metadata; with one set-up alone. The entity ID is
        /// tried if left out
        #[arg(long, value_name = "URL", value_parser = address)]
        metadata: Option<Url>,
    },
    /// Run the practice provider until ended
    #[command(after_help = practice::EXAMPLE, after_long_help = practice::help())]
    Practice {
        /// The port on 127.0.0.1; any free one if left out
        #[arg(long)]
        port: Option<u16>,
        /// What it does otherwise than a good provider; names for its SAML half begin with saml-
        #[arg(long, value_name = "NAME", value_parser = fault)]
        fault: Option<Fault>,
    },
    /// List, import, export and restore the workspaces of the window
    #[command(
        after_help = "Example: latchkey workspaces import acme.json && latchkey workspaces history Acme"
    )]
    Workspaces {
        /// Another directory than the window's
        #[arg(long, value_name = "DIR", global = true)]
        data_dir: Option<PathBuf>,
        #[command(subcommand)]
        action: Workspaces,
    },
    /// Print the JSON Schema of the set-up file
    #[command(after_help = "Example: latchkey schema > latchkey-1.schema.json")]
    Schema,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Export {
    /// The set-up itself, in the form of its file
    Json,
    /// What to do at the provider, to send to whoever runs it
    Checklist,
    /// The rules as one query
    Sql,
    /// The rules as a script for the service's interface
    Curl,
    /// Reminders of what ends, for a calendar
    Ics,
    /// The application at the provider, for Terraform; where its resources are not known, the service's side
    Terraform,
    /// The service's side on Google Identity Platform, for Terraform
    IdentityPlatform,
}

#[derive(Debug, Args)]
pub(crate) struct VerifySaml {
    /// The set-up file
    #[arg(value_name = "SETUP")]
    pub(crate) set_up: PathBuf,
    /// The response: XML, base64 of it, or the body of the form; `-` for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) response: PathBuf,
    /// The ID of the request that it must answer; not checked if left out
    #[arg(long, value_name = "ID")]
    pub(crate) request_id: Option<String>,
    /// The time of verification in RFC 3339; now if left out
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) at: Option<Timestamp>,
    /// The workspace's key pair in PEM, to decrypt with; `-` for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// Where the response was sent; the set-up's Login Redirect URL if left out
    #[arg(long, value_name = "URL", value_parser = address)]
    pub(crate) acs: Option<Url>,
}

#[derive(Debug, Args)]
#[group(skip)]
#[command(group(ArgGroup::new("shown").args(["error", "har"]).required(true)))]
pub(crate) struct Diagnose {
    /// The set-up file that people signed in with; what is given is held against it
    #[arg(value_name = "SETUP")]
    pub(crate) set_up: Option<PathBuf>,
    /// What was shown; `-` for standard input
    #[arg(
        long,
        value_name = "TEXT",
        allow_hyphen_values = true,
        conflicts_with = "har"
    )]
    pub(crate) error: Option<OsString>,
    /// A recording of the sign-in, as the browser's developer tools export it; `-` for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) har: Option<PathBuf>,
    /// Write a zip for the service's support to this new file, with secrets and personal data taken out
    #[arg(long, value_name = "FILE")]
    pub(crate) bundle: Option<PathBuf>,
    /// What support asks for, in JSON: error, address, browser, person, began, affected, changes
    #[arg(long, value_name = "FILE", requires = "bundle")]
    pub(crate) answers: Option<PathBuf>,
    /// What becomes of people's addresses in the zip
    #[arg(long, value_enum, default_value_t, requires = "bundle")]
    pub(crate) people: People,
}

/// What becomes of people's addresses in a bundle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum People {
    /// The same person is the same word all through the zip
    #[default]
    Hash,
    /// Nothing tells one person from another
    Mask,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyToken {
    /// The set-up file
    #[arg(value_name = "SETUP")]
    pub(crate) set_up: PathBuf,
    /// The ID token, or the whole answer of the token endpoint; `-` for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) token: PathBuf,
    /// The provider's key set (RFC 7517); `-` for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) jwks: PathBuf,
    /// The nonce that the token must repeat; not checked if left out
    #[arg(long)]
    pub(crate) nonce: Option<String>,
    /// The time of verification in RFC 3339; now if left out
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) at: Option<Timestamp>,
}

#[derive(Debug, Args)]
pub(crate) struct SignIn {
    /// The set-up file
    #[arg(value_name = "SETUP")]
    pub(crate) set_up: PathBuf,
    /// The port of 127.0.0.1 that takes the answer at /callback; 0 for any free one
    #[arg(long, value_name = "PORT")]
    pub(crate) loopback: u16,
    /// The client secret; without it the client is a public one, with PKCE alone
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Option<PathBuf>,
    /// SAML: the workspace's key pair in PEM, a private key and its certificate, to sign the request and to decrypt
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// How the provider is asked to answer (OpenID Connect)
    #[arg(long, value_enum, default_value_t)]
    pub(crate) response_mode: Mode,
    /// The address to send as login hint, where the set-up sends one; the Owner's if left out
    #[arg(long, value_name = "EMAIL")]
    pub(crate) login_hint: Option<String>,
    /// Write the answer to a file for somebody else's Latchkey, which takes it in place of a sign-in
    /// there. The file must not exist yet
    #[arg(long, value_name = "FILE")]
    pub(crate) answer_file: Option<PathBuf>,
    /// How long to wait for the answer
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub(crate) timeout: u32,
    /// Open the system browser even where standard output is no terminal
    #[arg(long)]
    pub(crate) open_browser: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    /// As the flow has it: by query or by fragment
    #[default]
    Usual,
    /// As a form POST
    #[value(name = "form_post")]
    FormPost,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Workspaces {
    /// List all workspaces
    #[command(after_help = "Example: latchkey workspaces list --json")]
    List,
    /// Make a revision from a set-up file, in the workspace that it names; or import a whole workspace
    #[command(after_help = "Example: latchkey workspaces import acme.json")]
    Import {
        /// The set-up file, or the file that `export --whole` wrote
        #[arg(value_name = "SETUP")]
        set_up: PathBuf,
        /// Import a whole workspace only into the workspace of this name
        #[arg(long, value_name = "NAME")]
        into: Option<String>,
        /// Say what would change, and change nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Print the newest revision as a set-up file; the draft while there is none
    #[command(after_help = "Example: latchkey workspaces export Acme > acme.json")]
    Export {
        /// The workspace's name
        name: String,
        /// The whole workspace: revisions, evidence (personal data) and journal too, and no secret
        #[arg(long)]
        whole: bool,
    },
    /// List the revisions of a workspace
    #[command(after_help = "Example: latchkey workspaces history Acme")]
    History {
        /// The workspace's name
        name: String,
    },
    /// Show what differs between two revisions, or between a revision and the draft
    #[command(after_help = "Example: latchkey workspaces compare Acme 1 3")]
    Compare {
        /// The workspace's name
        name: String,
        /// The earlier revision's number
        before: u32,
        /// The later revision's number; the draft if left out
        after: Option<u32>,
    },
    /// Put all that is whole in a damaged database into a fresh one; the damaged one stays beside it
    #[command(after_help = "Example: latchkey workspaces salvage")]
    Salvage,
    /// Make a new revision from an older one
    #[command(after_help = "Example: latchkey workspaces restore Acme 3")]
    Restore {
        /// The workspace's name
        name: String,
        /// The older revision's number
        revision: u32,
        /// Replace a draft that has unsaved changes; it is kept otherwise
        #[arg(long)]
        replace_draft: bool,
    },
}

impl From<Mode> for ResponseMode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Usual => Self::Usual,
            Mode::FormPost => Self::FormPost,
        }
    }
}

/// A time exactly as RFC 3339, section 5.6, writes it. jiff reads more: ISO 8601's other forms, and
/// time zones by name.
fn time(text: &str) -> Result<Timestamp, &'static str> {
    let time = text.parse().ok().filter(|_| is_rfc_3339(text));
    time.ok_or("a time in RFC 3339 is expected, such as 2026-11-22T18:00:00Z")
}

/// `2026-11-22T18:00:00`, a fraction if there is one, and `Z` or an offset such as `+01:00`.
fn is_rfc_3339(text: &str) -> bool {
    // `T` and `Z` may be small letters (section 5.6, second note).
    let text = text.to_ascii_uppercase();
    let Some((clock, behind)) = text.split_at_checked("2026-11-22T18:00:00".len()) else {
        return false;
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = |text: &str, form: &str| {
        let pairs = text.bytes().zip(form.bytes());
        text.len() == form.len()
            && pairs
                .into_iter()
                .all(|(byte, form)| byte == form || (form == b'0' && byte.is_ascii_digit()))
    };
    let Some(zone) = behind.find(['Z', '+', '-']) else {
        return false;
    };
    let (fraction, zone) = behind.split_at(zone);
    let fraction_fits = fraction.is_empty() || fraction.strip_prefix('.').is_some_and(digits);
    let zone_fits = match zone.get(1..) {
        Some("") => zone == "Z",
        // Hours to 23, minutes to 59.
        Some(offset) => {
            zone != "Z" && fits(offset, "00:00") && offset < "24:00" && &offset[3..] < "60"
        }
        None => false,
    };
    fits(clock, "0000-00-00T00:00:00") && fraction_fits && zone_fits
}

fn address(text: &str) -> Result<Url, &'static str> {
    Url::parse(text)
        .ok()
        .filter(Url::has_host)
        .ok_or("a whole web address is expected, such as https://app.example/acs")
}

fn fault(name: &str) -> Result<Fault, String> {
    name.parse()
        .map_err(|unknown| format!("{unknown}; {}", practice::near(name)))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_time_is_one_of_rfc_3339() {
        for text in [
            "2026-11-22T18:00:00Z",
            "2026-11-22t18:00:00z",
            "2026-11-22T18:00:00.25Z",
            "2026-11-22T18:00:00.123456789+01:00",
            "2026-11-22T18:00:00-23:59",
            "2026-11-22T23:59:60Z",
        ] {
            assert!(time(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_time_of_another_form_is_refused() {
        for text in [
            "",
            "now",
            "2026-11-22",
            "2026-11-22T18:00:00",
            "2026-11-22 18:00:00Z",
            "2026-11-22T18:00Z",
            "2026-11-22T18Z",
            "20261122T180000Z",
            "2026-11-22T18:00:00,5Z",
            "2026-11-22T18:00:00.Z",
            "2026-11-22T18:00:00+01",
            "2026-11-22T18:00:00+0100",
            "2026-11-22T18:00:00+01:00:30",
            "2026-11-22T18:00:00+24:00",
            "2026-11-22T18:00:00+01:60",
            "2026-11-22T18:00:00+01:00[Europe/Berlin]",
            "2026-11-22T18:00:00Z[UTC]",
            "2026-11-22T18:00:00Z ",
            "+002026-11-22T18:00:00Z",
            "2026-02-30T18:00:00Z",
            "2026-11-22T18:00:00−01:00",
        ] {
            assert!(time(text).is_err(), "{text}");
        }
    }

    #[test]
    fn every_subcommand_has_an_example() {
        fn check(command: &clap::Command) {
            let help = command
                .get_after_help()
                .map(ToString::to_string)
                .unwrap_or_default();
            assert!(help.contains("Example: "), "{}", command.get_name());
            command.get_subcommands().for_each(check);
        }
        check(&Cli::command());
    }
}
