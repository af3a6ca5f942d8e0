//! What the window asks of a workspace's history.

use jiff::Timestamp;
use latchkey_core::changes::Change;
use latchkey_store::{Unsaved, WorkspaceId, author};
use tauri::State;

use crate::desk::{desk, workspace_id};
use crate::house::{Answer, House, Whereabouts};
use crate::wire::{Desk, HistoryShown, RevisionSecret, RevisionShown};

/// The revisions of a workspace with what proved them, and what changed since it last worked.
#[tauri::command]
#[specta::specta]
pub async fn history(house: State<'_, House>, id: String) -> Answer<HistoryShown> {
    let id = workspace_id(&id)?;
    let asked = id.clone();
    let history = house.store(move |store| store.history(&asked)).await?;
    let mut revisions = Vec::with_capacity(history.revisions.len());
    for recorded in history.revisions {
        let secret = secret(&house, &id, recorded.secret_mark.as_deref()).await?;
        revisions.push(RevisionShown { recorded, secret });
    }
    Ok(HistoryShown {
        revisions,
        last_worked: history.last_worked,
    })
}

/// What differs between two revisions; none stands for the draft.
#[tauri::command]
#[specta::specta]
pub async fn compare(
    house: State<'_, House>,
    id: String,
    before: Option<u32>,
    after: Option<u32>,
) -> Answer<Vec<Change>> {
    let id = workspace_id(&id)?;
    house
        .store(move |store| store.compare(&id, before, after))
        .await
}

/// Makes a new revision from an older one; the draft becomes it. `version` is the draft's that the
/// person has seen: what came after it is not replaced.
#[tauri::command]
#[specta::specta]
pub async fn restore_revision(
    house: State<'_, House>,
    id: String,
    version: u32,
    number: u32,
) -> Answer<Desk> {
    let id = workspace_id(&id)?;
    let asked = id.clone();
    let unsaved = Unsaved::Replace {
        seen: Some(version),
    };
    house
        .store(move |store| store.restore(&asked, number, unsaved, &author(), Timestamp::now()))
        .await?;
    desk(&house, &id).await
}

async fn secret(house: &House, id: &WorkspaceId, mark: Option<&str>) -> Answer<RevisionSecret> {
    if mark.is_none() {
        return Ok(RevisionSecret::None);
    }
    Ok(match house.whereabouts(id, mark).await? {
        Whereabouts::Nowhere => RevisionSecret::Gone,
        // That the keychain refuses is said where the secret is needed.
        Whereabouts::Memory | Whereabouts::Keychain | Whereabouts::Unsaid { .. } => {
            RevisionSecret::Kept
        }
    })
}
