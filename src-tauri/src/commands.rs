//! Everything that the window can ask for.

#![allow(
    unreachable_pub,
    reason = "the command macros name them from another module"
)]

pub mod bundle;
pub mod evidence;
pub mod gates;
pub mod hand_over;
pub mod har;
pub mod history;
#[cfg(test)]
mod kills;
pub mod paste;
pub mod people;
pub mod rules;
pub mod saml;
pub mod trouble;
pub mod whole;

use std::sync::Arc;

use jiff::Timestamp;
use latchkey_core::check::{check, check_secret};
use latchkey_core::connection::Issuer;
use latchkey_core::oidc::Discovery;
use latchkey_core::{
    Catalogue, Draft, Evidence, Fault, Finding, Fingerprint, Flow, Protocol, SetUp, Step, Told,
};
use latchkey_signin::Held;
use latchkey_store::{Kept, LONGEST_SECRET, RevisionHead, SecretHome, StoreError, WorkspaceId};
use secrecy::{ExposeSecret, SecretString};
use tauri::ipc::Channel;
use tauri::{AppHandle, State};
use url::Url;

use crate::desk::{self, desk, workspace_id};
use crate::dialogs::{self, Kind};
use crate::house::{Answer, House, told};
use crate::sign_in::{self, Subject, Tell};
use crate::wire::{Desk, Home, Progress, SecretPlace, SignInAsk, Start, Tested};

/// All that the interface needs to begin.
#[tauri::command]
#[specta::specta]
pub async fn start(house: State<'_, House>) -> Answer<Start> {
    let (home, resume, salvage) = house
        .store(|store| Ok((Home::of(store)?, store.opened_last()?, store.salvage()?)))
        .await?;
    Ok(Start {
        catalogue: Catalogue::built_in().clone(),
        home,
        resume: resume.map(|id| id.to_string()),
        secrets: match house.secret_home().await? {
            SecretHome::Keychain => SecretPlace::Keychain,
            SecretHome::UntilClosed { .. } => SecretPlace::UntilClosed,
        },
        database: house.database().display().to_string(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        salvage,
    })
}

/// Puts the report on a damaged database away: the person has read it.
#[tauri::command]
#[specta::specta]
pub async fn put_salvage_away(house: State<'_, House>) -> Answer<()> {
    house.store(latchkey_store::Store::put_salvage_away).await
}

/// The home page; no workspace is open any more.
#[tauri::command]
#[specta::specta]
pub async fn home(house: State<'_, House>) -> Answer<Home> {
    house
        .store(|store| {
            store.set_opened_last(None)?;
            Home::of(store)
        })
        .await
}

/// A new, empty workspace.
#[tauri::command]
#[specta::specta]
pub async fn create_workspace(house: State<'_, House>) -> Answer<Desk> {
    made(&house, Draft::default()).await
}

/// A new workspace with the practice provider behind it.
#[tauri::command]
#[specta::specta]
pub async fn create_practice(house: State<'_, House>, protocol: Protocol) -> Answer<Desk> {
    let practice = house.practice(None).await?;
    let mut draft = Draft {
        practice: true,
        ..Draft::default()
    };
    let set_up = &mut draft.set_up;
    set_up.workspace.name = "Practice".to_owned();
    set_up.workspace.region = "us".to_owned();
    set_up.workspace.owner_email = practice
        .people()
        .first()
        .map(|one| one.email.clone())
        .unwrap_or_default();
    desk::as_practice(&mut set_up.connection, protocol, &practice).await?;
    made(&house, draft).await
}

/// Opens a workspace.
#[tauri::command]
#[specta::specta]
pub async fn open_workspace(house: State<'_, House>, id: String) -> Answer<Desk> {
    let id = workspace_id(&id)?;
    let opened = id.clone();
    house
        .store(move |store| store.set_opened_last(Some(&opened)))
        .await?;
    desk::refresh_practice(&house, &id).await?;
    desk(&house, &id).await
}

/// Deletes a workspace with its revisions, evidence and secrets.
#[tauri::command]
#[specta::specta]
pub async fn delete_workspace(house: State<'_, House>, id: String) -> Answer<Home> {
    let id = workspace_id(&id)?;
    // Secrets first: what is left behind by a refusal can still be found.
    house.forget_secrets(&id).await?;
    house.people()?.drop_of(&id).await?;
    house
        .store(move |store| {
            store.delete(&id, Timestamp::now())?;
            Home::of(store)
        })
        .await
}

/// Keeps the draft and says what is noticed about it. `version` is the one that was read.
#[tauri::command]
#[specta::specta]
pub async fn keep(house: State<'_, House>, id: String, version: u32, draft: Draft) -> Answer<Desk> {
    let id = workspace_id(&id)?;
    kept(&house, &id, version, draft).await?;
    desk(&house, &id).await
}

/// Keeps the draft over the version that was seen; the new version, durable.
pub(crate) async fn kept(
    house: &House,
    id: &WorkspaceId,
    version: u32,
    mut draft: Draft,
) -> Answer<u32> {
    let kept = id.clone();
    house
        .store(move |store| {
            let before = store.kept(&kept)?.draft;
            // The window speaks for the form; what names secrets and providers is ours.
            draft.secret_mark = before.secret_mark;
            draft.key_mark = before.key_mark;
            draft.enforced = before.enforced;
            draft.practice = before.practice;
            store.keep(&kept, &draft, version, Timestamp::now())
        })
        .await
}

/// Keeps the client secret; an empty one removes it.
#[tauri::command]
#[specta::specta]
pub async fn keep_secret(
    house: State<'_, House>,
    id: String,
    version: u32,
    secret: String,
) -> Answer<Desk> {
    let id = workspace_id(&id)?;
    let secret = SecretString::from(secret);
    let mut kept = house.seen(&id, version).await?;
    let secret = SecretString::from(secret.expose_secret().trim().to_owned());
    let length = secret.expose_secret().len();
    if length > LONGEST_SECRET {
        let field = "connection.client_secret".to_owned();
        return Err(told(Fault::FieldTooLong {
            field,
            length,
            limit: LONGEST_SECRET,
        }));
    }
    let findings = check_secret(&kept.draft.set_up, Catalogue::built_in(), &secret);
    if let Some(wrong) = findings.iter().find(|finding| finding.is_error()) {
        return Err(Box::new(wrong.told()));
    }
    let current = house
        .find_secret(&id, kept.draft.secret_mark.as_deref())
        .await?;
    if current.is_some_and(|current| current.expose_secret() == secret.expose_secret()) {
        return desk(&house, &id).await;
    }
    let former = kept.draft.secret_mark.take();
    if length > 0 {
        kept.draft.secret_mark = Some(house.keep_secret(&id, secret).await?);
    }
    put(&house, &id, kept, former).await
}

/// Keeps the draft with another secret, in the version that was read a moment ago.
async fn put(house: &House, id: &WorkspaceId, kept: Kept, former: Option<String>) -> Answer<Desk> {
    let asked = id.clone();
    house
        .store(move |store| store.keep(&asked, &kept.draft, kept.version, Timestamp::now()))
        .await?;
    if let Some(former) = former {
        // Where the keychain refuses, it goes with the workspace: nothing names it any more.
        let _ = house.forget_unneeded(id, &former).await;
    }
    desk(house, id).await
}

/// The client secret, to be shown to the person who asked.
#[tauri::command]
#[specta::specta]
pub async fn reveal_secret(house: State<'_, House>, id: String) -> Answer<String> {
    let id = workspace_id(&id)?;
    let asked = id.clone();
    let draft = house.store(move |store| store.kept(&asked)).await?.draft;
    let secret = house.find_secret(&id, draft.secret_mark.as_deref()).await?;
    secret
        .map(|secret| secret.expose_secret().to_owned())
        .ok_or_else(|| told(Fault::SecretNotKept {}))
}

/// Reads what the provider at this issuer says about itself.
#[tauri::command]
#[specta::specta]
pub async fn discover(house: State<'_, House>, id: String, issuer: String) -> Answer<Discovery> {
    const FIELD: &str = "connection.issuer";
    let at_issuer = |fault: Fault| Box::new(Finding::error(fault).at(FIELD).told());
    let id = workspace_id(&id)?;
    let set_up = house
        .store(move |store| store.kept(&id))
        .await?
        .draft
        .set_up;
    provider_address(&issuer, FIELD, &set_up)?;
    let issuer = Issuer::parse(&issuer).ok_or_else(|| {
        let field = FIELD.to_owned();
        at_issuer(Fault::NotAnAddress { field })
    })?;
    latchkey_signin::discover(&house.http, &issuer)
        .await
        .map_err(at_issuer)
}

/// An address of a provider that may be asked.
fn provider_address(address: &str, field: &str, set_up: &SetUp) -> Answer<Url> {
    let asked = latchkey_signin::provider_address(address, field, set_up);
    asked.map_err(|finding| Box::new(finding.told()))
}

/// Runs one test sign-in to its end.
#[tauri::command]
#[specta::specta]
pub async fn sign_in(
    app: AppHandle,
    house: State<'_, House>,
    id: String,
    ask: SignInAsk,
    on_progress: Channel<Progress>,
) -> Answer<Tested> {
    let id = workspace_id(&id)?;
    let (_turn, cancelled) = house.begin_sign_in()?;
    let (subject, draft) = subject(&house, &id).await?;
    let dashboard = ask.dashboard.as_deref();
    let dashboard = dashboard
        .map(|address| provider_address(address, "ask.dashboard", &draft.set_up))
        .transpose()?;
    // A window that is gone hears nothing; the sign-in ends by itself.
    let tell: Tell = Arc::new(move |progress| drop(on_progress.send(progress)));
    let outcome = sign_in::run(
        &app,
        &house.http,
        &subject,
        &ask,
        dashboard,
        &tell,
        cancelled,
    )
    .await;
    let fingerprint = Fingerprint::of(&subject.connection, draft.mark());
    let evidence = Evidence::of(
        &outcome.verdict,
        latchkey_store::new_mark(),
        Timestamp::now(),
        outcome.way,
        fingerprint,
    )
    .map(|evidence| evidence.expecting(ask.expected_role));
    let kept = evidence.as_ref().map(|evidence| evidence.id.clone());
    if let Some(evidence) = evidence {
        let asked = id.clone();
        house
            .store(move |store| store.add_evidence(&asked, &evidence))
            .await?;
    }
    Ok(Tested {
        verdict: outcome.verdict,
        evidence: kept,
        desk: desk(&house, &id).await?,
    })
}

/// Ends the test sign-in that is running.
#[tauri::command]
#[specta::specta]
pub async fn cancel_sign_in(house: State<'_, House>) -> Answer<()> {
    house.cancel_sign_in();
    Ok(())
}

/// Forgets the evidence of one test sign-in.
#[tauri::command]
#[specta::specta]
pub async fn forget_test(house: State<'_, House>, id: String, evidence: String) -> Answer<Desk> {
    let id = workspace_id(&id)?;
    let asked = id.clone();
    house
        .store(
            move |store| match store.forget_evidence(&asked, &evidence, Timestamp::now()) {
                // Forgotten in another window already: that is what was asked for.
                Err(StoreError::NoSuchEvidence { .. }) => Ok(()),
                other => other,
            },
        )
        .await?;
    desk(&house, &id).await
}

/// The saved revisions, the newest first.
#[tauri::command]
#[specta::specta]
pub async fn revisions(house: State<'_, House>, id: String) -> Answer<Vec<RevisionHead>> {
    let id = workspace_id(&id)?;
    let mut heads = house.store(move |store| store.revisions(&id)).await?;
    heads.reverse();
    Ok(heads)
}

/// Lets the person choose a set-up file and opens it as a workspace.
#[tauri::command]
#[specta::specta]
pub async fn import_set_up(app: AppHandle, house: State<'_, House>) -> Answer<Option<Desk>> {
    let Some(chosen) = dialogs::open(&app, Kind::SetUp).await? else {
        return Ok(None);
    };
    let read = SetUp::read(&chosen.bytes);
    let set_up = read.map_err(|error| chosen.unusable(error))?;
    let draft = Draft {
        reached: Step::Save,
        ..Draft::brought(set_up)
    };
    made(&house, draft).await.map(Some)
}

/// Makes a workspace and opens it. Where its name is taken, a number is put behind it.
async fn made(house: &House, draft: Draft) -> Answer<Desk> {
    let id: WorkspaceId = house
        .store(move |store| {
            let wanted = draft.set_up.workspace.name.clone();
            let mut draft = draft;
            for number in 2.. {
                match store.create(&draft, Timestamp::now()) {
                    Err(StoreError::NameTaken { .. }) if number < 1_000 => {
                        draft.set_up.workspace.name = format!("{wanted} {number}");
                    }
                    other => {
                        let id = other?;
                        store.set_opened_last(Some(&id))?;
                        return Ok(id);
                    }
                }
            }
            unreachable!("the loop ends with an answer")
        })
        .await?;
    desk::refresh_practice(house, &id).await?;
    desk(house, &id).await
}

/// What a test sign-in needs, or the first thing that keeps it from starting.
async fn subject(house: &House, id: &WorkspaceId) -> Answer<(Subject, Draft)> {
    let asked = id.clone();
    let draft = house.store(move |store| store.kept(&asked)).await?.draft;
    let checked = check(&draft.set_up, Catalogue::built_in());
    let held = held(house, id, &draft).await?;
    let secret = house.whereabouts(id, draft.mark()).await?;
    let findings = desk::findings(&checked, &draft, &secret);
    let connection_wrong = findings.iter().any(|finding| {
        finding.is_error()
            && finding
                .path
                .as_deref()
                .is_some_and(|path| path.starts_with("connection"))
    });
    let (Some(connection), Some(service), false) =
        (checked.connection, checked.service, connection_wrong)
    else {
        return Err(first_error(&findings));
    };
    let provider = Catalogue::built_in().provider(connection.provider());
    let subject = Subject {
        set_up: draft.set_up.clone(),
        held,
        taking_answers: Catalogue::built_in().taking_answers(&draft.set_up),
        starts_at: Catalogue::built_in().starts_at(&draft.set_up),
        rules: draft.set_up.rules.clone(),
        service,
        provider_name: provider.map_or_else(String::new, |provider| provider.name.clone()),
        connection,
    };
    Ok((subject, draft))
}

/// The first thing that keeps what was asked for from beginning.
fn first_error(findings: &[Finding]) -> Box<Told> {
    let wrong = findings.iter().find(|finding| finding.is_error());
    wrong.map_or_else(
        || told(Fault::ConditionsNotMet {}),
        |wrong| Box::new(wrong.told()),
    )
}

/// The secrets that this draft's connection needs.
async fn held(house: &House, id: &WorkspaceId, draft: &Draft) -> Answer<Held> {
    let connection = &draft.set_up.connection;
    let mut held = Held::default();
    match connection.protocol {
        Protocol::Oidc if connection.flow == Some(Flow::Implicit) => {}
        Protocol::Oidc => {
            held.client_secret = house.find_secret(id, draft.secret_mark.as_deref()).await?;
        }
        Protocol::Saml => {
            held.key_pair = house.find_key_pair(id, draft.key_mark.as_deref()).await?;
        }
    }
    Ok(held)
}
