//! What the window hands to other people, and takes from them: the two-sided list, and a described
//! service.

use latchkey_core::ledger::Ledger;
use latchkey_core::set_up::{DescribedService, ServiceChoice};
use latchkey_core::text::file_name;
use latchkey_core::{Catalogue, Fault, service_file};
use latchkey_store::WorkspaceId;
use tauri::{AppHandle, State};

use crate::desk::workspace_id;
use crate::dialogs::{self, Kind};
use crate::house::{Answer, House, told};
use crate::wire::Checklist;

/// The two-sided list for whoever runs the provider: as data, and as a text to send.
#[tauri::command]
#[specta::specta]
pub async fn checklist(house: State<'_, House>, id: String) -> Answer<Checklist> {
    let ledger = ledger(&house, &workspace_id(&id)?).await?;
    Ok(Checklist {
        page: ledger.page(),
        text: ledger.checklist(),
    })
}

/// Lets the person choose where to write the list; its path.
#[tauri::command]
#[specta::specta]
pub async fn save_checklist(
    app: AppHandle,
    house: State<'_, House>,
    id: String,
) -> Answer<Option<String>> {
    let ledger = ledger(&house, &workspace_id(&id)?).await?;
    let name = file_name(&ledger.workspace, "checklist.md");
    dialogs::save(&app, Kind::Checklist, &name, ledger.checklist()).await
}

/// Lets the person choose where to write the service that the set-up describes; its path.
#[tauri::command]
#[specta::specta]
pub async fn export_service(
    app: AppHandle,
    house: State<'_, House>,
    id: String,
) -> Answer<Option<String>> {
    let id = workspace_id(&id)?;
    let set_up = house
        .store(move |store| store.kept(&id))
        .await?
        .draft
        .set_up;
    let ServiceChoice::Described(service) = set_up.workspace.service else {
        return Err(told(Fault::ServiceNotDescribed {}));
    };
    let name = file_name(&service.name, "latchkey-service.json");
    let text = service_file::written(&service);
    dialogs::save(&app, Kind::Service, &name, text).await
}

/// Lets the person choose a file with a service and reads it; none if they changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn choose_service(app: AppHandle) -> Answer<Option<DescribedService>> {
    let Some(file) = dialogs::open(&app, Kind::Service).await? else {
        return Ok(None);
    };
    let read = service_file::read(&file.bytes);
    read.map(Some).map_err(|error| file.unusable(error))
}

async fn ledger(house: &House, id: &WorkspaceId) -> Answer<Ledger> {
    let asked = id.clone();
    let set_up = house
        .store(move |store| store.kept(&asked))
        .await?
        .draft
        .set_up;
    Ledger::of(&set_up, Catalogue::built_in()).map_err(told)
}
