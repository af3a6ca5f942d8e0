//! A million people in 20 of 5,000 groups: reading them, counting them, and what they take of memory,
//! beside DuckDB on the same file and the same machine; then how the cost grows (where making the people up counts as
//! reading them).
//!
//! `tests/install.sh python` installs DuckDB; without it Latchkey's own figures are printed alone.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a benchmark looks at the clock, and its people come from a file as an Owner's do"
)]
#![allow(clippy::print_stdout, reason = "the figures are what it is run for")]

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use latchkey_core::people::{self, Directory, OnBroken, Preview};
use latchkey_core::rules::sql;
use latchkey_core::{Catalogue, Rule, RuleList, Service};

const PEOPLE: u32 = 1_000_000;
const GROUPS: u32 = 5_000;
const EACH: u32 = 20;
const RULES: u32 = 100;
const MOVES: usize = 30;

fn main() -> Result<(), Box<dyn Error>> {
    let torq = Catalogue::built_in()
        .service("torq")
        .ok_or("Torq is built in")?;
    // `cargo bench` says so; `cargo test --benches` only wants to know that it builds and runs.
    if !std::env::args().any(|arg| arg == "--bench") {
        growth(torq, &[(1_000, 50, 10)])?;
        return Ok(());
    }
    let place = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let (csv, query) = (place.join("people.csv"), place.join("roles.sql"));
    let mut file = BufWriter::new(File::create(&csv)?);
    std::io::copy(&mut Company::of(PEOPLE, GROUPS), &mut file)?;
    file.flush()?;
    drop(file);
    let rules = rules(RULES, GROUPS);
    std::fs::write(&query, sql::query(&rules, torq))?;
    let theirs = duckdb(&csv, &query);
    let ours = latchkey(&csv, &rules, torq)?;
    std::fs::remove_file(&csv)?;

    println!("{PEOPLE} people, {EACH} of {GROUPS} groups each, {RULES} rules");
    println!("                          Latchkey     DuckDB   ratio");
    row(
        "import",
        ours.import,
        theirs.as_ref().map(|theirs| theirs.import),
    );
    row(
        "first count",
        ours.first,
        theirs.as_ref().map(|theirs| theirs.count),
    );
    row(
        "count after a move",
        ours.moved,
        theirs.as_ref().map(|theirs| theirs.count),
    );
    row(
        "the slowest of them",
        ours.slowest,
        theirs.as_ref().map(|theirs| theirs.count),
    );
    row("what a move changes", ours.difference, None);
    row("count and what it changes", ours.in_hand, None);
    row("the slowest of them", ours.slowest_in_hand, None);
    row("everybody changes", ours.everybody, None);
    row("a list of 50 by search", ours.list, None);
    println!(
        "memory of the people      {:>6.0} MB, at most {:.0} MB while reading",
        ours.memory, ours.peak
    );
    if let Some(theirs) = &theirs {
        let agree = theirs.fallback == ours.fallback;
        println!(
            "people at the fallback    {:>8} {:>10}   {}",
            ours.fallback,
            theirs.fallback,
            if agree { "the same" } else { "NOT the same" }
        );
    }

    println!("\n   people  groups  rules     import  first count  after a move");
    growth(
        torq,
        &[
            (100_000, 5_000, 100),
            (300_000, 5_000, 100),
            (1_000_000, 5_000, 100),
            (300_000, 500, 100),
            (300_000, 50_000, 100),
            (300_000, 5_000, 10),
            (300_000, 5_000, 1_000),
        ],
    )
}

/// What Latchkey takes.
struct Ours {
    import: Duration,
    first: Duration,
    moved: Duration,
    slowest: Duration,
    difference: Duration,
    in_hand: Duration,
    slowest_in_hand: Duration,
    everybody: Duration,
    list: Duration,
    memory: f64,
    peak: f64,
    fallback: u32,
}

/// What DuckDB takes.
#[derive(serde::Deserialize)]
struct Theirs {
    #[serde(deserialize_with = "seconds")]
    import: Duration,
    #[serde(deserialize_with = "seconds")]
    count: Duration,
    fallback: u32,
}

fn latchkey(csv: &Path, rules: &RuleList, service: &Service) -> Result<Ours, Box<dyn Error>> {
    let before = megabytes("VmRSS");
    let (directory, mut import) = timed(|| read(File::open(csv)?))?;
    let (memory, peak) = (megabytes("VmRSS") - before, megabytes("VmHWM") - before);
    let directory = Arc::new(directory);
    for _ in 0..2 {
        let (_, again) = timed(|| read(File::open(csv)?))?;
        import = import.min(again);
    }
    let mut preview = Preview::new(directory);
    let (counted, first) = timed(|| Ok(preview.recount(rules, service)))?;
    let (moved, slowest) = moves(&mut preview, rules, service);
    let mut other = rules.clone();
    other.0.swap(0, 50);
    let (_, difference) = timed(|| Ok(preview.difference(rules, &other, service)))?;
    let (in_hand, slowest_in_hand) = in_hand(&mut preview, rules, service);
    let everybody = everybody(&mut preview, rules, service)?;
    let whose = people::Whose::Fallback;
    let (_, list) = timed(|| Ok(preview.list(&whose, "77@acme", (0, 50), rules, service)))?;
    Ok(Ours {
        import,
        first,
        moved,
        slowest,
        difference,
        in_hand,
        slowest_in_hand,
        everybody,
        list,
        memory,
        peak,
        fallback: counted.fallback,
    })
}

/// The median and the slowest count after moving a rule somewhere else.
fn moves(preview: &mut Preview, rules: &RuleList, service: &Service) -> (Duration, Duration) {
    let mut rules = rules.clone();
    let mut dice = Dice(11);
    let mut all: Vec<Duration> = (0..MOVES)
        .map(|_| {
            let count = rules.0.len() as u32;
            let rule = rules.0.remove(dice.below(count) as usize);
            rules.0.insert(dice.below(count) as usize, rule);
            let start = Instant::now();
            std::hint::black_box(preview.recount(&rules, service));
            start.elapsed()
        })
        .collect();
    all.sort_unstable();
    (all[MOVES / 2], all[MOVES - 1])
}

/// The median and the slowest of what is asked at each place over which a rule is dragged: the count,
/// and who would get another role than before it was taken up.
fn in_hand(preview: &mut Preview, rules: &RuleList, service: &Service) -> (Duration, Duration) {
    let mut all: Vec<Duration> = (0..rules.0.len())
        .map(|place| {
            let mut moved = rules.clone();
            let rule = moved.0.remove(1);
            moved.0.insert(place, rule);
            let start = Instant::now();
            std::hint::black_box(preview.recount(&moved, service));
            std::hint::black_box(preview.difference(rules, &moved, service));
            start.elapsed()
        })
        .collect();
    all.sort_unstable();
    (all[all.len() / 2], all[all.len() - 1])
}

/// The worst there is: a list under which everybody whom a rule matches gets another role.
fn everybody(
    preview: &mut Preview,
    rules: &RuleList,
    service: &Service,
) -> Result<Duration, Box<dyn Error>> {
    let mut other = rules.clone();
    for (rule, role) in other
        .0
        .iter_mut()
        .zip(["Viewer", "Owner", "Contributor"].iter().cycle())
    {
        (*role).clone_into(&mut rule.role);
    }
    let (_, time) = timed(|| Ok(preview.difference(rules, &other, service)))?;
    Ok(time)
}

fn growth(service: &Service, sizes: &[(u32, u32, u32)]) -> Result<(), Box<dyn Error>> {
    for (people, groups, count) in sizes {
        let (directory, import) = timed(|| read(Company::of(*people, *groups)))?;
        let rules = rules(*count, *groups);
        let mut preview = Preview::new(Arc::new(directory));
        let (_, first) = timed(|| Ok(preview.recount(&rules, service)))?;
        let (moved, _) = moves(&mut preview, &rules, service);
        println!(
            "{people:>9} {groups:>7} {count:>6} {:>10} {:>12} {:>13}",
            shown(import),
            shown(first),
            shown(moved)
        );
    }
    Ok(())
}

fn read(source: impl Read) -> Result<Directory, Box<dyn Error>> {
    Ok(people::read(source, OnBroken::Refuse)?.directory)
}

fn timed<T>(
    work: impl FnOnce() -> Result<T, Box<dyn Error>>,
) -> Result<(T, Duration), Box<dyn Error>> {
    let start = Instant::now();
    let done = work()?;
    Ok((done, start.elapsed()))
}

fn rules(count: u32, groups: u32) -> RuleList {
    let mut dice = Dice(5);
    let rule = |n| Rule {
        claim: if n == 0 { "email" } else { "groups" }.to_owned(),
        value: match n {
            0 => "person-0@acme.example".to_owned(),
            _ => format!("acme-team-{:05}", dice.below(groups)),
        },
        role: ["Owner", "Contributor", "Viewer"][n as usize % 3].to_owned(),
    };
    RuleList((0..count).map(rule).collect())
}

/// The CSV file of a company, as it is read.
struct Company {
    next: u32,
    people: u32,
    groups: u32,
    dice: Dice,
    text: Vec<u8>,
    at: usize,
}

impl Company {
    fn of(people: u32, groups: u32) -> Self {
        Self {
            next: 0,
            people,
            groups,
            dice: Dice(1),
            text: b"email,groups\n".to_vec(),
            at: 0,
        }
    }
}

impl Read for Company {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.text.len() && self.next < self.people {
            self.text.clear();
            self.at = 0;
            write!(self.text, "person-{}@acme.example,", self.next)?;
            for n in 0..EACH {
                let separator = if n == 0 { "" } else { ";" };
                write!(
                    self.text,
                    "{separator}acme-team-{:05}",
                    self.dice.below(self.groups)
                )?;
            }
            self.text.push(b'\n');
            self.next += 1;
        }
        let length = into.len().min(self.text.len() - self.at);
        into[..length].copy_from_slice(&self.text[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}

/// The same numbers on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % u64::from(bound)) as u32
    }
}

/// DuckDB on the same file; none where it is not installed.
fn duckdb(csv: &Path, query: &Path) -> Option<Theirs> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let output = Command::new(project.join("target/tools/python/bin/python"))
        .arg(project.join("tests/people/measure.py"))
        .args([csv, query])
        .output()
        .ok()?;
    serde_json::from_slice(&output.stdout).ok()
}

fn seconds<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    serde::Deserialize::deserialize(deserializer).map(Duration::from_secs_f64)
}

/// A figure of this process, in megabytes; 0 where the system does not tell.
fn megabytes(name: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    let kilobytes = line.and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or_default() / 1024.0
}

fn row(name: &str, ours: Duration, theirs: Option<Duration>) {
    let (theirs, ratio) = match theirs {
        Some(theirs) => (
            shown(theirs),
            format!("{:>6.1}x", theirs.as_secs_f64() / ours.as_secs_f64()),
        ),
        None => (String::new(), String::new()),
    };
    println!("{name:<24} {:>9} {theirs:>10} {ratio}", shown(ours));
}

fn shown(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}
