//! Whose clock is wrong: the recording's computer wrote when each request began, the servers when
//! they answered.

use jiff::{SignedDuration, Timestamp};

use super::entry::Entry;
use crate::fault::Fault;
use crate::finding::Finding;

/// From which difference on a clock is said to be wrong, in seconds: what services and providers
/// allow for at least.
const WRONG: i64 = 60;

/// What the clocks of a recording say.
#[derive(Default)]
pub(super) struct Clocks {
    /// How far the servers were ahead of the computer, in seconds, where they agree.
    pub(super) ahead: i64,
    pub(super) findings: Vec<Finding>,
}

impl Clocks {
    pub(super) fn of(entries: &[Entry]) -> Self {
        let mut hosts: Vec<(&str, i64)> = Vec::new();
        for entry in entries.iter().filter(|entry| entry.status > 0) {
            let (Some(started), Some(date)) = (entry.started, entry.date) else {
                continue;
            };
            let ahead = ahead(started, entry.took, date);
            let host = entry.place.host_name();
            // An answer that was stored on its way is older than it seems: the nearest counts.
            match hosts.iter_mut().find(|(known, _)| *known == host) {
                Some((_, nearest)) if ahead.abs() < nearest.abs() => *nearest = ahead,
                Some(_) => {}
                None => hosts.push((host, ahead)),
            }
        }
        Self::judge(&hosts)
    }

    /// A moment of the recording's computer, as the servers would have had it.
    pub(super) fn corrected(&self, time: Timestamp) -> Timestamp {
        time.checked_add(SignedDuration::from_secs(self.ahead))
            .unwrap_or(time)
    }

    fn judge(hosts: &[(&str, i64)]) -> Self {
        let mut sorted: Vec<i64> = hosts.iter().map(|(_, ahead)| *ahead).collect();
        sorted.sort_unstable();
        let Some(median) = sorted.get(sorted.len() / 2).copied() else {
            return Self::default();
        };
        let agree = |ahead: i64| (ahead - median).abs() < WRONG;
        let agreeing: Vec<&str> = hosts
            .iter()
            .filter(|(_, ahead)| agree(*ahead))
            .map(|(host, _)| *host)
            .collect();
        if median.abs() >= WRONG && agreeing.len() >= 2 && agreeing.len() * 2 > hosts.len() {
            let fault = Fault::ComputerClockOff {
                seconds: median.abs(),
                direction: if median > 0 { "behind" } else { "ahead of" }.to_owned(),
                hosts: crate::text::shown(&agreeing.join(", "), 300),
            };
            return Self {
                ahead: median,
                findings: vec![Finding::warning(fault)],
            };
        }
        let off = hosts.iter().filter(|(_, ahead)| ahead.abs() >= WRONG);
        let findings = off.map(|(host, ahead)| {
            Finding::warning(Fault::ServerClockOff {
                host: (*host).to_owned(),
                seconds: ahead.abs(),
                direction: if *ahead > 0 { "ahead of" } else { "behind" }.to_owned(),
            })
        });
        Self {
            // With one server alone, the sign-in is judged by its clock.
            ahead: if hosts.len() == 1 && median.abs() >= WRONG {
                median
            } else {
                0
            },
            findings: findings.take(3).collect(),
        }
    }
}

/// How far the server's clock was ahead. It wrote the date at some moment of the request, in whole
/// seconds.
fn ahead(started: Timestamp, took: SignedDuration, date: Timestamp) -> i64 {
    let from_start = date.duration_since(started).as_secs();
    let from_end = from_start - took.as_secs();
    if from_start < -1 {
        from_start
    } else if from_end > 1 {
        from_end
    } else {
        0
    }
}
