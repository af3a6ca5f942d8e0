//! What is on the X display, seen from outside: the same look for every program.

use std::time::Instant;

use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ChangeWindowAttributesAux, ConnectionExt, EventMask, GetPropertyReply,
    ImageFormat, Window,
};
use x11rb::rust_connection::RustConnection;

use crate::until;

/// A part of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) x: i16,
    pub(crate) y: i16,
    pub(crate) width: u16,
    pub(crate) height: u16,
}

/// Where both programs write their first line.
const FIRST_LINE: Part = Part {
    x: 176,
    y: 96,
    width: 256,
    height: 64,
};

/// Where neither writes anything.
const EMPTY: Part = Part {
    x: 900,
    y: 720,
    width: 1,
    height: 1,
};

/// The longest property that is read, in units of four bytes.
const LONGEST: u32 = 256;

/// The display of the environment.
pub(crate) struct Screen {
    connection: RustConnection,
    root: Window,
    /// Of the window manager's specification (EWMH 1.5), like the two below.
    client_list: Atom,
    process: Atom,
    name: Atom,
}

impl Screen {
    pub(crate) fn open() -> Self {
        let (connection, screen) =
            RustConnection::connect(None).expect("there is no display: run this by make bench");
        let root = connection.setup().roots[screen].root;
        let atom = |name: &str| {
            let asked = connection.intern_atom(false, name.as_bytes());
            asked
                .expect("the display is there")
                .reply()
                .expect("it knows names")
                .atom
        };
        let (client_list, process, name) = (
            atom("_NET_CLIENT_LIST"),
            atom("_NET_WM_PID"),
            atom("_NET_WM_NAME"),
        );
        Self {
            connection,
            root,
            client_list,
            process,
            name,
        }
    }

    /// The window of this process, once the window manager has taken it in.
    pub(crate) fn window_of(&self, process: u32) -> Option<Window> {
        self.windows().into_iter().find(|window| {
            let said = self.property(*window, self.process);
            said.and_then(|said| said.value32()?.next()) == Some(process)
        })
    }

    /// The window with this in its title.
    pub(crate) fn window_called(&self, title: &str) -> Option<Window> {
        self.windows().into_iter().find(|window| {
            let said = self.property(*window, self.name);
            said.is_some_and(|said| String::from_utf8_lossy(&said.value).contains(title))
        })
    }

    /// The colour of the page where nothing is written.
    pub(crate) fn ground(&self, window: Window) -> Option<Vec<u8>> {
        self.picture(window, EMPTY)
    }

    /// Whether there is more than one colour where the first line stands.
    pub(crate) fn shows_text(&self, window: Window) -> bool {
        let Some(picture) = self.picture(window, FIRST_LINE) else {
            return false;
        };
        let mut pixels = picture.chunks_exact(4);
        let first = pixels.next();
        pixels.any(|pixel| Some(pixel) != first)
    }

    /// The pixels of a part of a window; none of a window that is not shown yet.
    pub(crate) fn picture(&self, window: Window, part: Part) -> Option<Vec<u8>> {
        let asked = self.connection.get_image(
            ImageFormat::Z_PIXMAP,
            window,
            part.x,
            part.y,
            part.width,
            part.height,
            !0,
        );
        let answer = asked.expect("the display is there").reply();
        answer.ok().map(|picture| picture.data)
    }

    /// All of a window.
    pub(crate) fn whole(&self, window: Window) -> Part {
        let asked = self.connection.get_geometry(window);
        let size = asked
            .expect("the display is there")
            .reply()
            .expect("the window is there");
        Part {
            x: 0,
            y: 0,
            width: size.width,
            height: size.height,
        }
    }

    /// Puts the pointer on a place of a window: windows hear of it as if a hand had done so.
    pub(crate) fn point_at(&self, window: Window, (x, y): (i16, i16)) {
        // From wherever it is.
        let asked = self
            .connection
            .warp_pointer(x11rb::NONE, window, 0, 0, 0, 0, x, y);
        asked.expect("the display is there");
        self.connection.flush().expect("the display is there");
    }

    /// From now on [`Screen::left_at`] hears about this window.
    pub(crate) fn watch(&self, window: Window) {
        let wanted = ChangeWindowAttributesAux::new().event_mask(EventMask::STRUCTURE_NOTIFY);
        let asked = self.connection.change_window_attributes(window, &wanted);
        asked
            .expect("the display is there")
            .check()
            .expect("the window is there");
    }

    /// Waits until the watched window leaves the screen; when that was.
    pub(crate) fn left_at(&self, window: Window) -> Instant {
        until("the window closes", || {
            let heard = self
                .connection
                .poll_for_event()
                .expect("the display is there")?;
            let left = match heard {
                Event::UnmapNotify(event) => event.window,
                Event::DestroyNotify(event) => event.window,
                _ => return None,
            };
            (left == window).then(Instant::now)
        })
    }

    fn windows(&self) -> Vec<Window> {
        let listed = self.property(self.root, self.client_list);
        let listed = listed.and_then(|listed| Some(listed.value32()?.collect()));
        listed.unwrap_or_default()
    }

    /// None where the window has gone or does not say.
    fn property(&self, window: Window, name: Atom) -> Option<GetPropertyReply> {
        let asked = self
            .connection
            .get_property(false, window, name, AtomEnum::ANY, 0, LONGEST);
        asked.expect("the display is there").reply().ok()
    }
}
