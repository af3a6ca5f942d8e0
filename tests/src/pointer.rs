//! The real pointer of the display over one window: what the hand of a person does.

use crate::wizard::{Wizard, xdotool};

/// In the title of the main window.
const MAIN_WINDOW: &str = "Latchkey";

/// The pointer, whose places are those of the window's page.
pub struct Pointer {
    window: String,
}

impl Pointer {
    /// Over the main window, once it takes part in what the hand does.
    ///
    /// # Panics
    /// When the window is not on the display.
    pub async fn over_the_wizard(wizard: &Wizard) -> Self {
        let window = wizard
            .until(|| {
                let found = xdotool(&["search", "--onlyvisible", "--name", MAIN_WINDOW]);
                found.lines().next().map(str::to_owned)
            })
            .await;
        xdotool(&["windowactivate", "--sync", &window]);
        Self { window }
    }

    /// Moves to a place of the page, in pixels from its upper left corner.
    pub fn moves_to(&self, (x, y): (i32, i32)) {
        let (x, y) = (x.to_string(), y.to_string());
        xdotool(&["mousemove", "--sync", "--window", &self.window, &x, &y]);
    }

    /// Presses the button, and keeps it down.
    pub fn presses(&self) {
        xdotool(&["mousedown", "1"]);
    }

    /// Lets the button go.
    pub fn lets_go(&self) {
        xdotool(&["mouseup", "1"]);
    }

    /// Presses a key by its X name, such as `Escape`, whatever the pointer's button does: to clear the
    /// modifiers would let it go.
    pub fn key(&self, name: &str) {
        xdotool(&["key", name]);
    }
}
