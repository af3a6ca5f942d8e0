//! The sign-in window's guard, in the real WebKitGTK: each test runs in a network of its own, and each
//! shows first, with a window as Tauri makes it, that what it looks for would be seen.

use std::time::Duration;

use latchkey_tests::room::{self, CONTROL_ADDRESS, GUARDED_ADDRESS};

mod commands;
mod endings;
mod forms;
mod loads;
mod navigations;
mod profile;
mod shape;
mod tile;
mod tripwire;
mod untrusted;

/// The service's host, its Login Redirect URL, and two hosts of a provider.
const GUARDED_HOST: &str = "app.torq.io";
const GUARDED: &str = "https://app.torq.io/__/auth/handler";
/// What the controls go to in their place, so that a late connection is not laid to the guard.
const CONTROL_HOST: &str = "control.example";
const PROVIDER: &str = "id.example";
const OTHER: &str = "other.example";

/// No single event takes this long on the slowest machine that runs these tests.
const PATIENCE: Duration = Duration::from_secs(20);

fn in_a_room(test: &str, body: impl FnOnce()) {
    let hosts = [
        (
            "127.0.0.1",
            "id.example other.example accounts.google.com login.microsoftonline.com",
        ),
        (GUARDED_ADDRESS, GUARDED_HOST),
        (CONTROL_ADDRESS, CONTROL_HOST),
    ];
    room::in_a_room(test, &hosts, body);
}
