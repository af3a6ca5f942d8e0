//! A sign-in that the provider's tile starts: whatever way the tile takes to the service, it is caught
//! before anything connects there, and the window goes on at the provider.

use latchkey_tests::{
    probe::Probe,
    room::{Display, GUARDED_ADDRESS},
    site::{Page, Site},
    tripwire::Tripwire,
};
use serde_json::json;

use crate::{GUARDED, PATIENCE, PROVIDER, in_a_room};

/// The service's Initiate login URI.
const START: &str = "https://app.torq.io/auth/SSOSignIn";
/// What the provider sends along.
const SENT: &str = "iss=https%3A%2F%2Fid.example&login_hint=olivia%40acme.example";

/// Tiles, by the body of their dashboard; `{START}` is the Initiate login URI with what is sent.
const TILES: [(&str, &str); 6] = [
    (
        "link",
        "<a href='{START}'>Torq</a><script>document.links[0].click()</script>",
    ),
    (
        "new_tab",
        "<a target=_blank href='{START}'>Torq</a><script>document.links[0].click()</script>",
    ),
    ("script", "<script>location = '{START}'</script>"),
    ("window", "<script>open('{START}')</script>"),
    (
        "by_way_of_the_provider",
        "<script>location = '/tile'</script>",
    ),
    (
        "new_tab_by_way_of_the_provider",
        "<script>open('/tile')</script>",
    ),
];

#[test]
fn a_tile_is_caught_on_its_way_to_the_service_and_the_sign_in_goes_on() {
    in_a_room(
        "tile::a_tile_is_caught_on_its_way_to_the_service_and_the_sign_in_goes_on",
        || {
            let display = Display::open();
            let start = format!("{START}?domain=acme.example&{SENT}");
            let site = site(&start);
            let tripwire = Tripwire::stretch(GUARDED_ADDRESS, &[443, 80]);
            let mut probe = Probe::start(&display);
            probe.plain(&site.at(PROVIDER, "/script"), true);
            assert!(
                tripwire.rings_within(PATIENCE),
                "a window without the guard does not ring"
            );
            probe.close();
            // Another process: the first one's connections may still be on their way.
            drop(probe);
            let mut probe = Probe::start(&display);
            drop(tripwire.rung());

            for (name, _) in TILES {
                let dashboard = site.at(PROVIDER, &format!("/{name}"));
                let next = site.at(PROVIDER, "/authorize");
                probe.sit_at_tile(&dashboard, GUARDED, START, &next);
                assert_eq!(probe.started(), json!(start), "{name}");
                assert_eq!(probe.ended()["kind"], "address", "{name}");
                assert!(tripwire.rung().is_empty(), "{name}: something left");
            }

            let next = site.at(PROVIDER, "/authorize");
            probe.sit_at_tile(&site.at(PROVIDER, "/form"), GUARDED, START, &next);
            assert_eq!(probe.started(), json!([["iss", "https://id.example"]]));
            assert_eq!(probe.ended()["kind"], "address", "form");

            for (page, kind) in [
                ("/answer", "answered_unasked"),
                ("/home", "started_elsewhere"),
            ] {
                probe.sit_at_tile(&site.at(PROVIDER, page), GUARDED, START, &next);
                assert_eq!(probe.ended()["kind"], kind);
            }
            assert!(tripwire.rung().is_empty(), "something left");
        },
    );
}

fn site(start: &str) -> Site {
    let start = start.to_owned();
    Site::open(move |request| {
        let tile = TILES
            .iter()
            .find(|(name, _)| request.path.trim_start_matches('/') == *name);
        match (request.path.as_str(), tile) {
            (_, Some((_, body))) => Page::html(body.replace("{START}", &start)),
            ("/tile", _) => Page::redirect(302, &start),
            ("/form", _) => Page::html(format!(
                "<form method=post action='{START}'><input name=iss value='https://id.example'></form>\
                 <script>document.forms[0].submit()</script>"
            )),
            ("/authorize", _) => Page::redirect(303, &format!("{GUARDED}?code=1")),
            ("/answer", _) => Page::redirect(302, &format!("{GUARDED}#id_token=1")),
            ("/home", _) => Page::redirect(302, "https://app.torq.io/"),
            _ => Page::status(204),
        }
    })
}
