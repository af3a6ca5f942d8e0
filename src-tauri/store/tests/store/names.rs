//! What tested people are called here, and the reasons in the journal.

use latchkey_store::{NewRevision, StoreError, What};

use crate::place::{Place, at, draft, evidence, save};

#[test]
fn a_person_is_named_renamed_and_forgotten_with_the_evidence() {
    let place = Place::new();
    let store = place.store();
    let draft = draft("Acme");
    let id = store.create(&draft, at(0)).unwrap();
    store.add_evidence(&id, &evidence("e", &draft)).unwrap();
    let name = || store.evidence(&id).unwrap()[0].name.clone();
    assert_eq!(name(), None);
    store
        .name_evidence(&id, "e", " Bob, from the Support team ")
        .unwrap();
    assert_eq!(name().as_deref(), Some("Bob, from the Support team"));
    store.name_evidence(&id, "e", "Robert").unwrap();
    assert_eq!(name().as_deref(), Some("Robert"));
    assert!(place.files_with("Support team").is_empty());

    store.forget_evidence(&id, "e", at(1)).unwrap();
    assert!(place.files_with("Robert").is_empty());
    assert_eq!(
        store.name_evidence(&id, "e", "Bob"),
        Err(StoreError::NoSuchEvidence { id: "e".into() })
    );
}

#[test]
fn one_answer_is_kept_once_and_what_a_file_says_of_it_does_not_count() {
    let place = Place::new();
    let store = place.store();
    let draft = draft("Acme");
    let id = store.create(&draft, at(0)).unwrap();
    let one = |name: &str, answer: Option<&str>| latchkey_core::Evidence {
        answer: answer.map(str::to_owned),
        ..evidence(name, &draft)
    };
    store.add_evidence(&id, &one("a", Some("x"))).unwrap();
    let again = store.add_evidence(&id, &one("b", Some("x")));
    assert!(
        matches!(again, Err(StoreError::AnswerKept { .. })),
        "{again:?}"
    );
    for (name, answer) in [("c", Some("y")), ("d", None), ("e", None)] {
        store.add_evidence(&id, &one(name, answer)).unwrap();
    }
    let imported = latchkey_core::Evidence {
        imported: true,
        ..one("f", Some("z"))
    };
    store.add_evidence(&id, &imported).unwrap();
    store.add_evidence(&id, &one("g", Some("z"))).unwrap();
    assert_eq!(store.evidence(&id).unwrap().len(), 6);
}

#[test]
fn a_name_goes_with_its_workspace() {
    let place = Place::new();
    let store = place.store();
    let draft = draft("Acme");
    let id = store.create(&draft, at(0)).unwrap();
    store.add_evidence(&id, &evidence("e", &draft)).unwrap();
    store.name_evidence(&id, "e", "Robert of Support").unwrap();
    store.delete(&id, at(1)).unwrap();
    assert!(place.files_with("Robert of Support").is_empty());
}

#[test]
fn a_written_reason_stands_in_the_journal_until_the_workspace_is_deleted() {
    let place = Place::new();
    let store = place.store();
    let first = draft("Acme");
    let id = store.create(&first, at(0)).unwrap();
    let reason = "Bob is ill until Monday, and the certificate ends on Sunday";
    let new = NewRevision {
        evidence: Vec::new(),
        reason: Some(reason.to_owned()),
        author: "olivia".to_owned(),
    };
    store.save(&id, 1, |_| Ok(new.clone()), at(1)).unwrap();
    store
        .enforce(&id, 1, "olivia", |_| Ok(Some(reason.to_owned())), at(2))
        .unwrap();
    store.relax(&id, 2, at(3)).unwrap();
    let with_reason: Vec<What> = store
        .journal(&id)
        .unwrap()
        .into_iter()
        .filter(|line| line.reason.as_deref() == Some(reason))
        .map(|line| line.what)
        .collect();
    assert_eq!(with_reason, [What::Saved, What::Enforced]);

    store.delete(&id, at(4)).unwrap();
    let journal = store.journal(&id).unwrap();
    assert_eq!(journal.last().map(|line| line.what), Some(What::Deleted));
    assert!(journal.iter().all(|line| line.reason.is_none()));
    assert!(place.files_with("Bob is ill").is_empty());
}

#[test]
fn a_saved_proof_needs_no_reason_and_has_none() {
    let place = Place::new();
    let store = place.store();
    let id = store.create(&draft("Acme"), at(0)).unwrap();
    save(&store, &id);
    assert!(
        store
            .journal(&id)
            .unwrap()
            .iter()
            .all(|line| line.reason.is_none())
    );
}

#[test]
fn a_practice_workspace_is_not_enforced_whatever_the_reason() {
    let place = Place::new();
    let store = place.store();
    let mut practice = draft("Practice");
    practice.practice = true;
    practice.set_up.connection.issuer = "http://127.0.0.1:47114".to_owned();
    let id = store.create(&practice, at(0)).unwrap();
    save(&store, &id);
    assert_eq!(
        store.enforce(
            &id,
            1,
            "olivia",
            |_| Ok(Some("To see it".to_owned())),
            at(2)
        ),
        Err(StoreError::Practice)
    );
    assert_eq!(store.kept(&id).unwrap().draft.enforced, None);
}
