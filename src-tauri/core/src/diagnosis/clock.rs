//! A computer's clock, held against the time that a server writes into its answers.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::fault::Fault;

/// What is still right for a sign-in, in seconds: half the minute that verification allows.
pub const RIGHT: i64 = 30;

/// How far a clock is from a server's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Clock {
    /// The server.
    pub host: String,
    /// By how many seconds this clock is ahead of the server's; behind where negative.
    pub ahead: i64,
    /// By how many seconds that may be wrong: the way of the answer, and the second that `Date` cuts.
    pub uncertain: i64,
    /// When it was measured, by this clock.
    pub at: Timestamp,
}

impl Clock {
    /// Reads a `Date` field (RFC 9110, section 6.6.1). `age` is what a cache adds to it (RFC 9111,
    /// section 5.1). The answer was made between `asked` and `answered`, by the clock in question.
    /// None where the field is no date.
    pub fn read(
        host: &str,
        date: &str,
        age: Option<&str>,
        asked: Timestamp,
        answered: Timestamp,
    ) -> Option<Self> {
        let date = jiff::fmt::rfc2822::parse(date.trim()).ok()?.timestamp();
        let age = match age {
            Some(text) => text.trim().parse::<u32>().ok()?,
            None => 0,
        };
        let theirs = date
            .checked_add(SignedDuration::from_secs(age.into()))
            .ok()?;
        let way = answered.duration_since(asked).as_secs().max(0);
        Some(Self {
            host: host.to_owned(),
            ahead: answered.duration_since(theirs).as_secs() - way / 2,
            uncertain: way / 2 + 1,
            at: answered,
        })
    }

    /// Whether it is certain that the clock is further off than [`RIGHT`] seconds.
    pub fn is_off(&self) -> bool {
        self.ahead.abs() > RIGHT + self.uncertain
    }

    /// The finding of a clock that is off.
    pub fn fault(&self) -> Fault {
        Fault::ClockDiffers {
            host: self.host.clone(),
            by: spoken(self.ahead.unsigned_abs()),
            direction: if self.ahead > 0 { "ahead of" } else { "behind" }.to_owned(),
        }
    }

    /// What was measured, in one sentence.
    pub fn says(&self) -> String {
        let of = &self.host;
        match self.is_off() {
            true => {
                let direction = if self.ahead > 0 { "ahead of" } else { "behind" };
                let by = spoken(self.ahead.unsigned_abs());
                format!("No: it is {by} {direction} that of {of}.")
            }
            false => format!("Yes: it agrees with that of {of} to within half a minute."),
        }
    }
}

/// A length of time in the largest unit that fits.
fn spoken(seconds: u64) -> String {
    let (count, unit) = match seconds {
        0..120 => (seconds, "second"),
        120..7_200 => (seconds / 60, "minute"),
        7_200..172_800 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(date: &str, age: Option<&str>, now: &str) -> Option<Clock> {
        let now: Timestamp = now.parse().unwrap();
        Clock::read("id.example", date, age, now, now)
    }

    #[test]
    fn a_clock_is_held_against_the_date_of_an_answer() {
        let date = "Sun, 22 Nov 2026 18:00:00 GMT";
        for (now, ahead, off) in [
            ("2026-11-22T18:00:00.9Z", 0, false),
            ("2026-11-22T18:00:31Z", 31, false),
            ("2026-11-22T18:00:32Z", 32, true),
            ("2026-11-22T17:29:00Z", -1860, true),
            ("2026-11-22T17:59:45Z", -15, false),
        ] {
            let clock = read(date, None, now).unwrap();
            assert_eq!((clock.ahead, clock.is_off()), (ahead, off), "{now}");
        }
        let told = read(date, None, "2026-11-22T17:29:00Z").unwrap().says();
        assert_eq!(told, "No: it is 31 minutes behind that of id.example.");
    }

    #[test]
    fn what_a_cache_kept_for_an_hour_makes_no_clock_wrong() {
        let date = "Sun, 22 Nov 2026 17:00:00 GMT";
        let clock = read(date, Some("3600"), "2026-11-22T18:00:05Z").unwrap();
        assert!(!clock.is_off(), "{clock:?}");
    }

    #[test]
    fn a_slow_answer_is_no_proof() {
        let asked: Timestamp = "2026-11-22T18:00:00Z".parse().unwrap();
        let answered = "2026-11-22T18:01:10Z".parse().unwrap();
        let date = "Sun, 22 Nov 2026 18:00:01 GMT";
        let clock = Clock::read("id.example", date, None, asked, answered).unwrap();
        assert!(!clock.is_off(), "{clock:?}");
    }

    #[test]
    fn what_is_no_date_measures_nothing() {
        for (date, age) in [
            ("", None),
            ("now", None),
            ("2026-11-22T18:00:00Z", None),
            ("Sun, 22 Nov 2026 18:00:00 GMT", Some("-1")),
            ("Sun, 22 Nov 2026 18:00:00 GMT", Some("soon")),
        ] {
            assert_eq!(
                read(date, age, "2026-11-22T18:00:00Z"),
                None,
                "{date} {age:?}"
            );
        }
    }
}
