//! How the web engine draws on a computer that has nothing to draw with: a virtual machine, a remote desktop.
//!
//! WebKitGTK composes pages with OpenGL even then, which a library draws with the processor, all of the window for each
//! frame. Without it the engine draws on its own, and only what has changed: here in an eighth of the time.

use std::path::Path;
use std::{env, fs};

use tauri::WebviewWindow;
use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt, WebViewExt};

/// What can draw has a device here whose name begins so (Linux: DRM uAPI, "Render nodes").
const DEVICES: &str = "/dev/dri";
const RENDERER: &str = "renderD";

/// NVIDIA's own driver may draw without such a device.
const NVIDIA: &str = "/sys/module/nvidia";

/// Under remote control, which debug builds alone know, the engine takes no pictures of a page that it draws on its own:
/// whoever asks for one waits for ever. With this in the environment nobody asks for any: `make bench` measures what
/// people get.
const FOR_PEOPLE: &str = "LATCHKEY_DRAW_FOR_PEOPLE";

/// Has the engine draw in this window as is quickest on this computer.
pub(crate) fn fit(window: &WebviewWindow) -> tauri::Result<()> {
    if has_renderer(Path::new(DEVICES)) || Path::new(NVIDIA).exists() {
        return Ok(());
    }
    window.with_webview(|webview| {
        let view = webview.inner();
        if view.is_controlled_by_automation() && env::var_os(FOR_PEOPLE).is_none() {
            return;
        }
        if let Some(settings) = view.settings() {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        }
    })
}

fn has_renderer(devices: &Path) -> bool {
    let names = fs::read_dir(devices).into_iter().flatten().flatten();
    names
        .map(|entry| entry.file_name())
        .any(|name| name.to_string_lossy().starts_with(RENDERER))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_computer_without_a_renderer_has_none_whatever_else_it_shows_pictures_on() {
        let devices = tempfile::tempdir().unwrap();
        assert!(!has_renderer(&devices.path().join("not there")));
        assert!(!has_renderer(devices.path()));
        fs::create_dir(devices.path().join("card0")).unwrap();
        assert!(!has_renderer(devices.path()));
        fs::create_dir(devices.path().join("renderD128")).unwrap();
        assert!(has_renderer(devices.path()));
    }
}
