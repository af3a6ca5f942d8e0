//! However a provider answers, and whatever a page tries, nothing connects to the guarded host.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use latchkey_tests::{
    probe::Probe,
    room::{CONTROL_ADDRESS, Display, GUARDED_ADDRESS},
    site::{Page, Site},
    tripwire::Tripwire,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    CONTROL_HOST, GUARDED, GUARDED_HOST, PATIENCE, PROVIDER,
    forms::FORMS,
    in_a_room,
    loads::LOADS,
    navigations::NAVIGATIONS,
    shape::{Control, Expect, Person, RELAY_STATE, Shape, response},
};

/// An answer that is not seen by then is not seen at all.
const LIMIT: Duration = Duration::from_secs(15);

/// Also 80 and another one: the host is guarded on every port.
const PORTS: &[u16] = &[443, 80, 8443];

#[test]
fn answers_by_address_are_caught_and_none_leaves() {
    in_a_room(
        "tripwire::answers_by_address_are_caught_and_none_leaves",
        || all(NAVIGATIONS),
    );
}

#[test]
fn answers_by_form_are_caught_and_none_leaves() {
    in_a_room(
        "tripwire::answers_by_form_are_caught_and_none_leaves",
        || all(FORMS),
    );
}

#[test]
fn loads_that_are_no_navigations_do_not_leave() {
    in_a_room(
        "tripwire::loads_that_are_no_navigations_do_not_leave",
        || all(LOADS),
    );
}

/// On this computer a port is a server of its own: the practice provider may be the next one.
#[test]
fn a_loopback_address_is_guarded_at_its_own_port_only() {
    in_a_room(
        "tripwire::a_loopback_address_is_guarded_at_its_own_port_only",
        || {
            const PORT: u16 = 8400;
            const LOOPBACK: &str = "http://127.0.0.1:8400/callback";
            let display = Display::open();
            let mut probe = Probe::start(&display);
            let tripwire = Tripwire::stretch("127.0.0.1", &[PORT]);
            let provider = Site::open(|request| match request.path.as_str() {
                "/" => Page::html(format!(
                    "<img src='{LOOPBACK}'><img src='http://localhost:{PORT}/'>
                   <script>fetch('{LOOPBACK}', {{ mode: 'no-cors' }})
                   .catch(() => {{ location = '/on' }})</script>"
                )),
                "/on" => Page::redirect(302, &format!("{LOOPBACK}?code=1")),
                _ => Page::status(204),
            });
            let start = provider.at("127.0.0.1", "/");

            probe.plain(&start, true);
            assert!(
                tripwire.rings_within(PATIENCE),
                "a window without the guard does not ring"
            );
            probe.close();
            // Another process: the first one's connections may still be on their way.
            drop(probe);
            let mut probe = Probe::start(&display);
            drop(tripwire.rung());

            probe.sit_for(&start, LOOPBACK, LIMIT);
            let expected =
                json!({ "kind": "address", "sha256": digest(&format!("{LOOPBACK}?code=1")) });
            assert_eq!(probe.ended(), expected);
            assert!(tripwire.rung().is_empty(), "something left");
        },
    );
}

/// What all shapes of a table share.
struct Stand {
    display: Display,
    probe: Probe,
    provider: Site,
    tripwire: Tripwire,
    /// The same pages, with the control's host in the place of the guarded one.
    control_provider: Site,
    control_tripwire: Tripwire,
}

fn all(shapes: &'static [Shape]) {
    let mut stand = Stand::set_up();
    let wrong: Vec<String> = shapes
        .iter()
        // Parts of other shapes.
        .filter(|shape| !shape.page.starts_with("script: ") && !shape.name.starts_with("relay_"))
        .filter_map(|shape| {
            let begun = Instant::now();
            let tried = stand.try_out(shape);
            told(shape, begun.elapsed(), &tried);
            tried.err().map(|why| format!("{}: {why}", shape.name))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {} shapes:\n{}",
        wrong.len(),
        shapes.len(),
        wrong.join("\n")
    );
}

#[expect(
    clippy::print_stdout,
    reason = "which shape it was, where the run is cut short"
)]
fn told(shape: &Shape, took: Duration, tried: &Result<(), String>) {
    println!("{:5} ms  {} {tried:?}", took.as_millis(), shape.name);
}

fn provider(host: &'static str) -> Site {
    let shapes: HashMap<_, _> = [NAVIGATIONS, FORMS, LOADS]
        .into_iter()
        .flatten()
        .map(|shape| (shape.name, shape))
        .collect();
    Site::open(
        move |request| match shapes.get(request.path.trim_start_matches('/')) {
            Some(shape) => shape.answer(host, request.port),
            None => Page::status(204),
        },
    )
}

impl Stand {
    fn set_up() -> Self {
        let display = Display::open();
        let mut probe = Probe::start(&display);
        let provider_of_guarded = provider(GUARDED_HOST);
        let tripwire = Tripwire::stretch(GUARDED_ADDRESS, PORTS);
        // A tripwire that has not rung proves nothing: this very one, from this very engine.
        probe.plain(&provider_of_guarded.at(PROVIDER, "/redirect_302"), true);
        assert!(
            tripwire.rings_within(PATIENCE),
            "a window without the guard does not ring"
        );
        probe.close();
        // Another process: the first one's connections may still be on their way.
        drop(probe);
        let probe = Probe::start(&display);
        drop(tripwire.rung());
        Self {
            display,
            probe,
            provider: provider_of_guarded,
            tripwire,
            control_provider: provider(CONTROL_HOST),
            control_tripwire: Tripwire::stretch(CONTROL_ADDRESS, PORTS),
        }
    }

    fn try_out(&mut self, shape: &Shape) -> Result<(), String> {
        if shape.control == Control::Rings && !self.control(shape) {
            return Err("the control did not ring, so that nothing is proved".to_owned());
        }
        self.provider.forget();
        self.probe
            .sit_for(&start(&self.provider, shape), GUARDED, LIMIT);
        act(&self.display, &self.provider, shape);
        if let Expect::Nothing = shape.expect {
            // Without an answer the sitting ends at its limit, and is reported so.
            if self.provider.asked_for("/settled", LIMIT).is_some() {
                self.probe.cancel();
            }
        }
        let ended = self.probe.ended();
        let rung = self.tripwire.rung();
        if !rung.is_empty() {
            return Err(format!("connections to ports {rung:?}"));
        }
        matches_expectation(&ended, shape.expect)
    }

    /// Whether the same page reaches its host in a window without the guard.
    fn control(&mut self, shape: &Shape) -> bool {
        self.control_provider.forget();
        drop(self.control_tripwire.rung());
        self.probe
            .plain(&start(&self.control_provider, shape), true);
        act(&self.display, &self.control_provider, shape);
        let rang = self.control_tripwire.rings_within(LIMIT);
        self.probe.close();
        rang
    }
}

fn start(provider: &Site, shape: &Shape) -> String {
    provider.at(shape.host, &format!("/{}", shape.name))
}

/// What the person does; a page that never comes shows in what the window ends with.
fn act(display: &Display, provider: &Site, shape: &Shape) {
    if shape.person == Person::Clicks && provider.asked_for("/ready", LIMIT).is_some() {
        display.click(280, 400);
    }
}

fn matches_expectation(ended: &Value, expect: Expect) -> Result<(), String> {
    let fields = |more: &[(&str, &str)]| {
        let mut fields = vec![
            ("SAMLResponse".to_owned(), response()),
            ("RelayState".to_owned(), RELAY_STATE.replace('\n', "\r\n")),
        ];
        fields.extend(
            more.iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| json!([name, digest(value)]))
            .collect();
        json!({ "kind": "form", "fields": fields })
    };
    let expected = match expect {
        Expect::Address(rest) => {
            json!({ "kind": "address", "sha256": digest(&format!("{GUARDED}{rest}")) })
        }
        Expect::Form => fields(&[]),
        Expect::FormWith(name, value) => fields(&[(name, value)]),
        Expect::NotCaptured => json!({ "kind": "not_captured" }),
        Expect::Elsewhere(path) => json!({ "kind": "elsewhere", "path": path }),
        Expect::Nothing => json!({ "kind": "cancelled" }),
    };
    let mut ended = ended.clone();
    let object = ended.as_object_mut().ok_or("the probe says an object")?;
    if let Some(at) = object.remove("at") {
        let at = at.as_str().unwrap_or_default();
        let path = at
            .split_once(GUARDED_HOST)
            .map_or(at, |(_, rest)| rest.trim_start_matches(|c| c != '/'));
        object.insert("path".to_owned(), path.into());
    }
    if let Some(action) = object.remove("action")
        && !action.as_str().unwrap_or_default().starts_with(GUARDED)
    {
        return Err(format!("an answer to {action}"));
    }
    (ended == expected)
        .then_some(())
        .ok_or_else(|| format!("expected {expected}, ended {ended}"))
}

fn digest(value: &str) -> String {
    Sha256::digest(value)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
