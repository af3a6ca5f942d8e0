use latchkey_core::{Draft, Step};
use latchkey_store::StoreError;

use crate::place::{Place, at, draft, with_another_rule};

#[test]
fn a_draft_is_there_again_after_reopening_whole() {
    let place = Place::new();
    let mut kept = draft("Acme");
    kept.step = Step::Claims;
    kept.reached = Step::Test;
    kept.proposed = kept.set_up.rules.0.first().cloned();
    kept.offered = true;
    kept.set_up.connection.issuer = " half typed \u{202E}\u{0}\n".to_owned();
    let id = place.store().create(&kept, at(0)).unwrap();
    let found = place.store().kept(&id).unwrap();
    assert_eq!((found.draft, found.version), (kept, 1));
}

#[test]
fn a_draft_is_kept_over_the_version_that_was_seen() {
    let place = Place::new();
    let store = place.store();
    let first = draft("Acme");
    let id = store.create(&first, at(0)).unwrap();
    let second = with_another_rule(&first);
    assert_eq!(store.keep(&id, &second, 1, at(1)), Ok(2));
    assert_eq!(store.keep(&id, &first, 2, at(2)), Ok(3));
    assert_eq!(store.kept(&id).unwrap().draft, first);
}

#[test]
fn a_draft_that_was_changed_elsewhere_is_not_overwritten() {
    let place = Place::new();
    let (window, command) = (place.store(), place.store());
    let seen = draft("Acme");
    let id = window.create(&seen, at(0)).unwrap();
    let theirs = with_another_rule(&seen);
    command.keep(&id, &theirs, 1, at(7)).unwrap();

    let refused = window.keep(&id, &with_another_rule(&theirs), 1, at(8));
    assert_eq!(
        refused,
        Err(StoreError::ChangedElsewhere {
            version: 2,
            at: at(7)
        })
    );
    assert_eq!(window.kept(&id).unwrap().draft, theirs);
}

#[test]
fn a_draft_of_a_version_that_never_was_is_not_kept() {
    let place = Place::new();
    let store = place.store();
    let id = store.create(&draft("Acme"), at(0)).unwrap();
    for never in [0, 2, u32::MAX] {
        assert!(matches!(
            store.keep(&id, &draft("B"), never, at(1)),
            Err(StoreError::ChangedElsewhere { .. })
        ));
    }
    assert_eq!(store.kept(&id).unwrap().draft, draft("Acme"));
}

#[test]
fn what_another_window_changes_is_noticed_and_what_this_one_changes_is_not() {
    let place = Place::new();
    let (window, command) = (place.store(), place.store());
    let id = window.create(&draft("Acme"), at(0)).unwrap();
    let before = window.data_version().unwrap();
    window.keep(&id, &draft("Acme 2"), 1, at(1)).unwrap();
    assert_eq!(window.data_version().unwrap(), before);
    command.keep(&id, &draft("Acme 3"), 2, at(2)).unwrap();
    assert_ne!(window.data_version().unwrap(), before);
}

#[test]
fn a_name_is_given_once() {
    let place = Place::new();
    let store = place.store();
    store.create(&draft("Acme"), at(0)).unwrap();
    let taken = StoreError::NameTaken {
        name: "Acme".to_owned(),
    };
    assert_eq!(store.create(&draft("Acme"), at(1)), Err(taken.clone()));
    assert_eq!(store.create(&draft(" Acme\n"), at(1)), Err(taken.clone()));

    let other = store.create(&draft("acme"), at(2)).unwrap();
    assert_eq!(store.keep(&other, &draft("Acme"), 1, at(3)), Err(taken));
    assert_eq!(store.kept(&other).unwrap().draft, draft("acme"));
    assert_eq!(store.workspaces().unwrap().len(), 2);
}

#[test]
fn workspaces_without_a_name_yet_are_not_in_each_others_way_and_not_found_by_it() {
    let place = Place::new();
    let store = place.store();
    store.create(&Draft::default(), at(0)).unwrap();
    store.create(&draft("  "), at(0)).unwrap();
    assert_eq!(store.workspaces().unwrap().len(), 2);
    assert_eq!(store.by_name("").unwrap(), None);
    assert_eq!(store.by_name(" ").unwrap(), None);
}

#[test]
fn a_workspace_is_found_by_its_name_today() {
    let place = Place::new();
    let store = place.store();
    let id = store.create(&draft("Ünïted \u{1F511}"), at(0)).unwrap();
    assert_eq!(
        store.by_name(" Ünïted \u{1F511} ").unwrap(),
        Some(id.clone())
    );
    store.keep(&id, &draft("Acme"), 1, at(1)).unwrap();
    assert_eq!(store.by_name("Acme").unwrap(), Some(id));
    assert_eq!(store.by_name("Ünïted \u{1F511}").unwrap(), None);
    assert_eq!(store.by_name("acme").unwrap(), None);
}

#[test]
fn a_draft_larger_than_any_set_up_is_refused_and_the_one_before_stays() {
    let place = Place::new();
    let store = place.store();
    let id = store.create(&draft("Acme"), at(0)).unwrap();
    let mut huge = draft("Acme");
    huge.set_up.connection.issuer = "x".repeat(3 * 1024 * 1024);
    assert!(matches!(
        store.keep(&id, &huge, 1, at(1)),
        Err(StoreError::TooLarge { .. })
    ));
    assert!(matches!(
        store.create(&huge, at(1)),
        Err(StoreError::TooLarge { .. })
    ));
    assert_eq!(store.kept(&id).unwrap().draft, draft("Acme"));

    let mut pasted = draft("Acme");
    pasted.set_up.connection.issuer = "x".repeat(1024 * 1024);
    assert_eq!(
        store.keep(&id, &pasted, 1, at(1)),
        Ok(2),
        "a megabyte in one field is kept"
    );
}

#[test]
fn the_workspace_that_was_open_is_open_again() {
    let place = Place::new();
    let store = place.store();
    assert_eq!(store.opened_last(), Ok(None));
    let first = store.create(&draft("A"), at(0)).unwrap();
    let second = store.create(&draft("B"), at(0)).unwrap();
    store.set_opened_last(Some(&first)).unwrap();
    store.set_opened_last(Some(&second)).unwrap();
    drop(store);

    let store = place.store();
    assert_eq!(store.opened_last(), Ok(Some(second.clone())));
    store.delete(&second, at(1)).unwrap();
    assert_eq!(store.opened_last(), Ok(None));
    assert_eq!(
        store.set_opened_last(Some(&second)),
        Err(StoreError::NotFound)
    );
    store.set_opened_last(Some(&first)).unwrap();
    store.set_opened_last(None).unwrap();
    assert_eq!(store.opened_last(), Ok(None));
}

#[test]
fn the_list_begins_with_what_was_changed_last() {
    let place = Place::new();
    let store = place.store();
    let old = store.create(&draft("Old"), at(0)).unwrap();
    store.create(&draft("New"), at(5)).unwrap();
    let names = || {
        store
            .workspaces()
            .unwrap()
            .into_iter()
            .map(|one| one.name)
            .collect::<Vec<_>>()
    };
    assert_eq!(names(), ["New", "Old"]);
    store.keep(&old, &draft("Old"), 1, at(6)).unwrap();
    assert_eq!(names(), ["Old", "New"]);
}
