use latchkey_store::{Imported, Origin, Restored, StoreError, Unsaved, What};

use crate::place::{Place, at, draft, evidence, proved_by, save, set_up, with_another_rule};

#[test]
fn revisions_are_numbered_from_one_and_hold_what_the_draft_held() {
    let place = Place::new();
    let store = place.store();
    let first = draft("Acme");
    let id = store.create(&first, at(0)).unwrap();
    assert_eq!(save(&store, &id), 1);
    let second = with_another_rule(&first);
    store.keep(&id, &second, 1, at(2)).unwrap();
    assert_eq!(save(&store, &id), 2);
    drop(store);

    let store = place.store();
    assert!(store.revision(&id, 1).unwrap().holds(&first));
    assert!(store.revision(&id, 2).unwrap().holds(&second));
    let heads = store.revisions(&id).unwrap();
    assert_eq!(
        heads
            .iter()
            .map(|head| (head.number, head.origin))
            .collect::<Vec<_>>(),
        [(1, Origin::Saved), (2, Origin::Saved)]
    );
    assert_eq!((heads[0].author.as_str(), heads[0].at), ("olivia", at(1)));
    for missing in [0, 3, u32::MAX] {
        assert_eq!(
            store.revision(&id, missing),
            Err(StoreError::NoSuchRevision { number: missing })
        );
    }
}

#[test]
fn neither_a_revision_nor_evidence_nor_the_journal_can_be_changed_from_outside() {
    let place = Place::new();
    let store = place.store();
    let id = store.create(&draft("Acme"), at(0)).unwrap();
    save(&store, &id);
    let raw = place.raw();
    for change in [
        "UPDATE revision SET set_up = '{}'",
        "UPDATE revision SET number = 7",
        "UPDATE evidence SET body = '{}'",
        "UPDATE journal SET at = ''",
        "DELETE FROM journal",
    ] {
        assert!(raw.execute(change, []).is_err(), "{change}");
    }
}

#[test]
fn nothing_is_saved_that_neither_evidence_nor_a_reason_stands_behind() {
    let place = Place::new();
    let store = place.store();
    let tested = draft("Acme");
    let mut elsewhere = tested.clone();
    elsewhere.set_up.connection.client_id.push('x');
    let id = store.create(&tested, at(0)).unwrap();
    let neighbour = store.create(&draft("Neighbour"), at(0)).unwrap();
    store
        .add_evidence(&id, &evidence("stale", &elsewhere))
        .unwrap();
    store
        .add_evidence(&id, &evidence("right", &tested))
        .unwrap();
    store
        .add_evidence(&neighbour, &evidence("neighbours", &tested))
        .unwrap();

    let try_to_save = |proofs: &[&str], reason: Option<&str>| {
        let mut new = proved_by("");
        new.evidence = proofs.iter().map(|id| (*id).to_owned()).collect();
        new.reason = reason.map(str::to_owned);
        store.save(&id, 1, |_| Ok(new.clone()), at(1))
    };
    let missing = |id: &str| Err(StoreError::NoSuchEvidence { id: id.to_owned() });
    assert_eq!(try_to_save(&[], None), Err(StoreError::Unproved));
    assert_eq!(try_to_save(&[], Some(" \n")), Err(StoreError::Unproved));
    assert_eq!(try_to_save(&["never"], None), missing("never"));
    assert_eq!(try_to_save(&["neighbours"], None), missing("neighbours"));
    assert_eq!(
        try_to_save(&["right", "stale"], None),
        Err(StoreError::StaleEvidence {
            id: "stale".to_owned()
        })
    );
    assert_eq!(
        try_to_save(&["stale"], Some("It is only the id")),
        Err(StoreError::StaleEvidence {
            id: "stale".to_owned()
        })
    );
    assert_eq!(store.revisions(&id), Ok(vec![]));
    assert_eq!(try_to_save(&["right"], None), Ok(1));
    assert_eq!(try_to_save(&[], Some("The provider is down")), Ok(2));
}

#[test]
fn a_draft_whose_fields_do_not_hold_is_not_saved_whatever_the_reason() {
    let place = Place::new();
    let store = place.store();
    let mut new = proved_by("");
    new.evidence.clear();
    new.reason = Some("It will hold tomorrow".to_owned());
    let mut unfit = draft("Acme");
    unfit.set_up.connection.issuer = "https://".to_owned();
    let id = store.create(&unfit, at(0)).unwrap();
    assert_eq!(
        store.save(&id, 1, |_| Ok(new.clone()), at(1)),
        Err(StoreError::Unfit)
    );
    let nameless = store.create(&draft(" "), at(0)).unwrap();
    assert_eq!(
        store.save(&nameless, 1, |_| Ok(new.clone()), at(1)),
        Err(StoreError::NameMissing)
    );
    assert_eq!(store.revisions(&id), Ok(vec![]));
}

#[test]
fn a_draft_that_was_changed_elsewhere_is_not_saved() {
    let place = Place::new();
    let (window, command) = (place.store(), place.store());
    let seen = draft("Acme");
    let id = window.create(&seen, at(0)).unwrap();
    window.add_evidence(&id, &evidence("e", &seen)).unwrap();
    command
        .keep(&id, &with_another_rule(&seen), 1, at(1))
        .unwrap();
    let refused = window.save(&id, 1, |_| Ok(proved_by("e")), at(2));
    assert_eq!(
        refused,
        Err(StoreError::ChangedElsewhere {
            version: 2,
            at: at(1)
        })
    );
    assert_eq!(window.revisions(&id), Ok(vec![]));
}

#[test]
fn a_revision_without_its_line_in_the_journal_is_none() {
    let place = Place::new();
    let store = place.store();
    let id = store.import(&set_up("Acme"), "olivia", at(0)).unwrap().id;
    place
        .raw()
        .execute_batch("CREATE TRIGGER broken BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'broken'); END")
        .unwrap();
    let changed = with_another_rule(&draft("Acme")).set_up;
    assert!(store.import(&changed, "olivia", at(1)).is_err());
    assert!(store.import(&set_up("New"), "olivia", at(1)).is_err());
    assert_eq!(store.revisions(&id).unwrap().len(), 1);
    assert_eq!(store.kept(&id).unwrap().draft.set_up, set_up("Acme"));
    assert_eq!(store.by_name("New"), Ok(None));
}

#[test]
fn restoring_makes_a_new_revision_with_its_own_secret_and_its_own_proof() {
    let place = Place::new();
    let store = place.store();
    let first = draft("Acme");
    let id = store.create(&first, at(0)).unwrap();
    save(&store, &id);
    let mut second = with_another_rule(&first);
    second.secret_mark = Some("fedcba".to_owned());
    store.keep(&id, &second, 1, at(2)).unwrap();
    save(&store, &id);

    let restored = store.restore(&id, 1, Unsaved::Keep, "bob", at(3)).unwrap();
    assert_eq!(
        restored,
        Restored {
            revision: 3,
            draft_follows: true,
            proved: true
        }
    );
    let (old, new) = (
        store.revision(&id, 1).unwrap(),
        store.revision(&id, 3).unwrap(),
    );
    assert!(new.holds(&first));
    assert_eq!(
        (&new.evidence, &new.fingerprint),
        (&old.evidence, &old.fingerprint)
    );
    assert_eq!(
        (new.head.origin, new.head.author.as_str()),
        (Origin::Restored { from: 1 }, "bob")
    );
    assert!(new.holds(&store.kept(&id).unwrap().draft));
    assert_eq!(store.kept(&id).unwrap().version, 3);
    assert!(
        store.revision(&id, 2).unwrap().holds(&second),
        "what it replaces is still there"
    );
    let mut marks = vec!["0123456789abcdef".to_owned(), "fedcba".to_owned()];
    marks.sort();
    assert_eq!(store.marks(&id), Ok(marks));
    assert_eq!(
        store.restore(&id, 9, Unsaved::Keep, "bob", at(3)),
        Err(StoreError::NoSuchRevision { number: 9 })
    );
}

#[test]
fn restoring_overwrites_unsaved_changes_only_when_told_to() {
    let place = Place::new();
    let store = place.store();
    let first = draft("Acme");
    let id = store.create(&first, at(0)).unwrap();
    save(&store, &id);
    let unsaved = with_another_rule(&first);
    store.keep(&id, &unsaved, 1, at(2)).unwrap();

    let kept = store.restore(&id, 1, Unsaved::Keep, "bob", at(3)).unwrap();
    assert_eq!(
        kept,
        Restored {
            revision: 2,
            draft_follows: false,
            proved: true
        }
    );
    assert_eq!(store.kept(&id).unwrap().draft, unsaved);
    let replaced = store
        .restore(&id, 1, Unsaved::Replace { seen: None }, "bob", at(4))
        .unwrap();
    assert_eq!(
        replaced,
        Restored {
            revision: 3,
            draft_follows: true,
            proved: true
        }
    );
    assert_eq!(store.kept(&id).unwrap().draft, first);
}

#[test]
fn restoring_a_name_that_another_workspace_has_now_changes_nothing() {
    let place = Place::new();
    let store = place.store();
    let id = store.create(&draft("Acme"), at(0)).unwrap();
    save(&store, &id);
    store.keep(&id, &draft("Acme 2"), 1, at(1)).unwrap();
    save(&store, &id);
    store.create(&draft("Acme"), at(2)).unwrap();
    let refused = store.restore(&id, 1, Unsaved::Replace { seen: None }, "bob", at(3));
    assert_eq!(
        refused,
        Err(StoreError::NameTaken {
            name: "Acme".to_owned()
        })
    );
    assert_eq!(store.revisions(&id).unwrap().len(), 2);
}

#[test]
fn a_set_up_file_becomes_a_workspace_or_its_next_revision() {
    let place = Place::new();
    let store = place.store();
    let first = store.import(&set_up("Acme"), "olivia", at(0)).unwrap();
    assert_eq!((first.revision, first.draft_follows), (1, true));
    let changed = with_another_rule(&draft("Acme")).set_up;
    let second = store.import(&changed, "bob", at(1)).unwrap();
    assert_eq!(
        second,
        Imported {
            id: first.id.clone(),
            revision: 2,
            draft_follows: true
        }
    );
    assert_eq!(store.kept(&first.id).unwrap().draft.set_up, changed);
    let again = store.import(&changed, "bob", at(2)).unwrap();
    assert_eq!(again.revision, 3);
    assert_eq!(store.export(&first.id), Ok(changed));
    let what: Vec<_> = store
        .journal(&first.id)
        .unwrap()
        .into_iter()
        .map(|line| (line.what, line.revision))
        .collect();
    assert_eq!(
        what,
        [
            (What::Made, None),
            (What::Imported, Some(1)),
            (What::Imported, Some(2)),
            (What::Imported, Some(3))
        ]
    );
}

#[test]
fn a_set_up_file_without_a_name_has_no_workspace() {
    let place = Place::new();
    let store = place.store();
    for name in ["", "  \n"] {
        assert_eq!(
            store.import(&set_up(name), "olivia", at(0)),
            Err(StoreError::NameMissing)
        );
    }
    assert_eq!(store.workspaces(), Ok(vec![]));
}

#[test]
fn importing_leaves_unsaved_changes_alone() {
    let place = Place::new();
    let store = place.store();
    let first = draft("Acme");
    let id = store.create(&first, at(0)).unwrap();
    save(&store, &id);
    let unsaved = with_another_rule(&first);
    store.keep(&id, &unsaved, 1, at(1)).unwrap();
    let mut theirs = set_up("Acme");
    theirs.workspace.owner_email = "bob@acme.example".to_owned();

    let imported = store.import(&theirs, "bob", at(2)).unwrap();
    assert_eq!((imported.revision, imported.draft_follows), (2, false));
    assert_eq!(store.kept(&id).unwrap().draft, unsaved);
    assert_eq!(store.kept(&id).unwrap().version, 2);
    assert_eq!(store.export(&id), Ok(theirs));
}

#[test]
fn the_secret_stays_with_its_client_when_a_set_up_is_imported() {
    let place = Place::new();
    let store = place.store();
    let first = draft("Acme");
    let id = store.create(&first, at(0)).unwrap();
    save(&store, &id);
    let same_client = with_another_rule(&first).set_up;
    store.import(&same_client, "bob", at(1)).unwrap();
    assert_eq!(
        store.kept(&id).unwrap().draft.secret_mark,
        first.secret_mark
    );
    let mut another_client = same_client;
    another_client.connection.client_id = "0oaanother".to_owned();
    store.import(&another_client, "bob", at(2)).unwrap();
    assert_eq!(store.kept(&id).unwrap().draft.secret_mark, None);
    assert_eq!(store.revision(&id, 3).unwrap().secret_mark, None);
}

#[test]
fn what_is_exported_is_the_newest_revision_or_else_the_draft() {
    let place = Place::new();
    let store = place.store();
    let first = draft("Acme");
    let id = store.create(&first, at(0)).unwrap();
    assert_eq!(store.export(&id), Ok(first.set_up.clone()));
    save(&store, &id);
    store
        .keep(&id, &with_another_rule(&first), 1, at(1))
        .unwrap();
    assert_eq!(store.export(&id), Ok(first.set_up));
}

#[test]
fn an_author_and_a_reason_are_bounded() {
    let place = Place::new();
    let store = place.store();
    let tested = draft("Acme");
    let id = store.create(&tested, at(0)).unwrap();
    let mut new = proved_by("");
    new.evidence.clear();
    new.reason = Some("x".repeat(10_001));
    assert!(matches!(
        store.save(&id, 1, |_| Ok(new.clone()), at(1)),
        Err(StoreError::TooLarge { .. })
    ));
    assert!(matches!(
        store.import(&set_up("B"), &"x".repeat(321), at(1)),
        Err(StoreError::TooLarge { .. })
    ));
    assert_eq!(store.by_name("B"), Ok(None));
}
