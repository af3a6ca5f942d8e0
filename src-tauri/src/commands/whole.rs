//! Whole workspaces in one file.

use jiff::Timestamp;
use latchkey_core::Fault;
use latchkey_core::text::file_name;
use latchkey_store::{Store, StoreError, Whole, WorkspaceId};
use tauri::{AppHandle, State};

use crate::desk::{desk, refresh_practice, workspace_id};
use crate::dialogs::{self, Chosen, Kind};
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
    planned(&house, chosen).await.map(Some)
}

/// What the whole workspace in this file would change; it is kept until it is imported.
async fn planned(house: &House, chosen: Chosen) -> Answer<WholePlan> {
    let (read, chosen) = away(move || (Whole::read(&chosen.bytes), chosen)).await?;
    let whole = read.map_err(|error| chosen.unusable(error))?;
    let asked = whole.clone();
    let planned = house
        .store(move |store| store.plan_whole(&asked, None))
        .await?;
    house.plan(whole);
    Ok(WholePlan {
        file: chosen.name,
        planned,
    })
}

/// Imports the whole workspace that was planned last, and opens it.
#[tauri::command]
#[specta::specta]
pub async fn import_planned(house: State<'_, House>) -> Answer<Desk> {
    let whole = house
        .take_plan()
        .ok_or_else(|| told(Fault::NothingPlanned {}))?;
    let id = house.store(move |store| imported(store, &whole)).await?;
    refresh_practice(&house, &id).await?;
    desk(&house, &id).await
}

fn imported(store: &Store, whole: &Whole) -> Result<WorkspaceId, StoreError> {
    let (id, _) = store.import_whole(whole, None, Timestamp::now())?;
    store.set_opened_last(Some(&id))?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    use latchkey_core::SetUp;
    use latchkey_signin::Http;
    use latchkey_store::Secrets;
    use serde_json::{Value, json};

    use super::*;

    /// The file of a workspace with this name.
    async fn written(house: &House, name: &str) -> Value {
        let mut set_up = SetUp::default();
        set_up.workspace.name = name.to_owned();
        let make = move |store: &Store| {
            let id = store.import(&set_up, "olivia", Timestamp::now())?.id;
            store.export_whole(&id, Timestamp::now())
        };
        let whole = house.store(make).await.unwrap();
        serde_json::from_str(&whole.written()).unwrap()
    }

    fn house() -> (tempfile::TempDir, House) {
        let dir = tempfile::tempdir().unwrap();
        let secrets = Secrets::until_closed();
        let house = House::new(dir.path().to_owned(), secrets, Http::new().unwrap());
        (dir, house)
    }

    async fn plan(house: &House, whole: &Value) -> Answer<WholePlan> {
        let chosen = Chosen {
            name: "acme.json".to_owned(),
            bytes: whole.to_string().into_bytes(),
        };
        planned(house, chosen).await
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_used_is_refused_by_its_name_and_what_is_wrong_and_not_planned() {
        let (_dir, house) = house();
        let whole = written(&house, "Acme").await;
        for (key, value, says) in [
            ("format", json!("latchkey-workspace/9"), "newer version"),
            ("format", json!("latchkey/1"), "no whole workspace"),
            ("colour", json!("red"), "unknown key colour"),
            ("evidence", json!(5), "does not fit at line"),
        ] {
            let mut whole = whole.clone();
            whole[key] = value;
            let refused = plan(&house, &whole).await.unwrap_err();
            assert_eq!(refused.code, "file_unusable");
            assert!(refused.what.starts_with("acme.json "), "{}", refused.what);
            assert!(refused.what.contains(says), "{}", refused.what);
            assert!(house.take_plan().is_none());
        }
    }

    #[tokio::test]
    async fn the_file_of_another_workspace_is_planned_as_one_of_its_own() {
        let (_dir, house) = house();
        let whole = written(&house, "Acme").await;
        let there = plan(&house, &whole).await.unwrap().planned;
        assert_eq!((&*there.workspace, there.is_new), ("Acme", false));
        let mut beta = whole;
        beta["draft"]["workspace"]["name"] = json!("Beta");
        let fresh = plan(&house, &beta).await.unwrap().planned;
        assert_eq!((&*fresh.workspace, fresh.is_new), ("Beta", true));
    }
}
