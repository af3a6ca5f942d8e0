use latchkey_store::{StoreError, Unsaved, What, WorkspaceId};

use crate::place::{Place, at, draft, evidence, proved_by, save, set_up};

#[test]
fn what_is_deleted_is_gone_and_the_journal_tells_of_it() {
    let place = Place::new();
    let store = place.store();
    let id = store.create(&draft("Acme"), at(0)).unwrap();
    save(&store, &id);
    let neighbour = store.create(&draft("Neighbour"), at(0)).unwrap();
    save(&store, &neighbour);
    store.delete(&id, at(5)).unwrap();

    assert_eq!(store.kept(&id), Err(StoreError::NotFound));
    assert_eq!(
        store.keep(&id, &draft("Acme"), 1, at(6)),
        Err(StoreError::NotFound)
    );
    assert_eq!(store.evidence(&id), Err(StoreError::NotFound));
    assert_eq!(
        store.add_evidence(&id, &evidence("late", &draft("Acme"))),
        Err(StoreError::NotFound)
    );
    assert_eq!(store.revisions(&id), Err(StoreError::NotFound));
    assert_eq!(store.revision(&id, 1), Err(StoreError::NotFound));
    assert_eq!(
        store.restore(&id, 1, Unsaved::Keep, "bob", at(6)),
        Err(StoreError::NotFound)
    );
    assert_eq!(
        store.save(&id, 1, |_| Ok(proved_by("e")), at(6)),
        Err(StoreError::NotFound)
    );
    assert_eq!(store.export(&id), Err(StoreError::NotFound));
    assert_eq!(store.delete(&id, at(6)), Err(StoreError::NotFound));
    assert_eq!(store.by_name("Acme"), Ok(None));
    let what: Vec<_> = store
        .journal(&id)
        .unwrap()
        .into_iter()
        .map(|line| line.what)
        .collect();
    assert_eq!(what, [What::Made, What::Proved, What::Saved, What::Deleted]);

    assert_eq!(store.revisions(&neighbour).unwrap().len(), 1);
    assert_eq!(store.evidence(&neighbour).unwrap().len(), 1);
    assert!(
        store.create(&draft("Acme"), at(7)).is_ok(),
        "the name is free again"
    );
}

#[test]
fn nothing_about_a_person_is_left_in_any_file_of_a_deleted_workspace() {
    let place = Place::new();
    let store = place.store();
    let mut about = draft("Acme");
    about.set_up.workspace.owner_email = "quillon@acme.example".to_owned();
    let id = store.create(&about, at(0)).unwrap();
    let mut proof = evidence("e", &about);
    proof.subject = "quillon-the-subject".to_owned();
    proof.claims.push("groups", "quillon's group ".repeat(2000));
    store.add_evidence(&id, &proof).unwrap();
    let mut new = proved_by("e");
    new.author = "quillon the author".to_owned();
    new.reason = Some("quillon said so".to_owned());
    store.save(&id, 1, |_| Ok(new.clone()), at(1)).unwrap();
    assert!(
        !place.files_with("quillon").is_empty(),
        "or this test looks in the wrong place"
    );
    store.delete(&id, at(2)).unwrap();
    assert_eq!(
        place.files_with("quillon"),
        [""; 0].map(std::path::PathBuf::from)
    );
}

#[test]
fn forgotten_evidence_is_in_no_file() {
    let place = Place::new();
    let store = place.store();
    let tested = draft("Acme");
    let id = store.create(&tested, at(0)).unwrap();
    let mut proof = evidence("e", &tested);
    proof.email = "quillon@acme.example".to_owned();
    store.add_evidence(&id, &proof).unwrap();
    assert!(!place.files_with("quillon").is_empty());
    store.forget_evidence(&id, "e", at(1)).unwrap();
    assert!(place.files_with("quillon").is_empty());
}

#[test]
fn an_id_is_read_only_as_it_is_written() {
    let place = Place::new();
    let id = place
        .store()
        .import(&set_up("Acme"), "olivia", at(0))
        .unwrap()
        .id;
    assert_eq!(WorkspaceId::parse(id.as_str()), Some(id.clone()));
    let upper = id.as_str().to_uppercase();
    for not_an_id in [
        "",
        "x",
        "../../../../etc/passwd",
        &format!("{id}0"),
        &upper.replace(char::is_numeric, "A"),
    ] {
        assert_eq!(WorkspaceId::parse(not_an_id), None, "{not_an_id}");
    }
}
