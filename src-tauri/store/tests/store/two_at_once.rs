use std::sync::Barrier;
use std::thread;

use latchkey_store::{Store, StoreError};

use crate::place::{Place, at, draft, set_up, with_another_rule};

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
