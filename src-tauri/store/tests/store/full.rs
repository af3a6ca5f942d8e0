//! A disk without room, and a clock that was set back.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use latchkey_store::{Disk, Store, StoreError};

use crate::place::{Place, at, child, draft, put, save, set_up, with_another_rule};

const DIR: &str = "LATCHKEY_TEST_FULL_DISK";

#[test]
fn on_a_full_disk_nothing_that_was_saved_is_lost_and_it_goes_on_once_there_is_room() {
    let place = Place::new();
    let test = child("full::fills_the_disk");
    let mut within = Command::new("unshare");
    within
        .args(["--map-root-user", "--mount", "sh", "-c"])
        .arg("mount -t tmpfs -o size=1m tmpfs \"$0\" && exec \"$@\"")
        .arg(place.dir())
        .arg(test.get_program())
        .args(test.get_args())
        .env(DIR, place.dir());
    let may = Command::new("unshare")
        .args(["--map-root-user", "--mount", "true"])
        .status();
    if !may.is_ok_and(|status| status.success()) {
        eprintln!("not tested: this computer lets nobody mount a small disk");
        return;
    }
    let ran = within.output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
}

#[test]
#[ignore = "run by the test above on a disk of its own"]
fn fills_the_disk() {
    let dir = env::var_os(DIR).unwrap();
    let dir = Path::new(&dir);
    let ballast = dir.join("ballast");
    let store = Store::open(dir).unwrap();
    let id = store.create(&draft("Acme"), at(0)).unwrap();
    let mut saved = save(&store, &id);
    put(&ballast, &[0; 400_000]);
    let mut last = draft("Acme");
    let refused = loop {
        let next = with_another_rule(&last);
        match store.import(&next.set_up, "olivia", at(1)) {
            Ok(imported) => (saved, last) = (imported.revision, next),
            Err(error) => break error,
        }
        assert!(saved < 5_000, "the disk never fills");
    };
    assert_eq!(refused, StoreError::Disk(Disk::Full));

    let holds = |store: &Store, saved: u32| {
        let heads = store.revisions(&id).unwrap();
        assert!(heads.iter().map(|head| head.number).eq(1..=saved));
        for number in 1..=saved {
            store.revision(&id, number).unwrap();
        }
        assert_eq!(store.kept(&id).unwrap().draft.set_up, last.set_up);
    };
    holds(&store, saved);
    drop(store);
    let store = Store::open(dir).unwrap();
    holds(&store, saved);

    fs::remove_file(&ballast).unwrap();
    let next = with_another_rule(&last);
    let imported = store.import(&next.set_up, "olivia", at(2)).unwrap();
    assert_eq!(imported.revision, saved + 1, "without a gap");
}

#[test]
fn a_clock_that_was_set_back_changes_no_number_and_no_order() {
    let place = Place::new();
    let store = place.store();
    let id = store
        .import(&set_up("Acme"), "olivia", at(5_000))
        .unwrap()
        .id;
    let next = with_another_rule(&draft("Acme")).set_up;
    store.import(&next, "olivia", at(10)).unwrap();
    let heads = store.revisions(&id).unwrap();
    assert_eq!(
        heads
            .iter()
            .map(|head| (head.number, head.at))
            .collect::<Vec<_>>(),
        [(1, at(5_000)), (2, at(10))]
    );
    assert_eq!(store.history(&id).unwrap().revisions[0].head.number, 2);
    assert_eq!(
        store.export(&id).unwrap(),
        next,
        "the newest is the last saved"
    );
    let seen = store.kept(&id).unwrap();
    let changed = with_another_rule(&seen.draft);
    let version = store.keep(&id, &changed, seen.version, at(1)).unwrap();
    assert!(version > seen.version);
    let stale = store.keep(&id, &seen.draft, seen.version, at(9_000));
    assert!(
        matches!(stale, Err(StoreError::ChangedElsewhere { .. })),
        "the version decides, not the clock"
    );
    let lines = store.journal(&id).unwrap();
    assert!(lines.iter().filter_map(|line| line.revision).eq([1, 2]));
}
