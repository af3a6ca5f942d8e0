//! Every way in which a sitting can end has a name of its own.

use std::{net::TcpListener, time::Duration};

use latchkey_tests::{
    probe::Probe,
    room::Display,
    site::{Page, Site},
};
use serde_json::{Value, json};

use crate::{GUARDED, PATIENCE, PROVIDER, in_a_room, untrusted::untrusted_server};

fn site() -> Site {
    Site::open(|request| match request.path.as_str() {
        "/sign-in" => Page::html("<h1>Sign in</h1><script>fetch('/shown')</script>"),
        "/down" => Page::status(503),
        "/wrong" => Page::html(
            "<form method=post action=/refused></form><script>document.forms[0].submit()</script>",
        ),
        "/refused" => Page::html("<h1>Wrong password</h1><script>fetch('/shown')</script>"),
        "/file" => Page::html("<script>location = '/attachment'</script>"),
        "/link" => {
            Page::html("<a download href=/sign-in>x</a><script>document.links[0].click()</script>")
        }
        "/attachment" => Page::status(200).with("Content-Type", "application/octet-stream"),
        "/v3/signin/rejected" => Page::html("<h1>This browser or app may not be secure"),
        "/device" => Page::html("<p>AADSTS53000: Device is not in required device state"),
        _ => Page::status(204),
    })
}

#[test]
fn each_end_has_its_own_name() {
    in_a_room("endings::each_end_has_its_own_name", || {
        let display = Display::open();
        let mut probe = Probe::start(&display);
        let site = site();
        let shown = |site: &Site| {
            drop(
                site.asked_for("/shown", PATIENCE)
                    .expect("the page is shown"),
            )
        };
        let sign_in = site.at(PROVIDER, "/sign-in");

        probe.sit(&sign_in, GUARDED);
        shown(&site);
        probe.cancel();
        assert_eq!(kind(&probe), "cancelled");

        probe.sit(&sign_in, GUARDED);
        shown(&site);
        display.click(525, 22);
        assert_eq!(kind(&probe), "cancelled", "by the window's own button");

        probe.sit(&sign_in, GUARDED);
        shown(&site);
        display.click(400, 22);
        assert_eq!(kind(&probe), "system_browser_chosen");

        probe.sit_for(&sign_in, GUARDED, Duration::from_millis(700));
        assert_eq!(kind(&probe), "timed_out");
        site.forget();

        probe.sit(&sign_in, GUARDED);
        shown(&site);
        probe.kill_page_process();
        assert_eq!(kind(&probe), "process_ended");

        probe.sit(
            &site.at("accounts.google.com", "/v3/signin/rejected"),
            GUARDED,
        );
        assert_eq!(
            probe.ended(),
            json!({ "kind": "refused", "why": "EmbeddedBrowser" })
        );

        probe.sit(&site.at("login.microsoftonline.com", "/device"), GUARDED);
        assert_eq!(
            probe.ended(),
            json!({ "kind": "refused", "why": "ManagedDevice" })
        );

        for offered in ["/file", "/link"] {
            probe.sit(&site.at(PROVIDER, offered), GUARDED);
            probe.told("DownloadRefused");
            probe.cancel();
            assert_eq!(
                kind(&probe),
                "cancelled",
                "{offered} is refused, the sitting goes on"
            );
        }
    });
}

#[test]
fn the_person_closes_the_window() {
    in_a_room("endings::the_person_closes_the_window", || {
        let display = Display::open().managed();
        let mut probe = Probe::start(&display);
        let site = site();
        probe.sit(&site.at(PROVIDER, "/sign-in"), GUARDED);
        site.asked_for("/shown", PATIENCE)
            .expect("the page is shown");
        display.close_window("Test sign-in");
        assert_eq!(kind(&probe), "closed_by_person");
    });
}

#[test]
fn a_page_that_does_not_load_is_named() {
    in_a_room("endings::a_page_that_does_not_load_is_named", || {
        let display = Display::open();
        let mut probe = Probe::start(&display);
        let site = site();
        let nobody = TcpListener::bind("127.0.0.1:0")
            .and_then(|free| free.local_addr())
            .unwrap();
        let mut why = |start: &str| {
            probe.sit(start, GUARDED);
            let ended = probe.ended();
            assert_eq!(ended["kind"], "cannot_load", "{ended}");
            ended["why"].as_str().unwrap_or_default().to_owned()
        };
        assert_eq!(
            why(&format!("http://{PROVIDER}:{}/", nobody.port())),
            "Refused"
        );
        assert_eq!(why("http://nowhere.example/"), "Dns");
        assert_eq!(why(&site.at(PROVIDER, "/down")), "HttpStatus(503)");

        let (port, requests) = untrusted_server(PROVIDER);
        let tls = why(&format!("https://{PROVIDER}:{port}/"));
        assert_eq!(tls, "Tls([UnknownAuthority], certificate: true)");
        assert!(
            requests.try_recv().is_err(),
            "nothing is sent to a server that is not trusted"
        );
    });
}

#[test]
fn a_window_that_cannot_be_guarded_is_not_opened() {
    in_a_room(
        "endings::a_window_that_cannot_be_guarded_is_not_opened",
        || {
            let display = Display::open();
            let mut probe = Probe::start(&display);
            let site = site();
            for (start, guarded) in [
                (GUARDED, GUARDED),
                ("https://app.torq.io/login", GUARDED),
                ("tauri://localhost/", GUARDED),
                ("file:///etc/passwd", GUARDED),
                ("http://id.example/", "myapp://callback"),
            ] {
                probe.sit(start, guarded);
                assert_eq!(kind(&probe), "not_opened", "{start} {guarded}");
            }
            probe.sit(&site.at(PROVIDER, "/sign-in"), GUARDED);
            site.asked_for("/shown", PATIENCE)
                .expect("the page is shown");
            probe.sit(&site.at(PROVIDER, "/sign-in"), GUARDED);
            assert_eq!(kind(&probe), "not_opened", "one at a time");
        },
    );
}

#[track_caller]
fn kind(probe: &Probe) -> Value {
    probe.ended()["kind"].take()
}
