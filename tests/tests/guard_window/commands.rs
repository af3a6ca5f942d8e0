//! A page of the provider has no way to the app's commands.
//!
//! Tauri decides from a window's current address whether a caller is local, and a page can begin a
//! navigation to `tauri://localhost`: a plain window loses this race again and again.

use std::time::Duration;

use latchkey_tests::{
    probe::Probe,
    room::Display,
    site::{Page, Site},
};

use crate::{GUARDED, PATIENCE, PROVIDER, in_a_room};

/// Calls by every way that Tauri has ever given to a page, while it navigates to the app's own origin.
const HOSTILE: &str = r#"<!doctype html><script>
const call = () => {
  try { __TAURI_INTERNALS__.invoke('touch_marker').catch(() => {}); } catch {}
  try { __TAURI__.core.invoke('touch_marker').catch(() => {}); } catch {}
  const message = JSON.stringify({ cmd: 'touch_marker', callback: 1, error: 2, payload: {}, options: {} });
  try { ipc.postMessage(message); } catch {}
  try { webkit.messageHandlers.ipc.postMessage(message); } catch {}
  try { webkit.messageHandlers.latchkey.postMessage(message); } catch {}
  fetch('ipc://localhost/touch_marker', { method: 'POST', body: '{}' }).catch(() => {});
};
const spam = () => { for (let i = 0; i < 40; i++) call(); };
spam();
setInterval(spam, 1);
setTimeout(() => { location = 'tauri://localhost/index.html'; spam(); }, 50);
setTimeout(() => fetch('/settled', { mode: 'no-cors' }), 800);
</script>"#;

/// The plain window loses in about four of ten runs.
const MOST_RUNS: usize = 30;
const GUARDED_RUNS: usize = 10;

#[test]
fn a_page_that_spams_calls_runs_none() {
    in_a_room("commands::a_page_that_spams_calls_runs_none", || {
        let display = Display::open();
        let mut probe = Probe::start(&display);
        let site = Site::open(|request| match request.path.as_str() {
            "/hostile" => Page::html(HOSTILE),
            _ => Page::status(204),
        });
        let hostile = site.at(PROVIDER, "/hostile");

        let lost = (1..=MOST_RUNS).find(|_| {
            probe.plain(&hostile, true);
            let ran = probe.command_ran(Duration::from_millis(1200));
            probe.close();
            ran
        });
        let lost =
            lost.expect("the plain window runs a command once in a while, or nothing is proved");
        println!("the plain window ran a command in run {lost}");

        // Another process: the calls of the lost race may still be under way in this one.
        drop(probe);
        let mut probe = Probe::start(&display);
        for _ in 0..GUARDED_RUNS {
            site.forget();
            probe.sit(&hostile, GUARDED);
            site.asked_for("/settled", PATIENCE)
                .expect("the page lives on");
            probe.cancel();
            assert!(
                !probe.command_ran_until_ended(),
                "a page ran an app command"
            );
        }
    });
}
