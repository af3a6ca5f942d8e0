//! What a gate lets through: saving a revision, and declaring it the only way in.

use jiff::Timestamp;
use latchkey_core::check::check;
use latchkey_core::gate::Gate;
use latchkey_core::{Catalogue, Fault, Told};
use latchkey_store::{NewRevision, Standing, StoreError, WorkspaceId, author};
use tauri::State;

use crate::desk::{self, desk, workspace_id};
use crate::house::{Answer, House};
use crate::wire::Desk;

/// Saves a revision. A reason is needed where a condition is not met.
#[tauri::command]
#[specta::specta]
pub async fn save_revision(
    house: State<'_, House>,
    id: String,
    version: u32,
    reason: Option<String>,
) -> Answer<Desk> {
    let id = workspace_id(&id)?;
    saved(&house, &id, version, reason).await?;
    desk(&house, &id).await
}

/// Saves the draft in the version that was seen, if its gate lets it; the revision's number, durable.
pub(crate) async fn saved(
    house: &House,
    id: &WorkspaceId,
    version: u32,
    reason: Option<String>,
) -> Answer<u32> {
    // Of this version: the store saves no other.
    let kept = house.seen(id, version).await?;
    let secret = house.whereabouts(id, kept.draft.mark()).await?;
    let judge = move |standing: &Standing| {
        // Another window has saved the very same: what this one shows is behind.
        if let Some(newest) = standing.newest.as_ref().filter(|_| standing.is_saved()) {
            let at = newest.head.at;
            return Err(StoreError::ChangedElsewhere { version, at });
        }
        let draft = &standing.kept.draft;
        let checked = check(&draft.set_up, Catalogue::built_in());
        let findings = desk::findings(&checked, draft, &secret);
        let gate = desk::save_gate(standing, &checked, &findings);
        let reason = gate.let_through(reason.as_deref()).map_err(closed)?;
        let mut evidence: Vec<String> = gate
            .conditions
            .into_iter()
            .filter_map(|condition| condition.evidence)
            .collect();
        evidence.dedup();
        Ok(NewRevision {
            evidence,
            reason,
            author: author(),
        })
    };
    let asked = id.clone();
    house
        .store(move |store| store.save(&asked, version, judge, Timestamp::now()))
        .await
        .map_err(at_its_field)
}

/// Declares the newest revision the only way in. The workspace's name is typed to make sure; a
/// reason is needed where a condition is not met.
#[tauri::command]
#[specta::specta]
pub async fn enforce(
    house: State<'_, House>,
    id: String,
    version: u32,
    name: String,
    reason: Option<String>,
) -> Answer<Desk> {
    let id = workspace_id(&id)?;
    enforced(&house, &id, version, name, reason).await?;
    desk(&house, &id).await
}

/// Declares the newest revision enforced in the version that was seen, if its gate lets it; its number.
pub(crate) async fn enforced(
    house: &House,
    id: &WorkspaceId,
    version: u32,
    name: String,
    reason: Option<String>,
) -> Answer<u32> {
    let judge = move |standing: &Standing| {
        let draft = &standing.kept.draft;
        let checked = check(&draft.set_up, Catalogue::built_in());
        let now = desk::fingerprint(&checked, draft);
        let gate = Gate::for_enforce(&desk::enforcing(standing, &checked, now.as_ref()));
        let reason = gate.let_through(reason.as_deref()).map_err(closed)?;
        if name.trim() != draft.set_up.workspace.name.trim() {
            return Err(closed(Fault::NameNotTyped {}));
        }
        Ok(reason)
    };
    let asked = id.clone();
    house
        .store(move |store| store.enforce(&asked, version, &author(), judge, Timestamp::now()))
        .await
        .map_err(at_its_field)
}

/// Takes it back that a revision is the only way in.
#[tauri::command]
#[specta::specta]
pub async fn relax(house: State<'_, House>, id: String, version: u32) -> Answer<Desk> {
    let id = workspace_id(&id)?;
    let asked = id.clone();
    house
        .store(move |store| store.relax(&asked, version, Timestamp::now()))
        .await?;
    desk(&house, &id).await
}

fn closed(why: Fault) -> StoreError {
    StoreError::Closed(Box::new(why))
}

/// At the field where a closed gate can be opened.
fn at_its_field(mut told: Box<Told>) -> Box<Told> {
    let fields = [
        (Fault::ReasonTooShort {}, "reason"),
        (Fault::NameNotTyped {}, "enforce.name"),
    ];
    let field = fields.iter().find(|(fault, _)| fault.code() == told.code);
    told.path = told.path.or(field.map(|(_, path)| (*path).to_owned()));
    told
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use latchkey_core::{Claims, Draft, Evidence, Fingerprint, Rule, RuleList, Way};
    use latchkey_signin::Http;
    use latchkey_store::{Secrets, Store};

    use super::*;
    use crate::commands::kills;

    fn house(dir: &Path) -> House {
        House::new(
            dir.to_owned(),
            Secrets::until_closed(),
            Http::new().unwrap(),
        )
    }

    /// A draft that only lacks what test sign-ins prove.
    fn draft() -> Draft {
        let mut draft = kills::draft();
        let mut rules = draft.set_up.rules.0;
        rules.push(Rule {
            claim: "groups".to_owned(),
            value: "SecOps".to_owned(),
            role: "Contributor".to_owned(),
        });
        draft.set_up.rules = RuleList(rules);
        draft.backup_account = "backup@acme.example".to_owned();
        draft
    }

    fn evidence(of: &str, group: Option<&str>, draft: &Draft) -> Evidence {
        let connection = check(&draft.set_up, Catalogue::built_in())
            .connection
            .unwrap();
        let email = format!("{of}@acme.example");
        let mut claims = Claims::default();
        claims.push("email", &email);
        if let Some(group) = group {
            claims.push("groups", group);
        }
        Evidence {
            id: of.to_owned(),
            at: Timestamp::now(),
            way: Way::Window,
            subject: format!("subject of {of}"),
            email,
            fingerprint: Fingerprint::of(&connection, None),
            stages: Vec::new(),
            claims,
            signed_by: None,
            expected_role: group.map(|_| "Contributor".to_owned()),
            name: None,
            answer: None,
            imported: false,
        }
    }

    /// The workspace of the draft, with both people's evidence; and another process on it.
    async fn proved(house: &House, dir: &Path) -> (WorkspaceId, Store) {
        let made = |store: &Store| {
            let id = store.create(&draft(), Timestamp::now())?;
            for one in [("olivia", None), ("bob", Some("SecOps"))] {
                store.add_evidence(&id, &evidence(one.0, one.1, &draft()))?;
            }
            Ok(id)
        };
        let id = house.store(made).await.unwrap();
        (id, Store::open(dir).unwrap())
    }

    fn code<T>(answer: Answer<T>) -> Option<String> {
        answer.err().map(|told| told.code)
    }

    #[tokio::test]
    async fn what_is_proved_is_saved_and_enforced_without_a_reason_whatever_was_written() {
        let dir = tempfile::tempdir().unwrap();
        let house = house(dir.path());
        let (id, store) = proved(&house, dir.path()).await;
        let reason = || Some("It is all there".to_owned());
        assert_eq!(saved(&house, &id, 1, reason()).await.unwrap(), 1);
        let number = enforced(&house, &id, 1, " Acme ".to_owned(), reason())
            .await
            .unwrap();
        assert_eq!(number, 1);
        let standing = store.standing(&id).unwrap();
        assert_eq!(standing.kept.draft.enforced.unwrap().reason, None);
        let newest = standing.newest.unwrap();
        assert_eq!(newest.evidence, ["bob", "olivia"]);
        assert_eq!(newest.head.reason, None);
    }

    #[tokio::test]
    async fn what_another_window_has_saved_is_not_saved_again() {
        let dir = tempfile::tempdir().unwrap();
        let house = house(dir.path());
        let (id, other) = proved(&house, dir.path()).await;
        saved(&house, &id, 1, None).await.unwrap();
        let again = saved(&house, &id, 1, None).await;
        assert_eq!(code(again).as_deref(), Some("changed_elsewhere"));
        assert_eq!(other.revisions(&id).unwrap().len(), 1);
    }

    #[tokio::test]
    async fn evidence_that_another_process_has_forgotten_since_it_was_shown_opens_no_gate() {
        let dir = tempfile::tempdir().unwrap();
        let house = house(dir.path());
        let (id, other) = proved(&house, dir.path()).await;
        other
            .forget_evidence(&id, "olivia", Timestamp::now())
            .unwrap();
        // The draft is in the version that the window shows all the same.
        let refused = saved(&house, &id, 1, None).await;
        assert_eq!(code(refused).as_deref(), Some("conditions_not_met"));
        assert_eq!(other.revisions(&id), Ok(Vec::new()));

        let reason = Some("Olivia comes back on Monday".to_owned());
        saved(&house, &id, 1, reason).await.unwrap();
        other.forget_evidence(&id, "bob", Timestamp::now()).unwrap();
        let refused = enforced(&house, &id, 1, "Acme".to_owned(), None).await;
        assert_eq!(code(refused).as_deref(), Some("conditions_not_met"));
        assert_eq!(other.kept(&id).unwrap().draft.enforced, None);
    }

    #[tokio::test]
    async fn a_later_sign_in_of_the_owner_without_the_role_closes_both_gates() {
        let dir = tempfile::tempdir().unwrap();
        let house = house(dir.path());
        let (id, other) = proved(&house, dir.path()).await;
        let mut later = evidence("olivia", None, &draft());
        later.id = "later".to_owned();
        later.claims = Claims::default();
        other.add_evidence(&id, &later).unwrap();
        let refused = saved(&house, &id, 1, None).await;
        assert_eq!(code(refused).as_deref(), Some("conditions_not_met"));
        let reason = Some("Her groups come back tonight".to_owned());
        saved(&house, &id, 1, reason.clone()).await.unwrap();
        let refused = enforced(&house, &id, 1, "Acme".to_owned(), None).await;
        assert_eq!(code(refused).as_deref(), Some("conditions_not_met"));
        enforced(&house, &id, 1, "Acme".to_owned(), reason)
            .await
            .unwrap();
    }

    #[tokio::test]
    async fn another_version_another_name_and_what_no_reason_mends_are_refused_in_their_own_words()
    {
        let dir = tempfile::tempdir().unwrap();
        let house = house(dir.path());
        let (id, other) = proved(&house, dir.path()).await;
        let reason = || Some("Whatever it takes".to_owned());
        let enforce =
            |version, name: &str| enforced(&house, &id, version, name.to_owned(), reason());
        let unsaved = enforce(1, "Acme").await;
        assert_eq!(code(unsaved).as_deref(), Some("conditions_not_met"));
        saved(&house, &id, 1, None).await.unwrap();
        let unnamed = enforce(1, "acme").await.unwrap_err();
        assert_eq!(unnamed.code, "name_not_typed");
        assert_eq!(unnamed.path.as_deref(), Some("enforce.name"));

        other.keep(&id, &draft(), 1, Timestamp::now()).unwrap();
        let elsewhere = saved(&house, &id, 1, reason()).await;
        assert_eq!(code(elsewhere).as_deref(), Some("changed_elsewhere"));
        let elsewhere = enforce(1, "Acme").await;
        assert_eq!(code(elsewhere).as_deref(), Some("changed_elsewhere"));
        assert_eq!(other.kept(&id).unwrap().draft.enforced, None);
    }

    #[tokio::test]
    async fn a_reason_that_is_no_sentence_opens_no_gate_and_is_told_at_its_field() {
        let dir = tempfile::tempdir().unwrap();
        let house = house(dir.path());
        let (id, other) = proved(&house, dir.path()).await;
        other
            .forget_evidence(&id, "olivia", Timestamp::now())
            .unwrap();
        let short = saved(&house, &id, 1, Some("because".to_owned())).await;
        let short = short.unwrap_err();
        assert_eq!(short.code, "reason_too_short");
        assert_eq!(short.path.as_deref(), Some("reason"));
    }
}
