//! The built command.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

const HOW: &str = "run `cargo build -p latchkey-cli`";

/// The command beside the folder of the tests, which cargo builds for no other package's tests.
/// Panics when it has not been built, or when one of its sources is newer: a test of yesterday's
/// program says nothing.
pub(crate) fn latchkey(args: &[&str]) -> Command {
    let test = std::env::current_exe().unwrap();
    let profile = test.ancestors().nth(2).unwrap();
    let program = profile.join(format!("latchkey{}", std::env::consts::EXE_SUFFIX));
    let built =
        changed(&program).unwrap_or_else(|| panic!("{} is not built: {HOW}", program.display()));
    for source in sources(&profile.join("latchkey.d")) {
        let stale = changed(&source).is_none_or(|changed| changed > built);
        assert!(
            !stale,
            "the command is older than {}: {HOW}",
            source.display()
        );
    }
    let mut command = Command::new(program);
    command
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn changed(file: &Path) -> Option<SystemTime> {
    std::fs::metadata(file)
        .and_then(|file| file.modified())
        .ok()
}

/// What cargo wrote down when it built the program: `program: source source ...`, as for make.
fn sources(dependencies: &Path) -> Vec<PathBuf> {
    let text = std::fs::read_to_string(dependencies).unwrap();
    let (_, sources) = text.split_once(": ").unwrap();
    sources
        .replace("\\ ", "\0")
        .split_whitespace()
        .map(|source| PathBuf::from(source.replace('\0', " ")))
        .collect()
}
