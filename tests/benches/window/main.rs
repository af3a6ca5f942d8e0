//! What a person waits for, and what the wizard takes of their memory, beside the least that a Tauri window can
//! be (`src-tauri/examples/bare_window.rs`), in turns on one display; then how long the list of rules takes to follow the
//! hand, with many rules and with a million people, beside a bare window too: `make bench`. Measures; judges nothing. Arguments name the parts
//! that are wanted: `starts`, `sign-ins`, `people`, `rules`.

#![expect(
    clippy::print_stdout,
    reason = "its table is what a benchmark is run for"
)]

mod census;
mod company;
mod figures;
mod frames;
mod hand;
mod list;
mod program;
mod screen;
mod verdict;

use std::env;
use std::path::Path;
use std::time::{Duration, Instant};

use figures::{Figures, Unit};
use program::{Program, Running};
use screen::Screen;

/// How often each program is started, after once for the caches.
const STARTS: usize = 15;

/// How often somebody signs in, after once for the caches.
const SIGN_INS: usize = 15;

/// How many times as much as the bare window the wizard may take.
const AIM: f64 = 1.15;

/// How long a verdict may take, in milliseconds.
const VERDICT_AIM: f64 = 50.0;

/// How long between two looks at the screen.
const BLINK: Duration = Duration::from_millis(2);

/// Nothing that is waited for takes this long.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long the counts of a million people may take to follow the hand: a frame, in milliseconds.
const COUNTS_AIM: f64 = 16.0;

/// What can draw is found here.
const DRAWING_DEVICES: &str = "/dev/dri";

/// What a million people may take in the program's own process, in MiB.
const PEOPLE_AIM: f64 = 200.0;

/// How long frames may be apart, in milliseconds: sixty in a second, and what a clock rounds.
const FRAMES_AIM: f64 = 16.8;

/// How long a rule may take to follow a key, in milliseconds: two frames.
const KEY_AIM: f64 = 33.4;

fn main() {
    let asked: Vec<String> = env::args()
        .skip(1)
        .filter(|part| !part.starts_with("--"))
        .collect();
    let is_asked = |part: &str| asked.is_empty() || asked.iter().any(|one| one == part);
    let screen = Screen::open();
    let data = tempfile::tempdir().expect("a temporary folder");
    let data_of = |part: &str| data.path().join(part);
    let wizard = |part: &str| {
        let data_dir = ["--data-dir".into(), data_of(part).into_os_string()];
        Program::beside_this("latchkey-wizard").with(data_dir)
    };
    if is_asked("starts") {
        starts(&screen, wizard("starts"));
    }
    if is_asked("sign-ins") {
        sign_ins(&screen, &wizard("sign-ins"), &data_of("sign-ins"));
    }
    if is_asked("people") {
        people(&screen, &wizard("people"), &data_of("people"));
    }
    if is_asked("rules") {
        rules(&screen, &data_of("rules"));
    }
}

fn starts(screen: &Screen, wizard: Program) {
    let mut bare = Sittings::of(Program::beside_this("examples/bare_window"));
    let mut wizard = Sittings::of(wizard);
    for _ in 0..=STARTS {
        bare.sit(screen);
        wizard.sit(screen);
    }
    println!("\nThe wizard beside a bare Tauri window, {STARTS} starts of each in turns\n");
    head_beside();
    let (milliseconds, aim) = (Unit::Milliseconds, format!("{AIM}x"));
    beside(
        "Start to first paint",
        &wizard.paint,
        &bare.paint,
        milliseconds,
        &aim,
    );
    beside(
        "Start to first text",
        &wizard.text,
        &bare.text,
        milliseconds,
        "",
    );
    let what = "Memory of all its processes (PSS)";
    beside(what, &wizard.memory, &bare.memory, Unit::Mebibytes, &aim);
}

fn sign_ins(screen: &Screen, wizard: &Program, data: &Path) {
    let verdicts = verdict::measured(screen, wizard, data, SIGN_INS);
    println!("\nA test sign-in at the practice provider, {SIGN_INS} times\n");
    head();
    alone(
        "Caught answer to verdict on the screen",
        &verdicts.on_screen,
        Some(VERDICT_AIM),
    );
    alone("Enter at the provider to verdict", &verdicts.whole, None);
}

fn people(screen: &Screen, wizard: &Program, data: &Path) {
    // As the wizard's own window draws where there is no graphics card, so that both are drawn alike.
    let bare = Program::beside_this("examples/bare_window").with(["follow".into()]);
    let bare = match Path::new(DRAWING_DEVICES).exists() {
        true => bare,
        false => bare.where_is("WEBKIT_DISABLE_COMPOSITING_MODE", "1"),
    };
    let census = census::measured(screen, wizard, &bare, data);
    let (people, rules) = (company::PEOPLE, census::RULES);
    let (moves, grasps) = (census::MOVES, census::GRASPS);
    println!(
        "\nA rule of {rules} in the hand over {people} people, {moves} movements; taken up {grasps} times\n"
    );
    head_beside();
    let milliseconds = Unit::Milliseconds;
    let what = "Pointer to the rung on the screen";
    beside(what, &census.rung, &census.bare, milliseconds, "");
    let what = "Pointer to the changed counts on the screen";
    let aim = milliseconds.of(COUNTS_AIM);
    beside(what, &census.counts, &census.bare, milliseconds, &aim);
    let what = "The same for one taken up just before";
    beside(what, &census.grasped, &census.bare, milliseconds, &aim);
    let (memory, aim) = (
        Unit::Mebibytes.of(census.memory),
        Unit::Mebibytes.of(PEOPLE_AIM),
    );
    println!(
        "{:<44}{memory:>10}{:>10}   {aim}",
        "Memory of the program's process (PSS)", ""
    );
    if census.late > 0 {
        println!(
            "{} pictures came later than a second, and count as one.",
            census.late
        );
    }
}

fn rules(screen: &Screen, data: &Path) {
    let frames = frames::measured(screen, data);
    println!("\n{} rules: the time between two frames\n", frames::RULES);
    head();
    alone("At rest", &frames.at_rest, None);
    alone(
        "While one is carried about",
        &frames.in_sight,
        Some(FRAMES_AIM),
    );
    alone(
        "While the list scrolls along",
        &frames.at_edge,
        Some(FRAMES_AIM),
    );
    alone(
        "Alt+Down to the frame behind it",
        &frames.key,
        Some(KEY_AIM),
    );
    println!(
        "Of {} moves, {} took the focus away for a moment.",
        frames::KEYS,
        frames.unfocused
    );
}

/// The starts of one program, and what they showed.
struct Sittings {
    program: Program,
    /// The colour that the page's ground has in the end; known after the first sitting, which does not count.
    ground: Option<Vec<u8>>,
    /// From the start of the process until the page has its ground, in milliseconds.
    paint: Figures,
    /// From the start of the process to its first text on the screen, in milliseconds.
    text: Figures,
    /// Once it has come to rest, in MiB.
    memory: Figures,
}

impl Sittings {
    fn of(program: Program) -> Self {
        Self {
            program,
            ground: None,
            paint: Figures::default(),
            text: Figures::default(),
            memory: Figures::default(),
        }
    }

    fn sit(&mut self, screen: &Screen) {
        let started = Instant::now();
        let running = Running::start(&self.program);
        let window = until("the window opens", || screen.window_of(running.id()));
        let mut painted = None;
        until("the window shows text", || {
            if painted.is_none() && self.ground.is_some() && screen.ground(window) == self.ground {
                painted = Some(started.elapsed());
            }
            screen.shows_text(window).then_some(())
        });
        let text = started.elapsed();
        let memory = running.memory_at_rest();
        if self.ground.is_none() {
            self.ground = screen.ground(window);
            return;
        }
        self.paint.add(milliseconds(painted.unwrap_or(text)));
        self.text.add(milliseconds(text));
        self.memory.add(memory);
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Looks until there is an answer.
fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(
            Instant::now() < deadline,
            "waited for too long until {what}"
        );
        std::thread::sleep(BLINK);
    }
}

fn beside(what: &str, ours: &Figures, floor: &Figures, unit: Unit, aim: &str) {
    let row = |what: &str, ours: f64, floor: f64, aim: &str| {
        let (ratio, ours, floor) = (ours / floor, unit.of(ours), unit.of(floor));
        println!("{what:<44}{ours:>10}{floor:>10}{ratio:>8.2}x   {aim}");
    };
    row(what, ours.median(), floor.median(), aim);
    row("", ours.nearly_worst(), floor.nearly_worst(), "");
}

fn head_beside() {
    println!(
        "{:<44}{:>10}{:>10}{:>9}   aim",
        "median, 95th percentile below", "wizard", "bare", "ratio"
    );
}

fn head() {
    println!("{:<44}{:>10}{:>10}   aim", "", "median", "95th");
}

fn alone(what: &str, figures: &Figures, aim: Option<f64>) {
    let unit = Unit::Milliseconds;
    let aim = aim.map(|aim| unit.of(aim)).unwrap_or_default();
    println!(
        "{what:<44}{:>10}{:>10}   {aim}",
        unit.of(figures.median()),
        unit.of(figures.nearly_worst())
    );
}
