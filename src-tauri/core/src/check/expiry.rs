//! What ends: the client secret, as far as the Owner gave its last day, and certificates.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::saml::{self, Numbered};
use crate::catalogue::Catalogue;
use crate::connection::{Flow, Protocol};
use crate::ending::{IN_SIGHT, SOON};
use crate::fault::Fault;
use crate::finding::Finding;
use crate::set_up::{ConnectionFields, SetUp};

const PATH: &str = "connection.client_secret_expires";

impl ConnectionFields {
    /// The client secret's last day, where one is given and can be read.
    pub fn secret_ends(&self) -> Option<Date> {
        let text = self.client_secret_expires.as_deref()?;
        // RFC 3339, section 5.6: `full-date`. The parser reads more than that.
        let shaped = text.len() == 10 && text.as_bytes()[4] == b'-';
        shaped.then(|| text.parse().ok()).flatten()
    }
}

/// Whether what the connection rests on has ended, or ends soon, at this moment: the client secret,
/// or the certificates.
pub fn expiry(set_up: &SetUp, now: Timestamp) -> Vec<Finding> {
    Ends::of(set_up).findings(now)
}

/// When the first of what the connection rests on ends, where that is known: the last second of
/// the client secret's last day in UTC, or the earliest end of a certificate.
pub fn next_expiry(set_up: &SetUp) -> Option<Timestamp> {
    Ends::of(set_up).first()
}

/// Whether the provider ends every client secret, and nobody has said when it ends this one.
pub fn end_is_owed(set_up: &SetUp, catalogue: &Catalogue) -> bool {
    let fields = &set_up.connection;
    let guide = catalogue.oidc_guide(&fields.provider);
    fields.protocol == Protocol::Oidc
        && fields.secret_ends().is_none()
        && guide.is_some_and(|guide| {
            guide.secret_ends && fields.flow.unwrap_or(guide.flow) == Flow::Code
        })
}

/// What a connection rests on that ends: read once, judged at any moment.
#[derive(Clone, Debug)]
pub enum Ends {
    /// The client secret, on the last day that was given.
    Secret(Option<Date>),
    /// The certificates.
    Certificates(Vec<Numbered>),
}

impl Ends {
    fn of(set_up: &SetUp) -> Self {
        let fields = &set_up.connection;
        match fields.protocol {
            Protocol::Oidc => Self::Secret(fields.secret_ends()),
            Protocol::Saml => Self::Certificates(saml::read(fields, &mut Vec::new())),
        }
    }

    /// The same as [`expiry`] says.
    pub fn findings(&self, now: Timestamp) -> Vec<Finding> {
        match self {
            Self::Secret(last) => last
                .and_then(|last| secret(last, now))
                .into_iter()
                .collect(),
            Self::Certificates(certificates) => saml::expiry(certificates, now),
        }
    }

    /// The same as [`next_expiry`] says.
    pub fn first(&self) -> Option<Timestamp> {
        match self {
            Self::Secret(last) => {
                // A second before the next day: whoever reads the day alone reads the last one.
                let end = (*last)?.at(23, 59, 59, 0);
                Some(end.to_zoned(TimeZone::UTC).ok()?.timestamp())
            }
            Self::Certificates(all) => all.iter().map(|(_, one)| one.not_after()).min(),
        }
    }
}

fn secret(last: Date, now: Timestamp) -> Option<Finding> {
    let today = now.to_zoned(TimeZone::UTC).date();
    let date = last.to_string();
    let days = today.until(last).ok()?.get_days();
    let finding = match days {
        ..0 => Finding::error(Fault::SecretEnded { date }),
        0..=SOON => Finding::warning(Fault::SecretEndsSoon { date, days }),
        _ if days <= IN_SIGHT => Finding::note(Fault::SecretEndsSoon { date, days }),
        _ => return None,
    };
    Some(finding.at(PATH))
}

/// Whether the date can be read at all.
pub(super) fn readable(fields: &ConnectionFields) -> Option<Finding> {
    let given = fields.client_secret_expires.as_ref()?;
    fields.secret_ends().is_none().then(|| {
        let received = crate::text::shown(given, 100);
        Finding::error(Fault::DateUnreadable { received }).at(PATH)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Severity;

    fn at(date: &str, now: &str) -> Vec<(Severity, String)> {
        let mut set_up = SetUp::default();
        set_up.connection.client_secret_expires = Some(date.to_owned());
        expiry(&set_up, now.parse().unwrap())
            .into_iter()
            .map(|finding| (finding.severity, finding.fault.code()))
            .collect()
    }

    #[test]
    fn the_last_day_still_counts_and_the_next_does_not() {
        let warned = [(Severity::Warning, "secret_ends_soon".to_owned())];
        assert_eq!(at("2026-11-22", "2026-11-22T23:59:59Z"), warned);
        assert_eq!(
            at("2026-11-22", "2026-11-23T00:00:00Z"),
            [(Severity::Error, "secret_ended".to_owned())]
        );
    }

    #[test]
    fn the_end_is_told_early_and_not_too_early() {
        let now = "2026-11-22T12:00:00Z";
        let told = |severity| [(severity, "secret_ends_soon".to_owned())];
        assert_eq!(at("2026-12-22", now), told(Severity::Warning));
        assert_eq!(at("2026-12-23", now), told(Severity::Note));
        assert_eq!(at("2027-02-20", now), told(Severity::Note));
        assert_eq!(at("2027-02-21", now), []);
        assert_eq!(at("9999-12-31", now), []);
    }

    #[test]
    fn what_is_no_date_is_named() {
        for text in [
            "",
            "soon",
            "2026-13-01",
            "22.11.2026",
            "20261122",
            "2026-11-22T00:00:00Z",
        ] {
            let fields = ConnectionFields {
                client_secret_expires: Some(text.to_owned()),
                ..ConnectionFields::default()
            };
            assert!(readable(&fields).is_some(), "{text}");
        }
        assert_eq!(readable(&ConnectionFields::default()), None);
    }

    #[test]
    fn an_end_is_owed_where_the_provider_ends_secrets_and_nobody_said_when() {
        let owed = |change: &dyn Fn(&mut ConnectionFields)| {
            let mut set_up = SetUp::default();
            set_up.connection.provider = "entra".to_owned();
            change(&mut set_up.connection);
            end_is_owed(&set_up, Catalogue::built_in())
        };
        assert!(owed(&|_| {}));
        assert!(owed(
            &|fields| fields.client_secret_expires = Some("soon".to_owned())
        ));
        assert!(!owed(&|fields| {
            fields.client_secret_expires = Some("2027-01-31".to_owned());
        }));
        assert!(!owed(&|fields| fields.flow = Some(Flow::Implicit)));
        assert!(!owed(&|fields| fields.protocol = Protocol::Saml));
        assert!(!owed(&|fields| fields.provider = "okta".to_owned()));
    }
}
