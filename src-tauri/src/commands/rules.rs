//! What the window asks about claim rules while they are being written.

use latchkey_core::rules::paste::{self, PastedRules};
use latchkey_core::rules::try_it::{self, Tried, TrySource};
use latchkey_core::{Catalogue, Evidence, Fault, RuleList, Service, SetUp};
use serde::Deserialize;
use specta::Type;
use tauri::State;

use crate::desk::workspace_id;
use crate::house::{Answer, House, told};
use crate::wire::Replayed;

/// What rules are tried on.
#[derive(Clone, Debug, Deserialize, Type)]
#[serde(tag = "on", rename_all = "snake_case")]
pub enum TryOn {
    /// Claims that were typed or pasted, in whatever form.
    Text {
        /// The text.
        text: String,
    },
    /// Somebody who has signed in for a test.
    Person {
        /// The evidence of that sign-in.
        evidence: String,
    },
}

/// Reads many rules at once, to be looked at before they are added.
#[tauri::command]
#[specta::specta]
pub async fn read_rules(
    house: State<'_, House>,
    id: String,
    rules: RuleList,
    text: String,
) -> Answer<PastedRules> {
    let id = workspace_id(&id)?;
    let kept = house.store(move |store| store.kept(&id)).await?;
    let set_up = kept.draft.set_up;
    let owner = set_up.workspace.owner_email.trim();
    Ok(paste::read(&text, &rules, &service(&set_up)?, owner))
}

/// Tries rules, kept or not, on somebody's claims.
#[tauri::command]
#[specta::specta]
pub async fn try_rules(
    house: State<'_, House>,
    id: String,
    rules: RuleList,
    on: TryOn,
) -> Answer<Tried> {
    let (service, evidence) = on_disk(&house, &id).await?;
    let (source, claims) = match on {
        TryOn::Text { text } => try_it::read(&text).map_err(told)?,
        TryOn::Person { evidence: wanted } => {
            let one = evidence.into_iter().find(|one| one.id == wanted);
            let one = one.ok_or_else(|| told(Fault::EvidenceNotFound {}))?;
            (TrySource::Tested, one.claims)
        }
    };
    Ok(try_it::tried(source, &claims, &rules, &service))
}

/// What everybody tested would get under these rules, kept or not.
#[tauri::command]
#[specta::specta]
pub async fn replay(house: State<'_, House>, id: String, rules: RuleList) -> Answer<Vec<Replayed>> {
    let (service, evidence) = on_disk(&house, &id).await?;
    let replayed = evidence.iter().map(|one| Replayed {
        evidence: one.id.clone(),
        resolution: one.replayed(&rules, &service),
    });
    Ok(replayed.collect())
}

/// The service of a workspace, and what test sign-ins have proved.
async fn on_disk(house: &House, id: &str) -> Answer<(Service, Vec<Evidence>)> {
    let id = workspace_id(id)?;
    let standing = house.store(move |store| store.standing(&id)).await?;
    Ok((service(&standing.kept.draft.set_up)?, standing.evidence))
}

fn service(set_up: &SetUp) -> Answer<Service> {
    Catalogue::built_in().service_or_fault(set_up).map_err(told)
}
