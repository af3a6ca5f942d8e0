//! What the window asks about the people of a company.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use latchkey_core::people::csv::Known;
use latchkey_core::people::{Held, Part, Whose};
use latchkey_core::{Fault, RuleList, SetUp, Told};
use latchkey_signin::Fetch;
use latchkey_store::WorkspaceId;
use secrecy::SecretString;
use tauri::ipc::Channel;
use tauri::{AppHandle, State};

use super::provider_address;
use crate::desk::workspace_id;
use crate::dialogs;
use crate::house::{Answer, House, told};
use crate::people::{
    Counted, Foreseen, LiveDirectory, PeopleAsk, PeopleFetched, PeopleHeld, PeopleLook,
    PeopleProgress, PeopleRead, PeopleThere, Tell, service_of,
};

/// The most people of a list that are asked for at once.
const LARGEST_PAGE: u32 = 500;

/// The most values that are offered.
const MOST_OFFERED: u32 = 200;

/// The people that are held for this workspace; the first time, those who were kept.
#[tauri::command]
#[specta::specta]
pub async fn people_held(house: State<'_, House>, id: String) -> Answer<PeopleThere> {
    house.people()?.of(&workspace_id(&id)?).open().await
}

/// Keeps the people on this computer, or no longer.
#[tauri::command]
#[specta::specta]
pub async fn keep_people(house: State<'_, House>, id: String, keep: bool) -> Answer<PeopleHeld> {
    house.people()?.of(&workspace_id(&id)?).keep(keep).await
}

/// Lets the person choose a file of people, which is read next; its name.
#[tauri::command]
#[specta::specta]
pub async fn choose_people(
    app: AppHandle,
    house: State<'_, House>,
    id: String,
) -> Answer<Option<String>> {
    let id = workspace_id(&id)?;
    let chosen = dialogs::choose_people(&app).await;
    let room = house.people()?.of(&id);
    Ok(chosen.map(|path| room.choose(path)))
}

/// Takes in a part of what was dropped or pasted, in base64; the first part begins anew.
#[tauri::command]
#[specta::specta]
pub async fn give_people(
    house: State<'_, House>,
    id: String,
    name: String,
    part: String,
    first: bool,
) -> Answer<()> {
    let id = workspace_id(&id)?;
    let part = STANDARD.decode(part).map_err(|_| {
        let (file, reason) = (name.clone(), "did not arrive whole".to_owned());
        told(Fault::FileUnusable { file, reason })
    })?;
    house.people()?.of(&id).give(&name, &part, first)
}

/// How what was chosen or given would be read, where a person knows this much of it.
#[tauri::command]
#[specta::specta]
pub async fn look_at_people(
    house: State<'_, House>,
    id: String,
    known: Known,
) -> Answer<Option<PeopleLook>> {
    house.people()?.of(&workspace_id(&id)?).look_at(known).await
}

/// Reads what was chosen or given.
#[tauri::command]
#[specta::specta]
pub async fn read_people(
    house: State<'_, House>,
    id: String,
    ask: PeopleAsk,
    on_progress: Channel<PeopleProgress>,
) -> Answer<PeopleRead> {
    let id = workspace_id(&id)?;
    house.people()?.of(&id).read(ask, tell(on_progress)).await
}

/// Reads a live directory from its beginning. The token is held until all pages have come, or until
/// it is said what becomes of those that did.
#[tauri::command]
#[specta::specta]
pub async fn fetch_people(
    house: State<'_, House>,
    id: String,
    from: LiveDirectory,
    address: String,
    token: String,
    on_progress: Channel<PeopleProgress>,
) -> Answer<PeopleFetched> {
    let token = SecretString::from(token);
    let id = workspace_id(&id)?;
    provider_address(&address, "address", &set_up(&house, &id).await?)?;
    let fetch = match from {
        LiveDirectory::Scim => Fetch::scim(&address, token),
        LiveDirectory::Okta => Fetch::okta(&address, token),
    }
    .map_err(told)?;
    let room = house.people()?.of(&id);
    room.begin_at(fetch).await;
    room.fetch(&house.http, tell(on_progress)).await
}

/// Goes on at the page that did not come.
#[tauri::command]
#[specta::specta]
pub async fn resume_people(
    house: State<'_, House>,
    id: String,
    on_progress: Channel<PeopleProgress>,
) -> Answer<PeopleFetched> {
    let room = house.people()?.of(&workspace_id(&id)?);
    room.fetch(&house.http, tell(on_progress)).await
}

/// Keeps the people who came before the server stopped.
#[tauri::command]
#[specta::specta]
pub async fn keep_fetched_people(house: State<'_, House>, id: String) -> Answer<PeopleHeld> {
    house.people()?.of(&workspace_id(&id)?).keep_fetched().await
}

/// Ends what is being read. What a server sent until then is still there.
#[tauri::command]
#[specta::specta]
pub async fn cancel_people(house: State<'_, House>, id: String) -> Answer<()> {
    house.people()?.of(&workspace_id(&id)?).cancel();
    Ok(())
}

/// Lets go of a server that is not read to its end, and of its token.
#[tauri::command]
#[specta::specta]
pub async fn leave_people_server(house: State<'_, House>, id: String) -> Answer<()> {
    house.people()?.of(&workspace_id(&id)?).leave_server().await;
    Ok(())
}

/// Lets go of the people and of where they came from, on the disk too.
#[tauri::command]
#[specta::specta]
pub async fn drop_people(house: State<'_, House>, id: String) -> Answer<()> {
    house.people()?.drop_of(&workspace_id(&id)?).await
}

/// Counts the people under these rules; and who would get another role than under those before.
#[tauri::command]
#[specta::specta]
pub async fn count_people(
    house: State<'_, House>,
    id: String,
    rules: RuleList,
    before: Option<RuleList>,
) -> Answer<Counted> {
    let id = workspace_id(&id)?;
    let service = service_of(&set_up(&house, &id).await?);
    house.people()?.of(&id).count(rules, before, service).await
}

/// What moving one of these rules, counted from 1, would give at whatever place.
#[tauri::command]
#[specta::specta]
pub async fn foresee_move(
    house: State<'_, House>,
    id: String,
    rules: RuleList,
    rule: u32,
) -> Answer<Foreseen> {
    let id = workspace_id(&id)?;
    let service = service_of(&set_up(&house, &id).await?);
    // No list has a rule 0.
    let index = (rule as usize).wrapping_sub(1);
    house.people()?.of(&id).foresee(rules, index, service).await
}

/// What the people say about these rules.
#[tauri::command]
#[specta::specta]
pub async fn people_findings(
    house: State<'_, House>,
    id: String,
    rules: RuleList,
) -> Answer<Vec<Told>> {
    let id = workspace_id(&id)?;
    let set_up = set_up(&house, &id).await?;
    let service = service_of(&set_up);
    let room = house.people()?.of(&id);
    room.findings(rules, service, set_up.connection).await
}

/// A page of the people whom a number stands for.
#[tauri::command]
#[specta::specta]
pub async fn list_people(
    house: State<'_, House>,
    id: String,
    rules: RuleList,
    whose: Whose,
    search: String,
    offset: u32,
    limit: u32,
) -> Answer<Part> {
    let id = workspace_id(&id)?;
    let service = service_of(&set_up(&house, &id).await?);
    let window = (offset as usize, limit.min(LARGEST_PAGE) as usize);
    let room = house.people()?.of(&id);
    room.list(rules, service, (whose, search), window).await
}

/// Values of a claim that begin so, those that most people have first.
#[tauri::command]
#[specta::specta]
pub async fn offer_values(
    house: State<'_, House>,
    id: String,
    claim: String,
    prefix: String,
    limit: u32,
) -> Answer<Vec<Held>> {
    let room = house.people()?.of(&workspace_id(&id)?);
    let limit = limit.min(MOST_OFFERED) as usize;
    room.values(claim, prefix, limit).await
}

fn tell(channel: Channel<PeopleProgress>) -> Tell {
    // A window that is gone hears nothing; reading ends with it.
    Arc::new(move |progress| drop(channel.send(progress)))
}

async fn set_up(house: &House, id: &WorkspaceId) -> Answer<SetUp> {
    let id = id.clone();
    let kept = house.store(move |store| store.kept(&id)).await?;
    Ok(kept.draft.set_up)
}
