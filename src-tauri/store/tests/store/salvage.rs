//! What comes back from a damaged database: all that is whole, nothing half, nothing wrong.
//!
//! `LATCHKEY_DAMAGES` is how often one is damaged at random; 100 unless told.

use std::collections::BTreeMap;
use std::env;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use latchkey_core::{Draft, Evidence};
use latchkey_store::{NewRevision, OpenError, Revision, Salvage, Store, WorkspaceId};
use rand::{Rng, RngCore};
use rusqlite::config::DbConfig;

use crate::opening::{PAGE, all_sealed, copies};
use crate::place::{Place, at, draft, evidence, put, save, set_up, with_another_rule};

/// Everything that was in a store.
#[derive(Debug, PartialEq)]
struct Content {
    drafts: BTreeMap<String, Draft>,
    revisions: BTreeMap<(String, u32), Revision>,
    evidence: Vec<Evidence>,
}

impl Content {
    fn of(store: &Store) -> Self {
        let mut content = Self {
            drafts: BTreeMap::new(),
            revisions: BTreeMap::new(),
            evidence: Vec::new(),
        };
        for one in store.workspaces().unwrap() {
            let id = one.id;
            let kept = store.kept(&id).unwrap().draft;
            content.drafts.insert(id.to_string(), kept);
            for head in store.revisions(&id).unwrap() {
                let revision = store.revision(&id, head.number).unwrap();
                content
                    .revisions
                    .insert((id.to_string(), head.number), revision);
            }
            content.evidence.extend(store.evidence(&id).unwrap());
        }
        content
    }
}

/// Two workspaces; one has many revisions, some longer than a page.
fn made() -> (Place, Content) {
    let place = Place::new();
    let store = place.store();
    let beta = store.create(&draft("Beta"), at(0)).unwrap();
    save(&store, &beta);
    let mut acme = draft("Acme");
    let id = store.create(&acme, at(0)).unwrap();
    for second in 0..12 {
        for _ in 0..second * 4 {
            acme = with_another_rule(&acme);
        }
        let version = store.kept(&id).unwrap().version;
        store.keep(&id, &acme, version, at(second)).unwrap();
        save(&store, &id);
    }
    let one = store.evidence(&id).unwrap().remove(3).id;
    store.name_evidence(&id, &one, "Olivia at work").unwrap();
    let kept = store.kept(&id).unwrap();
    let reason = NewRevision {
        evidence: Vec::new(),
        reason: Some("The provider is down".to_owned()),
        author: "olivia".to_owned(),
    };
    store
        .save(&id, kept.version, |_| Ok(reason.clone()), at(20))
        .unwrap();
    let content = Content::of(&store);
    drop(store);
    (place, content)
}

fn damaged(bytes: &[u8]) -> Place {
    let place = Place::new();
    put(&place.file(), bytes);
    place
}

fn salvaged(place: &Place) -> (Store, Salvage) {
    let store = Store::open_or_salvage(place.dir(), at(100)).unwrap();
    let salvage = store.salvage().unwrap().expect("it was damaged");
    (store, salvage)
}

/// What came back is a part of what was there, and what did not is named.
fn check(place: &Place, before: &Content, what: &str) -> Salvage {
    let (store, salvage) = salvaged(place);
    let after = Content::of(&store);
    for (key, revision) in &after.revisions {
        assert_eq!(Some(revision), before.revisions.get(key), "{what}");
    }
    for one in &after.evidence {
        // A name that was given to a person may be lost alone.
        let same = |known: &&Evidence| known.id == one.id;
        let known = before.evidence.iter().find(same).expect(what);
        assert_eq!(known.claims, one.claims, "{what}");
    }
    for told in &salvage.workspaces {
        let id = store.by_name(&told.name).unwrap().expect(what);
        let heads = store.revisions(&id).unwrap();
        let numbers: Vec<u32> = heads.iter().map(|head| head.number).collect();
        assert_eq!(numbers, told.revisions, "{what}");
        let (kept, was) = (&after.drafts[id.as_str()], &before.drafts[id.as_str()]);
        match told.draft_from {
            None => assert_eq!(kept, was, "{what}"),
            Some(number) => {
                assert_eq!(Some(&number), numbers.last());
                assert!(store.revision(&id, number).unwrap().holds(kept), "{what}");
            }
        }
        if salvage.lost_lines == 0 {
            let all = before
                .revisions
                .keys()
                .filter(|(one, _)| one == id.as_str());
            let lost: Vec<u32> = all
                .map(|(_, number)| *number)
                .filter(|number| !numbers.contains(number))
                .collect();
            // Nobody can name what came last, once the lines that told of it are gone with it.
            let known = told.revisions.iter().chain(&told.lost).max().copied();
            let lines = store.journal(&id).unwrap();
            let tells_of = |number| lines.iter().any(|line| line.revision == Some(number));
            let lost: Vec<u32> = lost
                .into_iter()
                .filter(|number| Some(*number) <= known || tells_of(*number))
                .collect();
            assert_eq!(lost, told.lost, "{what}: exactly what is lost is named");
        }
        next_number_is_new(&store, &id, told.revisions.iter().chain(&told.lost).max());
    }
    drop(store);
    assert!(all_sealed(place), "{what}");
    let again = Store::open_or_salvage(place.dir(), at(101)).unwrap();
    assert_eq!(
        again.salvage(),
        Ok(Some(salvage.clone())),
        "until it is read"
    );
    salvage
}

fn next_number_is_new(store: &Store, id: &WorkspaceId, last: Option<&u32>) {
    let name = store.kept(id).unwrap().draft.set_up.workspace.name;
    let imported = store.import(&set_up(&name), "olivia", at(200)).unwrap();
    assert!(Some(&imported.revision) > last);
}

#[test]
fn whichever_page_is_overwritten_all_that_was_not_on_it_comes_back() {
    let (place, before) = made();
    let sound = fs::read(place.file()).unwrap();
    let pages = sound.len() / PAGE;
    let mut with_all = 0;
    for page in 0..pages {
        let mut bytes = sound.clone();
        let overwritten = &mut bytes[page * PAGE..(page + 1) * PAGE];
        overwritten.fill(0);
        if page % 2 == 0 {
            rand::thread_rng().fill_bytes(overwritten);
        }
        let damaged = damaged(&bytes);
        let store = Store::open_or_salvage(damaged.dir(), at(100)).unwrap();
        if store.salvage() == Ok(None) {
            assert_eq!(Content::of(&store), before, "nothing uses page {page}");
            continue;
        }
        drop(store);
        let told = check(&damaged, &before, &format!("page {page} of {pages}"));
        let back: usize = told.workspaces.iter().map(|one| one.revisions.len()).sum();
        assert!(
            back + 8 >= before.revisions.len(),
            "page {page}: {back} of {}",
            before.revisions.len()
        );
        with_all += usize::from(back == before.revisions.len());
        assert!(
            fs::read(&told.damaged).unwrap() == bytes,
            "beside it, as it was"
        );
        assert_eq!(copies(damaged.dir()), [told.damaged]);
    }
    assert!(
        with_all * 2 > pages,
        "most pages hold no revision: {with_all} of {} times all came back",
        pages
    );
}

#[test]
fn at_random_offsets_no_revision_comes_back_half_or_wrong() {
    let damages: u32 = env::var("LATCHKEY_DAMAGES").map_or(100, |told| told.parse().unwrap());
    let (place, before) = made();
    let sound = fs::read(place.file()).unwrap();
    let mut random = rand::thread_rng();
    let (mut noticed, mut newest_back) = (0, 0);
    for round in 0..damages {
        let mut bytes = sound.clone();
        for _ in 0..random.gen_range(1..=4) {
            let start = random.gen_range(0..bytes.len());
            let end = (start + random.gen_range(1..=600)).min(bytes.len());
            random.fill_bytes(&mut bytes[start..end]);
        }
        let place = damaged(&bytes);
        match Store::open_or_salvage(place.dir(), at(100)) {
            Ok(store) if store.salvage() == Ok(None) => {
                // Nothing that is read was hit: an index, or room that nothing uses.
                assert_eq!(Content::of(&store), before, "round {round}");
            }
            Ok(store) => {
                drop(store);
                noticed += 1;
                let told = check(&place, &before, &format!("round {round}"));
                let acme = told.workspaces.iter().find(|one| one.name == "Acme");
                newest_back += u32::from(acme.is_some_and(|one| one.revisions.contains(&13)));
            }
            // Its number of the format was hit, and nobody can tell.
            Err(OpenError::Newer { .. }) => {}
            Err(error) => panic!("round {round}: {error}"),
        }
    }
    assert!(noticed * 2 > damages, "{noticed} of {damages}");
    assert!(newest_back * 2 > noticed, "{newest_back} of {noticed}");
}

#[test]
fn numbers_of_the_header_that_make_no_sense_are_damage_and_everything_comes_back() {
    let (place, before) = made();
    let sound = fs::read(place.file()).unwrap();
    // The format of the schema, and our own (SQLite's file format, section 1.3): big-endian.
    for (offset, number) in [(44, 9_i32), (60, -1), (60, i32::MIN), (60, 20_000)] {
        let mut bytes = sound.clone();
        bytes[offset..offset + 4].copy_from_slice(&number.to_be_bytes());
        let salvage = check(&damaged(&bytes), &before, &format!("{number} at {offset}"));
        assert!(salvage.is_whole(), "{number} at {offset}: {salvage:?}");
    }
}

#[test]
fn a_letter_that_became_another_is_noticed_although_every_page_makes_sense() {
    let (place, before) = made();
    let mut bytes = fs::read(place.file()).unwrap();
    let wanted = b"olivia@acme.example";
    let places: Vec<usize> = bytes
        .windows(wanted.len())
        .enumerate()
        .filter_map(|(at, found)| (found == wanted).then_some(at))
        .collect();
    assert!(places.len() > 20);
    bytes[places[places.len() / 2]] = b'0';
    let place = damaged(&bytes);
    assert!(matches!(
        Store::open(place.dir()),
        Err(OpenError::Damaged { .. })
    ));
    check(&place, &before, "one letter");
}

#[test]
fn without_its_first_page_everything_that_is_not_on_it_comes_back() {
    let (place, before) = made();
    let mut bytes = fs::read(place.file()).unwrap();
    bytes[..PAGE].fill(0xA5);
    let damaged = damaged(&bytes);
    let (store, told) = salvaged(&damaged);
    assert_eq!(Content::of(&store), before);
    assert!(told.is_whole(), "{told:?}");
    assert_eq!(
        store.revision(&store.by_name("Acme").unwrap().unwrap(), 13),
        Ok(before
            .revisions
            .values()
            .find(|one| one.head.number == 13)
            .unwrap()
            .clone())
    );
    store.put_salvage_away().unwrap();
    assert_eq!(store.salvage(), Ok(None));
}

#[test]
fn what_only_the_log_holds_comes_back_and_a_damaged_log_is_noticed() {
    let (place, before) = made();
    let sound = fs::read(place.file()).unwrap();
    let (log, last) = with_log(&place);
    let in_log: Vec<u32> = log[32..]
        .chunks_exact(24 + PAGE)
        .map(|frame| u32::from_be_bytes(frame[..4].try_into().unwrap()))
        .collect();
    let only_in_database = (2..).find(|page| !in_log.contains(page)).unwrap() as usize;
    for damage in [None, Some(60), Some(log.len() / 2)] {
        let mut bytes = sound.clone();
        let mut log = log.clone();
        match damage {
            None => bytes[(only_in_database - 1) * PAGE..][..PAGE].fill(0xA5),
            Some(offset) => log[offset] ^= 0x01,
        }
        let place = damaged(&bytes);
        put(&wal(place.dir()), &log);
        let (store, told) = salvaged(&place);
        let id = store.by_name("Acme").unwrap().unwrap();
        let of_acme = |one: &&latchkey_store::Salvaged| one.name == "Acme";
        let acme = told.workspaces.iter().find(of_acme).unwrap();
        for number in &acme.revisions {
            let revision = store.revision(&id, *number).unwrap();
            let known = before.revisions.get(&(id.to_string(), *number));
            assert!(known.is_none_or(|known| *known == revision));
        }
        assert_eq!(acme.revisions.last(), Some(&last), "{damage:?}");
    }
}

#[test]
fn a_log_whose_end_was_cut_by_a_kill_is_no_damage() {
    let (place, _) = made();
    let (log, last) = with_log(&place);
    let torn = damaged(&fs::read(place.file()).unwrap());
    let mut cut = log.clone();
    // A transaction that was not committed when the power failed.
    cut.extend_from_slice(&log[32..32 + 24 + PAGE / 2]);
    put(&wal(torn.dir()), &cut);
    let store = torn.store();
    let id = store.by_name("Acme").unwrap().unwrap();
    assert_eq!(store.revisions(&id).unwrap().last().unwrap().number, last);
}

#[test]
fn what_was_deleted_or_forgotten_does_not_come_back() {
    let (place, _) = made();
    let store = place.store();
    let acme = store.by_name("Acme").unwrap().unwrap();
    let beta = store.by_name("Beta").unwrap().unwrap();
    let forgotten = store.evidence(&acme).unwrap().remove(0).id;
    store.forget_evidence(&acme, &forgotten, at(30)).unwrap();
    store.delete(&beta, at(31)).unwrap();
    drop(store);
    let mut bytes = fs::read(place.file()).unwrap();
    bytes[..PAGE].fill(0);
    let damaged = damaged(&bytes);
    let (store, told) = salvaged(&damaged);
    assert_eq!(store.by_name("Beta"), Ok(None));
    assert_eq!(
        (told.lost_workspaces, told.workspaces[0].lost_tests),
        (0, 0)
    );
    let evidence = store.evidence(&acme).unwrap();
    assert!(evidence.iter().all(|one| one.id != forgotten));
}

#[test]
fn nothing_is_put_in_the_place_of_a_database_that_somebody_has_open() {
    let (place, _) = made();
    let open = place.store();
    let mut bytes = fs::read(place.file()).unwrap();
    bytes[PAGE..2 * PAGE].fill(0xA5);
    overwrite(&place.file(), &bytes);
    let said = Store::open_or_salvage(place.dir(), at(1)).unwrap_err();
    assert_eq!(said, OpenError::InUse { path: place.file() });
    assert!(fs::read(place.file()).unwrap() == bytes);
    drop(open);
    salvaged(&place);
}

#[test]
fn a_salvage_that_was_killed_at_its_last_step_is_ended_by_the_next_to_open() {
    let (place, before) = made();
    let other = Place::new();
    put(&other.file(), b"what is damaged stands here");
    put(&wal(other.dir()), b"and its log");
    fs::copy(place.file(), other.dir().join("latchkey-fresh.db")).unwrap();
    assert_eq!(Content::of(&other.store()), before);
    let mut begun = other.dir().join("latchkey-fresh");
    assert!(!begun.exists());
    // Killed before that, it has begun a directory that means nothing.
    fs::create_dir(&begun).unwrap();
    begun.push("latchkey.db");
    put(&begun, b"half");
    let mut bytes = fs::read(other.file()).unwrap();
    bytes[..PAGE].fill(0xA5);
    overwrite(&other.file(), &bytes);
    let (store, _) = salvaged(&other);
    assert_eq!(Content::of(&store), before);
}

#[test]
fn nothing_but_noise_leaves_an_empty_store_and_its_copy() {
    let noise: Vec<u8> = (0..PAGE * 20).map(|_| rand::random()).collect();
    for bytes in [&noise[..], b"xy", b"a short note about nothing"] {
        let place = damaged(bytes);
        let (store, told) = salvaged(&place);
        assert_eq!(store.workspaces(), Ok(vec![]));
        assert_eq!(told.workspaces, []);
        assert!(fs::read(&told.damaged).unwrap() == bytes);
        store.import(&set_up("Acme"), "olivia", at(0)).unwrap();
    }
}

#[test]
fn evidence_of_a_workspace_that_comes_back_without_its_draft_still_proves_its_revisions() {
    let place = Place::new();
    let store = place.store();
    let id = store.create(&draft("Acme"), at(0)).unwrap();
    let proof = evidence("e", &draft("Acme"));
    store.add_evidence(&id, &proof).unwrap();
    let new = crate::place::proved_by("e");
    store.save(&id, 1, |_| Ok(new.clone()), at(1)).unwrap();
    drop(store);
    let bytes = fs::read(place.file()).unwrap();
    let version = br#""step":"#;
    let at_draft = bytes
        .windows(version.len())
        .position(|found| found == version);
    let mut bytes = bytes.clone();
    bytes[at_draft.unwrap()] = b'?';
    let damaged = damaged(&bytes);
    let (store, told) = salvaged(&damaged);
    let [acme] = &told.workspaces[..] else {
        panic!("{told:?}");
    };
    assert_eq!(acme.draft_from, Some(1));
    let kept = store.kept(&id).unwrap();
    assert_eq!(
        kept.draft.secret_mark,
        draft("Acme").secret_mark,
        "its secret is found"
    );
    store
        .save(&id, kept.version, |_| Ok(new.clone()), at(2))
        .unwrap();
}

fn overwrite(path: &Path, bytes: &[u8]) {
    let mut file = OpenOptions::new().write(true).open(path).unwrap();
    file.write_all(bytes).unwrap();
}

fn wal(dir: &Path) -> PathBuf {
    dir.join("latchkey.db-wal")
}

/// Saves more, and gives the log that holds it, with the newest number; the database stays as it was.
fn with_log(place: &Place) -> (Vec<u8>, u32) {
    let keeps_log = place.raw();
    keeps_log
        .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
        .unwrap();
    keeps_log
        .query_row("SELECT count(*) FROM journal", [], |_| Ok(()))
        .unwrap();
    let before = fs::read(place.file()).unwrap();
    let store = place.store();
    let id = store.by_name("Acme").unwrap().unwrap();
    let last = (0..5).map(|_| save(&store, &id)).last().unwrap();
    let log = fs::read(wal(place.dir())).unwrap();
    assert!(
        fs::read(place.file()).unwrap() == before,
        "or it shows nothing"
    );
    (log, last)
}
