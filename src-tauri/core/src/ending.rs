//! How near the end of a certificate or a secret is, and what that calls for.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use specta::Type;

/// From how many days on the end is near enough to act.
pub const SOON: i32 = 30;

/// From how many days on the end is worth knowing: a rotation takes planning.
pub const IN_SIGHT: i32 = 90;

/// When the first of what a connection rests on ends, as seen at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
pub struct Ending {
    /// The end.
    pub at: Timestamp,
    /// Whole days until then; negative once it is past.
    pub days: i32,
    /// What it calls for.
    pub due: Due,
}

/// What an end calls for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Due {
    /// Nothing yet.
    Far,
    /// A rotation is to be planned.
    InSight,
    /// Somebody should act.
    Soon,
    /// It is past.
    Past,
}

impl Ending {
    /// The end at `at`, as seen at `now`.
    pub fn of(at: Timestamp, now: Timestamp) -> Self {
        let left = at.duration_since(now);
        let day = SignedDuration::from_hours(24);
        // Times span 20,000 years: some seven million days.
        let days = left.as_millis().div_euclid(day.as_millis());
        Self {
            at,
            days: i32::try_from(days).unwrap_or(i32::MAX),
            due: match left {
                left if left <= SignedDuration::ZERO => Due::Past,
                left if left <= day * SOON => Due::Soon,
                left if left <= day * IN_SIGHT => Due::InSight,
                _ => Due::Far,
            },
        }
    }

    /// Whether nobody has to act yet.
    pub fn is_distant(&self) -> bool {
        matches!(self.due, Due::Far | Due::InSight)
    }
}

#[cfg(test)]
mod tests {
    use super::Due::{Far, InSight, Past, Soon};
    use super::*;

    #[test]
    fn an_end_is_told_in_whole_days_and_by_what_it_calls_for() {
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        for (at, days, due) in [
            ("2027-06-01T12:00:00Z", 191, Far),
            ("2027-02-20T12:00:01Z", 90, Far),
            ("2027-02-20T12:00:00Z", 90, InSight),
            ("2026-12-22T12:00:01Z", 30, InSight),
            ("2026-12-22T12:00:00Z", 30, Soon),
            ("2026-12-13T13:00:00Z", 21, Soon),
            ("2026-11-22T12:00:01Z", 0, Soon),
            ("2026-11-22T12:00:00Z", 0, Past),
            ("2026-11-20T12:00:00Z", -2, Past),
            ("2026-11-22T11:59:59Z", -1, Past),
        ] {
            let at = at.parse().unwrap();
            let expected = Ending { at, days, due };
            assert_eq!(Ending::of(at, now), expected, "{at}");
        }
        let farthest = Ending::of(Timestamp::MAX, Timestamp::MIN);
        assert!(farthest.is_distant() && farthest.days > 5_000_000);
    }
}
