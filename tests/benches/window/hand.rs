//! The pointer of the display, moved without starting a program for each movement.

use std::process::Command;
use std::time::Instant;

use x11rb::protocol::xproto::Window;

use crate::screen::Screen;

/// A hand on the pointer, over one window.
pub(crate) struct Hand<'screen> {
    screen: &'screen Screen,
    window: Window,
}

impl<'screen> Hand<'screen> {
    /// Over a window, which takes part in what the hand does from now on.
    pub(crate) fn over(screen: &'screen Screen, window: Window) -> Self {
        xdotool(&["windowactivate", "--sync", &window.to_string()]);
        Self { screen, window }
    }

    /// Moves to a place of the page; when that was.
    pub(crate) fn moves_to(&self, place: (i16, i16)) -> Instant {
        let moved = Instant::now();
        self.screen.point_at(self.window, place);
        moved
    }

    /// Presses the button, and keeps it down.
    pub(crate) fn presses(&self) {
        xdotool(&["mousedown", "1"]);
    }

    /// Lets the button go.
    pub(crate) fn lets_go(&self) {
        xdotool(&["mouseup", "1"]);
    }

    /// Presses a key by its X name, whatever the button does.
    pub(crate) fn key(&self, name: &str) {
        xdotool(&["key", name]);
    }
}

fn xdotool(arguments: &[&str]) {
    let done = Command::new("xdotool").args(arguments).status();
    let done = done.expect("xdotool is missing: apt-get install xdotool");
    assert!(done.success());
}
