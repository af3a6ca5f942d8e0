//! The program that opens sign-in windows for the tests: `src-tauri/examples/guard_probe.rs`.

use std::{
    env, fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant, SystemTime},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::room::Display;

/// No single event takes this long on the slowest machine that runs these tests.
const PATIENCE: Duration = Duration::from_secs(30);

/// The running probe.
pub struct Probe {
    program: Child,
    commands: ChildStdin,
    lines: Receiver<Value>,
    /// What its windows keep, if they keep anything.
    _home: TempDir,
}

impl Probe {
    /// Starts it on this display, and waits until it takes commands.
    ///
    /// # Panics
    /// When it has not been built, or does not start.
    #[must_use]
    pub fn start(display: &Display) -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        let mut command = display.command(program());
        for name in [
            "XDG_DATA_HOME",
            "XDG_CONFIG_HOME",
            "XDG_CACHE_HOME",
            "XDG_RUNTIME_DIR",
        ] {
            command.env(name, home.path());
        }
        command
            .arg("--commands")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut program = command.spawn().expect("the probe is built");
        let commands = program.stdin.take().expect("it is piped");
        let output = program.stdout.take().expect("it is piped");
        let (said, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let line = serde_json::from_str(&line).expect("the probe speaks JSON lines");
                if said.send(line).is_err() {
                    return;
                }
            }
        });
        let probe = Self {
            program,
            commands,
            lines,
            _home: home,
        };
        probe.until("ready");
        probe
    }

    /// Opens the guarded window.
    pub fn sit(&mut self, start: &str, guarded: &str) {
        self.say(&json!({ "do": "sit", "start": start, "guarded": guarded }));
    }

    /// Opens the guarded window with a time limit.
    pub fn sit_for(&mut self, start: &str, guarded: &str, limit: Duration) {
        let limit = u64::try_from(limit.as_millis()).expect("a short time");
        self.say(&json!({ "do": "sit", "start": start, "guarded": guarded, "limit_ms": limit }));
    }

    /// Opens the guarded window at a dashboard whose tile leads to `at`, and has it go on to `next`.
    pub fn sit_at_tile(&mut self, start: &str, guarded: &str, at: &str, next: &str) {
        let tile = json!({ "at": at, "next": next });
        self.say(&json!({ "do": "sit", "start": start, "guarded": guarded, "tile": tile }));
    }

    /// What the tile has sent to the service: an address, or the fields of a form.
    #[track_caller]
    #[must_use]
    pub fn started(&self) -> Value {
        self.until("started")
    }

    /// Cancels the guarded window from outside.
    pub fn cancel(&mut self) {
        self.say(&json!({ "do": "cancel" }));
    }

    /// How the guarded window ended.
    #[track_caller]
    #[must_use]
    pub fn ended(&self) -> Value {
        self.until("ended")
    }

    /// Waits until the guarded window has ended, and says whether an app command ran until then.
    #[track_caller]
    #[must_use]
    pub fn command_ran_until_ended(&self) -> bool {
        let deadline = Instant::now() + PATIENCE;
        let mut ran = false;
        loop {
            let line = self.line(deadline);
            ran |= line.get("command").is_some();
            if line.get("ended").is_some() {
                return ran;
            }
        }
    }

    /// Opens a window of Tauri's as it comes: the control.
    #[track_caller]
    pub fn plain(&mut self, start: &str, incognito: bool) {
        self.say(&json!({ "do": "plain", "start": start, "incognito": incognito }));
        self.until("plain");
    }

    /// Closes the control.
    #[track_caller]
    pub fn close(&mut self) {
        self.say(&json!({ "do": "close" }));
        self.until("closed");
    }

    /// Waits for a progress line that contains this text.
    ///
    /// # Panics
    /// When it does not come.
    #[track_caller]
    pub fn told(&self, text: &str) {
        let deadline = Instant::now() + PATIENCE;
        while !self.line(deadline)["progress"]
            .as_str()
            .is_some_and(|told| told.contains(text))
        {}
    }

    /// Whether an app command has run, or runs within this time.
    #[must_use]
    pub fn command_ran(&self, within: Duration) -> bool {
        let deadline = Instant::now() + within;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) if line.get("command").is_some() => return true,
                Ok(_) => {}
                Err(_) => return false,
            }
        }
    }

    /// Kills the processes in which the window's pages run, as a crash would end it.
    ///
    /// # Panics
    /// When there is none.
    pub fn kill_page_process(&self) {
        // Those of closed windows may linger.
        let pages: Vec<String> = children(self.program.id())
            .filter(|(_, name)| name == "WebKitWebProces")
            .map(|(process, _)| process.to_string())
            .collect();
        let status = Command::new("kill").arg("-KILL").args(&pages).status();
        assert!(
            status.is_ok_and(|status| status.success()),
            "a page process is killed"
        );
    }

    #[track_caller]
    fn until(&self, key: &str) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(value) = self.line(deadline).get(key) {
                return value.clone();
            }
        }
    }

    #[track_caller]
    fn line(&self, deadline: Instant) -> Value {
        let left = deadline.saturating_duration_since(Instant::now());
        self.lines
            .recv_timeout(left)
            .expect("the probe answers in time")
    }

    fn say(&mut self, command: &Value) {
        writeln!(self.commands, "{command}").expect("the probe is running");
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// Process numbers and names, from `/proc/PID/stat`: `PID (name) state parent ...`.
fn children(of: u32) -> impl Iterator<Item = (u32, String)> {
    fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(move |entry| {
            let process: u32 = entry.file_name().to_str()?.parse().ok()?;
            let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
            let (name, rest) = stat.split_once('(')?.1.rsplit_once(')')?;
            let parent: u32 = rest.split_whitespace().nth(1)?.parse().ok()?;
            (parent == of).then(|| (process, name.to_owned()))
        })
}

const BUILD_IT: &str = "cargo build --workspace --examples";

/// Beside the folder of the tests, and not older than what it is there to prove.
fn program() -> PathBuf {
    let test = env::current_exe().expect("a test knows its own program");
    let profile = test
        .ancestors()
        .nth(2)
        .expect("it lies in the target folder's deps");
    let program = profile.join("examples/guard_probe");
    let app = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src-tauri");
    let built = last_change(&program);
    for source in ["src/sign_in_window", "examples/guard_probe.rs"] {
        assert!(
            built >= last_change(&app.join(source)),
            "the probe is not there, or older than {source}: {BUILD_IT}"
        );
    }
    program
}

/// `None` where there is nothing, which is older than anything.
fn last_change(path: &Path) -> Option<SystemTime> {
    let inside = fs::read_dir(path).into_iter().flatten().flatten();
    let own = fs::metadata(path).ok().filter(fs::Metadata::is_file);
    inside
        .filter_map(|entry| last_change(&entry.path()))
        .chain(own.and_then(|file| file.modified().ok()))
        .max()
}
