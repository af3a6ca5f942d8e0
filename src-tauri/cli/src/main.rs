//! The `latchkey` command: all that the window can do without a person, on the same core.
//!
//! Standard output is its contract: JSON with `--json`, else text made for reading. Messages go to
//! standard error. The exit status is 0 where it holds, 1 where it does not, 2 where the input
//! could not be used.

mod args;
mod asked;
mod bundle;
mod check;
mod diagnose;
mod export;
mod input;
mod new_file;
mod out;
mod practice;
mod preview;
mod resolve;
mod sign_in;
mod signals;
mod stop;
mod verify_saml;
mod verify_token;
mod watch;
mod words;
mod workspaces;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;
use latchkey_core::{SetUp, Verdict};

use args::{Cli, Command};
use out::Out;
use stop::Stop;

/// Whether what was asked holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    Yes,
    No,
}

impl Holds {
    /// A sign-in holds where every stage passed, the role included.
    fn of(verdict: &Verdict) -> Self {
        if verdict.passed() {
            Self::Yes
        } else {
            Self::No
        }
    }
}

/// The exit status of input that could not be used.
const UNUSABLE: u8 = 2;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return misused(&error),
    };
    match run(cli) {
        Ok(Holds::Yes) => ExitCode::SUCCESS,
        Ok(Holds::No) => ExitCode::FAILURE,
        Err(stop) => {
            out::message(&stop);
            ExitCode::from(UNUSABLE)
        }
    }
}

fn run(cli: Cli) -> Result<Holds, Stop> {
    let out = Out { json: cli.json };
    match cli.command {
        Command::Check { set_up } => check::run(&set_up, out),
        Command::Resolve { set_up, claims } => resolve::run(&set_up, &claims, out),
        Command::Preview {
            set_up,
            people,
            keep_rest,
        } => preview::run(&set_up, &people, keep_rest, out),
        Command::VerifySaml(asked) => verify_saml::run(&asked, out),
        Command::Export { set_up, form } => export::run(&set_up, form, out),
        Command::Diagnose(asked) => diagnose::run(&asked, out),
        Command::VerifyToken(asked) => verify_token::run(&asked, out),
        Command::SignIn(asked) => sign_in::run(asked, out),
        Command::Watch { set_ups, metadata } => watch::run(&set_ups, metadata.as_ref(), out),
        Command::Practice { port, fault } => practice::run(port, fault, out),
        Command::Workspaces { data_dir, action } => workspaces::run(data_dir, action, out),
        Command::Schema => {
            out.document(&format!("{:#}\n", SetUp::schema()))?;
            Ok(Holds::Yes)
        }
    }
}

/// Help and version are what was asked for; all else is one sentence and where to read on.
fn misused(error: &clap::Error) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // Nobody reads it where it cannot be printed.
            let _ = error.print();
            ExitCode::SUCCESS
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            ExitCode::from(UNUSABLE)
        }
        _ => {
            out::message(&words::misuse(&error.render().to_string()));
            ExitCode::from(UNUSABLE)
        }
    }
}
