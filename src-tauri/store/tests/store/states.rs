use latchkey_core::Draft;
use latchkey_store::{State, Store, StoreError, Summary, WorkspaceId};

use crate::place::{Place, at, draft, evidence, proved_by, save, set_up, with_another_rule};

fn summary(store: &Store, id: &WorkspaceId) -> Summary {
    store
        .workspaces()
        .unwrap()
        .into_iter()
        .find(|one| one.id == *id)
        .unwrap()
}

/// Keeps a draft over the newest version.
fn keep(store: &Store, id: &WorkspaceId, draft: &Draft) {
    let seen = store.kept(id).unwrap().version;
    store.keep(id, draft, seen, at(9)).unwrap();
}

#[test]
fn a_new_workspace_is_a_draft_and_says_what_it_is_for() {
    let place = Place::new();
    let store = place.store();
    let mut practised = draft("Acme");
    practised.practice = true;
    practised.set_up.connection.issuer = "http://127.0.0.1:47114".to_owned();
    let id = store.create(&practised, at(3)).unwrap();
    let found = summary(&store, &id);
    assert_eq!(
        (found.state, found.revision, found.unsaved),
        (State::Draft, None, true)
    );
    assert_eq!(
        (found.name.as_str(), found.provider.as_str(), found.practice),
        ("Acme", "okta", true)
    );
    assert_eq!(found.service_name.as_deref(), Some("Torq"));
    assert_eq!(found.changed_at, at(3));
}

#[test]
fn a_practice_workspace_with_somebody_elses_provider_in_it_is_practice_no_longer() {
    let place = Place::new();
    let store = place.store();
    let mut practised = draft("Acme");
    practised.practice = true;
    let id = store.create(&practised, at(3)).unwrap();
    assert!(!summary(&store, &id).practice);
}

#[test]
fn an_empty_draft_has_a_state_too() {
    let place = Place::new();
    let store = place.store();
    let id = store.create(&Draft::default(), at(0)).unwrap();
    assert_eq!(summary(&store, &id).state, State::Draft);
}

#[test]
fn tested_is_what_was_tested_with_exactly_these_settings() {
    let place = Place::new();
    let store = place.store();
    let tested = draft("Acme");
    let id = store.create(&tested, at(0)).unwrap();
    store.add_evidence(&id, &evidence("e1", &tested)).unwrap();
    assert_eq!(summary(&store, &id).state, State::Tested);

    keep(&store, &id, &with_another_rule(&tested));
    assert_eq!(
        summary(&store, &id).state,
        State::Tested,
        "rules are replayed"
    );

    let changes: [fn(&mut Draft); 4] = [
        |draft| draft.secret_mark = Some("another".to_owned()),
        |draft| draft.set_up.connection.client_id.push('x'),
        |draft| draft.set_up.workspace.region = "eu".to_owned(),
        |draft| draft.set_up.connection.issuer.clear(),
    ];
    for change in changes {
        let mut changed = tested.clone();
        change(&mut changed);
        keep(&store, &id, &changed);
        assert_eq!(summary(&store, &id).state, State::Draft, "{changed:?}");
    }
    keep(&store, &id, &tested);
    assert_eq!(summary(&store, &id).state, State::Tested);
}

#[test]
fn saved_is_the_draft_as_it_was_proved_and_saved() {
    let place = Place::new();
    let store = place.store();
    let first = draft("Acme");
    let id = store.create(&first, at(0)).unwrap();
    save(&store, &id);
    let found = summary(&store, &id);
    assert_eq!(
        (found.state, found.revision, found.unsaved),
        (State::Saved, Some(1), false)
    );

    keep(&store, &id, &with_another_rule(&first));
    let found = summary(&store, &id);
    assert_eq!(
        (found.state, found.revision, found.unsaved),
        (State::Tested, Some(1), true)
    );

    let mut changed = first;
    changed.set_up.connection.client_id.push('x');
    keep(&store, &id, &changed);
    let found = summary(&store, &id);
    assert_eq!(
        (found.state, found.revision, found.unsaved),
        (State::Draft, Some(1), true)
    );
}

#[test]
fn where_the_person_stands_in_the_wizard_is_no_unsaved_change() {
    let place = Place::new();
    let store = place.store();
    let mut moved = draft("Acme");
    let id = store.create(&moved, at(0)).unwrap();
    save(&store, &id);
    moved.step = latchkey_core::Step::Connection;
    keep(&store, &id, &moved);
    assert_eq!(summary(&store, &id).state, State::Saved);
}

#[test]
fn saved_without_a_proof_needs_attention() {
    let place = Place::new();
    let store = place.store();
    let imported = store.import(&set_up("Imported"), "olivia", at(0)).unwrap();
    assert_eq!(summary(&store, &imported.id).state, State::NeedsAttention);

    let id = store.create(&draft("Acme"), at(0)).unwrap();
    save(&store, &id);
    let proof = store.evidence(&id).unwrap().remove(0);
    store.forget_evidence(&id, &proof.id, at(2)).unwrap();
    assert_eq!(summary(&store, &id).state, State::NeedsAttention);

    let overridden = draft("Overridden");
    let id = store.create(&overridden, at(0)).unwrap();
    let mut new = proved_by("none");
    new.evidence.clear();
    new.reason = Some("The provider is down until Monday".to_owned());
    store.save(&id, 1, |_| Ok(new.clone()), at(1)).unwrap();
    assert_eq!(summary(&store, &id).state, State::NeedsAttention);
}

#[test]
fn evidence_comes_back_in_its_order_and_once() {
    let place = Place::new();
    let store = place.store();
    let tested = draft("Acme");
    let id = store.create(&tested, at(0)).unwrap();
    for name in ["b", "a", "c"] {
        store.add_evidence(&id, &evidence(name, &tested)).unwrap();
    }
    assert!(store.add_evidence(&id, &evidence("a", &tested)).is_err());
    store.forget_evidence(&id, "a", at(1)).unwrap();
    assert_eq!(
        store.forget_evidence(&id, "a", at(1)),
        Err(StoreError::NoSuchEvidence { id: "a".to_owned() })
    );
    drop(store);
    let found = place.store().evidence(&id).unwrap();
    assert_eq!(found, [evidence("b", &tested), evidence("c", &tested)]);
}
