//! Prepares what `tauri::generate_context!` embeds.

use std::{fs, io, path::Path};

fn main() -> io::Result<()> {
    place_for_the_interface(Path::new("../ui/dist"))?;
    tauri_build::build();
    Ok(())
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
