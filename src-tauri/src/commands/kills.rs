//! A process that saves through the window's own commands, without pause, is killed at random moments.
//!
//! `LATCHKEY_KILLS` is how often; 15 unless told.

use std::env;
use std::io::{BufRead, BufReader, Write, stdout};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use jiff::Timestamp;
use latchkey_core::{Draft, Flow, Rule, RuleList};
use latchkey_signin::Http;
use latchkey_store::{Secrets, Store};

use super::gates::saved;
use super::kept;
use crate::house::House;

/// Names the directory to the child.
const DIR: &str = "LATCHKEY_TEST_DIR";

#[test]
fn every_number_that_the_windows_save_gave_before_a_kill_is_there_and_whole() {
    let kills: u32 = env::var("LATCHKEY_KILLS").map_or(15, |kills| kills.parse().unwrap());
    let mut dir = tempfile::tempdir().unwrap();
    let (mut newest, mut printed_at_all) = (0, 0);
    for kill in 1..=kills {
        // A new directory now and then: everything in it is read back each time.
        if kill % 10 == 0 {
            dir = tempfile::tempdir().unwrap();
            newest = 0;
        }
        let printed = printed_before_a_kill(dir.path());
        printed_at_all += printed.len();
        let last = printed.last().copied().unwrap_or(newest);
        assert!(
            printed.iter().copied().eq(newest + 1..=last),
            "{printed:?} after {newest}"
        );
        newest = check(dir.path(), last);
    }
    println!("{printed_at_all} revisions saved in {kills} lives");
    assert!(printed_at_all > kills as usize, "{printed_at_all}");
}

#[test]
#[ignore = "run by the test above as a process of its own"]
fn saves_until_it_is_killed() {
    let dir = PathBuf::from(env::var_os(DIR).unwrap());
    let house = House::new(dir, Secrets::until_closed(), Http::new().unwrap());
    tauri::async_runtime::block_on(async {
        let found = house.store(|store| store.by_name("Acme")).await.unwrap();
        let id = match found {
            Some(id) => id,
            None => house
                .store(|store| store.create(&draft(), Timestamp::now()))
                .await
                .unwrap(),
        };
        for round in 0.. {
            let asked = id.clone();
            let seen = house.store(move |store| store.kept(&asked)).await.unwrap();
            let mut draft = seen.draft;
            draft.set_up.rules.0.truncate(1);
            draft.set_up.rules.0.push(Rule {
                claim: "groups".to_owned(),
                value: format!("Group {round}"),
                role: "Viewer".to_owned(),
            });
            let version = kept(&house, &id, seen.version, draft).await.unwrap();
            let reason = Some(format!("Saved in round {round}"));
            let number = saved(&house, &id, version, reason).await.unwrap();
            let mut out = stdout().lock();
            writeln!(out, "revision {number}")
                .and_then(|()| out.flush())
                .unwrap();
        }
    });
}

/// A draft without any error, which needs no secret.
pub(super) fn draft() -> Draft {
    let mut draft = Draft::default();
    let set_up = &mut draft.set_up;
    set_up.workspace.name = "Acme".to_owned();
    set_up.workspace.region = "us".to_owned();
    set_up.workspace.owner_email = "olivia@acme.example".to_owned();
    set_up.connection.provider = "okta".to_owned();
    set_up.connection.issuer = "https://acme.okta.com".to_owned();
    set_up.connection.client_id = "0oa1b2c3d4e5f6g7h8i9".to_owned();
    set_up.connection.flow = Some(Flow::Implicit);
    set_up.rules = RuleList(vec![set_up.recommended_rule("Owner")]);
    draft
}

/// Lets a child live for a moment that nobody knows before; the numbers that it gave.
fn printed_before_a_kill(dir: &Path) -> Vec<u32> {
    let mut child = Command::new(env::current_exe().unwrap())
        .args([
            "commands::kills::saves_until_it_is_killed",
            "--exact",
            "--ignored",
            "--nocapture",
        ])
        .env(DIR, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut printed = Vec::new();
    // From its first number on, so that it is killed while it saves and not while it starts.
    for line in lines.map_while(Result::ok) {
        let Some(number) = line
            .rsplit_once("revision ")
            .and_then(|(_, number)| number.parse().ok())
        else {
            continue;
        };
        if printed.is_empty() {
            kill_later(&mut child);
        }
        printed.push(number);
    }
    child.wait().unwrap();
    printed
}

fn kill_later(child: &mut Child) {
    let id = child.id().to_string();
    let life = Duration::from_millis(80).mul_f64(rand::random());
    thread::spawn(move || {
        let (_silent, nothing) = mpsc::channel::<()>();
        // The moment of the kill is what is tested, not something that is waited for.
        let _ = nothing.recv_timeout(life);
        let _ = Command::new("kill").args(["-KILL", &id]).status();
    });
}

/// Reads everything back; the newest number, which may be one more than was printed.
fn check(dir: &Path, printed: u32) -> u32 {
    let store = Store::open(dir).unwrap();
    let id = store.by_name("Acme").unwrap().unwrap();
    let heads = store.revisions(&id).unwrap();
    let newest = u32::try_from(heads.len()).unwrap();
    assert!(
        (printed..=printed + 1).contains(&newest),
        "{printed} printed, {newest} there"
    );
    assert!(heads.iter().map(|head| head.number).eq(1..=newest));
    for head in &heads {
        let revision = store.revision(&id, head.number).unwrap();
        let round = revision.set_up.rules.0[1]
            .value
            .replace("Group", "Saved in round");
        assert_eq!(head.reason, Some(round), "one of a piece");
    }
    let journal = store.journal(&id).unwrap();
    assert!(
        journal
            .iter()
            .filter_map(|line| line.revision)
            .eq(1..=newest)
    );
    newest
}
