//! Five hundred rules: what the page itself says of its frames while one of them is carried about, and of the time from
//! a key to the frame behind it. The pointer and the keys are the display's; the automation only listens.

use std::path::Path;
use std::time::{Duration, Instant};

use latchkey_tests::wizard::Wizard;

use crate::figures::Figures;
use crate::hand::Hand;
use crate::list::{self, HELD, asked};
use crate::screen::Screen;
use crate::until;

/// How many rules.
pub(crate) const RULES: u32 = 500;

/// How often a rule is moved by a key.
pub(crate) const KEYS: usize = 20;

/// How long frames are counted each time.
const WHILE: Duration = Duration::from_secs(4);

/// A mouse says where it is so often.
const POLL: Duration = Duration::from_millis(8);

/// All that moves has come to rest.
const REST: Duration = Duration::from_millis(500);

/// All in milliseconds.
pub(crate) struct Frames {
    pub(crate) at_rest: Figures,
    pub(crate) in_sight: Figures,
    pub(crate) at_edge: Figures,
    pub(crate) key: Figures,
    /// How often nothing had the focus for a moment while a rule was moved.
    pub(crate) unfocused: u64,
}

#[tokio::main]
pub(crate) async fn measured(screen: &Screen, data: &Path) -> Frames {
    let wizard = list::opened(data, RULES).await;
    let window = until("the window is there", || screen.window_called(list::TITLE));
    let hand = Hand::over(screen, window);
    let places = list::places(&wizard).await;
    let (x, y) = places.grip(HELD);
    let page = screen.whole(window);
    let edge = i16::try_from(page.height).expect("the screen is no larger") - 90;

    let at_rest = counted(&wizard, || std::thread::sleep(WHILE)).await;
    hand.moves_to((x, y));
    hand.presses();
    let in_sight = counted(&wizard, || {
        carried(&hand, (x, y), |turn| (f64::from(turn) / 40.0).sin() * 160.0);
    })
    .await;
    let at_edge = counted(&wizard, || {
        carried(&hand, (x, edge), |turn| f64::from(turn % 2));
    })
    .await;
    hand.key("Escape");
    hand.lets_go();
    let (key, unfocused) = keys(&wizard, &hand).await;
    wizard.close().await;
    Frames {
        at_rest,
        in_sight,
        at_edge,
        key,
        unfocused,
    }
}

/// Moves the hand about a place for a while, as often as a mouse would say it.
fn carried(hand: &Hand, (x, y): (i16, i16), away: impl Fn(u32) -> f64) {
    let until = Instant::now() + WHILE;
    for turn in 0.. {
        if Instant::now() > until {
            return;
        }
        hand.moves_to((x, y + away(turn).round() as i16));
        std::thread::sleep(POLL);
    }
}

/// The times between frames while something is done.
async fn counted(wizard: &Wizard, act: impl FnOnce()) -> Figures {
    asked(wizard, COUNT, Vec::new()).await;
    tokio::time::sleep(REST).await;
    act();
    let times: Vec<f64> = serde_json::from_value(asked(wizard, COUNTED, Vec::new()).await)
        .expect("what the script returns");
    // Of the first and the last the automation had its part.
    let whole = &times[10..times.len() - 5];
    let mut figures = Figures::default();
    whole.iter().for_each(|time| figures.add(*time));
    figures
}

async fn keys(wizard: &Wizard, hand: &Hand<'_>) -> (Figures, u64) {
    asked(wizard, LISTEN, Vec::new()).await;
    tokio::time::sleep(REST).await;
    for _ in 0..KEYS {
        hand.key("alt+Down");
        tokio::time::sleep(REST).await;
    }
    let heard = asked(wizard, HEARD, Vec::new()).await;
    let (times, unfocused): (Vec<f64>, u64) =
        serde_json::from_value(heard).expect("what the script returns");
    assert_eq!(times.len(), KEYS, "every key moves the rule");
    let mut figures = Figures::default();
    times.iter().for_each(|time| figures.add(*time));
    (figures, unfocused)
}

const COUNT: &str = "
    const times = (window.frames_ = []);
    let before = performance.now();
    const next = (now) => {
      times.push(now - before);
      before = now;
      window.frame_ = requestAnimationFrame(next);
    };
    window.frame_ = requestAnimationFrame(next);";

const COUNTED: &str = "
    cancelAnimationFrame(window.frame_);
    return window.frames_;";

const LISTEN: &str = "
    document.querySelectorAll(\"[data-rung] [data-act='down']\")[2].focus();
    window.keys_ = [];
    window.unfocused_ = 0;
    window.addEventListener('keydown', (event) => {
      if (event.key !== 'ArrowDown') return;
      requestAnimationFrame(() => setTimeout(() => window.keys_.push(performance.now() - event.timeStamp)));
    }, true);
    window.addEventListener('focusout', (event) => (window.unfocused_ += event.relatedTarget === null ? 1 : 0), true);";

const HEARD: &str = "return [window.keys_, window.unfocused_]";
