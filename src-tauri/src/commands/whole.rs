//! Whole workspaces in one file.

use jiff::Timestamp;
use latchkey_core::Fault;
use latchkey_core::text::file_name;
use latchkey_store::{Store, StoreError, Whole, WorkspaceId};
use tauri::{AppHandle, State};

use crate::desk::{desk, workspace_id};
use crate::dialogs::{self, Kind};
use crate::house::{Answer, House, away, told};
use crate::wire::{Desk, WholePlan};

/// Lets the person choose where to write the whole workspace; its path.
#[tauri::command]
#[specta::specta]
pub async fn export_whole(
    app: AppHandle,
    house: State<'_, House>,
    id: String,
) -> Answer<Option<String>> {
    let id = workspace_id(&id)?;
    let whole = house
        .store(move |store| store.export_whole(&id, Timestamp::now()))
        .await?;
    let name = file_name(&whole.draft.workspace.name, "whole.json");
    let text = away(move || whole.written()).await?;
    dialogs::save(&app, Kind::Whole, &name, text).await
}

/// Lets the person choose a whole workspace, and says what it would change; nothing is changed.
#[tauri::command]
#[specta::specta]
pub async fn plan_import(app: AppHandle, house: State<'_, House>) -> Answer<Option<WholePlan>> {
    let Some(chosen) = dialogs::open(&app, Kind::Whole).await? else {
        return Ok(None);
    };
    let file = chosen.name.clone();
    let whole = away(move || Whole::read(&chosen.bytes))
        .await?
        .map_err(|error| {
            told(Fault::FileUnusable {
                file: file.clone(),
                reason: error.to_string(),
            })
        })?;
    let asked = whole.clone();
    let planned = house
        .store(move |store| store.plan_whole(&asked, None))
        .await?;
    house.plan(whole);
    Ok(Some(WholePlan { file, planned }))
}

/// Imports the whole workspace that was planned last, and opens it.
#[tauri::command]
#[specta::specta]
pub async fn import_planned(house: State<'_, House>) -> Answer<Desk> {
    let whole = house
        .take_plan()
        .ok_or_else(|| told(Fault::NothingPlanned {}))?;
    let id = house.store(move |store| imported(store, &whole)).await?;
    desk(&house, &id).await
}

fn imported(store: &Store, whole: &Whole) -> Result<WorkspaceId, StoreError> {
    let (id, _) = store.import_whole(whole, None, Timestamp::now())?;
    store.set_opened_last(Some(&id))?;
    Ok(id)
}
