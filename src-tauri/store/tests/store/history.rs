//! The history of a workspace.

use latchkey_core::changes::Change;
use latchkey_core::{Claims, Evidence};
use latchkey_store::{NewRevision, StoreError, Unsaved};

use crate::place::{Place, at, draft, evidence, save, set_up, with_another_rule};

fn paths(changes: &[Change]) -> Vec<&str> {
    changes
        .iter()
        .map(|change| match change {
            Change::Field { path, .. } | Change::Secret { path } => path.as_str(),
            Change::RuleAdded { .. } => "rule added",
            Change::RuleRemoved { .. } => "rule removed",
            Change::RuleMoved { .. } => "rule moved",
        })
        .collect()
}

#[test]
fn tells_of_each_revision_who_proved_it_and_of_the_newest_whether_it_is_the_draft() {
    let place = Place::new();
    let store = place.store();
    let first = draft("Acme");
    let id = store.create(&first, at(0)).unwrap();
    save(&store, &id);
    store
        .keep(&id, &with_another_rule(&first), 1, at(2))
        .unwrap();
    let reason = NewRevision {
        evidence: Vec::new(),
        reason: Some("The provider is down until Monday".to_owned()),
        author: "bob".to_owned(),
    };
    store.save(&id, 2, |_| Ok(reason.clone()), at(3)).unwrap();

    let history = store.history(&id).unwrap();

    let numbers: Vec<u32> = history
        .revisions
        .iter()
        .map(|one| one.head.number)
        .collect();
    assert_eq!(numbers, [2, 1]);
    let [newest, oldest] = &history.revisions[..] else {
        panic!("two revisions");
    };
    assert!(newest.is_draft && !oldest.is_draft);
    assert_eq!(oldest.proofs[0].who, "olivia@acme.example");
    assert_eq!(newest.proofs, []);
    assert_eq!(
        (newest.head.author.as_str(), newest.head.reason.as_deref()),
        ("bob", Some("The provider is down until Monday"))
    );
    let last = history.last_worked.unwrap();
    assert_eq!(
        (last.revision, paths(&last.changes)),
        (1, vec!["rule added"])
    );
}

#[test]
fn what_changed_since_it_last_worked_names_fields_and_secrets_and_is_empty_when_nothing_did() {
    let place = Place::new();
    let store = place.store();
    let first = draft("Acme");
    let id = store.create(&first, at(0)).unwrap();
    assert_eq!(store.history(&id).unwrap().last_worked, None);
    save(&store, &id);
    let last = || store.history(&id).unwrap().last_worked.unwrap();
    assert_eq!(last().changes, []);

    let mut second = first.clone();
    second.set_up.connection.client_id = "0oaAnother".to_owned();
    second.secret_mark = Some("fedcba".to_owned());
    store.keep(&id, &second, 1, at(2)).unwrap();
    assert_eq!(
        paths(&last().changes),
        ["connection.client_id", "connection.client_secret"]
    );
    assert!(!format!("{:?}", last()).contains("fedcba"));
}

#[test]
fn evidence_that_was_forgotten_is_counted_and_its_person_is_not_named() {
    let place = Place::new();
    let store = place.store();
    let id = store.create(&draft("Acme"), at(0)).unwrap();
    save(&store, &id);
    let proof = store.evidence(&id).unwrap().remove(0);
    store.forget_evidence(&id, &proof.id, at(2)).unwrap();
    let revision = store.history(&id).unwrap().revisions.remove(0);
    assert_eq!((revision.forgotten, revision.proofs), (1, vec![]));
}

#[test]
fn any_two_states_can_be_compared_in_either_direction() {
    let place = Place::new();
    let store = place.store();
    let first = draft("Acme");
    let id = store.create(&first, at(0)).unwrap();
    save(&store, &id);
    let second = with_another_rule(&first);
    store.keep(&id, &second, 1, at(2)).unwrap();
    save(&store, &id);
    let between = |before, after| store.compare(&id, before, after);
    assert_eq!(paths(&between(Some(1), Some(2)).unwrap()), ["rule added"]);
    assert_eq!(paths(&between(Some(2), Some(1)).unwrap()), ["rule removed"]);
    assert_eq!(paths(&between(Some(1), None).unwrap()), ["rule added"]);
    assert_eq!(between(Some(2), None), Ok(vec![]));
    assert_eq!(
        between(Some(1), Some(9)),
        Err(StoreError::NoSuchRevision { number: 9 })
    );
}

#[test]
fn a_restored_revision_keeps_only_the_proof_that_is_still_there() {
    let place = Place::new();
    let store = place.store();
    let first = draft("Acme");
    let id = store.create(&first, at(0)).unwrap();
    save(&store, &id);
    let proof = store.evidence(&id).unwrap().remove(0);
    store.forget_evidence(&id, &proof.id, at(2)).unwrap();
    let mut other = first.clone();
    other.set_up.connection.client_id = "0oaAnother".to_owned();
    store
        .add_evidence(&id, &evidence("of another client", &other))
        .unwrap();

    let restored = store.restore(&id, 1, Unsaved::Keep, "bob", at(3)).unwrap();

    assert!(!restored.proved);
    assert_eq!(
        store.revision(&id, 2).unwrap().evidence,
        Vec::<String>::new()
    );
    let imported = store.import(&set_up("New"), "bob", at(4)).unwrap().id;
    let restored = store.restore(&imported, 1, Unsaved::Keep, "bob", at(5));
    assert!(!restored.unwrap().proved, "a file proves nothing");
}

#[test]
fn restoring_over_a_draft_that_was_changed_after_it_was_seen_is_refused() {
    let place = Place::new();
    let (window, command) = (place.store(), place.store());
    let first = draft("Acme");
    let id = window.create(&first, at(0)).unwrap();
    save(&window, &id);
    command
        .keep(&id, &with_another_rule(&first), 1, at(2))
        .unwrap();
    let seen = |seen| Unsaved::Replace { seen: Some(seen) };
    assert_eq!(
        window.restore(&id, 1, seen(1), "bob", at(3)),
        Err(StoreError::ChangedElsewhere {
            version: 2,
            at: at(2)
        })
    );
    assert_eq!(window.revisions(&id).unwrap().len(), 1);
    assert!(
        window
            .restore(&id, 1, seen(2), "bob", at(3))
            .unwrap()
            .draft_follows
    );
}

#[test]
fn a_revision_that_was_saved_for_a_reason_is_proved_by_a_later_sign_in_with_its_settings() {
    let place = Place::new();
    let store = place.store();
    let first = draft("Acme");
    let id = store.create(&first, at(0)).unwrap();
    let reason = NewRevision {
        evidence: Vec::new(),
        reason: Some("The provider is down until Monday".to_owned()),
        author: "olivia".to_owned(),
    };
    store.save(&id, 1, |_| Ok(reason), at(1)).unwrap();

    let mut other = first.clone();
    other.set_up.connection.client_id = "0oaAnother".to_owned();
    let imported = Evidence {
        imported: true,
        ..evidence("imported", &first)
    };
    let mut unmapped = evidence("unmapped", &first);
    unmapped.claims = Claims::default();
    for one in [evidence("other", &other), imported, unmapped] {
        store
            .add_evidence(&id, &Evidence { at: at(2), ..one })
            .unwrap();
    }
    let proofs = || store.history(&id).unwrap().revisions.remove(0).proofs;
    assert_eq!(proofs(), []);
    assert_eq!(store.history(&id).unwrap().last_worked, None);

    let proof = Evidence {
        at: at(3),
        ..evidence("proof", &first)
    };
    store.add_evidence(&id, &proof).unwrap();
    assert_eq!(proofs()[0].evidence, "proof");
    assert_eq!(store.history(&id).unwrap().last_worked.unwrap().revision, 1);

    store.keep(&id, &other, 1, at(4)).unwrap();
    let last = store.history(&id).unwrap().last_worked.unwrap();
    assert_eq!(paths(&last.changes), ["connection.client_id"]);

    let restored = store.restore(&id, 1, Unsaved::Replace { seen: None }, "bob", at(5));
    assert!(restored.unwrap().proved);
    assert_eq!(proofs()[0].evidence, "proof");
}
