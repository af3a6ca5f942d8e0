//! A whole workspace goes to a colleague: everything but secrets, and without its proof.

use latchkey_core::changes::Change;
use latchkey_store::{NewRevision, State, Store, StoreError, Whole, WholeUnusable};
use serde_json::{Value, json};

use crate::place::{Place, at, draft, evidence, proved_by, save, with_another_rule};

/// A workspace with two revisions, one of them with a written reason.
fn exported() -> Whole {
    let place = Place::new();
    let store = place.store();
    let mut first = draft("Acme");
    first.backup_account = "backup@acme.example".to_owned();
    let id = store.create(&first, at(0)).unwrap();
    save(&store, &id);
    let second = with_another_rule(&first);
    store.keep(&id, &second, 1, at(2)).unwrap();
    let reason = NewRevision {
        evidence: Vec::new(),
        reason: Some("The provider is down until Monday".to_owned()),
        author: "olivia".to_owned(),
    };
    store.save(&id, 2, |_| Ok(reason.clone()), at(3)).unwrap();
    store.export_whole(&id, at(4)).unwrap()
}

fn changed(change: impl FnOnce(&mut Value)) -> Result<Whole, WholeUnusable> {
    let mut value: Value = serde_json::from_str(&exported().written()).unwrap();
    change(&mut value);
    Whole::read(value.to_string().as_bytes())
}

#[test]
fn what_was_written_reads_back_and_holds_no_name_of_a_secret_but_in_fingerprints() {
    let whole = exported();
    let text = whole.written();
    assert_eq!(Whole::read(text.as_bytes()), Ok(whole));
    let mut value: Value = serde_json::from_str(&text).unwrap();
    for one in value["evidence"].as_array_mut().unwrap() {
        one["fingerprint"] = Value::Null;
    }
    assert!(!value.to_string().contains("0123456789abcdef"), "{value}");
    assert!(text.contains("The provider is down until Monday"));
}

#[test]
fn it_becomes_a_workspace_with_all_revisions_and_proves_nothing_there() {
    let (whole, place) = (exported(), Place::new());
    let store = place.store();
    let planned = store.plan_whole(&whole, None).unwrap();
    assert_eq!(store.workspaces().unwrap(), [], "planning changes nothing");
    let (id, done) = store.import_whole(&whole, None, at(10)).unwrap();
    assert_eq!(planned, done);
    assert!(planned.is_new && planned.draft_follows);
    assert_eq!((planned.revisions, planned.known), (2, 0));
    assert_eq!(planned.people, ["olivia@acme.example"]);

    let history = store.history(&id).unwrap();
    assert_eq!(history.revisions.len(), 2);
    assert_eq!(history.last_worked, None, "no proof comes with it");
    assert_eq!(
        history.revisions[0].head.reason.as_deref(),
        Some("The provider is down until Monday")
    );
    let kept = store.kept(&id).unwrap().draft;
    assert_eq!(kept.backup_account, "backup@acme.example");
    assert_eq!((kept.secret_mark, kept.practice), (None, false));
    let [one] = &store.evidence(&id).unwrap()[..] else {
        panic!("the evidence came");
    };
    assert!(one.imported);
    assert_ne!(store.workspaces().unwrap()[0].state, State::Saved);
}

#[test]
fn what_was_practised_comes_back_as_practice_and_nothing_else_does() {
    let there = Place::new();
    let mut practised = draft("Practice");
    practised.practice = true;
    practised.set_up.connection.issuer = "http://127.0.0.1:47114".to_owned();
    practised.set_up.connection.client_id = "latchkey-practice".to_owned();
    let mut real = practised.clone();
    real.set_up.workspace.name = "Acme".to_owned();
    real.set_up.connection.issuer = "https://acme.okta.com".to_owned();
    for (made, practice) in [(practised, true), (real, false)] {
        let store = there.store();
        let id = store.create(&made, at(0)).unwrap();
        let whole = store.export_whole(&id, at(1)).unwrap();
        let whole = Whole::read(whole.written().as_bytes()).unwrap();
        let marks = |store: &Store| -> Vec<bool> {
            let all = store.workspaces().unwrap();
            all.iter().map(|one| one.practice).collect()
        };
        let (one, other) = (Place::new(), Place::new());
        let (id, _) = one.store().import_whole(&whole, None, at(2)).unwrap();
        other.store().import(&made.set_up, "olivia", at(2)).unwrap();
        for here in [&one, &other] {
            assert_eq!(
                marks(&here.store()),
                [practice],
                "{}",
                whole.draft.workspace.name
            );
        }
        let enforced = one.store().enforce(&id, 1, "olivia", |_| Ok(None), at(3));
        let refused = if practice {
            StoreError::Practice
        } else {
            StoreError::Unproved
        };
        assert_eq!(enforced, Err(refused));
    }
}

#[test]
fn evidence_that_came_in_a_file_meets_no_condition_although_the_settings_are_the_same() {
    let (whole, place) = (exported(), Place::new());
    let store = place.store();
    let (id, _) = store.import_whole(&whole, None, at(10)).unwrap();
    let mut kept = store.kept(&id).unwrap();
    // Whoever knows the name of the secret still has proved nothing.
    kept.draft.secret_mark = Some("0123456789abcdef".to_owned());
    let version = store.keep(&id, &kept.draft, kept.version, at(11)).unwrap();
    let came = store.evidence(&id).unwrap().remove(0).id;
    assert_eq!(
        store.save(&id, version, |_| Ok(proved_by(&came)), at(12)),
        Err(StoreError::StaleEvidence { id: came })
    );
}

#[test]
fn imported_twice_it_adds_nothing_and_says_so() {
    let (whole, place) = (exported(), Place::new());
    let store = place.store();
    store.import_whole(&whole, None, at(10)).unwrap();
    let (id, again) = store.import_whole(&whole, Some("Acme"), at(11)).unwrap();
    assert!(!again.is_new && again.people.is_empty() && again.changes.is_empty());
    assert_eq!((again.revisions, again.known), (0, 2));
    assert_eq!(store.revisions(&id).unwrap().len(), 2);
}

#[test]
fn what_it_would_change_in_a_workspace_that_is_there_is_named_and_unsaved_changes_stay() {
    let (whole, place) = (exported(), Place::new());
    let store = place.store();
    let mine = draft("Acme");
    let id = store.create(&mine, at(0)).unwrap();
    save(&store, &id);
    let planned = store.plan_whole(&whole, None).unwrap();
    assert!(matches!(&planned.changes[..], [Change::RuleAdded { .. }]));
    let mut unsaved = with_another_rule(&mine);
    unsaved.set_up.connection.client_id = "0oaMine".to_owned();
    store.keep(&id, &unsaved, 1, at(2)).unwrap();
    let (_, done) = store.import_whole(&whole, None, at(3)).unwrap();
    assert!(!done.draft_follows && done.changes.is_empty());
    assert_eq!(store.kept(&id).unwrap().draft, unsaved);
    // The first of the file's two is the one that was saved here: the same settings, time and author.
    assert_eq!((done.revisions, done.known), (1, 1));
    assert_eq!(store.revisions(&id).unwrap().len(), 2);
}

#[test]
fn what_is_kept_secret_goes_to_nobody_whom_a_file_names() {
    let place = Place::new();
    let store = place.store();
    let mut mine = draft("Acme");
    mine.key_mark = Some("fedcba9876543210".to_owned());
    mine.backup_account = "mine@acme.example".to_owned();
    let id = store.create(&mine, at(0)).unwrap();
    save(&store, &id);
    let other_provider =
        |connection: &mut Value| connection["issuer"] = json!("https://evil.example");
    let other_client = |connection: &mut Value| connection["client_id"] = json!("0oaAnother");
    let changes: [fn(&mut Value); 2] = [other_provider, other_client];
    for change in changes {
        let whole = changed(|value| {
            change(&mut value["draft"]["connection"]);
            for one in value["revisions"].as_array_mut().unwrap() {
                change(&mut one["set_up"]["connection"]);
            }
        });
        let (_, done) = store.import_whole(&whole.unwrap(), None, at(5)).unwrap();
        assert!(done.draft_follows || done.revisions > 0);
        let kept = store.kept(&id).unwrap().draft;
        assert_eq!(kept.secret_mark, None, "the draft's");
        assert_eq!(kept.backup_account, "mine@acme.example");
        for head in store.revisions(&id).unwrap().iter().skip(1) {
            let revision = store.revision(&id, head.number).unwrap();
            assert_eq!(
                revision.secret_mark, None,
                "that of revision {}",
                head.number
            );
        }
    }
}

#[test]
fn a_key_pair_does_not_become_a_client_secret_when_a_file_says_the_other_protocol() {
    let place = Place::new();
    let store = place.store();
    let mut mine = draft("Acme");
    mine.set_up.connection.protocol = latchkey_core::Protocol::Saml;
    mine.key_mark = Some("fedcba9876543210".to_owned());
    mine.secret_mark = None;
    let whole = exported();
    let id = store.create(&mine, at(0)).unwrap();
    store.import(&mine.set_up, "olivia", at(1)).unwrap();
    let (_, done) = store.import_whole(&whole, None, at(5)).unwrap();
    assert!(done.draft_follows);
    let kept = store.kept(&id).unwrap().draft;
    assert_eq!(
        kept.set_up.connection.protocol,
        latchkey_core::Protocol::Oidc
    );
    assert_eq!(kept.secret_mark, None);
    assert_eq!(kept.key_mark.as_deref(), Some("fedcba9876543210"));
}

#[test]
fn a_file_of_another_workspace_is_refused_by_both_names_and_changes_nothing() {
    let (whole, place) = (exported(), Place::new());
    let store = place.store();
    let id = store.create(&draft("Beta"), at(0)).unwrap();
    store
        .add_evidence(&id, &evidence("e", &draft("Beta")))
        .unwrap();
    let refused = store.import_whole(&whole, Some("Beta"), at(1)).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the file is of another workspace: “Acme”, not “Beta”"
    );
    assert_eq!(store.workspaces().unwrap().len(), 1);
    assert_eq!(store.revisions(&id), Ok(vec![]));
}

#[test]
fn keys_that_nobody_knows_are_named_wherever_they_stand() {
    let unknown = |path: &str| {
        Err(WholeUnusable::UnknownKey {
            path: path.to_owned(),
        })
    };
    assert_eq!(
        changed(|value| value["colour"] = json!(1)),
        unknown("colour")
    );
    assert_eq!(
        changed(|value| value["evidence"][0]["colour"] = json!("red")),
        unknown("evidence[0].colour")
    );
    assert_eq!(
        changed(|value| value["revisions"][1]["colour"] = json!(true)),
        unknown("revisions[1].colour")
    );
    let secret = changed(|value| value["draft"]["connection"]["client_secret"] = json!("s3cret"));
    let Err(WholeUnusable::Shape { reason, .. }) = secret else {
        panic!("{secret:?}");
    };
    assert!(reason.contains("client_secret") && !reason.contains("s3cret"));
}

#[test]
fn other_versions_other_files_and_no_files_have_their_own_sentence() {
    let newer = changed(|value| value["format"] = json!("latchkey-workspace/2")).unwrap_err();
    assert!(newer.to_string().contains("newer version"), "{newer}");
    let set_up = Whole::read(exported().draft.written().as_bytes()).unwrap_err();
    assert!(set_up.to_string().contains("“latchkey/1”"), "{set_up}");
    for text in ["", "{", "[]", "null", "{\"format\": 1}"] {
        assert!(Whole::read(text.as_bytes()).is_err(), "{text:?}");
    }
    let deep = "[".repeat(100_000);
    assert!(matches!(
        Whole::read(deep.as_bytes()),
        Err(WholeUnusable::Shape { .. })
    ));
    for list in ["evidence", "revisions"] {
        let twice = changed(|value| {
            let one = value[list][0].clone();
            value[list].as_array_mut().unwrap().push(one);
        });
        assert!(
            matches!(twice, Err(WholeUnusable::Twice { .. })),
            "{twice:?}"
        );
    }
    let listed = changed(|value| {
        let workspace = value["draft"]["workspace"].as_object().unwrap();
        value["draft"]["workspace"] = workspace.values().cloned().collect();
    });
    let path = "draft.workspace".to_owned();
    assert_eq!(listed, Err(WholeUnusable::ListForObject { path }));
    let dated = changed(|value| value["exported_at"] = json!("yesterday")).unwrap_err();
    assert!(dated.to_string().ends_with("Z is expected"), "{dated}");
}
