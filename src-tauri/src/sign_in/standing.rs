//! Where the sign-in window stands, and what its page says.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use latchkey_core::diagnosis::Known;
use latchkey_core::diagnosis::page::{Page, of_dead_end, of_page};
use latchkey_core::{Catalogue, Finding, SetUp};
use url::Url;

use super::Tell;
use crate::sign_in_window::{self, Address};
use crate::wire::Progress;

/// The page on which the sign-in window stands, and what it says about why nothing goes on.
#[derive(Clone, Default)]
pub(super) struct Standing(Arc<Mutex<Stood>>);

#[derive(Default)]
struct Stood {
    address: String,
    /// The error status of the page that is coming.
    coming: Option<u16>,
    /// The error status of the page on screen.
    status: Option<u16>,
    found: Vec<Finding>,
    dead_end: Option<Finding>,
}

impl Standing {
    /// What the page proves, else that nothing leads on from it.
    pub(super) fn says(&self) -> Vec<Finding> {
        let mut stood = self.lock();
        let dead_end = stood.dead_end.take();
        let found = std::mem::take(&mut stood.found);
        if found.is_empty() {
            dead_end.into_iter().collect()
        } else {
            found
        }
    }

    fn lock(&self) -> MutexGuard<'_, Stood> {
        // Whole after every statement, so a panic elsewhere leaves nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stood {
    /// Reads the page; `true` when there is something else to say than before.
    fn read(&mut self, shown: &sign_in_window::Shown, set_up: &SetUp) -> bool {
        let host = shown.address.host();
        let page = Page {
            host: &host,
            title: &shown.title,
            text: &shown.text,
            status: self.status,
            ends: shown.ends,
        };
        let known = Known {
            set_up: Some(set_up),
            catalogue: Catalogue::built_in(),
            now: Timestamp::now(),
        };
        let found = of_page(&page, &known);
        self.dead_end = of_dead_end(&page);
        let differs = found != self.found;
        self.found = found;
        differs
    }
}

/// Passes on where the sign-in window is, whether its page is still on its way, and what the page
/// says of an error.
pub(super) fn follow(
    tell: Tell,
    start: Url,
    set_up: SetUp,
) -> (impl Fn(sign_in_window::Progress) + Send + Sync, Standing) {
    let standing = Standing::default();
    standing.lock().address = Address::of(&start).to_string();
    let stands = standing.clone();
    let followed = move |progress| {
        let mut stood = stands.lock();
        let loading = match progress {
            sign_in_window::Progress::At(address) => {
                *stood = Stood {
                    address: address.to_string(),
                    status: stood.coming.take(),
                    ..Stood::default()
                };
                true
            }
            sign_in_window::Progress::Loading(loading) => loading,
            sign_in_window::Progress::HttpStatus(status) => {
                stood.coming = Some(status);
                return;
            }
            sign_in_window::Progress::Shows(shown) => {
                if stood.read(&shown, &set_up) {
                    let findings = stood.found.iter().map(Finding::told).collect();
                    tell(Progress::Shows { findings });
                }
                return;
            }
            _ => return,
        };
        tell(Progress::At {
            address: stood.address.clone(),
            loading,
        });
    };
    (followed, standing)
}
