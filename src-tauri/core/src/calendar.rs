//! Reminders of what ends, as a calendar (RFC 5545) that any calendar program takes.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

use crate::catalogue::Catalogue;
use crate::certificate::Certificate;
use crate::check::Ends;
use crate::ending::SOON;
use crate::set_up::SetUp;
use crate::text::shown;

/// How many days before an end it is called to mind.
const DAYS_BEFORE: [i32; 3] = [SOON, 7, 1];

/// The longest line, in bytes, without its end (section 3.1).
const LINE: usize = 75;

/// The longest name in a reminder, in characters.
const NAME: usize = 100;

/// A calendar with a reminder for each end that is still to come; none where no such end is known.
/// Taken in again it moves the reminders that are there, instead of adding others.
pub fn calendar(set_up: &SetUp, ends: &Ends, now: Timestamp) -> Option<String> {
    let reminders: Vec<Reminder> = match ends {
        Ends::Secret(last) => last
            .filter(|last| *last >= now.to_zoned(TimeZone::UTC).date())
            .map(|last| Reminder::of_secret(set_up, last))
            .into_iter()
            .collect(),
        Ends::Certificates(all) => all
            .iter()
            .filter(|(_, one)| one.not_after() > now)
            .map(|(_, one)| Reminder::of_certificate(set_up, one))
            .collect(),
    };
    if reminders.is_empty() {
        return None;
    }
    let mut lines = Lines::default();
    lines.add("BEGIN", "VCALENDAR");
    lines.add("VERSION", "2.0");
    lines.add("PRODID", "-//Latchkey//Latchkey//EN");
    for reminder in &reminders {
        reminder.write(&mut lines, now);
    }
    lines.add("END", "VCALENDAR");
    Some(lines.0)
}

struct Reminder {
    /// The same for the same thing in every calendar (section 3.8.4.7).
    uid: String,
    start: Start,
    summary: String,
    description: String,
}

enum Start {
    Day(Date),
    Moment(Timestamp),
}

impl Reminder {
    fn of_secret(set_up: &SetUp, last: Date) -> Self {
        let names = Names::of(set_up);
        let fields = &set_up.connection;
        Self {
            // Without the date: a later one is the same reminder, moved.
            uid: uid(set_up, &["secret", &fields.issuer, &fields.client_id]),
            start: Start::Day(last),
            summary: format!(
                "{}: the client secret for {} ends",
                names.workspace, names.service
            ),
            description: format!(
                "This is the last day of the client secret from {}. Before it: make a new one there, enter it at {}, \
                 and test the sign-in. From the next day on nobody signs in with the old one.",
                names.provider, names.service
            ),
        }
    }

    fn of_certificate(set_up: &SetUp, certificate: &Certificate) -> Self {
        let names = Names::of(set_up);
        Self {
            uid: uid(set_up, &["certificate", certificate.sha256()]),
            start: Start::Moment(certificate.not_after()),
            summary: format!(
                "{}: the signing certificate for {} ends",
                names.workspace, names.service
            ),
            description: format!(
                "{} signs with the certificate of {} (SHA-256 {}). Before it ends: make the next one at {}, enter it \
                 at {}, test the sign-in, and only then sign with it.",
                names.provider,
                shown(certificate.subject(), NAME),
                certificate.sha256(),
                names.provider,
                names.service
            ),
        }
    }

    fn write(&self, lines: &mut Lines, now: Timestamp) {
        lines.add("BEGIN", "VEVENT");
        lines.add("UID", &self.uid);
        lines.add("DTSTAMP", &moment(now));
        match self.start {
            Start::Day(day) => lines.add("DTSTART;VALUE=DATE", &day.strftime("%Y%m%d").to_string()),
            Start::Moment(at) => lines.add("DTSTART", &moment(at)),
        }
        lines.add("SUMMARY", &escaped(&self.summary));
        lines.add("DESCRIPTION", &escaped(&self.description));
        // Whoever is reminded is not busy.
        lines.add("TRANSP", "TRANSPARENT");
        for days in DAYS_BEFORE {
            lines.add("BEGIN", "VALARM");
            lines.add("ACTION", "DISPLAY");
            lines.add("DESCRIPTION", &escaped(&self.summary));
            lines.add("TRIGGER", &format!("-P{days}D"));
            lines.add("END", "VALARM");
        }
        lines.add("END", "VEVENT");
    }
}

struct Names {
    workspace: String,
    service: String,
    provider: String,
}

impl Names {
    fn of(set_up: &SetUp) -> Self {
        let catalogue = Catalogue::built_in();
        let service = catalogue.service_of(set_up);
        let provider = catalogue.provider(&set_up.connection.provider);
        let known = |name: Option<&str>, else_: &str| shown(name.unwrap_or(else_), NAME);
        Self {
            workspace: shown(&set_up.workspace.name, NAME),
            service: known(service.as_ref().map(|it| it.name.as_str()), "the service"),
            provider: known(provider.map(|it| it.name.as_str()), "the provider"),
        }
    }
}

fn uid(set_up: &SetUp, of: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in [set_up.workspace.name.as_str()].iter().chain(of) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let digits: String = hash.finalize()[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{digits}@latchkey")
}

/// A moment in UTC (section 3.3.5).
fn moment(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Text as a value (section 3.3.11). It has no control characters.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | ';' | ',') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Content lines, folded (section 3.1).
#[derive(Default)]
struct Lines(String);

impl Lines {
    fn add(&mut self, name: &str, value: &str) {
        let mut length = 0;
        for c in name.chars().chain([':']).chain(value.chars()) {
            if length + c.len_utf8() > LINE {
                self.0.push_str("\r\n ");
                length = 1;
            }
            self.0.push(c);
            length += c.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::check;

    const NOW: &str = "2026-11-22T12:00:00Z";

    fn secret(last: &str) -> SetUp {
        let mut set_up = SetUp::default();
        set_up.workspace.name = "Acme".to_owned();
        set_up.connection.provider = "entra".to_owned();
        set_up.connection.client_secret_expires = Some(last.to_owned());
        set_up
    }

    fn made(set_up: &SetUp) -> Option<String> {
        let checked = check(set_up, Catalogue::built_in());
        calendar(set_up, &checked.ends, NOW.parse().unwrap())
    }

    /// As a calendar program reads it: lines joined again.
    fn unfolded(text: &str) -> Vec<String> {
        assert!(
            text.split("\r\n")
                .all(|line| line.len() <= LINE && !line.contains('\n'))
        );
        let joined = text.replace("\r\n ", "");
        joined.lines().map(str::to_owned).collect()
    }

    fn value<'a>(lines: &'a [String], name: &str) -> &'a str {
        let start = format!("{name}:");
        let line = lines.iter().find_map(|line| line.strip_prefix(&start));
        line.unwrap_or_else(|| panic!("{name} in {lines:#?}"))
    }

    #[test]
    fn the_last_day_of_a_secret_is_a_whole_day_with_three_alarms() {
        let lines = unfolded(&made(&secret("2027-01-31")).unwrap());
        assert_eq!(value(&lines, "DTSTART;VALUE=DATE"), "20270131");
        assert_eq!(value(&lines, "DTSTAMP"), "20261122T120000Z");
        assert_eq!(
            value(&lines, "SUMMARY"),
            "Acme: the client secret for Torq ends"
        );
        let triggers = lines.iter().filter(|line| line.starts_with("TRIGGER"));
        assert!(triggers.eq(["TRIGGER:-P30D", "TRIGGER:-P7D", "TRIGGER:-P1D"]));
        for block in ["VCALENDAR", "VEVENT", "VALARM"] {
            let count = |word: &str| {
                let line = format!("{word}:{block}");
                lines.iter().filter(|it| **it == line).count()
            };
            assert_eq!(count("BEGIN"), count("END"), "{block}");
        }
    }

    #[test]
    fn a_certificate_ends_at_its_moment_and_is_named_by_its_print() {
        let pem = include_str!("certificate/cases/rsa-2048.pem");
        let mut set_up = secret("2027-01-31");
        set_up.connection.protocol = crate::Protocol::Saml;
        set_up.connection.certificates = vec![pem.to_owned()];
        let certificate = crate::certificate::read(pem.as_bytes())
            .certificates
            .remove(0);
        let lines = unfolded(&made(&set_up).unwrap());
        assert_eq!(value(&lines, "DTSTART"), moment(certificate.not_after()));
        assert!(value(&lines, "DESCRIPTION").contains(certificate.sha256()));
    }

    #[test]
    fn nothing_is_made_of_what_is_past_or_unknown() {
        assert_eq!(made(&secret("2026-11-21")), None);
        assert_eq!(made(&secret("soon")), None);
        assert_eq!(made(&SetUp::default()), None);
        assert!(made(&secret("2026-11-22")).is_some(), "today");
    }

    #[test]
    fn a_later_date_moves_the_reminder_and_another_workspace_has_its_own() {
        let uid = |set_up: &SetUp| value(&unfolded(&made(set_up).unwrap()), "UID").to_owned();
        let (first, mut other) = (secret("2027-01-31"), secret("2028-01-31"));
        assert_eq!(uid(&first), uid(&other));
        other.workspace.name = "Globex".to_owned();
        assert_ne!(uid(&first), uid(&other));
    }

    #[test]
    fn a_name_makes_no_line_and_no_property_of_its_own() {
        let mut set_up = secret("2027-01-31");
        set_up.workspace.name = format!("A;B,C\\D\r\nEND:VCALENDAR\n{}", "ä€😀".repeat(40));
        let lines = unfolded(&made(&set_up).unwrap());
        let ends = lines.iter().filter(|line| *line == "END:VCALENDAR").count();
        assert_eq!(ends, 1);
        let summary = value(&lines, "SUMMARY");
        assert!(summary.starts_with("A\\;B\\,C\\\\D"), "{summary}");
    }
}
