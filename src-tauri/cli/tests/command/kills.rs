//! `latchkey workspaces import` is killed at random moments: a number that was printed is there.
//!
//! `LATCHKEY_KILLS` is how often; 30 unless told.

use std::env;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::bench::{Files, command, latchkey, set_up_with};

#[test]
fn every_number_that_import_printed_before_a_kill_is_there_and_none_is_half_there() {
    let kills: u32 = env::var("LATCHKEY_KILLS").map_or(30, |kills| kills.parse().unwrap());
    let files = Files::new();
    let import = |round: u32, dir: &str| {
        let set_up = set_up_with("/connection/client_id", json!(format!("client{round}")));
        let file = files.with(&format!("{round}.json"), set_up.to_string());
        command(&["workspaces", "import", &file, "--data-dir", dir, "--json"])
    };
    let begun = Instant::now();
    let mut dir = files.path("data");
    assert!(import(0, &dir).output().unwrap().status.success());
    let whole = begun.elapsed();
    let (mut printed_last, mut printed_at_all) = (1, 0);
    for round in 1..=kills {
        // A new directory now and then, so that its making is killed too.
        if round % 20 == 0 {
            dir = files.path(&format!("data{round}"));
            printed_last = 0;
        }
        let mut child = import(round, &dir).spawn().unwrap();
        let life: f64 = rand::random();
        // The moment of the kill is what is tested, not something that is waited for.
        thread::sleep(whole.mul_f64(1.5 * life).min(Duration::from_secs(5)));
        let _ = child.kill();
        let printed = child.wait_with_output().unwrap().stdout;
        let number = serde_json::from_slice::<Value>(&printed)
            .ok()
            .and_then(|made| made["revision"].as_u64());
        printed_at_all += u32::from(number.is_some());
        let args = [
            "workspaces",
            "history",
            "Acme",
            "--data-dir",
            &dir,
            "--json",
        ];
        let history = latchkey(&args);
        if history.status == 2 && printed_last == 0 {
            assert_eq!(number, None, "{history:?}");
            continue;
        }
        let history = history.json();
        let numbers: Vec<u64> = history["revisions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["number"].as_u64().unwrap())
            .collect();
        let newest = numbers.len() as u64;
        assert!(numbers.iter().copied().eq(1..=newest), "{numbers:?}");
        match number {
            // It is the newest, and the one that was asked for, whole.
            Some(number) => {
                assert_eq!(number, newest);
                let args = ["workspaces", "export", "Acme", "--data-dir", &dir];
                let there = latchkey(&args).json();
                let wanted = format!("client{round}");
                assert_eq!(there["connection"]["client_id"], wanted);
            }
            None => assert!((printed_last..=printed_last + 1).contains(&newest)),
        }
        printed_last = newest;
    }
    assert!(
        printed_at_all > 0 && printed_at_all < kills,
        "some are killed before and some after: {printed_at_all} of {kills}"
    );
}
