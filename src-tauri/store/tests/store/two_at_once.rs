use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use latchkey_store::{Standing, Store, StoreError, What};

use crate::place::{Place, at, draft, evidence, proved_by, set_up, with_another_rule};

#[test]
fn eight_that_open_a_new_directory_at_once_all_get_in() {
    for _ in 0..20 {
        let place = Place::new();
        let start = Barrier::new(8);
        thread::scope(|scope| {
            for name in 0..8 {
                let (place, start) = (&place, &start);
                scope.spawn(move || {
                    start.wait();
                    let store = Store::open(place.dir()).unwrap();
                    store
                        .import(&set_up(&format!("W{name}")), "olivia", at(0))
                        .unwrap();
                });
            }
        });
        assert_eq!(place.store().workspaces().unwrap().len(), 8);
    }
}

#[test]
fn four_that_import_at_once_make_every_number_once_and_leave_no_gap() {
    let place = Place::new();
    let start = Barrier::new(4);
    let numbers = thread::scope(|scope| {
        let writers: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let store = place.store();
                    start.wait();
                    let import = |second| {
                        store
                            .import(&set_up("Acme"), "olivia", at(second))
                            .unwrap()
                            .revision
                    };
                    (0..25).map(import).collect::<Vec<_>>()
                })
            })
            .collect();
        let mut numbers: Vec<u32> = writers
            .into_iter()
            .flat_map(|writer| writer.join().unwrap())
            .collect();
        numbers.sort_unstable();
        numbers
    });
    assert_eq!(numbers, (1..=100).collect::<Vec<_>>());
}

#[test]
fn of_many_that_keep_the_same_version_at_once_one_does() {
    let place = Place::new();
    let first = draft("Acme");
    let id = place.store().create(&first, at(0)).unwrap();
    for seen in 1..20 {
        let start = Barrier::new(4);
        let kept = thread::scope(|scope| {
            let writers: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(|| {
                        let store = place.store();
                        let mine = with_another_rule(&first);
                        start.wait();
                        store.keep(&id, &mine, seen, at(1))
                    })
                })
                .collect();
            writers
                .into_iter()
                .map(|writer| writer.join().unwrap())
                .collect::<Vec<_>>()
        });
        let refused = Err(StoreError::ChangedElsewhere {
            version: seen + 1,
            at: at(1),
        });
        assert_eq!(kept.iter().filter(|one| **one == Ok(seen + 1)).count(), 1);
        assert_eq!(kept.iter().filter(|one| **one == refused).count(), 3);
    }
}

/// What another process would do while a gate is judged.
fn others_wait(place: &Place) {
    let other = place.raw();
    other.busy_timeout(Duration::ZERO).unwrap();
    let deletes = other.execute("DELETE FROM evidence", []).unwrap_err();
    let code = deletes.sqlite_error_code();
    assert_eq!(code, Some(rusqlite::ErrorCode::DatabaseBusy), "{deletes}");
}

#[test]
fn nobody_changes_anything_between_the_judging_of_a_gate_and_what_it_lets_through() {
    let place = Place::new();
    let store = place.store();
    let tested = draft("Acme");
    let id = store.create(&tested, at(0)).unwrap();
    store.add_evidence(&id, &evidence("e", &tested)).unwrap();

    let save = |standing: &Standing| {
        assert_eq!(standing.kept.draft, tested);
        assert_eq!(standing.evidence.len(), 1);
        others_wait(&place);
        Ok(proved_by("e"))
    };
    assert_eq!(store.save(&id, 1, save, at(1)), Ok(1));
    let enforce = |standing: &Standing| {
        assert!(standing.is_saved());
        others_wait(&place);
        Ok(None)
    };
    assert_eq!(store.enforce(&id, 1, "olivia", enforce, at(2)), Ok(1));
    place.store().forget_evidence(&id, "e", at(3)).unwrap();
}

#[test]
fn what_a_gate_refuses_leaves_nothing_behind() {
    let place = Place::new();
    let store = place.store();
    let id = store.create(&draft("Acme"), at(0)).unwrap();
    crate::place::save(&store, &id);
    let before = (store.standing(&id).unwrap(), store.journal(&id).unwrap());
    let refused = store.save(&id, 1, |_| Err(StoreError::Unproved), at(2));
    assert_eq!(refused, Err(StoreError::Unproved));
    let refused = store.enforce(&id, 1, "olivia", |_| Err(StoreError::Unproved), at(2));
    assert_eq!(refused, Err(StoreError::Unproved));
    let after = (store.standing(&id).unwrap(), store.journal(&id).unwrap());
    assert_eq!(before, after);
}

#[test]
fn evidence_that_is_forgotten_at_the_same_moment_is_gone_before_or_after_and_never_between() {
    let place = Place::new();
    let tested = draft("Acme");
    let id = place.store().create(&tested, at(0)).unwrap();
    let saved_with = evidence("first", &tested);
    place.store().add_evidence(&id, &saved_with).unwrap();
    let save = place
        .store()
        .save(&id, 1, |_| Ok(proved_by("first")), at(0));
    assert_eq!(save, Ok(1));
    place.store().forget_evidence(&id, "first", at(0)).unwrap();
    for round in 0..40 {
        let (name, start) = (format!("e{round}"), Barrier::new(2));
        let store = place.store();
        store.add_evidence(&id, &evidence(&name, &tested)).unwrap();
        let seen = store.kept(&id).unwrap().version;
        let proved = |standing: &Standing| match standing.evidence.is_empty() {
            true => Err(StoreError::Unproved),
            false => Ok(None),
        };
        let enforced = thread::scope(|scope| {
            let forgets = scope.spawn(|| {
                let other = place.store();
                start.wait();
                other.forget_evidence(&id, &name, at(2)).unwrap();
            });
            start.wait();
            let enforced = store.enforce(&id, seen, "olivia", proved, at(1));
            forgets.join().unwrap();
            enforced
        });
        let journal = store.journal(&id).unwrap();
        let last: Vec<What> = journal.iter().rev().map(|line| line.what).collect();
        match enforced {
            Ok(1) => assert_eq!(last[..2], [What::Forgotten, What::Enforced]),
            other => {
                assert_eq!(other, Err(StoreError::Unproved));
                assert_eq!(last[..2], [What::Forgotten, What::Proved]);
            }
        }
    }
}
