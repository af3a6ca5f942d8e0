//! Evidence that is brought in a file, and what tested people are called here.

use jiff::Timestamp;
use latchkey_core::brought::{self, Brought, Judged};
use latchkey_core::{Connection, Evidence, Fault, Finding, Fingerprint, Told, Way};
use tauri::{AppHandle, State};

use super::subject;
use crate::desk::{desk, workspace_id};
use crate::dialogs::{self, Kind};
use crate::house::{Answer, House, away, told};
use crate::wire::{AnswerSource, Bringing, Desk, Tested};

/// Judges the answer of a sign-in that took place elsewhere, and keeps what it proves; none if the
/// person chose no file.
#[tauri::command]
#[specta::specta]
pub async fn bring_answer(
    app: AppHandle,
    house: State<'_, House>,
    id: String,
    bringing: Bringing,
) -> Answer<Option<Tested>> {
    let id = workspace_id(&id)?;
    let bytes = match bringing.source {
        AnswerSource::Paste { text } => text.into_bytes(),
        AnswerSource::File => match dialogs::open(&app, Kind::Answer).await? {
            Some(chosen) => chosen.bytes,
            None => return Ok(None),
        },
    };
    let brought = away(move || Brought::read(&bytes)).await?.map_err(unread)?;
    let (subject, draft) = subject(&house, &id).await?;
    let keys = match &subject.connection {
        Connection::Oidc(connection) => {
            let keys = latchkey_signin::keys(&house.http, connection).await;
            Some(keys.map_err(told)?)
        }
        Connection::Saml(_) => None,
    };
    let asked = id.clone();
    let evidence = house.store(move |store| store.evidence(&asked)).await?;
    let fingerprint = Fingerprint::of(&subject.connection, draft.mark());
    let settings = fingerprint.clone();
    let owner = draft.set_up.workspace.owner_email;
    let (verdict, at) = away(move || {
        let judged = Judged {
            connection: &subject.connection,
            key: subject.held.key_pair.as_deref(),
            keys: keys.as_ref(),
            rules: &subject.rules,
            service: &subject.service,
            owner: &owner,
            evidence: &evidence,
            fingerprint: &settings,
            now: Timestamp::now(),
        };
        brought::judge(&brought, &judged)
    })
    .await?;
    let evidence = Evidence::of(
        &verdict,
        latchkey_store::new_mark(),
        at,
        Way::File,
        fingerprint,
    )
    .map(|one| one.expecting(bringing.expected_role).called(bringing.name));
    let kept = evidence.as_ref().map(|evidence| evidence.id.clone());
    if let Some(evidence) = evidence {
        let asked = id.clone();
        house
            .store(move |store| store.add_evidence(&asked, &evidence))
            .await?;
    }
    Ok(Some(Tested {
        verdict,
        evidence: kept,
        desk: desk(&house, &id).await?,
    }))
}

/// Where nothing was brought, the field is what it is about.
fn unread(fault: Fault) -> Box<Told> {
    match fault {
        Fault::BroughtEmpty {} => Box::new(Finding::error(fault).at("ask.answer").told()),
        fault => told(fault),
    }
}

/// Names the person of one test sign-in, as they are called here.
#[tauri::command]
#[specta::specta]
pub async fn name_test(
    house: State<'_, House>,
    id: String,
    evidence: String,
    name: String,
) -> Answer<Desk> {
    let id = workspace_id(&id)?;
    let asked = id.clone();
    house
        .store(move |store| store.name_evidence(&asked, &evidence, &name))
        .await?;
    desk(&house, &id).await
}
