//! The real window is killed while it saves: every number that it had shown is there, and whole.
//!
//! `LATCHKEY_WINDOW_KILLS` is how often; 24 unless told.

use std::env;
use std::path::Path;
use std::time::{Duration, Instant};

use latchkey_tests::command::workspaces;
use latchkey_tests::wizard::Wizard;
use serde_json::{Value, json};

use super::up_to_saving;

/// The longest that a window lives once it has shown its first number.
const LIFE: Duration = Duration::from_millis(700);

/// Somebody quick, who presses and types in the page without end: another client ID, another reason, Save.
/// What the page has said is noted in `shown`, and only once it stands there.
const SOMEBODY: &str = "
    const [newest] = arguments;
    const shown = { kept: null, saved: [] };
    window.shown = shown;
    const until = (look) => new Promise((found) => {
      const again = () => { const it = look(); if (it) found(it); else setTimeout(again, 2); };
      // What was just done is drawn first.
      setTimeout(again, 2);
    });
    const button = (name) => [...document.querySelectorAll('button')].find((one) => one.innerText.trim() === name);
    const field = (label) => [...document.querySelectorAll('label')].find((one) => one.innerText.startsWith(label))?.control;
    const press = async (name) => (await until(() => button(name))).click();
    const open = async (step) => document.querySelector('h1').innerText === step || press(step);
    const type = async (label, text) => {
      const into = await until(() => field(label));
      into.focus();
      into.value = text;
      into.dispatchEvent(new InputEvent('input', { bubbles: true }));
    };
    const says = (text) => until(() => document.body.innerText.includes(text));
    (async () => {
      for (let number = newest + 1; ; number += 1) {
        await open('Set up the connection');
        await type('Client ID', `client-${number}`);
        await says('Draft kept');
        shown.kept = number;
        await open('Check and save');
        await type('Why it is saved all the same', `Saved as number ${number}.`);
        await press(`Save revision ${number}`);
        await says(`Revision ${number} is saved`);
        shown.saved.push(number);
      }
    })();";

/// What the window had shown when it was last looked at.
#[derive(Debug, Default, serde::Deserialize)]
struct Shown {
    /// The revision for which the draft was last said to be kept.
    kept: Option<u64>,
    saved: Vec<u64>,
}

/// None once the window is gone.
async fn shown(wizard: &Wizard) -> Option<Shown> {
    let look = wizard.driver().execute("return window.shown;", Vec::new());
    serde_json::from_value(look.await.ok()?.json().clone()).ok()
}

/// Opens the window, lets somebody save in it, and kills it: at a moment that nobody knows before, or as soon
/// as a number stands there.
async fn a_life(data: &Path, newest: u64) -> Shown {
    let wizard = Wizard::open(data).await;
    // It opens on the step on which the last one was killed.
    wizard.says("Draft kept").await;
    let somebody = wizard.driver().execute(SOMEBODY, vec![newest.into()]);
    somebody.await.expect("the page runs scripts");
    let begun = Instant::now();
    let mut seen = Shown::default();
    let mut dies = false;
    let at_once: bool = rand::random();
    while let Some(now) = shown(&wizard).await {
        assert!(
            begun.elapsed() < Wizard::PATIENCE,
            "nothing is saved behind {newest}, {now:?}: {}",
            wizard.text().await
        );
        if !dies && !now.saved.is_empty() {
            wizard.kill_in(match at_once {
                true => Duration::ZERO,
                false => LIFE.mul_f64(rand::random()),
            });
            dies = true;
        }
        seen = now;
    }
    assert!(dies, "the window was gone before it was killed");
    seen
}

/// Up to the page on which revisions are saved, with revision 1 as the command made it.
async fn saved_once(data: &Path) {
    let outside = tempfile::tempdir().expect("a temporary folder");
    let file = outside.path().join("acme.json");
    let set_up = json!({
        "format": "latchkey/1",
        "workspace": { "service": "torq", "name": "Acme", "region": "us", "owner_email": "olivia@acme.example" },
        "connection": {
            "protocol": "oidc", "provider": "other", "issuer": "https://sso.acme.example",
            "client_id": "client-1", "flow": "implicit"
        },
        "rules": [{ "claim": "email", "value": "olivia@acme.example", "role": "Owner" }]
    });
    std::fs::write(&file, set_up.to_string()).expect("there is room");
    let file = file.to_str().expect("a plain path");
    assert_eq!(workspaces(data, &["import", file])["revision"], 1);
    let wizard = Wizard::open(data).await;
    wizard.press("Acme").await;
    up_to_saving(&wizard).await;
    wizard.says("Draft kept").await;
    wizard.close().await;
}

/// Everything that is there is whole; its newest number.
fn whole(data: &Path, seen: &Shown) -> u64 {
    let there = workspaces(data, &["export", "--whole", "Acme"]);
    let revisions = there["revisions"].as_array().expect("a list");
    for (number, one) in (1_u64..).zip(revisions) {
        assert_eq!(one["number"], number);
        assert_eq!(client_of(&one["set_up"]), number, "{one}");
        if number > 1 {
            assert_eq!(
                one["reason"],
                format!("Saved as number {number}."),
                "of one piece"
            );
        }
    }
    let newest = revisions.len() as u64;
    let lines = there["journal"].as_array().expect("a list");
    let lines = lines.iter().filter_map(|line| line["revision"].as_u64());
    assert!(lines.eq(1..=newest), "the journal: {}", there["journal"]);
    let draft = client_of(&there["draft"]);
    assert!(
        seen.kept.is_none_or(|kept| draft >= kept),
        "the draft is of {draft}, {:?} was kept",
        seen.kept
    );
    assert!(draft == newest || draft == newest + 1, "{draft}, {newest}");
    newest
}

/// Of which revision this set-up is, by its client ID.
fn client_of(set_up: &Value) -> u64 {
    let client = set_up["connection"]["client_id"].as_str();
    let number = client.and_then(|client| client.strip_prefix("client-"));
    number
        .and_then(|number| number.parse().ok())
        .unwrap_or_else(|| panic!("half a set-up: {set_up}"))
}

#[tokio::test]
async fn every_number_that_the_window_had_shown_before_a_kill_is_there_and_whole() {
    let kills: u32 =
        env::var("LATCHKEY_WINDOW_KILLS").map_or(24, |kills| kills.parse().expect("a number"));
    let mut data = tempfile::tempdir().expect("a temporary folder");
    saved_once(data.path()).await;
    let (mut newest, mut shown_at_all, mut unseen, begun) = (1, 0, 0, Instant::now());
    for life in 1..=kills {
        // Everything is read back each time: a fresh folder before that is much.
        if life % 50 == 0 {
            data = tempfile::tempdir().expect("a temporary folder");
            saved_once(data.path()).await;
            newest = 1;
        }
        let seen = a_life(data.path(), newest).await;
        let last = newest + seen.saved.len() as u64;
        assert!(
            seen.saved.iter().copied().eq(newest + 1..=last),
            "{:?} after {newest}",
            seen.saved
        );
        newest = whole(data.path(), &seen);
        assert!(newest >= last, "{last} was shown, {newest} is there");
        shown_at_all += seen.saved.len();
        unseen += newest - last;
    }
    println!(
        "{shown_at_all} numbers shown in {kills} lives, {unseen} more saved and not seen any more, {:?}",
        begun.elapsed()
    );
}
