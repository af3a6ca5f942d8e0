//! Opens the guarded sign-in window, or a plain Tauri window as its control, and prints as JSON lines
//! what happened. For the tests only: no value of an answer is printed, only its SHA-256.
//!
//! `guard_probe --start URL --guarded URL` for one sitting, `guard_probe --commands` for [`Command`]s on
//! standard input, one a line.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use latchkey_app::sign_in_window::{self, Begins, Captured, Ended, LoadFailure, Spec, Words};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tauri::{
    AppHandle, Manager, RunEvent, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    utils::acl::ExecutionContext, webview::NewWindowResponse,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    sync::oneshot,
};
use url::Url;
use webkit2gtk::{SettingsExt, WebViewExt};

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
enum Command {
    /// Opens the guarded window; ends in an `ended` line.
    Sit {
        start: Url,
        guarded: Url,
        limit_ms: Option<u64>,
        tile: Option<Box<Tile>>,
    },
    Cancel,
    /// Opens a window with no guard of ours; says `plain` when it is there.
    Plain {
        start: Url,
        incognito: bool,
    },
    /// Closes it; says `closed`.
    Close,
}

/// A tile that starts the sign-in: where it leads, and where to go on.
#[derive(Deserialize)]
struct Tile {
    at: Url,
    next: Url,
}

#[derive(Default)]
struct Running(Mutex<Option<oneshot::Sender<()>>>);

/// Harmless, and heard at once when a page gets at it.
#[tauri::command]
fn touch_marker() {
    say(json!({ "command": "touch_marker" }));
}

#[expect(clippy::exit, reason = "in what Tauri writes for its context")]
fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let value = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    let mut context = tauri::generate_context!();
    // The control must be able to fail: without this line the app's own command list would refuse.
    context
        .runtime_authority_mut()
        .__allow_command("touch_marker".to_owned(), ExecutionContext::Local);
    let one = value("--start").zip(value("--guarded"));
    tauri::Builder::default()
        .manage(Running::default())
        .invoke_handler(tauri::generate_handler![touch_marker])
        .setup(|app| {
            let app = app.handle().clone();
            tauri::async_runtime::spawn(async move {
                match one {
                    Some((start, guarded)) => {
                        let url = |text: String| text.parse().expect("an address");
                        sit(&app, url(start), url(guarded), None, None).await;
                    }
                    None => obey(&app).await,
                }
                app.exit(0);
            });
            Ok(())
        })
        .build(context)
        .expect("Tauri starts: a display is there")
        .run(|_, event| {
            // Closing the last window must not end the probe; `exit` does.
            if let RunEvent::ExitRequested {
                api, code: None, ..
            } = event
            {
                api.prevent_exit();
            }
        });
}

async fn obey(app: &AppHandle) {
    say(json!({ "ready": true }));
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let command = serde_json::from_str(&line).expect("a command of this probe");
        match command {
            Command::Sit {
                start,
                guarded,
                limit_ms,
                tile,
            } => {
                let app = app.clone();
                tauri::async_runtime::spawn(async move {
                    sit(&app, start, guarded, limit_ms, tile).await;
                });
            }
            Command::Cancel => {
                let running = app
                    .state::<Running>()
                    .0
                    .lock()
                    .expect("no panic here")
                    .take();
                let _ = running.map(|running| running.send(()));
            }
            Command::Plain { start, incognito } => plain(app, start, incognito),
            Command::Close => {
                for window in app.webview_windows().into_values() {
                    window.destroy().expect("the window is there");
                }
                say(json!({ "closed": true }));
            }
        }
    }
}

async fn sit(
    app: &AppHandle,
    start: Url,
    guarded: Url,
    limit_ms: Option<u64>,
    tile: Option<Box<Tile>>,
) {
    let (cancel, cancelled) = oneshot::channel();
    *app.state::<Running>().0.lock().expect("no panic here") = Some(cancel);
    let words = Words {
        title: "Test sign-in".to_owned(),
        cancel: "Cancel".to_owned(),
        system_browser: "Use the system browser".to_owned(),
        not_encrypted: "Not encrypted".to_owned(),
    };
    let time_limit = Duration::from_millis(limit_ms.unwrap_or(60_000));
    let spec = Spec {
        also_guarded: Vec::new(),
        begins: tile.map(|tile| begins(*tile)),
        start: latchkey_signin::Start::Address(start),
        guarded,
        words,
        time_limit,
    };
    let told = |progress| say(json!({ "progress": format!("{progress:?}") }));
    let cancelled = async {
        if cancelled.await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    match sign_in_window::run(app, spec, told, cancelled).await {
        Ok(ended) => say(json!({ "ended": shown(ended) })),
        Err(why) => say(json!({ "ended": { "kind": "not_opened", "why": why.to_string() } })),
    }
}

fn plain(app: &AppHandle, start: Url, incognito: bool) {
    let opener = app.clone();
    let window: WebviewWindow =
        WebviewWindowBuilder::new(app, fresh_label(), WebviewUrl::External(start))
            .incognito(incognito)
            .on_new_window(move |_, features| {
                let label = fresh_label();
                let blank = "about:blank".parse().expect("an address");
                let window = WebviewWindowBuilder::new(&opener, label, WebviewUrl::External(blank))
                    .window_features(features)
                    .build()
                    .expect("a plain pop-up opens");
                NewWindowResponse::Create { window }
            })
            .build()
            .expect("a plain window opens");
    // As in the guarded window, so that pop-ups without a click can be compared.
    window
        .with_webview(|view| {
            if let Some(settings) = view.inner().settings() {
                settings.set_javascript_can_open_windows_automatically(true);
            }
        })
        .expect("the window is there");
    say(json!({ "plain": window.label() }));
}

/// A window that is being closed keeps its label for a while.
fn fresh_label() -> String {
    static OPENED: AtomicUsize = AtomicUsize::new(0);
    format!("plain-{}", OPENED.fetch_add(1, Ordering::Relaxed))
}

/// Says what the tile has sent, which in a test is no secret.
fn begins(tile: Tile) -> Begins {
    Begins {
        at: vec![tile.at],
        go_on: Box::new(move |captured| {
            let sent = match captured {
                Captured::Address(address) => json!(address.expose_secret()),
                Captured::Form { fields, .. } => fields
                    .iter()
                    .map(|(name, value)| json!([name, value.expose_secret()]))
                    .collect(),
            };
            say(json!({ "started": sent }));
            Some(tile.next.clone())
        }),
    }
}

fn shown(ended: Ended) -> Value {
    let kind = |kind: &str| json!({ "kind": kind });
    match ended {
        Ended::Answered(Captured::Address(address)) => {
            json!({ "kind": "address", "sha256": digest(address.expose_secret()) })
        }
        Ended::Answered(Captured::Form { action, fields }) => {
            let fields: Vec<_> = fields
                .iter()
                .map(|(name, value)| json!([name, digest(value.expose_secret())]))
                .collect();
            json!({ "kind": "form", "action": action, "fields": fields })
        }
        Ended::AnsweredButNotCaptured => kind("not_captured"),
        Ended::AnsweredElsewhere(at) => json!({ "kind": "elsewhere", "at": at.to_string() }),
        Ended::AnsweredUnasked => kind("answered_unasked"),
        Ended::StartedElsewhere(at) => json!({ "kind": "started_elsewhere", "at": at.to_string() }),
        Ended::StartRefused => kind("start_refused"),
        Ended::ClosedByPerson => kind("closed_by_person"),
        Ended::SystemBrowserChosen => kind("system_browser_chosen"),
        Ended::Cancelled => kind("cancelled"),
        Ended::TimedOut => kind("timed_out"),
        Ended::CannotLoad { host, why } => {
            let why = match why {
                LoadFailure::Tls {
                    problems,
                    certificate_pem,
                } => {
                    format!(
                        "Tls({problems:?}, certificate: {})",
                        certificate_pem.is_some()
                    )
                }
                other => format!("{other:?}"),
            };
            json!({ "kind": "cannot_load", "host": host, "why": why })
        }
        Ended::EmbeddedRefused(why) => json!({ "kind": "refused", "why": format!("{why:?}") }),
        Ended::ProcessEnded => kind("process_ended"),
    }
}

fn digest(value: &str) -> String {
    Sha256::digest(value)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[expect(clippy::print_stdout, reason = "what the tests read")]
fn say(line: Value) {
    println!("{line}");
}
