//! A program that is started, weighed with all that it has started, and ended.

use std::collections::HashSet;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::{PATIENCE, until};

/// Two weights so long apart and so close together are a program at rest.
const REST: Duration = Duration::from_millis(250);
const CLOSE: f64 = 0.25;

/// A program of the same build.
pub(crate) struct Program {
    file: PathBuf,
    arguments: Vec<OsString>,
    environment: Vec<(&'static str, &'static str)>,
}

/// A program that runs; ended, with all that it has started, when dropped.
pub(crate) struct Running(Child);

impl Program {
    /// By its path in the build's folder.
    pub(crate) fn beside_this(path: &str) -> Self {
        let here = env::current_exe().expect("a program knows itself");
        // Benchmarks lie in the build's deps.
        let build = here.ancestors().nth(2).expect("it lies in a build");
        let file = build.join(path);
        assert!(
            file.is_file(),
            "{path} is not built: run this by make bench"
        );
        Self {
            file,
            arguments: Vec::new(),
            environment: Vec::new(),
        }
    }

    pub(crate) fn with(mut self, arguments: impl IntoIterator<Item = OsString>) -> Self {
        self.arguments.extend(arguments);
        self
    }

    /// With this in its environment.
    pub(crate) fn where_is(mut self, name: &'static str, value: &'static str) -> Self {
        self.environment.push((name, value));
        self
    }
}

impl Running {
    pub(crate) fn start(program: &Program) -> Self {
        let child = Command::new(&program.file)
            .args(&program.arguments)
            .envs(program.environment.iter().copied())
            .stdin(Stdio::null())
            // With all that it starts: they end together.
            .process_group(0)
            .spawn();
        Self(child.expect("it was there a moment ago"))
    }

    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    /// The proportional set size of all its processes in MiB, once it no longer changes.
    pub(crate) fn memory_at_rest(&self) -> f64 {
        at_rest(|| self.memory())
    }

    /// That of its own process alone, without those that draw its pages.
    pub(crate) fn own_memory_at_rest(&self) -> f64 {
        at_rest(|| share(self.id()) / 1024.0)
    }

    fn memory(&self) -> f64 {
        self.processes().into_iter().map(share).sum::<f64>() / 1024.0
    }

    /// The program's process and those that descend from it.
    fn processes(&self) -> HashSet<u32> {
        let alive = alive();
        let mut of_it = HashSet::from([self.id()]);
        loop {
            let before = of_it.len();
            let started = alive.iter().filter(|(_, parent)| of_it.contains(parent));
            of_it.extend(started.map(|(id, _)| *id).collect::<Vec<_>>());
            if of_it.len() == before {
                return of_it;
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut ending = self.processes();
        let group = format!("-{}", self.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.0.wait();
        // The next program is not to be started while this one still takes time and memory.
        until("all processes have ended", || {
            let alive: HashSet<u32> = alive().into_iter().map(|(id, _)| id).collect();
            ending.retain(|id| alive.contains(id));
            ending.is_empty().then_some(())
        });
    }
}

/// A weight, once it no longer changes.
fn at_rest(weigh: impl Fn() -> f64) -> f64 {
    let deadline = Instant::now() + PATIENCE;
    let mut before = weigh();
    loop {
        std::thread::sleep(REST);
        let now = weigh();
        if (now - before).abs() < CLOSE || Instant::now() > deadline {
            return now;
        }
        before = now;
    }
}

/// All processes with their parents, but for those that have ended and are only not yet forgotten.
fn alive() -> Vec<(u32, u32)> {
    let here = fs::read_dir("/proc").expect("Linux has it");
    let ids = here.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    ids.filter_map(|id: u32| Some((id, parent(id)?))).collect()
}

/// See proc_pid_stat(5): the name, in brackets, may hold anything.
fn parent(id: u32) -> Option<u32> {
    let line = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let mut after_name = line.rsplit_once(')')?.1.split_whitespace();
    let state = after_name.next()?;
    (state != "Z").then(|| after_name.next()?.parse().ok())?
}

/// What a process takes in KiB, with its share of what it shares; nothing where it has just ended.
fn share(id: u32) -> f64 {
    let Ok(lines) = fs::read_to_string(format!("/proc/{id}/smaps_rollup")) else {
        return 0.0;
    };
    let share = lines.lines().find_map(|line| line.strip_prefix("Pss:"));
    let kib = share.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
    kib.expect("the kernel says it: proc_pid_smaps(5)")
}
