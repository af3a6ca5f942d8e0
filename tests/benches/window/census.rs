//! A million people while a rule is in the hand, as somebody in front of the screen sees it: from the movement of the
//! pointer to the picture in which the rung has followed, and to the one in which the counts have. No automation is at
//! work meanwhile.

use std::path::Path;
use std::time::{Duration, Instant};

use x11rb::protocol::xproto::Window;

use crate::figures::Figures;
use crate::hand::Hand;
use crate::list::{self, HELD, Places};
use crate::program::{Program, Running};
use crate::screen::{Part, Screen};
use crate::until;
use crate::verdict::alike;

/// How many rules.
pub(crate) const RULES: u32 = 100;

/// How often the rung is carried on to the next place.
pub(crate) const MOVES: usize = 120;

/// How long it then lies there: all that moves has come to rest.
const REST: Duration = Duration::from_millis(350);

/// How long between two looks: less than a frame by far.
const GLANCE: Duration = Duration::from_micros(500);

/// A picture that has not changed by then will not.
const NEVER: Duration = Duration::from_secs(1);

/// What a program at rest still does, it has done by then.
const SETTLED: Duration = Duration::from_secs(2);

pub(crate) struct Census {
    /// From the movement of the pointer until the rung has followed, in milliseconds.
    pub(crate) rung: Figures,
    /// From the movement of the pointer until the counts are those of the new place, in milliseconds.
    pub(crate) counts: Figures,
    /// Movements after which the counts were the same.
    pub(crate) same: usize,
    /// What the program's own process takes, in MiB, with everybody in it.
    pub(crate) memory: f64,
}

pub(crate) fn measured(screen: &Screen, wizard: &Program, data: &Path) -> Census {
    let (places, picture) = prepared(screen, data);
    let running = Running::start(wizard);
    let window = until("the window opens", || screen.window_of(running.id()));
    // Rungs stand further apart once the people have come back and are counted.
    until("the rungs stand where they stood", || {
        std::thread::sleep(REST);
        alike(&screen.picture(window, places.rungs())?, &picture).then_some(())
    });
    std::thread::sleep(SETTLED);
    let hand = Hand::over(screen, window);
    hand.moves_to(places.grip);
    hand.presses();
    let mut census = Census {
        rung: Figures::default(),
        counts: Figures::default(),
        same: 0,
        memory: 0.0,
    };
    let (x, y) = places.grip;
    // Up to the first place, down to the last in sight, and up again.
    let last = places.ways.len() - 1;
    let round = (0..HELD).rev().chain(1..=last).chain((0..last).rev());
    let round: Vec<usize> = round.collect();
    // What is taken up moves a little first.
    hand.moves_to((x, y - 10));
    std::thread::sleep(SETTLED);
    for place in round.iter().cycle().take(MOVES) {
        let pictures = Pictures::of(screen, window, &places);
        let moved = hand.moves_to((x, y + places.ways[*place]));
        pictures.changed(moved, &mut census);
        std::thread::sleep(REST);
    }
    hand.key("Escape");
    hand.lets_go();
    census.memory = running.own_memory_at_rest();
    census
}

#[tokio::main]
async fn prepared(screen: &Screen, data: &Path) -> (Places, Vec<u8>) {
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    let wizard = list::opened(data, RULES).await;
    list::bring_everybody(&wizard, &elsewhere.path().join("people.csv")).await;
    let places = list::places(&wizard).await;
    tokio::time::sleep(SETTLED).await;
    let window = until("the window is there", || screen.window_called(list::TITLE));
    let picture = seen(screen, window, places.rungs());
    wizard.close().await;
    (places, picture)
}

/// What was there before the pointer moved.
struct Pictures<'screen> {
    screen: &'screen Screen,
    window: Window,
    parts: [Part; 2],
    before: [Vec<u8>; 2],
}

impl<'screen> Pictures<'screen> {
    fn of(screen: &'screen Screen, window: Window, places: &Places) -> Self {
        let parts = [places.rungs(), places.changes()];
        let before = parts.map(|part| seen(screen, window, part));
        Self {
            screen,
            window,
            parts,
            before,
        }
    }

    /// Waits until both have changed, and notes when that was.
    fn changed(&self, moved: Instant, census: &mut Census) {
        let mut at = [None; 2];
        while at.contains(&None) && moved.elapsed() < NEVER {
            for ((at, part), before) in at.iter_mut().zip(self.parts).zip(&self.before) {
                if at.is_none() && seen(self.screen, self.window, part) != *before {
                    *at = Some(moved.elapsed().as_secs_f64() * 1e3);
                }
            }
            std::thread::sleep(GLANCE);
        }
        let [rung, counts] = at;
        census.rung.add(rung.expect("a rung follows the hand"));
        match counts {
            Some(counts) => census.counts.add(counts),
            None => census.same += 1,
        }
    }
}

fn seen(screen: &Screen, window: Window, part: Part) -> Vec<u8> {
    screen.picture(window, part).expect("the window is there")
}
