//! Times as SAML writes them (XML Schema, `dateTime`; SAML 2.0 Core, section 1.3.3).

use jiff::Timestamp;
use jiff::civil::date;

/// A moment of `xs:dateTime`: fractions of a second and offsets are read, and what names no zone is
/// UTC, as SAML demands of all of its times. `9999-12-31T23:59:59Z`, which providers write for never,
/// is hours beyond the last moment that can be told, and becomes that. None for anything else.
pub(in crate::saml) fn moment(text: &str) -> Option<Timestamp> {
    // `xs:dateTime` collapses white space.
    let text = text.trim_matches([' ', '\t', '\r', '\n']);
    let (day, clock) = text.split_once('T')?;
    let [year, month, day] = parts(day, '-', [4, 2, 2])?;
    let (clock, offset) = zoned(clock)?;
    let (clock, nanoseconds) = match clock.split_once('.') {
        Some((clock, fraction)) => (clock, fraction_of(fraction)?),
        None => (clock, 0),
    };
    let [hour, minute, second] = parts(clock, ':', [2, 2, 2])?;
    // 24:00:00 is the first moment of the next day.
    let midnight = (hour, minute, second, nanoseconds) == (24, 0, 0, 0);
    if !midnight && hour > 23 || minute > 59 || second > 59 || !(1..=12).contains(&month) {
        return None;
    }
    if !(1..=31).contains(&day) || year == 0 {
        return None;
    }
    let days = date(year as i16, month as i8, 1);
    if day > i32::from(days.days_in_month()) {
        return None;
    }
    let day = date(year as i16, month as i8, day as i8);
    let Ok(start) = day.to_zoned(jiff::tz::TimeZone::UTC) else {
        return Some(Timestamp::MAX);
    };
    let seconds = start.timestamp().as_second()
        + i64::from(hour) * 3600
        + i64::from(minute) * 60
        + i64::from(second)
        - i64::from(offset) * 60;
    // Four digits of a year do not come near the first moment; the last day goes beyond the last.
    Some(Timestamp::new(seconds, nanoseconds).unwrap_or(Timestamp::MAX))
}

/// The clock time, and how many minutes it is ahead of UTC.
fn zoned(clock: &str) -> Option<(&str, i32)> {
    if let Some(clock) = clock.strip_suffix('Z') {
        return Some((clock, 0));
    }
    let Some(sign) = clock.find(['+', '-']) else {
        return Some((clock, 0));
    };
    let [hours, minutes] = parts(&clock[sign + 1..], ':', [2, 2])?;
    // XML Schema, section 3.2.7.3.
    if minutes > 59 || hours > 14 || (hours == 14 && minutes > 0) {
        return None;
    }
    let offset = hours * 60 + minutes;
    let ahead = clock[sign..].starts_with('+');
    Some((&clock[..sign], if ahead { offset } else { -offset }))
}

fn fraction_of(digits: &str) -> Option<i32> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let nine: String = digits.chars().chain("000000000".chars()).take(9).collect();
    nine.parse().ok()
}

/// Numbers of exactly so many digits each.
fn parts<const N: usize>(text: &str, between: char, digits: [usize; N]) -> Option<[i32; N]> {
    let mut numbers = [0; N];
    let mut found = text.split(between);
    for (number, digits) in numbers.iter_mut().zip(digits) {
        let part = found.next()?;
        if part.len() != digits || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *number = part.parse().ok()?;
    }
    found.next().is_none().then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_moment_is_the_same_moment() {
        for text in [
            "2026-11-22T18:00:00Z",
            " \n2026-11-22T18:00:00Z\t",
            "2026-11-22T18:00:00",
            "2026-11-22T18:00:00.0Z",
            "2026-11-22T18:00:00.000000000000Z",
            "2026-11-22T19:00:00+01:00",
            "2026-11-22T13:30:00.000-04:30",
            "2026-11-23T08:00:00+14:00",
        ] {
            let expected: Timestamp = "2026-11-22T18:00:00Z".parse().unwrap();
            assert_eq!(moment(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn fractions_count_and_a_day_ends_at_24() {
        let read = |text| moment(text).unwrap().to_string();
        assert_eq!(read("2026-11-22T18:00:00.5Z"), "2026-11-22T18:00:00.5Z");
        assert_eq!(
            read("2026-11-22T18:00:00.1234567899Z"),
            "2026-11-22T18:00:00.123456789Z"
        );
        assert_eq!(read("2026-12-31T24:00:00Z"), "2027-01-01T00:00:00Z");
        assert_eq!(read("2024-02-29T00:00:00Z"), "2024-02-29T00:00:00Z");
    }

    #[test]
    fn the_last_day_of_all_is_as_late_as_can_be_told() {
        for text in [
            "9999-12-31T00:00:00Z",
            "9999-12-31T23:59:59.9999999Z",
            "9999-12-31T24:00:00-14:00",
            "9999-12-30T22:00:01Z",
        ] {
            assert_eq!(moment(text), Some(Timestamp::MAX), "{text}");
        }
        let read = |text| moment(text).unwrap().to_string();
        assert_eq!(read("9999-12-30T21:59:59Z"), "9999-12-30T21:59:59Z");
        assert_eq!(read("0001-01-01T00:00:00Z"), "0001-01-01T00:00:00Z");
        assert_eq!(read("0001-01-01T00:00:00+14:00"), "0000-12-31T10:00:00Z");
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "T",
            "now",
            "2026-11-22",
            "18:00:00Z",
            "2026-11-22 18:00:00Z",
            "2026-11-22t18:00:00z",
            "2026-11-22T18:00Z",
            "2026-11-22T18:00:00ZZ",
            "2026-11-22T18:00:00.Z",
            "2026-11-22T18:00:00.+1Z",
            "2026-11-22T18:00:00+1:00",
            "2026-11-22T18:00:00+15:00",
            "2026-11-22T18:00:00+01:60",
            "2026-11-22T18:00:00-",
            "2026-13-22T18:00:00Z",
            "2026-00-22T18:00:00Z",
            "2026-02-29T18:00:00Z",
            "2026-04-31T18:00:00Z",
            "2026-11-00T18:00:00Z",
            "2026-11-22T24:00:01Z",
            "2026-11-22T25:00:00Z",
            "2026-11-22T18:60:00Z",
            "2026-11-22T18:00:61Z",
            "-2026-11-22T18:00:00Z",
            "12026-11-22T18:00:00Z",
            "0000-11-22T18:00:00Z",
            "+026-11-22T18:00:00Z",
            "２026-11-22T18:00:00Z",
            "1763834400",
        ] {
            assert_eq!(moment(text), None, "{text}");
        }
    }
}
