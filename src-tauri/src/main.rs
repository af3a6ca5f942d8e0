//! Starts the wizard.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "latchkey-wizard [--data-dir FOLDER]";

fn main() -> ExitCode {
    let data_dir = match arguments(std::env::args_os().skip(1)) {
        Ok(data_dir) => data_dir,
        Err(sentence) => {
            eprintln!("latchkey-wizard: {sentence}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    #[cfg(target_os = "linux")]
    if let Err(error) = latchkey_app::environment::prepared() {
        eprintln!("latchkey-wizard: {error}");
        return ExitCode::FAILURE;
    }
    match latchkey_app::run(data_dir) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("latchkey-wizard: {error}");
            latchkey_app::say_why(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

fn arguments(
    mut given: impl Iterator<Item = std::ffi::OsString>,
) -> Result<Option<PathBuf>, String> {
    let mut data_dir = None;
    while let Some(argument) = given.next() {
        match argument.to_str() {
            Some("--data-dir") => {
                let folder = given.next().ok_or("--data-dir needs a folder")?;
                data_dir = Some(PathBuf::from(folder));
            }
            _ => return Err(format!("{} is not known", argument.to_string_lossy())),
        }
    }
    Ok(data_dir)
}
