use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::RngCore;
use rand::rngs::OsRng;
use sha2::{Digest, Sha256};

/// Things handed out against a ticket that cannot be guessed, each for a limited time.
///
/// At most `capacity` are kept; a new one pushes out the one that ends first. The tickets
/// themselves are not kept, only their digests, so a look-up tells nothing by its duration.
pub(crate) struct Shelf<T> {
    capacity: usize,
    lifetime: Duration,
    kept: Mutex<HashMap<[u8; 32], Kept<T>>>,
}

struct Kept<T> {
    until: u64,
    thing: T,
}

impl<T: Clone> Shelf<T> {
    pub(crate) fn new(capacity: usize, lifetime: Duration) -> Self {
        Shelf {
            capacity,
            lifetime,
            kept: Mutex::default(),
        }
    }

    /// Keeps `thing` from `now` on, in seconds since 1970, and gives the ticket for it.
    pub(crate) fn put(&self, thing: T, now: u64) -> String {
        let ticket = ticket();
        let mut kept = self.kept();
        kept.retain(|_, entry| entry.until > now);
        while kept.len() >= self.capacity {
            let Some(first) = kept
                .iter()
                .min_by_key(|(_, entry)| entry.until)
                .map(|(k, _)| *k)
            else {
                break;
            };
            kept.remove(&first);
        }
        let until = now.saturating_add(self.lifetime.as_secs());
        kept.insert(digest(&ticket), Kept { until, thing });
        ticket
    }

    /// What the ticket stands for, as long as its time lasts.
    pub(crate) fn look(&self, ticket: &str, now: u64) -> Option<T> {
        let kept = self.kept();
        let entry = kept.get(&digest(ticket))?;
        (entry.until > now).then(|| entry.thing.clone())
    }

    /// Changes the thing behind the ticket, under one lock; gives what `change` gives.
    pub(crate) fn with<R>(
        &self,
        ticket: &str,
        now: u64,
        change: impl FnOnce(&mut T) -> R,
    ) -> Option<R> {
        let mut kept = self.kept();
        let entry = kept.get_mut(&digest(ticket))?;
        (entry.until > now).then(|| change(&mut entry.thing))
    }

    pub(crate) fn drop_ticket(&self, ticket: &str) {
        self.kept().remove(&digest(ticket));
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<[u8; 32], Kept<T>>> {
        // Every change is one insertion or removal: a panic elsewhere leaves nothing half done.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// 256 bits from the operating system, as base64url.
pub(crate) fn ticket() -> String {
    let mut bytes = [0; 32];
    OsRng.fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

fn digest(ticket: &str) -> [u8; 32] {
    Sha256::digest(ticket.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn a_thing_is_there_until_its_time_is_over() {
        let shelf = Shelf::new(8, MINUTE);
        let ticket = shelf.put("code", 1_000);
        assert_eq!(shelf.look(&ticket, 1_059), Some("code"));
        assert_eq!(shelf.look(&ticket, 1_060), None);
        assert_eq!(shelf.with(&ticket, 1_060, |_| ()), None);
    }

    #[test]
    fn another_ticket_opens_nothing() {
        let shelf = Shelf::new(8, MINUTE);
        let ticket = shelf.put("code", 0);
        assert_eq!(shelf.look("", 1), None);
        assert_eq!(shelf.look(&format!("{ticket}x"), 1), None);
    }

    #[test]
    fn the_oldest_gives_way_when_the_shelf_is_full() {
        let shelf = Shelf::new(2, MINUTE);
        let tickets: Vec<_> = (0..3).map(|now| shelf.put(now, now)).collect();
        let left: Vec<_> = tickets.iter().map(|ticket| shelf.look(ticket, 3)).collect();
        assert_eq!(left, [None, Some(1), Some(2)]);
    }

    #[test]
    fn what_has_ended_takes_no_room() {
        let shelf = Shelf::new(100, MINUTE);
        for now in 0..100 {
            shelf.put((), now);
        }
        shelf.put((), 1_000);
        assert_eq!(shelf.kept().len(), 1);
    }

    #[test]
    fn a_dropped_ticket_opens_nothing() {
        let shelf = Shelf::new(8, MINUTE);
        let ticket = shelf.put((), 0);
        shelf.drop_ticket(&ticket);
        assert_eq!(shelf.look(&ticket, 1), None);
    }
}
