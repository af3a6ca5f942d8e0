//! The list of rules with many in it, set up as a person would, and where things stand on its page.

use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

use latchkey_tests::wizard::{SignInWindow, Wizard};

use crate::company;
use crate::screen::Part;

/// In the title of the main window.
pub(crate) const TITLE: &str = "Latchkey";

/// The rung that is taken up, counted from 0: the last that is in sight without the list beginning to scroll.
pub(crate) const HELD: usize = 3;

/// All that comes into sight has been drawn.
const REST: Duration = Duration::from_secs(2);

/// How far beyond a place the hand goes, so that the rung surely stands there.
pub(crate) const BEYOND: i16 = 8;

/// Where things stand while the page is scrolled to its beginning.
#[derive(serde::Deserialize)]
pub(crate) struct Places {
    /// The grips of the rungs, each its middle.
    grips: Vec<(i16, i16)>,
    /// The middles of the rungs, from the top of their list.
    middles: Vec<i16>,
    /// The grips of all of them.
    rungs: [i16; 4],
    /// Where it stands how many people get another role.
    changes: [i16; 4],
}

impl Places {
    /// The grip of one of the rungs: its middle.
    pub(crate) fn grip(&self, rung: usize) -> (i16, i16) {
        self.grips[rung]
    }

    /// Where the hand is once a rung that it took up stands at this place.
    pub(crate) fn hand_at(&self, rung: usize, place: usize) -> (i16, i16) {
        let (x, y) = self.grips[rung];
        let way = self.middles[place] - self.middles[rung];
        (x, y + way + BEYOND * way.signum())
    }

    /// The grips of all places.
    pub(crate) fn rungs(&self) -> Part {
        part(self.rungs)
    }

    /// Where it stands how many people get another role.
    pub(crate) fn changes(&self) -> Part {
        part(self.changes)
    }
}

/// Opens the practice workspace at its rules, with so many of them.
pub(crate) async fn opened(data: &Path, rules: u32) -> Wizard {
    let for_people = ("LATCHKEY_DRAW_FOR_PEOPLE", OsStr::new("1"));
    let wizard = Wizard::open_with(data, &[for_people]).await;
    wizard.press("Try it with the practice provider").await;
    for page in ["Choose a provider", "Set up the connection"] {
        wizard.says(page).await;
        wizard.press("Continue").await;
    }
    wizard.press("Add as rule 1").await;
    wizard.press("Paste many rules").await;
    let pasted = company::rules(rules - 1);
    asked(&wizard, PASTE, vec![pasted.into()]).await;
    wizard.press(&format!("Add {} rules", rules - 1)).await;
    wizard.says(&format!("{rules} rules")).await;
    wizard.says("Draft kept").await;
    wizard
}

/// Brings everybody of the company in, and keeps them for whoever opens the workspace next.
pub(crate) async fn bring_everybody(wizard: &Wizard, file: &Path) {
    company::write(file).expect("there is room");
    wizard.press("Bring in people").await;
    wizard.press("Choose a file").await;
    let chooser = SignInWindow::wait_for("People and their groups");
    chooser.key("ctrl+l");
    chooser.types(&file.display().to_string());
    chooser.confirm();
    wizard.says("1,000,000 people from").await;
    wizard.says("How many get each role").await;
    wizard.choose("Keep on this computer").await;
    wizard
        .says("They are here when you open this workspace again")
        .await;
}

/// Where things stand once the page is at its beginning.
pub(crate) async fn places(wizard: &Wizard) -> Places {
    asked(wizard, BEGINNING, Vec::new()).await;
    // What was out of sight is laid out as it last was until it is drawn.
    tokio::time::sleep(REST).await;
    let found = asked(wizard, PLACES, vec![HELD.into()]).await;
    serde_json::from_value(found).expect("what the script returns")
}

pub(crate) async fn asked(
    wizard: &Wizard,
    script: &str,
    arguments: Vec<serde_json::Value>,
) -> serde_json::Value {
    let answer = wizard.driver().execute(script, arguments).await;
    answer.expect("the page runs scripts").json().clone()
}

/// Ten thousand letters typed one by one take a minute.
const PASTE: &str = "
    const field = document.getElementById('at-pasted_rules');
    field.value = arguments[0];
    field.dispatchEvent(new Event('input', { bubbles: true }));";

const BEGINNING: &str = "
    const first = document.querySelector('[data-rung]');
    for (let part = first; part; part = part.parentElement) part.scrollTop = 0;";

const PLACES: &str = "
    const [held] = arguments;
    const rungs = [...document.querySelectorAll('[data-rung]')].slice(0, held + 1);
    const boxes = rungs.map((rung) => rung.querySelector('[data-grip]').getBoundingClientRect());
    const middle = ({ offsetTop, offsetHeight }) => offsetTop + offsetHeight / 2;
    const grips = boxes.map(({ left, top, width, height }) => [left + width / 2, top + height / 2].map(Math.round));
    const around = (x, y, width, height) => [x, y, width, height].map(Math.floor);
    const first = boxes[0].top;
    const panel = document.querySelector('aside').getBoundingClientRect();
    return {
      grips,
      middles: rungs.map((rung) => Math.round(middle(rung))),
      rungs: around(boxes[0].left, first, boxes[0].width, boxes.at(-1).bottom - first),
      changes: around(panel.left, panel.top, panel.width, 160),
    };";

fn part([x, y, width, height]: [i16; 4]) -> Part {
    let length = |length: i16| u16::try_from(length).expect("it has a size");
    Part {
        x,
        y,
        width: length(width),
        height: length(height),
    }
}
