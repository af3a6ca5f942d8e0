//! From the caught answer to the verdict, as somebody in front of the screen sees both: the sign-in window leaves
//! it, the verdict appears on it. No automation is at work meanwhile; it keeps pages from painting on their own.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use latchkey_tests::wizard::{SIGN_IN_WINDOW, SignInWindow, Wizard};
use x11rb::protocol::xproto::Window;

use crate::figures::Figures;
use crate::program::{Program, Running};
use crate::screen::{Part, Screen};
use crate::until;

/// Who signs in at the practice provider.
const EMAIL: &str = "olivia@acme.example";
const PASSWORD: &str = "olivia-key";

/// A picture that stays the same for so long is done.
const REST: Duration = Duration::from_millis(500);

/// All in milliseconds.
#[derive(Default)]
pub(crate) struct Verdicts {
    /// From the caught answer until the verdict is on the screen.
    pub(crate) on_screen: Figures,
    /// From Enter at the provider's form until the verdict is on the screen.
    pub(crate) whole: Figures,
}

/// Signs in so many times, and once before for the caches and for the picture that all others come to.
pub(crate) fn measured(screen: &Screen, wizard: &Program, data: &Path, times: usize) -> Verdicts {
    let places = prepared(data);
    let running = Running::start(wizard);
    let window = until("the window opens", || screen.window_of(running.id()));
    at_rest(screen, window, places.role);

    let _ = sign_in(screen, window, &places);
    let verdict = at_rest(screen, window, places.role);
    let mut verdicts = Verdicts::default();
    for _ in 0..times {
        let taken = sign_in(screen, window, &places);
        until("the verdict is on the screen", || {
            alike(&screen.picture(window, places.role)?, &verdict).then_some(())
        });
        verdicts
            .on_screen
            .add(taken.caught.elapsed().as_secs_f64() * 1e3);
        verdicts
            .whole
            .add(taken.entered.elapsed().as_secs_f64() * 1e3);
    }
    verdicts
}

/// Where things stand on the page of the test step.
struct Places {
    /// The button that starts a test sign-in.
    start: Part,
    /// The role that somebody gets.
    role: Part,
}

/// Sets a practice workspace up in this folder, as far as one test sign-in.
#[tokio::main]
async fn prepared(data: &Path) -> Places {
    let wizard = Wizard::open(data).await;
    wizard.press("Try it with the practice provider").await;
    for page in ["Choose a provider", "Set up the connection"] {
        wizard.says(page).await;
        wizard.press("Continue").await;
    }
    wizard.says("Map claims to roles").await;
    wizard.press("Add as rule 1").await;
    wizard.press("Continue").await;
    wizard.says("Sign in for a test").await;
    wizard.sign_in_as(EMAIL, PASSWORD).await;
    wizard.says("olivia@acme.example gets").await;
    // In this order: the second scrolls.
    let role = place(&wizard, ROLE).await;
    let start = place(&wizard, START).await;
    wizard.close().await;
    Places { start, role }
}

/// Where the role stands when the verdict comes.
const ROLE: &str = "return document.querySelector('#result-title .role')";

/// Where the button stands once the page is scrolled to its end.
const START: &str = "
    const buttons = [...document.querySelectorAll('button')];
    const start = buttons.find(({ textContent }) => textContent.trim() === 'Start test sign-in');
    for (let part = start; part; part = part.parentElement) part.scrollTop = part.scrollHeight;
    return start";

async fn place(wizard: &Wizard, what: &str) -> Part {
    let script = format!(
        "const found = (() => {{ {what} }})();
        const {{ x, y, width, height }} = found.getBoundingClientRect();
        return [x, y, width, height].map(Math.floor);"
    );
    let found = wizard.driver().execute(script, Vec::new()).await;
    let [x, y, width, height]: [u16; 4] = found
        .and_then(|found| found.convert())
        .expect("it is on the page");
    let at = |place: u16| i16::try_from(place).expect("within the window");
    Part {
        x: at(x),
        y: at(y),
        width,
        height,
    }
}

/// When Enter was pressed, and when the sign-in window left the screen with the answer.
struct Taken {
    entered: Instant,
    caught: Instant,
}

fn sign_in(screen: &Screen, window: Window, places: &Places) -> Taken {
    let page = screen.whole(window);
    mouse(window, page, &["--repeat", "60", WHEEL_DOWN]);
    at_rest(screen, window, page);
    mouse(window, places.start, &[LEFT]);
    let keys = SignInWindow::wait_for(SIGN_IN_WINDOW);
    let form = until("the sign-in window is there", || {
        screen.window_called(SIGN_IN_WINDOW)
    });
    screen.watch(form);
    at_rest(screen, form, screen.whole(form));
    keys.types(EMAIL);
    keys.key("Tab");
    keys.types(PASSWORD);
    let entered = Instant::now();
    keys.key("Return");
    let caught = screen.left_at(form);
    Taken { entered, caught }
}

/// Buttons, as X counts them.
const LEFT: &str = "1";
const WHEEL_DOWN: &str = "5";

/// Real clicks in the middle.
fn mouse(window: Window, at: Part, clicks: &[&str]) {
    let middle =
        |from: i16, length: u16| (from + i16::try_from(length / 2).expect("small")).to_string();
    let clicked = Command::new("xdotool")
        .args(["mousemove", "--sync", "--window", &window.to_string()])
        .args([middle(at.x, at.width), middle(at.y, at.height)])
        .arg("click")
        .args(clicks)
        .status();
    let clicked = clicked.expect("xdotool is missing: apt-get install xdotool");
    assert!(clicked.success());
}

/// The picture once it has been the same for a while.
fn at_rest(screen: &Screen, window: Window, part: Part) -> Vec<u8> {
    let mut before = None;
    until("the page is at rest", || {
        std::thread::sleep(REST);
        let now = screen.picture(window, part);
        if now == before {
            return now;
        }
        before = now;
        None
    })
}

/// Whether two pictures show the same, but for the edges of letters, which are not always drawn alike: one value in
/// a hundred may be another.
fn alike(one: &[u8], other: &[u8]) -> bool {
    let values = one.iter().zip(other);
    let others = values.filter(|(one, other)| one.abs_diff(**other) > 64);
    others.count() * 100 <= one.len()
}
