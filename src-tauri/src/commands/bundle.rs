//! What the window asks about a bundle for the service's support.

use jiff::Timestamp;
use latchkey_core::diagnosis::Known;
use latchkey_core::diagnosis::bundle::{Asked, Bundle, Contents, Personal, Redaction, findings};
use latchkey_core::diagnosis::symptom::ProviderToday;
use latchkey_core::{Catalogue, Fault, SetUp, Told};
use tauri::{AppHandle, State};

use super::trouble::set_up_of;
use crate::desk::workspace_id;
use crate::dialogs::{self, Kind};
use crate::house::{Answer, House, away, held, told};
use crate::recordings::Kept;
use crate::wire::{BundleBegun, BundlePart, BundleShown, HarHeld};

/// How much of a file is shown at once, in bytes.
const SHOWN: usize = 64 * 1024;

/// What is known already of what support asks for: from the recording that was read last, from the
/// workspace's history, from what its provider said when it was asked again.
#[tauri::command]
#[specta::specta]
pub async fn begin_bundle(
    house: State<'_, House>,
    id: Option<String>,
    error: String,
) -> Answer<BundleBegun> {
    let mut asked = Asked {
        error,
        ..Asked::default()
    };
    let kept = house.recordings.kept(id.as_deref());
    if let Some(kept) = &kept {
        asked = asked.with_recording(&kept.recording, kept.chain.as_ref());
    }
    if let Some(id) = id {
        let id = workspace_id(&id)?;
        let look = held(&house.looks).get(&id).cloned();
        if let Some(ProviderToday::Read(changes)) = look.map(|look| look.provider) {
            let said: Vec<String> = changes.iter().map(|change| change.told().what).collect();
            asked.changes = said.join(" ");
        }
        let history = house.store(move |store| store.history(&id)).await?;
        if let Some(worked) = history.last_worked.filter(|_| asked.began.is_empty()) {
            asked.began = format!("after {}, when it was proved last", worked.at);
        }
    }
    Ok(BundleBegun {
        asked,
        recording: kept.map(|kept| HarHeld {
            file: kept.file.clone(),
            requests: kept.recording.requests,
            recorded_by: kept.recording.creator.clone(),
        }),
    })
}

/// Makes the bundle and shows what is in it. It is kept as it is shown, until another is made.
#[tauri::command]
#[specta::specta]
pub async fn make_bundle(
    house: State<'_, House>,
    id: Option<String>,
    asked: Asked,
    personal: Personal,
    with_recording: bool,
) -> Answer<Vec<BundleShown>> {
    let kept = house.recordings.kept(id.as_deref());
    let kept = kept.filter(|_| with_recording);
    let set_up = set_up_of(&house, id).await?;
    let bundle = away(move || made(&asked, personal, set_up.as_ref(), kept.as_deref())).await?;
    let bundle = house.recordings.keep_bundle(bundle);
    let files = bundle.files();
    Ok(files
        .iter()
        .map(|file| {
            let part = part(&file.text, 0);
            BundleShown {
                size: u32::try_from(file.text.len()).unwrap_or(u32::MAX),
                name: file.name.clone(),
                sha256: file.sha256.clone(),
                removed: file.removed.clone(),
                text: part.text,
                next: part.next,
            }
        })
        .collect())
}

/// More of a file of the bundle that was made last, from this byte on.
#[tauri::command]
#[specta::specta]
pub async fn read_bundle(house: State<'_, House>, name: String, from: u32) -> Answer<BundlePart> {
    let bundle = house.recordings.bundle().ok_or_else(gone)?;
    let file = bundle.files().iter().find(|file| file.name == name);
    let file = file.ok_or_else(gone)?;
    Ok(part(&file.text, from as usize))
}

/// Lets the person choose where to write the bundle that was made last; its path.
#[tauri::command]
#[specta::specta]
pub async fn save_bundle(app: AppHandle, house: State<'_, House>) -> Answer<Option<String>> {
    let bundle = house.recordings.bundle().ok_or_else(gone)?;
    let zip = away(move || bundle.zip()).await?;
    dialogs::save(&app, Kind::Bundle, "latchkey-support.zip", zip).await
}

fn gone() -> Box<Told> {
    told(Fault::FileUnusable {
        file: "latchkey-support.zip".to_owned(),
        reason: "was not made yet".to_owned(),
    })
}

/// From a byte on, up to a character's end.
fn part(text: &str, from: usize) -> BundlePart {
    let from = text.floor_char_boundary(from);
    let end = text.floor_char_boundary(from.saturating_add(SHOWN));
    BundlePart {
        text: text[from..end].to_owned(),
        next: (end < text.len()).then(|| u32::try_from(end).unwrap_or(u32::MAX)),
    }
}

fn made(
    asked: &Asked,
    personal: Personal,
    set_up: Option<&SetUp>,
    recording: Option<&Kept>,
) -> Bundle {
    let now = Timestamp::now();
    let known = Known {
        set_up,
        catalogue: Catalogue::built_in(),
        now,
    };
    let redaction = recording.map_or_else(
        || Redaction::new(personal),
        |kept| kept.redaction.with(personal),
    );
    let of_recording = recording.map_or(&[][..], |kept| &kept.findings);
    let findings = findings(of_recording, &asked.error, &known);
    let contents = Contents {
        findings: &findings,
        chain: recording.and_then(|kept| kept.chain.as_ref()),
        set_up,
        recording: recording.map(|kept| &kept.redacted),
        asked,
        made: now,
        version: env!("CARGO_PKG_VERSION"),
    };
    Bundle::new(&contents, &redaction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_ends_at_a_character_and_the_next_goes_on_there() {
        let text = "é".repeat(SHOWN);
        let (mut shown, mut from) = (String::new(), Some(0));
        while let Some(at) = from {
            let part = part(&text, at as usize);
            shown.push_str(&part.text);
            from = part.next;
        }
        assert_eq!(shown, text);
        assert_eq!(part(&text, usize::MAX).text, "");
    }
}
