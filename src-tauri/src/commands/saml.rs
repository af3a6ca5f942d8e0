//! What the window can ask for when a connection speaks SAML 2.0.

use jiff::Timestamp;
use latchkey_core::certificate;
use latchkey_core::check::check;
use latchkey_core::saml::key_pair::KeyPair;
use latchkey_core::saml::metadata;
use latchkey_core::saml::request::{OwnMetadata, service_metadata as written};
use latchkey_core::{Catalogue, Fault, Finding};
use latchkey_store::WorkspaceId;
use tauri::{AppHandle, State};
use url::Url;

use super::{provider_address, put};
use crate::desk::{self, workspace_id};
use crate::dialogs::{self, Kind};
use crate::house::{Answer, House, away, told};
use crate::wire::{CertificatesRead, Desk, MetadataRead, MetadataSource};

/// Reads a provider's metadata; none if the person chose no file.
#[tauri::command]
#[specta::specta]
pub async fn read_metadata(
    app: AppHandle,
    house: State<'_, House>,
    id: String,
    source: MetadataSource,
) -> Answer<Option<MetadataRead>> {
    let now = Timestamp::now();
    let (source, read) = match source {
        MetadataSource::Paste { text } => {
            let read = away(move || metadata::read(text.as_bytes(), now)).await?;
            (String::new(), read)
        }
        MetadataSource::Address { address } => {
            let id = workspace_id(&id)?;
            let set_up = house
                .store(move |store| store.kept(&id))
                .await?
                .draft
                .set_up;
            let url = provider_address(&address, "connection.metadata", &set_up)?;
            let answer = house.http.get_metadata(&url).await.map_err(told)?;
            // A federation's metadata takes a while.
            (
                answer.address(),
                away(move || metadata::answered(&answer, now)).await?,
            )
        }
        MetadataSource::File => {
            let Some(file) = dialogs::open(&app, Kind::Metadata).await? else {
                return Ok(None);
            };
            let read = away(move || metadata::read(&file.bytes, now)).await?;
            (file.name, read)
        }
    };
    Ok(Some(MetadataRead {
        source,
        metadata: read.map_err(told)?,
    }))
}

/// Reads certificates from text, whatever stands around them.
#[tauri::command]
#[specta::specta]
pub async fn read_certificates(text: String) -> Answer<CertificatesRead> {
    Ok(certificates(text.as_bytes()))
}

/// Lets the person choose a file with certificates; none if they changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn choose_certificates(app: AppHandle) -> Answer<Option<CertificatesRead>> {
    let file = dialogs::open(&app, Kind::Certificates).await?;
    Ok(file.map(|file| certificates(&file.bytes)))
}

/// What the provider is told about the service: its metadata.
#[tauri::command]
#[specta::specta]
pub async fn service_metadata(house: State<'_, House>, id: String) -> Answer<String> {
    own_metadata(&house, &workspace_id(&id)?).await
}

/// Lets the person choose where to write the service's metadata; its path.
#[tauri::command]
#[specta::specta]
pub async fn save_service_metadata(
    app: AppHandle,
    house: State<'_, House>,
    id: String,
) -> Answer<Option<String>> {
    let text = own_metadata(&house, &workspace_id(&id)?).await?;
    dialogs::save(&app, Kind::Metadata, "service-metadata.xml", text).await
}

/// Makes a key pair for the workspace, in the place of one that it may have: of the one that whoever
/// asks has seen, or its private key would be gone while its certificate is at the provider.
#[tauri::command]
#[specta::specta]
pub async fn make_key_pair(house: State<'_, House>, id: String, version: u32) -> Answer<Desk> {
    let id = workspace_id(&id)?;
    let mut kept = house.seen(&id, version).await?;
    let name = kept.draft.set_up.workspace.name.clone();
    let made = away(move || KeyPair::make(&name, Timestamp::now())).await?;
    let mark = house.keep_secret(&id, made.map_err(told)?.to_pem()).await?;
    let former = kept.draft.key_mark.replace(mark);
    put(&house, &id, kept, former).await
}

/// Forgets the workspace's key pair; a revision that needs it keeps it.
#[tauri::command]
#[specta::specta]
pub async fn forget_key_pair(house: State<'_, House>, id: String, version: u32) -> Answer<Desk> {
    let id = workspace_id(&id)?;
    let mut kept = house.seen(&id, version).await?;
    let former = kept.draft.key_mark.take();
    put(&house, &id, kept, former).await
}

async fn own_metadata(house: &House, id: &WorkspaceId) -> Answer<String> {
    let asked = id.clone();
    let draft = house.store(move |store| store.kept(&asked)).await?.draft;
    let checked = check(&draft.set_up, Catalogue::built_in());
    let address = desk::login_redirect_url(&draft, checked.service.as_ref());
    let acs = Url::parse(&address).map_err(|_| {
        let field = "connection.login_redirect_url".to_owned();
        Box::new(
            Finding::error(Fault::FieldMissing {
                field: field.clone(),
            })
            .at(field)
            .told(),
        )
    })?;
    let entity_id = desk::audience(&draft, checked.service.as_ref());
    let key_pair = house.find_key_pair(id, draft.key_mark.as_deref()).await?;
    Ok(written(&OwnMetadata {
        entity_id: &entity_id,
        acs: &acs,
        key_pair: key_pair.as_deref(),
        requests_signed: draft.set_up.connection.sign_requests.unwrap_or(false),
        want_assertions_signed: true,
    }))
}

fn certificates(bytes: &[u8]) -> CertificatesRead {
    let now = Timestamp::now();
    let read = certificate::read(bytes);
    let of_each = read.certificates.iter().flat_map(|one| one.findings(now));
    let findings: Vec<Finding> = read.findings.iter().cloned().chain(of_each).collect();
    CertificatesRead {
        findings: findings.iter().map(Finding::told).collect(),
        certificates: read.certificates.iter().map(|one| one.shown(now)).collect(),
    }
}
