//! What the window asks when a sign-in does not work: by symptom, by a pasted text, and at the
//! practice provider, where it can be broken on purpose.

use jiff::Timestamp;
use latchkey_core::check::{check, check_secret};
use latchkey_core::diagnosis::clock::Clock;
use latchkey_core::diagnosis::symptom::{self, Consultation, Given, ProviderToday, Sight, Symptom};
use latchkey_core::diagnosis::{Known, of_text};
use latchkey_core::paste::{self, Context};
use latchkey_core::{Catalogue, Fault, Finding, SetUp};
use latchkey_practice::Protocol as About;
use latchkey_store::{Kept, WorkspaceId};
use tauri::State;

use super::first_error;
use crate::desk::{self, fingerprint, workspace_id};
use crate::house::{Answer, House, away, held, told};
use crate::wire::{Diagnosed, FaultTaught, Looked};

/// What a provider said when it was asked again, and what its answer said about the time.
#[derive(Clone, Debug)]
pub(crate) struct Look {
    pub(super) provider: ProviderToday,
    clock: Option<Clock>,
    at: Timestamp,
}

/// The symptoms that can be chosen.
#[tauri::command]
#[specta::specta]
pub async fn symptoms() -> Answer<Vec<Symptom>> {
    Ok(symptom::symptoms())
}

/// Holds what is known against everything that may cause a symptom. Without a workspace only the
/// person's answers count.
#[tauri::command]
#[specta::specta]
pub async fn consult(
    house: State<'_, House>,
    id: Option<String>,
    symptom: String,
    given: Vec<Given>,
) -> Answer<Option<Consultation>> {
    let now = Timestamp::now();
    let Some(id) = id else {
        return Ok(symptom::consider(&symptom, &given, &nothing(now)));
    };
    let id = workspace_id(&id)?;
    let asked = id.clone();
    let standing = house.store(move |store| store.standing(&asked)).await?;
    let draft = &standing.kept.draft;
    let checked = check(&draft.set_up, Catalogue::built_in());
    let of_secret = of_secret(&house, &id, &standing.kept).await;
    let secret = house.whereabouts(&id, draft.mark()).await?;
    let mut findings = desk::findings(&checked, draft, &secret);
    findings.extend(of_secret.unwrap_or_default());
    let fingerprint = fingerprint(&checked, draft);
    let look = held(&house.looks).get(&id).cloned();
    let sight = Sight {
        set_up: Some(&draft.set_up),
        service: checked.service.as_ref(),
        findings: &findings,
        tests: &standing.evidence,
        fingerprint: fingerprint.as_ref(),
        clock: look.as_ref().and_then(|look| look.clock.as_ref()),
        provider: look.as_ref().map(|look| &look.provider),
        now,
    };
    Ok(symptom::consider(&symptom, &given, &sight))
}

/// Asks the provider again: its discovery document, or its metadata. `metadata` is where the latter
/// is published; without it the entity ID is tried, where it is an address.
#[tauri::command]
#[specta::specta]
pub async fn look_at_provider(
    house: State<'_, House>,
    id: String,
    metadata: Option<String>,
) -> Answer<Looked> {
    let id = workspace_id(&id)?;
    let asked = id.clone();
    let set_up = house
        .store(move |store| store.kept(&asked))
        .await?
        .draft
        .set_up;
    let checked = check(&set_up, Catalogue::built_in());
    let Some(connection) = checked.connection else {
        return Err(first_error(&checked.findings));
    };
    let provider = latchkey_signin::look(
        &house.http,
        &set_up,
        &connection,
        metadata.as_deref(),
        Timestamp::now(),
    )
    .await
    .map_err(|finding| Box::new(finding.told()))?;
    let look = provider.map(|provider| Look {
        provider,
        clock: house.http.clock(),
        at: Timestamp::now(),
    });
    let looked = Looked::of(look.as_ref());
    let mut looks = held(&house.looks);
    match look {
        Some(look) => looks.insert(id, look),
        None => looks.remove(&id),
    };
    Ok(looked)
}

/// Names the cause in an error text, an address, a SAML response, a token or a transcription. A
/// workspace's set-up is held against it.
#[tauri::command]
#[specta::specta]
pub async fn diagnose_text(
    house: State<'_, House>,
    id: Option<String>,
    text: String,
) -> Answer<Diagnosed> {
    let set_up = set_up_of(&house, id).await?;
    away(move || diagnosed(&text, set_up.as_ref())).await
}

/// Everything that the practice provider can do otherwise.
#[tauri::command]
#[specta::specta]
pub async fn practice_faults(house: State<'_, House>) -> Answer<Vec<FaultTaught>> {
    let on = house.practice(None).await?.fault();
    let taught = |fault: &latchkey_practice::Fault| FaultTaught {
        name: fault.name().to_owned(),
        protocol: match fault.protocol() {
            About::Oidc => latchkey_core::Protocol::Oidc,
            About::Saml => latchkey_core::Protocol::Saml,
        },
        says: fault.describes().to_owned(),
        allowed: fault.is_legal(),
        on: on == Some(*fault),
    };
    Ok(latchkey_practice::Fault::ALL.iter().map(taught).collect())
}

/// Has the practice provider do this otherwise from now on; none: it keeps to the standard again.
#[tauri::command]
#[specta::specta]
pub async fn set_practice_fault(
    house: State<'_, House>,
    fault: Option<String>,
) -> Answer<Vec<FaultTaught>> {
    let fault = match fault {
        Some(name) => Some(name.parse().map_err(|_| {
            told(Fault::PracticeFailed {
                reason: "it has no such fault".to_owned(),
            })
        })?),
        None => None,
    };
    house.practice(None).await?.set_fault(fault);
    practice_faults(house).await
}

/// The set-up of a workspace as it is kept, if one is meant.
pub(super) async fn set_up_of(house: &House, id: Option<String>) -> Answer<Option<SetUp>> {
    let Some(id) = id else { return Ok(None) };
    let id = workspace_id(&id)?;
    let kept = house.store(move |store| store.kept(&id)).await?;
    Ok(Some(kept.draft.set_up))
}

/// What is noticed about the client secret; none where none is kept. The keychain is asked once for
/// each version of the draft, not with each answer.
async fn of_secret(house: &House, id: &WorkspaceId, kept: &Kept) -> Option<Vec<Finding>> {
    let draft = &kept.draft;
    let now = (id.clone(), kept.version);
    if let Some((known, findings)) = held(&house.secret_judged).as_ref()
        && *known == now
    {
        return findings.clone();
    }
    // A keychain that refuses is said where the secret is needed.
    let found = house.find_secret(id, draft.secret_mark.as_deref()).await;
    let secret = found.ok()?;
    let findings = secret.map(|secret| check_secret(&draft.set_up, Catalogue::built_in(), &secret));
    *held(&house.secret_judged) = Some((now, findings.clone()));
    findings
}

/// What nobody can look at.
fn nothing(now: Timestamp) -> Sight<'static> {
    Sight {
        set_up: None,
        service: None,
        findings: &[],
        tests: &[],
        fingerprint: None,
        clock: None,
        provider: None,
        now,
    }
}

fn diagnosed(text: &str, set_up: Option<&SetUp>) -> Diagnosed {
    let known = Known {
        set_up,
        catalogue: Catalogue::built_in(),
        now: Timestamp::now(),
    };
    let findings = of_text(text, &known);
    let blank = SetUp::default();
    let about = Context {
        field: None,
        set_up: set_up.unwrap_or(&blank),
        catalogue: Catalogue::built_in(),
        discovered: None,
    };
    // Only what it is: what was pasted does not come back.
    let kind = paste::recognise(text, &about).kind;
    Diagnosed {
        kind,
        thing: kind.name().to_owned(),
        findings: findings.iter().map(Finding::told).collect(),
    }
}

impl Looked {
    fn of(look: Option<&Look>) -> Self {
        let Some(look) = look else {
            return Self {
                at: None,
                reached: false,
                clock: None,
                findings: Vec::new(),
            };
        };
        let (reached, findings) = match &look.provider {
            ProviderToday::Unreachable(fault) => {
                (false, vec![Finding::error(fault.clone()).told()])
            }
            ProviderToday::Read(changes) => (true, changes.iter().map(Finding::told).collect()),
        };
        Self {
            at: Some(look.at),
            reached,
            clock: look.clock.as_ref().map(Clock::says),
            findings,
        }
    }
}
