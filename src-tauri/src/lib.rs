//! The desktop app: the only Rust that knows Tauri.

use std::path::PathBuf;

use latchkey_signin::Http;
use latchkey_store::Secrets;
use tauri::{Manager, WebviewUrl, WebviewWindowBuilder};

pub mod bindings;
mod commands;
mod desk;
mod dialogs;
#[cfg(target_os = "linux")]
mod drawing;
#[cfg(target_os = "linux")]
pub mod environment;
mod house;
pub mod people;
mod recordings;
mod sign_in;
pub mod sign_in_window;
pub mod wire;

pub use house::House;

/// The label of the window that the person works in, the only one with commands.
pub const MAIN: &str = "main";

/// Why the program could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// There is no place for the data.
    #[error("this computer names no folder for application data; start with --data-dir FOLDER")]
    NoPlace,
    /// No HTTPS client could be made.
    #[error("{0}")]
    Http(#[from] latchkey_signin::StartError),
    /// The windowing system refused.
    #[error("the window could not be opened: {0}")]
    Window(#[from] tauri::Error),
}

/// Opens the house and the window, and returns when the window is closed. A database that cannot be
/// used is said in the window.
///
/// # Errors
/// [`StartError`], before any window is shown.
#[expect(clippy::exit, reason = "in the code that Tauri's context macro writes")]
pub fn run(data_dir: Option<PathBuf>) -> Result<(), StartError> {
    let dir = data_dir
        .or_else(latchkey_store::default_dir)
        .ok_or(StartError::NoPlace)?;
    let house = House::new(dir, Secrets::open(), Http::new()?);
    tauri::Builder::default()
        .plugin(tauri_plugin_opener::init())
        .invoke_handler(bindings::commands().invoke_handler())
        .manage(house)
        .setup(|app| {
            WebviewWindowBuilder::new(app, MAIN, WebviewUrl::default())
                .title("Latchkey")
                .inner_size(1120.0, 760.0)
                .min_inner_size(480.0, 400.0)
                // The rule list is dragged by pointer events; WebKitGTK's own drag and drop eats them.
                .disable_drag_drop_handler()
                // The interface comes from the program itself and goes nowhere else.
                .on_navigation(is_own_page)
                .build()?;
            #[cfg(target_os = "linux")]
            if let Some(window) = app.get_webview_window(MAIN) {
                drawing::fit(&window)?;
            }
            Ok(())
        })
        .on_window_event(|window, event| {
            if window.label() == MAIN && matches!(event, tauri::WindowEvent::Destroyed) {
                window.app_handle().exit(0);
            }
        })
        .run(tauri::generate_context!())?;
    Ok(())
}

/// Whether the program itself serves this page: Tauri's own scheme, in whose place a host stands on Windows.
fn is_own_page(url: &tauri::Url) -> bool {
    url.scheme() == "tauri" || cfg!(windows) && url.host_str() == Some("tauri.localhost")
}

/// Shows why the program could not start, where there is no window to say it.
pub fn say_why(sentence: &str) {
    let _ = rfd::MessageDialog::new()
        .set_level(rfd::MessageLevel::Error)
        .set_title("Latchkey could not start")
        .set_description(sentence)
        .show();
}
