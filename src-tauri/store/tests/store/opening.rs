use std::env;
use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};

use latchkey_store::{OpenError, Store};
use rusqlite::config::DbConfig;

use crate::place::{Place, at, child, draft, evidence, files_below, put, save, set_up};

/// The size of SQLite's pages here.
pub(crate) const PAGE: usize = 4096;

/// The user who owns nothing.
const NOBODY: u32 = 65534;

#[test]
fn a_new_database_is_for_this_user_only() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    let dir = place.dir().join("a").join("b");
    let store = Store::open(&dir).unwrap();
    store.import(&set_up("Acme"), "olivia", at(0)).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&dir), 0o700);
    assert_eq!(mode(dir.parent().unwrap()), 0o700);
    let files: Vec<PathBuf> = fs::read_dir(&dir)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    assert_eq!(
        files.len(),
        5,
        "database, log, the log's index, two locks: {files:?}"
    );
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[test]
fn a_database_of_a_newer_version_is_refused_and_not_touched() {
    let place = filled();
    place.raw().pragma_update(None, "user_version", 99).unwrap();
    let before = fs::read(place.file()).unwrap();
    for _ in 0..2 {
        assert_eq!(
            Store::open(place.dir()).err(),
            Some(OpenError::Newer {
                found: 99,
                known: 3
            })
        );
        assert_eq!(
            Store::open_or_salvage(place.dir(), at(9)).err(),
            Some(OpenError::Newer {
                found: 99,
                known: 3
            })
        );
        assert!(fs::read(place.file()).unwrap() == before);
    }
}

#[test]
fn a_database_of_the_first_format_is_brought_to_this_one_and_keeps_everything() {
    let place = Place::new();
    let raw = place.raw();
    raw.execute_batch(include_str!("../../migrations/1.sql"))
        .unwrap();
    raw.pragma_update(None, "application_id", 0x4C4B_6579)
        .unwrap();
    raw.pragma_update(None, "user_version", 1).unwrap();
    let (kept, proof) = (draft("Acme"), evidence("e", &draft("Acme")));
    let id = "0123456789abcdef0123456789abcdef";
    raw.execute(
        "INSERT INTO workspace VALUES (?, 'Acme', ?, 1, '2026-11-22T18:00:00Z', '2026-11-22T18:00:00Z')",
        [id, &serde_json::to_string(&kept).unwrap()],
    )
    .unwrap();
    raw.execute(
        "INSERT INTO evidence (workspace, id, body) VALUES (?, 'e', ?)",
        [id, &serde_json::to_string(&proof).unwrap()],
    )
    .unwrap();
    raw.execute(
        "INSERT INTO journal (at, workspace, what) VALUES ('2026-11-22T18:00:00Z', ?, '\"made\"')",
        [id],
    )
    .unwrap();
    drop(raw);
    let store = place.store();
    let id = store.by_name("Acme").unwrap().unwrap();
    assert_eq!(store.kept(&id).unwrap().draft, kept);
    assert_eq!(store.evidence(&id), Ok(vec![proof]));
    assert_eq!(store.journal(&id).unwrap().len(), 1);
    assert!(all_sealed(&place), "what was there before is sealed too");
    store.name_evidence(&id, "e", "Bob").unwrap();
}

#[test]
fn a_newer_version_that_was_killed_before_it_emptied_its_log_is_refused_too() {
    let place = filled();
    let newer = place.raw();
    newer
        .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
        .unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    let both = || {
        (
            fs::read(place.file()).unwrap(),
            fs::read(place.dir().join("latchkey.db-wal")).unwrap(),
        )
    };
    let before = both();
    assert!(!before.1.is_empty(), "or this test shows nothing");
    assert_eq!(
        Store::open(place.dir()).err(),
        Some(OpenError::Newer {
            found: 99,
            known: 3
        })
    );
    assert!(both() == before);
}

#[test]
fn a_database_of_another_program_is_refused_and_not_touched() {
    for (application, sql) in [
        (0, "CREATE TABLE theirs (x)"),
        (0x1234, ""),
        (0x1234, "CREATE TABLE theirs (x)"),
    ] {
        let place = Place::new();
        let theirs = place.raw();
        theirs.execute_batch(sql).unwrap();
        theirs
            .pragma_update(None, "application_id", application)
            .unwrap();
        drop(theirs);
        let before = fs::read(place.file()).unwrap();
        assert_eq!(
            Store::open(place.dir()).err(),
            Some(OpenError::Foreign { path: place.file() })
        );
        assert!(fs::read(place.file()).unwrap() == before);
    }
}

#[test]
fn whichever_page_is_overwritten_it_is_said_and_copied_and_nothing_is_written_over_it() {
    let place = filled();
    let sound = fs::read(place.file()).unwrap();
    let pages = sound.len() / PAGE;
    assert!(pages > 15, "{pages} pages are too few to show much");
    let free: u32 = filled()
        .raw()
        .pragma_query_value(None, "freelist_count", |row| row.get(0))
        .unwrap();
    let mut unsaid = 0_u32;
    for page in 0..pages {
        let noise: Vec<u8> = (0..PAGE).map(|_| rand::random()).collect();
        let mut damaged = sound.clone();
        damaged[page * PAGE..(page + 1) * PAGE].copy_from_slice(&noise);
        let place = Place::new();
        put(&place.file(), &damaged);
        if let Ok(store) = Store::open(place.dir()) {
            // A page that nothing uses.
            let id = store.by_name("Acme").unwrap().unwrap();
            assert_eq!(store.history(&id).unwrap().revisions.len(), 3);
            unsaid += 1;
            continue;
        }
        for _ in 0..2 {
            let Err(OpenError::Damaged {
                path,
                copy: Some(copy),
            }) = Store::open(place.dir())
            else {
                panic!("page {page} of {pages}");
            };
            assert_eq!(path, place.file());
            assert!(fs::read(&path).unwrap() == damaged, "page {page}");
            assert!(fs::read(&copy).unwrap() == damaged, "page {page}");
        }
        assert_eq!(
            copies(place.dir()).len(),
            1,
            "the same damage is copied once"
        );
    }
    assert!(unsaid <= free, "{unsaid} unsaid, {free} free");
}

#[test]
fn a_database_that_was_cut_short_or_replaced_is_damaged() {
    let sound = fs::read(filled().file()).unwrap();
    let longer_than_the_header = b"These are the notes of a meeting, not a database. ".repeat(20);
    for damaged in [
        &sound[..sound.len() / 2],
        &sound[..PAGE],
        &sound[..100],
        b"xy",
        &longer_than_the_header,
    ] {
        let place = Place::new();
        put(&place.file(), damaged);
        assert!(
            matches!(
                Store::open(place.dir()),
                Err(OpenError::Damaged { copy: Some(_), .. })
            ),
            "{}",
            damaged.len()
        );
        assert!(fs::read(place.file()).unwrap() == damaged);
    }
}

#[test]
fn a_database_that_was_emptied_beside_its_log_is_damaged() {
    let place = filled();
    let writer = place.raw();
    writer
        .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
        .unwrap();
    writer.execute("DELETE FROM opened_last", []).unwrap();
    writer
        .execute(
            "INSERT INTO journal (at, workspace, what) VALUES ('', '', '')",
            [],
        )
        .unwrap();
    drop(writer);
    OpenOptions::new()
        .write(true)
        .open(place.file())
        .unwrap()
        .set_len(0)
        .unwrap();
    let log = place.dir().join("latchkey.db-wal");
    let before = fs::read(&log).unwrap();
    let Err(OpenError::Damaged {
        copy: Some(copy), ..
    }) = Store::open(place.dir())
    else {
        panic!("it opened")
    };
    assert!(fs::read(&log).unwrap() == before);
    assert!(
        fs::read(format!("{}-wal", copy.display())).unwrap() == before,
        "the log is copied too"
    );
}

#[test]
fn a_directory_that_cannot_be_made_is_not_writable() {
    let place = Place::new();
    put(&place.dir().join("file"), b"");
    for below in ["file", "file/dir"] {
        let dir = place.dir().join(below);
        let Err(OpenError::NotWritable { dir: named, .. }) = Store::open(&dir) else {
            panic!("{below} was opened")
        };
        assert_eq!(named, dir);
    }
}

#[test]
fn a_read_only_directory_or_file_is_said_to_be_not_writable() {
    use std::os::unix::fs::PermissionsExt;
    let place = filled();
    let set =
        |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let before = fs::read(place.file()).unwrap();
    for (dir_mode, file_mode) in [
        (0o555, 0o644),
        (0o755, 0o444),
        (0o555, 0o444),
        (0o000, 0o644),
    ] {
        set(&place.file(), file_mode);
        set(place.dir(), dir_mode);
        let said = opened_without_privilege(&place);
        set(place.dir(), 0o755);
        assert!(
            said.contains("NotWritable"),
            "{dir_mode:o}, {file_mode:o}: {said}"
        );
        assert!(fs::read(place.file()).unwrap() == before);
    }
    set(&place.file(), 0o644);
    let said = opened_without_privilege(&place);
    assert!(
        said.contains("Ok("),
        "the same process opens what it may write: {said}"
    );
}

#[test]
#[ignore = "run by the test above as a process of its own"]
fn tries_to_open() {
    println!(
        "opening says {:?}",
        Store::open(Path::new(&env::var_os("LATCHKEY_TEST_DIR").unwrap()))
    );
}

#[test]
fn the_usual_directory_is_named_after_the_program() {
    let dir = latchkey_store::default_dir().unwrap();
    assert!(
        dir.is_absolute() && dir.ends_with("latchkey"),
        "{}",
        dir.display()
    );
}

pub(crate) fn all_sealed(place: &Place) -> bool {
    let raw = place.raw();
    ["workspace", "revision", "evidence", "journal"]
        .iter()
        .all(|table| {
            let sql = format!("SELECT count(*), count(seal) FROM {table}");
            let counts: (u32, u32) = raw
                .query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
                .unwrap();
            counts.0 == counts.1
        })
}

/// A store with something in every table, closed again.
pub(crate) fn filled() -> Place {
    let place = Place::new();
    let store = place.store();
    let tested = draft("Acme");
    let id = store.create(&tested, at(0)).unwrap();
    for _ in 0..3 {
        save(&store, &id);
    }
    // Longer than a page, so that some pages hold nothing but the middle of a text.
    let mut long = evidence("long", &tested);
    long.claims
        .push("groups", "A group with a long name. ".repeat(1000));
    store.add_evidence(&id, &long).unwrap();
    store.set_opened_last(Some(&id)).unwrap();
    place
}

pub(crate) fn copies(dir: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(dir).unwrap().map(|file| file.unwrap().path());
    files
        .filter(|file| file.to_string_lossy().contains("damaged"))
        .collect()
}

/// What opening says to a process that permissions bind. They do not bind root: for root, a copy
/// of this program is run as `nobody`.
fn opened_without_privilege(place: &Place) -> String {
    let mut test = child("opening::tries_to_open");
    let elsewhere = tempfile::tempdir().unwrap();
    if fs::read_dir("/root").is_ok() {
        use std::os::unix::fs::PermissionsExt;
        let program = elsewhere.path().join("store");
        fs::copy(test.get_program(), &program).unwrap();
        fs::set_permissions(elsewhere.path(), fs::Permissions::from_mode(0o755)).unwrap();
        for theirs in files_below(place.dir())
            .iter()
            .map(PathBuf::as_path)
            .chain([place.dir()])
        {
            std::os::unix::fs::chown(theirs, Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let mut as_nobody = std::process::Command::new("setpriv");
        as_nobody.args([
            &format!("--reuid={NOBODY}"),
            &format!("--regid={NOBODY}"),
            "--clear-groups",
            "--",
        ]);
        as_nobody.arg(program).args(test.get_args());
        test = as_nobody;
    }
    let output = test.env("LATCHKEY_TEST_DIR", place.dir()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        said.contains("opening says"),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    said
}
