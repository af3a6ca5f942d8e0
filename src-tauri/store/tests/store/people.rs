use std::fs;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;

use latchkey_store::{Store, StoreError, WorkspaceId};

use crate::place::{Place, at, draft, put};

const QUILLON: &[u8] = b"quillon@acme.example";

fn keep(store: &Store, id: &WorkspaceId, people: &[u8]) {
    store
        .keep_people(id, |file| file.write_all(people))
        .unwrap();
}

fn kept(store: &Store, id: &WorkspaceId) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    store
        .kept_people(id)
        .unwrap()?
        .read_to_end(&mut bytes)
        .unwrap();
    Some(bytes)
}

#[test]
fn people_are_kept_for_this_user_only_and_replaced_by_those_kept_next() {
    let place = Place::new();
    let store = place.store();
    let id = store.create(&draft("Acme"), at(0)).unwrap();
    assert_eq!(kept(&store, &id), None);
    keep(&store, &id, &QUILLON.repeat(10));
    let file = store.people_file(&id);
    let mode = fs::metadata(&file).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    keep(&store, &id, b"others");
    assert_eq!(kept(&place.store(), &id).unwrap(), b"others");
    assert!(place.files_with("quillon").is_empty());
}

#[test]
fn people_who_are_forgotten_are_in_no_file_whatever_a_kill_or_a_damage_left() {
    let place = Place::new();
    let store = place.store();
    let id = store.create(&draft("Acme"), at(0)).unwrap();
    let neighbour = store.create(&draft("Neighbour"), at(0)).unwrap();
    keep(&store, &neighbour, b"somebody else");
    keep(&store, &id, QUILLON);
    let aside = store.set_people_aside(&id).unwrap();
    assert_eq!(fs::read(&aside).unwrap(), QUILLON);
    assert_eq!(kept(&store, &id), None);
    keep(&store, &id, QUILLON);
    let half = format!(".latchkey-people-{id}.bin.aB3dE9");
    put(&place.dir().join(half), QUILLON);
    assert_eq!(place.files_with("quillon").len(), 3);
    store.forget_people(&id).unwrap();
    assert!(place.files_with("quillon").is_empty());
    assert_eq!(kept(&store, &neighbour).unwrap(), b"somebody else");
    store
        .forget_people(&id)
        .expect("nothing to forget is no failure");
}

#[test]
fn people_go_with_their_workspace_and_with_no_other() {
    let place = Place::new();
    let store = place.store();
    let id = store.create(&draft("Acme"), at(0)).unwrap();
    let neighbour = store.create(&draft("Neighbour"), at(0)).unwrap();
    keep(&store, &id, QUILLON);
    store.delete(&neighbour, at(1)).unwrap();
    assert!(kept(&store, &id).is_some());
    store.delete(&id, at(2)).unwrap();
    assert!(place.files_with("quillon").is_empty());
}

#[test]
fn people_of_a_workspace_that_is_deleted_meanwhile_are_not_kept() {
    let place = Place::new();
    let store = place.store();
    let other = place.store();
    let id = store.create(&draft("Acme"), at(0)).unwrap();
    let late = store.keep_people(&id, |file| {
        other.delete(&id, at(1)).unwrap();
        file.write_all(QUILLON)
    });
    assert_eq!(late, Err(StoreError::NotFound));
    assert_eq!(
        store.keep_people(&id, |_| unreachable!("nobody asks for them")),
        Err(StoreError::NotFound)
    );
    assert!(place.files_with("quillon").is_empty());
}

#[test]
fn people_who_cannot_be_written_leave_those_who_were_kept() {
    let place = Place::new();
    let store = place.store();
    let id = store.create(&draft("Acme"), at(0)).unwrap();
    keep(&store, &id, b"those before");
    let failed = store.keep_people(&id, |file| {
        file.write_all(QUILLON)?;
        Err(io::ErrorKind::StorageFull.into())
    });
    assert!(matches!(failed, Err(StoreError::PeopleFile { .. })));
    assert_eq!(kept(&store, &id).unwrap(), b"those before");
    assert!(place.files_with("quillon").is_empty());
}

#[test]
fn kept_people_are_in_no_export() {
    let place = Place::new();
    let store = place.store();
    let id = store.create(&draft("Acme"), at(0)).unwrap();
    keep(&store, &id, QUILLON);
    let whole = store.export_whole(&id, at(1)).unwrap();
    let exports = format!("{whole:?} {:?}", store.export(&id).unwrap());
    assert!(exports.contains("Acme") && !exports.contains("quillon"));
}
