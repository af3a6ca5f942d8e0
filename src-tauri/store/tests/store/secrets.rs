//! Where secrets are kept: in a real keychain, in a locked one, and where there is none.

use std::env;
use std::path::Path;
use std::process::Command;
use std::thread;

use latchkey_store::{
    KeychainError, LONGEST_SECRET, NoKeychain, SecretHome, Secrets, Unsaved, WorkspaceId, new_mark,
};
use secrecy::{ExposeSecret, SecretString};

use crate::place::{Place, at, child, draft, put, save, with_another_rule};

/// What no file of ours may hold.
const PLANTED: &str = "kX8~planted.client.secret~Q4w";

#[test]
fn secrets_in_memory_are_found_by_workspace_and_mark_alone() {
    let secrets = Secrets::until_closed();
    let [one, other] = two_workspaces();
    let why = NoKeychain::SwitchedOff;
    assert_eq!(secrets.home(), SecretHome::UntilClosed { why: why.clone() });
    assert_eq!(
        secrets.keep(&one, "a", PLANTED.into()),
        Ok(SecretHome::UntilClosed { why })
    );
    assert_eq!(found(&secrets, &one, "a").as_deref(), Some(PLANTED));
    assert_eq!(found(&secrets, &one, "b"), None);
    assert_eq!(found(&secrets, &other, "a"), None);
    assert_eq!(found(&Secrets::until_closed(), &one, "a"), None);
    keeps_finds_and_forgets(&secrets);
}

#[test]
fn a_secret_longer_than_any_is_refused() {
    let secrets = Secrets::until_closed();
    let [id, _] = two_workspaces();
    let long = |length| SecretString::from("x".repeat(length));
    let too_long = KeychainError::TooLong {
        limit: LONGEST_SECRET,
    };
    assert_eq!(
        secrets.keep(&id, "a", long(LONGEST_SECRET + 1)),
        Err(too_long)
    );
    assert_eq!(found(&secrets, &id, "a"), None);
    assert!(secrets.keep(&id, "a", long(LONGEST_SECRET)).is_ok());
}

#[test]
fn marks_are_random_and_secrets_do_not_print() {
    let marks: std::collections::BTreeSet<String> = (0..1000).map(|_| new_mark()).collect();
    assert_eq!(marks.len(), 1000);
    assert!(marks.iter().all(|mark| mark.len() == 32));
    let secrets = Secrets::until_closed();
    let [id, _] = two_workspaces();
    secrets.keep(&id, "a", PLANTED.into()).unwrap();
    let printed = format!("{secrets:?} {:#?} {:?}", secrets, secrets.find(&id, "a"));
    assert!(!printed.contains("planted"), "{printed}");
}

#[test]
fn a_real_keychain_keeps_secrets_for_the_next_start() {
    let place = Place::new();
    let unlocked =
        r#"printf '\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null; "$@""#;
    on_a_bus(&place, unlocked, "secrets::in_a_real_keychain");
}

#[test]
#[ignore = "run by the test above with a keychain of its own"]
fn in_a_real_keychain() {
    let dir = env::var_os("LATCHKEY_TEST_DIR").unwrap();
    let secrets = Secrets::open();
    assert_eq!(secrets.home(), SecretHome::Keychain);
    keeps_finds_and_forgets(&secrets);
    the_whole_cycle_leaves_no_secret_in_a_file(&secrets, Path::new(&dir));

    let [id, _] = two_workspaces();
    assert_eq!(
        secrets.keep(&id, "a", PLANTED.into()),
        Ok(SecretHome::Keychain)
    );
    drop(secrets);
    let next = Secrets::open();
    assert_eq!(found(&next, &id, "a").as_deref(), Some(PLANTED));
    thread::scope(|scope| {
        for mark in ["b", "c", "d"] {
            let (next, id) = (&next, &id);
            scope.spawn(move || {
                next.keep(id, mark, mark.into()).unwrap();
                assert_eq!(found(next, id, mark).as_deref(), Some(mark));
            });
        }
    });
    next.remove_all(&id).unwrap();
    assert_eq!(found(&Secrets::open(), &id, "a"), None);
}

#[test]
fn without_a_session_bus_secrets_are_kept_until_the_program_ends_and_it_says_why() {
    let place = Place::new();
    run(child("secrets::where_no_keychain_answers")
        .env(
            "DBUS_SESSION_BUS_ADDRESS",
            format!("unix:path={}/no-bus", place.dir().display()),
        )
        .env("XDG_RUNTIME_DIR", place.dir())
        .env("LATCHKEY_TEST_DIR", place.dir()));
}

#[test]
fn with_a_bus_on_which_no_keychain_answers_it_is_the_same() {
    let place = Place::new();
    let bus = bus(
        &place,
        "<allow send_destination='*' eavesdrop='true'/><allow eavesdrop='true'/><allow own='*'/>",
    );
    on_the_bus(
        &place,
        &bus,
        r#""$@""#,
        "secrets::where_no_keychain_answers",
    );
}

#[test]
fn a_bus_that_never_answers_is_not_waited_for() {
    let place = Place::new();
    let bus = bus(&place, "<allow send_destination='*'/>");
    on_the_bus(&place, &bus, r#""$@""#, "secrets::where_nothing_answers");
}

#[test]
#[ignore = "run by the test above"]
fn where_nothing_answers() {
    let secrets = Secrets::open();
    assert_eq!(
        secrets.home(),
        SecretHome::UntilClosed {
            why: NoKeychain::NoAnswer
        }
    );
    keeps_finds_and_forgets(&secrets);
}

#[test]
#[ignore = "run by the tests above where there is no keychain"]
fn where_no_keychain_answers() {
    let dir = env::var_os("LATCHKEY_TEST_DIR").unwrap();
    let secrets = Secrets::open();
    let SecretHome::UntilClosed {
        why: NoKeychain::Refused { said },
    } = secrets.home()
    else {
        panic!("{:?}", secrets.home());
    };
    assert!(!said.is_empty());
    keeps_finds_and_forgets(&secrets);
    the_whole_cycle_leaves_no_secret_in_a_file(&secrets, Path::new(&dir));
}

#[test]
fn a_keychain_that_stays_locked_loses_no_secret() {
    let place = Place::new();
    // Started by the bus, without a password and without a display on which to ask for one.
    on_a_bus(&place, r#""$@""#, "secrets::in_a_locked_keychain");
}

#[test]
#[ignore = "run by the test above with a keychain that stays locked"]
fn in_a_locked_keychain() {
    let secrets = Secrets::open();
    let [id, _] = two_workspaces();
    let home = secrets.keep(&id, "a", PLANTED.into()).unwrap();
    let SecretHome::UntilClosed { why } = home else {
        panic!("it was not locked")
    };
    assert!(!format!("{why:?}").contains("planted"));
    assert_eq!(found(&secrets, &id, "a").as_deref(), Some(PLANTED));
    assert_eq!(found(&Secrets::open(), &id, "a"), None);
}

#[test]
fn the_switch_keeps_secrets_out_of_the_keychain() {
    run(child("secrets::switched_off").env("LATCHKEY_KEYCHAIN", "none"));
}

#[test]
#[ignore = "run by the test above"]
fn switched_off() {
    assert_eq!(
        Secrets::open().home(),
        SecretHome::UntilClosed {
            why: NoKeychain::SwitchedOff
        }
    );
}

fn keeps_finds_and_forgets(secrets: &Secrets) {
    let [one, other] = two_workspaces();
    for (workspace, mark) in [(&one, "a"), (&one, "b"), (&one, "c"), (&other, "a")] {
        secrets
            .keep(
                workspace,
                mark,
                format!("{mark} of {workspace} \u{1F511}\n").into(),
            )
            .unwrap();
    }
    assert_eq!(
        found(secrets, &one, "a"),
        Some(format!("a of {one} \u{1F511}\n"))
    );
    assert_eq!(
        found(secrets, &other, "a"),
        Some(format!("a of {other} \u{1F511}\n"))
    );
    secrets.keep(&one, "a", "again".into()).unwrap();
    assert_eq!(found(secrets, &one, "a").as_deref(), Some("again"));

    secrets.remove(&one, "a").unwrap();
    secrets.remove(&one, "a").unwrap();
    assert_eq!(found(secrets, &one, "a"), None);
    secrets
        .keep_only(&one, &["c".to_owned(), "never was".to_owned()])
        .unwrap();
    assert_eq!(found(secrets, &one, "b"), None);
    assert!(found(secrets, &one, "c").is_some());
    secrets.remove_all(&one).unwrap();
    assert_eq!(found(secrets, &one, "c"), None);
    assert!(
        found(secrets, &other, "a").is_some(),
        "another workspace keeps its own"
    );
    secrets.remove_all(&other).unwrap();
    assert_eq!(found(secrets, &other, "a"), None);
}

/// Draft, evidence, save, another secret, restore, export; then looks through every file.
fn the_whole_cycle_leaves_no_secret_in_a_file(secrets: &Secrets, dir: &Path) {
    let place = Place::new();
    let store = place.store();
    let mut about = draft("Acme");
    let first = new_mark();
    about.secret_mark = Some(first.clone());
    let id = store.create(&about, at(0)).unwrap();
    secrets.keep(&id, &first, PLANTED.into()).unwrap();
    save(&store, &id);
    let mut changed = with_another_rule(&about);
    changed.secret_mark = Some(new_mark());
    secrets
        .keep(
            &id,
            changed.secret_mark.as_deref().unwrap(),
            format!("{PLANTED} 2").into(),
        )
        .unwrap();
    store.keep(&id, &changed, 1, at(1)).unwrap();
    save(&store, &id);
    store.restore(&id, 1, Unsaved::Keep, "bob", at(2)).unwrap();
    secrets.keep_only(&id, &store.marks(&id).unwrap()).unwrap();

    let own = store.revision(&id, 3).unwrap().secret_mark.unwrap();
    assert_eq!(
        found(secrets, &id, &own).as_deref(),
        Some(PLANTED),
        "a restored revision finds its own secret"
    );
    assert!(!store.export(&id).unwrap().written().contains(PLANTED));
    assert!(
        !place.files_with(&first).is_empty(),
        "or this test looks in the wrong place"
    );
    let below = |dir: &Path| {
        crate::place::files_below(dir)
            .into_iter()
            .find(|file| holds(file, PLANTED))
    };
    assert_eq!(below(place.dir()), None);
    assert_eq!(below(dir), None);
    drop(store);
    assert_eq!(below(place.dir()), None);
    secrets.remove_all(&id).unwrap();
}

fn two_workspaces() -> [WorkspaceId; 2] {
    ["0", "1"].map(|digit| WorkspaceId::parse(&digit.repeat(32)).unwrap())
}

fn found(secrets: &Secrets, id: &WorkspaceId, mark: &str) -> Option<String> {
    secrets
        .find(id, mark)
        .unwrap()
        .map(|secret| secret.expose_secret().to_owned())
}

fn holds(file: &Path, wanted: &str) -> bool {
    let bytes = std::fs::read(file).unwrap_or_default();
    bytes
        .windows(wanted.len())
        .any(|window| window == wanted.as_bytes())
}

/// A bus that starts nothing by itself; how `dbus-run-session` is told of it.
fn bus(place: &Place, policy: &str) -> [String; 2] {
    let text = format!(
        "<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><policy context='default'>{policy}</policy></busconfig>"
    );
    let config = place.dir().join("bus.conf");
    put(&config, text.as_bytes());
    [
        "--config-file".to_owned(),
        config.to_str().unwrap().to_owned(),
    ]
}

fn on_a_bus(place: &Place, script: &str, test: &str) {
    on_the_bus(place, &[], script, test);
}

/// Runs one test on a session bus of its own, with a home of its own.
fn on_the_bus(place: &Place, bus: &[String], script: &str, test: &str) {
    let test = child(test);
    let mut command = Command::new("dbus-run-session");
    command
        .args(bus)
        .args(["--", "bash", "-c", script, "bash"])
        .arg(test.get_program())
        .args(test.get_args());
    for home in [
        "HOME",
        "XDG_DATA_HOME",
        "XDG_CONFIG_HOME",
        "XDG_CACHE_HOME",
        "XDG_RUNTIME_DIR",
        "LATCHKEY_TEST_DIR",
    ] {
        command.env(home, place.dir());
    }
    for display in ["DISPLAY", "WAYLAND_DISPLAY", "LATCHKEY_KEYCHAIN"] {
        command.env_remove(display);
    }
    run(&mut command);
}

fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| {
        panic!(
            "{:?}: {error}. `apt-get install dbus gnome-keyring` gets it.",
            command.get_program()
        );
    });
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    let missing = said.contains("gnome-keyring-daemon: command not found");
    assert!(
        !missing,
        "The keychain for this test is missing: `apt-get install gnome-keyring` gets it."
    );
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}"
    );
}
