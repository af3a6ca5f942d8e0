//! The real window is killed while it saves: every number that it had shown is there, whole.
//!
//! `LATCHKEY_WINDOW_KILLS` is how often; 3 unless told.

use std::env;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use latchkey_tests::command::latchkey;
use latchkey_tests::wizard::Wizard;
use serde_json::{Value, json};

/// Keeps and saves without pause, as fast as the window's own commands answer.
const SAVES: &str = "
    const [id, from, done] = arguments;
    const { invoke } = window.__TAURI_INTERNALS__;
    window.saved = [];
    (async () => {
      let { version, draft } = await invoke('open_workspace', { id });
      for (let round = from; ; round += 1) {
        draft.set_up.rules[1] = { claim: 'groups', value: `Group ${round}`, role: 'Viewer' };
        ({ version } = await invoke('keep', { id, version, draft }));
        const desk = await invoke('save_revision', { id, version, reason: `Round ${round}` });
        window.saved.push(desk.revision);
      }
    })().catch((refused) => { window.refused = refused; });
    done();";

fn command(data: &Path, words: &[&str]) -> Value {
    let data = data.to_str().expect("a plain path");
    let more = ["--data-dir", data, "--json"];
    let output = latchkey(&[&["workspaces"], words, &more].concat())
        .output()
        .expect("the command runs");
    let said = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {said}"))
}

/// The numbers that the window has shown so far, or none once it is gone.
async fn shown(wizard: &Wizard) -> Option<Vec<u64>> {
    let answer = wizard.driver().execute(
        "return { saved: window.saved, refused: window.refused ?? null };",
        Vec::new(),
    );
    let answer = answer.await.ok()?;
    assert!(answer.json()["refused"].is_null(), "{}", answer.json());
    serde_json::from_value(answer.json()["saved"].clone()).ok()
}

/// Opens the window, lets it save, and kills it at a moment that nobody knows before; the numbers
/// that it had shown.
async fn life(data: &Path, id: &str, from: u64) -> Vec<u64> {
    let wizard = Wizard::open(data).await;
    wizard.says("Latchkey").await;
    let given = vec![id.into(), from.into()];
    let begun = wizard.driver().execute_async(SAVES, given).await;
    begun.expect("the page runs scripts");
    let mut seen = Vec::new();
    let kill = |pid: u32, after: Duration| {
        std::thread::spawn(move || {
            // The moment of the kill is what is tested, not something that is waited for.
            std::thread::sleep(after);
            let group = format!("-{pid}");
            Command::new("kill").args(["-KILL", "--", &group]).status()
        })
    };
    let mut killing = None;
    while let Some(now) = shown(&wizard).await {
        if killing.is_none() && !now.is_empty() {
            let after = Duration::from_millis(400).mul_f64(rand::random());
            killing = Some(kill(wizard.group(), after));
        }
        seen = now;
    }
    drop(wizard);
    seen
}

#[tokio::test]
async fn every_number_that_the_window_had_shown_before_a_kill_is_there_and_whole() {
    let kills: u64 =
        env::var("LATCHKEY_WINDOW_KILLS").map_or(3, |kills| kills.parse().expect("a number"));
    let data = tempfile::tempdir().expect("a temporary folder");
    let file = data.path().join("acme.json");
    let set_up = json!({
        "format": "latchkey/1",
        "workspace": { "service": "torq", "name": "Acme", "region": "us", "owner_email": "olivia@acme.example" },
        "connection": {
            "protocol": "oidc", "provider": "okta", "issuer": "https://acme.okta.com",
            "client_id": "0oa1b2c3d4e5f6g7h8i9", "flow": "implicit"
        },
        "rules": [{ "claim": "email", "value": "olivia@acme.example", "role": "Owner" }]
    });
    std::fs::write(&file, set_up.to_string()).expect("there is room");
    command(
        data.path(),
        &["import", file.to_str().expect("a plain path")],
    );
    let id = command(data.path(), &["list"])["workspaces"][0]["id"].clone();
    let id = id.as_str().expect("it has one");

    let (mut newest, mut shown_at_all, begun) = (1, 0, Instant::now());
    for _ in 0..kills {
        let shown = life(data.path(), id, newest + 1).await;
        let last = shown.last().copied().unwrap_or(newest);
        assert!(
            shown.iter().copied().eq(newest + 1..=last),
            "{shown:?} after {newest}"
        );
        shown_at_all += shown.len();
        let history = command(data.path(), &["history", "Acme"]);
        let there = history["revisions"].as_array().expect("a list");
        for (at, one) in there.iter().enumerate() {
            assert_eq!(one["number"], at + 1);
            if at > 0 {
                assert_eq!(one["reason"], format!("Round {}", at + 1), "one of a piece");
            }
        }
        // What was shown, and at most what came between the last look and the kill.
        newest = there.len() as u64;
        assert!(newest >= last, "{last} shown, {newest} there");
    }
    println!(
        "{shown_at_all} revisions shown in {kills} windows, {:?}",
        begun.elapsed()
    );
    assert!(shown_at_all as u64 >= kills, "{shown_at_all}");
}
