//! What a person waits for, and what the wizard takes of their memory, beside the least that a Tauri window can
//! be (`src-tauri/examples/bare_window.rs`), in turns on one display: `make bench`. Measures; judges nothing.

#![expect(
    clippy::print_stdout,
    reason = "its table is what a benchmark is run for"
)]

mod figures;
mod program;
mod screen;
mod verdict;

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

fn main() {
    let screen = Screen::open();
    let data = tempfile::tempdir().expect("a temporary folder");
    let data_dir = ["--data-dir".as_ref(), data.path().as_os_str()];
    let mut bare = Sittings::of(Program::beside_this("examples/bare_window"));
    let mut wizard = Sittings::of(Program::beside_this("latchkey-wizard").with(data_dir));
    for _ in 0..=STARTS {
        bare.sit(&screen);
        wizard.sit(&screen);
    }
    println!("\nThe wizard beside a bare Tauri window, {STARTS} starts of each in turns\n");
    println!(
        "{:<44}{:>10}{:>10}{:>9}   aim",
        "median, 95th percentile below", "wizard", "bare", "ratio"
    );
    let milliseconds = Unit::Milliseconds;
    beside(
        "Start to first paint",
        &wizard.paint,
        &bare.paint,
        milliseconds,
        Some(AIM),
    );
    beside(
        "Start to first text",
        &wizard.text,
        &bare.text,
        milliseconds,
        None,
    );
    let what = "Memory of all its processes (PSS)";
    beside(
        what,
        &wizard.memory,
        &bare.memory,
        Unit::Mebibytes,
        Some(AIM),
    );

    let verdicts = verdict::measured(&screen, &wizard.program, data.path(), SIGN_INS);
    println!("\nA test sign-in at the practice provider, {SIGN_INS} times\n");
    println!("{:<44}{:>10}{:>10}   aim", "", "median", "95th");
    alone(
        "Caught answer to verdict on the screen",
        &verdicts.on_screen,
        Some(VERDICT_AIM),
    );
    alone("Enter at the provider to verdict", &verdicts.whole, None);
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

fn beside(what: &str, ours: &Figures, floor: &Figures, unit: Unit, aim: Option<f64>) {
    let row = |what: &str, ours: f64, floor: f64, aim: &str| {
        let (ratio, ours, floor) = (ours / floor, unit.of(ours), unit.of(floor));
        println!("{what:<44}{ours:>10}{floor:>10}{ratio:>8.2}x   {aim}");
    };
    let aim = aim.map(|aim| format!("{aim}x")).unwrap_or_default();
    row(what, ours.median(), floor.median(), &aim);
    row("", ours.nearly_worst(), floor.nearly_worst(), "");
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
