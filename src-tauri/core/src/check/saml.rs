//! The fields of a SAML 2.0 connection.

use jiff::Timestamp;
use url::Url;

use super::{address, field};
use crate::catalogue::{Provider, Service};
use crate::certificate::{self, Certificate, pem};
use crate::connection::{Connection, SamlConnection};
use crate::fault::Fault;
use crate::finding::{Finding, Severity};
use crate::server::same_server;
use crate::set_up::{ConnectionFields, SetUp};

const ISSUER: &str = "connection.issuer";
const SIGN_ON_URL: &str = "connection.sign_on_url";
const CERTIFICATES: &str = "connection.certificates";

/// The longest entity ID (SAML 2.0 Core, section 8.3.6), in characters.
const LONGEST_ENTITY_ID: usize = 1024;

/// A certificate, with the number of the entry in which it stands.
pub(super) type Numbered = (usize, Certificate);

/// The connection, if every field of it could be read, and the certificates that could.
pub(super) fn connection(
    set_up: &SetUp,
    provider: Option<&Provider>,
    service: Option<&Service>,
    redirect: Option<Url>,
    findings: &mut Vec<Finding>,
) -> (Option<Connection>, Vec<Numbered>) {
    let fields = &set_up.connection;
    let sign_on_url = address::address(&fields.sign_on_url, SIGN_ON_URL, findings);
    let issuer = entity_id(&fields.issuer, findings);
    if sign_on_url.is_none() && is_swapped(fields) {
        findings.push(Finding::error(Fault::EntityIdAndSignOnUrlSwapped {}).at(ISSUER));
    }
    if let (Some(redirect), Some(sign_on_url)) = (&redirect, &sign_on_url) {
        findings.extend(at_service(redirect, sign_on_url));
    }
    let read = read(fields, findings);
    findings.extend(judged(&read, |one| one.of_itself()));
    let guide = provider.and_then(|provider| provider.saml.as_ref());
    let audience = fields.audience.as_ref();
    let audience = audience.or_else(|| Some(&service?.audience));
    // What is wrong with it was said where it stands: at the connection or at the service.
    let audience = audience.filter(|audience| field::word(audience, "", &mut Vec::new()));
    let connection = || {
        Some(SamlConnection {
            provider: fields.provider.clone(),
            issuer: issuer?,
            sign_on_url: sign_on_url?,
            request_binding: fields
                .request_binding
                .or(guide.map(|guide| guide.request_binding))
                .unwrap_or_default(),
            sign_requests: fields.sign_requests.unwrap_or(false),
            certificates: once(&read)?,
            audience: audience?.clone(),
            login_redirect_url: redirect?,
        })
    };
    (connection().map(Connection::Saml), read)
}

/// Which certificates are not valid at this moment, or not for long. An error where none is left
/// that a sign-in could be verified with.
pub(super) fn expiry(certificates: &[Numbered], now: Timestamp) -> Vec<Finding> {
    judged(certificates, |one| one.in_time(now).into_iter().collect())
}

/// An entity ID is any text, compared byte for byte; often it is no address.
fn entity_id(text: &str, findings: &mut Vec<Finding>) -> Option<String> {
    if !field::text(text, ISSUER, findings) {
        return None;
    }
    let field = || ISSUER.to_owned();
    let length = text.chars().count();
    let fault = if let Some(placeholder) = field::left_in(text) {
        Fault::PlaceholderLeftIn {
            field: field(),
            placeholder,
        }
    } else if let Some(mend) = field::unquoted(text) {
        Fault::FieldIsQuoted { mend }
    } else if text != text.trim() {
        Fault::FieldHasSpaceAround { field: field() }
    } else if length > LONGEST_ENTITY_ID {
        Fault::FieldTooLong {
            field: field(),
            length,
            limit: LONGEST_ENTITY_ID,
        }
    } else {
        return Some(text.to_owned());
    };
    findings.push(Finding::error(fault).at(ISSUER));
    None
}

/// Whether the address stands where the name belongs, and the name where the address does. An entity
/// ID may be an address too: only what is no address that broke is a name.
fn is_swapped(fields: &ConnectionFields) -> bool {
    const LONGEST_NAME: usize = 100;
    let is_address = |text: &str| {
        Url::parse(text.trim()).is_ok_and(|url| matches!(url.scheme(), "https" | "http"))
    };
    let name = fields.sign_on_url.trim();
    let is_plain = || !name.contains([':', '/', '.', '@']) && name.len() <= LONGEST_NAME;
    let is_name = name.to_ascii_lowercase().starts_with("urn:") || is_plain();
    !name.is_empty() && is_name && is_address(&fields.issuer)
}

/// Nothing of a test sign-in may go to the host of the Login Redirect URL.
fn at_service(redirect: &Url, sign_on_url: &Url) -> Option<Finding> {
    same_server(redirect, sign_on_url).then(|| {
        Finding::error(Fault::ProviderAtService {
            endpoint: "sign_on_url".to_owned(),
            host: sign_on_url.host_str().unwrap_or_default().to_owned(),
        })
        .at(SIGN_ON_URL)
    })
}

/// Every certificate of every entry, with the entry's number.
pub(super) fn read(fields: &ConnectionFields, findings: &mut Vec<Finding>) -> Vec<Numbered> {
    let entries = &fields.certificates;
    if entries.iter().all(|text| text.trim().is_empty()) {
        findings.push(field::missing(CERTIFICATES));
        return Vec::new();
    }
    let mut all: Vec<Numbered> = Vec::new();
    for (index, text) in entries.iter().enumerate() {
        let at = path(index);
        if text.trim().is_empty() {
            findings.push(field::missing(&at));
            continue;
        }
        let read = certificate::read(text.as_bytes());
        // Base64 alone, as metadata has it, is whole in its way.
        let marked = text.contains('-');
        if read.findings.is_empty() && marked && !pem::is_whole(text, "CERTIFICATE") {
            let damaged = Fault::CertificateTextDamaged {};
            findings.push(Finding::note(damaged).at(at.clone()));
        }
        findings.extend(
            read.findings
                .into_iter()
                .map(|it| placeholder(text, it).at(at.clone())),
        );
        for certificate in read.certificates {
            if all.iter().any(|(_, known)| *known == certificate) {
                let subject = certificate.subject().to_owned();
                findings.push(Finding::warning(Fault::CertificateTwice { subject }).at(at.clone()));
            } else if all.len() < certificate::MOST {
                all.push((index, certificate));
            } else {
                let limit = certificate::MOST;
                findings.push(Finding::error(Fault::CertificatesTooMany { limit }).at(at));
                return all;
            }
        }
    }
    all
}

/// Names a placeholder of a guide where nothing better is known than that no certificate was found.
fn placeholder(text: &str, finding: Finding) -> Finding {
    let none = Fault::CertificateNotFound {};
    let unreadable = Fault::CertificateUnreadable {};
    if finding.fault != none && finding.fault != unreadable {
        return finding;
    }
    match field::placeholder(text) {
        Some(placeholder) => Finding::error(Fault::PlaceholderLeftIn {
            field: CERTIFICATES.to_owned(),
            placeholder,
        }),
        None => finding,
    }
}

/// What speaks against each certificate, at its entry; less weighty where another one is without
/// fault.
fn judged(read: &[Numbered], judge: impl Fn(&Certificate) -> Vec<Finding>) -> Vec<Finding> {
    let mut is_left = false;
    let mut findings = Vec::new();
    for (index, certificate) in read {
        let found = judge(certificate);
        is_left |= !found.iter().any(Finding::is_error);
        findings.extend(found.into_iter().map(|it| it.at(path(*index))));
    }
    for finding in findings.iter_mut().filter(|it| is_left && it.is_error()) {
        finding.severity = Severity::Warning;
    }
    findings
}

/// The certificates without their places; none where there is none.
fn once(read: &[Numbered]) -> Option<Vec<Certificate>> {
    (!read.is_empty()).then(|| read.iter().map(|(_, one)| one.clone()).collect())
}

fn path(index: usize) -> String {
    format!("{CERTIFICATES}[{index}]")
}
