//! What the web engine reads from the environment, put right before it starts.
//!
//! A running program cannot change its own environment safely, so it starts itself again.

use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

/// Remote control of the window: for debug builds and their tests alone.
const AUTOMATION: &str = "TAURI_WEBVIEW_AUTOMATION";

/// NVIDIA's driver and WebKitGTK's DMA-BUF renderer show an empty window (tauri#9394).
const DMABUF: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// Returns when the environment is right; otherwise the program starts again and does not return.
///
/// # Errors
/// When the program cannot be started again.
pub fn prepared() -> io::Result<()> {
    let controlled = !cfg!(debug_assertions) && std::env::var_os(AUTOMATION).is_some();
    let nvidia = Path::new("/sys/module/nvidia").exists() && std::env::var_os(DMABUF).is_none();
    if !controlled && !nvidia {
        return Ok(());
    }
    let mut again = Command::new(std::env::current_exe()?);
    again
        .args(std::env::args_os().skip(1))
        .env_remove(AUTOMATION);
    if nvidia {
        again.env(DMABUF, "1");
    }
    Err(again.exec())
}
