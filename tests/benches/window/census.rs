//! A million people while a rule is in the hand, as somebody in front of the screen sees it: from the movement of the
//! pointer to the picture in which the rung has followed, and to the one in which the counts have; beside a bare window
//! in which a box follows the pointer. No automation is at work meanwhile.

use std::path::Path;
use std::time::{Duration, Instant};

use x11rb::protocol::xproto::Window;

use crate::figures::Figures;
use crate::hand::Hand;
use crate::list::{self, BEYOND, HELD, Places};
use crate::program::{Program, Running};
use crate::screen::{Part, Screen};
use crate::{milliseconds, until};

/// How many rules.
pub(crate) const RULES: u32 = 100;

/// How often the rung is carried on to the next place.
pub(crate) const MOVES: usize = 120;

/// How often a rung is taken up and carried on at once.
pub(crate) const GRASPS: usize = 40;

/// The rungs that are taken up in turns, so that each time it is another than before, each to the place above it.
const GRASPED: [usize; 2] = [HELD, HELD - 1];

/// How fast a hand is: so many dots from one word of the mouse to the next.
const STEP: i16 = 6;
const POLL: Duration = Duration::from_millis(8);

/// How long it then lies there: all that moves has come to rest.
const REST: Duration = Duration::from_millis(350);

/// How long between two looks: less than a frame by far.
const GLANCE: Duration = Duration::from_micros(500);

/// The places to which it is carried. Each passes a rule of another role, which some people match as well: the counts
/// change each time. The first of all is left out: nobody of the company has the Owner's address.
const ROUND: [usize; 4] = [2, 1, 2, HELD];

/// What has not changed by then is late, and counts as if it changed then.
const LATE: Duration = Duration::from_secs(1);

/// What a program at rest still does, it has done by then.
const SETTLED: Duration = Duration::from_secs(2);

#[derive(Default)]
pub(crate) struct Census {
    /// From the movement of the pointer until the rung has followed, in milliseconds.
    pub(crate) rung: Figures,
    /// From the movement of the pointer until the counts are those of the new place, in milliseconds.
    pub(crate) counts: Figures,
    /// The same for a rung that was taken up just before.
    pub(crate) grasped: Figures,
    /// From the movement of the pointer until a box in a bare window has followed, in milliseconds.
    pub(crate) bare: Figures,
    /// Pictures that were late.
    pub(crate) late: usize,
    /// What the program's own process takes, in MiB, with everybody in it.
    pub(crate) memory: f64,
}

pub(crate) fn measured(screen: &Screen, wizard: &Program, bare: &Program, data: &Path) -> Census {
    let (places, picture) = prepared(screen, data);
    let mut census = Census::default();
    let (x, y) = places.grip(HELD);
    let round = ROUND.map(|place| places.hand_at(HELD, place));

    let running = Running::start(bare);
    let window = until("the window opens", || screen.window_of(running.id()));
    std::thread::sleep(SETTLED);
    let hand = Hand::over(screen, window);
    hand.moves_to((x, y));
    std::thread::sleep(SETTLED);
    for place in round.iter().cycle().take(MOVES) {
        let [followed] = carried(screen, window, [places.rungs()], || hand.moves_to(*place));
        census.late += note(&mut census.bare, followed);
    }
    drop(running);

    let running = Running::start(wizard);
    let window = until("the window opens", || screen.window_of(running.id()));
    // Rungs stand further apart once the people have come back and are counted.
    until("the rungs stand where they stood", || {
        std::thread::sleep(REST);
        is_there(&screen.picture(window, places.rungs())?, &picture).then_some(())
    });
    std::thread::sleep(SETTLED);
    let hand = Hand::over(screen, window);
    hand.moves_to((x, y));
    hand.presses();
    // What is taken up moves a little first.
    hand.moves_to((x, y - 10));
    std::thread::sleep(SETTLED);
    let parts = [places.rungs(), places.changes()];
    for place in round.iter().cycle().take(MOVES) {
        let [rung, counts] = carried(screen, window, parts, || hand.moves_to(*place));
        census.late += note(&mut census.rung, rung);
        census.late += note(&mut census.counts, counts);
    }
    hand.key("Escape");
    hand.lets_go();
    std::thread::sleep(SETTLED);
    for rung in GRASPED.iter().cycle().take(GRASPS) {
        let counts = grasped(screen, window, &hand, &places, *rung);
        census.late += note(&mut census.grasped, counts);
    }
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

/// Takes a rung up, carries it on as a hand does, and puts it back; after how long the counts changed when it came to
/// the place above.
fn grasped(
    screen: &Screen,
    window: Window,
    hand: &Hand<'_>,
    places: &Places,
    rung: usize,
) -> Option<Duration> {
    let (x, from) = places.grip(rung);
    let there = places.hand_at(rung, rung - 1);
    hand.moves_to((x, from));
    std::thread::sleep(REST);
    hand.presses();
    // Up to a step before it comes there.
    let on_its_way = (there.1 + BEYOND + STEP..from).rev();
    for y in on_its_way.step_by(STEP.unsigned_abs().into()) {
        hand.moves_to((x, y));
        std::thread::sleep(POLL);
    }
    let [counts] = carried(screen, window, [places.changes()], || hand.moves_to(there));
    hand.key("Escape");
    hand.lets_go();
    counts
}

/// Whether a picture shows the same, every dot of every grip in its place: they are small, and most of it is ground.
fn is_there(picture: &[u8], wanted: &[u8]) -> bool {
    let mut values = picture.iter().zip(wanted);
    values.all(|(value, wanted)| value.abs_diff(*wanted) <= 64)
}

/// Notes a time; how many of it were late.
fn note(figures: &mut Figures, time: Option<Duration>) -> usize {
    figures.add(milliseconds(time.unwrap_or(LATE)));
    usize::from(time.is_none())
}

/// After how long each part of a window has another picture than before the hand moved; none of what is late.
fn carried<const N: usize>(
    screen: &Screen,
    window: Window,
    parts: [Part; N],
    moves: impl FnOnce() -> Instant,
) -> [Option<Duration>; N] {
    let before = parts.map(|part| seen(screen, window, part));
    let moved = moves();
    let mut after = [None; N];
    while after.contains(&None) && moved.elapsed() < LATE {
        for ((after, part), before) in after.iter_mut().zip(parts).zip(&before) {
            if after.is_none() && seen(screen, window, part) != *before {
                *after = Some(moved.elapsed());
            }
        }
        std::thread::sleep(GLANCE);
    }
    std::thread::sleep(REST);
    after
}

fn seen(screen: &Screen, window: Window, part: Part) -> Vec<u8> {
    screen.picture(window, part).expect("the window is there")
}
