//! What the window asks about a pasted text.

use latchkey_core::Catalogue;
use latchkey_core::paste::{self, Context, PasteTold};
use tauri::State;

use crate::desk::workspace_id;
use crate::house::{Answer, House};

/// Says what a pasted text is, and where it belongs. `field` is the path of the field into which it
/// was pasted; none where anything may be. `discovered` is the issuer that the discovery document
/// names, once it was read. The answer may hold the client secret that was pasted.
#[tauri::command]
#[specta::specta]
pub async fn recognise(
    house: State<'_, House>,
    id: String,
    text: String,
    field: Option<String>,
    discovered: Option<String>,
) -> Answer<PasteTold> {
    let id = workspace_id(&id)?;
    let kept = house.store(move |store| store.kept(&id)).await?;
    let about = Context {
        field: field.as_deref(),
        set_up: &kept.draft.set_up,
        catalogue: Catalogue::built_in(),
        discovered: discovered.as_deref(),
    };
    Ok(paste::recognise(&text, &about).told())
}
