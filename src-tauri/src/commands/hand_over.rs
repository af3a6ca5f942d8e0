//! What the window hands to other people and programs, and takes from them: the set-up in all its
//! forms, the two-sided list, and a described service.

use jiff::Timestamp;
use latchkey_core::check::check;
use latchkey_core::hand_over::Document;
use latchkey_core::ledger::Ledger;
use latchkey_core::set_up::{DescribedService, ServiceChoice, SetUp};
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

/// Lets the person choose where to write the draft in this form; its path.
#[tauri::command]
#[specta::specta]
pub async fn write_as(
    app: AppHandle,
    house: State<'_, House>,
    id: String,
    form: Document,
) -> Answer<Option<String>> {
    let set_up = set_up(&house, &workspace_id(&id)?).await?;
    let (name, catalogue) = (form.file_name(&set_up), Catalogue::built_in());
    let ends = check(&set_up, catalogue).ends;
    let text = form
        .written(&set_up, &ends, catalogue, Timestamp::now())
        .map_err(|finding| Box::new(finding.told()))?;
    dialogs::save(&app, Kind::Written(form), &name, text).await
}

/// Lets the person choose where to write the service that the set-up describes; its path.
#[tauri::command]
#[specta::specta]
pub async fn export_service(
    app: AppHandle,
    house: State<'_, House>,
    id: String,
) -> Answer<Option<String>> {
    let set_up = set_up(&house, &workspace_id(&id)?).await?;
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
    Ledger::of(&set_up(house, id).await?, Catalogue::built_in()).map_err(told)
}

/// The set-up of the workspace's draft.
async fn set_up(house: &House, id: &WorkspaceId) -> Answer<SetUp> {
    let asked = id.clone();
    let kept = house.store(move |store| store.kept(&asked)).await?;
    Ok(kept.draft.set_up)
}
