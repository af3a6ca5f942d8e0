//! Prepares what `tauri::generate_context!` embeds.

use std::{fs, io, path::Path};

fn main() -> io::Result<()> {
    place_for_the_interface(Path::new("../ui/dist"))?;
    let commands = commands(&fs::read_to_string("src/bindings.rs")?);
    println!("cargo::rerun-if-changed=src/bindings.rs");
    let names: Vec<&str> = commands.iter().map(String::as_str).collect();
    // Listed here, a command is refused to every window whose capability does not name it.
    let attributes = tauri_build::Attributes::new()
        .app_manifest(tauri_build::AppManifest::new().commands(leaked(&names)));
    tauri_build::try_build(attributes).map_err(io::Error::other)
}

/// The commands that `src/bindings.rs` collects: the one list there is.
fn commands(bindings: &str) -> Vec<String> {
    bindings
        .lines()
        .filter_map(|line| line.trim().strip_prefix("commands::")?.strip_suffix(','))
        .filter_map(|path| path.rsplit("::").next())
        .map(str::to_owned)
        .collect()
}

/// Tauri wants names that live as long as the program; this one ends in a moment.
fn leaked(names: &[&str]) -> &'static [&'static str] {
    let names: Vec<&'static str> = names.iter().map(|name| &*name.to_string().leak()).collect();
    names.leak()
}

#[expect(
    clippy::disallowed_methods,
    reason = "a build can be repeated; nothing is lost"
)]
/// The interface is built by Vite; a bare `cargo check` must not need Node.
fn place_for_the_interface(dist: &Path) -> io::Result<()> {
    let page = dist.join("index.html");
    if page.exists() {
        return Ok(());
    }
    fs::create_dir_all(dist)?;
    fs::write(
        page,
        "<!doctype html><title>Latchkey</title><p>The interface is not built yet: run make run.",
    )
}
