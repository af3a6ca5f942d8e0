//! One provider as a child process: started with a JSON config, ready when it prints one JSON line.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Generous, because a test may share two cores with a compiler.
const READY_WITHIN: Duration = Duration::from_secs(30);
const LONGEST_READY_LINE: u64 = 64 * 1024;
const LONGEST_LOG: u64 = 64 * 1024;

/// Why a provider did not start. Its `Debug` is its sentence, since that is what a failing test prints.
#[derive(thiserror::Error)]
pub enum StartError {
    /// `node_modules` lacks the package.
    #[error(
        "the provider \"{package}\" is not installed: run `npm ci --prefix tests/providers` in the project's folder"
    )]
    NotInstalled {
        /// Its name at the registry.
        package: &'static str,
    },
    /// There is no `node` to run.
    #[error(
        "Node.js 20 or later is needed to run identity providers, and `node` did not start: {0}"
    )]
    NoNode(io::Error),
    /// It ended instead of listening.
    #[error("{script} ended before it listened; it said:\n{log}")]
    Ended {
        /// What was started.
        script: &'static str,
        /// Its standard error.
        log: String,
    },
    /// It was ended at the deadline.
    #[error("{script} did not listen within {READY_WITHIN:?}; it said:\n{log}")]
    TooSlow {
        /// What was started.
        script: &'static str,
        /// Its standard error.
        log: String,
    },
    /// Its first line is not what its script promises.
    #[error("{script} printed a line that was not expected: {source}")]
    UnexpectedLine {
        /// What was started.
        script: &'static str,
        /// Where the line differs.
        source: serde_json::Error,
    },
    /// There is no room for its temporary files.
    #[error("the provider's files could not be made: {0}")]
    Files(io::Error),
}

impl fmt::Debug for StartError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

/// Kills the provider when dropped. The provider also ends by itself when its standard input closes,
/// which the system does for a test that is killed.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    log: File,
}

impl Process {
    pub(crate) fn log(&self) -> String {
        read_log(&self.log)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only for a child that has ended already, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts `script` of `tests/providers` with `config` and reads its ready line.
///
/// `package` is what the script takes from npm; none when it starts something else, which it then asks for itself.
pub(crate) fn start<Ready: DeserializeOwned>(
    package: Option<&'static str>,
    script: &'static str,
    config: &impl Serialize,
) -> Result<(Process, Ready), StartError> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("providers");
    start_in(folder, package, script, config)
}

fn start_in<Ready: DeserializeOwned>(
    folder: PathBuf,
    package: Option<&'static str>,
    script: &'static str,
    config: &impl Serialize,
) -> Result<(Process, Ready), StartError> {
    let is_missing = |package: &&'static str| !folder.join("node_modules").join(package).is_dir();
    if let Some(package) = package.filter(is_missing) {
        return Err(StartError::NotInstalled { package });
    }
    let config = serde_json::to_string(config).expect("a config has string keys only");
    let log = tempfile::tempfile().map_err(StartError::Files)?;
    let mut child = Command::new("node")
        .arg(script)
        .arg(config)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(log.try_clone().map_err(StartError::Files)?)
        .spawn()
        .map_err(StartError::NoNode)?;
    let stdout = child.stdout.take().expect("standard output is piped");
    let process = Process { child, log };

    let line = ready_line(stdout).map_err(|reason| {
        let log = process.log();
        match reason {
            RecvTimeoutError::Timeout => StartError::TooSlow { script, log },
            RecvTimeoutError::Disconnected => StartError::Ended { script, log },
        }
    })?;
    let ready = serde_json::from_str(&line)
        .map_err(|source| StartError::UnexpectedLine { script, source })?;
    Ok((process, ready))
}

/// The first line, or `Disconnected` when the child ends without one.
fn ready_line(stdout: ChildStdout) -> Result<String, RecvTimeoutError> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut line = String::new();
        let mut bounded = BufReader::new(stdout.take(LONGEST_READY_LINE));
        if bounded.read_line(&mut line).is_ok() && !line.is_empty() {
            // Nobody listens any more after the deadline.
            let _ = sender.send(line);
        }
    });
    receiver.recv_timeout(READY_WITHIN)
}

fn read_log(mut file: &File) -> String {
    let mut text = Vec::new();
    // A log that cannot be read must not hide the failure that it was to explain.
    let _ = file.seek(SeekFrom::Start(0));
    let _ = file.take(LONGEST_LOG).read_to_end(&mut text);
    String::from_utf8_lossy(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn start_mock(config: Value) -> Result<(Process, Value), StartError> {
        start(Some("oauth2-mock-server"), "faults.mjs", &config)
    }

    #[test]
    fn a_provider_ends_by_itself_when_its_standard_input_closes() {
        let (mut process, _) = start_mock(json!({})).unwrap();
        drop(process.child.stdin.take());
        assert!(process.child.wait().unwrap().success());
    }

    #[test]
    fn a_provider_that_is_not_installed_is_reported_with_the_command_that_installs_it() {
        let empty = tempfile::tempdir().unwrap();
        let started = start_in::<Value>(
            empty.path().to_owned(),
            Some("oidc-provider"),
            "oidc-provider.mjs",
            &json!({}),
        );
        let sentence = started.unwrap_err().to_string();
        assert!(
            sentence.contains("npm ci --prefix tests/providers"),
            "{sentence}"
        );
    }

    #[test]
    fn a_provider_that_refuses_its_config_is_quoted() {
        let sentence = start_mock(json!({ "fault": "gremlins" }))
            .unwrap_err()
            .to_string();
        assert!(
            sentence.contains("unknown fault \"gremlins\""),
            "{sentence}"
        );
    }
}
