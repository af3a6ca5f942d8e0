//! `latchkey watch`

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use latchkey_core::diagnosis::symptom::ProviderToday;
use latchkey_core::ending::Ending;
use latchkey_core::finding::{Finding, Told};
use latchkey_core::{Catalogue, Connection, Fault};
use latchkey_signin::Http;
use serde::Serialize;
use tokio::runtime::Runtime;
use tokio::sync::Semaphore;
use url::Url;

use crate::asked::Asked;
use crate::out::Out;
use crate::stop::Stop;
use crate::{Holds, input, words};

/// Providers that are asked at the same time.
const AT_ONCE: usize = 8;

/// What is to be known of all of them.
#[derive(Serialize)]
struct Answer {
    findings: Vec<Noticed>,
    /// The first end of all.
    next_expiry: Option<Timestamp>,
    set_ups: Vec<Watched>,
}

/// A finding, and the file that it is about.
#[derive(Serialize)]
struct Noticed {
    set_up: String,
    #[serde(flatten)]
    told: Told,
}

/// One set-up, and when the first of what it rests on ends.
#[derive(Debug, Serialize)]
pub(crate) struct Watched {
    pub(crate) set_up: String,
    pub(crate) workspace: String,
    pub(crate) next_expiry: Option<Timestamp>,
    #[serde(skip)]
    pub(crate) ends: Option<Ending>,
    #[serde(skip)]
    pub(crate) told: Vec<Told>,
}

pub(crate) fn run(files: &[PathBuf], metadata: Option<&Url>, out: Out) -> Result<Holds, Stop> {
    if metadata.is_some() && files.len() != 1 {
        return Err(Stop::OneSetUp(files.len()));
    }
    if files.iter().filter(|file| input::is_stdin(file)).count() > 1 {
        return Err(Stop::OneInputTwice("two of the set-ups"));
    }
    // All are read before anybody is asked: a file that cannot be used is said at once.
    let mut read = Vec::new();
    for file in files {
        read.push((file.display().to_string(), of_saml(file, metadata)?));
    }
    let now = Timestamp::now();
    let http = Http::new()?;
    let runtime = Runtime::new().map_err(Stop::Start)?;
    let watched = runtime.block_on(watched(read, metadata, &http, now));
    // A name that is still being looked up would hold the answer back.
    runtime.shutdown_background();
    let holds = !watched
        .iter()
        .flat_map(|(_, findings)| findings)
        .any(Finding::is_error);

    let mut findings = Vec::new();
    let mut set_ups = Vec::new();
    for (mut one, found) in watched {
        one.told = found.iter().map(Finding::told).collect();
        findings.extend(one.told.iter().cloned().map(|told| Noticed {
            set_up: one.set_up.clone(),
            told,
        }));
        set_ups.push(one);
    }
    let answer = Answer {
        findings,
        next_expiry: set_ups.iter().filter_map(|one| one.next_expiry).min(),
        set_ups,
    };
    out.answer(&answer, || words::watched(&answer.set_ups))?;
    Ok(if holds { Holds::Yes } else { Holds::No })
}

/// A set-up that was read; one of SAML where an address of metadata is given.
fn of_saml(file: &Path, metadata: Option<&Url>) -> Result<Asked, Stop> {
    let asked = Asked::read(file)?;
    if metadata.is_some() {
        asked.is_saml(file)?;
    }
    Ok(asked)
}

/// What is noticed about each, in their order.
async fn watched(
    set_ups: Vec<(String, Asked)>,
    metadata: Option<&Url>,
    http: &Http,
    now: Timestamp,
) -> Vec<(Watched, Vec<Finding>)> {
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let watching: Vec<_> = set_ups
        .into_iter()
        .map(|(file, asked)| {
            let (turns, http, metadata) = (turns.clone(), http.clone(), metadata.cloned());
            tokio::spawn(async move {
                // Nobody closes it.
                let _turn = turns.acquire().await;
                let findings = noticed(&asked, metadata.as_ref(), &http, now).await;
                let next_expiry = asked.checked.ends.first();
                let watched = Watched {
                    set_up: file,
                    workspace: asked.set_up.workspace.name,
                    next_expiry,
                    ends: next_expiry.map(|at| Ending::of(at, now)),
                    told: Vec::new(),
                };
                (watched, findings)
            })
        })
        .collect();
    let mut all = Vec::new();
    for one in watching {
        // It neither panics nor is it cancelled.
        all.extend(one.await.ok());
    }
    all
}

async fn noticed(
    asked: &Asked,
    metadata: Option<&Url>,
    http: &Http,
    now: Timestamp,
) -> Vec<Finding> {
    let errors = asked.checked.findings.iter().filter(|one| one.is_error());
    let mut findings: Vec<Finding> = errors.cloned().collect();
    findings.extend(asked.checked.ends.findings(now));
    // What keeps it from being asked has been said.
    let Some(connection) = &asked.checked.connection else {
        return findings;
    };
    let address = metadata.map(Url::as_str);
    let looked = latchkey_signin::look(http, &asked.set_up, connection, address, now).await;
    // The entity ID need not be an address at which there is anything.
    let guessed = matches!(connection, Connection::Saml(_)) && metadata.is_none();
    match looked {
        Ok(Some(today)) if !guessed || matches!(today, ProviderToday::Read(_)) => {
            findings.extend(today.drift());
        }
        Err(finding) if !guessed => findings.push(*finding),
        _ => findings.push(Finding::note(Fault::ProviderNotLookedAt {
            provider: provider(asked),
        })),
    }
    findings
}

fn provider(asked: &Asked) -> String {
    let id = &asked.set_up.connection.provider;
    let known = Catalogue::built_in().provider(id);
    known.map_or_else(String::new, |known| known.name.clone())
}
