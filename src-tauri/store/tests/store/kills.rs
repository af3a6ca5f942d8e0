//! A process that saves without pause is killed at random moments.
//!
//! `LATCHKEY_KILLS` is how often; 100 unless told.

use std::env;
use std::io::{BufRead, BufReader, Write, stdout};
use std::path::Path;
use std::process::Stdio;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use latchkey_store::{Origin, Store};

use crate::place::{Place, at, child, save, set_up};

/// Names the directory to the child.
const DIR: &str = "LATCHKEY_TEST_DIR";

/// The longest life of a child is at least this. Starting, opening and migrating take a part of it.
const LONGEST: Duration = Duration::from_millis(60);

/// How many numbers a child should be able to print in the longest life, however busy the computer is.
const WORTH: usize = 12;

#[test]
fn every_number_that_was_printed_before_a_kill_is_there_and_whole() {
    let kills: u32 = env::var("LATCHKEY_KILLS").map_or(100, |kills| kills.parse().unwrap());
    let longest = LONGEST.max(time_of(WORTH));
    let mut place = Place::new();
    let (mut printed_before, mut printed_at_all) = (0, 0);
    for kill in 1..=kills {
        // A new directory now and then, so that its making is killed too.
        if kill % 10 == 0 {
            place = Place::new();
            printed_before = 0;
        }
        let printed = run_and_kill(place.dir(), longest.mul_f64(rand::random()));
        let last = printed.iter().copied().max().unwrap_or(printed_before);
        assert!(
            printed.iter().copied().eq(printed_before + 1..=last),
            "{printed:?} after {printed_before}"
        );
        printed_at_all += printed.len();
        printed_before = check_all(&place, last);
    }
    assert!(
        printed_at_all > kills as usize,
        "the children lived long enough to be worth killing: {printed_at_all}"
    );
}

#[test]
#[ignore = "run by the test above as a process of its own"]
fn saves_until_it_is_killed() {
    let store = Store::open(Path::new(&env::var_os(DIR).unwrap())).unwrap();
    for second in 0.. {
        let mut next = set_up("Acme");
        let imported = match store.by_name("Acme").unwrap() {
            // Saved like the window does it, with evidence, and imported like the command does it.
            Some(id) if second % 2 == 0 => save(&store, &id),
            _ => {
                next.workspace.owner_email = format!("owner{second}@acme.example");
                store.import(&next, "olivia", at(second)).unwrap().revision
            }
        };
        let mut out = stdout().lock();
        writeln!(out, "revision {imported}")
            .and_then(|()| out.flush())
            .unwrap();
    }
}

/// How long a child takes for so many numbers, on this computer as it is now.
fn time_of(numbers: usize) -> Duration {
    let place = Place::new();
    let begun = Instant::now();
    let mut life = LONGEST;
    while run_and_kill(place.dir(), life).len() < numbers {
        life *= 2;
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "it prints nothing"
        );
    }
    life
}

/// The numbers that a child printed before it was killed.
fn run_and_kill(dir: &Path, life: Duration) -> Vec<u32> {
    let until = Instant::now() + life;
    let mut child = child("kills::saves_until_it_is_killed")
        .env(DIR, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let (tell, told) = mpsc::channel();
    let reader = thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            // The test harness prints lines of its own, one of them without its end.
            if let Some(number) = line
                .rsplit_once("revision ")
                .and_then(|(_, number)| number.parse().ok())
            {
                tell.send(number).unwrap();
            }
        }
    });
    let mut printed = Vec::new();
    loop {
        match told.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(number) => printed.push(number),
            Err(RecvTimeoutError::Timeout) => break,
            Err(RecvTimeoutError::Disconnected) => {
                panic!("the child ended by itself after {printed:?}")
            }
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // What it printed before the kill and was not read yet counts as well.
    printed.extend(told.iter());
    reader.join().unwrap();
    printed
}

/// Reads everything back; the newest number, which may be one more than was printed.
fn check_all(place: &Place, printed: u32) -> u32 {
    let store = place.store();
    let Some(id) = store.by_name("Acme").unwrap() else {
        assert_eq!(printed, 0);
        return 0;
    };
    let heads = store.revisions(&id).unwrap();
    let newest = heads.len() as u32;
    assert!(
        (printed..=printed + 1).contains(&newest),
        "{printed} printed, {newest} there"
    );
    assert!(heads.iter().map(|head| head.number).eq(1..=newest));
    let journal = store.journal(&id).unwrap();
    assert!(
        journal
            .iter()
            .filter_map(|line| line.revision)
            .eq(1..=newest),
        "each has its line in the journal"
    );
    let evidence = store.evidence(&id).unwrap();
    for number in 1..=newest {
        let revision = store.revision(&id, number).unwrap();
        let proofs = usize::from(revision.head.origin == Origin::Saved);
        assert_eq!(revision.evidence.len(), proofs);
        assert!(
            revision
                .evidence
                .iter()
                .all(|proof| evidence.iter().any(|one| one.id == *proof))
        );
    }
    if let Some(newest) = newest
        .checked_sub(1)
        .map(|_| store.revision(&id, newest).unwrap())
    {
        assert!(
            newest.holds(&store.kept(&id).unwrap().draft),
            "draft and revision are of one piece"
        );
    }
    newest
}
