//! Evidence that is brought in a file, and what tested people are called here.

use jiff::Timestamp;
use latchkey_core::brought::{self, Brought, Judged};
use latchkey_core::{Connection, Evidence, Fault, Finding, Fingerprint, Told, Verdict, Way};
use latchkey_store::WorkspaceId;
use tauri::{AppHandle, State};

use super::subject;
use crate::desk::{desk, workspace_id};
use crate::dialogs::{self, Kind};
use crate::house::{Answer, House, away, told};
use crate::wire::{AnswerSource, Bringing, Desk, Tested};

/// Judges the answer of a sign-in that took place elsewhere, and keeps what it proves; none if the
/// person chose no file.
#[tauri::command]
#[specta::specta]
pub async fn bring_answer(
    app: AppHandle,
    house: State<'_, House>,
    id: String,
    bringing: Bringing,
) -> Answer<Option<Tested>> {
    let id = workspace_id(&id)?;
    let bytes = match bringing.source {
        AnswerSource::Paste { text } => text.into_bytes(),
        AnswerSource::File => match dialogs::open(&app, Kind::Answer).await? {
            Some(chosen) => chosen.bytes,
            None => return Ok(None),
        },
    };
    let person = Person {
        expected_role: bringing.expected_role,
        name: bringing.name,
    };
    let (verdict, evidence) = judged(&house, &id, bytes, person, Timestamp::now()).await?;
    Ok(Some(Tested {
        verdict,
        evidence,
        desk: desk(&house, &id).await?,
    }))
}

/// Names the person of one test sign-in, as they are called here.
#[tauri::command]
#[specta::specta]
pub async fn name_test(
    house: State<'_, House>,
    id: String,
    evidence: String,
    name: String,
) -> Answer<Desk> {
    let id = workspace_id(&id)?;
    let asked = id.clone();
    house
        .store(move |store| store.name_evidence(&asked, &evidence, &name))
        .await?;
    desk(&house, &id).await
}

/// Who is said to have signed in elsewhere.
#[derive(Default)]
struct Person {
    expected_role: Option<String>,
    name: Option<String>,
}

/// The verdict on what was brought at this moment, and the id of the evidence that is kept of it.
async fn judged(
    house: &House,
    id: &WorkspaceId,
    bytes: Vec<u8>,
    person: Person,
    now: Timestamp,
) -> Answer<(Verdict, Option<String>)> {
    let brought = away(move || Brought::read(&bytes)).await?.map_err(unread)?;
    let (subject, draft) = subject(house, id).await?;
    let keys = match &subject.connection {
        Connection::Oidc(connection) => {
            let keys = latchkey_signin::keys(&house.http, connection).await;
            Some(keys.map_err(told)?)
        }
        Connection::Saml(_) => None,
    };
    let asked = id.clone();
    let evidence = house.store(move |store| store.evidence(&asked)).await?;
    let fingerprint = Fingerprint::of(&subject.connection, draft.mark());
    let settings = fingerprint.clone();
    let owner = draft.set_up.workspace.owner_email;
    let (verdict, at) = away(move || {
        let judged = Judged {
            connection: &subject.connection,
            key: subject.held.key_pair.as_deref(),
            keys: keys.as_ref(),
            rules: &subject.rules,
            service: &subject.service,
            owner: &owner,
            evidence: &evidence,
            fingerprint: &settings,
            now,
        };
        brought::judge(&brought, &judged)
    })
    .await?;
    let mark = latchkey_store::new_mark();
    let Some(evidence) = Evidence::of(&verdict, mark, at, Way::File, fingerprint) else {
        return Ok((verdict, None));
    };
    let evidence = evidence.expecting(person.expected_role).called(person.name);
    let (asked, kept) = (id.clone(), evidence.id.clone());
    house
        .store(move |store| store.add_evidence(&asked, &evidence))
        .await?;
    Ok((verdict, Some(kept)))
}

/// Where nothing was brought, the field is what it is about.
fn unread(fault: Fault) -> Box<Told> {
    match fault {
        Fault::BroughtEmpty {} => Box::new(Finding::error(fault).at("ask.answer").told()),
        fault => told(fault),
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use jiff::ToSpan;
    use latchkey_core::check::check;
    use latchkey_core::{Catalogue, Claims, Draft, Protocol, Rule};
    use latchkey_signin::Http;
    use latchkey_store::Secrets;
    use serde_json::json;

    use super::*;

    /// Olivia's answer to the request `_request1`, signed by libxmlsec1.
    const ANSWER: &str = include_str!("../../cli/tests/command/verify_saml/answer.xml");
    const CERTIFICATE: &str = include_str!("../../cli/tests/command/verify_saml/certificate.pem");
    const OWNER: &str = "anna@acme.example";

    /// A minute after the answer.
    fn now() -> Timestamp {
        "2026-11-22T18:01:00Z".parse().unwrap()
    }

    /// A workspace of Anna's; she has signed in here with its settings, an hour before.
    async fn tested(house: &House, owner: &str) -> WorkspaceId {
        let mut draft = Draft::default();
        let set_up = &mut draft.set_up;
        set_up.workspace.name = "Acme".to_owned();
        set_up.workspace.region = "us".to_owned();
        set_up.workspace.owner_email = owner.to_owned();
        set_up.connection.protocol = Protocol::Saml;
        set_up.connection.provider = "other".to_owned();
        set_up.connection.issuer = "https://idp.acme.example/saml".to_owned();
        set_up.connection.sign_on_url = "https://idp.acme.example/sso".to_owned();
        set_up.connection.certificates = vec![CERTIFICATE.to_owned()];
        set_up.rules.0.push(Rule {
            claim: "groups".to_owned(),
            value: "SecOps".to_owned(),
            role: "Contributor".to_owned(),
        });
        let connection = check(set_up, Catalogue::built_in()).connection.unwrap();
        let own = Evidence {
            id: "own".to_owned(),
            at: now() - 1.hour(),
            way: Way::Window,
            subject: OWNER.to_owned(),
            email: OWNER.to_owned(),
            fingerprint: Fingerprint::of(&connection, None),
            stages: Vec::new(),
            claims: Claims::default(),
            signed_by: None,
            expected_role: None,
            name: None,
            answer: None,
            imported: false,
        };
        let make = move |store: &latchkey_store::Store| {
            let id = store.create(&draft, now())?;
            store.add_evidence(&id, &own)?;
            Ok(id)
        };
        house.store(make).await.unwrap()
    }

    fn house(dir: &tempfile::TempDir) -> House {
        House::new(
            dir.path().to_owned(),
            Secrets::until_closed(),
            Http::new().unwrap(),
        )
    }

    fn file(format: &str, request: &str) -> String {
        json!({
            "format": format, "protocol": "saml", "request": request,
            "sent_to": "https://app.torq.io/__/auth/handler", "answer": STANDARD.encode(ANSWER)
        })
        .to_string()
    }

    async fn bring(house: &House, id: &WorkspaceId, text: &str, at: Timestamp) -> Answer<Verdict> {
        let person = Person::default();
        let judged = judged(house, id, text.as_bytes().to_vec(), person, at).await?;
        assert_eq!(judged.0.verified, judged.1.is_some());
        Ok(judged.0)
    }

    fn code(verdict: &Verdict) -> &str {
        let failed = verdict.failed_at();
        failed.map_or("", |report| &*report.findings[0].code)
    }

    #[tokio::test]
    async fn each_answer_that_cannot_count_is_refused_in_its_own_words_and_none_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let house = house(&dir);
        let id = tested(&house, OWNER).await;
        let edited = ANSWER.replace("SecOps", "Owners");
        let other = file("latchkey-answer/1", "_another");
        for (text, at, expected) in [
            (&*edited, now(), "signed_content_changed"),
            (&other, now(), "brought_for_other_request"),
            (ANSWER, now() + (366 * 24).hours(), "brought_too_old"),
        ] {
            let verdict = bring(&house, &id, text, at).await.unwrap();
            assert_eq!(code(&verdict), expected);
        }
        let asked = id.clone();
        let kept = house.store(move |store| store.evidence(&asked)).await;
        assert_eq!(kept.unwrap().len(), 1);

        let first = bring(&house, &id, &file("latchkey-answer/1", "_request1"), now()).await;
        assert_eq!(code(&first.unwrap()), "");
        let again = bring(&house, &id, ANSWER, now()).await.unwrap();
        assert_eq!(code(&again), "brought_again");
    }

    #[tokio::test]
    async fn the_owners_own_answer_is_none_of_a_second_person() {
        let dir = tempfile::tempdir().unwrap();
        let house = house(&dir);
        let id = tested(&house, "olivia@acme.example").await;
        let verdict = bring(&house, &id, ANSWER, now()).await.unwrap();
        assert_eq!(code(&verdict), "brought_owner");
    }

    #[tokio::test]
    async fn a_file_that_is_no_answer_or_of_a_newer_version_is_told_for_what_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let house = house(&dir);
        let id = tested(&house, OWNER).await;
        let unknown = file("latchkey-answer/1", "").replace("\"request\"", "\"colour\"");
        for (text, expected, says) in [
            ("", "brought_empty", "Nothing"),
            (
                &*file("latchkey-answer/9", ""),
                "brought_newer",
                "latchkey-answer/9",
            ),
            (&unknown, "brought_unreadable", "unknown key colour"),
        ] {
            let refused = bring(&house, &id, text, now()).await.unwrap_err();
            assert_eq!(refused.code, expected);
            assert!(refused.what.contains(says), "{}", refused.what);
        }
    }
}
