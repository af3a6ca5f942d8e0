//! Two sign-ins after each other share nothing: the second person is not the first.

use latchkey_tests::{
    probe::Probe,
    room::Display,
    site::{Page, Request, Site},
};

use crate::{GUARDED, PATIENCE, PROVIDER, in_a_room};

/// Leaves a cookie and a stored value, and tells what it found.
const REMEMBERING: &str = "<script>
const found = localStorage.seen ?? 'nothing';
localStorage.seen = 'something';
fetch(`/found/${found}`);
</script>";

#[test]
fn the_second_sign_in_finds_neither_cookie_nor_storage() {
    in_a_room(
        "profile::the_second_sign_in_finds_neither_cookie_nor_storage",
        || {
            let display = Display::open();
            let mut probe = Probe::start(&display);
            let site = Site::open(|request| match request.path.as_str() {
                "/sign-in" => Page::html(REMEMBERING)
                    .with("Set-Cookie", "seen=something; Max-Age=3600; Path=/"),
                _ => Page::status(204),
            });
            let start = site.at(PROVIDER, "/sign-in");

            let mut control = || {
                probe.plain(&start, false);
                let visit = visit(&site);
                probe.close();
                visit
            };
            control();
            let (first, told) = control();
            assert_eq!(
                first.cookie.as_deref(),
                Some("seen=something"),
                "a window that keeps a profile sends it"
            );
            assert_eq!(
                told.path, "/found/something",
                "a window that keeps a profile finds it"
            );

            for run in 1..=2 {
                probe.sit(&start, GUARDED);
                let (first, told) = visit(&site);
                probe.cancel();
                drop(probe.ended());
                assert_eq!(first.cookie, None, "run {run}");
                assert_eq!(told.path, "/found/nothing", "run {run}");
            }
        },
    );
}

/// The first request of a visit, and what its page found.
fn visit(site: &Site) -> (Request, Request) {
    let first = site
        .asked_for("/sign-in", PATIENCE)
        .expect("the page is asked for");
    let told = site
        .asked_for("/found/", PATIENCE)
        .expect("the page tells what it found");
    (first, told)
}
