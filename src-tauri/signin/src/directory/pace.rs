//! How fast: as the server's headers say, and again where a page did not come.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use latchkey_core::Fault;

use crate::http::PageAnswer;

/// How often and how long it is tried.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How often one page is asked for.
    pub attempts: u32,
    /// The first wait after a failure; each further one is twice as long.
    pub first: Duration,
    /// The longest that a server can have us wait.
    pub longest: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            attempts: 5,
            first: Duration::from_secs(1),
            longest: Duration::from_secs(120),
        }
    }
}

/// Whether a page is asked for again.
pub(super) enum Again {
    /// It came, or asking again would not help.
    No,
    /// After this long.
    After(Duration),
}

impl Pace {
    pub(super) fn again(
        &self,
        answer: &Result<PageAnswer, Fault>,
        attempt: u32,
        now: Timestamp,
    ) -> Again {
        if attempt >= self.attempts {
            return Again::No;
        }
        let later = self.first * 2_u32.saturating_pow(attempt - 1);
        match answer {
            Ok(answer) => match answer.status {
                429 => Again::After(
                    asked_for(answer, now)
                        .or(reset(answer, now))
                        .unwrap_or(later),
                ),
                502..=504 => Again::After(asked_for(answer, now).unwrap_or(later)),
                _ => Again::No,
            },
            Err(
                Fault::ConnectionFailed { .. }
                | Fault::ConnectionRefused { .. }
                | Fault::NoAnswerInTime { .. },
            ) => Again::After(later),
            Err(_) => Again::No,
        }
    }
}

/// How long until the server takes requests again, where this answer used up the last one.
pub(super) fn until_reset(answer: &PageAnswer, now: Timestamp) -> Option<Duration> {
    let left: u64 = of_limit(answer, "remaining")?.parse().ok()?;
    reset(answer, now).filter(|wait| left == 0 && !wait.is_zero())
}

/// `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date.
fn asked_for(answer: &PageAnswer, now: Timestamp) -> Option<Duration> {
    let value = answer.header("retry-after")?.trim();
    match value.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => Some(until(date(value)?, answer, now)),
    }
}

/// The time at which a new period begins, in seconds since 1970.
fn reset(answer: &PageAnswer, now: Timestamp) -> Option<Duration> {
    let seconds = of_limit(answer, "reset")?.parse().ok()?;
    Some(until(Timestamp::from_second(seconds).ok()?, answer, now))
}

/// Okta writes `X-Rate-Limit-`, most others `X-RateLimit-`.
fn of_limit<'a>(answer: &'a PageAnswer, what: &str) -> Option<&'a str> {
    let name = |prefix: &str| format!("{prefix}-{what}");
    let found = answer
        .header(&name("x-rate-limit"))
        .or(answer.header(&name("x-ratelimit")));
    found.map(str::trim)
}

/// Until then by the server's own clock, where it tells it.
fn until(then: Timestamp, answer: &PageAnswer, now: Timestamp) -> Duration {
    let now = answer.header("date").and_then(date).unwrap_or(now);
    Duration::try_from(then.duration_since(now)).unwrap_or_default()
}

fn date(text: &str) -> Option<Timestamp> {
    DateTimeParser::new().parse_timestamp(text).ok()
}

#[cfg(test)]
mod tests {
    use openidconnect::http::{HeaderMap, HeaderName, HeaderValue};

    use super::*;

    fn answer(status: u16, headers: &[(&str, &str)]) -> Result<PageAnswer, Fault> {
        let header = |(name, value): &(&str, &str)| -> (HeaderName, HeaderValue) {
            (name.parse().unwrap(), value.parse().unwrap())
        };
        Ok(PageAnswer {
            status,
            headers: headers.iter().map(header).collect::<HeaderMap>(),
            body: Vec::new(),
        })
    }

    fn wait(answer: &Result<PageAnswer, Fault>, attempt: u32) -> Option<u64> {
        let now = "2026-11-22T18:00:00Z".parse().unwrap();
        match Pace::default().again(answer, attempt, now) {
            Again::After(wait) => Some(wait.as_secs()),
            Again::No => None,
        }
    }

    #[test]
    fn the_server_says_how_long() {
        let date = ("date", "Sun, 22 Nov 2026 18:00:00 GMT");
        for (headers, seconds) in [
            (&[("retry-after", "7")][..], 7),
            (&[("retry-after", "Sun, 22 Nov 2026 18:00:30 GMT")], 30),
            (&[("x-rate-limit-reset", "1795370460")], 60),
            (&[("x-ratelimit-reset", "1795370460"), date], 60),
            (&[("x-rate-limit-reset", "1795370400")], 0),
            (&[("x-rate-limit-reset", "1")], 0),
            (&[("retry-after", "soon")], 1),
            (&[], 1),
        ] {
            assert_eq!(wait(&answer(429, headers), 1), Some(seconds), "{headers:?}");
        }
    }

    #[test]
    fn a_failure_is_tried_again_ever_later_and_not_for_ever() {
        assert_eq!(
            [1, 2, 3, 4, 5].map(|attempt| wait(&answer(503, &[]), attempt)),
            [Some(1), Some(2), Some(4), Some(8), None]
        );
        let refused = Err(Fault::ConnectionRefused {
            host: String::new(),
            port: 1,
        });
        assert_eq!(wait(&refused, 1), Some(1));
    }

    #[test]
    fn what_asking_again_does_not_change_is_not_asked_again() {
        for status in [200, 301, 400, 401, 403, 404, 500, 501] {
            assert_eq!(
                wait(&answer(status, &[("retry-after", "1")]), 1),
                None,
                "{status}"
            );
        }
        assert_eq!(
            wait(
                &Err(Fault::HostNotFound {
                    host: String::new()
                }),
                1
            ),
            None
        );
    }

    #[test]
    fn the_last_request_of_a_period_has_the_next_one_wait() {
        let now: Timestamp = "2026-11-22T18:00:00Z".parse().unwrap();
        let until = |left: &str| {
            let answer = answer(
                200,
                &[
                    ("x-rate-limit-remaining", left),
                    ("x-rate-limit-reset", "1795370460"),
                ],
            );
            until_reset(&answer.ok().unwrap(), now)
        };
        assert_eq!(until("0"), Some(Duration::from_secs(60)));
        assert_eq!(until("1"), None);
    }
}
